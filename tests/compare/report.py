"""Reads what both tools said, and pairs their answers by check and resource.

The rules' aliases say which of our rules answer which of Prowler's checks. Checks of an account or a region pair there.
Others pair by ARN, id or name; where one tool answers for a part of what the other answers for (a listener, a load
balancer), the worst of the parts counts; where the names tell nothing, the worst of the region.
"""

import csv
import json
import re
from collections import defaultdict
from dataclasses import dataclass, replace

WORST = ("NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT", "NOT_APPLICABLE")
_PART = re.compile(r"[:/]")


@dataclass(frozen=True)
class Answer:
    """One tool's answer about one resource."""

    account: str
    region: str
    what: str  # Prowler's check, or our rule
    outcome: str
    arn: str
    id: str
    name: str
    told: str = ""
    type: str = ""

    @property
    def parts(self):
        """The words of its ARN and id that can tell a resource."""
        found = {*_PART.split(self.arn), *_PART.split(self.id), self.name}
        return {each.lower() for each in found if len(each) > 3 and each not in (self.account, self.region)}


@dataclass(frozen=True)
class Pair:
    """What the two said about one resource; `None` for a tool that said nothing.

    `kind`: `agree`; `quiet`, a pass beside a question that does not arise; `joint`, one rule that answers several checks
    and is violated because of another one of them; `differ`; or `apart`, where there is nothing to compare.
    """

    check: str
    account: str
    region: str
    resource: str
    name: str
    prowler: str | None
    yagura: str | None
    told: str
    rules: tuple
    reason: str = ""
    arn: str = ""
    # Another check that the same rules answer: its answer about the same resource is the one that fits.
    joint: str = ""
    violated: tuple = ()

    @property
    def kind(self):
        """How the answers compare."""
        both = self.prowler, self.yagura
        if both in (("PASS", "COMPLIANT"), ("FAIL", "NON_COMPLIANT")):
            return "agree"
        if both == ("PASS", "NOT_APPLICABLE"):
            return "quiet"
        if self.yagura == "INSUFFICIENT_DATA" or "MANUAL" in both or "NOT_CHECKED" in both or self.reason:
            return "apart"
        if both in ((None, "COMPLIANT"), (None, "NOT_APPLICABLE"), ("PASS", None)):
            return "apart"
        return "joint" if self.joint else "differ"

    @property
    def shared(self):
        """Whether both said pass or fail, and about the same question."""
        return self.kind != "joint" and self.prowler in ("PASS", "FAIL") and self.yagura in ("COMPLIANT", "NON_COMPLIANT")


def prowler_answers(path):
    """The answers of one CSV of Prowler's."""
    csv.field_size_limit(10**8)
    with open(path, newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            yield Answer(
                row["ACCOUNT_UID"],
                row["REGION"],
                row["CHECK_ID"],
                _status(row),
                row["RESOURCE_UID"],
                row["RESOURCE_NAME"],
                row["RESOURCE_NAME"],
                row["STATUS_EXTENDED"],
            )


def _status(row):
    """Its word, but for a pass that says of itself that it did not look."""
    if row["MUTED"] == "True":
        return "MUTED"
    return "NOT_CHECKED" if row["STATUS"] == "PASS" and "was not checked against" in row["STATUS_EXTENDED"] else row["STATUS"]


def yagura_answers(path):
    """The answers of our ndjson."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["Kind"] != "evaluation":
                continue
            reason = row.get("ReasonText") or json.dumps(row.get("Reason") or "")
            yield Answer(
                row["Account"],
                row["Region"],
                row["Rule"],
                row["Outcome"],
                row.get("Arn") or "",
                row["ResourceId"],
                row.get("ResourceName") or "",
                reason,
                row["ResourceType"],
            )


def pairs(theirs, ours, aliases):
    """All pairs. `aliases`: the rules of each check."""
    by_check, by_rule = defaultdict(list), defaultdict(list)
    for each in theirs:
        by_check[each.what, each.account].append(each)
    for each in ours:
        by_rule[each.what, each.account].append(each)
    found = []
    for account in sorted({each.account for each in ours}):
        for check in sorted(aliases):
            rules = aliases[check]
            mine = [each for rule in rules for each in by_rule[rule, account]]
            found += _check(check, account, by_check[check, account], mine, tuple(rules))
    return _joined(found, aliases)


def _joined(found, aliases):
    """Marks violations of a rule that Prowler tells under another of the checks that the rule answers.

    Where it tells them under none, the rule is in doubt once, not once for each of the checks: the first by name stands for all.
    """
    failed, alone = defaultdict(set), {}
    for pair in found:
        if (pair.prowler, pair.yagura) == ("FAIL", "NON_COMPLIANT"):
            failed[pair.account, pair.arn, pair.resource].add(pair.check)
    joined = []
    for pair in found:
        others = failed[pair.account, pair.arn, pair.resource] - {pair.check}
        shared = sorted(each for each in others if set(aliases[each]) & set(pair.violated))
        if pair.yagura == "NON_COMPLIANT" and pair.prowler != "FAIL" and not shared and pair.kind == "differ":
            first = alone.setdefault((pair.account, pair.arn, pair.resource, pair.violated), pair.check)
            shared = [first] if first != pair.check else []
        if pair.yagura == "NON_COMPLIANT" and pair.prowler != "FAIL" and shared:
            pair = replace(pair, joint=shared[0])
        joined.append(pair)
    return joined


def _check(check, account, theirs, ours, rules):
    types = {each.type for each in ours}
    if types and types <= {"AWS::::Account"}:
        return [_pair(check, account, "global", theirs, ours, rules)]
    if types and types <= {"AWS::::Account", "AWS::::Region"}:
        regions = {each.region for each in theirs + ours if each.region != "global"} or {"global"}
        everywhere = [each for each in ours if each.type == "AWS::::Account"]
        return [
            _pair(
                check,
                account,
                region,
                [each for each in theirs if each.region in (region, "global")],
                [each for each in ours if each.region == region] + everywhere,
                rules,
            )
            for region in sorted(regions)
        ]
    return _resources(check, account, theirs, ours, rules)


def _resources(check, account, theirs, ours, rules):
    unlisted = [each for each in ours if each.id == "*"]
    ours = [each for each in ours if each.id != "*"]
    groups = _match(theirs, ours)
    met = {id(each) for _, mine in groups for each in mine}
    if theirs and ours and not any(mine for _, mine in groups):
        regions = sorted({each.region for each in theirs})
        return [
            replace(
                _pair(
                    check,
                    account,
                    region,
                    [each for each in theirs if each.region == region],
                    [each for each in ours if region in (each.region, "global") or each.region == "global"],
                    rules,
                ),
                resource=f"all of {region}",
                name="",
                arn="",
            )
            for region in regions
        ]
    found = []
    for rows, mine in groups:
        reason = ""
        if not mine and unlisted:
            reason = f"Yagura could not list: {unlisted[0].told}"
        elif not mine and not ours:
            reason = "Yagura has no such resource at all"
        found.append(_pair(check, account, rows[0].region, rows, mine, rules, reason))
    for each in ours:
        if id(each) not in met:
            reason = "" if theirs else "Prowler says nothing under this check"
            found.append(_pair(check, account, each.region, [], [each], rules, reason))
    return found


def _match(theirs, ours):
    """Prowler's answers by resource, each with ours that belong to it."""
    by_arn, by_name = defaultdict(list), defaultdict(list)
    for each in ours:
        by_arn[each.arn.lower()].append(each)
        for key in {each.id.lower(), each.name.lower()}:
            by_name[key].append(each)
    rows = defaultdict(list)
    for each in theirs:
        rows[each.arn.lower(), each.region, each.name].append(each)
    groups = []
    for (arn, region, name), answers in rows.items():
        mine = by_arn.get(arn) if arn else None
        if not mine:
            last = _PART.split(arn)[-1]
            mine = [
                each
                for key in (arn, name.lower(), last)
                for each in by_name.get(key, ())
                if key and (each.region == region or "global" in (each.region, region) or each.id.lower() == key)
            ]
        groups.append((answers, list({id(each): each for each in mine}.values())))
    # The worst of the same resource, told twice by Prowler under several names.
    merged = {}
    for answers, mine in groups:
        key = tuple(sorted(id(each) for each in mine)) or id(answers)
        merged.setdefault(key, ([], mine))[0].extend(answers)
    groups = list(merged.values())
    met = {id(each) for _, mine in groups for each in mine}
    left = [each for each in ours if id(each) not in met]
    for answers, mine in groups:
        if not mine:
            mine.extend(_parts(answers[0], left))
    return groups


def _parts(theirs, ours):
    ids = {each.lower() for each in (_PART.split(theirs.arn)[-1], theirs.name) if len(each) > 3}
    found = [each for each in ours if each.region in (theirs.region, "global") and ids & each.parts]
    if not found:
        known = theirs.parts
        found = [
            each
            for each in ours
            if each.region in (theirs.region, "global") and {each.id.lower(), _PART.split(each.arn.lower())[-1]} & known
        ]
    return found


def _pair(check, account, region, theirs, ours, rules, reason=""):
    outcomes = {each.outcome for each in theirs}
    prowler = next((each for each in ("FAIL", "PASS", "NOT_CHECKED", "MANUAL", "MUTED") if each in outcomes), None)
    outcomes = {each.outcome for each in ours}
    yagura = next((each for each in WORST if each in outcomes), None)
    named = next((each for each in ours if each.outcome == yagura), None) or (theirs[0] if theirs else None)
    told = next((each.told for each in theirs if each.outcome == prowler), "")
    mine = next((each.told for each in ours if each.outcome == yagura and each.told.strip('"')), "")
    if not theirs and not ours:
        reason = "neither says anything"
    elif prowler is None and yagura is not None and not reason and named.type in ("AWS::::Account", "AWS::::Region"):
        reason = "Prowler says nothing under this check"
    if yagura == "INSUFFICIENT_DATA":
        reason = mine
    return Pair(
        check,
        account,
        region,
        named.id if named else "",
        named.name if named else "",
        prowler,
        yagura,
        told + (f" | Yagura: {mine}" if mine else ""),
        tuple(sorted({each.what for each in ours}) or rules),
        reason,
        named.arn if named else "",
        violated=tuple(sorted({each.what for each in ours if each.outcome == "NON_COMPLIANT"})),
    )
