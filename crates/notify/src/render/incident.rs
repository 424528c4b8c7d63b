//! What is read about one incident: who, from where, since when, what happened stage by stage, what to do first, and its findings.

use yagura_report::one_line;

use super::cut;
use super::view::{Drawer, Fact, List, Part, account};
use crate::event::Change;
use crate::incident::{Step, Story};
use crate::notice::{Alert, Told};

/// Findings that are listed.
const MOST_FINDINGS: usize = 20;
/// Findings that a summary lists.
const MOST_IN_DIGEST: usize = 3;
/// Principals, addresses and accounts that are listed.
const MOST_NAMES: usize = 8;
/// Characters of a line of the story.
const MOST_LINE: usize = 300;

/// The word for what happened to an incident.
pub(super) fn change_key(change: Change, story: &Story) -> String {
    if story.part_of.is_some() { "change-merged".to_owned() } else { format!("change-{}", change.as_str()) }
}

impl Drawer<'_> {
    pub(super) fn incident_subject(&self, alert: &Alert, story: &Story) -> String {
        let filling = [
            ("severity", &*self.severity(alert.severity)),
            ("change", &*self.word(&change_key(alert.change, story))),
            ("title", &*one_line(&alert.facts.title)),
            ("environment", &*self.environment()),
        ];
        self.fill("subject-incident", &filling)
    }

    pub(super) fn incident_intro(&self, alert: &Alert, story: &Story) -> String {
        if let Some(whole) = &story.part_of {
            return self.fill("intro-incident-merged", &[("whole", &one_line(whole))]);
        }
        let stages = self.joined(&story.new_stages);
        match alert.change {
            Change::Advanced => self.fill("intro-incident-advanced", &[("stages", &stages)]),
            it => self.word(&format!("intro-incident-{}", it.as_str())),
        }
    }

    pub(super) fn incident_part(&self, alert: &Alert, story: &Story, is_digest: bool) -> Part {
        let is_resolved = alert.change == Change::Resolved;
        let brief = is_digest || is_resolved;
        let (title, severity) = (one_line(&alert.facts.title), self.severity(alert.severity));
        let heading = if is_digest {
            let change = self.word(&change_key(alert.change, story));
            let filling = [("severity", &*severity), ("change", &*change), ("title", &*title)];
            self.fill("heading-incident", &filling)
        } else {
            format!("[{severity}] {title}")
        };
        let steps = List {
            label: self.word("label-first-steps"),
            items: alert.facts.steps.iter().map(|it| one_line(it).into_owned()).collect(),
            more: story.more_steps.clone(),
        };
        let made = List {
            label: self.word("label-made"),
            items: story.made.iter().map(|it| line(it)).collect(),
            more: None,
        };
        let mut stages = if brief { Vec::new() } else { self.stages(story) };
        stages.extend((!brief && !made.items.is_empty()).then_some(made));
        Part {
            severity: alert.severity,
            is_resolved,
            heading,
            facts: self.incident_facts(alert, story, is_digest),
            texts: Vec::new(),
            stages,
            resources: self.incident_findings(&alert.findings, is_digest),
            steps: (!brief && !steps.items.is_empty()).then_some(steps),
            references: None,
        }
    }

    fn incident_facts(&self, alert: &Alert, story: &Story, is_digest: bool) -> Vec<Fact> {
        let fact = |label: &str, value: String| Fact { label: self.word(label), value };
        let mut facts = vec![fact("label-incident", one_line(&story.id).into_owned())];
        facts.extend(story.part_of.as_ref().map(|it| fact("label-part-of", one_line(it).into_owned())));
        if !is_digest {
            facts.push(fact("label-change", self.word(&change_key(alert.change, story))));
            facts.push(fact("label-severity", self.severity(alert.severity)));
            facts.push(fact("label-environment", self.environment()));
            if !self.notice.project.is_empty() && self.notice.project != self.notice.environment {
                facts.push(fact("label-project", self.project()));
            }
        }
        let named = |(id, name): &(String, String)| {
            if name.is_empty() { id.clone() } else { self.fill("in-account", &[("name", name), ("id", id)]) }
        };
        let accounts: Vec<_> = story.accounts.iter().map(named).collect();
        for (label, names) in
            [("label-accounts", &accounts), ("label-who", &story.who), ("label-from", &story.from)]
        {
            if !names.is_empty() {
                facts.push(fact(label, self.joined(names)));
            }
        }
        facts.push(fact("label-since", self.time(story.since)));
        facts.push(fact("label-until", self.time(story.until)));
        if !story.stages.is_empty() {
            facts.push(fact("label-stages", self.joined(&story.stages)));
        }
        if !story.new_stages.is_empty() {
            facts.push(fact("label-new-stages", self.joined(&story.new_stages)));
        }
        facts
    }

    /// Names on one line, the first of many.
    fn joined(&self, names: &[String]) -> String {
        let shown: Vec<_> = names.iter().take(MOST_NAMES).map(|it| cut(&one_line(it), MOST_LINE)).collect();
        let left_out = names.len().saturating_sub(MOST_NAMES);
        let more = (left_out > 0).then(|| self.fill("and-more", &[("count", &left_out.to_string())]));
        shown.into_iter().chain(more).collect::<Vec<_>>().join(&self.word("between-names"))
    }

    /// What happened, one list for each stage that the attack was in, in the order of time.
    fn stages(&self, story: &Story) -> Vec<List> {
        let (first, last) = story.halves();
        let mut lists: Vec<List> = Vec::new();
        self.add_steps(first, &mut lists);
        if let (Some(list), true) = (lists.last_mut(), story.left_out > 0) {
            list.more = Some(self.fill("steps-left-out", &[("count", &story.left_out.to_string())]));
        }
        self.add_steps(last, &mut lists);
        lists
    }

    fn add_steps(&self, steps: &[Step], lists: &mut Vec<List>) {
        for step in steps {
            let label = step.stage.as_ref().map(|it| self.fill("label-stage", &[("stage", &one_line(it))]));
            // A step of no stage belongs to the one before; what follows a gap begins anew.
            let goes_on = lists
                .last()
                .is_some_and(|it| it.more.is_none() && label.as_ref().is_none_or(|label| *label == it.label));
            if !goes_on {
                let label = label.unwrap_or_else(|| self.word("label-story"));
                lists.push(List { label, items: Vec::new(), more: None });
            }
            let lines = [&step.deed, &step.said].into_iter().flatten().map(|it| line(it));
            let head = format!("{}  {}", self.time(step.at), line(&step.title));
            let item = std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n");
            if let Some(list) = lists.last_mut() {
                list.items.push(item);
            }
        }
    }

    fn incident_findings(&self, findings: &[Told], is_digest: bool) -> Option<List> {
        let shown = if is_digest { MOST_IN_DIGEST } else { MOST_FINDINGS };
        let left_out = findings.len().saturating_sub(shown);
        let item = |it: &Told| {
            let title = it.detected.as_ref().map_or("", |it| &it.title);
            let place = format!("{} / {}", account(it), it.region.as_str());
            format!(
                "[{}] {} - {} ({})",
                self.severity(it.severity),
                line(title),
                one_line(&place),
                one_line(&it.id)
            )
        };
        (!findings.is_empty()).then(|| List {
            label: self.fill("label-findings", &[("count", &findings.len().to_string())]),
            items: findings.iter().take(shown).map(item).collect(),
            more: (left_out > 0).then(|| self.fill("and-more", &[("count", &left_out.to_string())])),
        })
    }
}

fn line(text: &str) -> String {
    cut(&one_line(text), MOST_LINE)
}
