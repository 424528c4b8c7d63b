//! The library's interpreter is the judge: the same value, or an error where it has one.

use std::collections::HashMap;
use std::sync::Arc;

use cel::objects::{Key, OptionalValue};
use cel::{Context, Env, Value as Theirs};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

use super::super::compile;
use super::grammar::{World, configuration, expression};
use super::value;

/// JSON as the library's value; integers are `int`.
fn theirs(json: &Json) -> Theirs {
    match json {
        Json::Null => Theirs::Null,
        Json::Bool(it) => Theirs::Bool(*it),
        Json::Number(it) => it.as_i64().map_or_else(|| Theirs::Float(it.as_f64().unwrap()), Theirs::Int),
        Json::String(it) => Theirs::String(Arc::new(it.clone())),
        Json::Array(items) => Theirs::List(Arc::new(items.iter().map(theirs).collect())),
        Json::Object(map) => {
            let map: HashMap<Key, Theirs> =
                map.iter().map(|(key, value)| (key.clone().into(), theirs(value))).collect();
            map.into()
        }
    }
}

/// The library's value as JSON that keeps an optional apart from what it holds.
fn comparable(value: &Theirs) -> Json {
    match value {
        Theirs::Bool(it) => json!(it),
        Theirs::Int(it) => json!(it),
        Theirs::Float(it) => json!(it),
        Theirs::String(it) => json!(**it),
        Theirs::List(items) => items.iter().map(comparable).collect(),
        Theirs::Map(map) => map.map.iter().map(|(key, value)| (key.to_string(), comparable(value))).collect(),
        Theirs::Opaque(_) => {
            let optional: &OptionalValue = value.try_into().unwrap();
            json!({ "optional": optional.value().map(comparable).into_iter().collect::<Vec<_>>() })
        }
        Theirs::Null => Json::Null,
        other => panic!("{other:?}"),
    }
}

fn judged_by_the_library(text: &str, configuration: &Json) -> Result<Json, String> {
    let env = Arc::new(Env::stdlib());
    let program = env.compile(text).map_err(|error| error.to_string())?;
    let mut context = Context::with_env(env);
    context.add_variable_from_value("resource", theirs(configuration));
    program.execute(&context).map(|value| comparable(&value)).map_err(|error| error.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_expression_has_the_librarys_value(text in expression(World::Standard), thing in configuration()) {
        let library = judged_by_the_library(&text, &thing);
        let ours = value(&text, thing);
        match (&library, &ours) {
            (Ok(theirs), Ok(ours)) => prop_assert_eq!(theirs, ours, "{}", text),
            (Err(_), Err(_)) => {}
            _ => prop_assert!(false, "{text}\n library: {library:?}\n ours: {ours:?}"),
        }
    }

    /// What an explanation shows is the expression itself.
    #[test]
    fn an_expression_as_text_is_the_same_expression(text in expression(World::Around), thing in configuration()) {
        let shown = compile(&text, &Map::new()).unwrap().to_string();
        prop_assert_eq!(&compile(&shown, &Map::new()).unwrap().to_string(), &shown);
        prop_assert_eq!(value(&text, thing.clone()).ok(), value(&shown, thing).ok(), "{} as {}", text, shown);
    }

    #[test]
    fn any_text_is_compiled_or_refused(text in "[a-z0-9 .,?:!&|<>=+*/%'\"\\[\\](){}\n語-]{0,60}") {
        let library = Env::stdlib().compile(&text).is_ok();
        let ours = compile(&text, &Map::new());
        // Ours knows fewer names, never more syntax.
        prop_assert!(library || ours.is_err(), "{text}");
    }
}
