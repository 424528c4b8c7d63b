//! Findings of other products: whatever a file holds. Each piece is a finding, one of ours, or told.
#![no_main]

use std::sync::OnceLock;

use yagura_import::{Elsewhere, Vocabulary, files};
use yagura_model::AccountId;
use yagura_packs::Packs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    let vocabulary = VOCABULARY.get_or_init(|| Vocabulary::new(&Packs::embedded(), []).0);
    let elsewhere = Elsewhere { account: AccountId::new("111122223333").ok(), region: None };
    let mut told = 0;
    let counts = files::read(bytes, "fuzzed", vocabulary, &elsewhere, &mut |_| told += 1);
    let counts = counts.expect("bytes in memory can be read");
    assert_eq!(told, counts.findings + counts.broken);
});
