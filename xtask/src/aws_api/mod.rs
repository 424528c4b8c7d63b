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

/// Writes every table anew and removes those of services that are no longer wanted.
pub fn run(botocore: Option<&str>) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let botocore = Botocore::find(botocore, &root)?;
    let wanted = wanted_services(&root.join("xtask/aws-api-services.txt"))?;
    let directory = root.join("packs/aws-api");
    let mut rules = BTreeMap::new();
    let mut operations = 0;
    let mut files = vec![directory.join("endpoints.json")];
    for (service, wanted) in &wanted {
        let description = botocore.service(service)?;
        let table = table::write(service, &description, wanted).map_err(|why| format!("{service}: {why}"))?;
        operations += table.operations;
        let file = directory.join(format!("{service}.json"));
        write(&file, &table.text)?;
        files.push(file);
        rules.insert(service.clone(), (description.rules, description.signed));
    }
    write(&files[0], &endpoints::write(&botocore, &rules)?)?;
    remove_others(&directory, &files)?;
    crate::tell(&format!("{} services, {operations} operations", wanted.len()));
    Ok(())
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

fn write(file: &Path, text: &str) -> Result<(), String> {
    std::fs::write(file, text).map_err(|why| format!("{}: {why}", file.display()))
}

fn remove_others(directory: &Path, keep: &[PathBuf]) -> Result<(), String> {
    let failed = |why: std::io::Error| format!("{}: {why}", directory.display());
    for entry in std::fs::read_dir(directory).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == "json") && !keep.contains(&path) {
            std::fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}
