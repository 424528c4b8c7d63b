"""One each of the many services that only some teams use, kept well in one account and badly in another."""

import json

from clock import CALENDAR

from . import network
from .identity import allow, policy, role_arn


def fill(place, account, organization):
    """Fills the home region of the accounts that use everything."""
    if "wide" not in account.themes or place.region != account.regions[0]:
        return
    vpc, subnets, groups = network.find(place, account)
    for part in (_networks, _delivery, _events, _databases, _streams, _machine_learning, _sharing, _mail, _edge):
        part(place, account, vpc, subnets, groups)


def _networks(place, account, vpc, subnets, groups):
    place.call("ec2", "CreateKeyPair", KeyName="operators")
    place.call("ec2", "CreateEgressOnlyInternetGateway", VpcId=vpc)
    place.call(
        "ec2",
        "CreateManagedPrefixList",
        PrefixListName="offices",
        MaxEntries=5,
        AddressFamily="IPv4",
        Entries=[{"Cidr": "203.0.113.0/24", "Description": "本社"}],
    )
    options = [{"Key": "domain-name-servers", "Values": ["10.0.0.2"]}]
    place.call("ec2", "CreateDhcpOptions", DhcpConfigurations=options)
    balancer = place.call(
        "elbv2", "CreateLoadBalancer", Name="service", Subnets=subnets, Type="network", Scheme="internal"
    )
    place.call(
        "ec2",
        "CreateVpcEndpointServiceConfiguration",
        AcceptanceRequired=account.tidy,
        NetworkLoadBalancerArns=[balancer["LoadBalancers"][0]["LoadBalancerArn"]],
    )
    gateway = place.call("ec2", "CreateTransitGateway", Description="wide")["TransitGateway"]["TransitGatewayId"]
    place.call("ec2", "CreateTransitGatewayVpcAttachment", TransitGatewayId=gateway, VpcId=vpc, SubnetIds=subnets[:1])
    firewall = place.call(
        "network-firewall",
        "CreateFirewall",
        FirewallName="border",
        FirewallPolicyArn=f"arn:aws:network-firewall:{place.region}:{account.id}:firewall-policy/border",
        VpcId=vpc,
        SubnetMappings=[{"SubnetId": subnets[0]}],
        DeleteProtection=account.tidy,
    )
    return firewall


def _delivery(place, account, vpc, subnets, groups):
    place.call("codecommit", "CreateRepository", repositoryName="shop")
    place.call("codedeploy", "CreateApplication", applicationName="shop", computePlatform="Server")
    action = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
    build = {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"}
    place.call(
        "codepipeline",
        "CreatePipeline",
        pipeline={
            "name": "shop",
            "roleArn": role_arn(account, "Pipeline"),
            "artifactStore": {"type": "S3", "location": f"{account.name}-data"},
            "stages": [
                {"name": "Source", "actions": [{"name": "source", "actionTypeId": action}]},
                {"name": "Build", "actions": [{"name": "build", "actionTypeId": build}]},
            ],
        },
    )
    template = {"Resources": {"Inbox": {"Type": "AWS::SQS::Queue"}}}
    place.call("cloudformation", "CreateStackSet", StackSetName="guards", TemplateBody=json.dumps(template))


def _events(place, account, vpc, subnets, groups):
    place.call("events", "CreateEventBus", Name="orders")
    if not account.tidy:
        bus = f"arn:aws:events:{place.region}:{account.id}:event-bus/orders"
        document = policy(allow("events:PutEvents", bus, Sid="anyone", Principal="*"))
        place.call("events", "PutPermission", EventBusName="orders", Policy=document)
    place.call(
        "mq",
        "CreateBroker",
        BrokerName="orders",
        EngineType="ACTIVEMQ",
        EngineVersion="5.18",
        HostInstanceType="mq.t3.micro",
        DeploymentMode="SINGLE_INSTANCE",
        AutoMinorVersionUpgrade=account.tidy,
        PubliclyAccessible=not account.tidy,
        Users=[{"Username": "admin", "Password": "example-only-1"}],
    )
    reader = {"Principal": "*"} if not account.tidy else {"Principal": {"Service": "es.amazonaws.com"}}
    document = policy(allow("logs:PutLogEvents", "*", **reader))
    place.call("logs", "PutResourcePolicy", policyName="writers", policyDocument=document)


def _databases(place, account, vpc, subnets, groups):
    place.call(
        "rds",
        "CreateDBParameterGroup",
        DBParameterGroupName="ours",
        DBParameterGroupFamily="mysql8.0",
        Description="ours",
    )
    topic = f"arn:aws:sns:{place.region}:{account.id}:alarms"
    place.call("rds", "CreateEventSubscription", SubscriptionName="ours", SnsTopicArn=topic, SourceType="db-instance")
    place.call(
        "elasticache",
        "CreateCacheSubnetGroup",
        CacheSubnetGroupName="ours",
        CacheSubnetGroupDescription="ours",
        SubnetIds=subnets,
    )
    place.call(
        "memorydb",
        "CreateCluster",
        ClusterName="carts",
        NodeType="db.t4g.small",
        ACLName="open-access",
        TLSEnabled=account.tidy,
    )
    place.call(
        "dax",
        "CreateCluster",
        ClusterName="items",
        NodeType="dax.t3.small",
        ReplicationFactor=1,
        IamRoleArn=role_arn(account, "Lambda"),
        SSESpecification={"Enabled": account.tidy},
    )
    place.call(
        "redshift",
        "CreateClusterParameterGroup",
        ParameterGroupName="ours",
        ParameterGroupFamily="redshift-1.0",
        Description="ours",
    )
    place.call(
        "dms",
        "CreateEndpoint",
        EndpointIdentifier="osaka",
        EndpointType="source",
        EngineName="mysql",
        ServerName="db.hinode.example",
        Port=3306,
        SslMode="require" if account.tidy else "none",
    )
    place.call("glacier", "CreateVault", accountId="-", vaultName="old-ledgers")


def _streams(place, account, vpc, subnets, groups):
    place.call(
        "appsync", "CreateGraphqlApi", name="orders", authenticationType="AWS_IAM" if account.tidy else "API_KEY"
    )
    place.call(
        "glue",
        "CreateConnection",
        ConnectionInput={"Name": "orders", "ConnectionType": "JDBC", "ConnectionProperties": {}},
    )
    place.call(
        "glue",
        "CreateCrawler",
        Name="orders",
        Role=role_arn(account, "Lambda"),
        DatabaseName="sales",
        Targets={"S3Targets": [{"Path": f"s3://{account.name}-data/"}]},
    )
    place.call(
        "opensearchserverless",
        "CreateSecurityPolicy",
        name="search",
        type="encryption",
        policy=json.dumps(
            {
                "Rules": [{"ResourceType": "collection", "Resource": ["collection/search"]}],
                "AWSOwnedKey": True,
                "KmsARN": "",
            }
        ),
    )
    place.call("opensearchserverless", "CreateCollection", name="search")
    place.call(
        "emr",
        "CreateSecurityConfiguration",
        Name="ours",
        SecurityConfiguration=json.dumps({"EncryptionConfiguration": {"EnableInTransitEncryption": account.tidy}}),
    )


def _machine_learning(place, account, vpc, subnets, groups):
    place.call(
        "sagemaker",
        "CreateModel",
        ModelName="prices",
        ExecutionRoleArn=role_arn(account, "Lambda"),
        EnableNetworkIsolation=account.tidy,
        PrimaryContainer={"Image": f"{account.id}.dkr.ecr.{place.region}.amazonaws.com/prices:1"},
    )
    place.call(
        "sagemaker",
        "CreateDomain",
        DomainName="analysts",
        AuthMode="IAM",
        SubnetIds=subnets,
        VpcId=vpc,
        DefaultUserSettings={"ExecutionRole": role_arn(account, "Lambda")},
        AppNetworkAccessType="VpcOnly" if account.tidy else "PublicInternetOnly",
    )


def _sharing(place, account, vpc, subnets, groups):
    place.call("ram", "CreateResourceShare", name="networks", allowExternalPrincipals=not account.tidy)
    place.call("servicecatalog", "CreatePortfolio", DisplayName="ours", ProviderName="基盤", IdempotencyToken="1")
    place.call("s3control", "CreateAccessPoint", AccountId=account.id, Name="readers", Bucket=f"{account.name}-data")
    regions = {"AllAwsRegions": True} if account.tidy else {"AwsRegions": [place.region]}
    place.call(
        "config",
        "PutConfigurationAggregator",
        ConfigurationAggregatorName="ours",
        AccountAggregationSources=[{"AccountIds": [account.id], **regions}],
    )
    with CALENDAR.days_ago(700):
        place.call(
            "acm-pca",
            "CreateCertificateAuthority",
            CertificateAuthorityType="ROOT",
            CertificateAuthorityConfiguration={
                "KeyAlgorithm": "RSA_2048",
                "SigningAlgorithm": "SHA256WITHRSA",
                "Subject": {"Country": "JP", "Organization": "Hinode Shoji", "CommonName": "hinode.example"},
            },
        )


def _mail(place, account, vpc, subnets, groups):
    place.call("sesv2", "CreateEmailIdentity", EmailIdentity=f"{account.short}.hinode.example")
    place.call(
        "sesv2",
        "CreateConfigurationSet",
        ConfigurationSetName="ours",
        DeliveryOptions={"TlsPolicy": "REQUIRE" if account.tidy else "OPTIONAL"},
    )


def _edge(place, account, vpc, subnets, groups):
    place.call(
        "wafv2",
        "CreateRuleGroup",
        Name="ours",
        Scope="REGIONAL",
        Capacity=10,
        VisibilityConfig={
            "SampledRequestsEnabled": account.tidy,
            "CloudWatchMetricsEnabled": account.tidy,
            "MetricName": "ours",
        },
    )
    place.call(
        "ecs",
        "CreateCapacityProvider",
        name="spare",
        autoScalingGroupProvider={
            "autoScalingGroupArn": f"arn:aws:autoscaling:{place.region}:{account.id}:autoScalingGroup:1:autoScalingGroupName/spare"
        },
    )
    system = place.call("efs", "CreateFileSystem", CreationToken="wide", Encrypted=account.tidy)["FileSystemId"]
    posix = {"PosixUser": {"Uid": 1000, "Gid": 1000}} if account.tidy else {}
    place.call("efs", "CreateAccessPoint", ClientToken="wide", FileSystemId=system, **posix)
    place.call("lambda", "PublishLayerVersion", LayerName="shared", Content={"ZipFile": b"PK\x05\x06" + bytes(18)})
