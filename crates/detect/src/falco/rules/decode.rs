//! Values of items, by key, with an error where they are not what they should be.

use super::{Code, Problem};
use crate::yaml::{Kind, Node, Scalar};

type Decoded<T> = Result<T, Problem>;

fn wrong(node: &Node, message: impl Into<String>) -> Problem {
    Problem::new(node.at, Code::YamlValidate, message)
}

/// A text that must be there.
pub(super) fn text<'n>(item: &'n Node, key: &str) -> Decoded<&'n Scalar> {
    optional_text(item, key)?.ok_or_else(|| wrong(item, format!("the key `{key}` is missing")))
}

/// A text that may be missing, but not empty.
pub(super) fn optional_text<'n>(item: &'n Node, key: &str) -> Decoded<Option<&'n Scalar>> {
    let Some(value) = item.get(key) else { return Ok(None) };
    match &value.kind {
        Kind::Scalar(scalar) if !scalar.text.is_empty() => Ok(Some(scalar)),
        Kind::Scalar(_) | Kind::Null => Err(wrong(value, format!("`{key}` is empty"))),
        _ => Err(wrong(value, format!("`{key}` must be a text; this is {}", value.describe()))),
    }
}

/// `true` or `false`, in the words of YAML.
pub(super) fn optional_bool(item: &Node, key: &str) -> Decoded<Option<bool>> {
    let Some(scalar) = optional_text(item, key)? else { return Ok(None) };
    match scalar.text.to_lowercase().as_str() {
        "true" | "yes" | "on" | "y" => Ok(Some(true)),
        "false" | "no" | "off" | "n" => Ok(Some(false)),
        other => {
            let at = item.get(key).unwrap_or(item);
            Err(wrong(at, format!("`{key}` must be true or false, not `{other}`")))
        }
    }
}

/// A list of texts; `None` when the key is missing.
pub(super) fn optional_texts(item: &Node, key: &str) -> Decoded<Option<Vec<String>>> {
    let Some(value) = item.get(key) else { return Ok(None) };
    let Kind::Sequence(entries) = &value.kind else {
        return Err(wrong(value, format!("`{key}` must be a list; this is {}", value.describe())));
    };
    let texts = entries.iter().map(|entry| match &entry.kind {
        Kind::Scalar(scalar) => Ok(scalar.text.clone()),
        // An empty entry is an empty text.
        Kind::Null => Ok(String::new()),
        _ => Err(wrong(entry, format!("`{key}` must hold texts; this is {}", entry.describe()))),
    });
    texts.collect::<Decoded<Vec<_>>>().map(Some)
}

/// A list of texts that must be there.
pub(super) fn texts(item: &Node, key: &str) -> Decoded<Vec<String>> {
    optional_texts(item, key)?.ok_or_else(|| wrong(item, format!("the key `{key}` is missing")))
}

/// Keys that nobody reads.
pub(super) fn unknown_keys(item: &Node, known: &[&str], warnings: &mut Vec<Problem>) {
    let Kind::Mapping(entries) = &item.kind else { return };
    for (key, at, _) in entries.iter().filter(|(key, _, _)| !known.contains(&key.as_str())) {
        let warning =
            Problem::new(*at, Code::UnknownKey, format!("the key `{key}` is not known and is ignored"));
        warnings.push(match nearest(key, known) {
            Some(near) => warning.help(format!("did you mean `{near}`?")),
            None => warning,
        });
    }
}

fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = |it: &&str| strsim::normalized_damerau_levenshtein(key, it);
    known.iter().copied().filter(|it| near(it) > 0.6).max_by(|a, b| near(a).total_cmp(&near(b)))
}
