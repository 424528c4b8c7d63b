//! Flow logs in text: the reader ends, every record is JSON, and broken lines stand in order.
#![no_main]

use yagura_logs::{Decoded, SourceKind};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // With a header, so that every line is one of a flow log.
    let file = [b"version srcaddr dstaddr srcport dstport protocol start action log-status\n", bytes].concat();
    let Ok(mut decoded) = Decoded::new(std::io::Cursor::new(file), None) else { return };
    while let Ok(Some((kind, record))) = decoded.next() {
        assert_eq!(kind, SourceKind::VpcFlow);
        let read: serde_json::Value = serde_json::from_slice(record).expect("a record is JSON");
        assert!(read["yagura"]["id"].is_string());
    }
    let broken = decoded.take_broken();
    assert!(broken.windows(2).all(|it| it[0].place.end <= it[1].place.start));
});
