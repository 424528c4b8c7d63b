//! Policies that allow a set of actions and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use yagura_packs::Packs;

use crate::endpoint::Endpoints;
use crate::{EndpointConfig, TableError, permission};

/// What a managed policy may hold, without white space
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>).
pub const MANAGED_POLICY_CHARACTERS: usize = 6_144;

/// The IAM actions that a caller needs for these calls: `s3:ListAllMyBuckets` for `s3.ListBuckets`.
///
/// # Errors
///
/// [`TableError`] when the table of endpoints, which knows the services' names, is broken.
pub fn actions<'c>(
    packs: &Packs,
    calls: impl IntoIterator<Item = &'c str>,
) -> Result<BTreeSet<String>, TableError> {
    Ok(action_of_each(packs, calls)?.into_values().collect())
}

/// The IAM action that a caller needs for each of these calls.
///
/// # Errors
///
/// [`TableError`] when the table of endpoints, which knows the services' names, is broken.
pub fn action_of_each<'c>(
    packs: &Packs,
    calls: impl IntoIterator<Item = &'c str>,
) -> Result<BTreeMap<&'c str, String>, TableError> {
    let endpoints = Endpoints::read(packs, EndpointConfig::default())?;
    let service = |call: &'c str| call.split_once('.').map_or(call, |(service, _)| service);
    let action = |call| (call, permission::action(call, endpoints.signing_name(service(call))));
    Ok(calls.into_iter().map(action).collect())
}

/// Policy documents that together allow these actions on every resource, none longer than `limit` characters. Actions
/// of one service stand together, in alphabetical order.
#[must_use]
pub fn policies(actions: &BTreeSet<String>, limit: usize) -> Vec<Value> {
    let empty = document(&[]).to_string().len();
    let mut documents = Vec::new();
    let mut held: Vec<&str> = Vec::new();
    let mut length = empty;
    for action in actions {
        // Two quotes and a comma.
        let more = action.len() + 3;
        if length + more > limit && !held.is_empty() {
            documents.push(document(&held));
            held.clear();
            length = empty;
        }
        held.push(action);
        length += more;
    }
    if !held.is_empty() {
        documents.push(document(&held));
    }
    documents
}

fn document(actions: &[&str]) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "YaguraReadOnly", "Effect": "Allow", "Action": actions, "Resource": "*" }],
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every action stands in one document, and every document fits.
        #[test]
        fn nothing_is_lost_and_everything_fits(
            actions in proptest::collection::btree_set("[a-z]{2,12}:[A-Z][A-Za-z]{3,40}", 0..300),
            limit in 300usize..7_000,
        ) {
            let documents = policies(&actions, limit);
            let mut allowed = Vec::new();
            for document in &documents {
                prop_assert!(document.to_string().len() <= limit);
                let held = document["Statement"][0]["Action"].as_array().unwrap();
                allowed.extend(held.iter().map(|it| it.as_str().unwrap().to_owned()));
            }
            prop_assert_eq!(allowed, actions.into_iter().collect::<Vec<_>>());
        }
    }
}
