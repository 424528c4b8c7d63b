//! Goes through an event once and keeps what is read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;

use super::paths::{Node, PathId, Paths, ROOT};
use super::{Scalar, Slot, Slots};

/// Fills the slots from a record.
pub(super) fn read<'e>(
    raw: &'e [u8],
    paths: &'e Paths,
    slots: &mut Slots<'e>,
    dotted: &mut bool,
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(raw);
    let mut reading = Reading { paths, slots, dotted };
    Part { at: ROOT, reading: &mut reading }.deserialize(&mut deserializer)?;
    deserializer.end()
}

struct Reading<'r, 'e> {
    paths: &'e Paths,
    slots: &'r mut Slots<'e>,
    dotted: &'r mut bool,
}

/// A part of the event that is read, or has such parts inside.
struct Part<'p, 'r, 'e> {
    at: PathId,
    reading: &'p mut Reading<'r, 'e>,
}

impl<'e> Part<'_, '_, 'e> {
    fn node(&self) -> &'e Node {
        &self.reading.paths.nodes[self.at.index()]
    }

    fn put(self, slot: Slot<'e>) {
        self.reading.slots.put(self.at, slot);
    }
}

impl<'e> DeserializeSeed<'e> for Part<'_, '_, 'e> {
    type Value = ();

    fn deserialize<D: Deserializer<'e>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'e> Visitor<'e> for Part<'_, '_, 'e> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(Slot::Scalar(Scalar::Null));
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(Slot::Scalar(Scalar::Bool(value)));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(Slot::Scalar(Scalar::Integer(value)));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(Slot::Scalar(match i64::try_from(value) {
            Ok(value) => Scalar::Integer(value),
            // As every JSON reader does with what is too large.
            #[expect(clippy::cast_precision_loss, reason = "no such number is exact in JSON")]
            Err(_) => Scalar::Float(value as f64),
        }));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.put(Slot::Scalar(Scalar::Float(value)));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, value: &'e str) -> Result<(), E> {
        self.put(Slot::Scalar(Scalar::Text(Cow::Borrowed(value))));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.put(Slot::Scalar(Scalar::Text(Cow::Owned(value.to_owned()))));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'e>>(self, mut seq: A) -> Result<(), A::Error> {
        if self.at == ROOT {
            return Err(serde::de::Error::custom("an event is an object, not a list"));
        }
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Json>()? {
            items.push(item);
        }
        self.put(Slot::Tree(Json::Array(items)));
        Ok(())
    }

    fn visit_map<A: MapAccess<'e>>(self, mut map: A) -> Result<(), A::Error> {
        let node = self.node();
        let is_top = self.at == ROOT;
        if node.is_read && !is_top {
            let mut object = serde_json::Map::new();
            while let Some((key, value)) = map.next_entry()? {
                object.insert(key, value);
            }
            self.put(Slot::Tree(Json::Object(object)));
            return Ok(());
        }
        while let Some(key) = map.next_key_seed(Key)? {
            if is_top && key.contains('.') {
                *self.reading.dotted = true;
            }
            match node.children.get(&*key) {
                Some(child) => map.next_value_seed(Part { at: *child, reading: &mut *self.reading })?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// A key, borrowed where it holds no escape.
struct Key;

impl<'e> DeserializeSeed<'e> for Key {
    type Value = Cow<'e, str>;

    fn deserialize<D: Deserializer<'e>>(self, deserializer: D) -> Result<Cow<'e, str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'e> Visitor<'e> for Key {
    type Value = Cow<'e, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, value: &'e str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}
