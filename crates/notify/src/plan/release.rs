//! What is due leaves the queue as notices: by incident, else by rule and change, where it is urgent; what is not is one summary for a project.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use yagura_model::{Lang, RuleId, Severity};
use yagura_posture::{Owner, Project};

use super::subject::{Subject, change, incident_of};
use super::{Mark, Pair, Stand, Waiting, World};
use crate::event::Change;
use crate::incident::{IncidentState, Incidents};
use crate::notice::{Alert, Notice, NoticeKind, facts, told};
use crate::settings::{Destination, Kind};

/// Findings in one notice; more make several.
const MOST_FINDINGS: usize = 1_000;

/// What is due, with what was told before.
pub type Due = BTreeMap<Pair, (Waiting, Option<Mark>)>;

/// What comes out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Release {
    /// The notices, in the order in which they are sent.
    pub notices: Vec<Released>,
    /// What has been told now.
    pub marks: BTreeMap<Pair, Mark>,
}

/// A notice on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Released {
    /// Where it goes.
    pub destination: String,
    /// The key of the message that it belongs to.
    pub thread: Option<String>,
    /// What it tells.
    pub notice: Notice,
}

/// What waits at a destination to be told, as it stands now.
struct Wanted<'a> {
    pair: &'a Pair,
    waiting: &'a Waiting,
    mark: Option<&'a Mark>,
    destination: &'a Destination,
    subject: Subject,
    change: Change,
    incident: Option<&'a IncidentState>,
}

/// What goes into one notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group<'a> {
    destination: &'a str,
    project: &'a str,
    /// Urgent ones come first.
    is_digest: bool,
    /// What has a message of its own: an incident, or all findings of a rule.
    about: Option<(std::cmp::Reverse<Severity>, &'a str)>,
    change: Option<Change>,
    /// What keeps findings of one rule apart: the issue that they belong to, or the finding itself.
    apart: Option<&'a str>,
}

/// Draws up the notices of what is due. What the configuration or the subject's own state no longer wants told is left out.
#[must_use]
pub fn release(world: &World<'_>, incidents: &Incidents, due: &Due) -> Release {
    let all: Vec<Wanted<'_>> = due
        .iter()
        .filter_map(|(pair, (it, mark))| wanted(world, incidents, pair, it, mark.as_ref()))
        .collect();
    // The worst finding of a rule gives its messages their place.
    let mut worst: BTreeMap<(&str, &str, &str), Severity> = BTreeMap::new();
    for it in &all {
        let of = worst.entry((&it.pair.0, &it.waiting.project, it.about())).or_insert(it.subject.severity);
        *of = (*of).max(it.subject.severity);
    }
    let mut groups: BTreeMap<Group<'_>, Vec<&Wanted<'_>>> = BTreeMap::new();
    for it in &all {
        let is_digest = !it.waiting.urgent;
        let severity = worst.get(&(&*it.pair.0, &*it.waiting.project, it.about())).copied();
        let group = Group {
            destination: &it.pair.0,
            project: &it.waiting.project,
            is_digest,
            about: severity.filter(|_| !is_digest).map(|severity| (std::cmp::Reverse(severity), it.about())),
            change: (!is_digest).then_some(it.change),
            apart: it.apart(),
        };
        groups.entry(group).or_default().push(it);
    }
    let mut release = Release::default();
    for (group, members) in groups {
        for members in members.chunks(MOST_FINDINGS) {
            draw_up(world, &group, members, &mut release);
        }
    }
    release
}

/// What of something that is due is told. An incident is told as it is now, a finding as it was when it was put into the queue.
fn wanted<'a>(
    world: &World<'a>,
    incidents: &'a Incidents,
    pair: &'a Pair,
    waiting: &'a Waiting,
    mark: Option<&'a Mark>,
) -> Option<Wanted<'a>> {
    let project = world.projects.iter().find(|project| project.name == waiting.project)?;
    let destination = world.destinations.get(&pair.0).filter(|_| project.destinations.contains(&pair.0))?;
    let incident = match &waiting.incident {
        Some(id) => Some(incidents.get(id)?),
        None => None,
    };
    let subject = match (incident, incident_of(&pair.1)) {
        (Some(whole), Some(id)) if id != whole.incident.id => Subject::of_part(project, whole, id),
        (Some(incident), _) => Subject::of_incident(project, incident),
        (None, _) => Subject::of_finding(project, &waiting.finding, incidents),
    };
    let change = change(destination, mark, &subject, waiting.overdue)?;
    let is_current = incident.is_some() || change == waiting.change;
    let is_wanted = is_current && destination.events.contains(&change);
    is_wanted.then_some(Wanted { pair, waiting, mark, destination, subject, change, incident })
}

impl<'a> Wanted<'a> {
    /// What a message of its own would be about.
    fn about(&self) -> &'a str {
        if self.incident.is_some() { &self.pair.1 } else { self.waiting.finding.rule.as_str() }
    }

    fn apart(&self) -> Option<&'a str> {
        let kind = &self.destination.kind;
        if kind.is_by_finding() {
            return Some(&self.pair.1);
        }
        let follows = matches!(kind, Kind::Jira { .. } | Kind::GitHub { .. }) && !begins(self.change);
        follows.then(|| self.mark.and_then(|it| it.root.as_deref())).flatten()
    }
}

/// Whether a change begins a thread.
fn begins(change: Change) -> bool {
    matches!(change, Change::Opened | Change::Reopened)
}

fn draw_up(world: &World<'_>, group: &Group<'_>, members: &[&Wanted<'_>], release: &mut Release) {
    let Some(project) = world.projects.iter().find(|it| it.name == group.project) else { return };
    let kind = if group.is_digest { NoticeKind::Digest } else { NoticeKind::Alert };
    let key = key(group.destination, kind, members);
    let lang = project.lang.unwrap_or_default();
    let thread = match group.change {
        Some(change) if !begins(change) => one_root(members),
        _ => None,
    };
    for it in members {
        let stand = if it.change == Change::Resolved { Stand::Resolved } else { Stand::Open };
        let known = it.mark.and_then(|it| it.root.clone());
        let root = if begins(it.change) { (!group.is_digest).then(|| key.clone()) } else { known };
        release.marks.insert(it.pair.clone(), it.subject.mark(it.mark, stand, it.waiting.overdue, root));
    }
    let notice = Notice {
        key,
        kind,
        at: members.iter().map(|it| it.waiting.at).max().unwrap_or(world.now),
        alerts: alerts(world, members, lang),
        ..addressee(project, lang)
    };
    release.notices.push(Released { destination: group.destination.to_owned(), thread, notice });
}

/// Who reads a project's messages, and how.
pub(crate) fn addressee(project: &Project, lang: Lang) -> Notice {
    let owners = &project.owners;
    Notice {
        key: String::new(),
        kind: NoticeKind::Alert,
        lang,
        time_zone: project.time_zone.as_ref().map_or("UTC", |it| it.name()).to_owned(),
        project: project.name.clone(),
        environment: project.environment.clone().unwrap_or_else(|| project.name.clone()),
        mails: owners
            .iter()
            .filter_map(|it| if let Owner::Mail(it) = it { Some(it.clone()) } else { None })
            .collect(),
        mentions: owners
            .iter()
            .filter_map(|it| if let Owner::Slack(it) = it { Some(it.clone()) } else { None })
            .collect(),
        at: yagura_model::Timestamp::UNIX_EPOCH,
        alerts: Vec::new(),
    }
}

/// The thread that all of them belong to, if it is one.
fn one_root(members: &[&Wanted<'_>]) -> Option<String> {
    let root = |it: &&Wanted<'_>| it.mark.and_then(|it| it.root.clone());
    let first = members.first().and_then(root)?;
    members.iter().all(|it| root(it).as_ref() == Some(&first)).then_some(first)
}

fn alerts(world: &World<'_>, members: &[&Wanted<'_>], lang: Lang) -> Vec<Alert> {
    let mut by_rule: BTreeMap<(Change, &RuleId), Vec<&Waiting>> = BTreeMap::new();
    for it in members.iter().filter(|it| it.incident.is_none()) {
        by_rule.entry((it.change, &it.waiting.finding.rule)).or_default().push(it.waiting);
    }
    let mut alerts: Vec<Alert> = by_rule
        .into_iter()
        .filter_map(|((change, rule), mut findings)| {
            findings.sort_by(|a, b| {
                a.finding.resource.cmp(&b.finding.resource).then_with(|| a.finding.id.cmp(&b.finding.id))
            });
            let first = &findings.first()?.finding;
            Some(Alert {
                change,
                severity: findings.iter().map(|it| it.finding.severity).max()?,
                kind: first.kind,
                rule: rule.clone(),
                facts: facts(world.catalogue, first, lang),
                findings: findings.iter().map(|it| told(world.catalogue, &it.finding, it.at)).collect(),
                incident: None,
            })
        })
        .collect();
    alerts.extend(members.iter().filter_map(|it| incident_alert(world, it, lang)));
    // What is to be done comes before what is done, the worst first, attacks before what is only not as it should be.
    alerts.sort_by_key(|it| {
        (it.change == Change::Resolved, std::cmp::Reverse(it.severity), it.incident.is_none())
    });
    alerts
}

fn incident_alert(world: &World<'_>, it: &Wanted<'_>, lang: Lang) -> Option<Alert> {
    let incident = it.incident?;
    let mut alert = incident.alert(world.catalogue, incident_of(&it.pair.1)?, it.change, lang);
    let has_gone_on = matches!(it.change, Change::Advanced | Change::SeverityChanged | Change::Overdue);
    if let (Some(story), Some(mark), true) = (&mut alert.incident, it.mark, has_gone_on) {
        let stages = incident.incident.stages.iter().zip(&story.stages);
        story.new_stages =
            stages.filter(|(it, _)| !mark.stages.contains(it)).map(|(_, name)| name.clone()).collect();
    }
    Some(alert)
}

/// The same findings at the same point of their history make the same key.
fn key(destination: &str, kind: NoticeKind, members: &[&Wanted<'_>]) -> String {
    let mut digest = Sha256::new();
    digest.update(destination.as_bytes());
    digest.update([0, u8::from(kind == NoticeKind::Digest)]);
    for it in members {
        digest.update(it.pair.1.as_bytes());
        digest.update([0]);
        digest.update(it.waiting.number.to_be_bytes());
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
