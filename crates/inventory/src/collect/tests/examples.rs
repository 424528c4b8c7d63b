//! What each key of a collector does.

use serde_json::json;
use yagura_aws::CallErrorKind;
use yagura_model::{Needs, WantedFields};

use super::fake::{
    Failure, Fake, account, collectors, coverage, denied, everything, read, read_as, resource, shown,
    unlisted, unread,
};
use crate::ServiceFilter;

const GROUPS: &str = r#"
- resource: AWS::EC2::SecurityGroup
  call: ec2.DescribeSecurityGroups
  input: { MaxResults: 1000 }
  items: SecurityGroups[]
  where: { OwnerId: "{account}" }
  id: GroupId
  name: GroupName
  arn: "arn:{partition}:ec2:{region}:{account}:security-group/{GroupId}"
  relationships:
    - { to: AWS::EC2::VPC, id: VpcId }
    - { to: AWS::EC2::SecurityGroup, id: "IpPermissions[].UserIdGroupPairs[].GroupId" }
"#;

#[tokio::test]
async fn a_list_becomes_resources() {
    let group = json!({
        "GroupId": "sg-1", "GroupName": "web", "OwnerId": "111122223333", "VpcId": "vpc-1",
        "IpPermissions": [{"UserIdGroupPairs": [{"GroupId": "sg-2"}, {"GroupId": "sg-2"}]}],
        "Tags": [{"Key": "owner", "Value": "shop"}],
    });
    let other = json!({"GroupId": "sg-9", "OwnerId": "999999999999"});
    let fake = Fake::default().answers(
        "ec2.DescribeSecurityGroups",
        json!({"MaxResults": 1000}),
        json!({"SecurityGroups": [group.clone(), other]}),
    );
    let inventory = read(&fake, &everything(GROUPS), &["eu-west-1"]).await;

    assert_eq!(shown(&inventory), ["eu-west-1/AWS::EC2::SecurityGroup/sg-1"]);
    let found = resource(&inventory, "sg-1");
    assert_eq!(found.arn, "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1");
    assert_eq!(found.name, "web");
    assert_eq!(found.tags["owner"], "shop");
    assert_eq!(Some(&found.configuration), group.as_object());
    let related: Vec<_> = found.relationships.iter().map(|it| format!("{} {}", it.to, it.id)).collect();
    assert_eq!(related, ["AWS::EC2::SecurityGroup sg-2", "AWS::EC2::VPC vpc-1"]);
    assert_eq!(coverage(&inventory), ["eu-west-1 ec2.DescribeSecurityGroups read x1"]);
}

#[tokio::test]
async fn a_list_that_fails_is_unlisted_and_one_that_is_not_offered_is_empty() {
    let input = || json!({"MaxResults": 1000});
    let fake = Fake::default()
        .fails_in("eu-west-1", "ec2.DescribeSecurityGroups", input(), denied("ec2:DescribeSecurityGroups"))
        .fails_in(
            "me-south-1",
            "ec2.DescribeSecurityGroups",
            input(),
            Failure::Kind(CallErrorKind::Unavailable),
        );
    let inventory = read(&fake, &everything(GROUPS), &["me-south-1", "eu-west-1"]).await;

    let gap = "ec2.DescribeSecurityGroups in eu-west-1: denied: ec2:DescribeSecurityGroups is missing";
    assert_eq!(unlisted(&inventory), [format!("eu-west-1 AWS::EC2::SecurityGroup: {gap}")]);
    assert_eq!(
        coverage(&inventory),
        [
            "eu-west-1 ec2.DescribeSecurityGroups denied: ec2:DescribeSecurityGroups is missing x1",
            "me-south-1 ec2.DescribeSecurityGroups not offered in this region x1",
        ]
    );
}

const QUEUES: &str = r#"
- resource: AWS::SQS::Queue
  call: sqs.ListQueues
  items: QueueUrls[]
  as: QueueUrl
  id: QueueUrl
  arn: Attributes.QueueArn
  json: [Attributes.Policy]
  also:
    - { call: sqs.GetQueueAttributes, input: { QueueUrl: "{QueueUrl}", AttributeNames: [All] }, take: Attributes, into: Attributes, omit: [Secret] }
    - { call: sqs.ListQueueTags, input: { QueueUrl: "{QueueUrl}" }, take: Tags, into: Tags }
"#;

#[tokio::test]
async fn texts_become_items_and_documents_in_texts_are_read() {
    let fake = Fake::default()
        .answers("sqs.ListQueues", json!({}), json!({"QueueUrls": ["https://q/1"]}))
        .answers(
            "sqs.GetQueueAttributes",
            json!({"QueueUrl": "https://q/1", "AttributeNames": ["All"]}),
            json!({"Attributes": {"QueueArn": "arn:q", "Policy": "{\"Statement\": []}", "Secret": "x"}}),
        )
        .answers("sqs.ListQueueTags", json!({"QueueUrl": "https://q/1"}), json!({"Tags": {"a": "b"}}));
    let inventory = read(&fake, &everything(QUEUES), &["eu-west-1"]).await;
    let queue = resource(&inventory, "https://q/1");
    assert_eq!(queue.arn, "arn:q");
    assert_eq!(queue.tags["a"], "b");
    assert_eq!(
        serde_json::to_value(&queue.configuration).unwrap(),
        json!({
            "QueueUrl": "https://q/1",
            "Attributes": {"QueueArn": "arn:q", "Policy": {"Statement": []}},
            "Tags": {"a": "b"},
        })
    );
}

#[tokio::test]
async fn only_what_is_needed_is_asked() {
    let fake =
        Fake::default().answers("sqs.ListQueues", json!({}), json!({"QueueUrls": ["https://q/1"]})).answers(
            "sqs.GetQueueAttributes",
            json!({"QueueUrl": "https://q/1", "AttributeNames": ["All"]}),
            json!({"Attributes": {"QueueArn": "arn:q"}}),
        );
    let mut needs = Needs::Types([].into());
    needs.add("AWS::SQS::Queue".into(), WantedFields::Some([].into()));
    let plan = collectors(&format!("{QUEUES}{GROUPS}")).plan(&needs, &ServiceFilter::default());
    let inventory = read(&fake, &plan, &["eu-west-1"]).await;

    assert_eq!(fake.names(), ["sqs.GetQueueAttributes", "sqs.ListQueues"], "the ARN needs the attributes");
    let types: Vec<_> = inventory.types.iter().map(ToString::to_string).collect();
    assert_eq!(types, ["AWS::::Account", "AWS::::Region", "AWS::SQS::Queue"]);

    needs.add("AWS::SQS::Queue".into(), WantedFields::Some(["Tags".to_owned()].into()));
    let plan = collectors(QUEUES).plan(&needs, &ServiceFilter::default());
    assert!(plan.calls().contains("sqs.ListQueueTags"));
}

const USERS: &str = r#"
- resource: AWS::IAM::User
  scope: global
  call: iam.ListUsers
  items: Users[]
  id: UserName
  also:
    - { call: iam.ListAccessKeys, input: { UserName: "{UserName}" }, take: "AccessKeyMetadata", into: AccessKeys }
    - { call: iam.GetAccessKeyLastUsed, for: "AccessKeys[]", input: { AccessKeyId: "{each.AccessKeyId}" }, take: AccessKeyLastUsed, into: AccessKeysLastUsed }
    - call: iam.GetCredentialReport
      first: iam.GenerateCredentialReport
      again: [ReportNotPresent]
      scope: account
      take: Content
      parse: csv
      match: { user: UserName }
      into: CredentialReport
- extends: AWS::::Account
  also:
    - call: iam.GetCredentialReport
      first: iam.GenerateCredentialReport
      again: [ReportNotPresent]
      scope: account
      take: Content
      parse: csv
      where: { arn: "arn:{partition}:iam::{account}:root" }
      many: true
      into: RootReport
    - { call: iam.GetAccountPasswordPolicy, take: PasswordPolicy, into: PasswordPolicy, absent: [NoSuchEntity], empty: none }
"#;

fn users() -> Fake {
    Fake::default()
        .answers("iam.ListUsers", json!({}), json!({"Users": [{"UserName": "ann"}, {"UserName": "bob"}]}))
        .answers(
            "iam.ListAccessKeys",
            json!({"UserName": "ann"}),
            json!({"AccessKeyMetadata": [{"AccessKeyId": "K1"}, {"AccessKeyId": "K2"}]}),
        )
        .answers("iam.ListAccessKeys", json!({"UserName": "bob"}), json!({"AccessKeyMetadata": []}))
        .answers("iam.GetAccessKeyLastUsed", json!({"AccessKeyId": "K1"}), json!({"AccessKeyLastUsed": {"Region": "a"}}))
        .answers("iam.GetAccessKeyLastUsed", json!({"AccessKeyId": "K2"}), json!({"AccessKeyLastUsed": {"Region": "b"}}))
        .answers("iam.GenerateCredentialReport", json!({}), json!({"State": "STARTED"}))
        .answers(
            "iam.GetCredentialReport",
            json!({}),
            json!({"Content": "user,arn,mfa_active\n<root_account>,arn:aws:iam::111122223333:root,false\nann,x,true\n"}),
        )
        .fails("iam.GetAccountPasswordPolicy", json!({}), Failure::Code("NoSuchEntity", ""))
}

#[tokio::test(start_paused = true)]
async fn calls_for_each_element_and_one_table_for_all() {
    let not_ready = Failure::Code("ReportNotPresent", "");
    let fake = users().fails_first("iam.GetCredentialReport", vec![not_ready.clone(), not_ready]);
    let inventory = read(&fake, &everything(USERS), &[]).await;

    let ann = &resource(&inventory, "ann").configuration;
    assert_eq!(ann["AccessKeysLastUsed"], json!([{"Region": "a"}, {"Region": "b"}]));
    assert_eq!(ann["CredentialReport"]["mfa_active"], "true");
    let bob = resource(&inventory, "bob");
    assert_eq!(bob.configuration["AccessKeysLastUsed"], json!([]));
    assert!(!bob.configuration.contains_key("CredentialReport") && bob.unread.is_empty(), "a fact: no row");
    let account = resource(&inventory, "111122223333");
    assert_eq!(account.configuration["RootReport"][0]["mfa_active"], "false");
    assert_eq!(account.configuration["PasswordPolicy"], "none");
    assert_eq!(account.configuration["Name"], "shop");
    assert_eq!((account.arn.as_str(), account.name.as_str()), ("arn:aws:iam::111122223333:root", "shop"));

    assert_eq!(fake.count("iam.GetCredentialReport"), 3, "twice not ready, then once for users and account");
    assert!(coverage(&inventory).contains(&"global iam.GetAccountPasswordPolicy absent x1".to_owned()));
    assert_eq!(unlisted(&inventory), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn what_builds_on_an_unread_field_is_unread_for_the_same_reason() {
    let fake = users()
        .fails("iam.ListAccessKeys", json!({"UserName": "ann"}), denied("iam:ListAccessKeys"))
        .fails("iam.GenerateCredentialReport", json!({}), denied("iam:GenerateCredentialReport"))
        .fails("iam.GetCredentialReport", json!({}), Failure::Code("ReportNotPresent", ""));
    let inventory = read(&fake, &everything(USERS), &[]).await;

    let keys = "iam.ListAccessKeys in global: denied: iam:ListAccessKeys is missing";
    let report = "iam.GenerateCredentialReport in global: denied: iam:GenerateCredentialReport is missing";
    assert_eq!(
        unread(resource(&inventory, "ann")),
        [
            format!("AccessKeys: {keys}"),
            format!("AccessKeysLastUsed: {keys}"),
            format!("CredentialReport: {report}"),
        ]
    );
    assert_eq!(unread(resource(&inventory, "bob")), [format!("CredentialReport: {report}")]);
    assert_eq!(unread(resource(&inventory, "111122223333")), [format!("RootReport: {report}")]);
}

#[tokio::test]
async fn conditions_decide_whether_a_call_is_made() {
    let plan = everything(
        r#"
- resource: AWS::KMS::Key
  call: kms.ListKeys
  items: Keys[]
  id: KeyId
  also:
    - { call: kms.GetKeyRotationStatus, when: { Manager: CUSTOMER, Spec: [A, B] }, input: { KeyId: "{KeyId}" }, into: Rotation }
    - { call: kms.GetKeyPolicy, when: HasPolicy, input: { KeyId: "{KeyId}", Name: "{Missing}" }, into: Policy }
"#,
    );
    let keys = json!({"Keys": [
        {"KeyId": "1", "Manager": "CUSTOMER", "Spec": "B", "HasPolicy": true},
        {"KeyId": "2", "Manager": "CUSTOMER", "Spec": "C", "HasPolicy": false},
        {"KeyId": "3", "Manager": "AWS", "Spec": "A"},
    ]});
    let fake = Fake::default().answers("kms.ListKeys", json!({}), keys).answers(
        "kms.GetKeyRotationStatus",
        json!({"KeyId": "1"}),
        json!({"KeyRotationEnabled": true}),
    );
    let inventory = read(&fake, &plan, &["eu-west-1"]).await;
    assert_eq!(fake.calls().len(), 2, "{:?}", fake.calls());
    assert_eq!(resource(&inventory, "1").configuration["Rotation"]["KeyRotationEnabled"], true);
    assert!(inventory.resources.iter().all(|it| it.unread.is_empty()));
}

#[tokio::test]
async fn what_the_configuration_leaves_out_is_not_asked_and_not_a_fact() {
    let services = ServiceFilter { exclude: ["iam".to_owned()].into(), ..ServiceFilter::default() };
    let extended = r#"
- extends: AWS::EC2::SecurityGroup
  also:
    - { call: iam.ListRoles, into: Roles }
"#;
    let plan = collectors(&format!("{GROUPS}{extended}{USERS}")).plan(&Needs::Everything, &services);
    let fake = Fake::default().answers(
        "ec2.DescribeSecurityGroups",
        json!({"MaxResults": 1000}),
        json!({"SecurityGroups": [{"GroupId": "sg-1", "OwnerId": "111122223333"}]}),
    );
    let inventory = read(&fake, &plan, &["eu-west-1"]).await;
    assert_eq!(fake.names(), ["ec2.DescribeSecurityGroups"]);
    assert_eq!(unread(resource(&inventory, "sg-1")), ["Roles: iam.ListRoles in eu-west-1: not asked"]);
    assert_eq!(resource(&inventory, "111122223333").unread.len(), 2);
    assert!(!inventory.types.contains("AWS::IAM::User"));
}

#[tokio::test]
async fn only_the_management_account_is_asked_what_it_alone_knows() {
    let plan = everything(
        "- { resource: AWS::Organizations::Policy, scope: global, account: management, call: organizations.ListPolicies, items: 'Policies[]', id: Id }",
    );
    let fake = Fake::default().answers(
        "organizations.ListPolicies",
        json!({}),
        json!({"Policies": [{"Id": "p-1"}]}),
    );
    let member = read(&fake, &plan, &[]).await;
    assert_eq!((fake.calls().len(), shown(&member).len()), (0, 0));
    assert!(!member.types.contains("AWS::Organizations::Policy"), "its absence would say nothing");

    let mut management = account();
    management.management = true;
    let inventory = read_as(&fake, &plan, &management, &[]).await;
    assert_eq!(shown(&inventory), ["global/AWS::Organizations::Policy/p-1"]);
}

#[tokio::test]
async fn an_item_that_cannot_be_named_makes_the_list_incomplete() {
    let fake = Fake::default().answers(
        "ec2.DescribeSecurityGroups",
        json!({"MaxResults": 1000}),
        json!({"SecurityGroups": [{"OwnerId": "111122223333"}, {"GroupId": "sg-1", "OwnerId": "111122223333"}]}),
    );
    let inventory = read(&fake, &everything(GROUPS), &["eu-west-1"]).await;
    assert_eq!(shown(&inventory), ["eu-west-1/AWS::EC2::SecurityGroup/sg-1"]);
    assert_eq!(
        unlisted(&inventory),
        [
            "eu-west-1 AWS::EC2::SecurityGroup: ec2.DescribeSecurityGroups in eu-west-1: failed: item-without-id"
        ]
    );
}
