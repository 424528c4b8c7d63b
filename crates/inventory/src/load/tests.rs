//! How collector files are read, and what is said about mistakes in them.

use super::*;

/// Loads one file and gives what is told about it, without the directory.
fn told(yaml: &str) -> String {
    let (_, diagnostics) = load(yaml);
    let lines = diagnostics.iter().map(|it| {
        let shown = it.to_string();
        shown.rsplit_once("a.yaml:").map_or(shown.clone(), |(_, rest)| rest.to_owned())
    });
    lines.collect::<Vec<_>>().join("\n")
}

struct Few;

impl Operations for Few {
    fn known(&self, service: &str, operation: &str) -> Known {
        match (service, operation) {
            ("ec2" | "s3", "DescribeVpcs" | "GetBucketPolicy" | "ListBuckets") => Known::Yes,
            ("ec2" | "s3", _) => Known::NoOperation(Some("DescribeVpcs".into())),
            _ => Known::NoService,
        }
    }
}

fn load(yaml: &str) -> (Collectors, Vec<Diagnostic>) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.yaml"), yaml).unwrap();
    let packs = Packs::empty().overlay_at("collectors", directory.path()).unwrap();
    Collectors::load(&packs, &Few)
}

const VPC: &str = "- resource: AWS::EC2::VPC\n  call: ec2.DescribeVpcs\n  items: Vpcs[]\n  id: VpcId\n";

#[test]
fn a_right_file_has_nothing_to_tell() {
    let (collectors, diagnostics) = load(VPC);
    assert_eq!(diagnostics, []);
    let types: Vec<_> = collectors.types().map(ResourceType::as_str).collect();
    assert_eq!(types, ["AWS::::Account", "AWS::::Region", "AWS::EC2::VPC"]);
}

#[test]
fn every_mistake_of_a_file_is_told_with_its_place() {
    let told = told(
        "- resource: AWS::EC2::VPC
  call: ec2.DescribeVpc
  item: Vpcs[]
  id: VpcId
- resource: AWS::EC2::Other
  call: ec2.TerminateInstances
  id: \"{Id\"
- resource: EC2::Vpc
  call: ec9.DescribeVpcs
  id: Vpcs[
  also:
    - { call: ec2.DescribeVpcs, take: A..B, into: A.B, parse: xml }
    - { call: ec2.DescribeVpcs }
- extends: AWS::EC2::VPC2
",
    );
    assert_eq!(
        told,
        "\
2:9: error[collector/unknown-operation]: `ec2` has no operation `DescribeVpc`
  help: did you mean `DescribeVpcs`?
3:3: error[collector/unknown-key]: an entry has no key `item`
  help: did you mean `items`?
6:9: error[collector/not-a-read]: `ec2.TerminateInstances` is not an operation that only reads
  help: collectors may only call what reads and hands out no secret
7:7: error[collector/template-syntax]: `{Id` has a brace without its counterpart
  help: a template is text with paths in braces: `arn:{partition}:s3:::{Name}`
8:13: error[collector/type-syntax]: `EC2::Vpc` is not a resource type
  help: as CloudFormation names it: `AWS::EC2::Instance`
9:9: error[collector/unknown-service]: there is no service `ec9`
  help: as the AWS command line names it: `aws <service> help`
10:7: error[collector/template-syntax]: `Vpcs[` has a character that cannot stand in a field name
  help: a template is text with paths in braces: `arn:{partition}:s3:::{Name}`
12:39: error[collector/path-syntax]: `A..B` has an empty field name
  help: a path is field names joined by dots, with `[]` behind a list: `Reservations[].Instances[]`
12:51: error[collector/path-syntax]: `A.B` is not the name of one field
  help: answers go into top-level fields of the item
12:63: error[collector/unknown-word]: `parse` cannot be `xml`
  help: `json` and `csv` are known
13:7: error[collector/missing-key]: an `also` entry needs `into` or `merge`
14:12: error[collector/unknown-type]: no collector reads `AWS::EC2::VPC2`"
    );
}

#[test]
fn a_mistake_takes_out_its_own_entry_only() {
    let (collectors, diagnostics) =
        load(&format!("- resource: AWS::S3::Bucket\n  call: s3.ListBuckets\n{VPC}"));
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    let types: Vec<_> = collectors.types().map(ResourceType::as_str).collect();
    assert_eq!(types, ["AWS::::Account", "AWS::::Region", "AWS::EC2::VPC"]);
}

#[test]
fn a_type_is_collected_once() {
    let (_, diagnostics) = load(&format!("{VPC}{VPC}"));
    let [told] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!((told.code, told.place), ("collector/duplicate-type", Some(Place { line: 5, column: 13 })));
    assert_eq!(told.message, "`AWS::EC2::VPC` is collected already");
    assert!(told.help.as_ref().is_some_and(|help| help.ends_with("a.yaml:1:13")), "{told}");
}

#[test]
fn a_child_needs_a_parent_that_somebody_reads() {
    let child = |name: &str, parent: &str| {
        format!(
            "- resource: {name}\n  for_each: {parent}\n  call: ec2.DescribeVpcs\n  input: {{ X: \"{{parent.Y}}\" }}\n  id: Z\n"
        )
    };
    let orphan = told(&child("AWS::A::B", "AWS::Other::Type"));
    assert_eq!(orphan, "2:13: error[collector/unknown-type]: no collector reads `AWS::Other::Type`");
    let (collectors, diagnostics) =
        load(&format!("{}{}", child("AWS::A::B", "AWS::A::C"), child("AWS::A::C", "AWS::A::B")));
    assert_eq!(diagnostics.len(), 2, "{diagnostics:?}");
    assert!(diagnostics.iter().all(|it| it.code == "collector/cycle"));
    assert_eq!(collectors.types().count(), 2, "only the built-in types are left");
}

#[test]
fn what_cannot_go_together_is_told() {
    let with = |keys: &str| told(&format!("{VPC}  also:\n    - {{ call: ec2.DescribeVpcs, {keys} }}\n"));
    for (keys, expected) in [
        ("into: A, merge: [B]", "`into` and `merge` exclude each other"),
        ("into: A, for: B, scope: account", "exclude each other"),
        ("merge: [A], for: 'B[]'", "cannot be merged"),
        ("into: A, many: true", "`many` needs `match` or `where`"),
        ("into: A, input: { X: '{each}' }", "`{each}` needs `for`"),
        ("into: A, scope: account, input: { X: '{VpcId}' }", "cannot name fields of one item"),
        ("into: A, batch: { input: B, size: 0, match: C }", "a number above zero"),
        ("into: A, batch: { size: 5, match: C }", "`batch` needs `input`"),
    ] {
        let told = with(keys);
        assert!(told.contains(expected), "{keys}: {told}");
    }
}

#[test]
fn the_collectors_that_are_shipped_have_no_mistake() {
    let packs = Packs::embedded();
    assert!(packs.below("collectors", "yaml").count() > 0, "no collector was found");
    let tables = yagura_aws::Tables::new(Arc::new(packs.clone()));
    let (collectors, diagnostics) = Collectors::load(&packs, &tables);
    let told: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(collectors.types().count() > 2);
}

#[test]
fn paths_and_parameters_are_checked_against_what_aws_answers() {
    let yaml = "\
- resource: AWS::EC2::VPC
  call: ec2.DescribeVpcs
  input: { MaxResult: 5 }
  items: Vpcs[]
  id: VpcIdd
  arn: \"{Policy.Statement}{OwnerId}{State.X}\"
  also:
    - { call: s3.GetBucketPolicy, input: { Bucke: x }, take: Polic, into: Policy }
- resource: AWS::EC2::Thing
  for_each: AWS::EC2::VPC
  call: ec2.DescribeVpcs
  input: { VpcIds: [\"{parent.VpcId}\", \"{parent.Policy}\", \"{parent.id}\", \"{parent.Missing}\"] }
  items: Vpc[]
  id: VpcId
";
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.yaml"), yaml).unwrap();
    let packs = Packs::empty().overlay_at("collectors", directory.path()).unwrap();
    let tables = yagura_aws::Tables::new(Arc::new(Packs::embedded()));
    let (_, diagnostics) = Collectors::load(&packs, &tables);
    let told: Vec<_> = diagnostics
        .iter()
        .map(|it| format!("{} {}", it.place.map(|place| place.line).unwrap_or_default(), it.message))
        .collect();
    assert_eq!(
        told,
        [
            "1 `ec2.DescribeVpcs` has no parameter `MaxResult`",
            "8 `s3.GetBucketPolicy` needs the parameter `Bucket`",
            "8 the answer of `s3.GetBucketPolicy` has no `Polic`",
            "8 `s3.GetBucketPolicy` has no parameter `Bucke`",
            "9 the answer of `ec2.DescribeVpcs` has no `Vpc[]`",
        ]
    );
    let mended =
        yaml.replace("MaxResult:", "MaxResults:").replace("Bucke:", "Bucket:").replace("Polic,", "Policy,");
    std::fs::write(directory.path().join("a.yaml"), mended.replace("Vpc[]", "Vpcs[]")).unwrap();
    let (_, diagnostics) = Collectors::load(&packs, &tables);
    let told: Vec<_> = diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        told,
        [
            "`AWS::EC2::VPC` has no `State.X`: neither its list nor an `also` gives it",
            "`AWS::EC2::VPC` has no `VpcIdd`: neither its list nor an `also` gives it",
            "its parent `AWS::EC2::VPC` has no `Missing`",
        ]
    );
}
