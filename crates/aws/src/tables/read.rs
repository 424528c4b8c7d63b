//! Reads one service's file.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use yagura_packs::Packs;

use super::TableError;
use super::notation::{self, Find};
use super::shapes::{Operation, Pages, Place, Protocol, Service, Structure, StructureId};

#[derive(Deserialize)]
struct Table<'a> {
    service: &'a str,
    id: &'a str,
    protocol: &'a str,
    version: &'a str,
    #[serde(default)]
    json: &'a str,
    #[serde(default)]
    target: &'a str,
    #[serde(default)]
    query_codes: bool,
    #[serde(default, borrow)]
    headers: BTreeMap<&'a str, &'a str>,
    #[serde(borrow)]
    operations: BTreeMap<&'a str, OperationLine<'a>>,
    #[serde(borrow)]
    shapes: BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>,
}

#[derive(Deserialize)]
struct OperationLine<'a> {
    #[serde(default, borrow)]
    http: Cow<'a, str>,
    #[serde(rename = "in", borrow)]
    input: Option<&'a str>,
    #[serde(rename = "out", borrow)]
    output: Option<&'a str>,
    #[serde(borrow)]
    wrap: Option<&'a str>,
    #[serde(borrow)]
    host: Option<&'a str>,
    #[serde(default)]
    unsigned: bool,
    #[serde(borrow)]
    page: Option<PageLine<'a>>,
}

#[derive(Deserialize)]
struct PageLine<'a> {
    #[serde(rename = "in", borrow)]
    input: Vec<&'a str>,
    #[serde(rename = "out", borrow)]
    output: Vec<&'a str>,
    #[serde(borrow)]
    items: Vec<&'a str>,
    #[serde(borrow)]
    more: Option<&'a str>,
    #[serde(default)]
    guessed: bool,
}

/// Reads the table of one service.
pub(super) fn service(packs: &Packs, name: &str) -> Result<Service, TableError> {
    let file = packs
        .file(&format!("aws-api/{name}.json"))
        .ok_or_else(|| TableError::UnknownService(name.to_owned()))?;
    let broken = |why: String| TableError::Broken { file: file.shown.clone(), why };
    let bytes = file.bytes().map_err(|error| broken(error.to_string()))?;
    let table: Table<'_> = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
    build(&table).map_err(broken)
}

fn build(table: &Table<'_>) -> Result<Service, String> {
    let protocol = match table.protocol {
        "json" => Protocol::Json,
        "rest-json" => Protocol::RestJson,
        "rest-xml" => Protocol::RestXml,
        "query" => Protocol::Query,
        "ec2" => Protocol::Ec2,
        other => return Err(format!("the protocol `{other}` is not spoken")),
    };
    let ids: HashMap<&str, StructureId> =
        table.shapes.keys().enumerate().map(|(index, name)| (*name, StructureId(index))).collect();
    let find = |name: &str| ids.get(name).copied();
    let structures = table
        .shapes
        .iter()
        .map(|(name, members)| structure(members, protocol, &find).map_err(|why| format!("{name}: {why}")))
        .collect::<Result<Vec<_>, _>>()?;
    let operations = table
        .operations
        .iter()
        .map(|(name, line)| operation(name, line, &find).map_err(|why| format!("{name}: {why}")))
        .collect::<Result<Vec<_>, _>>()?;
    let operation_index =
        operations.iter().enumerate().map(|(index, operation)| (operation.name.clone(), index)).collect();
    Ok(Service {
        name: table.service.into(),
        id: table.id.into(),
        protocol,
        version: table.version.into(),
        json_version: table.json.into(),
        target_prefix: table.target.into(),
        query_codes: table.query_codes,
        headers: table.headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        operations,
        structures,
        operation_index,
    })
}

fn structure(
    members: &BTreeMap<&str, &str>,
    protocol: Protocol,
    find: Find<'_>,
) -> Result<Structure, String> {
    let mut built = Structure::default();
    for (name, text) in members.iter().filter(|(name, _)| !name.starts_with('$')) {
        built.members.push(notation::member(name, text, protocol, find)?);
    }
    let members_ref = &built.members;
    let position = |marker: &str| {
        members.get(marker).and_then(|name| members_ref.iter().position(|member| *member.name == **name))
    };
    (built.payload, built.text) = (position("$payload"), position("$text"));
    built.by_key = (0..built.members.len())
        .filter(|index| matches!(built.members[*index].place, Place::Body | Place::Attribute))
        .collect();
    built.by_key.sort_by(|a, b| built.members[*a].key.cmp(&built.members[*b].key));
    built.has_placed =
        built.members.iter().any(|member| !matches!(member.place, Place::Body | Place::Attribute));
    built.has_attributes = built.members.iter().any(|member| member.place == Place::Attribute);
    Ok(built)
}

fn operation(name: &str, line: &OperationLine<'_>, find: Find<'_>) -> Result<Operation, String> {
    let structure = |name: Option<&str>| match name {
        Some(name) => find(name).map(Some).ok_or_else(|| format!("the structure `{name}` is missing")),
        None => Ok(None),
    };
    let (method, path) = notation::http(if line.http.is_empty() { "POST /" } else { &line.http });
    Ok(Operation {
        name: name.into(),
        method,
        path,
        input: structure(line.input)?,
        output: structure(line.output)?,
        wrapper: line.wrap.map(Into::into),
        host_prefix: line.host.map(Into::into),
        unsigned: line.unsigned,
        pages: line.page.as_ref().map(pages),
    })
}

fn pages(line: &PageLine<'_>) -> Pages {
    let boxed = |names: &[&str]| names.iter().map(|name| (*name).into()).collect();
    Pages {
        input_tokens: boxed(&line.input),
        output_tokens: boxed(&line.output),
        items: boxed(&line.items),
        more: line.more.map(Into::into),
        guessed: line.guessed,
    }
}
