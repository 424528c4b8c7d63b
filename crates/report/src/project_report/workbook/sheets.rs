//! The sheets about frameworks and about suppressions that expire soon.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use yagura_model::{Assessment, Outcome, Requirement};

use super::looks::Looks;
use super::table::{Cell, Table};
use crate::framework::words::answer;
use crate::project_report::row::whole_days;
use crate::project_report::{EndingSuppression, ProjectHead};

pub(super) fn frameworks(
    book: &mut Workbook,
    head: &ProjectHead<'_>,
    looks: &Looks,
    frameworks: &[Assessment],
) -> Result<Vec<Worksheet>, XlsxError> {
    let w = head.words();
    let columns = vec![
        (w.framework, 34.0),
        (w.requirement, 14.0),
        (w.title, 60.0),
        (w.answer, 16.0),
        (w.compliant_accounts, 14.0),
        (w.non_compliant_accounts, 14.0),
        (w.unknown_accounts, 14.0),
        (w.rules, 60.0),
    ];
    let mut table = Table::begin(book, looks, w.frameworks, columns, &head.time_zone)?;
    for it in frameworks {
        let by_id: BTreeMap<&str, &Requirement> =
            it.framework.requirements.iter().map(|it| (it.id.as_str(), it)).collect();
        for told in &it.requirements {
            let requirement = by_id.get(told.requirement.as_str());
            let rules: Vec<&str> =
                requirement.iter().flat_map(|it| &it.rules).map(yagura_model::RuleId::as_str).collect();
            let rules = rules.join("; ");
            let accounts = |outcome| match told.accounts.get(&outcome) {
                Some(count) => Cell::Number(*count as f64),
                None => Cell::Empty,
            };
            let cells = [
                Cell::Text(it.framework.name.get(head.lang)),
                Cell::Text(&told.requirement),
                Cell::Text(requirement.map_or("", |it| it.title.get(head.lang).as_str())),
                Cell::Looking(answer(told.answer).get(head.lang), looks.answer(told.answer)),
                accounts(Outcome::Compliant),
                accounts(Outcome::NonCompliant),
                accounts(Outcome::InsufficientData),
                Cell::Text(&rules),
            ];
            table.row(book, looks, &cells)?;
        }
    }
    if table.is_empty() {
        table.note(looks, w.no_frameworks)?;
    }
    table.finish()
}

pub(super) fn suppressions(
    book: &mut Workbook,
    head: &ProjectHead<'_>,
    looks: &Looks,
    suppressions: &[EndingSuppression],
) -> Result<Vec<Worksheet>, XlsxError> {
    let w = head.words();
    let columns = vec![
        (w.suppression, 24.0),
        (w.covers, 50.0),
        (w.reason, 50.0),
        (w.control, 40.0),
        (w.requester, 20.0),
        (w.approver, 20.0),
        (w.expires, 17.0),
        (w.days_left, 10.0),
        (w.hides, 12.0),
    ];
    let mut table = Table::begin(book, looks, w.suppressions, columns, &head.time_zone)?;
    for it in suppressions {
        let cells = [
            Cell::Text(&it.id),
            Cell::Text(&it.covers),
            Cell::Text(&it.reason),
            Cell::Text(&it.compensating_control),
            Cell::Text(&it.requester),
            Cell::Text(&it.approver),
            Cell::Moment(it.expires),
            Cell::Number(whole_days(it.expires.duration_since(head.now)) as f64),
            Cell::Number(it.hides as f64),
        ];
        table.row(book, looks, &cells)?;
    }
    if table.is_empty() {
        table.note(looks, w.nothing_ends)?;
    }
    table.finish()
}
