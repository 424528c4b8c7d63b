//! Batches, and resources of resources.

use serde_json::json;
use yagura_aws::CallErrorKind;

use super::fake::{Failure, Fake, denied, everything, read, resource, shown, unlisted, unread};

const CLUSTERS: &str = r#"
- resource: AWS::ECS::Cluster
  call: ecs.ListClusters
  items: clusterArns[]
  as: clusterArn
  id: clusterArn
  arn: clusterArn
  also:
    - { call: ecs.DescribeClusters, input: { include: [SETTINGS] }, batch: { input: clusters, size: 2, match: clusterArn }, take: clusters, merge: [clusterName, settings] }
- resource: AWS::ECS::Service
  for_each: AWS::ECS::Cluster
  call: ecs.ListServices
  input: { cluster: "{parent.clusterArn}" }
  items: serviceArns[]
  as: serviceArn
  id: "{parent.clusterName}/{serviceArn}"
  also:
    - { call: ecs.DescribeServices, input: { cluster: "{parent.clusterArn}" }, batch: { input: services, key: serviceArn, size: 10, match: serviceArn }, take: services, into: Service }
    - { call: ecs.DescribeTaskDefinition, when: Service.taskDefinition, input: { taskDefinition: "{Service.taskDefinition}" }, take: taskDefinition, into: TaskDefinition }
"#;

fn clusters() -> Fake {
    let described = |names: &[&str]| {
        let found = names
            .iter()
            .map(|it| json!({"clusterArn": it, "clusterName": format!("n-{it}"), "settings": []}));
        json!({"clusters": found.collect::<Vec<_>>(), "failures": []})
    };
    Fake::default()
        .answers("ecs.ListClusters", json!({}), json!({"clusterArns": ["c1", "c2", "c3"]}))
        .answers(
            "ecs.DescribeClusters",
            json!({"include": ["SETTINGS"], "clusters": ["c1", "c2"]}),
            described(&["c2", "c1"]),
        )
        .answers("ecs.DescribeClusters", json!({"include": ["SETTINGS"], "clusters": ["c3"]}), described(&[]))
        .answers("ecs.ListServices", json!({"cluster": "c1"}), json!({"serviceArns": ["s1"]}))
        .answers("ecs.ListServices", json!({"cluster": "c2"}), json!({"serviceArns": ["s1"]}))
        .answers("ecs.ListServices", json!({"cluster": "c3"}), json!({"serviceArns": []}))
        .answers(
            "ecs.DescribeServices",
            json!({"cluster": "c1", "services": ["s1"]}),
            json!({"services": [{"serviceArn": "s1", "taskDefinition": "t1"}]}),
        )
        .answers(
            "ecs.DescribeServices",
            json!({"cluster": "c2", "services": ["s1"]}),
            json!({"services": [{"serviceArn": "s1", "taskDefinition": "t1"}]}),
        )
        .answers(
            "ecs.DescribeTaskDefinition",
            json!({"taskDefinition": "t1"}),
            json!({"taskDefinition": {"family": "f"}}),
        )
}

#[tokio::test]
async fn batches_children_and_calls_that_repeat() {
    let fake = clusters();
    let inventory = read(&fake, &everything(CLUSTERS), &["eu-west-1"]).await;

    assert_eq!(
        shown(&inventory),
        [
            "eu-west-1/AWS::ECS::Cluster/c1",
            "eu-west-1/AWS::ECS::Cluster/c2",
            "eu-west-1/AWS::ECS::Cluster/c3",
            "eu-west-1/AWS::ECS::Service/n-c1/s1",
            "eu-west-1/AWS::ECS::Service/n-c2/s1",
        ]
    );
    let service = resource(&inventory, "n-c2/s1");
    assert_eq!(service.configuration["TaskDefinition"]["family"], "f");
    assert_eq!(service.relationships[0].id, "c2");
    assert_eq!(fake.count("ecs.DescribeTaskDefinition"), 1, "both services have the same one");
    assert_eq!(
        unread(resource(&inventory, "c3")),
        [
            "clusterName: ecs.DescribeClusters in eu-west-1: failed: not-in-answer",
            "settings: ecs.DescribeClusters in eu-west-1: failed: not-in-answer",
        ]
    );
}

#[tokio::test]
async fn children_are_unlisted_when_their_parents_or_one_of_them_fail() {
    let plan = everything(CLUSTERS);
    let fake = clusters().fails("ecs.ListClusters", json!({}), Failure::Kind(CallErrorKind::Throttled));
    let gap = "ecs.ListClusters in eu-west-1: throttled on every attempt";
    assert_eq!(
        unlisted(&read(&fake, &plan, &["eu-west-1"]).await),
        [format!("eu-west-1 AWS::ECS::Cluster: {gap}"), format!("eu-west-1 AWS::ECS::Service: {gap}")]
    );

    let fake = clusters().fails("ecs.ListServices", json!({"cluster": "c1"}), denied("ecs:ListServices"));
    let inventory = read(&fake, &plan, &["eu-west-1"]).await;
    let gap = "ecs.ListServices in eu-west-1: denied: ecs:ListServices is missing";
    assert_eq!(unlisted(&inventory), [format!("eu-west-1 AWS::ECS::Service: {gap}")]);
    assert_eq!(resource(&inventory, "n-c2/s1").configuration["serviceArn"], "s1");
}

/// Two collectors that write one input in two orders make one call; and what one of them finds is kept in one order, without
/// the secret in it.
#[tokio::test]
async fn the_order_of_an_input_or_of_an_answer_changes_nothing() {
    const FUNCTIONS: &str = r#"
- resource: AWS::Lambda::Function
  call: lambda.ListFunctions
  input: { MaxItems: 50, FunctionVersion: ALL }
  items: Functions[]
  id: FunctionName
  redact: [Environment]
- resource: AWS::Lambda::Version
  call: lambda.ListFunctions
  input: { FunctionVersion: ALL, MaxItems: 50 }
  items: Functions[]
  id: "{FunctionName}:1"
"#;
    let answer = json!({"Functions": [
        {"Runtime": "python3.13", "FunctionName": "f", "Environment": {"Variables": {"TOKEN_NAME": "t", "DB_PASSWORD": "hunter22"}}},
    ]});
    let fake = Fake::default().answers(
        "lambda.ListFunctions",
        json!({"FunctionVersion": "ALL", "MaxItems": 50}),
        answer,
    );
    let inventory = read(&fake, &everything(FUNCTIONS), &["eu-west-1"]).await;
    assert_eq!(fake.count("lambda.ListFunctions"), 1);
    assert_eq!(
        serde_json::to_string(&resource(&inventory, "f").configuration).unwrap(),
        r#"{"Environment":{"Variables":{"DB_PASSWORD":"[redacted: password]","TOKEN_NAME":"t"}},"FunctionName":"f","Runtime":"python3.13"}"#
    );
}
