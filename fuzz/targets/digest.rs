//! Digest files of CloudTrail, in the order in which they come: nobody signs what the fuzzer writes.
#![no_main]

use yagura_logs::digest::{Chain, Digest, DigestAnswer, PublicKeys};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut keys = PublicKeys::default();
    keys.add("f1", bytes.to_vec());
    let mut chain = Chain::default();
    for part in bytes.split(|byte| *byte == b'\n') {
        if let Ok(digest) = Digest::parse(part) {
            let answer = digest.judge(&digest.bucket, &digest.object, Some(&digest.sha256), &keys);
            assert_ne!(answer, DigestAnswer::Valid);
            let _ = chain.link(&digest, &digest.sha256);
        }
    }
});
