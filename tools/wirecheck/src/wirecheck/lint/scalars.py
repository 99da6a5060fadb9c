"""The rule about YAML that its versions read differently."""

from collections.abc import Iterator

from wirecheck.lint.rule import Context, Flaw, Ruleset, rule
from wirecheck.model import Severity
from wirecheck.spec import Origin


@rule(
    Severity.WARNING,
    Ruleset.CORE,
    why="""\
    YAML 1.1 takes NO, on, 12:30, 0755 and 2015-11-17 for a boolean, a number or a date; YAML 1.2,
    which OpenAPI recommends, takes them for strings. Many tools still read YAML 1.1, so one document
    would mean two things. Quotes settle it. A quoted text or a list in brackets whose next line is not
    indented deeper than what surrounds it is an error to YAML 1.2 (8.2.1), which only strict parsers
    report.""",
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
    """Scalars mean the same to every parser of YAML.

    Unquoted ones are read alike by YAML 1.1 and 1.2, and values of several lines are indented as
    strict parsers require.
    """
    name = context.document.name
    for line, text in context.document.ambiguous:
        what = f"quote {text}: YAML 1.1 and YAML 1.2 read it differently"
        if text == "<<":
            what = "write the members out: only YAML 1.1 has merge keys (<<)"
        yield Flaw("", what, origin=Origin(name, line, ""))
    for line in context.document.misindented:
        what = "indent this line deeper than what is around the value: strict parsers reject it"
        yield Flaw("", what, origin=Origin(name, line, ""))
