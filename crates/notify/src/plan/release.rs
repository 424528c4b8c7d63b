//! What is due leaves the queue as notices: by rule and change where it is urgent, else as one summary for a project.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use yagura_model::{Lang, RuleId, Severity};
use yagura_posture::{Owner, Project};

use super::{Mark, Pair, Stand, Waiting, World, change, stand};
use crate::event::Change;
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

/// What waits at a destination to be told, with what was told there last.
type Wanted<'a> = (&'a Pair, &'a Waiting, Option<&'a Mark>);

/// What goes into one notice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group<'a> {
    destination: &'a str,
    project: &'a str,
    /// Urgent ones come first.
    is_digest: bool,
    rule: Option<(std::cmp::Reverse<Severity>, &'a RuleId)>,
    change: Option<Change>,
    /// What keeps findings of one rule apart: the issue that they belong to, or the finding itself.
    apart: Option<&'a str>,
}

/// Draws up the notices of what is due. What the configuration or the finding's own state no longer wants told is left out.
#[must_use]
pub fn release(world: &World<'_>, due: &Due) -> Release {
    let mut groups: BTreeMap<Group<'_>, Vec<Wanted<'_>>> = BTreeMap::new();
    // The worst finding of a rule gives its messages their place.
    let mut worst: BTreeMap<(&str, &str, &RuleId), Severity> = BTreeMap::new();
    let wanted = || due.iter().filter(|(pair, (it, mark))| is_wanted(world, pair, it, mark.as_ref()));
    for (pair, (it, _)) in wanted() {
        let of_rule = worst.entry((&*pair.0, &*it.project, &it.finding.rule)).or_insert(it.finding.severity);
        *of_rule = (*of_rule).max(it.finding.severity);
    }
    for (pair, (it, mark)) in wanted() {
        let Some(destination) = world.destinations.get(&pair.0) else { continue };
        let is_digest = !it.urgent;
        let severity = worst.get(&(&*pair.0, &*it.project, &it.finding.rule)).copied();
        let severity = severity.unwrap_or(it.finding.severity);
        let group = Group {
            destination: &pair.0,
            project: &it.project,
            is_digest,
            rule: (!is_digest).then_some((std::cmp::Reverse(severity), &it.finding.rule)),
            change: (!is_digest).then_some(it.change),
            apart: apart(destination, pair, it, mark.as_ref()),
        };
        groups.entry(group).or_default().push((pair, it, mark.as_ref()));
    }
    let mut release = Release::default();
    for (group, members) in groups {
        for members in members.chunks(MOST_FINDINGS) {
            draw_up(world, &group, members, &mut release);
        }
    }
    release
}

fn is_wanted(world: &World<'_>, pair: &Pair, it: &Waiting, mark: Option<&Mark>) -> bool {
    let project = world.projects.iter().find(|project| project.name == it.project);
    let (Some(destination), Some(project)) = (world.destinations.get(&pair.0), project) else { return false };
    let now = change(destination, mark, stand(project, &it.finding), it.finding.severity, it.overdue);
    project.destinations.contains(&pair.0)
        && now == Some(it.change)
        && destination.events.contains(&it.change)
}

fn apart<'a>(to: &Destination, pair: &'a Pair, it: &Waiting, mark: Option<&'a Mark>) -> Option<&'a str> {
    if to.kind.is_by_finding() {
        return Some(&pair.1);
    }
    let has_issues = matches!(to.kind, Kind::Jira { .. } | Kind::GitHub { .. });
    let follows = has_issues && !begins(it.change);
    follows.then(|| mark.and_then(|it| it.root.as_deref())).flatten()
}

/// Whether a change begins a thread.
fn begins(change: Change) -> bool {
    matches!(change, Change::Opened | Change::Reopened)
}

fn draw_up(world: &World<'_>, group: &Group<'_>, members: &[Wanted<'_>], release: &mut Release) {
    let Some(project) = world.projects.iter().find(|it| it.name == group.project) else { return };
    let kind = if group.is_digest { NoticeKind::Digest } else { NoticeKind::Alert };
    let key = key(group.destination, kind, members);
    let lang = project.lang.unwrap_or_default();
    let thread = match group.change {
        Some(change) if !begins(change) => one_root(members),
        _ => None,
    };
    for (pair, it, mark) in members {
        let stand = if it.change == Change::Resolved { Stand::Resolved } else { Stand::Open };
        let known = mark.and_then(|it| it.root.clone());
        let root = if begins(it.change) { (!group.is_digest).then(|| key.clone()) } else { known };
        let mark = Mark { stand, severity: it.finding.severity, overdue: it.overdue, root };
        release.marks.insert((*pair).clone(), mark);
    }
    let notice = Notice {
        key,
        kind,
        at: members.iter().map(|(_, it, _)| it.at).max().unwrap_or(world.now),
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
fn one_root(members: &[Wanted<'_>]) -> Option<String> {
    let root = |it: &Wanted<'_>| it.2.and_then(|it| it.root.clone());
    let first = members.first().and_then(root)?;
    members.iter().all(|it| root(it).as_ref() == Some(&first)).then_some(first)
}

fn alerts(world: &World<'_>, members: &[Wanted<'_>], lang: Lang) -> Vec<Alert> {
    let mut by_rule: BTreeMap<(Change, &RuleId), Vec<&Waiting>> = BTreeMap::new();
    for (_, it, _) in members {
        by_rule.entry((it.change, &it.finding.rule)).or_default().push(it);
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
            })
        })
        .collect();
    // What is to be done comes before what is done, the worst first.
    alerts.sort_by_key(|it| (it.change == Change::Resolved, std::cmp::Reverse(it.severity)));
    alerts
}

/// The same findings at the same point of their history make the same key.
fn key(destination: &str, kind: NoticeKind, members: &[Wanted<'_>]) -> String {
    let mut digest = Sha256::new();
    digest.update(destination.as_bytes());
    digest.update([0, u8::from(kind == NoticeKind::Digest)]);
    for (pair, it, _) in members {
        digest.update(pair.1.as_bytes());
        digest.update([0]);
        digest.update(it.number.to_be_bytes());
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
