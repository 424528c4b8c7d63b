//! The parts of an object or a list in JSON, one level deep, by their brackets and quotes alone: nothing is parsed or copied.

use std::ops::Range;

use crate::records::scan::Scan;

/// The members of an object: keys as they are written, and where their values stand. What is broken ends them.
pub(super) struct Members<'r> {
    bytes: &'r [u8],
    at: usize,
}

/// The members of an object.
pub(super) fn members(object: &[u8]) -> Members<'_> {
    let bytes = if object.first() == Some(&b'{') { object } else { &[] };
    Members { bytes, at: 1 }
}

impl<'r> Iterator for Members<'r> {
    type Item = (&'r [u8], Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = skip(self.bytes, self.at, b",")?;
        if self.bytes[start] != b'"' {
            return None;
        }
        let end = value_end(self.bytes, start)?;
        let value = skip(self.bytes, end, b":")?;
        self.at = value_end(self.bytes, value)?;
        Some((&self.bytes[start + 1..end - 1], value..self.at))
    }
}

/// The items of a list, as they are written.
pub(super) fn items(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = if list.first() == Some(&b'[') { 1 } else { list.len() };
    std::iter::from_fn(move || {
        let start = skip(list, at, b",")?;
        if matches!(list[start], b']' | b'}') {
            return None;
        }
        at = value_end(list, start)?;
        Some(&list[start..at])
    })
}

/// A text in quotes, as it reads.
pub(super) fn text(value: &[u8]) -> Option<String> {
    serde_json::from_slice(value).ok()
}

/// The first byte that is neither blank nor one of these.
fn skip(bytes: &[u8], from: usize, also: &[u8]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().position(|it| !it.is_ascii_whitespace() && !also.contains(it)).map(|at| from + at)
}

/// Where the value that begins here ends.
fn value_end(bytes: &[u8], start: usize) -> Option<usize> {
    match bytes.get(start)? {
        b'"' => {
            let mut at = start + 1;
            loop {
                at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
                if bytes[at] == b'"' {
                    return Some(at + 1);
                }
                at += 2;
            }
        }
        b'{' | b'[' => Scan::default().end(&bytes[start..]).map(|length| start + length),
        b'}' | b']' | b',' | b':' => None,
        _ => {
            let ends = |it: &u8| matches!(it, b',' | b'}' | b']') || it.is_ascii_whitespace();
            bytes[start..].iter().position(ends).map(|length| start + length)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_one_level_deep() {
        let object = br#" { "a" : "x\"}" , "b\"":{"c":[1,2]},"d":-1.5 ,"e":null}"#.trim_ascii();
        let found: Vec<_> = members(object).map(|(key, at)| (key, &object[at])).collect();
        let expected: [(&[u8], &[u8]); 4] =
            [(b"a", br#""x\"}""#), (br#"b\""#, br#"{"c":[1,2]}"#), (b"d", b"-1.5"), (b"e", b"null")];
        assert_eq!(found, expected);
        assert_eq!(items(b"[ {\"a\":1}, \"]\",3 ]").collect::<Vec<_>>(), [&b"{\"a\":1}"[..], b"\"]\"", b"3"]);
    }

    #[test]
    fn what_is_broken_ends_them() {
        for broken in ["", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":}", "{1:2}", "[1]", "{\"a\":\"\\"]
        {
            assert_eq!(members(broken.as_bytes()).count(), 0, "{broken}");
        }
        assert_eq!(items(b"[1,{").count(), 1);
        assert_eq!(items(b"{}").count(), 0);
    }
}
