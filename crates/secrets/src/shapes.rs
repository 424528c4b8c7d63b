//! Secrets that are known by their shape.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::{MARK, Secret};

/// Databases on the developer's own machine, near the password.
static AT_HOME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)[@/=]\s*(localhost|127\.0\.0\.1|host\.docker\.internal)\b").ok());

/// How far around a secret is near, in bytes.
const NEAR: usize = 100;

/// One pattern for all, so that a text is gone through once. The group that matched says what it is; of a group named
/// `..._part`, only that part is secret.
const PATTERN: &str = r"(?x)
    (?P<key>
        -----BEGIN\ (?:[A-Z0-9]+\ )*PRIVATE\ KEY-----(?s:.*?)(?:-----END\ (?:[A-Z0-9]+\ )*PRIVATE\ KEY-----|\z)
      | -----BEGIN\ (?:[A-Z0-9]+\ )*PRIVATE\ KEY
      # The same in base64.
      | LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,24}(?:UFJJVkFURSBLRV|BQUklWQVRFIEtFW|IFBSSVZBVEUgS0VZ)[A-Za-z0-9+/=]*
    )
  # An id with its secret, and an id alone: it names a key that should not be here, but is no secret itself.
  | (?P<access>\bAKIA[A-Z0-9]{16}\b[\s:,;]+[A-Za-z0-9/+]{40}\b)
  | (?P<access_id>\bAKIA[A-Z2-7]{16}\b)
  | (?P<token>
        \b(?:gh[opusr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,}|glpat-[A-Za-z0-9_-]{20,})
      | \b(?:npm_[A-Za-z0-9]{36}|pypi-AgE[A-Za-z0-9_-]{50,}|hvs\.[A-Za-z0-9_-]{24,}|dapi[a-f0-9]{32})
      | \bxox[abeoprs]-[A-Za-z0-9-]{20,}
      | hooks\.slack\.com/(?:services|workflows)/[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9/]{16,}
      | \b(?:[rs]k_live_[A-Za-z0-9]{20,}|SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{40,}|dop_v1_[a-f0-9]{64})
      | \bsk-(?:ant|proj|svcacct|admin)-[A-Za-z0-9_-]{40,}
    )
  | [A-Za-z][A-Za-z0-9+.-]*://(?P<url_part>[^\s/:@'\x22]*:[^\s/@:?\x23$<{*%'\x22\[(][^\s/@?\x23'\x22]*)@[A-Za-z0-9_-]+\.[A-Za-z0-9]
  | [;?&]\s*(?i:password|pwd|AccountKey|SharedAccessKey)\s*=\s*(?P<connection_part>[^;&\s$<{*%'\x22\[(][^;&\s]{5,})
";

const GROUPS: [(&str, Secret); 6] = [
    ("key", Secret::PrivateKey),
    ("access", Secret::AccessKey),
    ("access_id", Secret::AccessKeyId),
    ("token", Secret::Token),
    ("url_part", Secret::UrlPassword),
    ("connection_part", Secret::ConnectionString),
];

static SHAPES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(PATTERN).ok());

/// The first secret in a text.
pub(crate) fn first(text: &str) -> Option<Secret> {
    all(text).next().map(|(_, secret)| secret)
}

/// The text without its secrets.
pub(crate) fn redact(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut end = 0;
    for (place, secret) in all(text).filter(|(_, secret)| *secret != Secret::AccessKeyId) {
        kept.push_str(&text[end..place.start]);
        kept.push_str(MARK);
        kept.push_str(secret.as_str());
        kept.push(']');
        end = place.end;
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(&text[end..]);
    Cow::Owned(kept)
}

fn all(text: &str) -> impl Iterator<Item = (Range<usize>, Secret)> + '_ {
    let found = SHAPES.as_ref().into_iter().flat_map(move |shapes| shapes.captures_iter(text));
    found.filter(move |found| !is_harmless(text, found)).filter_map(|found| {
        GROUPS.iter().find_map(|(group, secret)| Some((found.name(group)?.range(), *secret)))
    })
}

/// Whether it is one of AWS's own examples, or opens nothing but a database on the developer's machine.
fn is_harmless(text: &str, found: &Captures<'_>) -> bool {
    let Some(whole) = found.get(0) else { return true };
    if whole.as_str().contains("EXAMPLE") {
        return true;
    }
    let start = text.floor_char_boundary(whole.start().saturating_sub(NEAR));
    let end = text.ceil_char_boundary(whole.end().saturating_add(NEAR).min(text.len()));
    AT_HOME.as_ref().is_some_and(|pattern| pattern.is_match(&text[start..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_are_patterns() {
        assert!(AT_HOME.is_some());
        assert!(SHAPES.is_some());
    }
}
