"""How answers are paired, and how differences are read. Needs neither the emulator nor Prowler."""

import tempfile
import unittest
from pathlib import Path

import differences
import report


def theirs(check, outcome, arn, name="", region="r1"):
    """An answer of Prowler's."""
    return report.Answer("111122223333", region, check, outcome, arn, name, name)


def ours(rule, outcome, arn, identity, name="", region="r1", kind="AWS::X::Y"):
    """An answer of ours."""
    return report.Answer("111122223333", region, rule, outcome, arn, identity, name, "", kind)


class Pairs(unittest.TestCase):
    """`report.pairs`."""

    def kinds(self, prowler, yagura, aliases):
        """The checks and kinds of all pairs."""
        return [(pair.check, pair.kind) for pair in report.pairs(prowler, yagura, aliases)]

    def test_the_same_arn_is_the_same_resource(self):
        mine = [ours("rule", "NON_COMPLIANT", "arn:aws:x:r1:1:y/one", "one")]
        self.assertEqual(self.kinds([theirs("check", "FAIL", "arn:aws:x:r1:1:y/one")], mine, {"check": ["rule"]}), [("check", "agree")])

    def test_a_part_counts_for_the_whole(self):
        mine = [
            ours("rule", "COMPLIANT", "arn:aws:x:r1:1:listener/app/balancer/aaaa/bbbb", "l1"),
            ours("rule", "NON_COMPLIANT", "arn:aws:x:r1:1:listener/app/balancer/aaaa/cccc", "l2"),
        ]
        found = report.pairs([theirs("check", "FAIL", "arn:aws:x:r1:1:loadbalancer/app/balancer/aaaa", "balancer")], mine, {"check": ["rule"]})
        self.assertEqual([pair.yagura for pair in found], ["NON_COMPLIANT"])

    def test_the_worst_of_several_rules_counts(self):
        mine = [ours("one", "COMPLIANT", "arn:a", "a"), ours("two", "NON_COMPLIANT", "arn:a", "a")]
        self.assertEqual(self.kinds([theirs("check", "PASS", "arn:a")], mine, {"check": ["one", "two"]}), [("check", "differ")])

    def test_a_violation_of_a_sister_check_is_no_difference(self):
        mine = [ours("both", "NON_COMPLIANT", "arn:a", "a")]
        told = [theirs("ssh", "FAIL", "arn:a"), theirs("rdp", "PASS", "arn:a")]
        self.assertEqual(self.kinds(told, mine, {"ssh": ["both"], "rdp": ["both"]}), [("rdp", "joint"), ("ssh", "agree")])

    def test_a_violation_that_no_sister_check_tells_is_one_difference(self):
        mine = [ours("both", "NON_COMPLIANT", "arn:a", "a")]
        told = [theirs("ssh", "PASS", "arn:a"), theirs("rdp", "PASS", "arn:a")]
        self.assertEqual(self.kinds(told, mine, {"ssh": ["both"], "rdp": ["both"]}), [("rdp", "differ"), ("ssh", "joint")])

    def test_what_prowler_did_not_look_at_is_not_compared(self):
        mine = [ours("rule", "NON_COMPLIANT", "arn:a", "a")]
        self.assertEqual(self.kinds([theirs("check", "NOT_CHECKED", "arn:a")], mine, {"check": ["rule"]}), [("check", "apart")])

    def test_silence_beside_a_violation_differs(self):
        mine = [ours("rule", "NON_COMPLIANT", "arn:a", "a"), ours("rule", "COMPLIANT", "arn:b", "b")]
        found = self.kinds([theirs("check", "PASS", "arn:b")], mine, {"check": ["rule"]})
        self.assertEqual(found, [("check", "agree"), ("check", "differ")])

    def test_what_is_not_known_is_not_compared(self):
        mine = [ours("rule", "INSUFFICIENT_DATA", "arn:a", "a")]
        self.assertEqual(self.kinds([theirs("check", "FAIL", "arn:a")], mine, {"check": ["rule"]}), [("check", "apart")])

    def test_an_account_has_one_pair(self):
        mine = [ours("rule", "COMPLIANT", "arn:account", "111122223333", region="global", kind="AWS::::Account")]
        told = [theirs("check", "PASS", "arn:one"), theirs("check", "FAIL", "arn:two", region="r2")]
        self.assertEqual(self.kinds(told, mine, {"check": ["rule"]}), [("check", "differ")])


class Differences(unittest.TestCase):
    """`differences.read`."""

    def read(self, row):
        """Reads one row."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "differences.md"
            path.write_text("| check |\n|---|\n" + row + "\n", encoding="utf-8")
            return differences.read(path)

    def test_a_row_explains_its_states_and_answers_only(self):
        row = self.read("| `check_*` | `open-*` | fail | compliant | a choice | because. [AWS](https://docs.aws.amazon.com/x) |")[0]
        pair = report.Pair("check_a", "1", "r1", "id", "open-one", "FAIL", "COMPLIANT", "", ("rule",))
        other = report.Pair("check_a", "1", "r1", "id", "shut", "FAIL", "COMPLIANT", "", ("rule",))
        self.assertTrue(row.explains(pair))
        self.assertFalse(row.explains(other))

    def test_a_row_needs_a_document(self):
        with self.assertRaises(ValueError):
            self.read("| `check` | `*` | fail | compliant | a choice | because |")

    def test_a_row_needs_a_verdict(self):
        with self.assertRaises(ValueError):
            self.read("| `check` | `*` | fail | compliant | who knows | [AWS](https://docs.aws.amazon.com/x) |")

    def test_the_page_can_be_read(self):
        page = Path(__file__).resolve().parent.parent.parent / "docs" / "differences.md"
        self.assertGreater(len(differences.read(page)), 50)


if __name__ == "__main__":
    unittest.main()
