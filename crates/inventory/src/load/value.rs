//! The small pieces of a collector: paths, templates, inputs, calls, conditions.

use std::collections::BTreeMap;

use yagura_model::{Place, Region, ResourceType};

use crate::collector::{Call, CallId, CallNames, Code, Condition};
use crate::input::Input;
use crate::load::operations::{Known, Operations, is_read};
use crate::node::{Fields, Node, NodeValue, Problems, wrong_kind};
use crate::path::Path;
use crate::template::Template;

/// What reading one file needs and gathers.
pub(super) struct Reading<'a> {
    pub(super) problems: Problems<'a>,
    pub(super) calls: &'a mut CallNames,
    pub(super) operations: &'a dyn Operations,
}

impl Reading<'_> {
    pub(super) fn error(&mut self, place: Place, code: &'static str, message: impl Into<String>, help: &str) {
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.problems.error(place, code, message.into(), help);
    }

    pub(super) fn text<'n>(
        &mut self,
        fields: &mut Fields<'n>,
        key: &'static str,
    ) -> Option<(&'n str, Place)> {
        fields.text(key, &mut self.problems)
    }

    pub(super) fn path(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Path> {
        let (text, place) = self.text(fields, key)?;
        self.path_at(text, place)
    }

    pub(super) fn path_at(&mut self, text: &str, place: Place) -> Option<Path> {
        let help =
            "a path is field names joined by dots, with `[]` behind a list: `Reservations[].Instances[]`";
        Path::parse(text)
            .map_err(|error| self.error(place, "collector/path-syntax", error.to_string(), help))
            .ok()
    }

    pub(super) fn template(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Template> {
        let (text, place) = self.text(fields, key)?;
        self.template_at(text, place)
    }

    /// A path, or a template when the text has braces.
    pub(super) fn template_at(&mut self, text: &str, place: Place) -> Option<Template> {
        Template::parse_path_or_template(text)
            .map_err(|error| self.error(place, "collector/template-syntax", error.to_string(), TEMPLATE_HELP))
            .ok()
    }

    pub(super) fn resource_type(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
    ) -> Option<(ResourceType, Place)> {
        let (text, place) = self.text(fields, key)?;
        let well_formed = text.split("::").count() == 3 && text.starts_with("AWS::");
        let built_in = [ResourceType::ACCOUNT, ResourceType::REGION].contains(&text);
        if !well_formed && !built_in {
            let message = format!("`{text}` is not a resource type");
            self.error(
                place,
                "collector/type-syntax",
                message,
                "as CloudFormation names it: `AWS::EC2::Instance`",
            );
            return None;
        }
        Some((ResourceType::from(text), place))
    }

    pub(super) fn input(&mut self, node: &Node) -> Option<Input> {
        match &node.value {
            NodeValue::Scalar(value) => match value.as_str() {
                Some(text) if text.contains(['{', '}']) => match Template::parse(text) {
                    Ok(template) => Some(Input::Filled(template)),
                    Err(error) => {
                        self.error(node.place, "collector/template-syntax", error.to_string(), TEMPLATE_HELP);
                        None
                    }
                },
                _ => Some(Input::Fixed(value.clone())),
            },
            NodeValue::List(elements) => {
                let read: Vec<_> = elements.iter().map(|it| self.input(it)).collect();
                Some(Input::list(read.into_iter().collect::<Option<_>>()?))
            }
            NodeValue::Map(fields) => {
                let read: Vec<_> =
                    fields.iter().map(|(key, value)| Some((key.text.clone(), self.input(value)?))).collect();
                Some(Input::object(read.into_iter().collect::<Option<_>>()?))
            }
        }
    }

    /// `call` and `input`; `None` also when `call` is not there.
    pub(super) fn call(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<Call> {
        let input = match fields.take("input") {
            None => Some(Input::object(Vec::new())),
            Some(node) if matches!(node.value, NodeValue::Map(_)) => self.input(node),
            Some(node) => {
                wrong_kind(node, "input", "a map", &mut self.problems);
                None
            }
        };
        let (name, place) = self.text(fields, key)?;
        Some(Call { id: self.call_name(name, place)?, input: input? })
    }

    pub(super) fn call_name(&mut self, name: &str, place: Place) -> Option<CallId> {
        let Some((service, operation)) = name.split_once('.') else {
            let message = format!("`{name}` does not name a call");
            self.error(
                place,
                "collector/call-syntax",
                message,
                "service and operation: `ec2.DescribeInstances`",
            );
            return None;
        };
        if !is_read(service, operation) {
            let message = format!("`{name}` is not an operation that only reads");
            self.error(
                place,
                "collector/not-a-read",
                message,
                "collectors may only call what reads and hands out no secret",
            );
            return None;
        }
        match self.operations.known(service, operation) {
            Known::Yes => Some(self.calls.intern(name)),
            Known::NoService => {
                let message = format!("there is no service `{service}`");
                self.error(
                    place,
                    "collector/unknown-service",
                    message,
                    "as the AWS command line names it: `aws <service> help`",
                );
                None
            }
            Known::NoOperation(near) => {
                let message = format!("`{service}` has no operation `{operation}`");
                let help = near.map(|it| format!("did you mean `{it}`?")).unwrap_or_default();
                self.error(place, "collector/unknown-operation", message, &help);
                None
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts<'n>(
        &mut self,
        fields: &mut Fields<'n>,
        key: &'static str,
    ) -> Option<Vec<(&'n str, Place)>> {
        let node = fields.take(key)?;
        let NodeValue::List(elements) = &node.value else {
            wrong_kind(node, key, "a list of texts", &mut self.problems);
            return None;
        };
        let mut texts = Vec::new();
        for element in elements {
            match element.text() {
                Some(text) => texts.push((text, element.place)),
                None => wrong_kind(element, key, "a text", &mut self.problems),
            }
        }
        Some(texts)
    }

    pub(super) fn paths(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Vec<Path> {
        let texts = self.texts(fields, key).unwrap_or_default();
        texts.into_iter().filter_map(|(text, place)| self.path_at(text, place)).collect()
    }

    pub(super) fn codes(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Vec<Code> {
        let texts = self.texts(fields, key).unwrap_or_default();
        texts.into_iter().map(|(text, _)| Code::parse(text)).collect()
    }

    /// `{ path: value }`, the value possibly a list of alternatives.
    pub(super) fn conditions(&mut self, node: &Node, key: &'static str) -> Vec<Condition> {
        let NodeValue::Map(fields) = &node.value else {
            wrong_kind(node, key, "a map of paths to values", &mut self.problems);
            return Vec::new();
        };
        let mut conditions = Vec::new();
        for (path, value) in fields {
            let alternatives = match &value.value {
                NodeValue::List(elements) => elements.iter().map(|it| self.input(it)).collect(),
                _ => self.input(value).map(|it| vec![it]),
            };
            if let (Some(path), Some(any_of)) = (self.path_at(&path.text, path.place), alternatives) {
                conditions.push(Condition { path, any_of: Some(any_of) });
            }
        }
        conditions
    }

    /// `management` or nothing.
    pub(super) fn management(&mut self, fields: &mut Fields<'_>) -> bool {
        match self.text(fields, "account") {
            None => false,
            Some(("management", _)) => true,
            Some((other, place)) => {
                let message = format!("`account` cannot be `{other}`");
                self.error(place, "collector/unknown-word", message, "only `management` is known");
                false
            }
        }
    }

    /// A whole number above zero.
    pub(super) fn count(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<usize> {
        let node = fields.take(key)?;
        let number = node.to_json().as_u64().and_then(|it| usize::try_from(it).ok()).filter(|it| *it > 0);
        if number.is_none() {
            wrong_kind(node, key, "a number above zero", &mut self.problems);
        }
        number
    }

    pub(super) fn flag(&mut self, fields: &mut Fields<'_>, key: &'static str) -> bool {
        let Some(node) = fields.take(key) else { return false };
        let yes = node.to_json().as_bool();
        if yes.is_none() {
            wrong_kind(node, key, "true or false", &mut self.problems);
        }
        yes.unwrap_or_default()
    }

    /// A map of texts to regions.
    pub(super) fn regions(&mut self, fields: &mut Fields<'_>, key: &'static str) -> BTreeMap<String, Region> {
        let Some(node) = fields.take(key) else { return BTreeMap::new() };
        let NodeValue::Map(names) = &node.value else {
            wrong_kind(node, key, "a map of names to regions", &mut self.problems);
            return BTreeMap::new();
        };
        let region = |(key, value): &(_, Node)| {
            let key: &crate::node::Key = key;
            Some((key.text.clone(), Region::from(value.text()?)))
        };
        names.iter().filter_map(region).collect()
    }
}

const TEMPLATE_HELP: &str = "a template is text with paths in braces: `arn:{partition}:s3:::{Name}`";
