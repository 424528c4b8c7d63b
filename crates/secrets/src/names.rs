//! Secrets that are known by what they are called.

use std::sync::LazyLock;

use regex::Regex;

use crate::Secret;

/// A pattern of this file; a test makes sure that each is one.
struct Pattern(LazyLock<Option<Regex>>);

impl Pattern {
    fn is_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }
}

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* static $name: Pattern = Pattern(LazyLock::new(|| Regex::new($text).ok()));)*
        #[cfg(test)]
        const ALL: &[(&str, &Pattern)] = &[$((stringify!($name), &$name)),*];
    };
}

patterns! {
    /// Names of passwords.
    PASSWORD = r"(?i)(password|passwd|passphrase|[_.-]pwd)$";
    /// Names of keys and tokens in words with `_`, and as CloudFormation's outputs write them.
    KEY = r"(?i:(^|[_.-])(secret|(api|private|secret|secret_?access)_?key|token)$)|(SecretAccessKey|SecretKey|PrivateKey|ApiKey|APIKey|ClientSecret|(Access|Api|Auth)Token)$";
    /// Keys that are meant to be seen, as in a page's own script.
    PUBLIC = r"(?i)public|publish|anon|^(react|vue|ng)_app_|^(vite|gatsby)_";
    /// Names with a place, `$`, a reference, a list or a path are none.
    LIKE_A_PASSWORD = r"^[^\s$<{*%:/,\[][^\s:/,]{5,127}$";
    LETTER = "[A-Za-z]";
    DIGIT = "[0-9]";
    DIGIT_OR_SIGN = "[0-9!#&+=?@^~]";
    /// Words with `-`, `_` and `.` between them: a name of something. And what people write when they mean none.
    NO_PASSWORD = r"^[a-z0-9]+([-_.][a-z0-9]+)+$|(?i)^(change.?me|dummy|test|your)|placeholder|redacted|EXAMPLE|^(localhost|127\.0\.0\.1)$";
    LIKE_A_KEY = r"^[A-Za-z0-9+][A-Za-z0-9+/=_.~-]{15,255}$";
    /// Names of things, keys that browsers may see, what KMS encrypted, and files.
    NO_KEY = r"^[a-z0-9]+([-_./][a-z0-9]+)+$|^(AIza|pk_|AQ[EI]CA)|\.(pem|p8|p12|json|key|txt|crt)$";
    /// The name of a secret rather than a secret.
    NAMES_ONE = r"(?i)secret|password|credential|token|key|param|prod|stag|stack|example";
}

/// The secret that a name tells of.
pub(crate) fn find(name: &str, value: &str) -> Option<Secret> {
    if PASSWORD.is_in(name)
        && LIKE_A_PASSWORD.is_in(value)
        && LETTER.is_in(value)
        && DIGIT_OR_SIGN.is_in(value)
        && !NO_PASSWORD.is_in(value)
    {
        return Some(Secret::Password);
    }
    let is_key = KEY.is_in(name)
        && !PUBLIC.is_in(name)
        && LIKE_A_KEY.is_in(value)
        && LETTER.is_in(value)
        && DIGIT.is_in(value)
        && !NO_KEY.is_in(value)
        && !NAMES_ONE.is_in(value);
    is_key.then_some(Secret::Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patterns_are_patterns() {
        for (name, pattern) in ALL {
            assert!(pattern.0.is_some(), "{name}");
        }
    }
}
