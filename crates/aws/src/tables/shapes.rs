//! What a table holds once it is read.

use std::collections::HashMap;

/// The index of a structure in its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StructureId(pub(crate) usize);

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Json,
    RestJson,
    RestXml,
    Query,
    Ec2,
}

impl Protocol {
    pub(crate) fn is_xml(self) -> bool {
        matches!(self, Self::RestXml | Self::Query | Self::Ec2)
    }
}

/// One service: how it is spoken to, its operations and its structures.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) name: Box<str>,
    /// As it is written in `AWS_ENDPOINT_URL_<ID>`, but with spaces and in mixed case.
    pub(crate) id: Box<str>,
    pub(crate) protocol: Protocol,
    pub(crate) version: Box<str>,
    /// `1.0` or `1.1`, for the JSON protocol's content type.
    pub(crate) json_version: Box<str>,
    pub(crate) target_prefix: Box<str>,
    pub(crate) query_codes: bool,
    pub(crate) headers: Vec<(Box<str>, Box<str>)>,
    /// Sorted by name.
    pub(crate) operations: Vec<Operation>,
    pub(crate) structures: Vec<Structure>,
    pub(crate) operation_index: HashMap<Box<str>, usize>,
}

impl Service {
    pub(crate) fn operation(&self, name: &str) -> Option<usize> {
        self.operation_index.get(name).copied()
    }

    pub(crate) fn structure(&self, id: StructureId) -> &Structure {
        &self.structures[id.0]
    }
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: Box<str>,
    pub(crate) method: Box<str>,
    pub(crate) path: Path,
    pub(crate) input: Option<StructureId>,
    pub(crate) output: Option<StructureId>,
    /// The element around the output, in the query protocol.
    pub(crate) wrapper: Option<Box<str>>,
    pub(crate) host_prefix: Option<Box<str>>,
    pub(crate) unsigned: bool,
    pub(crate) pages: Option<Pages>,
}

/// A path with labels, cut into its parts once.
#[derive(Debug, Default)]
pub(crate) struct Path {
    pub(crate) parts: Vec<PathPart>,
    /// What stands behind the question mark in the table.
    pub(crate) query: Box<str>,
}

#[derive(Debug)]
pub(crate) enum PathPart {
    Text(Box<str>),
    /// A label; a greedy one keeps its slashes.
    Label {
        name: Box<str>,
        greedy: bool,
    },
}

/// How an operation goes from page to page.
#[derive(Debug)]
pub(crate) struct Pages {
    pub(crate) input_tokens: Vec<Box<str>>,
    pub(crate) output_tokens: Vec<Box<str>>,
    pub(crate) items: Vec<Box<str>>,
    pub(crate) more: Option<Box<str>>,
    pub(crate) guessed: bool,
}

/// A structure.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    /// Sorted by name.
    pub(crate) members: Vec<Member>,
    /// Indices of members that travel in the body, sorted by their key there.
    pub(crate) by_key: Vec<usize>,
    pub(crate) payload: Option<usize>,
    /// The member that is the text of the outermost XML element.
    pub(crate) text: Option<usize>,
    /// Whether a member travels elsewhere than in the body.
    pub(crate) has_placed: bool,
    /// Whether a member is an XML attribute.
    pub(crate) has_attributes: bool,
}

impl Structure {
    pub(crate) fn by_name(&self, name: &str) -> Option<&Member> {
        self.members
            .binary_search_by(|member| (*member.name).cmp(name))
            .ok()
            .map(|index| &self.members[index])
    }

    /// The member that travels in the body under this key.
    pub(crate) fn by_key(&self, key: &str) -> Option<&Member> {
        let found = self.by_key.binary_search_by(|index| (*self.members[*index].key).cmp(key)).ok()?;
        Some(&self.members[self.by_key[found]])
    }
}

/// Where a member travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Place {
    #[default]
    Body,
    Path,
    Query,
    Header,
    /// All headers that begin with its name.
    Headers,
    Status,
    /// An attribute of the XML element.
    Attribute,
}

/// One member of a structure.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: Box<str>,
    /// Its name in messages.
    pub(crate) wire: Box<str>,
    /// Its key in bodies: `wire`, but for flattened XML lists the name of their elements.
    pub(crate) key: Box<str>,
    /// Its name in ec2 inputs, where that is its own.
    pub(crate) query_name: Option<Box<str>>,
    pub(crate) shape: Type,
    pub(crate) place: Place,
    pub(crate) required: bool,
    /// A part of the host name.
    pub(crate) host: bool,
    /// Filled with a fresh UUID when left out.
    pub(crate) token: bool,
    /// Only what is behind the last slash is sent.
    pub(crate) last: bool,
    /// Sent when left out.
    pub(crate) default: Option<Box<str>>,
}

/// A type.
#[derive(Debug, Clone)]
pub(crate) enum Type {
    Text,
    Integer,
    Float,
    Boolean,
    Blob,
    Time(Option<TimeFormat>),
    Document,
    /// JSON in base64 in a header.
    JsonHeader,
    /// JSON in a URL-encoded text.
    Policy,
    /// JSON, or a text that is not.
    JsonOrText,
    /// Text in base64.
    EncodedText,
    Structure(StructureId),
    List(Box<List>),
    Map(Box<Map>),
}

/// A list.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) element: Type,
    pub(crate) element_name: Option<Box<str>>,
    pub(crate) flattened: bool,
}

/// A map from text.
#[derive(Debug, Clone)]
pub(crate) struct Map {
    pub(crate) value: Type,
    pub(crate) key_name: Box<str>,
    pub(crate) value_name: Box<str>,
    pub(crate) flattened: bool,
}

/// How a time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeFormat {
    Iso8601,
    Rfc822,
    Epoch,
}
