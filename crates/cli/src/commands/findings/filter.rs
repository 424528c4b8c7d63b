//! Which findings are meant: names of accounts, projects, rules and frameworks made the store's filter.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{
    AccountId, RecordState, Region, ResourceType, RuleId, Severity, Timestamp, Workflow, glob,
};
use yagura_store::FindingFilter;

use super::Known;
use crate::arguments::{ExportArguments, FilterArguments, Status};
use crate::commands::frameworks;
use crate::commands::known_rules::is_meant;
use crate::config::Config;
use crate::failure::{Failure, Told};

/// The store's filter for what was asked. Without a state it is what is open, and without a state of work what nobody has accepted or put right.
pub fn filter(
    asked: &FilterArguments,
    known: &Known,
    config: &Config,
    now: Timestamp,
) -> Result<FindingFilter, Failure> {
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
        accounts: accounts(asked, known, config)?,
        regions: asked.regions.iter().map(|it| Region::from(it.as_str())).collect(),
        rules: rules(asked, known)?,
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
    known: &Known,
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

/// The accounts that are meant; empty means all. An id that no scan has seen is taken as it is: imports may know it.
fn accounts(asked: &FilterArguments, known: &Known, config: &Config) -> Result<BTreeSet<AccountId>, Failure> {
    let mut named = BTreeSet::new();
    for pattern in &asked.accounts {
        if let Ok(id) = AccountId::new(pattern) {
            named.insert(id);
            continue;
        }
        let found = known.accounts.iter().filter(|it| glob::matches(pattern, &it.name));
        let before = named.len();
        named.extend(found.map(|it| it.id.clone()));
        if named.len() == before {
            return Err(Told::new(format!("there is no account `{pattern}` in the store"))
                .help("name it by its twelve digits, or by its name in Organizations")
                .usage());
        }
    }
    if asked.projects.is_empty() {
        return Ok(named);
    }
    let mut of_projects = BTreeSet::new();
    for name in &asked.projects {
        let project = config.project(name)?;
        of_projects.extend(known.accounts.iter().filter(|it| project.holds(it)).map(|it| it.id.clone()));
    }
    if !named.is_empty() {
        of_projects.retain(|it| named.contains(it));
    }
    if of_projects.is_empty() {
        return Err(Told::new("no account in the store is of the projects that were asked for")
            .help("`yagura projects` tells whose each account is")
            .usage());
    }
    Ok(of_projects)
}

/// The rules that are meant; empty means all.
fn rules(asked: &FilterArguments, known: &Known) -> Result<BTreeSet<RuleId>, Failure> {
    let mut named = BTreeSet::new();
    for pattern in &asked.rules {
        let before = named.len();
        let of_ours = known.rules.iter().filter(|(id, info)| is_meant(pattern, id, info));
        named.extend(of_ours.map(|(id, _)| id.clone()));
        named.extend(known.reported.iter().filter(|it| glob::matches(pattern, it.as_str())).cloned());
        if named.len() == before {
            return Err(Told::new(format!("neither a rule nor a finding is called `{pattern}`"))
                .help("`yagura findings count --by rule` lists what there is")
                .usage());
        }
    }
    if asked.frameworks.is_empty() {
        return Ok(named);
    }
    let mut of_frameworks = BTreeSet::new();
    for name in &asked.frameworks {
        for it in known.frameworks.find(name).map_err(frameworks::unknown)? {
            of_frameworks.extend(it.rules().into_iter().cloned());
        }
    }
    if !named.is_empty() {
        of_frameworks.retain(|it| named.contains(it));
    }
    if of_frameworks.is_empty() {
        return Err(Told::new("none of the rules that were asked for serves the frameworks").usage());
    }
    Ok(of_frameworks)
}
