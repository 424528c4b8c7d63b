//! What another program has judged already: an alert of Falco and a finding of GuardDuty are matches of its rules, also where no rule of
//! ours asks.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::falco::rules::Priority;
use crate::source::Source;

/// A match of somebody else's rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOn {
    /// Falco's rule, GuardDuty's type of finding.
    pub name: String,
    /// What it says.
    pub title: String,
    /// How urgent it is: of Falco a priority, of GuardDuty `low` to `critical`.
    pub level: String,
    /// When it happened, as it says.
    pub time: String,
    /// Its id.
    pub id: String,
    /// Falco's tags; of GuardDuty what the attack is for, such as `cryptocurrency`.
    pub tags: Vec<String>,
}

#[derive(Deserialize)]
struct Alert<'e> {
    #[serde(borrow)]
    rule: Cow<'e, str>,
    #[serde(borrow)]
    priority: Cow<'e, str>,
    #[serde(borrow, default)]
    time: Cow<'e, str>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    yagura: Option<Derived>,
}

#[derive(Deserialize)]
struct Derived {
    #[serde(default)]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'e> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'e, str>,
    #[serde(borrow, default)]
    title: Cow<'e, str>,
    #[serde(borrow, default)]
    id: Cow<'e, str>,
    #[serde(borrow, default)]
    updated_at: Cow<'e, str>,
    severity: f64,
    #[serde(default)]
    service: Json,
}

/// What an event says that somebody else found; `None` for events that are only told, and for findings that were archived.
#[must_use]
pub fn passed_on(source: Source, record: &[u8]) -> Option<PassedOn> {
    match source {
        Source::Runtime => {
            let alert: Alert<'_> = serde_json::from_slice(record).ok()?;
            let level = Priority::parse(&alert.priority)?.as_str().to_owned();
            Some(PassedOn {
                name: alert.rule.clone().into_owned(),
                title: alert.rule.into_owned(),
                level,
                time: alert.time.into_owned(),
                id: alert.yagura.map(|it| it.id).unwrap_or_default(),
                tags: alert.tags.unwrap_or_default(),
            })
        }
        Source::GuardDuty => {
            let finding: Finding<'_> = serde_json::from_slice(record).ok()?;
            if finding.service.get("archived") == Some(&Json::Bool(true)) {
                return None;
            }
            let title = if finding.title.is_empty() { &finding.kind } else { &finding.title };
            Some(PassedOn {
                title: title.clone().into_owned(),
                level: severity(finding.severity).to_owned(),
                time: finding.updated_at.into_owned(),
                id: finding.id.into_owned(),
                tags: finding
                    .kind
                    .split_once(':')
                    .map(|(purpose, _)| purpose.to_lowercase())
                    .into_iter()
                    .collect(),
                name: finding.kind.into_owned(),
            })
        }
        Source::CloudTrail | Source::KubernetesAudit | Source::VpcFlow | Source::Dns => None,
    }
}

/// GuardDuty's number as the word that it shows: <https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html>
fn severity(number: f64) -> &'static str {
    match number {
        number if number >= 9.0 => "critical",
        number if number >= 7.0 => "high",
        number if number >= 4.0 => "medium",
        _ => "low",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_alert_is_a_match_of_its_own_rule() {
        let alert = json!({ "rule": "Miner \"x\"", "priority": "Critical", "output": "o", "time": "2026-01-01T00:00:00Z", "tags": ["T1496"], "yagura": { "id": "1" } });
        let told = passed_on(Source::Runtime, alert.to_string().as_bytes()).unwrap();
        assert_eq!(
            (told.name.as_str(), told.level.as_str(), told.id.as_str()),
            ("Miner \"x\"", "critical", "1")
        );
        assert_eq!(told.tags, ["T1496"]);
        let no_priority = json!({ "rule": "r", "priority": "?", "output": "o" }).to_string();
        assert_eq!(passed_on(Source::Runtime, no_priority.as_bytes()), None);
        assert_eq!(passed_on(Source::CloudTrail, alert.to_string().as_bytes()), None);
    }

    #[test]
    fn a_finding_is_a_match_of_its_type() {
        let finding = |severity: f64, archived: bool| {
            let finding = json!({ "type": "CryptoCurrency:EC2/BitcoinTool.B!DNS", "title": "t", "id": "1", "updatedAt": "2026-01-01T00:00:00.000Z", "severity": severity, "service": { "archived": archived } });
            passed_on(Source::GuardDuty, finding.to_string().as_bytes())
        };
        let told = finding(8.0, false).unwrap();
        assert_eq!((told.name.as_str(), told.title.as_str()), ("CryptoCurrency:EC2/BitcoinTool.B!DNS", "t"));
        assert_eq!((told.level.as_str(), told.tags), ("high", vec!["cryptocurrency".to_owned()]));
        let levels = [1.0, 3.9, 4.0, 7.0, 9.5].map(|it| finding(it, false).unwrap().level);
        assert_eq!(levels, ["low", "low", "medium", "high", "critical"]);
        assert_eq!(finding(8.0, true), None);
    }
}
