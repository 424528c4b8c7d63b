//! XML answers, read by the table straight into JSON.
//!
//! Nothing outside the document is ever fetched: entities other than XML's own five are refused.

use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use serde_json::{Map, Number, Value};

use super::AnswerError;
use crate::tables::{Member, Operation, Place, Service, Structure, StructureId, Type};
use crate::time;

/// Elements nest at most this deep.
const DEEPEST: usize = 100;

/// Reads an answer of the `query` and `ec2` protocols.
pub(super) fn answer(service: &Service, operation: &Operation, body: &[u8]) -> Result<Value, AnswerError> {
    let Some(output) = operation.output else { return Ok(Value::Object(Map::new())) };
    let text = String::from_utf8_lossy(body);
    let mut document = Document::new(service, &text);
    let root = document.root()?;
    let Some(wrapper) = &operation.wrapper else {
        let mut members = document.structure(service.structure(output), &root, 0)?;
        for metadata in ["requestId", "RequestId", "ResponseMetadata"] {
            if service.structure(output).by_name(metadata).is_none() {
                members.remove(metadata);
            }
        }
        return Ok(Value::Object(members));
    };
    while let Some(child) = document.child()? {
        if child.local_name().as_ref() == &**wrapper {
            return document.structure(service.structure(output), &child, 1).map(Value::Object);
        }
        document.skip()?;
    }
    Ok(Value::Object(Map::new()))
}

/// Reads a whole body as one structure; no body at all is an empty one. `None` when the outermost element is an
/// error, which S3 sometimes sends with a status that says otherwise.
pub(super) fn body(service: &Service, id: StructureId, body: &[u8]) -> Result<Option<Value>, AnswerError> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Some(Value::Object(Map::new())));
    }
    let text = String::from_utf8_lossy(body);
    let mut document = Document::new(service, &text);
    let root = document.root()?;
    if root.local_name().as_ref() == "Error" {
        return Ok(None);
    }
    let structure = service.structure(id);
    if let Some(member) = structure.text.map(|index| &structure.members[index]) {
        let text = document.text()?;
        let value = if text.is_empty() { Value::Null } else { Value::String(text) };
        return Ok(Some(Value::Object(Map::from_iter([(member.name.to_string(), value)]))));
    }
    document.structure(structure, &root, 0).map(|members| Some(Value::Object(members)))
}

/// Reads any document without a table: for errors.
pub(super) fn free(service: &Service, body: &[u8]) -> Result<(String, Value), AnswerError> {
    let text = String::from_utf8_lossy(body);
    let mut document = Document::new(service, &text);
    let root = document.root()?;
    let name = root.local_name().as_ref().to_owned();
    Ok((name, document.free(0)?))
}

/// A text by its type.
pub(super) fn scalar(shape: &Type, text: String) -> Value {
    match shape {
        Type::Boolean => Value::Bool(text == "true"),
        Type::Integer => text.trim().parse::<i64>().map_or(Value::String(text), Value::from),
        Type::Float => match text.trim().parse::<f64>().ok().and_then(Number::from_f64) {
            Some(number) => Value::Number(number),
            None => Value::String(text),
        },
        Type::Time(_) => time::from_text(text),
        Type::Policy => {
            let decoded = percent_decode_str(&text).decode_utf8_lossy();
            serde_json::from_str(&decoded).unwrap_or(Value::String(text))
        }
        Type::JsonOrText => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        Type::EncodedText => {
            use base64::Engine as _;
            match base64::engine::general_purpose::STANDARD.decode(text.trim()) {
                Ok(bytes) => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
                Err(_) => Value::String(text),
            }
        }
        _ => Value::String(text),
    }
}

struct Document<'a> {
    service: &'a Service,
    reader: Reader<&'a [u8]>,
}

impl<'a> Document<'a> {
    fn new(service: &'a Service, text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self { service, reader }
    }

    fn event(&mut self) -> Result<Event<'a>, AnswerError> {
        self.reader.read_event().map_err(|error| AnswerError(error.to_string()))
    }

    fn root(&mut self) -> Result<BytesStart<'a>, AnswerError> {
        self.child()?.ok_or_else(|| AnswerError("it has no XML element".to_owned()))
    }

    /// The next element inside the one that is open, or `None` when that one ends.
    fn child(&mut self) -> Result<Option<BytesStart<'a>>, AnswerError> {
        loop {
            match self.event()? {
                Event::Start(start) => return Ok(Some(start)),
                Event::End(_) => return Ok(None),
                Event::Eof => return Err(AnswerError("it ends too early".to_owned())),
                _ => {}
            }
        }
    }

    /// The text of the open element up to its first child; reads to its end.
    fn text(&mut self) -> Result<String, AnswerError> {
        let mut text = String::new();
        loop {
            match self.event()? {
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(entity) => text.push_str(&resolve(&entity)?),
                Event::Start(_) => {
                    self.skip()?;
                    self.skip()?;
                    return Ok(text);
                }
                Event::End(_) => return Ok(text),
                Event::Eof => return Err(AnswerError("it ends too early".to_owned())),
                _ => {}
            }
        }
    }

    /// Reads to the end of the open element.
    fn skip(&mut self) -> Result<(), AnswerError> {
        let mut open = 1_usize;
        while open > 0 {
            match self.event()? {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Eof => return Err(AnswerError("it ends too early".to_owned())),
                _ => {}
            }
        }
        Ok(())
    }

    fn value(&mut self, shape: &Type, start: &BytesStart<'a>, depth: usize) -> Result<Value, AnswerError> {
        if depth > DEEPEST {
            return Err(AnswerError("its elements nest too deep".to_owned()));
        }
        match shape {
            Type::Structure(id) => {
                let structure = self.service.structure(*id);
                self.structure(structure, start, depth + 1).map(Value::Object)
            }
            Type::List(list) => {
                let mut elements = Vec::new();
                while let Some(child) = self.child()? {
                    elements.push(self.value(&list.element, &child, depth + 1)?);
                }
                Ok(Value::Array(elements))
            }
            Type::Map(map) => {
                let mut entries = Map::new();
                while self.child()?.is_some() {
                    self.entry(map, &mut entries, depth + 1)?;
                }
                Ok(Value::Object(entries))
            }
            Type::Document => self.free(depth + 1),
            scalar_shape => Ok(scalar(scalar_shape, self.text()?)),
        }
    }

    /// Reads the inside of a map's entry.
    fn entry(
        &mut self,
        map: &crate::tables::Map,
        entries: &mut Map<String, Value>,
        depth: usize,
    ) -> Result<(), AnswerError> {
        let (mut key, mut value) = (None, Value::Null);
        while let Some(child) = self.child()? {
            if child.local_name().as_ref() == &*map.key_name {
                key = Some(self.text()?);
            } else if child.local_name().as_ref() == &*map.value_name {
                value = self.value(&map.value, &child, depth + 1)?;
            } else {
                self.skip()?;
            }
        }
        if let Some(key) = key {
            entries.insert(key, value);
        }
        Ok(())
    }

    fn structure(
        &mut self,
        structure: &Structure,
        start: &BytesStart<'a>,
        depth: usize,
    ) -> Result<Map<String, Value>, AnswerError> {
        let mut out = Map::new();
        if structure.has_attributes {
            attributes(structure, start, &mut out)?;
        }
        while let Some(child) = self.child()? {
            let name = child.local_name();
            match structure.by_key(name.as_ref()).filter(|member| member.place == Place::Body) {
                Some(member) => self.member(member, &child, &mut out, depth)?,
                None => {
                    let name = name.as_ref().to_owned();
                    let value = self.free(depth + 1)?;
                    // What the table does not know is kept, but never over what it knows.
                    if structure.by_name(&name).is_none() {
                        add(&mut out, name, value);
                    }
                }
            }
        }
        Ok(out)
    }

    fn member(
        &mut self,
        member: &Member,
        start: &BytesStart<'a>,
        out: &mut Map<String, Value>,
        depth: usize,
    ) -> Result<(), AnswerError> {
        match &member.shape {
            Type::List(list) if list.flattened => {
                let element = self.value(&list.element, start, depth + 1)?;
                if let Value::Array(elements) =
                    out.entry(&*member.name).or_insert_with(|| Value::Array(Vec::new()))
                {
                    elements.push(element);
                }
            }
            Type::Map(map) if map.flattened => {
                let mut entries = match out.remove(&*member.name) {
                    Some(Value::Object(entries)) => entries,
                    _ => Map::new(),
                };
                self.entry(map, &mut entries, depth + 1)?;
                out.insert(member.name.to_string(), Value::Object(entries));
            }
            shape => {
                let value = self.value(shape, start, depth + 1)?;
                match out.get_mut(&*member.name) {
                    None => {
                        out.insert(member.name.to_string(), value);
                    }
                    Some(Value::Array(known)) => known.extend(match value {
                        Value::Array(more) => more,
                        other => vec![other],
                    }),
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    /// The open element without a table: its text, or an object of its children.
    fn free(&mut self, depth: usize) -> Result<Value, AnswerError> {
        if depth > DEEPEST {
            return Err(AnswerError("its elements nest too deep".to_owned()));
        }
        let (mut text, mut children) = (String::new(), Map::new());
        loop {
            match self.event()? {
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(entity) => text.push_str(&resolve(&entity)?),
                Event::Start(start) => {
                    let name = start.local_name().as_ref().to_owned();
                    let value = self.free(depth + 1)?;
                    add(&mut children, name, value);
                }
                Event::End(_) if children.is_empty() => return Ok(Value::String(text)),
                Event::End(_) => return Ok(Value::Object(children)),
                Event::Eof => return Err(AnswerError("it ends too early".to_owned())),
                _ => {}
            }
        }
    }
}

/// Adds a child whose name may come again: then it becomes a list.
fn add(children: &mut Map<String, Value>, name: String, value: Value) {
    match children.get_mut(&name) {
        None => {
            children.insert(name, value);
        }
        Some(Value::Array(known)) => known.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn attributes(
    structure: &Structure,
    start: &BytesStart<'_>,
    out: &mut Map<String, Value>,
) -> Result<(), AnswerError> {
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| AnswerError(error.to_string()))?;
        let name = local(attribute.key.as_ref());
        let known =
            structure.members.iter().find(|it| it.place == Place::Attribute && local(&it.wire) == name);
        if let Some(member) = known {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| AnswerError(error.to_string()))?;
            out.insert(member.name.to_string(), Value::String(value.into_owned()));
        }
    }
    Ok(())
}

fn resolve(entity: &BytesRef<'_>) -> Result<String, AnswerError> {
    let bad = || AnswerError("it holds an entity that XML does not know".to_owned());
    if let Some(character) = entity.resolve_char_ref().map_err(|_| bad())? {
        return Ok(character.to_string());
    }
    let name = entity.xml10_content();
    quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned).ok_or_else(bad)
}
