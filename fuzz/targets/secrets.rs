//! Texts in which secrets are looked for: what is redacted is still found, and stays as it is.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let kept = yagura_secrets::redact("DB_PASSWORD", text).into_owned();
    assert_eq!(yagura_secrets::find("DB_PASSWORD", text).is_some(), yagura_secrets::find("DB_PASSWORD", &kept).is_some());
    assert_eq!(yagura_secrets::redact("DB_PASSWORD", &kept), kept);
});
