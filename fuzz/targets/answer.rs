//! What AWS, or whoever stands in its place, answers.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| yagura_aws::fuzzing::read_answer(data));
