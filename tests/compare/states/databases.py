"""RDS, Aurora, Neptune, DocumentDB, DynamoDB, DAX, ElastiCache, MemoryDB, Redshift, DMS."""

from moto.rds.models import rds_backends

from . import OUTSIDER, document, policies, state
from .groups import WORLD
from .machines import entry, group

LOGIN = {"MasterUsername": "app_owner", "MasterUserPassword": "example-only-1"}
KEYS = {
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}


@state
def instances(aws):
    """RDS instances: good, bad, and one change at a time; by engine; snapshots."""
    if aws.kept:
        return
    rds = aws.rds
    rds.CreateDBSubnetGroup(DBSubnetGroupName="private", DBSubnetGroupDescription="d", SubnetIds=aws.shared["private"])
    rds.CreateDBSubnetGroup(DBSubnetGroupName="public", DBSubnetGroupDescription="d", SubnetIds=aws.shared["publics"])
    opened = group(aws, "database-open", entry(3306, IpRanges=WORLD), entry(5432, IpRanges=WORLD))
    good = LOGIN | {
        "AllocatedStorage": 20,
        "DBInstanceClass": "db.t4g.medium",
        "Engine": "mysql",
        "EngineVersion": "8.4.5",
        "DBSubnetGroupName": "private",
        "VpcSecurityGroupIds": [aws.shared["group"]],
        "StorageEncrypted": True,
        "KmsKeyId": aws.shared["key"],
        "PubliclyAccessible": False,
        "BackupRetentionPeriod": 14,
        "MultiAZ": True,
        "DeletionProtection": True,
        "CopyTagsToSnapshot": True,
        "EnableIAMDatabaseAuthentication": True,
        "AutoMinorVersionUpgrade": True,
        "Port": 13306,
        "MonitoringInterval": 60,
        "MonitoringRoleArn": aws.shared["role"],
        "EnableCloudwatchLogsExports": ["audit", "error"],
    }
    states = {
        "good": {},
        "plain": {"StorageEncrypted": False, "KmsKeyId": None},
        "public": {"PubliclyAccessible": True},
        "public-open": {"PubliclyAccessible": True, "VpcSecurityGroupIds": [opened], "DBSubnetGroupName": "public", "Port": 3306},
        "no-backup": {"BackupRetentionPeriod": 0},
        "one-day-backup": {"BackupRetentionPeriod": 1},
        "single-az": {"MultiAZ": False},
        "unprotected": {"DeletionProtection": False},
        "no-tags-copied": {"CopyTagsToSnapshot": False},
        "no-iam": {"EnableIAMDatabaseAuthentication": False},
        "no-minor": {"AutoMinorVersionUpgrade": False},
        "default-port": {"Port": 3306},
        "unmonitored": {"MonitoringInterval": 0, "MonitoringRoleArn": None},
        "no-logs": {"EnableCloudwatchLogsExports": []},
        "default-admin": {"MasterUsername": "admin"},
        "old-version": {"EngineVersion": "5.7.38"},
        "postgres": {"Engine": "postgres", "EngineVersion": "17.2", "EnableCloudwatchLogsExports": ["postgresql"], "Port": 15432},
        "postgres-bad": {
            "Engine": "postgres",
            "EngineVersion": "12.9",
            "EnableCloudwatchLogsExports": [],
            "MasterUsername": "postgres",
            "Port": 5432,
            "EnableIAMDatabaseAuthentication": False,
        },
        "mariadb": {"Engine": "mariadb", "EngineVersion": "10.11.8", "Port": 13307},
        "oracle": {"Engine": "oracle-se2", "EngineVersion": "19", "EnableCloudwatchLogsExports": ["alert", "audit", "listener", "trace"], "EnableIAMDatabaseAuthentication": False, "Port": 11521},
        "sqlserver": {"Engine": "sqlserver-ex", "EngineVersion": "15.00", "EnableCloudwatchLogsExports": ["error"], "EnableIAMDatabaseAuthentication": False, "MultiAZ": False, "Port": 11433},
    }
    for name, more in states.items():
        settings = {key: value for key, value in (good | more).items() if value is not None}
        rds.CreateDBInstance(DBInstanceIdentifier=f"db-{name}", **settings)
    for name in ("good", "plain"):
        rds.CreateDBSnapshot(DBSnapshotIdentifier=f"snapshot-{name}", DBInstanceIdentifier=f"db-{name}")
        for kind, value in (("public", "all"), ("shared", OUTSIDER)):
            made = f"snapshot-{kind}-{name}"
            rds.CreateDBSnapshot(DBSnapshotIdentifier=made, DBInstanceIdentifier=f"db-{name}")
            rds.ModifyDBSnapshotAttribute(DBSnapshotIdentifier=made, AttributeName="restore", ValuesToAdd=[value])
    for name, change in (("tls", "1"), ("no-tls", "0")):
        group_name = f"parameters-{name}"
        rds.CreateDBParameterGroup(DBParameterGroupName=group_name, DBParameterGroupFamily="mysql8.4", Description="d")
        rds.ModifyDBParameterGroup(
            DBParameterGroupName=group_name,
            Parameters=[{"ParameterName": "require_secure_transport", "ParameterValue": change, "ApplyMethod": "immediate"}],
        )
        settings = good | {"DBParameterGroupName": group_name}
        rds.CreateDBInstance(DBInstanceIdentifier=f"db-{name}", **settings)


@state
def clusters(aws):
    """Clusters of Aurora, of Multi-AZ RDS, Neptune and DocumentDB, and their snapshots."""
    if aws.kept:
        return
    rds = aws.rds
    rds.CreateDBSubnetGroup(DBSubnetGroupName="private", DBSubnetGroupDescription="d", SubnetIds=aws.shared["private"])
    good = LOGIN | {
        "StorageEncrypted": True,
        "KmsKeyId": aws.shared["key"],
        "BackupRetentionPeriod": 14,
        "DeletionProtection": True,
        "CopyTagsToSnapshot": True,
        "EnableIAMDatabaseAuthentication": True,
        "DBSubnetGroupName": "private",
        "Port": 13306,
    }
    bad = LOGIN | {
        "MasterUsername": "admin",
        "StorageEncrypted": False,
        "BackupRetentionPeriod": 1,
        "DeletionProtection": False,
        "CopyTagsToSnapshot": False,
    }
    engines = {
        "aurora-mysql": {"Engine": "aurora-mysql", "EngineVersion": "8.0.mysql_aurora.3.08.0"},
        "aurora-postgresql": {"Engine": "aurora-postgresql", "EngineVersion": "16.4"},
        "multi-az-mysql": {"Engine": "mysql", "AllocatedStorage": 100, "DBClusterInstanceClass": "db.m6gd.large", "StorageType": "io1", "Iops": 1000},
        "neptune": {"Engine": "neptune"},
        "docdb": {"Engine": "docdb"},
    }
    logs = {"aurora-mysql": ["audit", "error"], "aurora-postgresql": ["postgresql"], "neptune": ["audit"], "docdb": ["audit", "profiler"]}
    for name, engine in engines.items():
        for suffix, settings in (("good", good), ("bad", bad)):
            made = f"{name}-{suffix}"
            more = {"EnableCloudwatchLogsExports": logs[name]} if suffix == "good" and name in logs else {}
            if name == "aurora-mysql" and suffix == "good":
                more["BacktrackWindow"] = 86400
            service = {"neptune": "neptune", "docdb": "docdb"}.get(name, "rds")
            known = () if name.startswith("aurora") else ("EnableIAMDatabaseAuthentication",)
            settings = {key: value for key, value in settings.items() if key not in known}
            if service == "neptune":
                settings = {key: value for key, value in settings.items() if not key.startswith("Master")}
            # The emulator knows no DocumentDB: the engine is put in afterwards.
            engine = {"Engine": "neptune"} if service == "docdb" else engine
            getattr(aws, service).CreateDBCluster(DBClusterIdentifier=made, **engine, **settings, **more)
            members = ("a", "b") if suffix == "good" else ("a",)
            if not name.startswith("multi-az"):
                for member in members:
                    rds.CreateDBInstance(
                        DBInstanceIdentifier=f"{made}-{member}",
                        DBClusterIdentifier=made,
                        DBInstanceClass="db.r6g.large",
                        Engine=engine["Engine"],
                        DBSubnetGroupName="private",
                    )
            snapshot = f"cluster-snapshot-{made}"
            rds.CreateDBClusterSnapshot(DBClusterSnapshotIdentifier=snapshot, DBClusterIdentifier=made)
            if service == "docdb":
                backend = rds_backends[aws.account][aws.region]
                parts = (backend.clusters, backend.databases, backend.cluster_snapshots)
                for each in (each for part in parts for key, each in part.items() if made in key):
                    each.engine = "docdb"
            if suffix == "bad":
                rds.ModifyDBClusterSnapshotAttribute(DBClusterSnapshotIdentifier=snapshot, AttributeName="restore", ValuesToAdd=["all"])


@state
def tables(aws):
    """DynamoDB tables and DAX clusters."""
    if aws.kept:
        return
    dynamodb = aws.dynamodb
    for name, more in (
        ("good", {"BillingMode": "PAY_PER_REQUEST", "DeletionProtectionEnabled": True, "SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": aws.shared["key"]}}),
        ("bad", {"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}),
        ("scaled", {"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}),
        ("aws-key", {"BillingMode": "PAY_PER_REQUEST", "SSESpecification": {"Enabled": True, "SSEType": "KMS"}}),
    ):
        dynamodb.CreateTable(TableName=f"table-{name}", **KEYS, **more)
    recovery = {"PointInTimeRecoveryEnabled": True}
    dynamodb.UpdateContinuousBackups(TableName="table-good", PointInTimeRecoverySpecification=recovery)
    for way in ("Read", "Write"):
        aws.application_autoscaling.RegisterScalableTarget(
            ServiceNamespace="dynamodb",
            ResourceId="table/table-scaled",
            ScalableDimension=f"dynamodb:table:{way}CapacityUnits",
            MinCapacity=5,
            MaxCapacity=50,
        )
    for name in ("outsider", "own-account", "public", "public-org", "public-office"):
        made = dynamodb.CreateTable(TableName=f"policy-{name}", BillingMode="PAY_PER_REQUEST", **KEYS)["TableDescription"]["TableArn"]
        statements = policies(aws, "dynamodb:GetItem", aws.arn("dynamodb", f"table/policy-{name}"))[name]
        dynamodb.PutResourcePolicy(ResourceArn=made, Policy=document(*statements))
    dax = {"NodeType": "dax.t3.small", "IamRoleArn": aws.shared["role"]}
    aws.dax.CreateCluster(ClusterName="dax-good", ReplicationFactor=3, SSESpecification={"Enabled": True}, ClusterEndpointEncryptionType="TLS", **dax)
    aws.dax.CreateCluster(ClusterName="dax-bad", ReplicationFactor=1, **dax)


@state
def caches(aws):
    """ElastiCache of each kind, MemoryDB."""
    if aws.kept:
        return
    cache = aws.elasticache
    for name, subnets in (("private", aws.shared["private"]), ("public", aws.shared["publics"])):
        cache.CreateCacheSubnetGroup(CacheSubnetGroupName=f"cache-{name}", CacheSubnetGroupDescription="d", SubnetIds=subnets)
        aws.memorydb.CreateSubnetGroup(SubnetGroupName=f"memory-{name}", SubnetIds=subnets)
    good = {
        "ReplicationGroupDescription": "d",
        "CacheNodeType": "cache.t4g.small",
        "Engine": "redis",
        "EngineVersion": "7.1",
        "AtRestEncryptionEnabled": True,
        "TransitEncryptionEnabled": True,
        "TransitEncryptionMode": "required",
        "AutomaticFailoverEnabled": True,
        "MultiAZEnabled": True,
        "NumCacheClusters": 2,
        "SnapshotRetentionLimit": 15,
        "AuthToken": "example-only-example-only",
        "CacheSubnetGroupName": "cache-private",
        "AutoMinorVersionUpgrade": True,
    }
    bad = {"ReplicationGroupDescription": "d", "CacheNodeType": "cache.t4g.small", "Engine": "redis", "EngineVersion": "5.0.6", "AutoMinorVersionUpgrade": False}
    for name, settings in (
        ("good", good),
        ("bad", bad),
        ("bad-new", bad | {"EngineVersion": "7.1", "NumCacheClusters": 2}),
        ("preferred", good | {"TransitEncryptionMode": "preferred"}),
        ("three-days", good | {"SnapshotRetentionLimit": 3}),
        ("seven-days", good | {"SnapshotRetentionLimit": 7}),
        ("public", good | {"CacheSubnetGroupName": "cache-public"}),
    ):
        cache.CreateReplicationGroup(ReplicationGroupId=f"redis-{name}", **settings)
    cache.CreateCacheCluster(CacheClusterId="memcached", Engine="memcached", CacheNodeType="cache.t4g.small", NumCacheNodes=1, CacheSubnetGroupName="cache-private")
    cache.CreateCacheCluster(CacheClusterId="memcached-public", Engine="memcached", CacheNodeType="cache.t4g.small", NumCacheNodes=1, CacheSubnetGroupName="cache-public")
    cache.CreateCacheCluster(CacheClusterId="redis-node", Engine="redis", CacheNodeType="cache.t4g.small", NumCacheNodes=1, CacheSubnetGroupName="cache-private")
    for name, minor in (("good", True), ("bad", False)):
        aws.memorydb.CreateCluster(ClusterName=f"memory-{name}", NodeType="db.t4g.small", ACLName="open-access", AutoMinorVersionUpgrade=minor, SubnetGroupName="memory-private")


@state
def warehouses(aws):
    """Redshift clusters, and a security group that is open to them."""
    if aws.kept:
        return
    redshift = aws.redshift
    redshift.CreateClusterSubnetGroup(ClusterSubnetGroupName="private", Description="d", SubnetIds=aws.shared["private"])
    redshift.CreateClusterParameterGroup(ParameterGroupName="tls", ParameterGroupFamily="redshift-1.0", Description="d")
    opened = group(aws, "warehouse-open", entry(5439, IpRanges=WORLD))
    good = {
        "NodeType": "ra3.xlplus",
        "ClusterType": "multi-node",
        "NumberOfNodes": 2,
        "MasterUsername": "owner",
        "MasterUserPassword": "Example1only",
        "DBName": "sales",
        "Encrypted": True,
        "KmsKeyId": aws.shared["key"],
        "PubliclyAccessible": False,
        "EnhancedVpcRouting": True,
        "AllowVersionUpgrade": True,
        "AutomatedSnapshotRetentionPeriod": 7,
        "ClusterSubnetGroupName": "private",
        "VpcSecurityGroupIds": [aws.shared["group"]],
    }
    bad = {"MasterUsername": "awsuser", "DBName": "dev", "Encrypted": False, "PubliclyAccessible": True, "EnhancedVpcRouting": False}
    for name, more in (
        ("good", {}),
        ("bad", bad | {"AllowVersionUpgrade": False, "AutomatedSnapshotRetentionPeriod": 0, "KmsKeyId": None}),
        ("public-open", {"PubliclyAccessible": True, "VpcSecurityGroupIds": [opened]}),
        ("public-shut", {"PubliclyAccessible": True}),
    ):
        settings = {key: value for key, value in (good | more).items() if value is not None}
        redshift.CreateCluster(ClusterIdentifier=f"warehouse-{name}", **settings)
    redshift.EnableLogging(ClusterIdentifier="warehouse-good", BucketName="states-logs", S3KeyPrefix="r/")
    redshift.CreateClusterSnapshot(SnapshotIdentifier="s", ClusterIdentifier="warehouse-good")


@state
def migrations(aws):
    """DMS endpoints, instances and tasks."""
    if aws.kept:
        return
    dms = aws.dms
    for name, more in (
        ("mysql-none", {"EngineName": "mysql", "SslMode": "none"}),
        ("mysql-verify", {"EngineName": "mysql", "SslMode": "verify-full"}),
        ("s3", {"EngineName": "s3", "SslMode": "none"}),
        ("mongodb-none", {"EngineName": "mongodb", "SslMode": "none", "MongoDbSettings": {"AuthType": "no", "AuthMechanism": "default"}}),
        ("mongodb-password", {"EngineName": "mongodb", "SslMode": "require", "MongoDbSettings": {"AuthType": "password", "AuthMechanism": "scram_sha_1"}}),
        ("redis-plain", {"EngineName": "redis", "EndpointType": "target", "RedisSettings": {"ServerName": "h", "Port": 6379, "SslSecurityProtocol": "plaintext"}}),
        ("redis-tls", {"EngineName": "redis", "EndpointType": "target", "RedisSettings": {"ServerName": "h", "Port": 6379, "SslSecurityProtocol": "ssl-encryption"}}),
        ("neptune-iam", {"EngineName": "neptune", "EndpointType": "target", "NeptuneSettings": {"S3BucketName": "b", "S3BucketFolder": "f", "IamAuthEnabled": True}}),
        ("neptune-open", {"EngineName": "neptune", "EndpointType": "target", "NeptuneSettings": {"S3BucketName": "b", "S3BucketFolder": "f", "IamAuthEnabled": False}}),
    ):
        dms.CreateEndpoint(**({"EndpointType": "source", "EndpointIdentifier": f"endpoint-{name}", "ServerName": "h", "Port": 3306} | more))
    dms.CreateReplicationSubnetGroup(ReplicationSubnetGroupIdentifier="dms", ReplicationSubnetGroupDescription="d", SubnetIds=aws.shared["private"])
    for name, good in (("good", True), ("bad", False)):
        dms.CreateReplicationInstance(
            ReplicationInstanceIdentifier=f"replication-{name}",
            ReplicationInstanceClass="dms.t3.small",
            MultiAZ=good,
            AutoMinorVersionUpgrade=good,
            PubliclyAccessible=not good,
            ReplicationSubnetGroupIdentifier="dms",
            VpcSecurityGroupIds=[aws.shared["group"]],
        )
    logging = '{"Logging": {"EnableLogging": %s, "LogComponents": [%s]}}'
    components = ", ".join(f'{{"Id": "{each}", "Severity": "LOGGER_SEVERITY_DEFAULT"}}' for each in ("SOURCE_CAPTURE", "SOURCE_UNLOAD", "TARGET_APPLY", "TARGET_LOAD"))
    for name, settings in (("good", logging % ("true", components)), ("bad", logging % ("false", ""))):
        dms.CreateReplicationTask(
            ReplicationTaskIdentifier=f"task-{name}",
            SourceEndpointArn=aws.arn("dms", "endpoint:A"),
            TargetEndpointArn=aws.arn("dms", "endpoint:B"),
            ReplicationInstanceArn=aws.arn("dms", "rep:C"),
            MigrationType="full-load-and-cdc",
            TableMappings="{}",
            ReplicationTaskSettings=settings,
        )
