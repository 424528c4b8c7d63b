//! Globs: `*` is any run of characters, `?` any one, and the whole text is meant.

/// Whether `pattern` fits all of `text`. Case matters.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where to take up again when what follows the last star does not fit: one byte further in the text.
    let mut retry: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                retry = Some((p, t));
                p += 1;
            }
            Some(b'?') => {
                p += 1;
                t += character_length(text[t]);
            }
            Some(byte) if *byte == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((star, from)) => {
                    let from = from + character_length(text[from]);
                    retry = Some((star, from));
                    p = star + 1;
                    t = from;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|byte| *byte == b'*')
}

/// How many bytes a character takes, told by its first one.
fn character_length(first: u8) -> usize {
    match first {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::matches;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text) in
            [("*", ""), ("a*c", "abbc"), ("*.example.com", "a.example.com"), ("?本", "日本"), ("*b*", "abc")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a", "A"), ("?", ""), ("a*c", "ab"), ("*.com", "com")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    proptest! {
        /// The same answer as the regular expression that the glob stands for.
        #[test]
        fn a_glob_is_its_regular_expression(pattern in "[ab?*語]{0,8}", text in "[ab語]{0,10}") {
            let expression = regex::escape(&pattern).replace(r"\*", "(?s:.*)").replace(r"\?", "(?s:.)");
            let judge = Regex::new(&format!("^{expression}$")).unwrap();
            prop_assert_eq!(matches(&pattern, &text), judge.is_match(&text));
        }
    }
}
