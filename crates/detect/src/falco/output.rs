//! What a rule says when it matches: text with `%field` in it.

use super::condition::{Operand, parse_operand};
use super::rules::Fields;

/// An output, ready to be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Said as it is.
    Text(String),
    /// A field of the event.
    Field {
        /// Which.
        operand: Operand,
        /// `%10proc.name`: exactly so many characters, cut or filled with blanks.
        width: Option<usize>,
    },
}

impl Output {
    /// Reads an output.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        // A `*` at the beginning lets Falco print what has no value as `<NA>`. Its own rules are always printed so.
        let mut rest = text.strip_prefix('*').unwrap_or(text);
        let mut parts = Vec::new();
        while let Some(at) = rest.find('%') {
            if at > 0 {
                parts.push(Part::Text(rest[..at].to_owned()));
            }
            let token = &rest[at + 1..];
            let digits = token.bytes().take_while(u8::is_ascii_digit).count();
            let width = if digits == 0 { None } else { token[..digits].parse().ok() };
            let (operand, length) = parse_operand(&token[digits..]).map_err(|_| {
                let shown: String = token.chars().take_while(|it| !it.is_whitespace()).take(40).collect();
                format!("`%{shown}` in the output is no field")
            })?;
            parts.push(Part::Field { operand, width });
            rest = &token[digits + length..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// The fields that it needs.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        self.parts.iter().filter_map(|it| match it {
            Part::Field { operand, .. } => Some(operand),
            Part::Text(_) => None,
        })
    }
}

/// Whether an output can be filled in from events of a source.
pub(super) fn check(text: &str, source: &str, fields: &dyn Fields) -> Result<(), String> {
    Output::parse(text)?.operands().try_for_each(|it| check_operand(it, source, fields))
}

fn check_operand(operand: &Operand, source: &str, fields: &dyn Fields) -> Result<(), String> {
    match operand {
        Operand::Field { name, argument } => fields.check_field(source, name, argument.as_deref()),
        Operand::Transformed { arguments: parts, .. } | Operand::List { items: parts } => {
            parts.iter().try_for_each(|it| check_operand(it, source, fields))
        }
        Operand::Value { .. } | Operand::Values { .. } => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let parts = Output::parse(text).unwrap().parts;
        parts
            .into_iter()
            .map(|it| match it {
                Part::Text(text) => text,
                Part::Field { operand: Operand::Field { name, argument }, width } => {
                    format!("<{name} {argument:?} {width:?}>")
                }
                Part::Field { operand, .. } => format!("{operand:?}"),
            })
            .collect()
    }

    #[test]
    fn fields_stand_between_texts() {
        assert_eq!(
            shown("*user=%ct.user (%proc.aname[2]), %10evt.type."),
            [
                "user=",
                "<ct.user None None>",
                " (",
                "<proc.aname Some(\"2\") None>",
                "), ",
                "<evt.type None Some(10)>",
                "."
            ]
        );
    }

    #[test]
    fn a_per_cent_sign_without_a_field_is_refused() {
        assert_eq!(Output::parse("100% sure").unwrap_err(), "`%` in the output is no field");
        assert_eq!(Output::parse("%nofield x").unwrap_err(), "`%nofield` in the output is no field");
    }
}
