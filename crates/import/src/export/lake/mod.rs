//! To S3 as a custom source of Security Lake: findings of OCSF in Parquet.
//!
//! The layout is Security Lake's: `ext/SOURCE/region=REGION/accountId=ACCOUNT/eventDay=YYYYMMDD/`, one class of events in a source,
//! compressed with zstd, ordered by time, pages of at most 1 MB, row groups far below 256 MB.
//!
//! Source: Security Lake User Guide, "Collecting data from custom sources".

mod shape;
mod shred;

use std::collections::BTreeMap;
use std::io::BufRead;

use serde_json::{Value, json};
use yagura_aws::Target;
use yagura_model::{Region, Timestamp};

use super::{Deliver, ExportError, Exported, Refused};
use crate::files::Elements;

/// Rows of one object: some tens of megabytes before compression.
const ROWS: usize = 20_000;

/// Where a source is.
#[derive(Debug, Clone)]
pub struct Lake<'a> {
    /// Who writes: the source's provider, in the bucket's region.
    pub target: &'a Target,
    /// The bucket of Security Lake.
    pub bucket: &'a str,
    /// The source's folder: `ext/yagura`. A source holds one class of events: those of other classes than Compliance Findings have sources of
    /// their own, `ext/yagura-detection` and the like.
    pub prefix: &'a str,
    /// How objects are called, with a number behind it. The same name again replaces what was written before.
    pub name: &'a str,
}

/// An object's folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Partition {
    account: String,
    class: u64,
    region: String,
    day: String,
}

/// Stores what the format `ocsf` writes.
///
/// # Errors
///
/// [`ExportError`] when `ocsf` cannot be read or laid out; what is not taken is told.
pub async fn to_security_lake(
    deliver: &dyn Deliver,
    lake: &Lake<'_>,
    ocsf: impl BufRead + Send,
) -> Result<Exported, ExportError> {
    let mut exported = Exported::default();
    let mut elements = Elements::new(ocsf);
    let mut held: BTreeMap<Partition, Vec<Value>> = BTreeMap::new();
    let mut rows = 0;
    while let Some(element) = elements.next()? {
        let read: Option<Value> = serde_json::from_slice(&element.bytes).ok().filter(|_| !element.cut);
        let Some((event, partition)) = read.and_then(|it| partition(&it).map(|at| (it, at))) else {
            exported.refused.push(Refused {
                id: String::new(),
                why: format!("event {} is no finding with class, account, region and time", element.row),
            });
            continue;
        };
        // Findings come account by account: what is held does not grow with the organisation.
        let is_other = held.keys().next().is_some_and(|it| it.account != partition.account);
        if is_other || rows == ROWS {
            store_all(deliver, lake, std::mem::take(&mut held), &mut exported).await?;
            rows = 0;
        }
        held.entry(partition).or_default().push(event);
        rows += 1;
    }
    store_all(deliver, lake, held, &mut exported).await?;
    Ok(exported)
}

async fn store_all(
    deliver: &dyn Deliver,
    lake: &Lake<'_>,
    held: BTreeMap<Partition, Vec<Value>>,
    exported: &mut Exported,
) -> Result<(), ExportError> {
    for (at, rows) in held {
        store(deliver, lake, &at, rows, exported).await?;
    }
    Ok(())
}

/// What belongs to no region goes to the partition's home region: the lake knows regions only.
fn partition(event: &Value) -> Option<Partition> {
    let class = event["class_uid"].as_u64().filter(|it| shape::table(*it).is_some())?;
    let cloud = &event["cloud"];
    let region = cloud["region"].as_str()?;
    let region = match (region, cloud["cloud_partition"].as_str()) {
        (Region::GLOBAL, Some("aws-cn")) => "cn-north-1",
        (Region::GLOBAL, Some("aws-us-gov")) => "us-gov-west-1",
        (Region::GLOBAL, _) => "us-east-1",
        (region, _) => region,
    };
    let account = cloud["account"]["uid"].as_str()?;
    let plain =
        |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    let time = Timestamp::from_millisecond(event["time"].as_i64()?).ok()?;
    (plain(region) && plain(account)).then(|| Partition {
        account: account.to_owned(),
        class,
        region: region.to_owned(),
        day: time.strftime("%Y%m%d").to_string(),
    })
}

async fn store(
    deliver: &dyn Deliver,
    lake: &Lake<'_>,
    at: &Partition,
    mut rows: Vec<Value>,
    exported: &mut Exported,
) -> Result<(), ExportError> {
    rows.sort_by_key(|row| row["time"].as_i64());
    let Some(class) = shape::table(at.class) else { return Ok(()) };
    let body = shred::parquet(class.name, &class.columns(), &rows)?;
    let key = format!(
        "{}{}/region={}/accountId={}/eventDay={}/{}-{}.parquet",
        lake.prefix.trim_matches('/'),
        class.source,
        at.region,
        at.account,
        at.day,
        lake.name,
        exported.objects.len() + exported.failures.len(),
    );
    let input = json!({ "Bucket": lake.bucket, "Key": key, "ContentType": "application/vnd.apache.parquet" });
    match deliver.put(lake.target, &input, body).await {
        Ok(_) => {
            exported.taken += rows.len() as u64;
            exported.objects.push(key);
        }
        Err(error) => {
            let why = error.to_string();
            let id = |row: &Value| row["finding_info"]["uid"].as_str().unwrap_or_default().to_owned();
            exported.refused.extend(rows.iter().map(|row| Refused { id: id(row), why: why.clone() }));
            exported.failures.push(error);
        }
    }
    Ok(())
}
