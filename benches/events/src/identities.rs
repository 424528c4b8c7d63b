//! Who calls: people, programs and services of an organisation.

use serde_json::{Value as Json, json};

use crate::random::Random;

/// A caller.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// `userIdentity`.
    pub(crate) user: Json,
    pub(crate) address: String,
    pub(crate) agent: &'static str,
}

const AGENTS: [&str; 10] = [
    "aws-sdk-go-v2/1.32.4 ua/2.1 os/linux lang/go#1.23.4 md/GOOS#linux md/GOARCH#amd64 api/sts#1.33.2 m/E,g",
    "Boto3/1.35.90 md/Botocore#1.35.90 ua/2.0 os/linux#6.1.119-129.201.amzn2023.x86_64 md/arch#x86_64 lang/python#3.12.8 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.35.90",
    "APN/1.0 HashiCorp/1.0 Terraform/1.10.3 (+https://www.terraform.io) terraform-provider-aws/5.82.2 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.7 ua/2.1 os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64",
    "aws-sdk-java/2.29.43 md/io#sync md/http#Apache ua/2.1 os/Linux#5.10.230-223.885.amzn2.x86_64 lang/java#21.0.5 md/OpenJDK_64-Bit_Server_VM#21.0.5+11-LTS md/vendor#Amazon.com_Inc. md/en exec-env/AWS_ECS_FARGATE",
    "aws-cli/2.22.26 md/awscrt#0.23.4 ua/2.0 os/macos#24.2.0 md/arch#arm64 lang/python#3.12.6 md/pyimpl#CPython cfg/retry-mode#standard md/installer#source md/command#s3.ls",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "[aws-sdk-js/3.716.0 ua/2.1 os/linux#5.10.0 lang/js md/nodejs#20.18.1 api/dynamodb#3.716.0 exec-env/AWS_Lambda_nodejs20.x]",
    "kube-controller-manager/v1.31.3 (linux/amd64) kubernetes/cf5b9a2 aws-sdk-go/1.55.5 (go1.22.9; linux; amd64)",
    "amazon-ssm-agent/3.3.1345.0 aws-sdk-go/1.55.5 (go1.22.9; linux; amd64)",
    "S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.779 Linux/5.10.230-202.885.amzn2int.x86_64 OpenJDK_64-Bit_Server_VM/25.432-b09 java/1.8.0_432 vendor/Oracle_Corporation cfg/retry-mode/standard",
];

const ROLES: [&str; 14] = [
    "eks-node-group-general",
    "ecs-task-order-service",
    "lambda-image-resizer",
    "ci-deploy",
    "monitoring-reader",
    "AWSReservedSSO_PowerUserAccess_4f1c0a9be2d37756",
    "AWSReservedSSO_ReadOnlyAccess_91b3d77c02aef815",
    "batch-nightly-report",
    "data-pipeline-glue",
    "external-dns",
    "cluster-autoscaler",
    "security-audit",
    "backup-operator",
    "AWSServiceRoleForConfig",
];

const SERVICES: [&str; 9] = [
    "ec2.amazonaws.com",
    "lambda.amazonaws.com",
    "config.amazonaws.com",
    "eks.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "cloudtrail.amazonaws.com",
    "autoscaling.amazonaws.com",
    "ssm.amazonaws.com",
];

/// Those of an account: services, then sessions of roles, a few people with keys.
pub(crate) fn of_account(account: &str, random: &mut Random) -> Vec<Identity> {
    let mut identities = Vec::new();
    for service in SERVICES {
        identities.push(Identity {
            user: json!({ "type": "AWSService", "invokedBy": service }),
            address: service.to_owned(),
            agent: service,
        });
    }
    for role in ROLES {
        let (principal, arn) = (random.id("AROA"), format!("arn:aws:iam::{account}:role/{role}"));
        for _ in 0..4 {
            let session = match role {
                "eks-node-group-general" => format!("i-0{}", random.hex(16)),
                _ if role.starts_with("AWSReservedSSO") => {
                    format!("{}@example.com", random.pick(&["hanako.sato", "ken.mori", "yui.abe", "t.ono"]))
                }
                _ => random.text(b"0123456789", 19),
            };
            identities.push(Identity {
                user: json!({
                    "type": "AssumedRole",
                    "principalId": format!("{principal}:{session}"),
                    "arn": format!("arn:aws:sts::{account}:assumed-role/{role}/{session}"),
                    "accountId": account,
                    "accessKeyId": random.id("ASIA"),
                    "sessionContext": {
                        "sessionIssuer": {
                            "type": "Role",
                            "principalId": principal,
                            "arn": arn,
                            "accountId": account,
                            "userName": role,
                        },
                        "attributes": { "creationDate": "2026-01-14T22:10:41Z", "mfaAuthenticated": "false" },
                    },
                }),
                address: address(random),
                agent: random.pick::<&str>(&AGENTS),
            });
        }
    }
    for name in ["svc-legacy-export", "jenkins", "taro.suzuki"] {
        identities.push(Identity {
            user: json!({
                "type": "IAMUser",
                "principalId": random.id("AIDA"),
                "arn": format!("arn:aws:iam::{account}:user/{name}"),
                "accountId": account,
                "accessKeyId": random.id("AKIA"),
                "userName": name,
            }),
            address: address(random),
            agent: random.pick::<&str>(&AGENTS),
        });
    }
    identities
}

/// An address of the documentation networks or of a private one.
fn address(random: &mut Random) -> String {
    let network = random.pick(&["203.0.113", "198.51.100", "192.0.2", "10.20.31", "10.8.4"]);
    format!("{network}.{}", 1 + random.below(254))
}
