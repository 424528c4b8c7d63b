//! Prowler's mutelists.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yagura_posture::fuzzing::read_mutelist(text));
