//! Sets of actions and resources: what one statement takes from another.

use std::borrow::Cow;

use crate::document::Scope;
use crate::glob::{self, Case};

/// A part of what a statement allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part<'a> {
    /// What matches a pattern.
    Pattern(&'a str),
    /// Everything but what matches these.
    AllBut(&'a [Cow<'a, str>]),
}

impl<'a> Part<'a> {
    /// The parts of a scope. All but everything is nothing.
    pub(crate) fn of(scope: &'a Scope<'_>) -> Vec<Self> {
        match scope {
            Scope::Only(list) => list.iter().map(|pattern| Part::Pattern(pattern)).collect(),
            Scope::Except(list) if list.iter().any(|it| is_everything(it)) => Vec::new(),
            Scope::Except(list) => vec![Part::AllBut(list)],
            Scope::Itself => vec![Part::Pattern("*")],
        }
    }
}

/// Whether a scope holds all of a part. A `true` is proof.
pub(crate) fn holds_all(scope: &Scope<'_>, part: &Part<'_>, case: Case) -> bool {
    match (scope, part) {
        (Scope::Itself, _) => true,
        (Scope::Only(list), Part::Pattern(part)) => list.iter().any(|it| glob::covers(it, part, case)),
        (Scope::Only(list), Part::AllBut(_)) => list.iter().any(|it| is_everything(it)),
        (Scope::Except(list), Part::Pattern(part)) => !list.iter().any(|it| glob::overlap(it, part, case)),
        (Scope::Except(list), Part::AllBut(left_out)) => {
            list.iter().all(|it| left_out.iter().any(|out| glob::covers(out, it, case)))
        }
    }
}

/// Whether a pattern of actions or resources leaves nothing out: `*`, `*:*`, `**`, `?*:*`.
pub(crate) fn is_everything(pattern: &str) -> bool {
    pattern.contains('*')
        && pattern.bytes().all(|b| matches!(b, b'*' | b'?' | b':'))
        && pattern.bytes().filter(|b| *b == b':').count() <= 1
        && pattern.split(':').all(|side| side.contains('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguises_of_everything_are_seen_through() {
        for (pattern, expected) in [
            ("*", true),
            ("*:*", true),
            ("**", true),
            ("?*:*", true),
            ("s3:*", false),
            ("?", false),
            ("*:?", false),
        ] {
            assert_eq!(is_everything(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn what_a_not_action_leaves_out_is_not_held() {
        let all_but_iam = Scope::Except(vec!["iam:*".into()]);
        assert!(holds_all(&all_but_iam, &Part::Pattern("s3:Get*"), Case::Ignored));
        assert!(!holds_all(&all_but_iam, &Part::Pattern("*"), Case::Ignored));
        assert!(!holds_all(&all_but_iam, &Part::Pattern("IAM:PassRole"), Case::Ignored));
        let all_but_reading = [Cow::Borrowed("s3:Get*"), Cow::Borrowed("iam:*")];
        assert!(holds_all(&all_but_iam, &Part::AllBut(&all_but_reading), Case::Ignored));
        assert!(!holds_all(&all_but_iam, &Part::AllBut(&all_but_reading[..1]), Case::Ignored));
    }
}
