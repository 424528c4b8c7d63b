//! Findings from AWS's own detectors, page by page.
//!
//! Each reader makes reading calls only, hands over a page of findings as soon as it has one, and says at the end for which
//! accounts and regions it has seen everything. What was refused, throttled or is switched off is told and never complete, and
//! the rest goes on.

mod access_analyzer;
mod aws_config;
mod guardduty;
mod inspector;
mod macie;
mod security_hub;
mod source;
mod trusted_advisor;

use std::collections::{BTreeSet, HashSet};
use std::error::Error;
use std::hash::{BuildHasher, RandomState};

use futures::future::BoxFuture;
use serde_json::Value;
use thiserror::Error;
use yagura_aws::{CallError, Client, Target};
use yagura_model::{AccountId, Detector, Diagnostic, ImportScope, ImportedFinding, Level, Region};

use crate::Vocabulary;
use crate::shapes::{Read, Refusal};

pub use aws_config::Aggregator;
pub use security_hub::SecurityHub;
pub use source::{Places, Source};

/// More pages than this are not an answer but a loop.
const MOST_PAGES: usize = 100_000;

/// What a detector reports of these places was read to the end: what it does not report there any more has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complete {
    /// The detector.
    pub detector: Detector,
    /// Where.
    pub scope: ImportScope,
}

/// How an import went.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was read to the end.
    pub complete: Vec<Complete>,
    /// Calls that failed: what they would have told is missing.
    pub failures: Vec<CallError>,
    /// Findings that could not be used.
    pub problems: Vec<Diagnostic>,
    /// Findings that were handed over.
    pub findings: u64,
    /// Findings that Yagura itself had exported: they are here already.
    pub own: u64,
}

/// Whoever takes the findings cannot go on.
#[derive(Debug, Error)]
#[error("the findings that were read cannot be kept")]
pub struct ImportError(#[source] Box<dyn Error + Send + Sync>);

/// Takes findings, page by page.
pub trait Receive: Send {
    /// Takes one page. An error ends the import.
    fn page<'a>(
        &'a mut self,
        findings: Vec<ImportedFinding>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Error + Send + Sync>>>;
}

/// Answers of AWS, one page at a time.
pub trait Pages: Send + Sync {
    /// Makes one call, and gives the page that AWS answers with.
    fn page<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>>;
}

impl Pages for Client {
    fn page<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        Box::pin(self.call_once(target, call, input))
    }
}

/// Reads the detectors of AWS. One importer reads as many of them as it is asked to, one after the other.
pub struct Importer<'i> {
    pages: &'i dyn Pages,
    vocabulary: &'i Vocabulary,
    receive: &'i mut dyn Receive,
    outcome: Outcome,
    /// What was handed over, so that a page that moved while it was read gives nothing twice.
    given: HashSet<u64>,
    hasher: RandomState,
}

/// How a list is asked for.
#[derive(Debug, Clone, Copy)]
struct List<'a> {
    target: &'a Target,
    call: &'a str,
    /// The member with the elements.
    items: &'a str,
    /// The token's name, in the input and in the answer.
    token: &'a str,
}

impl<'i> Importer<'i> {
    /// An importer that asks through `pages` and hands over to `receive`.
    pub fn new(pages: &'i dyn Pages, vocabulary: &'i Vocabulary, receive: &'i mut dyn Receive) -> Self {
        Self {
            pages,
            vocabulary,
            receive,
            outcome: Outcome::default(),
            given: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// How it went.
    #[must_use]
    pub fn finish(self) -> Outcome {
        self.outcome
    }

    /// One call; what it ends with otherwise is told.
    async fn ask(&mut self, target: &Target, call: &str, input: &Value) -> Option<Value> {
        match self.pages.page(target, call, input).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.outcome.failures.push(error);
                None
            }
        }
    }

    /// The elements of the next page; `input` becomes that of the page behind it, or `None` behind the last one.
    async fn next(&mut self, list: List<'_>, input: &mut Option<Value>) -> Result<Vec<Value>, CallError> {
        let Some(asked) = input.take() else { return Ok(Vec::new()) };
        let mut answer = self.pages.page(list.target, list.call, &asked).await?;
        let token = answer[list.token].take();
        let repeated = token == asked[list.token];
        if token.as_str().is_some_and(|it| !it.is_empty()) && !repeated {
            let mut next = asked;
            next[list.token] = token;
            *input = Some(next);
        }
        Ok(match answer[list.items].take() {
            Value::Array(items) => items,
            _ => Vec::new(),
        })
    }

    /// Every element of a list that is small enough to be held; `None` when it could not be read to the end.
    async fn all(&mut self, list: List<'_>, input: Value) -> Option<Vec<Value>> {
        let (mut all, mut input) = (Vec::new(), Some(input));
        for _ in 0..MOST_PAGES {
            match self.next(list, &mut input).await {
                Ok(items) => all.extend(items),
                Err(error) => {
                    self.outcome.failures.push(error);
                    return None;
                }
            }
            if input.is_none() {
                return Some(all);
            }
        }
        None
    }

    /// Hands over every element of a list as `read` reads it, page by page; false when it could not be read to the end.
    async fn stream(
        &mut self,
        list: List<'_>,
        input: Value,
        read: &(dyn Fn(&Value, &Vocabulary) -> Read + Sync),
    ) -> Result<bool, ImportError> {
        let mut input = Some(input);
        for _ in 0..MOST_PAGES {
            let items = match self.next(list, &mut input).await {
                Ok(items) => items,
                Err(error) => {
                    self.outcome.failures.push(error);
                    return Ok(false);
                }
            };
            let vocabulary = self.vocabulary;
            let found = items.iter().flat_map(|item| read(item, vocabulary)).collect();
            self.give(list, found).await?;
            if input.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Hands over what was read; what cannot be used is told.
    async fn give(&mut self, list: List<'_>, found: Read) -> Result<(), ImportError> {
        let mut page = Vec::with_capacity(found.len());
        for found in found {
            match found {
                Ok(finding) => {
                    if self.given.insert(self.hasher.hash_one((&finding.external_id, finding.detector))) {
                        page.push(finding);
                    }
                }
                Err(Refusal::Own) => self.outcome.own += 1,
                Err(Refusal::Wrong(why)) => self.outcome.problems.push(Diagnostic {
                    file: format!("{} in {} of {}", list.call, list.target.region, list.target.account),
                    place: None,
                    level: Level::Error,
                    code: "import/finding",
                    message: format!("a finding is left out: {why}"),
                    help: None,
                }),
            }
        }
        self.outcome.findings += page.len() as u64;
        if page.is_empty() {
            return Ok(());
        }
        self.receive.page(page).await.map_err(ImportError)
    }

    /// The detector itself was read to the end in these places.
    fn complete(&mut self, detector: Detector, accounts: BTreeSet<AccountId>, regions: BTreeSet<Region>) {
        self.complete_scope(detector, ImportScope { via: None, accounts, regions });
    }

    fn complete_scope(&mut self, detector: Detector, scope: ImportScope) {
        if !scope.accounts.is_empty() && !scope.regions.is_empty() {
            self.outcome.complete.push(Complete { detector, scope });
        }
    }

    /// What was read to the end, place by place. What belongs to no region is reported by several: it is known only when all of
    /// them were read.
    fn complete_places(&mut self, detector: Detector, read: Vec<(BTreeSet<AccountId>, Region)>, whole: bool) {
        let everybody: BTreeSet<AccountId> = read.iter().flat_map(|(accounts, _)| accounts.clone()).collect();
        for (accounts, region) in read {
            self.complete(detector, accounts, BTreeSet::from([region]));
        }
        if whole {
            self.complete(detector, everybody, BTreeSet::from([Region::global()]));
        }
    }

    /// Members of an administrator's list, with the administrator; `None` when they could not be listed.
    async fn members(
        &mut self,
        list: List<'_>,
        input: Value,
        account: &str,
        status: &str,
    ) -> Option<BTreeSet<AccountId>> {
        let members = self.all(list, input).await?;
        let enabled = members.iter().filter(|it| {
            matches!(it[status].as_str(), Some("Enabled" | "ENABLED" | "enabled" | "Associated"))
        });
        let mut accounts: BTreeSet<AccountId> =
            enabled.filter_map(|it| AccountId::new(it[account].as_str()?).ok()).collect();
        accounts.insert(list.target.account.clone());
        Some(accounts)
    }
}

#[cfg(test)]
mod tests;
