//! The story of an incident in parts, in one language: whoever shows it, a terminal or a message, lays out these and escapes them.

use std::collections::BTreeSet;

use yagura_model::{Entity, EntityKind, EntityLink, Lang, ThreatFinding, Timestamp};

use super::aftermath::{first_steps, made};
use super::story::IncidentStory;
use super::tables::some;
use super::{title, words};
use crate::safe;
use crate::table::words::number;
use crate::words::pick;

/// So many characters of what a rule says are told.
const SAID: usize = 160;
/// So many addresses, accounts and the like stand in a sentence.
pub(super) const SOME: usize = 4;

/// The parts of a story. Names in it are as AWS or an attacker wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentText {
    /// The story in one line.
    pub headline: String,
    /// The stages of the attack, in the order in which they were first seen.
    pub stages: Vec<String>,
    /// The addresses that it came from.
    pub from: Vec<String>,
    /// What happened, in the order of time.
    pub steps: Vec<StepText>,
    /// What is there now and was not before.
    pub made: Vec<String>,
    /// What to do first, in this order.
    pub first_steps: Vec<String>,
    /// Where the steps stand that are left out.
    pub more_steps: Option<String>,
}

/// One step of an attack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepText {
    /// When.
    pub time: Timestamp,
    /// The stage that it belongs to; `None` where the attacker only goes on as somebody else.
    pub stage: Option<String>,
    /// What was found.
    pub title: String,
    /// Who did what to what, from where, how often.
    pub deed: Option<String>,
    /// The beginning of what the rule says of it.
    pub said: Option<String>,
}

/// The parts of a story, in a language.
#[must_use]
pub fn incident_text(story: &IncidentStory<'_>, lang: Lang) -> IncidentText {
    let (first_steps, more_steps) = first_steps(story, lang);
    IncidentText {
        headline: headline(story, lang),
        stages: story.incident.stages.iter().map(|it| (*words::tactic(*it).get(lang)).to_owned()).collect(),
        from: entities(story, EntityKind::Address).into_iter().map(str::to_owned).collect(),
        steps: steps(story, lang),
        made: made(story, lang),
        first_steps,
        more_steps,
    }
}

/// The story in one line.
pub(super) fn headline(story: &IncidentStory<'_>, lang: Lang) -> String {
    let it = story.incident;
    let who = it.actors.first().map_or("?", |it| it.name.as_str());
    let others = it.actors.len().saturating_sub(1);
    let stages = it.stages.len();
    let text = match lang {
        Lang::En => {
            let others = match others {
                0 => String::new(),
                1 => " and 1 other".to_owned(),
                n => format!(" and {n} others"),
            };
            let stages = if stages == 1 { "1 stage".to_owned() } else { format!("{stages} stages") };
            format!("{who}{others}: an attack in {stages}")
        }
        Lang::Ja => {
            let others = if others == 0 { String::new() } else { format!(" ほか {others} 者") };
            format!("{who}{others}による攻撃（{stages} 段階）")
        }
    };
    safe::line(&text).into_owned()
}

/// The names of all entities of a kind.
pub(super) fn entities<'s>(story: &IncidentStory<'s>, kind: EntityKind) -> BTreeSet<&'s str> {
    let all = story.findings.iter().flat_map(|it| &it.entities);
    all.filter(|it| it.kind == kind).map(|it| it.name.as_str()).collect()
}

/// A step of the story.
enum Step<'s> {
    Finding(&'s ThreatFinding),
    /// Credentials that somebody took, with which the story goes on.
    Link(&'s EntityLink, &'s str),
}

impl Step<'_> {
    fn time(&self) -> Timestamp {
        match self {
            Self::Finding(it) => it.first_seen,
            Self::Link(it, _) => it.time,
        }
    }
}

/// The links that lead from one actor of the incident to another, with the name of the other.
fn turns<'s>(story: &IncidentStory<'s>) -> Vec<(&'s EntityLink, &'s str)> {
    let it = story.incident;
    let used: BTreeSet<&Entity> = story.findings.iter().flat_map(|it| &it.entities).collect();
    let is_turn = |link: &&EntityLink| {
        link.time >= it.first_seen
            && link.time <= it.last_seen
            && link.from.iter().any(|from| used.contains(from))
    };
    let mut seen = BTreeSet::new();
    let mut turns = Vec::new();
    for link in story.links.iter().filter(is_turn) {
        let uses = |it: &&ThreatFinding| {
            it.actor.principal != link.actor.principal
                && it.entities.contains(&link.to)
                && it.last_seen >= link.time
        };
        // The same role is taken again and again, and a user gets a password and a key: once is told.
        if let Some(other) = story.findings.iter().find(uses)
            && seen.insert((&link.actor.principal, &other.actor.principal))
        {
            turns.push((link, other.actor.name.as_str()));
        }
    }
    turns
}

fn steps(story: &IncidentStory<'_>, lang: Lang) -> Vec<StepText> {
    let mut steps: Vec<Step<'_>> = story.findings.iter().map(Step::Finding).collect();
    steps.extend(turns(story).into_iter().map(|(link, to)| Step::Link(link, to)));
    steps.sort_by_key(Step::time);
    steps.iter().map(|it| step(it, story, lang)).collect()
}

fn step(it: &Step<'_>, story: &IncidentStory<'_>, lang: Lang) -> StepText {
    let time = it.time();
    match it {
        Step::Finding(it) => {
            let stage =
                it.tactic().map_or(pick(lang, "Other", "その他"), |it| words::tactic(it).get(lang));
            StepText {
                time,
                stage: Some(stage.to_owned()),
                title: title(it, story.known, lang).to_owned(),
                deed: Some(deed(it, lang)),
                said: it.samples.iter().find_map(|it| it.output.as_deref()).map(cut),
            }
        }
        Step::Link(it, to) => {
            let (who, how) = (&it.actor.name, &it.how);
            let title = pick(
                lang,
                format!("{who} goes on as {to} ({how})"),
                format!("{who} が {to} として操作を継続（{how}）"),
            );
            StepText { time, stage: None, title, deed: None, said: None }
        }
    }
}

/// The beginning of what a rule says: all of it stands in the JSON.
fn cut(text: &str) -> String {
    let shown: String = text.chars().take(SAID).collect();
    if shown.len() == text.len() { shown } else { shown + "…" }
}

/// Of an ARN, what it names.
pub(super) fn plain(target: &str) -> &str {
    if target.starts_with("arn:") { target.splitn(6, ':').nth(5).unwrap_or(target) } else { target }
}

/// Who did what to what, from where, how often.
fn deed(it: &ThreatFinding, lang: Lang) -> String {
    let mut whats: Vec<&str> = Vec::new();
    let mut targets: Vec<&str> = Vec::new();
    for sample in &it.samples {
        if !whats.contains(&sample.what.as_str()) {
            whats.push(&sample.what);
        }
        targets.extend(
            sample.targets.iter().map(String::as_str).filter(|it| !targets.contains(it)).collect::<Vec<_>>(),
        );
    }
    let mut text = format!("{}: {}", it.actor.name, some(whats.into_iter(), 3));
    if !targets.is_empty() {
        text.push_str(&format!(" {}", some(targets.into_iter().map(plain), 3)));
    }
    if let Some((address, origin)) =
        it.samples.iter().find_map(|it| Some((it.address.as_deref()?, &it.origin)))
    {
        let address = match origin {
            Some(origin) => pick(lang, format!("{address} ({origin})"), format!("{address}（{origin}）")),
            None => address.to_owned(),
        };
        text.push_str(&pick(lang, format!(", from {address}"), format!("、接続元 {address}")));
    }
    if it.count > 1 {
        let count = number(it.count);
        text.push_str(&pick(lang, format!(", {count} times"), format!("、{count} 回")));
    }
    if it.failed > 0 {
        let failed = number(it.failed);
        let refused = it.samples.iter().find_map(|it| it.error.as_deref()).unwrap_or_default();
        text.push_str(&if it.failed == it.count {
            pick(lang, format!(" (refused: {refused})"), format!("（拒否：{refused}）"))
        } else {
            pick(lang, format!(" ({failed} refused)"), format!("（うち {failed} 回は拒否）"))
        });
    }
    text
}
