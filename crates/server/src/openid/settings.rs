//! Which provider, and what its groups let people be.

use std::collections::BTreeSet;
use std::fmt;

use axum::http::Uri;
use thiserror::Error;
use yagura_model::Role;

use super::CALLBACK;

/// A provider, as somebody set it up.
#[derive(Debug, Clone)]
pub struct OpenIdSettings {
    /// Its name in tokens: `https://id.example.com/realms/main`.
    pub issuer: String,
    /// As whom it knows this server.
    pub client_id: String,
    /// What this server proves itself with; `None` for a public client.
    pub client_secret: Option<ClientSecret>,
    /// What stands on the button.
    pub name: String,
    /// Where it sends browsers back to: the console's address, or all of `https://HOST/api/session/openid/callback`.
    pub redirect_url: String,
    /// What is asked for; `openid` is among it.
    pub scopes: Vec<String>,
    /// Which claim holds somebody's groups; dots lead into objects.
    pub groups_claim: String,
    /// What groups let people be.
    pub roles: Vec<GroupRole>,
    /// What people of no such group may be; `None`: they do not come in.
    pub others: Option<Standing>,
    /// Whether every mail address is somebody's own, also where the provider does not say that it checked it.
    pub trusts_emails: bool,
}

/// What a group lets people be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRole {
    /// Each of these groups.
    pub groups: BTreeSet<String>,
    /// As what they sign in.
    pub standing: Standing,
}

/// What somebody may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// As what they sign in.
    pub role: Role,
    /// A project member's projects.
    pub projects: BTreeSet<String>,
}

/// What this server proves itself with to the provider. It has no printable form.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// A secret that was had elsewhere.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret")
    }
}

/// Why a provider cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum OpenIdError {
    /// Tokens would go over the network as they are.
    #[error("`{key}` is `{url}`, and has to begin with https:// (http:// only on this machine)")]
    NotSecure {
        /// Which key.
        key: &'static str,
        /// What it says.
        url: String,
    },
    /// Browsers would come back to a page that does nothing.
    #[error("`redirect_url` is `{0}`, and has to be the console's address, with the path {CALLBACK} or none")]
    Redirect(String),
    /// A value is missing.
    #[error("`{0}` is empty")]
    Empty(&'static str),
    /// Members without projects see nothing, and projects are nobody else's.
    #[error("a project-member has projects, and nobody else does")]
    Projects,
    /// Nobody could come in.
    #[error("nobody could come in: name groups under `roles`, or what `others` may be")]
    Nobody,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// Whether what goes there is safe from others: through TLS, or on this machine.
pub(super) fn is_safe(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default();
    let is_here = matches!(host, "127.0.0.1" | "[::1]" | "localhost");
    !host.is_empty() && (uri.scheme_str() == Some("https") || is_here && uri.scheme_str() == Some("http"))
}

impl OpenIdSettings {
    /// The whole of the address that a provider sends browsers back to.
    #[must_use]
    pub fn with_whole_redirect(mut self) -> Self {
        let is_bare = self.redirect_url.parse::<Uri>().is_ok_and(|it| matches!(it.path(), "" | "/"));
        if is_bare {
            self.redirect_url = format!("{}{CALLBACK}", self.redirect_url.trim_end_matches('/'));
        }
        self
    }

    pub(super) fn check(&self) -> Result<(), OpenIdError> {
        for (key, value) in
            [("client_id", &self.client_id), ("name", &self.name), ("groups_claim", &self.groups_claim)]
        {
            if value.trim().is_empty() {
                return Err(OpenIdError::Empty(key));
            }
        }
        for (key, url) in [("issuer", &self.issuer), ("redirect_url", &self.redirect_url)] {
            if !is_safe(url) {
                return Err(OpenIdError::NotSecure { key, url: url.clone() });
            }
        }
        let redirect =
            self.redirect_url.parse::<Uri>().map_err(|_| OpenIdError::Redirect(self.redirect_url.clone()))?;
        if redirect.path() != CALLBACK || redirect.query().is_some() {
            return Err(OpenIdError::Redirect(self.redirect_url.clone()));
        }
        let all = self.roles.iter().map(|it| &it.standing).chain(&self.others);
        for Standing { role, projects } in all {
            if (*role == Role::ProjectMember) == projects.is_empty() {
                return Err(OpenIdError::Projects);
            }
        }
        if self.roles.is_empty() && self.others.is_none() {
            return Err(OpenIdError::Nobody);
        }
        Ok(())
    }

    /// What somebody of these groups may be: the highest role of all, and of members all projects.
    pub(super) fn standing(&self, groups: &BTreeSet<String>) -> Option<Standing> {
        let fitting = || self.roles.iter().filter(|it| !it.groups.is_disjoint(groups)).map(|it| &it.standing);
        let Some(role) = fitting().map(|it| it.role).max() else { return self.others.clone() };
        let projects = fitting().filter(|it| it.role == role).flat_map(|it| it.projects.iter().cloned());
        Some(Standing { role, projects: projects.collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(role: Role, projects: &[&str]) -> Standing {
        Standing { role, projects: projects.iter().map(|it| (*it).to_owned()).collect() }
    }

    fn settings() -> OpenIdSettings {
        let role = |group: &str, standing| GroupRole { groups: BTreeSet::from([group.to_owned()]), standing };
        OpenIdSettings {
            issuer: "https://id.example".to_owned(),
            client_id: "yagura".to_owned(),
            client_secret: Some(ClientSecret::new("hunter2")),
            name: "Example".to_owned(),
            redirect_url: "https://yagura.example".to_owned(),
            scopes: vec!["openid".to_owned()],
            groups_claim: "groups".to_owned(),
            roles: vec![
                role("shop", standing(Role::ProjectMember, &["shop"])),
                role("bank", standing(Role::ProjectMember, &["bank"])),
                role("soc", standing(Role::Triager, &[])),
                role("admins", standing(Role::Administrator, &[])),
            ],
            others: None,
            trusts_emails: false,
        }
        .with_whole_redirect()
    }

    #[test]
    fn the_highest_role_wins_and_members_have_all_their_projects() {
        let of = |groups: &[&str]| settings().standing(&groups.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(of(&["shop", "x"]), Some(standing(Role::ProjectMember, &["shop"])));
        assert_eq!(of(&["bank", "shop"]), Some(standing(Role::ProjectMember, &["bank", "shop"])));
        assert_eq!(of(&["shop", "soc"]), Some(standing(Role::Triager, &[])));
        assert_eq!(of(&["soc", "admins"]), Some(standing(Role::Administrator, &[])));
        assert_eq!(of(&["Admins"]), None, "groups are told apart by case");
        assert_eq!(of(&[]), None);
        let open = OpenIdSettings { others: Some(standing(Role::Viewer, &[])), ..settings() };
        assert_eq!(open.standing(&BTreeSet::new()), open.others);
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        let settings = settings();
        assert_eq!(settings.redirect_url, "https://yagura.example/api/session/openid/callback");
        assert_eq!(settings.check(), Ok(()));
        assert_eq!(settings.clone().with_whole_redirect().redirect_url, settings.redirect_url);
        assert!(!format!("{settings:?}").contains("hunter2"));
        let told = |change: fn(&mut OpenIdSettings)| {
            let mut changed = settings.clone();
            change(&mut changed);
            changed.check().unwrap_err().to_string()
        };
        let not_secure =
            "`issuer` is `http://id.example`, and has to begin with https:// (http:// only on this machine)";
        assert_eq!(told(|it| it.issuer = "http://id.example".to_owned()), not_secure);
        assert_eq!(told(|it| it.client_id = " ".to_owned()), "`client_id` is empty");
        assert!(
            told(|it| it.redirect_url = "https://yagura.example/x".to_owned())
                .contains("the console's address")
        );
        assert!(told(|it| it.others = Some(standing(Role::Viewer, &["shop"]))).contains("has projects"));
        assert!(told(|it| it.roles.clear()).contains("nobody could come in"));
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for url in ["https://id.example", "http://127.0.0.1:8080/x", "http://localhost", "http://[::1]:1"] {
            assert!(is_safe(url), "{url}");
        }
        for url in
            ["http://id.example", "http://localhost.example", "ftp://localhost", "id.example", "", "https://"]
        {
            assert!(!is_safe(url), "{url}");
        }
    }
}
