"""What of the emulator's own answers is changed for `answers.py`: fields that AWS gives and it leaves out.

A function gets the answer, to be changed in place, and the question (`account`, `region`, `sent`).
"""

import json

from answered import HOME, arn_of, at
from moto.cloudtrail.models import cloudtrail_backends
from moto.ecr.models import ecr_backends
from moto.sns.models import sns_backends


def _projects(told, asked):
    for each in told["projects"]:
        each["projectVisibility"] = "PUBLIC_READ" if "bitbucket" in each["name"] else "PRIVATE"


def _key(told, asked):
    told["KeyMetadata"].setdefault("MultiRegion", False)


def _instances(told, asked):
    for reservation in told.get("Reservations", ()):
        for each in reservation["Instances"]:
            each.setdefault("VirtualizationType", "hvm")
            for interface in each.get("NetworkInterfaces", ()):
                if not interface.get("Association", {}).get("PublicIp"):
                    interface.pop("Association", None)


def _databases(told, asked):
    for each in told.get("DBInstances", ()):
        each.setdefault("PubliclyAccessible", False)
        each.setdefault("CACertificateIdentifier", "rds-ca-rsa2048-g1")
        each["CertificateDetails"] = {"CAIdentifier": each["CACertificateIdentifier"], "ValidTill": at(-300)}
        if each["Engine"] in ("mysql", "postgres", "aurora-mysql", "aurora-postgresql"):
            kept = each["DBInstanceIdentifier"] in ("db-plain", "db-old-version", "db-postgres-bad") or "-bad" in each["DBInstanceIdentifier"]
            each.setdefault("EngineLifecycleSupport", "open-source-rds-extended-support" + ("" if kept else "-disabled"))
        if each.get("MonitoringInterval"):
            each["EnhancedMonitoringResourceArn"] = arn_of(asked, "logs", "log-group:RDSOSMetrics:log-stream:db-x")


def _cluster(told, asked):
    cluster = told["cluster"]
    cluster.setdefault("deletionProtection", cluster["name"] == "eks-good")
    network = cluster["resourcesVpcConfig"]
    if network.get("endpointPublicAccess") and not network.get("publicAccessCidrs"):
        network["publicAccessCidrs"] = ["0.0.0.0/0"]
    if not cluster.get("encryptionConfig"):
        cluster.pop("encryptionConfig", None)


def _domains(told, asked):
    for each in told["DomainStatusList"]:
        _domain({"DomainStatus": each}, asked)


def _domain(told, asked):
    status = told["DomainStatus"]
    old = status["DomainName"] == "domain-bad"
    software = {"UpdateAvailable": old, "CurrentVersion": "R1", "NewVersion": "R2" if old else "", "UpdateStatus": "ELIGIBLE" if old else "COMPLETED"}
    status.setdefault("ServiceSoftwareOptions", software)
    if status.get("VPCOptions", {}).get("SubnetIds"):
        status["VPCOptions"].setdefault("VPCId", "vpc-1")


def _warehouses(told, asked):
    for each in told.get("Clusters", ()):
        each.setdefault("MultiAZ", "Enabled" if each["ClusterIdentifier"].endswith("good") else "Disabled")


def _pool(told, asked):
    told["UserPool"].setdefault("DeletionProtection", "INACTIVE")


def _accelerators(told, asked):
    for each in told.get("Clusters", ()):
        each["Status"] = "available"
        for number, node in enumerate(each.get("Nodes", ())):
            node["AvailabilityZone"] = f"{asked.region}{'ac'[number % 2]}"
            node["NodeStatus"] = "available"


def _model(told, asked):
    if not told.get("VpcConfig", {}).get("Subnets"):
        told.pop("VpcConfig", None)


def _services(told, asked):
    for each in told.get("services", ()):
        if each.get("launchType") == "FARGATE":
            each.setdefault("platformFamily", "Linux")


def _permissions(told, asked):
    # The emulator puts the URL's kind beside the condition that AWS makes of it.
    policy = json.loads(told["Policy"])
    for each in policy["Statement"]:
        kind = each.pop("FunctionUrlAuthType", None)
        if kind:
            each.setdefault("Condition", {}).setdefault("StringEquals", {})["lambda:FunctionUrlAuthType"] = kind
    told["Policy"] = json.dumps(policy)


def _drives(told, asked):
    for each in told["FileSystems"]:
        each["Lifecycle"] = "AVAILABLE"


def _topic(told, asked):
    mine = [each for each in sns_backends[asked.account][asked.region].subscriptions.values() if each.topic.arn == told["Attributes"]["TopicArn"]]
    told["Attributes"]["SubscriptionsConfirmed"] = str(len(mine))


def _detector(told, asked):
    # The older half of the answer, which AWS gives as well.
    on = {each["Name"]: {"Status": each["Status"]} for each in told.get("Features", ())}
    off = {"Status": "DISABLED"}
    told["DataSources"] = {
        "CloudTrail": {"Status": "ENABLED"},
        "DNSLogs": {"Status": "ENABLED"},
        "FlowLogs": {"Status": "ENABLED"},
        "S3Logs": on.get("S3_DATA_EVENTS", off),
        "Kubernetes": {"AuditLogs": on.get("EKS_AUDIT_LOGS", off)},
        "MalwareProtection": {"ScanEc2InstanceWithFindings": {"EbsVolumes": on.get("EBS_MALWARE_PROTECTION", off)}},
    }


def _origins(told, asked):
    config = told.get("DistributionConfig") or told.get("Distribution", {}).get("DistributionConfig")
    for each in [config] if config else told.get("DistributionList", {}).get("Items", ()):
        for origin in each["Origins"]["Items"]:
            if ".s3." in origin["DomainName"] and "CustomOriginConfig" not in origin:
                origin.setdefault("S3OriginConfig", {"OriginAccessIdentity": ""})


def _trails(told, asked):
    for each in told.get("trailList", ()):
        trails = cloudtrail_backends[asked.account][each["HomeRegion"]].trails
        each["HasInsightSelectors"] = bool(trails[each["Name"]].insight_selectors)


def _scanning(told, asked):
    # The setting of a repository itself, which the emulator forgets here, counts where no rule of the registry does.
    repositories = ecr_backends[asked.account][asked.region].repositories
    for each in told["scanningConfigurations"]:
        own = repositories[each["repositoryName"]].image_scanning_configuration or {}
        if own.get("scanOnPush") and not each.get("appliedScanFilters"):
            each.update(scanOnPush=True, scanFrequency="SCAN_ON_PUSH")


def _points(told, asked):
    # The emulator lists them in every region.
    if asked.region != HOME:
        told["AccessPointList"] = []


AMENDED = {
    ("cloudfront", "GetDistribution"): _origins,
    ("cloudfront", "GetDistributionConfig"): _origins,
    ("cloudfront", "ListDistributions"): _origins,
    ("cloudtrail", "DescribeTrails"): _trails,
    ("codebuild", "BatchGetProjects"): _projects,
    ("cognito-idp", "DescribeUserPool"): _pool,
    ("dax", "DescribeClusters"): _accelerators,
    ("ec2", "DescribeInstances"): _instances,
    ("ecr", "BatchGetRepositoryScanningConfiguration"): _scanning,
    ("ecs", "DescribeServices"): _services,
    ("eks", "DescribeCluster"): _cluster,
    ("fsx", "DescribeFileSystems"): _drives,
    ("guardduty", "GetDetector"): _detector,
    ("kms", "DescribeKey"): _key,
    ("lambda", "GetPolicy"): _permissions,
    ("opensearch", "DescribeDomain"): _domain,
    ("opensearch", "DescribeDomains"): _domains,
    ("rds", "DescribeDBInstances"): _databases,
    ("redshift", "DescribeClusters"): _warehouses,
    ("s3control", "ListAccessPoints"): _points,
    ("sagemaker", "DescribeModel"): _model,
    ("sns", "GetTopicAttributes"): _topic,
}
