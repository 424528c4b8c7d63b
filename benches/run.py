"""The numbers in the README, measured: Yagura beside Prowler, and Yagura alone at the size of large organisations.

    python3 benches/run.py                  everything (about half an hour, nearly all of it Prowler's)
    python3 benches/run.py --only stub      one part: prowler, stub, latency, rules, detection or findings
    python3 benches/run.py --quick          smaller sizes, for a look; the bars are not judged

Prints a table, says which bars are met (exit status 1 if one is not), writes the raw numbers to target/bench/.
Everything talks to 127.0.0.1 alone and stops by itself.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import against_prowler
import findings
import rules
from detection import Detection
from measure import ROOT, Server, machine, run
from table import Bar, print_bars, print_table

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
OUT = ROOT / "target" / "bench"
HOME = "ap-northeast-1"
PARTS = ("prowler", "stub", "latency", "rules", "detection", "findings")


class Bench:
    """One run of the benchmarks."""

    def __init__(self, arguments):
        self.quick = arguments.quick
        self.timeout = arguments.timeout
        self.release = arguments.profile == "release"
        self.bin = TARGET / ("release" if self.release else "debug")
        self.rows, self.bars, self.raw = [], [], {"machine": machine(), "profile": arguments.profile}

    def build(self):
        """Builds what is measured."""
        command = ["cargo", "build", "--quiet", "-p", "yagura-cli", "-p", "yagura-bench-stub", "-p", "yagura-bench-events"]
        subprocess.run(command + (["--release"] if self.release else []), cwd=ROOT, check=True)

    def yagura(self, server, name, *arguments, command="scan"):
        """Measures one run of Yagura in a database of its own."""
        store, told = OUT / f"{name}.db", OUT / f"{name}.ndjson"
        self.forget(name)
        own = ["--store", store, "--output", f"ndjson={told}"] if command == "scan" else []
        cost = run(
            [
                self.bin / "yagura",
                command,
                "--role-name",
                server.told["role"],
                "--external-id",
                server.told["external_id"],
                *own,
                *arguments,
            ],
            server,
            self.timeout,
            OUT / f"{name}.log",
        )
        if cost.status:
            print(f"  yagura ended with status {cost.status}; see {OUT / name}.log", file=sys.stderr)
        print(
            f"  yagura {name}: {cost.wall:.1f} s, {cost.cpu:.1f} CPU s, {cost.memory_mb:.0f} MB, {cost.calls} calls",
            file=sys.stderr,
        )
        self.raw[name] = cost.as_json()
        self.forget(name)
        return cost

    def forget(self, name):
        """Removes a run's database and output: of a thousand accounts they are gigabytes."""
        for pattern in (f"{name}.db*", f"{name}.ndjson"):
            for old in OUT.glob(pattern):
                old.unlink()

    def emulator(self, *arguments):
        """The filled emulator."""
        return Server([ROOT / ".venv" / "bin" / "python", "tests/emulator/serve.py", *arguments])

    def stub(self, accounts, latency=0):
        """The stub, playing back what the emulator answered for one account."""
        return Server(
            [
                self.bin / "yagura-bench-stub",
                "--accounts",
                str(accounts),
                "--latency-ms",
                str(latency),
                "--recording",
                self.recording(),
                "--template-region",
                "us-east-1",
            ]
        )

    def recording(self):
        """Records one account's answers, once for a run."""
        path = OUT / "recording.jsonl"
        if "recording" in self.raw:
            return path
        with self.emulator("--profile", "small", "--record", path) as emulator:
            emulator.ask("faults", {"plain": True, "regions": [HOME, "us-east-1"]})
            self.yagura(emulator, "recording", "--accounts", "345678901234", "--regions", f"{HOME},us-east-1")
        return path

    def prowler(self):
        """Both tools on the same emulator."""
        with self.emulator() as emulator:
            readable = [
                each["id"] for each in emulator.told["accounts"] if not each["suspended"] and not each["refused"]
            ]
            sizes = [("1x1", ["345678901234"], [HOME])]
            if not self.quick:
                sizes.append(("10x3", readable[:10], [HOME, "us-east-1", "us-west-2"]))
            for name, accounts, regions in sizes:
                emulator.ask("faults", {"plain": True})
                ours = self.yagura(
                    emulator,
                    f"emulator-{name}",
                    "--accounts",
                    ",".join(accounts),
                    "--regions",
                    ",".join(regions),
                    "--now",
                    emulator.told["now"],
                )
                theirs = against_prowler.scan(emulator, accounts, regions, OUT, self.timeout)
                self.raw[f"prowler-{name}"] = theirs.as_json()
                self.rows += [(f"{name} Yagura", ours), (f"{name} Prowler", theirs)]
            self.judge_prowler(name, ours, theirs)

    def judge_prowler(self, name, ours, theirs):
        """The bars over both tools, at the largest size."""
        mine, their = against_prowler.same_operations(ours, theirs)
        self.bars += [
            Bar(f"{name}: CPU, Prowler / Yagura", theirs.cpu / max(ours.cpu, 0.01), ">=", 20),
            Bar(f"{name}: wall time, Prowler / Yagura", theirs.wall / max(ours.wall, 0.01), ">=", 5),
            Bar(f"{name}: wall time / emulator's own work", ours.wall / max(ours.emulator_cpu, 0.01), "<=", 1.3),
            Bar(f"{name}: peak memory, MB", ours.memory_mb, "<", 150),
            Bar(f"{name}: calls of operations both make, Prowler's being {their}", mine, "<=", their),
        ]

    def sizes(self):
        """Memory and speed when the organisation grows tenfold."""
        few, many = (10, 100) if self.quick else (100, 1000)
        costs = {}
        for accounts in (few, many):
            with self.stub(accounts) as stub:
                costs[accounts] = cost = self.yagura(stub, f"stub-{accounts}")
            self.rows.append((f"{accounts} accounts x 17 regions", cost))
        self.bars += [
            Bar(f"peak memory, {many} accounts / {few}", cost.memory_mb / costs[few].memory_mb, "<=", 1.2),
            Bar(f"peak memory at {many} accounts, MB", cost.memory_mb, "<", 300),
            Bar(f"calls a second at {many} accounts", cost.calls / cost.wall, ">=", 5000),
            Bar(
                "calls that the stub had no answer for, %", 100 * cost.detail["unrecorded"] / max(cost.calls, 1), "<", 1
            ),
        ]

    def latency(self):
        """Wall time when each call takes 50 ms, as with real AWS."""
        accounts = 4 if self.quick else 40
        with self.stub(accounts, latency=50) as stub:
            cost = self.yagura(stub, f"latency-{accounts}")
        self.rows.append((f"{accounts} accounts x 17 regions, 50 ms a call", cost))
        self.bars.append(Bar(f"{accounts} accounts x 17 regions at 50 ms a call, seconds", cost.wall, "<", 60))

    def rules(self):
        """Rule evaluations alone."""
        seconds = rules.million(self.release, self.timeout)
        self.raw["million-evaluations"] = seconds
        self.bars.append(Bar("a million rule evaluations on one core, seconds", seconds, "<", 5))
        seconds = rules.whole_pack(self.release, self.timeout)
        self.raw["whole-pack"] = seconds
        self.bars.append(Bar("every rule over 4 x 1,000 resources on one core, seconds", seconds, "<", 3))

    def detection(self):
        """Detections over CloudTrail events."""
        events = 20_000 if self.quick else 1_000_000
        detection = Detection(self.bin, OUT, events, self.timeout, repeat=1 if self.quick else 5)
        self.raw["detection"] = detection.raw
        ratio, different, matches = detection.against_rsigma()
        part, memory = 100 * detection.against_limit(), detection.memory()
        gain, of_limit = detection.second_core()
        self.bars += [
            Bar("same Sigma rules and events, CPU: rsigma / Yagura", ratio, ">=", 5),
            Bar(f"matches of {matches} that only one of them finds", different, "<=", 0),
            Bar("speed with all detections, % of unpacking and validating", part, ">=", 50),
            Bar(f"peak memory at {2 * events} events, MB", memory, "<", 300),
            Bar("detection, wall time: one thread / two", gain, ">=", 1.7),
            Bar("the same by what two separate processes gain on this machine", of_limit, ">=", 0.95),
        ]

    def findings(self):
        """A year of weekly scans of 1,000 accounts with 1,000 findings each, in one file."""
        year = findings.year(self.release, self.timeout, *((50, 2) if self.quick else (1_000, 52)))
        self.raw["findings"] = year
        self.bars += [
            Bar("a million findings: storing one more scan, 1 % changed, CPU seconds", year["rescan_cpu_seconds"], "<", 3),
            Bar("slowest counts or page of them, milliseconds", year["slowest_ms"], "<", 100),
            Bar("size of the file, MB", year["megabytes"], "<", 1_000),
        ]


def main():
    """Reads the arguments and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be repeated")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, bars not judged")
    parser.add_argument(
        "--profile", choices=("release", "dev"), default="release", help="how Yagura is built (default: release)"
    )
    parser.add_argument(
        "--timeout", type=float, default=1800, help="seconds that a single program may take (default: 1800)"
    )
    arguments = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    bench = Bench(arguments)
    bench.build()
    parts = {
        "prowler": bench.prowler,
        "stub": bench.sizes,
        "latency": bench.latency,
        "rules": bench.rules,
        "detection": bench.detection,
        "findings": bench.findings,
    }
    failed = []
    for part in arguments.only or PARTS:
        print(f"{part}...", file=sys.stderr)
        # What was measured in half an hour is not lost because a later part cannot be.
        try:
            parts[part]()
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            failed.append(part)
            print(f"  {part} could not be measured: {error}", file=sys.stderr)
    print_table(bench.rows)
    met = print_bars(bench.bars)
    bench.raw["bars"] = [bar.as_json() for bar in bench.bars]
    path = OUT / time.strftime("%Y%m%dT%H%M%S.json")
    path.write_text(json.dumps(bench.raw, indent=1))
    print(f"\nraw numbers: {path.relative_to(ROOT)}")
    return 0 if (met or arguments.quick) and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
