"""Rule evaluations alone: the benchmarks of the posture and scan crates."""

import re
import subprocess

from measure import ROOT

_MILLION = re.compile(r"^four of our rules:.*?([\d.]+) us each", re.MULTILINE)
_WHOLE = re.compile(r"rules over 1000 each of 4 types: .* in ([\d.]+) s", re.MULTILINE)


def million(release, timeout):
    """Seconds for a million evaluations on one core."""
    return _run("yagura-posture", "evaluate_million", _MILLION, release, timeout)


def whole_pack(release, timeout):
    """Seconds for every rule over a thousand instances, security groups, buckets and roles on one core."""
    return _run("yagura-scan", "whole_pack", _WHOLE, release, timeout)


def _run(package, bench, line, release, timeout):
    command = ["cargo", "bench", "--quiet", "-p", package, "--bench", bench]
    command += [] if release else ["--profile", "dev"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=True)
    found = line.search(done.stdout)
    if not found:
        raise SystemExit(f"the benchmark {bench} of {package} prints something else now:\n{done.stdout}")
    return float(found.group(1))
