//! How people name a queue: `sqs://name?region=eu-west-1`, its URL, or its ARN.

use thiserror::Error;
use yagura_model::{AccountId, Arn, Region};

/// Which queue is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueAddress {
    /// Its name.
    pub name: String,
    /// Where it is; the configured region where nothing says it.
    pub region: Option<Region>,
    /// Whose it is; the caller's where nothing says it.
    pub account: Option<AccountId>,
    /// Its URL, when that is what was given.
    pub url: Option<String>,
}

/// A text that names no queue.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QueueAddressError {
    /// Neither of the three forms.
    #[error(
        "`{0}` is not a queue: write `sqs://NAME?region=REGION`, the queue's URL, or its ARN \
         (arn:aws:sqs:REGION:ACCOUNT:NAME)"
    )]
    NotAQueue(String),
    /// The name has characters that no queue's has.
    #[error("`{0}` is not the name of a queue: letters, digits, `-` and `_` are expected, up to 80")]
    BadName(String),
    /// Something behind the question mark is unknown.
    #[error("`{0}` is not known behind `sqs://NAME?`: write `region=REGION` or `account=ACCOUNT`")]
    BadOption(String),
}

impl QueueAddress {
    /// Reads what a person wrote.
    ///
    /// # Errors
    ///
    /// [`QueueAddressError`], which says what is expected.
    pub fn parse(text: &str) -> Result<Self, QueueAddressError> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix("sqs://") {
            named(text, rest)
        } else if text.starts_with("https://") || text.starts_with("http://") {
            by_url(text)
        } else if text.starts_with("arn:") {
            by_arn(text)
        } else {
            Err(QueueAddressError::NotAQueue(text.to_owned()))
        }
    }
}

fn named(text: &str, rest: &str) -> Result<QueueAddress, QueueAddressError> {
    if rest.starts_with("https://") || rest.starts_with("http://") {
        return by_url(rest);
    }
    if rest.starts_with("arn:") {
        return by_arn(rest);
    }
    let (name, options) = rest.split_once('?').unwrap_or((rest, ""));
    let mut address = QueueAddress {
        name: checked(name.trim_end_matches('/'), text)?,
        region: None,
        account: None,
        url: None,
    };
    for option in options.split('&').filter(|it| !it.is_empty()) {
        let bad = || QueueAddressError::BadOption(option.to_owned());
        match option.split_once('=') {
            Some(("region", region)) => address.region = Some(region_name(region).ok_or_else(bad)?),
            Some(("account", id)) => address.account = Some(AccountId::new(id).map_err(|_| bad())?),
            _ => return Err(bad()),
        }
    }
    Ok(address)
}

fn by_url(url: &str) -> Result<QueueAddress, QueueAddressError> {
    let not = || QueueAddressError::NotAQueue(url.to_owned());
    let (before, options) = url.split_once('?').map_or((url, None), |(url, options)| (url, Some(options)));
    let (_, rest) = before.split_once("://").ok_or_else(not)?;
    let (host, path) = rest.trim_end_matches('/').split_once('/').ok_or_else(not)?;
    let mut parts = path.rsplit('/');
    let name = checked(parts.next().unwrap_or_default(), url)?;
    let account = parts.next().and_then(|id| AccountId::new(id).ok()).ok_or_else(not)?;
    let told =
        options.map(|it| it.strip_prefix("region=").and_then(region_name).ok_or_else(not)).transpose()?;
    let region = told.or_else(|| region_of_host(host));
    let url = Some(before.trim_end_matches('/').to_owned());
    Ok(QueueAddress { name, region, account: Some(account), url })
}

/// `sqs.REGION.amazonaws.com`, `vpce-1-2.sqs.REGION.vpce.amazonaws.com`, and the older `REGION.queue.amazonaws.com`.
fn region_of_host(host: &str) -> Option<Region> {
    let labels: Vec<&str> = host.split(':').next().unwrap_or_default().split('.').collect();
    if let Some(at) = labels.iter().position(|it| *it == "sqs" || *it == "sqs-fips") {
        return labels.get(at + 1).and_then(|it| region_name(it));
    }
    match labels.as_slice() {
        ["queue", "amazonaws", ..] => Some(Region::new("us-east-1")),
        [region, "queue", "amazonaws", ..] => region_name(region),
        _ => None,
    }
}

fn by_arn(text: &str) -> Result<QueueAddress, QueueAddressError> {
    let not = || QueueAddressError::NotAQueue(text.to_owned());
    let arn = Arn::parse(text).map_err(|_| not())?;
    if arn.service != "sqs" {
        return Err(not());
    }
    let region = region_name(arn.region).ok_or_else(not)?;
    let account = AccountId::new(arn.account).map_err(|_| not())?;
    Ok(QueueAddress {
        name: checked(arn.resource, text)?,
        region: Some(region),
        account: Some(account),
        url: None,
    })
}

fn region_name(text: &str) -> Option<Region> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let is_region = text.contains('-') && text.len() <= 25 && text.bytes().all(fits);
    is_region.then(|| Region::new(text))
}

fn checked(name: &str, text: &str) -> Result<String, QueueAddressError> {
    if name.is_empty() {
        return Err(QueueAddressError::NotAQueue(text.to_owned()));
    }
    let plain = name.strip_suffix(".fifo").unwrap_or(name);
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if !plain.is_empty() && name.len() <= 80 && plain.bytes().all(fits) {
        Ok(name.to_owned())
    } else {
        Err(QueueAddressError::BadName(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> String {
        match QueueAddress::parse(text) {
            Ok(it) => format!(
                "{} {} {}{}",
                it.name,
                it.region.as_ref().map_or("-", |it| it.as_str()),
                it.account.as_ref().map_or("-", |it| it.as_str()),
                it.url.map(|url| format!(" {url}")).unwrap_or_default()
            ),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_queue_is_named_in_three_ways() {
        assert_eq!(told("sqs://trail-events"), "trail-events - -");
        assert_eq!(told("sqs://trail-events?region=eu-west-1"), "trail-events eu-west-1 -");
        assert_eq!(
            told("sqs://q.fifo?account=111122223333&region=cn-north-1"),
            "q.fifo cn-north-1 111122223333"
        );
        assert_eq!(told("arn:aws:sqs:ap-northeast-1:111122223333:q"), "q ap-northeast-1 111122223333");
        assert_eq!(
            told("https://sqs.us-gov-west-1.amazonaws.com/111122223333/q/"),
            "q us-gov-west-1 111122223333 https://sqs.us-gov-west-1.amazonaws.com/111122223333/q"
        );
        assert_eq!(
            told("https://vpce-1-2.sqs.us-east-2.vpce.amazonaws.com/111122223333/q"),
            "q us-east-2 111122223333 https://vpce-1-2.sqs.us-east-2.vpce.amazonaws.com/111122223333/q"
        );
        assert_eq!(
            told("https://eu-west-1.queue.amazonaws.com/111122223333/q"),
            "q eu-west-1 111122223333 https://eu-west-1.queue.amazonaws.com/111122223333/q"
        );
        assert_eq!(
            told("http://127.0.0.1:5000/111122223333/q"),
            "q - 111122223333 http://127.0.0.1:5000/111122223333/q"
        );
    }

    #[test]
    fn what_is_no_queue_is_told_with_what_is_expected() {
        assert!(told("sqs://").starts_with("`sqs://` is not a queue: write `sqs://NAME?region=REGION`"));
        assert!(told("arn:aws:sns:us-east-1:111122223333:q").contains("is not a queue"));
        assert!(told("https://example.com/").contains("is not a queue"));
        assert_eq!(
            told("sqs://a/b"),
            "`a/b` is not the name of a queue: letters, digits, `-` and `_` are expected, up to 80"
        );
        assert_eq!(
            told("sqs://q?wait=1"),
            "`wait=1` is not known behind `sqs://NAME?`: write `region=REGION` or `account=ACCOUNT`"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_an_address_or_an_error(text in "(sqs://|https://|arn:aws:sqs:)?.{0,60}") {
            let _ = QueueAddress::parse(&text);
        }
    }
}
