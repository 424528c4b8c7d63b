//! Frameworks as they are written, for people: the list of all, and one with its requirements.

use std::collections::BTreeMap;

use yagura_model::{Framework, Lang, RequirementKind, RuleId, RuleInfo};

use super::section::how_many;
use super::words::{Words, kind};
use crate::format::Style;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::table::words::number;
use crate::words::pick;

/// One line for each framework: how many requirements it has, and how many of them rules can answer.
#[must_use]
pub fn framework_list<'f>(
    frameworks: impl IntoIterator<Item = &'f Framework>,
    lang: Lang,
    style: Style,
) -> String {
    let words = Words::of(lang);
    let mut columns = vec![Column::Left, Column::Elastic];
    columns.extend([Column::Right; 4]);
    let mut grid = Grid::new(columns);
    let kinds = RequirementKind::ALL.map(|it| kind(it).get(lang).to_uppercase());
    let [automated, partly, manual] = &kinds;
    grid.titles(&[words.framework, "", words.requirements, automated, partly, manual]);
    for framework in frameworks {
        let of = framework.kinds();
        let mut cells = vec![Cell::new(&framework.id, Paint::Title), Cell::plain(framework.name.get(lang))];
        cells.push(Cell::plain(number(framework.requirements.len() as u64)));
        for kind in RequirementKind::ALL {
            cells.push(Cell::plain(number(of.get(&kind).copied().unwrap_or_default() as u64)));
        }
        grid.row(cells);
    }
    joined(grid.lines(0, width(style), style.colours))
}

/// Everything about one framework: its requirements with their rules, and what a person must check.
#[must_use]
pub fn framework_page(
    framework: &Framework,
    rules: &BTreeMap<RuleId, &RuleInfo>,
    lang: Lang,
    style: Style,
) -> String {
    let words = Words::of(lang);
    let safe = |text: &str| crate::safe::line(text).into_owned();
    let mut lines = vec![framework.id.clone(), safe(framework.name.get(lang)), String::new()];
    let mut fact = |name: &str, value: &str| lines.push(format!("{name}: {}", safe(value)));
    fact(words.publisher, framework.publisher.get(lang));
    fact(words.version, &framework.version);
    fact(words.source, &framework.url);
    let aliases: Vec<_> = framework.aliases.qualified().collect();
    if !aliases.is_empty() {
        fact(words.aliases, &aliases.join(", "));
    }
    let of = framework.kinds();
    let kinds = RequirementKind::ALL.map(|it| {
        format!("{} {}", number(of.get(&it).copied().unwrap_or_default() as u64), kind(it).get(lang))
    });
    lines.push(format!(
        "{}: {}",
        how_many(framework.requirements.len() as u64, lang),
        kinds.join(pick(lang, ", ", "、"))
    ));
    lines.push(format!("\n  {}", safe(framework.about.get(lang))));
    let mut here: Option<&str> = None;
    for requirement in &framework.requirements {
        if requirement.group.as_deref() != here {
            here = requirement.group.as_deref();
            let chapter = super::section::chapter_path(framework, requirement, lang);
            lines.push(format!("\n{}", Paint::Title.on(&safe(&chapter), style.colours)));
        }
        let mut about = vec![kind(requirement.kind()).get(lang).to_string()];
        about.extend(requirement.level.map(|it| format!("{} {it}", words.level)));
        about.extend(requirement.tags.iter().cloned());
        let title = format!(
            "{}  {} ({})",
            requirement.id,
            requirement.title.get(lang),
            about.join(pick(lang, ", ", "、"))
        );
        let mut grid = Grid::new([Column::Elastic]);
        grid.row([Cell::plain(title)]);
        for rule in &requirement.rules {
            let title = rules.get(rule).map(|it| it.text.get(lang).title.as_str()).unwrap_or_default();
            grid.note(format!("{rule}  {title}").trim_end(), Paint::Dim);
        }
        if let Some(manual) = &requirement.manual {
            grid.wrapped_note(&format!("{}: {}", words.by_hand, manual.get(lang)), Paint::Dim);
        }
        lines.extend(grid.lines(2, width(style), style.colours));
    }
    joined(lines)
}

/// Without a terminal nothing is cut.
pub(super) fn width(style: Style) -> usize {
    if style.width == 0 { usize::MAX } else { style.width.max(60) }
}

fn joined(lines: Vec<String>) -> String {
    lines.join("\n") + "\n"
}
