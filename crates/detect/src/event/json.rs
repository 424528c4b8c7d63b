//! Goes over JSON byte by byte. What nobody reads is only checked; what somebody reads is a slice of the input.
//!
//! It takes what `serde_json` takes; a property test holds it to that.

/// A place in the input. Every step is `None` where the input is no JSON, or ends too early.
#[derive(Debug)]
pub(super) struct Cursor<'e> {
    pub(super) bytes: &'e [u8],
    pub(super) at: usize,
    /// The brackets that will close what is being skipped.
    open: Vec<u8>,
    /// How many objects and lists are around what is being skipped.
    pub(super) around: usize,
    /// The most levels that there were.
    pub(super) deepest: usize,
    /// Something was passed that may be wrong although it looks right: half of a surrogate pair, a number too large for any type.
    pub(super) is_odd: bool,
    /// The high bits are set of what was passed in texts, if a byte in them is not of ASCII; perhaps also if one behind them is not.
    pub(super) high: u64,
}

/// The highest bit of each byte: bytes of ASCII have none.
pub(super) const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
const BACKSLASHES: u64 = u64::from_ne_bytes([b'\\'; 8]);
/// With this bit turned, a quote comes right behind the control characters, and nothing else comes between.
const TURNED: u64 = u64::from_ne_bytes([0x02; 8]);
const BEHIND: u64 = u64::from_ne_bytes([0x21; 8]);
/// Longer numbers may be too large for any type.
const DIGITS: usize = 300;

impl<'e> Cursor<'e> {
    pub(super) fn new(bytes: &'e [u8]) -> Self {
        Self { bytes, at: 0, open: Vec::new(), around: 0, deepest: 0, is_odd: false, high: 0 }
    }

    /// The next byte that is not blank, which is passed.
    #[inline]
    pub(super) fn token(&mut self) -> Option<u8> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            if !matches!(byte, b' ' | b'\n' | b'\t' | b'\r') {
                return Some(byte);
            }
        }
    }

    /// A key and its colon: the key between its quotes, and whether it holds escapes.
    #[inline]
    pub(super) fn key(&mut self) -> Option<(&'e [u8], bool)> {
        if self.token()? != b'"' {
            return None;
        }
        let key = self.text()?;
        (self.token()? == b':').then_some(key)
    }

    /// A text whose first quote is passed: what stands between its quotes, and whether it holds escapes.
    #[inline]
    pub(super) fn text(&mut self) -> Option<(&'e [u8], bool)> {
        let (start, mut has_escapes) = (self.at, false);
        loop {
            self.at += plain(self.bytes.get(self.at..)?, &mut self.high);
            match *self.bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some((&self.bytes[start..self.at - 1], has_escapes));
                }
                b'\\' => {
                    has_escapes = true;
                    self.escape()?;
                }
                // Control characters stand in no text.
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match *self.bytes.get(self.at + 1)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 2,
            b'u' => {
                let digits = self.bytes.get(self.at + 2..self.at + 6)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                self.is_odd = true;
                self.at += 6;
            }
            _ => return None,
        }
        Some(())
    }

    /// The rest of `true`, `false` or `null`, whose first letter is passed.
    #[inline]
    pub(super) fn word(&mut self, rest: &[u8]) -> Option<()> {
        self.bytes.get(self.at..)?.starts_with(rest).then(|| self.at += rest.len())
    }

    /// A number whose first character is passed.
    pub(super) fn number(&mut self) -> Option<&'e [u8]> {
        let start = self.at - 1;
        let mut first = self.bytes[start];
        if first == b'-' {
            first = *self.bytes.get(self.at)?;
            self.at += 1;
        }
        match first {
            b'0' => {
                if self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
                    return None;
                }
            }
            b'1'..=b'9' => self.digits(),
            _ => return None,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.is_odd = true;
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.some_digits()?;
        }
        self.is_odd |= self.at - start > DIGITS;
        Some(&self.bytes[start..self.at])
    }

    #[inline]
    fn digits(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    fn some_digits(&mut self) -> Option<()> {
        let before = self.at;
        self.digits();
        (self.at > before).then_some(())
    }

    /// Passes over a value whose first byte is passed.
    pub(super) fn skip(&mut self, first: u8) -> Option<()> {
        let mut first = first;
        self.open.clear();
        loop {
            match first {
                b'"' => drop(self.text()?),
                b'{' => {
                    self.enter(b'}');
                    if !self.closes(b'}') {
                        self.key()?;
                        first = self.token()?;
                        continue;
                    }
                }
                b'[' => {
                    self.enter(b']');
                    if !self.closes(b']') {
                        first = self.token()?;
                        continue;
                    }
                }
                b't' => self.word(b"rue")?,
                b'f' => self.word(b"alse")?,
                b'n' => self.word(b"ull")?,
                b'-' | b'0'..=b'9' => drop(self.number()?),
                _ => return None,
            }
            // A value has ended; perhaps also what is around it.
            loop {
                let Some(around) = self.open.last().copied() else { return Some(()) };
                match self.token()? {
                    b',' => {
                        if around == b'}' {
                            self.key()?;
                        }
                        first = self.token()?;
                        break;
                    }
                    byte if byte == around => drop(self.open.pop()),
                    _ => return None,
                }
            }
        }
    }

    fn enter(&mut self, closing: u8) {
        self.open.push(closing);
        self.deepest = self.deepest.max(self.around + self.open.len());
    }

    /// Whether what was just opened is empty; then it is closed.
    fn closes(&mut self, closing: u8) -> bool {
        let is_empty = self.closes_now(closing);
        if is_empty {
            self.open.pop();
        }
        is_empty
    }

    /// Whether this byte is the next one; then it is passed.
    pub(super) fn closes_now(&mut self, closing: u8) -> bool {
        let before = self.at;
        if self.token() == Some(closing) {
            return true;
        }
        self.at = before;
        false
    }
}

/// How many bytes at the beginning are nothing special in a text: no quote, no backslash, no control character. What was looked at
/// is added to `seen`.
#[inline]
fn plain(bytes: &[u8], seen: &mut u64) -> usize {
    let mut at = 0;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        let eight = u64::from_le_bytes(*eight);
        *seen |= eight;
        // The high bit of a byte is set where the subtraction borrows; behind the first such byte it may be set without need.
        let low = (eight ^ TURNED).wrapping_sub(BEHIND) | (eight ^ BACKSLASHES).wrapping_sub(LOW);
        let special = low & !eight & HIGH;
        if special != 0 {
            return at + special.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let special = |it: &u8| {
        *seen |= u64::from(*it);
        matches!(it, b'"' | b'\\' | 0..b' ')
    };
    bytes[at..].iter().position(special).map_or(bytes.len(), |found| at + found)
}
