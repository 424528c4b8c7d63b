//! The detectors of AWS by their names on the command line, and where each of them is asked.

use std::fmt;
use std::str::FromStr;

use yagura_aws::Target;
use yagura_model::{AccountId, Detector, Region, Timestamp, UnknownWordError};

use super::{Aggregator, ImportError, Importer, SecurityHub};

/// A detector of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Security Hub, with whatever is integrated in it.
    SecurityHub,
    /// GuardDuty.
    GuardDuty,
    /// Rules of AWS Config.
    AwsConfig,
    /// IAM Access Analyzer.
    AccessAnalyzer,
    /// Inspector.
    Inspector,
    /// Macie.
    Macie,
    /// Trusted Advisor.
    TrustedAdvisor,
}

/// Where and since when the detectors are asked.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    /// The caller in the aggregation region: Security Hub, and AWS Config's aggregator, are asked there.
    pub home: &'a Target,
    /// Every account in every region that is read otherwise: administrators see their members' findings themselves.
    pub targets: &'a [Target],
    /// The accounts of the organisation that are wanted; empty for all that report.
    pub accounts: &'a [AccountId],
    /// The regions of the organisation.
    pub regions: &'a [Region],
    /// The aggregator of AWS Config that is asked instead of each account.
    pub aggregator: Option<&'a str>,
    /// Only what changed since.
    pub since: Option<Timestamp>,
    /// The present.
    pub now: Timestamp,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 7] = [
        Self::SecurityHub,
        Self::GuardDuty,
        Self::AwsConfig,
        Self::AccessAnalyzer,
        Self::Inspector,
        Self::Macie,
        Self::TrustedAdvisor,
    ];

    /// The detector that it is.
    #[must_use]
    pub fn detector(self) -> Detector {
        match self {
            Self::SecurityHub => Detector::SecurityHub,
            Self::GuardDuty => Detector::GuardDuty,
            Self::AwsConfig => Detector::AwsConfig,
            Self::AccessAnalyzer => Detector::AccessAnalyzer,
            Self::Inspector => Detector::Inspector,
            Self::Macie => Detector::Macie,
            Self::TrustedAdvisor => Detector::TrustedAdvisor,
        }
    }

    /// The word on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.detector().as_str()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Source {
    type Err = UnknownWordError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let allowed =
            "security-hub, guardduty, aws-config, access-analyzer, inspector, macie, trusted-advisor";
        Self::ALL
            .into_iter()
            .find(|it| it.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownWordError { word: word.to_owned(), allowed })
    }
}

impl Importer<'_> {
    /// Reads one detector wherever it is.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn read(&mut self, source: Source, places: &Places<'_>) -> Result<(), ImportError> {
        let Places { home, targets, accounts, regions, aggregator, since, now } = places.clone();
        match source {
            Source::SecurityHub => {
                self.security_hub(&SecurityHub { target: home, accounts, regions, since, now }).await
            }
            Source::GuardDuty => self.guardduty(targets, since).await,
            Source::AwsConfig => match aggregator {
                Some(name) => self.config_aggregator(Aggregator { target: home, name }, since).await,
                None => self.config(targets, since).await,
            },
            Source::AccessAnalyzer => self.access_analyzer(targets, accounts, since).await,
            Source::Inspector => self.inspector(targets, since).await,
            Source::Macie => self.macie(targets, since).await,
            Source::TrustedAdvisor => {
                // It is one for the whole account: asked once, in whatever region.
                let mut once: Vec<Target> = targets.to_vec();
                once.sort_by(|one, other| one.account.cmp(&other.account));
                once.dedup_by(|one, other| one.account == other.account);
                self.trusted_advisor(&once, regions, now).await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_read_by_its_name_and_an_unknown_one_is_told_what_there_is() {
        for source in Source::ALL {
            assert_eq!(source.as_str().parse(), Ok(source));
        }
        let error = "guard-duty".parse::<Source>().unwrap_err().to_string();
        assert!(error.starts_with("`guard-duty` is not one of security-hub, guardduty,"), "{error}");
    }
}
