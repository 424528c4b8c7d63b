"""What watches: CloudTrail, Config, GuardDuty, Security Hub, Macie, Inspector, metric filters and their alarms."""

from . import allow, document, state
from .buckets import SHUT, bucket

# Filters of the CIS benchmark as its text has them.
FILTERS = {
    "unauthorized": '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") || ($.sourceIPAddress!="delivery.logs.amazonaws.com") || ($.eventName!="HeadBucket") }',
    "no-mfa": '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    "root": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    "iam": "{ "
    + " || ".join(
        f"($.eventName={each})"
        for each in (
            *("DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy"),
            *("CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy", "DetachRolePolicy"),
            *("AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy"),
        )
    )
    + " }",
    "cloudtrail": "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StartLogging) || ($.eventName = StopLogging) }",
    "login-failures": '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    "kms": "{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }",
    "s3": "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)) }",
    "config": "{ ($.eventSource = config.amazonaws.com) && (($.eventName = StopConfigurationRecorder) || ($.eventName = DeleteDeliveryChannel) || ($.eventName = PutDeliveryChannel) || ($.eventName = PutConfigurationRecorder)) }",
    "groups": "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
    "acls": "{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }",
    "gateways": "{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }",
    "routes": "{ ($.eventSource = ec2.amazonaws.com) && (($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable)) }",
    "vpcs": "{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) || ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }",
    "organizations": "{ ($.eventSource = organizations.amazonaws.com) && ("
    + " || ".join(
        f"($.eventName = {each})"
        for each in (
            *("AcceptHandshake", "AttachPolicy", "CancelHandshake", "CreateAccount", "CreateOrganization", "CreateOrganizationalUnit", "CreatePolicy"),
            *("DeclineHandshake", "DeleteOrganization", "DeleteOrganizationalUnit", "DeletePolicy", "EnableAllFeatures", "EnablePolicyType"),
            *("InviteAccountToOrganization", "LeaveOrganization", "DetachPolicy", "DisablePolicyType", "MoveAccount", "RemoveAccountFromOrganization"),
            *("UpdateOrganizationalUnit", "UpdatePolicy"),
        )
    )
    + ") }",
}


@state
def trails(aws):
    """Trails: the kept account's is whole; the other has one that is off and one of a single region."""
    name = "trail-logs-kept" if aws.kept else "trail-logs"
    bucket(aws, name)
    writer = allow(["s3:PutObject", "s3:GetBucketAcl"], [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"], {"Service": "cloudtrail.amazonaws.com"})
    log = allow("s3:PutObject", f"arn:aws:s3:::{name}/*", {"Service": "logging.s3.amazonaws.com"})
    aws.s3.PutBucketPolicy(Bucket=name, Policy=document(writer, log))
    group = aws.arn("logs", "log-group:trail:*")
    aws.logs.CreateLogGroup(logGroupName="trail", kmsKeyId=aws.shared["key"])
    aws.logs.PutRetentionPolicy(logGroupName="trail", retentionInDays=400)
    trail = aws.cloudtrail
    if aws.kept:
        aws.s3.PutPublicAccessBlock(Bucket=name, PublicAccessBlockConfiguration=SHUT)
        aws.s3.PutBucketLogging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": name, "TargetPrefix": "a/"}})
        aws.s3.PutBucketVersioning(Bucket=name, VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"})
        trail.CreateTrail(
            Name="whole",
            S3BucketName=name,
            IsMultiRegionTrail=True,
            IncludeGlobalServiceEvents=True,
            EnableLogFileValidation=True,
            CloudWatchLogsLogGroupArn=group,
            CloudWatchLogsRoleArn=aws.shared["role"],
            KmsKeyId=aws.shared["key"],
        )
        trail.StartLogging(Name="whole")
        objects = [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]
        trail.PutEventSelectors(TrailName="whole", EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": objects}])
        trail.PutInsightSelectors(TrailName="whole", InsightSelectors=[{"InsightType": "ApiCallRateInsight"}])
        topic = aws.sns.CreateTopic(Name="alarms", Attributes={"KmsMasterKeyId": "alias/aws/sns"})["TopicArn"]
        aws.sns.Subscribe(TopicArn=topic, Protocol="sqs", Endpoint=aws.arn("sqs", "alarms"))
        for kind, pattern in FILTERS.items():
            watch(aws, kind, pattern, [topic])
        return
    trail.CreateTrail(Name="off", S3BucketName=name, IsMultiRegionTrail=False, IncludeGlobalServiceEvents=False)
    trail.CreateTrail(Name="regional", S3BucketName=name, IsMultiRegionTrail=False, CloudWatchLogsLogGroupArn=group, CloudWatchLogsRoleArn=aws.shared["role"])
    trail.StartLogging(Name="regional")


def watch(aws, kind, pattern, actions):
    """A metric filter on the trail's log group and an alarm on its metric."""
    aws.logs.PutMetricFilter(
        logGroupName="trail",
        filterName=kind,
        filterPattern=pattern,
        metricTransformations=[{"metricName": f"metric-{kind}", "metricNamespace": "watch", "metricValue": "1"}],
    )
    aws.cloudwatch.PutMetricAlarm(
        AlarmName=f"watch-{kind}",
        MetricName=f"metric-{kind}",
        Namespace="watch",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=actions,
    )


@state
def recorders(aws):
    """AWS Config, GuardDuty, Security Hub, Macie, Inspector: on in the kept account's first region."""
    if not aws.kept:
        aws.there.guardduty.CreateDetector(Enable=False)
        return
    role = aws.iam.CreateServiceLinkedRole(AWSServiceName="config.amazonaws.com")["Role"]["Arn"]
    bucket(aws, "kept-config")
    everything = {"allSupported": True, "includeGlobalResourceTypes": True}
    aws.config.PutConfigurationRecorder(ConfigurationRecorder={"name": "default", "roleARN": role, "recordingGroup": everything})
    aws.config.PutDeliveryChannel(DeliveryChannel={"name": "default", "s3BucketName": "kept-config"})
    aws.config.StartConfigurationRecorder(ConfigurationRecorderName="default")
    features = ("S3_DATA_EVENTS", "EKS_AUDIT_LOGS", "EBS_MALWARE_PROTECTION", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS", "RUNTIME_MONITORING")
    aws.guardduty.CreateDetector(Enable=True, Features=[{"Name": each, "Status": "ENABLED"} for each in features])
    aws.securityhub.EnableSecurityHub(EnableDefaultStandards=True)
    aws.macie2.EnableMacie(status="ENABLED")
    aws.inspector2.Enable(accountIds=[aws.account], resourceTypes=["EC2", "ECR", "LAMBDA"])
