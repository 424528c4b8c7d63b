//! Snapshots there and back, and everything that can be wrong with one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::json;
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Coverage, Gap, Inventory, Needs, Organization, Partition,
    ReadStatus, Region, Relationship, Resource, ResourceKey, Timestamp, Unlisted,
};
use yagura_packs::Packs;

use super::*;
use crate::{AnyOperation, Collectors, Plan, ServiceFilter};

fn id(n: u64) -> AccountId {
    AccountId::new(&format!("{n:012}")).unwrap()
}

fn plan(yaml: &str) -> Plan {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.yaml"), yaml).unwrap();
    let packs = Packs::empty().overlay_at("collectors", directory.path()).unwrap();
    let (collectors, diagnostics) = Collectors::load(&packs, &AnyOperation);
    assert_eq!(diagnostics, []);
    collectors.plan(&Needs::Everything, &ServiceFilter::default())
}

const BUCKETS: &str = "- resource: AWS::S3::Bucket\n  call: s3.ListBuckets\n  id: Name\n  also:\n    - { call: s3.GetBucketPolicy, into: Policy }\n";

fn organization() -> Organization {
    Organization {
        id: Some("o-1".into()),
        management_account: Some(id(1)),
        partition: Partition::Aws,
        accounts: (1..4).map(|n| (id(n), Account::bare(id(n)))).collect(),
    }
}

fn resource(account: u64, name: &str) -> Resource {
    Resource {
        key: ResourceKey {
            account: id(account),
            region: Region::from("eu-west-1"),
            resource_type: "AWS::S3::Bucket".into(),
            id: name.into(),
        },
        arn: format!("arn:aws:s3:::{name}"),
        name: String::new(),
        tags: BTreeMap::new(),
        configuration: serde_json::Map::from_iter([("Name".to_owned(), json!(name))]),
        relationships: Vec::new(),
        unread: BTreeMap::new(),
    }
}

fn inventory(account: u64, names: &[&str]) -> Inventory {
    let mut coverage = Coverage::default();
    coverage.add(&Region::from("eu-west-1"), "s3.ListBuckets", ReadStatus::Read);
    Inventory {
        account: Account::bare(id(account)),
        regions: vec![Region::from("eu-west-1")],
        types: ["AWS::S3::Bucket".into()].into(),
        resources: names.iter().map(|name| resource(account, name)).collect(),
        unlisted: Vec::new(),
        coverage,
        links: None,
    }
}

fn writer(directory: &Path) -> SnapshotWriter {
    SnapshotWriter::create(directory, Timestamp::UNIX_EPOCH, &organization(), &plan(BUCKETS)).unwrap()
}

/// A snapshot of two accounts that were read and one that was not.
fn snapshot(directory: &Path) -> SnapshotManifest {
    let writer = writer(directory);
    writer.write(&inventory(2, &["b"])).unwrap();
    writer.write(&inventory(1, &["a", "c"])).unwrap();
    writer.note(AccountScan {
        account: Account::bare(id(3)),
        state: AccountState::Unreachable { role: None, error: "the role cannot be assumed".into() },
        regions: Vec::new(),
        resources: 0,
        switched_off: Default::default(),
    });
    writer.finish().unwrap()
}

fn account_file(directory: &Path, account: u64) -> std::path::PathBuf {
    directory.join(format!("accounts/{:012}.ndjson.zst", account))
}

/// The error of reading account 1 once its unpacked content was changed.
fn after_change(change: impl Fn(String) -> String) -> String {
    let directory = tempfile::tempdir().unwrap();
    snapshot(directory.path());
    let file = account_file(directory.path(), 1);
    let text = String::from_utf8(zstd::decode_all(fs::File::open(&file).unwrap()).unwrap()).unwrap();
    fs::write(&file, zstd::encode_all(change(text).as_bytes(), 1).unwrap()).unwrap();
    let error = SnapshotReader::open(directory.path()).unwrap().account(&id(1)).unwrap_err().to_string();
    let shown = file.display().to_string();
    assert!(error.contains(&shown), "{error} does not name {shown}");
    error.replace(&shown, "FILE")
}

#[test]
fn a_snapshot_is_read_as_it_was_written() {
    let directory = tempfile::tempdir().unwrap();
    let manifest = snapshot(directory.path());
    let reader = SnapshotReader::open(directory.path()).unwrap();
    assert_eq!(reader.manifest(), &manifest);
    let states: Vec<_> = manifest.accounts.iter().map(|it| (it.account.id.as_str(), it.resources)).collect();
    assert_eq!(states, [("000000000001", 2), ("000000000002", 1), ("000000000003", 0)]);
    let read: Vec<_> = reader.inventories().collect::<Result<_, _>>().unwrap();
    assert_eq!(read, [inventory(1, &["a", "c"]), inventory(2, &["b"])]);
}

#[test]
fn a_snapshot_that_was_never_finished_is_none_and_can_be_begun_again() {
    let directory = tempfile::tempdir().unwrap();
    let interrupted = writer(directory.path());
    interrupted.write(&inventory(3, &["left over"])).unwrap();
    fs::write(directory.path().join("accounts/000000000009.ndjson.zst.unfinished"), "half").unwrap();
    drop(interrupted);
    let error = SnapshotReader::open(directory.path()).unwrap_err();
    assert!(error.to_string().contains("never finished"), "{error}");

    snapshot(directory.path());
    assert!(!account_file(directory.path(), 3).exists(), "what was left over is gone");
    assert_eq!(SnapshotReader::open(directory.path()).unwrap().inventories().count(), 2);
}

#[test]
fn nothing_of_the_users_is_overwritten() {
    let create = |directory: &Path| {
        SnapshotWriter::create(directory, Timestamp::UNIX_EPOCH, &organization(), &plan(BUCKETS)).unwrap_err()
    };
    let finished = tempfile::tempdir().unwrap();
    snapshot(finished.path());
    assert!(create(finished.path()).to_string().contains("is not empty"));

    let other = tempfile::tempdir().unwrap();
    fs::create_dir(other.path().join("accounts")).unwrap();
    fs::write(other.path().join("accounts/letter.txt"), "dear").unwrap();
    assert!(create(other.path()).to_string().contains("is not empty"));
    assert_eq!(fs::read_to_string(other.path().join("accounts/letter.txt")).unwrap(), "dear");
}

#[test]
fn what_is_not_a_snapshot_is_said_to_be_none() {
    let empty = tempfile::tempdir().unwrap();
    let error = SnapshotReader::open(empty.path()).unwrap_err();
    assert!(matches!(error, SnapshotReadError::NotASnapshot { .. }), "{error}");
    let error = SnapshotReader::open(&empty.path().join("nothing/here")).unwrap_err();
    assert!(matches!(error, SnapshotReadError::NotASnapshot { .. }), "{error}");
}

#[test]
fn a_newer_snapshot_asks_for_a_newer_yagura() {
    let directory = tempfile::tempdir().unwrap();
    snapshot(directory.path());
    let path = directory.path().join("manifest.json");
    fs::write(&path, "{\"FormatVersion\": 2, \"SomethingNew\": []}").unwrap();
    let error = SnapshotReader::open(directory.path()).unwrap_err().to_string();
    assert!(
        error.ends_with("was written by a newer yagura (format 2, this one reads up to 1): update yagura"),
        "{error}"
    );

    let changed = after_change(|text| text.replacen("{\"FormatVersion\":1", "{\"FormatVersion\":7", 1));
    assert!(changed.contains("format 7"), "{changed}");
}

#[test]
fn a_missing_account_is_named() {
    let directory = tempfile::tempdir().unwrap();
    snapshot(directory.path());
    fs::remove_file(account_file(directory.path(), 2)).unwrap();
    let error = SnapshotReader::open(directory.path()).unwrap().account(&id(2)).unwrap_err().to_string();
    assert!(error.ends_with("is missing: the manifest says that account 000000000002 was read"), "{error}");
}

#[test]
fn a_damaged_account_is_refused_and_named() {
    let without_line = |text: String, n: usize| {
        let lines: Vec<_> = text.lines().enumerate().filter(|(at, _)| *at != n).map(|(_, it)| it).collect();
        lines.join("\n") + "\n"
    };
    let take = "; take the snapshot again";
    for (error, expected) in [
        (
            after_change(|text| text.replace("\"Id\":\"a\"", "\"Id\":\"A\"")),
            "its contents are not those that were written",
        ),
        (after_change(|text| without_line(text, 1)), "its contents are not those that were written"),
        (after_change(|text| without_line(text, 4)), "it is cut off"),
        (after_change(|text| without_line(text, 0)), "it has no header"),
        (after_change(|text| text[..text.len() - 1].to_owned()), "it is cut off"),
        (after_change(|text| text.clone() + &text), "something follows its end"),
        (after_change(|_| String::new()), "it is cut off"),
        (after_change(|text| text.replace("000000000001", "000000000002")), "it holds account 000000000002"),
    ] {
        let plain = error.strip_prefix("`FILE` is damaged: ").and_then(|it| it.strip_suffix(take));
        let acceptable = [Some(expected), Some("its contents are not those that were written")];
        assert!(acceptable.contains(&plain), "{error}: {expected} is expected");
    }
}

#[test]
fn a_file_that_unpacks_without_end_is_refused() {
    let line = after_change(|_| "x".repeat(65 << 20));
    assert_eq!(line, "`FILE` is damaged: a line is too long; take the snapshot again");
}

#[test]
fn what_the_snapshot_did_not_ask_is_unread_and_not_absent() {
    let directory = tempfile::tempdir().unwrap();
    snapshot(directory.path());
    let reader = SnapshotReader::open(directory.path()).unwrap();
    let mut read = reader.account(&id(2)).unwrap();
    reader.mark_unasked(&plan(BUCKETS), &mut read);
    let links = Some(plan(BUCKETS).links());
    assert_eq!(read, Inventory { links, ..inventory(2, &["b"]) }, "it asked for all of this plan");

    let more = format!("{BUCKETS}    - {{ call: s3.GetBucketAcl, into: Acl }}\n");
    reader.mark_unasked(&plan(&more), &mut read);
    let unread: Vec<_> =
        read.resources[0].unread.iter().map(|(field, gap)| format!("{field}: {gap}")).collect();
    assert_eq!(unread, ["Acl: s3.GetBucketAcl in eu-west-1: not asked"]);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,8}", any::<String>()]
}

fn status() -> impl Strategy<Value = ReadStatus> {
    prop_oneof![
        Just(ReadStatus::Throttled),
        Just(ReadStatus::RegionOff),
        text().prop_map(|permission| ReadStatus::Denied { permission }),
        text().prop_map(|code| ReadStatus::Failed { code }),
    ]
}

prop_compose! {
    fn gap()(call in text(), region in text(), status in status()) -> Gap {
        Gap { call, region: Region::new(region), status }
    }
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        (-1e12..1e12_f64).prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Into::into),
            prop::collection::btree_map(text(), inner, 0..3)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn any_resource()(
        (region, name, arn, shown) in (text(), text(), text(), text()),
        tags in prop::collection::btree_map(text(), text(), 0..3),
        configuration in prop::collection::btree_map(text(), value(), 0..4),
        related in prop::collection::vec((text(), text()), 0..3),
        unread in prop::collection::btree_map(text(), gap(), 0..2),
    ) -> Resource {
        Resource {
            key: ResourceKey {
                account: id(1),
                region: Region::new(region),
                resource_type: "AWS::A::B".into(),
                id: name,
            },
            arn,
            name: shown,
            tags,
            configuration: configuration.into_iter().collect(),
            relationships: related.into_iter().map(|(to, id)| Relationship { to: to.as_str().into(), id }).collect(),
            unread,
        }
    }
}

prop_compose! {
    fn any_inventory()(
        mut resources in prop::collection::vec(any_resource(), 0..6),
        gaps in prop::collection::btree_set((text(), gap()), 0..3),
        rows in prop::collection::vec((text(), text(), status(), 1_u64..1000), 0..4),
    ) -> Inventory {
        resources.sort_by(|a, b| a.key.cmp(&b.key));
        resources.dedup_by(|a, b| a.key == b.key);
        let mut coverage = Coverage::default();
        for (region, call, status, count) in rows {
            coverage.add_many(&Region::new(region), &call, status, count);
        }
        let mut unlisted: Vec<_> = gaps
            .into_iter()
            .map(|(region, gap)| Unlisted { resource_type: "AWS::A::B".into(), region: Region::new(region), gap })
            .collect();
        unlisted.sort();
        Inventory {
            account: Account::bare(id(1)),
            regions: vec![Region::from("eu-west-1")],
            types: ["AWS::A::B".into()].into(),
            resources,
            unlisted,
            coverage,
            links: None,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever an inventory holds comes back, and the same content gives the same bytes.
    #[test]
    fn every_inventory_comes_back(inventory in any_inventory()) {
        let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for directory in [&first, &second] {
            let writer = writer(directory.path());
            writer.write(&inventory).unwrap();
            writer.finish().unwrap();
        }
        for name in ["manifest.json", "accounts/000000000001.ndjson.zst"] {
            prop_assert_eq!(fs::read(first.path().join(name)).unwrap(), fs::read(second.path().join(name)).unwrap());
        }
        let read = SnapshotReader::open(first.path()).unwrap().account(&id(1)).unwrap();
        prop_assert_eq!(read, inventory);
    }

    /// A byte that changed, or an end that is missing, is an error and never another inventory.
    #[test]
    fn damage_is_always_noticed(at in any::<prop::sample::Index>(), flip in 1_u8..=255, cut in any::<bool>()) {
        let directory = tempfile::tempdir().unwrap();
        snapshot(directory.path());
        let file = account_file(directory.path(), 1);
        let mut bytes = fs::read(&file).unwrap();
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] ^= flip;
        }
        fs::write(&file, bytes).unwrap();
        let read = SnapshotReader::open(directory.path()).unwrap().account(&id(1));
        if let Ok(read) = read {
            prop_assert_eq!(read, inventory(1, &["a", "c"]));
        }
    }
}
