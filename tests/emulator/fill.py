"""Fills the emulator with the organisation of `organisation/`: the same things, names and days on every machine."""

import random
import time

import moto.backends
from caller import Place
from clock import CALENDAR, NOW
from moto.core.base_backend import BackendDict
from organisation import (
    accounts,
    aged,
    analytics,
    applications,
    compute,
    databases,
    identity,
    network,
    security,
    storage,
    wider,
)

PROFILES = ("full", "small", "empty")
# The key of the management account with which programs come in.
ACCESS_KEY = "AKIAHINODEMANAGEMENT"


def fill(application, profile):
    """Fills the emulator and returns what to tell about it. `small` is three accounts, `empty` their shell alone."""
    random.seed(0)
    chosen = [each for each in accounts.ACCOUNTS if profile == "full" or each.id in accounts.SMALL]
    management = Place(application, accounts.MANAGEMENT, "us-east-1")
    identity.offer_managed_policies()
    organization = accounts.create(management, chosen)
    timings = {}
    backends = _backends()
    for account in chosen:
        with CALENDAR.days_ago(account.age - 10):
            started = time.monotonic()
            _prepare(backends, account.id)
            timings["prepare"] = round(timings.get("prepare", 0) + time.monotonic() - started, 2)
            identity.let_in(Place(application, account.id, "us-east-1"))
            if profile != "empty":
                _fill_account(application, account, organization, timings)
    CALENDAR.stop()
    told = [
        {
            "id": each.id,
            "name": each.name,
            "tidy": each.tidy,
            "suspended": each.id == accounts.SUSPENDED,
            "refused": each.id == accounts.REFUSED,
        }
        for each in chosen
    ]
    return {
        "organization": organization,
        "management": accounts.MANAGEMENT,
        "accounts": told,
        "refused": [each["id"] for each in told if each["refused"]],
        "regions": list(accounts.REGIONS),
        "role": accounts.ROLE,
        "external_id": accounts.EXTERNAL_ID,
        "now": NOW.isoformat() + "Z",
        "access_key_id": ACCESS_KEY,
        "secret_access_key": "hinode",
        "timings": timings,
    }


def _backends():
    """All parts of the emulator, loaded, so that the calendar reaches them before they note a time."""
    found = []
    for name in moto.backends.list_of_moto_modules():
        try:
            backend = moto.backends.get_backend(name)
        except AttributeError:  # a folder that is no service
            continue
        if isinstance(backend, BackendDict):
            found.append(backend)
    return found


def _prepare(backends, account):
    """Makes what exists in every region without being made, such as the default VPC, before anybody reads in any order."""
    for backend in backends:
        for region in (*accounts.REGIONS, "aws"):
            if region in backend[account]:
                backend[account][region]


def _fill_account(application, account, organization, timings):
    everywhere = (network, security)
    for region in account.regions:
        place = Place(application, account.id, region)
        if region == account.regions[0]:
            for part in (identity, storage):
                _timed(timings, part, place, account, organization)
        for part in (*everywhere, compute, databases, applications, analytics, wider):
            _timed(timings, part, place, account, organization)
    for region in accounts.REGIONS:
        if region not in account.regions:
            security.watch(Place(application, account.id, region), account)
    aged.touch(account)


def _timed(timings, part, place, account, organization):
    started = time.monotonic()
    part.fill(place, account, organization)
    name = part.__name__.rpartition(".")[2]
    timings[name] = round(timings.get(name, 0) + time.monotonic() - started, 2)
