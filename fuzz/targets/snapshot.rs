//! Snapshots that somebody handed over.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    yagura_inventory::fuzzing::read_snapshot(data);
    yagura_inventory::fuzzing::read_packed_snapshot(data);
});
