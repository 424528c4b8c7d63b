//! Why a policy document was refused.

use thiserror::Error;

/// A document that is not a policy, and where it stops being one.
///
/// Places are written as paths: `Statement[2].Action`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// A text that is not JSON.
    #[error("the policy is not JSON: error in line {line}, column {column}")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// JSON of another type than expected.
    #[error("`{place}` is {found}: {expected} is expected")]
    Type {
        /// Where.
        place: String,
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// An element that must be there is not.
    #[error("`{place}` has no `{element}`")]
    Missing {
        /// Where.
        place: String,
        /// Which.
        element: &'static str,
    },
    /// An element that IAM does not have. Names are case-sensitive.
    #[error("`{place}` has an unknown element `{element}`")]
    UnknownElement {
        /// Where.
        place: String,
        /// As written.
        element: String,
    },
    /// Two elements that exclude each other.
    #[error("`{place}` has both `{one}` and `{other}`")]
    Both {
        /// Where.
        place: String,
        /// The first.
        one: &'static str,
        /// The second.
        other: &'static str,
    },
    /// A word that is not one of those allowed.
    #[error("`{place}` is `{word}`: {allowed} is expected")]
    Word {
        /// Where.
        place: String,
        /// As written.
        word: String,
        /// What could be written.
        allowed: &'static str,
    },
    /// A list that must hold something is empty.
    #[error("`{place}` is empty")]
    Empty {
        /// Where.
        place: String,
    },
}
