"""IAM: users, keys, policies, roles, certificates, the account's own settings."""

from . import OUTSIDER, allow, document, state
from .aaa_base import allow_assume

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
STAR = allow("*")


def statements(aws):
    """Identity policies by the name of their state."""
    return {
        "star": [STAR],
        "star-colon": [allow("*:*")],
        "star-list": [allow(["s3:GetObject", "*"], ["*"])],
        "star-condition": [allow("*", condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})],
        "star-one-bucket": [allow("*", "arn:aws:s3:::states-plain/*")],
        "star-denied": [STAR, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}],
        "not-action": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
        "not-resource": [{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::x"}],
        "deny-all": [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
        "read": [allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::states-plain/*")],
        "iam-star": [allow("iam:*")],
        "kms-star": [allow("kms:*")],
        "kms-star-key": [allow("kms:*", aws.arn("kms", "key/1234"))],
        "kms-decrypt-all": [allow(["kms:Decrypt", "kms:ReEncryptFrom"])],
        "kms-upper": [allow("KMS:*")],
        "cloudtrail-star": [allow("cloudtrail:*")],
        "cloudtrail-read": [allow("cloudtrail:Get*")],
        "marketplace-star": [allow("aws-marketplace:Subscribe")],
        "marketplace-all": [allow("aws-marketplace:*")],
        "assume-all": [allow("sts:AssumeRole")],
        "assume-roles": [allow("sts:AssumeRole", "arn:aws:iam::*:role/*")],
        "assume-one": [allow("sts:AssumeRole", f"arn:aws:iam::{aws.account}:role/plain")],
        "assume-star": [allow("sts:*")],
        "escalate-pass": [allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])],
        "escalate-version": [allow("iam:CreatePolicyVersion")],
        "escalate-key": [allow("iam:CreateAccessKey")],
        "escalate-key-own": [allow("iam:CreateAccessKey", f"arn:aws:iam::{aws.account}:user/${{aws:username}}")],
        "escalate-denied": [allow("iam:CreatePolicyVersion"), {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}],
        "escalate-put": [allow(["iam:Put*", "iam:Attach*"])],
        "bedrock-star": [allow("bedrock:*")],
    }


@state
def own_policies(aws):
    """Each policy as a managed one that is attached, one that is not, and inline on a role, a user and a group."""
    if aws.kept:
        return
    iam = aws.iam
    trust = document(allow_assume({"Service": "lambda.amazonaws.com"}, aws.account))
    iam.CreateRole(RoleName="holder", AssumeRolePolicyDocument=trust)
    for name, each in statements(aws).items():
        made = iam.CreatePolicy(PolicyName=f"attached-{name}", PolicyDocument=document(*each))["Policy"]["Arn"]
        iam.AttachRolePolicy(RoleName="holder", PolicyArn=made)
        iam.CreatePolicy(PolicyName=f"unattached-{name}", PolicyDocument=document(*each))
        iam.CreateRole(RoleName=f"inline-{name}", AssumeRolePolicyDocument=trust)
        iam.PutRolePolicy(RoleName=f"inline-{name}", PolicyName="inline", PolicyDocument=document(*each))
    for name in ("star", "read", "kms-star", "escalate-version"):
        each = document(*statements(aws)[name])
        iam.CreateUser(UserName=f"user-inline-{name}")
        iam.PutUserPolicy(UserName=f"user-inline-{name}", PolicyName="inline", PolicyDocument=each)
        iam.CreateGroup(GroupName=f"group-inline-{name}")
        iam.PutGroupPolicy(GroupName=f"group-inline-{name}", PolicyName="inline", PolicyDocument=each)


@state
def administrators(aws):
    """AdministratorAccess on a user, a group, a role; held by a boundary; a policy of one's own of that name."""
    if aws.kept:
        return
    iam = aws.iam
    trust = document(allow_assume({"Service": "lambda.amazonaws.com"}, aws.account))
    for name in ("admins", "readers", "empty"):
        iam.CreateGroup(GroupName=name)
    iam.AttachGroupPolicy(GroupName="admins", PolicyArn=ADMIN)
    iam.AttachGroupPolicy(GroupName="readers", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    for name in ("admin-direct", "admin-by-group", "reader", "nobody"):
        iam.CreateUser(UserName=name)
    iam.AttachUserPolicy(UserName="admin-direct", PolicyArn=ADMIN)
    iam.AddUserToGroup(UserName="admin-by-group", GroupName="admins")
    iam.AddUserToGroup(UserName="reader", GroupName="readers")
    for name, policy in (("admin", ADMIN), ("support", "arn:aws:iam::aws:policy/AWSSupportAccess")):
        iam.CreateRole(RoleName=f"role-{name}", AssumeRolePolicyDocument=trust)
        if policy:
            iam.AttachRolePolicy(RoleName=f"role-{name}", PolicyArn=policy)
    boundary = f"arn:aws:iam::{aws.account}:policy/attached-read"
    iam.CreateRole(RoleName="role-admin-bound", AssumeRolePolicyDocument=trust, PermissionsBoundary=boundary)
    iam.AttachRolePolicy(RoleName="role-admin-bound", PolicyArn=ADMIN)
    iam.CreateRole(RoleName="role-admin-path", Path="/aws-reserved/sso.amazonaws.com/", AssumeRolePolicyDocument=trust)
    iam.AttachRolePolicy(RoleName="role-admin-path", PolicyArn=ADMIN)
    own = iam.CreatePolicy(PolicyName="AdministratorAccess", PolicyDocument=document(*statements(aws)["read"]))["Policy"]["Arn"]
    iam.CreateRole(RoleName="role-own-administratoraccess", AssumeRolePolicyDocument=trust)
    iam.AttachRolePolicy(RoleName="role-own-administratoraccess", PolicyArn=own)


@state
def trusts(aws):
    """Roles that others may assume: services with and without conditions, accounts, everybody; read-only ones."""
    if aws.kept:
        return
    outsider = {"AWS": f"arn:aws:iam::{OUTSIDER}:root"}
    external = {"StringEquals": {"sts:ExternalId": "f00"}}

    def role(name, principal, condition=None, policy=None):
        statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        aws.iam.CreateRole(
            RoleName=f"trust-{name}",
            AssumeRolePolicyDocument=document(statement | ({"Condition": condition} if condition else {})),
        )
        if policy:
            aws.iam.AttachRolePolicy(RoleName=f"trust-{name}", PolicyArn=f"arn:aws:iam::aws:policy/{policy}")

    role("outsider", outsider)
    role("outsider-external-id", outsider, external)
    role("outsider-reader", outsider, None, "ReadOnlyAccess")
    role("outsider-id-reader", {"AWS": OUTSIDER}, external, "ReadOnlyAccess")
    role("member-reader", {"AWS": "arn:aws:iam::345678901234:root"}, None, "ReadOnlyAccess")
    role("own-reader", {"AWS": f"arn:aws:iam::{aws.account}:root"}, None, "ReadOnlyAccess")
    role("everybody", "*")
    role("everybody-reader", {"AWS": "*"}, None, "ReadOnlyAccess")
    for service in ("ec2", "lambda", "cloudtrail", "sns", "config", "bedrock", "glue", "vpc-flow-logs", "events"):
        role(f"{service}-bare", {"Service": f"{service}.amazonaws.com"})
        role(f"{service}-account", {"Service": f"{service}.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": aws.account}})
    role("vpc-flow-logs-arn", {"Service": "vpc-flow-logs.amazonaws.com"}, {"ArnLike": {"aws:SourceArn": aws.arn("ec2", "vpc-flow-log/*")}})
    aws.iam.CreateServiceLinkedRole(AWSServiceName="autoscaling.amazonaws.com")


@state
def users(aws):
    """Users: passwords, keys old and new, unused ones, second keys, policies attached to them."""
    if aws.kept:
        return
    iam = aws.iam

    def user(name, days=200, password=False, keys=(), off=()):
        with aws.ago(days):
            iam.CreateUser(UserName=name)
            if password:
                iam.CreateLoginProfile(UserName=name, Password="Example-only-1!")
        for number, age in enumerate(keys):
            with aws.ago(age):
                made = iam.CreateAccessKey(UserName=name)["AccessKey"]["AccessKeyId"]
            if number in off:
                iam.UpdateAccessKey(UserName=name, AccessKeyId=made, Status="Inactive")

    user("password-old", password=True)
    user("password-new", days=2, password=True)
    user("password-mfa", password=True)
    serial = iam.CreateVirtualMFADevice(VirtualMFADeviceName="password-mfa")["VirtualMFADevice"]["SerialNumber"]
    iam.EnableMFADevice(UserName="password-mfa", SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321")
    user("key-new", keys=[1])
    user("key-10", keys=[10])
    user("key-60", keys=[60])
    user("key-100", keys=[100])
    user("key-400", keys=[400])
    user("key-400-off", keys=[400], off=[0])
    user("keys-two-old", keys=[150, 120])
    user("keys-two-rotating", keys=[80, 3])
    user("keys-two-one-off", keys=[100, 3], off=[0])
    user("password-and-key", password=True, keys=[30])
    user("new-with-key", days=0, password=True, keys=[0])
    iam.CreateUser(UserName="with-policy")
    iam.AttachUserPolicy(UserName="with-policy", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    iam.CreateUser(UserName="in-group")
    iam.AddUserToGroup(UserName="in-group", GroupName="readers")


@state
def own_settings(aws):
    """What an account has once: password policy, contacts, providers, certificates."""
    iam = aws.iam
    if aws.kept:
        iam.UpdateAccountPasswordPolicy(
            MinimumPasswordLength=14,
            RequireSymbols=True,
            RequireNumbers=True,
            RequireUppercaseCharacters=True,
            RequireLowercaseCharacters=True,
            AllowUsersToChangePassword=True,
            MaxPasswordAge=90,
            PasswordReusePrevention=24,
        )
        for kind, address in (("SECURITY", "a"), ("OPERATIONS", "b"), ("BILLING", "c")):
            aws.account_service().PutAlternateContact(
                AlternateContactType=kind,
                EmailAddress=f"{address}@hinode.example",
                Name=f"Name {address}",
                PhoneNumber="+8130000000" + str(ord(address) % 10),
                Title="Title",
            )
        trust = document(allow_assume({"Service": "config.amazonaws.com"}, aws.account))
        iam.CreateRole(RoleName="support", AssumeRolePolicyDocument=trust)
        iam.AttachRolePolicy(RoleName="support", PolicyArn="arn:aws:iam::aws:policy/AWSSupportAccess")
        iam.CreateSAMLProvider(Name="idp", SAMLMetadataDocument="<EntityDescriptor>" + "x" * 1000 + "</EntityDescriptor>")
    else:
        iam.UpdateAccountPasswordPolicy(MinimumPasswordLength=8, RequireNumbers=True, MaxPasswordAge=365)
        body = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
        with aws.ago(800):
            iam.UploadServerCertificate(ServerCertificateName="old", PrivateKey="not a key", CertificateBody=body)
