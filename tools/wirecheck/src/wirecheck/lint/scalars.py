"""The rule about YAML that its versions read differently."""

from collections.abc import Iterator

from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.model import Severity


@rule(
    Severity.WARNING,
    Ruleset.CORE,
    why="""\
    YAML 1.1 takes NO, on, 12:30, 0755 and 2015-11-17 for a boolean, a number or a date; YAML 1.2,
    which OpenAPI recommends, takes them for strings. Many tools still read YAML 1.1, so one document
    would mean two things. Quotes settle it.""",
    bad="""\
    components:
      schemas:
        Country:
          type: string
          enum: [DK, NO, SE]
    """,
    good="""\
    components:
      schemas:
        Country:
          type: string
          enum: [DK, 'NO', SE]
    """,
)
def scalar_unambiguous(context: Context) -> Iterator[Flaw]:
    """Unquoted scalars mean the same in YAML 1.1 and 1.2."""
    for line, text in context.document.ambiguous:
        yield Flaw("", f"quote {text}: YAML 1.1 and YAML 1.2 read it differently", line=line)
