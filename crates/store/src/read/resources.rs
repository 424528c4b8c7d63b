//! Resources over all accounts and regions: lists, what they point to and what points to them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use sqlx::{AssertSqlSafe, Row as _};
use thiserror::Error;
use yagura_model::{AccountId, Finding, Region, Resource, ResourceKey, ResourceLine, ResourceType, Severity};

use super::ReadError;
use super::filter::Conditions;
use super::findings::numbered;
use super::history::decode;
use super::words::Words;
use crate::codes::Code as _;
use crate::database::{self, Connection, Row};
use crate::names::{self, Kind};
use crate::store::Store;

/// So many resources that point to one are told.
const POINTING: usize = 500;

/// Which resources are wanted; empty sets mean all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResourceFilter {
    /// In these accounts.
    pub accounts: BTreeSet<AccountId>,
    /// In these regions.
    pub regions: BTreeSet<Region>,
    /// Of these types.
    pub types: BTreeSet<ResourceType>,
    /// Whose id, name or ARN holds this text, whatever its case.
    pub text: Option<String>,
    /// Those that are gone, and not those that are there.
    pub is_gone: bool,
}

/// A page of resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourcePage {
    /// By type, account and region.
    pub resources: Vec<ResourceLine>,
    /// Where the next page begins; `None` when this is the last one.
    pub next: Option<ResourceCursor>,
}

/// A place in a list of resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceCursor([i64; 4]);

/// A text that is no cursor.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no place in a list of resources")]
pub struct ResourceCursorError(String);

impl fmt::Display for ResourceCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{a}.{b}.{c}.{d}")
    }
}

impl FromStr for ResourceCursor {
    type Err = ResourceCursorError;

    fn from_str(text: &str) -> Result<Self, ResourceCursorError> {
        let error = || ResourceCursorError(text.chars().take(60).collect());
        let numbers: Vec<i64> =
            text.split('.').map(str::parse).collect::<Result<_, _>>().map_err(|_| error())?;
        numbers.try_into().map(Self).map_err(|_| error())
    }
}

/// A resource that another one points to, or is pointed to by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Its type.
    pub resource_type: ResourceType,
    /// Its id or ARN, as the relationship has it.
    pub id: String,
    /// The resource, where it was read.
    pub resource: Option<ResourceLine>,
}

impl Store {
    /// A page of resources.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn resource_page(
        &self,
        filter: &ResourceFilter,
        limit: usize,
        after: Option<ResourceCursor>,
    ) -> Result<ResourcePage, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        page(&mut snapshot, filter, limit, after).await.map_err(|error| self.inner.failed(error).into())
    }

    /// How many resources there are of each type.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn count_resources(
        &self,
        filter: &ResourceFilter,
    ) -> Result<BTreeMap<ResourceType, u64>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        count(&mut snapshot, filter).await.map_err(|error| self.inner.failed(error).into())
    }

    /// What a resource points to, and what of its account points to it, at most 500 of the latter.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn related(&self, resource: &Resource) -> Result<(Vec<Related>, Vec<Related>), ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        related(&mut snapshot, resource).await.map_err(|error| self.inner.failed(error).into())
    }

    /// The findings about a resource, the worst first, at most `limit`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn findings_about(&self, key: &ResourceKey, limit: usize) -> Result<Vec<Finding>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        about(&mut snapshot, key, limit).await.map_err(|error| self.inner.failed(error).into())
    }

    /// Every rule that findings are of, or ever were.
    ///
    /// # Errors
    ///
    /// [`ReadError::Database`] when the database failed.
    pub async fn reported_rules(&self) -> Result<BTreeSet<yagura_model::RuleId>, ReadError> {
        let mut snapshot = self.inner.snapshot().await?;
        let rules = names::all(&mut snapshot, Kind::Rule, |name| Ok(yagura_model::RuleId::from(name))).await;
        Ok(rules.map_err(|error| self.inner.failed(error))?.into_values().collect())
    }
}

async fn conditions(connection: &mut Connection, filter: &ResourceFilter) -> sqlx::Result<Conditions> {
    let mut conditions = Conditions::default();
    conditions.one_of("r.present", &[i64::from(!filter.is_gone)]);
    conditions.named(connection, "r.type_id", Kind::Type, &filter.types).await?;
    conditions.named(connection, "r.account_id", Kind::Account, &filter.accounts).await?;
    conditions.named(connection, "r.region_id", Kind::Region, &filter.regions).await?;
    if let Some(text) = &filter.text {
        conditions.text(connection, "r.id", text).await?;
    }
    Ok(conditions)
}

/// Resources that were read; others are only known because something was judged of them.
const READ: &str = "FROM resources r WHERE r.first_scan IS NOT NULL";

/// The columns of [`line`]. How many findings are active is a bad guide to the few of one resource, hence the index by name; and they are only looked for
/// once the rows of a list are known.
fn columns() -> String {
    let open = format!(
        "FROM findings f {} WHERE f.resource_id = r.id AND f.record_state = 0 AND f.workflow < 2",
        database::by_index("findings_resource")
    );
    format!(
        "r.type_id, r.account_id, r.region_id, r.id, r.resource, r.arn, r.name, r.present,
         (SELECT COUNT(*) {open}), (SELECT MAX(f.severity) {open})"
    )
}

fn line(row: &Row, words: &Words) -> sqlx::Result<ResourceLine> {
    let findings: i64 = row.try_get(8)?;
    let worst: Option<i64> = row.try_get(9)?;
    Ok(ResourceLine {
        key: ResourceKey {
            account: words.account(row.try_get(1)?)?,
            region: words.region(row.try_get(2)?)?,
            resource_type: words.resource_type(row.try_get(0)?)?,
            id: row.try_get(4)?,
        },
        arn: row.try_get(5)?,
        name: row.try_get(6)?,
        is_present: row.try_get(7)?,
        findings: findings.unsigned_abs(),
        worst: worst.map(Severity::decode).transpose()?,
    })
}

async fn page(
    connection: &mut Connection,
    filter: &ResourceFilter,
    limit: usize,
    after: Option<ResourceCursor>,
) -> sqlx::Result<ResourcePage> {
    let conditions = conditions(connection, filter).await?;
    let behind = after.map_or_else(String::new, |ResourceCursor([a, b, c, d])| {
        format!(" AND (r.type_id, r.account_id, r.region_id, r.id) > ({a}, {b}, {c}, {d})")
    });
    let index = match conditions.names_resources() {
        true => String::new(),
        false => database::by_index("resources_list"),
    };
    let order = "r.type_id, r.account_id, r.region_id, r.id";
    let sql = format!(
        "SELECT {} FROM resources r WHERE r.id IN
           (SELECT r.id FROM resources r {} WHERE r.first_scan IS NOT NULL{}{behind} ORDER BY {order} LIMIT {})
         ORDER BY {order}",
        columns(),
        index,
        conditions.as_str(),
        limit + 1
    );
    let rows = sqlx::query(AssertSqlSafe(sql)).persistent(false).fetch_all(&mut *connection).await?;
    let words = Words::load(connection).await?;
    let resources = rows.iter().take(limit).map(|row| line(row, &words)).collect::<sqlx::Result<_>>()?;
    let last = rows.get(limit.saturating_sub(1)).filter(|_| rows.len() > limit);
    let next = last.map(|row| -> sqlx::Result<ResourceCursor> {
        Ok(ResourceCursor([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?]))
    });
    Ok(ResourcePage { resources, next: next.transpose()? })
}

async fn count(
    connection: &mut Connection,
    filter: &ResourceFilter,
) -> sqlx::Result<BTreeMap<ResourceType, u64>> {
    let conditions = conditions(connection, filter).await?;
    let sql = format!("SELECT r.type_id, COUNT(*) {READ}{} GROUP BY r.type_id", conditions.as_str());
    let rows: Vec<(i64, i64)> =
        sqlx::query_as(AssertSqlSafe(sql)).persistent(false).fetch_all(&mut *connection).await?;
    let words = Words::load(connection).await?;
    rows.into_iter().map(|(number, count)| Ok((words.resource_type(number)?, count.unsigned_abs()))).collect()
}

async fn related(
    connection: &mut Connection,
    resource: &Resource,
) -> sqlx::Result<(Vec<Related>, Vec<Related>)> {
    let words = Words::load(connection).await?;
    let mut to = Vec::new();
    for it in &resource.relationships {
        let kind = names::find(connection, Kind::Type, it.to.as_str()).await?;
        let sql = format!(
            "SELECT {} {READ} AND r.type_id = $1 AND r.account_id = $2 AND (r.resource = $3 OR r.arn = $3)
             ORDER BY r.present DESC, r.id LIMIT 1",
            columns()
        );
        let account = names::find(connection, Kind::Account, resource.key.account.as_str()).await?;
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(kind)
            .bind(account)
            .bind(&it.id)
            .fetch_optional(&mut *connection)
            .await?;
        to.push(Related {
            resource_type: it.to.clone(),
            id: it.id.clone(),
            resource: row.map(|row| line(&row, &words)).transpose()?,
        });
    }
    Ok((to, pointing(connection, resource, &words).await?))
}

/// The resources of the same account that say that they point to this one. The text is looked for first, because that needs no parsing.
async fn pointing(
    connection: &mut Connection,
    resource: &Resource,
    words: &Words,
) -> sqlx::Result<Vec<Related>> {
    let account = names::find(connection, Kind::Account, resource.key.account.as_str()).await?;
    let sql = format!(
        "SELECT {}, v.body {} AND r.account_id = $1 AND r.present = 1 AND v.body IS NOT NULL
           AND (instr(v.body, $2) > 0 OR instr(v.body, $3) > 0) LIMIT {}",
        columns(),
        READ.replace(
            "FROM resources r",
            "FROM resources r JOIN resource_versions v ON v.id = (SELECT id FROM resource_versions WHERE resource_id = r.id ORDER BY id DESC LIMIT 1)"
        ),
        POINTING * 4
    );
    // As JSON has them.
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(account)
        .bind(quoted(&resource.key.id))
        .bind(quoted(&resource.arn))
        .fetch_all(&mut *connection)
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let from = line(row, words)?;
        let its = decode(&from.key, row.try_get(10)?)?;
        let points = its.relationships.iter().any(|it| {
            it.to == resource.key.resource_type && (it.id == resource.key.id || it.id == resource.arn)
        });
        if points && from.key != resource.key && found.len() < POINTING {
            found.push(Related {
                resource_type: from.key.resource_type.clone(),
                id: from.key.id.clone(),
                resource: Some(from),
            });
        }
    }
    Ok(found)
}

async fn about(connection: &mut Connection, key: &ResourceKey, limit: usize) -> sqlx::Result<Vec<Finding>> {
    let account = names::find(connection, Kind::Account, key.account.as_str()).await?;
    let region = names::find(connection, Kind::Region, key.region.as_str()).await?;
    let kind = names::find(connection, Kind::Type, key.resource_type.as_str()).await?;
    let sql = format!(
        "SELECT f.id FROM findings f {} WHERE f.resource_id =
           (SELECT id FROM resources WHERE account_id = $1 AND region_id = $2 AND type_id = $3 AND resource = $4)
         ORDER BY f.record_state, f.severity DESC, f.id LIMIT {limit}",
        database::by_index("findings_resource")
    );
    let numbers: Vec<i64> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(account)
        .bind(region)
        .bind(kind)
        .bind(&key.id)
        .fetch_all(&mut *connection)
        .await?;
    let words = Words::load(connection).await?;
    numbered(connection, &words, &numbers).await
}
