//! `junit`: XML that every CI server shows.
//!
//! An account is a test suite and an evaluation a test case: a violation fails, what could not be judged is skipped with
//! the reason, and an account that could not be read is an error. One account's cases are held until its counts are
//! known; gaps in the coverage are skipped cases of a last suite.

use std::io::{self, Write};

use yagura_model::{AccountId, AccountState, CallCoverage, EvaluationRecord, Outcome};

use crate::digest::CoverageDigest;
use crate::format::Sink;
use crate::line::{Names, numbered_steps, title};
use crate::safe::xml;
use crate::{Head, Tail, Writer, reason_text, state_text};

pub(crate) struct Junit<'a> {
    head: &'a Head<'a>,
    names: Names<'a>,
    out: Sink<'a>,
    suite: Option<Suite>,
    told: crate::line::Told,
    coverage: CoverageDigest,
}

/// The cases of one account.
#[derive(Default)]
struct Suite {
    account: Option<AccountId>,
    cases: String,
    tests: u64,
    failures: u64,
    errors: u64,
    skipped: u64,
}

impl<'a> Junit<'a> {
    pub(crate) fn begin(head: &'a Head<'a>, mut out: Sink<'a>) -> io::Result<Self> {
        out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"Yagura\">\n")?;
        Ok(Self {
            head,
            names: Names::of(head),
            out,
            suite: None,
            told: crate::line::Told::default(),
            coverage: CoverageDigest::default(),
        })
    }

    fn close_suite(&mut self) -> io::Result<()> {
        let Some(suite) = self.suite.take() else { return Ok(()) };
        let name = match &suite.account {
            Some(account) => format!("{account} {}", self.names.get(account)).trim_end().to_owned(),
            None => "coverage".to_owned(),
        };
        let Suite { cases, tests, failures, errors, skipped, .. } = suite;
        writeln!(
            self.out,
            "<testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" timestamp=\"{}\">\n{cases}</testsuite>",
            xml(&name),
            self.head.scan.started.strftime("%Y-%m-%dT%H:%M:%S"),
        )
    }

    /// A suite of one case for each account that could not be read, and what became of the others.
    fn unread_accounts(&mut self) -> io::Result<()> {
        for scan in self.head.accounts {
            let id = &scan.account.id;
            let mut suite = Suite { account: Some(id.clone()), ..Suite::default() };
            let Some(why) = state_text(&scan.state, self.head.lang) else { continue };
            let kind = match &scan.state {
                AccountState::Skipped { .. } => "skipped",
                _ if self.told.contains(id) => continue,
                _ => "error",
            };
            *(if kind == "skipped" { &mut suite.skipped } else { &mut suite.errors }) = 1;
            suite.case(id.as_str(), "account", &format!("<{kind} message=\"{}\"/>", xml(&why)));
            self.suite = Some(suite);
            self.close_suite()?;
        }
        Ok(())
    }

    fn gaps(&mut self) -> io::Result<()> {
        let mut suite = Suite::default();
        for (kind, spread) in &self.coverage.gaps {
            let message = kind.sentence(spread, self.head.lang);
            suite.skipped += 1;
            let body = format!("<skipped message=\"{}\"/>", xml(&message));
            suite.case("coverage", &kind.label(spread), &body);
        }
        if suite.tests > 0 {
            self.suite = Some(suite);
        }
        self.close_suite()
    }
}

impl Suite {
    fn case(&mut self, class: &str, name: &str, body: &str) {
        self.tests += 1;
        let (class, name) = (xml(class), xml(name));
        let case = if body.is_empty() {
            format!("<testcase classname=\"{class}\" name=\"{name}\"/>\n")
        } else {
            format!("<testcase classname=\"{class}\" name=\"{name}\">{body}</testcase>\n")
        };
        self.cases.push_str(&case);
    }
}

impl Writer for Junit<'_> {
    fn evaluation(&mut self, record: &EvaluationRecord) -> io::Result<()> {
        let evaluation = &record.evaluation;
        let key = &evaluation.resource;
        if self.suite.as_ref().and_then(|it| it.account.as_ref()) != Some(&key.account) {
            self.close_suite()?;
            self.told.add(&key.account);
        }
        let suite = self
            .suite
            .get_or_insert_with(|| Suite { account: Some(key.account.clone()), ..Suite::default() });
        let rule = self.head.rules.get(&evaluation.rule);
        let message = title(self.head, rule, &evaluation.rule);
        let reason = evaluation.reason.as_ref().map(|it| reason_text(it, self.head.lang)).unwrap_or_default();
        let body = match evaluation.outcome {
            Outcome::Compliant => String::new(),
            Outcome::NonCompliant => {
                suite.failures += 1;
                let steps = rule.map(|it| numbered_steps(self.head, it)).unwrap_or_default();
                let evidence = evaluation.evidence.as_ref().map(ToString::to_string).unwrap_or_default();
                let told: Vec<_> = [evaluation.arn.as_str(), &evidence, &steps]
                    .into_iter()
                    .filter(|it| !it.is_empty())
                    .map(str::to_owned)
                    .collect();
                format!(
                    "<failure type=\"{}\" message=\"{}\">{}</failure>",
                    evaluation.severity,
                    xml(message),
                    xml(&told.join("\n"))
                )
            }
            Outcome::InsufficientData | Outcome::NotApplicable => {
                suite.skipped += 1;
                format!("<skipped message=\"{}\"/>", xml(&reason))
            }
        };
        let name = if evaluation.name.is_empty() { String::new() } else { format!(" ({})", evaluation.name) };
        let name = format!("{} {} {}{name}", key.region, key.resource_type, key.id);
        suite.case(&format!("{}.{}", key.account, evaluation.rule), &name, &body);
        Ok(())
    }

    fn coverage(&mut self, row: &CallCoverage) -> io::Result<()> {
        self.coverage.add(row);
        Ok(())
    }

    fn end(&mut self, _tail: &Tail<'_>) -> io::Result<()> {
        self.close_suite()?;
        self.unread_accounts()?;
        self.gaps()?;
        self.out.write_all(b"</testsuites>\n")?;
        self.out.flush()
    }
}
