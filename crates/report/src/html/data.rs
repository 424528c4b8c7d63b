//! What the page's script is given: names once, rows as short lists that refer to them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use yagura_model::{
    AccountState, Fix, Function, Outcome, Percent, ReadStatus, RuleInfo, RuleText, Severity, Summary, Text,
};

use super::frameworks::FrameworkData;
use crate::digest::{CoverageDigest, Groups};
use crate::safe::line;
use crate::{Head, state_text};

/// Evidence longer than this is cut: a page is read by people.
const EVIDENCE: usize = 6_000;

#[derive(Serialize)]
pub(super) struct PageData<'a> {
    pub(super) version: &'a str,
    pub(super) lang: &'static str,
    pub(super) zone: String,
    pub(super) scan: ScanData,
    pub(super) organization: Option<&'a str>,
    pub(super) included: Vec<Outcome>,
    pub(super) accounts: Vec<AccountData>,
    pub(super) regions: Vec<String>,
    pub(super) rules: Vec<RuleData<'a>>,
    pub(super) reasons: Vec<[String; 2]>,
    pub(super) groups: Vec<GroupData>,
    pub(super) gaps: Vec<GapData>,
    pub(super) outcomes: &'a BTreeMap<Outcome, u64>,
    pub(super) severities: &'a BTreeMap<Severity, u64>,
    pub(super) functions: &'a BTreeMap<Function, BTreeMap<Outcome, u64>>,
    pub(super) scores: BTreeMap<Function, Percent>,
    pub(super) resources: u64,
    pub(super) calls: &'a BTreeMap<String, u64>,
    pub(super) left_out: u64,
    pub(super) frameworks: Vec<FrameworkData<'a>>,
}

/// Times are milliseconds since 1970.
#[derive(Serialize)]
pub(super) struct ScanData {
    pub(super) id: i64,
    pub(super) started: i64,
    pub(super) finished: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct AccountData {
    id: String,
    name: String,
    ou: String,
    state: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    why: String,
    resources: u64,
    outcomes: BTreeMap<Outcome, u64>,
    severities: BTreeMap<Severity, u64>,
    /// Calls whose answer is known, and not known.
    calls: (u64, u64),
}

#[derive(Serialize)]
pub(super) struct RuleData<'a> {
    id: &'a str,
    severity: Severity,
    function: Function,
    resource: &'a str,
    text: &'a Text<RuleText>,
    fix: &'a Fix,
    references: Vec<&'a str>,
    aliases: Vec<String>,
}

/// How many evaluations of a rule had an outcome, whether or not their rows are in the page.
#[derive(Serialize)]
pub(super) struct GroupData {
    outcome: Outcome,
    rule: usize,
    severity: Severity,
    count: u64,
    accounts: u64,
}

#[derive(Serialize)]
pub(super) struct GapData {
    status: &'static str,
    what: String,
    count: u64,
    accounts: u64,
    regions: Vec<String>,
}

/// One row: outcome, rule, severity, account, region, id, name, ARN, first seen, workflow, reason, evidence.
#[derive(Serialize)]
pub(super) struct RowData<'a>(
    pub(super) Outcome,
    pub(super) usize,
    pub(super) Severity,
    pub(super) usize,
    pub(super) usize,
    pub(super) &'a str,
    pub(super) &'a str,
    pub(super) &'a str,
    pub(super) Option<i64>,
    pub(super) Option<&'static str>,
    pub(super) Option<usize>,
    pub(super) Option<Value>,
);

/// Texts with the numbers they got.
#[derive(Debug)]
pub(super) struct Numbered<T>(BTreeMap<T, usize>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord + Clone> Numbered<T> {
    pub(super) fn number(&mut self, it: &T) -> usize {
        if let Some(number) = self.0.get(it) {
            return *number;
        }
        let next = self.0.len();
        self.0.insert(it.clone(), next);
        next
    }

    /// In the order of their numbers.
    pub(super) fn list(&self) -> Vec<T> {
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, number)| **number);
        all.into_iter().map(|(it, _)| it.clone()).collect()
    }
}

/// The evidence itself, or the beginning of its text when it is long.
pub(super) fn evidence(value: &Value) -> Value {
    let text = value.to_string();
    if text.len() <= EVIDENCE {
        return value.clone();
    }
    let cut: String = text.chars().take(EVIDENCE).collect();
    Value::String(cut + " ...")
}

pub(super) fn accounts(
    head: &Head<'_>,
    ids: &[String],
    summary: &Summary,
    coverage: &CoverageDigest,
) -> Vec<AccountData> {
    let scans: BTreeMap<_, _> = head.accounts.iter().map(|it| (it.account.id.as_str(), it)).collect();
    let data = ids.iter().map(|id| {
        let scan = scans.get(id.as_str());
        let known = head.organization.accounts.get(id.as_str());
        let account = scan.map(|it| &it.account).or(known);
        let state = match scan.map(|it| &it.state) {
            None | Some(AccountState::Scanned) => "SCANNED",
            Some(AccountState::Skipped { .. }) => "SKIPPED",
            Some(AccountState::Unreachable { .. }) => "UNREACHABLE",
        };
        let why = scan.and_then(|it| state_text(&it.state, head.lang)).unwrap_or_default();
        AccountData {
            id: id.clone(),
            name: account.map(|it| line(&it.name).into_owned()).unwrap_or_default(),
            ou: account.map(|it| line(&it.ou_path).into_owned()).unwrap_or_default(),
            state,
            why: line(&why).into_owned(),
            resources: scan.map_or(0, |it| it.resources),
            outcomes: summary.accounts.get(id.as_str()).cloned().unwrap_or_default(),
            severities: summary.account_severities.get(id.as_str()).cloned().unwrap_or_default(),
            calls: coverage.accounts.get(id.as_str()).copied().unwrap_or_default(),
        }
    });
    data.collect()
}

/// The score of each function in which something was judged.
pub(super) fn scores(head: &Head<'_>, summary: &Summary) -> BTreeMap<Function, Percent> {
    let of = |function| {
        summary.judged.score_of(|rule| head.rules.get(rule).is_some_and(|it| it.function == function))
    };
    Function::ALL.into_iter().filter_map(|it| Some((it, of(it)?))).collect()
}

pub(super) fn rules<'a>(head: &'a Head<'a>) -> Vec<RuleData<'a>> {
    let data = head.rules.values().map(|rule: &RuleInfo| RuleData {
        id: rule.id.as_str(),
        severity: rule.severity,
        function: rule.function,
        resource: rule.resource.as_str(),
        text: &rule.text,
        fix: &rule.fix,
        // A rule's file may come from anywhere; a link must not run a script.
        references: rule
            .references
            .iter()
            .map(String::as_str)
            .filter(|it| it.starts_with("https://"))
            .collect(),
        aliases: rule.aliases.qualified().collect(),
    });
    data.collect()
}

pub(super) fn groups(head: &Head<'_>, groups: &Groups) -> Vec<GroupData> {
    let numbers: BTreeMap<_, _> = head.rules.keys().enumerate().map(|(n, id)| (id, n)).collect();
    let all = Outcome::ALL.into_iter().flat_map(|outcome| {
        let of_outcome = groups.worst_first(outcome).into_iter();
        of_outcome.map(move |(severity, rule, group)| (outcome, severity, rule, group))
    });
    all.filter_map(|(outcome, severity, rule, group)| {
        let (count, accounts) = (group.spread.count, group.spread.accounts);
        numbers.get(rule).map(|rule| GroupData { outcome, rule: *rule, severity, count, accounts })
    })
    .collect()
}

pub(super) fn gaps(coverage: &CoverageDigest) -> Vec<GapData> {
    let order = ["DENIED", "THROTTLED", "FAILED", "NOT_SUPPORTED", "REGION_OFF", "EXCLUDED"];
    let all = order.into_iter().flat_map(|word| coverage.most_first(word).into_iter());
    all.map(|(kind, spread)| GapData {
        status: kind.status.word(),
        what: match &kind.status {
            ReadStatus::RegionOff => String::new(),
            _ => line(&kind.label(spread)).into_owned(),
        },
        count: spread.count,
        accounts: spread.accounts,
        regions: spread.regions.iter().map(ToString::to_string).collect(),
    })
    .collect()
}
