//! Which findings are meant: names of accounts, projects, rules and frameworks made the store's filter.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{RecordState, Region, ResourceType, Severity, Timestamp, Workflow};
use yagura_store::FindingFilter;
use yagura_triage::{Known, NameError};

use crate::arguments::{ExportArguments, FilterArguments, Status};
use crate::commands::frameworks;
use crate::config::Config;
use crate::failure::{Failure, Told};

/// The store's filter for what was asked. Without a state it is what is open, and without a state of work what nobody has accepted or put right.
pub fn filter(
    asked: &FilterArguments,
    known: &Known<'_>,
    config: &Config,
    now: Timestamp,
) -> Result<FindingFilter, Failure> {
    for name in &asked.projects {
        config.project(name)?;
    }
    let status = asked.status.unwrap_or(Status::Active);
    let workflows: BTreeSet<Workflow> = if !asked.workflow.is_empty() {
        asked.workflow.iter().copied().collect()
    } else if status == Status::Active && asked.suppression.is_empty() {
        BTreeSet::from([Workflow::New, Workflow::Notified])
    } else {
        BTreeSet::new()
    };
    let due = config.due_days();
    let opened_before = if asked.overdue { due.opened_before(now) } else { before(asked, now) };
    Ok(FindingFilter {
        record_states: status.states().into_iter().collect::<BTreeSet<RecordState>>(),
        workflows,
        kinds: asked.kind.iter().copied().collect(),
        detectors: asked.detector.iter().copied().collect(),
        min_severity: asked.severity,
        accounts: known.accounts_named(&asked.accounts, &asked.projects).map_err(unknown)?,
        regions: asked.regions.iter().map(|it| Region::from(it.as_str())).collect(),
        rules: known.rules_named(&asked.rules, &asked.frameworks).map_err(unknown)?,
        services: asked.services.iter().cloned().collect(),
        types: asked.types.iter().map(|it| ResourceType::from(it.as_str())).collect(),
        text: asked.text.clone().filter(|it| !it.is_empty()),
        assignees: asked.assignee.iter().cloned().collect(),
        is_unassigned: asked.unassigned,
        suppressions: asked.suppression.iter().cloned().collect(),
        opened_before,
        opened_since: asked.since.map(|it| it.before(now)),
        ended_since: None,
    })
}

/// The store's filter for what a receiver of findings has to hear of. Unless asked otherwise it is what is open, accepted or not, and what ended
/// so lately that the receiver may not know it yet.
pub fn to_be_told(
    asked: &ExportArguments,
    known: &Known<'_>,
    config: &Config,
    now: Timestamp,
) -> Result<FindingFilter, Failure> {
    let narrowed = filter(&asked.filter, known, config, now)?;
    Ok(FindingFilter {
        record_states: if asked.filter.status.is_none() { BTreeSet::new() } else { narrowed.record_states },
        workflows: if asked.filter.workflow.is_empty() { BTreeSet::new() } else { narrowed.workflows },
        ended_since: Some(asked.ended_since.before(now)),
        ..narrowed
    })
}

/// Each severity by the same moment.
fn before(asked: &FilterArguments, now: Timestamp) -> BTreeMap<Severity, Timestamp> {
    let at = asked.before.map(|it| it.before(now));
    at.map_or_else(BTreeMap::new, |at| Severity::ALL.into_iter().map(|it| (it, at)).collect())
}

/// What a name that stands for nothing is told with.
fn unknown(error: NameError) -> Failure {
    let help = match &error {
        NameError::Framework(_) => {
            return match error {
                NameError::Framework(error) => frameworks::unknown(error),
                other => Told::new(other.to_string()).usage(),
            };
        }
        NameError::Account(_) => "name it by its twelve digits, or by its name in Organizations",
        NameError::Project(_) => "`[[projects]]` in yagura.toml defines them",
        NameError::NoAccount => "`yagura projects` tells whose each account is",
        NameError::Rule(_) => "`yagura findings count --by rule` lists what there is",
        NameError::NoRule => "name fewer of either",
    };
    Told::new(error.to_string()).help(help).usage()
}
