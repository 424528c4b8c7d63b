//! What every rendering shows: the sentences of a notice, filled in, in order. Renderings add markup and nothing else.
//!
//! What AWS or another detector returned is untrusted: its control characters are made visible here, markup is escaped by each rendering.

use jiff::tz::TimeZone;
use yagura_model::{Lang, Severity, Timestamp};
use yagura_report::{one_line, safe_lines};

use crate::event::{Change, severity_key};
use crate::notice::{Alert, Notice, NoticeKind, Told};
use crate::texts::Texts;

/// Resources that a message about one rule lists.
const MOST_RESOURCES: usize = 20;
/// Resources that a summary lists for each rule.
const MOST_IN_DIGEST: usize = 3;
/// Rules that a summary lists.
const MOST_PARTS: usize = 25;

/// A notice as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) subject: String,
    pub(crate) greeting: String,
    pub(crate) intro: String,
    pub(crate) parts: Vec<Part>,
    /// How many rules are left out.
    pub(crate) more: Option<String>,
    pub(crate) footer: String,
}

/// What is read about one rule, or one incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) severity: Severity,
    pub(crate) is_resolved: bool,
    /// The severity and what is wrong.
    pub(crate) heading: String,
    pub(crate) facts: Vec<Fact>,
    /// Longer texts: why it matters, what the fix may break.
    pub(crate) texts: Vec<Fact>,
    /// What happened, stage by stage, and what is left of it: of an incident.
    pub(crate) stages: Vec<List>,
    pub(crate) resources: Option<List>,
    pub(crate) steps: Option<List>,
    pub(crate) references: Option<List>,
}

/// A label and a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
}

/// A label and several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    pub(crate) label: String,
    pub(crate) items: Vec<String>,
    /// How many are left out.
    pub(crate) more: Option<String>,
}

impl Part {
    /// Its lists in the order in which they are read, and whether their items are numbered.
    pub(crate) fn lists(&self) -> Vec<(&List, bool)> {
        let (resources, steps) = ((self.resources.as_ref(), false), (self.steps.as_ref(), true));
        // After the story of an attack comes what to do, and then what it is made of.
        let middle = if self.stages.is_empty() { [resources, steps] } else { [steps, resources] };
        let stages = self.stages.iter().map(|it| (Some(it), false));
        let all = stages.chain(middle).chain([(self.references.as_ref(), false)]);
        all.filter_map(|(list, is_numbered)| Some((list?, is_numbered))).collect()
    }
}

/// Draws up what is read.
pub(crate) fn view(notice: &Notice, texts: &Texts, destination: &str) -> View {
    let drawer = Drawer { notice, texts, zone: TimeZone::get(&notice.time_zone).unwrap_or(TimeZone::UTC) };
    let is_digest = notice.kind == NoticeKind::Digest;
    let shown = if is_digest { MOST_PARTS } else { usize::MAX };
    let left_out = notice.alerts.len().saturating_sub(shown);
    View {
        subject: drawer.subject(destination),
        greeting: drawer.word("greeting"),
        intro: drawer.intro(destination),
        parts: notice.alerts.iter().take(shown).map(|it| drawer.part(it, is_digest)).collect(),
        more: (left_out > 0).then(|| drawer.fill("and-more", &[("count", &left_out.to_string())])),
        footer: drawer.fill("footer", &[("project", &drawer.project()), ("key", &notice.key)]),
    }
}

/// Fills in the sentences of a notice.
pub(super) struct Drawer<'a> {
    pub(super) notice: &'a Notice,
    texts: &'a Texts,
    zone: TimeZone,
}

impl Drawer<'_> {
    fn lang(&self) -> Lang {
        self.notice.lang
    }

    pub(super) fn word(&self, key: &str) -> String {
        self.texts.word(self.lang(), key)
    }

    pub(super) fn fill(&self, key: &str, filling: &[(&str, &str)]) -> String {
        self.texts.fill(self.lang(), key, filling)
    }

    pub(super) fn severity(&self, it: Severity) -> String {
        self.word(&format!("severity-{}", severity_key(it)))
    }

    fn change(&self, it: Change) -> String {
        self.word(&format!("change-{}", it.as_str()))
    }

    pub(super) fn time(&self, at: Timestamp) -> String {
        time(self.texts, self.lang(), &self.zone, at)
    }

    pub(super) fn project(&self) -> String {
        let name =
            if self.notice.project.is_empty() { &self.notice.environment } else { &self.notice.project };
        one_line(name).into_owned()
    }

    pub(super) fn environment(&self) -> String {
        one_line(&self.notice.environment).into_owned()
    }

    fn subject(&self, destination: &str) -> String {
        let notice = self.notice;
        let environment = self.environment();
        let first = notice.alerts.first();
        match (notice.kind, first) {
            (NoticeKind::Alert, Some(alert @ Alert { incident: Some(story), .. })) => {
                self.incident_subject(alert, story)
            }
            (NoticeKind::Alert, Some(alert)) => {
                let (severity, change) = (self.severity(alert.severity), self.change(alert.change));
                let title = one_line(&alert.facts.title).into_owned();
                let common = [
                    ("severity", &*severity),
                    ("change", &*change),
                    ("title", &*title),
                    ("environment", &*environment),
                ];
                match &alert.findings[..] {
                    [one] => {
                        let account = account(one);
                        self.fill("subject-one", &[&common[..], &[("account", &*account)]].concat())
                    }
                    many => {
                        let count = many.len().to_string();
                        self.fill("subject-many", &[&common[..], &[("count", &*count)]].concat())
                    }
                }
            }
            (NoticeKind::Digest, _) => {
                // An incident is one thing that changed, however many findings it has.
                let changes = |it: &Alert| if it.incident.is_some() { 1 } else { it.findings.len() };
                let ended = notice.alerts.iter().filter(|it| it.change == Change::Resolved);
                let resolved: usize = ended.map(changes).sum();
                let count: usize = notice.alerts.iter().map(changes).sum();
                let [count, open, resolved] = [count, count - resolved, resolved].map(|it| it.to_string());
                let filling = [
                    ("count", &*count),
                    ("open", &*open),
                    ("resolved", &*resolved),
                    ("environment", &*environment),
                ];
                self.fill("subject-digest", &filling)
            }
            _ => self.fill("subject-test", &[("destination", destination)]),
        }
    }

    fn intro(&self, destination: &str) -> String {
        match (self.notice.kind, self.notice.alerts.first()) {
            (NoticeKind::Alert, Some(alert)) => match &alert.incident {
                Some(story) => self.incident_intro(alert, story),
                None => self.word(&format!("intro-{}", alert.change.as_str())),
            },
            (NoticeKind::Digest, _) => {
                self.fill("intro-digest-plain", &[("environment", &self.environment())])
            }
            _ => self.fill("intro-test", &[("destination", destination)]),
        }
    }

    fn part(&self, alert: &Alert, is_digest: bool) -> Part {
        if let Some(story) = &alert.incident {
            return self.incident_part(alert, story, is_digest);
        }
        let facts = &alert.facts;
        let is_resolved = alert.change == Change::Resolved;
        let title = one_line(&facts.title);
        let severity = self.severity(alert.severity);
        let heading = if is_digest {
            format!("[{severity}] {}: {title}", self.change(alert.change))
        } else {
            format!("[{severity}] {title}")
        };
        let brief = is_digest || is_resolved;
        let text = |label: &str, text: &str| {
            (!brief && !text.is_empty())
                .then(|| Fact { label: self.word(label), value: safe_lines(text).into_owned() })
        };
        Part {
            severity: alert.severity,
            is_resolved,
            heading,
            facts: self.facts(alert, is_digest),
            texts: [text("label-why", &facts.why), text("label-impact", &facts.impact)]
                .into_iter()
                .flatten()
                .collect(),
            stages: Vec::new(),
            resources: self.resources(alert, is_digest),
            steps: (!brief && !facts.steps.is_empty()).then(|| self.list("label-steps", &facts.steps)),
            references: (!brief && !facts.references.is_empty())
                .then(|| self.list("label-reference", &facts.references)),
        }
    }

    fn list(&self, label: &str, items: &[String]) -> List {
        let items = items.iter().map(|it| safe_lines(it).into_owned()).collect();
        List { label: self.word(label), items, more: None }
    }

    fn facts(&self, alert: &Alert, is_digest: bool) -> Vec<Fact> {
        let fact = |label: &str, value: String| Fact { label: self.word(label), value };
        let mut facts = Vec::new();
        if !is_digest {
            facts.push(fact("label-problem", one_line(&alert.facts.title).into_owned()));
            facts.push(fact("label-change", self.change(alert.change)));
            facts.push(fact("label-severity", self.severity(alert.severity)));
            facts.push(fact("label-kind", self.word(&format!("kind-{}", alert.kind.as_str()))));
            facts.push(fact("label-environment", self.environment()));
            if !self.notice.project.is_empty() && self.notice.project != self.notice.environment {
                facts.push(fact("label-project", self.project()));
            }
            if let [one] = &alert.findings[..] {
                facts.push(fact("label-time", self.time(one.at)));
                facts.push(fact("label-alert-id", one_line(&one.id).into_owned()));
                let named = if one.account_name.is_empty() {
                    one.account.to_string()
                } else {
                    let name = one_line(&one.account_name);
                    self.fill("in-account", &[("name", &name), ("id", one.account.as_str())])
                };
                facts.push(fact("label-account", named));
                facts.push(fact("label-region", one_line(one.region.as_str()).into_owned()));
                facts.push(fact("label-resource-type", one_line(one.resource_type.as_str()).into_owned()));
                facts.push(fact("label-resource", resource(one)));
                facts.push(fact("label-arn", one_line(&one.arn).into_owned()));
                if one.detectors.iter().any(|it| *it != yagura_model::Detector::Yagura) {
                    let names: Vec<_> = one.detectors.iter().map(|it| it.product()).collect();
                    facts.push(fact("label-detectors", names.join(", ")));
                }
            } else {
                facts.push(fact("label-time", self.time(self.notice.at)));
            }
        }
        facts.push(fact("label-rule", one_line(alert.rule.as_str()).into_owned()));
        if !is_digest && alert.change != Change::Resolved {
            let requirements = match &alert.facts.requirements[..] {
                [] => self.word("no-requirements"),
                some => one_line(&some.join("; ")).into_owned(),
            };
            facts.push(fact("label-requirements", requirements));
        }
        facts
    }

    fn resources(&self, alert: &Alert, is_digest: bool) -> Option<List> {
        let findings = &alert.findings;
        if findings.len() < 2 && !is_digest {
            return None;
        }
        let shown = if is_digest { MOST_IN_DIGEST } else { MOST_RESOURCES };
        let left_out = findings.len().saturating_sub(shown);
        Some(List {
            label: self.fill("label-resources", &[("count", &findings.len().to_string())]),
            items: findings.iter().take(shown).map(resource_line).collect(),
            more: (left_out > 0).then(|| self.fill("and-more", &[("count", &left_out.to_string())])),
        })
    }
}

/// A moment in a reader's zone and words.
pub(crate) fn time(texts: &Texts, lang: Lang, zone: &TimeZone, at: Timestamp) -> String {
    let local = at.to_zoned(zone.clone());
    let mut shown = String::new();
    // A user's pattern may ask for what strftime does not know.
    let written =
        jiff::fmt::strtime::BrokenDownTime::from(&local).format(texts.word(lang, "time-format"), &mut shown);
    if written.is_ok() { shown } else { at.to_string() }
}

pub(super) fn account(it: &Told) -> String {
    let name = if it.account_name.is_empty() { it.account.as_str() } else { &it.account_name };
    one_line(name).into_owned()
}

/// The name, and the id where it is another.
fn resource(it: &Told) -> String {
    let text = if it.name.is_empty() || it.name == it.resource {
        it.resource.clone()
    } else {
        format!("{} ({})", it.name, it.resource)
    };
    one_line(&text).into_owned()
}

fn resource_line(it: &Told) -> String {
    let place = format!("{} / {}", account(it), it.region.as_str());
    let arn = if it.arn.is_empty() || it.arn == it.resource { String::new() } else { format!(" {}", it.arn) };
    format!("{} - {}{}", one_line(&place), resource(it), one_line(&arn))
}
