//! Roles in other accounts: keys by AssumeRole, shared by everybody who asks for the same role.

use std::fmt::{self, Write};

use aws_smithy_runtime_api::client::identity::Identity;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use yagura_model::{AccountId, Partition};

use crate::credentials::{KeySource, Keys};
use crate::error::KeysError;
use crate::{Api, CallError, CallErrorKind, Client, Credentials, Target};

/// How accounts are entered.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RoleConfig {
    /// The role's name, with its path if it has one: `YaguraReadOnly`, `audit/ReadOnly`.
    pub name: String,
    /// What the role's trust policy asks for in `sts:ExternalId`.
    pub external_id: Option<String>,
    /// The name under which the calls appear in the accounts' CloudTrail.
    pub session_name: String,
}

impl fmt::Debug for RoleConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoleConfig")
            .field("name", &self.name)
            .field("session_name", &self.session_name)
            .finish_non_exhaustive()
    }
}

impl Default for RoleConfig {
    fn default() -> Self {
        Self { name: "YaguraReadOnly".to_owned(), external_id: None, session_name: "yagura".to_owned() }
    }
}

impl RoleConfig {
    /// The ARN of the role in an account.
    #[must_use]
    pub fn arn(&self, account: &AccountId, partition: Partition) -> String {
        let mut arn = format!("arn:{partition}:iam::{account}:role/");
        let _ = write!(arn, "{}", self.name.trim_start_matches('/'));
        arn
    }
}

impl Client {
    /// Enters an account: assumes the role there as `caller`, in the caller's region. Keys are fetched now, so that a
    /// role that cannot be assumed is told at once, and again before they expire. Asking twice for the same role of
    /// the same account gives the same credentials.
    ///
    /// # Errors
    ///
    /// [`CallError`] of `sts.AssumeRole`.
    pub async fn enter(
        &self,
        caller: &Target,
        account: &AccountId,
        role: &RoleConfig,
    ) -> Result<Target, CallError> {
        let key = (account.clone(), role.clone());
        let credentials = self.entered(&key).unwrap_or_else(|| {
            let source = AssumedRole {
                client: self.clone(),
                caller: caller.clone(),
                input: input(account, caller, role),
            };
            self.remember_entered(key, Credentials::from_source(source))
        });
        match credentials.identity(std::time::SystemTime::now()).await {
            Ok(_) => Ok(Target { account: account.clone(), region: caller.region.clone(), credentials }),
            Err(KeysError::Role(error)) => Err(*error),
            Err(error) => Err(CallError::new(
                "sts.AssumeRole",
                &caller.region,
                CallErrorKind::Credentials,
                error.to_string(),
            )),
        }
    }
}

fn input(account: &AccountId, caller: &Target, role: &RoleConfig) -> Value {
    let mut input = json!({
        "RoleArn": role.arn(account, caller.region.partition()),
        "RoleSessionName": role.session_name,
    });
    if let Some(external_id) = &role.external_id {
        input["ExternalId"] = json!(external_id);
    }
    input
}

struct AssumedRole {
    client: Client,
    caller: Target,
    input: Value,
}

impl KeySource for AssumedRole {
    fn fetch(&self) -> BoxFuture<'_, Result<Keys, KeysError>> {
        Box::pin(async {
            let answer = self.client.call(&self.caller, "sts.AssumeRole", &self.input).await;
            let answer = answer.map_err(|error| KeysError::Role(Box::new(error)))?;
            keys(&answer).ok_or_else(|| {
                let why = "the answer holds no keys";
                let kind = CallErrorKind::Unreadable;
                KeysError::Role(Box::new(CallError::new("sts.AssumeRole", &self.caller.region, kind, why)))
            })
        })
    }
}

fn keys(answer: &Value) -> Option<Keys> {
    let given = &answer["Credentials"];
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    let expires: jiff::Timestamp = given["Expiration"].as_str()?.parse().ok()?;
    let expires = std::time::SystemTime::from(expires);
    let keys = aws_credential_types::Credentials::new(
        text("AccessKeyId")?,
        text("SecretAccessKey")?,
        text("SessionToken"),
        Some(expires),
        "AssumeRole",
    );
    Some(Keys { identity: Identity::from(keys), expires: Some(expires) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_with_its_path_in_the_accounts_partition() {
        let account = AccountId::new("111122223333").unwrap();
        let role = RoleConfig { name: "/audit/ReadOnly".to_owned(), ..RoleConfig::default() };
        assert_eq!(role.arn(&account, Partition::China), "arn:aws-cn:iam::111122223333:role/audit/ReadOnly");
    }
}
