//! A million rule evaluations on one core, and the same conditions through the `cel` crate's own interpreter.
//!
//! `cargo bench -p yagura-posture --bench evaluate_million` prints both, and how long it takes to read and compile every
//! rule. Where Linux tells the time that the thread was on a core, that is what counts.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when its own data is wrong"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cel::objects::Key;
use cel::{Context, Env, Value as Theirs};
use serde_json::{Map, Value as Json, json};
use yagura_model::{
    Account, AccountId, Coverage, Inventory, Organization, Outcome, Partition, Region, Resource, ResourceKey,
    ResourceType, Timestamp,
};
use yagura_packs::Packs;
use yagura_posture::{Rules, Selection, Settings};

/// How many resources of each type one account has.
const EACH: usize = 5_000;
const EVALUATIONS: usize = 1_000_000;

/// Rules in plain CEL, so that the library can evaluate them too.
const PLAIN: [(&str, &str, &str); 3] = [
    (
        "plain-imdsv2",
        "AWS::EC2::Instance",
        "resource.MetadataOptions.HttpTokens == 'required' || resource.MetadataOptions.?HttpEndpoint.orValue('enabled') == 'disabled'",
    ),
    (
        "plain-ssh",
        "AWS::EC2::SecurityGroup",
        "resource.IpPermissions.all(p, !(p.IpProtocol == '-1' || (p.IpProtocol == 'tcp' && p.FromPort <= 22 && p.ToPort >= 22)) || p.IpRanges.all(r, r.CidrIp != '0.0.0.0/0'))",
    ),
    (
        "plain-keys",
        "AWS::IAM::User",
        "resource.AccessKeys.filter(k, k.Status == 'Active').size() <= 1 && resource.AccessKeys.all(k, k.Status in ['Active', 'Inactive'])",
    ),
];

fn main() {
    loading();
    let inventory = inventory();
    let organization = Organization::of_one(inventory.account.clone(), Partition::Aws);
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();

    let (rules, _) = Rules::load(&Packs::embedded(), &Settings::default());
    let chosen =
        ["restricted-ssh", "ec2-imdsv2-check", "access-keys-rotated", "s3-bucket-public-read-prohibited"];
    let rules = rules.select(&Selection::of(chosen)).unwrap();
    let (count, took) = evaluations(&rules, &inventory, &organization, now, EVALUATIONS);
    println!("four of our rules:    {count} evaluations in {took:.2?}, {:.2} us each", micros(took, count));

    let plain = plain_rules();
    let (count, ours) = evaluations(&plain, &inventory, &organization, now, EVALUATIONS);
    println!("plain CEL, ours:      {count} evaluations in {ours:.2?}, {:.2} us each", micros(ours, count));
    let (library_count, theirs) = library(&inventory);
    println!(
        "plain CEL, library:   {library_count} evaluations in {theirs:.2?}, {:.2} us each",
        micros(theirs, library_count)
    );
    println!("the library takes {:.1} times as long", micros(theirs, library_count) / micros(ours, count));
}

/// A moment, by the thread's time on a core if that is known.
struct Clock {
    on_core: Option<Duration>,
    wall: Instant,
}

impl Clock {
    fn start() -> Self {
        Self { on_core: on_core(), wall: Instant::now() }
    }

    fn elapsed(&self) -> Duration {
        match (self.on_core, on_core()) {
            (Some(start), Some(now)) => now - start,
            _ => self.wall.elapsed(),
        }
    }
}

fn on_core() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

fn micros(took: Duration, count: usize) -> f64 {
    took.as_secs_f64() * 1e6 / f64::from(u32::try_from(count).unwrap())
}

/// Reads what came with the program as a scan does, and then everything.
fn loading() {
    let packs = Packs::embedded();
    let start = Clock::start();
    let (rules, problems) = Rules::load(&packs, &Settings::default());
    let read = start.elapsed();
    assert!(problems.is_empty(), "{problems:?}");
    let start = Clock::start();
    let _ = rules.needs();
    let compiled = start.elapsed();
    println!("{} rules: read in {read:.2?}, compiled in {compiled:.2?}", rules.len());
}

/// Judges the account again and again until there are enough answers.
fn evaluations(
    rules: &Rules,
    inventory: &Inventory,
    organization: &Organization,
    now: Timestamp,
    wanted: usize,
) -> (usize, Duration) {
    let first = rules.evaluate(inventory, organization, now);
    for outcome in [Outcome::Compliant, Outcome::NonCompliant] {
        assert!(first.iter().any(|it| it.outcome == outcome), "no answer is {outcome}");
    }
    assert!(first.iter().all(|it| it.outcome != Outcome::InsufficientData), "the data lacks a field");
    let start = Clock::start();
    let mut count = 0;
    while count < wanted {
        count += rules.evaluate(inventory, organization, now).len();
    }
    (count, start.elapsed())
}

fn plain_rules() -> Rules {
    let directory = tempfile::tempdir().unwrap();
    for (id, resource_type, condition) in PLAIN {
        let text = format!(
            "id: {id}\nresource: {resource_type}\nseverity: high\nfunction: protect\ncompliant: >-\n  {condition}\n"
        );
        std::fs::write(directory.path().join(format!("{id}.yaml")), text).unwrap();
    }
    let packs = Packs::empty().overlay_at("rules", directory.path()).unwrap();
    let (rules, problems) = Rules::load(&packs, &Settings::default());
    assert_eq!(rules.len(), PLAIN.len(), "{problems:?}");
    rules
}

/// The same conditions and resources through the library; making its values is not counted.
fn library(inventory: &Inventory) -> (usize, Duration) {
    let env = Arc::new(Env::stdlib());
    let mut count = 0;
    let mut took = Duration::ZERO;
    for (_, resource_type, condition) in PLAIN {
        let program = env.compile(condition).unwrap();
        let contexts: Vec<Context<'_, '_>> = inventory
            .resources
            .iter()
            .filter(|it| it.key.resource_type.as_str() == resource_type)
            .map(|it| {
                let mut context = Context::with_env(Arc::clone(&env));
                context.add_variable_from_value("resource", theirs(&Json::Object(it.configuration.clone())));
                context
            })
            .collect();
        let start = Clock::start();
        for context in &contexts {
            let answer = program.execute(context);
            assert!(matches!(answer, Ok(Theirs::Bool(_))), "{answer:?}");
        }
        took += start.elapsed();
        count += contexts.len();
    }
    (count, took)
}

fn theirs(json: &Json) -> Theirs {
    match json {
        Json::Null => Theirs::Null,
        Json::Bool(it) => Theirs::Bool(*it),
        Json::Number(it) => it.as_i64().map_or_else(|| Theirs::Float(it.as_f64().unwrap()), Theirs::Int),
        Json::String(it) => Theirs::String(Arc::new(it.clone())),
        Json::Array(items) => Theirs::List(Arc::new(items.iter().map(theirs).collect())),
        Json::Object(map) => {
            let map: HashMap<Key, Theirs> =
                map.iter().map(|(key, value)| (key.clone().into(), theirs(value))).collect();
            map.into()
        }
    }
}

/// An account with resources as AWS describes them, some good and some bad.
fn inventory() -> Inventory {
    let account = Account::bare(AccountId::new("111122223333").unwrap());
    let mut resources = Vec::with_capacity(4 * EACH + 1);
    for n in 0..EACH {
        let region = ["eu-west-1", "us-east-1", "ap-northeast-1"][n % 3];
        resources.push(resource("AWS::EC2::SecurityGroup", n, region, security_group(n)));
        resources.push(resource("AWS::EC2::Instance", n, region, instance(n)));
        resources.push(resource("AWS::S3::Bucket", n, region, bucket(n)));
        resources.push(resource("AWS::IAM::User", n, Region::GLOBAL, user(n)));
    }
    let block =
        json!({ "S3PublicAccessBlock": { "RestrictPublicBuckets": false, "IgnorePublicAcls": false } });
    resources.push(resource(ResourceType::ACCOUNT, 0, Region::GLOBAL, block));
    resources.sort_by(|a, b| a.key.cmp(&b.key));
    let types: BTreeSet<ResourceType> = resources.iter().map(|it| it.key.resource_type.clone()).collect();
    Inventory {
        account,
        regions: Vec::new(),
        types,
        resources,
        unlisted: Vec::new(),
        coverage: Coverage::default(),
        links: None,
    }
}

fn security_group(n: usize) -> Json {
    let open = if n.is_multiple_of(10) { "0.0.0.0/0" } else { "10.0.0.0/8" };
    json!({
        "GroupId": format!("sg-{n:08x}"), "GroupName": "web", "Description": "web servers", "VpcId": "vpc-1", "OwnerId": "111122223333",
        "IpPermissions": [
            { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }], "Ipv6Ranges": [{ "CidrIpv6": "::/0" }], "PrefixListIds": [], "UserIdGroupPairs": [] },
            { "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{ "CidrIp": "192.0.2.0/24", "Description": "office" }, { "CidrIp": open }], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [] },
            { "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [{ "GroupId": "sg-2", "UserId": "111122223333" }] },
        ],
        "IpPermissionsEgress": [{ "IpProtocol": "-1", "IpRanges": [{ "CidrIp": "0.0.0.0/0" }], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [] }],
        "Tags": [{ "Key": "Name", "Value": "web" }],
    })
}

fn instance(n: usize) -> Json {
    json!({
        "InstanceId": format!("i-{n:017x}"), "ImageId": "ami-1", "InstanceType": "m7g.large", "State": { "Code": 16, "Name": "running" },
        "MetadataOptions": { "State": "applied", "HttpTokens": if n.is_multiple_of(4) { "optional" } else { "required" }, "HttpPutResponseHopLimit": 2, "HttpEndpoint": "enabled" },
        "SubnetId": "subnet-1", "VpcId": "vpc-1", "PrivateIpAddress": "10.0.0.4", "LaunchTime": "2025-06-01T00:00:00Z",
        "SecurityGroups": [{ "GroupId": "sg-1", "GroupName": "web" }], "EbsOptimized": true, "Monitoring": { "State": "disabled" },
    })
}

fn bucket(n: usize) -> Json {
    let principal = if n.is_multiple_of(20) {
        json!("*")
    } else {
        json!({ "AWS": "arn:aws:iam::111122223333:role/reader" })
    };
    json!({
        "Name": format!("bucket-{n}"), "CreationDate": "2024-01-01T00:00:00Z",
        "Policy": { "Version": "2012-10-17", "Statement": [
            { "Sid": "read", "Effect": "Allow", "Principal": principal, "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": [format!("arn:aws:s3:::bucket-{n}"), format!("arn:aws:s3:::bucket-{n}/*")] },
            { "Sid": "tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": format!("arn:aws:s3:::bucket-{n}/*"), "Condition": { "Bool": { "aws:SecureTransport": "false" } } },
        ] },
        "Acl": { "Owner": { "ID": "abc" }, "Grants": [{ "Grantee": { "Type": "CanonicalUser", "ID": "abc" }, "Permission": "FULL_CONTROL" }] },
    })
}

fn user(n: usize) -> Json {
    let made = if n.is_multiple_of(3) { "2024-01-01T00:00:00+00:00" } else { "2025-12-01T00:00:00+00:00" };
    json!({
        "UserName": format!("user-{n}"), "Arn": format!("arn:aws:iam::111122223333:user/user-{n}"), "CreateDate": "2024-01-01T00:00:00+00:00",
        "AccessKeys": [
            { "AccessKeyId": "AKIAEXAMPLE1", "Status": "Active", "CreateDate": made },
            { "AccessKeyId": "AKIAEXAMPLE2", "Status": if n.is_multiple_of(5) { "Active" } else { "Inactive" }, "CreateDate": "2025-11-01T00:00:00+00:00" },
        ],
    })
}

fn resource(resource_type: &str, n: usize, region: &str, configuration: Json) -> Resource {
    let Json::Object(configuration): Json = configuration else { panic!("a configuration is an object") };
    let configuration: Map<String, Json> = configuration;
    Resource {
        key: ResourceKey {
            account: AccountId::new("111122223333").unwrap(),
            region: Region::from(region),
            resource_type: ResourceType::from(resource_type),
            id: format!("{n:08}"),
        },
        arn: format!("arn:aws:test:{region}:111122223333:thing/{n:08}"),
        name: String::new(),
        tags: BTreeMap::new(),
        configuration,
        relationships: Vec::new(),
        unread: BTreeMap::new(),
    }
}
