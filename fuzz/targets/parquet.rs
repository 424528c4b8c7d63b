//! Files in Parquet: reading ends, and memory is bounded.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let file = [b"PAR1", bytes].concat();
    let Ok(mut decoded) = yagura_logs::Decoded::new(std::io::Cursor::new(file), None) else { return };
    let mut rows = 0;
    while let Ok(Some((_, record))) = decoded.next() {
        serde_json::from_slice::<serde_json::Value>(record).expect("a row is JSON");
        rows += 1;
        // A page may repeat one value as often as it likes.
        if rows > 10_000 {
            return;
        }
    }
});
