//! Conditions as they were written, with their places: perhaps in several files that append to one another.

use std::sync::Arc;

use yagura_model::Place;

use crate::yaml::Scalar;

/// A text, and where its parts come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    /// Where it begins in the text.
    start: usize,
    file: Arc<str>,
    scalar: Scalar,
}

impl Written {
    pub(super) fn new(file: &Arc<str>, scalar: &Scalar) -> Self {
        let mut written = Self::default();
        written.append(file, scalar);
        written
    }

    /// Adds a part, with a blank before it.
    pub(super) fn append(&mut self, file: &Arc<str>, scalar: &Scalar) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.parts.push(Part { start: self.text.len(), file: Arc::clone(file), scalar: scalar.clone() });
        self.text.push_str(&scalar.text);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The file and place of a byte of the text.
    pub(super) fn place(&self, offset: usize) -> Option<(Arc<str>, Place)> {
        let part = self.parts.iter().rev().find(|it| it.start <= offset).or_else(|| self.parts.first())?;
        Some((Arc::clone(&part.file), part.scalar.place(offset.saturating_sub(part.start))))
    }
}
