//! The AWS Security Finding Format, whoever writes it.
//!
//! Source: AWS Security Hub User Guide, "AWS Security Finding Format (ASFF)" and "Required top-level ASFF attributes".

use serde_json::Value;
use yagura_model::{
    AccountId, Detector, FindingKind, FindingText, ImportedFinding, RecordState, ResourceType, Severity,
    Workflow,
};

use super::Refusal;
use super::field::{account, at, cut, evidence, first, required, severity_word, text, time};
use crate::Vocabulary;
use crate::resource::{self, Named, Placed};
use crate::rules::{Check, named, own};

/// Products by the last two parts of their ARNs.
const PRODUCTS: &[(&str, Detector)] = &[
    ("aws/securityhub", Detector::SecurityHub),
    ("aws/guardduty", Detector::GuardDuty),
    ("aws/config", Detector::AwsConfig),
    ("aws/access-analyzer", Detector::AccessAnalyzer),
    ("aws/inspector", Detector::Inspector),
    ("aws/macie", Detector::Macie),
    ("aws/trusted-advisor", Detector::TrustedAdvisor),
    ("prowler/prowler", Detector::Prowler),
    ("aquasecurity/aquasecurity", Detector::Trivy),
];

/// Services of AWS that send Security Hub what they find.
const INTEGRATED: [Detector; 5] = [
    Detector::GuardDuty,
    Detector::Inspector,
    Detector::Macie,
    Detector::AwsConfig,
    Detector::AccessAnalyzer,
];

/// One finding.
pub(crate) fn finding(value: &Value, vocabulary: &Vocabulary) -> Result<ImportedFinding, Refusal> {
    let detector = detector(value)?;
    let external_id = required(value, "/Id")?.to_owned();
    let owner = account(value, "/AwsAccountId")?;
    let placed = placed(value, &owner, vocabulary)?;
    let check = check(value, detector, &placed.key.resource_type, vocabulary)?;
    let title = required(value, "/Title")?;
    let first_seen = time(value, &["/FirstObservedAt", "/CreatedAt"])?;
    let last_seen = time(value, &["/UpdatedAt", "/LastObservedAt", "/CreatedAt"])?;
    Ok(ImportedFinding {
        detector,
        // This is the format of Security Hub, which passes on what other services of AWS report.
        via: (INTEGRATED.contains(&detector)).then_some(Detector::SecurityHub),
        external_id,
        kind: kind(value, detector),
        rule: check.rule,
        resource: placed.key,
        arn: placed.arn,
        name: text(value, "/Resources/0/Tags/Name").map(cut).unwrap_or_default(),
        severity: severity(value)?,
        record_state: record_state(value)?,
        workflow: workflow(value)?,
        evidence: evidence([
            ("StatusReasons", at(value, "/Compliance/StatusReasons")),
            ("Vulnerabilities", at(value, "/Vulnerabilities")),
            ("Action", at(value, "/Action")),
            ("Network", at(value, "/Network")),
            ("NetworkPath", at(value, "/NetworkPath")),
            ("Malware", at(value, "/Malware")),
            ("Process", at(value, "/Process")),
        ]),
        text: FindingText {
            title: cut(title),
            description: text(value, "/Description").map(cut).unwrap_or_default(),
            remediation: text(value, "/Remediation/Recommendation/Text").map(cut).unwrap_or_default(),
            url: first(value, &["/Remediation/Recommendation/Url", "/SourceUrl"])
                .map(cut)
                .unwrap_or_default(),
        },
        first_seen: first_seen.min(last_seen),
        last_seen,
    })
}

/// One finding that Security Hub told, whoever reports it there.
pub(crate) fn passed_on(value: &Value, vocabulary: &Vocabulary) -> Result<ImportedFinding, Refusal> {
    let finding = finding(value, vocabulary)?;
    Ok(ImportedFinding { via: via(finding.detector), ..finding })
}

/// Who passed on what Security Hub told of this detector; of its own findings it is the detector.
pub(crate) fn via(detector: Detector) -> Option<Detector> {
    (detector != Detector::SecurityHub).then_some(Detector::SecurityHub)
}

fn detector(value: &Value) -> Result<Detector, Refusal> {
    let product = required(value, "/ProductArn")?;
    let name = product.split_once(":product/").map_or("", |(_, name)| name);
    if let Some((_, detector)) = PRODUCTS.iter().find(|(known, _)| *known == name) {
        return Ok(*detector);
    }
    // Whoever has no product of its own imports under the account's: `111122223333/default`.
    let told =
        first(value, &["/ProductName", "/ProductFields/aws~1securityhub~1ProductName"]).unwrap_or_default();
    let generator = text(value, "/GeneratorId").unwrap_or_default();
    if told == Detector::Yagura.product() || generator.starts_with("yagura/") {
        return Err(Refusal::Own);
    }
    let begins = |name: &str| generator.to_ascii_lowercase().starts_with(name);
    Ok(match told.to_ascii_lowercase().as_str() {
        "prowler" => Detector::Prowler,
        "trivy" => Detector::Trivy,
        "grype" => Detector::Grype,
        "falco" => Detector::Falco,
        _ if begins("prowler-") => Detector::Prowler,
        _ if begins("trivy/") => Detector::Trivy,
        _ => Detector::Other,
    })
}

fn placed(value: &Value, owner: &AccountId, vocabulary: &Vocabulary) -> Result<Placed, Refusal> {
    let resource = at(value, "/Resources/0")
        .ok_or_else(|| Refusal::Wrong("`Resources` is missing or empty".to_owned()))?;
    let id =
        text(resource, "/Id").ok_or_else(|| Refusal::Wrong("`Resources[0].Id` is missing".to_owned()))?;
    let kind = text(resource, "/Type");
    let region = first(resource, &["/Region"]).or_else(|| text(value, "/Region")).unwrap_or_default();
    if kind == Some("AwsIamAccessKey")
        && let Some(principal) = principal(resource, owner, vocabulary)
    {
        return Ok(principal);
    }
    let kind =
        kind.filter(|it| *it != "Other").or_else(|| text(value, "/ProductFields/yagura~1ResourceType"));
    Ok(vocabulary.resources.place(Named { id, kind, account: owner, region }))
}

/// Whose key it is: what is wrong is wrong with them.
fn principal(resource: &Value, owner: &AccountId, vocabulary: &Vocabulary) -> Option<Placed> {
    let details = at(resource, "/Details/AwsIamAccessKey")?;
    let name = first(details, &["/PrincipalName", "/UserName"])?;
    let kind = match text(details, "/PrincipalType").unwrap_or("IAMUser") {
        "IAMUser" => "AWS::IAM::User",
        "AssumedRole" | "Role" => "AWS::IAM::Role",
        "Root" => return Some(resource::account(owner, owner.as_str(), "")),
        _ => return None,
    };
    let id = name.split('/').next_back().filter(|_| kind == "AWS::IAM::User").or(name.split('/').next())?;
    Some(vocabulary.resources.place(Named { id, kind: Some(kind), account: owner, region: "" }))
}

fn check(
    value: &Value,
    detector: Detector,
    resource: &ResourceType,
    vocabulary: &Vocabulary,
) -> Result<Check, Refusal> {
    let generator = || required(value, "/GeneratorId");
    let kind = text(value, "/Types/0").unwrap_or_default();
    let last = kind.rsplit('/').next().unwrap_or_default();
    Ok(match detector {
        Detector::SecurityHub => control(value, generator()?, resource, vocabulary),
        Detector::AwsConfig => {
            let title = text(value, "/Title").unwrap_or_default();
            let rule = text(value, "/ProductFields/aws~1config~1ConfigRuleName").unwrap_or(title);
            vocabulary.rules.aws_config(rule, None, resource)
        }
        // `TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort`, where GuardDuty itself says `Recon:EC2/PortProbe...`.
        Detector::GuardDuty | Detector::Macie if last.contains(':') => {
            own(detector, &last.replacen('-', "/", 1))
        }
        Detector::Inspector => match text(value, "/Vulnerabilities/0/Id") {
            Some(id) => own(detector, id),
            None => own(detector, last),
        },
        Detector::AccessAnalyzer => own(detector, access(last)),
        Detector::Prowler => {
            let generator = generator()?;
            vocabulary.rules.prowler(generator.strip_prefix("prowler-").unwrap_or(generator), resource)
        }
        Detector::Trivy => own(detector, generator()?.trim_start_matches("Trivy/")),
        Detector::Other => {
            let name = first(value, &["/ProductName", "/CompanyName"]).unwrap_or("other");
            named(&slug(name), generator()?)
        }
        _ => own(detector, generator()?),
    })
}

/// The control: by its own id, or by the rule of AWS Config that stands behind it.
fn control(value: &Value, generator: &str, resource: &ResourceType, vocabulary: &Vocabulary) -> Check {
    let is_control =
        |it: &&str| it.split_once('.').is_some_and(|(service, _)| service.starts_with(char::is_alphabetic));
    let last = generator.rsplit('/').next().unwrap_or(generator);
    let told =
        first(value, &["/Compliance/SecurityControlId", "/ProductFields/ControlId"]).filter(is_control);
    let by_id = told.or(Some(last)).filter(is_control).map(|it| vocabulary.rules.security_hub(it, resource));
    let related = text(value, "/ProductFields/RelatedAWSResources:0~1name");
    let by_rule = || vocabulary.rules.aws_config(related?, None, resource).known();
    // Requirements of old benchmarks have only a number, which says nothing without the benchmark.
    let behind = generator.rsplit_once("ruleset/").map_or(generator, |(_, name)| name);
    match by_id {
        Some(check) if check.severity.is_some() => check,
        by_id => by_rule().or(by_id).unwrap_or_else(|| own(Detector::SecurityHub, behind)),
    }
}

/// Access Analyzer's own word for what Security Hub calls `External Access Granted`.
fn access(classifier: &str) -> &str {
    match classifier {
        "External Access Granted" => "ExternalAccess",
        "Internal Access Granted" => "InternalAccess",
        "Unused IAM Role" => "UnusedIAMRole",
        "Unused IAM User Access Key" => "UnusedIAMUserAccessKey",
        "Unused IAM User Password" => "UnusedIAMUserPassword",
        "Unused Permission" => "UnusedPermission",
        other => other,
    }
}

/// `crowdstrike-falcon` of `CrowdStrike Falcon`.
pub(super) fn slug(name: &str) -> String {
    let words: Vec<&str> =
        name.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}

fn kind(value: &Value, detector: Detector) -> FindingKind {
    match detector {
        Detector::GuardDuty | Detector::Falco => return FindingKind::Threat,
        Detector::AccessAnalyzer => return FindingKind::Access,
        Detector::Macie => return FindingKind::SensitiveData,
        Detector::AwsConfig | Detector::SecurityHub | Detector::Prowler | Detector::TrustedAdvisor => {
            return FindingKind::Configuration;
        }
        _ => {}
    }
    let types = text(value, "/Types/0").unwrap_or_default();
    let mut parts = types.split('/');
    match (parts.next().unwrap_or_default(), parts.next().unwrap_or_default()) {
        ("Software and Configuration Checks", "Vulnerabilities") => FindingKind::Vulnerability,
        _ if at(value, "/Vulnerabilities/0").is_some() => FindingKind::Vulnerability,
        ("Software and Configuration Checks", _) => FindingKind::Configuration,
        ("TTPs" | "Unusual Behaviors", _) => FindingKind::Threat,
        ("Sensitive Data Identifications", _) => FindingKind::SensitiveData,
        _ => FindingKind::Other,
    }
}

/// The label, the number that older products give, or what the provider said first.
fn severity(value: &Value) -> Result<Severity, Refusal> {
    let label = first(value, &["/Severity/Label", "/FindingProviderFields/Severity/Label"]);
    if let Some(label) = label {
        return severity_word(label)
            .ok_or_else(|| Refusal::Wrong(format!("`Severity.Label` is `{}`", cut(label))));
    }
    match at(value, "/Severity/Normalized").and_then(Value::as_u64) {
        Some(0) => Ok(Severity::Informational),
        Some(1..=39) => Ok(Severity::Low),
        Some(40..=69) => Ok(Severity::Medium),
        Some(70..=89) => Ok(Severity::High),
        Some(90..=100) => Ok(Severity::Critical),
        _ => Err(Refusal::Wrong("`Severity.Label` is missing".to_owned())),
    }
}

/// A pass is an end, and so is a check that cannot be made any more: Security Hub archives both itself.
fn record_state(value: &Value) -> Result<RecordState, Refusal> {
    if matches!(text(value, "/Compliance/Status"), Some("PASSED" | "NOT_AVAILABLE")) {
        return Ok(RecordState::Archived);
    }
    match text(value, "/RecordState") {
        None | Some("ACTIVE") => Ok(RecordState::Active),
        Some("ARCHIVED") => Ok(RecordState::Archived),
        Some(other) => Err(Refusal::Wrong(format!("`RecordState` is `{}`", cut(other)))),
    }
}

fn workflow(value: &Value) -> Result<Option<Workflow>, Refusal> {
    match text(value, "/Workflow/Status") {
        None => Ok(None),
        Some("NEW") => Ok(Some(Workflow::New)),
        Some("NOTIFIED") => Ok(Some(Workflow::Notified)),
        Some("SUPPRESSED") => Ok(Some(Workflow::Suppressed)),
        Some("RESOLVED") => Ok(Some(Workflow::Resolved)),
        Some(other) => Err(Refusal::Wrong(format!("`Workflow.Status` is `{}`", cut(other)))),
    }
}
