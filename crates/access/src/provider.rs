//! Identity providers: who can get a token from one, and which claims bind the token to somebody.
//!
//! Sources: IAM User Guide, "Create a role for OpenID Connect federation" ("Configuring a role for GitHub OIDC
//! identity provider", "Identity-provider controls for shared OIDC providers") and "Available keys for AWS OIDC
//! federation"; each provider's own description of its tokens.

use crate::glob;

/// Who can get a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Openness {
    /// Everybody with an account there, which anybody can open.
    Shared,
    /// The users of one company, cluster or tenant.
    Private,
    /// Not known to this program.
    Unknown,
}

/// What a claim says about the holder of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// A path that begins with the owner: `repo:owner/name:ref:...`. Wildcards behind the owner leave the owner fixed.
    Path,
    /// A name or id that only its owner's tokens have.
    Exact,
    /// Chosen by whoever asks for the token, or the same for all.
    Chosen,
}

struct Shared {
    host: &'static str,
    paths: &'static [&'static str],
    exact: &'static [&'static str],
}

const SHARED: &[Shared] = &[
    Shared {
        host: "token.actions.githubusercontent.com",
        paths: &["sub", "job_workflow_ref", "workflow_ref", "repository"],
        exact: &[
            "repository_owner",
            "repository_owner_id",
            "repository_id",
            "enterprise",
            "enterprise_id",
            "actor_id",
        ],
    },
    Shared {
        host: "gitlab.com",
        paths: &["sub", "project_path"],
        exact: &["namespace_path", "namespace_id", "project_id", "user_id"],
    },
    Shared {
        host: "app.terraform.io",
        paths: &["sub"],
        exact: &["terraform_organization_id", "terraform_organization_name", "terraform_workspace_id"],
    },
    Shared {
        host: "agent.buildkite.com",
        paths: &["sub"],
        exact: &["organization_slug", "organization_id", "pipeline_id"],
    },
    Shared { host: "oidc.vercel.com", paths: &["sub"], exact: &["aud", "owner", "owner_id", "project_id"] },
    Shared { host: "api.pulumi.com/oidc", paths: &["sub"], exact: &["aud"] },
    Shared { host: "accounts.google.com", paths: &[], exact: &["sub", "aud", "oaud", "azp", "email", "hd"] },
    Shared { host: "cognito-identity.amazonaws.com", paths: &[], exact: &["aud", "sub"] },
    Shared { host: "graph.facebook.com", paths: &[], exact: &["app_id", "id"] },
    Shared { host: "www.amazon.com", paths: &[], exact: &["app_id", "user_id"] },
];

/// Hosts of providers that serve one tenant each: the tenant is in the host or the path.
const PRIVATE: &[&str] = &[
    "oidc.eks.*.amazonaws.com*/id/*",
    "cognito-idp.*.amazonaws.com*/*",
    "*.okta.com*",
    "*.oktapreview.com*",
    "*.auth0.com*",
    "*.onelogin.com*",
    "*.pingone.*",
    "sts.windows.net/*",
    "login.microsoftonline.com/*",
    "vstoken.dev.azure.com/*",
    "oidc.circleci.com/org/*",
    "api.bitbucket.org/2.0/workspaces/*",
    "oidc.vercel.com/*",
    "oidc.fly.io/*",
    "*.oidc-bucket.*",
    "*.s3.*.amazonaws.com*",
    "s3*.amazonaws.com/*",
    "rh-oidc.*",
    "container.googleapis.com/v1/projects/*",
];

/// The host and path of a provider, of its ARN too: `arn:aws:iam::1:oidc-provider/host/path` is `host/path`.
pub(crate) fn host(provider: &str) -> &str {
    provider.split_once(":oidc-provider/").map_or(provider, |(_, host)| host)
}

/// Who can get a token from a provider.
pub(crate) fn openness(provider: &str) -> Openness {
    let host = host(provider);
    if provider.contains(":saml-provider/") {
        Openness::Private
    } else if shared(host).is_some() {
        Openness::Shared
    } else if PRIVATE.iter().any(|pattern| glob::matches(pattern, host, glob::Case::Ignored)) {
        Openness::Private
    } else {
        Openness::Unknown
    }
}

fn shared(host: &str) -> Option<&'static Shared> {
    SHARED.iter().find(|it| it.host.eq_ignore_ascii_case(host))
}

/// What a claim of a token says about its holder; `None` when the condition key belongs to another provider.
pub(crate) fn claim(provider: &str, key: &str) -> Option<Claim> {
    let (owner, name) = key.rsplit_once(':')?;
    if provider.contains(":saml-provider/") {
        return owner.eq_ignore_ascii_case("saml").then_some(Claim::Chosen);
    }
    let host = host(provider);
    if !owner.eq_ignore_ascii_case(host) {
        return None;
    }
    let Some(shared) = shared(host) else { return Some(Claim::Chosen) };
    let has = |names: &[&str]| names.iter().any(|it| it.eq_ignore_ascii_case(name));
    Some(if has(shared.paths) {
        Claim::Path
    } else if has(shared.exact) {
        Claim::Exact
    } else {
        Claim::Chosen
    })
}

impl Claim {
    /// Whether only tokens of the owner meant can have such a value.
    pub(crate) fn is_bound_by(self, value: &str, pattern: bool) -> bool {
        let fixed = match value.find(['*', '?']) {
            Some(at) if pattern => &value[..at],
            _ => return self != Self::Chosen,
        };
        match self {
            Self::Path => {
                let owner = fixed.split_once(':').map_or(fixed, |(_, rest)| rest);
                owner.find(['/', ':']).is_some_and(|at| at > 0)
            }
            Self::Exact | Self::Chosen => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_binds_when_its_owner_is_spelled_out() {
        for (value, bound) in [
            ("repo:octo/app:ref:refs/heads/main", true),
            ("repo:octo/app:*", true),
            ("repo:octo/*", true),
            ("repo:octo*", false),
            ("repo:*/app:*", false),
            ("*", false),
            ("repository_owner_id:42:*", true),
        ] {
            assert_eq!(Claim::Path.is_bound_by(value, true), bound, "{value}");
        }
        assert!(Claim::Path.is_bound_by("repo:octo*", false), "without wildcards a star is a star");
    }

    #[test]
    fn providers_are_told_apart() {
        for (provider, expected) in [
            ("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", Openness::Shared),
            ("cognito-identity.amazonaws.com", Openness::Shared),
            ("arn:aws:iam::111122223333:saml-provider/Okta", Openness::Private),
            (
                "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123",
                Openness::Private,
            ),
            ("arn:aws:iam::111122223333:oidc-provider/id.example.com", Openness::Unknown),
        ] {
            assert_eq!(openness(provider), expected, "{provider}");
        }
    }

    #[test]
    fn claims_of_another_provider_say_nothing() {
        let github = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
        assert_eq!(claim(github, "token.actions.githubusercontent.com:sub"), Some(Claim::Path));
        assert_eq!(claim(github, "token.actions.githubusercontent.com:aud"), Some(Claim::Chosen));
        assert_eq!(claim(github, "accounts.google.com:sub"), None);
    }
}
