//! `sarif`: the Static Analysis Results Interchange Format 2.1.0, for code scanning and editors.
//!
//! A rule is a reporting descriptor with help in Markdown, a resource a logical location. Viewers that know only files
//! get a path made of account, region, type and id. What could not be read is a tool execution notification.

mod log;

use std::collections::BTreeMap;
use std::io::{self, Write};

use yagura_model::{
    AccountState, CallCoverage, Evaluation, EvaluationRecord, Outcome, RuleId, RuleInfo, Severity,
};

use self::log::{
    ArtifactLocation, Configuration, Descriptor, Details, Driver, Fingerprints, Help, Invocation, Location,
    LogicalLocation, Message, Notification, PhysicalLocation, ResultProperties, RuleProperties, SarifResult,
    TextRegion, Tool,
};
use crate::digest::CoverageDigest;
use crate::format::Sink;
use crate::json::List;
use crate::line::{Names, fallback_id, numbered_steps, title};
use crate::words::pick;
use crate::{Head, Tail, Writer, reason_text, state_text};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(crate) struct Sarif<'a> {
    head: &'a Head<'a>,
    names: Names<'a>,
    indices: BTreeMap<&'a RuleId, usize>,
    coverage: CoverageDigest,
    list: List<'a>,
}

impl<'a> Sarif<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        let tool = Tool {
            driver: Driver {
                name: "Yagura",
                version: head.version,
                semantic_version: head.version,
                information_uri: "https://github.com/yagura-security/yagura",
                language: head.lang.as_str(),
                rules: head.rules.values().map(|rule| descriptor(head, rule)).collect(),
            },
        };
        let organization = head.organization.id.as_deref().unwrap_or("account");
        write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":")?;
        serde_json::to_writer(&mut out, &tool)?;
        out.write_all(b",\n\"automationDetails\":")?;
        serde_json::to_writer(&mut out, &Details { id: format!("yagura/{organization}/") })?;
        out.write_all(b",\"columnKind\":\"unicodeCodePoints\",\n\"results\":[")?;
        let indices = head.rules.keys().enumerate().map(|(n, id)| (id, n)).collect();
        Ok(Self {
            head,
            names: Names::of(head),
            indices,
            coverage: CoverageDigest::default(),
            list: List::new(out),
        })
    }

    /// What went wrong on the way: accounts first, then calls.
    fn notifications(&self) -> Vec<(&'static str, String)> {
        let accounts = self.head.accounts.iter().filter_map(|scan| {
            let level = if matches!(scan.state, AccountState::Skipped { .. }) { "note" } else { "error" };
            let why = state_text(&scan.state, self.head.lang)?;
            Some((level, format!("{}: {why}", scan.account.id)))
        });
        let gaps = self
            .coverage
            .gaps
            .iter()
            .map(|(kind, spread)| ("warning", kind.sentence(spread, self.head.lang)));
        accounts.chain(gaps).collect()
    }
}

impl Writer for Sarif<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        let (head, evaluation) = (self.head, &record.evaluation);
        let key = &evaluation.resource;
        let what = title(head, head.rules.get(&evaluation.rule), &evaluation.rule);
        let mut text = format!("{what}: {} ({}, {})", key.id, key.account, key.region);
        if let Some(reason) = &evaluation.reason {
            text.push_str(": ");
            text.push_str(&reason_text(reason, head.lang));
        }
        let (kind, level) = match evaluation.outcome {
            Outcome::NonCompliant => ("fail", level(evaluation.severity)),
            Outcome::Compliant => ("pass", "none"),
            Outcome::NotApplicable => ("notApplicable", "none"),
            Outcome::InsufficientData => ("open", "none"),
        };
        let id = record.finding.as_ref().map_or_else(|| fallback_id(evaluation), |it| it.id.clone());
        let full = if evaluation.arn.is_empty() { key.to_string() } else { evaluation.arn.clone() };
        let logical = LogicalLocation { name: &key.id, fully_qualified_name: &full, kind: "resource" };
        let physical = PhysicalLocation {
            artifact_location: ArtifactLocation { uri: path(evaluation) },
            region: TextRegion { start_line: 1 },
        };
        self.list.element(&SarifResult {
            rule_id: &evaluation.rule,
            rule_index: self.indices.get(&evaluation.rule).copied(),
            kind,
            level,
            message: Message { text: &text },
            locations: [Location { physical_location: physical, logical_locations: [logical] }],
            partial_fingerprints: Fingerprints { finding: &id },
            properties: ResultProperties {
                account: &key.account,
                account_name: self.names.get(&key.account),
                region: &key.region,
                resource_type: &key.resource_type,
                resource_name: &evaluation.name,
                outcome: evaluation.outcome,
                severity: evaluation.severity,
                evidence: evaluation.evidence.as_ref(),
            },
        })
    }

    fn coverage(&mut self, row: &CallCoverage) -> io::Result<()> {
        self.coverage.add(row);
        Ok(())
    }

    fn end(&mut self, _tail: &Tail<'_>) -> io::Result<()> {
        let notifications = self.notifications();
        let told =
            notifications.iter().map(|(level, text)| Notification { level, message: Message { text } });
        let invocation = Invocation {
            execution_successful: self.head.scan.finished.is_some(),
            start_time_utc: self.head.scan.started.to_string(),
            end_time_utc: self.head.scan.finished.map(|it| it.to_string()),
            tool_execution_notifications: told.collect(),
        };
        let out = &mut self.list.out;
        out.write_all(b"\n],\n\"invocations\":[")?;
        serde_json::to_writer(&mut *out, &invocation)?;
        out.write_all(b"]}]}\n")?;
        out.flush()
    }
}

fn descriptor<'a>(head: &Head<'_>, rule: &'a RuleInfo) -> Descriptor<'a> {
    let text = rule.text.get(head.lang);
    let id = rule.id.as_str();
    Descriptor {
        id: &rule.id,
        short_description: Message { text: sentence(&text.title, id) },
        full_description: Message { text: sentence(&text.why, id) },
        help: Help { text: help(head, rule), markdown: markdown(head, rule) },
        help_uri: rule.references.first().map(String::as_str),
        default_configuration: Configuration { level: level(rule.severity) },
        properties: RuleProperties {
            tags: ["security", rule.function.as_str()],
            precision: "very-high",
            problem_severity: problem(rule.severity),
            security_severity: score(rule.severity),
        },
    }
}

/// A relative URI for viewers that know only files.
fn path(evaluation: &Evaluation) -> String {
    let key = &evaluation.resource;
    let parts = [key.account.as_str(), key.region.as_str(), key.resource_type.as_str(), key.id.as_str()];
    parts.map(encoded).join("/")
}

fn encoded(part: &str) -> String {
    let mut out = String::new();
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// SARIF wants texts that are not empty.
fn sentence<'t>(text: &'t str, otherwise: &'t str) -> &'t str {
    if text.trim().is_empty() { otherwise } else { text }
}

fn help(head: &Head<'_>, rule: &RuleInfo) -> String {
    let text = rule.text.get(head.lang);
    let parts = [
        text.why.clone(),
        numbered_steps(head, rule),
        rule.fix.cli.clone().unwrap_or_default(),
        text.impact_of_fix.clone(),
    ];
    let told: Vec<_> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    sentence(&told.join("\n\n"), rule.id.as_str()).to_owned()
}

fn markdown(head: &Head<'_>, rule: &RuleInfo) -> String {
    let text = rule.text.get(head.lang);
    let mut out = format!("# {}\n\n{}\n", text.title, text.why);
    let steps = numbered_steps(head, rule);
    if !steps.is_empty() {
        out.push_str(&format!("\n## {}\n\n{steps}\n", pick(head.lang, "How to fix it", "修正方法")));
    }
    if let Some(cli) = &rule.fix.cli {
        out.push_str(&format!("\n```sh\n{cli}\n```\n"));
    }
    if !text.impact_of_fix.is_empty() {
        out.push_str(&format!(
            "\n## {}\n\n{}\n",
            pick(head.lang, "What the fix may break", "修正による影響"),
            text.impact_of_fix
        ));
    }
    for reference in &rule.references {
        out.push_str(&format!("\n<{reference}>\n"));
    }
    out
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Informational => "note",
    }
}

fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Informational => "recommendation",
    }
}

/// The middle of the band in which GitHub sorts it.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Informational => "0.1",
    }
}
