"""Databases and file systems: public and private, encrypted or not, with snapshots, and the backups of it all."""

from clock import CALENDAR

from . import network

_KEYS = ([{"AttributeName": "id", "KeyType": "HASH"}], [{"AttributeName": "id", "AttributeType": "S"}])


def fill(place, account, organization):
    """Fills one region's databases."""
    home = place.region == account.regions[0]
    _tables(place, account)
    if home:
        _vault(place, account)
    if home and "database" in account.themes:
        vpc, subnets, groups = network.find(place, account)
        _rds(place, account, subnets, groups)
        _aurora(place, account)
        _caches(place, account, subnets)
        _files(place, account, subnets)


def _tables(place, account):
    schema, attributes = _KEYS
    name = f"{account.short}-items"
    place.call(
        "dynamodb",
        "CreateTable",
        TableName=name,
        KeySchema=schema,
        AttributeDefinitions=attributes,
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=account.tidy,
        **({"SSESpecification": {"Enabled": True, "SSEType": "KMS"}} if account.tidy else {}),
    )
    if account.tidy:
        place.call(
            "dynamodb",
            "UpdateContinuousBackups",
            TableName=name,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )


def _rds(place, account, subnets, groups):
    place.call(
        "rds", "CreateDBSubnetGroup", DBSubnetGroupName="main", DBSubnetGroupDescription="main", SubnetIds=subnets
    )
    common = {
        "AllocatedStorage": 20,
        "DBInstanceClass": "db.t4g.medium",
        "Engine": "mysql",
        "MasterUsername": "admin",
        "MasterUserPassword": "example-only-1",
        "DBSubnetGroupName": "main",
        "VpcSecurityGroupIds": [groups["internal"]],
    }
    good = {
        "EngineVersion": "8.0.40",
        "StorageEncrypted": True,
        "PubliclyAccessible": False,
        "BackupRetentionPeriod": 14,
        "MultiAZ": True,
        "DeletionProtection": True,
        "CopyTagsToSnapshot": True,
        "EnableIAMDatabaseAuthentication": True,
    }
    bad = {
        "EngineVersion": "5.7.44",
        "StorageEncrypted": False,
        "PubliclyAccessible": True,
        "BackupRetentionPeriod": 0,
        "AutoMinorVersionUpgrade": False,
    }
    kept = [("orders", good)] if account.tidy else [("orders", good), ("reports", bad)]
    for name, settings in kept:
        place.call("rds", "CreateDBInstance", DBInstanceIdentifier=name, **common, **settings)
    for name, _ in kept:
        with CALENDAR.days_ago(90):
            place.call("rds", "CreateDBSnapshot", DBSnapshotIdentifier=f"{name}-spring", DBInstanceIdentifier=name)
    if not account.tidy:
        place.call(
            "rds",
            "ModifyDBSnapshotAttribute",
            DBSnapshotIdentifier="reports-spring",
            AttributeName="restore",
            ValuesToAdd=["all"],
        )


def _aurora(place, account):
    place.call(
        "rds",
        "CreateDBCluster",
        DBClusterIdentifier="ledger",
        Engine="aurora-mysql",
        EngineVersion="8.0.mysql_aurora.3.08.1" if account.tidy else "5.7.mysql_aurora.2.12.4",
        MasterUsername="admin",
        MasterUserPassword="example-only-1",
        StorageEncrypted=account.tidy,
        DeletionProtection=account.tidy,
        BackupRetentionPeriod=14 if account.tidy else 1,
    )
    place.call(
        "rds", "CreateDBClusterSnapshot", DBClusterSnapshotIdentifier="ledger-spring", DBClusterIdentifier="ledger"
    )


def _caches(place, account, subnets):
    place.call(
        "elasticache",
        "CreateReplicationGroup",
        ReplicationGroupId="sessions",
        ReplicationGroupDescription="sessions",
        AtRestEncryptionEnabled=account.tidy,
        TransitEncryptionEnabled=account.tidy,
        CacheNodeType="cache.t4g.small",
    )
    place.call(
        "elasticache",
        "CreateCacheCluster",
        CacheClusterId="pages",
        Engine="memcached",
        CacheNodeType="cache.t4g.small",
        NumCacheNodes=1,
    )


def _files(place, account, subnets):
    system = place.call(
        "efs",
        "CreateFileSystem",
        CreationToken="files",
        Encrypted=account.tidy,
        Backup=account.tidy,
        Tags=[{"Key": "Owner", "Value": account.owner}],
    )["FileSystemId"]
    place.call("efs", "CreateMountTarget", FileSystemId=system, SubnetId=subnets[0])
    place.call("fsx", "CreateFileSystem", FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=subnets[:1])


def _vault(place, account):
    vault = f"{account.short}-vault"
    place.call("backup", "CreateBackupVault", BackupVaultName=vault, BackupVaultTags={"Owner": account.owner})
    if account.tidy:
        place.call(
            "backup",
            "PutBackupVaultLockConfiguration",
            BackupVaultName=vault,
            MinRetentionDays=30,
            MaxRetentionDays=365,
            **({"ChangeableForDays": 3} if "backup" in account.themes else {}),
        )
    elif account.unit != "Prod":
        return
    place.call(
        "backup",
        "CreateBackupPlan",
        BackupPlan={
            "BackupPlanName": "daily",
            "Rules": [
                {
                    "RuleName": "daily",
                    "TargetBackupVaultName": vault,
                    "ScheduleExpression": "cron(0 18 * * ? *)",
                    "Lifecycle": {"DeleteAfterDays": 35},
                }
            ],
        },
    )
