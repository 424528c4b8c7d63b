//! `[serve.openid_connect]` in yagura.toml: an identity provider that people may sign in through.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Deserialize;
use yagura_model::Role;

/// `[serve.openid_connect]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenIdConnect {
    /// The provider's own name.
    pub issuer: String,
    /// As whom it knows this server.
    pub client_id: String,
    /// Where the client's secret is.
    pub client_secret_env: Option<String>,
    /// Where else it is.
    pub client_secret_file: Option<PathBuf>,
    /// What stands on the button.
    #[serde(default = "button")]
    pub name: String,
    /// The console's address.
    pub redirect_url: String,
    /// What is asked for.
    #[serde(default = "scopes")]
    pub scopes: BTreeSet<String>,
    /// Whether mail addresses count as theirs that the provider does not say it checked.
    #[serde(default)]
    pub trust_emails: bool,
    /// Which claim holds groups.
    #[serde(default = "groups_claim")]
    pub groups_claim: String,
    /// What groups let people be.
    #[serde(default)]
    pub roles: Vec<RoleOfGroups>,
    /// What others may be.
    pub others: Option<RoleOfOthers>,
}

/// `[[serve.openid_connect.roles]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleOfGroups {
    /// Each of these groups.
    pub groups: BTreeSet<String>,
    /// As what its people sign in.
    pub role: Role,
    /// A project member's projects.
    #[serde(default)]
    pub projects: BTreeSet<String>,
}

/// `[serve.openid_connect.others]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleOfOthers {
    /// As what they sign in.
    pub role: Role,
    /// A project member's projects.
    #[serde(default)]
    pub projects: BTreeSet<String>,
}

fn button() -> String {
    "OpenID Connect".to_owned()
}

fn scopes() -> BTreeSet<String> {
    ["openid", "profile", "email"].map(str::to_owned).into()
}

fn groups_claim() -> String {
    "groups".to_owned()
}
