//! The arguments of `yagura report` and `yagura progress`.

use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use yagura_model::{Partition, Timestamp};
use yagura_report::{ProgressBy, ProjectFormat};

use super::{StoredArguments, ThreatFormat};

/// `yagura report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    #[command(subcommand)]
    pub command: Option<ReportCommand>,
    #[command(flatten)]
    pub make: MakeArguments,
}

/// What there is beside making reports.
#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Print a bucket policy that lets reports be read from the company's addresses only.
    BucketPolicy(BucketPolicyArguments),
    /// Check `[[reports]]` of the configuration, and tell when each is made next.
    Schedule {
        /// So many next runs of each.
        #[arg(long, value_name = "N", default_value_t = 3)]
        runs: usize,
        /// As if it were then (RFC 3339).
        #[arg(long, env = "YAGURA_NOW", value_name = "TIME")]
        now: Option<Timestamp>,
    },
    /// Make the reports of `[[reports]]` that are due since they were made last: for cron, or a scheduled ECS task.
    RunDue {
        #[command(flatten)]
        from: StoredArguments,
    },
}

/// Which reports are made, as what, and where they go.
#[derive(Debug, Default, Args)]
pub struct MakeArguments {
    /// Projects of the configuration, by name.
    #[arg(long = "project", env = "YAGURA_PROJECTS", value_delimiter = ',', value_name = "NAME")]
    pub projects: Vec<String>,
    /// Every project of the configuration.
    #[arg(long, conflicts_with = "projects")]
    pub all_projects: bool,
    /// Also a report about the accounts that are in no project.
    #[arg(long)]
    pub without_project: bool,
    /// xlsx, csv, html, pdf, json; several with commas.
    #[arg(long, short, value_delimiter = ',', value_name = "FORMAT", default_value = "xlsx")]
    pub output: Vec<ReportFormat>,
    /// A directory, or `s3://bucket/prefix`.
    #[arg(long, value_name = "DIR|S3", default_value = ".")]
    pub out: String,
    /// How S3 encrypts: `AES256` or `aws:kms`; the bucket's default when left out.
    #[arg(long, value_name = "ALGORITHM", value_parser = ["AES256", "aws:kms"])]
    pub sse: Option<String>,
    /// The key for `aws:kms`; the account's own for S3 when left out.
    #[arg(long, value_name = "KEY", requires = "sse")]
    pub kms_key: Option<String>,
    /// Print a link to each report in S3 that lives so long: `7d`, `12h`, `30m`; seven days at most.
    #[arg(long, value_name = "SPAN")]
    pub presign: Option<Lifetime>,
    /// Findings that ended too.
    #[arg(long)]
    pub with_ended: bool,
    /// Only these frameworks: ids, globs or aliases; all when left out.
    #[arg(long, env = "YAGURA_FRAMEWORK", value_delimiter = ',', value_name = "FRAMEWORK")]
    pub framework: Vec<String>,
    /// So many weeks of history.
    #[arg(long, value_name = "N", default_value_t = 26, value_parser = clap::value_parser!(u16).range(1..=520))]
    pub weeks: u16,
    #[command(flatten)]
    pub from: StoredArguments,
}

/// `yagura report bucket-policy`.
#[derive(Debug, Args)]
pub struct BucketPolicyArguments {
    /// The bucket.
    #[arg(long, value_name = "NAME")]
    pub bucket: String,
    /// Addresses that may read, as the internet sees them: `203.0.113.0/24`, or one address. May be repeated.
    #[arg(long, value_delimiter = ',', num_args = 1.., value_name = "CIDR", value_parser = network)]
    pub source_ip: Vec<ipnet::IpNet>,
    /// VPC endpoints through which may be read. May be repeated.
    #[arg(long, value_delimiter = ',', value_name = "VPCE")]
    pub vpc_endpoint: Vec<String>,
    /// Principals who may read from anywhere, never those who make links: ARNs, with `*` and `?`. May be repeated.
    #[arg(long, value_delimiter = ',', value_name = "ARN")]
    pub except: Vec<String>,
    /// The partition of the bucket: aws, aws-cn, aws-us-gov.
    #[arg(long, value_name = "PARTITION", default_value = "aws", value_parser = partition)]
    pub partition: Partition,
}

fn network(text: &str) -> Result<ipnet::IpNet, String> {
    let address = text.parse::<std::net::IpAddr>().map(ipnet::IpNet::from);
    let network = text.parse::<ipnet::IpNet>().map(|it| it.trunc());
    network
        .or(address)
        .map_err(|_| format!("`{text}` is neither a range such as 203.0.113.0/24 nor an address"))
}

fn partition(text: &str) -> Result<Partition, String> {
    let all = [Partition::Aws, Partition::China, Partition::UsGov];
    let found = all.into_iter().find(|it| it.as_str() == text);
    found.ok_or_else(|| format!("`{text}` is no partition: aws, aws-cn, aws-us-gov"))
}

/// `yagura progress`.
#[derive(Debug, Args)]
pub struct ProgressArguments {
    /// What the curves are drawn for; everything in JSON.
    #[arg(long, value_enum, default_value_t = By::Project)]
    pub by: By,
    /// So many weeks, the current one with them.
    #[arg(long, value_name = "N", default_value_t = 26, value_parser = clap::value_parser!(u16).range(1..=520))]
    pub weeks: u16,
    /// For people, or JSON.
    #[arg(long, short, value_enum, default_value_t = ThreatFormat::Table)]
    pub output: ThreatFormat,
    #[command(flatten)]
    pub from: StoredArguments,
}

/// What progress is shown by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Each project of the configuration.
    Project,
    /// Each framework.
    Framework,
    /// Each rule.
    Rule,
}

impl From<By> for ProgressBy {
    fn from(by: By) -> Self {
        match by {
            By::Project => Self::Project,
            By::Framework => Self::Framework,
            By::Rule => Self::Rule,
        }
    }
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReportFormat {
    /// As the report is made.
    Made(ProjectFormat),
    /// The page, printed by Chromium.
    Pdf,
}

impl ReportFormat {
    /// The ending of files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made(format) => format.as_str(),
            Self::Pdf => "pdf",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Made(format) => format.media_type(),
            Self::Pdf => "application/pdf",
        }
    }
}

impl FromStr for ReportFormat {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if word.eq_ignore_ascii_case("pdf") {
            return Ok(Self::Pdf);
        }
        let made = word.parse().map(Self::Made);
        made.map_err(|_| format!("`{word}` is no format of a report: xlsx, csv, html, pdf, json"))
    }
}

/// How long a link lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime(pub Duration);

impl FromStr for Lifetime {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no span such as 7d, 12h or 30m");
        let unit = text.chars().last().ok_or_else(wrong)?;
        let each = match unit {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return Err(wrong()),
        };
        let number = text.strip_suffix(unit).and_then(|it| it.parse::<u32>().ok()).filter(|it| *it > 0);
        let lifetime = Duration::from_secs(u64::from(number.ok_or_else(wrong)?) * each);
        if lifetime > yagura_aws::LONGEST_LINK {
            return Err(format!("a link lives for seven days at most, and `{text}` is longer"));
        }
        Ok(Self(lifetime))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_lives_for_a_week_at_most() {
        let read = |text: &str| text.parse::<Lifetime>().map(|it| it.0.as_secs());
        assert_eq!((read("7d"), read("12h"), read("90s")), (Ok(604_800), Ok(43_200), Ok(90)));
        assert!(read("8d").unwrap_err().contains("seven days at most"));
        for wrong in ["", "d", "0h", "-1d", "7", "1週", "99999999999d"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn formats_are_found_by_name() {
        assert_eq!("PDF".parse(), Ok(ReportFormat::Pdf));
        assert_eq!("xlsx".parse(), Ok(ReportFormat::Made(ProjectFormat::Xlsx)));
        assert!("docx".parse::<ReportFormat>().unwrap_err().contains("xlsx, csv, html, pdf, json"));
    }
}
