//! A mutelist as it is written: the keys of Prowler's schema, with their places and in their order.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_saphyr::Spanned;

/// What stands in front of everything.
const MUTELIST: &str = "Mutelist";

/// Every key below [`MUTELIST`], for "did you mean".
pub(super) const KEYS: [&str; 8] =
    ["Accounts", "Checks", "Regions", "Resources", "Tags", "Exceptions", "Description", MUTELIST];

/// The whole file.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) mutelist: Option<MutelistFile>,
    /// Keys beside it, which Prowler does not look at.
    pub(super) others: Vec<Spanned<String>>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct MutelistFile {
    pub(super) accounts: Pairs<AccountFile>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct AccountFile {
    pub(super) checks: Pairs<EntryFile>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct EntryFile {
    pub(super) regions: List,
    pub(super) resources: List,
    #[serde(default)]
    pub(super) tags: List,
    #[serde(default, deserialize_with = "given")]
    pub(super) exceptions: Option<ExceptionsFile>,
    #[serde(default)]
    pub(super) description: String,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct ExceptionsFile {
    #[serde(default)]
    pub(super) accounts: List,
    #[serde(default)]
    pub(super) regions: List,
    #[serde(default)]
    pub(super) resources: List,
    #[serde(default)]
    pub(super) tags: List,
}

/// Patterns with their places.
pub(super) type List = Vec<Spanned<String>>;

/// A value that has to be one where its key stands: nothing behind `Exceptions:` is a mistake in Prowler's schema too.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// The entries of a mapping in their order, those that stand twice among them.
///
/// The order decides in a mutelist, and Prowler's YAML lets a key stand again.
#[derive(Debug)]
pub(super) struct Pairs<T>(pub(super) Vec<(Spanned<String>, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(PairsVisitor(PhantomData))
    }
}

struct PairsVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PairsVisitor<T> {
    type Value = Pairs<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(FileVisitor)
    }
}

struct FileVisitor;

impl<'de> Visitor<'de> for FileVisitor {
    type Value = File;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a mapping with the key `{MUTELIST}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<File, A::Error> {
        let mut file = File::default();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            if key.value == MUTELIST {
                file.mutelist = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
                file.others.push(key);
            }
        }
        Ok(file)
    }
}
