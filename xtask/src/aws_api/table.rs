//! One service's description as a table: its operations, and the structures that they use.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::Wanted;
use super::members::{Of, Structures};
use super::pages::pages;
use super::source::Description;

/// The protocols that Yagura speaks; where a service speaks several, the first of these is taken.
const PROTOCOLS: &[&str] = &["json", "rest-json", "rest-xml", "query", "ec2"];

/// What an operation tells the endpoint rules when it is not on its service's usual host.
const OTHER_HOSTS: &[(&str, &str)] =
    &[("ApiType", "DataPlane"), ("ServiceType", "ACM-ACME"), ("SubServiceType", "AGENT")];

/// A table, and how many operations it holds.
pub struct Table {
    pub text: String,
    pub operations: usize,
}

/// Writes the table of one service.
pub fn write(name: &str, description: &Description, wanted: &Wanted) -> Result<Table, String> {
    let metadata = &description.service["metadata"];
    let protocol = protocol(metadata)?;
    let mut writer = Writer {
        service: name,
        description,
        protocol,
        inputs: Structures::default(),
        outputs: Structures::default(),
    };
    let mut operations = BTreeMap::new();
    for (operation, model) in object(&description.service["operations"]) {
        if wanted.takes(operation)
            && let Some(line) = writer.operation(operation, model)?
        {
            operations.insert(operation.clone(), line);
        }
    }
    if let Some(missing) = wanted.extra.iter().find(|extra| !operations.contains_key(*extra)) {
        return Err(format!("the operation `{missing}` is unknown, or its protocol is not spoken"));
    }
    if operations.is_empty() {
        return Err("no operation is left".to_owned());
    }
    let count = operations.len();
    let shapes = writer.shapes()?;
    let head = head(name, protocol, metadata);
    Ok(Table { text: lay_out(&head, &operations, &shapes), operations: count })
}

fn protocol(metadata: &Value) -> Result<&'static str, String> {
    let spoken = |name: &str| {
        metadata["protocol"] == name
            || metadata["protocols"].as_array().is_some_and(|all| all.iter().any(|one| one == name))
    };
    PROTOCOLS
        .iter()
        .find(|name| spoken(name))
        .copied()
        .ok_or_else(|| format!("its protocol {} is not spoken", metadata["protocol"]))
}

fn head(name: &str, protocol: &str, metadata: &Value) -> Vec<(&'static str, Value)> {
    let mut head =
        vec![("service", json!(name)), ("id", metadata["serviceId"].clone()), ("protocol", json!(protocol))];
    if protocol == "json" {
        head.push(("json", metadata["jsonVersion"].clone()));
        head.push(("target", metadata["targetPrefix"].clone()));
    }
    head.push(("version", metadata["apiVersion"].clone()));
    if !metadata["awsQueryCompatible"].is_null() {
        head.push(("query_codes", json!(true)));
    }
    match name {
        "apigateway" => head.push(("headers", json!({ "accept": "application/json" }))),
        "glacier" => head.push(("headers", json!({ "x-amz-glacier-version": metadata["apiVersion"] }))),
        _ => {}
    }
    head
}

struct Writer<'a> {
    service: &'a str,
    description: &'a Description,
    protocol: &'static str,
    inputs: Structures,
    outputs: Structures,
}

impl Writer<'_> {
    /// The line of one operation, or nothing when it streams events, needs an XML body or lives on a host of its own,
    /// none of which is spoken.
    fn operation(&mut self, name: &str, model: &Value) -> Result<Option<Value>, String> {
        let shapes = &self.description.service["shapes"];
        let input = model["input"]["shape"].as_str();
        let output = model["output"]["shape"].as_str();
        if [input, output].into_iter().flatten().any(|shape| streams_events(shapes, shape)) {
            return Ok(None);
        }
        let context = &model["staticContextParams"];
        if OTHER_HOSTS.iter().any(|(name, value)| context[*name]["value"] == *value) {
            return Ok(None);
        }
        if self.protocol == "rest-xml" && input.is_some_and(|shape| has_xml_body(shapes, &shapes[shape])) {
            return Ok(None);
        }
        let mut line = Map::new();
        if self.protocol.starts_with("rest") {
            let http = &model["http"];
            let text = |key: &str| http[key].as_str().unwrap_or_default();
            line.insert("http".into(), json!(format!("{} {}", text("method"), text("requestUri"))));
        }
        if let Some(input) = input {
            self.inputs.want(shapes, input)?;
            line.insert("in".into(), json!(input));
        }
        if let Some(output) = output {
            self.outputs.want(shapes, output)?;
            line.insert("out".into(), json!(output));
        }
        if let Some(wrapper) = model["output"]["resultWrapper"].as_str() {
            line.insert("wrap".into(), json!(wrapper));
        }
        if let Some(prefix) = model["endpoint"]["hostPrefix"].as_str() {
            line.insert("host".into(), json!(prefix));
        }
        if model["authtype"] == "none" {
            line.insert("unsigned".into(), json!(true));
        }
        let told = &self.description.paginators[name];
        if let Some(pages) = pages(told, input.map(|it| &shapes[it]), output.map(|it| &shapes[it]), shapes) {
            line.insert("page".into(), pages);
        }
        Ok(Some(Value::Object(line)))
    }

    fn shapes(&self) -> Result<BTreeMap<String, Value>, String> {
        let shapes = &self.description.service["shapes"];
        let mut lines = BTreeMap::new();
        let of = Of { shapes, service: self.service, protocol: self.protocol };
        for name in self.inputs.names.union(&self.outputs.names).collect::<BTreeSet<_>>() {
            lines.insert(name.clone(), of.structure(name, self.inputs.names.contains(name))?);
        }
        Ok(lines)
    }
}

fn streams_events(shapes: &Value, name: &str) -> bool {
    object(&shapes[name]["members"])
        .any(|(_, member)| member["shape"].as_str().is_some_and(|shape| shapes[shape]["eventstream"] == true))
}

/// Whether a body of XML is sent. A payload of bytes goes as it is.
fn has_xml_body(shapes: &Value, input: &Value) -> bool {
    let is_bytes = |(name, member): &(&String, &Value)| {
        input["payload"] == ***name && member["shape"].as_str().is_some_and(|it| shapes[it]["type"] == "blob")
    };
    object(&input["members"]).filter(|it| !is_bytes(it)).any(|(_, member)| member["location"].is_null())
}

/// The entries of a JSON object; none of anything else.
pub fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// One operation a line and one structure a line, so that a difference can be read.
fn lay_out(
    head: &[(&str, Value)],
    operations: &BTreeMap<String, Value>,
    shapes: &BTreeMap<String, Value>,
) -> String {
    let mut text = String::from("{\n");
    for (key, value) in head {
        let _ = writeln!(text, "{}:{value},", json!(key));
    }
    text.push_str("\"operations\":{\n");
    text.push_str(&lines(operations));
    text.push_str("\n},\n\"shapes\":{\n");
    text.push_str(&lines(shapes));
    text.push_str("\n}\n}\n");
    text
}

/// The entries of an object, one a line.
pub fn lines(entries: &BTreeMap<String, Value>) -> String {
    let line = |(name, value): (&String, &Value)| {
        let mut value = value.clone();
        value.sort_all_objects();
        format!("{}:{value}", json!(name))
    };
    let lines: Vec<String> = entries.iter().map(line).collect();
    lines.join(",\n")
}
