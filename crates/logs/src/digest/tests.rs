//! Digests signed with a key that was made for these tests, and what is known of them.

use std::sync::LazyLock;

use proptest::prelude::*;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::json;

use super::*;

static KEY: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::from_pkcs8(include_bytes!("../../tests/data/signing-key.pk8")).unwrap());

const FINGERPRINT: &str = "31e8b5433410dfb61a9dc45cc65b22ff";

fn keys() -> PublicKeys {
    let mut keys = PublicKeys::default();
    // As `ListPublicKeys` gives it: PKCS #1 in base64.
    use base64::Engine as _;
    let value = base64::engine::general_purpose::STANDARD.encode(KEY.public_key().as_ref());
    keys.add_answer(&json!({ "PublicKeyList": [{ "Value": value, "Fingerprint": FINGERPRINT }] }));
    keys
}

fn sign(text: &str) -> String {
    let mut signature = vec![0; KEY.public().modulus_len()];
    KEY.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    hex(&signature)
}

fn key(hour: u8) -> String {
    format!(
        "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/01/02/\
         111122223333_CloudTrail-Digest_eu-west-1_our_trail_us-east-1_20260102T{hour:02}0000Z.json.gz"
    )
}

/// The digest of an hour, unpacked, and its signature.
fn digest(hour: u8, previous: Option<(&[u8], &str)>) -> (Vec<u8>, String) {
    let (bytes, text) = unsigned(hour, previous);
    (bytes, sign(&text))
}

fn unsigned(hour: u8, previous: Option<(&[u8], &str)>) -> (Vec<u8>, String) {
    let end = format!("2026-01-02T{hour:02}:00:00Z");
    let (before, hash, signature) = match previous {
        Some((bytes, signature)) => {
            (json!(key(hour - 1)), json!(hex(&Sha256::digest(bytes))), json!(signature))
        }
        None => (Value::Null, Value::Null, Value::Null),
    };
    let digest = json!({
        "awsAccountId": "111122223333",
        "digestStartTime": format!("2026-01-02T{:02}:00:00Z", hour - 1),
        "digestEndTime": end,
        "digestS3Bucket": "trail",
        "digestS3Object": key(hour),
        "digestPublicKeyFingerprint": FINGERPRINT,
        "digestSignatureAlgorithm": "SHA256withRSA",
        "newestEventTime": end,
        "oldestEventTime": end,
        "previousDigestS3Bucket": previous.map(|_| "trail"),
        "previousDigestS3Object": before,
        "previousDigestHashValue": hash,
        "previousDigestHashAlgorithm": previous.map(|_| "SHA-256"),
        "previousDigestSignature": signature,
        "logFiles": [{
            "s3Bucket": "trail", "s3Object": format!("AWSLogs/{hour}.json.gz"), "newestEventTime": end,
            "oldestEventTime": end, "hashValue": hex(&Sha256::digest(b"events")), "hashAlgorithm": "SHA-256",
        }],
    });
    let bytes = digest.to_string().into_bytes();
    let hash = hex(&Sha256::digest(&bytes));
    // Written here once more, as AWS's documentation has it.
    let last = signature.as_str().unwrap_or("null");
    let text = format!("{end}\ntrail/{}\n{hash}\n{last}", key(hour));
    (bytes, text)
}

#[test]
fn a_digest_that_cloudtrail_signed_is_valid_and_names_its_files() {
    let (bytes, signature) = digest(3, None);
    let read = Digest::parse(&bytes).unwrap();
    assert_eq!(read.judge("trail", &key(3), Some(&signature), &keys()), DigestAnswer::Valid);
    assert_eq!(read.log_files[0].object, "AWSLogs/3.json.gz");
    assert_eq!(judge_file(&read.log_files[0], &hex(&Sha256::digest(b"events"))), FileAnswer::Valid);
    assert_eq!(judge_file(&read.log_files[0], &hex(&Sha256::digest(b"other"))), FileAnswer::Changed);
}

#[test]
fn what_is_wrong_with_a_digest_is_told_apart() {
    let (bytes, signature) = digest(3, None);
    let read = Digest::parse(&bytes).unwrap();
    let judge = |signature: Option<&str>| read.judge("trail", &key(3), signature, &keys());
    for bad in [None, Some(""), Some("0"), Some("zz"), Some(&signature[2..])] {
        assert_eq!(judge(bad), DigestAnswer::BadSignature, "{bad:?}");
    }
    let unknown = read.judge("trail", &key(3), Some(&signature), &PublicKeys::default());
    assert_eq!(unknown, DigestAnswer::UnknownKey { fingerprint: FINGERPRINT.to_owned() });
    let moved = read.judge("copy", &key(3), Some(&signature), &keys());
    assert_eq!(moved, DigestAnswer::Moved { from: format!("s3://trail/{}", key(3)) });
    let other = String::from_utf8(bytes).unwrap().replace("AWSLogs/3", "AWSLogs/4");
    let other = Digest::parse(other.as_bytes()).unwrap();
    assert_eq!(other.judge("trail", &key(3), Some(&signature), &keys()), DigestAnswer::BadSignature);
}

#[test]
fn a_chain_holds_until_a_digest_is_missing_or_another() {
    let (first, first_signature) = digest(3, None);
    let (second, second_signature) = digest(4, Some((&first, &first_signature)));
    let (third, third_signature) = digest(5, Some((&second, &second_signature)));
    let link = |digests: &[(&[u8], &str)]| {
        let mut chain = Chain::default();
        let mut link = |bytes: &[u8], signature: &str| chain.link(&Digest::parse(bytes).unwrap(), signature);
        digests.iter().map(|(bytes, signature)| link(bytes, signature)).collect::<Vec<_>>()
    };
    let whole: [(&[u8], &str); 3] =
        [(&first, &first_signature), (&second, &second_signature), (&third, &third_signature)];
    assert_eq!(link(&whole), vec![DigestAnswer::Valid; 3]);
    assert_eq!(link(&whole[1..]), vec![DigestAnswer::Valid; 2], "what came before was not looked at");
    let gap = DigestAnswer::Gap { previous: Some(format!("s3://trail/{}", key(4))) };
    assert_eq!(link(&[whole[0], whole[2]]), [DigestAnswer::Valid, gap.clone()]);
    // Signed by CloudTrail, but not what the third one saw.
    let (another, another_signature) = digest(4, None);
    let answers = link(&[whole[0], (&another, &another_signature), whole[2]]);
    assert_eq!(answers, [DigestAnswer::Valid, DigestAnswer::Gap { previous: None }, gap]);
}

#[test]
fn what_is_no_digest_is_told_with_the_reason() {
    let told = |text: &str| Digest::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(told("{").starts_with("not a digest file of CloudTrail: EOF"));
    assert!(told("{}").contains("missing field `digestStartTime`"));
    let (bytes, _) = digest(3, None);
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(
        told(&text.replace("SHA256withRSA", "MD5withRSA")),
        "the digest uses the algorithm `MD5withRSA`, which is not known: use a newer version"
    );
    assert_eq!(
        told(&text.replace("2026-01-02T02:00:00Z", "soon")),
        "not a digest file of CloudTrail: `soon` is not a time"
    );
    assert_eq!(
        told(&text.replace("\"previousDigestS3Bucket\":null", "\"previousDigestS3Bucket\":\"b\"")),
        "not a digest file of CloudTrail: it tells only a part of the digest before"
    );
}

#[test]
fn the_home_region_of_the_trail_is_in_the_name() {
    assert_eq!(chain::home_region(&key(3)), Some("us-east-1"));
    assert_eq!(
        chain::home_region("a/b_CloudTrail-Digest_eu-west-1_t_ap-south-1_20260102T000000Z_backfill.json.gz"),
        Some("ap-south-1")
    );
    assert_eq!(chain::home_region("x"), None);
}

proptest! {
    /// One changed byte anywhere, and the digest is not believed.
    #[test]
    fn a_changed_byte_is_noticed(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let (mut bytes, signature) = digest(3, None);
        let at = at.index(bytes.len());
        prop_assume!(bytes[at] != to);
        bytes[at] = to;
        if let Ok(changed) = Digest::parse(&bytes) {
            prop_assert_ne!(changed.judge("trail", &key(3), Some(&signature), &keys()), DigestAnswer::Valid);
        }
    }

    #[test]
    fn hexadecimal_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        prop_assert_eq!(unhex(&hex(&bytes)), Some(bytes));
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200), signature in "[0-9a-fA-Fx]{0,20}") {
        if let Ok(digest) = Digest::parse(&bytes) {
            let _ = digest.judge("b", "k", Some(&signature), &keys());
        }
    }
}
