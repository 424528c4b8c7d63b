"""Rule evaluations alone: the benchmark of the posture crate, which prints one JSON line."""

import json
import subprocess

from measure import ROOT


def million(release, timeout):
    """Seconds for a million evaluations on one core."""
    command = ["cargo", "run", "--quiet", "-p", "yagura-posture", "--example", "million"] + (
        ["--release"] if release else []
    )
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["seconds"] * 1_000_000 / told["evaluations"]
