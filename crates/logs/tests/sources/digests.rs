//! Digests, keys and log files of a bucket, from a server that follows a script: the emulator signs nothing.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};
use yagura_logs::digest::{Checked, Digest, DigestAnswer, FileAnswer, verify};
use yagura_logs::s3::{LogFilter, S3Address};

use crate::server::{Asked, Say, Server, json as say_json, target, xml};

static KEY: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::from_pkcs8(include_bytes!("../data/signing-key.pk8")).unwrap());

const ACCOUNT: &str = "AWSLogs/111122223333";

/// A bucket: what it holds by key, with a signature where there is one.
type Objects = BTreeMap<String, (String, Option<String>)>;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest_key(hour: u8) -> String {
    let name =
        format!("111122223333_CloudTrail-Digest_eu-west-1_trail_us-east-1_20260102T{hour:02}0000Z.json.gz");
    format!("{ACCOUNT}/CloudTrail-Digest/eu-west-1/2026/01/02/{name}")
}

fn file_key(name: &str) -> String {
    format!("{ACCOUNT}/CloudTrail/eu-west-1/2026/01/02/{name}.json.gz")
}

/// Adds the digest of an hour that names these files with what they held, and signs it.
fn add_digest(objects: &mut Objects, hour: u8, files: &[(&str, &str)]) {
    let before = hour.checked_sub(1).and_then(|hour| objects.get(&digest_key(hour)).cloned());
    let previous =
        before.as_ref().map(|(text, signature)| (hex(digest(&SHA256, text.as_bytes()).as_ref()), signature));
    let files: Vec<Value> = files
        .iter()
        .map(|(name, held)| {
            let hash = hex(digest(&SHA256, held.as_bytes()).as_ref());
            json!({ "s3Bucket": "trail", "s3Object": file_key(name), "hashValue": hash, "hashAlgorithm": "SHA-256" })
        })
        .collect();
    let text = json!({
        "digestStartTime": format!("2026-01-02T{:02}:00:00Z", hour.saturating_sub(1)),
        "digestEndTime": format!("2026-01-02T{hour:02}:00:00Z"),
        "digestS3Bucket": "trail",
        "digestS3Object": digest_key(hour),
        "digestPublicKeyFingerprint": "f1",
        "digestSignatureAlgorithm": "SHA256withRSA",
        "previousDigestS3Bucket": previous.as_ref().map(|_| "trail"),
        "previousDigestS3Object": previous.as_ref().map(|_| digest_key(hour - 1)),
        "previousDigestHashValue": previous.as_ref().map(|it| &it.0),
        "previousDigestHashAlgorithm": previous.as_ref().map(|_| "SHA-256"),
        "previousDigestSignature": previous.as_ref().map(|it| it.1),
        "logFiles": files,
    })
    .to_string();
    let signed = Digest::parse(text.as_bytes()).unwrap();
    let mut signature = vec![0; KEY.public().modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.signed_text().as_bytes(), &mut signature)
        .unwrap();
    objects.insert(digest_key(hour), (text, Some(hex(&signature))));
}

/// Answers listings, objects and keys.
fn answer(objects: &Objects, asked: &Asked) -> Say {
    if asked.header("x-amz-target").ends_with("ListPublicKeys") {
        assert!(asked.header("authorization").contains("/us-east-1/"), "the trail's home region is asked");
        let value = STANDARD.encode(KEY.public_key().as_ref());
        let body = json!({ "PublicKeyList": [{ "Value": value, "Fingerprint": "f1" }] });
        return say_json(200, &body.to_string());
    }
    let path = asked.line.strip_prefix("GET /trail").unwrap();
    let Some(query) = path.strip_prefix('?') else {
        return match objects.get(&path[1..]) {
            Some((text, signature)) => {
                let headers = signature.iter().map(|it| ("x-amz-meta-signature", it.clone())).collect();
                Say::Answer(200, headers, text.clone())
            }
            None => xml(404, "<Error><Code>NoSuchKey</Code></Error>"),
        };
    };
    let options: BTreeMap<&str, String> = query
        .split('&')
        .filter_map(|it| it.split_once('='))
        .map(|(name, value)| (name, value.replace("%2F", "/")))
        .collect();
    let (prefix, folders) = (&*options["prefix"], options.contains_key("delimiter"));
    let mut body = String::new();
    let mut last = String::new();
    for key in objects.keys().filter(|key| key.starts_with(prefix)) {
        match key[prefix.len()..].find('/').filter(|_| folders) {
            Some(end) if last != key[..=prefix.len() + end] => {
                key[..=prefix.len() + end].clone_into(&mut last);
                body.push_str(&format!("<CommonPrefixes><Prefix>{last}</Prefix></CommonPrefixes>"));
            }
            Some(_) => {}
            None => body.push_str(&format!(
                "<Contents><Key>{key}</Key><Size>1</Size><LastModified>2026-01-02T0{}:30:00.000Z</LastModified></Contents>",
                if key.contains("late") { 9 } else { 2 }
            )),
        }
    }
    xml(200, &format!("<ListBucketResult><IsTruncated>false</IsTruncated>{body}</ListBucketResult>"))
}

async fn judged(objects: Objects) -> (Vec<DigestAnswer>, BTreeMap<String, FileAnswer>) {
    let server = Server::start(move |asked, _| answer(&objects, asked)).await;
    let client = server.client();
    let place = S3Address::parse("s3://trail").unwrap();
    let (mut digests, mut files) = (Vec::new(), BTreeMap::new());
    let mut tell = |checked| match checked {
        Checked::Digest(it) => digests.push(it.answer),
        Checked::File(it) => {
            let name = it.key.rsplit('/').next().unwrap().trim_end_matches(".json.gz").to_owned();
            assert_eq!(files.insert(name, it.answer), None, "a file is told once");
        }
        Checked::Unlisted(error) => panic!("{error}"),
    };
    verify(&client, &target(&client, "eu-west-1"), &place, &LogFilter::default(), &mut tell).await;
    (digests, files)
}

/// Three hours: one, two and three.
fn bucket() -> Objects {
    let mut objects = Objects::new();
    for (hour, name) in [(1, "one"), (2, "two"), (3, "three")] {
        objects.insert(file_key(name), (format!("events of {name}"), None));
        add_digest(&mut objects, hour, &[(name, &format!("events of {name}"))]);
    }
    objects
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_nobody_touched_is_valid() {
    let (digests, files) = judged(bucket()).await;
    assert_eq!(digests, vec![DigestAnswer::Valid; 3]);
    assert!(files.len() == 3 && files.values().all(|it| *it == FileAnswer::Valid), "{files:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_missing_and_foreign_files_are_told() {
    let mut objects = bucket();
    objects.insert(file_key("one"), ("nothing happened".to_owned(), None));
    objects.remove(&file_key("two"));
    objects.insert(file_key("foreign"), ("events of nobody".to_owned(), None));
    objects.insert(file_key("late"), ("events of this hour".to_owned(), None));
    let (digests, files) = judged(objects).await;
    assert_eq!(digests, vec![DigestAnswer::Valid; 3]);
    let told: Vec<(&str, &FileAnswer)> = files.iter().map(|(name, answer)| (name.as_str(), answer)).collect();
    assert_eq!(
        told,
        [
            ("foreign", &FileAnswer::NotCovered),
            ("late", &FileAnswer::NotYet),
            ("one", &FileAnswer::Changed),
            ("three", &FileAnswer::Valid),
            ("two", &FileAnswer::Missing),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_digest_covers_nothing_and_a_deleted_one_leaves_a_gap() {
    let mut objects = bucket();
    let forged = objects.get_mut(&digest_key(3)).unwrap();
    forged.0.push(' ');
    let (digests, files) = judged(objects).await;
    assert_eq!(digests, [DigestAnswer::Valid, DigestAnswer::Valid, DigestAnswer::BadSignature]);
    assert_eq!(files["three"], FileAnswer::NotYet, "younger than the last digest that is believed");

    let mut objects = bucket();
    objects.remove(&digest_key(2));
    let (digests, files) = judged(objects).await;
    let previous = Some(format!("s3://trail/{}", digest_key(2)));
    assert_eq!(digests, [DigestAnswer::Valid, DigestAnswer::Gap { previous }]);
    assert_eq!(files["two"], FileAnswer::NotCovered);
    assert_eq!(files["three"], FileAnswer::Valid);
}
