//! What a row of a table of projects says besides the project and its accounts: who is told, how, and when.
//!
//! Every column may be missing, and every cell empty. A cell that cannot be used is told, and the others count.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use csv::StringRecord;

use crate::settings::Project;

/// Titles of each column, in small letters and without anything between the words.
const OWNERS: &[&str] = &[
    "owners",
    "ownermail",
    "owneremail",
    "owneraddress",
    "contacts",
    "連絡先",
    "担当者連絡先",
    "担当者メール",
    "担当者メールアドレス",
];
const LANG: &[&str] = &["lang", "language", "言語"];
const TIME_ZONE: &[&str] = &["timezone", "タイムゾーン", "時間帯"];
const ENVIRONMENT: &[&str] = &["environment", "environmentname", "環境", "環境名"];
const DESTINATIONS: &[&str] = &["destination", "destinations", "配信先", "通知先"];
const SEVERITY: &[&str] = &["minseverity", "minimumseverity", "最低重大度", "通知する重大度", "最低重要度"];
const QUIET: &[&str] = &["quiethours", "通知停止時間", "通知停止時間帯", "静穏時間"];
const SCHEDULE: &[&str] = &["reportschedule", "レポート予定", "レポートスケジュール", "レポート配信予定"];

/// Where the columns are.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    owners: Option<usize>,
    lang: Option<usize>,
    time_zone: Option<usize>,
    environment: Option<usize>,
    destinations: Option<usize>,
    min_severity: Option<usize>,
    quiet_hours: Option<usize>,
    report_schedule: Option<usize>,
}

/// A cell that cannot be used.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

impl Columns {
    pub(crate) fn of(titles: &[String]) -> Self {
        let column = |names: &[&str]| titles.iter().position(|it| names.contains(&it.as_str()));
        Self {
            owners: column(OWNERS),
            lang: column(LANG),
            time_zone: column(TIME_ZONE),
            environment: column(ENVIRONMENT),
            destinations: column(DESTINATIONS),
            min_severity: column(SEVERITY),
            quiet_hours: column(QUIET),
            report_schedule: column(SCHEDULE),
        }
    }

    /// What a row says. Destinations are checked where it is known which there are.
    pub(crate) fn said(
        &self,
        record: &StringRecord,
        known: Option<&BTreeSet<String>>,
    ) -> (Project, Vec<Mistake>) {
        let cell = |column: Option<usize>| {
            column.and_then(|it| record.get(it)).map(str::trim).filter(|it| !it.is_empty())
        };
        let mut wrong = Vec::new();
        let mut project = Project {
            lang: parsed(cell(self.lang), "projects/lang", &mut wrong),
            time_zone: parsed(cell(self.time_zone), "projects/time-zone", &mut wrong),
            environment: cell(self.environment).map(str::to_owned),
            min_severity: parsed(cell(self.min_severity), "projects/severity", &mut wrong),
            quiet_hours: parsed(cell(self.quiet_hours), "projects/quiet-hours", &mut wrong),
            report_schedule: parsed(cell(self.report_schedule), "projects/schedule", &mut wrong),
            ..Project::default()
        };
        for owner in entries(cell(self.owners)) {
            project.owners.extend(parsed(Some(owner), "projects/owner", &mut wrong));
        }
        for name in entries(cell(self.destinations)) {
            match known {
                Some(known) if !known.contains(name) => wrong.push(unknown_destination(name, known)),
                _ => project.destinations.push(name.to_owned()),
            }
        }
        (project, wrong)
    }
}

/// A destination that the configuration does not define.
fn unknown_destination(name: &str, known: &BTreeSet<String>) -> Mistake {
    let names: Vec<_> = known.iter().map(|it| format!("`{it}`")).collect();
    let help = if names.is_empty() {
        format!("`[destinations.{name}]` in yagura.toml defines it")
    } else {
        format!("yagura.toml defines {}", names.join(", "))
    };
    let message = format!("there is no destination `{name}`");
    Mistake { code: "projects/destination", message, help: Some(help) }
}

fn entries(cell: Option<&str>) -> impl Iterator<Item = &str> {
    let parted = |it: char| it.is_whitespace() || matches!(it, ',' | ';' | '、' | '，' | '；');
    cell.unwrap_or_default().split(parted).filter(|it| !it.is_empty())
}

fn parsed<T: FromStr<Err: Display>>(
    cell: Option<&str>,
    code: &'static str,
    wrong: &mut Vec<Mistake>,
) -> Option<T> {
    match cell?.parse::<T>() {
        Ok(value) => Some(value),
        Err(error) => {
            wrong.push(Mistake { code, message: error.to_string(), help: None });
            None
        }
    }
}

/// What of a row another row of the same project said otherwise.
pub(crate) fn differences(known: &Project, row: &Project) -> Vec<&'static str> {
    fn differ<T: PartialEq>(known: &Option<T>, row: &Option<T>) -> bool {
        known.is_some() && row.is_some() && known != row
    }
    [
        ("language", differ(&known.lang, &row.lang)),
        ("time zone", differ(&known.time_zone, &row.time_zone)),
        ("environment", differ(&known.environment, &row.environment)),
        ("severity", differ(&known.min_severity, &row.min_severity)),
        ("quiet hours", differ(&known.quiet_hours, &row.quiet_hours)),
        ("report schedule", differ(&known.report_schedule, &row.report_schedule)),
    ]
    .into_iter()
    .filter_map(|(what, differs)| differs.then_some(what))
    .collect()
}
