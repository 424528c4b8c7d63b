//! A finding as one row: what every format tells about it.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use yagura_model::{Finding, RecordState, RequirementRef, RuleId, RuleInfo, Severity, Timestamp, Workflow};

use super::ProjectHead;

/// A finding with what its rule tells, in the reader's language.
pub(super) struct Row<'r> {
    pub(super) finding: &'r Finding,
    pub(super) account_name: &'r str,
    pub(super) title: &'r str,
    pub(super) why: &'r str,
    pub(super) impact: &'r str,
    pub(super) steps: String,
    pub(super) evidence: String,
    pub(super) requirements: &'r str,
    pub(super) detectors: String,
    pub(super) reference: &'r str,
    /// Where the AWS console shows the resource; empty where it has no ARN.
    pub(super) console: String,
    pub(super) age_days: i64,
    pub(super) due: Option<Timestamp>,
    pub(super) overdue: bool,
}

/// The requirements that each rule serves, written once: `cis-aws-5.0/1.4; ...`.
pub(super) struct Requirements(BTreeMap<RuleId, String>);

impl Requirements {
    pub(super) fn of(head: &ProjectHead<'_>) -> Self {
        let written = head.requirements.iter().map(|(rule, served)| {
            let paths: Vec<String> = served.iter().map(RequirementRef::path).collect();
            (rule.clone(), paths.join("; "))
        });
        Self(written.collect())
    }

    fn get(&self, rule: &RuleId) -> &str {
        self.0.get(rule).map_or("", String::as_str)
    }
}

impl<'r> Row<'r> {
    pub(super) fn of(
        head: &'r ProjectHead<'_>,
        requirements: &'r Requirements,
        finding: &'r Finding,
    ) -> Self {
        let info = head.rules.get(&finding.rule);
        let text = info.map(|it| it.text.get(head.lang));
        let told = finding.text.as_ref();
        let or_told = |ours: Option<&'r str>, theirs: Option<&'r str>| {
            ours.or(theirs).filter(|it| !it.is_empty()).unwrap_or_default()
        };
        let title = or_told(text.map(|it| it.title.as_str()), told.map(|it| it.title.as_str()));
        let reference = info.and_then(|it| it.references.first()).map(String::as_str);
        let until = finding.resolved_at.unwrap_or(head.now);
        let due = head.due.due(finding.severity, finding.opened_at);
        let detectors: Vec<&str> = finding.detectors.iter().map(|it| it.product()).collect();
        Self {
            finding,
            account_name: head.account_name(&finding.resource.account),
            title: if title.is_empty() { finding.rule.as_str() } else { title },
            why: or_told(text.map(|it| it.why.as_str()), told.map(|it| it.description.as_str())),
            impact: text.map_or("", |it| it.impact_of_fix.as_str()),
            steps: info.map_or_else(
                || told.map(|it| it.remediation.clone()).unwrap_or_default(),
                |it| numbered(head, it),
            ),
            evidence: finding.evidence.as_ref().map(ToString::to_string).unwrap_or_default(),
            requirements: requirements.get(&finding.rule),
            detectors: detectors.join(", "),
            reference: or_told(reference, told.map(|it| it.url.as_str())),
            console: console(&finding.arn),
            age_days: whole_days(until.duration_since(finding.opened_at)),
            overdue: is_open(finding) && due.is_some_and(|due| due < head.now),
            due,
        }
    }
}

/// Whether somebody has to do something about it.
pub(super) fn is_open(finding: &Finding) -> bool {
    finding.record_state == RecordState::Active && finding.workflow != Workflow::Suppressed
}

pub(super) fn whole_days(span: SignedDuration) -> i64 {
    span.as_hours().max(0) / 24
}

fn numbered(head: &ProjectHead<'_>, rule: &RuleInfo) -> String {
    let steps = rule.fix.steps.get(head.lang).iter().enumerate();
    steps.map(|(n, step)| format!("{}. {step}", n + 1)).collect::<Vec<_>>().join("\n")
}

/// The console's own way from an ARN to the page of the resource, in the partition that the ARN names.
fn console(arn: &str) -> String {
    let host = match arn.split(':').nth(1) {
        Some("aws") if arn.starts_with("arn:") => "console.aws.amazon.com",
        Some("aws-cn") if arn.starts_with("arn:") => "console.amazonaws.cn",
        Some("aws-us-gov") if arn.starts_with("arn:") => "console.amazonaws-us-gov.com",
        _ => return String::new(),
    };
    let mut link = format!("https://{host}/go/view?arn=");
    for byte in arn.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                link.push(char::from(byte));
            }
            _ => link.push_str(&format!("%{byte:02X}")),
        }
    }
    link
}

/// The severities from the worst to the least.
pub(super) const WORST_FIRST: [Severity; 5] =
    [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Informational];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_the_console_holds_nothing_but_the_arn() {
        assert_eq!(
            console("arn:aws:s3:::a&b\"c"),
            "https://console.aws.amazon.com/go/view?arn=arn%3Aaws%3As3%3A%3A%3Aa%26b%22c"
        );
        assert_eq!(console("arn:aws-cn:s3:::b").split('/').nth(2), Some("console.amazonaws.cn"));
        assert_eq!(console("https://evil.example"), "");
    }
}
