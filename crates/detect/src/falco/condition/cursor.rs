//! The tokens of a condition, read one after the other.

use super::{ConditionError, Modifier, Operator, Position, Transformer};

/// A condition, and how far it was read.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    /// The token before, for messages.
    last: &'t str,
}

/// What POSIX calls white space.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, last: "" }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn last(&self) -> &'t str {
        self.last
    }

    /// Where it stands.
    pub(super) fn position(&self) -> Position {
        let before = &self.text[..self.at];
        let line_start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        Position {
            offset: self.at,
            line: number(before.matches(['\n', '\r']).count()),
            column: number(before[line_start..].chars().count()),
        }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> ConditionError {
        ConditionError { at: self.position(), message: message.into() }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn bytes(&self) -> &'t [u8] {
        self.rest().as_bytes()
    }

    /// Takes so many bytes, if there is at least one.
    fn take(&mut self, length: usize) -> Option<&'t str> {
        if length == 0 {
            return None;
        }
        let token = &self.text[self.at..self.at + length];
        self.at += length;
        self.last = token;
        Some(token)
    }

    /// Blanks between tokens; whether there was one.
    pub(super) fn blank(&mut self) -> bool {
        let blanks = self
            .bytes()
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | 0x08 | b'\r' | b'\n'))
            .count();
        self.at += blanks;
        blanks > 0
    }

    /// Exactly this text, whatever follows it.
    pub(super) fn literal(&mut self, text: &str) -> bool {
        self.rest().starts_with(text) && self.take(text.len()).is_some()
    }

    /// A `not` with white space behind it.
    pub(super) fn not(&mut self) -> bool {
        let Some(behind) = self.rest().strip_prefix("not") else { return false };
        let spaces = behind.bytes().take_while(|byte| is_space(*byte)).count();
        spaces > 0 && self.take("not".len() + spaces).is_some()
    }

    /// A letter, then letters, digits and `_`.
    fn word(bytes: &[u8]) -> usize {
        match bytes.first() {
            Some(first) if first.is_ascii_alphabetic() => bytes.iter().take_while(|it| is_word(**it)).count(),
            _ => 0,
        }
    }

    /// The name of a macro or list.
    pub(super) fn identifier(&mut self) -> Option<&'t str> {
        self.take(Self::word(self.bytes()))
    }

    /// Words with dots between them, at least two.
    pub(super) fn field_name(&mut self) -> Option<&'t str> {
        let bytes = self.bytes();
        let first = Self::word(bytes);
        let mut length = first;
        while bytes.get(length) == Some(&b'.') {
            match Self::word(&bytes[length + 1..]) {
                0 => break,
                more => length += 1 + more,
            }
        }
        if length > first { self.take(length) } else { None }
    }

    /// What may stand in brackets without quotes.
    pub(super) fn bare_argument(&mut self) -> Option<&'t str> {
        let ends = |byte: &u8| matches!(byte, b'[' | b']' | b'"' | b'\'') || is_space(*byte);
        self.take(self.bytes().iter().take_while(|byte| !ends(byte)).count())
    }

    /// A value without quotes.
    pub(super) fn bare(&mut self) -> Option<&'t str> {
        let ends = |byte: &u8| matches!(byte, b'(' | b')' | b'"' | b'\'' | b'=' | b',') || is_space(*byte);
        self.take(self.bytes().iter().take_while(|byte| !ends(byte)).count())
    }

    /// A number, in hexadecimal or decimal digits.
    pub(super) fn number(&mut self) -> Option<&'t str> {
        let bytes = self.bytes();
        if let [b'0', b'x' | b'X', digits @ ..] = bytes {
            let digits = digits.iter().take_while(|it| it.is_ascii_hexdigit()).count();
            if digits > 0 {
                return self.take(2 + digits);
            }
        }
        let digits =
            |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|it| it.is_ascii_digit()).count();
        let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
        let whole = digits(sign);
        if whole == 0 {
            return None;
        }
        let mut length = sign + whole;
        if bytes.get(length) == Some(&b'.') {
            length += 1 + digits(length + 1);
        }
        if matches!(bytes.get(length..length + 2), Some([b'e' | b'E', b'+' | b'-'])) {
            match digits(length + 2) {
                0 => {}
                exponent => length += 2 + exponent,
            }
        }
        self.take(length)
    }

    /// A text in quotes, with its escapes undone.
    ///
    /// # Errors
    ///
    /// An escape that there is none of. A text without an end is no text in quotes: that is `None`.
    pub(super) fn quoted(&mut self) -> Result<Option<String>, ConditionError> {
        let bytes = self.bytes();
        let Some(quote @ (b'"' | b'\'')) = bytes.first().copied() else { return Ok(None) };
        // A quote behind a backslash does not end the text, not even behind two: Falco looks at one byte.
        let end = (1..bytes.len()).find(|&at| bytes[at] == quote && (at == 1 || bytes[at - 1] != b'\\'));
        let Some(end) = end else { return Ok(None) };
        let value = unescape(&self.rest()[1..end], quote).map_err(|message| self.error(message))?;
        self.take(end + 1);
        Ok(Some(value))
    }

    /// One of a list of words; the first that fits.
    fn one_of<T: Copy>(&mut self, words: impl IntoIterator<Item = (&'static str, T)>) -> Option<T> {
        words.into_iter().find_map(|(word, meaning)| self.literal(word).then_some(meaning))
    }

    /// One of a list of words with a blank behind it.
    fn one_of_apart<T: Copy>(&mut self, words: impl IntoIterator<Item = (&'static str, T)>) -> Option<T> {
        words.into_iter().find_map(|(word, meaning)| {
            let before = self.clone();
            if self.literal(word) && self.blank() {
                return Some(meaning);
            }
            *self = before;
            None
        })
    }

    pub(super) fn operator_for_numbers(&mut self) -> Option<Operator> {
        use Operator::{AtLeast, AtMost, Greater, Less};
        self.one_of([AtMost, Less, AtLeast, Greater].map(|it| (it.as_str(), it)))
    }

    /// An operator for texts. `true`: a blank stood behind it.
    pub(super) fn operator_for_texts(&mut self) -> Option<(Operator, bool)> {
        use Operator::{
            Contains, ContainsAnyCase, ContainsBytes, EndsWith, Equal, Glob, GlobAnyCase, NotEqual, Regex,
            StartsWith, StartsWithBytes,
        };
        if let Some(found) = self.one_of([("==", Equal), ("=", Equal), ("!=", NotEqual)]) {
            let blank = self.blank();
            return Some((found, blank));
        }
        let words = [
            Glob,
            GlobAnyCase,
            Contains,
            ContainsAnyCase,
            ContainsBytes,
            StartsWith,
            StartsWithBytes,
            EndsWith,
            Regex,
        ];
        self.one_of_apart(words.map(|it| (it.as_str(), it))).map(|found| (found, true))
    }

    pub(super) fn operator_for_lists(&mut self) -> Option<Operator> {
        use Operator::{In, Intersects, PathMatch};
        self.one_of([Intersects, In, PathMatch].map(|it| (it.as_str(), it)))
    }

    /// A modifier, if a list follows. A value can be called like one.
    pub(super) fn modifier(&mut self) -> Option<Modifier> {
        let before = self.clone();
        let found = self.one_of_apart(Modifier::ALL.iter().map(|it| (it.as_str(), *it)));
        let bytes = self.bytes();
        let word = &self.rest()[..Self::word(bytes)];
        let goes_on = ["and", "or", "not"].into_iter().any(|it| {
            word.strip_prefix(it).is_some_and(|behind| behind.is_empty() || behind.starts_with('_'))
        });
        if found.is_some() && (bytes.first() == Some(&b'(') || !word.is_empty()) && !goes_on {
            return found;
        }
        *self = before;
        None
    }

    /// A transformer with its opening parenthesis; `val` only where a value may stand.
    pub(super) fn transformer(&mut self, or_value: bool) -> Option<Transformer> {
        let known = Transformer::ALL.iter().filter(|it| or_value || **it != Transformer::Value);
        for transformer in known {
            let word = transformer.as_str();
            if self.rest().strip_prefix(word).is_some_and(|behind| behind.starts_with('(')) {
                self.take(word.len() + 1);
                return Some(*transformer);
            }
        }
        None
    }
}

/// Undoes the escapes of a text in quotes.
fn unescape(text: &str, quote: u8) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let Some(escaped) = characters.next() else { break };
        match escaped {
            'b' => bytes.push(0x08),
            'f' => bytes.push(0x0c),
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            // A backslash before a blank is a backslash: rules have been written so.
            ' ' | '\\' => bytes.push(b'\\'),
            '/' => bytes.push(b'/'),
            '"' | '\'' if escaped == char::from(quote) => bytes.push(quote),
            '"' => return Err("invalid \\\" escape in a text in single quotes".to_owned()),
            '\'' => return Err("invalid \\' escape in a text in double quotes".to_owned()),
            'x' => {
                let digits: String = characters.by_ref().take(2).collect();
                let byte = u8::from_str_radix(&digits, 16)
                    .ok()
                    .filter(|_| digits.len() == 2 && !digits.contains('+'));
                bytes.push(byte.ok_or_else(|| format!("`\\x{digits}` is not two hexadecimal digits"))?);
            }
            other => return Err(format!("there is no escape `\\{other}`")),
        }
    }
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}
