//! Incidents, as deliveries see them: what of each may be told, where it stands, and its story in the reader's language.
//!
//! Findings that somebody has suppressed are left out of all of it: of severity, stages and story alike.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use yagura_model::{
    AccountId, EntityLink, Finding, FindingKind, Incident, Lang, RecordState, RuleId, ThreatFinding,
    Timestamp, Workflow,
};
use yagura_posture::Project;
use yagura_report::{IncidentStory, StepText, incident_text};
use yagura_store::{IncidentDetail, listed_threat};

use crate::event::Change;
use crate::notice::{Alert, Catalogue, Detected, Facts, Told, named};
use crate::plan::Stand;

/// Of a long story so many steps are told from its beginning...
const FIRST_STEPS: usize = 12;
/// ...and so many from its end: what is new stands there.
const LAST_STEPS: usize = 8;

/// The incidents that some findings belong to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Incidents {
    by_id: BTreeMap<String, IncidentState>,
    of_findings: BTreeMap<String, String>,
}

/// What may be told of an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentState {
    /// What its findings come to.
    pub incident: Incident,
    /// Its findings, the first one first.
    pub findings: Vec<ThreatFinding>,
    /// The credentials that led from one to the next.
    pub links: Vec<EntityLink>,
    /// The ids of incidents that turned out to be parts of it.
    pub parts: Vec<String>,
    /// Where it stands, whoever asks.
    pub stand: Stand,
    /// The accounts that it concerns, suppressed or not: who was told of it there hears how it ends.
    accounts: BTreeSet<AccountId>,
}

/// The story of an incident, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// The incident's id.
    pub id: String,
    /// The incident that it turned out to be a part of: then the rest is about that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<String>,
    /// Who acted, the one who began first.
    pub who: Vec<String>,
    /// The addresses that it came from.
    pub from: Vec<String>,
    /// The accounts in which something was done, with their names where these are known.
    pub accounts: Vec<(String, String)>,
    /// When it began.
    pub since: Timestamp,
    /// The last event so far.
    pub until: Timestamp,
    /// The stages of the attack, in the order in which they were first seen.
    pub stages: Vec<String>,
    /// Those of them that were not told before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_stages: Vec<String>,
    /// What happened, in the order of time.
    pub steps: Vec<Step>,
    /// How many steps are left out after the first ones.
    #[serde(default)]
    pub left_out: usize,
    /// What the attacker has made.
    pub made: Vec<String>,
    /// Where the steps of the response stand that are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_steps: Option<String>,
}

/// One step of the story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// The stage; `None` where the attacker only goes on as somebody else.
    pub stage: Option<String>,
    /// What was found.
    pub title: String,
    /// Who did what to what.
    pub deed: Option<String>,
    /// What the rule says of it.
    pub said: Option<String>,
}

impl Incidents {
    /// `of_findings` tells to which of them findings belong.
    #[must_use]
    pub fn new(details: Vec<IncidentDetail>, of_findings: BTreeMap<String, String>) -> Self {
        let by_id = details.into_iter().map(|it| (it.incident.id.clone(), IncidentState::of(it))).collect();
        Self { by_id, of_findings }
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&IncidentState> {
        self.by_id.get(id)
    }

    /// The incident that a finding belongs to.
    #[must_use]
    pub fn of(&self, finding: &Finding) -> Option<&IncidentState> {
        self.of_findings.get(&finding.id).and_then(|it| self.get(it))
    }
}

impl IncidentState {
    /// What the store keeps of an incident, without what is suppressed.
    #[must_use]
    pub fn of(detail: IncidentDetail) -> Self {
        let IncidentDetail { incident, mut findings, links, parts } = detail;
        let whole = Incident::of(incident.id.clone(), &findings.iter().collect::<Vec<_>>());
        findings.retain(|it| it.workflow != Workflow::Suppressed);
        let is_open = |state, workflow| state == RecordState::Active && workflow != Workflow::Resolved;
        let stand = if findings.is_empty() || incident.workflow == Workflow::Suppressed {
            Stand::Hidden
        } else if is_open(incident.record_state, incident.workflow)
            && findings.iter().any(|it| is_open(it.record_state, it.workflow))
        {
            Stand::Open
        } else {
            Stand::Resolved
        };
        let accounts = concerned(&whole);
        let mut incident = Incident::of(incident.id, &findings.iter().collect::<Vec<_>>());
        if findings.is_empty() {
            incident.severity = whole.severity;
        }
        Self { incident, findings, links, parts, stand, accounts }
    }

    /// Where it stands for a project.
    #[must_use]
    pub(crate) fn stand_for(&self, project: &Project) -> Stand {
        let is_wanted = project.min_severity.is_none_or(|it| self.incident.severity >= it);
        if is_wanted { self.stand } else { Stand::Hidden }
    }

    /// The accounts that it concerns: those in which something was done, and those of whoever did it.
    #[must_use]
    pub fn accounts(&self) -> &BTreeSet<AccountId> {
        &self.accounts
    }

    /// What is told of it. `of` is the incident that is meant: this one, or one that turned out to be a part of it.
    pub(crate) fn alert(&self, catalogue: &dyn Catalogue, of: &str, change: Change, lang: Lang) -> Alert {
        let it = &self.incident;
        let known = catalogue.detections();
        let story = IncidentStory { incident: it, findings: &self.findings, links: &self.links, known };
        let text = incident_text(&story, lang);
        let account = |id: &String| {
            let known =
                AccountId::new(id).ok().and_then(|it| catalogue.account(&it).map(|it| it.name.clone()));
            (id.clone(), known.unwrap_or_default())
        };
        let (steps, left_out) = shortened(text.steps);
        let of_whole = self.findings.iter().filter(|_| of == it.id);
        let worst = self.findings.iter().max_by_key(|it| (it.severity, std::cmp::Reverse(it.first_seen)));
        Alert {
            change,
            severity: it.severity,
            kind: FindingKind::Threat,
            rule: worst.map(|it| RuleId::from(it.rule.as_str())).unwrap_or_else(|| RuleId::from("incident")),
            facts: Facts { title: text.headline, steps: text.first_steps, ..Facts::default() },
            // Of a part there is nothing to tell but of what it is a part.
            findings: of_whole.filter_map(|it| told(catalogue, it, lang)).collect(),
            incident: Some(Story {
                id: of.to_owned(),
                part_of: (of != it.id).then(|| it.id.clone()),
                who: it.actors.iter().map(|it| it.principal.clone()).collect(),
                from: text.from,
                accounts: it.accounts.iter().map(account).collect(),
                since: it.first_seen,
                until: it.last_seen,
                stages: text.stages,
                new_stages: Vec::new(),
                steps,
                left_out,
                made: text.made,
                more_steps: text.more_steps,
            }),
        }
    }
}

fn concerned(it: &Incident) -> BTreeSet<AccountId> {
    let actors = it.actors.iter().filter_map(|it| it.account.as_ref());
    it.accounts.iter().chain(actors).filter_map(|it| AccountId::new(it).ok()).collect()
}

/// The beginning and the end of a story, and how many steps are left out in between.
fn shortened(mut steps: Vec<StepText>) -> (Vec<Step>, usize) {
    let left_out = steps.len().saturating_sub(FIRST_STEPS + LAST_STEPS);
    if left_out > 0 {
        steps.drain(FIRST_STEPS..FIRST_STEPS + left_out);
    }
    let step = |it: StepText| {
        let StepText { time, stage, title, deed, said } = it;
        Step { at: time, stage, title, deed, said }
    };
    (steps.into_iter().map(step).collect(), left_out)
}

impl Story {
    /// The steps, cut where some are left out.
    pub(crate) fn halves(&self) -> (&[Step], &[Step]) {
        let at = if self.left_out > 0 { FIRST_STEPS.min(self.steps.len()) } else { self.steps.len() };
        self.steps.split_at(at)
    }
}

/// A step as a finding. One of no account, as of a cluster whose account nobody told, is in the story alone.
fn told(catalogue: &dyn Catalogue, threat: &ThreatFinding, lang: Lang) -> Option<Told> {
    let it = listed_threat(threat)?;
    let known = catalogue.detections().get(&threat.rule);
    let title = known.map_or(&threat.title, |it| it.title.get(lang)).clone();
    Some(Told {
        id: threat.id.clone(),
        at: threat.first_seen,
        severity: threat.severity,
        account_name: named(catalogue, &it.resource.account),
        account: it.resource.account,
        region: it.resource.region,
        resource_type: it.resource.resource_type,
        resource: it.resource.id,
        name: it.name,
        arn: it.arn,
        detectors: vec![it.detector],
        detected: Some(Detected { rule: it.rule, title }),
    })
}
