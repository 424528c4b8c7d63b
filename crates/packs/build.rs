//! Packs the files of `packs/` into one blob, each compressed on its own: a scan unpacks the few that it reads, and the
//! rest is never touched in memory.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Tight enough; more costs build time and saves little.
const LEVEL: i32 = 9;

fn main() -> io::Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("../../packs");
    let out = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    list(&root, "", &mut files)?;
    files.sort();
    let mut blob = Vec::new();
    let mut index = String::from("[\n");
    for (path, on_disk) in files {
        let bytes = fs::read(on_disk)?;
        let start = blob.len();
        blob.extend(zstd::bulk::compress(&bytes, LEVEL)?);
        let end = blob.len();
        let size = bytes.len();
        writeln!(index, "    Embedded {{ path: {path:?}, start: {start}, end: {end}, size: {size} }},")
            .map_err(io::Error::other)?;
    }
    index.push(']');
    fs::write(out.join("packs.bin"), blob)?;
    fs::write(out.join("packs.rs"), index)
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

fn list(directory: &Path, below: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push((path, entry.path()));
        }
    }
    Ok(())
}
