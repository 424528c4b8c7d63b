"""A rule that asks for a field which AWS does not have is silent for ever: each name is held against AWS's own descriptions."""

import unittest

import yaml
from fields import PACKS, WORDS, collectors, fields, named


class Fields(unittest.TestCase):
    """Every field that a rule names is one that the calls of its types can answer."""

    def test_every_field_that_a_rule_names_exists(self):
        """Where an answer holds maps or free JSON, whose keys nobody describes, only the collectors' own types are checked."""
        wrong, checked = [], 0
        for path in sorted((PACKS / "rules").glob("*/*.yaml")):
            rule = yaml.safe_load(path.read_text())
            names, types = named(rule)
            self.assertTrue(types <= set(collectors()) | {"AWS::::Account", "AWS::::Region"}, f"{path}: {types}")
            known = set(WORDS) | set(rule.get("params") or {})
            free = False
            for each in types:
                more, maps = fields(each)
                known |= more
                free = free or maps
            if free:
                continue
            checked += 1
            wrong += [f"{path.name}: `{name}` is in no answer of {sorted(types)}" for name in sorted(names - known)]
        self.assertGreater(checked, 150, "the test looks in the wrong place")
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
