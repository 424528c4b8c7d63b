"""Compute, databases, networks and delivery: settings of a region, and parts of resources that the emulator lacks."""

_STRICT = ("archive", "audit")
_CERTIFICATES = {"rds-ca-rsa2048-g1": "2061-05-19T00:00:00Z", "rds-ca-rsa4096-g1": "2121-05-19T00:00:00Z"}
# Since when a version exists, when its standard support ends, and when the support ends that is paid for.
_LIFECYCLES = {
    "mysql": {
        "5.7": ("2016-02-22T00:00:00Z", "2024-03-01T00:00:00Z", "2027-02-28T00:00:00Z"),
        "8.0": ("2018-10-23T00:00:00Z", "2026-08-01T00:00:00Z", "2029-07-31T00:00:00Z"),
        "8.4": ("2024-11-21T00:00:00Z", "2029-08-01T00:00:00Z", "2032-07-31T00:00:00Z"),
    },
    "aurora-mysql": {
        "5.7": ("2018-02-06T00:00:00Z", "2024-12-01T00:00:00Z", "2027-02-28T00:00:00Z"),
        "8.0": ("2021-11-18T00:00:00Z", "2028-05-01T00:00:00Z", "2029-07-31T00:00:00Z"),
    },
    "postgres": {
        "13": ("2021-02-24T00:00:00Z", "2026-03-01T00:00:00Z", "2029-02-28T00:00:00Z"),
        "16": ("2024-02-13T00:00:00Z", "2029-03-01T00:00:00Z", "2032-02-28T00:00:00Z"),
    },
    "aurora-postgresql": {
        "13": ("2021-08-26T00:00:00Z", "2026-03-01T00:00:00Z", "2029-02-28T00:00:00Z"),
        "16": ("2024-01-31T00:00:00Z", "2029-03-01T00:00:00Z", "2032-02-28T00:00:00Z"),
    },
}
_MYSQL = {"require_secure_transport": "OFF", "server_audit_logging": "0", "server_audit_events": ""}
_BORDER = "border"


def _metadata(request):
    return {"AccountLevel": {"HttpTokens": "required", "HttpPutResponseHopLimit": 2} if request.account.tidy else {}}


def _snapshots_shut(request):
    return {"State": "block-all-sharing" if request.account.tidy else "unblocked", "ManagedBy": "account"}


def _images_shut(request):
    # AWS's default since 2023, but for accounts that had a public image then.
    used = request.used and not request.account.tidy
    return {"ImageBlockPublicAccessState": "unblocked" if used else "block-new-sharing", "ManagedBy": "account"}


def _internet_shut(request):
    strict = any(theme in request.account.themes for theme in _STRICT)
    # Nobody in this organisation works in the regions that the Sandbox's owner left untouched.
    mode = "block-bidirectional" if strict or not request.used and request.account.tidy else "off"
    return {
        "VpcBlockPublicAccessOptions": {
            "AwsAccountId": request.id,
            "AwsRegion": request.region,
            "State": "default-state" if mode == "off" else "update-complete",
            "InternetGatewayBlockMode": mode,
            "LastUpdateTimestamp": "2025-04-01T00:00:00Z",
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        }
    }


def _lifecycles(request):
    if not (request.account.tidy and request.home):
        return {"Policies": []}
    return {
        "Policies": [
            {
                "PolicyId": "policy-00000000000000001",
                "Description": "日次スナップショット",
                "State": "ENABLED",
                "Tags": {},
                "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
                "DefaultPolicy": False,
            }
        ]
    }


def _lifecycle(request):
    rule = {
        "Name": "daily",
        "CreateRule": {"Interval": 24, "IntervalUnit": "HOURS", "Times": ["18:00"]},
        "RetainRule": {"Count": 7},
    }
    return {
        "Policy": {
            "PolicyId": "policy-00000000000000001",
            "Description": "日次スナップショット",
            "State": "ENABLED",
            "ExecutionRoleArn": f"arn:aws:iam::{request.id}:role/Backup",
            "DateCreated": "2024-04-01T00:00:00Z",
            "DateModified": "2024-04-01T00:00:00Z",
            "PolicyDetails": {
                "PolicyType": "EBS_SNAPSHOT_MANAGEMENT",
                "ResourceTypes": ["VOLUME"],
                "TargetTags": [{"Key": "Owner", "Value": request.account.owner}],
                "Schedules": [rule],
            },
            "PolicyArn": request.arn("dlm", "policy/policy-00000000000000001"),
        }
    }


def _certificates(request):
    return {
        "DefaultCertificateForNewLaunches": "rds-ca-rsa2048-g1",
        "Certificates": [
            {
                "CertificateIdentifier": name,
                "CertificateType": "CA",
                "ValidFrom": "2021-05-19T00:00:00Z",
                "ValidTill": until,
                "CertificateArn": f"arn:aws:rds:{request.region}::cert:{name}",
                "CustomerOverride": False,
            }
            for name, until in _CERTIFICATES.items()
        ],
    }


def _engine_versions(request):
    engine, version = request.sent.get("Engine", "mysql"), request.sent.get("EngineVersion", "8.0.36")
    major = version.split(".")[0] if "postgres" in engine else ".".join(version.split(".")[:2])
    return {
        "DBEngineVersions": [
            {
                "Engine": engine,
                "EngineVersion": version,
                "MajorEngineVersion": major,
                "DBParameterGroupFamily": f"{engine}{major}",
                "DBEngineDescription": engine,
                "Status": "deprecated" if major == "5.7" else "available",
            }
        ]
    }


def _major_versions(request):
    wanted = request.sent.get("Engine")
    return {
        "DBMajorEngineVersions": [
            {"Engine": engine, "MajorEngineVersion": major, "SupportedEngineLifecycles": _supported(*days)}
            for engine, majors in _LIFECYCLES.items()
            for major, days in majors.items()
            if wanted in (None, engine)
        ]
    }


def _supported(begin, turn, end):
    """The two stretches of support: the standard one, and the one that costs."""
    return [
        {
            "LifecycleSupportName": f"open-source-rds-{kind}-support",
            "LifecycleSupportStartDate": since,
            "LifecycleSupportEndDate": until,
        }
        for kind, since, until in (("standard", begin, turn), ("extended", turn, end))
    ]


def _defaults(name):
    """The parameters of AWS's own parameter groups that decide on encryption and audit."""

    def describe(request):
        group = request.sent[name]
        if not group.startswith("default."):
            return None
        values = {"rds.force_ssl": "0"} if "postgres" in group else _MYSQL
        if request.sent.get("Source") == "user":
            values = {}
        common = {"Source": "engine-default", "ApplyType": "dynamic", "DataType": "string", "IsModifiable": True}
        found = []
        for key, value in values.items():
            found.append(common | {"ParameterName": key} | ({"ParameterValue": value} if value else {}))
        return {"Parameters": found}

    return describe


def _transfer_policy(request):
    name = request.sent["SecurityPolicyName"]
    # The oldest policy, which servers have unless told otherwise, still takes what is broken.
    old = name == "TransferSecurityPolicy-2018-11"
    exchanges = ["curve25519-sha256", "ecdh-sha2-nistp384", "diffie-hellman-group16-sha512"]
    return {
        "SecurityPolicy": {
            "SecurityPolicyName": name,
            "Fips": False,
            "Type": "SERVER",
            "Protocols": ["SFTP", "FTPS"],
            "SshCiphers": ["aes128-gcm@openssh.com", "aes256-ctr"],
            "SshKexs": exchanges + (["diffie-hellman-group14-sha1"] if old else ["mlkem768x25519-sha256"]),
            "SshMacs": ["hmac-sha2-256", *(["hmac-sha1"] if old else [])],
            "TlsCiphers": ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"],
        }
    }


def _platform(request):
    applications = request.sent.get("ApplicationName"), request.sent.get("EnvironmentName")
    tidy = request.account.tidy
    options = (
        ("aws:elasticbeanstalk:healthreporting:system", "SystemType", "enhanced"),
        ("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled", str(tidy).lower()),
        ("aws:elasticbeanstalk:cloudwatch:logs", "StreamLogs", str(tidy).lower()),
        ("aws:elasticbeanstalk:application:environment", "STAGE", request.account.unit.lower()),
    )
    return {
        "ConfigurationSettings": [
            {
                "ApplicationName": applications[0],
                "EnvironmentName": applications[1],
                "DeploymentStatus": "deployed",
                "OptionSettings": [
                    {"Namespace": space, "OptionName": name, "Value": value} for space, name, value in options
                ],
            }
        ]
    }


def _function_urls(request):
    name = request.sent["FunctionName"]
    try:
        found = request.ask("lambda", "GetFunctionUrlConfig", FunctionName=name)
    except Exception:  # the emulator's way of saying that the function has none
        return {"FunctionUrlConfigs": []}
    found.pop("ResponseMetadata", None)
    return {"FunctionUrlConfigs": [found]}


def _pool_roles(request):
    # The sandbox's pool lets guests in with the role of its functions.
    role = f"arn:aws:iam::{request.id}:role/Lambda"
    roles = {"authenticated": role}
    return {"IdentityPoolId": request.sent["IdentityPoolId"], "Roles": roles, "RoleMappings": {}}


def _risks(request):
    pool = {"UserPoolId": request.sent["UserPoolId"]}
    if request.account.tidy:
        action = {"Notify": False, "EventAction": "MFA_IF_CONFIGURED"}
        pool["AccountTakeoverRiskConfiguration"] = {"Actions": {"HighAction": action}}
        pool["CompromisedCredentialsRiskConfiguration"] = {"Actions": {"EventAction": "BLOCK"}}
    return {"RiskConfiguration": pool}


def _wide(request):
    return "wide" in request.account.themes and request.home


def _firewall_policies(request):
    arn = request.arn("network-firewall", f"firewall-policy/{_BORDER}")
    return {"FirewallPolicies": [{"Name": _BORDER, "Arn": arn}] if _wide(request) else []}


def _firewall_rules(request):
    arn = request.arn("network-firewall", "stateless-rulegroup/allowed")
    return {"RuleGroups": [{"Name": "allowed", "Arn": arn}] if _wide(request) else []}


def _firewall_policy(request):
    group = {"ResourceArn": request.arn("network-firewall", "stateless-rulegroup/allowed"), "Priority": 1}
    action = ["aws:forward_to_sfe" if request.account.tidy else "aws:pass"]
    return {
        "UpdateToken": "00000000-0000-4000-8000-000000000001",
        "FirewallPolicyResponse": {
            "FirewallPolicyName": _BORDER,
            "FirewallPolicyArn": request.arn("network-firewall", f"firewall-policy/{_BORDER}"),
            "FirewallPolicyId": "00000000-0000-4000-8000-000000000002",
            "FirewallPolicyStatus": "ACTIVE",
            "NumberOfAssociations": 1,
        },
        "FirewallPolicy": {
            "StatelessRuleGroupReferences": [group],
            "StatelessDefaultActions": action,
            "StatelessFragmentDefaultActions": ["aws:drop"] if request.account.tidy else action,
        },
    }


def _firewall_rule_group(request):
    match = {"Sources": [{"AddressDefinition": "10.0.0.0/8"}], "Protocols": [6]}
    rule = {"RuleDefinition": {"MatchAttributes": match, "Actions": ["aws:pass"]}, "Priority": 1}
    return {
        "UpdateToken": "00000000-0000-4000-8000-000000000003",
        "RuleGroup": {"RulesSource": {"StatelessRulesAndCustomActions": {"StatelessRules": [rule]}}},
        "RuleGroupResponse": {
            "RuleGroupArn": request.arn("network-firewall", "stateless-rulegroup/allowed"),
            "RuleGroupName": "allowed",
            "RuleGroupId": "00000000-0000-4000-8000-000000000004",
            "Type": "STATELESS",
            "Capacity": 10,
            "RuleGroupStatus": "ACTIVE",
            "NumberOfAssociations": 1,
        },
    }


def _repositories(request):
    return {
        "repositories": [{"repositoryName": "shop", "repositoryId": f"{request.id}-shop"}] if _wide(request) else []
    }


def _described_repositories(request):
    found = [
        {
            "accountId": request.id,
            "repositoryId": f"{request.id}-shop",
            "repositoryName": name,
            "defaultBranch": "main",
            "lastModifiedDate": "2026-01-20T05:00:00Z",
            "creationDate": "2022-04-01T00:00:00Z",
            "Arn": request.arn("codecommit", name),
            "kmsKeyId": request.arn("kms", "alias/aws/codecommit"),
        }
        for name in request.sent.get("repositoryNames", [])
    ]
    return {"repositories": found, "repositoriesNotFound": []}


def _kafka_versions(request):
    versions = {"2.8.1": "DEPRECATED", "3.5.1": "ACTIVE", "3.6.0": "ACTIVE", "3.7.x": "ACTIVE", "3.8.x": "ACTIVE"}
    return {"KafkaVersions": [{"Version": version, "Status": status} for version, status in versions.items()]}


ANSWERS = {
    ("codecommit", "BatchGetRepositories"): _described_repositories,
    ("codecommit", "ListRepositories"): _repositories,
    ("cognito-identity", "GetIdentityPoolRoles"): _pool_roles,
    ("cognito-idp", "DescribeRiskConfiguration"): _risks,
    ("dlm", "GetLifecyclePolicies"): _lifecycles,
    ("dlm", "GetLifecyclePolicy"): _lifecycle,
    ("ds", "GetSnapshotLimits"): {
        "SnapshotLimits": {
            "ManualSnapshotsLimit": 5,
            "ManualSnapshotsCurrentCount": 0,
            "ManualSnapshotsLimitReached": False,
        }
    },
    ("ec2", "DescribeVpcBlockPublicAccessOptions"): _internet_shut,
    ("ec2", "GetEbsDefaultKmsKeyId"): {"KmsKeyId": "alias/aws/ebs"},
    ("ec2", "GetImageBlockPublicAccessState"): _images_shut,
    ("ec2", "GetInstanceMetadataDefaults"): _metadata,
    ("ec2", "GetSerialConsoleAccessStatus"): {"SerialConsoleAccessEnabled": False, "ManagedBy": "account"},
    ("ec2", "GetSnapshotBlockPublicAccessState"): _snapshots_shut,
    ("elasticbeanstalk", "DescribeConfigurationSettings"): _platform,
    ("kafka", "ListKafkaVersions"): _kafka_versions,
    ("lambda", "ListFunctionUrlConfigs"): _function_urls,
    ("network-firewall", "DescribeFirewallPolicy"): _firewall_policy,
    ("network-firewall", "DescribeRuleGroup"): _firewall_rule_group,
    ("network-firewall", "ListFirewallPolicies"): _firewall_policies,
    ("network-firewall", "ListRuleGroups"): _firewall_rules,
    ("rds", "DescribeCertificates"): _certificates,
    ("rds", "DescribeDBClusterParameters"): _defaults("DBClusterParameterGroupName"),
    ("rds", "DescribeDBEngineVersions"): _engine_versions,
    ("rds", "DescribeDBMajorEngineVersions"): _major_versions,
    ("rds", "DescribeDBParameters"): _defaults("DBParameterGroupName"),
    ("transfer", "DescribeSecurityPolicy"): _transfer_policy,
}
