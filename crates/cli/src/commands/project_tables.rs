//! Tables of projects (`project_tables` in yagura.toml), from files and from S3.

use std::collections::BTreeSet;
use std::path::PathBuf;

use yagura_aws::{Client, Target};
use yagura_logs::s3::S3Address;
use yagura_model::Level;
use yagura_posture::{Project, ProjectTable};

use super::packs;
use crate::failure::{Failure, Told};
use crate::{source, terminal};

/// The largest table: a hundred thousand rows.
const MOST: u64 = 16 << 20;

/// Reads tables. What is wrong with single rows is told.
///
/// # Errors
///
/// One cannot be read, or holds nothing that can be used.
pub async fn read(
    tables: &[String],
    destinations: &BTreeSet<String>,
    pack_directories: &[PathBuf],
) -> Result<Vec<Project>, Failure> {
    let (mut projects, mut aws) = (Vec::new(), None);
    for shown in tables {
        let bytes = if shown.starts_with("s3://") {
            if aws.is_none() {
                aws = Some(source::as_caller(&packs(pack_directories)?).await?);
            }
            let Some((client, target)) = &aws else { continue };
            from_bucket(shown, client, target).await?
        } else {
            std::fs::read(shown).map_err(|error| unreadable(shown).because(error).usage())?
        };
        let table = ProjectTable::read_knowing(shown, &bytes, Some(destinations));
        terminal::diagnostics(&table.told);
        if table.told.iter().any(|it| it.level == Level::Error) {
            let help = "docs/configuration.md tells what `project_tables` may name";
            return Err(Told::new(format!("the table of projects `{shown}` cannot be used"))
                .help(help)
                .usage());
        }
        add(&mut projects, table.projects);
    }
    Ok(projects)
}

fn unreadable(shown: &str) -> Told {
    Told::new(format!("the table of projects `{shown}` cannot be read"))
}

async fn from_bucket(shown: &str, client: &Client, target: &Target) -> Result<Vec<u8>, Failure> {
    let address = S3Address::parse(shown).map_err(|error| Told::new(error.to_string()).usage())?;
    if address.prefix.is_empty() || address.prefix.ends_with('/') {
        return Err(unreadable(shown).help("name one object: `s3://bucket/projects.csv`").usage());
    }
    let failed = |error| unreadable(shown).because(error).other();
    let object = client.object(target, &address.bucket, &address.prefix, MOST).await.map_err(failed)?;
    object.bytes().await.map_err(failed)
}

/// Adds projects to others; what is said of one of the same name joins it, and what it says itself comes first.
pub fn add(projects: &mut Vec<Project>, more: Vec<Project>) {
    for it in more {
        match projects.iter_mut().find(|known| known.name == it.name) {
            Some(known) => known.join(it),
            None => projects.push(it),
        }
    }
}
