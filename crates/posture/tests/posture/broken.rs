//! Broken rule files: whatever is wrong, it is told with a line, and nothing panics.

use proptest::prelude::*;
use yagura_model::Level;
use yagura_posture::Settings;

use crate::fixture::{RULE, load};

/// What is written instead of what.
const BREAKS: &[(&str, &str)] = &[
    ("id: restricted-ssh", "id: restricted_ssh"),
    ("id: restricted-ssh", "id: Restricted-SSH"),
    ("id: restricted-ssh", "id: another-name"),
    ("id: restricted-ssh", "id: [restricted-ssh]"),
    ("id: restricted-ssh", "id:"),
    ("id: restricted-ssh", ""),
    ("id: restricted-ssh", "name: restricted-ssh"),
    ("id: restricted-ssh", "id: restricted-ssh\nid: restricted-ssh"),
    ("aliases:", "alias:"),
    ("aws-config:", "awsconfig:"),
    ("aws-config: [restricted-ssh]", "aws-config: restricted-ssh"),
    ("resource: AWS::EC2::SecurityGroup", "resource: SecurityGroup"),
    ("resource: AWS::EC2::SecurityGroup", "resource: AWS::EC2"),
    ("resource: AWS::EC2::SecurityGroup", "resource: 5.5.5: x"),
    ("severity: high", "severity: urgent"),
    ("severity: high", "severity: 9"),
    ("severity: high", "severity: { level: high }"),
    ("severity: high", "severty: high"),
    ("severity: high", ""),
    ("function: protect", "function: defend"),
    ("function: protect", "function: [protect]"),
    ("function: protect", ""),
    ("params: { allowed_cidrs: [] }", "params: { allowed: [] }"),
    ("params: { allowed_cidrs: [] }", "params: [allowed_cidrs]"),
    ("params: { allowed_cidrs: [] }", "params: { allowed_cidrs: [ }"),
    ("params: { allowed_cidrs: [] }", "parameters: { allowed_cidrs: [] }"),
    ("compliant: |", "complaint: |"),
    ("resource.IpPermissions.all(", "resorce.IpPermissions.all("),
    ("resource.IpPermissions.all(", "resource.IpPermissions.al("),
    ("all(permission,", "all(permission.x,"),
    ("all(permission,", "all(permission"),
    ("!opens(permission, 22) ||", "!opens(permission) ||"),
    ("!opens(permission, 22) ||", "!open(permission, 22) ||"),
    ("!opens(permission, 22) ||", "!opens(permission, 22) |"),
    ("!opens(permission, 22) ||", "!opens(permission, 22) or"),
    ("!opens(permission, 22) ||", "!opens(permission, 22u) ||"),
    ("!opens(permission, 22) ||", "!opens(permission, '22) ||"),
    ("!opens(permission, 22) ||", "!opens(permission, 22)) ||"),
    ("!internet(source) ||", "!internet(sauce) ||"),
    ("!internet(source) ||", "!source.internet() ||"),
    ("source in params.allowed_cidrs))\n", "source in params.allowed))\n"),
    ("source in params.allowed_cidrs))\n", "source in param.allowed_cidrs))\n"),
    ("source in params.allowed_cidrs))\n", "source in params.allowed_cidrs)\n"),
    ("evidence: |", "evidence: ''\nwhen: |"),
    ("evidence: |", "evidence: []\nwhen: |"),
    ("evidence: |", "evidences: |"),
    ("!(source in params", "not (source in params"),
    ("text:", "texts:"),
    ("text:", "text: none\nfoo:"),
    ("  en:\n    title:", "  english:\n    title:"),
    ("    title: Security", "    titel: Security"),
    ("    title: Security", "    title: { text: Security }\n    x: Security"),
    ("  ja:\n    title:", "  jp:\n    title:"),
    ("    why: >-", "    reason: >-"),
    ("fix:", "fixes:"),
    ("  steps:", "  step:"),
    ("references:", "reference:"),
    ("  - https://docs.aws.amazon.com/config", "  - docs.aws.amazon.com/config"),
    ("examples:", "example:"),
    ("    given: { IpPermissions", "    givn: { IpPermissions"),
    ("    expect: NON_COMPLIANT", "    expect: FAILED"),
    ("    expect: NON_COMPLIANT", "    expected: NON_COMPLIANT"),
    ("    expect: NON_COMPLIANT", "    expect: NON_COMPLIANT\n    params: { allowed: [] }"),
    ("    expect: NON_COMPLIANT", "    expect: NON_COMPLIANT\n    now: yesterday"),
    ("    expect: NON_COMPLIANT", "    expect: NON_COMPLIANT\n    account: 1234"),
    ("    expect: NON_COMPLIANT", "\texpect: NON_COMPLIANT"),
];

#[test]
fn every_break_is_told_with_its_line() {
    assert!(BREAKS.len() >= 60);
    let mut silent = Vec::new();
    for (before, after) in BREAKS {
        assert!(RULE.contains(before), "{before}");
        let text = RULE.replacen(before, after, 1);
        let (_, problems) = load(&[("ec2/restricted-ssh.yaml", &text)], &Settings::default());
        if problems.is_empty() || problems.iter().any(|it| it.place.is_none()) {
            silent.push((before, after, problems));
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn a_mistake_in_a_condition_is_told_where_it_stands() {
    for (before, after, wrong) in [
        ("!opens(permission, 22) ||", "!open(permission, 22) ||", "open("),
        ("!internet(source) ||", "!internet(sauce) ||", "sauce"),
        ("source in params.allowed_cidrs))\n", "source in params.allowed))\n", "allowed))"),
        ("!(source in params.allowed", "!(souce in params.allowed", "souce"),
    ] {
        let text = RULE.replacen(before, after, 1);
        let (_, problems) = load(&[("ec2/restricted-ssh.yaml", &text)], &Settings::default());
        let place = problems.iter().find(|it| it.level == Level::Error).unwrap().place.unwrap();
        let line = text.lines().nth(place.line as usize - 1).unwrap();
        let rest: String = line.chars().skip(place.column as usize - 1).collect();
        assert!(rest.starts_with(wrong), "{after}: {place:?} is {rest:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Cut anywhere, filled with anything: it is read or refused with a place.
    #[test]
    fn nothing_panics(from in 0..RULE.len(), length in 0_usize..40, put in "[a-z:{}\\[\\]|>&*!'\"\\n\\t #-]{0,12}") {
        let boundary = |mut at: usize| { while !RULE.is_char_boundary(at) { at -= 1 } at };
        let (from, to) = (boundary(from), boundary((from + length).min(RULE.len())));
        let text = format!("{}{put}{}", &RULE[..from], &RULE[to..]);
        let (rules, problems) = load(&[("ec2/restricted-ssh.yaml", &text)], &Settings::default());
        prop_assert!(rules.len() == 1 || problems.iter().any(|it| it.level == Level::Error), "{text}");
        for problem in problems {
            prop_assert!(problem.place.is_some(), "{problem}");
        }
    }
}
