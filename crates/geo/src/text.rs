//! Text files line by line, with bounded lines and told mistakes.

use std::io::{self, BufRead, BufReader, Read};

/// So long may a line be.
const LINE: u64 = 4096;
/// So many mistakes are told one by one.
const TOLD: usize = 3;

/// What of a file cannot be used.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Mistakes {
    told: Vec<String>,
    more: u64,
}

impl Mistakes {
    fn add(&mut self, line: u64, message: &str) {
        if self.told.len() < TOLD {
            self.told.push(format!("line {line}: {message}"));
        } else {
            self.more += 1;
        }
    }

    /// For people, each with the name of the file.
    pub(crate) fn shown(&self, file: &str) -> Vec<String> {
        let mut shown: Vec<_> = self.told.iter().map(|it| format!("{file}: {it}")).collect();
        if self.more > 0 {
            shown.push(format!("{file}: {} more lines cannot be read", self.more));
        }
        shown
    }
}

/// Gives every line that says something to `take`, which returns what is wrong with it.
pub(crate) fn lines(
    input: impl Read,
    mut take: impl FnMut(&str) -> Result<(), String>,
) -> io::Result<Mistakes> {
    let mut input = BufReader::new(input);
    let (mut line, mut number, mut mistakes) = (Vec::new(), 0, Mistakes::default());
    loop {
        line.clear();
        if input.by_ref().take(LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(mistakes);
        }
        number += 1;
        if line.len() as u64 == LINE && !line.ends_with(b"\n") {
            mistakes.add(number, "the line is too long");
            input.skip_until(b'\n')?;
            continue;
        }
        match std::str::from_utf8(&line) {
            Ok(text) => {
                let text = text.trim_start_matches('\u{feff}').trim();
                if !text.is_empty()
                    && !text.starts_with(['#', ';'])
                    && let Err(message) = take(text)
                {
                    mistakes.add(number, &message);
                }
            }
            Err(_) => mistakes.add(number, "this is no text in UTF-8"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_line_is_told_with_its_place_and_the_others_count() {
        let mut text = b"# a comment\none\n\xff\n".to_vec();
        text.extend(vec![b'x'; 10_000]);
        text.extend(b"\n  two  \nbad\nbad\nbad\nthree");
        let mut taken = Vec::new();
        let mistakes = lines(&text[..], |it| {
            if it == "bad" {
                return Err("it is bad".to_owned());
            }
            taken.push(it.to_owned());
            Ok(())
        });
        assert_eq!(taken, ["one", "two", "three"]);
        assert_eq!(
            mistakes.unwrap().shown("f"),
            [
                "f: line 3: this is no text in UTF-8",
                "f: line 4: the line is too long",
                "f: line 6: it is bad",
                "f: 2 more lines cannot be read"
            ]
        );
    }
}
