//! A server whose people sign in at a provider, and a browser between the two.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};
use yagura_model::Role;
use yagura_server::{ClientSecret, GroupRole, OpenId, OpenIdSettings, Settings, Standing};
use yagura_store::AuditFilter;

use super::issuer::{CLIENT, Issuer, SECRET, Signer};
use crate::fixtures::*;

/// A server whose people sign in at a provider.
pub struct Place {
    pub yagura: Yagura,
    pub issuer: Issuer,
    pub signer: Signer,
}

/// A browser on its way to the provider and back.
pub struct Begun {
    pub cookie: String,
    /// What the provider was asked with.
    pub asked: HashMap<String, String>,
}

/// What came of a sign-in: a session, or the code of a problem.
pub type Outcome = Result<Signed, String>;

pub fn standing(role: Role, projects: &[&str]) -> Standing {
    Standing { role, projects: projects.iter().map(|it| (*it).to_owned()).collect() }
}

pub fn settings(issuer: &Issuer) -> OpenIdSettings {
    let role = |group: &str, standing| GroupRole { groups: BTreeSet::from([group.to_owned()]), standing };
    OpenIdSettings {
        issuer: issuer.url.clone(),
        client_id: CLIENT.to_owned(),
        client_secret: Some(ClientSecret::new(SECRET)),
        name: "Example Inc.".to_owned(),
        redirect_url: "https://yagura.example".to_owned(),
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
        groups_claim: "groups".to_owned(),
        roles: vec![
            role("shop-team", standing(Role::ProjectMember, &["shop"])),
            role("soc", standing(Role::Triager, &[])),
            role("admins", standing(Role::Administrator, &[])),
        ],
        others: None,
        trusts_emails: false,
    }
    .with_whole_redirect()
}

impl Place {
    pub async fn new() -> Self {
        Self::with(Signer::curve(), |it| it).await
    }

    pub async fn with(signer: Signer, change: impl FnOnce(OpenIdSettings) -> OpenIdSettings) -> Self {
        let issuer = Issuer::start().await;
        issuer.show(vec![signer.public("1")]);
        let openid = Some(Arc::new(OpenId::new(change(settings(&issuer))).unwrap()));
        let yagura = Yagura::built(|it| Settings { openid, is_secure: true, ..it }).await;
        yagura.people().await;
        Self { yagura, issuer, signer }
    }

    pub async fn begin(&self) -> Begun {
        let answer = self.yagura.get("/api/session/openid/start", &Signed::default()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("__Host-yagura_openid="), "{cookie}");
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Path=/; Max-Age=600; Secure"), "{cookie}");
        let place = answer.headers[header::LOCATION].to_str().unwrap();
        let query = place.strip_prefix(&format!("{}/authorize?tenant=1&", self.issuer.url)).unwrap();
        let asked = query.split('&').map(|it| it.split_once('=').unwrap());
        let asked = asked.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Begun { cookie: cookie.split(';').next().unwrap().to_owned(), asked }
    }

    pub fn claims(&self, begun: &Begun) -> Value {
        let now = start().as_second();
        json!({
            "iss": self.issuer.url, "sub": "00u1", "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": begun.asked["nonce"], "preferred_username": "jiro", "groups": ["soc", "everyone"],
        })
    }

    pub fn header(&self) -> Value {
        json!({ "alg": self.signer.algorithm(), "kid": "1" })
    }

    pub async fn call_back(&self, cookie: &str, query: &str) -> Answer {
        let request = Request::get(format!("/api/session/openid/callback?{query}"))
            .header(header::COOKIE, cookie)
            .body(Body::empty())
            .unwrap();
        self.yagura.send(request).await
    }

    /// The browser comes back with this query.
    pub async fn returns(&self, cookie: &str, query: &str) -> Outcome {
        let answer = self.call_back(cookie, query).await;
        let cookies: Vec<_> =
            answer.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().unwrap()).collect();
        assert!(
            cookies.iter().any(|it| it.starts_with("__Host-yagura_openid=; ") && it.contains("Max-Age=0")),
            "{cookies:?}"
        );
        let session = cookies.iter().find(|it| it.starts_with("__Host-yagura_session="));
        if answer.status == StatusCode::SEE_OTHER {
            assert_eq!(session, None);
            let place = answer.headers[header::LOCATION].to_str().unwrap();
            return Err(place.strip_prefix("/sign-in?problem=openid-").unwrap().to_owned());
        }
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let session = session.unwrap();
        assert!(
            session.ends_with("; HttpOnly; SameSite=Strict; Path=/; Max-Age=604800; Secure"),
            "{session}"
        );
        assert!(answer.text.contains(r#"<meta http-equiv="refresh" content="0;url=/">"#), "{}", answer.text);
        let mut signed =
            Signed { cookie: session.split(';').next().unwrap().to_owned(), ..Signed::default() };
        signed.csrf =
            self.yagura.get("/api/session", &signed).await.json()["Csrf"].as_str().unwrap().to_owned();
        Ok(signed)
    }

    /// Somebody signs in with this token.
    pub async fn comes_with(&self, begun: &Begun, token: String) -> Outcome {
        let code = format!("code-{}", self.issuer.redeemed());
        self.issuer.grant(&code, &begun.asked["code_challenge"], token);
        self.returns(&begun.cookie, &format!("code={code}&state={}", begun.asked["state"])).await
    }

    /// Somebody signs in whose token has these claims in place of the usual ones; `null` takes one away.
    pub async fn comes(&self, changed: Value) -> Outcome {
        let begun = self.begin().await;
        let mut claims = self.claims(&begun);
        for (name, value) in changed.as_object().unwrap() {
            match value {
                Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
                value => claims[name] = value.clone(),
            }
        }
        self.comes_with(&begun, self.signer.token(&self.header(), &claims)).await
    }

    pub async fn user(&self, who: &Signed) -> Value {
        self.yagura.get("/api/session", who).await.json()["User"].clone()
    }

    /// The newest lines of the audit log.
    pub async fn audited(&self, count: u32) -> Vec<String> {
        let filter = AuditFilter { limit: count, ..AuditFilter::default() };
        let log = self.yagura.store.audit_log(&filter).await.unwrap();
        log.iter().map(|it| format!("{}: {} {} {}", it.who, it.action, it.what, it.status.unwrap())).collect()
    }
}

pub fn refused(code: &str) -> Outcome {
    Err(code.to_owned())
}

impl PartialEq for Signed {
    fn eq(&self, other: &Self) -> bool {
        self.cookie == other.cookie
    }
}
