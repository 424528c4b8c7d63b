"""IAM: who may come in, with which keys and how widely; and whom the account's owners can be reached by."""

import functools
import json

import moto.iam.aws_managed_policies
import moto.iam.models
from clock import CALENDAR

from .accounts import EXTERNAL_ID, MANAGEMENT, ROLE

_OFFERED = (
    "AdministratorAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecurityAudit",
    "ViewOnlyAccess",
    "AWSSupportAccess",
    "IAMUserChangePassword",
    "AmazonS3FullAccess",
    "AmazonEC2FullAccess",
    "AWSLambdaBasicExecutionRole",
    "AmazonEKSClusterPolicy",
    "AmazonECSTaskExecutionRolePolicy",
    "AWS_ConfigRole",
    "AmazonSSMManagedInstanceCore",
    "AWSBackupServiceRolePolicyForBackup",
    "AmazonRDSFullAccess",
)
_NO_SECRETS = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"


def policy(*statements):
    """A policy document of statements, as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource} | more


def trust(principal, **condition):
    """A document that lets a principal assume a role."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return policy(statement | ({"Condition": condition} if condition else {}))


def service(name):
    """The principal of an AWS service."""
    return {"Service": f"{name}.amazonaws.com"}


def offer_managed_policies():
    """Leaves of AWS's own policies the few that the organisation uses; the emulator would build all for each account."""
    known = json.loads(moto.iam.aws_managed_policies.aws_managed_policies_data)
    few = {name: known[name] for name in _OFFERED if name in known}
    moto.iam.models.aws_managed_policies_data = json.dumps(few)


def attached(name):
    """The ARN of one of AWS's own policies."""
    known = json.loads(moto.iam.models.aws_managed_policies_data)
    return f"arn:aws:iam::aws:policy{known[name]['Path']}{name}"


def role(place, name, document, managed=(), **more):
    """Creates a role and returns its ARN."""
    created = place.call("iam", "CreateRole", RoleName=name, AssumeRolePolicyDocument=document, **more)
    for each in managed:
        place.call("iam", "AttachRolePolicy", RoleName=name, PolicyArn=attached(each))
    return created["Role"]["Arn"]


def role_arn(account, name):
    """The ARN of a role that `fill` creates in every account."""
    return f"arn:aws:iam::{account.id}:role/{name}"


def let_in(place):
    """Creates the role with which an auditor reads the account."""
    principal = {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}
    role(
        place, ROLE, trust(principal, StringEquals={"sts:ExternalId": EXTERNAL_ID}), ["SecurityAudit", "ViewOnlyAccess"]
    )


def fill(place, account, organization):
    """Fills the account's IAM, aliases and contacts."""
    place.call("iam", "CreateAccountAlias", AccountAlias=account.name)
    _contacts(place, account)
    _password_policy(place, account)
    _roles(place, account, organization)
    _groups_and_policies(place, account)
    _users(place, account)
    _providers(place, account)


def _contacts(place, account):
    if not account.tidy:
        return
    for kind, local in (("SECURITY", "csirt"), ("OPERATIONS", "ops"), ("BILLING", "keiri")):
        place.call(
            "account",
            "PutAlternateContact",
            AlternateContactType=kind,
            EmailAddress=f"{local}@hinode.example",
            Name=account.owner,
            PhoneNumber="+81300000001",
            Title="担当",
        )
    place.call(
        "budgets",
        "CreateBudget",
        AccountId=account.id,
        Budget={
            "BudgetName": f"{account.short}-monthly",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "5000", "Unit": "USD"},
        },
    )


def _password_policy(place, account):
    if account.tidy:
        place.call(
            "iam",
            "UpdateAccountPasswordPolicy",
            MinimumPasswordLength=14,
            RequireSymbols=True,
            RequireNumbers=True,
            RequireUppercaseCharacters=True,
            RequireLowercaseCharacters=True,
            AllowUsersToChangePassword=True,
            MaxPasswordAge=90,
            PasswordReusePrevention=24,
        )
    elif account.unit == "Prod":
        place.call("iam", "UpdateAccountPasswordPolicy", MinimumPasswordLength=8, RequireNumbers=True)


def _roles(place, account, organization):
    role(place, "AWSConfig", trust(service("config")), ["AWS_ConfigRole"])
    role(place, "Lambda", trust(service("lambda")), ["AWSLambdaBasicExecutionRole"])
    role(place, "Cluster", trust(service("eks")), ["AmazonEKSClusterPolicy"])
    role(place, "Task", trust(service("ecs-tasks")), ["AmazonECSTaskExecutionRolePolicy"])
    role(place, "Backup", trust(service("backup")), ["AWSBackupServiceRolePolicyForBackup"])
    role(place, "Build", trust(service("codebuild")), ["PowerUserAccess" if not account.tidy else "ReadOnlyAccess"])
    role(place, "States", trust(service("states")))
    role(place, "Pipeline", trust(service("codepipeline")))
    role(place, "Server", trust(service("ec2")), ["AmazonSSMManagedInstanceCore"], Description="instances")
    place.call("iam", "CreateInstanceProfile", InstanceProfileName="Server")
    place.call("iam", "AddRoleToInstanceProfile", InstanceProfileName="Server", RoleName="Server")
    with CALENDAR.days_ago(300):
        member = {"AWS": "*"} if account.unit == "Sandbox" else {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}
        document = trust(member, StringEquals={"aws:PrincipalOrgID": organization}) if account.tidy else trust(member)
        role(place, "Administrator", document, ["AdministratorAccess"], MaxSessionDuration=43200)
        # A contractor's account, outside the organisation, without an external ID.
        if account.short in ("shop-prod", "data-analytics"):
            role(place, "VendorMonitoring", trust({"AWS": "arn:aws:iam::999999999999:root"}), ["ReadOnlyAccess"])
    if not account.tidy:
        place.call(
            "iam", "PutRolePolicy", RoleName="Server", PolicyName="everything", PolicyDocument=policy(allow("*"))
        )


def _groups_and_policies(place, account):
    place.call("iam", "CreateGroup", GroupName="developers")
    place.call("iam", "CreateGroup", GroupName="administrators")
    place.call("iam", "CreateGroup", GroupName="nobody")
    place.call("iam", "AttachGroupPolicy", GroupName="administrators", PolicyArn=attached("AdministratorAccess"))
    place.call("iam", "AttachGroupPolicy", GroupName="developers", PolicyArn=attached("PowerUserAccess"))
    office = {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}, "Bool": {"aws:ViaAWSService": "false"}}
    fence = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": office}
    documents = {"OfficeOnly": policy(fence), "ReadLogs": policy(allow(["logs:Get*", "logs:Describe*"]))}
    if not account.tidy:
        documents["Everything"] = policy(allow("*"))
        documents["IamAnything"] = policy(allow("iam:*"))
    for name, document in documents.items():
        place.call("iam", "CreatePolicy", PolicyName=name, PolicyDocument=document)


def _users(place, account):
    """A person with MFA, one without, a deployment user, and one who left long ago."""
    iam = functools.partial(place.call, "iam")
    office = f"arn:aws:iam::{account.id}:policy/OfficeOnly"
    for name, days, console, mfa, keys in (
        ("sato.hanako", 700, True, True, 0),
        ("tanaka.kenta", 500, True, account.tidy, 1),
        ("deploy", 420, False, False, 1 if account.tidy else 2),
        ("kobayashi.makoto", 900, not account.tidy, False, 0 if account.tidy else 1),
    ):
        with CALENDAR.days_ago(min(days, account.age - 5)):
            iam("CreateUser", UserName=name, Tags=[{"Key": "Owner", "Value": account.owner}])
            if console:
                iam("CreateLoginProfile", UserName=name, Password="Correct-Horse-9-Battery")
            if mfa:
                device = iam("CreateVirtualMFADevice", VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]
                iam(
                    "EnableMFADevice",
                    UserName=name,
                    SerialNumber=device,
                    AuthenticationCode1="123456",
                    AuthenticationCode2="654321",
                )
        for number in range(keys):
            with CALENDAR.days_ago(min(30 if account.tidy else 400 - 200 * number, account.age - 4)):
                iam("CreateAccessKey", UserName=name)
    for name, group in (("sato.hanako", "administrators"), ("tanaka.kenta", "developers")):
        iam("AddUserToGroup", UserName=name, GroupName=group)
    iam(
        "PutUserPolicy",
        UserName="deploy",
        PolicyName="deploy",
        PolicyDocument=policy(allow(["s3:PutObject", "lambda:UpdateFunctionCode"]) if account.tidy else allow("*")),
    )
    if account.tidy:
        iam("AttachUserPolicy", UserName="deploy", PolicyArn=office)
    else:
        iam("AttachUserPolicy", UserName="kobayashi.makoto", PolicyArn=attached("AdministratorAccess"))


def _providers(place, account):
    if account.short in ("management", "shop-prod", "payment-prod"):
        metadata = (
            '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.hinode.example"/>'
            * 12
        )
        place.call("iam", "CreateSAMLProvider", Name="hinode-idp", SAMLMetadataDocument=metadata)
    if "pipeline" in account.themes or "containers" in account.themes:
        url = "token.actions.githubusercontent.com"
        place.call(
            "iam",
            "CreateOpenIDConnectProvider",
            Url=f"https://{url}",
            ClientIDList=["sts.amazonaws.com"],
            ThumbprintList=["6938fd4d98bab03faadb97b34396831e3780aea1"],
        )
        federated = {"Federated": f"arn:aws:iam::{account.id}:oidc-provider/{url}"}
        subject = "repo:hinode/*" if account.tidy else "*"
        statement = {
            "Effect": "Allow",
            "Principal": federated,
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringLike": {f"{url}:sub": subject}},
        }
        role(place, "GitHubActions", policy(statement), ["AmazonS3FullAccess"])
    if "web" in account.themes:
        with CALENDAR.days_ago(800):
            place.call(
                "iam",
                "UploadServerCertificate",
                ServerCertificateName="old-shop",
                PrivateKey="not a key",
                CertificateBody=_NO_SECRETS,
            )
