//! Reads a member's text: `[item:Reservation] =reservationSet`.
//!
//! `packs/aws-api/README.md` explains the notation.

use super::shapes::{List, Map, Member, Path, PathPart, Place, Protocol, StructureId, TimeFormat, Type};

/// Finds a structure by its name.
pub(super) type Find<'a> = &'a dyn Fn(&str) -> Option<StructureId>;

/// Lists and maps nest at most this deep.
const DEEPEST: usize = 16;

/// Reads one member.
pub(super) fn member(name: &str, text: &str, protocol: Protocol, find: Find<'_>) -> Result<Member, String> {
    let mut words = text.split(' ');
    let shape = whole_type(words.next().unwrap_or_default(), find)?;
    let mut member = Member {
        name: name.into(),
        wire: name.into(),
        key: name.into(),
        query_name: None,
        shape,
        place: Place::Body,
        required: false,
        host: false,
        token: false,
        last: false,
        default: None,
    };
    for word in words {
        match word {
            "@path" => member.place = Place::Path,
            "@query" => member.place = Place::Query,
            "@header" => member.place = Place::Header,
            "@headers" => member.place = Place::Headers,
            "@status" => member.place = Place::Status,
            "attribute" => member.place = Place::Attribute,
            "!" => member.required = true,
            "host" => member.host = true,
            "token" => member.token = true,
            "last" => member.last = true,
            _ => match word.split_once('=') {
                Some(("", wire)) => member.wire = wire.into(),
                Some(("query", query_name)) => member.query_name = Some(query_name.into()),
                Some(("default", value)) => member.default = Some(value.into()),
                _ => return Err(format!("`{word}` of the member `{name}` is not understood")),
            },
        }
    }
    member.key = key(&member, protocol);
    Ok(member)
}

/// botocore's rule: a flattened list is found by the name of its elements, where they have one.
fn key(member: &Member, protocol: Protocol) -> Box<str> {
    match &member.shape {
        Type::List(list) if protocol.is_xml() && list.flattened => {
            list.element_name.clone().unwrap_or_else(|| member.wire.clone())
        }
        _ => member.wire.clone(),
    }
}

fn whole_type(text: &str, find: Find<'_>) -> Result<Type, String> {
    match shape(text, find, 0)? {
        (shape, "") => Ok(shape),
        (_, rest) => Err(format!("`{rest}` of the type `{text}` is not understood")),
    }
}

/// Reads a type and gives what stands behind it.
fn shape<'a>(text: &'a str, find: Find<'_>, depth: usize) -> Result<(Type, &'a str), String> {
    let wrong = || format!("`{text}` is not a type");
    if depth > DEEPEST {
        return Err(wrong());
    }
    if let Some(inner) = text.strip_prefix('[') {
        let (element_name, inner) = element_name(inner);
        let (element, rest) = shape(inner, find, depth + 1)?;
        let (flattened, rest) = star(rest.strip_prefix(']').ok_or_else(wrong)?);
        return Ok((Type::List(Box::new(List { element, element_name, flattened })), rest));
    }
    if let Some(inner) = text.strip_prefix('{') {
        let (names, inner) = element_name(inner);
        let names = names.as_deref().unwrap_or("key,value");
        let (key_name, value_name) = names.split_once(',').ok_or_else(wrong)?;
        let (value, rest) = shape(inner, find, depth + 1)?;
        let (flattened, rest) = star(rest.strip_prefix('}').ok_or_else(wrong)?);
        let map = Map { value, key_name: key_name.into(), value_name: value_name.into(), flattened };
        return Ok((Type::Map(Box::new(map)), rest));
    }
    let end = text.find([']', '}']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let shape = match name {
        "s" => Type::Text,
        "i" => Type::Integer,
        "f" => Type::Float,
        "b" => Type::Boolean,
        "x" => Type::Blob,
        "d" => Type::Document,
        "j" => Type::JsonHeader,
        "p" => Type::Policy,
        "o" => Type::JsonOrText,
        "c" => Type::EncodedText,
        "t" => Type::Time(None),
        "ti" => Type::Time(Some(TimeFormat::Iso8601)),
        "tr" => Type::Time(Some(TimeFormat::Rfc822)),
        "tu" => Type::Time(Some(TimeFormat::Epoch)),
        _ => Type::Structure(find(name).ok_or_else(|| format!("the structure `{name}` is missing"))?),
    };
    Ok((shape, rest))
}

/// The text before a colon that belongs to this level: `item:` of `item:[s]`.
fn element_name(inner: &str) -> (Option<Box<str>>, &str) {
    let end = inner.find([':', '[', '{', ']', '}']).unwrap_or(inner.len());
    match inner[end..].strip_prefix(':') {
        Some(rest) => (Some(inner[..end].into()), rest),
        None => (None, inner),
    }
}

fn star(text: &str) -> (bool, &str) {
    match text.strip_prefix('*') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// Reads `GET /{Bucket}?policy` into the method and the path.
pub(super) fn http(text: &str) -> (Box<str>, Path) {
    let (method, target) = text.split_once(' ').unwrap_or(("POST", "/"));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((before, behind)) = rest.split_once('{') {
        let (label, after) = behind.split_once('}').unwrap_or((behind, ""));
        if !before.is_empty() {
            parts.push(PathPart::Text(before.into()));
        }
        let (name, greedy) = match label.strip_suffix('+') {
            Some(name) => (name, true),
            None => (label, false),
        };
        parts.push(PathPart::Label { name: name.into(), greedy });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(PathPart::Text(rest.into()));
    }
    (method.into(), Path { parts, query: query.into() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(name: &str) -> Option<StructureId> {
        (name == "Thing").then_some(StructureId(3))
    }

    #[test]
    fn a_member_is_a_type_and_words() {
        let member = member("Reservations", "[item:Thing] =reservationSet !", Protocol::Ec2, &find).unwrap();
        assert_eq!(
            (&*member.wire, &*member.key, member.required),
            ("reservationSet", "reservationSet", true)
        );
        let Type::List(list) = member.shape else { panic!("not a list") };
        assert_eq!(list.element_name.as_deref(), Some("item"));
        assert!(matches!(list.element, Type::Structure(StructureId(3))));
    }

    #[test]
    fn types_nest() {
        let member = member("M", "{Name,Value:[item:{s}]}* @headers", Protocol::RestXml, &find).unwrap();
        let Type::Map(map) = member.shape else { panic!("not a map") };
        assert_eq!((&*map.key_name, &*map.value_name, map.flattened), ("Name", "Value", true));
        assert!(matches!(map.value, Type::List(_)));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let told = |text: &str| member("M", text, Protocol::Json, &find).unwrap_err();
        assert_eq!(told("Other"), "the structure `Other` is missing");
        assert_eq!(told("s loud"), "`loud` of the member `M` is not understood");
        assert_eq!(told("[s"), "`[s` is not a type");
        assert_eq!(told("s]"), "`]` of the type `s]` is not understood");
    }

    proptest! {
        /// Whatever stands in a table, reading it ends with an answer.
        #[test]
        fn any_text_is_read_or_refused(text in "[\\[\\]{}:,*a-zA-Z =@!]{0,60}") {
            let _ = member("M", &text, Protocol::Query, &find);
            let _ = http(&text);
        }
    }
}
