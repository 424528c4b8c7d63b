//! The counters of findings: what is new is added here, many at once. What changes is counted by a trigger.

use std::collections::BTreeMap;

use yagura_model::{FindingKind, RecordState, Severity, Workflow};

use crate::codes::Code as _;
use crate::database::{self, Connection};

/// What a counter counts: account, rule, severity and kind. New findings are active, and nobody has looked at them.
pub(crate) type Counted = (i64, i64, Severity, FindingKind);

/// Adds findings that were just opened.
pub(crate) async fn add(
    connection: &mut Connection,
    opened: impl IntoIterator<Item = Counted>,
) -> sqlx::Result<()> {
    let mut counts: BTreeMap<(i64, i64, i64, i64), i64> = BTreeMap::new();
    for (account, rule, severity, kind) in opened {
        // 0 stands for all of them.
        for (account, rule) in [(account, rule), (account, 0), (0, rule)] {
            *counts.entry((account, rule, severity.code(), kind.code())).or_default() += 1;
        }
    }
    let rows: Vec<_> = counts.into_iter().collect();
    let head =
        "INSERT INTO finding_counts (account_id, rule_id, record_state, workflow, severity, kind, findings)";
    let tail = "ON CONFLICT DO UPDATE SET findings = findings + excluded.findings";
    database::for_rows(
        connection,
        head,
        tail,
        7,
        &rows,
        |values, ((account, rule, severity, kind), count)| {
            values.add(*account)?.add(*rule)?.add(RecordState::Active.code())?.add(Workflow::New.code())?;
            values.add(*severity)?.add(*kind)?.add(*count)?;
            Ok(())
        },
    )
    .await
}
