//! What a team asks for before the first scan.

use crate::run::{run, yagura};

#[test]
fn the_policy_allows_what_a_rule_needs_and_no_more() {
    let policy = run(&mut yagura(), &["onboard", "policy", "--rules", "restricted-ssh"]).json();
    assert_eq!(
        policy["Statement"][0]["Action"],
        serde_json::json!(["account:ListRegions", "ec2:DescribeRegions", "ec2:DescribeSecurityGroups"])
    );
}

#[test]
fn the_whole_policy_comes_in_pieces_that_aws_takes_and_only_reads() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("policies");
    let ended = run(&mut yagura(), &["onboard", "policy", "--out", out.to_str().unwrap()]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|it| it.unwrap().path()).collect();
    assert!(files.len() > 1 && files.len() <= 10, "a role takes ten managed policies: {files:?}");
    let mut actions = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.chars().filter(|it| !it.is_whitespace()).count() <= 6_144);
        let policy: serde_json::Value = serde_json::from_str(&text).unwrap();
        let held = policy["Statement"][0]["Action"].as_array().unwrap();
        actions.extend(held.iter().map(|it| it.as_str().unwrap().to_owned()));
    }
    let reads = ["BatchGet", "Describe", "Get", "List", "View", "Select", "Search", "GET"];
    // A read that AWS calls otherwise.
    let otherwise = ["iam:GenerateCredentialReport"];
    let odd: Vec<_> = actions
        .iter()
        .filter(|action| !otherwise.contains(&action.as_str()))
        .filter(|action| {
            let operation = action.split_once(':').unwrap().1;
            !reads.iter().any(|read| operation.starts_with(read))
        })
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}
