//! Where resources are filed, and where calls go.

use serde_json::json;

use crate::note_regions_left_out;

use super::fake::{Failure, Fake, denied, everything, read, resource, shown, unlisted, unread};

const BUCKETS: &str = r#"
- resource: AWS::S3::Bucket
  scope: global
  call: s3.ListBuckets
  items: Buckets[]
  id: Name
  region: BucketRegion
  locate: { call: s3.GetBucketLocation, input: { Bucket: "{Name}" }, take: LocationConstraint, rename: { EU: eu-west-1 } }
  arn: "arn:{partition}:s3:::{Name}"
  also:
    - { call: s3.GetBucketPolicy, input: { Bucket: "{Name}" }, take: Policy, into: Policy, parse: json, absent: [NoSuchBucketPolicy] }
"#;

fn buckets(list: serde_json::Value) -> Fake {
    Fake::default().answers_in("us-east-1", "s3.ListBuckets", json!({}), json!({ "Buckets": list }))
}

#[tokio::test]
async fn buckets_live_in_their_own_regions() {
    let list = json!([
        {"Name": "open", "BucketRegion": "eu-west-1"},
        {"Name": "plain", "BucketRegion": "us-east-1"},
        {"Name": "shut", "BucketRegion": "us-east-1"},
        {"Name": "elsewhere", "BucketRegion": "sa-east-1"},
    ]);
    let fake = buckets(list)
        .answers_in(
            "eu-west-1",
            "s3.GetBucketPolicy",
            json!({"Bucket": "open"}),
            json!({"Policy": "{\"Id\": \"x\"}"}),
        )
        .fails("s3.GetBucketPolicy", json!({"Bucket": "plain"}), Failure::Code("NoSuchBucketPolicy", ""))
        .fails("s3.GetBucketPolicy", json!({"Bucket": "shut"}), denied("s3:GetBucketPolicy"));
    let inventory = read(&fake, &everything(BUCKETS), &["us-east-1", "eu-west-1"]).await;

    assert_eq!(
        shown(&inventory),
        [
            "eu-west-1/AWS::S3::Bucket/open",
            "us-east-1/AWS::S3::Bucket/plain",
            "us-east-1/AWS::S3::Bucket/shut",
        ]
    );
    assert_eq!(resource(&inventory, "open").configuration["Policy"], json!({"Id": "x"}));
    let plain = resource(&inventory, "plain");
    assert!(
        !plain.configuration.contains_key("Policy") && plain.unread.is_empty(),
        "it has no policy: a fact"
    );
    assert_eq!(
        unread(resource(&inventory, "shut")),
        ["Policy: s3.GetBucketPolicy in us-east-1: denied: s3:GetBucketPolicy is missing"]
    );
    assert_eq!(fake.count("s3.GetBucketPolicy"), 3, "none for the bucket of a region that is not scanned");
}

#[tokio::test]
async fn a_bucket_without_a_region_is_asked_for_it() {
    let location = |name: &str| json!({ "Bucket": name });
    let fake = buckets(json!([{"Name": "a"}, {"Name": "b"}, {"Name": "c"}]))
        .answers("s3.GetBucketLocation", location("a"), json!({"LocationConstraint": null}))
        .answers("s3.GetBucketLocation", location("b"), json!({"LocationConstraint": "EU"}))
        .fails("s3.GetBucketLocation", location("c"), denied("s3:GetBucketLocation"))
        .answers("s3.GetBucketPolicy", location("a"), json!({}))
        .answers("s3.GetBucketPolicy", location("b"), json!({}))
        .answers("s3.GetBucketPolicy", location("c"), json!({}));
    let inventory = read(&fake, &everything(BUCKETS), &["us-east-1", "eu-west-1"]).await;
    assert_eq!(
        shown(&inventory),
        ["eu-west-1/AWS::S3::Bucket/b", "global/AWS::S3::Bucket/c", "us-east-1/AWS::S3::Bucket/a"]
    );
    assert_eq!(
        unread(resource(&inventory, "c")),
        ["BucketRegion: s3.GetBucketLocation in global: denied: s3:GetBucketLocation is missing"]
    );
}

#[tokio::test]
async fn buckets_that_cannot_be_listed_are_missed_in_every_region() {
    let fake = Fake::default().fails("s3.ListBuckets", json!({}), denied("s3:ListAllMyBuckets"));
    let inventory = read(&fake, &everything(BUCKETS), &["us-east-1", "eu-west-1"]).await;
    assert_eq!(
        unlisted(&inventory),
        ["global AWS::S3::Bucket: s3.ListBuckets in global: denied: s3:ListAllMyBuckets is missing"]
    );
    assert!(inventory.unlisted[0].concerns(&"AWS::S3::Bucket".into(), &"eu-west-1".into()));
}

const TRAILS: &str = r#"
- resource: AWS::CloudTrail::Trail
  call: cloudtrail.DescribeTrails
  items: trailList[]
  id: TrailARN
  region: HomeRegion
  also:
    - { call: cloudtrail.GetTrailStatus, input: { Name: "{TrailARN}" }, into: Status }
"#;

#[tokio::test]
async fn a_trail_that_all_regions_list_is_kept_once_as_its_own_region_tells_it() {
    let seen_by =
        |region: &str| json!({"trailList": [{"TrailARN": "t", "HomeRegion": "eu-west-1", "SeenBy": region}]});
    let mut fake = Fake::default().answers_in(
        "eu-west-1",
        "cloudtrail.GetTrailStatus",
        json!({"Name": "t"}),
        json!({"IsLogging": true}),
    );
    let regions = ["us-east-1", "ap-northeast-1", "eu-west-1"];
    for region in regions {
        fake = fake.answers_in(region, "cloudtrail.DescribeTrails", json!({}), seen_by(region));
    }
    let plan = everything(TRAILS);
    for seed in 0..20 {
        fake.seed = seed;
        let inventory = read(&fake, &plan, &regions).await;
        assert_eq!(shown(&inventory), ["eu-west-1/AWS::CloudTrail::Trail/t"]);
        let trail = &resource(&inventory, "t").configuration;
        assert_eq!((&trail["SeenBy"], &trail["Status"]["IsLogging"]), (&json!("eu-west-1"), &json!(true)));
    }

    let fake = fake.fails_in(
        "eu-west-1",
        "cloudtrail.DescribeTrails",
        json!({}),
        denied("cloudtrail:DescribeTrails"),
    );
    let inventory = read(&fake, &plan, &regions).await;
    assert_eq!(resource(&inventory, "t").configuration["SeenBy"], "ap-northeast-1", "the first by name");
    assert_eq!(inventory.unlisted.len(), 1, "other trails of that region may be missed");
}

#[tokio::test]
async fn a_trail_at_home_elsewhere_is_kept_and_asked_about_where_it_was_listed() {
    let trail = json!({"TrailARN": "t", "HomeRegion": "eu-west-1"});
    let fake = Fake::default()
        .answers_in("us-east-1", "cloudtrail.DescribeTrails", json!({}), json!({ "trailList": [trail] }))
        .answers_in(
            "us-east-1",
            "cloudtrail.GetTrailStatus",
            json!({"Name": "t"}),
            json!({"IsLogging": true}),
        );
    let inventory = read(&fake, &everything(TRAILS), &["us-east-1"]).await;
    assert_eq!(shown(&inventory), ["eu-west-1/AWS::CloudTrail::Trail/t"]);
    assert_eq!(resource(&inventory, "t").configuration["Status"]["IsLogging"], true);
    assert_eq!(inventory.regions.len(), 1, "the other region was not scanned");
}

#[tokio::test]
async fn regions_have_settings_and_some_calls_go_elsewhere() {
    let plan = everything(
        r#"
- extends: AWS::::Region
  also:
    - { call: ec2.GetEbsEncryptionByDefault, take: EbsEncryptionByDefault, into: EbsEncryptionByDefault }
- { resource: AWS::GlobalAccelerator::Accelerator, scope: global, at: us-west-2, call: globalaccelerator.ListAccelerators, items: "Accelerators[]", id: Arn }
- { resource: AWS::Other::Thing, scope: global, at: cn-north-1, call: other.ListThings, items: "Things[]", id: Arn }
"#,
    );
    let encryption = |on: bool| json!({ "EbsEncryptionByDefault": on });
    let fake = Fake::default()
        .answers_in("eu-west-1", "ec2.GetEbsEncryptionByDefault", json!({}), encryption(true))
        .answers_in("us-east-1", "ec2.GetEbsEncryptionByDefault", json!({}), encryption(false))
        .answers_in(
            "us-west-2",
            "globalaccelerator.ListAccelerators",
            json!({}),
            json!({"Accelerators": [{"Arn": "g"}]}),
        );
    let inventory = read(&fake, &plan, &["us-east-1", "eu-west-1"]).await;
    assert_eq!(resource(&inventory, "eu-west-1").configuration["EbsEncryptionByDefault"], true);
    assert_eq!(resource(&inventory, "us-east-1").configuration["EbsEncryptionByDefault"], false);
    assert_eq!(shown(&inventory), ["global/AWS::GlobalAccelerator::Accelerator/g"]);
    assert_eq!(fake.count("other.ListThings"), 0);
}

#[tokio::test]
async fn a_region_that_is_left_out_may_hold_more_of_what_lies_in_regions() {
    let kinds = r#"
- { resource: AWS::IAM::User, scope: global, call: iam.ListUsers, items: "Users[]", id: UserName }
- { resource: AWS::ECS::Cluster, call: ecs.ListClusters, items: "clusterArns[]", as: clusterArn, id: clusterArn }
- { resource: AWS::ECS::Service, for_each: AWS::ECS::Cluster, call: ecs.ListServices, input: { cluster: "{parent.clusterArn}" }, items: "serviceArns[]", as: serviceArn, id: serviceArn }
- { resource: AWS::CloudTrail::Trail, call: cloudtrail.DescribeTrails, items: "trailList[]", id: Name, region: HomeRegion }
"#;
    let plan = everything(&format!("{kinds}{BUCKETS}"));
    let fake = buckets(json!([]))
        .answers("iam.ListUsers", json!({}), json!({"Users": []}))
        .answers("ecs.ListClusters", json!({}), json!({"clusterArns": []}))
        .answers("cloudtrail.DescribeTrails", json!({}), json!({"trailList": []}));
    let mut inventory = read(&fake, &plan, &["us-east-1"]).await;
    assert_eq!(unlisted(&inventory), Vec::<String>::new());

    note_regions_left_out(&mut inventory, &plan, &["eu-west-1".into()]);

    let left_out: Vec<_> = inventory.unlisted.iter().map(|it| it.resource_type.as_str()).collect();
    assert_eq!(left_out, ["AWS::::Region", "AWS::ECS::Cluster", "AWS::ECS::Service", "AWS::S3::Bucket"]);
    assert!(inventory.unlisted.iter().all(|it| it.region.as_str() == "eu-west-1"));
}
