//! The page around the data: one file that asks no other for anything.
//!
//! The content security policy names the hashes of the one script and the one style sheet, so that nothing that AWS
//! returned can run even if it were taken for markup.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::format::Sink;

const MARKUP: &str = include_str!("../../assets/page.html");
const STYLE: &str = concat!(
    include_str!("../../assets/base.css"),
    include_str!("../../assets/parts.css"),
    include_str!("../../assets/frameworks.css")
);
const WORDS: &str = include_str!("../../assets/words.json");
const SCRIPT: &str = concat!(
    "'use strict';\n",
    include_str!("../../assets/core.js"),
    include_str!("../../assets/overview.js"),
    include_str!("../../assets/frameworks.js"),
    include_str!("../../assets/findings.js"),
    include_str!("../../assets/coverage.js"),
    include_str!("../../assets/main.js"),
);

/// Writes the page; `data` writes the JSON that the script reads.
pub(super) fn write(
    out: &mut Sink<'_>,
    lang: &str,
    title: &str,
    plain: &str,
    data: impl FnOnce(&mut Harmless<'_, '_>) -> io::Result<()>,
) -> io::Result<()> {
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    let mut rest = MARKUP;
    let mut data = Some(data);
    while let Some((before, after)) = rest.split_once("{{") {
        out.write_all(before.as_bytes())?;
        let Some((name, after)) = after.split_once("}}") else { break };
        match name {
            "lang" => out.write_all(lang.as_bytes())?,
            "policy" => out.write_all(policy.as_bytes())?,
            "title" => out.write_all(crate::safe::xml(title).as_bytes())?,
            "plain" => out.write_all(crate::safe::xml(plain).as_bytes())?,
            "style" => out.write_all(STYLE.as_bytes())?,
            "script" => out.write_all(SCRIPT.as_bytes())?,
            "words" => Harmless(out).write_all(WORDS.as_bytes())?,
            "data" => {
                if let Some(data) = data.take() {
                    data(&mut Harmless(out))?;
                }
            }
            _ => {}
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())?;
    out.flush()
}

fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// JSON inside HTML: what could end the element that holds it is written as an escape. In JSON these characters stand
/// in strings alone, so that the escape means the same.
pub(super) struct Harmless<'o, 's>(&'o mut Sink<'s>);

impl Write for Harmless<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let escape: &[u8] = match byte {
                b'<' => b"\\u003c",
                b'>' => b"\\u003e",
                b'&' => b"\\u0026",
                _ => continue,
            };
            self.0.write_all(&bytes[from..at])?;
            self.0.write_all(escape)?;
            from = at + 1;
        }
        self.0.write_all(&bytes[from..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
