"""What no API can set: when keys, passwords and roles were last used, and how the root user is kept."""

import datetime

import moto.iam.models
from clock import NOW

_ROOT = {}
_real_report = moto.iam.models.IAMBackend.get_credential_report


def touch(account):
    """Sets the past of one account's credentials, after everything else in it has been made."""
    backend = moto.iam.models.iam_backends[account.id]["aws"]
    summary = backend.account_summary
    summary._account_mfa_enabled = 1 if account.tidy else 0
    summary._account_access_keys_present = 1 if account.unit in ("Sandbox", "Dev") and not account.tidy else 0
    _ROOT[account.id] = (summary._account_mfa_enabled, summary._account_access_keys_present, account.age)
    for user in backend.users.values():
        days = {"sato.hanako": 2, "tanaka.kenta": 15, "deploy": 1}.get(user.name, 500)
        user.password_last_used = _ago(days) if user.password else None
        for number, key in enumerate(user.access_keys):
            # The second key of a user is the forgotten one.
            used = days if number == 0 else 300
            key.last_used = moto.iam.models.AccessKeyLastUsed(max(_ago(used), key.create_date), "s3", "ap-northeast-1")
            key.status = "Inactive" if number and account.unit == "Prod" else "Active"
    for role in backend.roles.values():
        days = {"Administrator": 5 if account.tidy else 400, "VendorMonitoring": 200, "YaguraReadOnly": 1}.get(
            role.name
        )
        if days:
            role.last_used = max(_ago(days), role.create_date)
            role.last_used_region = "ap-northeast-1"


def _ago(days):
    return NOW - datetime.timedelta(days=days, hours=3)


def _report_with_root(self):
    """The credential report, with the root user's line that AWS puts first and the emulator leaves out."""
    head, _, rest = _real_report(self).partition("\n")
    mfa, key, age = _ROOT.get(self.account_id, (0, 0, 1000))
    made = _ago(age).strftime("%Y-%m-%dT%H:%M:%S+00:00")
    fields = [
        "<root_account>",
        f"arn:aws:iam::{self.account_id}:root",
        made,
        "not_supported",
        _ago(700).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "not_supported",
        "not_supported",
        "true" if mfa else "false",
        "true" if key else "false",
        made if key else "N/A",
        "N/A",
        "N/A",
        "N/A",
        "false",
        "N/A",
        "N/A",
        "N/A",
        "N/A",
        "false",
        "N/A",
        "false",
        "N/A",
    ]
    return f"{head}\n{','.join(fields)}\n{rest}"


moto.iam.models.IAMBackend.get_credential_report = _report_with_root
