//! Values of conditions: borrowed from the inventory wherever they can be.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;
use yagura_model::Resource;

use super::fault::Fault;

/// One value.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Str(&'a str),
    Text(Rc<str>),
    Time(Timestamp),
    Duration(SignedDuration),
    /// An array or an object; scalars become the variants above.
    Json(&'a Json),
    /// A resource's configuration, with what was not read of it.
    Resource(&'a Resource),
    /// What `meta` tells of a resource.
    Meta(&'a Resource),
    /// A resource's tags.
    Tags(&'a BTreeMap<String, String>),
    List(Rc<List<'a>>),
    Map(Rc<BTreeMap<Rc<str>, Value<'a>>>),
    Optional(Option<Rc<Value<'a>>>),
}

/// A list that an expression made, or resources of the inventory.
#[derive(Debug, Clone, Default)]
pub(crate) struct List<'a> {
    pub(crate) items: Vec<Value<'a>>,
    /// Why there may be more items than these; `None` when these are all.
    pub(crate) lacking: Option<Fault<'a>>,
}

impl<'a> List<'a> {
    pub(crate) fn of(items: Vec<Value<'a>>) -> Value<'a> {
        Self { items, lacking: None }.into()
    }

    /// Notes that items may be missing.
    pub(crate) fn lacks(&mut self, why: &Fault<'a>) {
        self.lacking = Some(Fault::together(self.lacking.take(), why.clone()));
    }
}

impl<'a> From<List<'a>> for Value<'a> {
    fn from(list: List<'a>) -> Self {
        Self::List(Rc::new(list))
    }
}

/// The fields of `meta`.
pub(crate) const META: [&str; 6] = ["id", "name", "arn", "account", "region", "type"];

impl<'a> From<&'a Json> for Value<'a> {
    fn from(json: &'a Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(it) => Self::Bool(*it),
            Json::Number(it) => match it.as_i64() {
                Some(int) => Self::Int(int),
                None => Self::Double(it.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(it) => Self::Str(it),
            Json::Array(_) | Json::Object(_) => Self::Json(json),
        }
    }
}

impl<'a> Value<'a> {
    pub(crate) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn some(value: Self) -> Self {
        Self::Optional(Some(Rc::new(value)))
    }

    /// CEL's name of the type.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Double(_) => "double",
            Self::Str(_) | Self::Text(_) => "string",
            Self::Time(_) => "timestamp",
            Self::Duration(_) => "duration",
            Self::Json(Json::Array(_)) | Self::List(_) => "list",
            Self::Json(_) | Self::Resource(_) | Self::Meta(_) | Self::Tags(_) | Self::Map(_) => "map",
            Self::Optional(_) => "optional",
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_map(&self) -> bool {
        self.type_name() == "map"
    }

    /// A map's keys; those of a resource only when all of it was read. `None` when this is no map.
    pub(crate) fn keys(&self) -> Result<Option<Vec<Cow<'a, str>>>, Fault<'a>> {
        Ok(Some(match self {
            Self::Json(Json::Object(map)) => map.keys().map(|key| Cow::Borrowed(key.as_str())).collect(),
            Self::Resource(resource) => {
                whole(resource)?;
                resource.configuration.keys().map(|key| Cow::Borrowed(key.as_str())).collect()
            }
            Self::Meta(_) => META.into_iter().map(Cow::Borrowed).collect(),
            Self::Tags(tags) => tags.keys().map(|key| Cow::Borrowed(key.as_str())).collect(),
            Self::Map(map) => map.keys().map(|key| Cow::Owned(key.to_string())).collect(),
            _ => return Ok(None),
        }))
    }

    /// The elements and what may be missing from them; `None` when this is no list.
    pub(crate) fn elements(&self) -> Option<Elements<'a, '_>> {
        match self {
            Self::Json(Json::Array(items)) => Some(Elements::Json(items)),
            Self::List(list) => Some(Elements::Made(list)),
            _ => None,
        }
    }

    /// The value of a map's key.
    ///
    /// `None` when this is no map, `Some(Ok(None))` when it lacks the key, an error when that was not read.
    pub(crate) fn field(&self, key: &str) -> Option<Result<Option<Self>, Fault<'a>>> {
        Some(Ok(match self {
            Self::Json(Json::Object(map)) => map.get(key).map(Self::from),
            Self::Resource(resource) => return Some(field_of(resource, key)),
            Self::Meta(resource) => meta_of(resource, key),
            Self::Tags(tags) => tags.get(key).map(|value| Self::Str(value)),
            Self::Map(map) => map.get(key).cloned(),
            _ => return None,
        }))
    }

    /// What is known of it as JSON, for people: times and durations as text, without what was not read.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Null | Self::Optional(None) => Json::Null,
            Self::Bool(it) => Json::from(*it),
            Self::Int(it) => Json::from(*it),
            Self::Double(it) => Json::from(*it),
            Self::Str(it) => Json::from(*it),
            Self::Text(it) => Json::from(&**it),
            Self::Time(it) => Json::from(it.to_string()),
            Self::Duration(it) => Json::from(duration_text(*it)),
            Self::Json(it) => (*it).clone(),
            Self::Resource(resource) => Json::Object(resource.configuration.clone()),
            Self::Meta(resource) => {
                META.iter().filter_map(|key| Some((*key, meta_of(resource, key)?.to_json()))).collect()
            }
            Self::Tags(tags) => tags.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
            Self::List(list) => list.items.iter().map(Value::to_json).collect(),
            Self::Map(map) => map.iter().map(|(key, value)| (key.to_string(), value.to_json())).collect(),
            Self::Optional(Some(it)) => it.to_json(),
        }
    }
}

/// A duration as CEL writes it: `90s`, `1.5s`.
pub(crate) fn duration_text(duration: SignedDuration) -> String {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    if nanos == 0 {
        return format!("{seconds}s");
    }
    let sign = if duration.is_negative() { "-" } else { "" };
    let fraction = format!("{:09}", nanos.abs());
    format!("{sign}{}.{}s", seconds.abs(), fraction.trim_end_matches('0'))
}

fn field_of<'a>(resource: &'a Resource, key: &str) -> Result<Option<Value<'a>>, Fault<'a>> {
    match resource.unread.get(key) {
        None => Ok(resource.configuration.get(key).map(Value::from)),
        Some(gap) => Err(Fault::unread([gap])),
    }
}

fn meta_of<'a>(resource: &'a Resource, key: &str) -> Option<Value<'a>> {
    Some(Value::Str(match key {
        "id" => &resource.key.id,
        "name" => &resource.name,
        "arn" => &resource.arn,
        "account" => resource.key.account.as_str(),
        "region" => resource.key.region.as_str(),
        "type" => resource.key.resource_type.as_str(),
        _ => return None,
    }))
}

/// That the whole of a resource was read: what looks at all of it depends on all of it.
pub(crate) fn whole(resource: &Resource) -> Result<(), Fault<'_>> {
    if resource.unread.is_empty() { Ok(()) } else { Err(Fault::unread(resource.unread.values())) }
}

/// A resource's tags, unless they were not read.
pub(crate) fn tags_of(resource: &Resource) -> Result<Value<'_>, Fault<'_>> {
    const FIELDS: [&str; 5] = ["Tags", "TagSet", "TagList", "tags", "tagSet"];
    let mut unread = FIELDS.iter().filter_map(|field| resource.unread.get(*field)).peekable();
    if unread.peek().is_none() { Ok(Value::Tags(&resource.tags)) } else { Err(Fault::unread(unread)) }
}

/// What a list holds.
pub(crate) enum Elements<'a, 'l> {
    Json(&'a [Json]),
    Made(&'l List<'a>),
}

impl<'a> Elements<'a, '_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Json(items) => items.len(),
            Self::Made(list) => list.items.len(),
        }
    }

    pub(crate) fn get(&self, index: usize) -> Option<Value<'a>> {
        match self {
            Self::Json(items) => items.get(index).map(Value::from),
            Self::Made(list) => list.items.get(index).cloned(),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Value<'a>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Why there may be more.
    pub(crate) fn lacking(&self) -> Option<&Fault<'a>> {
        match self {
            Self::Json(_) => None,
            Self::Made(list) => list.lacking.as_ref(),
        }
    }

    /// That no item is missing: what counts or compares the list depends on all of it.
    pub(crate) fn complete(&self) -> Result<(), Fault<'a>> {
        self.lacking().map_or(Ok(()), |fault| Err(fault.clone()))
    }
}
