//! One finding out of what detectors other than a scan report of it.

use sqlx::Row as _;
use yagura_model::{Change, Detector, FindingKind, ImportedFinding, RecordState, Timestamp, Workflow};

use crate::codes::Code;
use crate::content::{Digest, canonical};
use crate::database::Connection;
use crate::error::undecodable;
use crate::lifecycle::{self, Detectors, Life, Sight, Step};
use crate::names::{Kind, Names};
use crate::report::Report;
use crate::uid::Uid;
use crate::write::{counters, sights};

/// What one detector says of one finding.
pub(crate) struct Reported<'a> {
    /// The finding.
    pub(crate) uid: Uid,
    /// Who says it.
    pub(crate) detector: Detector,
    /// What it says; at least one.
    pub(crate) reports: &'a [&'a ImportedFinding],
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merged {
    Opened,
    Reopened,
    Ended,
    Same,
    PassedOver,
}

/// A finding that is there.
struct Known {
    id: i64,
    account_id: i64,
    life: Life,
    last_at: i64,
}

/// Whether a report says that it is so now. What people have called accepted or done at the detector is no matter for anybody here.
fn is_active(report: &ImportedFinding) -> bool {
    report.record_state == RecordState::Active
        && !matches!(report.workflow, Some(Workflow::Suppressed | Workflow::Resolved))
}

/// Moves a finding on by what a detector reports.
pub(crate) async fn merge(
    connection: &mut Connection,
    names: &mut Names,
    reported: &Reported<'_>,
    at: Timestamp,
) -> sqlx::Result<Merged> {
    let known = load(connection, "uid = $1", reported.uid.as_bytes()).await?;
    let active: Vec<&ImportedFinding> = reported.reports.iter().copied().filter(|it| is_active(it)).collect();
    let newest = active.iter().chain(reported.reports).max_by_key(|it| (is_active(it), it.last_seen));
    let Some(newest) = newest.copied() else { return Ok(Merged::PassedOver) };
    let known = match known {
        Some(known) => known,
        None if active.is_empty() => return Ok(Merged::PassedOver),
        None => return open(connection, names, reported, newest, at).await,
    };
    let told_before = newest_report(connection, known.id, reported.detector).await?;
    write_reports(connection, known.id, reported, at).await?;
    let is_threat = newest.kind == FindingKind::Threat;
    let is_news = told_before.is_none_or(|it| it < newest.last_seen.as_millisecond());
    if is_threat && known.life.workflow == Workflow::Resolved && !is_news {
        // What has happened stays so: only when it happens again it is a matter for somebody again.
        return Ok(Merged::Same);
    }
    let is_still_reported = still_reported(connection, known.id, reported.detector).await?;
    if is_still_reported && active.is_empty() {
        // Another report of the same detector, which is not among these, stands: what ended says nothing of it.
        return Ok(Merged::Same);
    }
    let sight = if is_still_reported {
        let evidence = newest.evidence.as_ref().map(canonical).transpose().map_err(undecodable)?;
        Sight::Violated {
            severity: newest.severity,
            evidence: evidence.map(|text| Digest::of(text.as_bytes())),
        }
    } else {
        Sight::Passed
    };
    let Some(mut step) = lifecycle::step(Some(&known.life), reported.detector, sight) else {
        return Ok(Merged::Same);
    };
    match &mut step.change {
        Some((Change::Ended, why)) => *why = why_ended(newest),
        Some((Change::Reopened, why)) if is_threat => "it happened again".clone_into(why),
        _ => {}
    }
    let evidence = (step.life.evidence != known.life.evidence).then_some(newest);
    change(connection, &known, &step, evidence, at).await?;
    Ok(match step.change {
        Some((Change::Reopened, _)) => Merged::Reopened,
        Some((Change::Ended, _)) => Merged::Ended,
        _ => Merged::Same,
    })
}

fn why_ended(report: &ImportedFinding) -> String {
    let product = report.detector.product();
    match report.workflow {
        Some(Workflow::Suppressed) => format!("suppressed in {product}"),
        Some(Workflow::Resolved) => format!("called resolved in {product}"),
        _ => format!("ended in {product}"),
    }
}

/// Ends a finding of which a detector reports nothing any more; whether it did.
pub(crate) async fn end_unreported(
    connection: &mut Connection,
    finding: i64,
    detector: Detector,
    at: Timestamp,
) -> sqlx::Result<bool> {
    if still_reported(connection, finding, detector).await? {
        return Ok(false);
    }
    let Some(known) = load(connection, "id = $1", finding).await? else { return Ok(false) };
    let Some(mut step) = lifecycle::step(Some(&known.life), detector, Sight::Gone) else { return Ok(false) };
    let is_ended = matches!(step.change, Some((Change::Ended, _)));
    if let Some((Change::Ended, why)) = &mut step.change {
        *why = format!("no longer reported by {}", detector.product());
    }
    change(connection, &known, &step, None, at).await?;
    Ok(is_ended)
}

async fn load<'q, T>(connection: &mut Connection, which: &str, value: T) -> sqlx::Result<Option<Known>>
where
    T: sqlx::Encode<'q, crate::database::Db> + sqlx::Type<crate::database::Db> + Send + 'q,
{
    let sql = format!(
        "SELECT f.id, f.account_id, f.severity, f.record_state, f.workflow, f.evidence_digest, f.detectors,
           f.reopened, s.last_at
         FROM findings f JOIN sights s ON s.id = f.sight_id WHERE f.{which}"
    );
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(value).fetch_optional(connection).await?;
    let Some(row) = row else { return Ok(None) };
    let evidence: Option<&[u8]> = row.try_get(5)?;
    let life = Life {
        severity: Code::decode(row.try_get(2)?)?,
        record_state: Code::decode(row.try_get(3)?)?,
        workflow: Code::decode(row.try_get(4)?)?,
        evidence: evidence.and_then(Digest::from_bytes),
        detectors: Detectors(row.try_get(6)?),
        reopened: row.try_get(7)?,
    };
    let (id, account_id) = (row.try_get(0)?, row.try_get(1)?);
    Ok(Some(Known { id, account_id, life, last_at: row.try_get(8)? }))
}

/// When a detector changed last what it reports of a finding.
async fn newest_report(
    connection: &mut Connection,
    finding: i64,
    detector: Detector,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT MAX(changed_at) FROM reports WHERE finding_id = $1 AND detector = $2")
        .bind(finding)
        .bind(detector.code())
        .fetch_one(connection)
        .await
}

async fn still_reported(connection: &mut Connection, finding: i64, detector: Detector) -> sqlx::Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM reports WHERE finding_id = $1 AND detector = $2 AND record_state = 0)",
    )
    .bind(finding)
    .bind(detector.code())
    .fetch_one(connection)
    .await
}

async fn write_reports(
    connection: &mut Connection,
    finding: i64,
    reported: &Reported<'_>,
    at: Timestamp,
) -> sqlx::Result<()> {
    for it in reported.reports {
        let state = if is_active(it) { RecordState::Active } else { RecordState::Archived };
        let report = Report { text: it.text.clone(), in_security_hub: it.in_security_hub };
        let body = serde_json::to_string(&report).map_err(undecodable)?;
        sqlx::query(
            "INSERT INTO reports (finding_id, detector, external_id, record_state, seen_at, changed_at, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (finding_id, detector, external_id) DO UPDATE
             SET record_state = excluded.record_state, seen_at = excluded.seen_at,
                 changed_at = excluded.changed_at, body = excluded.body",
        )
        .bind(finding)
        .bind(reported.detector.code())
        .bind(&it.external_id)
        .bind(state.code())
        .bind(at.as_millisecond())
        .bind(it.last_seen.as_millisecond())
        .bind(body)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn open(
    connection: &mut Connection,
    names: &mut Names,
    reported: &Reported<'_>,
    newest: &ImportedFinding,
    at: Timestamp,
) -> sqlx::Result<Merged> {
    let key = &newest.resource;
    let account_id = names.number(connection, Kind::Account, key.account.as_str()).await?;
    let region_id = names.number(connection, Kind::Region, key.region.as_str()).await?;
    let type_id = names.number(connection, Kind::Type, key.resource_type.as_str()).await?;
    let rule_id = names.number(connection, Kind::Rule, newest.rule.as_str()).await?;
    let resource_id: i64 = sqlx::query_scalar(
        "INSERT INTO resources (account_id, region_id, type_id, resource, arn, name, present)
         VALUES ($1, $2, $3, $4, $5, $6, 0)
         ON CONFLICT (account_id, region_id, type_id, resource) DO UPDATE SET id = id RETURNING id",
    )
    .bind(account_id)
    .bind(region_id)
    .bind(type_id)
    .bind(&key.id)
    .bind(&newest.arn)
    .bind(&newest.name)
    .fetch_one(&mut *connection)
    .await?;
    let sight_id = sights::at(connection, account_id, at.as_millisecond()).await?;
    let first_at = newest.first_seen.min(at).as_millisecond();
    let evidence = newest.evidence.as_ref().map(canonical).transpose().map_err(undecodable)?;
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO findings (uid, kind, account_id, region_id, type_id, resource_id, rule_id, severity,
           record_state, workflow, detectors, evidence, evidence_digest, first_at, opened_at, sight_id, reopened)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15, 0) RETURNING id",
    )
    .bind(reported.uid.as_bytes())
    .bind(newest.kind.code())
    .bind(account_id)
    .bind(region_id)
    .bind(type_id)
    .bind(resource_id)
    .bind(rule_id)
    .bind(newest.severity.code())
    .bind(RecordState::Active.code())
    .bind(Workflow::New.code())
    .bind(Detectors::only(reported.detector).0)
    .bind(evidence.as_deref())
    .bind(evidence.as_ref().map(|text| Digest::of(text.as_bytes()).as_bytes().to_vec()))
    .bind(first_at)
    .bind(sight_id)
    .fetch_one(&mut *connection)
    .await?;
    counters::add(connection, [(account_id, rule_id, newest.severity, newest.kind)]).await?;
    write_reports(connection, id, reported, at).await?;
    write_history(connection, id, Change::Opened, "", at).await?;
    Ok(Merged::Opened)
}

/// Writes where a finding stands now. `evidence` is the report whose evidence is new.
async fn change(
    connection: &mut Connection,
    known: &Known,
    step: &Step,
    evidence: Option<&ImportedFinding>,
    at: Timestamp,
) -> sqlx::Result<()> {
    let at_millis = at.as_millisecond();
    if step.seen && known.last_at < at_millis {
        let sight = sights::at(connection, known.account_id, at_millis).await?;
        sights::put(connection, sight, &[known.id]).await?;
    } else if step.life.record_state == RecordState::Archived {
        // The sight may move on with others, and this one is not seen any more.
        let behind = sights::new(connection, known.account_id, known.last_at, true).await?;
        sights::put(connection, behind, &[known.id]).await?;
    }
    if step.life != known.life {
        let life = &step.life;
        sqlx::query(
            "UPDATE findings SET severity = $2, record_state = $3, workflow = $4, detectors = $5, reopened = $6,
             opened_at = COALESCE($7, opened_at), ended_at = $8 WHERE id = $1",
        )
        .bind(known.id)
        .bind(life.severity.code())
        .bind(life.record_state.code())
        .bind(life.workflow.code())
        .bind(life.detectors.0)
        .bind(i64::from(life.reopened))
        .bind(step.opens.then_some(at_millis))
        .bind((life.record_state == RecordState::Archived).then_some(at_millis))
        .execute(&mut *connection)
        .await?;
    }
    if let Some(report) = evidence {
        let text = report.evidence.as_ref().map(canonical).transpose().map_err(undecodable)?;
        sqlx::query("UPDATE findings SET evidence = $2, evidence_digest = $3 WHERE id = $1")
            .bind(known.id)
            .bind(text.as_deref())
            .bind(text.as_ref().map(|text| Digest::of(text.as_bytes()).as_bytes().to_vec()))
            .execute(&mut *connection)
            .await?;
    }
    if let Some((change, why)) = &step.change {
        write_history(connection, known.id, *change, why, at).await?;
    }
    Ok(())
}

async fn write_history(
    connection: &mut Connection,
    finding: i64,
    change: Change,
    why: &str,
    at: Timestamp,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO finding_history (finding_id, at, change, why) VALUES ($1, $2, $3, $4)")
        .bind(finding)
        .bind(at.as_millisecond())
        .bind(change.code())
        .bind(why)
        .execute(connection)
        .await
        .map(|_| ())
}
