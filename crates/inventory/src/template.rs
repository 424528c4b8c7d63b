//! Texts with fields filled in: `arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}`.
//!
//! Filling in never guesses: a field that the item lacks gives no value, and a field that could not be read gives the
//! gap that it left.

use std::borrow::Cow;

use serde_json::Value;
use thiserror::Error;
use yagura_model::Gap;

use crate::path::{Path, PathError, scalar_text};

/// What stands between braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    /// `{account}`
    Account,
    /// `{region}`
    Region,
    /// `{partition}`
    Partition,
    /// `{id}`
    Id,
    /// `{arn}`
    Arn,
    /// `{each}` and `{each.Field}`
    Each(Path),
    /// `{parent.Field}`
    Parent(Path),
    /// `{Field}`
    Field(Path),
}

/// A text with references in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Template {
    /// Nothing but one reference: keeps the JSON type of what it names.
    Whole(Reference),
    /// Literals and references; the result is text.
    Text(Box<[Part]>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    Literal(Box<str>),
    Filled(Reference),
    /// `{Field|last}` and `{Field|name}`.
    Cut(Cut, Reference),
}

/// Which part of a text is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// What stands behind the last `/`.
    Last,
    /// The name in an ARN that ends in `type:name` or `type:name:qualifier`; any other text as it is.
    Name,
}

impl Cut {
    fn of(self, text: &str) -> &str {
        match self {
            Self::Last => text.rsplit('/').next().unwrap_or(text),
            Self::Name if text.starts_with("arn:") => text.split(':').nth(6).unwrap_or(text),
            Self::Name => text,
        }
    }

    /// Cuts a text, or every text of a list.
    fn within(self, value: &Value) -> Value {
        match value {
            Value::Array(list) => list.iter().map(|it| self.within(it)).collect(),
            Value::String(text) => Value::from(self.of(text)),
            other => other.clone(),
        }
    }

    /// Splits `Field|last`.
    fn split(inside: &str) -> (&str, Option<Self>) {
        match inside.rsplit_once('|') {
            Some((path, "last")) => (path, Some(Self::Last)),
            Some((path, "name")) => (path, Some(Self::Name)),
            _ => (inside, None),
        }
    }
}

impl Part {
    fn reference_mut(&mut self) -> Option<&mut Reference> {
        match self {
            Self::Filled(reference) | Self::Cut(_, reference) => Some(reference),
            Self::Literal(_) => None,
        }
    }
}

/// A text is not a template.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum TemplateError {
    /// A brace without its counterpart.
    #[error("`{0}` has a brace without its counterpart")]
    Unbalanced(String),
    /// What stands between braces is not a path.
    #[error(transparent)]
    Path(#[from] PathError),
}

/// What references are looked up in.
///
/// `Ok(None)` means that there is no such value, `Err` that it could not be read.
pub(crate) trait Lookup {
    /// Looks one reference up.
    fn look_up<'a>(&'a self, reference: &Reference) -> Result<Option<Cow<'a, Value>>, Gap>;
}

impl Reference {
    fn parse(text: &str) -> Result<Self, PathError> {
        Ok(match text {
            "account" => Self::Account,
            "region" => Self::Region,
            "partition" => Self::Partition,
            "id" => Self::Id,
            "arn" => Self::Arn,
            "each" => Self::Each(Path::parse(".")?),
            _ => match text.split_once('.') {
                Some(("each", rest)) => Self::Each(Path::parse(rest)?),
                Some(("parent", rest)) => Self::Parent(Path::parse(rest)?),
                _ => Self::Field(Path::parse(text)?),
            },
        })
    }
}

impl Template {
    /// Reads a template. `{{` and `}}` stand for single braces.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let unbalanced = || TemplateError::Unbalanced(text.to_owned());
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            literal.push_str(&rest[..at]);
            let (brace, behind) = rest[at..].split_at(1);
            if let Some(behind) = behind.strip_prefix(brace) {
                literal.push_str(brace);
                rest = behind;
                continue;
            }
            let (inside, behind) = behind.split_once('}').filter(|_| brace == "{").ok_or_else(unbalanced)?;
            if !literal.is_empty() {
                parts.push(Part::Literal(std::mem::take(&mut literal).into()));
            }
            parts.push(match Cut::split(inside) {
                (inside, Some(cut)) => Part::Cut(cut, Reference::parse(inside)?),
                (inside, None) => Part::Filled(Reference::parse(inside)?),
            });
            rest = behind;
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.into()));
        }
        Ok(match <[Part; 1]>::try_from(parts) {
            Ok([Part::Filled(reference)]) => Self::Whole(reference),
            Ok(parts) => Self::Text(parts.into()),
            Err(parts) => Self::Text(parts.into()),
        })
    }

    /// Reads a template if the text has braces, else a path into the item.
    pub(crate) fn parse_path_or_template(text: &str) -> Result<Self, TemplateError> {
        if text.contains(['{', '}']) {
            Self::parse(text)
        } else {
            Ok(Self::Whole(Reference::Field(Path::parse(text)?)))
        }
    }

    /// The same with the item's field of this name in the place of a reference.
    pub(crate) fn with_own_field(mut self, from: &Reference, name: &str) -> Self {
        let Ok(path) = Path::parse(name) else { return self };
        let references: Vec<&mut Reference> = match &mut self {
            Self::Whole(reference) => vec![reference],
            Self::Text(parts) => parts.iter_mut().filter_map(Part::reference_mut).collect(),
        };
        for reference in references.into_iter().filter(|it| **it == *from) {
            *reference = Reference::Field(path.clone());
        }
        self
    }

    /// Every reference in it.
    pub(crate) fn references(&self) -> impl Iterator<Item = &Reference> {
        let (whole, parts) = match self {
            Self::Whole(reference) => (Some(reference), [].as_slice()),
            Self::Text(parts) => (None, &**parts),
        };
        whole.into_iter().chain(parts.iter().filter_map(|part| match part {
            Part::Filled(reference) | Part::Cut(_, reference) => Some(reference),
            Part::Literal(_) => None,
        }))
    }

    /// Fills it in; a template of one reference keeps the JSON type.
    pub(crate) fn value<'a>(&self, from: &'a impl Lookup) -> Result<Option<Cow<'a, Value>>, Gap> {
        match self {
            Self::Whole(reference) => from.look_up(reference),
            Self::Text(parts) if let [Part::Cut(cut, reference)] = &**parts => {
                Ok(from.look_up(reference)?.map(|value| Cow::Owned(cut.within(&value))))
            }
            Self::Text(_) => Ok(self.text(from)?.map(|text| Cow::Owned(Value::String(text)))),
        }
    }

    /// Fills it in as text; a list or an object has none.
    pub(crate) fn text(&self, from: &impl Lookup) -> Result<Option<String>, Gap> {
        let parts = match self {
            Self::Whole(reference) => {
                let value = from.look_up(reference)?;
                return Ok(value.as_deref().and_then(scalar_text).map(Cow::into_owned));
            }
            Self::Text(parts) => parts,
        };
        let mut text = String::new();
        for part in parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Filled(reference) | Part::Cut(_, reference) => {
                    let value = from.look_up(reference)?;
                    let Some(it) = value.as_deref().and_then(scalar_text) else { return Ok(None) };
                    text.push_str(if let Part::Cut(cut, _) = part { cut.of(&it) } else { &it });
                }
            }
        }
        Ok(Some(text))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use yagura_model::{ReadStatus, Region};

    use super::*;

    struct Item(Value);

    impl Lookup for Item {
        fn look_up<'a>(&'a self, reference: &Reference) -> Result<Option<Cow<'a, Value>>, Gap> {
            match reference {
                Reference::Account => Ok(Some(Cow::Owned(json!("111122223333")))),
                Reference::Field(path) if path.top() == Some("Denied") => Err(Gap {
                    call: "s3.GetBucketPolicy".into(),
                    region: Region::global(),
                    status: ReadStatus::Throttled,
                }),
                Reference::Field(path) => Ok(path.find(&self.0)),
                _ => Ok(None),
            }
        }
    }

    fn item() -> Item {
        Item(json!({"Name": "b", "Size": 3, "Names": ["x", "y"], "Tags": [{"Key": "k"}]}))
    }

    fn text(template: &str) -> Option<String> {
        Template::parse(template).unwrap().text(&item()).unwrap()
    }

    #[test]
    fn fields_are_filled_into_text() {
        assert_eq!(text("arn:{account}/{Name}-{Size}").unwrap(), "arn:111122223333/b-3");
        assert_eq!(text("{Name}").unwrap(), "b");
        assert_eq!(text("{{{Name}}}").unwrap(), "{b}");
        assert_eq!(text("{Name}/{Missing}"), None);
        assert_eq!(text("{Names}"), None);
    }

    #[test]
    fn the_last_part_of_a_path_like_id() {
        let zone = Item(json!({"Id": "/hostedzone/Z1", "Name": "plain"}));
        let text = |template: &str| Template::parse(template).unwrap().text(&zone).unwrap();
        assert_eq!(
            text("arn:aws:route53:::hostedzone/{Id|last}").unwrap(),
            "arn:aws:route53:::hostedzone/Z1"
        );
        assert_eq!(text("{Id|last}").unwrap(), "Z1");
        assert_eq!(text("{Name|last}").unwrap(), "plain");
        assert_eq!(text("{Missing|last}"), None);
    }

    #[test]
    fn the_name_in_an_arn() {
        let item = Item(json!({
            "Group": "arn:aws:logs:eu-west-1:111122223333:log-group:/app/web:*",
            "Functions": [{"Arn": "arn:aws:lambda:eu-west-1:111122223333:function:resize:3"}],
            "Role": "arn:aws:iam::111122223333:role/r", "Name": "plain",
        }));
        let value = |text: &str| Template::parse(text).unwrap().value(&item).unwrap().map(Cow::into_owned);
        assert_eq!(value("{Group|name}"), Some(json!("/app/web")));
        assert_eq!(value("group {Group|name}"), Some(json!("group /app/web")));
        assert_eq!(value("{Functions[].Arn|name}"), Some(json!(["resize"])));
        assert_eq!(value("{Role|name}"), Some(json!("arn:aws:iam::111122223333:role/r")));
        assert_eq!(value("{Name|name}"), Some(json!("plain")));
    }

    #[test]
    fn a_template_of_one_reference_keeps_its_type() {
        let value = |text: &str| Template::parse(text).unwrap().value(&item()).unwrap().map(Cow::into_owned);
        assert_eq!(value("{Names}"), Some(json!(["x", "y"])));
        assert_eq!(value("{Size}"), Some(json!(3)));
        assert_eq!(value("{Tags[].Key}"), Some(json!(["k"])));
        assert_eq!(value("{Tags[].Value}"), None, "an empty list could mean everything");
    }

    #[test]
    fn what_could_not_be_read_is_no_missing_value() {
        let gap = Template::parse("{Name}/{Denied.X}").unwrap().text(&item()).unwrap_err();
        assert_eq!(gap.to_string(), "s3.GetBucketPolicy in global: throttled on every attempt");
    }

    #[test]
    fn what_is_not_a_template_is_refused() {
        for bad in ["{", "}", "{a", "a}", "{}", "{a.}", "{{a}", "{a b}"] {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
    }
}
