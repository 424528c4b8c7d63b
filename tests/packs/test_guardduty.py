"""What docs/guardduty.md says of GuardDuty's finding types must name detections that there are, and each type once."""

import re
import unittest
from collections import Counter

from fields import PACKS

PAGE = PACKS.parent / "docs" / "guardduty.md"
COLUMNS = ["finding type", "log", "detection", "how ours differs"]
VERDICTS = ["found", "partly", "not found"]
TYPE = re.compile(r"[A-Z]\w+:\w+/[\w&]+(\.\w+)?(![A-Za-z]+)?")


def cells(line):
    """The cells of a table's row; of another line none."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []


def named(text):
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", text)


def rows():
    """Every row of the tables of finding types, as a map from its columns, with the heading above."""
    inside, heading = False, ""
    for line in PAGE.read_text().splitlines():
        row = cells(line)
        if line.startswith("## "):
            heading = line[3:]
        elif row == COLUMNS:
            inside = True
        elif not row:
            inside = False
        elif inside and not set(line) <= set("|-: "):
            yield {"heading": heading, **dict(zip(COLUMNS, row, strict=True))}


def verdict(row):
    """How much of the row's types is found."""
    detection = row["detection"]
    return "not found" if detection == "-" else "partly" if detection.startswith("partly: ") else "found"


class GuardDuty(unittest.TestCase):
    """The page about GuardDuty agrees with the packs and with itself."""

    def test_every_detection_that_is_named_exists(self):
        there = {path.stem for path in (PACKS / "detections").glob("*/*/*.yaml")}
        self.assertGreater(len(there), 300, "the test looks in the wrong place")
        for row in rows():
            detection = row["detection"]
            self.assertTrue(detection == "-" or named(detection) or "](" in detection, row)
            aside = {it for it in named(row["how ours differs"]) if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", it)}
            self.assertEqual({*named(detection), *aside} - there, set(), row["finding type"])

    def test_no_finding_type_stands_twice(self):
        types = [it for row in rows() for it in named(row["finding type"])]
        self.assertGreater(len(types), 200, "the test looks in the wrong place")
        self.assertEqual([it for it in types if not TYPE.fullmatch(it)], [])
        self.assertEqual([it for it, times in Counter(types).items() if times > 1], [])

    def test_the_numbers_on_top_are_those_of_the_tables(self):
        counted = {}
        for row in rows():
            for heading in (row["heading"], "all"):
                counted.setdefault(heading, Counter())[verdict(row)] += len(named(row["finding type"]))
        lines = [cells(line) for line in PAGE.read_text().splitlines()]
        start = lines.index(["", *VERDICTS])
        told = {row[0]: row[1:] for row in lines[start + 2 : start + 3 + len(counted)] if row}
        self.assertEqual(told, {it: [str(of[each]) for each in VERDICTS] for it, of in counted.items()})


if __name__ == "__main__":
    unittest.main()
