"""Yagura beside Prowler on the same emulated accounts: every check and resource on which the two disagree.

    .venv/bin/python tests/compare/run.py              run both, compare (some minutes, nearly all of it Prowler's)
    .venv/bin/python tests/compare/run.py --again      compare what the last run left in target/compare/
    .venv/bin/python tests/compare/run.py --yagura     run Yagura alone anew, against what Prowler said last time (automated
                                                       snapshots are named after the minute, and will not match)
    .venv/bin/python tests/compare/run.py --check ID   only checks that fit; all their pairs are listed

Exit status 1 when a disagreement is not explained in docs/differences.md. Everything talks to 127.0.0.1 alone.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "benches"))

import against_prowler
import differences
import report
import yaml
from measure import ROOT, Server, run

OUT = ROOT / "target" / "compare"
DIFFERENCES = ROOT / "docs" / "differences.md"
_ALONE = {"MANUAL": "Prowler leaves it to a person", "MUTED": "muted in Prowler"}


class Emulator(Server):
    """The emulator of `serve.py`."""

    def environment(self):
        """As the benchmarks have it, and with `hosts/` so that Prowler finds it under every name."""
        return super().environment() | {"PYTHONPATH": str(ROOT / "tests" / "compare" / "hosts")}


def main():
    """Reads the arguments, runs what is to run, compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--again", action="store_true", help="run nothing, compare the last run's answers")
    parser.add_argument("--yagura", action="store_true", help="run Yagura alone")
    parser.add_argument("--check", default="*", metavar="GLOB", help="only these checks, with all their pairs")
    parser.add_argument("--binary", type=Path, default=ROOT / "target" / "debug" / "yagura", help="which Yagura")
    parser.add_argument("--packs", type=Path, default=ROOT / "packs", help="which rules")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one program (default: 1800)")
    parser.add_argument("--out", type=Path, default=OUT, help="where the answers are kept")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if not arguments.again:
        collect(arguments)
    aliases = read_aliases(arguments.packs)
    theirs = [each for path in sorted(arguments.out.glob("prowler-*.csv")) for each in report.prowler_answers(path)]
    ours = list(report.yagura_answers(arguments.out / "yagura.ndjson"))
    if not theirs or not ours:
        raise SystemExit(f"no answers to compare in {arguments.out}")
    chosen = {check: rules for check, rules in aliases.items() if fnmatchcase(check, arguments.check)}
    found = report.pairs(theirs, ours, chosen)
    explained = differences.read(DIFFERENCES) if DIFFERENCES.exists() else []
    (arguments.out / "pairs.json").write_text(
        json.dumps([vars(pair) | {"kind": pair.kind} for pair in found], indent=1, default=list)
    )
    return tell(found, explained, {each.what for each in theirs}, arguments.check != "*")


def collect(arguments):
    """Runs the emulator and, one after the other, both tools on it."""
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    with Emulator([sys.executable, ROOT / "tests" / "compare" / "serve.py"]) as server:
        for failure in server.told["failures"]:
            print(f"  not made: {failure}", file=sys.stderr)
        accounts = [each["id"] for each in server.told["accounts"]]
        server.ask("faults", {"plain": True})
        cost = run(
            [
                arguments.binary,
                "scan",
                *("--packs", arguments.packs, "--accounts", ",".join(accounts)),
                *("--regions", ",".join(server.told["regions"]), "--role-name", server.told["role"]),
                *("--external-id", server.told["external_id"], "--store", "none", "--lang", "en"),
                *("--output", f"ndjson={arguments.out / 'yagura.ndjson'}"),
            ],
            server,
            arguments.timeout,
            arguments.out / "yagura.log",
        )
        print(f"  yagura: {cost.wall:.0f} s, {cost.calls} calls, status {cost.status}", file=sys.stderr)
        if not arguments.yagura:
            for old in arguments.out.glob("prowler-*"):
                old.unlink()
            against_prowler.scan(server, accounts, server.told["regions"], arguments.out, arguments.timeout)


def read_aliases(packs):
    """The rules that answer each of Prowler's checks, from the rules' files."""
    found = defaultdict(list)
    for path in sorted((packs / "rules").glob("*/*.yaml")):
        rule = yaml.safe_load(path.read_text(encoding="utf-8"))
        for check in rule.get("aliases", {}).get("prowler", ()):
            found[check].append(rule["id"])
    return dict(found)


def tell(found, explained, checks, everything):
    """Prints the summary and the disagreements; returns the exit status."""
    kinds = Counter(pair.kind for pair in found)
    shared = [pair for pair in found if pair.shared]
    agree = sum(pair.kind == "agree" for pair in shared)
    differ = [pair for pair in found if pair.kind == "differ"]
    unexplained = [pair for pair in differ if not sum(each.explains(pair) for each in explained)]
    print_apart(found)
    print_table(found, unexplained, everything)
    compared = {pair.check for pair in found if pair.kind in ("agree", "differ", "quiet")}
    print(f"\nchecks: {len(checks)} that Prowler answered, {len(compared)} compared")
    print(f"pairs: {len(shared)} on which both say pass or fail, {kinds['quiet']} a pass beside not applicable,")
    print(f"  {sum(not pair.shared for pair in differ)} on which one alone raises an alarm,")
    print(f"  {kinds['joint']} of a rule that is violated because of another check that it answers, {kinds['apart']} apart")
    print(f"agreement: {100 * agree / max(len(shared), 1):.1f} % of {len(shared)}")
    left = sum(pair.shared for pair in unexplained)
    print(f"  with docs/differences.md: {100 * (len(shared) - left) / max(len(shared), 1):.1f} %")
    print(f"disagreements: {len(differ)}, not explained: {len(unexplained)}")
    for each in explained:
        if not each.used and not everything:
            print(f"docs/differences.md:{each.line}: explains nothing that was seen here")
    return 1 if unexplained else 0


def print_table(found, unexplained, everything):
    """Prints disagreements by check, those that are explained as one line."""
    by_check = defaultdict(list)
    for pair in found:
        by_check[pair.check].append(pair)
    for check, all_pairs in sorted(by_check.items()):
        listed = [pair for pair in all_pairs if pair.kind == "differ" or everything]
        if not listed:
            continue
        same = sum(pair.kind == "agree" for pair in all_pairs)
        both = sum(pair.shared for pair in all_pairs)
        print(f"\n{check}: {same} of {both} agree ({', '.join(all_pairs[0].rules)})")
        for pair in listed:
            mark = "!" if pair in unexplained else "=" if pair.kind == "differ" else " "
            where = f"{pair.account[:3]} {pair.region}"
            name = pair.name or pair.resource
            print(f"  {mark} {pair.prowler or '-':6} {pair.yagura or '-':17} {where:20} {name[:50]:30} {pair.told[:230]}")


def print_apart(found):
    """Prints why answers were not compared, by reason."""
    reasons = Counter()
    for pair in found:
        if pair.kind == "apart":
            both = f"{pair.prowler or '-'} / {pair.yagura or '-'}"
            reasons[pair.check, both, (pair.reason or _ALONE.get(pair.prowler, "only one of the two answers"))[:160]] += 1
    print("not compared:")
    for (check, both, reason), count in sorted(reasons.items()):
        print(f"  {count:3} {check} {both}: {reason}")


if __name__ == "__main__":
    sys.exit(main())
