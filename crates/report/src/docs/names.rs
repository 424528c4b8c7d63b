//! File names and anchors, made from ids that somebody wrote.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

/// Longer names get cut.
const LONGEST: usize = 100;
/// The list itself, and what some systems keep for devices.
const RESERVED: [&str; 5] = ["index", "con", "prn", "aux", "nul"];

/// A name for each id: lower-case letters, digits, `-`, `_` and `.`, different also where case does not count.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    /// Names these ids; which of two alike gets the plain name depends on their order alone.
    pub(super) fn of<'i>(ids: impl IntoIterator<Item = &'i str>) -> Self {
        let mut taken: BTreeSet<String> = RESERVED.map(str::to_owned).into();
        let mut names = BTreeMap::new();
        for id in ids {
            if names.contains_key(id) {
                continue;
            }
            let plain = plain(id);
            let is_free = !plain.is_empty() && plain.len() <= LONGEST && !taken.contains(&plain);
            let mut name = if is_free && is_plain(id) { plain } else { marked(&plain, id) };
            while taken.contains(&name) {
                name.push('_');
            }
            taken.insert(name.clone());
            names.insert(id.to_owned(), name);
        }
        Self(names)
    }

    /// The name of an id that is among them.
    pub(super) fn get(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}

/// Whether nothing of the id is lost but case and colons.
fn is_plain(id: &str) -> bool {
    id.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | ':'))
}

/// `AWS::EC2::VPC` as `aws-ec2-vpc`.
fn plain(id: &str) -> String {
    let mut name = String::new();
    for character in id.chars() {
        let fits = character.is_ascii_alphanumeric() || matches!(character, '_' | '.');
        match fits {
            true => name.push(character.to_ascii_lowercase()),
            false if name.ends_with('-') => {}
            false => name.push('-'),
        }
    }
    name.trim_matches(['-', '.']).to_owned()
}

/// The name with a few digits of the id's hash.
fn marked(plain: &str, id: &str) -> String {
    let digest = Sha256::digest(id.as_bytes());
    let hash: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let front: String = plain.chars().take(LONGEST - hash.len() - 1).collect();
    format!("{front}-{hash}").trim_start_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_ids_keep_their_names() {
        let names = Names::of(["restricted-ssh", "cis-aws-5.0", "AWS::EC2::VPC", "AWS::::Account"]);
        let told =
            ["restricted-ssh", "cis-aws-5.0", "AWS::EC2::VPC", "AWS::::Account"].map(|id| names.get(id));
        assert_eq!(told, ["restricted-ssh", "cis-aws-5.0", "aws-ec2-vpc", "aws-account"].map(Some));
        assert_eq!(names.get("unheard-of"), None);
    }

    proptest! {
        /// Whatever an id is, its name is a harmless file name, and no two ids share one.
        #[test]
        fn names_are_harmless_and_differ(ids in proptest::collection::btree_set("\\PC{0,120}|[aA.:/-]{0,4}|(con|Index)", 0..20)) {
            let names = Names::of(ids.iter().map(String::as_str));
            let mut seen = BTreeSet::new();
            for id in &ids {
                let name = names.get(id).unwrap();
                prop_assert!(!name.is_empty() && name.len() <= LONGEST && !name.starts_with('.'), "{name:?}");
                let fits = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "-_.".contains(it);
                prop_assert!(name.chars().all(fits), "{name:?}");
                prop_assert!(!RESERVED.contains(&name), "{name:?}");
                prop_assert!(seen.insert(name), "{name:?} stands for two ids");
            }
        }
    }
}
