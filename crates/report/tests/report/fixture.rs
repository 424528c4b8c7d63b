//! One small scan with everything in it: every outcome, every kind of gap, and names that attack the reader.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::json;
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, AccountStatus, Assessment, CallCoverage, Evaluation,
    EvaluationRecord, FindingBrief, Fix, Function, Gap, Lang, Organization, Outcome, Partition, ReadStatus,
    Reason, RecordState, RequirementRef, RequirementsByRule, ResourceKey, RuleId, RuleInfo, RuleText, Scan,
    ScanId, ScanScope, Severity, Summary, Text, Timestamp, Workflow,
};
use yagura_report::{Format, Head, Style, Tail};

/// A bucket's name cannot look like this, a tag or an alias can.
pub const HOSTILE: &str = "=cmd|'/C calc'!A0</script><img src=x onerror=alert(1)>\u{1b}[2J\u{202e}";

pub const PRODUCTION: &str = "111122223333";
pub const GAMES: &str = "000123456789";
const REFUSED: &str = "222233334444";
const CLOSED: &str = "333344445555";

/// A scan with all that a report is given.
pub struct Fixture {
    pub scan: Scan,
    pub organization: Organization,
    pub accounts: Vec<AccountScan>,
    pub rules: BTreeMap<RuleId, RuleInfo>,
    pub records: Vec<EvaluationRecord>,
    pub coverage: Vec<CallCoverage>,
    pub summary: Summary,
    pub requirements: RequirementsByRule,
    pub frameworks: Vec<Assessment>,
}

impl Fixture {
    /// What `format` makes of it.
    pub fn told_in(&self, format: Format, lang: Lang, style: Style) -> String {
        let head = Head {
            requirements: &self.requirements,
            version: "0.1.0",
            scan: &self.scan,
            organization: &self.organization,
            accounts: &self.accounts,
            rules: &self.rules,
            lang,
            time_zone: (lang == Lang::Ja).then(|| jiff::tz::TimeZone::fixed(jiff::tz::offset(9))),
            outcomes: format.default_outcomes(),
        };
        let bytes = Shared::default();
        let mut report = format.begin(&head, style, Box::new(bytes.clone())).unwrap();
        for record in self.records.iter().filter(|it| head.outcomes.contains(&it.evaluation.outcome)) {
            report.evaluation(record).unwrap();
        }
        for row in &self.coverage {
            report.coverage(row).unwrap();
        }
        report.end(&Tail { summary: &self.summary, frameworks: &self.frameworks }).unwrap();
        let bytes = bytes.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    /// Takes one more evaluation, in its place.
    pub fn with(mut self, record: EvaluationRecord) -> Self {
        let function = self.rules[&record.evaluation.rule].function;
        self.summary.add(&record.evaluation, function);
        self.records.push(record);
        self.records.sort_by(|a, b| a.evaluation.sort_key().cmp(&b.evaluation.sort_key()));
        self
    }
}

#[derive(Clone, Default)]
pub struct Shared(pub Arc<Mutex<Vec<u8>>>);

impl Shared {
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn id(digits: &str) -> AccountId {
    AccountId::new(digits).unwrap()
}

fn account(digits: &str, name: &str, status: AccountStatus) -> Account {
    Account {
        name: name.to_owned(),
        ou_path: "Root/Workloads".to_owned(),
        status,
        management: digits == PRODUCTION,
        ..Account::bare(id(digits))
    }
}

fn rule(
    id: &str,
    resource: &str,
    severity: Severity,
    function: Function,
    en: [&str; 3],
    ja: [&str; 3],
) -> RuleInfo {
    let text = |[title, why, impact]: [&str; 3]| RuleText {
        title: title.to_owned(),
        why: why.to_owned(),
        impact_of_fix: impact.to_owned(),
    };
    RuleInfo {
        id: id.into(),
        aliases: yagura_model::Aliases {
            aws_config: vec![id.to_owned()],
            security_hub: vec!["EC2.13".to_owned()],
            prowler: Vec::new(),
        },
        resource: resource.into(),
        severity,
        function,
        text: Text { en: text(en), ja: text(ja) },
        fix: Fix {
            steps: Text {
                en: vec!["Find who needs it.".to_owned(), "Narrow it.".to_owned()],
                ja: vec!["利用者を確認します。".to_owned(), "範囲を絞ります。".to_owned()],
            },
            cli: Some(format!("aws ec2 fix --rule {id} --id ID")),
            repair: None,
        },
        references: vec![
            "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html".to_owned(),
        ],
    }
}

fn rules() -> BTreeMap<RuleId, RuleInfo> {
    let all = [
        rule(
            "restricted-ssh",
            "AWS::EC2::SecurityGroup",
            Severity::Critical,
            Function::Protect,
            [
                "SSH is open to the internet",
                "Anybody can try passwords.",
                "Who connects from outside loses access.",
            ],
            [
                "SSH がインターネットに公開されている",
                "誰でもパスワードを試せます。",
                "外部から接続できなくなります。",
            ],
        ),
        rule(
            "s3-bucket-policy-public",
            "AWS::S3::Bucket",
            Severity::High,
            Function::Protect,
            ["The bucket is public", "Its objects can be read by all.", "Public downloads stop."],
            ["バケットが公開されている", "誰でもオブジェクトを読めます。", "公開ダウンロードが止まります。"],
        ),
        rule(
            "cloudtrail-enabled",
            "AWS::::Account",
            Severity::High,
            Function::Detect,
            ["CloudTrail is off", "Nobody sees what happens.", "Storage costs."],
            ["CloudTrail が無効", "操作の記録が残りません。", "ストレージ費用がかかります。"],
        ),
    ];
    all.into_iter().map(|it| (it.id.clone(), it)).collect()
}

fn record(
    account: &str,
    place: (&str, &str, &str),
    rule: &str,
    outcome: Outcome,
    change: impl FnOnce(&mut EvaluationRecord),
) -> EvaluationRecord {
    let (region, resource_type, resource) = place;
    let arn = match resource {
        Evaluation::WHATEVER => String::new(),
        _ => format!("arn:aws:ec2:{region}:{account}:thing/{resource}"),
    };
    let severity = rules()[rule].severity;
    let mut record = EvaluationRecord {
        evaluation: Evaluation {
            resource: ResourceKey {
                account: id(account),
                region: region.into(),
                resource_type: resource_type.into(),
                id: resource.to_owned(),
            },
            rule: rule.into(),
            arn,
            name: String::new(),
            outcome,
            severity,
            reason: None,
            evidence: None,
        },
        finding: None,
    };
    change(&mut record);
    record
}

pub fn violation(account: &str, region: &str, resource: &str, name: &str) -> EvaluationRecord {
    let place = (region, "AWS::EC2::SecurityGroup", resource);
    record(account, place, "restricted-ssh", Outcome::NonCompliant, |it| {
        it.evaluation.name = name.to_owned();
        it.evaluation.evidence =
            Some(json!([{ "FromPort": 22, "IpRanges": [{ "CidrIp": "0.0.0.0/0", "Description": name }] }]));
        it.finding = Some(FindingBrief {
            id: format!("f-{account}-{region}-{}", resource.len()),
            first_seen: time("2025-11-03T04:05:06Z"),
            last_seen: time("2026-01-01T00:00:00Z"),
            workflow: Workflow::New,
            record_state: RecordState::Active,
        });
    })
}

fn records() -> Vec<EvaluationRecord> {
    let bucket = "AWS::S3::Bucket";
    let denied = ReadStatus::Denied { permission: "s3:GetBucketPolicy".to_owned() };
    let gap = |call: &str, region: &str, status| Gap { call: call.to_owned(), region: region.into(), status };
    let mut all = vec![
        violation(PRODUCTION, "ap-northeast-1", "sg-0a1", "踏み台サーバー"),
        violation(PRODUCTION, "ap-northeast-1", "sg-0a2", "jump host"),
        violation(GAMES, "eu-west-1", "sg-0b1", HOSTILE),
        record(
            GAMES,
            ("eu-west-1", "AWS::EC2::SecurityGroup", "sg-0b2"),
            "restricted-ssh",
            Outcome::Compliant,
            |_| {},
        ),
        record(
            GAMES,
            ("eu-west-1", "AWS::EC2::SecurityGroup", "sg-0b3"),
            "restricted-ssh",
            Outcome::NotApplicable,
            |it| {
                it.evaluation.reason = Some(Reason::Excepted {
                    by: "tag ssh=ok".to_owned(),
                    because: "approved until June".to_owned(),
                });
            },
        ),
        record(
            PRODUCTION,
            ("us-east-1", bucket, "logs"),
            "s3-bucket-policy-public",
            Outcome::InsufficientData,
            |it| {
                it.evaluation.reason =
                    Some(Reason::Unread { gaps: vec![gap("s3.GetBucketPolicy", "us-east-1", denied)] });
            },
        ),
        record(
            PRODUCTION,
            ("us-east-1", bucket, "site"),
            "s3-bucket-policy-public",
            Outcome::NonCompliant,
            |it| {
                it.evaluation.arn = "arn:aws:s3:::site".to_owned();
            },
        ),
        record(
            GAMES,
            ("eu-west-1", bucket, "*"),
            "s3-bucket-policy-public",
            Outcome::InsufficientData,
            |it| {
                let throttled = gap("s3.ListBuckets", "global", ReadStatus::Throttled);
                it.evaluation.reason = Some(Reason::Unread { gaps: vec![throttled] });
            },
        ),
        record(
            PRODUCTION,
            ("global", "AWS::::Account", PRODUCTION),
            "cloudtrail-enabled",
            Outcome::Compliant,
            |it| {
                it.evaluation.arn = format!("arn:aws:iam::{PRODUCTION}:root");
            },
        ),
    ];
    all.sort_by(|a, b| a.evaluation.sort_key().cmp(&b.evaluation.sort_key()));
    all
}

fn coverage() -> Vec<CallCoverage> {
    let row = |account: &str, region: &str, call: &str, status, count| CallCoverage {
        account: id(account),
        region: region.into(),
        call: call.to_owned(),
        status,
        count,
    };
    let denied = |permission: &str| ReadStatus::Denied { permission: permission.to_owned() };
    vec![
        row(GAMES, "eu-west-1", "ec2.DescribeSecurityGroups", ReadStatus::Read, 1),
        row(GAMES, "global", "s3.ListBuckets", ReadStatus::Throttled, 1),
        row(PRODUCTION, "ap-northeast-1", "ec2.DescribeSecurityGroups", ReadStatus::Read, 1),
        row(PRODUCTION, "ap-northeast-1", "macie2.GetMacieSession", ReadStatus::NotSupported, 1),
        row(
            PRODUCTION,
            "ap-northeast-1",
            "rds.DescribeDBInstances",
            ReadStatus::Failed { code: "timeout".to_owned() },
            1,
        ),
        row(PRODUCTION, "me-south-1", "ec2.DescribeInstances", ReadStatus::RegionOff, 1),
        row(PRODUCTION, "us-east-1", "s3.GetBucketPolicy", ReadStatus::Absent, 1),
        row(PRODUCTION, "us-east-1", "s3.GetBucketPolicy", denied("s3:GetBucketPolicy"), 1),
    ]
}

/// The whole of it.
pub fn small() -> Fixture {
    let scanned = |digits: &str, name: &str, regions: &[&str]| AccountScan {
        account: account(digits, name, AccountStatus::Active),
        state: AccountState::Scanned,
        regions: regions.iter().map(|it| (*it).into()).collect(),
        resources: 4,
        switched_off: BTreeSet::new(),
    };
    let accounts = vec![
        scanned(GAMES, "ゲーム開発", &["eu-west-1"]),
        scanned(PRODUCTION, "production", &["ap-northeast-1", "us-east-1"]),
        AccountScan {
            account: account(REFUSED, "acquired =HYPERLINK(\"x\")", AccountStatus::Active),
            state: AccountState::Unreachable {
                role: Some("arn:aws:iam::222233334444:role/YaguraReadOnly".to_owned()),
                error: "AccessDenied".to_owned(),
            },
            regions: Vec::new(),
            resources: 0,
            switched_off: BTreeSet::new(),
        },
        AccountScan {
            account: account(CLOSED, "old", AccountStatus::Suspended),
            state: AccountState::Skipped { reason: yagura_model::AccountStatus::Suspended },
            regions: Vec::new(),
            resources: 0,
            switched_off: BTreeSet::new(),
        },
    ];
    let mut summary = Summary { resources: 8, ..Summary::default() };
    let (records, coverage, rules) = (records(), coverage(), rules());
    for record in &records {
        summary.add(&record.evaluation, rules[&record.evaluation.rule].function);
    }
    for row in &coverage {
        *summary.calls.entry(row.status.word().to_owned()).or_default() += row.count;
    }
    Fixture {
        scan: Scan {
            id: ScanId(7),
            started: time("2026-01-01T00:00:00Z"),
            finished: Some(time("2026-01-01T00:00:42Z")),
            scope: ScanScope {
                accounts: accounts.iter().map(|it| it.account.id.clone()).collect(),
                regions: BTreeSet::new(),
                rules: rules.keys().cloned().collect(),
                types: BTreeSet::new(),
                digest: "d1".to_owned(),
                question: String::new(),
                is_narrowed: false,
            },
        },
        organization: Organization {
            id: Some("o-a1b2c3d4e5".to_owned()),
            management_account: Some(id(PRODUCTION)),
            partition: Partition::Aws,
            accounts: accounts.iter().map(|it| (it.account.id.clone(), it.account.clone())).collect(),
        },
        accounts,
        rules,
        records,
        coverage,
        summary,
        requirements: requirements(),
        frameworks: Vec::new(),
    }
}

/// Two frameworks that `restricted-ssh` serves.
fn requirements() -> RequirementsByRule {
    let served = |framework: &str, name: &str, requirement: &str| RequirementRef {
        nth: 0,
        framework: framework.to_owned(),
        name: Text { en: name.to_owned(), ja: name.to_owned() },
        security_hub: (framework == "cis-aws-5.0")
            .then(|| "cis-aws-foundations-benchmark/v/5.0.0".to_owned()),
        requirement: requirement.to_owned(),
    };
    let both = vec![
        served("cis-aws-5.0", "CIS AWS Foundations Benchmark 5.0.0", "5.3"),
        served("pci-dss-4.0", "PCI DSS 4.0.1", "1.3.1"),
    ];
    BTreeMap::from([("restricted-ssh".into(), both)])
}
