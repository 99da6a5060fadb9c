"""The rule about named rules (x-rule)."""

from collections.abc import Iterator

from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.model import Severity


@rule(
    Severity.ERROR,
    Ruleset.EXTENSIONS,
    why="""\
    rule-broken-but-accepted, the generated client and `wirecheck conform` find named rules as members
    of allOf, where each can be checked by itself, and show their sentence to people. A rule that
    stands elsewhere, or lacks its name or its sentence, is not found or cannot be shown.""",
    bad="""\
    components:
      schemas:
        Title:
          type: string
          allOf:
            - x-rule: max-length
              maxLength: 300
    """,
    good="""\
    components:
      schemas:
        Title:
          type: string
          allOf:
            - x-rule: max-length
              x-message: A title has at most 300 characters.
              maxLength: 300
    """,
)
def rule_complete(context: Context) -> Iterator[Flaw]:
    """A named rule (x-rule) is a member of allOf, with a sentence for people (x-message)."""
    for node in context.schemas():
        if "x-rule" not in node.value:
            continue
        if not node.pointer.rpartition("/")[0].endswith("/allOf"):
            yield Flaw(node.pointer, "a schema with x-rule must be a member of allOf")
        for member in ("x-rule", "x-message"):
            text = node.value.get(member)
            if not isinstance(text, str) or not text:
                yield Flaw(node.pointer, f"a named rule needs a non-empty string as {member}")
