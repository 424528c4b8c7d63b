//! A structure's members, each as one text: its type, then how it travels.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::table::object;

/// Lists and maps nest this deep at most; deeper means that they hold themselves, which the format cannot say.
const DEEPEST: usize = 8;

/// The structures that are reached from some operations' inputs, or from their outputs.
#[derive(Default)]
pub struct Structures {
    /// Their names.
    pub names: BTreeSet<String>,
}

impl Structures {
    /// Adds a structure and everything below it.
    pub fn want(&mut self, shapes: &Value, name: &str) -> Result<(), String> {
        let shape = &shapes[name];
        match shape["type"].as_str() {
            Some("structure") if shape["document"] != true => {
                if self.names.insert(name.to_owned()) {
                    for (_, member) in object(&shape["members"]) {
                        self.want_reference(shapes, member)?;
                    }
                }
                Ok(())
            }
            Some("list") => self.want_reference(shapes, &shape["member"]),
            Some("map") => self.want_reference(shapes, &shape["value"]),
            Some(_) => Ok(()),
            None => Err(format!("the shape `{name}` is missing")),
        }
    }

    fn want_reference(&mut self, shapes: &Value, reference: &Value) -> Result<(), String> {
        self.want(shapes, reference["shape"].as_str().unwrap_or_default())
    }
}

/// Where the structures are.
pub struct Of<'a> {
    pub shapes: &'a Value,
    pub service: &'a str,
    pub protocol: &'a str,
}

impl Of<'_> {
    /// The line of one structure.
    pub fn structure(&self, name: &str, is_input: bool) -> Result<Value, String> {
        let shape = &self.shapes[name];
        let required = |member: &str| {
            is_input && shape["required"].as_array().is_some_and(|all| all.iter().any(|one| one == member))
        };
        let mut line = Map::new();
        for (member, reference) in object(&shape["members"]) {
            let mut text = match special(self.service, name, member, reference) {
                Some(special) => special.to_owned(),
                None => self.expression(reference, 0)?,
            };
            text.push_str(&self.travel(member, reference, is_input));
            if required(member) {
                text.push_str(" !");
            }
            line.insert(member.clone(), json!(text));
        }
        if let Some(payload) = shape["payload"].as_str() {
            line.insert("$payload".into(), json!(payload));
        }
        if self.service == "s3" && name == "GetBucketLocationOutput" {
            line.insert("$text".into(), json!("LocationConstraint"));
        }
        Ok(Value::Object(line))
    }

    /// The type of what a reference names: `s`, `[item:Instance]`, `{s}`.
    fn expression(&self, reference: &Value, depth: usize) -> Result<String, String> {
        let name = reference["shape"].as_str().unwrap_or_default();
        if depth > DEEPEST {
            return Err(format!("`{name}` holds itself without a structure between"));
        }
        let shape = &self.shapes[name];
        let below = |key: &str| self.expression(&shape[key], depth + 1);
        Ok(match shape["type"].as_str().unwrap_or_default() {
            "string" | "character" if reference["jsonvalue"] == true => "j".to_owned(),
            "string" if self.service == "iam" && name == "policyDocumentType" => "p".to_owned(),
            "string" | "character" => "s".to_owned(),
            "integer" | "long" | "short" | "byte" | "bigInteger" => "i".to_owned(),
            "float" | "double" | "bigDecimal" => "f".to_owned(),
            "boolean" => "b".to_owned(),
            "blob" => "x".to_owned(),
            "timestamp" => timestamp(self.own(reference, "timestampFormat"))?.to_owned(),
            "structure" if shape["document"] == true => "d".to_owned(),
            "structure" if name.starts_with(|first: char| first.is_uppercase()) || name.len() > 2 => {
                name.to_owned()
            }
            "list" => {
                let element = self.own(&shape["member"], "locationName").map(|it| format!("{it}:"));
                format!("[{}{}]{}", element.unwrap_or_default(), below("member")?, self.star(reference))
            }
            "map" => {
                let part = |key: &str| self.own(&shape[key], "locationName");
                let names = match (part("key"), part("value")) {
                    (None, None) => String::new(),
                    (key, value) => format!("{},{}:", key.unwrap_or("key"), value.unwrap_or("value")),
                };
                format!("{{{names}{}}}{}", below("value")?, self.star(reference))
            }
            other => return Err(format!("the shape `{name}` has the unknown type `{other}`")),
        })
    }

    /// How a member travels, where that is not in the body under its own name.
    fn travel(&self, member: &str, reference: &Value, is_input: bool) -> String {
        let mut words = Vec::new();
        if let Some(name) = self.own(reference, "locationName").filter(|name| *name != member) {
            words.push(format!(" ={name}"));
        }
        if let Some(name) = reference["queryName"].as_str().filter(|_| is_input && self.protocol == "ec2") {
            words.push(format!(" query={name}"));
        }
        words.push(match reference["location"].as_str() {
            Some("uri") => " @path".to_owned(),
            Some("querystring") => " @query".to_owned(),
            Some("header") => " @header".to_owned(),
            Some("headers") => " @headers".to_owned(),
            Some("statusCode") => " @status".to_owned(),
            _ => String::new(),
        });
        for (key, word) in
            [("xmlAttribute", " attribute"), ("hostLabel", " host"), ("idempotencyToken", " token")]
        {
            if reference[key] == true && (is_input || key == "xmlAttribute") {
                words.push(word.to_owned());
            }
        }
        if is_input && reference["location"] == "uri" {
            words.push(in_paths(self.service, member, reference).to_owned());
        }
        words.concat()
    }

    fn star(&self, reference: &Value) -> &'static str {
        let flattened = |value: &Value| value["flattened"] == true;
        let shape = &self.shapes[reference["shape"].as_str().unwrap_or_default()];
        if flattened(reference) || flattened(shape) { "*" } else { "" }
    }

    /// A trait of a reference, or else of the shape that it names.
    fn own<'a>(&'a self, reference: &'a Value, key: &str) -> Option<&'a str> {
        let shape = &self.shapes[reference["shape"].as_str().unwrap_or_default()];
        reference[key].as_str().or_else(|| shape[key].as_str())
    }
}

/// The types that botocore's own handlers, not its descriptions, give to a member.
fn special(service: &str, structure: &str, member: &str, reference: &Value) -> Option<&'static str> {
    match (service, structure, member) {
        ("cloudformation", "GetTemplateOutput", "TemplateBody") => Some("o"),
        ("ec2", "GetConsoleOutputResult", "Output") => Some("c"),
        ("iam", ..) if reference["shape"] == "policyDocumentType" => Some("p"),
        _ => None,
    }
}

/// What botocore's handlers do to values before they become part of a path.
fn in_paths(service: &str, member: &str, reference: &Value) -> &'static str {
    match (service, member, reference["shape"].as_str()) {
        ("glacier", "accountId", _) => " default=-",
        ("route53", _, Some("ResourceId" | "DelegationSetId" | "ChangeId")) => " last",
        _ => "",
    }
}

fn timestamp(format: Option<&str>) -> Result<&'static str, String> {
    match format.map(str::to_ascii_lowercase).as_deref() {
        None => Ok("t"),
        Some("iso8601") => Ok("ti"),
        Some("rfc822") => Ok("tr"),
        Some("unixtimestamp") => Ok("tu"),
        Some(other) => Err(format!("`{other}` is an unknown format of time")),
    }
}
