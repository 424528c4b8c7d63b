//! Reads a file of findings and tells what it holds: for measuring time and memory.
//!
//!     cargo run --release --package yagura-import --example read_file -- findings.json

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Write as _};

use yagura_import::files::{Told, read};
use yagura_import::{Elsewhere, Vocabulary};
use yagura_packs::Packs;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("name a file")?;
    let (vocabulary, _) = Vocabulary::new(&Packs::embedded(), []);
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let mut each = |told: Told| {
        let kind = match told {
            Told::Finding(finding) => format!("{} {}", finding.detector, finding.resource.resource_type),
            Told::Problem(problem) => problem.message,
        };
        *kinds.entry(kind).or_default() += 1;
    };
    let input = BufReader::new(File::open(&path)?);
    let counts = read(input, &path, &vocabulary, &Elsewhere::default(), &mut each)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{counts:?}")?;
    for (kind, count) in kinds.iter().take(20) {
        writeln!(out, "{count:>8} {kind}")?;
    }
    Ok(())
}
