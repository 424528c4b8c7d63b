//! The functions that conditions can call besides CEL's operators and macros. A new one is one entry in its table.

mod addresses;
mod convert;
mod lists;
mod neighbours;
mod policy;
mod text;

use std::fmt;
use std::ops::RangeInclusive;

pub(crate) use convert::parse_duration;
pub(crate) use policy::ASKING_FOR_NETWORKS;

use crate::condition::{Fault, Scope, Value};

/// A function of conditions.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// Whether it is called on a value: `text.contains(part)`.
    pub(crate) is_method: bool,
    /// How many arguments it takes, the value that it is called on included.
    pub(crate) arguments: RangeInclusive<usize>,
    /// A call, for messages.
    pub(crate) usage: &'static str,
    pub(crate) run: Run,
}

/// Every argument has a value; those that could not be known never get here.
pub(crate) type Run = for<'a> fn(&Scope<'a>, &[Value<'a>]) -> Result<Value<'a>, Fault<'a>>;

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.usage)
    }
}

const TABLES: [&[Function]; 6] = [
    addresses::FUNCTIONS,
    convert::FUNCTIONS,
    lists::FUNCTIONS,
    neighbours::FUNCTIONS,
    policy::FUNCTIONS,
    text::FUNCTIONS,
];

fn every() -> impl Iterator<Item = &'static Function> {
    TABLES.into_iter().flatten()
}

/// The function of this name.
pub(crate) fn find(name: &str, is_method: bool) -> Option<&'static Function> {
    every().find(|it| it.name == name && it.is_method == is_method)
}

/// Every name.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    every().map(|it| it.name)
}

const fn function(
    name: &'static str,
    arguments: RangeInclusive<usize>,
    usage: &'static str,
    run: Run,
) -> Function {
    Function { name, is_method: false, arguments, usage, run }
}

const fn method(
    name: &'static str,
    arguments: RangeInclusive<usize>,
    usage: &'static str,
    run: Run,
) -> Function {
    Function { name, is_method: true, arguments, usage, run }
}

/// The text that a function needs.
fn text<'v>(function: &'static str, value: &'v Value<'_>) -> Result<&'v str, Fault<'static>> {
    value.as_str().ok_or_else(|| Fault::wrong_type(function, value.type_name()))
}

/// An optional field of a map argument.
fn field<'a>(function: &'static str, of: &Value<'a>, name: &str) -> Result<Option<Value<'a>>, Fault<'a>> {
    of.field(name).ok_or_else(|| Fault::wrong_type(function, of.type_name()))?
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_function_is_documented() {
        let document = include_str!("../../../../docs/rules.md");
        let mut seen = 0;
        for function in every() {
            seen += 1;
            let name = function.name;
            let written = document.contains(&format!("`{name}")) || document.contains(&format!("{name}("));
            assert!(written, "docs/rules.md does not tell of `{name}`");
            assert!(function.usage.contains(&format!("{name}(")), "{name}: {}", function.usage);
        }
        assert!(seen > 20, "the tables are empty");
    }

    #[test]
    fn a_name_stands_once() {
        let names: BTreeSet<_> = every().map(|it| (it.name, it.is_method)).collect();
        assert_eq!(names.len(), every().count());
    }
}
