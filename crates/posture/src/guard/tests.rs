//! Guard files as people write them, and what becomes of them.

use proptest::prelude::*;
use serde_json::json;
use yagura_model::{Outcome, Reason, Resource};

use super::{Verdict, read};
use crate::testing::{gap, resource};

const TABLES: &str = r#"
# title: Tables can be restored to any point in time
# title.ja: テーブルを任意の時点に復元できる
# severity: high
# function: recover
let states = ["ACTIVE"]

rule table_is_active when resourceType == "AWS::DynamoDB::Table" {
    configuration.tableStatus IN %states
}

rule recovery_is_on when resourceType == "AWS::DynamoDB::Table" table_is_active {
    supplementaryConfiguration.ContinuousBackups.pointInTimeRecoveryDescription.pointInTimeRecoveryStatus == "ENABLED"
        <<switch on point-in-time recovery>>
}
"#;

fn table(status: &str, recovery: &str) -> Resource {
    resource(
        "AWS::DynamoDB::Table",
        "orders",
        json!({
            "TableStatus": status,
            "ContinuousBackups": { "PointInTimeRecoveryDescription": { "PointInTimeRecoveryStatus": recovery } },
        }),
    )
    .1
}

fn judge(policy: &str, resource: &Resource) -> Result<Verdict, Reason> {
    read("my.guard", policy).map_err(|found| panic!("{found:?}")).unwrap().policy.judge(resource)
}

fn refused(policy: &str) -> String {
    let Err(found) = read("my.guard", policy) else { panic!("it was read") };
    let [one] = found.as_slice() else { panic!("{found:?}") };
    one.to_string()
}

#[test]
fn a_policy_of_aws_config_judges_what_the_api_calls_by_other_capitals() {
    let verdict = judge(TABLES, &table("ACTIVE", "ENABLED")).unwrap();
    assert_eq!(verdict, Verdict { outcome: Outcome::Compliant, checks: Vec::new() });

    let verdict = judge(TABLES, &table("ACTIVE", "DISABLED")).unwrap();
    assert_eq!(verdict.outcome, Outcome::NonCompliant);
    let [check] = verdict.checks.as_slice() else { panic!("{:?}", verdict.checks) };
    assert_eq!(check["Rule"], "recovery_is_on");
    assert_eq!(check["Found"], "DISABLED");
    assert_eq!(check["Message"], "switch on point-in-time recovery");
    let path = check["Path"].as_str().unwrap();
    assert!(path.ends_with("pointInTimeRecoveryStatus"), "{path}");
}

#[test]
fn the_comments_say_what_the_language_cannot() {
    let read = read("my.guard", TABLES).map_err(|found| panic!("{found:?}")).unwrap();
    assert_eq!(read.types.iter().map(ToString::to_string).collect::<Vec<_>>(), ["AWS::DynamoDB::Table"]);
    assert_eq!(read.head.title.as_deref(), Some("Tables can be restored to any point in time"));
    assert_eq!(read.head.severity.map(|it| it.as_str()), Some("HIGH"));
    assert_eq!(read.head.function.map(|it| it.as_str()), Some("recover"));
}

#[test]
fn another_type_is_not_concerned() {
    let (_, bucket) = resource("AWS::S3::Bucket", "logs", json!({}));
    assert_eq!(judge(TABLES, &bucket).unwrap().outcome, Outcome::NotApplicable);
}

#[test]
fn what_was_not_read_is_no_violation_and_no_pass() {
    let mut denied = table("ACTIVE", "ENABLED");
    denied.configuration.remove("ContinuousBackups");
    denied.unread.insert("ContinuousBackups".to_owned(), gap("dynamodb.DescribeContinuousBackups"));
    let reason = judge(TABLES, &denied).unwrap_err();
    assert_eq!(reason, Reason::Unread { gaps: vec![gap("dynamodb.DescribeContinuousBackups")] });

    let policy = r#"rule named when resourceType == "AWS::DynamoDB::Table" { configuration.ContinuousBackups !exists }"#;
    assert!(matches!(judge(policy, &denied), Err(Reason::Unread { .. })));
}

#[test]
fn tags_that_were_not_read_are_not_known() {
    let mut untold = table("ACTIVE", "ENABLED");
    untold.unread.insert("TagSet".to_owned(), gap("dynamodb.ListTagsOfResource"));
    for clause in ["tags.owner exists", "tags.owner !exists"] {
        let policy = format!("rule owner when resourceType == \"AWS::DynamoDB::Table\" {{ {clause} }}");
        let reason = judge(&policy, &untold).unwrap_err();
        assert_eq!(reason, Reason::Unread { gaps: vec![gap("dynamodb.ListTagsOfResource")] }, "{clause}");
    }
}

#[test]
fn a_supplement_of_another_name_is_not_known() {
    let policy = r#"rule off when resourceType == "AWS::S3::Bucket" { supplementaryConfiguration.BucketPolicy.policyText !empty }"#;
    let (_, bucket) = resource("AWS::S3::Bucket", "logs", json!({}));
    let reason = judge(policy, &bucket).unwrap_err();
    assert_eq!(
        reason.to_string(),
        "cannot be decided: supplementaryConfiguration.BucketPolicy is not collected"
    );
}

#[test]
fn mistakes_are_told_with_their_place() {
    let told = [
        refused("rule broken when resourceType == {"),
        refused(
            "let buckets = Resources.*[ Type == 'AWS::S3::Bucket' ]\nrule logged when %buckets !empty {\n  %buckets.Properties.LoggingConfiguration exists\n}",
        ),
        refused("AWS::S3::Bucket {\n  Properties.BucketName exists\n}"),
        refused("rule a when resourceType == \"AWS::S3::Bucket\" {\n  configurations.name exists\n}"),
        refused("rule a {\n  configuration.name exists\n}"),
        refused(
            "# severity: awful\nrule a when resourceType == \"AWS::S3::Bucket\" { configuration.name exists }",
        ),
        refused("# nothing but a comment\n"),
    ];
    insta::assert_snapshot!(told.join("\n\n"));
}

#[test]
fn types_are_found_in_lists_and_variables() {
    let policy = r#"
        let these = ["AWS::S3::Bucket", "AWS::DynamoDB::Table"]
        rule tagged when resourceType IN %these { tags.owner exists }
        rule placed when resourceType == "AWS::EC2::Instance" { configuration.subnetId exists }
    "#;
    let read = read("my.guard", policy).map_err(|found| panic!("{found:?}")).unwrap();
    let types: Vec<_> = read.types.iter().map(ToString::to_string).collect();
    assert_eq!(types, ["AWS::DynamoDB::Table", "AWS::EC2::Instance", "AWS::S3::Bucket"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a file holds, it is read or refused; and what is read answers or says why not.
    #[test]
    fn nothing_makes_it_fall(text in "(rule a when resourceType == \"AWS::S3::Bucket\" \\{ )?[ -~\\n]{0,60}\\}?") {
        if let Ok(read) = read("my.guard", &text) {
            let (_, bucket) = resource("AWS::S3::Bucket", "logs", json!({ "Name": "logs" }));
            let _ = read.policy.judge(&bucket);
        }
    }
}
