"""Detection: Yagura beside rsigma's command line on the same events, and beside what reading them costs at the least."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

from measure import ROOT, Cost

RSIGMA = "0.23.0"
PACK = ROOT / "packs" / "detections" / "sigma" / "cloudtrail"
# The public Falco rules for plugins: https://github.com/falcosecurity/plugins, its directories `*/rules`.
FALCO = Path(os.environ.get("YAGURA_BENCH_FALCO", ROOT.parent / "shared" / "corpora" / "falco-plugin-rules"))
# What each of rsigma's own aids makes of the time is seen, not guessed: the fastest counts.
_AIDS = (
    [],
    ["--cross-rule-ac"],
    ["--bloom-prefilter"],
    ["--logsource-routing", "--event-logsource", "product=aws,service=cloudtrail"],
)


def install():
    """Installs rsigma below target/, once, with the features that make it fast; returns its program."""
    root = ROOT / "target" / "bench" / f"rsigma-{RSIGMA}"
    program = root / "bin" / "rsigma"
    if not program.exists():
        print(f"installing rsigma {RSIGMA} into {root.relative_to(ROOT)} (once)", file=sys.stderr)
        command = ["cargo", "install", "--quiet", "--locked", "--root", root, "rsigma", "--version", RSIGMA]
        subprocess.run([*command, "--features", "daachorse-index"], cwd=ROOT, check=True)
    return program


class Detection:
    """Events, and the programs that go through them."""

    def __init__(self, binaries, out, events, timeout, repeat=5):
        self.yagura, self.events_program = binaries / "yagura", binaries / "yagura-bench-events"
        self.out, self.timeout, self.repeat = out, timeout, repeat
        self.events = events
        self.directory = out / f"events-{events}"
        self.raw = {}
        self.pack = self._plain_rules()
        self._generate()

    def _plain_rules(self):
        """The rules that need nothing but the event: what is new, where an address is and how often are asked of Yagura alone."""
        pack = self.out / "pack"
        shutil.rmtree(pack, ignore_errors=True)
        pack.mkdir(parents=True)
        rules = 0
        for path in sorted(PACK.glob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            own = re.search(r"^  new:|^correlation:|^ +yagura\.|^ +- yagura\.", text, re.MULTILINE)
            if not own:
                (pack / path.name).write_text(text, encoding="utf-8")
                rules += 1
        print(f"  {rules} Sigma rules", file=sys.stderr)
        return pack

    def _generate(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        command = [self.events_program, "generate", "--events", str(self.events), "--out", self.directory]
        told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        self.raw["events"] = told
        mean = told["bytes"] / told["events"]
        ratio = told["bytes"] / told["packed"]
        print(
            f"  {told['events']} events of {mean:.0f} bytes in {told['files']} files, compressed {ratio:.1f} times",
            file=sys.stderr,
        )

    @property
    def logs(self):
        """The events as CloudTrail writes them."""
        return self.directory / "AWSLogs"

    @property
    def lines(self):
        """The same events, one a line."""
        return self.directory / "events.ndjson"

    def detect(self, *arguments, threads=1):
        """A run of Yagura that tells every match."""
        return [self.yagura, "detect", "--matches", "--threads", str(threads), *arguments]

    def ours(self):
        """Our Sigma rules over plain lines, as rsigma reads them."""
        return self.detect(self.lines, "--only-rules", "--rules", self.pack)

    def theirs(self, *aids):
        """The same in rsigma, which need not look what its input is."""
        command = [install(), "engine", "eval", "-r", self.pack, "-e", f"@{self.lines}", "--input-format", "json"]
        return [*command, "--output-format", "ndjson", *aids]

    def against_rsigma(self):
        """CPU seconds of both, and whether they find the same; the runs take turns."""
        costs = {"aids": {}}
        for aids in _AIDS:
            costs["aids"][" ".join(aids)] = self.run(self.theirs(*aids)).cpu
        best = min(_AIDS, key=lambda aids: costs["aids"][" ".join(aids)])
        ours, theirs = self.in_turn(self.ours(), self.theirs(*best))
        mine, their = self._pairs_of_yagura(), self._pairs_of_rsigma(best)
        costs |= {
            "yagura": ours.as_json(),
            "rsigma": theirs.as_json(),
            "rsigma arguments": best,
            "matches": len(mine),
            "rules that match": len({rule for _, rule in mine}),
            "only yagura": list((mine - their).elements())[:20],
            "only rsigma": list((their - mine).elements())[:20],
        }
        self.raw["against rsigma"] = costs
        rate = self.events / ours.cpu
        print(
            f"  yagura {ours.cpu:.2f} CPU s ({rate:.0f} events a CPU second), rsigma {theirs.cpu:.2f} CPU s; "
            f"{len(mine)} matches of {costs['rules that match']} rules",
            file=sys.stderr,
        )
        different = sum(((mine - their) + (their - mine)).values())
        return theirs.cpu / ours.cpu, different, len(mine)

    def _pairs_of_yagura(self):
        found = self.out / "yagura-matches.ndjson"
        subprocess.run([*self.ours(), "--out", found], check=True, stderr=subprocess.DEVNULL)
        with open(found) as lines:
            return Counter((match["event_id"], match["rule"]) for match in map(json.loads, lines))

    def _pairs_of_rsigma(self, aids):
        # Only with the whole event does it say which one it was.
        with subprocess.Popen(
            [*self.theirs(*aids), "--include-event"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            return Counter((match["event"]["eventID"], match["rule_id"]) for match in map(json.loads, process.stdout))

    def rules(self):
        """Everything that can be loaded: our detections, and the public Falco rules where they are."""
        if not FALCO.is_dir():
            print(f"  without the public Falco rules: {FALCO} is not there", file=sys.stderr)
            return []
        return ["--rules", FALCO]

    def against_limit(self):
        """The limit's CPU seconds by ours, all rules loaded."""
        limit, ours = self.in_turn([self.events_program, "limit", self.logs], self.detect(self.logs, *self.rules()))
        self.raw["limit"] = {"limit": limit.as_json(), "yagura": ours.as_json()}
        print(
            f"  unpack and validate {limit.cpu:.2f} CPU s, yagura with all rules {ours.cpu:.2f} CPU s "
            f"({self.events / ours.cpu:.0f} events a CPU second)",
            file=sys.stderr,
        )
        return limit.cpu / ours.cpu

    def second_core(self):
        """What a second thread gains in wall time, and by how much that is more than what a second process of its own gains.

        Two processes share nothing but the machine: where its processors are halves of one core, they do not gain twice either.
        """
        one, two, apart = [], [], []
        for _ in range(self.repeat):
            one.append(self.run(self.detect(self.logs, *self.rules())).wall)
            two.append(self.run(self.detect(self.logs, *self.rules(), threads=2)).wall)
            apart.append(self._two_processes(self.detect(self.logs, *self.rules())))
        one, two, apart = (sorted(walls)[self.repeat // 2] for walls in (one, two, apart))
        self.raw["threads"] = {"one": one, "two": two, "two processes, each with everything": apart}
        gain, limit = one / two, 2 * one / apart
        print(
            f"  one thread {one:.2f} s, two threads {two:.2f} s: {gain:.2f} times; two processes gain {limit:.2f} times",
            file=sys.stderr,
        )
        return gain, gain / limit

    def _two_processes(self, command):
        """Wall time of two runs at the same time."""
        started = time.monotonic()
        runs = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
        for it in runs:
            if it.wait(timeout=self.timeout) != 0:
                raise SystemExit(f"{command[0]} failed with status {it.returncode}")
        return time.monotonic() - started

    def memory(self, times=2):
        """Peak memory, MB: of so many times the events in one file, and of the directory given as often."""
        large = self.directory / "all.json.gz"
        with open(large, "wb") as whole:
            for _ in range(times):
                for path in sorted(self.logs.rglob("*.json.gz")):
                    whole.write(path.read_bytes())
        store = self.out / "detection.db"
        store.unlink(missing_ok=True)
        # One writes findings and incidents as users have it, the other only tells matches.
        one = self.run([self.yagura, "detect", "--threads", "2", "--store", store, large, *self.rules()])
        many = self.run(self.detect(*[self.logs] * times, *self.rules(), threads=2))
        large.unlink()
        for left in self.out.glob("detection.db*"):
            left.unlink()
        self.raw["memory"] = {"one file": one.as_json(), "many files": many.as_json()}
        print(
            f"  {times * self.events} events: {one.memory_mb:.0f} MB in one file, {many.memory_mb:.0f} MB in many",
            file=sys.stderr,
        )
        return max(one.memory_mb, many.memory_mb)

    def in_turn(self, one, other):
        """CPU time: the median of runs that take turns, so that both meet the same machine."""
        pairs = [(self.run(one), self.run(other)) for _ in range(self.repeat)]
        middle = self.repeat // 2
        return tuple(sorted((pair[which] for pair in pairs), key=lambda cost: cost.cpu)[middle] for which in (0, 1))

    def run(self, command):
        """One run; what it prints goes to a file."""
        with open(self.out / "detection.out", "wb") as output, open(self.out / "detection.log", "ab") as log:
            started = time.monotonic()
            process = subprocess.Popen(command, stdout=output, stderr=log, stdin=subprocess.DEVNULL, cwd=ROOT)
            ending = threading.Timer(self.timeout, process.kill)
            ending.start()
            try:
                _, status, usage = os.wait4(process.pid, 0)
            finally:
                ending.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        wall, cpu = time.monotonic() - started, usage.ru_utime + usage.ru_stime
        return Cost(round(wall, 3), round(cpu, 3), round(usage.ru_maxrss / 1024, 1), process.returncode)
