//! Requests of the `query` and `ec2` protocols: a form with numbered and dotted names.

use std::fmt::Write;

use serde_json::{Map, Value};

use super::{InputError, Request, encode_into, text, time_format, unknown_member, uuid};
use crate::tables::{Member, Operation, Protocol, Service, Structure, Type};
use crate::time;

/// Writes a request.
pub(super) fn request(
    service: &Service,
    operation: &Operation,
    input: &Map<String, Value>,
) -> Result<Request, InputError> {
    let mut form = Form { service, body: format!("Action={}&Version={}", operation.name, service.version) };
    if let Some(id) = operation.input {
        form.structure("", service.structure(id), input)?;
    }
    let content_type = "application/x-www-form-urlencoded; charset=utf-8";
    Ok(Request {
        method: "POST".into(),
        target: "/".to_owned(),
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body: form.body.into_bytes(),
        host_prefix: None,
    })
}

struct Form<'a> {
    service: &'a Service,
    body: String,
}

impl Form<'_> {
    fn structure(
        &mut self,
        prefix: &str,
        shape: &Structure,
        input: &Map<String, Value>,
    ) -> Result<(), InputError> {
        for (name, value) in input.iter().filter(|(_, value)| !value.is_null()) {
            let member = shape.by_name(name).ok_or_else(|| unknown_member(name, shape))?;
            self.value(&joined(prefix, &self.name(member)), &member.shape, value)?;
        }
        for member in shape.members.iter().filter(|member| member.token && !input.contains_key(&*member.name))
        {
            self.pair(&joined(prefix, &self.name(member)), &uuid());
        }
        Ok(())
    }

    /// A member's name: in `ec2` its own query name, or its wire name with a capital.
    fn name(&self, member: &Member) -> String {
        match &member.query_name {
            Some(name) => name.to_string(),
            None if self.service.protocol == Protocol::Ec2 && member.wire != member.name => {
                let mut letters = member.wire.chars();
                letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
            }
            None => member.wire.to_string(),
        }
    }

    fn value(&mut self, name: &str, shape: &Type, value: &Value) -> Result<(), InputError> {
        match (shape, value) {
            (Type::Structure(id), Value::Object(members)) => {
                self.structure(name, self.service.structure(*id), members)?;
            }
            (Type::List(list), Value::Array(elements)) => {
                let below = match (&list.element_name, self.service.protocol) {
                    _ if elements.is_empty() && self.service.protocol == Protocol::Query => {
                        self.pair(name, "");
                        return Ok(());
                    }
                    (_, Protocol::Ec2) => name.to_owned(),
                    (Some(element), _) if list.flattened => match name.rsplit_once('.') {
                        Some((before, _)) => format!("{before}.{element}"),
                        None => element.to_string(),
                    },
                    (None, _) if list.flattened => name.to_owned(),
                    (element, _) => format!("{name}.{}", element.as_deref().unwrap_or("member")),
                };
                for (index, element) in elements.iter().enumerate() {
                    self.value(&format!("{below}.{}", index + 1), &list.element, element)?;
                }
            }
            (Type::Map(map), Value::Object(entries)) => {
                let below = if map.flattened { name.to_owned() } else { format!("{name}.entry") };
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.pair(&format!("{below}.{}.{}", index + 1, map.key_name), key);
                    self.value(&format!("{below}.{}.{}", index + 1, map.value_name), &map.value, value)?;
                }
            }
            (Type::Time(format), value) => {
                let format = format.unwrap_or(time_format(self.service.protocol));
                self.pair(name, &text(&time::to_wire(value, format)));
            }
            (_, value) => self.pair(name, &text(value)),
        }
        Ok(())
    }

    fn pair(&mut self, name: &str, value: &str) {
        let _ = write!(self.body, "&{name}=");
        encode_into(&mut self.body, value);
    }
}

fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}
