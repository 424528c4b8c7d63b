"""Streams, warehouses and what moves data between them."""

from . import network
from .identity import role_arn


def fill(place, account, organization):
    """Fills one region's analytics."""
    home = place.region == account.regions[0]
    if "streams" in account.themes:
        _streams(place, account, home)
    if "analytics" in account.themes and home:
        vpc, subnets, groups = network.find(place, account)
        _catalogue(place, account)
        _warehouses(place, account, subnets, groups)
        _movers(place, account, subnets)


def _streams(place, account, home):
    place.call("kinesis", "CreateStream", StreamName="clicks", ShardCount=1)
    if account.tidy:
        place.call(
            "kinesis", "StartStreamEncryption", StreamName="clicks", EncryptionType="KMS", KeyId="alias/aws/kinesis"
        )
    place.call(
        "firehose",
        "CreateDeliveryStream",
        DeliveryStreamName="clicks-to-s3",
        ExtendedS3DestinationConfiguration={
            "RoleARN": role_arn(account, "Lambda"),
            "BucketARN": f"arn:aws:s3:::{account.name}-data",
        },
    )
    if home:
        vpc, subnets, groups = network.find(place, account)
        place.call(
            "kafka",
            "CreateCluster",
            ClusterName="events",
            KafkaVersion="3.6.0",
            NumberOfBrokerNodes=2,
            BrokerNodeGroupInfo={
                "ClientSubnets": subnets,
                "InstanceType": "kafka.m5.large",
                "SecurityGroups": [groups["internal"]],
            },
            EncryptionInfo={"EncryptionInTransit": {"ClientBroker": "TLS_PLAINTEXT", "InCluster": True}},
        )


def _catalogue(place, account):
    place.call("glue", "CreateDatabase", DatabaseInput={"Name": "sales"})
    place.call(
        "glue", "CreateTable", DatabaseName="sales", TableInput={"Name": "orders", "StorageDescriptor": {"Columns": []}}
    )
    place.call("glue", "CreateJob", Name="nightly", Role=role_arn(account, "Lambda"), Command={"Name": "glueetl"})
    place.call(
        "athena",
        "CreateWorkGroup",
        Name="analysts",
        Configuration={
            "EnforceWorkGroupConfiguration": False,
            "ResultConfiguration": {"OutputLocation": f"s3://{account.name}-data/athena/"},
        },
    )
    place.call(
        "athena",
        "CreateWorkGroup",
        Name="reports",
        Configuration={
            "EnforceWorkGroupConfiguration": True,
            "ResultConfiguration": {
                "OutputLocation": f"s3://{account.name}-data/reports/",
                "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
            },
        },
    )


def _warehouses(place, account, subnets, groups):
    place.call(
        "redshift",
        "CreateCluster",
        ClusterIdentifier="sales",
        NodeType="ra3.xlplus",
        MasterUsername="admin",
        MasterUserPassword="Example-only-1",
        PubliclyAccessible=True,
        Encrypted=False,
        NumberOfNodes=2,
        ClusterType="multi-node",
    )
    place.call(
        "redshift",
        "CreateCluster",
        ClusterIdentifier="finance",
        NodeType="ra3.xlplus",
        MasterUsername="admin",
        MasterUserPassword="Example-only-1",
        PubliclyAccessible=False,
        Encrypted=True,
        NumberOfNodes=2,
        ClusterType="multi-node",
    )
    place.call(
        "opensearch",
        "CreateDomain",
        DomainName="search",
        EngineVersion="OpenSearch_2.11",
        EncryptionAtRestOptions={"Enabled": False},
        NodeToNodeEncryptionOptions={"Enabled": False},
        DomainEndpointOptions={"EnforceHTTPS": False},
    )
    place.call(
        "emr",
        "RunJobFlow",
        Name="nightly",
        ReleaseLabel="emr-7.0.0",
        ServiceRole="Server",
        JobFlowRole="Server",
        Instances={
            "MasterInstanceType": "m5.xlarge",
            "InstanceCount": 1,
            "KeepJobFlowAliveWhenNoSteps": True,
            "Ec2SubnetId": subnets[0],
        },
    )
    place.call(
        "sagemaker",
        "CreateNotebookInstance",
        NotebookInstanceName="analyst",
        InstanceType="ml.t3.medium",
        RoleArn=role_arn(account, "Lambda"),
        DirectInternetAccess="Enabled",
        RootAccess="Enabled",
    )


def _movers(place, account, subnets):
    place.call(
        "dms",
        "CreateReplicationInstance",
        ReplicationInstanceIdentifier="from-osaka",
        ReplicationInstanceClass="dms.t3.medium",
        PubliclyAccessible=True,
        AutoMinorVersionUpgrade=False,
    )
    place.call(
        "transfer",
        "CreateServer",
        Protocols=["FTP", "SFTP"],
        EndpointType="PUBLIC",
        IdentityProviderType="SERVICE_MANAGED",
    )
