//! The identity provider that people may sign in through, as the configuration file says.

use std::sync::Arc;

use yagura_notify::Secret;
use yagura_server::{ClientSecret, GroupRole, OpenId, OpenIdSettings, Standing};

use crate::config::{Config, OpenIdConnect};
use crate::failure::{Failure, Told};

/// The provider, where the file names one.
///
/// # Errors
///
/// What the file says cannot be used.
pub fn openid(config: &Config) -> Result<Option<Arc<OpenId>>, Failure> {
    let Some(written) = &config.serve().openid_connect else { return Ok(None) };
    let told = || {
        Told::new("people cannot sign in through the identity provider")
            .help("docs/configuration.md tells what `[serve.openid_connect]` holds")
    };
    let client_secret = client_secret(written).map_err(|error| told().because(error).usage())?;
    let named =
        written.roles.iter().map(|it| &it.projects).chain(written.others.as_ref().map(|it| &it.projects));
    for project in named.flatten() {
        // Says which there are.
        config.project(project)?;
    }
    let roles = written.roles.iter().map(|it| GroupRole {
        groups: it.groups.clone(),
        standing: Standing { role: it.role, projects: it.projects.clone() },
    });
    let others = written.others.as_ref();
    let settings = OpenIdSettings {
        issuer: written.issuer.clone(),
        client_id: written.client_id.clone(),
        client_secret,
        name: written.name.clone(),
        redirect_url: written.redirect_url.clone(),
        // Without it, the answer is none about who somebody is.
        scopes: std::iter::once("openid".to_owned())
            .chain(written.scopes.iter().filter(|it| *it != "openid").cloned())
            .collect(),
        groups_claim: written.groups_claim.clone(),
        roles: roles.collect(),
        others: others.map(|it| Standing { role: it.role, projects: it.projects.clone() }),
        trusts_emails: written.trust_emails,
    };
    let openid = OpenId::new(settings.with_whole_redirect());
    openid.map(|it| Some(Arc::new(it))).map_err(|error| told().because(error).usage())
}

fn client_secret(
    written: &OpenIdConnect,
) -> Result<Option<ClientSecret>, Box<dyn std::error::Error + Send + Sync>> {
    let secret = match (&written.client_secret_env, &written.client_secret_file) {
        (Some(_), Some(_)) => {
            return Err("`client_secret_env` and `client_secret_file` are two places for one secret".into());
        }
        (Some(name), None) => Secret::Env(name.clone()),
        (None, Some(path)) => Secret::File(path.clone()),
        (None, None) => return Ok(None),
    };
    Ok(Some(ClientSecret::new(secret.read()?.expose())))
}
