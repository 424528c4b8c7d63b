//! Policies of CloudFormation Guard.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| yagura_posture::fuzzing::read_policy(text));
