"""A year of findings in the store: the benchmark of the store crate."""

import re
import subprocess

from measure import ROOT

_LINES = {
    "rescan": re.compile(r"^scan \d+, one answer in a hundred changed: ([\d.]+) s, ([\d.]+) s of processor time", re.M),
    "size": re.compile(r"^the file has (\d+) MB", re.M),
    "asked": re.compile(r"^(.*): counts ([\d.]+) ms, first page ([\d.]+) ms, second page ([\d.]+) ms", re.M),
}


def year(release, timeout, accounts, scans):
    """Seconds of processor time for one more scan, megabytes, and the slowest counts and page in milliseconds."""
    command = ["cargo", "bench", "--quiet", "-p", "yagura-store", "--bench", "findings"]
    command += [] if release else ["--profile", "dev"]
    command += ["--", str(accounts), str(scans)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=True)
    found = {name: line.findall(done.stdout) for name, line in _LINES.items()}
    if not all(found.values()):
        raise SystemExit(f"the benchmark of findings prints something else now:\n{done.stdout}")
    asked = [(what, *map(float, times)) for what, *times in found["asked"]]
    return {
        "rescan_seconds": float(found["rescan"][0][0]),
        "rescan_cpu_seconds": float(found["rescan"][0][1]),
        "megabytes": int(found["size"][0]),
        "asked": asked,
        "slowest_ms": max(time for _, *times in asked for time in times),
    }
