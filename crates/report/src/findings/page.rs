//! Everything about one finding: what is wrong, where, since when, what to do, and what happened to it.

use yagura_model::{Finding, FindingChange, RequirementRef, RuleInfo};

use super::FindingWords;
use super::list::paint;
use super::words::{change, detectors, finding_title, kind, record_state, workflow};
use crate::detections::width;
use crate::safe;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::words::{pick, severity};

/// One finding with what belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct FindingStory<'f> {
    /// The finding.
    pub finding: &'f Finding,
    /// What happened to it, oldest first.
    pub history: &'f [FindingChange],
    /// The requirements that its rule answers.
    pub requirements: &'f [RequirementRef],
}

/// Everything about one finding.
#[must_use]
pub fn finding_page(story: &FindingStory<'_>, words: &FindingWords<'_>) -> String {
    let (finding, lang) = (story.finding, words.lang);
    let rule = words.rules.get(&finding.rule);
    let title = safe::line(finding_title(finding, rule, lang)).into_owned();
    let mut lines = vec![Paint::Title.on(&title, words.style.colours), String::new()];
    lines.extend(facts(finding, words));
    let mut section = |title: &str, text: &str| {
        if !text.trim().is_empty() {
            lines.push(String::new());
            lines.push(Paint::Title.on(title, words.style.colours));
            lines.extend(paragraph(text));
        }
    };
    let own = finding.text.clone().unwrap_or_default();
    let why = rule.map_or(own.description.as_str(), |it| it.text.get(lang).why.as_str());
    section(pick(lang, "Why it matters", "なぜ問題か"), why);
    if let Some(evidence) = &finding.evidence {
        let text = serde_json::to_string_pretty(evidence).unwrap_or_default();
        section(pick(lang, "What exactly is wrong", "該当箇所"), &text);
    }
    section(pick(lang, "How to put it right", "修正手順"), &steps(rule, &own.remediation, words));
    if let Some(rule) = rule {
        section(pick(lang, "What the fix may break", "修正による影響"), &rule.text.get(lang).impact_of_fix);
    }
    let requirements: Vec<String> =
        story.requirements.iter().map(|it| format!("{} {}", it.framework, it.requirement)).collect();
    section(pick(lang, "Frameworks", "フレームワーク"), &requirements.join(", "));
    let references = rule.map(|it| it.references.join("\n")).unwrap_or(own.url);
    section(pick(lang, "References", "参考資料"), &references);
    lines.push(String::new());
    lines.push(Paint::Title.on(pick(lang, "History", "履歴"), words.style.colours));
    lines.extend(history(story.history, words));
    lines.join("\n") + "\n"
}

fn facts(finding: &Finding, words: &FindingWords<'_>) -> Vec<String> {
    let lang = words.lang;
    let mut grid = Grid::new([Column::Left, Column::Elastic]);
    let mut fact = |name: &str, value: Cell| grid.row([Cell::new(name, Paint::Dim), value]);
    fact("ID", Cell::plain(&finding.id));
    fact(
        pick(lang, "Severity", "重大度"),
        Cell::new(severity(finding.severity).get(lang), paint(finding.severity)),
    );
    let state = format!(
        "{} / {}",
        record_state(finding.record_state).get(lang),
        workflow(finding.workflow).get(lang)
    );
    fact(pick(lang, "State", "状態"), Cell::plain(state));
    if let Some(name) = &finding.suppression {
        fact(pick(lang, "Suppression", "抑制ルール"), Cell::plain(name));
    }
    let nobody = pick(lang, "nobody", "なし");
    fact(pick(lang, "Assignee", "担当者"), Cell::plain(finding.assignee.as_deref().unwrap_or(nobody)));
    fact(pick(lang, "Kind", "種類"), Cell::plain(kind(finding.kind).get(lang)));
    fact(pick(lang, "Reported by", "検出元"), Cell::plain(detectors(finding, lang)));
    let name = words.rules.get(&finding.rule).map_or(&finding.rule, |it| &it.id).as_str();
    fact(pick(lang, "Rule", "ルール"), Cell::plain(name));
    let account = words.account(&finding.resource.account);
    let id = finding.resource.account.as_str();
    let account = if account == id { account } else { format!("{account} ({id})") };
    fact(pick(lang, "Account", "アカウント"), Cell::plain(account));
    fact(pick(lang, "Region", "リージョン"), Cell::plain(finding.resource.region.as_str()));
    let resource = format!("{} {}", finding.resource.resource_type, finding.resource.id);
    fact(pick(lang, "Resource", "リソース"), Cell::plain(resource));
    if !finding.name.is_empty() && finding.name != finding.resource.id {
        fact(pick(lang, "Name", "名前"), Cell::plain(&finding.name));
    }
    fact("ARN", Cell::plain(&finding.arn));
    let days = words.days(finding.opened_at);
    let opened = pick(
        lang,
        format!("{} ({days} days)", words.moment(finding.opened_at)),
        format!("{}（{days} 日経過）", words.moment(finding.opened_at)),
    );
    fact(pick(lang, "Open since", "検出日時"), Cell::plain(opened));
    if finding.first_seen != finding.opened_at {
        fact(pick(lang, "First seen", "初回検出"), Cell::plain(words.moment(finding.first_seen)));
    }
    fact(pick(lang, "Last seen", "最終確認"), Cell::plain(words.moment(finding.last_seen)));
    if let Some(at) = finding.resolved_at {
        fact(pick(lang, "Ended", "終了日時"), Cell::plain(words.moment(at)));
    }
    grid.lines(0, width(words.style), words.style.colours)
}

/// Numbered steps of our rule, or what the detector says.
fn steps(rule: Option<&RuleInfo>, remediation: &str, words: &FindingWords<'_>) -> String {
    let Some(rule) = rule else { return remediation.to_owned() };
    let numbered = rule.fix.steps.get(words.lang).iter().enumerate();
    let mut steps: Vec<String> = numbered.map(|(n, step)| format!("{}. {}", n + 1, step.trim())).collect();
    steps.extend(rule.fix.cli.iter().map(|line| format!("$ {}", line.trim())));
    steps.join("\n")
}

fn history(changes: &[FindingChange], words: &FindingWords<'_>) -> Vec<String> {
    let mut grid = Grid::new([Column::Left, Column::Left, Column::Left, Column::Elastic]);
    for it in changes {
        grid.row([
            Cell::new(words.moment(it.at), Paint::Dim),
            Cell::plain(change(it.change).get(words.lang)),
            Cell::plain(it.who.as_deref().unwrap_or_default()),
            Cell::plain(&it.why),
        ]);
    }
    grid.lines(2, width(words.style), words.style.colours)
}

/// Text of several lines, harmless, a little to the right.
fn paragraph(text: &str) -> Vec<String> {
    safe::lines(text.trim()).lines().map(|line| format!("  {line}")).collect()
}
