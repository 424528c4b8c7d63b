//! People who use the console and its API, and what they may do.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Lang, Timestamp};

/// What may be done at all. Each includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// See what there is.
    Read,
    /// Work on findings: assign, comment, call resolved; ask for suppressions.
    Triage,
    /// Accept findings: approve suppressions and take them away.
    Approve,
    /// Everything else: users, settings, schedules.
    Administer,
}

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sees the accounts of some projects and nothing else, and works on their findings.
    ProjectMember,
    /// Sees everything.
    Viewer,
    /// Sees everything and works on findings.
    Triager,
    /// Accepts findings, too.
    Approver,
    /// May do everything.
    Administrator,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::ProjectMember, Self::Viewer, Self::Triager, Self::Approver, Self::Administrator];

    /// The word in machine formats and in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ProjectMember => "project-member",
            Self::Viewer => "viewer",
            Self::Triager => "triager",
            Self::Approver => "approver",
            Self::Administrator => "administrator",
        }
    }

    /// The most that it allows.
    #[must_use]
    pub fn permission(self) -> Permission {
        match self {
            Self::Viewer => Permission::Read,
            Self::ProjectMember | Self::Triager => Permission::Triage,
            Self::Approver => Permission::Approve,
            Self::Administrator => Permission::Administer,
        }
    }
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 4] = [Self::Read, Self::Triage, Self::Approve, Self::Administer];

    /// The word in machine formats and in the tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Triage => "triage",
            Self::Approve => "approve",
            Self::Administer => "administer",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct User {
    /// How they sign in, and how histories call them. Case does not tell two apart.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The projects of a member; empty for others.
    pub projects: BTreeSet<String>,
    /// The language they read; `None` where the browser decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// Whether they sign in with a code from an authenticator besides the password.
    pub has_totp: bool,
    /// Whether they may not sign in any more.
    pub is_disabled: bool,
    /// Since when they are known.
    pub created_at: Timestamp,
    /// Whether an identity provider says who they are: they have no password here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_external: bool,
}

impl User {
    /// Somebody who signs in with a password, and has no projects yet.
    #[must_use]
    pub fn new(name: String, role: Role, created_at: Timestamp) -> Self {
        Self {
            name,
            role,
            projects: BTreeSet::new(),
            lang: None,
            has_totp: false,
            is_disabled: false,
            created_at,
            is_external: false,
        }
    }
}

/// What a program signs in with instead of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ApiToken {
    /// Its number.
    pub id: i64,
    /// Whose it is: it never may do more than its owner.
    pub owner: String,
    /// What it is for.
    pub name: String,
    /// The most that it allows.
    pub permission: Permission,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used last, to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used_at: Option<Timestamp>,
}

/// What somebody did, or tried to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct AuditEntry {
    /// Its number: later ones are larger.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who; of a sign-in, the name that was given. Empty where nobody had signed in.
    pub who: String,
    /// From where.
    pub address: String,
    /// The route: `POST /api/findings/triage`.
    pub action: String,
    /// What exactly: the path, and what the route tells of it.
    pub what: String,
    /// How it was answered: the status of HTTP. `None`: the answer was never given, because the program ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// What somebody saved to come back to: a page of the console, and what it was narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct SavedView {
    /// Its number.
    pub id: i64,
    /// Who made it.
    pub owner: String,
    /// What it is called; its owner has no other of the name.
    pub name: String,
    /// The page: `findings`.
    pub page: String,
    /// The query of its address.
    pub query: String,
    /// Whether everybody sees it.
    pub shared: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_serde_agree() {
        for role in Role::ALL {
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        for permission in Permission::ALL {
            assert_eq!(serde_json::to_value(permission).unwrap(), permission.as_str());
        }
    }

    #[test]
    fn a_member_works_on_findings_and_accepts_none() {
        let may: Vec<_> = Role::ALL.iter().map(|it| (it.as_str(), it.permission().as_str())).collect();
        assert_eq!(
            may,
            [
                ("project-member", "triage"),
                ("viewer", "read"),
                ("triager", "triage"),
                ("approver", "approve"),
                ("administrator", "administer")
            ]
        );
    }
}
