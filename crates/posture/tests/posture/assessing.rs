//! From counts to how far a framework is met: examples, and the laws that hold for any counts.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use yagura_model::{
    Account, AccountCounts, AccountId, AccountScan, AccountState, AccountStatus, Answer, Assessment, Doubt,
    Framework, FrameworkAliases, Outcome, Requirement, RequirementGroup, RuleCount, RuleId, Severity, Text,
    Totals,
};
use yagura_posture::Assessor;

use Outcome::{Compliant, InsufficientData, NonCompliant, NotApplicable};

fn text(it: &str) -> Text {
    Text { en: it.to_owned(), ja: it.to_owned() }
}

/// Requirements as (group, rules); one without rules is for a person.
fn framework(requirements: &[(&str, &[&str])]) -> Framework {
    let group = |id: &str, within: Option<&str>| RequirementGroup {
        id: id.to_owned(),
        within: within.map(str::to_owned),
        title: text(id),
    };
    let requirement = |(n, (group, rules)): (usize, &(&str, &[&str]))| Requirement {
        id: (n + 1).to_string(),
        group: Some((*group).to_owned()),
        level: None,
        tags: Vec::new(),
        title: text("t"),
        rules: rules.iter().map(|it| RuleId::from(*it)).collect(),
        manual: rules.is_empty().then(|| text("ask")),
    };
    Framework {
        id: "f".to_owned(),
        name: text("f"),
        publisher: text("p"),
        version: "1".to_owned(),
        url: "https://example.com".to_owned(),
        aliases: FrameworkAliases::default(),
        about: text("a"),
        groups: vec![group("A", None), group("A.1", Some("A")), group("B", None)],
        requirements: requirements.iter().enumerate().map(requirement).collect(),
    }
}

/// An account of a scan, with what its rules said.
#[derive(Debug, Clone)]
struct Sketch {
    scan: AccountScan,
    counts: AccountCounts,
}

fn account(n: u64, state: AccountState, counts: &[(&str, Outcome, u64)]) -> Sketch {
    let id = AccountId::new(&format!("{n:012}")).unwrap();
    let counts = counts.iter().map(|(rule, outcome, count)| RuleCount {
        rule: RuleId::from(*rule),
        severity: Severity::High,
        outcome: *outcome,
        count: *count,
    });
    Sketch {
        scan: AccountScan {
            account: Account::bare(id.clone()),
            state,
            regions: Vec::new(),
            resources: 0,
            switched_off: BTreeSet::new(),
        },
        counts: AccountCounts { account: id, counts: counts.collect() },
    }
}

fn scanned(n: u64, counts: &[(&str, Outcome, u64)]) -> Sketch {
    account(n, AccountState::Scanned, counts)
}

fn unreachable(n: u64) -> Sketch {
    account(n, AccountState::Unreachable { role: None, error: "no".to_owned() }, &[])
}

fn skipped(n: u64) -> Sketch {
    account(n, AccountState::Skipped { reason: AccountStatus::Suspended }, &[])
}

fn assess(framework: &Framework, used: &[&str], accounts: &[Sketch]) -> (Vec<Vec<Answer>>, Assessment) {
    let used: BTreeSet<RuleId> = used.iter().map(|it| RuleId::from(*it)).collect();
    let mut assessor = Assessor::new(framework, &used);
    let answers = accounts
        .iter()
        .map(|it| {
            let told = assessor.account(&it.scan, &it.counts);
            told.requirements.iter().map(|it| it.answer).collect()
        })
        .collect();
    (answers, assessor.finish())
}

fn answers(assessment: &Assessment) -> Vec<Answer> {
    assessment.requirements.iter().map(|it| it.answer).collect()
}

#[test]
fn a_requirement_is_the_join_of_its_rules_in_each_account_and_of_the_accounts() {
    let framework = framework(&[("A.1", &["a"]), ("A", &["a", "b"]), ("B", &[]), ("B", &["c"])]);
    let accounts = [
        scanned(1, &[("a", Compliant, 9), ("b", NonCompliant, 1), ("c", NotApplicable, 2)]),
        scanned(2, &[("a", Compliant, 1), ("a", InsufficientData, 1)]),
    ];
    let (by_account, assessment) = assess(&framework, &["a", "b", "c"], &accounts);
    use Answer as It;
    assert_eq!(by_account[0], [It::Compliant, It::NonCompliant, It::Manual, It::NotApplicable]);
    assert_eq!(by_account[1], [It::InsufficientData, It::InsufficientData, It::Manual, It::NotApplicable]);
    assert_eq!(answers(&assessment), [It::InsufficientData, It::NonCompliant, It::Manual, It::NotApplicable]);
    // One evaluated of the three that apply; a person has to look at one.
    assert_eq!(assessment.passed_percent.unwrap().to_string(), "0.0");
    assert_eq!(assessment.evaluated_percent.unwrap().to_string(), "33.3");
    assert_eq!(assessment.to_check_by_hand, 1);
    let group = |id: &str| assessment.groups.iter().find(|it| it.group == id).unwrap().totals;
    assert_eq!(group("A.1"), Totals { insufficient_data: 1, ..Totals::default() });
    assert_eq!(group("A"), Totals { insufficient_data: 1, non_compliant: 1, ..Totals::default() });
    assert_eq!(group("B"), Totals { manual: 1, not_applicable: 1, ..Totals::default() });
    assert_eq!(assessment.rules["a"].evaluations, BTreeMap::from([(Compliant, 10), (InsufficientData, 1)]));
}

#[test]
fn a_rule_that_was_not_used_leaves_its_requirement_unknown() {
    let framework = framework(&[("A", &["a", "b"]), ("A", &["a"])]);
    let (_, assessment) = assess(&framework, &["a"], &[scanned(1, &[("a", Compliant, 3)])]);
    assert_eq!(answers(&assessment), [Answer::InsufficientData, Answer::Compliant]);
    let [doubt] = &assessment.requirements[0].doubts[..] else { panic!("one doubt") };
    assert_eq!((&doubt.doubt, doubt.accounts), (&Doubt::RuleNotUsed { rule: "b".into() }, 1));
}

#[test]
fn a_rule_that_is_switched_off_in_one_account_leaves_it_unknown_there() {
    let framework = framework(&[("A", &["a"])]);
    let mut off = scanned(1, &[]);
    off.scan.switched_off.insert("a".into());
    let (by_account, assessment) = assess(&framework, &["a"], &[off, scanned(2, &[("a", Compliant, 1)])]);
    assert_eq!(by_account, [[Answer::InsufficientData], [Answer::Compliant]]);
    assert_eq!(assessment.requirements[0].doubts[0].doubt, Doubt::RuleSwitchedOff { rule: "a".into() });
}

#[test]
fn an_account_that_could_not_be_read_is_unknown_and_one_that_was_skipped_changes_nothing() {
    let framework = framework(&[("A", &["a"]), ("B", &["b"])]);
    let pass = scanned(1, &[("a", Compliant, 1), ("b", NonCompliant, 1)]);
    let (_, assessment) = assess(&framework, &["a", "b"], &[pass.clone(), skipped(2)]);
    assert_eq!(answers(&assessment), [Answer::Compliant, Answer::NonCompliant]);
    let (_, assessment) = assess(&framework, &["a", "b"], &[pass, unreachable(2)]);
    assert_eq!(answers(&assessment), [Answer::InsufficientData, Answer::NonCompliant]);
    assert_eq!(assessment.requirements[0].doubts[0].doubt, Doubt::AccountNotRead);
}

const RULES: [&str; 4] = ["a", "b", "c", "d"];

fn any_account() -> impl Strategy<Value = Sketch> {
    let count = (prop::sample::select(RULES.to_vec()), prop::sample::select(Outcome::ALL.to_vec()), 0u64..3);
    let counts = prop::collection::vec(count, 0..6);
    let off = prop::collection::btree_set(prop::sample::select(RULES.to_vec()), 0..2);
    (0u8..8, counts, off).prop_map(|(state, counts, off)| match state {
        0 => unreachable(1),
        1 => skipped(1),
        _ => {
            let mut sketch = scanned(1, &counts);
            sketch.scan.switched_off = off.into_iter().map(RuleId::from).collect();
            sketch
        }
    })
}

fn any_accounts() -> impl Strategy<Value = Vec<Sketch>> {
    prop::collection::vec(any_account(), 0..6).prop_map(|mut accounts| {
        for (n, it) in accounts.iter_mut().enumerate() {
            let id = AccountId::new(&format!("{n:012}")).unwrap();
            it.scan.account.id = id.clone();
            it.counts.account = id;
        }
        accounts
    })
}

fn any_rules() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(RULES.to_vec(), 0..=RULES.len())
}

/// What a rule says in an account, as simply as it can be put.
fn plainly(rule: &str, used: &[&str], it: &Sketch) -> Vec<Outcome> {
    let unknown = match it.scan.state {
        AccountState::Scanned => !used.contains(&rule) || it.scan.switched_off.contains(rule),
        AccountState::Unreachable { .. } => true,
        AccountState::Skipped { .. } => false,
    };
    let counts = it.counts.counts.iter().filter(|it| it.rule.as_str() == rule && it.count > 0);
    counts.map(|it| it.outcome).chain(unknown.then_some(InsufficientData)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A violation is never hidden, unknown is never a pass, and the organisation's answer is the join of its accounts'.
    #[test]
    fn the_join_law(
        requirements in prop::collection::vec(any_rules(), 1..5),
        used in any_rules(),
        accounts in any_accounts(),
    ) {
        let written: Vec<(&str, &[&str])> = requirements.iter().map(|rules| ("A", &rules[..])).collect();
        let framework = framework(&written);
        let (by_account, assessment) = assess(&framework, &used, &accounts);
        for (n, rules) in requirements.iter().enumerate() {
            let organisation = assessment.requirements[n].answer;
            if rules.is_empty() {
                prop_assert_eq!(organisation, Answer::Manual);
                continue;
            }
            let mut all: Vec<Outcome> = Vec::new();
            for (account, answers) in accounts.iter().zip(&by_account) {
                let said: Vec<_> = rules.iter().flat_map(|rule| plainly(rule, &used, account)).collect();
                prop_assert_eq!(answers[n], expected(&said), "{:?} in {:?}", rules, account);
                all.extend(said);
            }
            prop_assert_eq!(organisation, expected(&all));
            let joined = by_account.iter().filter_map(|it| outcome(it[n])).fold(NotApplicable, Outcome::and);
            prop_assert_eq!(organisation, Answer::from(joined));
        }
        prop_assert_eq!(assessment.totals.all(), requirements.len() as u64);
        if assessment.totals.non_compliant > 0 {
            prop_assert!(assessment.passed_percent.unwrap().tenths() < 1000);
        }
    }

    /// The order in which accounts arrive changes nothing, and an unknown answer has a reason.
    #[test]
    fn order_does_not_matter_and_doubts_are_told(rules in any_rules(), used in any_rules(), mut accounts in any_accounts()) {
        let framework = framework(&[("A", &rules)]);
        let (_, forwards) = assess(&framework, &used, &accounts);
        accounts.reverse();
        let (_, backwards) = assess(&framework, &used, &accounts);
        prop_assert_eq!(&forwards, &backwards);
        for requirement in &forwards.requirements {
            prop_assert!(requirement.answer != Answer::InsufficientData || !requirement.doubts.is_empty());
        }
    }
}

fn outcome(answer: Answer) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|it| Answer::from(*it) == answer)
}

fn expected(said: &[Outcome]) -> Answer {
    if said.contains(&NonCompliant) {
        Answer::NonCompliant
    } else if said.contains(&InsufficientData) {
        Answer::InsufficientData
    } else if said.contains(&Compliant) {
        Answer::Compliant
    } else {
        Answer::NotApplicable
    }
}
