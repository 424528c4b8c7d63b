//! What correlations are told of an event that a rule matches.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::Timestamp;

/// So many values of a field count. An event that lists more is no reason to remember more.
pub(super) const VALUES: usize = 16;
/// So long may a value be; a longer one is told apart by what stands behind its beginning.
const LONGEST: usize = 256;

/// A match, as correlations need it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fed {
    pub(super) rule: String,
    pub(super) event: Box<str>,
    pub(super) time: Option<i64>,
    pub(super) values: Vec<(Arc<str>, Vec<Box<str>>)>,
}

impl Fed {
    /// The rule that matched: its id, else its title.
    #[must_use]
    pub fn rule(&self) -> &str {
        &self.rule
    }

    /// The event's id.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.event
    }

    /// A match of the rule with an id, else a title, for an event with its id, its time (RFC 3339) and the fields that [`super::super::Rule::fed`] names.
    #[must_use]
    pub fn new(
        rule: &str,
        event_id: &str,
        time: Option<&str>,
        values: impl IntoIterator<Item = (Arc<str>, Vec<String>)>,
    ) -> Self {
        let time = time.and_then(|it| it.parse::<Timestamp>().ok());
        let short = |values: Vec<String>| values.into_iter().take(VALUES).map(|it| clip(&it)).collect();
        Self {
            rule: rule.to_owned(),
            event: clip(event_id),
            time: time.map(Timestamp::as_microsecond),
            values: values.into_iter().map(|(field, values)| (field, short(values))).collect(),
        }
    }
}

fn clip(text: &str) -> Box<str> {
    if text.len() <= LONGEST {
        return text.into();
    }
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    format!("{}…{:016x}", &text[..text.floor_char_boundary(LONGEST)], hasher.finish()).into()
}
