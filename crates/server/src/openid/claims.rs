//! What a token says, and whether it is meant for this sign-in (OpenID Connect Core 1.0, 3.1.3.7).

use std::collections::BTreeSet;

use axum::http::Uri;
use serde::Deserialize;
use serde_json::{Map, Value};
use yagura_model::Timestamp;

use super::TokenError;
use super::settings::OpenIdSettings;

/// Clocks differ by so many seconds.
const SKEW: f64 = 60.0;

/// Longer names of the provider's are nobody's (OpenID Connect Core 1.0, 2).
const LONGEST_SUBJECT: usize = 255;

/// Nobody is of more groups.
const MOST_GROUPS: usize = 5_000;

/// The claims that have to be there, and those that have a meaning here.
#[derive(Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    pub(super) sub: String,
    aud: Value,
    exp: f64,
    iat: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
}

impl Claims {
    pub(super) fn read(payload: &Map<String, Value>) -> Result<Self, TokenError> {
        serde_json::from_value(Value::Object(payload.clone())).map_err(|_| TokenError::Claims)
    }

    /// Whether the token is meant for this server and this sign-in, and holds now.
    pub(super) fn check(
        &self,
        settings: &OpenIdSettings,
        nonce: &str,
        now: Timestamp,
    ) -> Result<(), TokenError> {
        if self.iss != settings.issuer {
            return Err(TokenError::Issuer);
        }
        let audience: Vec<&str> = match &self.aud {
            Value::String(one) => vec![one],
            Value::Array(all) => {
                all.iter().map(Value::as_str).collect::<Option<_>>().ok_or(TokenError::Claims)?
            }
            _ => return Err(TokenError::Claims),
        };
        let is_ours = audience.contains(&&*settings.client_id);
        // Who it was made for has to be told when there are several who could use it.
        let is_for_us = match &self.azp {
            Some(party) => *party == settings.client_id,
            None => audience.len() == 1,
        };
        if !is_ours || !is_for_us {
            return Err(TokenError::Audience);
        }
        let now = now.as_duration().as_secs_f64();
        if now >= self.exp + SKEW {
            return Err(TokenError::Ended);
        }
        if self.iat.max(self.nbf.unwrap_or(self.iat)) > now + SKEW {
            return Err(TokenError::Early);
        }
        if self.nonce.as_deref() != Some(nonce) {
            return Err(TokenError::Nonce);
        }
        if self.sub.is_empty() || self.sub.len() > LONGEST_SUBJECT {
            return Err(TokenError::Claims);
        }
        Ok(())
    }

    /// Somebody's groups, out of the first document that tells them; dots in the claim's name lead into objects where no claim has all of the name.
    pub(super) fn groups(&self, told: &[Map<String, Value>], claim: &str) -> Option<BTreeSet<String>> {
        let found = told.iter().find_map(|it| {
            it.get(claim).or_else(|| {
                let (first, rest) = claim.split_once('.')?;
                rest.split('.').try_fold(it.get(first)?, |value, key| value.get(key))
            })
        })?;
        let groups = match found {
            Value::String(one) => vec![one.clone()],
            Value::Array(all) => {
                all.iter().filter_map(Value::as_str).map(str::to_owned).take(MOST_GROUPS).collect()
            }
            _ => return None,
        };
        Some(groups.into_iter().collect())
    }

    /// What they might be called, the best first; what cannot be a name here is left out. A mail address that nobody checked may be somebody else's.
    pub(super) fn names(&self, told: &[Map<String, Value>], settings: &OpenIdSettings) -> Vec<String> {
        let text = |name: &str| told.iter().find_map(|it| it.get(name)?.as_str());
        let preferred = text("preferred_username").filter(|it| !it.trim().is_empty());
        let email = checked_email(told, settings.trusts_emails);
        let issuer = settings.issuer.parse::<Uri>().ok();
        let host = issuer.as_ref().and_then(Uri::host).unwrap_or("elsewhere");
        let at_issuer = preferred.map(|it| format!("{it}@{host}"));
        let subject = format!("{}@{host}", self.sub);
        let wishes = [preferred, email, at_issuer.as_deref(), Some(&subject)];
        let mut names: Vec<String> = wishes.into_iter().flatten().map(plain).collect();
        names.retain(|it| crate::api::is_name(it));
        names
    }
}

/// The mail address, where the provider says that it is theirs; silence is no word for it unless the configuration says so.
fn checked_email(told: &[Map<String, Value>], trusts_silence: bool) -> Option<&str> {
    // Some providers write it as a text.
    let is_checked = |it: &Map<String, Value>| match it.get("email_verified") {
        Some(Value::Bool(is_checked)) => *is_checked,
        Some(Value::String(word)) => word == "true",
        Some(_) => false,
        None => trusts_silence,
    };
    let about = told.iter().find(|it| it.get("email").is_some_and(Value::is_string))?;
    let is_denied = told.iter().any(|it| it.contains_key("email_verified") && !is_checked(it));
    about.get("email")?.as_str().filter(|_| is_checked(about) && !is_denied)
}

/// A name of the letters that names here are of: others are left out, as in `DOMAIN\taro`.
fn plain(name: &str) -> String {
    let name = name.trim();
    let name = name.rsplit('\\').next().unwrap_or(name);
    name.chars().map(|it| if it == ' ' || it == '|' || it == ':' { '-' } else { it }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    fn claims(value: &Value) -> Claims {
        Claims::read(value.as_object().unwrap()).unwrap()
    }

    fn base() -> Value {
        json!({ "iss": "https://id.example", "sub": "1", "aud": "yagura", "exp": 1, "iat": 1 })
    }

    #[test]
    fn groups_are_found_wherever_providers_put_them() {
        let of = |document: Value, claim: &str| {
            let found = claims(&base()).groups(&[document.as_object().unwrap().clone()], claim);
            found.map(|it| it.into_iter().collect::<Vec<_>>().join(" "))
        };
        assert_eq!(of(json!({ "groups": ["b", "a", 7, "a"] }), "groups").as_deref(), Some("a b"));
        assert_eq!(of(json!({ "groups": "a" }), "groups").as_deref(), Some("a"));
        assert_eq!(of(json!({ "groups": [] }), "groups").as_deref(), Some(""));
        assert_eq!(
            of(json!({ "realm_access": { "roles": ["a"] } }), "realm_access.roles").as_deref(),
            Some("a")
        );
        assert_eq!(
            of(json!({ "https://x.example/groups": ["a"] }), "https://x.example/groups").as_deref(),
            Some("a")
        );
        assert_eq!(of(json!({ "groups": { "a": true } }), "groups"), None);
        assert_eq!(of(json!({}), "a.b.c"), None);
    }

    fn names_of(document: Value, trusts_emails: bool) -> Vec<String> {
        let settings = OpenIdSettings {
            issuer: "https://id.example/x".to_owned(),
            client_id: "yagura".to_owned(),
            client_secret: None,
            name: "Example".to_owned(),
            redirect_url: "https://yagura.example".to_owned(),
            scopes: Vec::new(),
            groups_claim: "groups".to_owned(),
            roles: Vec::new(),
            others: None,
            trusts_emails,
        };
        claims(&base()).names(&[document.as_object().unwrap().clone()], &settings)
    }

    #[test]
    fn names_are_wishes() {
        let of = |document: Value| names_of(document, false);
        assert_eq!(of(json!({})), ["1@id.example"]);
        assert_eq!(
            of(json!({ "preferred_username": "taro", "email": "taro@example.com", "email_verified": true })),
            ["taro", "taro@example.com", "taro@id.example", "1@id.example"]
        );
        let domain = of(json!({ "preferred_username": "CORP\\Taro Yamada" }));
        assert_eq!(domain, ["Taro-Yamada", "Taro-Yamada@id.example", "1@id.example"]);
        assert_eq!(of(json!({ "preferred_username": "<script>" })), ["1@id.example"]);
        assert_eq!(of(json!({ "preferred_username": "" })), ["1@id.example"]);
    }

    #[test]
    fn a_mail_address_counts_when_the_provider_says_that_it_checked_it() {
        let counts = |verified: Option<Value>, trusts_emails: bool| {
            let mut document = json!({ "email": "boss@example.com" });
            if let Some(verified) = verified {
                document["email_verified"] = verified;
            }
            names_of(document, trusts_emails).contains(&"boss@example.com".to_owned())
        };
        for trusts_emails in [false, true] {
            assert!(counts(Some(json!(true)), trusts_emails));
            assert!(counts(Some(json!("true")), trusts_emails));
            for denied in [json!(false), json!("false"), json!(null), json!(1)] {
                assert!(!counts(Some(denied.clone()), trusts_emails), "{denied}");
            }
        }
        assert!(!counts(None, false), "silence is no word for it");
        assert!(counts(None, true));
    }
}
