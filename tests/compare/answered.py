"""The data of `answers.py`: what the emulator lacks, as AWS answers it; nothing in the kept account unless said.

A function gets the question (`account`, `region`, `sent`) and returns the answer; a `LookupError` is refused with its code.
"""

import datetime
import json

import engines
import extras
from moto.awslambda.models import lambda_backends
from moto.wafv2.models import wafv2_backends

# All regions that are enabled, so that nothing depends on one that is not scanned.
REGIONS = ("ap-northeast-1", "us-east-1")
HOME, KEPT = "ap-northeast-1", "345678901234"


def kept(good, bad):
    """One answer for the account whose settings are as they should be, another for the other."""
    return lambda asked: good if asked.account == KEPT else bad


def states(key, made, **more):
    """A list that the neglected account has in its first region, and nobody elsewhere; `made(asked)` makes it."""
    return lambda asked: {key: made(asked) if _home(asked) else []} | more


def _support(told):
    def find(asked):
        if asked.account != KEPT:
            raise LookupError("SubscriptionRequiredException")
        return told

    return find


def _home(asked):
    return asked.account != KEPT and asked.region == HOME


def one(key, made, name, code="ResourceNotFoundException"):
    """The one of `made(asked)` of the name that was asked for, by the fields `name` (ours, theirs)."""
    ours, theirs = name

    def find(asked):
        wanted = asked.sent.get(theirs)
        for each in made(asked):
            if wanted in (each.get(ours), each.get("arn")):
                return {key: each} if key else each
        raise LookupError(code)

    return find


def at(days):
    """The time that many days ago."""
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)


def arn_of(asked, service, rest):
    """An ARN of the account and region that were asked."""
    return f"arn:aws:{service}:{asked.region}:{asked.account}:{rest}"


def _function_urls(asked):
    function = lambda_backends[asked.account][asked.region].get_function(asked.sent["FunctionName"])
    return {"FunctionUrlConfigs": [function.url_config.to_dict()] if function.url_config else []}


def _protected_by_acl(asked):
    acl = wafv2_backends[asked.account][asked.region].wacls.get(asked.sent["WebACLArn"])
    kinds = {"APPLICATION_LOAD_BALANCER": ":loadbalancer/app/", "API_GATEWAY": ":/restapis/"}
    kind = kinds.get(asked.sent.get("ResourceType", "APPLICATION_LOAD_BALANCER"), "nothing")
    return {"ResourceArns": [each for each in (acl.associated_resources if acl else ()) if kind in each]}


def _credentials(asked):
    user = "with-policy" if asked.sent.get("AllUsers") == "true" else asked.sent.get("UserName")
    if user != "with-policy" or asked.account == KEPT:
        return {"ServiceSpecificCredentials": []}
    return {
        "ServiceSpecificCredentials": [
            {
                "UserName": user,
                "Status": "Active",
                "ServiceSpecificCredentialId": "ACCA123456789EXAMPLE",
                "ServiceName": "bedrock.amazonaws.com",
                "CreateDate": at(5),
                "ServiceCredentialAlias": "BedrockAPIKey",
                "ExpirationDate": at(-800),
            }
        ]
    }


def _recovery_points(asked):
    vault = asked.sent.get("backupVaultName")
    if vault != "plain":
        return {"RecoveryPoints": []}
    points = []
    for name, encrypted in (("encrypted", True), ("unencrypted", False)):
        points.append(
            {
                "RecoveryPointArn": arn_of(asked, "backup", f"recovery-point:{name}"),
                "BackupVaultName": vault,
                "BackupVaultArn": arn_of(asked, "backup", f"backup-vault:{vault}"),
                "ResourceArn": f"arn:aws:ec2:{asked.region}:{asked.account}:volume/vol-0",
                "ResourceType": "EBS",
                "CreationDate": at(3),
                "Status": "COMPLETED",
                "IsEncrypted": encrypted,
                "Lifecycle": {"DeleteAfterDays": 35},
                "CalculatedLifecycle": {"DeleteAt": at(-32)},
            }
        )
    return {"RecoveryPoints": points}


def _selection(asked):
    home = f"{asked.region}:{asked.account}"
    return {
        "SelectionName": "s",
        "IamRoleArn": f"arn:aws:iam::{asked.account}:role/plain",
        "Resources": [
            f"arn:aws:rds:{home}:db:db-good",
            f"arn:aws:dynamodb:{home}:table/table-good",
            "arn:aws:rds:*:*:cluster:*",
        ],
    }


def _fleets(asked):
    return [
        {
            "Arn": arn_of(asked, "appstream", f"fleet/fleet-{name}"),
            "Name": f"fleet-{name}",
            "InstanceType": "stream.standard.medium",
            "ComputeCapacityStatus": {"Desired": 1},
            "State": "RUNNING",
            "MaxUserDurationInSeconds": longest,
            "DisconnectTimeoutInSeconds": away,
            "IdleDisconnectTimeoutInSeconds": idle,
            "EnableDefaultInternetAccess": internet,
        }
        for name, longest, away, idle, internet in (("good", 28800, 120, 300, False), ("bad", 57600, 3600, 3600, True), ("ten-hours", 36000, 300, 600, False), ("no-idle", 28800, 120, 0, False))
    ]


def _guardrails(asked):
    strong = {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"}
    hides = {"piiEntities": [{"type": "EMAIL", "action": "BLOCK"}]}
    grounded = {"filters": [{"type": "GROUNDING", "threshold": 0.7}, {"type": "RELEVANCE", "threshold": 0.7}]}
    kinds = {
        "good": {"contentPolicy": {"filters": [strong]}, "sensitiveInformationPolicy": hides, "contextualGroundingPolicy": grounded},
        "bad": {},
        "low": {"contentPolicy": {"filters": [strong | {"inputStrength": "LOW"}]}},
        "detects-only": {
            "contentPolicy": {"filters": [strong | {"inputAction": "NONE", "inputEnabled": True}]},
            "sensitiveInformationPolicy": {"piiEntities": [{"type": "EMAIL", "action": "NONE", "inputAction": "NONE", "outputAction": "NONE"}]},
        },
    }
    common = {"status": "READY", "version": "DRAFT", "createdAt": at(9), "updatedAt": at(9), "blockedInputMessaging": "no", "blockedOutputsMessaging": "no"}
    return [
        common | {"id": f"id{name.replace('-', '')}", "guardrailId": f"id{name.replace('-', '')}", "name": f"guardrail-{name}", "arn": (arn := arn_of(asked, "bedrock", f"guardrail/id{name.replace('-', '')}")), "guardrailArn": arn} | more
        for name, more in kinds.items()
    ]


def _firewall_policies(asked):
    made = []
    for name, actions, groups in (
        ("good", ["aws:drop"], True),
        ("bad", ["aws:pass"], False),
        ("forward", ["aws:forward_to_sfe"], True),
    ):
        policy = {"StatelessDefaultActions": actions, "StatelessFragmentDefaultActions": actions}
        if groups:
            policy["StatefulRuleGroupReferences"] = [{"ResourceArn": arn_of(asked, "network-firewall", "stateful-rulegroup/r")}]
        arn = arn_of(asked, "network-firewall", f"firewall-policy/policy-{name}")
        made.append({"Name": f"policy-{name}", "arn": arn, "Arn": arn, "policy": policy})
    return made


def _firewall_policy(asked):
    for each in _firewall_policies(asked):
        if asked.sent.get("FirewallPolicyArn") == each["Arn"] or asked.sent.get("FirewallPolicyName") == each["Name"]:
            told = {"FirewallPolicyName": each["Name"], "FirewallPolicyArn": each["Arn"], "FirewallPolicyId": "1", "FirewallPolicyStatus": "ACTIVE"}
            return {"UpdateToken": "t", "FirewallPolicyResponse": told, "FirewallPolicy": each["policy"]}
    raise LookupError("ResourceNotFoundException")


def _vault_policy(asked):
    name = asked.sent.get("vaultName", "").removeprefix("vault-")
    principals = {"public": "*", "own-account": {"AWS": f"arn:aws:iam::{asked.account}:root"}, "outsider": {"AWS": "arn:aws:iam::999988887777:root"}}
    if name not in principals:
        raise LookupError("ResourceNotFoundException")
    statement = {"Effect": "Allow", "Principal": principals[name], "Action": "glacier:*", "Resource": "*"}
    return {"policy": {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}}


def _light(asked):
    def port(number, cidrs):
        return {"fromPort": number, "toPort": number, "protocol": "tcp", "cidrs": cidrs, "accessType": "Public" if "0.0.0.0/0" in cidrs else "Private", "accessFrom": "Anywhere" if "0.0.0.0/0" in cidrs else "Custom", "accessDirection": "inbound"}

    common = {"location": {"regionName": asked.region, "availabilityZone": f"{asked.region}a"}, "blueprintId": "amazon_linux_2023", "bundleId": "b", "state": {"code": 16, "name": "running"}, "createdAt": at(9), "resourceType": "Instance"}
    return [
        common | {"name": f"light-{name}", "arn": arn_of(asked, "lightsail", f"Instance/{name}"), "publicIpAddress": "198.51.100.9", "isStaticIp": False, "networking": {"ports": ports}, "addOns": [{"name": "AutoSnapshot", "status": status}]}
        for name, ports, status in (("web", [port(80, ["0.0.0.0/0"]), port(443, ["0.0.0.0/0"])], "Enabled"), ("ssh-open", [port(22, ["0.0.0.0/0"])], "Disabled"), ("office", [port(22, ["203.0.113.0/24"])], "Enabled"))
    ]


def _light_databases(asked):
    return [
        {"name": f"light-{name}", "arn": arn_of(asked, "lightsail", f"RelationalDatabase/{name}"), "publiclyAccessible": public, "state": "available", "engine": "mysql", "engineVersion": "8.0.40", "location": {"regionName": asked.region, "availabilityZone": f"{asked.region}a"}, "backupRetentionEnabled": True, "masterUsername": "u"}
        for name, public in (("shut", False), ("public", True))
    ]


def _addresses(asked):
    return [
        {"name": f"address-{name}", "arn": arn_of(asked, "lightsail", f"StaticIp/{name}"), "ipAddress": "198.51.100.10", "isAttached": used, "location": {"regionName": asked.region, "availabilityZone": "all"}} | ({"attachedTo": "light-web"} if used else {})
        for name, used in (("used", True), ("unused", False))
    ]


def _apps(asked):
    return [
        {"appId": f"d{name}", "appArn": arn_of(asked, "amplify", f"apps/d{name}"), "name": f"app-{name}", "platform": "WEB", "createTime": at(9), "updateTime": at(9), "description": "d", "repository": "r", "defaultDomain": "x", "enableBranchAutoBuild": False, "enableBasicAuth": False, "environmentVariables": variables}
        for name, variables in (("good", {"STAGE": "prod"}), ("secret", {"DB_PASSWORD": "Tr0ub4dor-and-3-more", "KEY": "AKIAIOSFODNN7QRSTUVW"}))
    ]


def _reports(asked):
    def export(name, off):
        return {"exportConfigType": "S3", "s3Destination": {"bucket": "states-plain", "encryptionDisabled": off, **({} if off else {"encryptionKey": "arn:aws:kms:x:y:key/z"})}}

    return [
        {"arn": arn_of(asked, "codebuild", f"report-group/{name}"), "name": f"report-{name}", "type": "TEST", "status": "ACTIVE", "created": at(9), "exportConfig": {"exportConfigType": "NO_EXPORT"} if off is None else export(name, off)}
        for name, off in (("good", False), ("bad", True), ("kept-inside", None))
    ]


def _vpn_endpoints(asked):
    return [
        {"ClientVpnEndpointId": f"cvpn-endpoint-0{number}", "Status": {"Code": "available"}, "CreationTime": "2026-01-01T00:00:00", "ClientCidrBlock": "10.200.0.0/16", "ConnectionLogOptions": {"Enabled": logged}, "Tags": [{"Key": "Name", "Value": name}]}
        for number, (name, logged) in enumerate((("vpn-logged", True), ("vpn-unlogged", False)))
    ]


def _managed(asked):
    from moto.ec2.models import ec2_backends

    names = {each.id: each.get_tags() for each in ec2_backends[asked.account][asked.region].all_instances()}
    wanted = [identity for identity, tags in names.items() if any(tag["value"] in ("imdsv2", "watched") for tag in tags)]
    return [{"InstanceId": each, "PingStatus": "Online", "PlatformType": "Linux", "ResourceType": "EC2Instance", "LastPingDateTime": at(0), "AgentVersion": "3.3"} for each in wanted]


def _patched(asked):
    return [
        {"ComplianceType": "Patch", "ResourceType": "ManagedInstance", "ResourceId": each["InstanceId"], "Status": status, "OverallSeverity": "UNSPECIFIED", "ExecutionSummary": {"ExecutionTime": at(1)}}
        for each, status in zip(_managed(asked), ("COMPLIANT", "NON_COMPLIANT"), strict=False)
    ]


def _bus_endpoints(asked):
    return [
        {"Name": f"global-{name}", "Arn": arn_of(asked, "events", f"endpoint/global-{name}"), "State": "ACTIVE", "ReplicationConfig": {"State": state}, "EventBuses": []}
        for name, state in (("on", "ENABLED"), ("off", "DISABLED"))
    ]


def _shares(asked):
    return [
        {"FileShareType": "NFS", "FileShareARN": arn_of(asked, "storagegateway", f"share/share-{name}"), "FileShareId": f"share-{name}", "FileShareStatus": "AVAILABLE", "GatewayARN": arn_of(asked, "storagegateway", "gateway/sgw-1")}
        for name in ("good", "bad")
    ]


def _nfs(asked):
    wanted = asked.sent.get("FileShareARNList", [])
    return {"NFSFileShareInfoList": [each | {"KMSEncrypted": each["FileShareId"].endswith("good")} for each in (dict(one, FileShareType=None) for one in _shares(asked)) if each["FileShareARN"] in wanted]}


def _found_by_inspector(asked):
    """What its own statistics count in the organisation's states."""
    there = asked.account == KEPT and asked.region == HOME
    return {"findings": [{"findingArn": f"arn:aws:inspector2:{asked.region}:{asked.account}:finding/1", "awsAccountId": asked.account, "severity": "CRITICAL", "status": "ACTIVE"}] if there else []}


ANSWERS = {
    ("accessanalyzer", "GetFinding"): lambda asked: {"finding": extras._analyzer_findings(asked.account, asked.region, asked.sent, REGIONS)["findings"][0]},
    ("accessanalyzer", "ListFindings"): lambda asked: extras._analyzer_findings(asked.account, asked.region, asked.sent, REGIONS),
    ("amplify", "ListApps"): states("apps", _apps),
    ("amplify", "ListBranches"): {"branches": []},
    ("appstream", "DescribeFleets"): states("Fleets", _fleets),
    ("backup", "DescribeRegionSettings"): {"ResourceTypeOptInPreference": dict.fromkeys(("Aurora", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "RDS", "S3"), True), "ResourceTypeManagementPreference": {}},
    ("backup", "GetBackupSelection"): lambda asked: {"BackupSelection": _selection(asked), "SelectionId": "1", "BackupPlanId": asked.sent.get("backupPlanId")},
    ("backup", "ListBackupSelections"): lambda asked: {"BackupSelectionsList": [{"SelectionId": "1", "SelectionName": "s", "BackupPlanId": asked.sent.get("backupPlanId"), "IamRoleArn": "r"}]},
    ("backup", "ListProtectedResources"): {"Results": []},
    ("backup", "ListRecoveryPointsByBackupVault"): _recovery_points,
    ("bedrock", "GetGuardrail"): one(None, _guardrails, ("id", "guardrailIdentifier")),
    ("bedrock", "ListGuardrails"): states("guardrails", _guardrails),
    ("bedrock-agent", "ListPrompts"): {"promptSummaries": []},
    ("codeartifact", "ListDomains"): {"domains": []},
    ("codeartifact", "ListRepositories"): {"repositories": []},
    ("codebuild", "BatchGetReportGroups"): lambda asked: {"reportGroups": [each for each in _reports(asked) if each["arn"] in asked.sent["reportGroupArns"]]},
    ("codebuild", "ListReportGroups"): states("reportGroups", lambda asked: [each["arn"] for each in _reports(asked)]),
    ("cognito-idp", "DescribeRiskConfiguration"): {"RiskConfiguration": {}},
    ("directconnect", "DescribeVirtualInterfaces"): {"virtualInterfaces": []},
    ("drs", "DescribeSourceServers"): {"items": []},
    ("ec2", "DescribeClientVpnEndpoints"): states("ClientVpnEndpoints", _vpn_endpoints),
    ("ec2", "DescribeVpcBlockPublicAccessExclusions"): {"VpcBlockPublicAccessExclusions": []},
    ("ec2", "DescribeVpcBlockPublicAccessOptions"): {"VpcBlockPublicAccessOptions": {"State": "default-state", "InternetGatewayBlockMode": "off"}},
    ("ec2", "GetImageBlockPublicAccessState"): kept({"ImageBlockPublicAccessState": "block-new-sharing"}, {"ImageBlockPublicAccessState": "unblocked"}),
    ("ec2", "GetInstanceMetadataDefaults"): kept({"AccountLevel": {"HttpTokens": "required"}}, {"AccountLevel": {}}),
    ("ec2", "GetSnapshotBlockPublicAccessState"): kept({"State": "block-all-sharing"}, {"State": "unblocked"}),
    ("events", "ListEndpoints"): states("Endpoints", _bus_endpoints),
    ("fms", "ListPolicies"): {"PolicyList": []},
    ("glacier", "GetVaultAccessPolicy"): _vault_policy,
    ("globalaccelerator", "ListAccelerators"): {"Accelerators": []},
    ("iam", "ListServiceSpecificCredentials"): _credentials,
    ("inspector2", "ListFindings"): _found_by_inspector,
    ("kafka", "ListKafkaVersions"): {"KafkaVersions": [{"Version": "2.8.1", "Status": "DEPRECATED"}, {"Version": "3.7.x", "Status": "ACTIVE"}, {"Version": "3.9.x", "Status": "ACTIVE"}]},
    ("kafkaconnect", "ListConnectors"): {"connectors": []},
    ("lambda", "ListFunctionUrlConfigs"): _function_urls,
    ("lightsail", "GetInstances"): states("instances", _light),
    ("lightsail", "GetRelationalDatabases"): states("relationalDatabases", _light_databases),
    ("lightsail", "GetStaticIps"): states("staticIps", _addresses),
    ("macie2", "GetAutomatedDiscoveryConfiguration"): kept({"status": "ENABLED"}, {"status": "DISABLED"}),
    ("network-firewall", "DescribeFirewallPolicy"): _firewall_policy,
    ("network-firewall", "ListFirewallPolicies"): states("FirewallPolicies", _firewall_policies),
    ("network-firewall", "ListRuleGroups"): {"RuleGroups": []},
    ("rds", "DescribeCertificates"): engines.certificates,
    ("rds", "DescribeDBEngineVersions"): engines.engine_versions,
    ("rds", "DescribeDBMajorEngineVersions"): engines.major_versions,
    ("rolesanywhere", "ListProfiles"): {"profiles": []},
    ("schemas", "ListRegistries"): {"Registries": []},
    ("shield", "GetSubscriptionState"): kept({"SubscriptionState": "INACTIVE"}, {"SubscriptionState": "ACTIVE"}),
    ("ssm", "DescribeInstanceInformation"): states("InstanceInformationList", _managed),
    ("ssm", "ListResourceComplianceSummaries"): states("ResourceComplianceSummaryItems", _patched),
    ("storagegateway", "DescribeNFSFileShares"): _nfs,
    ("storagegateway", "ListFileShares"): states("FileShareInfoList", _shares),
    ("support", "DescribeServices"): _support({"services": [{"code": "general-info", "name": "General Info", "categories": []}]}),
    ("support", "DescribeSeverityLevels"): _support({"severityLevels": [{"code": "low", "name": "Low"}]}),
    ("support", "DescribeTrustedAdvisorCheckSummaries"): _support({"summaries": []}),
    ("support", "DescribeTrustedAdvisorChecks"): _support({"checks": []}),
    ("wafv2", "ListResourcesForWebACL"): _protected_by_acl,
    ("wellarchitected", "ListWorkloads"): {"WorkloadSummaries": []},
}
