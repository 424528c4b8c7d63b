//! Files of scanners of images and hosts, and of GuardDuty.

use serde_json::json;
use yagura_model::AccountId;

use super::{read_text, read_with};
use crate::Elsewhere;
use crate::files::read;
use crate::testing::vocabulary;

#[test]
fn images_and_hosts_are_read_as_the_scanners_write_them() {
    let image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app";
    let package = |id: &str, name: &str, severity: &str| {
        json!({
            "VulnerabilityID": id, "PkgName": name, "InstalledVersion": "1.0", "FixedVersion": "1.1",
            "Severity": severity, "Title": "t", "PrimaryURL": "https://avd.aquasec.com/nvd/x",
        })
    };
    let trivy = json!({
        "SchemaVersion": 2, "CreatedAt": "2026-01-01T00:00:00.5+09:00", "ArtifactName": format!("{image}:1"),
        "ArtifactType": "container_image", "Metadata": { "RepoDigests": [format!("{image}@sha256:abc")] },
        "Results": [
            { "Target": "app (debian 12)", "Class": "os-pkgs", "Vulnerabilities": [
                package("CVE-2026-1", "openssl", "MEDIUM"), package("CVE-2026-1", "libssl3", "CRITICAL"),
                { "VulnerabilityID": "CVE-2026-9" },
            ] },
            { "Target": "Dockerfile", "Class": "config", "Misconfigurations": [
                { "ID": "DS002", "AVDID": "AVD-DS-0002", "Title": "root user", "Severity": "HIGH", "Status": "FAIL" },
                { "ID": "DS026", "AVDID": "AVD-DS-0026", "Title": "no health check", "Severity": "LOW", "Status": "PASS" },
            ] },
            { "Target": "/app/.env", "Class": "secret", "Secrets": [
                { "RuleID": "aws-access-key-id", "Category": "AWS", "Severity": "CRITICAL", "Title": "AWS key", "StartLine": 1,
                  "EndLine": 1, "Match": "AKIA-THE-SECRET" },
            ] },
        ],
    });
    let grype = json!({
        "matches": [{
            "vulnerability": { "id": "GHSA-1", "severity": "Critical", "dataSource": "https://github.com/advisories/GHSA-1",
                "fix": { "versions": ["2.0"], "state": "fixed" } },
            "relatedVulnerabilities": [{ "id": "CVE-2026-3" }], "artifact": { "name": "left", "version": "1.9" },
        }],
        "source": { "type": "image", "target": { "userInput": "nginx:1.27", "repoDigests": [] } },
        "descriptor": { "name": "grype", "timestamp": "2026-01-01T00:00:00Z" },
    });
    let falco = json!({
        "hostname": "node-1", "output": "Shell spawned (token=hunter2)", "priority": "Warning", "rule": "Terminal shell in container",
        "source": "syscall", "tags": ["mitre_execution"], "time": "2026-01-01T00:00:00.123456789Z",
        "output_fields": { "container.id": "c-1", "proc.cmdline": "sh -c 'token=hunter2'", "proc.name": "sh" },
    });
    let text = [trivy, grype, falco].map(|it| it.to_string()).join("\n");
    let account = AccountId::new("444455556666").ok();
    let (found, problems, _) = read_with(&text, &Elsewhere { account, region: None });
    insta::assert_snapshot!(found.join("\n"), @r"
    ACTIVE HIGH trivy configuration trivy:AVD-DS-0002 111122223333/eu-west-1/AWS::ECR::ContainerImage/team/app@sha256:abc
    ARCHIVED LOW trivy configuration trivy:AVD-DS-0026 111122223333/eu-west-1/AWS::ECR::ContainerImage/team/app@sha256:abc
    ACTIVE CRITICAL trivy sensitive-data trivy:aws-access-key-id 111122223333/eu-west-1/AWS::ECR::ContainerImage/team/app@sha256:abc
    ACTIVE CRITICAL trivy vulnerability trivy:CVE-2026-1 111122223333/eu-west-1/AWS::ECR::ContainerImage/team/app@sha256:abc
    ACTIVE CRITICAL grype vulnerability grype:CVE-2026-3 444455556666/global/Software::Artifact/nginx:1.27
    ACTIVE MEDIUM falco threat falco:Terminal shell in container 444455556666/global/Container::Container/c-1
    ");
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].contains("`Severity` is missing"));
    let (_, problems, _) = read_text(&text);
    assert!(problems.iter().filter(|it| it.contains("--account")).count() == 2, "{problems:?}");
    let mut all = String::new();
    read(
        text.as_bytes(),
        "in",
        vocabulary(),
        &Elsewhere { account: AccountId::new("444455556666").ok(), region: None },
        &mut |told| {
            all.push_str(&format!("{told:?}"));
        },
    )
    .unwrap();
    assert!(!all.contains("THE-SECRET") && !all.contains("hunter2"), "a secret is taken along");
}

#[test]
fn guardduty_in_both_spellings() {
    let api = json!({
        "SchemaVersion": "2.0", "AccountId": "111122223333", "Region": "eu-west-1", "Partition": "aws", "Id": "g-1",
        "Arn": "arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/g-1",
        "Type": "Recon:EC2/PortProbeUnprotectedPort", "Severity": 9.0, "Title": "Probed", "Description": "d",
        "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-01-02T00:00:00Z",
        "Resource": { "ResourceType": "Instance", "InstanceDetails": { "InstanceId": "i-1" } },
        "Service": { "Archived": true, "EventFirstSeen": "2025-12-31T00:00:00Z", "Action": { "ActionType": "PORT_PROBE" } },
    });
    let event = json!({
        "detail-type": "GuardDuty Finding", "detail": {
            "schemaVersion": "2.0", "accountId": "111122223333", "region": "eu-west-1", "id": "g-2", "type": "Policy:IAMUser/RootCredentialUsage",
            "severity": 2, "title": "Root", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-02T00:00:00Z",
            "resource": { "resourceType": "AccessKey", "accessKeyDetails": { "userName": "Root", "userType": "Root" } },
            "service": { "archived": false },
        },
    });
    let (found, problems, _) = read_text(&json!([{ "Findings": 1 }, api, event]).to_string());
    assert_eq!(
        found,
        [
            "ARCHIVED CRITICAL guardduty threat guardduty:Recon:EC2/PortProbeUnprotectedPort 111122223333/eu-west-1/AWS::EC2::Instance/i-1",
            "ACTIVE LOW guardduty threat guardduty:Policy:IAMUser/RootCredentialUsage 111122223333/global/AWS::::Account/111122223333",
        ]
    );
    assert_eq!(problems.len(), 1);
}
