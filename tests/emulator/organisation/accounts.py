"""The accounts of the organisation, its units and its policies."""

import json
from dataclasses import dataclass, field

import moto.organizations.models
import moto.organizations.utils
from clock import CALENDAR

HOME = "ap-northeast-1"
REGIONS = ("ap-northeast-1", "ap-northeast-3", "us-east-1", "us-west-2", "eu-west-1")
MANAGEMENT = "123456789012"
ROLE = "YaguraReadOnly"
EXTERNAL_ID = "hinode-yagura"


@dataclass(frozen=True)
class Account:
    """One account, and how its owners work.

    `tidy` owners encrypt, lock, log and rotate; the others leave what a default or a hurry left. `themes` are what it
    runs beside what every account has; `regions` are where it has more than the defaults.
    """

    id: str
    name: str
    unit: str
    owner: str
    tidy: bool
    age: int
    themes: frozenset = frozenset()
    regions: tuple = (HOME,)
    tags: dict = field(default_factory=dict)

    @property
    def short(self):
        """The name without the company's."""
        return self.name.removeprefix("hinode-")


def _account(identity, name, unit, owner, tidy, age, themes="", regions=(HOME,), **tags):
    return Account(identity, name, unit, owner, tidy, age, frozenset(themes.split()), tuple(regions), tags)


ACCOUNTS = (
    _account(MANAGEMENT, "hinode-management", "Root", "佐藤 花子", True, 2400, "billing", (HOME, "us-east-1")),
    _account("012345678901", "hinode-log-archive", "Security", "鈴木 一郎", True, 2390, "archive"),
    _account("210987654321", "hinode-security-audit", "Security", "鈴木 一郎", True, 2390, "audit"),
    _account("345678901234", "hinode-shop-prod", "Prod", "高橋 美咲", False, 2100, "web database", (HOME, "us-east-1")),
    _account(
        "456789012345",
        "hinode-payment-prod",
        "Prod",
        "田中 健太",
        True,
        1500,
        "containers database backup functions wide",
    ),
    _account(
        "567890123456",
        "hinode-game-prod",
        "Prod",
        "伊藤 翔",
        False,
        1200,
        "containers streams functions web",
        (HOME, "us-west-2", "eu-west-1"),
    ),
    _account("890123456789", "hinode-data-analytics", "Prod", "渡辺 由美", False, 900, "analytics streams"),
    _account("678901234567", "hinode-shop-dev", "Dev", "高橋 美咲", False, 2000, "web database pipeline wide"),
    _account(
        "789012345678", "hinode-payment-dev", "Dev", "田中 健太", True, 1400, "functions pipeline", (HOME, "us-west-2")
    ),
    _account(
        "901234567890",
        "hinode-sandbox-sato",
        "Sandbox",
        "佐藤 大輔",
        False,
        400,
        "functions desktop",
        (HOME, "us-east-1", "ap-northeast-3"),
    ),
    _account("135792468024", "hinode-legacy-osaka", "Prod", "中村 茂", False, 3000, "database", ("ap-northeast-3",)),
    _account("246813579135", "hinode-retired-2019", "Suspended", "小林 誠", False, 2600),
)
REFUSED = "135792468024"
SUSPENDED = "246813579135"
SMALL = ("123456789012", "345678901234", "456789012345")

_UNITS = (
    ("Security", "Root"),
    ("Workloads", "Root"),
    ("Prod", "Workloads"),
    ("Dev", "Workloads"),
    ("Sandbox", "Root"),
    ("Suspended", "Root"),
)


def create(place, accounts):
    """Creates the organisation from its management account, with its units, accounts, policies and delegations."""
    with CALENDAR.days_ago(2400):
        organisation = place.call("organizations", "CreateOrganization", FeatureSet="ALL")["Organization"]
    # The emulator gives the management account a fixed name; ours is known by its own.
    backend = moto.organizations.models.organizations_backends[place.account]["aws"]
    backend.accounts[0].name = "hinode-management"
    backend.accounts[0].email = backend.org.master_account_email = "aws+management@hinode.example"
    root = place.call("organizations", "ListRoots")["Roots"][0]["Id"]
    units = {"Root": root}
    for name, parent in _UNITS:
        created = place.call("organizations", "CreateOrganizationalUnit", ParentId=units[parent], Name=name)
        units[name] = created["OrganizationalUnit"]["Id"]
    for account in accounts:
        _join(place, account, root, units)
    _policies(place, units)
    _delegate(place)
    return organisation["Id"]


def _join(place, account, root, units):
    tags = [
        {"Key": "Owner", "Value": account.owner},
        {"Key": "部署", "Value": "基盤" if account.tidy else "事業"},
        {"Key": "Environment", "Value": account.unit.lower()},
    ]
    if account.id != MANAGEMENT:
        real = moto.organizations.utils.make_random_account_id
        moto.organizations.utils.make_random_account_id = lambda: account.id
        try:
            with CALENDAR.days_ago(account.age):
                place.call(
                    "organizations",
                    "CreateAccount",
                    AccountName=account.name,
                    Email=f"aws+{account.short}@hinode.example",
                )
        finally:
            moto.organizations.utils.make_random_account_id = real
        place.call(
            "organizations",
            "MoveAccount",
            AccountId=account.id,
            SourceParentId=root,
            DestinationParentId=units[account.unit],
        )
    place.call("organizations", "TagResource", ResourceId=account.id, Tags=tags)
    if account.id == SUSPENDED:
        place.call("organizations", "CloseAccount", AccountId=account.id)


def _policies(place, units):
    for kind in ("SERVICE_CONTROL_POLICY", "TAG_POLICY"):
        place.call("organizations", "EnablePolicyType", RootId=units["Root"], PolicyType=kind)
    guard = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "KeepTheLogs",
                "Effect": "Deny",
                "Resource": "*",
                "Action": [
                    "cloudtrail:StopLogging",
                    "cloudtrail:DeleteTrail",
                    "guardduty:DeleteDetector",
                    "config:StopConfigurationRecorder",
                ],
            }
        ],
    }
    regions = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OurRegionsOnly",
                "Effect": "Deny",
                "NotAction": ["iam:*", "sts:*", "organizations:*", "cloudfront:*", "route53:*"],
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": list(REGIONS)}},
            }
        ],
    }
    tags = {"tags": {"Owner": {"tag_key": {"@@assign": "Owner"}}}}
    for name, kind, content, target in (
        ("KeepTheLogs", "SERVICE_CONTROL_POLICY", guard, "Workloads"),
        ("OurRegionsOnly", "SERVICE_CONTROL_POLICY", regions, "Sandbox"),
        ("Owners", "TAG_POLICY", tags, "Root"),
    ):
        created = place.call(
            "organizations", "CreatePolicy", Name=name, Type=kind, Description=name, Content=json.dumps(content)
        )
        place.call(
            "organizations", "AttachPolicy", PolicyId=created["Policy"]["PolicySummary"]["Id"], TargetId=units[target]
        )


def _delegate(place):
    for service in ("guardduty.amazonaws.com", "securityhub.amazonaws.com", "config.amazonaws.com"):
        place.call("organizations", "EnableAWSServiceAccess", ServicePrincipal=service)
    known = {account["Id"] for account in place.call("organizations", "ListAccounts")["Accounts"]}
    if "210987654321" in known:
        place.call(
            "organizations",
            "RegisterDelegatedAdministrator",
            AccountId="210987654321",
            ServicePrincipal="guardduty.amazonaws.com",
        )
