//! Rule files and the conditions in them.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yagura_posture::fuzzing::read_rule(text));
