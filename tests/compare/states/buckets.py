"""S3: policies, ACLs, blocks, encryption, versions, logs, locks; access points."""

from . import allow, document, policies, state

SHUT = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


def bucket(aws, name, **more):
    """Makes a bucket in the region of `aws`."""
    where = {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
    aws.s3.CreateBucket(Bucket=name, **where, **more)
    return name


def tls(name, **more):
    """The statement that denies requests without TLS."""
    made = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return made | more


@state
def account_block(aws):
    """The account's own block: on in the kept account only."""
    if aws.kept:
        aws.s3control.PutPublicAccessBlock(AccountId=aws.account, PublicAccessBlockConfiguration=SHUT)
        for name in ("kept-plain", "kept-acl"):
            bucket(aws, name)
        aws.s3.PutBucketAcl(Bucket="kept-acl", ACL="public-read")


@state
def settings(aws):
    """One bucket for each setting."""
    if aws.kept:
        return
    bucket(aws, "states-plain")
    bucket(aws, "states-logs")
    s3 = aws.s3

    def put(name, operation, **parameters):
        bucket(aws, name, **({"ObjectLockEnabledForBucket": True} if "lock" in name else {}))
        getattr(s3, operation)(Bucket=name, **parameters)

    for name, blocked in (
        ("states-block-all", SHUT),
        ("states-block-policy-only", SHUT | {"BlockPublicAcls": False, "IgnorePublicAcls": False}),
        ("states-block-none", dict.fromkeys(SHUT, False)),
    ):
        put(name, "PutPublicAccessBlock", PublicAccessBlockConfiguration=blocked)
    for name, default in (
        ("states-sse-s3", {"SSEAlgorithm": "AES256"}),
        ("states-sse-kms-aws", {"SSEAlgorithm": "aws:kms"}),
        ("states-sse-kms-own", {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": aws.shared["key"]}),
        ("states-sse-dsse", {"SSEAlgorithm": "aws:kms:dsse", "KMSMasterKeyID": aws.shared["key"]}),
    ):
        rules = [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}]
        put(name, "PutBucketEncryption", ServerSideEncryptionConfiguration={"Rules": rules})
    put("states-versions-on", "PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
    put("states-versions-off", "PutBucketVersioning", VersioningConfiguration={"Status": "Suspended"})
    put("states-mfa-delete", "PutBucketVersioning", VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"})
    for name, ownership in (("enforced", "BucketOwnerEnforced"), ("preferred", "BucketOwnerPreferred"), ("writer", "ObjectWriter")):
        put(f"states-owner-{name}", "PutBucketOwnershipControls", OwnershipControls={"Rules": [{"ObjectOwnership": ownership}]})
    for name, retention in (("lock-days", {"Mode": "COMPLIANCE", "Days": 30}), ("lock-no-default", None)):
        rule = {"Rule": {"DefaultRetention": retention}} if retention else {}
        put(f"states-{name}", "PutObjectLockConfiguration", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"} | rule)
    expire = {"ID": "r", "Filter": {"Prefix": ""}, "Expiration": {"Days": 9}}
    for name, status in (("on", "Enabled"), ("off", "Disabled")):
        put(f"states-lifecycle-{name}", "PutBucketLifecycleConfiguration", LifecycleConfiguration={"Rules": [expire | {"Status": status}]})
    put("states-notify", "PutBucketNotificationConfiguration", NotificationConfiguration={"EventBridgeConfiguration": {}})
    deliver = allow("s3:PutObject", "arn:aws:s3:::states-logs/*", {"Service": "logging.s3.amazonaws.com"})
    s3.PutBucketPolicy(Bucket="states-logs", Policy=document(deliver))
    put("states-logged", "PutBucketLogging", BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": "states-logs", "TargetPrefix": "a/"}})
    bucket(aws.there, "states-replica")
    aws.there.s3.PutBucketVersioning(Bucket="states-replica", VersioningConfiguration={"Status": "Enabled"})
    bucket(aws, "states-replica-near")
    s3.PutBucketVersioning(Bucket="states-replica-near", VersioningConfiguration={"Status": "Enabled"})
    for name, status, target in (("on", "Enabled", ""), ("off", "Disabled", ""), ("near", "Enabled", "-near")):
        put(f"states-replicated-{name}", "PutBucketVersioning", VersioningConfiguration={"Status": "Enabled"})
        rule = {
            "ID": "r",
            "Priority": 1,
            "Status": status,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": {"Bucket": f"arn:aws:s3:::states-replica{target}"},
        }
        s3.PutBucketReplication(Bucket=f"states-replicated-{name}", ReplicationConfiguration={"Role": aws.shared["role"], "Rules": [rule]})


@state
def acls(aws):
    """ACLs open to everybody and to every account, with and without what makes them void."""
    if aws.kept:
        return
    for name, grantee, permission in (
        ("all-read", ALL_USERS, "READ"),
        ("all-write", ALL_USERS, "WRITE"),
        ("all-full", ALL_USERS, "FULL_CONTROL"),
        ("all-read-acp", ALL_USERS, "READ_ACP"),
        ("any-account-read", AUTHENTICATED, "READ"),
        ("log-delivery", "http://acs.amazonaws.com/groups/s3/LogDelivery", "WRITE"),
    ):
        grants = [{"Grantee": {"Type": "Group", "URI": grantee}, "Permission": permission}]
        for suffix in ("", "-blocked"):
            made = bucket(aws, f"states-acl-{name}{suffix}")
            aws.s3.PutBucketAcl(Bucket=made, AccessControlPolicy={"Grants": grants, "Owner": {"ID": "0" * 64}})
            if suffix == "-blocked":
                aws.s3.PutPublicAccessBlock(Bucket=made, PublicAccessBlockConfiguration=SHUT)


@state
def bucket_policies(aws):
    """Each resource policy for reading and writing, blocked ones too, and ways to ask for TLS."""
    if aws.kept:
        return
    for action, suffix in (("s3:GetObject", "read"), ("s3:PutObject", "write")):
        for name in policies(aws, action, ""):
            made = f"states-{suffix}-{name}"
            statements = policies(aws, action, f"arn:aws:s3:::{made}/*")[name]
            if statements:
                bucket(aws, made)
                aws.s3.PutBucketPolicy(Bucket=made, Policy=document(*statements))
    for name, statement in (
        ("all", allow("s3:*", "*", "*")),
        ("list", allow("s3:ListBucket", "arn:aws:s3:::states-blocked-list", "*")),
        ("delete", allow(["s3:Put*", "s3:DeleteObject"], "arn:aws:s3:::states-blocked-delete/*", {"AWS": "*"})),
    ):
        for prefix in ("open", "blocked"):
            made = bucket(aws, f"states-{prefix}-{name}")
            aws.s3.PutBucketPolicy(Bucket=made, Policy=document(statement))
            if prefix == "blocked":
                aws.s3.PutPublicAccessBlock(Bucket=made, PublicAccessBlockConfiguration=SHUT)
    for name, change in (
        ("full", {}),
        ("principal-aws", {"Principal": {"AWS": "*"}}),
        ("put-only", {"Action": "s3:PutObject"}),
        ("objects-only", {"Resource": "arn:aws:s3:::states-tls-objects-only/*"}),
        ("wrong-way", {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        ("one-role", {"Principal": {"AWS": aws.shared["role"]}}),
        ("version", {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}),
        ("list", {"Condition": {"Bool": {"aws:SecureTransport": ["false"]}}, "Action": ["s3:*"]}),
    ):
        made = bucket(aws, f"states-tls-{name}")
        aws.s3.PutBucketPolicy(Bucket=made, Policy=document(tls(made, **change)))


@state
def access_points(aws):
    """Access points open to the internet and bound to a VPC, with and without blocks."""
    if aws.kept:
        return
    bucket(aws, "states-pointed")
    for name, blocked, vpc in (
        ("point-shut", SHUT, None),
        ("point-open", dict.fromkeys(SHUT, False), None),
        ("point-vpc-open", dict.fromkeys(SHUT, False), aws.shared["vpc"]),
    ):
        more = {"VpcConfiguration": {"VpcId": vpc}} if vpc else {}
        aws.s3control.CreateAccessPoint(
            AccountId=aws.account, Name=name, Bucket="states-pointed", PublicAccessBlockConfiguration=blocked, **more
        )
