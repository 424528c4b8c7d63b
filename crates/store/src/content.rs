//! What a resource says, as one JSON text: the same content is the same text and the same digest, whatever the
//! order in which AWS told it.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use yagura_model::{Gap, Relationship, Resource};

/// A sha-256 digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// Of some bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Of whatever was put in.
    pub(crate) fn finished(hash: Sha256) -> Self {
        Self(hash.finalize().into())
    }

    /// Its bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The first half, which is enough to tell some hundreds apart.
    pub(crate) fn short(&self) -> [u8; 16] {
        let mut short = [0; 16];
        short.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        short
    }

    /// From the digits that the tables' `hex` gives; `None` where there are none.
    pub(crate) fn from_hex(digits: &str) -> Option<Self> {
        from_hex(digits).map(Self)
    }

    /// From the tables.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

/// The bytes that hexadecimal digits tell; `None` unless there are just so many.
pub(crate) fn from_hex<const BYTES: usize>(digits: &str) -> Option<[u8; BYTES]> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let digit = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let mut bytes = [0; BYTES];
    if pairs.len() != BYTES || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// Everything about a resource but its key, which stands in columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Content {
    pub(crate) arn: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) configuration: Map<String, Value>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) relationships: Vec<Relationship>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) unread: BTreeMap<String, Gap>,
}

/// A [`Content`] that borrows: most resources did not change, and then nothing is copied.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Borrowed<'a> {
    arn: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    tags: &'a BTreeMap<String, String>,
    configuration: Sorted<'a>,
    #[serde(skip_serializing_if = "<[Relationship]>::is_empty")]
    relationships: &'a [Relationship],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unread: &'a BTreeMap<String, Gap>,
}

/// Objects with their keys in order. `serde_json` keeps them so unless some crate asks it to remember insertion order, and then
/// every digest would change.
struct Sorted<'a>(&'a Map<String, Value>);

impl Serialize for Sorted<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.keys().is_sorted() {
            serializer.collect_map(self.0.iter().map(|(key, value)| (key, SortedValue(value))))
        } else {
            let sorted: BTreeMap<_, _> =
                self.0.iter().map(|(key, value)| (key, SortedValue(value))).collect();
            serializer.collect_map(sorted)
        }
    }
}

/// A value in which all objects have their keys in order.
pub(crate) struct SortedValue<'a>(pub(crate) &'a Value);

impl Serialize for SortedValue<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(map) => Sorted(map).serialize(serializer),
            Value::Array(items) => serializer.collect_seq(items.iter().map(SortedValue)),
            plain => plain.serialize(serializer),
        }
    }
}

/// JSON with sorted keys.
pub(crate) fn canonical(value: &Value) -> serde_json::Result<String> {
    serde_json::to_string(&SortedValue(value))
}

impl<'a> Borrowed<'a> {
    fn of(resource: &'a Resource) -> Self {
        Self {
            arn: &resource.arn,
            name: &resource.name,
            tags: &resource.tags,
            configuration: Sorted(&resource.configuration),
            relationships: &resource.relationships,
            unread: &resource.unread,
        }
    }
}

/// Writes into a digest.
struct Hashing(Sha256);

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The digest of a resource's content.
pub(crate) fn digest(resource: &Resource) -> serde_json::Result<Digest> {
    // Many small writes: gathering them first costs less than the digest's own bookkeeping.
    let mut writer = io::BufWriter::with_capacity(4096, Hashing(Sha256::new()));
    serde_json::to_writer(&mut writer, &Borrowed::of(resource))?;
    let Hashing(hash) = writer.into_inner().map_err(|error| serde_json::Error::io(error.into_error()))?;
    Ok(Digest(hash.finalize().into()))
}

/// The text that is stored; [`digest`] is its digest.
pub(crate) fn body(resource: &Resource) -> serde_json::Result<String> {
    serde_json::to_string(&Borrowed::of(resource))
}

/// What a scan adds to what was known of a resource; `None` when that is nothing.
///
/// A field that could not be read did not change for that, and a scan that was `narrow` (it asked for some fields only)
/// says nothing about fields it did not ask for: those are carried over.
pub(crate) fn news(known: &Content, read: &Resource, narrow: bool) -> Option<Resource> {
    let mut news = read.clone();
    if narrow {
        carry(known, &mut news);
    }
    let unknown = |field: &String| news.unread.contains_key(field) || known.unread.contains_key(field);
    // A field that was unread and is read now is news; one that was read and is unread now is not.
    let learned = known.unread.keys().any(|field| news.configuration.contains_key(field));
    let same_fields = |a: &Map<String, Value>, b: &Map<String, Value>| {
        a.iter().all(|(field, value)| unknown(field) || b.get(field) == Some(value))
    };
    // Relationships and tags come from the configuration: where part of that was not read, fewer of them mean nothing.
    let partial = narrow || !news.unread.is_empty();
    let same_tags = news.tags == known.tags || (partial && news.tags.is_empty());
    let same_relationships = news.relationships == known.relationships
        || (partial && news.relationships.iter().all(|it| known.relationships.contains(it)));
    let same = !learned
        && news.arn == known.arn
        && (news.name == known.name || (partial && news.name.is_empty()))
        && same_tags
        && same_relationships
        && same_fields(&news.configuration, &known.configuration)
        && same_fields(&known.configuration, &news.configuration);
    (!same).then_some(news)
}

/// Completes a narrow reading with what was known before.
fn carry(known: &Content, news: &mut Resource) {
    for (field, value) in &known.configuration {
        if !news.configuration.contains_key(field) && !news.unread.contains_key(field) {
            news.configuration.insert(field.clone(), value.clone());
        }
    }
    for (field, gap) in &known.unread {
        if !news.configuration.contains_key(field) && !news.unread.contains_key(field) {
            news.unread.insert(field.clone(), gap.clone());
        }
    }
    if news.tags.is_empty() {
        news.tags.clone_from(&known.tags);
    }
    if news.name.is_empty() {
        news.name.clone_from(&known.name);
    }
    news.relationships.extend(known.relationships.iter().cloned());
    news.relationships.sort();
    news.relationships.dedup();
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yagura_model::{ReadStatus, ResourceKey};

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9).prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                fields(inner).prop_map(Value::from),
            ]
        })
    }

    fn fields(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
        prop::collection::btree_map("[A-D]", value, 0..4).prop_map(|it| it.into_iter().collect())
    }

    fn resource() -> impl Strategy<Value = Resource> {
        let gap = Gap {
            call: "s3.GetBucketAcl".to_owned(),
            region: "global".into(),
            status: ReadStatus::Throttled,
        };
        let key = ResourceKey {
            account: yagura_model::AccountId::new("111122223333").unwrap(),
            region: "global".into(),
            resource_type: "AWS::S3::Bucket".into(),
            id: "b".to_owned(),
        };
        let tags = prop::collection::btree_map("[a-c]", ".{0,4}", 0..3);
        let unread = prop::sample::subsequence(vec!["A", "B", "C", "D"], 0..3);
        (".{0,4}", tags, fields(value()), unread).prop_map(move |(name, tags, mut configuration, unread)| {
            unread.iter().for_each(|field| drop(configuration.remove(*field)));
            let unread = unread.into_iter().map(|field| (field.to_owned(), gap.clone())).collect();
            let (key, arn, relationships) = (key.clone(), "arn:b".to_owned(), vec![]);
            Resource { key, arn, name, tags, configuration, relationships, unread }
        })
    }

    fn content(resource: &Resource) -> Content {
        serde_json::from_str(&body(resource).unwrap()).unwrap()
    }

    proptest! {
        /// What is compared is what is stored.
        #[test]
        fn the_digest_is_that_of_the_body(resource in resource()) {
            let body = body(&resource).unwrap();
            prop_assert_eq!(digest(&resource).unwrap(), Digest::of(body.as_bytes()));
            let content = content(&resource);
            prop_assert_eq!(content.configuration, resource.configuration);
            prop_assert_eq!(content.unread, resource.unread);
        }

        /// Reading less of the same is never news.
        #[test]
        fn less_of_the_same_is_not_news(resource in resource(), left_out in prop::sample::subsequence(vec!["A", "B", "C", "D"], 0..4)) {
            let known = content(&resource);
            let mut narrow = resource.clone();
            let mut denied = resource.clone();
            let gap = Gap { call: "s3.GetBucketAcl".to_owned(), region: "global".into(), status: ReadStatus::Throttled };
            for field in left_out {
                narrow.configuration.remove(field);
                denied.configuration.remove(field);
                denied.unread.insert(field.to_owned(), gap.clone());
            }
            prop_assert_eq!(news(&known, &narrow, true), None);
            prop_assert_eq!(news(&known, &denied, false), None);
        }

        /// What was read and differs is always news, and is kept as it was read.
        #[test]
        fn a_difference_is_news(before in resource(), after in resource(), narrow in any::<bool>()) {
            let known = content(&before);
            let differs = after.configuration.iter().any(|(field, value)| {
                known.configuration.get(field).is_none_or(|it| it != value)
            });
            let news = news(&known, &after, narrow);
            if differs {
                let news = news.unwrap();
                prop_assert!(after.configuration.iter().all(|(field, value)| news.configuration.get(field) == Some(value)));
            }
        }
    }
}
