//! `[[reports]]` in yagura.toml: which reports are made when, and where they go.

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};
use yagura_model::Lang;
use yagura_posture::{Project, Schedule};

use crate::arguments::{Lifetime, ReportFormat};

/// Reports that are made on a schedule.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduledReport {
    /// What it is called: what was made last is remembered under this name.
    pub name: String,
    /// The projects; every one when left out.
    #[serde(default)]
    pub projects: Vec<String>,
    /// Also a report about the accounts that are in no project.
    #[serde(default)]
    pub without_project: bool,
    /// When: `0 9 * * mon`; when each project's own `report_schedule` says when left out.
    #[serde(default, deserialize_with = "maybe_parsed")]
    pub schedule: Option<Schedule>,
    /// In which time zone, that of the schedule and of the report; the project's, or else this machine's, when left out.
    #[serde(default, deserialize_with = "zone")]
    pub time_zone: Option<TimeZone>,
    /// The formats; a workbook when left out.
    #[serde(default = "workbook", deserialize_with = "all_parsed")]
    pub output: Vec<ReportFormat>,
    /// A directory, or `s3://bucket/prefix`.
    pub out: String,
    /// How S3 encrypts.
    pub sse: Option<String>,
    /// The key for `aws:kms`.
    pub kms_key: Option<String>,
    /// How long links live.
    #[serde(default, deserialize_with = "maybe_parsed")]
    pub presign: Option<Lifetime>,
    /// The language; the project's when left out.
    pub lang: Option<Lang>,
}

fn workbook() -> Vec<ReportFormat> {
    vec![ReportFormat::Made(yagura_report::ProjectFormat::Xlsx)]
}

fn parsed<'de, D: Deserializer<'de>, T: std::str::FromStr<Err: std::fmt::Display>>(
    from: D,
) -> Result<T, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

pub(crate) fn maybe_parsed<'de, D: Deserializer<'de>, T: std::str::FromStr<Err: std::fmt::Display>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    parsed(from).map(Some)
}

pub(crate) fn all_parsed<'de, D: Deserializer<'de>, T: std::str::FromStr<Err: std::fmt::Display>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    words.iter().map(|it| it.parse().map_err(serde::de::Error::custom)).collect()
}

pub(crate) fn zone<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TimeZone>, D::Error> {
    let name = String::deserialize(from)?;
    let wrong = || {
        serde::de::Error::custom(format!("`{name}` is no time zone: IANA's names such as `Asia/Tokyo` are"))
    };
    TimeZone::get(&name).map(Some).map_err(|_| wrong())
}

impl ScheduledReport {
    /// The zone in which it is scheduled and read, about a project or about the accounts of none.
    pub fn zone(&self, project: Option<&Project>) -> TimeZone {
        let of_project = || project.and_then(|it| it.time_zone.as_ref()).map(|it| it.zone().clone());
        self.time_zone.clone().or_else(of_project).unwrap_or_else(TimeZone::system)
    }

    /// When it is made about a project, or about the accounts of none; `None`: never.
    pub fn schedule<'s>(&'s self, project: Option<&'s Project>) -> Option<&'s Schedule> {
        self.schedule.as_ref().or_else(|| project.and_then(|it| it.report_schedule.as_ref()))
    }
}
