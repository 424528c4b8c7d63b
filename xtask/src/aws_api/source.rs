//! Finds botocore and reads its files, compressed or not.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::endpoints::Signed;

/// The data directory of an installed botocore.
pub struct Botocore {
    data: PathBuf,
}

/// Everything botocore says of one service, in its newest version.
pub struct Description {
    /// `service-2.json`.
    pub service: Value,
    /// `paginators-1.json` with its additions, operation by operation.
    pub paginators: Value,
    /// `endpoint-rule-set-1.json`.
    pub rules: Value,
    /// The service's other names.
    pub signed: Signed,
}

impl Botocore {
    /// Takes the directory given, or the botocore of the project's Python environment.
    pub fn find(given: Option<&str>, root: &Path) -> Result<Self, String> {
        let package = match given {
            Some(directory) => PathBuf::from(directory),
            None => installed(&root.join(".venv/lib"))
                .ok_or("no botocore in .venv: run `make venv`, or name its directory with --botocore")?,
        };
        let data = package.join("data");
        if !data.join("endpoints.json").is_file() {
            return Err(format!("{} holds no botocore: data/endpoints.json is missing", package.display()));
        }
        Ok(Self { data })
    }

    /// A file beside the services: `endpoints`, `partitions`.
    pub fn file(&self, name: &str) -> Result<Value, String> {
        read(&self.data, name)?.ok_or_else(|| format!("{name}.json is missing in {}", self.data.display()))
    }

    /// Everything about one service.
    pub fn service(&self, name: &str) -> Result<Description, String> {
        let directory = self.data.join(name);
        let failed = |why| format!("`{name}` is no service of this botocore: {why}");
        let mut versions: Vec<PathBuf> =
            std::fs::read_dir(&directory).map_err(failed)?.flatten().map(|entry| entry.path()).collect();
        versions.sort();
        let newest = versions.pop().ok_or_else(|| format!("{} is empty", directory.display()))?;
        let needed =
            |file: &str| read(&newest, file)?.ok_or_else(|| format!("{name}: {file}.json is missing"));
        let service = needed("service-2")?;
        let mut paginators = read(&newest, "paginators-1")?.unwrap_or_default()["pagination"].take();
        if let Some(mut extras) = read(&newest, "paginators-1.sdk-extras")? {
            merge(&mut paginators, extras["merge"]["pagination"].take());
        }
        let metadata = &service["metadata"];
        let prefix = metadata["endpointPrefix"].as_str().unwrap_or(name).to_owned();
        let signed = Signed { name: metadata["signingName"].as_str().unwrap_or(&prefix).to_owned(), prefix };
        Ok(Description { rules: needed("endpoint-rule-set-1")?, service, paginators, signed })
    }
}

fn installed(libraries: &Path) -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(libraries)
        .ok()?
        .flatten()
        .map(|python| python.path().join("site-packages/botocore"))
        .filter(|package| package.is_dir())
        .collect();
    found.sort();
    found.pop()
}

fn read(directory: &Path, name: &str) -> Result<Option<Value>, String> {
    let plain = directory.join(format!("{name}.json"));
    let packed = directory.join(format!("{name}.json.gz"));
    let (file, bytes) = if plain.is_file() {
        let bytes = std::fs::read(&plain).map_err(|why| format!("{}: {why}", plain.display()))?;
        (plain, bytes)
    } else if packed.is_file() {
        let bytes = unpack(&packed)?;
        (packed, bytes)
    } else {
        return Ok(None);
    };
    let mut value: Value =
        serde_json::from_slice(&bytes).map_err(|why| format!("{}: {why}", file.display()))?;
    // Objects keep their order; tables must not depend on it.
    value.sort_all_objects();
    Ok(Some(value))
}

fn unpack(file: &Path) -> Result<Vec<u8>, String> {
    let output = Command::new("gzip").arg("-dc").arg(file).output().map_err(|why| format!("gzip: {why}"))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(format!("gzip cannot read {}", file.display()))
    }
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(from)) => into.extend(from),
        (into, from) => *into = from,
    }
}
