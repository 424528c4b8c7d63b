//! Keys of resources: by example, and for every pattern there is.

use super::*;

fn resources() -> Resources {
    let (resources, diagnostics) = Resources::load(&Packs::embedded());
    assert_eq!(diagnostics, []);
    resources
}

fn key(id: &str, kind: Option<&str>, region: &str) -> String {
    let account = AccountId::new("111122223333").unwrap();
    resources().place(Named { id, kind, account: &account, region }).key.to_string()
}

#[test]
fn an_arn_becomes_the_key_that_our_collectors_give() {
    for (arn, kind, expected) in [
        (
            "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
            Some("AwsEc2SecurityGroup"),
            "111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1",
        ),
        ("arn:aws:s3:::logs", Some("AwsS3Bucket"), "111122223333/eu-west-1/AWS::S3::Bucket/logs"),
        ("arn:aws:iam::111122223333:user/ops/ann", None, "111122223333/global/AWS::IAM::User/ann"),
        ("arn:aws:iam::111122223333:root", None, "111122223333/global/AWS::::Account/111122223333"),
        (
            "AWS::::Account:111122223333",
            Some("AwsAccount"),
            "111122223333/global/AWS::::Account/111122223333",
        ),
        ("111122223333", Some("AwsAccount"), "111122223333/global/AWS::::Account/111122223333"),
        (
            "arn:aws:sts::111122223333:assumed-role/admin/ann",
            None,
            "111122223333/global/AWS::IAM::Role/admin",
        ),
        (
            "arn:aws:ec2:eu-west-1:111122223333:snapshot/snap-1",
            None,
            "111122223333/eu-west-1/AWS::EC2::Snapshot/snap-1",
        ),
        (
            "arn:aws:logs:eu-west-1:111122223333:log-group:/app/web:*",
            None,
            "111122223333/eu-west-1/AWS::Logs::LogGroup//app/web",
        ),
        (
            "arn:aws:lambda:eu-west-1:111122223333:function:resize:3",
            None,
            "111122223333/eu-west-1/AWS::Lambda::Function/resize",
        ),
        (
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188",
            None,
            "111122223333/eu-west-1/AWS::ElasticLoadBalancingV2::LoadBalancer/arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188",
        ),
        (
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/web",
            None,
            "111122223333/eu-west-1/AWS::ElasticLoadBalancing::LoadBalancer/web",
        ),
        (
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1B2c3",
            None,
            "111122223333/eu-west-1/AWS::SecretsManager::Secret/prod/db",
        ),
        (
            "arn:aws:ecr:eu-west-1:111122223333:repository/team/app/sha256:abc",
            Some("AwsEcrContainerImage"),
            "111122223333/eu-west-1/AWS::ECR::ContainerImage/team/app@sha256:abc",
        ),
        ("i-1", Some("AWS::EC2::Instance"), "111122223333/eu-west-1/AWS::EC2::Instance/i-1"),
        ("arn:aws:odd:::x", Some("AwsOddThing"), "111122223333/eu-west-1/AwsOddThing/arn:aws:odd:::x"),
        (
            "arn:aws:wafv2:us-east-1:111122223333:global/webacl/edge/a-1",
            None,
            "111122223333/global/AWS::WAFv2::WebACL/a-1",
        ),
    ] {
        assert_eq!(key(arn, kind, "eu-west-1"), expected, "{arn}");
    }
}

#[test]
fn a_resource_belongs_to_the_account_in_its_arn() {
    let placed = key("arn:aws:ec2:eu-west-1:444455556666:vpc/vpc-1", None, "us-east-1");
    assert_eq!(placed, "444455556666/eu-west-1/AWS::EC2::VPC/vpc-1");
}

/// Every pattern, filled with names, comes back as the type and the id that the collector would give.
#[test]
fn every_pattern_goes_back_and_forth() {
    let resources = resources();
    let account = AccountId::new("111122223333").unwrap();
    let mut seen = 0;
    for (service, forms) in &resources.forms {
        for form in forms {
            let around = Around { arn: "", account: account.as_str(), region: "eu-west-1" };
            let value = |slot: &str| match slot {
                "_path" => "a/".to_owned(),
                "_six" => "a1B2c3".to_owned(),
                slot => format!("x{}", slot.len()),
            };
            let (last, _) = form.pattern.filled(around, value);
            let region = if form.regional { "eu-west-1" } else { "" };
            let arn = format!("arn:aws:{service}:{region}:{account}:{last}");
            let (_, id) = form.pattern.filled(Around { arn: &arn, ..around }, value);
            let named = Named { id: &arn, kind: None, account: &account, region: "eu-west-1" };
            let placed = resources.place(named);
            assert_eq!(
                (&placed.key.resource_type, placed.key.id.as_str()),
                (&form.resource, id.as_str()),
                "{arn}"
            );
            seen += 1;
        }
    }
    assert!(seen > 250, "{seen} patterns");
}

/// The id of these does not stand in their ARN.
const NOT_TOLD: [&str; 6] = [
    "AWS::::Region",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::EC2::KeyPair",
    "AWS::Events::Rule",
    "AWS::SNS::Subscription",
    "AWS::EKS::Nodegroup",
];

#[test]
fn every_collected_type_is_recognised_by_its_arn() {
    let resources = resources();
    let known: BTreeSet<&str> =
        resources.forms.values().flatten().map(|form| form.resource.as_str()).collect();
    let missing: Vec<_> = resources
        .collected()
        .map(ResourceType::as_str)
        .filter(|it| !known.contains(it) && !NOT_TOLD.contains(it))
        .collect();
    assert!(missing.is_empty(), "packs/imports/arns.yaml lacks {missing:?}");
}
