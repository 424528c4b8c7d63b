//! Records out of whatever a file holds: the reader ends, and broken parts stand in order.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut records = yagura_logs::Records::new(bytes);
    while let Ok(Some(record)) = records.next() {
        if serde_json::from_slice::<serde_json::Value>(record).is_err() {
            records.reject("no JSON");
        }
    }
    let broken: Vec<_> = records.take_broken();
    assert!(broken.windows(2).all(|it| it[0].place.end <= it[1].place.start));
});
