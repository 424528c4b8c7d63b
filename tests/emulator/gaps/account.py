"""What an account or a region says of itself: support, mail, features of the organisation, IoT, EMR, Bedrock, X-Ray."""

from .wire import RefusalError

_ALL_OK = {"resourcesProcessed": 24, "resourcesFlagged": 0, "resourcesIgnored": 0, "resourcesSuppressed": 0}
_SAVING = {"costOptimizing": {"estimatedMonthlySavings": 0.0, "estimatedPercentMonthlySavings": 0.0}}
_SEVERITIES = {
    "low": "General guidance",
    "normal": "System impaired",
    "high": "Production system impaired",
    "urgent": "Production system down",
    "critical": "Business-critical system down",
}


def _absent(code, message, status=400):
    def refuse(request):
        raise RefusalError(code, message, status)

    return refuse


def _severities(request):
    # The organisation's plan covers everybody; nobody asked for it in the sandboxes.
    if request.account.unit == "Sandbox":
        raise RefusalError(
            "SubscriptionRequiredException", "Amazon Web Services Premium Support Subscription is required"
        )
    return {"severityLevels": [{"code": code, "name": name} for code, name in _SEVERITIES.items()]}


def _advice(request):
    return {
        "summaries": [
            {
                "checkId": check,
                "timestamp": "2026-01-31T21:00:00Z",
                "status": "ok",
                "hasFlaggedResources": False,
                "resourcesSummary": _ALL_OK,
                "categorySpecificSummary": _SAVING,
            }
            for check in request.sent.get("checkIds", [])
        ]
    }


def _mail(request):
    sends = request.home and "web" in request.account.themes
    return {
        "DedicatedIpAutoWarmupEnabled": False,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": sends,
        "SendQuota": {
            "Max24HourSend": 50000.0 if sends else 200.0,
            "MaxSendRate": 14.0 if sends else 1.0,
            "SentLast24Hours": 0.0,
        },
        "SendingEnabled": True,
        "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
        "VdmAttributes": {"VdmEnabled": "DISABLED"},
    }


def _tracing(request):
    if request.account.tidy and request.used:
        return {"EncryptionConfig": {"KeyId": request.arn("kms", "alias/aws/xray"), "Status": "ACTIVE", "Type": "KMS"}}
    return {"EncryptionConfig": {"Status": "ACTIVE", "Type": "NONE"}}


def _prompts_logged(request):
    if not (request.home and "analytics" in request.account.themes):
        return {}
    log = {"logGroupName": "/hinode/bedrock", "roleArn": f"arn:aws:iam::{request.id}:role/Lambda"}
    return {
        "loggingConfig": {
            "cloudWatchConfig": log,
            "textDataDeliveryEnabled": True,
            "imageDataDeliveryEnabled": True,
            "embeddingDataDeliveryEnabled": True,
        }
    }


def _open_ports(request):
    return {
        "BlockPublicAccessConfiguration": {
            # The default; nobody has ever changed it but the data team, whose notebooks are open.
            "BlockPublicSecurityGroupRules": not (request.home and "analytics" in request.account.themes),
            "PermittedPublicSecurityGroupRuleRanges": [{"MinRange": 22, "MaxRange": 22}],
        },
        "BlockPublicAccessConfigurationMetadata": {
            "CreationDateTime": "2024-06-01T00:00:00Z",
            "CreatedByArn": f"arn:aws:iam::{request.id}:root",
        },
    }


def _shield(request):
    try:
        subscribed = bool(request.ask("shield", "DescribeSubscription").get("Subscription"))
    except Exception:  # the emulator's way of saying that there is none
        subscribed = False
    return {"SubscriptionState": "ACTIVE" if subscribed else "INACTIVE"}


def _root_features(request):
    organisation = request.ask("organizations", "DescribeOrganization")["Organization"]["Id"]
    return {"OrganizationId": organisation, "EnabledFeatures": ["RootCredentialsManagement", "RootSessions"]}


ANSWERS = {
    ("bedrock", "GetModelInvocationLoggingConfiguration"): _prompts_logged,
    ("emr", "GetBlockPublicAccessConfiguration"): _open_ports,
    ("iam", "ListOrganizationsFeatures"): _root_features,
    ("iot", "DescribeAccountAuditConfiguration"): {"auditCheckConfigurations": {}},
    ("iot", "GetV2LoggingOptions"): {"defaultLogLevel": "DISABLED", "disableAllLogs": True},
    ("iot", "ListAuthorizers"): {"authorizers": []},
    ("ses", "DescribeActiveReceiptRuleSet"): {},
    ("sesv2", "GetAccount"): _mail,
    ("shield", "DescribeDRTAccess"): _absent("ResourceNotFoundException", "No DRT access"),
    ("shield", "GetSubscriptionState"): _shield,
    ("support", "DescribeSeverityLevels"): _severities,
    ("support", "DescribeTrustedAdvisorCheckSummaries"): _advice,
    ("xray", "GetEncryptionConfig"): _tracing,
    ("glacier", "GetVaultAccessPolicy"): _absent("ResourceNotFoundException", "No vault access policy is set", 404),
    ("glacier", "GetVaultLock"): _absent("ResourceNotFoundException", "No vault lock policy is set", 404),
}
