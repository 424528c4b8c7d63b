"""Rule evaluations alone: the benchmark of the posture crate."""

import re
import subprocess

from measure import ROOT

_LINE = re.compile(r"^four of our rules:.*?([\d.]+) us each", re.MULTILINE)


def million(release, timeout):
    """Seconds for a million evaluations on one core."""
    command = ["cargo", "bench", "--quiet", "-p", "yagura-posture", "--bench", "evaluate_million"]
    command += [] if release else ["--profile", "dev"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=True)
    found = _LINE.search(done.stdout)
    if not found:
        raise SystemExit(f"the benchmark of the posture crate prints something else now:\n{done.stdout}")
    return float(found.group(1))
