//! What an event shows: whose it is, and the values that rules compare.

use std::net::IpAddr;

use yagura_model::Timestamp;

use super::{Aspect, New, Novel, Subject, Trait, agent};
use crate::places::Places;
use crate::source::Source;
use crate::threats::group::hash;
use crate::threats::is_public;

/// Everything that is read of an event for this.
pub(crate) const FIELDS: [&str; 19] = [
    "userIdentity.type",
    "userIdentity.arn",
    "userIdentity.userName",
    "userIdentity.principalId",
    "userIdentity.accountId",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "recipientAccountId",
    "accountId",
    "account_id",
    "account-id",
    "sourceIPAddress",
    "sourceIPs",
    "srcaddr",
    "userAgent",
    "awsRegion",
    "eventSource",
    "eventName",
    "user.username",
    "verb",
];

/// The field with the address that an event comes from.
pub(crate) fn address_field(source: Source) -> &'static str {
    match source {
        Source::KubernetesAudit => "sourceIPs",
        Source::VpcFlow | Source::Dns => "srcaddr",
        Source::CloudTrail | Source::Runtime | Source::GuardDuty => "sourceIPAddress",
    }
}

/// An event, as far as this looks at it.
pub(crate) struct Seen<'s> {
    pub(crate) source: Source,
    /// The texts that a field holds.
    pub(crate) texts: &'s dyn Fn(&str) -> Vec<String>,
    pub(crate) time: Option<Timestamp>,
    pub(crate) places: Option<&'s dyn Places>,
}

impl Seen<'_> {
    fn text(&self, field: &str) -> Option<String> {
        let usable = |it: &String| !it.trim().is_empty() && it != "HIDDEN_DUE_TO_SECURITY_REASONS";
        (self.texts)(field).into_iter().find(usable)
    }

    /// What a match shows; `None` when it is nobody's, or shows nothing.
    pub(crate) fn novel(&self, rule: &str, new: &New) -> Option<Novel> {
        let subject = match &new.by {
            Subject::Principal => self.principal()?,
            Subject::Account => {
                ["recipientAccountId", "userIdentity.accountId", "accountId", "account_id", "account-id"]
                    .iter()
                    .find_map(|it| self.text(it))?
            }
            Subject::Field(field) => self.text(field)?,
        };
        let aspect = |of: &Trait| {
            let (value, how) = self.value(of)?;
            let [subject, value] = [
                hash(&["profile", rule, of.as_str(), how, new.by.as_str(), &subject]),
                hash(&["value", &value]),
            ];
            let [a, b, c, d, e, f, g, h, ..] = value;
            Some(Aspect { subject, value: i64::from_be_bytes([a, b, c, d, e, f, g, h]) })
        };
        let aspects = new.of.iter().map(aspect).collect::<Option<Vec<_>>>()?;
        Some(Novel { aspects, time: self.time, after: new.after })
    }

    /// Who acted. A person with a permission set is the person, other sessions are their role. Services of AWS are nobody.
    fn principal(&self) -> Option<String> {
        match self.source {
            Source::CloudTrail => {
                if self.text("userIdentity.type").is_some_and(|it| it == "AWSService") {
                    return None;
                }
                match self.text("userIdentity.arn") {
                    Some(arn) if arn.contains(":assumed-role/AWSReservedSSO_") => Some(arn),
                    Some(arn) => Some(role_of(&arn).unwrap_or(arn)),
                    None => {
                        let account = self.text("userIdentity.accountId").unwrap_or_default();
                        let name = ["userIdentity.userName", "userIdentity.principalId"];
                        let name = name.iter().find_map(|it| self.text(it))?;
                        Some(format!("{account} {name}"))
                    }
                }
            }
            Source::KubernetesAudit => self.text("user.username"),
            Source::VpcFlow | Source::Dns | Source::Runtime | Source::GuardDuty => None,
        }
    }

    /// The public address that the event comes from.
    fn address(&self) -> Option<IpAddr> {
        public(&(self.texts)(address_field(self.source)))
    }

    /// A value, and how it was found: values that were found otherwise cannot be compared.
    fn value(&self, of: &Trait) -> Option<(String, &'static str)> {
        let plain = |it: Option<String>| it.map(|it| (it, ""));
        match of {
            Trait::Field(field) => plain(self.text(field)),
            Trait::Network => {
                let address = self.address()?;
                match self.places.filter(|it| it.known().systems) {
                    Some(places) => {
                        let asn = places.origin(address).asn;
                        Some((asn.map_or_else(|| prefix(address), |it| format!("AS{it}")), "system"))
                    }
                    None => Some((prefix(address), "prefix")),
                }
            }
            Trait::Country => plain(self.places?.origin(self.address()?).country),
            Trait::Agent => plain(agent::family(&self.text("userAgent")?)),
            Trait::Principal => plain(self.principal()),
            Trait::Region => plain(self.text("awsRegion")),
            Trait::Service => plain(self.text("eventSource")),
            Trait::Call => {
                let name = self.text("eventName").or_else(|| self.text("verb"))?;
                Some((format!("{}:{name}", self.text("eventSource").unwrap_or_default()), ""))
            }
        }
    }
}

/// The first public address among texts.
pub(crate) fn public(texts: &[String]) -> Option<IpAddr> {
    texts.iter().filter_map(|it| it.parse().ok()).find(|it| is_public(*it))
}

/// `arn:aws:sts::1:assumed-role/ROLE/SESSION` without the session.
fn role_of(arn: &str) -> Option<String> {
    let (head, rest) = arn.split_once(":assumed-role/")?;
    Some(format!("{head}:assumed-role/{}", rest.split('/').next().unwrap_or_default()))
}

/// The first half of an IPv4 address, the first quarter of one of IPv6: what a provider has, roughly.
fn prefix(address: IpAddr) -> String {
    match address {
        IpAddr::V4(it) => {
            let [a, b, ..] = it.octets();
            format!("{a}.{b}.0.0/16")
        }
        IpAddr::V6(it) => {
            let [a, b, ..] = it.segments();
            format!("{a:x}:{b:x}::/32")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::places::FixedPlaces;

    fn novel(event: &Json, new: Json, places: Option<&dyn Places>) -> Option<Novel> {
        let texts = |field: &str| {
            let found = event.pointer(&format!("/{}", field.replace('.', "/")));
            found.and_then(Json::as_str).map(str::to_owned).into_iter().collect()
        };
        let new = New::read(&crate::yaml::read(&new.to_string()).unwrap()[0]).unwrap();
        Seen { source: Source::CloudTrail, texts: &texts, time: None, places }.novel("r", &new)
    }

    fn session(session: &str, address: &str) -> Json {
        json!({ "sourceIPAddress": address, "userAgent": "aws-cli/2.1", "userIdentity": { "type": "AssumedRole",
            "arn": format!("arn:aws:sts::111122223333:assumed-role/{session}") } })
    }

    #[test]
    fn sessions_of_a_role_are_one_and_people_with_a_permission_set_are_several() {
        let of =
            |it: &str| novel(&session(it, "203.0.113.7"), json!({ "of": "network" }), None).unwrap().aspects;
        assert_eq!(of("app/i-0123"), of("app/i-4567"));
        assert_ne!(of("AWSReservedSSO_Admin_1/mio"), of("AWSReservedSSO_Admin_1/ren"));
        assert_ne!(of("app/x"), of("other/x"));
    }

    #[test]
    fn a_network_is_the_autonomous_system_where_that_is_known() {
        let places: FixedPlaces = serde_json::from_value(
            json!({ "203.0.113.7": { "asn": 64500 }, "198.51.100.7": { "asn": 64500 } }),
        )
        .unwrap();
        let of =
            |address: &str, places| novel(&session("app/x", address), json!({ "of": "network" }), places);
        let known: Option<&dyn Places> = Some(&places);
        assert_eq!(of("203.0.113.7", known), of("198.51.100.7", known));
        assert_ne!(of("203.0.113.7", None), of("198.51.100.7", None));
        assert_eq!(of("203.0.1.7", None), of("203.0.113.7", None));
        // What was learned without the data says nothing once there is some.
        assert_ne!(
            of("203.0.113.7", None).unwrap().aspects[0].subject,
            of("203.0.113.7", known).unwrap().aspects[0].subject
        );
        for nowhere in ["10.1.2.3", "cloudformation.amazonaws.com", "AWS Internal"] {
            assert_eq!(of(nowhere, known), None, "{nowhere}");
        }
    }

    #[test]
    fn what_an_event_does_not_tell_is_never_new() {
        let event = session("app/x", "203.0.113.7");
        assert_eq!(novel(&event, json!({ "of": "country" }), None), None);
        assert_eq!(novel(&event, json!({ "of": ["agent", "region"] }), None), None);
        assert_eq!(novel(&event, json!({ "of": "agent", "by": "account" }), None), None);
        let service = json!({ "userIdentity": { "type": "AWSService" }, "userAgent": "aws-cli/2" });
        assert_eq!(novel(&service, json!({ "of": "agent" }), None), None);
        assert_eq!(novel(&event, json!({ "of": ["agent", "network"] }), None).unwrap().aspects.len(), 2);
    }
}
