//! Whether one request can do all that is asked of it.
//!
//! To use an allow, a request must meet the allow's conditions and fail one condition of each deny. Each alone may be
//! possible and all together not, when they speak of the same key. What the caller can send under a key is tried one
//! by one where it can be told apart; where the caller is free, the values that the conditions name are tried, one
//! that they do not, and none. When nothing works out there, the answer is a doubt.

use std::net::IpAddr;

use crate::address;
use crate::document::Condition;
use crate::fact::{Fact, Facts};
use crate::operator::Test;
use crate::truth::{Setting, truth};

/// So many ways to get past the denies are tried before it is called a doubt.
const MOST_TRIES: usize = 512;

/// Whether a request gets past the denies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WayOut {
    /// It can.
    Open,
    /// It cannot.
    Shut,
    /// No way was found, but not all could be tried. It is about this key.
    Unsure(String),
}

/// What the conditions are about.
struct Question<'q, 'c> {
    /// What the allow asks for.
    meet: &'q [Condition<'q>],
    facts_of: &'q dyn Fn(&Condition<'_>) -> Facts<'c>,
    setting: &'q Setting<'q>,
}

/// Looks for a way to meet the conditions of an allow and to fail one condition of each deny.
pub(crate) fn find<'c>(
    meet: &[Condition<'_>],
    denies: &[&[&Condition<'_>]],
    facts_of: &dyn Fn(&Condition<'_>) -> Facts<'c>,
    setting: &Setting<'_>,
) -> WayOut {
    let question = Question { meet, facts_of, setting };
    let contested = contested(meet, denies);
    let Some(first) = contested.first().and_then(|ways| ways.first()) else { return WayOut::Open };
    let unsure = WayOut::Unsure(first.key_name.to_string());
    let tries = contested.iter().try_fold(1_usize, |tries, ways| tries.checked_mul(ways.len()));
    let Some(tries) = tries.filter(|tries| *tries <= MOST_TRIES) else { return unsure };
    let mut answer = WayOut::Shut;
    for number in 0..tries {
        match question.request(&choice(&contested, number)) {
            WayOut::Open => return WayOut::Open,
            WayOut::Unsure(_) => answer = unsure.clone(),
            WayOut::Shut => {}
        }
    }
    answer
}

/// The denies that cannot be escaped by a key nobody else asks about.
fn contested<'d, 'c, 'p>(
    meet: &[Condition<'_>],
    denies: &[&'d [&'c Condition<'p>]],
) -> Vec<&'d [&'c Condition<'p>]> {
    let asked_elsewhere = |at: usize, way: &Condition<'_>| {
        let others = denies.iter().enumerate().filter(|(other, _)| *other != at);
        meet.iter().any(|it| same_key(it, way))
            || others.flat_map(|(_, ways)| ways.iter()).any(|it| same_key(it, way))
    };
    let contested =
        denies.iter().enumerate().filter(|(at, ways)| ways.iter().all(|way| asked_elsewhere(*at, way)));
    contested.map(|(_, ways)| *ways).collect()
}

/// One way per deny, counted through.
fn choice<'c, 'p>(contested: &[&[&'c Condition<'p>]], mut number: usize) -> Vec<&'c Condition<'p>> {
    contested
        .iter()
        .map(|ways| {
            let way = ways[number % ways.len()];
            number /= ways.len();
            way
        })
        .collect()
}

fn same_key(one: &Condition<'_>, other: &Condition<'_>) -> bool {
    one.key_name.eq_ignore_ascii_case(&other.key_name)
}

impl Question<'_, '_> {
    /// Whether a request can fail all of these conditions and meet the allow.
    fn request(&self, fail: &[&Condition<'_>]) -> WayOut {
        let mut answer = WayOut::Open;
        for condition in fail {
            match self.key(condition, fail) {
                WayOut::Open => {}
                WayOut::Shut => return WayOut::Shut,
                unsure @ WayOut::Unsure(_) => answer = unsure,
            }
        }
        answer
    }

    /// Whether one value of a key, or none, meets the allow and fails the conditions.
    fn key(&self, condition: &Condition<'_>, fail: &[&Condition<'_>]) -> WayOut {
        let meet: Vec<&Condition<'_>> = self.meet.iter().filter(|it| same_key(it, condition)).collect();
        let fail: Vec<&Condition<'_>> = fail.iter().copied().filter(|it| same_key(it, condition)).collect();
        let works = |facts: &Facts<'_>| {
            meet.iter().all(|it| truth(it, facts, self.setting).holds)
                && fail.iter().all(|it| truth(it, facts, self.setting).fails)
        };
        let facts = (self.facts_of)(condition);
        let mut answer = WayOut::Shut;
        facts.each(&mut |facts| {
            let works = match facts.present {
                Some(Fact::Free | Fact::PublicAddress) => {
                    let named = meet.iter().chain(&fail).flat_map(|it| samples(it));
                    let common = ["true", "false", "\u{fffd}", "192.0.2.1"].map(str::to_owned);
                    let works =
                        |value: &str| works(&Facts { present: Some(Fact::Like(value)), absent: false });
                    let found = named.chain(common).any(|value| works(&value));
                    if !found && answer == WayOut::Shut {
                        answer = WayOut::Unsure(condition.key_name.to_string());
                    }
                    found
                }
                _ => works(facts),
            };
            if works {
                answer = WayOut::Open;
            }
        });
        answer
    }
}

/// Values that a condition has in mind.
fn samples(condition: &Condition<'_>) -> Vec<String> {
    let address = condition.operator.is_some_and(|it| it.test == Test::IpAddress);
    condition
        .values
        .iter()
        .flat_map(|value| {
            if address {
                let first = address::parse(value).map(|net| net.network());
                first.into_iter().map(|it: IpAddr| it.to_string()).collect()
            } else {
                vec![value.to_string(), value.replace(['*', '?'], "x"), value.replace('*', "")]
            }
        })
        .collect()
}
