//! Rebuilds the embedded packs when a file is added, changed or removed.

fn main() {
    println!("cargo::rerun-if-changed=../../packs");
}
