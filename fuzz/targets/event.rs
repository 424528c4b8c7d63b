//! Events out of whatever bytes: what is read is what the JSON library reads, and an output can always be filled in.
#![no_main]

use std::sync::LazyLock;

use serde_json::Value;
use yagura_detect::event::{Event, Found, Paths};

static PATHS: LazyLock<Paths> = LazyLock::new(|| {
    let mut paths = Paths::default();
    for path in [&["a"][..], &["a", "b"], &["a", "b", "c"], &["b", "c"], &["", "a"]] {
        paths.add(path.iter().copied());
    }
    paths
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut paths = Paths::default();
    let a = paths.add(["a"]);
    let first = Event::read_first(bytes, &PATHS);
    let whole = Event::read(bytes, &PATHS);
    assert!(whole.is_err() || first.is_some());
    if let (Ok(event), Ok(Value::Object(library))) = (Event::read(bytes, &paths), serde_json::from_slice(bytes)) {
        let mut found = None;
        event.each(a, |it| found = Some(matches!(it, Found::Tree(_))));
        assert_eq!(found, library.get("a").map(|it| it.is_array() || it.is_object()));
    }
});
