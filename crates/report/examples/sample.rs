//! Writes a report about an organisation that does not exist, to look at a format or to measure it.
//!
//!     cargo run -p yagura-report --example sample -- html 40 2000 > page.html
//!
//! Arguments: the format, how many accounts, how many evaluations an account has at most, the language.
#![expect(clippy::print_stderr, reason = "an example is a program")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use serde::Deserialize;
use serde_json::{Value, json};
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, AccountStatus, Aliases, CallCoverage, Evaluation,
    EvaluationRecord, FindingBrief, Fix, Function, Gap, Lang, Organization, Outcome, Partition, ReadStatus,
    Reason, RecordState, ResourceKey, ResourceType, RuleId, RuleInfo, RuleText, Scan, ScanId, ScanScope,
    Summary, Text, Timestamp, Workflow,
};
use yagura_packs::Packs;
use yagura_report::{Format, Head, Style, Tail};

const REGIONS: [&str; 5] = ["ap-northeast-1", "ap-northeast-3", "eu-west-1", "us-east-1", "us-west-2"];
const TEAMS: [&str; 12] = [
    "production",
    "staging",
    "ゲーム基盤",
    "payments",
    "data-lake",
    "マーケティング",
    "sandbox",
    "shared-services",
    "log-archive",
    "security",
    "モバイル開発",
    "acquired-2024",
];
const NAMES: [&str; 8] =
    ["web", "踏み台", "batch", "api", "検証用", "legacy", "ml-train", "<script>alert(1)</script>"];

/// What a report tells about a rule, read from its file.
#[derive(Deserialize)]
struct RuleFile {
    id: RuleId,
    #[serde(default)]
    aliases: Aliases,
    resource: ResourceType,
    severity: String,
    function: Function,
    text: Text<RuleText>,
    fix: Fix,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    examples: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    given: Value,
    expect: Outcome,
}

/// The same numbers on every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        let n = usize::try_from(self.roll(from.len() as u64)).unwrap_or_default();
        from.get(n).copied().unwrap_or_default()
    }
}

type Rules = BTreeMap<RuleId, (RuleInfo, Vec<Value>)>;

fn rules() -> Result<Rules, Box<dyn Error>> {
    let packs = Packs::embedded();
    let mut rules = Rules::new();
    for file in packs.below("rules", "yaml") {
        let file: RuleFile = yagura_packs::parse(file).map_err(|it| it.to_string())?;
        let bad =
            file.examples.into_iter().filter(|it| it.expect == Outcome::NonCompliant).map(|it| it.given);
        let info = RuleInfo {
            id: file.id.clone(),
            aliases: file.aliases,
            resource: file.resource,
            severity: file.severity.parse()?,
            function: file.function,
            text: file.text,
            fix: file.fix,
            references: file.references,
        };
        rules.insert(file.id, (info, bad.collect()));
    }
    Ok(rules)
}

fn accounts(count: u64) -> Result<Vec<AccountScan>, Box<dyn Error>> {
    let mut scans = Vec::new();
    for n in 0..count {
        let id = AccountId::new(&format!("{:012}", 100_000_000_000 + n * 7_777_777_777 % 800_000_000_000))?;
        let at = usize::try_from(n).unwrap_or_default();
        let (team, more) = (TEAMS[at % TEAMS.len()], at / TEAMS.len());
        let name = if more == 0 { team.to_owned() } else { format!("{team}-{}", more + 1) };
        let state = match n {
            10 => AccountState::Skipped { reason: yagura_model::AccountStatus::Suspended },
            _ if n % 50 == 11 => AccountState::Unreachable {
                role: Some("arn:aws:iam::222233334444:role/YaguraReadOnly".to_owned()),
                error: "AccessDenied".to_owned(),
            },
            _ => AccountState::Scanned,
        };
        let account = Account {
            name,
            ou_path: format!("Root/{}", if n % 2 == 0 { "Workloads" } else { "Platform" }),
            status: if n == 10 { AccountStatus::Suspended } else { AccountStatus::Active },
            management: n == 0,
            ..Account::bare(id)
        };
        let regions = REGIONS.iter().map(|it| (*it).into()).collect();
        scans.push(AccountScan { account, state, regions, resources: 0, switched_off: Default::default() });
    }
    scans.sort_by(|a, b| a.account.id.cmp(&b.account.id));
    Ok(scans)
}

fn evaluations(
    dice: &mut Dice,
    account: &AccountId,
    rules: &Rules,
    most: u64,
    now: Timestamp,
) -> Vec<EvaluationRecord> {
    let all: Vec<_> = rules.values().collect();
    let mut records = BTreeMap::new();
    for n in 0..most / 2 + dice.roll(most / 2) {
        let rule_at = usize::try_from(dice.roll(dice.0 % (all.len() as u64) + 1)).unwrap_or_default();
        let (rule, bad) = all[rule_at];
        let outcome = match dice.roll(100) {
            0..55 => Outcome::Compliant,
            55..80 => Outcome::NonCompliant,
            80..94 => Outcome::NotApplicable,
            _ => Outcome::InsufficientData,
        };
        let once = rule.resource.as_str() == ResourceType::ACCOUNT;
        let region = if once { "global" } else { dice.pick(&REGIONS) };
        let id = if once {
            account.to_string()
        } else {
            format!("{}-{:017x}", rule.resource.service().to_lowercase(), n)
        };
        let key = ResourceKey {
            account: account.clone(),
            region: region.into(),
            resource_type: rule.resource.clone(),
            id,
        };
        let service = rule.resource.service().to_lowercase();
        let reason = (outcome == Outcome::InsufficientData).then(|| {
            let status = ReadStatus::Denied { permission: format!("{service}:Describe") };
            Reason::Unread {
                gaps: vec![Gap { call: format!("{service}.Describe"), region: region.into(), status }],
            }
        });
        let violation = outcome == Outcome::NonCompliant;
        let first_seen =
            now - jiff::SignedDuration::from_hours(i64::try_from(dice.roll(4000)).unwrap_or_default());
        let finding = violation.then(|| FindingBrief {
            id: format!("{:016x}", dice.roll(u64::MAX)),
            first_seen,
            last_seen: now,
            workflow: if dice.roll(12) == 0 { Workflow::Suppressed } else { Workflow::New },
            record_state: RecordState::Active,
        });
        let evaluation = Evaluation {
            arn: format!("arn:aws:{service}:{region}:{account}:{}", key.id),
            resource: key,
            rule: rule.id.clone(),
            name: if once { String::new() } else { dice.pick(&NAMES).to_owned() },
            outcome,
            severity: rule.severity,
            reason,
            evidence: violation.then(|| bad.first().cloned().unwrap_or_else(|| json!({}))),
        };
        let order = (evaluation.resource.clone(), evaluation.rule.clone());
        records.insert(order, EvaluationRecord { evaluation, finding });
    }
    records.into_values().collect()
}

fn coverage(dice: &mut Dice, account: &AccountId) -> Vec<CallCoverage> {
    let row = |region: &str, call: &str, status, count| CallCoverage {
        account: account.clone(),
        region: region.into(),
        call: call.to_owned(),
        status,
        count,
    };
    let denied = |permission: &str| ReadStatus::Denied { permission: permission.to_owned() };
    let mut rows = vec![row("me-south-1", "ec2.DescribeInstances", ReadStatus::RegionOff, 1)];
    for region in REGIONS {
        rows.push(row(region, "ec2.DescribeInstances", ReadStatus::Read, 40 + dice.roll(30)));
        rows.push(row(region, "macie2.GetMacieSession", ReadStatus::NotSupported, 1));
        if dice.roll(9) == 0 {
            rows.push(row(region, "kms.GetKeyPolicy", denied("kms:GetKeyPolicy"), 1 + dice.roll(9)));
        }
        if dice.roll(20) == 0 {
            rows.push(row(region, "config.DescribeConfigRules", ReadStatus::Throttled, 1));
        }
        if dice.roll(30) == 0 {
            let timeout = ReadStatus::Failed { code: "timeout".to_owned() };
            rows.push(row(region, "rds.DescribeDBInstances", timeout, 1));
        }
    }
    if dice.roll(3) == 0 {
        rows.push(row("global", "s3.GetBucketPolicy", denied("s3:GetBucketPolicy"), 3));
        rows.push(row("global", "iam.GetAccountPasswordPolicy", ReadStatus::Absent, 1));
    }
    rows
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: u64| arguments.get(at).map_or(Ok(otherwise), |it| it.parse());
    let format: Format = arguments.first().map_or("table", String::as_str).parse()?;
    let (count, most) = (number(1, 12)?, number(2, 400)?);
    let lang: Lang = arguments.get(3).map_or("en", String::as_str).parse()?;
    let (rules, now, mut dice) = (rules()?, "2026-01-15T00:30:00Z".parse::<Timestamp>()?, Dice(42));
    let infos: BTreeMap<RuleId, RuleInfo> =
        rules.iter().map(|(id, (info, _))| (id.clone(), info.clone())).collect();
    let mut scans = accounts(count)?;
    let mut summary = Summary::default();
    let mut told = Vec::new();
    let mut calls = Vec::new();
    for scan in scans.iter_mut().filter(|it| it.state == AccountState::Scanned) {
        let records = evaluations(&mut dice, &scan.account.id, &rules, most, now);
        scan.resources = records.len() as u64;
        summary.resources += scan.resources;
        for record in &records {
            let function = infos.get(&record.evaluation.rule).map_or(Function::Protect, |it| it.function);
            summary.add(&record.evaluation, function);
        }
        told.extend(records);
        calls.extend(coverage(&mut dice, &scan.account.id));
    }
    for row in &calls {
        *summary.calls.entry(row.status.word().to_owned()).or_default() += row.count;
    }
    let organization = Organization {
        id: Some("o-a1b2c3d4e5".to_owned()),
        management_account: scans.first().map(|it| it.account.id.clone()),
        partition: Partition::Aws,
        accounts: scans.iter().map(|it| (it.account.id.clone(), it.account.clone())).collect(),
    };
    let scan = Scan {
        id: ScanId(7),
        started: now,
        finished: Some(now + jiff::SignedDuration::from_secs(47)),
        scope: ScanScope {
            accounts: organization.accounts.keys().cloned().collect(),
            regions: BTreeSet::new(),
            rules: infos.keys().cloned().collect(),
            types: BTreeSet::new(),
            digest: String::new(),
            question: String::new(),
            is_narrowed: false,
        },
    };
    let requirements = Default::default();
    let head = Head {
        requirements: &requirements,
        version: env!("CARGO_PKG_VERSION"),
        scan: &scan,
        organization: &organization,
        accounts: &scans,
        rules: &infos,
        lang,
        time_zone: Some(jiff::tz::TimeZone::get("Asia/Tokyo")?),
        outcomes: format.default_outcomes(),
    };
    let style = Style { width: 120, colours: format == Format::Table, ..Style::default() };
    let mut report = format.begin(&head, style, Box::new(std::io::stdout()))?;
    for record in told.iter().filter(|it| head.outcomes.contains(&it.evaluation.outcome)) {
        report.evaluation(record)?;
    }
    for row in &calls {
        report.coverage(row)?;
    }
    report.end(&Tail { summary: &summary, frameworks: &[] })?;
    eprintln!("{} evaluations, {} coverage rows", told.len(), calls.len());
    Ok(())
}
