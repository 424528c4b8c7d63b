//! Splits a file into its findings without reading it whole: a list, objects one after the other, or a list inside an object.
//!
//! Only brackets and quotes are looked at; whether a piece is JSON is for the caller to find out, piece by piece. A file
//! that ends too early gives everything in front of the end.

use std::io::{self, BufRead};

/// A finding, an event or a report about an image is never larger. Of a larger one, nothing can be kept.
const LARGEST: usize = 256 * 1024 * 1024;

/// Names under which lists of findings stand in an object: in the answers of Security Hub and GuardDuty, of Inspector, Access
/// Analyzer and Macie.
const LISTS: [&[u8]; 2] = [b"Findings", b"findings"];

/// One piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    /// Counted from one.
    pub(crate) row: u64,
    /// The line in which it begins, counted from one.
    pub(crate) line: u32,
    pub(crate) bytes: Vec<u8>,
    /// The file ends in its middle.
    pub(crate) cut: bool,
}

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Between values at the top.
    Top,
    /// In a list: of the file itself, or of an object's member.
    List {
        of_object: bool,
    },
    /// Behind a list in an object, in front of the object's other members.
    Object,
    End,
}

/// The pieces of a file.
pub(crate) struct Elements<R> {
    input: R,
    /// A byte that was read too early.
    kept: Option<u8>,
    line: u32,
    row: u64,
    inside: Inside,
}

impl<R: BufRead> Elements<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, kept: None, line: 1, row: 0, inside: Inside::Top }
    }

    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    ///
    /// What reading ends with, and a piece that is too large to be held.
    pub(crate) fn next(&mut self) -> io::Result<Option<Element>> {
        loop {
            let Some(byte) = self.significant()? else {
                // What was cut has been told already.
                let unfinished = matches!(self.inside, Inside::List { .. });
                self.inside = Inside::End;
                // A list that is not closed was cut between two findings.
                return Ok(unfinished.then(|| self.element(Vec::new(), self.line, true)));
            };
            match (self.inside, byte) {
                (Inside::End, _) => return Ok(None),
                (Inside::Top, b'[') => self.inside = Inside::List { of_object: false },
                (Inside::Top, b',' | 0xef | 0xbb | 0xbf) | (Inside::List { .. }, b',') => {}
                (Inside::Top, b'{') => {
                    let line = self.line;
                    if let Some((bytes, cut)) = self.object()? {
                        return Ok(Some(self.element(bytes, line, cut)));
                    }
                }
                (Inside::List { of_object }, b']') => {
                    self.inside = if of_object { Inside::Object } else { Inside::Top };
                }
                (Inside::Object, b'}') => self.inside = Inside::Top,
                // Members behind the list: tokens of the next page.
                (Inside::Object, b'{' | b'[') => {
                    self.value(byte, &mut Vec::new(), false)?;
                }
                (Inside::Object, b'"') => {
                    self.string(&mut Vec::new())?;
                }
                (Inside::Object, _) => {}
                (Inside::Top | Inside::List { .. }, first) => {
                    let line = self.line;
                    let mut bytes = Vec::new();
                    let whole = self.value(first, &mut bytes, self.inside == Inside::Top)?;
                    return Ok(Some(self.element(bytes, line, !whole)));
                }
            }
        }
    }

    fn element(&mut self, bytes: Vec<u8>, line: u32, cut: bool) -> Element {
        self.row += 1;
        if cut && self.kept.is_none() {
            self.inside = Inside::End;
        }
        Element { row: self.row, line, bytes, cut }
    }

    /// An object at the top, behind its brace: whole, with whether the file ended in it; or `None` when a list of findings
    /// was found in it, whose elements come next.
    fn object(&mut self) -> io::Result<Option<(Vec<u8>, bool)>> {
        let mut bytes = vec![b'{'];
        loop {
            let Some(byte) = self.byte()? else { return Ok(Some((bytes, true))) };
            match byte {
                b'"' => {
                    bytes.push(byte);
                    let start = bytes.len();
                    if !self.string(&mut bytes)? {
                        if self.kept == Some(b'\n') {
                            return Ok(Some((bytes, false)));
                        }
                        return Ok(Some((bytes, true)));
                    }
                    let is_list = LISTS.contains(&&bytes[start..bytes.len() - 1]);
                    match self.behind_name(&mut bytes)? {
                        Some(b'[') if is_list => {
                            self.inside = Inside::List { of_object: true };
                            return Ok(None);
                        }
                        Some(first @ (b'{' | b'[' | b'"')) => {
                            if !self.value(first, &mut bytes, true)? {
                                let ended = self.kept.is_none();
                                return Ok(Some((bytes, ended)));
                            }
                        }
                        Some(b'}') => {
                            bytes.push(b'}');
                            return Ok(Some((bytes, false)));
                        }
                        Some(other) => bytes.push(other),
                        None => return Ok(Some((bytes, true))),
                    }
                }
                b'}' => {
                    bytes.push(byte);
                    return Ok(Some((bytes, false)));
                }
                // The object of the next line begins, and this one was never closed.
                b'{' if follows_nothing(&bytes) => {
                    self.kept = Some(byte);
                    return Ok(Some((bytes, false)));
                }
                _ => bytes.push(byte),
            }
            held(&bytes)?;
        }
    }

    /// The byte with which a member's value begins.
    fn behind_name(&mut self, bytes: &mut Vec<u8>) -> io::Result<Option<u8>> {
        loop {
            match self.byte()? {
                Some(byte) if byte == b':' || byte.is_ascii_whitespace() => bytes.push(byte),
                other => return Ok(other),
            }
        }
    }

    /// Everything that belongs to a value that begins with this byte. False when it never ends: the file does, or, at the
    /// top of a file, the next line begins another one.
    fn value(&mut self, first: u8, bytes: &mut Vec<u8>, at_top: bool) -> io::Result<bool> {
        bytes.push(first);
        match first {
            b'"' => return self.string(bytes),
            b'{' | b'[' => {}
            _ => {
                // A number, a word, or nothing that JSON knows.
                loop {
                    match self.byte()? {
                        Some(byte @ (b',' | b']' | b'}' | b'{' | b'\n')) => {
                            self.kept = Some(byte);
                            return Ok(true);
                        }
                        Some(byte) => bytes.push(byte),
                        None => return Ok(true),
                    }
                    held(bytes)?;
                }
            }
        }
        let mut depth = 1_u32;
        while depth > 0 {
            let Some(byte) = self.byte()? else { return Ok(false) };
            if byte == b'{' && at_top && follows_nothing(bytes) {
                self.kept = Some(byte);
                return Ok(false);
            }
            bytes.push(byte);
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                b'"' => {
                    self.string(bytes)?;
                }
                _ => {}
            }
            held(bytes)?;
        }
        Ok(true)
    }

    /// The rest of a string and its closing quote. A string has no line break in it: there it ends, unclosed.
    fn string(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        loop {
            match self.byte()? {
                None => return Ok(false),
                Some(b'\n') => {
                    self.kept = Some(b'\n');
                    return Ok(false);
                }
                Some(b'\\') => {
                    bytes.push(b'\\');
                    if let Some(escaped) = self.byte()? {
                        bytes.push(escaped);
                    }
                }
                Some(byte) => {
                    bytes.push(byte);
                    if byte == b'"' {
                        return Ok(true);
                    }
                }
            }
            held(bytes)?;
        }
    }

    fn significant(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.byte()? {
                Some(byte) if byte.is_ascii_whitespace() => {}
                other => return Ok(other),
            }
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = match self.kept.take() {
            Some(kept) => kept,
            None => match self.input.fill_buf() {
                Ok([]) => return Ok(None),
                Ok([byte, ..]) => {
                    let byte = *byte;
                    self.input.consume(1);
                    if byte == b'\n' {
                        self.line = self.line.saturating_add(1);
                    }
                    byte
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => return self.byte(),
                Err(error) => return Err(error),
            },
        };
        Ok(Some(byte))
    }
}

/// Whether a brace at the beginning of a line cannot belong to what came before it: it would have to follow a comma, a colon or a
/// bracket.
fn follows_nothing(bytes: &[u8]) -> bool {
    let Some(before) = bytes.strip_suffix(b"\n") else { return false };
    let last = before.iter().rev().find(|it| !it.is_ascii_whitespace());
    !matches!(last, Some(b',' | b':' | b'[' | b'{'))
}

fn held(bytes: &[u8]) -> io::Result<()> {
    if bytes.len() > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "one finding is larger than 256 MiB"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each piece with its row and line; a `!` behind what the file's end cut.
    fn pieces(text: &str) -> Vec<String> {
        let mut elements = Elements::new(text.as_bytes());
        let mut found = Vec::new();
        while let Some(it) = elements.next().unwrap() {
            let bytes = String::from_utf8(it.bytes).unwrap();
            found.push(format!(
                "{}:{} {}{}",
                it.row,
                it.line,
                bytes.trim_end(),
                if it.cut { "!" } else { "" }
            ));
        }
        found
    }

    #[test]
    fn a_list_an_object_with_a_list_and_lines() {
        assert_eq!(pieces("[{\"a\":1},\n {\"b\":[2]}]"), ["1:1 {\"a\":1}", "2:2 {\"b\":[2]}"]);
        assert_eq!(
            pieces(r#"{"NextToken":"t","Findings":[{"a":"]}"},{"b":2}],"More":{"x":[1]}} {"c":3}"#),
            [r#"1:1 {"a":"]}"}"#, r#"2:1 {"b":2}"#, r#"3:1 {"c":3}"#]
        );
        assert_eq!(pieces("{\"a\":{\"findings\":[1]}}\n\n{\"b\":\"\\\"\"}\n").len(), 2);
        assert_eq!(pieces(""), [""; 0]);
        assert_eq!(pieces("\u{feff}[]"), [""; 0]);
    }

    #[test]
    fn a_file_that_was_cut_gives_what_came_before() {
        assert_eq!(pieces(r#"[{"a":1},{"b":"#), [r#"1:1 {"a":1}"#, r#"2:1 {"b":!"#]);
        assert_eq!(pieces(r#"[{"a":1},"#), [r#"1:1 {"a":1}"#, "2:1 !"]);
        assert_eq!(pieces(r#"{"Findings":[{"a":1}"#), [r#"1:1 {"a":1}"#, "2:1 !"]);
        assert_eq!(pieces("{\"a\":1}\n{\"b"), ["1:1 {\"a\":1}", "2:2 {\"b!"]);
    }

    #[test]
    fn a_broken_line_costs_that_line() {
        assert_eq!(
            pieces("{\"a\":1}\n{\"b\":{\"c\":1\n{\"d\":2}\n"),
            ["1:1 {\"a\":1}", "2:2 {\"b\":{\"c\":1", "3:3 {\"d\":2}"]
        );
        assert_eq!(pieces("{\"b\":1\n{\"d\":2}\n"), ["1:1 {\"b\":1", "2:2 {\"d\":2}"]);
        assert_eq!(pieces("oops\n{\"d\":2}\n"), ["1:1 oops", "2:2 {\"d\":2}"]);
    }
}
