//! Wildcards: `*` for any characters, `?` for one.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Action" and "Condition operators". No escapes, no ranges.

/// Whether letters of different case are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// As in ARNs and most values.
    Matters,
    /// As in actions.
    Ignored,
}

impl Case {
    fn same(self, a: u8, b: u8) -> bool {
        match self {
            Self::Matters => a == b,
            Self::Ignored => a.eq_ignore_ascii_case(&b),
        }
    }
}

/// Whether a text matches a pattern.
pub(crate) fn matches(pattern: &str, text: &str, case: Case) -> bool {
    walk(pattern.as_bytes(), text.as_bytes(), case, false)
}

/// Whether everything that matches `inner` also matches `outer`. A `true` is proof; a `false` is not.
pub(crate) fn covers(outer: &str, inner: &str, case: Case) -> bool {
    walk(outer.as_bytes(), inner.as_bytes(), case, true)
}

/// Whether a pattern holds a wildcard.
pub(crate) fn wild(pattern: &str) -> bool {
    pattern.bytes().any(|b| b == b'*' || b == b'?')
}

/// Whether a pattern matches every text.
pub(crate) fn any_text(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|b| b == b'*')
}

/// The classic walk with one point of return, linear for all but pathological patterns.
///
/// With `text_is_pattern`, a `*` of the text is matched by a `*` only, and a `?` by a wildcard only.
fn walk(pattern: &[u8], text: &[u8], case: Case, text_is_pattern: bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while t < text.len() {
        let step = match pattern.get(p) {
            Some(b'*') => {
                back = Some((p, t));
                p += 1;
                continue;
            }
            Some(b'?') if !(text_is_pattern && text[t] == b'*') => {
                p += 1;
                t = next_char(text, t);
                true
            }
            Some(&b) if b != b'?' && case.same(b, text[t]) && !(text_is_pattern && wildcard(text[t])) => {
                p += 1;
                t += 1;
                true
            }
            _ => false,
        };
        if !step {
            let Some((star, from)) = back else { return false };
            p = star + 1;
            t = from + 1;
            back = Some((star, t));
        }
    }
    pattern[p..].iter().all(|&b| b == b'*')
}

fn wildcard(b: u8) -> bool {
    b == b'*' || b == b'?'
}

/// A `?` stands for one character, which may be several bytes.
fn next_char(text: &[u8], at: usize) -> usize {
    let mut next = at + 1;
    while text.get(next).is_some_and(|b| b & 0xC0 == 0x80) {
        next += 1;
    }
    next
}

/// Whether some text matches both patterns.
pub(crate) fn overlap(a: &str, b: &str, case: Case) -> bool {
    match (wild(a), wild(b)) {
        (false, false) => a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(x, y)| case.same(x, y)),
        (true, false) => matches(a, b, case),
        (false, true) => matches(b, a, case),
        (true, true) => overlap_of_patterns(a.as_bytes(), b.as_bytes(), case),
    }
}

/// `row[j]` says whether the patterns from `i` and `j` on can match one text; filled from the end.
fn overlap_of_patterns(a: &[u8], b: &[u8], case: Case) -> bool {
    let mut below = vec![false; b.len() + 1];
    for i in (0..=a.len()).rev() {
        let mut row = vec![false; b.len() + 1];
        for j in (0..=b.len()).rev() {
            row[j] = match (a.get(i), b.get(j)) {
                (None, None) => true,
                (Some(b'*'), None) => below[j],
                (None, Some(b'*')) => row[j + 1],
                (Some(b'*'), Some(_)) | (Some(_), Some(b'*')) => {
                    let skip_a = a[i] == b'*' && below[j];
                    let skip_b = b[j] == b'*' && row[j + 1];
                    // A star of one side takes a character of the other; two stars need not.
                    let take = below[j + 1]
                        || (a[i] == b'*' && b[j] != b'*' && row[j + 1])
                        || (b[j] == b'*' && a[i] != b'*' && below[j]);
                    skip_a || skip_b || take
                }
                (Some(&x), Some(&y)) => (x == b'?' || y == b'?' || case.same(x, y)) && below[j + 1],
                _ => false,
            };
        }
        below = row;
    }
    below[0]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_star_is_any_text_and_a_question_mark_one_character() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("s3:Get*", "s3:getobject", true),
            ("s3:*Object", "s3:PutObject", true),
            ("s3:*Object", "s3:PutObjectAcl", false),
            ("a?c", "abc", true),
            ("a?c", "aあc", true),
            ("a?c", "ac", false),
            ("*b*b*", "abab", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, text, Case::Ignored), expected, "{pattern} {text}");
        }
        assert!(!matches("s3:Get*", "s3:getobject", Case::Matters));
    }

    #[test]
    fn a_pattern_covers_a_narrower_one() {
        for (outer, inner, expected) in [
            ("s3:*", "s3:Get*", true),
            ("s3:Get*", "s3:*", false),
            ("*", "*:*", true),
            ("s3:?et*", "s3:G*", false),
            ("a?", "a*", false),
            ("a?", "a?", true),
            ("a*", "a?", true),
            ("ab", "a?", false),
        ] {
            assert_eq!(covers(outer, inner, Case::Ignored), expected, "{outer} {inner}");
        }
    }

    fn pattern() -> impl Strategy<Value = String> {
        "[ab*?]{0,6}"
    }

    /// The same, one character at a time.
    fn slow(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|n| slow(rest, &text[n..])),
            Some((b'?', rest)) => !text.is_empty() && slow(rest, &text[1..]),
            Some((b, rest)) => text.first() == Some(b) && slow(rest, &text[1..]),
        }
    }

    proptest! {
        /// Matching agrees with the definition.
        #[test]
        fn matching_agrees_with_the_definition(p in pattern(), text in "[ab]{0,6}") {
            prop_assert_eq!(matches(&p, &text, Case::Matters), slow(p.as_bytes(), text.as_bytes()));
        }

        /// What is covered matches whenever the inner pattern does.
        #[test]
        fn covering_is_proof(outer in pattern(), inner in pattern(), text in "[ab]{0,6}") {
            if covers(&outer, &inner, Case::Matters) && matches(&inner, &text, Case::Matters) {
                prop_assert!(matches(&outer, &text, Case::Matters));
            }
        }

        /// Two patterns that one text matches overlap.
        #[test]
        fn a_common_text_is_an_overlap(a in pattern(), b in pattern(), text in "[ab]{0,6}") {
            if matches(&a, &text, Case::Matters) && matches(&b, &text, Case::Matters) {
                prop_assert!(overlap(&a, &b, Case::Matters));
            }
        }

        /// Patterns that overlap have a common text, a short one when the patterns are short.
        #[test]
        fn an_overlap_has_a_common_text(a in "[ab*?]{0,3}", b in "[ab*?]{0,3}") {
            let mut texts = vec![String::new()];
            for _ in 0..6 {
                let longer: Vec<String> = texts.iter().flat_map(|t| [format!("{t}a"), format!("{t}b")]).collect();
                texts.extend(longer);
                texts.sort();
                texts.dedup();
            }
            let common = texts.iter().any(|t| slow(a.as_bytes(), t.as_bytes()) && slow(b.as_bytes(), t.as_bytes()));
            prop_assert_eq!(overlap(&a, &b, Case::Matters), common);
        }
    }
}
