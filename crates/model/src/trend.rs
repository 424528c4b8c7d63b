//! Scores over time: where an organisation stands, where it stood, and which rules made the difference.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{Judged, Percent, RuleId, ScanId, Text, Timestamp};

/// Where something stands in one scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Standing {
    /// Its score; `None` when nothing was judged.
    pub score: Option<Percent>,
    /// The share of evaluations whose answer is known, of those that apply: what the score does not speak of is the rest.
    pub known: Option<Percent>,
    /// Violations.
    pub violations: u64,
    /// Evaluations whose answer is not known.
    pub unknown: u64,
}

/// The organisation in one scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TrendPoint {
    /// The scan.
    pub scan: ScanId,
    /// When it began.
    pub started: Timestamp,
    /// Accounts that it set out to look at.
    pub accounts: u64,
    /// Rules that it judged by.
    pub rules: u64,
    /// Where the organisation stood.
    #[serde(flatten)]
    pub standing: Standing,
}

/// A part of the organisation, or of the rules, in the first and the last scan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct TrendPart {
    /// The account's id, the project's name, the function's word, the framework's id.
    pub id: String,
    /// What people call it; empty where that is the id.
    pub name: Text,
    /// Where it stands.
    #[serde(flatten)]
    pub last: Standing,
    /// Its score in the first scan, where it had one.
    pub first_score: Option<Percent>,
    /// Points won or lost since then.
    pub change: Option<f64>,
}

/// What one rule did to the score between the first and the last scan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RuleEffect {
    /// The rule.
    pub rule: RuleId,
    /// Its title; the id where nothing is known about it.
    pub title: Text,
    /// Points that it added (or, below zero, took away), to two decimals.
    pub points: f64,
    /// What it judged in the first scan.
    pub before: Judged,
    /// What it judged in the last.
    pub after: Judged,
}

/// The score of an organisation over a span of comparable scans.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Trend {
    /// Every scan of the span, oldest first; the last is the one that everything else is about.
    pub scans: Vec<TrendPoint>,
    /// Points won or lost between the first and the last; `None` when there is only one, or one has no score.
    pub change: Option<f64>,
    /// Scans in the span that looked at something else, and so cannot be compared.
    pub not_comparable: u64,
    /// Every rule of both scans that made a difference, the largest first.
    pub rules: Vec<RuleEffect>,
    /// Rules that only the last scan judged by: of a new version, or newly switched on.
    pub rules_added: u64,
    /// Rules that only the first scan judged by.
    pub rules_removed: u64,
    /// Points that came or went with these rules; the rest of the change is that of the rules of both scans.
    pub points_by_other_rules: Option<f64>,
    /// By function of the NIST Cybersecurity Framework.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub functions: Vec<TrendPart>,
    /// By account.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<TrendPart>,
    /// By project, as the configuration defines them today.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<TrendPart>,
    /// By framework: over the rules that serve it today.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<TrendPart>,
}
