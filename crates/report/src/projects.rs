//! Projects with their accounts, and what is wrong with that.

use yagura_model::{Lang, NamedAccount, ProjectMap};

use crate::detections::width;
use crate::format::Style;
use crate::table::grid::{Cell, Column, Grid, Paint};
use crate::table::words::number;
use crate::words::pick;

/// So many accounts of a project stand in a line.
const SOME: usize = 4;

/// For people at a terminal.
#[must_use]
pub fn project_list(map: &ProjectMap, lang: Lang, style: Style) -> String {
    let mut text = String::new();
    if map.projects.is_empty() {
        text.push_str(pick(
            lang,
            "The configuration defines no project: `[[projects]]` or `project_tables` in yagura.toml do.\n",
            "設定にプロジェクトがありません。yagura.toml の `[[projects]]` または `project_tables` で定義します。\n",
        ));
    } else {
        let mut grid = Grid::new([Column::Left, Column::Right, Column::Elastic]);
        grid.titles(&[pick(lang, "PROJECT", "プロジェクト"), pick(lang, "ACCOUNTS", "アカウント数"), ""]);
        for it in &map.projects {
            let mut names: Vec<_> = it.accounts.iter().take(SOME).map(called).collect();
            if it.accounts.len() > SOME {
                names.push(format!("+{}", it.accounts.len() - SOME));
            }
            let paint = if it.accounts.is_empty() { Paint::Warning } else { Paint::Title };
            grid.row([
                Cell::new(&it.name, paint),
                Cell::plain(number(it.accounts.len() as u64)),
                Cell::plain(names.join(", ")),
            ]);
        }
        add(&mut text, &grid, 0, style);
    }
    let in_none = map.in_none.iter().map(|it| (it.id.to_string(), it.name.clone()));
    let in_several = map
        .in_several
        .iter()
        .map(|it| (it.account.id.to_string(), format!("{}  {}", it.account.name, it.projects.join(", "))));
    let unknown = map.unknown.iter().map(|it| (it.id.clone(), it.project.clone()));
    let parts: [(_, Vec<_>); 3] = [
        (pick(lang, "Accounts in no project", "どのプロジェクトにも属さないアカウント"), in_none.collect()),
        (
            pick(lang, "Accounts in several projects", "複数のプロジェクトに属するアカウント"),
            in_several.collect(),
        ),
        (
            pick(
                lang,
                "Named by a project, and not in the organisation",
                "プロジェクトに書かれているが、組織に存在しないアカウント",
            ),
            unknown.collect(),
        ),
    ];
    for (title, rows) in parts.into_iter().filter(|(_, rows)| !rows.is_empty()) {
        let title = pick(lang, format!("{title}: {}", rows.len()), format!("{title}：{}", rows.len()));
        text.push_str(&format!("\n{}\n", Paint::Warning.on(&title, style.colours)));
        let mut grid = Grid::new([Column::Left, Column::Elastic]);
        rows.into_iter().for_each(|(id, what)| grid.row([Cell::plain(id), Cell::plain(what)]));
        add(&mut text, &grid, 2, style);
    }
    text
}

fn called(it: &NamedAccount) -> String {
    if it.name.is_empty() { it.id.to_string() } else { it.name.clone() }
}

fn add(text: &mut String, grid: &Grid, indent: usize, style: Style) {
    for line in grid.lines(indent, width(style), style.colours) {
        text.push_str(&line);
        text.push('\n');
    }
}

/// For machines.
///
/// # Errors
///
/// Never for what this program makes.
pub fn project_json(map: &ProjectMap) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(map).map(|it| it + "\n")
}
