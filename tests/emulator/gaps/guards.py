"""The guards as AWS tells of them: Security Hub, GuardDuty, Macie, Inspector, AWS Config and Systems Manager.

The security account administers the first three for the organisation; the tidy owners use them, the others do not.
"""

from .wire import RefusalError

SECURITY = "210987654321"
# Watched by Inspector though their owners keep little in order: what the business lives on.
_SCANNED = ("web", "containers")
# Where somebody pays for Macie, and the one region that everybody forgets.
_MACIE = (SECURITY, "012345678901", "456789012345", "890123456789")
_FORGOTTEN = "ap-northeast-3"
_STANDARDS = ("aws-foundational-security-best-practices/v/1.0.0", "cis-aws-foundations-benchmark/v/3.0.0")
_SETTINGS = {
    "/ssm/documents/console/public-sharing-permission": ("Disable", "Enable"),
    "/ssm/automation/customer-script-log-destination": ("CloudWatch", None),
    "/ssm/parameter-store/default-parameter-tier": ("Standard", "Standard"),
}


def _hub_organisation(request):
    if request.id != SECURITY:
        raise RefusalError(
            "InvalidAccessException", f"Account {request.id} is not an administrator for this organization", 401
        )
    return {
        "AutoEnable": request.region != _FORGOTTEN,
        "MemberAccountLimitReached": False,
        "AutoEnableStandards": "NONE" if request.region == _FORGOTTEN else "DEFAULT",
        "OrganizationConfiguration": {"ConfigurationType": "LOCAL", "Status": "ENABLED"},
    }


def _standards(request):
    return {
        "StandardsSubscriptions": [
            {
                "StandardsSubscriptionArn": request.arn("securityhub", f"subscription/{name}"),
                "StandardsArn": f"arn:aws:securityhub:{request.region}::standards/{name}",
                "StandardsInput": {},
                "StandardsStatus": "READY",
                "StandardsControlsUpdatable": "READY_FOR_UPDATES",
            }
            # The management account took only AWS's own.
            for name in _STANDARDS[: 2 if request.account.unit != "Root" else 1]
        ]
    }


def _aggregators(request):
    arn = f"arn:aws:securityhub:ap-northeast-1:{SECURITY}:finding-aggregator/00000000-0000-4000-8000-000000000001"
    return {"FindingAggregators": [{"FindingAggregatorArn": arn}] if request.id == SECURITY else []}


def _hub_administrators(request):
    return {"AdminAccounts": [{"AccountId": SECURITY, "Status": "ENABLED"}]}


def _detector_organisation(request):
    if request.id != SECURITY:
        message = (
            "The request is rejected because the caller is not the GuardDuty delegated administrator for this account."
        )
        raise RefusalError("BadRequestException", message)
    return {
        "AutoEnable": request.region != _FORGOTTEN,
        "MemberAccountLimitReached": False,
        "AutoEnableOrganizationMembers": "NONE" if request.region == _FORGOTTEN else "ALL",
        "Features": [{"Name": "S3_DATA_EVENTS", "AutoEnable": "NEW"}],
    }


def _detector_members(request):
    if request.id != SECURITY:
        return {"Members": []}
    members = ("123456789012", "012345678901", "456789012345", "789012345678")
    return {
        "Members": [
            {
                "AccountId": member,
                "DetectorId": f"{number:032x}",
                "MasterId": SECURITY,
                "AdministratorId": SECURITY,
                "Email": f"aws+{member}@hinode.example",
                "RelationshipStatus": "Enabled",
                "InvitedAt": "2023-04-01T00:00:00Z",
                "UpdatedAt": "2023-04-01T00:00:00Z",
            }
            for number, member in enumerate(members)
        ]
    }


def _finding_statistics(request):
    # One weak finding at home, as the list of findings has it, and an old one where nobody looks.
    low = request.home
    medium = request.home and not request.account.tidy
    if request.sent.get("groupBy") != "DATE":
        counts = {"2.0": 1} if low else {}
        return {"FindingStatistics": {"CountBySeverity": counts | ({"5.0": 2} if medium else {})}}
    severity = request.sent.get("findingCriteria", {}).get("criterion", {}).get("severity", {})
    below = severity.get("lessThan")
    day = {"Severity": 0.0, "TotalFindings": 1}
    found = []
    if below == 4 and low:
        found = [day | {"Severity": 2.0, "Date": "2026-01-30T00:00:00Z", "LastGeneratedAt": "2026-01-31T02:12:00Z"}]
    elif below == 7 and medium:
        found = [day | {"Severity": 5.0, "Date": "2025-12-20T00:00:00Z", "LastGeneratedAt": "2025-12-21T02:12:00Z"}]
    return {"FindingStatistics": {"GroupedByDate": found}}


def _session(request):
    if request.id not in _MACIE:
        raise RefusalError("AccessDeniedException", "Macie is not enabled", 403)
    return None


def _discovery(request):
    return {
        "status": "DISABLED" if request.region == _FORGOTTEN else "ENABLED",
        "autoEnableOrganizationMembers": "NEW" if request.id == SECURITY else "NONE",
        "firstEnabledAt": "2024-04-01T00:00:00Z",
        "lastUpdatedAt": "2024-04-01T00:00:00Z",
    }


def _export(request):
    if not request.home:
        return {"configuration": {}}
    bucket = {"bucketName": f"{request.account.name}-logs", "keyPrefix": "macie/"}
    bucket["kmsKeyArn"] = request.arn("kms", f"alias/{request.account.short}-data")
    return {"configuration": {"s3Destination": bucket}}


def _inspected(request):
    everything = request.account.tidy and request.used
    some = not everything and request.home and any(theme in request.account.themes for theme in _SCANNED)

    def state(on):
        return {"errorCode": "", "errorMessage": "", "status": "ENABLED" if on else "DISABLED"}

    resources = {
        "ec2": state(everything or some),
        "ecr": state(everything or some),
        "lambda": state(everything),
        "lambdaCode": state(everything and request.account.unit != "Dev"),
    }
    return {
        "accounts": [
            {"accountId": account, "state": state(everything or some), "resourceState": resources}
            for account in request.sent.get("accountIds") or [request.id]
        ],
        "failedAccounts": [],
    }


def _vulnerabilities(request):
    urgent = 0 if request.account.tidy else 3
    counts = {"all": 41 + urgent, "critical": urgent, "high": 4 * urgent, "medium": 30}
    one = {
        "accountId": request.id,
        "severityCounts": counts,
        "exploitAvailableCount": urgent // 2,
        "fixAvailableCount": 20,
    }
    return {"aggregationType": "ACCOUNT", "responses": [{"accountAggregation": one}]}


def _delivered(request):
    told = {
        "lastStatus": "SUCCESS",
        "lastAttemptTime": "2026-01-31T20:00:00Z",
        "lastSuccessfulTime": "2026-01-31T20:00:00Z",
    }
    stream = {"lastStatus": "SUCCESS", "lastStatusChangeTime": "2026-01-31T23:40:00Z"}
    channels = request.ask("config", "DescribeDeliveryChannels")["DeliveryChannels"]
    return {
        "DeliveryChannelsStatus": [
            {
                "name": channel["name"],
                "configSnapshotDeliveryInfo": {},
                "configHistoryDeliveryInfo": told,
                "configStreamDeliveryInfo": stream,
            }
            for channel in channels
        ]
    }


def _setting(request):
    setting = request.sent["SettingId"]
    chosen, default = _SETTINGS.get(setting, (None, None))
    value = chosen if request.account.tidy else default
    if value is None:
        raise RefusalError("ServiceSettingNotFound", f"The setting {setting} was not found.")
    return {
        "ServiceSetting": {
            "SettingId": setting,
            "SettingValue": value,
            "LastModifiedDate": "2024-04-01T00:00:00Z",
            "LastModifiedUser": "System",
            "ARN": request.arn("ssm", f"servicesetting{setting}"),
            "Status": "Customized" if request.account.tidy else "Default",
        }
    }


def _managed(request):
    """The running instances that Systems Manager knows: all of the tidy, and every other one of the rest."""
    running = [{"Name": "instance-state-name", "Values": ["running"]}]
    groups = request.ask("ec2", "DescribeInstances", Filters=running)["Reservations"]
    names = [each["InstanceId"] for group in groups for each in group["Instances"]]
    return names if request.account.tidy else names[::2]


def _instances(request):
    return {
        "InstanceInformationList": [
            {
                "InstanceId": name,
                "PingStatus": "Online",
                "LastPingDateTime": "2026-01-31T23:55:00Z",
                "AgentVersion": "3.3.987.0",
                "IsLatestVersion": request.account.tidy,
                "PlatformType": "Linux",
                "PlatformName": "Amazon Linux",
                "PlatformVersion": "2023",
                "ResourceType": "EC2Instance",
                "IPAddress": f"10.0.1.{number + 10}",
                "ComputerName": f"ip-10-0-1-{number + 10}.{request.region}.compute.internal",
                "AssociationStatus": "Success",
                "SourceType": "AWS::EC2::Instance",
            }
            for number, name in enumerate(_managed(request))
        ]
    }


def _compliance(request):
    kinds = [each["Values"][0] for each in request.sent.get("Filters", []) if each["Key"] == "ComplianceType"]
    severity = dict.fromkeys(("CriticalCount", "HighCount", "MediumCount", "LowCount", "InformationalCount"), 0)
    found = []
    for kind in kinds or ["Patch", "Association"]:
        for number, name in enumerate(_managed(request)):
            late = kind == "Patch" and not request.account.tidy and number % 2 == 0
            missing = severity | ({"CriticalCount": 2} if late else {}) | {"UnspecifiedCount": 0}
            found.append(
                {
                    "ComplianceType": kind,
                    "ResourceType": "ManagedInstance",
                    "ResourceId": name,
                    "Status": "NON_COMPLIANT" if late else "COMPLIANT",
                    "OverallSeverity": "CRITICAL" if late else "UNSPECIFIED",
                    "ExecutionSummary": {"ExecutionTime": "2026-01-31T16:00:00Z", "ExecutionType": "Command"},
                    "CompliantSummary": {
                        "CompliantCount": 120,
                        "SeveritySummary": severity | {"UnspecifiedCount": 120},
                    },
                    "NonCompliantSummary": {"NonCompliantCount": 2 if late else 0, "SeveritySummary": missing},
                }
            )
    return {"ResourceComplianceSummaryItems": found}


ANSWERS = {
    ("config", "DescribeDeliveryChannelStatus"): _delivered,
    ("guardduty", "DescribeOrganizationConfiguration"): _detector_organisation,
    ("guardduty", "GetCoverageStatistics"): {"CoverageStatistics": {"CountByCoverageStatus": {}}},
    ("guardduty", "GetFindingsStatistics"): _finding_statistics,
    ("guardduty", "ListMembers"): _detector_members,
    ("inspector2", "BatchGetAccountStatus"): _inspected,
    ("inspector2", "ListFindingAggregations"): _vulnerabilities,
    ("macie2", "GetAutomatedDiscoveryConfiguration"): _discovery,
    ("macie2", "GetClassificationExportConfiguration"): _export,
    ("macie2", "GetMacieSession"): _session,
    ("securityhub", "DescribeOrganizationConfiguration"): _hub_organisation,
    ("securityhub", "GetEnabledStandards"): _standards,
    ("securityhub", "ListFindingAggregators"): _aggregators,
    ("securityhub", "ListOrganizationAdminAccounts"): _hub_administrators,
    ("ssm", "DescribeInstanceInformation"): _instances,
    ("ssm", "GetServiceSetting"): _setting,
    ("ssm", "ListResourceComplianceSummaries"): _compliance,
}
