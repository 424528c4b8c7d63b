//! Which keys each type of destination has.

/// Keys of every type.
pub(super) const COMMON: &[&str] =
    &["type", "digest", "digest_at", "immediate_severity", "per_minute", "events", "timeout"];

/// The types, with the keys of each.
pub(super) const TYPES: &[(&str, &[&str])] = &[
    ("smtp", &["host", "port", "security", "user", "password_env", "password_file", "from", "to", "owners"]),
    ("ses", &["region", "configuration_set", "from", "to", "owners"]),
    ("slack-webhook", &["url_env", "url_file"]),
    ("slack-bot", &["token_env", "token_file", "channel", "api_url"]),
    ("teams", &["url_env", "url_file", "owners"]),
    ("sns", &["topic_arn"]),
    ("pagerduty", &["routing_key_env", "routing_key_file", "url"]),
    ("webhook", &["url", "url_env", "url_file", "secret_env", "secret_file"]),
    ("jira", &["url", "user", "token_env", "token_file", "project", "issue_type", "labels"]),
    ("github", &["repository", "token_env", "token_file", "api_url", "labels"]),
];

/// What would be a secret in clear.
pub(super) const CLEAR: &[&str] = &["password", "token", "secret", "routing_key", "api_key", "key"];

/// The keys of a type.
pub(super) fn of(word: &str) -> Option<&'static [&'static str]> {
    TYPES.iter().find(|(name, _)| *name == word).map(|(_, keys)| *keys)
}
