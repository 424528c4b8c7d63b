//! From what is written to a destination. Never stops at the first mistake.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde_json::Value;
use yagura_model::Severity;
use yagura_posture::{Owner, clock_time};

use super::{
    Address, Destination, Digest, Kind, Mail, Mistake, Secret, Security, Smtp, Written,
    keys::{self, CLEAR, COMMON, TYPES},
};
use crate::event::Change;

/// How long one delivery may take when nothing is said.
const TIMEOUT: i64 = 30;

/// Reads one destination.
pub(super) fn destination(name: &str, written: &Written) -> Result<Destination, Vec<Mistake>> {
    let mut keys = Keys { name, written, mistakes: Vec::new() };
    keys.check_name();
    let word = keys.required("type");
    let Some(known) = keys::of(&word) else {
        if !word.is_empty() {
            let all: Vec<_> = TYPES.iter().map(|(name, _)| *name).collect();
            keys.tell("type", format!("`{word}` is no type of destination"), Some(&all.join(", ")));
        }
        return Err(keys.mistakes);
    };
    keys.refuse_others(&word, known);
    let Some(kind) = kind(&mut keys, &word) else { return Err(keys.mistakes) };
    let it = common(&mut keys, kind);
    if keys.mistakes.is_empty() { Ok(it) } else { Err(keys.mistakes) }
}

fn common(keys: &mut Keys<'_>, kind: Kind) -> Destination {
    let word = keys.text("digest");
    let digest = match word.as_deref() {
        None | Some("immediate") => Digest::Immediate,
        Some("hourly") => Digest::Hourly,
        Some("daily") => Digest::Daily,
        Some(other) => {
            keys.tell("digest", format!("`{other}` is none of immediate, hourly, daily"), None);
            Digest::Immediate
        }
    };
    if digest != Digest::Immediate && !kind.takes_digests() {
        let message = format!("a {} destination tells one thing at a time and has no digests", kind.as_str());
        keys.tell("digest", message, None);
    }
    let at = keys.text("digest_at").unwrap_or_else(|| "09:00".to_owned());
    let digest_at = clock_time(&at).unwrap_or_else(|| {
        keys.tell("digest_at", format!("`{at}` is no time of a day: write `09:00`"), None);
        jiff::civil::Time::midnight()
    });
    let immediate_severity = keys.parsed("immediate_severity").unwrap_or(Severity::High);
    // A person at Jira or GitHub gets issues that somebody asked for, and no others.
    let silent = matches!(kind, Kind::Jira { .. } | Kind::GitHub { .. });
    let default: BTreeSet<Change> = if silent { BTreeSet::new() } else { Change::ALL.into() };
    let events = if keys.written.contains_key("events") {
        let words = keys.list("events");
        let mut events = BTreeSet::new();
        for word in words {
            match Change::ALL.into_iter().find(|it| it.as_str() == word) {
                Some(it) => drop(events.insert(it)),
                None => {
                    let all: Vec<_> = Change::ALL.iter().map(|it| it.as_str()).collect();
                    keys.tell("events", format!("`{word}` is no event"), Some(&all.join(", ")));
                }
            }
        }
        events
    } else {
        default
    };
    let per_minute = keys.number("per_minute", 1..=6_000).unwrap_or(default_rate(&kind));
    let timeout = keys.number("timeout", 1..=300).unwrap_or(TIMEOUT);
    Destination {
        name: keys.name.to_owned(),
        kind,
        digest,
        digest_at,
        immediate_severity,
        per_minute: u32::try_from(per_minute).unwrap_or(60),
        events,
        timeout: Duration::from_secs(timeout.unsigned_abs()),
    }
}

/// What the services themselves allow, or a little less.
fn default_rate(kind: &Kind) -> i64 {
    match kind {
        // Slack: one message a second and room. Teams: Workflows take some 100 in five minutes from one flow.
        Kind::SlackWebhook { .. } | Kind::SlackBot { .. } => 50,
        Kind::Teams { .. } => 20,
        // GitHub asks for at most 80 of these a minute, and for a pause between them.
        Kind::GitHub { .. } | Kind::Jira { .. } => 20,
        Kind::PagerDuty { .. } => 120,
        Kind::Smtp(_) | Kind::Ses { .. } | Kind::Sns { .. } | Kind::Webhook { .. } => 300,
    }
}

fn kind(keys: &mut Keys<'_>, word: &str) -> Option<Kind> {
    Some(match word {
        "smtp" => Kind::Smtp(smtp(keys)?),
        "ses" => Kind::Ses {
            region: keys.text("region"),
            configuration_set: keys.text("configuration_set"),
            mail: mail(keys),
        },
        "slack-webhook" => Kind::SlackWebhook { url: keys.secret("url")? },
        "slack-bot" => Kind::SlackBot {
            token: keys.secret("token")?,
            channel: keys.required("channel"),
            api_url: keys.url("api_url").unwrap_or_else(|| "https://slack.com/api".to_owned()),
        },
        "teams" => Kind::Teams { url: keys.secret("url")?, owners: keys.flag("owners").unwrap_or(true) },
        "sns" => Kind::Sns { topic_arn: topic(keys) },
        "pagerduty" => Kind::PagerDuty {
            routing_key: keys.secret("routing_key")?,
            url: keys.url("url").unwrap_or_else(|| "https://events.pagerduty.com".to_owned()),
        },
        "webhook" => {
            let url = match keys.url("url") {
                Some(url) => Address::Clear(url),
                None => Address::Secret(keys.secret("url")?),
            };
            Kind::Webhook { url, secret: keys.secret_if_any("secret") }
        }
        "jira" => Kind::Jira {
            url: keys.required_url("url"),
            user: keys.required("user"),
            token: keys.secret("token")?,
            project: keys.required("project"),
            issue_type: keys.text("issue_type").unwrap_or_else(|| "Task".to_owned()),
            labels: keys.list("labels"),
        },
        _ => Kind::GitHub {
            repository: repository(keys),
            token: keys.secret("token")?,
            api_url: keys.url("api_url").unwrap_or_else(|| "https://api.github.com".to_owned()),
            labels: keys.list("labels"),
        },
    })
}

fn smtp(keys: &mut Keys<'_>) -> Option<Smtp> {
    let host = keys.required("host");
    let security = match keys.text("security").as_deref() {
        None | Some("starttls") => Security::StartTls,
        Some("tls") => Security::Tls,
        Some("none") => Security::Plain,
        Some(other) => {
            keys.tell("security", format!("`{other}` is none of starttls, tls, none"), None);
            return None;
        }
    };
    let port = match security {
        Security::StartTls => 587,
        Security::Tls => 465,
        Security::Plain => 25,
    };
    let port = keys.number("port", 1..=65_535).unwrap_or(port);
    let (user, password) = (keys.text("user"), keys.secret_if_any("password"));
    if user.is_some() != password.is_some() {
        let message = "a user and a password belong together: give both or none".to_owned();
        keys.tell("user", message, None);
    }
    if password.is_some() && security == Security::Plain && !is_loopback(&host) {
        let message = "the password would go over the network in clear".to_owned();
        keys.tell("security", message, Some("use `starttls` or `tls`"));
    }
    let port = u16::try_from(port).unwrap_or_default();
    Some(Smtp { host, port, security, user, password, mail: mail(keys) })
}

fn mail(keys: &mut Keys<'_>) -> Mail {
    let from = keys.required("from");
    if !from.is_empty() && from.parse::<lettre::message::Mailbox>().is_err() {
        keys.tell("from", format!("`{from}` is no sender: write `Yagura <yagura@example.com>`"), None);
    }
    let to = keys.list("to");
    for address in &to {
        if !matches!(address.parse(), Ok(Owner::Mail(_))) {
            keys.tell("to", format!("`{address}` is no mail address"), None);
        }
    }
    let owners = keys.flag("owners").unwrap_or(true);
    if to.is_empty() && !owners {
        keys.tell("to", "nobody gets these mails: name somebody, or let owners get them".to_owned(), None);
    }
    Mail { from, to, owners }
}

fn topic(keys: &mut Keys<'_>) -> String {
    let arn = keys.required("topic_arn");
    let parts: Vec<_> = arn.split(':').collect();
    let is_topic =
        parts.len() == 6 && parts[0] == "arn" && parts[2] == "sns" && parts.iter().all(|it| !it.is_empty());
    if !arn.is_empty() && !is_topic {
        let help = "`arn:aws:sns:ap-northeast-1:111122223333:alerts`";
        keys.tell("topic_arn", format!("`{arn}` is no ARN of a topic"), Some(help));
    } else if arn.ends_with(".fifo") {
        let message = "topics of type FIFO deliver to queues only, not to people".to_owned();
        keys.tell("topic_arn", message, None);
    }
    arn
}

fn repository(keys: &mut Keys<'_>) -> String {
    let name = keys.required("repository");
    let is_plain = |it: &str| {
        !it.is_empty() && it.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.'))
    };
    let is_repository = name.split_once('/').is_some_and(|(owner, name)| is_plain(owner) && is_plain(name));
    if !name.is_empty() && !is_repository {
        keys.tell("repository", format!("`{name}` is no repository: write `owner/name`"), None);
    }
    name
}

/// Whether a host is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|it| it.is_loopback())
}

/// Why an address cannot be posted to.
pub(crate) fn wrong_url(url: &str) -> Option<&'static str> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok());
    let host = host.map_or(authority, |(host, _)| host);
    match scheme {
        _ if host.is_empty() || url.contains(char::is_whitespace) => Some("it is no address on the web"),
        _ if authority.contains('@') => Some("it has a user or a password in it"),
        "https" => None,
        "http" if is_loopback(host) => None,
        "http" => Some("it is not encrypted: use `https`"),
        _ => Some("it does not begin with `https://`"),
    }
}

/// The keys of one destination, and what is wrong with them.
struct Keys<'w> {
    name: &'w str,
    written: &'w Written,
    mistakes: Vec<Mistake>,
}

impl Keys<'_> {
    fn tell(&mut self, key: &str, message: String, help: Option<&str>) {
        let mut path = format!("destinations.{}", self.name);
        if self.written.contains_key(key) {
            path = format!("{path}.{key}");
        }
        self.mistakes.push(Mistake { path, message, help: help.map(str::to_owned) });
    }

    fn check_name(&mut self) {
        let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '-' | '_');
        if self.name.is_empty() || !self.name.chars().all(is_plain) {
            let message = format!("`{}` is no name of a destination", self.name);
            self.tell("", message, Some("letters, digits, `-` and `_` make one"));
        }
    }

    fn refuse_others(&mut self, word: &str, known: &[&str]) {
        let strange: Vec<_> = self
            .written
            .keys()
            .filter(|key| !COMMON.contains(&key.as_str()) && !known.contains(&key.as_str()))
            .cloned()
            .collect();
        for key in strange {
            let secret =
                (CLEAR.contains(&key.as_str()) || key == "url") && known.contains(&&*format!("{key}_env"));
            if secret {
                let help = format!(
                    "put it into an environment variable or a file, and name that in `{key}_env` or `{key}_file`"
                );
                self.tell(&key, format!("a secret may not be written here: `{key}`"), Some(&help));
            } else {
                let help = format!("it has {}", [known, COMMON].concat().join(", "));
                self.tell(
                    &key,
                    format!("a destination of the type `{word}` has no key `{key}`"),
                    Some(&help),
                );
            }
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        match self.written.get(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => {
                self.tell(key, format!("`{key}` has to be a text"), None);
                None
            }
        }
    }

    fn required(&mut self, key: &str) -> String {
        if !self.written.contains_key(key) {
            self.tell(key, format!("`{key}` is missing"), None);
        }
        self.text(key).unwrap_or_default()
    }

    fn url(&mut self, key: &str) -> Option<String> {
        let url = self.text(key)?;
        if let Some(why) = wrong_url(&url) {
            self.tell(key, format!("`{key}` cannot be used: {why}"), None);
        }
        Some(url.trim_end_matches('/').to_owned())
    }

    fn required_url(&mut self, key: &str) -> String {
        if !self.written.contains_key(key) {
            self.tell(key, format!("`{key}` is missing"), None);
        }
        self.url(key).unwrap_or_default()
    }

    fn list(&mut self, key: &str) -> Vec<String> {
        let texts = match self.written.get(key) {
            None => return Vec::new(),
            Some(Value::String(text)) => Some(vec![text.clone()]),
            Some(Value::Array(items)) => items.iter().map(|it| it.as_str().map(str::to_owned)).collect(),
            Some(_) => None,
        };
        texts.unwrap_or_else(|| {
            self.tell(key, format!("`{key}` has to be a list of texts"), None);
            Vec::new()
        })
    }

    fn flag(&mut self, key: &str) -> Option<bool> {
        let value = self.written.get(key)?.as_bool();
        if value.is_none() {
            self.tell(key, format!("`{key}` has to be true or false"), None);
        }
        value
    }

    fn number(&mut self, key: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let number = self.written.get(key)?.as_i64().filter(|it| range.contains(it));
        if number.is_none() {
            self.tell(
                key,
                format!("`{key}` has to be a number from {} to {}", range.start(), range.end()),
                None,
            );
        }
        number
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(&mut self, key: &str) -> Option<T> {
        match self.text(key)?.parse::<T>() {
            Ok(value) => Some(value),
            Err(error) => {
                self.tell(key, error.to_string(), None);
                None
            }
        }
    }

    fn secret_if_any(&mut self, key: &str) -> Option<Secret> {
        let (env, file) = (format!("{key}_env"), format!("{key}_file"));
        match (self.text(&env), self.text(&file)) {
            (Some(_), Some(_)) => {
                self.tell(&file, format!("`{env}` and `{file}` are two places for one secret"), None);
                None
            }
            (Some(name), None) => Some(Secret::Env(name)),
            (None, Some(path)) => Some(Secret::File(PathBuf::from(path))),
            (None, None) => None,
        }
    }

    fn secret(&mut self, key: &str) -> Option<Secret> {
        let found = self.secret_if_any(key);
        if found.is_none() && self.mistakes.is_empty() {
            self.tell(key, format!("`{key}_env` or `{key}_file` is missing"), None);
        }
        found
    }
}
