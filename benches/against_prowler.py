"""Prowler, the tool that teams run for this today, account after account as its users do."""

import subprocess
import sys

from measure import ROOT, Cost, run

VERSION = "5.46.0"
_VENV = ROOT / ".venv-bench"


def install():
    """Installs Prowler into an environment of its own, once; returns its program."""
    program = _VENV / "bin" / "prowler"
    if not program.exists():
        print(f"installing prowler {VERSION} into {_VENV.name} (once)", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", _VENV], check=True)
        subprocess.run([_VENV / "bin" / "pip", "install", "-q", f"prowler=={VERSION}"], check=True)
    return program


def scan(server, accounts, regions, out, timeout):
    """Runs Prowler once for each account, with all its checks, and adds up what that cost."""
    program = install()
    # Left as it is, the emulator answers 500 to what it lacks, and Prowler would spend minutes on asking again.
    server.ask("faults", {"plain": True})
    total = Cost(0, 0, 0, 0)
    for account in accounts:
        role = (
            []
            if account == server.told["management"]
            else [
                "--role",
                f"arn:aws:iam::{account}:role/{server.told['role']}",
                "--external-id",
                server.told["external_id"],
            ]
        )
        command = [
            program,
            "aws",
            *role,
            "--region",
            *regions,
            "--output-formats",
            "csv",
            "json-ocsf",
            "--no-banner",
            "--no-color",
            "--ignore-exit-code-3",
            "--output-directory",
            out,
            "--output-filename",
            f"prowler-{account}",
        ]
        cost = run(command, server, timeout, out / "prowler.log")
        print(
            f"  prowler {account}: {cost.wall:.0f} s, {cost.cpu:.0f} CPU s, {cost.memory_mb:.0f} MB, {cost.calls} calls",
            file=sys.stderr,
        )
        total = total.and_then(cost) if total.wall else cost
    return total


def same_operations(ours, theirs):
    """How many calls each tool made of the operations that both make: the same question, asked of the same resources."""
    mine, their = _by_operation(ours), _by_operation(theirs)
    both = mine.keys() & their.keys()
    return sum(mine[each] for each in both), sum(their[each] for each in both)


def _by_operation(cost):
    calls = {}
    for call in cost.detail.get("calls", []):
        key = call["service"], call["operation"]
        calls[key] = calls.get(key, 0) + sum(call["outcomes"].values())
    return calls
