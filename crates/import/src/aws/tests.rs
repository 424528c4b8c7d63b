//! Every reader against an AWS that answers as its documentation says.

use std::sync::Mutex;

use serde_json::json;
use yagura_aws::{CallErrorKind, Credentials};

use super::*;
use crate::testing::{line, vocabulary};

/// AWS as a function of the call, the region and the input; and what it was asked.
struct Fake<F> {
    answers: F,
    asked: Mutex<Vec<(String, Value)>>,
}

impl<F: Fn(&str, &str, &Value) -> Result<Value, CallErrorKind> + Send + Sync> Pages for Fake<F> {
    fn page<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        self.asked.lock().unwrap().push((call.to_owned(), input.clone()));
        let answer = (self.answers)(call, target.region.as_str(), input);
        let answer = answer.map_err(|kind| CallError::new(call, &target.region, kind, "refused"));
        Box::pin(std::future::ready(answer))
    }
}

/// What arrived, as lines.
#[derive(Default)]
struct Lines(Vec<String>);

impl Receive for Lines {
    fn page<'a>(
        &'a mut self,
        findings: Vec<ImportedFinding>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Error + Send + Sync>>> {
        self.0.extend(findings.iter().map(line));
        Box::pin(std::future::ready(Ok(())))
    }
}

fn target(account: &str, region: &str) -> Target {
    Target {
        account: AccountId::new(account).unwrap(),
        region: Region::from(region),
        credentials: Credentials::from_keys("AKIDEXAMPLE", "SECRETEXAMPLE", None),
    }
}

fn fake<F: Fn(&str, &str, &Value) -> Result<Value, CallErrorKind> + Send + Sync>(answers: F) -> Fake<F> {
    Fake { answers, asked: Mutex::default() }
}

fn denied() -> CallErrorKind {
    CallErrorKind::Denied { permission: "x:Y".into() }
}

/// `guardduty 111122223333 in eu-west-1`
fn told(outcome: &Outcome) -> Vec<String> {
    let words = |complete: &Complete| {
        let join = |words: Vec<&str>| words.join("+");
        let accounts = join(complete.scope.accounts.iter().map(AccountId::as_str).collect());
        let regions = join(complete.scope.regions.iter().map(Region::as_str).collect());
        let via = complete.scope.via.map(|it| format!(" via {it}")).unwrap_or_default();
        format!("{}{via} {accounts} in {regions}", complete.detector)
    };
    let mut told: Vec<String> = outcome.complete.iter().map(words).collect();
    told.extend(outcome.failures.iter().map(ToString::to_string));
    told.extend(outcome.problems.iter().map(ToString::to_string));
    told
}

const ONE: &str = "111122223333";
const OTHER: &str = "444455556666";

fn guardduty(account: &str, id: &str) -> Value {
    json!({
        "AccountId": account, "Region": "eu-west-1", "Id": id, "Type": "Recon:EC2/Portscan", "Severity": 5.0,
        "Title": "t", "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-01T00:00:00Z",
        "Resource": { "ResourceType": "Instance", "InstanceDetails": { "InstanceId": format!("i-{id}") } },
        "Service": { "Archived": false },
    })
}

#[tokio::test]
async fn security_hub_is_asked_in_groups_and_says_what_it_knows_whole() {
    let aws = fake(|call, _, input| {
        let finding = |account: &str| {
            json!({
                "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub", "Id": format!("f-{account}"),
                "AwsAccountId": account, "Region": "eu-west-1", "GeneratorId": "security-control/EC2.13", "Title": "t",
                "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-01T00:00:00Z", "Severity": { "Label": "HIGH" },
                "Resources": [{ "Type": "AwsAccount", "Id": format!("AWS::::Account:{account}") }],
            })
        };
        let accounts = input["Filters"]["AwsAccountId"].as_array().cloned().unwrap_or_default();
        Ok(match call {
            "securityhub.GetFindings" if accounts.iter().any(|it| it["Value"] == "000000000021") => {
                return Err(CallErrorKind::Throttled);
            }
            "securityhub.GetFindings" if input["NextToken"] == "t" => {
                json!({ "Findings": [finding("000000000002"), finding("000000000001")] })
            }
            "securityhub.GetFindings" => {
                json!({ "Findings": [finding("000000000001"), { "AwsAccountId": "000000000003" }], "NextToken": "t" })
            }
            "securityhub.ListMembers" => {
                let members =
                    (1..=22).map(|it| json!({ "AccountId": format!("{it:012}"), "MemberStatus": "Enabled" }));
                json!({ "Members": members.collect::<Vec<_>>() })
            }
            "securityhub.ListFindingAggregators" => {
                json!({ "FindingAggregators": [{ "FindingAggregatorArn": "a" }] })
            }
            "securityhub.GetFindingAggregator" => {
                json!({ "FindingAggregationRegion": "eu-west-1", "RegionLinkingMode": "SPECIFIED_REGIONS", "Regions": ["us-east-1"] })
            }
            "securityhub.ListEnabledProductsForImport" => {
                json!({ "ProductSubscriptions": ["arn:aws:securityhub:eu-west-1:1:product-subscription/aws/guardduty"] })
            }
            _ => return Err(denied()),
        })
    });
    let accounts: Vec<AccountId> = (1..=22).map(|it| AccountId::new(&format!("{it:012}")).unwrap()).collect();
    let (mut lines, target) = (Lines::default(), target("000000000001", "eu-west-1"));
    let now = "2026-01-02T00:00:00Z".parse().unwrap();
    let mut importer = Importer::new(&aws, vocabulary(), &mut lines);
    let asked = SecurityHub { target: &target, accounts: &accounts, regions: &[], since: None, now };
    importer.security_hub(&asked).await.unwrap();
    let outcome = importer.finish();
    assert_eq!(lines.0.len(), 2, "each once: {:?}", lines.0);
    let told = told(&outcome);
    assert_eq!(told.len(), 4, "{told:?}");
    // The second group was throttled: nothing of it may end, and nothing that belongs to no region.
    assert!(
        told[0].starts_with("security-hub 000000000001+")
            && told[0].ends_with("000000000020 in eu-west-1+us-east-1")
    );
    assert!(told[1].starts_with("guardduty via security-hub "));
    assert_eq!(told[2], "securityhub.GetFindings in eu-west-1: throttled on every attempt");
    assert!(told[3].contains("a finding is left out: `ProductArn` is missing"));
    let asked = aws.asked.lock().unwrap();
    let inputs: Vec<_> =
        asked.iter().filter(|(call, _)| call == "securityhub.GetFindings").map(|it| &it.1).collect();
    assert_eq!(inputs[0]["Filters"]["AwsAccountId"].as_array().unwrap().len(), 20);
    assert_eq!(inputs[0]["MaxResults"], 100);
    insta::assert_json_snapshot!(inputs[2]["Filters"], @r#"
    {
      "RecordState": [
        {
          "Value": "ACTIVE",
          "Comparison": "EQUALS"
        }
      ],
      "WorkflowStatus": [
        {
          "Value": "NEW",
          "Comparison": "EQUALS"
        },
        {
          "Value": "NOTIFIED",
          "Comparison": "EQUALS"
        }
      ],
      "AwsAccountId": [
        {
          "Value": "000000000021",
          "Comparison": "EQUALS"
        },
        {
          "Value": "000000000022",
          "Comparison": "EQUALS"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn what_changed_is_asked_for_whatever_its_state_and_ends_nothing_else() {
    let aws = fake(|call, _, input| match call {
        "securityhub.GetFindings" => {
            assert_eq!(input["Filters"]["UpdatedAt"][0]["Start"], "2026-01-01T12:00:00Z");
            assert!(input["Filters"].get("RecordState").is_none());
            Ok(json!({ "Findings": [] }))
        }
        _ => Err(denied()),
    });
    let (mut lines, target) = (Lines::default(), target(ONE, "eu-west-1"));
    let mut importer = Importer::new(&aws, vocabulary(), &mut lines);
    let since = "2026-01-01T12:00:00Z".parse().ok();
    let now = "2026-01-02T00:00:00Z".parse().unwrap();
    let asked = SecurityHub { target: &target, accounts: &[], regions: &[], since, now };
    importer.security_hub(&asked).await.unwrap();
    assert_eq!(importer.finish().complete, []);
}

#[tokio::test]
async fn guardduty_goes_on_where_a_region_is_off() {
    let aws = fake(|call, region, input| match (call, region) {
        (_, "af-south-1") => Err(CallErrorKind::RegionOff),
        ("guardduty.ListDetectors", _) => Ok(json!({ "DetectorIds": ["d"] })),
        ("guardduty.ListFindings", _) if input.get("NextToken").is_some() => {
            Ok(json!({ "FindingIds": ["3"], "NextToken": "" }))
        }
        ("guardduty.ListFindings", _) => Ok(json!({ "FindingIds": ["1", "2"], "NextToken": "t" })),
        ("guardduty.GetFindings", _) => {
            let ids = input["FindingIds"].as_array().unwrap().iter();
            Ok(
                json!({ "Findings": ids.map(|id| guardduty(OTHER, id.as_str().unwrap())).collect::<Vec<_>>() }),
            )
        }
        ("guardduty.ListMembers", _) => Ok(
            json!({ "Members": [{ "AccountId": OTHER, "RelationshipStatus": "Enabled" }, { "AccountId": "777788889999", "RelationshipStatus": "Removed" }] }),
        ),
        _ => Err(denied()),
    });
    let mut lines = Lines::default();
    let mut importer = Importer::new(&aws, vocabulary(), &mut lines);
    importer.guardduty(&[target(ONE, "af-south-1"), target(ONE, "eu-west-1")], None).await.unwrap();
    let outcome = importer.finish();
    assert_eq!(
        lines.0,
        ["1", "2", "3"].map(|id| format!(
            "ACTIVE MEDIUM guardduty threat guardduty:Recon:EC2/Portscan {OTHER}/eu-west-1/AWS::EC2::Instance/i-{id}"
        ))
    );
    assert_eq!(
        told(&outcome),
        [
            format!("guardduty {ONE}+{OTHER} in eu-west-1"),
            "guardduty.ListDetectors in af-south-1: the region is not enabled for the account".to_owned(),
        ]
    );
}

fn evaluated(kind: &str, id: &str) -> Value {
    json!({
        "EvaluationResultIdentifier": { "EvaluationResultQualifier": { "ConfigRuleName": "r", "ResourceType": kind, "ResourceId": id } },
        "ComplianceType": "NON_COMPLIANT", "ResultRecordedTime": "2026-01-01T00:00:00Z",
    })
}

#[tokio::test]
async fn config_names_users_by_numbers_and_we_by_their_names() {
    let aws = fake(|call, _, input| match call {
        "config.DescribeConfigRules" => Ok(json!({ "ConfigRules": [
            { "ConfigRuleName": "our-ssh", "Source": { "Owner": "AWS", "SourceIdentifier": "INCOMING_SSH_DISABLED" } },
            { "ConfigRuleName": "users", "Source": { "Owner": "CUSTOM_LAMBDA", "SourceIdentifier": "arn:aws:lambda:x" } },
            { "ConfigRuleName": "secret", "Source": { "Owner": "AWS", "SourceIdentifier": "X" } },
        ] })),
        "config.GetComplianceDetailsByConfigRule" => match input["ConfigRuleName"].as_str() {
            Some("our-ssh") => {
                Ok(json!({ "EvaluationResults": [evaluated("AWS::EC2::SecurityGroup", "sg-1")] }))
            }
            Some("users") => Ok(json!({ "EvaluationResults": [evaluated("AWS::IAM::User", "AIDAX")] })),
            _ => Err(denied()),
        },
        "config.BatchGetResourceConfig" if input["resourceKeys"][0]["resourceId"] == "AIDAX" => {
            Ok(json!({ "baseConfigurationItems": [
            { "resourceType": "AWS::IAM::User", "resourceId": "AIDAX", "arn": format!("arn:aws:iam::{ONE}:user/ann") },
        ] }))
        }
        "config.BatchGetResourceConfig" => Ok(json!({ "baseConfigurationItems": [] })),
        _ => Err(denied()),
    });
    let mut lines = Lines::default();
    let mut importer = Importer::new(&aws, vocabulary(), &mut lines);
    importer.config(&[target(ONE, "eu-west-1")], None).await.unwrap();
    let outcome = importer.finish();
    assert_eq!(
        lines.0,
        [
            format!(
                "ACTIVE HIGH aws-config configuration restricted-ssh {ONE}/eu-west-1/AWS::EC2::SecurityGroup/sg-1"
            ),
            format!(
                "ACTIVE MEDIUM aws-config configuration aws-config:users {ONE}/global/AWS::IAM::User/ann"
            ),
        ]
    );
    assert_eq!(
        told(&outcome),
        ["config.GetComplianceDetailsByConfigRule in eu-west-1: permission `x:Y` is missing"],
        "one rule was refused: the account is not complete"
    );
}

#[tokio::test]
async fn an_aggregator_tells_of_other_accounts() {
    let aws = fake(|call, _, input| match call {
        "config.DescribeAggregateComplianceByConfigRules" => {
            let one = |account: &str, kind: &str| json!({ "ConfigRuleName": "restricted-ssh", "AccountId": account, "AwsRegion": "us-east-1", "Compliance": { "ComplianceType": kind } });
            Ok(
                json!({ "AggregateComplianceByConfigRules": [one(ONE, "COMPLIANT"), one(OTHER, "NON_COMPLIANT")] }),
            )
        }
        "config.GetAggregateComplianceDetailsByConfigRule" => {
            assert_eq!(input["AccountId"], OTHER);
            Ok(json!({ "AggregateEvaluationResults": [evaluated("AWS::EC2::SecurityGroup", "sg-1")] }))
        }
        "config.BatchGetAggregateResourceConfig" => Ok(json!({ "BaseConfigurationItems": [] })),
        _ => Err(denied()),
    });
    let (mut lines, target) = (Lines::default(), target("777788889999", "eu-west-1"));
    let mut importer = Importer::new(&aws, vocabulary(), &mut lines);
    importer.config_aggregator(Aggregator { target: &target, name: "all" }, None).await.unwrap();
    let outcome = importer.finish();
    assert_eq!(
        lines.0,
        [format!(
            "ACTIVE HIGH aws-config configuration restricted-ssh {OTHER}/us-east-1/AWS::EC2::SecurityGroup/sg-1"
        )]
    );
    assert_eq!(
        told(&outcome),
        [
            format!("aws-config {ONE} in us-east-1"),
            format!("aws-config {OTHER} in us-east-1"),
            format!("aws-config {ONE}+{OTHER} in global")
        ]
    );
}

#[tokio::test]
async fn the_other_detectors_are_read_and_one_that_is_off_is_told() {
    let aws = fake(|call, _, _| match call {
        "accessanalyzer.ListAnalyzers" => {
            Ok(json!({ "analyzers": [{ "arn": "a", "type": "ORGANIZATION" }] }))
        }
        "accessanalyzer.ListFindings" => Ok(json!({ "findings": [{ "id": "f-1" }] })),
        "accessanalyzer.ListFindingsV2" => {
            let one = |id: &str, resource: &str| {
                json!({
                    "id": id, "resource": resource, "resourceType": "AWS::S3::Bucket", "resourceOwnerAccount": OTHER, "status": "ACTIVE",
                    "findingType": "ExternalAccess", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
                })
            };
            Ok(json!({ "findings": [one("f-1", "arn:aws:s3:::open"), one("f-2", "arn:aws:s3:::shared")] }))
        }
        "inspector2.ListFindings" => Ok(json!({ "findings": [{
            "findingArn": format!("arn:aws:inspector2:eu-west-1:{ONE}:finding/1"), "awsAccountId": ONE, "type": "PACKAGE_VULNERABILITY",
            "severity": "CRITICAL", "status": "ACTIVE", "title": "CVE-2026-1 - openssl", "updatedAt": "2026-01-01T00:00:00Z",
            "resources": [{ "type": "AWS_ECR_CONTAINER_IMAGE", "id": format!("arn:aws:ecr:eu-west-1:{ONE}:repository/app/sha256:abc") }],
            "packageVulnerabilityDetails": { "vulnerabilityId": "CVE-2026-1" },
        }] })),
        "inspector2.ListMembers" => Err(denied()),
        "macie2.ListFindings" => Err(CallErrorKind::NotEnabled),
        "support.DescribeTrustedAdvisorChecks" => Ok(json!({ "checks": [
            { "id": "HCP4007jGY", "name": "Security Groups", "category": "security", "metadata": ["Region", "Security Group Name", "Security Group ID"] },
            { "id": "cost", "name": "Idle", "category": "cost_optimizing", "metadata": [] },
        ] })),
        "support.DescribeTrustedAdvisorCheckResult" => Ok(
            json!({ "result": { "status": "error", "timestamp": "2026-01-01T00:00:00Z", "flaggedResources": [
            { "status": "error", "region": "eu-west-1", "resourceId": "r-1", "metadata": ["eu-west-1", "web", "sg-1 (vpc-1)"] },
            { "status": "ok", "region": "eu-west-1", "resourceId": "r-2", "metadata": ["eu-west-1", "db", "sg-2 (vpc-1)"] },
        ] } }),
        ),
        _ => Err(denied()),
    });
    let here = [target(ONE, "eu-west-1")];
    let organization = [AccountId::new(OTHER).unwrap()];
    let regions = [Region::from("eu-west-1")];
    let now = "2026-01-02T00:00:00Z".parse().unwrap();
    let mut lines = Lines::default();
    let mut importer = Importer::new(&aws, vocabulary(), &mut lines);
    let places = Places {
        home: &here[0],
        targets: &here,
        accounts: &organization,
        regions: &regions,
        aggregator: None,
        since: None,
        now,
    };
    for source in [Source::AccessAnalyzer, Source::Inspector, Source::Macie, Source::TrustedAdvisor] {
        importer.read(source, &places).await.unwrap();
    }
    let outcome = importer.finish();
    insta::assert_snapshot!(lines.0.join("\n"), @r"
    ACTIVE HIGH access-analyzer access access-analyzer:ExternalAccess 444455556666/eu-west-1/AWS::S3::Bucket/open
    ACTIVE MEDIUM access-analyzer access access-analyzer:ExternalAccess 444455556666/eu-west-1/AWS::S3::Bucket/shared
    ACTIVE CRITICAL inspector vulnerability inspector:CVE-2026-1 111122223333/eu-west-1/AWS::ECR::ContainerImage/app@sha256:abc
    ACTIVE HIGH trusted-advisor configuration trusted-advisor:HCP4007jGY 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ARCHIVED INFORMATIONAL trusted-advisor configuration trusted-advisor:HCP4007jGY 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-2
    ");
    insta::assert_snapshot!(told(&outcome).join("\n"), @r"
    access-analyzer 111122223333+444455556666 in eu-west-1
    access-analyzer 111122223333+444455556666 in global
    inspector 111122223333 in eu-west-1
    trusted-advisor 111122223333 in eu-west-1+global
    inspector2.ListMembers in eu-west-1: permission `x:Y` is missing
    macie2.ListFindings in eu-west-1: refused
    ");
}
