//! Resources and their versions.

use std::collections::HashMap;

use sqlx::Row as _;
use yagura_model::{Inventory, Resource, ResourceKey};

use super::Task;
use super::listed::Listed;
use crate::content::{self, Content, Digest};
use crate::database;
use crate::error::undecodable;
use crate::names::Kind;

/// Resources whose new texts are held in memory at most.
const AT_ONCE: usize = 256;

/// A resource of the account, as the tables know it.
pub(super) struct Subject {
    pub(super) id: i64,
    pub(super) region_id: i64,
    pub(super) type_id: i64,
    /// Of the newest version, the first half; `None` when it was never read.
    digest: Option<[u8; 16]>,
    /// Whether it was there when it was last looked for.
    present: bool,
    /// Whether this scan found it.
    pub(super) found: bool,
}

/// The resources of one account that matter to this scan: those that were there before, and those that are there now.
#[derive(Default)]
pub(super) struct Subjects {
    rows: Vec<Subject>,
    by_key: HashMap<(i64, i64), HashMap<String, usize>>,
    by_id: HashMap<i64, usize>,
    /// The number that the next one gets, once it was asked for.
    next_id: Option<i64>,
    /// Whether the tables hold resources of this account that are not loaded: gone ones, and such as were never read. `None`: nobody
    /// asked yet.
    more: Option<bool>,
}

/// The columns of [`ResourceRow`].
pub(super) const COLUMNS: &str =
    "r.id, r.region_id, r.type_id, r.resource, hex(substr(r.digest, 1, 16)), r.present";

pub(super) type ResourceRow = (i64, i64, i64, String, String, i64);

impl Subjects {
    /// Of an account in which these were there before.
    pub(super) fn of(rows: Vec<ResourceRow>) -> Self {
        let mut subjects = Self::default();
        rows.into_iter().for_each(|row| subjects.take(row));
        subjects
    }

    pub(super) fn get(&self, region_id: i64, type_id: i64, resource: &str) -> Option<&Subject> {
        let place = *self.by_key.get(&(region_id, type_id))?.get(resource)?;
        self.rows.get(place)
    }

    /// Whether this scan found the resource with this number.
    pub(super) fn found(&self, id: i64) -> bool {
        self.by_id.get(&id).and_then(|place| self.rows.get(*place)).is_some_and(|it| it.found)
    }

    fn take(&mut self, (id, region_id, type_id, resource, digest, present): ResourceRow) {
        let digest = content::from_hex(&digest);
        self.push(Subject { id, region_id, type_id, digest, present: present == 1, found: false }, resource);
    }

    fn push(&mut self, subject: Subject, resource: String) {
        let place = self.rows.len();
        self.by_id.insert(subject.id, place);
        self.by_key.entry((subject.region_id, subject.type_id)).or_default().insert(resource, place);
        self.rows.push(subject);
    }

    async fn has_more(&mut self, task: &mut Task<'_>) -> sqlx::Result<bool> {
        if let Some(more) = self.more {
            return Ok(more);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM resources WHERE account_id = $1 AND present = 0)";
        let more = sqlx::query_scalar(sql).bind(task.account_id).fetch_one(&mut *task.connection).await?;
        self.more = Some(more);
        Ok(more)
    }

    /// A number for a new one.
    async fn number(&mut self, task: &mut Task<'_>) -> sqlx::Result<i64> {
        let id = match self.next_id {
            Some(id) => id,
            None => task.next_id("SELECT COALESCE(MAX(id), 0) + 1 FROM resources").await?,
        };
        self.next_id = Some(id + 1);
        Ok(id)
    }

    /// Loads those of `keys` that the tables know but that are not loaded.
    pub(super) async fn look_up(
        &mut self,
        task: &mut Task<'_>,
        keys: &[(i64, i64, &str)],
    ) -> sqlx::Result<()> {
        let mut missing: Vec<_> = keys.iter().filter(|(r, t, id)| self.get(*r, *t, id).is_none()).collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() || !self.has_more(task).await? {
            return Ok(());
        }
        let tail = format!(
            ") SELECT {} FROM wanted JOIN resources r ON r.account_id = {} AND r.region_id = wanted.region_id
               AND r.type_id = wanted.type_id AND r.resource = wanted.resource",
            database::all_rows(COLUMNS),
            task.account_id
        );
        let head = "WITH wanted (region_id, type_id, resource) AS (";
        let batches =
            database::rows_for(task.connection, head, &tail, 3, &missing, |values, (region, kind, id)| {
                values.add(*region)?.add(*kind)?.add(*id)?;
                Ok(())
            })
            .await?;
        for batch in &batches {
            let rows: Vec<ResourceRow> = serde_json::from_str(batch.try_get(0)?).map_err(undecodable)?;
            rows.into_iter().for_each(|row| self.take(row));
        }
        Ok(())
    }

    /// Makes rows for resources that were judged but never read, such as `*`.
    pub(super) async fn add_unread(
        &mut self,
        task: &mut Task<'_>,
        wanted: &[Unread<'_>],
    ) -> sqlx::Result<()> {
        let keys: Vec<_> = wanted.iter().map(|it| (it.region_id, it.type_id, it.resource)).collect();
        self.look_up(task, &keys).await?;
        let mut rows = Vec::new();
        for it in wanted {
            if self.get(it.region_id, it.type_id, it.resource).is_none() {
                let (id, region_id, type_id) = (self.number(task).await?, it.region_id, it.type_id);
                let subject = Subject { id, region_id, type_id, digest: None, present: false, found: false };
                self.push(subject, it.resource.to_owned());
                rows.push((id, it));
            }
        }
        let account = task.account_id;
        let head = "INSERT INTO resources (id, account_id, region_id, type_id, resource, arn, name, present)";
        database::for_rows(task.connection, head, "", 8, &rows, |values, (id, it)| {
            values.add(*id)?.add(account)?.add(it.region_id)?.add(it.type_id)?.add(it.resource)?;
            values.add(it.arn)?.add(it.name)?.add(0_i64)?;
            Ok(())
        })
        .await
    }
}

/// A resource that was judged but not read.
pub(super) struct Unread<'a> {
    pub(super) region_id: i64,
    pub(super) type_id: i64,
    pub(super) resource: &'a str,
    pub(super) arn: &'a str,
    pub(super) name: &'a str,
}

/// The numbers of a key's region and type.
pub(super) async fn place_of(task: &mut Task<'_>, key: &ResourceKey) -> sqlx::Result<(i64, i64)> {
    let region_id = task.region(&key.region).await?;
    let type_id = task.names.number(task.connection, Kind::Type, key.resource_type.as_str()).await?;
    Ok((region_id, type_id))
}

/// Stores what was found, with the digest of each, and what is gone.
pub(super) async fn write(
    task: &mut Task<'_>,
    subjects: &mut Subjects,
    (inventory, digests): (&Inventory, &[Digest]),
    listed: &Listed,
) -> sqlx::Result<()> {
    for (batch, digests) in inventory.resources.chunks(AT_ONCE).zip(digests.chunks(AT_ONCE)) {
        write_batch(task, subjects, batch, digests).await?;
    }
    write_gone(task, subjects, listed).await
}

/// What a batch of resources does to the tables.
#[derive(Default)]
struct Changes<'a> {
    /// New to the tables: number, place, resource, digest.
    added: Vec<(i64, (i64, i64), &'a Resource, Digest)>,
    /// Known, with new content: number, digest, the new content's ARN and name.
    changed: Vec<(i64, Digest, String, String)>,
    /// New versions: number and body; none when it is gone.
    versions: Vec<(i64, Option<String>)>,
}

async fn write_batch(
    task: &mut Task<'_>,
    subjects: &mut Subjects,
    batch: &[Resource],
    digests: &[Digest],
) -> sqlx::Result<()> {
    let mut keys = Vec::with_capacity(batch.len());
    let mut last: Option<(&ResourceKey, (i64, i64))> = None;
    for Resource { key, .. } in batch {
        // In the order of outputs, those of one place come together.
        let is_beside = |it: &ResourceKey| it.region == key.region && it.resource_type == key.resource_type;
        let (region_id, type_id) = match last.filter(|(it, _)| is_beside(it)) {
            Some((_, place)) => place,
            None => place_of(task, key).await?,
        };
        last = Some((key, (region_id, type_id)));
        keys.push((region_id, type_id, key.id.as_str()));
    }
    subjects.look_up(task, &keys).await?;
    let mut changes = Changes::default();
    for ((resource, digest), key) in batch.iter().zip(digests).zip(keys) {
        sort_out(task, subjects, &mut changes, (resource, *digest), key).await?;
    }
    apply(task, changes).await
}

/// Decides what one resource does to the tables.
async fn sort_out<'a>(
    task: &mut Task<'_>,
    subjects: &mut Subjects,
    changes: &mut Changes<'a>,
    (resource, digest): (&'a Resource, Digest),
    (region_id, type_id, id): (i64, i64, &str),
) -> sqlx::Result<()> {
    let place = subjects.by_key.get(&(region_id, type_id)).and_then(|it| it.get(id)).copied();
    let Some(subject) = place.and_then(|place| subjects.rows.get_mut(place)) else {
        let number = subjects.number(task).await?;
        let subject = Subject {
            id: number,
            region_id,
            type_id,
            digest: Some(digest.short()),
            present: true,
            found: true,
        };
        subjects.push(subject, id.to_owned());
        changes.versions.push((number, Some(content::body(resource).map_err(undecodable)?)));
        changes.added.push((number, (region_id, type_id), resource, digest));
        return Ok(());
    };
    // A list that names a resource twice tells nothing new the second time.
    if std::mem::replace(&mut subject.found, true) {
        return Ok(());
    }
    if subject.present && subject.digest == Some(digest.short()) {
        return Ok(());
    }
    let narrow = !task.run.scan.scope.types.is_empty();
    let mut news = None;
    if subject.present && (narrow || !resource.unread.is_empty()) {
        let known = newest_content(task, subject.id).await?;
        match known.map(|known| content::news(&known, resource, narrow)) {
            Some(None) => return Ok(()),
            Some(news_found) => news = news_found,
            None => {}
        }
    }
    let newest = news.as_ref().unwrap_or(resource);
    let digest = content::digest(newest).map_err(undecodable)?;
    (subject.digest, subject.present) = (Some(digest.short()), true);
    changes.versions.push((subject.id, Some(content::body(newest).map_err(undecodable)?)));
    changes.changed.push((subject.id, digest, newest.arn.clone(), newest.name.clone()));
    Ok(())
}

async fn newest_content(task: &mut Task<'_>, resource_id: i64) -> sqlx::Result<Option<Content>> {
    let body: Option<Option<String>> = sqlx::query_scalar(
        "SELECT body FROM resource_versions WHERE resource_id = $1 ORDER BY id DESC LIMIT 1",
    )
    .bind(resource_id)
    .fetch_optional(&mut *task.connection)
    .await?;
    body.flatten().map(|body| serde_json::from_str(&body).map_err(undecodable)).transpose()
}

async fn apply(task: &mut Task<'_>, changes: Changes<'_>) -> sqlx::Result<()> {
    let (scan, account) = (task.scan(), task.account_id);
    let head = "INSERT INTO resources
        (id, account_id, region_id, type_id, resource, arn, name, present, first_scan, digest)";
    database::for_rows(task.connection, head, "", 10, &changes.added, |values, (id, place, it, digest)| {
        values.add(*id)?.add(account)?.add(place.0)?.add(place.1)?.add(it.key.id.as_str())?;
        values.add(it.arn.as_str())?.add(it.name.as_str())?.add(1_i64)?;
        values.add(scan)?.add(digest.as_bytes())?;
        Ok(())
    })
    .await?;
    for (id, digest, arn, name) in changes.changed {
        sqlx::query(
            "UPDATE resources SET arn = $2, name = $3, present = 1, digest = $4,
             first_scan = COALESCE(first_scan, $5), deleted_scan = NULL WHERE id = $1",
        )
        .bind(id)
        .bind(arn)
        .bind(name)
        .bind(digest.as_bytes())
        .bind(scan)
        .execute(&mut *task.connection)
        .await?;
    }
    write_versions(task, &changes.versions).await
}

async fn write_versions(task: &mut Task<'_>, versions: &[(i64, Option<String>)]) -> sqlx::Result<()> {
    let scan = task.scan();
    let head = "INSERT INTO resource_versions (resource_id, scan_id, body)";
    database::for_rows(task.connection, head, "", 3, versions, |values, (id, body)| {
        values.add(*id)?.add(scan)?.add(body.as_deref())?;
        Ok(())
    })
    .await
}

async fn write_gone(task: &mut Task<'_>, subjects: &Subjects, listed: &Listed) -> sqlx::Result<()> {
    let gone: Vec<(i64, Option<String>)> = subjects
        .rows
        .iter()
        .filter(|it| it.present && !it.found && listed.contains(it.type_id, it.region_id))
        .map(|it| (it.id, None))
        .collect();
    let head = format!("UPDATE resources SET present = 0, deleted_scan = {} WHERE id IN (", task.scan());
    database::for_rows(task.connection, &head, ")", 1, &gone, |values, (id, _)| {
        values.add(*id)?;
        Ok(())
    })
    .await?;
    write_versions(task, &gone).await
}
