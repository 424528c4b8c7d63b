"""S3: buckets that are open by policy or by ACL, and buckets that are shut, encrypted, versioned and locked."""

import json

from clock import CALENDAR

_SHUT = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}


def _statement(principal, action, bucket, **more):
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": f"arn:aws:s3:::{bucket}/*"} | more


def _only_tls(bucket):
    return {
        "Sid": "OnlyTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


class _Buckets:
    """Makes buckets of one account."""

    def __init__(self, place, account):
        self.place = place
        self.account = account

    def make(self, suffix, lock=False, **more):
        """Creates a bucket and returns its name."""
        name = f"{self.account.name}-{suffix}"
        region = self.place.region
        where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.place.call(
            "s3", "CreateBucket", Bucket=name, **({"ObjectLockEnabledForBucket": True} if lock else {}), **where, **more
        )
        self.put("PutBucketTagging", name, Tagging={"TagSet": [{"Key": "Owner", "Value": self.account.owner}]})
        return name

    def put(self, operation, bucket, **parameters):
        """Sets one property of a bucket."""
        self.place.call("s3", operation, Bucket=bucket, **parameters)

    def policy(self, bucket, *statements):
        """Sets the bucket's policy."""
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        self.put("PutBucketPolicy", bucket, Policy=json.dumps(document))

    def encrypt(self, bucket, key=None):
        """Sets the default encryption, with a KMS key if one is given."""
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key} if key else {"SSEAlgorithm": "AES256"}
        rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bool(key)}]
        self.put("PutBucketEncryption", bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def fill(place, account, organization):
    """Fills the account's S3."""
    buckets = _Buckets(place, account)
    if account.tidy:
        place.call("s3control", "PutPublicAccessBlock", AccountId=account.id, PublicAccessBlockConfiguration=_SHUT)
    _logs(buckets)
    _data(buckets)
    _logs_policy(buckets, organization)
    if not account.tidy:
        _open(buckets)
    if "archive" in account.themes or "backup" in account.themes:
        _locked(buckets)


def _logs(buckets):
    logs = buckets.make("logs")
    buckets.put("PutPublicAccessBlock", logs, PublicAccessBlockConfiguration=_SHUT)
    buckets.encrypt(logs)
    grants = [
        {
            "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
            "Permission": permission,
        }
        for permission in ("WRITE", "READ_ACP")
    ]
    buckets.put("PutBucketAcl", logs, AccessControlPolicy={"Grants": grants, "Owner": {"ID": "0" * 64}})


def _data(buckets):
    data = buckets.make("data")
    buckets.put(
        "PutBucketVersioning",
        data,
        VersioningConfiguration={"Status": "Enabled" if buckets.account.tidy else "Suspended"},
    )
    if buckets.account.tidy:
        buckets.put("PutPublicAccessBlock", data, PublicAccessBlockConfiguration=_SHUT)
        buckets.encrypt(data, "alias/aws/s3")
        buckets.put(
            "PutBucketOwnershipControls",
            data,
            OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        )
        buckets.policy(data, _only_tls(data))
        buckets.put(
            "PutBucketLogging",
            data,
            BucketLoggingStatus={
                "LoggingEnabled": {"TargetBucket": f"{buckets.account.name}-logs", "TargetPrefix": "s3/"}
            },
        )
    else:
        # A business partner's account, outside the organisation.
        buckets.policy(
            data, _statement({"AWS": "arn:aws:iam::999999999999:root"}, ["s3:GetObject", "s3:PutObject"], data)
        )


def _logs_policy(buckets, organization):
    # Last, because the emulator cannot judge this policy when another bucket wants to log here.
    logs = f"{buckets.account.name}-logs"
    writer = _statement(
        {"Service": "cloudtrail.amazonaws.com"},
        "s3:PutObject",
        logs,
        Condition={"StringEquals": {"aws:SourceAccount": buckets.account.id}},
    )
    reader = _statement("*", "s3:GetObject", logs, Condition={"StringEquals": {"aws:PrincipalOrgID": organization}})
    if buckets.account.tidy:
        buckets.policy(logs, writer, reader, _only_tls(logs))
        buckets.put(
            "PutBucketLifecycleConfiguration",
            logs,
            LifecycleConfiguration={
                "Rules": [
                    {
                        "ID": "age",
                        "Status": "Enabled",
                        "Filter": {"Prefix": ""},
                        "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
                        "Expiration": {"Days": 2555},
                    }
                ]
            },
        )
    else:
        buckets.policy(logs, writer)


def _open(buckets):
    site = buckets.make("public-site")
    buckets.policy(site, _statement("*", "s3:GetObject", site))
    buckets.put("PutBucketWebsite", site, WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    shared = buckets.make("shared")
    buckets.put("PutBucketAcl", shared, ACL="public-read" if buckets.account.unit == "Prod" else "public-read-write")
    fenced = buckets.make("office")
    office = {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
    buckets.policy(fenced, _statement({"AWS": "*"}, "s3:*", fenced, Condition=office))
    # Open by policy, but the bucket's own block makes that void.
    held = buckets.make("held")
    buckets.policy(held, _statement("*", "s3:GetObject", held))
    buckets.put("PutPublicAccessBlock", held, PublicAccessBlockConfiguration=_SHUT)


def _locked(buckets):
    with CALENDAR.days_ago(200):
        vault = buckets.make("worm", lock=True)
    rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 365}}
    buckets.put(
        "PutObjectLockConfiguration", vault, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    buckets.put("PutPublicAccessBlock", vault, PublicAccessBlockConfiguration=_SHUT)
    buckets.encrypt(vault)
    copy = buckets.make("replica")
    buckets.put("PutBucketVersioning", copy, VersioningConfiguration={"Status": "Enabled"})
    buckets.put(
        "PutBucketReplication",
        vault,
        ReplicationConfiguration={
            "Role": f"arn:aws:iam::{buckets.account.id}:role/Backup",
            "Rules": [
                {
                    "ID": "copy",
                    "Status": "Enabled",
                    "Priority": 1,
                    "Filter": {"Prefix": ""},
                    "DeleteMarkerReplication": {"Status": "Disabled"},
                    "Destination": {"Bucket": f"arn:aws:s3:::{copy}"},
                }
            ],
        },
    )
