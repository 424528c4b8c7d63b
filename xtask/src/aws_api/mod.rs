//! Writes `packs/aws-api`: one compact table for each service, and where its endpoints are.
//!
//! The facts come from the service descriptions of the public botocore package. Which services and which operations
//! beside the reading ones are wanted is said in `xtask/aws-api-services.txt`. `packs/aws-api/README.md` explains the
//! format. The same botocore gives the same bytes.

mod endpoints;
mod members;
mod pages;
mod ruleset;
mod source;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use source::Botocore;

/// The beginnings of the names of operations that read.
const READING: &[&str] = &[
    "BatchDescribe",
    "BatchGet",
    "BatchList",
    "Describe",
    "Filter",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Search",
];

/// What is wanted of one service.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Operations beside those that read.
    extra: Vec<String>,
    /// Beginnings of the names of reading operations to leave out.
    without: Vec<String>,
}

impl Wanted {
    fn takes(&self, operation: &str) -> bool {
        let begins = |starts: &[String]| starts.iter().any(|start| operation.starts_with(start.as_str()));
        self.extra.iter().any(|extra| extra == operation)
            || READING.iter().any(|start| operation.starts_with(start)) && !begins(&self.without)
    }
}

/// What to do with the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chore {
    /// Write every table anew, and remove those of services that are no longer wanted.
    Write,
    /// Only say whether what is there is what would be written.
    Check,
}

/// Makes the tables from the botocore in this directory, or from that of the project's Python environment.
pub fn run(botocore: Option<&str>, chore: Chore) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let botocore = Botocore::find(botocore, &root)?;
    let wanted = wanted_services(&root.join("xtask/aws-api-services.txt"))?;
    let mut rules = BTreeMap::new();
    let mut files = BTreeMap::new();
    let mut operations = 0;
    for (service, wanted) in &wanted {
        let description = botocore.service(service)?;
        let table = table::write(service, &description, wanted).map_err(|why| format!("{service}: {why}"))?;
        operations += table.operations;
        files.insert(format!("{service}.json"), table.text);
        rules.insert(service.clone(), (description.rules, description.signed));
    }
    files.insert("endpoints.json".to_owned(), endpoints::write(&botocore, &rules)?);
    let directory = root.join("packs/aws-api");
    let others = others(&directory, &files)?;
    match chore {
        Chore::Write => {
            for (name, text) in &files {
                let file = directory.join(name);
                std::fs::write(&file, text).map_err(|why| format!("{}: {why}", file.display()))?;
            }
            for file in others {
                std::fs::remove_file(&file).map_err(|why| format!("{}: {why}", file.display()))?;
            }
            crate::tell(&format!("{} services, {operations} operations", wanted.len()));
            Ok(())
        }
        Chore::Check => {
            let is_stale = |(name, text): &(&String, &String)| {
                std::fs::read_to_string(directory.join(name)).ok().as_ref() != Some(*text)
            };
            let stale: Vec<_> = files.iter().filter(is_stale).map(|(name, _)| name.clone()).collect();
            if stale.is_empty() && others.is_empty() {
                return Ok(());
            }
            Err(format!("packs/aws-api is stale: run `cargo xtask aws-api` ({})", stale.join(", ")))
        }
    }
}

/// One service a line, then operations to add and, behind a minus, beginnings of operations to leave out.
fn wanted_services(file: &Path) -> Result<BTreeMap<String, Wanted>, String> {
    let text = std::fs::read_to_string(file).map_err(|why| format!("{}: {why}", file.display()))?;
    let mut services = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let Some(service) = words.next() else { continue };
        let (without, extra): (Vec<_>, Vec<_>) =
            words.map(str::to_owned).partition(|word| word.starts_with('-'));
        let without = without.iter().map(|word| word.trim_start_matches('-').to_owned()).collect();
        if services.insert(service.to_owned(), Wanted { extra, without }).is_some() {
            return Err(format!("{}: `{service}` stands there twice", file.display()));
        }
    }
    Ok(services)
}

/// Tables that nobody wants any more.
fn others(directory: &Path, keep: &BTreeMap<String, String>) -> Result<Vec<PathBuf>, String> {
    let failed = |why: std::io::Error| format!("{}: {why}", directory.display());
    let mut others = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "json") && !keep.contains_key(&name) {
            others.push(path);
        }
    }
    Ok(others)
}
