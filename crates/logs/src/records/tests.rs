//! Records in every layout, and what is broken between them.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

/// Gives a few bytes at a time.
struct Slow<'t>(&'t [u8], usize);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.1.min(self.0.len()).min(buffer.len());
        buffer[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

/// The records, and what is broken; a record that does not parse is rejected. Taking them as they stand makes no difference.
fn read(text: &str, step: usize) -> (Vec<Json>, Vec<Broken>) {
    let result = asked_one_by_one(text, step);
    assert_eq!(taken(text, step), result, "{text}");
    result
}

fn taken(text: &str, step: usize) -> (Vec<Json>, Vec<Broken>) {
    let mut records = Records::new(Slow(text.as_bytes(), step));
    let (mut good, mut broken) = (Vec::new(), Vec::new());
    loop {
        let next = records.next_or_take(|bytes| {
            let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Json>();
            good.push(values.next()?.ok()?);
            Some(values.byte_offset())
        });
        let parsed = match next.unwrap() {
            Next::End => break,
            Next::Taken => continue,
            Next::Record(record) => serde_json::from_slice(record),
        };
        match parsed {
            Ok(json) => good.push(json),
            Err(_) => records.reject("no JSON"),
        }
        broken.append(&mut records.take_broken());
    }
    broken.append(&mut records.take_broken());
    (good, broken)
}

fn asked_one_by_one(text: &str, step: usize) -> (Vec<Json>, Vec<Broken>) {
    let mut records = Records::new(Slow(text.as_bytes(), step));
    let (mut good, mut broken) = (Vec::new(), Vec::new());
    loop {
        let parsed = match records.next().unwrap() {
            None => break,
            Some(record) => serde_json::from_slice(record),
        };
        match parsed {
            Ok(json) => good.push(json),
            Err(_) => records.reject("no JSON"),
        }
        broken.append(&mut records.take_broken());
    }
    broken.append(&mut records.take_broken());
    (good, broken)
}

fn all(text: &str) -> (Vec<Json>, Vec<(&'static str, String)>) {
    let (good, broken) = read(text, usize::MAX);
    assert_eq!(read(text, 3), (good.clone(), broken.clone()), "in small steps");
    let broken = broken.into_iter().map(|it| {
        let place = usize::try_from(it.place.start).unwrap()..usize::try_from(it.place.end).unwrap();
        (it.message, text[place].to_owned())
    });
    (good, broken.collect())
}

#[test]
fn records_stand_in_lists_in_objects_and_alone() {
    let three = vec![json!({ "a": 1 }), json!({ "b": ["}", "\\\"{"] }), json!({ "a": {} })];
    for text in [
        r#"{"Records":[{"a":1},{"b":["}","\\\"{"]},{"a":{}}]}"#,
        r#" { "Records" : [ {"a":1} , {"b":["}","\\\"{"]}, {"a":{}} ] , "more": [1, "]"], "x": {"y": 1} } "#,
        "{\"a\":1}\n{\"b\":[\"}\",\"\\\\\\\"{\"]}\n\n{\"a\":{}}",
        r#"[{"a":1},{"b":["}","\\\"{"]},{"a":{}}]"#,
        "{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"b\":[\"}\",\"\\\\\\\"{\"]},{\"a\":{}}]}",
        "\u{feff}[{\"a\":1},{\"b\":[\"}\",\"\\\\\\\"{\"]},{\"a\":{}}]",
    ] {
        assert_eq!(all(text), (three.clone(), vec![]), "{text}");
    }
    assert_eq!(all(""), (vec![], vec![]));
    assert_eq!(all(r#"{"Records":[]}"#), (vec![], vec![]));
    assert_eq!(all(r#"{"Records":5}"#).0, [json!({ "Records": 5 })]);
}

#[test]
fn a_cut_record_is_told_and_the_rest_goes_on() {
    let (good, broken) = all(r#"{"Records":[{"v":1,"n":1},{"v":1,"n":"x,{"v":1,"n":3},{"v":1,"n":4}]}"#);
    assert_eq!(good, [json!({ "v": 1, "n": 1 }), json!({ "v": 1, "n": 3 }), json!({ "v": 1, "n": 4 })]);
    assert_eq!(broken, [("the record is cut off", "{\"v\":1,\"n\":\"x,".to_owned())]);
    let (good, broken) = all(r#"{"Records":[{"v":1},{"v":2,"n":},{"v":3}]}"#);
    assert_eq!(good, [json!({ "v": 1 }), json!({ "v": 3 })]);
    assert_eq!(broken, [("no JSON", "{\"v\":2,\"n\":}".to_owned())]);
    let (good, broken) = all(r#"{"Records":[{"v":1},{"v":2,"te"#);
    assert_eq!(good, [json!({ "v": 1 })]);
    assert_eq!(broken[0], ("the record is cut off", "{\"v\":2,\"te".to_owned()));
    assert_eq!(broken[1].0, "the file is cut off");
}

#[test]
fn what_is_no_record_is_told() {
    let (good, broken) = all("[1, {\"a\":1}, \"x\", {\"a\":2}]");
    assert_eq!(good, [json!({ "a": 1 }), json!({ "a": 2 })]);
    assert_eq!(broken, [("this is no record", "1".to_owned()), ("this is no record", "\"x\"".to_owned())]);
    let (good, broken) = all("not json\n{\"a\":1}");
    assert_eq!((good, broken.len()), (vec![json!({ "a": 1 })], 1));
}

#[test]
fn what_was_read_before_an_error_is_given() {
    let good = Slow(b"{\"a\":1}\n{\"a\":2", usize::MAX);
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let mut records = Records::new(good.chain(Failing));
    assert_eq!(records.next().unwrap(), Some(&b"{\"a\":1}"[..]));
    assert_eq!(records.next().unwrap_err().to_string(), "the disk is gone");
    assert_eq!(records.take_broken()[0].head, b"{\"a\":2");
    assert_eq!(records.next().unwrap(), None);
}

proptest! {
    /// Whatever the layout, every record comes, once and in order.
    #[test]
    fn every_record_comes(
        texts in proptest::collection::vec("[\\PC\"\\\\{}\\[\\],]{0,20}", 0..12),
        step in 1_usize..50,
        layout in 0..3,
    ) {
        let records: Vec<Json> = texts.iter().map(|it| json!({ "k": it, "l": [it] })).collect();
        let lines: Vec<String> = records.iter().map(Json::to_string).collect();
        let text = match layout {
            0 => format!("{{\"Records\":[{}]}}", lines.join(",")),
            1 => format!("[{}]", lines.join(" ,\n")),
            _ => lines.join("\n"),
        };
        prop_assert_eq!(read(&text, step), (records, vec![]));
    }

    /// Whatever the input, it ends.
    #[test]
    fn anything_ends(text in "[\\[\\]{}\",:a\\\\ \n1]{0,200}", step in 1_usize..20) {
        let _ = read(&text, step);
    }
}
