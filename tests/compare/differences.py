"""Reads `docs/differences.md`: the differences from Prowler that are meant, row by row of its tables."""

import re
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

_ANSWERS = {
    "silent": None,
    "fail": "FAIL",
    "pass": "PASS",
    "violation": "NON_COMPLIANT",
    "compliant": "COMPLIANT",
    "not applicable": "NOT_APPLICABLE",
}
VERDICTS = ("Prowler is wrong", "a choice")


@dataclass
class Difference:
    """One row: for a check and states of resources, what Prowler and we answer, and why."""

    checks: list
    states: list
    prowler: str | None
    yagura: str | None
    verdict: str
    line: int
    used: Counter = field(default_factory=Counter)

    def explains(self, pair):
        """Whether this row is about a pair."""
        names = {pair.name or pair.resource, pair.arn, pair.account, pair.region} - {""}
        told = (
            (pair.prowler, pair.yagura) == (self.prowler, self.yagura)
            and any(fnmatchcase(pair.check, check) for check in self.checks)
            and any(fnmatchcase(name, state) for name in names for state in self.states)
        )
        if told:
            self.used[pair.check] += 1
        return told


def read(path):
    """All rows of all tables; a row that cannot be read is an error."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if not line.startswith("| `"):
            continue
        if len(cells) != 6:
            raise ValueError(f"{path}:{number}: {len(cells)} columns instead of 6")
        checks, states, prowler, yagura, verdict, why = cells
        if verdict not in VERDICTS:
            raise ValueError(f"{path}:{number}: the verdict is none of {VERDICTS}")
        if "https://" not in why:
            raise ValueError(f"{path}:{number}: no document decides")
        found.append(
            Difference(_names(checks), _names(states), _ANSWERS[prowler], _ANSWERS[yagura], verdict, number)
        )
    return found


def _names(cell):
    return re.findall(r"`([^`]+)`", cell)
