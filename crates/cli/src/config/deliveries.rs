//! Destinations, and the projects that name them: checked when the file is read.

use std::collections::BTreeMap;

use yagura_model::{Diagnostic, Level, Place};
use yagura_notify::{Destinations, Written, check};
use yagura_posture::{Project, SettingsSource};

/// The destinations, or what is wrong with them and with those that projects name.
pub(super) fn checked(
    written: &BTreeMap<String, Written>,
    projects: &[Project],
    source: &SettingsSource,
) -> Result<Destinations, Vec<Diagnostic>> {
    let told = |path: &str, message: String, help: Option<String>| Diagnostic {
        file: source.file.clone(),
        place: nearest_place(source, path),
        level: Level::Error,
        code: "config/destination",
        message,
        help,
    };
    let (destinations, mistakes) = check(written);
    let mut all: Vec<_> = mistakes.into_iter().map(|it| told(&it.path, it.message, it.help)).collect();
    for (n, project) in projects.iter().enumerate() {
        for (m, name) in project.destinations.iter().enumerate() {
            if !written.contains_key(name) {
                let names: Vec<_> = written.keys().map(|it| format!("`{it}`")).collect();
                let help = if names.is_empty() {
                    format!("`[destinations.{name}]` defines it: docs/notifications.md")
                } else {
                    format!("the file defines {}", names.join(", "))
                };
                let path = format!("projects.{n}.destinations.{m}");
                all.push(told(&path, format!("there is no destination `{name}`"), Some(help)));
            }
        }
    }
    all.sort_by_key(|it| it.place);
    if all.is_empty() { Ok(destinations) } else { Err(all) }
}

/// The place of a key, or of the nearest one around it that is known.
fn nearest_place(source: &SettingsSource, path: &str) -> Option<Place> {
    let mut path = path;
    loop {
        if let Some(place) = source.places.get(path) {
            return Some(*place);
        }
        path = path.rsplit_once('.')?.0;
    }
}
