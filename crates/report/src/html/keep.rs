//! As many rows as fit, shared fairly between rules and accounts.
//!
//! A rule with few resources is shown whole, one with ten thousand is cut; and of that one every account shows its
//! first resource before any shows its second. Which ones are kept does not depend on chance.

use std::collections::{BTreeMap, BinaryHeap};

use yagura_model::{AccountId, Evaluation, Outcome, RuleId};

/// Rows by outcome and rule, at most `limit` in all.
#[derive(Debug)]
pub(super) struct Kept {
    limit: usize,
    size: usize,
    seen: usize,
    /// No group is larger than this.
    largest: usize,
    groups: BTreeMap<(Outcome, RuleId), Group>,
    /// Rows that had no place, or lost it.
    pub(super) left_out: u64,
}

#[derive(Debug, Default)]
struct Group {
    rows: BinaryHeap<Row>,
    account: Option<AccountId>,
    /// How many rows of the rule this account had before.
    rank: usize,
}

/// A row; the greatest is the first to go.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    rank: usize,
    hash: u64,
    seen: usize,
    text: String,
}

impl Kept {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, size: 0, seen: 0, largest: usize::MAX, groups: BTreeMap::new(), left_out: 0 }
    }

    /// Keeps the row of an evaluation if it has a share; `text` is asked for only then. Accounts come one after another.
    pub(super) fn add<E>(
        &mut self,
        evaluation: &Evaluation,
        text: impl FnOnce() -> Result<String, E>,
    ) -> Result<(), E> {
        self.seen += 1;
        let key = (evaluation.outcome, evaluation.rule.clone());
        let group = self.groups.entry(key.clone()).or_default();
        let rank = group.rank_of(&evaluation.resource.account);
        let (hash, own) = (fingerprint(evaluation), group.rows.len());
        if self.size >= self.limit {
            self.left_out += 1;
            if !self.make_room(&key, own, (rank, hash)) {
                return Ok(());
            }
        }
        let row = Row { rank, hash, seen: self.seen, text: text()? };
        if let Some(group) = self.groups.get_mut(&key) {
            group.rows.push(row);
            self.size += 1;
        }
        Ok(())
    }

    /// Takes a row from a larger group, or one of the same that is further back; false when there is none.
    fn make_room(&mut self, key: &(Outcome, RuleId), own: usize, place: (usize, u64)) -> bool {
        if own.saturating_add(1) < self.largest {
            let largest = self.groups.values_mut().max_by_key(|group| group.rows.len());
            if let Some(group) = largest {
                self.largest = group.rows.len();
                if own + 1 < self.largest && group.rows.pop().is_some() {
                    self.size -= 1;
                    return true;
                }
            }
        }
        let Some(group) = self.groups.get_mut(key) else { return false };
        let replaced = group.rows.peek().is_some_and(|last| (last.rank, last.hash) > place);
        if replaced {
            group.rows.pop();
            self.size -= 1;
        }
        replaced
    }

    /// Every row that was kept, by outcome and rule, in the order in which they came.
    pub(super) fn rows(&self) -> impl Iterator<Item = &str> {
        self.groups.values().flat_map(|group| {
            let mut rows: Vec<_> = group.rows.iter().collect();
            rows.sort_by_key(|row| row.seen);
            rows.into_iter().map(|row| row.text.as_str())
        })
    }
}

impl Group {
    fn rank_of(&mut self, account: &AccountId) -> usize {
        if self.account.as_ref() == Some(account) {
            self.rank += 1;
        } else {
            self.account = Some(account.clone());
            self.rank = 0;
        }
        self.rank
    }
}

/// FNV-1a over what names the resource: spreads the choice without chance.
fn fingerprint(evaluation: &Evaluation) -> u64 {
    let key = &evaluation.resource;
    let parts = [key.account.as_str(), key.region.as_str(), key.id.as_str()];
    parts.iter().flat_map(|it| it.bytes()).fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yagura_model::{ResourceKey, Severity};

    use super::*;

    /// Keeps resources of accounts, violations of rules, given as (account, rule), sorted by account.
    fn keep(limit: usize, resources: &[(u8, u8)]) -> Vec<(u8, u8)> {
        let mut sorted = resources.to_vec();
        sorted.sort_unstable();
        let mut kept = Kept::new(limit);
        for (n, (account, rule)) in sorted.iter().enumerate() {
            let evaluation = Evaluation {
                resource: ResourceKey {
                    account: AccountId::new(&format!("{account:012}")).unwrap(),
                    region: "eu-west-1".into(),
                    resource_type: "AWS::EC2::Instance".into(),
                    id: format!("i-{n}"),
                },
                rule: RuleId::new(rule.to_string()),
                arn: String::new(),
                name: String::new(),
                outcome: Outcome::NonCompliant,
                severity: Severity::High,
                reason: None,
                evidence: None,
            };
            kept.add(&evaluation, || Ok::<_, ()>(format!("{account} {rule}"))).unwrap();
        }
        let rows: Vec<_> = kept.rows().map(str::to_owned).collect();
        assert_eq!(rows.len() + usize::try_from(kept.left_out).unwrap(), resources.len());
        rows.iter()
            .map(|row| row.split_once(' ').map(|(a, b)| (a.parse().unwrap(), b.parse().unwrap())).unwrap())
            .collect()
    }

    #[test]
    fn a_rule_with_few_resources_is_shown_whole() {
        let mut resources = vec![(1, 1); 1000];
        resources.extend([(1, 2), (1, 2), (1, 3)]);
        let kept = keep(10, &resources);
        let count = |rule: u8| kept.iter().filter(|it| it.1 == rule).count();
        assert_eq!((count(1), count(2), count(3)), (7, 2, 1));
    }

    #[test]
    fn every_account_shows_its_first_before_any_shows_its_second() {
        let resources: Vec<_> = (0..20).flat_map(|account| vec![(account, 1); 50]).collect();
        let kept = keep(30, &resources);
        for account in 0..20 {
            let own = kept.iter().filter(|it| it.0 == account).count();
            assert!((1..=2).contains(&own), "account {account} shows {own}");
        }
    }

    proptest! {
        /// Nothing is lost without being counted, the limit is used up, and no rule starves while another feasts.
        #[test]
        fn the_limit_is_shared(limit in 0usize..50, resources in prop::collection::vec((0u8..5, 0u8..8), 0..200)) {
            let kept = keep(limit, &resources);
            prop_assert_eq!(kept.len(), limit.min(resources.len()));
            let most = (0..8).map(|rule| kept.iter().filter(|it| it.1 == rule).count()).max().unwrap_or(0);
            for rule in 0..8 {
                let (has, had) = (
                    kept.iter().filter(|it| it.1 == rule).count(),
                    resources.iter().filter(|it| it.1 == rule).count(),
                );
                prop_assert!(has == had || has + 1 >= most, "rule {} has {} of {}, the largest {}", rule, has, had, most);
            }
        }
    }
}
