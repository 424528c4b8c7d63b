"""The states in which the two tools are compared: for each kind of resource good, bad, absent and odd ones.

A file here is a service or a few; a function with `@state` makes resources, named after their state. What the emulator
cannot make is noted and left out, together with all that builds on it.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent.parent / "emulator"))

from caller import CallError, Place
from clock import CALENDAR

OUTSIDER = "999988887777"
_STATES = []


def state(function):
    """Marks a function that makes states; it is called with a `World`."""
    _STATES.append(function)
    return function


def everything():
    """All such functions of all files, by the files' names and in the order in which they stand there."""
    for module in sorted(each.name for each in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}")
    return sorted(_STATES, key=lambda each: each.__module__)


class Nothing:
    """What a call answers that failed; so is everything in it."""

    def __getitem__(self, key):
        return self

    def __bool__(self):
        return False

    def __str__(self):
        return "nothing"


class World:
    """One account to fill. `world.sqs.CreateQueue(QueueName=...)` calls in the first region, `world.there` is the second.

    `kept`: whether the account's own settings are as they should be.
    """

    def __init__(self, application, account, regions, organisation, kept, failures=None):
        self.place = Place(application, account, regions[0])
        self.account, self.region, self.kept, self.organisation = account, regions[0], kept, organisation
        self.failures = [] if failures is None else failures
        self.there = World(application, account, regions[1:], organisation, kept, self.failures) if regions[1:] else None
        self.shared = {}

    def __getattr__(self, service):
        return _Service(self, {"awslambda": "lambda"}.get(service, service.replace("_", "-")))

    def account_service(self):
        """The service named `account`, whose name is taken here by the account's number."""
        return _Service(self, "account")

    def ago(self, days):
        """What happens inside happened that many days ago."""
        return CALENDAR.days_ago(days)

    def arn(self, service, rest, region=None, account=None):
        """An ARN of this account and region."""
        region = self.region if region is None else region
        account = self.account if account is None else account
        return f"arn:aws:{service}:{region}:{account}:{rest}"


class _Service:
    def __init__(self, world, name):
        self.world, self.name = world, name

    def __getattr__(self, operation):
        def call(**parameters):
            if _lacks(parameters):
                return Nothing()
            try:
                return self.world.place.call(self.name, operation, **parameters)
            except Exception as error:  # whatever the emulator's server would answer 500 to
                told = str(error) if isinstance(error, CallError) else f"{self.name}.{operation}: {error!r}"
                self.world.failures.append(told[:300])
                return Nothing()

        return call


def _lacks(value):
    if isinstance(value, dict):
        return any(_lacks(each) for each in value.values())
    if isinstance(value, list):
        return any(_lacks(each) for each in value)
    return isinstance(value, Nothing)


def document(*statements):
    """A policy document as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", principal=None, **more):
    """A statement that allows; `condition` becomes its `Condition`, other names stay."""
    made = {"Effect": "Allow", "Action": action, "Resource": resource}
    if principal is not None:
        made["Principal"] = principal
    if "condition" in more:
        made["Condition"] = more.pop("condition")
    return made | more


def policies(world, action, resource):
    """Resource policies by the name of their state, each a list of statements; `None`: no policy."""
    org = {"StringEquals": {"aws:PrincipalOrgID": world.organisation}}
    office = {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
    anywhere = {"IpAddress": {"aws:SourceIp": ["0.0.0.0/0"]}}
    bucket = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::states-plain"}}
    mine = {"StringEquals": {"aws:SourceAccount": world.account}}
    outsider = f"arn:aws:iam::{OUTSIDER}:root"
    own = f"arn:aws:iam::{world.account}:root"
    return {
        "none": None,
        "own-account": [allow(action, resource, {"AWS": own})],
        "own-service": [allow(action, resource, {"Service": "s3.amazonaws.com"}, condition=mine)],
        "public": [allow(action, resource, "*")],
        "public-aws": [allow(action, resource, {"AWS": "*"})],
        "public-list": [allow(action, resource, {"AWS": [own, "*"]})],
        "public-org": [allow(action, resource, "*", condition=org)],
        "public-office": [allow(action, resource, {"AWS": "*"}, condition=office)],
        "public-anywhere": [allow(action, resource, "*", condition=anywhere)],
        "public-bucket": [allow(action, resource, "*", condition=bucket)],
        "public-own-account": [allow(action, resource, "*", condition=mine)],
        "public-tls-only": [allow(action, resource, "*", condition={"Bool": {"aws:SecureTransport": "true"}})],
        "outsider": [allow(action, resource, {"AWS": outsider})],
        "outsider-id": [allow(action, resource, {"AWS": OUTSIDER})],
        "not-principal": [
            {"Effect": "Allow", "NotPrincipal": {"AWS": own}, "Action": action, "Resource": resource}
        ],
        "denied": [
            allow(action, resource, "*"),
            {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": resource},
        ],
        "deny-only": [{"Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource}],
    }
