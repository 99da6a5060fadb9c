"""The pages of `wirecheck explain`: one for each check of traffic and each rule of the linter.

The docstring of a check says what it checks; why, and the examples, are in the table below. A lint rule
carries all of that itself.
"""

from dataclasses import dataclass
from textwrap import dedent

from wirecheck.checks import CHECKS, Check
from wirecheck.lint import RULES, LintRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Why a check exists, an exchange that violates it, and one that satisfies it.

    ``document`` is the part of an OpenAPI document that both are judged by. Exchanges are written
    as HTTP is: request and response, each with its headers and perhaps a body.
    """

    why: str
    document: str
    bad: str
    good: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The content of one page.

    ``text`` begins with the summary; ``document`` is None for lint rules, whose examples are
    documents themselves.
    """

    id: str
    group: str
    label: str
    text: str
    why: str
    document: str | None
    bad: str
    good: str
    reported_by: str

    @property
    def summary(self) -> str:
        return self.text.partition("\n")[0]


TRAFFIC = "Checks of traffic"
_JUDGES = "wirecheck check, wirecheck conform, wirecheck fuzz, wirecheck replay"


def pages() -> dict[str, Page]:
    """The pages by id: the checks, then the lint rules by rule set."""
    checks = [_of_check(check) for check in CHECKS.values()]
    rules = [_of_rule(rule) for rule in RULES.values()]
    return {page.id: page for page in (*checks, *rules)}


def _of_check(check: Check) -> Page:
    example = EXAMPLES[check.id]
    return Page(
        id=check.id,
        group=TRAFFIC,
        label=f"check, {check.severity}, {check.side} side",
        text=_text(check.text),
        why=_text(example.why),
        document=dedent(example.document),
        bad=dedent(example.bad),
        good=dedent(example.good),
        reported_by=_JUDGES,
    )


def _of_rule(rule: LintRule) -> Page:
    return Page(
        id=rule.id,
        group=f"Lint rules: {rule.ruleset}",
        label=f"lint rule, {rule.severity}, rule set {rule.ruleset}",
        text=_text(rule.text),
        why=_text(rule.why),
        document=None,
        bad=dedent(rule.bad),
        good=dedent(rule.good),
        reported_by=f"wirecheck lint --ruleset {rule.ruleset}",
    )


def _text(docstring: str) -> str:
    summary, _, rest = docstring.partition("\n")
    if summary.startswith(" "):  # a text that is indented from its first line on
        return dedent(docstring).strip()
    return f"{summary}\n{dedent(rest)}".strip()


_BOOK = """\
paths:
  /books/{id}:
    get:
      operationId: getBook
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}}
      responses:
        '200':
          description: A book.
          content:
            application/json:
              schema:
                type: object
                required: [title]
                properties:
                  title: {type: string}
        '404': {description: There is no such book.}
"""

_BOOKS = """\
paths:
  /books:
    get:
      operationId: listBooks
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}}
      responses:
        '200': {description: Books.}
        '400': {description: A parameter is invalid.}
    post:
      operationId: addBook
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [title]
              properties:
                title:
                  type: string
                  allOf:
                    - x-rule: max-length
                      x-message: A title has at most 20 characters.
                      maxLength: 20
      responses:
        '201': {description: Added.}
        '400': {description: The book is invalid.}
"""

EXAMPLES: dict[str, Example] = {
    "operation-known": Example(
        why="""\
        Traffic to a path that the document does not have is an endpoint that was never documented, a
        path that was misspelt, or a service that the document is not about. Nothing else can be said
        of such an exchange.""",
        document=_BOOK,
        bad="""\
        GET /book/7 HTTP/1.1

        HTTP/1.1 200 OK
        """,
        good="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 404 Not Found
        """,
    ),
    "method-allowed": Example(
        why="""\
        A method that works although the document does not have it is an undocumented feature, and often
        an unguarded one.""",
        document=_BOOK,
        bad="""\
        DELETE /books/7 HTTP/1.1

        HTTP/1.1 204 No Content
        """,
        good="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 404 Not Found
        """,
    ),
    "status-documented": Example(
        why="""\
        Clients decide by the status what to do next. They cannot be prepared for one that the document
        does not mention.""",
        document=_BOOK,
        bad="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 410 Gone
        """,
        good="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 404 Not Found
        """,
    ),
    "no-server-fault": Example(
        why="""\
        A 5xx says that the server failed, not the client. To document it makes it expected, but no
        request should cause it.""",
        document="""\
        paths:
          /books/{id}:
            get:
              operationId: getBook
              parameters:
                - {name: id, in: path, required: true, schema: {type: integer}}
              responses:
                '404': {description: There is no such book.}
                '500': {description: The server failed.}
        """,
        bad="""\
        GET /books/0 HTTP/1.1

        HTTP/1.1 500 Internal Server Error
        """,
        good="""\
        GET /books/0 HTTP/1.1

        HTTP/1.1 404 Not Found
        """,
    ),
    "media-type-documented": Example(
        why="""\
        Clients choose how to read a body by its Content-Type. A page in HTML where JSON is documented is
        usually an error page of a proxy.""",
        document=_BOOK,
        bad="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 200 OK
        Content-Type: text/html

        <h1>Emma</h1>
        """,
        good="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 200 OK
        Content-Type: application/json

        {"title": "Emma"}
        """,
    ),
    "body-is-json": Example(
        why="""\
        Parsers of JSON disagree about what is almost JSON: some read NaN or a byte order mark, others
        fail. A body that was cut short shows a connection or a proxy that failed.""",
        document=_BOOK,
        bad="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 200 OK
        Content-Type: application/json

        {"title": "Emma"
        """,
        good="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 200 OK
        Content-Type: application/json

        {"title": "Emma"}
        """,
    ),
    "body-matches-schema": Example(
        why="""\
        Clients with types, generated ones before all, rely on the schema: a member that is missing or of
        another type breaks them.""",
        document=_BOOK,
        bad="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 200 OK
        Content-Type: application/json

        {"title": null}
        """,
        good="""\
        GET /books/7 HTTP/1.1

        HTTP/1.1 200 OK
        Content-Type: application/json

        {"title": "Emma"}
        """,
    ),
    "response-headers-match": Example(
        why="""\
        Clients wait, follow and page by headers: how many requests remain, where the new resource is. A
        missing one is as much of a defect as a missing member of the body.""",
        document="""\
        paths:
          /books:
            get:
              operationId: listBooks
              responses:
                '200':
                  description: Books.
                  headers:
                    X-RateLimit-Remaining: {required: true, schema: {type: integer}}
        """,
        bad="""\
        GET /books HTTP/1.1

        HTTP/1.1 200 OK
        X-RateLimit-Remaining: many
        """,
        good="""\
        GET /books HTTP/1.1

        HTTP/1.1 200 OK
        X-RateLimit-Remaining: 59
        """,
    ),
    "request-parameters-match": Example(
        why="""\
        A server that accepts what the document forbids does something else than documented: it ignores
        the parameter, or it has a limit of its own. Either the document or the server is wrong.""",
        document=_BOOKS,
        bad="""\
        GET /books?limit=1000 HTTP/1.1

        HTTP/1.1 200 OK
        """,
        good="""\
        GET /books?limit=1000 HTTP/1.1

        HTTP/1.1 400 Bad Request
        """,
    ),
    "query-parameters-spelled": Example(
        why="""\
        A server ignores a parameter that it does not know, and responds as if it had not been sent. A
        client that misspells a name gets a plausible response to another request.""",
        document=_BOOKS,
        bad="""\
        GET /books?limti=10 HTTP/1.1

        HTTP/1.1 200 OK
        """,
        good="""\
        GET /books?limit=10 HTTP/1.1

        HTTP/1.1 200 OK
        """,
    ),
    "request-body-matches": Example(
        why="""\
        A body that the document forbids and the server accepts may be stored, and then breaks whoever
        reads it later.""",
        document=_BOOKS,
        bad="""\
        POST /books HTTP/1.1
        Content-Type: application/json

        {"name": "Emma"}

        HTTP/1.1 201 Created
        """,
        good="""\
        POST /books HTTP/1.1
        Content-Type: application/json

        {"name": "Emma"}

        HTTP/1.1 400 Bad Request
        """,
    ),
    "rule-broken-but-accepted": Example(
        why="""\
        Named rules are those that the API explains to its users. One that the server does not enforce is
        reported by its name and its sentence, not as a keyword of a schema.""",
        document=_BOOKS,
        bad="""\
        POST /books HTTP/1.1
        Content-Type: application/json

        {"title": "Emma, or the Matchmaker"}

        HTTP/1.1 201 Created
        """,
        good="""\
        POST /books HTTP/1.1
        Content-Type: application/json

        {"title": "Emma"}

        HTTP/1.1 201 Created
        """,
    ),
    "credentials-present": Example(
        why="""\
        An operation that is documented to need credentials and works without them is open to the world.
        In a recording it may only mean that the credentials were removed.""",
        document="""\
        security:
          - token: []
        paths:
          /books:
            get:
              operationId: listBooks
              responses:
                '200': {description: Books.}
        components:
          securitySchemes:
            token: {type: apiKey, in: query, name: token}
        """,
        bad="""\
        GET /books HTTP/1.1

        HTTP/1.1 200 OK
        """,
        good="""\
        GET /books?token=abc HTTP/1.1

        HTTP/1.1 200 OK
        """,
    ),
    "law-kept": Example(
        why="""\
        A response can fit its schema and still be wrong: more items than were requested, another
        resource than the path names, a list out of order. Such laws stand in the document, where
        people and tools find them.""",
        document="""\
        paths:
          /books:
            get:
              operationId: listBooks
              parameters:
                - {name: limit, in: query, schema: {type: integer}}
              responses:
                '200':
                  description: Books.
                  content:
                    application/json:
                      schema:
                        type: array
                        items: {type: string}
              x-laws:
                limit-obeyed:
                  message: A page has at most `limit` books.
                  when: has(request.query.limit)
                  rule: size(response.body) <= request.query.limit
        """,
        bad="""\
        GET /books?limit=1 HTTP/1.1

        HTTP/1.1 200 OK
        Content-Type: application/json

        ["Emma", "Persuasion"]
        """,
        good="""\
        GET /books?limit=1 HTTP/1.1

        HTTP/1.1 200 OK
        Content-Type: application/json

        ["Emma"]
        """,
    ),
}
