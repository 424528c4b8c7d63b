"""AWS Backup: what the plans of the organisation select, and the recovery points that they have made."""

import functools

from .wire import RefusalError

_SELECTION = "0f1e2d3c-4b5a-4000-8000-000000000001"
_NAME = "everything"
_MADE = "2025-03-01T01:00:00Z"
_LAST = "2026-01-31T18:{:02}:00Z"
# One backup that failed unseen since the year's end.
_STALE = "2025-12-28T18:11:00Z"
# What the untidy of production have selected: what would be missed at once.
_NEEDED = ("RDS", "Aurora", "DynamoDB", "EC2")
_PATTERNS = [
    "arn:aws:rds:*:*:db:*",
    "arn:aws:rds:*:*:cluster:*",
    "arn:aws:dynamodb:*:*:table/*",
    "arn:aws:ec2:*:*:instance/*",
    "arn:aws:s3:::*-data",
]
_KEPT = {"DeleteAfterDays": 35}
# The services that AWS Backup protects unless told otherwise, and those that an account has to opt in.
_ON = ("Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "Storage Gateway")
_ASKED_FOR = (
    "CloudFormation",
    "Redshift",
    "S3",
    "Timestream",
    "VirtualMachine",
    "Redshift Serverless",
    "SAP HANA on Amazon EC2",
)
# Type, the call that lists it, and its ARN.
_LISTS = (
    ("RDS", "rds", "DescribeDBInstances", lambda said: [one["DBInstanceArn"] for one in said["DBInstances"]]),
    ("Aurora", "rds", "DescribeDBClusters", lambda said: [one["DBClusterArn"] for one in said["DBClusters"]]),
    ("EFS", "efs", "DescribeFileSystems", lambda said: [one["FileSystemArn"] for one in said["FileSystems"]]),
    ("FSx", "fsx", "DescribeFileSystems", lambda said: [one["ResourceARN"] for one in said["FileSystems"]]),
)


def _planned(request):
    """Whether a plan runs here: the tidy owners and those in production have one where they keep most."""
    return request.home and (request.account.tidy or request.account.unit == "Prod")


@functools.cache
def _protected(request_key):
    request = request_key.request
    found = []
    for kind, service, operation, arns in _LISTS:
        found += [(kind, arn) for arn in arns(request.ask(service, operation))]
    names = request.ask("dynamodb", "ListTables")["TableNames"]
    found += [("DynamoDB", request.arn("dynamodb", f"table/{name}")) for name in names]
    volumes = request.ask("ec2", "DescribeVolumes")["Volumes"]
    found += [("EBS", request.arn("ec2", f"volume/{each['VolumeId']}")) for each in volumes]
    for group in request.ask("ec2", "DescribeInstances")["Reservations"]:
        found += [("EC2", request.arn("ec2", f"instance/{each['InstanceId']}")) for each in group["Instances"]]
    if not request.account.tidy:
        found = [(kind, arn) for kind, arn in found if kind in _NEEDED]
    buckets = [each["Name"] for each in request.ask("s3", "ListBuckets")["Buckets"]]
    saved = ("-data", "-worm") if request.account.tidy else ("-data",)
    found += [("S3", f"arn:aws:s3:::{name}") for name in buckets if name.endswith(saved)]
    vault = request.arn("backup", f"backup-vault:{request.account.short}-vault")
    points = []
    for number, (kind, arn) in enumerate(found):
        stale = (number + int(request.id[:2])) % 17 == 4
        points.append(
            {
                "ResourceArn": arn,
                "ResourceType": kind,
                "ResourceName": arn.rpartition(":")[2].rpartition("/")[2],
                "LastBackupTime": _STALE if stale else _LAST.format(number % 60),
                "LastBackupVaultArn": vault,
                "LastRecoveryPointArn": request.arn("backup", f"recovery-point:00000000-0000-4000-8000-{number:012}"),
            }
        )
    return points


class _Key:
    """A request as a key of what is remembered: what is protected does not change between two askings."""

    def __init__(self, request):
        self.request = request

    def __eq__(self, other):
        return (self.request.id, self.request.region) == (other.request.id, other.request.region)

    def __hash__(self):
        return hash((self.request.id, self.request.region))


def _protected_resources(request):
    return {"Results": _protected(_Key(request)) if _planned(request) else []}


def _points(request):
    name = request.sent["backupVaultName"]
    if not _planned(request) or name != f"{request.account.short}-vault":
        return {"RecoveryPoints": []}
    return {
        "RecoveryPoints": [
            {
                "RecoveryPointArn": each["LastRecoveryPointArn"],
                "BackupVaultName": name,
                "BackupVaultArn": each["LastBackupVaultArn"],
                "ResourceArn": each["ResourceArn"],
                "ResourceType": each["ResourceType"],
                "ResourceName": each["ResourceName"],
                "IamRoleArn": f"arn:aws:iam::{request.id}:role/Backup",
                "Status": "COMPLETED",
                "CreationDate": each["LastBackupTime"],
                "CompletionDate": each["LastBackupTime"],
                "BackupSizeInBytes": 21474836480,
                "Lifecycle": _KEPT,
                # Snapshots of these are encrypted as what they were made of; all others with the vault's key.
                "IsEncrypted": request.account.tidy or each["ResourceType"] not in ("EC2", "RDS", "Aurora"),
                "EncryptionKeyArn": request.arn("kms", f"alias/{request.account.short}-data"),
                "VaultType": "BACKUP_VAULT",
            }
            for each in _protected(_Key(request))
        ]
    }


def _selections(request):
    plan = request.sent["backupPlanId"]
    return {
        "BackupSelectionsList": [
            {
                "SelectionId": _SELECTION,
                "SelectionName": _NAME,
                "BackupPlanId": plan,
                "CreationDate": _MADE,
                "CreatorRequestId": "hinode",
                "IamRoleArn": f"arn:aws:iam::{request.id}:role/Backup",
            }
        ]
    }


def _selection(request):
    return {
        "BackupSelection": {
            "SelectionName": _NAME,
            "IamRoleArn": f"arn:aws:iam::{request.id}:role/Backup",
            "Resources": ["*"] if request.account.tidy else _PATTERNS,
            "NotResources": ["arn:aws:s3:::*-logs"],
            "ListOfTags": [],
            "Conditions": {},
        },
        "SelectionId": _SELECTION,
        "BackupPlanId": request.sent["backupPlanId"],
        "CreationDate": _MADE,
        "CreatorRequestId": "hinode",
    }


def _settings(request):
    opted = dict.fromkeys(_ON, True) | dict.fromkeys(_ASKED_FOR, request.account.tidy)
    managed = {"DynamoDB": request.account.tidy, "EFS": True}
    return {"ResourceTypeOptInPreference": opted, "ResourceTypeManagementPreference": managed}


def _absent(request):
    raise RefusalError("ResourceNotFoundException", "Failed reading what was never set.")


ANSWERS = {
    ("backup", "DescribeRegionSettings"): _settings,
    ("backup", "GetBackupSelection"): _selection,
    ("backup", "GetBackupVaultAccessPolicy"): _absent,
    ("backup", "GetBackupVaultNotifications"): _absent,
    ("backup", "ListBackupSelections"): _selections,
    ("backup", "ListProtectedResources"): _protected_resources,
    ("backup", "ListRecoveryPointsByBackupVault"): _points,
}
