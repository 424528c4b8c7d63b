//! What one account of the emulator answered, played back as the answers of any account.
//!
//! The recorded account's id and name, and the region, are taken out of requests and answers, and those of the
//! request are put in. What a region was not asked for is answered as another region did.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use hyper::body::Bytes;
use serde::Deserialize;

use crate::organization::REGIONS;
use crate::request::Asked;

/// Stands for an account's id in keys and answers; no such byte occurs in what AWS sends.
const ACCOUNT: &str = "\u{1}";
const REGION: &str = "\u{2}";
/// How many unrecorded requests are remembered, to say what a recording lacks.
const REMEMBERED: usize = 40;

/// A whole answer.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: String,
    /// The `X-Amzn-ErrorType` of the REST-JSON protocol.
    pub error_type: Option<String>,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// A JSON document.
    pub fn json(body: String) -> Self {
        Self {
            status: 200,
            content_type: "application/json".to_owned(),
            error_type: None,
            body: Bytes::from(body),
        }
    }

    /// An XML document.
    pub fn xml(body: String) -> Self {
        Self { content_type: "text/xml".to_owned(), ..Self::json(body) }
    }
}

/// One line of the recording, as `tests/emulator/faults.py` writes it.
#[derive(Deserialize)]
struct Line {
    account: String,
    region: String,
    service: String,
    method: String,
    uri: String,
    target: String,
    sent: String,
    status: u16,
    content_type: String,
    error_type: String,
    answer: String,
}

struct Kept {
    status: u16,
    content_type: String,
    error_type: Option<String>,
    /// The body between the places where the account's id stands.
    parts: Vec<String>,
}

/// The recorded answers, by region and request.
#[derive(Default)]
pub struct Recording {
    regions: HashMap<&'static str, HashMap<String, Kept>>,
    missing: Mutex<BTreeMap<String, u64>>,
}

impl Recording {
    /// Reads what one account was answered. What a region was not asked for, it answers as the region `template` did.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or a line is not what the emulator writes.
    pub fn load(path: &Path, account: &str, name: &str, template: &str) -> io::Result<Self> {
        let mut lines: Vec<Line> = Vec::new();
        for line in BufReader::new(File::open(path)?).lines() {
            lines.push(serde_json::from_str(&line?)?);
        }
        lines.retain(|line| line.account == account);
        let mut recording = Self::default();
        for region in REGIONS {
            let kept = recording.regions.entry(region).or_default();
            for source in [template, region] {
                for line in lines.iter().filter(|line| line.region == source) {
                    let (key, answer) = keep(line, account, name, region);
                    kept.insert(key, answer);
                }
            }
        }
        Ok(recording)
    }

    /// The recorded answer to a request, as its account's own.
    pub fn answer(&self, asked: &Asked<'_>) -> Option<Answer> {
        let head = [asked.service, asked.method, asked.uri, asked.target, asked.sent].join("\n");
        let key = head.replace(asked.account, ACCOUNT).replace(asked.region, REGION);
        let Some(kept) = self.regions.get(asked.region).and_then(|region| region.get(&key)) else {
            self.remember(asked);
            return None;
        };
        Some(Answer {
            status: kept.status,
            content_type: kept.content_type.clone(),
            error_type: kept.error_type.clone(),
            body: Bytes::from(kept.parts.join(asked.account)),
        })
    }

    /// The requests that were not recorded, with how often they came.
    pub fn missing(&self) -> BTreeMap<String, u64> {
        self.missing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, asked: &Asked<'_>) {
        let operation = if asked.operation.is_empty() { asked.uri } else { asked.operation };
        let name = format!("{} {operation}", asked.service);
        let mut missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if missing.len() < REMEMBERED || missing.contains_key(&name) {
            *missing.entry(name).or_default() += 1;
        }
    }
}

fn keep(line: &Line, account: &str, name: &str, region: &str) -> (String, Kept) {
    let neutral = |text: &str| text.replace(account, ACCOUNT).replace(name, &format!("hinode-{ACCOUNT}"));
    let uri = line
        .uri
        .strip_prefix("http://")
        .and_then(|rest| rest.find('/').map(|at| &rest[at..]))
        .unwrap_or(&line.uri);
    let head = [line.service.as_str(), &line.method, uri, &line.target, &line.sent].join("\n");
    let key = neutral(&head).replace(&line.region, REGION);
    let answer = neutral(&line.answer).replace(&line.region, region);
    let kept = Kept {
        status: line.status,
        content_type: line.content_type.clone(),
        error_type: (!line.error_type.is_empty()).then(|| line.error_type.clone()),
        parts: answer.split(ACCOUNT).map(str::to_owned).collect(),
    };
    (key, kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(region: &str, uri: &str, answer: &str) -> String {
        serde_json::json!({
            "account": "345678901234", "region": region, "service": "s3", "method": "GET", "uri": uri, "target": "", "sent": "",
            "operation": "", "status": 200, "content_type": "application/xml", "error_type": "", "answer": answer,
        })
        .to_string()
    }

    fn recording() -> Recording {
        let lines = [
            line("us-east-1", "/", "<Name>hinode-shop-prod-logs</Name><Owner>345678901234</Owner>"),
            line("us-west-2", "/hinode-shop-prod-logs?policy", "arn:aws:kms:us-west-2:345678901234:key/1"),
        ];
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), lines.join("\n")).unwrap();
        Recording::load(file.path(), "345678901234", "hinode-shop-prod", "us-west-2").unwrap()
    }

    fn ask(recording: &Recording, region: &str, uri: &str) -> Option<String> {
        let asked = Asked {
            account: "100000000007",
            region,
            service: "s3",
            operation: "",
            method: "GET",
            uri,
            target: "",
            sent: "",
        };
        recording.answer(&asked).map(|answer| String::from_utf8(answer.body.to_vec()).unwrap())
    }

    #[test]
    fn an_answer_speaks_of_the_account_that_asked() {
        let answer = ask(&recording(), "us-east-1", "/").unwrap();
        assert_eq!(answer, "<Name>hinode-100000000007-logs</Name><Owner>100000000007</Owner>");
    }

    #[test]
    fn a_region_that_was_not_recorded_answers_as_the_template_and_under_its_own_name() {
        let answer = ask(&recording(), "eu-west-3", "/hinode-100000000007-logs?policy").unwrap();
        assert_eq!(answer, "arn:aws:kms:eu-west-3:100000000007:key/1");
    }

    #[test]
    fn what_was_not_recorded_is_counted() {
        let recording = recording();
        assert_eq!(ask(&recording, "us-east-1", "/?acl"), None);
        assert!(ask(&recording, "us-east-1", "/hinode-100000000007-logs?policy").is_some());
        assert_eq!(recording.missing(), BTreeMap::from([("s3 /?acl".to_owned(), 1)]));
    }
}
