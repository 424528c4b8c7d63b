//! Where values of JSON end, by their brackets and quotes alone.

/// Looks at a few tokens ahead.
pub(super) struct Look<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) at: usize,
}

impl<'b> Look<'b> {
    pub(super) fn token(&mut self) -> Option<u8> {
        let blanks = self.bytes[self.at..].iter().position(|it| !it.is_ascii_whitespace())?;
        self.at += blanks + 1;
        Some(self.bytes[self.at - 1])
    }

    /// A key without escapes.
    pub(super) fn key(&mut self) -> Option<&'b [u8]> {
        if self.token()? != b'"' {
            return Some(b"");
        }
        let length = self.bytes[self.at..].iter().position(|it| *it == b'"')?;
        let key = &self.bytes[self.at..self.at + length];
        self.at += length + 1;
        Some(key)
    }
}

/// Finds where an object ends. Goes on where it stopped when more bytes have come.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    at: usize,
    depth: usize,
    in_text: bool,
}

impl Scan {
    /// The length of the object at the beginning of the bytes.
    pub(crate) fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        while self.at < bytes.len() {
            if self.in_text && !self.text(bytes) {
                return None;
            }
            let byte = bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(self.at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The length up to a `,` or `}` that belongs to the object around.
    pub(super) fn member(&mut self, bytes: &[u8]) -> Option<usize> {
        while self.at < bytes.len() {
            if self.in_text && !self.text(bytes) {
                return None;
            }
            match bytes.get(self.at)? {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return Some(self.at),
                b'}' | b']' => self.depth -= 1,
                b',' if self.depth == 0 => return Some(self.at + 1),
                _ => {}
            }
            self.at += 1;
        }
        None
    }

    /// Goes to the end of a text; whether it is there.
    fn text(&mut self, bytes: &[u8]) -> bool {
        while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[self.at..]) {
            let at = self.at + found;
            if bytes[at] == b'"' {
                self.at = at + 1;
                self.in_text = false;
                return true;
            }
            if at + 1 == bytes.len() {
                // What is escaped has not come yet.
                self.at = at;
                return false;
            }
            self.at = at + 2;
        }
        self.at = bytes.len();
        false
    }
}
