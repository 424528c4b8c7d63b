//! Paths into JSON: `Reservations[].Instances[]`.
//!
//! A path only finds; it never fails. What is not there is `None` or an empty list, and `null` counts as not there.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Map, Value};
use thiserror::Error;

/// Field names joined by dots; `[]` behind a name goes through a list; `.` is the value itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path {
    steps: Box<[Step]>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    name: Box<str>,
    list: bool,
}

/// A text is not a path.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum PathError {
    /// Nothing between two dots, or nothing at all.
    #[error("`{0}` has an empty field name")]
    EmptyName(String),
    /// A bracket that is not `[]` at a name's end, a brace, or white space.
    #[error("`{0}` has a character that cannot stand in a field name")]
    BadName(String),
}

impl Path {
    /// Reads a path.
    pub(crate) fn parse(text: &str) -> Result<Self, PathError> {
        if text == "." {
            return Ok(Self { steps: Box::default() });
        }
        let step = |part: &str| {
            let (name, list) = part.strip_suffix("[]").map_or((part, false), |name| (name, true));
            if name.is_empty() {
                return Err(PathError::EmptyName(text.to_owned()));
            }
            if name.contains(|c: char| "[]{}".contains(c) || c.is_whitespace()) {
                return Err(PathError::BadName(text.to_owned()));
            }
            Ok(Step { name: name.into(), list })
        };
        Ok(Self { steps: text.split('.').map(step).collect::<Result<_, _>>()? })
    }

    /// The first field's name: what the path depends on. `None` for `.`.
    pub(crate) fn top(&self) -> Option<&str> {
        self.steps.first().map(|step| &*step.name)
    }

    /// Whether the path goes through a list, so that it can find several values.
    pub(crate) fn is_many(&self) -> bool {
        self.steps.iter().any(|step| step.list)
    }

    /// Whether this path leads into what the other one names.
    pub(crate) fn is_below(&self, other: &Self) -> bool {
        self.steps.len() > other.steps.len() && self.steps.starts_with(&other.steps)
    }

    /// Calls `found` for every value that is there.
    pub(crate) fn each<'a>(&self, value: &'a Value, found: &mut dyn FnMut(&'a Value)) {
        walk(&self.steps, value, found);
    }

    /// The first value that is there.
    pub(crate) fn first<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        if self.is_many() {
            let mut first = None;
            self.each(value, &mut |it| first = first.or(Some(it)));
            return first;
        }
        let mut at = value;
        for step in &self.steps {
            at = at.get(&*step.name)?;
        }
        (!at.is_null()).then_some(at)
    }

    /// What is there: the value, or for a path through lists a list of all values unless there are none.
    pub(crate) fn find<'a>(&self, value: &'a Value) -> Option<Cow<'a, Value>> {
        if !self.is_many() {
            return self.first(value).map(Cow::Borrowed);
        }
        let mut all = Vec::new();
        self.each(value, &mut |it| all.push(it.clone()));
        (!all.is_empty()).then_some(Cow::Owned(Value::Array(all)))
    }

    /// As [`Path::find`], in a map of fields.
    pub(crate) fn find_in<'a>(&self, fields: &'a Map<String, Value>) -> Option<Cow<'a, Value>> {
        let (first, rest) = self.steps.split_first()?;
        let value = fields.get(&*first.name)?;
        let mut all = Vec::new();
        match value {
            Value::Array(list) if first.list => {
                list.iter().for_each(|it| walk(rest, it, &mut |it| all.push(it)))
            }
            _ if first.list => {}
            _ => walk(rest, value, &mut |it| all.push(it)),
        }
        if self.is_many() {
            return (!all.is_empty()).then(|| Cow::Owned(all.into_iter().cloned().collect()));
        }
        all.first().map(|it| Cow::Borrowed(*it))
    }

    /// Takes what [`Path::find`] finds out of a value that nobody needs any more.
    pub(crate) fn take(&self, value: Value) -> Option<Value> {
        if self.is_many() {
            let all = self.take_all(value);
            return (!all.is_empty()).then_some(Value::Array(all));
        }
        let mut at = value;
        for step in &self.steps {
            at = match at {
                Value::Object(mut fields) => fields.remove(&*step.name)?,
                _ => return None,
            };
        }
        (!at.is_null()).then_some(at)
    }

    /// Drops what is there.
    pub(crate) fn remove(&self, value: &mut Value) {
        let Some((last, before)) = self.steps.split_last() else { return };
        walk_mut(before, value, &mut |holder| {
            if let Value::Object(fields) = holder {
                match fields.get_mut(&*last.name) {
                    Some(Value::Array(list)) if last.list => list.clear(),
                    Some(_) if last.list => {}
                    _ => drop(fields.remove(&*last.name)),
                }
            }
        });
    }

    /// Changes every value that is there.
    pub(crate) fn update(&self, value: &mut Value, change: &mut dyn FnMut(&mut Value)) {
        walk_mut(&self.steps, value, change);
    }

    /// Takes every value that is there out of a value that nobody needs any more.
    pub(crate) fn take_all(&self, value: Value) -> Vec<Value> {
        let mut all = vec![value];
        for step in &self.steps {
            let mut next = Vec::with_capacity(all.len());
            for value in all {
                let Value::Object(mut fields) = value else { continue };
                match fields.remove(&*step.name) {
                    Some(Value::Array(list)) if step.list => next.extend(list),
                    Some(Value::Null) | None => {}
                    Some(_) if step.list => {}
                    Some(it) => next.push(it),
                }
            }
            all = next;
        }
        all.retain(|it| !it.is_null());
        all
    }
}

fn walk<'a>(steps: &[Step], value: &'a Value, found: &mut dyn FnMut(&'a Value)) {
    let Some((step, rest)) = steps.split_first() else {
        if !value.is_null() {
            found(value);
        }
        return;
    };
    match value.get(&*step.name) {
        Some(Value::Array(list)) if step.list => {
            for element in list {
                walk(rest, element, found);
            }
        }
        Some(it) if !step.list => walk(rest, it, found),
        _ => {}
    }
}

fn walk_mut(steps: &[Step], value: &mut Value, found: &mut dyn FnMut(&mut Value)) {
    let Some((step, rest)) = steps.split_first() else {
        if !value.is_null() {
            found(value);
        }
        return;
    };
    match value.get_mut(&*step.name) {
        Some(Value::Array(list)) if step.list => {
            for element in list {
                walk_mut(rest, element, found);
            }
        }
        Some(it) if !step.list => walk_mut(rest, it, found),
        _ => {}
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str(".");
        }
        for (n, step) in self.steps.iter().enumerate() {
            let dot = if n == 0 { "" } else { "." };
            let list = if step.list { "[]" } else { "" };
            write!(f, "{dot}{}{list}", step.name)?;
        }
        Ok(())
    }
}

/// A scalar as text; `None` for lists, objects and `null`.
pub(crate) fn scalar_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        Value::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether two values are equal, a number or truth value and its text being the same.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    a == b || matches!((scalar_text(a), scalar_text(b)), (Some(a), Some(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn path(text: &str) -> Path {
        Path::parse(text).unwrap()
    }

    #[test]
    fn a_path_goes_through_lists() {
        let answer = json!({"Reservations": [
            {"Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]},
            {"Instances": []},
            {},
            {"Instances": [{"InstanceId": "i-3"}]},
        ]});
        let ids = path("Reservations[].Instances[].InstanceId");
        assert_eq!(ids.find(&answer).unwrap().into_owned(), json!(["i-1", "i-2", "i-3"]));
        assert_eq!(ids.first(&answer), Some(&json!("i-1")));
        assert_eq!(path("Reservations[].Instances[]").take_all(answer).len(), 3);
    }

    #[test]
    fn null_and_nothing_are_not_there() {
        let item = json!({"A": null, "B": {"C": 1}, "D": []});
        for missing in ["A", "X", "B.X", "B.C.D", "D[]", "B[]"] {
            assert_eq!(path(missing).find(&item), None, "{missing}");
            assert_eq!(path(missing).take(item.clone()), None, "{missing}");
        }
        assert_eq!(path("D").find(&item).as_deref(), Some(&json!([])));
        assert_eq!(path(".").first(&item), Some(&item));
    }

    #[test]
    fn what_is_not_a_path_is_refused() {
        for bad in ["", "A..B", "A[0]", "A.[]", "A b", "{A}", "A[]B", ".A"] {
            assert!(Path::parse(bad).is_err(), "{bad}");
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), "[ab]".prop_map(Value::from)];
        leaf.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::btree_map("[AB]", inner, 0..3)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Taking out of an owned value finds what looking at a borrowed one finds.
        #[test]
        fn taking_finds_what_looking_finds(value in value(), text in r"[AB](\[\])?(\.[AB](\[\])?){0,2}") {
            let path = path(&text);
            prop_assert_eq!(path.to_string(), text);
            let found = path.find(&value).map(Cow::into_owned);
            if let Value::Object(fields) = &value {
                prop_assert_eq!(path.find_in(fields).map(Cow::into_owned), found.clone());
            }
            prop_assert_eq!(path.take(value.clone()), found);
            let mut each = Vec::new();
            path.each(&value, &mut |it| each.push(it.clone()));
            let mut updated = Vec::new();
            path.update(&mut value.clone(), &mut |it| updated.push(it.clone()));
            prop_assert_eq!(&updated, &each);
            let mut rest = value.clone();
            path.remove(&mut rest);
            prop_assert_eq!(path.find(&rest), None);
            prop_assert_eq!(path.take_all(value), each);
        }
    }
}
