//! Findings as files: `ocsf`, `asff`, `csv` and `ndjson`, out of the store as a stream, in the order of outputs.

use std::collections::BTreeMap;
use std::io::Write;

use futures::TryStreamExt as _;
use jiff::tz::TimeZone;
use yagura_model::{
    DueDays, Finding, FindingKind, Organization, Partition, RequirementsByRule, ThreatFinding, Timestamp,
    requirements_by_rule,
};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Rules};
use yagura_report::{ExportFormat, ExportHead, FindingExport, ReportError};
use yagura_store::{FindingFilter, Store};

use super::unread;
use crate::commands::known_rules::{KnownRules, with_detections};
use crate::config::Config;
use crate::failure::{Failure, Told};

/// What surrounds findings, whoever asks for them.
pub struct Around<'a> {
    pub store: &'a Store,
    pub organization: &'a Organization,
    pub rules: &'a KnownRules,
    pub requirements: &'a RequirementsByRule,
    pub due: DueDays,
    pub now: Timestamp,
    pub lang: yagura_model::Lang,
}

/// Why an output did not come to its end.
pub enum Wrong {
    /// The store cannot be read.
    Read(Failure),
    /// The output cannot be written.
    Write(ReportError),
}

impl From<ReportError> for Wrong {
    fn from(error: ReportError) -> Self {
        Self::Write(error)
    }
}

impl Wrong {
    /// A failure to tell, unless the reader has what it wanted: `yagura findings list --output ocsf | head`.
    pub fn told(self) -> Option<Failure> {
        match self {
            Self::Read(failure) => Some(failure),
            Self::Write(error) if error.is_broken_pipe() => None,
            Self::Write(error) => Some(Told::new("cannot write the result").because(error).other()),
        }
    }
}

/// How many findings were written, and how many were left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    pub told: u64,
    pub left_out: u64,
}

impl Around<'_> {
    /// Writes the findings that the filter lets through and that are `wanted`.
    pub async fn write(
        &self,
        filter: &FindingFilter,
        format: ExportFormat,
        wanted: impl Fn(&Finding) -> bool,
        out: impl Write + Send,
    ) -> Result<Written, Wrong> {
        let head = self.head();
        let mut export = FindingExport::begin(format, &head, Box::new(out))?;
        let unread = |error| Wrong::Read(unread(error));
        let mut findings = self.store.findings(filter).await.map_err(unread)?;
        let mut written = Written::default();
        while let Some(finding) = findings.try_next().await.map_err(unread)? {
            if !wanted(&finding) {
                written.left_out += 1;
                continue;
            }
            let threat = if format.tells_threats() { self.threat(&finding).await? } else { None };
            export.finding(&finding, threat.as_ref())?;
            written.told += 1;
        }
        export.end()?;
        Ok(written)
    }

    /// Writes the findings of detections with these ids, in this order. Those that belong to no account are in no list, and left out.
    pub async fn write_threats(
        &self,
        threats: &[ThreatFinding],
        format: ExportFormat,
        out: impl Write + Send,
    ) -> Result<Written, Wrong> {
        let head = self.head();
        let mut export = FindingExport::begin(format, &head, Box::new(out))?;
        let mut written = Written::default();
        for threat in threats {
            let found = self.store.finding(&threat.id).await.map_err(|error| Wrong::Read(unread(error)))?;
            match found {
                Some(finding) => {
                    export.finding(&finding, Some(threat))?;
                    written.told += 1;
                }
                None => written.left_out += 1,
            }
        }
        export.end()?;
        Ok(written)
    }

    fn head(&self) -> ExportHead<'_> {
        ExportHead {
            version: env!("CARGO_PKG_VERSION"),
            now: self.now,
            lang: self.lang,
            organization: self.organization,
            rules: self.rules,
            requirements: self.requirements,
            due: self.due,
            time_zone: TimeZone::system(),
        }
    }

    /// What the detection knows that found it.
    async fn threat(&self, finding: &Finding) -> Result<Option<ThreatFinding>, Wrong> {
        if finding.kind != FindingKind::Threat {
            return Ok(None);
        }
        self.store.threat_finding(&finding.id).await.map_err(|error| Wrong::Read(unread(error.into())))
    }
}

/// The organisation as the last scan saw it; nothing is known of it where there was none.
pub async fn organization(store: &Store) -> Result<Organization, Failure> {
    Ok(match store.latest_scan().await.map_err(unread)? {
        Some(scan) => store.organization(scan.id).await.map_err(unread)?,
        None => Organization {
            id: None,
            management_account: None,
            partition: Partition::Aws,
            accounts: BTreeMap::new(),
        },
    })
}

/// Rules and detections of the packs with the requirements that they serve; mistakes are told by who judges by them.
pub fn known(packs: &Packs, config: &Config) -> Result<(KnownRules, RequirementsByRule), Failure> {
    let (rules, _) = Rules::load(packs, &config.settings());
    let (frameworks, _) = Frameworks::load(packs, &rules);
    Ok((with_detections(&rules, packs)?, requirements_by_rule(frameworks.iter())))
}
