"""The reference page of the lint rules lists what there is."""

import re

from support.paths import ROOT
from wirecheck.lint import RULES, Ruleset

PAGE = (ROOT / "docs" / "lint.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z-]+)` \| (error|warning) \| (.+) \|$", re.MULTILINE)


def test_the_page_lists_the_rules_by_set() -> None:
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL))
    assert list(sections) == list(Ruleset)
    for ruleset in Ruleset:
        rules = [rule for rule in RULES.values() if rule.ruleset is ruleset]
        assert ROW.findall(sections[ruleset]) == [(rule.id, rule.severity, rule.summary) for rule in rules]
