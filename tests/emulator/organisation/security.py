"""The guards: trails, recorders, detectors, keys, alarms and secrets, switched on in some accounts and regions."""

import json

from clock import CALENDAR

from .identity import allow, policy, role_arn

_CIS_PATTERNS = (
    ("unauthorized-calls", '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}'),
    ("console-without-mfa", '{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed !="Yes")}'),
    ("root-usage", '{$.userIdentity.type="Root" && $.eventType !="AwsServiceEvent"}'),
)
# The role that AWS Config makes for itself; payment's recorders are older than that.
_LINKED = "arn:aws:iam::{}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"


def fill(place, account, organization):
    """Fills one region's guards."""
    home = place.region == account.regions[0]
    watch(place, account)
    _keys(place, account, organization)
    _parameters(place, account)
    if home:
        _trails(place, account)
        _alarms(place, account)
        _secrets(place, account, organization)


def watch(place, account):
    """Switches on what has to be on in every region, in the accounts that care."""
    if account.tidy or account.unit == "Prod" and place.region == "ap-northeast-1":
        place.call("guardduty", "CreateDetector", Enable=True, FindingPublishingFrequency="FIFTEEN_MINUTES")
    if account.tidy:
        place.call("securityhub", "EnableSecurityHub", EnableDefaultStandards=True)
        place.call(
            "config",
            "PutConfigurationRecorder",
            ConfigurationRecorder={
                "name": "default",
                "roleARN": _LINKED.format(account.id)
                if account.unit in ("Root", "Security")
                else role_arn(account, "AWSConfig"),
                "recordingGroup": {
                    "allSupported": True,
                    "includeGlobalResourceTypes": place.region == account.regions[0],
                },
            },
        )
        place.call(
            "config", "PutDeliveryChannel", DeliveryChannel={"name": "default", "s3BucketName": f"{account.name}-logs"}
        )
        place.call("config", "StartConfigurationRecorder", ConfigurationRecorderName="default")
    if "audit" in account.themes:
        place.call("macie2", "EnableMacie", status="ENABLED")
        place.call("inspector2", "Enable", accountIds=[account.id], resourceTypes=["EC2", "ECR"])


def _keys(place, account, organization):
    root = {
        "Sid": "Owners",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account.id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    members = {
        "Sid": "Members",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": organization}},
    }
    anyone = {"Sid": "Anyone", "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*"}
    kinds = [("data", account.tidy, [root, members] if account.tidy else [root])]
    if not account.tidy and place.region == account.regions[0]:
        kinds.append(("shared", False, [root, anyone]))
    for name, rotates, statements in kinds:
        with CALENDAR.days_ago(min(600, account.age - 9)):
            key = place.call(
                "kms",
                "CreateKey",
                Description=name,
                Policy=policy(*statements),
                Tags=[{"TagKey": "Owner", "TagValue": account.owner}],
            )["KeyMetadata"]["KeyId"]
        place.call("kms", "CreateAlias", AliasName=f"alias/{account.short}-{name}", TargetKeyId=key)
        if rotates:
            place.call("kms", "EnableKeyRotation", KeyId=key)


def _trails(place, account):
    logs = f"{account.name}-logs"
    place.call("logs", "CreateLogGroup", logGroupName=f"/hinode/{account.short}/trail")
    group = f"arn:aws:logs:{place.region}:{account.id}:log-group:/hinode/{account.short}/trail:*"
    if account.tidy:
        place.call("logs", "PutRetentionPolicy", logGroupName=f"/hinode/{account.short}/trail", retentionInDays=400)
        place.call(
            "cloudtrail",
            "CreateTrail",
            Name="organisation",
            S3BucketName=logs,
            IsMultiRegionTrail=True,
            IncludeGlobalServiceEvents=True,
            EnableLogFileValidation=True,
            CloudWatchLogsLogGroupArn=group,
            CloudWatchLogsRoleArn=role_arn(account, "AWSConfig"),
            KmsKeyId=f"arn:aws:kms:{place.region}:{account.id}:alias/{account.short}-data",
        )
        place.call("cloudtrail", "StartLogging", Name="organisation")
        place.call(
            "cloudtrail",
            "PutEventSelectors",
            TrailName="organisation",
            EventSelectors=[
                {
                    "ReadWriteType": "All",
                    "IncludeManagementEvents": True,
                    "DataResources": [{"Type": "AWS::S3::Object", "Values": [f"arn:aws:s3:::{account.name}-data/"]}],
                }
            ],
        )
    elif account.unit != "Sandbox":
        place.call("cloudtrail", "CreateTrail", Name="old", S3BucketName=logs, IsMultiRegionTrail=False)
        if account.unit == "Prod":
            place.call("cloudtrail", "StartLogging", Name="old")


def _alarms(place, account):
    topic = place.call("sns", "CreateTopic", Name="alarms")["TopicArn"]
    group = f"/hinode/{account.short}/trail"
    for name, pattern in _CIS_PATTERNS[: 3 if account.tidy else 1]:
        transformation = {"metricName": name, "metricNamespace": "Cis", "metricValue": "1"}
        place.call(
            "logs",
            "PutMetricFilter",
            logGroupName=group,
            filterName=name,
            filterPattern=pattern,
            metricTransformations=[transformation],
        )
        place.call(
            "cloudwatch",
            "PutMetricAlarm",
            AlarmName=name,
            MetricName=name,
            Namespace="Cis",
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            ActionsEnabled=account.tidy,
            AlarmActions=[topic] if account.tidy else [],
        )


def _parameters(place, account):
    kind = {"Type": "SecureString"} if account.tidy else {"Type": "String"}
    place.call("ssm", "PutParameter", Name=f"/{account.short}/db/password", Value="example-only", **kind)
    if place.region == account.regions[0]:
        content = {
            "schemaVersion": "2.2",
            "description": "日次の点検",
            "mainSteps": [{"action": "aws:runShellScript", "name": "check", "inputs": {"runCommand": ["true"]}}],
        }
        place.call(
            "ssm", "CreateDocument", Name=f"{account.short}-check", DocumentType="Command", Content=json.dumps(content)
        )
        if account.unit == "Sandbox":
            place.call(
                "ssm",
                "ModifyDocumentPermission",
                Name=f"{account.short}-check",
                PermissionType="Share",
                AccountIdsToAdd=["all"],
            )


def _secrets(place, account, organization):
    with CALENDAR.days_ago(min(30 if account.tidy else 500, account.age - 9)):
        place.call(
            "secretsmanager",
            "CreateSecret",
            Name=f"{account.short}/db",
            SecretString="example-only",
            Tags=[{"Key": "Owner", "Value": account.owner}],
        )
        other = place.call("secretsmanager", "CreateSecret", Name=f"{account.short}/api", SecretString="example-only")[
            "ARN"
        ]
    condition = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": organization}}} if account.tidy else {}
    document = policy(allow("secretsmanager:GetSecretValue", other, Principal="*", **condition))
    place.call("secretsmanager", "PutResourcePolicy", SecretId=other, ResourcePolicy=document)
