//! Files of packs, before anything is known of what they mean.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = yagura_packs::parse_text::<serde_json::Value>("fuzz.yaml", text);
});
