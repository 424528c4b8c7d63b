//! The weeks before the recording: earlier scans of it, with what `demo/history.yaml` says was otherwise.

use futures::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Map, Value};
use yagura_inventory::Plan;
use yagura_model::{Account, AccountId, Inventory, Organization, Resource, ResourceType, Timestamp, glob};
use yagura_packs::parse_text;
use yagura_scan::{Recorded, RegionFilter, Selection, Silent, Source, SourceError};
use yagura_store::Store;

use crate::arguments::TargetArguments;
use crate::commands::judge::{Judge, stopped};
use crate::failure::{Failure, Told};

static HISTORY: &str = include_str!("../../../../../demo/history.yaml");

/// Where AWS tells when a resource was made.
const MADE: [&str; 8] = [
    "CreateDate",
    "CreateTime",
    "CreatedAt",
    "CreatedDate",
    "CreationDate",
    "CreationTime",
    "InstanceCreateTime",
    "LaunchTime",
];

/// `demo/history.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    scans: Vec<Timestamp>,
    changes: Vec<Change>,
}

/// How some resources were for a while.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    r#type: ResourceType,
    /// A glob over names and ids.
    name: String,
    /// None means all.
    #[serde(default)]
    accounts: Vec<AccountId>,
    /// None means always.
    #[serde(default)]
    from: Option<Timestamp>,
    until: Timestamp,
    /// Fields of the configuration; `null` for those that were not there.
    was: Map<String, Value>,
}

impl Change {
    fn holds(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|it| it <= at) && at < self.until
    }

    fn is_about(&self, resource: &Resource) -> bool {
        let key = &resource.key;
        key.resource_type == self.r#type
            && (self.accounts.is_empty() || self.accounts.contains(&key.account))
            && (glob::matches(&self.name, &resource.name) || glob::matches(&self.name, &key.id))
    }

    fn undo(&self, resource: &mut Resource) {
        for (field, value) in &self.was {
            if value.is_null() {
                resource.configuration.retain(|it, _| it != field);
            } else {
                resource.configuration.insert(field.clone(), value.clone());
            }
        }
    }
}

/// The recording, as it would have been at an earlier time.
struct Earlier<'r> {
    recorded: &'r Recorded,
    at: Timestamp,
    changes: Vec<&'r Change>,
}

impl Source for Earlier<'_> {
    fn organization(&self) -> &Organization {
        self.recorded.organization()
    }

    fn selection(&self) -> &Selection {
        self.recorded.selection()
    }

    fn regions(&self) -> &RegionFilter {
        self.recorded.regions()
    }

    fn identity(&self) -> String {
        format!("{} as of {}", self.recorded.identity(), self.at)
    }

    fn inventory<'a>(
        &'a self,
        account: &'a Account,
        plan: &'a Plan,
    ) -> BoxFuture<'a, Result<Inventory, SourceError>> {
        Box::pin(async move {
            let mut inventory = self.recorded.inventory(account, plan).await?;
            inventory.resources.retain(|it| !is_made_after(&it.configuration, self.at));
            for resource in &mut inventory.resources {
                for change in
                    self.changes.iter().filter(|it| it.is_about(resource)).copied().collect::<Vec<_>>()
                {
                    change.undo(resource);
                }
            }
            Ok(inventory)
        })
    }
}

fn is_made_after(configuration: &Map<String, Value>, at: Timestamp) -> bool {
    let moments = MADE.iter().filter_map(|it| configuration.get(*it)?.as_str()?.parse::<Timestamp>().ok());
    moments.max().is_some_and(|it| it > at)
}

/// Scans the recording as it was in earlier weeks, into a store that has no scan yet.
///
/// # Errors
///
/// The store failed.
pub(super) async fn tell(
    judge: &Judge,
    recorded: &Recorded,
    store: &Store,
    target: &TargetArguments,
) -> Result<(), Failure> {
    let history: History = parse_text("demo/history.yaml", HISTORY).map_err(|mistake| {
        Told::new("the history of the demonstration cannot be read").help(mistake.to_string()).other()
    })?;
    for at in history.scans {
        let changes = history.changes.iter().filter(|it| it.holds(at)).collect();
        let earlier = Earlier { recorded, at, changes };
        judge.scan(&earlier, store, target, true, at, &Silent).await.map_err(stopped)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_ends_before_the_recording_and_changes_only_what_is_recorded_otherwise() {
        let history: History = parse_text("history.yaml", HISTORY).unwrap();
        let recorded: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        assert!(history.scans.is_sorted() && history.scans.last().unwrap() < &recorded);
        for change in &history.changes {
            assert!(change.until < recorded, "{change:?} contradicts the recording");
            assert!(history.scans.iter().any(|it| change.holds(*it)), "{change:?} is never seen");
        }
    }

    #[test]
    fn what_was_made_later_was_not_there() {
        let at = "2026-01-10T00:00:00Z".parse().unwrap();
        let of =
            |text: &str| is_made_after(serde_json::from_str::<Value>(text).unwrap().as_object().unwrap(), at);
        assert!(of(r#"{"CreationDate": "2026-01-31T18:00:00Z"}"#));
        assert!(!of(r#"{"CreationDate": "2020-05-13T00:00:00.000Z"}"#));
        assert!(!of(r#"{"LastBackupTime": "2026-01-31T18:00:00Z", "CreateTime": 7}"#));
    }
}
