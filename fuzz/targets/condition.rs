//! Falco's conditions.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = yagura_detect::falco::condition::parse(text);
});
