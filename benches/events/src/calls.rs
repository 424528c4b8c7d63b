//! What is called: the operations that fill the logs of real organisations, with requests and answers of their shapes.

use serde_json::{Value as Json, json};

use crate::random::Random;

/// An operation as an event tells it.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    pub(crate) read_only: bool,
    pub(crate) request: Json,
    pub(crate) response: Json,
    pub(crate) resources: Json,
    /// Data events are about single objects.
    pub(crate) is_data: bool,
}

/// Operations that only look, and what they are asked for: the most of every log.
const LOOKS: [(&str, &str, &str); 34] = [
    ("ec2", "DescribeInstances", "instancesSet"),
    ("ec2", "DescribeSecurityGroups", "securityGroupSet"),
    ("ec2", "DescribeNetworkInterfaces", "filterSet"),
    ("ec2", "DescribeVolumes", "volumeSet"),
    ("ec2", "DescribeRouteTables", "routeTableIdSet"),
    ("ec2", "DescribeSubnets", "subnetSet"),
    ("ec2", "DescribeTags", "filterSet"),
    ("ec2", "DescribeImages", "imagesSet"),
    ("ec2", "DescribeLaunchTemplateVersions", "DescribeLaunchTemplateVersionsRequest"),
    ("autoscaling", "DescribeAutoScalingGroups", "autoScalingGroupNames"),
    ("elasticloadbalancing", "DescribeTargetHealth", "targetGroupArn"),
    ("elasticloadbalancing", "DescribeLoadBalancers", "loadBalancerArns"),
    ("monitoring", "DescribeAlarms", "alarmNames"),
    ("monitoring", "ListMetrics", "namespace"),
    ("logs", "DescribeLogGroups", "logGroupNamePrefix"),
    ("logs", "DescribeLogStreams", "logGroupName"),
    ("iam", "GetRole", "roleName"),
    ("iam", "ListAttachedRolePolicies", "roleName"),
    ("iam", "GetPolicyVersion", "policyArn"),
    ("iam", "ListRoles", "maxItems"),
    ("rds", "DescribeDBInstances", "dBInstanceIdentifier"),
    ("rds", "ListTagsForResource", "resourceName"),
    ("lambda", "ListFunctions20150331", "maxItems"),
    ("lambda", "GetFunctionConfiguration20150331v2", "functionName"),
    ("s3", "GetBucketAcl", "bucketName"),
    ("s3", "GetBucketPolicyStatus", "bucketName"),
    ("s3", "GetBucketEncryption", "bucketName"),
    ("ecs", "DescribeServices", "services"),
    ("ecs", "DescribeTasks", "tasks"),
    ("eks", "DescribeCluster", "name"),
    ("cloudformation", "DescribeStacks", "stackName"),
    ("secretsmanager", "DescribeSecret", "secretId"),
    ("config", "DescribeConfigurationRecorders", "configurationRecorderNames"),
    ("ssm", "DescribeInstanceInformation", "filters"),
];

const NAMES: [&str; 8] = [
    "orders-prod",
    "orders-staging",
    "image-resizer",
    "billing-export",
    "search-index",
    "customer-portal",
    "shared-network",
    "audit-archive",
];

/// One operation, chosen as often as it stands in logs.
pub(crate) fn call(account: &str, region: &str, random: &mut Random) -> Call {
    match random.below(100) {
        0..45 => look(random),
        45..53 => assume_role(account, random),
        53..66 => key(account, region, random),
        66..77 => object(account, region, random),
        77..83 => parameter(account, region, random),
        83..91 => small_change(account, region, random),
        91..95 => log_stream(random),
        95..96 => run_instances(account, region, random),
        96..97 => security_group(random),
        97..99 => invoke(account, region, random),
        _ => console_login(random),
    }
}

fn of(service: &'static str, name: &'static str, request: Json) -> Call {
    let (response, resources) = (Json::Null, Json::Null);
    Call { service, name, read_only: true, request, response, resources, is_data: false }
}

fn changing(service: &'static str, name: &'static str, request: Json, response: Json) -> Call {
    Call { read_only: false, response, ..of(service, name, request) }
}

fn name(random: &mut Random) -> String {
    format!("{}-{}", random.pick(&NAMES), random.below(40))
}

/// What belongs to an account is named again and again: numbers of one of its few things.
fn one_of_few(account: &str, random: &mut Random) -> Random {
    Random::new(account.bytes().map(u64::from).sum::<u64>() * 1000 + random.below(40))
}

fn look(random: &mut Random) -> Call {
    let (service, operation, key) = *random.pick_skewed(&LOOKS);
    let request = match random.below(5) {
        0 => Json::Null,
        1 => {
            json!({ key: { "items": [{ "name": "vpc-id", "valueSet": { "items": [{ "value": format!("vpc-0{}", one_of_few(key, random).hex(16)) }] } }] }, "maxResults": 100 })
        }
        2 => json!({ key: [name(random), name(random)], "nextToken": random.base64(60) }),
        _ => json!({ key: name(random) }),
    };
    of(service, operation, request)
}

fn assume_role(account: &str, random: &mut Random) -> Call {
    let role = format!(
        "arn:aws:iam::{account}:role/{}",
        random.pick(&[
            "monitoring-reader",
            "ci-deploy",
            "external-dns",
            "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
        ])
    );
    let session = format!("session-{}", random.hex(12));
    let request = json!({ "roleArn": role, "roleSessionName": session, "durationSeconds": 3600 });
    let response = json!({
        "credentials": {
            "accessKeyId": random.id("ASIA"),
            "sessionToken": random.base64(360),
            "expiration": "Jan 15, 2026, 1:05:00 AM",
        },
        "assumedRoleUser": { "assumedRoleId": format!("{}:{session}", random.id("AROA")), "arn": format!("{role}/{session}") },
    });
    let resources = json!([{ "accountId": account, "type": "AWS::IAM::Role", "ARN": role }]);
    Call { response, resources, ..of("sts", "AssumeRole", request) }
}

fn key(account: &str, region: &str, random: &mut Random) -> Call {
    let arn = format!("arn:aws:kms:{region}:{account}:key/{}", one_of_few(account, random).uuid());
    let operation =
        *random.pick_skewed(&["Decrypt", "GenerateDataKey", "DescribeKey", "Encrypt", "ListGrants"]);
    let request = json!({
        "keyId": arn,
        "encryptionContext": { "aws:s3:arn": format!("arn:aws:s3:::{}", name(random)) },
        "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
    });
    Call {
        resources: json!([{ "accountId": account, "type": "AWS::KMS::Key", "ARN": arn }]),
        ..of("kms", operation, request)
    }
}

fn object(account: &str, region: &str, random: &mut Random) -> Call {
    let operation =
        *random.pick_skewed(&["GetObject", "PutObject", "HeadObject", "ListObjects", "DeleteObject"]);
    let bucket = format!("{}-{account}", random.pick(&NAMES));
    let object = format!("year=2026/month=01/day=15/{}/part-{}.parquet", random.hex(8), random.below(10_000));
    let request = json!({
        "bucketName": bucket,
        "Host": format!("{bucket}.s3.{region}.amazonaws.com"),
        "key": object,
    });
    let response = match operation {
        "PutObject" => {
            json!({ "x-amz-server-side-encryption": "aws:kms", "x-amz-version-id": random.base64(32) })
        }
        _ => Json::Null,
    };
    let resources = json!([
        { "type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/{object}") },
        { "accountId": account, "type": "AWS::S3::Bucket", "ARN": format!("arn:aws:s3:::{bucket}") },
    ]);
    let read_only = !matches!(operation, "PutObject" | "DeleteObject");
    Call { read_only, response, resources, is_data: true, ..of("s3", operation, request) }
}

fn parameter(account: &str, region: &str, random: &mut Random) -> Call {
    let path = format!(
        "/{}/{}",
        random.pick(&NAMES),
        random.pick(&["database/url", "api/key", "feature-flags", "log-level"])
    );
    match random.below(3) {
        0 => of("ssm", "GetParameter", json!({ "name": path, "withDecryption": true })),
        1 => of("ssm", "GetParametersByPath", json!({ "path": path, "recursive": true, "maxResults": 10 })),
        _ => {
            let arn = format!("arn:aws:secretsmanager:{region}:{account}:secret:{}", name(random));
            of("secretsmanager", "GetSecretValue", json!({ "secretId": arn, "versionStage": "AWSCURRENT" }))
        }
    }
}

fn small_change(account: &str, region: &str, random: &mut Random) -> Call {
    match random.below(5) {
        0 => {
            let items = json!({ "items": [{ "key": "team", "value": "orders" }, { "key": "cost-center", "value": random.below(9000) }] });
            let request = json!({ "resourcesSet": { "items": [{ "resourceId": format!("i-0{}", random.hex(16)) }] }, "tagSet": items });
            changing("ec2", "CreateTags", request, json!({ "requestId": random.uuid(), "_return": true }))
        }
        1 => {
            let request = json!({
                "agentVersion": "3.3.1345.0", "agentStatus": "Active", "platformType": "Linux", "platformName": "Amazon Linux",
                "platformVersion": "2023", "iPAddress": "10.20.31.7", "computerName": "ip-10-20-31-7.ec2.internal",
                "agentName": "amazon-ssm-agent", "availabilityZone": format!("{region}a"), "instanceId": format!("i-0{}", random.hex(16)),
            });
            changing("ssm", "UpdateInstanceInformation", request, Json::Null)
        }
        2 => {
            let request = json!({ "evaluations": [{ "complianceResourceType": "AWS::S3::Bucket", "complianceResourceId": name(random), "complianceType": "COMPLIANT", "orderingTimestamp": "Jan 15, 2026, 12:04:11 AM" }], "resultToken": random.base64(80), "testMode": false });
            changing("config", "PutEvaluations", request, json!({ "failedEvaluations": [] }))
        }
        3 => {
            let request = json!({ "cluster": random.pick(&NAMES), "containerInstance": format!("arn:aws:ecs:{region}:{account}:container-instance/{}", random.hex(32)), "agentVersion": "1.89.2" });
            changing("ecs", "SubmitTaskStateChange", request, json!({ "acknowledgment": "ACK" }))
        }
        _ => {
            let request = json!({ "tableName": random.pick(&NAMES), "key": { "pk": name(random) } });
            Call { is_data: true, ..of("dynamodb", "GetItem", request) }
        }
    }
}

fn log_stream(random: &mut Random) -> Call {
    let request = json!({
        "logGroupName": format!("/aws/lambda/{}", random.pick(&NAMES)),
        "logStreamName": format!("2026/01/15/[$LATEST]{}", random.hex(32)),
    });
    changing("logs", "CreateLogStream", request, Json::Null)
}

fn run_instances(account: &str, region: &str, random: &mut Random) -> Call {
    let tags = json!([{ "key": "Name", "value": name(random) }, { "key": "aws:autoscaling:groupName", "value": "orders-prod" }]);
    let (image, subnet, group) = (
        format!("ami-0{}", random.hex(16)),
        format!("subnet-0{}", random.hex(16)),
        format!("sg-0{}", random.hex(16)),
    );
    let kind = *random.pick(&["m7g.large", "c7i.xlarge", "t3.medium", "r7g.2xlarge"]);
    let request = json!({
        "instancesSet": { "items": [{ "minCount": 1, "maxCount": 1 }] },
        "launchTemplate": { "launchTemplateId": format!("lt-0{}", random.hex(16)), "version": "12" },
        "instanceType": kind, "subnetId": subnet, "clientToken": random.uuid(),
        "tagSpecificationSet": { "items": [{ "resourceType": "instance", "tags": tags }] },
        "metadataOptions": { "httpTokens": "required" },
    });
    let interface = json!({
        "networkInterfaceId": format!("eni-0{}", random.hex(16)),
        "subnetId": subnet,
        "ownerId": account,
        "status": "in-use",
        "macAddress": "06:4f:2a:9b:11:3d",
        "privateIpAddress": "10.20.31.77",
        "sourceDestCheck": true,
        "interfaceType": "interface",
        "groupSet": { "items": [{ "groupId": group, "groupName": "orders" }] },
        "attachment": {
            "attachmentId": format!("eni-attach-0{}", random.hex(16)),
            "deviceIndex": 0,
            "status": "attaching",
            "attachTime": 1_768_435_200_000_u64,
            "deleteOnTermination": true,
        },
    });
    let mut instance = json!({
        "instanceId": format!("i-0{}", random.hex(16)),
        "imageId": image,
        "currentInstanceBootMode": "uefi",
        "instanceState": { "code": 0, "name": "pending" },
        "privateDnsName": "ip-10-20-31-77.ec2.internal",
        "amiLaunchIndex": 0,
        "productCodes": {},
        "instanceType": kind,
        "launchTime": 1_768_435_200_000_u64,
        "placement": { "availabilityZone": format!("{region}a"), "tenancy": "default" },
        "monitoring": { "state": "pending" },
        "subnetId": subnet,
        "vpcId": format!("vpc-0{}", random.hex(16)),
        "privateIpAddress": "10.20.31.77",
        "stateReason": { "code": "pending", "message": "pending" },
    });
    let more = json!({
        "architecture": "arm64",
        "rootDeviceType": "ebs",
        "rootDeviceName": "/dev/xvda",
        "blockDeviceMapping": {},
        "virtualizationType": "hvm",
        "hypervisor": "xen",
        "tagSet": { "items": tags },
        "groupSet": { "items": [{ "groupId": group, "groupName": "orders" }] },
        "sourceDestCheck": true,
        "networkInterfaceSet": { "items": [interface] },
        "ebsOptimized": true,
        "enaSupport": true,
        "cpuOptions": { "coreCount": 2, "threadsPerCore": 1 },
        "metadataOptions": {
            "state": "pending",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 2,
            "httpEndpoint": "enabled",
            "instanceMetadataTags": "disabled",
        },
    });
    if let (Json::Object(instance), Json::Object(more)) = (&mut instance, more) {
        instance.extend(more);
    }
    let response = json!({
        "requestId": random.uuid(),
        "reservationId": format!("r-0{}", random.hex(16)),
        "ownerId": account,
        "groupSet": {},
        "instancesSet": { "items": [instance] },
        "requesterId": "043234062703",
    });
    changing("ec2", "RunInstances", request, response)
}

fn security_group(random: &mut Random) -> Call {
    let group = format!("sg-0{}", random.hex(16));
    let port = *random.pick(&[443, 8443, 8080, 5432]);
    let request = json!({ "groupId": group, "ipPermissions": { "items": [{
        "ipProtocol": "tcp", "fromPort": port, "toPort": port, "groups": {}, "ipv6Ranges": {}, "prefixListIds": {},
        "ipRanges": { "items": [{ "cidrIp": "10.20.0.0/16", "description": "office" }] },
    }] } });
    let rule = json!({ "groupOwnerId": "111122223333", "groupId": group, "securityGroupRuleId": format!("sgr-0{}", random.hex(16)), "isEgress": false, "ipProtocol": "tcp", "fromPort": port, "toPort": port, "cidrIpv4": "10.20.0.0/16" });
    let response =
        json!({ "requestId": random.uuid(), "_return": true, "securityGroupRuleSet": { "items": [rule] } });
    changing("ec2", "AuthorizeSecurityGroupIngress", request, response)
}

fn invoke(account: &str, region: &str, random: &mut Random) -> Call {
    let arn = format!("arn:aws:lambda:{region}:{account}:function:{}", random.pick(&NAMES));
    let request = json!({ "functionName": arn, "sourceArn": format!("arn:aws:events:{region}:{account}:rule/{}", name(random)) });
    let resources = json!([{ "accountId": account, "type": "AWS::Lambda::Function", "ARN": arn }]);
    Call { resources, is_data: true, ..changing("lambda", "Invoke", request, Json::Null) }
}

fn console_login(random: &mut Random) -> Call {
    let answer = if random.per_mille(100) { "Failure" } else { "Success" };
    changing("signin", "ConsoleLogin", Json::Null, json!({ "ConsoleLogin": answer }))
}
