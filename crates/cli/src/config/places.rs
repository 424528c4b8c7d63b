//! Where each key of the file stands, for messages.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use yagura_model::Place;

/// Line and column of a byte.
pub fn place(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Place { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
}

/// The place of every key by its path: `rules.restricted-ssh.params`, `exceptions.0.because`.
pub fn gather(text: &str, prefix: &str, table: &DeTable<'_>, places: &mut BTreeMap<String, Place>) {
    for (key, value) in table {
        let path =
            if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        places.insert(path.clone(), place(text, key.span().start));
        gather_value(text, &path, value, places);
    }
}

fn gather_value(text: &str, path: &str, value: &Spanned<DeValue<'_>>, places: &mut BTreeMap<String, Place>) {
    match value.get_ref() {
        DeValue::Table(table) => gather(text, path, table, places),
        DeValue::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                let path = format!("{path}.{n}");
                places.insert(path.clone(), place(text, item.span().start));
                gather_value(text, &path, item, places);
            }
        }
        _ => {}
    }
}
