//! Walks over a bucket that is a list of keys.

use std::collections::BTreeSet;
use std::sync::Mutex;

use futures::future::BoxFuture;
use proptest::prelude::*;
use yagura_aws::{ListedObject, ObjectPage};
use yagura_model::{AccountId, Region};

use super::list::{List, Pages};
use super::*;

/// A bucket with these keys, three a page, that remembers what was listed.
#[derive(Default)]
struct Fake {
    keys: Vec<String>,
    denied: Option<String>,
    asked: Mutex<Vec<String>>,
}

struct FakePages(std::vec::IntoIter<Result<ObjectPage, CallError>>);

impl List for Fake {
    fn pages(&self, prefix: &str, start_after: Option<&str>, folders: bool) -> Box<dyn Pages> {
        self.asked.lock().unwrap().push(prefix.to_owned());
        if self.denied.as_ref().is_some_and(|denied| prefix.starts_with(denied)) {
            let kind = CallErrorKind::Denied { permission: "s3:ListBucket".into() };
            let error = CallError::new("s3.ListObjectsV2", &Region::new("us-east-1"), kind, "no");
            return Box::new(FakePages(vec![Err(error)].into_iter()));
        }
        let mut pages = vec![ObjectPage::default()];
        for key in self.keys.iter().filter(|it| it.starts_with(prefix)) {
            if start_after.is_some_and(|start| key.as_str() <= start) {
                continue;
            }
            let end = key[prefix.len()..].find('/').filter(|_| folders);
            let folder = end.map(|end| key[..=prefix.len() + end].to_owned());
            let last = pages.last().unwrap();
            if folder.is_some() && last.prefixes.last() == folder.as_ref() {
                continue;
            }
            if last.objects.len() + last.prefixes.len() == 3 {
                pages.push(ObjectPage::default());
            }
            let last = pages.last_mut().unwrap();
            match folder {
                Some(folder) => last.prefixes.push(folder),
                None => {
                    let (modified, storage_class) = (Some("2026-01-02T10:00:00Z".to_owned()), None);
                    last.objects.push(ListedObject { key: key.clone(), size: 1, modified, storage_class });
                }
            }
        }
        Box::new(FakePages(pages.into_iter().map(Ok).collect::<Vec<_>>().into_iter()))
    }

    fn bucket(&self) -> &str {
        "trail"
    }
}

impl Pages for FakePages {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<ObjectPage>, CallError>> {
        Box::pin(async { self.0.next().transpose() })
    }
}

/// The keys that a walk gives, and what it listed.
fn walked(
    keys: &[String],
    prefix: &str,
    filter: &LogFilter,
    known: &[(&str, &str)],
) -> (Vec<String>, Vec<String>) {
    let mut keys = keys.to_vec();
    keys.sort();
    keys.dedup();
    let list = Arc::new(Fake { keys, ..Fake::default() });
    let (told, list) = walk_of(list, prefix, filter, known);
    (told.into_iter().map(|it| it.unwrap().key).collect(), list.asked.lock().unwrap().clone())
}

fn walk_of(
    list: Arc<Fake>,
    prefix: &str,
    filter: &LogFilter,
    known: &[(&str, &str)],
) -> (Vec<Result<LogObject, ListError>>, Arc<Fake>) {
    let known = known.iter().map(|(folder, key)| ((*folder).to_owned(), (*key).to_owned())).collect();
    let walk = Walk { list: list.clone(), prefix: prefix.to_owned(), filter: filter.clone(), known };
    (futures::executor::block_on(walk.objects().collect()), list)
}

const ORGANIZATION: &str = "AWSLogs/o-abcdefghij";

fn organization() -> Vec<String> {
    let mut keys = Vec::new();
    for account in ["111122223333", "444455556666"] {
        for folder in ["CloudTrail", "CloudTrail-Digest", "CloudTrail-Insight", "Config"] {
            for region in ["eu-west-1", "us-east-1"] {
                for day in ["2026/01/01", "2026/01/02", "2026/01/03"] {
                    for file in ["a", "b"] {
                        keys.push(format!("{ORGANIZATION}/{account}/{folder}/{region}/{day}/{file}.json.gz"));
                    }
                }
            }
        }
    }
    keys
}

fn of_account(id: &str) -> LogFilter {
    LogFilter { accounts: BTreeSet::from([AccountId::new(id).unwrap()]), ..LogFilter::default() }
}

#[test]
fn nothing_that_is_not_wanted_is_listed() {
    let filter = LogFilter {
        kinds: BTreeSet::from([LogKind::CloudTrail]),
        regions: BTreeSet::from([Region::new("us-east-1")]),
        since: Some("2026-01-02".parse().unwrap()),
        until: Some("2026-01-02".parse().unwrap()),
        ..of_account("444455556666")
    };
    let (keys, asked) = walked(&organization(), "", &filter, &[]);
    let day = format!("{ORGANIZATION}/444455556666/CloudTrail/us-east-1/2026/01/02");
    assert_eq!(keys, [format!("{day}/a.json.gz"), format!("{day}/b.json.gz")]);
    assert!(
        !asked
            .iter()
            .any(|it| it.contains("111122223333") || it.contains("Config") || it.contains("eu-west"))
    );
}

#[test]
fn every_depth_of_the_layout_can_be_named_with_or_without_a_slash() {
    let all = organization();
    for (prefix, count) in [
        ("", 72),
        ("AWSLogs", 72),
        ("AWSLogs/o-abcdefghij/", 72),
        ("AWSLogs/o-abcdefghij/111122223333", 36),
        ("AWSLogs/o-abcdefghij/111122223333/CloudTrail/", 12),
        ("AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-west-1/2026/01", 6),
        ("AWSLogs/o-abcdefghij/111122223333/CloudTrail/eu-west-1/2026/01/03/b", 1),
        // Another service's folder is taken as it is.
        ("AWSLogs/o-abcdefghij/111122223333/Config/", 12),
        ("AWSLogs/o-nothing", 0),
    ] {
        assert_eq!(walked(&all, prefix, &LogFilter::default(), &[]).0.len(), count, "{prefix}");
    }
    let below: Vec<String> = all.iter().map(|key| format!("our/audit/{key}")).collect();
    assert_eq!(walked(&below, "", &LogFilter::default(), &[]).0.len(), 72);
    assert_eq!(walked(&below, "our/", &of_account("111122223333"), &[]).0.len(), 36);
}

#[test]
fn a_prefix_without_the_layout_is_listed_as_it_is() {
    let keys: Vec<String> =
        ["exports/2026/a.json", "exports/2026/b.json", "exports/c.json", "exports/d/", "exportsx"]
            .map(str::to_owned)
            .to_vec();
    let all = LogFilter::default();
    assert_eq!(
        walked(&keys, "exports", &all, &[]).0,
        ["exports/2026/a.json", "exports/2026/b.json", "exports/c.json"]
    );
    assert_eq!(walked(&keys, "exports/c.json", &all, &[]).0, ["exports/c.json"]);
    assert_eq!(walked(&keys, "exp", &all, &[]).0.len(), 4);
    let later = LogFilter { since: Some("2026-01-03".parse().unwrap()), ..LogFilter::default() };
    assert!(walked(&keys, "exp", &later, &[]).0.is_empty(), "nothing in a file is younger than itself");
    let many: Vec<String> = (0..200).map(|it| format!("{it}/x/file.json")).collect();
    let (found, asked) = walked(&many, "", &all, &[]);
    assert_eq!(found.len(), 200);
    assert!(asked.len() < 50, "looking for the layout ends soon: {}", asked.len());
}

#[test]
fn a_folder_is_gone_on_in_behind_what_is_known() {
    let folder = format!("{ORGANIZATION}/111122223333/CloudTrail/eu-west-1/");
    let last = format!("{folder}2026/01/03/a.json.gz");
    let filter = LogFilter { kinds: BTreeSet::from([LogKind::CloudTrail]), ..of_account("111122223333") };
    let (keys, _) = walked(&organization(), "", &filter, &[(&folder, &last)]);
    assert_eq!(keys.iter().filter(|it| it.starts_with(&folder)).count(), 1);
    assert_eq!(keys.len(), 1 + 6, "other folders begin at their beginning");
}

#[test]
fn a_folder_that_may_not_be_listed_is_told_and_the_others_are_gone_through() {
    let mut keys = organization();
    keys.sort();
    let denied = Some(format!("{ORGANIZATION}/111122223333/CloudTrail/us-east-1/"));
    let list = Arc::new(Fake { keys, denied, ..Fake::default() });
    let (told, _) = walk_of(list, "", &LogFilter::default(), &[]);
    let errors: Vec<String> =
        told.iter().filter_map(|it| it.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "`s3://trail/AWSLogs/o-abcdefghij/111122223333/CloudTrail/us-east-1/` may not be listed: allow `s3:ListBucket`"
        ]
    );
    assert_eq!(told.iter().filter(|it| it.is_ok()).count(), 72 - 6);
}

fn key() -> impl Strategy<Value = String> {
    let account = prop::sample::select(vec!["111122223333", "444455556666", "aws-account-id=111122223333"]);
    let folder =
        prop::sample::select(vec!["CloudTrail", "CloudTrail-Digest", "vpcflowlogs", "Config", "GuardDuty"]);
    let region = prop::sample::select(vec!["eu-west-1", "us-east-1", "vpc-0a1b2c3d", "aws-region=eu-west-1"]);
    let day = prop::sample::select(vec![
        "2025/12/31/",
        "2026/01/01/",
        "2026/01/02/",
        "year=2026/month=01/day=01/",
        "x/",
        "",
    ]);
    let begin = prop::sample::select(vec!["", "our/", "a/b/"]);
    let organization = prop::sample::select(vec!["", "o-abcdefghij/"]);
    (begin, organization, account, folder, region, day, "[a-c]{1,2}").prop_map(
        |(begin, organization, account, folder, region, day, file)| {
            format!("{begin}AWSLogs/{organization}{account}/{folder}/{region}/{day}{file}")
        },
    )
}

fn filter() -> impl Strategy<Value = LogFilter> {
    let day = || prop::option::of(prop::sample::select(vec!["2026-01-01", "2026-01-02"]));
    (any::<bool>(), any::<bool>(), any::<bool>(), day(), day()).prop_map(
        |(account, region, kind, since, until)| LogFilter {
            accounts: account.then(|| AccountId::new("111122223333").unwrap()).into_iter().collect(),
            regions: region.then(|| Region::new("eu-west-1")).into_iter().collect(),
            kinds: kind.then_some(LogKind::CloudTrail).into_iter().collect(),
            since: since.map(|it| it.parse().unwrap()),
            until: until.map(|it| it.parse().unwrap()),
        },
    )
}

proptest! {
    /// Going through folders gives what going through every key gives, in the same order.
    #[test]
    fn a_walk_finds_what_the_keys_tell(keys in prop::collection::vec(key(), 1..60), filter in filter()) {
        let (found, _) = walked(&keys, "", &filter, &[]);
        let expected: BTreeSet<String> =
            keys.into_iter().filter(|it| log_place(it).is_some_and(|place| filter.takes(&place))).collect();
        prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
    }

    /// Any text is a key.
    #[test]
    fn any_key_is_read(key in "(AWSLogs/)?([a-z0-9=-]{0,14}/){0,9}\\PC{0,10}") {
        let _ = (log_place(&key), go_on_after(&key, jiff::SignedDuration::from_hours(1)));
    }
}
