//! The story of one incident: who, from where, what happened stage by stage, what the attacker has made, and what to do first.

use std::collections::BTreeMap;

use serde::Serialize;
use yagura_model::{EntityKind, EntityLink, Incident, Lang, Tactic, ThreatFinding, Timestamp};

use super::aftermath::made;
use super::tables::{paint, some};
use super::text::{SOME, StepText, entities, headline, incident_text};
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
    let text = incident_text(story, lang);
    let made = text.made.iter().map(|it| format!("- {it}")).collect();
    let first_steps = text.first_steps.iter().enumerate().map(|(n, it)| format!("{}. {it}", n + 1));
    let first_steps = first_steps.chain(text.more_steps).collect();
    section(pick(lang, "What happened", "経緯"), steps(&text.steps, lang));
    section(pick(lang, "What the attacker has made", "攻撃者が作成したもの"), made);
    section(pick(lang, "What to do first", "最初の対応"), first_steps);
    lines.join("\n") + "\n"
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

/// Stage by stage, in the order of time.
fn steps(steps: &[StepText], lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut day, mut stage) = (String::new(), None);
    for it in steps {
        let today = it.time.strftime("%Y-%m-%d").to_string();
        if today != day {
            lines.push(format!("{today} (UTC)"));
            day = today;
        }
        if let Some(now) = it.stage.as_ref().filter(|now| stage != Some(*now)) {
            lines.push(pick(lang, format!("  [{now}]"), format!("  【{now}】")));
            stage = Some(now);
        }
        lines.push(format!("    {}  {}", it.time.strftime("%H:%M:%S"), it.title));
        lines.extend(it.deed.iter().chain(&it.said).map(|it| format!("              {it}")));
    }
    lines
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
        made: made(story, Lang::En),
    };
    serde_json::to_string_pretty(&told).map(|it| it + "\n")
}
