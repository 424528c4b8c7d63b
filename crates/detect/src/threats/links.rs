//! Links: credentials that one principal makes or takes, and that act afterwards.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use yagura_model::{Entity, EntityKind, EntityLink};

use super::cloudtrail;
use super::facts::{text, time};

/// Calls whose answer holds credentials, or that make somebody who can act.
const LINKING: [&str; 9] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "GetFederationToken",
    "GetSessionToken",
    "CreateAccessKey",
    "CreateUser",
    "CreateLoginProfile",
];

/// Whether calls of such a name can be links.
#[must_use]
pub fn may_link(name: &str) -> bool {
    LINKING.contains(&name)
}

/// The link that a CloudTrail event is.
///
/// AWS's services take roles all day: what they take leads to nobody.
#[must_use]
pub fn link(event: &Json) -> Option<EntityLink> {
    let name = text(event, "/eventName").filter(|it| may_link(it))?;
    let service = text(event, "/userIdentity/type") == Some("AWSService")
        || text(event, "/userIdentity/invokedBy").is_some();
    if service || text(event, "/errorCode").is_some() {
        return None;
    }
    let to = match name {
        "CreateUser" => Entity::new(EntityKind::Principal, text(event, "/responseElements/user/arn")?),
        "CreateLoginProfile" => {
            let account = text(event, "/recipientAccountId")?;
            let user = text(event, "/requestParameters/userName")?;
            Entity::new(EntityKind::Principal, format!("arn:aws:iam::{account}:user/{user}"))
        }
        "CreateAccessKey" => {
            Entity::new(EntityKind::AccessKey, text(event, "/responseElements/accessKey/accessKeyId")?)
        }
        _ => Entity::new(EntityKind::AccessKey, text(event, "/responseElements/credentials/accessKeyId")?),
    };
    let mut from = BTreeSet::new();
    let actor = cloudtrail::actor(event, &mut from);
    from.remove(&to);
    let service = text(event, "/eventSource")?.trim_end_matches(".amazonaws.com");
    Some(EntityLink { time: time(event, "/eventTime")?, how: format!("{service}:{name}"), actor, from, to })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_key_of_a_role_leads_back_to_who_took_the_role() {
        let event = json!({ "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "eventTime": "2026-02-06T19:30:00Z",
            "userIdentity": { "type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/dev", "userName": "dev", "accessKeyId": "AKIA1" },
            "responseElements": { "credentials": { "accessKeyId": "ASIA2" } } });
        let found = link(&event).unwrap();
        assert_eq!(
            (found.to.name.as_str(), found.actor.name.as_str(), found.how.as_str()),
            ("ASIA2", "dev", "sts:AssumeRole")
        );
        assert_eq!(found.from.len(), 2);
        let mut service = event;
        service["userIdentity"] = json!({ "type": "AWSService", "invokedBy": "lambda.amazonaws.com" });
        assert_eq!(link(&service), None);
    }
}
