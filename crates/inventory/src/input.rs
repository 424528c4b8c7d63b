//! Inputs of calls with fields filled in.

use std::borrow::Cow;

use serde_json::{Map, Value};
use yagura_model::Gap;

use crate::template::{Lookup, Reference, Template};

/// The input of a call, as far as it is known before an item is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input {
    Fixed(Value),
    Filled(Template),
    Object(Vec<(String, Input)>),
    List(Vec<Input>),
}

/// An input that was filled in.
#[derive(Debug, PartialEq)]
pub(crate) struct Filled<'a> {
    /// The input.
    pub(crate) value: Cow<'a, Value>,
    /// Whether every reference had a value; without one, its key was left out.
    pub(crate) complete: bool,
}

impl Input {
    /// Joins what is fixed, so that a fixed input is filled in without work.
    pub(crate) fn object(fields: Vec<(String, Self)>) -> Self {
        if fields.iter().all(|(_, input)| matches!(input, Self::Fixed(_))) {
            let fixed = fields.into_iter().filter_map(|(key, input)| input.into_fixed().map(|it| (key, it)));
            return Self::Fixed(Value::Object(fixed.collect()));
        }
        Self::Object(fields)
    }

    /// As [`Input::object`], for a list.
    pub(crate) fn list(elements: Vec<Self>) -> Self {
        if elements.iter().all(|input| matches!(input, Self::Fixed(_))) {
            return Self::Fixed(Value::Array(elements.into_iter().filter_map(Self::into_fixed).collect()));
        }
        Self::List(elements)
    }

    fn into_fixed(self) -> Option<Value> {
        match self {
            Self::Fixed(value) => Some(value),
            _ => None,
        }
    }

    /// Every reference in it.
    pub(crate) fn references(&self) -> Vec<&Reference> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Filled(template) => template.references().collect(),
            Self::Object(fields) => fields.iter().flat_map(|(_, input)| input.references()).collect(),
            Self::List(elements) => elements.iter().flat_map(Self::references).collect(),
        }
    }

    /// Fills every template in.
    pub(crate) fn fill<'a>(&'a self, from: &'a impl Lookup) -> Result<Filled<'a>, Gap> {
        let mut complete = true;
        let value = match self {
            Self::Fixed(value) => Cow::Borrowed(value),
            _ => Cow::Owned(self.fill_owned(from, &mut complete)?.unwrap_or_default()),
        };
        Ok(Filled { value, complete })
    }

    fn fill_owned(&self, from: &impl Lookup, complete: &mut bool) -> Result<Option<Value>, Gap> {
        Ok(match self {
            Self::Fixed(value) => Some(value.clone()),
            Self::Filled(template) => {
                let value = template.value(from)?.map(Cow::into_owned);
                *complete &= value.is_some();
                value
            }
            Self::Object(fields) => {
                let mut filled = Map::new();
                for (key, input) in fields {
                    if let Some(value) = input.fill_owned(from, complete)? {
                        filled.insert(key.clone(), value);
                    }
                }
                Some(Value::Object(filled))
            }
            Self::List(elements) => {
                let mut filled = Vec::new();
                for input in elements {
                    filled.extend(input.fill_owned(from, complete)?);
                }
                Some(Value::Array(filled))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    struct Item(Value);

    impl Lookup for Item {
        fn look_up<'a>(&'a self, reference: &Reference) -> Result<Option<Cow<'a, Value>>, Gap> {
            Ok(match reference {
                Reference::Field(path) => path.find(&self.0),
                _ => None,
            })
        }
    }

    fn filled(text: &str) -> Input {
        Input::Filled(Template::parse(text).unwrap())
    }

    #[test]
    fn an_input_loses_the_keys_that_have_no_value() {
        let input = Input::object(vec![
            ("Bucket".into(), filled("{Name}")),
            ("Owner".into(), filled("{Owner}")),
            ("Names".into(), Input::list(vec![filled("{Owner}"), filled("{Name}")])),
            ("Max".into(), Input::Fixed(json!(5))),
        ]);
        let item = Item(json!({"Name": "b"}));
        let filled = input.fill(&item).unwrap();
        let expected = json!({"Bucket": "b", "Names": ["b"], "Max": 5});
        assert_eq!((filled.value.into_owned(), filled.complete), (expected, false));
    }

    #[test]
    fn what_is_fixed_is_filled_in_without_a_copy() {
        let input = Input::object(vec![("List".into(), Input::list(vec![Input::Fixed(json!(1))]))]);
        let item = Item(json!({}));
        let filled = input.fill(&item).unwrap();
        assert!(filled.complete && matches!(filled.value, Cow::Borrowed(_)));
    }
}
