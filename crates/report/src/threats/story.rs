//! The story of one incident: who, from where, what happened stage by stage, what the attacker has made, and what to do first.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use yagura_model::{Entity, EntityKind, EntityLink, Incident, Lang, Tactic, ThreatFinding, Timestamp};

use super::aftermath::{first_steps, made};
use super::tables::{paint, some};
use super::{KnownDetections, moment, name, title, words};
use crate::format::Style;
use crate::safe;
use crate::table::grid::Paint;
use crate::table::words::number;
use crate::words::{pick, severity};

/// What a story is told from.
#[derive(Debug, Clone, Copy)]
pub struct IncidentStory<'s> {
    /// The incident.
    pub incident: &'s Incident,
    /// Its findings, the first one first.
    pub findings: &'s [ThreatFinding],
    /// The credentials that led from one to the next.
    pub links: &'s [EntityLink],
    /// Built-in detections.
    pub known: &'s KnownDetections,
}

/// So many characters of what a rule says are told.
const SAID: usize = 160;
/// So many addresses, accounts and the like stand in a sentence.
pub(super) const SOME: usize = 4;

/// The story for people.
#[must_use]
pub fn incident_story(story: &IncidentStory<'_>, lang: Lang, style: Style) -> String {
    let it = story.incident;
    let mut lines = vec![
        format!(
            "{}  {}",
            paint(it.severity).on(severity(it.severity).get(lang), style.colours),
            Paint::Title.on(&headline(story, lang), style.colours)
        ),
        pick(lang, format!("Incident {}", it.id), format!("インシデント {}", it.id)),
        String::new(),
    ];
    lines.extend(summary(story, lang).into_iter().map(|it| safe::line(&it).into_owned()));
    let mut section = |title: &str, items: Vec<String>| {
        if !items.is_empty() {
            lines.push(String::new());
            lines.push(Paint::Title.on(title, style.colours));
            lines.extend(items.iter().map(|it| format!("  {}", safe::line(it))));
        }
    };
    section(pick(lang, "What happened", "経緯"), steps(story, lang));
    section(pick(lang, "What the attacker has made", "攻撃者が作成したもの"), made(story, lang));
    section(pick(lang, "What to do first", "最初の対応"), first_steps(story, lang));
    lines.join("\n") + "\n"
}

/// The story in one line.
fn headline(story: &IncidentStory<'_>, lang: Lang) -> String {
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

/// Who, when, where, how much.
fn summary(story: &IncidentStory<'_>, lang: Lang) -> Vec<String> {
    let it = story.incident;
    let lasted = duration(it.first_seen, it.last_seen, lang);
    let addresses = entities(story, EntityKind::Address);
    let from = some(addresses.iter().copied(), SOME);
    let accounts = some(it.accounts.iter().map(String::as_str), SOME);
    let (first, last) = (moment(it.first_seen), moment(it.last_seen));
    let stages: Vec<_> = it.stages.iter().map(|it| *words::tactic(*it).get(lang)).collect();
    let (findings, events) = (number(it.findings), number(it.events));
    let mut lines = match lang {
        Lang::En => vec![
            format!("From {first} to {last} UTC ({lasted}): {findings} findings, {events} events."),
            format!("Stages: {}.", stages.join(", ")),
        ],
        Lang::Ja => vec![
            format!("{first} から {last}（UTC、{lasted}）：検出 {findings} 件、イベント {events} 件。"),
            format!("段階：{}。", stages.join("、")),
        ],
    };
    if !accounts.is_empty() {
        lines.push(pick(lang, format!("Accounts: {accounts}."), format!("アカウント：{accounts}。")));
    }
    if !from.is_empty() {
        lines.push(pick(lang, format!("From: {from}."), format!("接続元：{from}。")));
    }
    let who: Vec<_> = it.actors.iter().map(|it| it.principal.as_str()).collect();
    let who = some(who.into_iter(), SOME);
    lines.push(pick(lang, format!("Who: {who}."), format!("実行者：{who}。")));
    lines
}

/// The names of all entities of a kind.
pub(super) fn entities<'s>(story: &IncidentStory<'s>, kind: EntityKind) -> BTreeSet<&'s str> {
    let all = story.findings.iter().flat_map(|it| &it.entities);
    all.filter(|it| it.kind == kind).map(|it| it.name.as_str()).collect()
}

fn duration(from: Timestamp, until: Timestamp, lang: Lang) -> String {
    let minutes = until.duration_since(from).as_secs() / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (lang, days, hours) {
        (Lang::En, 0, 0) => format!("{minutes} min"),
        (Lang::En, 0, _) => format!("{hours} h {minutes} min"),
        (Lang::En, _, _) => format!("{days} d {hours} h"),
        (Lang::Ja, 0, 0) => format!("{minutes} 分間"),
        (Lang::Ja, 0, _) => format!("{hours} 時間 {minutes} 分"),
        (Lang::Ja, _, _) => format!("{days} 日 {hours} 時間"),
    }
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

/// Stage by stage, in the order of time.
fn steps(story: &IncidentStory<'_>, lang: Lang) -> Vec<String> {
    let mut steps: Vec<Step<'_>> = story.findings.iter().map(Step::Finding).collect();
    steps.extend(turns(story).into_iter().map(|(link, to)| Step::Link(link, to)));
    steps.sort_by_key(Step::time);
    let mut lines = Vec::new();
    let (mut day, mut stage) = (String::new(), None);
    for step in &steps {
        let today = step.time().strftime("%Y-%m-%d").to_string();
        if today != day {
            lines.push(format!("{today} (UTC)"));
            day = today;
        }
        let time = step.time().strftime("%H:%M:%S");
        match step {
            Step::Finding(it) => {
                let now = it.tactic();
                if now != stage {
                    let name = now.map_or(pick(lang, "Other", "その他"), |it| words::tactic(it).get(lang));
                    lines.push(pick(lang, format!("  [{name}]"), format!("  【{name}】")));
                    stage = now;
                }
                lines.push(format!("    {time}  {}", title(it, story.known, lang)));
                lines.push(format!("              {}", deed(it, lang)));
                let said = it.samples.iter().find_map(|it| it.output.as_deref());
                lines.extend(said.map(|it| format!("              {}", cut(it))));
            }
            Step::Link(it, to) => {
                let (who, how) = (&it.actor.name, &it.how);
                lines.push(format!(
                    "    {time}  {}",
                    pick(
                        lang,
                        format!("{who} goes on as {to} ({how})"),
                        format!("{who} が {to} として操作を継続（{how}）")
                    )
                ));
            }
        }
    }
    lines
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

/// An incident for machines.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Told<'s> {
    #[serde(flatten)]
    incident: &'s Incident,
    headline: BTreeMap<&'static str, String>,
    steps: Vec<ToldStep<'s>>,
    made: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ToldStep<'s> {
    time: Timestamp,
    stage: Option<Tactic>,
    title: BTreeMap<&'static str, &'s str>,
    detection: &'s str,
    finding: &'s ThreatFinding,
}

fn told_step<'s>(it: &'s ThreatFinding, known: &'s KnownDetections) -> ToldStep<'s> {
    ToldStep {
        time: it.first_seen,
        stage: it.tactic(),
        title: Lang::ALL.iter().map(|lang| (lang.as_str(), title(it, known, *lang))).collect(),
        detection: name(it, known),
        finding: it,
    }
}

/// The story for machines.
///
/// # Errors
///
/// It cannot be written as JSON.
pub fn incident_json(story: &IncidentStory<'_>) -> Result<String, serde_json::Error> {
    let languages = |of: &dyn Fn(Lang) -> String| Lang::ALL.iter().map(|it| (it.as_str(), of(*it))).collect();
    let told = Told {
        incident: story.incident,
        headline: languages(&|lang| headline(story, lang)),
        steps: story.findings.iter().map(|it| told_step(it, story.known)).collect(),
        made: made(story, Lang::En).into_iter().map(|it| it.trim_start_matches("- ").to_owned()).collect(),
    };
    serde_json::to_string_pretty(&told).map(|it| it + "\n")
}
