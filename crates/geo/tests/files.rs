//! Files of addresses, as users have them.

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "in a test, a failed unwrap is the assertion")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use yagura_detect::{Places as _, PlacesKnown};
use yagura_geo::Files;

const TABLE: &str = "198.51.100.0\t198.51.100.255\t64500\tNL\tEXAMPLE\n";

fn open(geography: &[PathBuf], tor: Option<&Path>) -> (Files, Vec<String>) {
    let lists = tor.iter().map(|it| ("tor".to_owned(), it.to_path_buf())).collect::<BTreeMap<_, _>>();
    Files::open(geography, &lists).unwrap()
}

#[test]
fn a_file_that_changes_is_read_again_and_one_that_breaks_keeps_its_word() {
    let directory = tempfile::tempdir().unwrap();
    let (table, tor) = (directory.path().join("asn.tsv"), directory.path().join("tor.txt"));
    fs::write(&table, TABLE).unwrap();
    fs::write(&tor, "203.0.113.7\n").unwrap();
    let (files, told) = open(std::slice::from_ref(&table), Some(&tor));
    let (address, other) = ("198.51.100.7".parse().unwrap(), "203.0.113.7".parse().unwrap());
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(files.known(), PlacesKnown { countries: true, systems: true, lists: true });
    assert_eq!(
        (files.origin(address).to_string().as_str(), files.lists(other)),
        ("NL, AS64500 EXAMPLE", vec!["tor".to_owned()])
    );

    fs::write(&tor, "203.0.113.7\n198.51.100.7\n").unwrap();
    assert_eq!(files.refresh(), Vec::<String>::new());
    assert_eq!(files.lists(address), ["tor"]);

    fs::write(&tor, "nothing but words in here\n").unwrap();
    let told = files.refresh();
    assert!(told[0].contains("is neither an address nor a network"), "{told:?}");
    assert_eq!(files.lists(address), ["tor"], "what was read before stays");
    assert_eq!(files.refresh(), Vec::<String>::new(), "the same is told once");

    fs::remove_file(&table).unwrap();
    assert_eq!(files.refresh(), Vec::<String>::new());
    assert_eq!(files.origin(address).asn, Some(64500));
}

#[test]
fn a_file_that_cannot_be_used_is_told_by_its_name() {
    let directory = tempfile::tempdir().unwrap();
    let broken = directory.path().join("x.mmdb");
    fs::write(&broken, "no database").unwrap();
    let error = |path: &Path| Files::open(&[path.to_path_buf()], &BTreeMap::new()).unwrap_err().to_string();
    assert_eq!(error(&broken), format!("cannot use `{}`", broken.display()));
    let absent = directory.path().join("absent.tsv");
    assert_eq!(error(&absent), format!("cannot read `{}`", absent.display()));
    let (none, _) = open(&[], None);
    assert_eq!(none.known(), PlacesKnown::default());
}

#[test]
fn real_files_are_understood() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let (database, tor) =
        (corpora.join("geo-asn/iptoasn-country.mmdb"), corpora.join("threat-intel/tor-exit-nodes.lst"));
    if !database.exists() || !tor.exists() {
        eprintln!("skipped: the corpora are not here");
        return;
    }
    let (files, told) = open(&[database], Some(&tor));
    assert_eq!(told, Vec::<String>::new());
    assert_eq!(files.known(), PlacesKnown { countries: true, systems: false, lists: true });
    let exit = fs::read_to_string(&tor).unwrap().lines().next().unwrap().parse().unwrap();
    assert_eq!(files.lists(exit), ["tor"]);
    assert_eq!(files.origin("8.8.8.8".parse().unwrap()).country.as_deref(), Some("US"));
}
