//! How AWS's services lay out logs in a bucket, as far as keys tell. Pure.
//!
//! `[anything/]AWSLogs/[o-organisation/]account/kind/region/year/month/day/file`, and the same with names before the
//! values (`aws-region=eu-west-1/year=2026`) where flow logs are asked to. DNS query logs have the VPC instead of the region.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use yagura_model::{AccountId, Region};

/// What a folder of logs holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogKind {
    /// CloudTrail's events.
    CloudTrail,
    /// Hashes of CloudTrail's files: no events.
    CloudTrailDigest,
    /// What CloudTrail found unusual.
    CloudTrailInsight,
    /// Calls through VPC endpoints.
    CloudTrailNetworkActivity,
    /// VPC flow logs.
    FlowLogs,
    /// Route 53 Resolver's query logs.
    DnsQueryLogs,
    /// Findings that GuardDuty exports.
    GuardDuty,
}

impl LogKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::CloudTrail,
        Self::CloudTrailDigest,
        Self::CloudTrailInsight,
        Self::CloudTrailNetworkActivity,
        Self::FlowLogs,
        Self::DnsQueryLogs,
        Self::GuardDuty,
    ];

    /// The folder's name.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::CloudTrail => "CloudTrail",
            Self::CloudTrailDigest => "CloudTrail-Digest",
            Self::CloudTrailInsight => "CloudTrail-Insight",
            Self::CloudTrailNetworkActivity => "CloudTrail-NetworkActivity",
            Self::FlowLogs => "vpcflowlogs",
            Self::DnsQueryLogs => "vpcdnsquerylogs",
            Self::GuardDuty => "GuardDuty",
        }
    }

    fn of_folder(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.folder() == name)
    }

    /// Whether the names of a day's files are in the order of time. Digests are in the order of their trails.
    fn is_by_time(self) -> bool {
        matches!(self, Self::CloudTrail | Self::CloudTrailInsight | Self::CloudTrailNetworkActivity)
    }
}

/// Where a file of logs stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPlace {
    /// What the folder holds.
    pub kind: LogKind,
    /// The organisation of an organisation's trail: `o-...`.
    pub organization: Option<String>,
    /// Whose logs these are.
    pub account: AccountId,
    /// The region; DNS query logs do not tell it.
    pub region: Option<Region>,
    /// The day, in UTC.
    pub day: Option<Date>,
}

/// How far a folder leads into the layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Root,
    Organization,
    Account,
    Kind,
    /// The folder of a region, or something below it.
    Region,
}

/// A key or folder, cut up as far as it follows the layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed<'a> {
    pub(super) level: Level,
    organization: Option<&'a str>,
    pub(super) account: Option<AccountId>,
    pub(super) kind: Option<LogKind>,
    pub(super) region: Option<Region>,
    day: Option<Date>,
    /// How long the folder of the region is.
    pub(super) partition: usize,
    /// Whether names stand before the values.
    pub(super) named: bool,
}

impl Parsed<'_> {
    /// The place of a file: account, kind and region must be there.
    pub(super) fn place(&self) -> Option<LogPlace> {
        if self.level < Level::Region {
            return None;
        }
        Some(LogPlace {
            kind: self.kind?,
            organization: self.organization.map(str::to_owned),
            account: self.account.clone()?,
            region: self.region.clone(),
            day: self.day,
        })
    }
}

/// Where a file stands, if its key follows the layout.
#[must_use]
pub fn log_place(key: &str) -> Option<LogPlace> {
    parse(key)?.place()
}

/// Reads a key, or a folder that ends in a slash. The first `AWSLogs` that leads deepest counts.
pub(super) fn parse(text: &str) -> Option<Parsed<'_>> {
    let mut best: Option<Parsed<'_>> = None;
    let mut start = 0;
    for folder in text.split_inclusive('/') {
        start += folder.len();
        if folder == "AWSLogs/"
            && let Some(parsed) = from_root(text, start)
            && best.as_ref().is_none_or(|best| best.level < parsed.level)
        {
            best = Some(parsed);
        }
    }
    best
}

/// Reads what stands behind `AWSLogs/`; `None` when that is something else than the layout.
fn from_root(text: &str, mut at: usize) -> Option<Parsed<'_>> {
    let mut parsed = Parsed {
        level: Level::Root,
        organization: None,
        account: None,
        kind: None,
        region: None,
        day: None,
        partition: at,
        named: false,
    };
    let mut date = Vec::new();
    // Behind the last slash is a file's name, or nothing.
    let folders = text[at..].split_inclusive('/').filter_map(|folder| folder.strip_suffix('/'));
    for folder in folders {
        at += folder.len() + 1;
        match parsed.level {
            Level::Root if is_organization(folder) => {
                parsed.organization = Some(folder);
                parsed.level = Level::Organization;
            }
            Level::Root | Level::Organization => {
                let id = named("aws-account-id", folder);
                parsed.account = Some(AccountId::new(id).ok()?);
                parsed.named = id.len() < folder.len();
                parsed.level = Level::Account;
            }
            Level::Account => {
                parsed.kind = Some(LogKind::of_folder(named("aws-service", folder))?);
                parsed.level = Level::Kind;
            }
            Level::Kind => {
                parsed.region = region(named("aws-region", folder));
                parsed.level = Level::Region;
                parsed.partition = at;
            }
            Level::Region => {
                let names = ["year", "month", "day"];
                if let Some(name) = names.get(date.len()) {
                    let value = named(name, folder);
                    // Names stand before all values or before none: days are in order then.
                    match number(value).filter(|_| parsed.named == (value.len() < folder.len())) {
                        Some(number) => date.push(number),
                        None => break,
                    }
                } else {
                    break;
                }
            }
        }
    }
    if let [year, month, day] = date[..] {
        let small = |number: i16| i8::try_from(number).ok();
        parsed.day = small(month).zip(small(day)).and_then(|(month, day)| Date::new(year, month, day).ok());
    }
    Some(parsed)
}

fn named<'a>(name: &str, folder: &'a str) -> &'a str {
    folder.strip_prefix(name).and_then(|it| it.strip_prefix('=')).unwrap_or(folder)
}

fn is_organization(folder: &str) -> bool {
    folder.strip_prefix("o-").is_some_and(|id| {
        (10..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// `eu-west-1`, not `vpc-0123`.
fn region(text: &str) -> Option<Region> {
    let (name, number) = text.rsplit_once('-')?;
    let fits = name.contains('-') && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    (fits && number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit())).then(|| Region::new(text))
}

fn number(text: &str) -> Option<i16> {
    let fits = (text.len() == 4 || text.len() == 2) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

/// A day as it stands in keys, without the slash behind it.
pub(super) fn day_folder(day: Date, named: bool) -> String {
    let (year, month, day) = (day.year(), day.month(), day.day());
    if named {
        format!("year={year:04}/month={month:02}/day={day:02}")
    } else {
        format!("{year:04}/{month:02}/{day:02}")
    }
}

/// Where to go on in a folder whose last known file is `key`, so that files which are delivered late are not passed over:
/// a while before it. CloudTrail's files are in the order of time; within a day, others are not, and their day is begun
/// again, after the one before it.
///
/// `None` when the key does not tell its day: then there is no way to go on but from the beginning.
#[must_use]
pub fn go_on_after(key: &str, while_before: SignedDuration) -> Option<String> {
    let parsed = parse(key)?;
    let (place, folder) = (parsed.place()?, &key[..parsed.partition]);
    let day = place.day?;
    if place.kind.is_by_time()
        && let Some((begin, time)) = time_in_name(key)
    {
        let earlier = time.checked_sub(while_before).ok()?.to_zoned(TimeZone::UTC);
        let day = day_folder(earlier.date(), parsed.named);
        return Some(format!("{folder}{day}/{begin}{}", earlier.strftime("%Y%m%dT%H%M")));
    }
    Some(format!("{folder}{}", day_folder(day.yesterday().ok()?, parsed.named)))
}

/// The time in `111122223333_CloudTrail_eu-west-1_20260102T0305Z_x.json.gz`, with what stands before it.
fn time_in_name(key: &str) -> Option<(&str, Timestamp)> {
    let name = key.rsplit('/').next()?;
    let mut at = 0;
    for part in name.split_inclusive('_') {
        let digits = part.split('Z').next().unwrap_or_default().replace('T', "");
        if part.contains('Z') && digits.len() >= 12 && digits.bytes().all(|b| b.is_ascii_digit()) {
            let time = jiff::civil::DateTime::strptime("%Y%m%d%H%M", &digits[..12]).ok()?;
            return Some((&name[..at], time.to_zoned(TimeZone::UTC).ok()?.timestamp()));
        }
        at += part.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(key: &str) -> String {
        let Some(place) = log_place(key) else { return "none".to_owned() };
        format!(
            "{} {} {} {} {}",
            place.kind.folder(),
            place.organization.as_deref().unwrap_or("-"),
            place.account,
            place.region.as_ref().map_or("-", |it| it.as_str()),
            place.day.map_or("-".to_owned(), |it| it.to_string())
        )
    }

    #[test]
    fn keys_tell_kind_account_region_and_day() {
        for (key, expected) in [
            (
                "AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-west-1/2026/01/02/a.json.gz",
                "CloudTrail o-abcdefghij 111122223333 eu-west-1 2026-01-02",
            ),
            (
                "our/logs/AWSLogs/111122223333/CloudTrail-Digest/us-gov-west-1/2026/12/31/d.json.gz",
                "CloudTrail-Digest - 111122223333 us-gov-west-1 2026-12-31",
            ),
            (
                "AWSLogs/111122223333/vpcdnsquerylogs/vpc-01234567/2026/01/02/a.log.gz",
                "vpcdnsquerylogs - 111122223333 - 2026-01-02",
            ),
            (
                "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=01/\
                 day=02/hour=03/a.log.gz",
                "vpcflowlogs - 111122223333 eu-west-1 2026-01-02",
            ),
            (
                "AWSLogs/111122223333/GuardDuty/eu-west-1/2026/13/02/x.jsonl.gz",
                "GuardDuty - 111122223333 eu-west-1 -",
            ),
            ("AWSLogs/AWSLogs/111122223333/CloudTrail/eu-west-1/x", "CloudTrail - 111122223333 eu-west-1 -"),
            ("AWSLogs/111122223333/Config/eu-west-1/2026/1/2/x", "none"),
            ("AWSLogs/111122223333/CloudTrail/file", "none"),
            ("AWSLogs/readme.txt", "none"),
            ("2026/01/02/stream-1", "none"),
        ] {
            assert_eq!(told(key), expected, "{key}");
        }
    }

    #[test]
    fn going_on_leaves_time_for_files_that_come_late() {
        let hour = SignedDuration::from_hours(1);
        let trail = "AWSLogs/111122223333/CloudTrail/eu-west-1/";
        let key = |day: &str, time: &str| {
            format!("{trail}{day}/111122223333_CloudTrail_eu-west-1_{time}Z_Ab3.json.gz")
        };
        assert_eq!(
            go_on_after(&key("2026/01/02", "20260102T0030"), hour).unwrap(),
            format!("{trail}2026/01/01/111122223333_CloudTrail_eu-west-1_20260101T2330")
        );
        let guard_duty = "AWSLogs/111122223333/GuardDuty/eu-west-1/";
        let last = format!("{guard_duty}2026/03/01/0a1b.jsonl.gz");
        assert_eq!(go_on_after(&last, hour).unwrap(), format!("{guard_duty}2026/02/28"));
        assert_eq!(go_on_after("2026/01/02/stream", hour), None);
    }
}
