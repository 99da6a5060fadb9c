"""A request belongs to the operation of the most literal path below a server."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from support.documents import Json, api, gets, problems, rejection, route, spec
from support.paths import SPECS
from wirecheck.spec import load
from wirecheck.spec.router import Router

LOADED = load(SPECS / "noticeboard.yaml")


VARIANTS: Json = {"x-path-variants": {"suffixes": [".json"], "trailing-slash": True}}
# Templates, path, template that fits, values; a trailing slash and the suffix .json are tolerated.
ROUTES: list[tuple[list[str], str, str | None, Json]] = [
    (["/a"], "/a", "/a", {}),
    (["/a"], "/A", None, {}),
    (["/a"], "/a/", "/a", {}),
    (["/a/"], "/a", "/a/", {}),
    (["/a"], "/a//", None, {}),
    (["/a"], "//a", None, {}),
    (["/"], "/", "/", {}),
    (["/"], "", "/", {}),
    (["/"], "/a", None, {}),
    (["/a/{x}"], "/a/1", "/a/{x}", {"x": "1"}),
    (["/a/{x}"], "/a/1/", "/a/{x}", {"x": "1"}),
    (["/a/{x}"], "/a/", None, {}),
    (["/a/{x}"], "/a//", None, {}),
    (["/a/{x}"], "/a", None, {}),
    (["/a/{x}"], "/a/1/2", None, {}),
    (["/a/{x}/b"], "/a//b", None, {}),
    (["/a/{x}"], "/a/{x}", "/a/{x}", {"x": "{x}"}),
    # Literals win, whatever the order of the document.
    (["/m/{x}", "/m/popular"], "/m/popular", "/m/popular", {}),
    (["/m/popular", "/m/{x}"], "/m/popular/", "/m/popular", {}),
    (["/m/{x}", "/m/popular"], "/m/unpopular", "/m/{x}", {"x": "unpopular"}),
    (["/u/{x}/media", "/u/self/feed"], "/u/self/media", "/u/{x}/media", {"x": "self"}),
    (["/{x}/b", "/a/{y}/c"], "/a/b", "/{x}/b", {"x": "a"}),
    (["/{x}/{y}", "/{x}/b"], "/a/b", "/{x}/b", {"x": "a"}),
    # Mixed segments come between.
    (["/a/{x}", "/a/{x}.csv"], "/a/1.csv", "/a/{x}.csv", {"x": "1"}),
    (["/a/{x}", "/a/{x}.csv"], "/a/1", "/a/{x}", {"x": "1"}),
    (["/a/{x}", "/a/{x}.csv", "/a/b.csv"], "/a/b.csv", "/a/b.csv", {}),
    (["/a/{x}.csv"], "/a/.csv", None, {}),
    (["/a/{x}.csv"], "/a/1xcsv", None, {}),
    (["/a/{x}.{y}"], "/a/1.tar.gz", "/a/{x}.{y}", {"x": "1", "y": "tar.gz"}),
    (["/a/{x}-{y}", "/a/{z}"], "/a/1", "/a/{z}", {"z": "1"}),
    (["/a/{x}.csv/b", "/a/{y}/c"], "/a/1.csv/c", "/a/{y}/c", {"y": "1.csv"}),
    (["/a/v{x}b"], "/a/v1b", "/a/v{x}b", {"x": "1"}),
    (["/a({x})"], "/a(1)", "/a({x})", {"x": "1"}),
    (["/a({x})"], "/a%281%29", "/a({x})", {"x": "1"}),
    (["/a/{x}.é"], "/a/1.%C3%a9", "/a/{x}.é", {"x": "1"}),
    # The suffix .json is tolerated, but where it is spelled out.
    (["/a/{x}"], "/a/1.json", "/a/{x}", {"x": "1"}),
    (["/a/{x}"], "/a/1.json/", "/a/{x}", {"x": "1"}),
    (["/a/{x}"], "/a/1.JSON", "/a/{x}", {"x": "1.JSON"}),
    (["/a/{x}"], "/a/.json", "/a/{x}", {"x": ".json"}),
    (["/a/{x}"], "/a/1.json.json", "/a/{x}", {"x": "1.json"}),
    (["/a/b"], "/a/b.json", "/a/b", {}),
    (["/a/{x}", "/a/b"], "/a/b.json", "/a/b", {}),
    (["/a/{x}", "/a/b.json"], "/a/b.json", "/a/b.json", {}),
    (["/a/{x}", "/a/b.json"], "/a/b", "/a/{x}", {"x": "b"}),
    (["/a/{x}", "/a/{x}.json"], "/a/1.json", "/a/{x}.json", {"x": "1"}),
    (["/a/{x}.json"], "/a/1", None, {}),
    (["/a/b"], "/a.json/b", None, {}),
    (["/a/{x}/b"], "/a/1.json/b", "/a/{x}/b", {"x": "1.json"}),
    # Percent-encoding: decoded to compare, raw in the values, and %2F separates nothing.
    (["/a/b"], "/a/%62", "/a/b", {}),
    (["/a/b"], "/%61%2Fb", None, {}),
    (["/a/{x}"], "/a/b%2Fc", "/a/{x}", {"x": "b%2Fc"}),
    (["/a/{x}"], "/a/%20", "/a/{x}", {"x": "%20"}),
    (["/a/{x}"], "/a/%zz%", "/a/{x}", {"x": "%zz%"}),
    (["/a/{x}"], "/a/%FF", "/a/{x}", {"x": "%FF"}),
    (["/a/é"], "/a/%C3%A9", "/a/é", {}),
    (["/a b"], "/a%20b", "/a b", {}),
    (["/a%20b"], "/a b", "/a%20b", {}),
    (["/a.b"], "/axb", None, {}),
    (["/a/{x"], "/a/{x", "/a/{x", {}),
    (["/a/{x}"], "/a/\n", None, {}),
]


@pytest.mark.parametrize(("templates", "path", "template", "values"), ROUTES)
def test_a_path_belongs_to_the_most_literal_template(
    templates: list[str], path: str, template: str | None, values: Json
) -> None:
    document = gets(*templates, **VARIANTS)
    assert route(document, path) == (None if template is None else (template, values))


# Templates, path, template that fits, values.
EXACTLY: list[tuple[list[str], str, str | None, Json]] = [
    (["/a"], "/a/", None, {}),
    (["/a/"], "/a", None, {}),
    (["/a/", "/a"], "/a", "/a", {}),
    (["/a", "/a/"], "/a/", "/a/", {}),
    (["/a/{x}"], "/a/1/", None, {}),
    (["/a/{x}"], "/a/1.json", "/a/{x}", {"x": "1.json"}),
    (["/a"], "/a.json", None, {}),
    (["/a/{x}.json"], "/a/1.json", "/a/{x}.json", {"x": "1"}),
    (["/"], "/", "/", {}),
    (["/"], "//", None, {}),
]


@pytest.mark.parametrize(("templates", "path", "template", "values"), EXACTLY)
def test_paths_are_matched_exactly_where_the_document_says_nothing_else(
    templates: list[str], path: str, template: str | None, values: Json
) -> None:
    assert route(gets(*templates), path) == (None if template is None else (template, values))


def test_a_path_variant_is_allowed_by_itself() -> None:
    slash, suffix = {"trailing-slash": True}, {"suffixes": [".xml"]}
    assert route(gets("/a", **{"x-path-variants": slash}), "/a/") == ("/a", {})
    assert route(gets("/a", **{"x-path-variants": slash}), "/a.json") is None
    assert route(gets("/a", **{"x-path-variants": suffix}), "/a.xml") == ("/a", {})
    assert route(gets("/a", **{"x-path-variants": suffix}), "/a/") is None


@pytest.mark.parametrize("value", [[], "x", {"suffixes": ".json"}, {"suffixes": [1]}])
def test_path_variants_of_another_shape_are_an_error(value: Json) -> None:
    assert "x-path-variants" in str(rejection(gets("/a", **{"x-path-variants": value})))


# Servers, base path, path, whether /a is found there.
SERVERS: list[tuple[list[Json], str | None, str, bool]] = [
    ([], None, "/a", True),
    ([{"url": "/"}], None, "/a", True),
    ([{"url": "https://h"}], None, "/a", True),
    ([{"url": "https://h/v1"}], None, "/v1/a", True),
    ([{"url": "https://h/v1"}], None, "/a", False),
    ([{"url": "https://h/v1"}], None, "/v1a", False),
    ([{"url": "https://h/v1/"}], None, "/v1/a", True),
    ([{"url": "HTTPS://h:443/v1"}], None, "/v1/a", True),
    ([{"url": "http://[::1]:80/v1"}], None, "/v1/a", True),
    ([{"url": "//h/v1"}], None, "/v1/a", True),
    ([{"url": "/v1"}], None, "/v1/a", True),
    ([{"url": "v1"}], None, "/v1/a", True),
    ([{"url": "./v1"}], None, "/v1/a", True),
    ([{"url": "https://h/v1?x=1#y"}], None, "/v1/a", True),
    ([{"url": "https://h"}, {"url": "https://h/v1"}], None, "/a", True),
    ([{"url": "https://h"}, {"url": "https://h/v1"}], None, "/v1/a", True),
    ([{"url": "https://h/{v}"}], None, "/v7/a", True),
    ([{"url": "https://h/{v}/b"}], None, "/v7/b/a", True),
    ([{"url": "https://h/{v}/b"}], None, "/a", False),
    ([{"url": "https://{h}.x:{p}/v1"}], None, "/v1/a", True),
    ([{"url": "{scheme}://h/v1"}], None, "/v1/a", True),
    ([{"url": "{s}://{h}{p}/v1"}], None, "/v1/a", True),
    ([{"url": "https://h/{v}", "variables": {"v": {"default": "v1"}}}], None, "/v2/a", True),
    ([{"url": "https://h/{v}", "variables": {"v": {"default": "api/v1"}}}], None, "/api/v1/a", True),
    ([{"url": "https://h/{v}", "variables": {"v": {"default": ""}}}], None, "/a", True),
    ([{"url": "{base}/v1", "variables": {"base": {"default": "https://h/b"}}}], None, "/b/v1/a", True),
    ([{"url": "https://h/v1"}], "", "/a", True),
    ([{"url": "https://h/v1"}], "/", "/a", True),
    ([{"url": "https://h/v1"}], "/mock/", "/mock/a", True),
    ([{"url": "https://h/v1"}], "mock/v1", "/mock/v1/a", True),
    ([{"url": "https://h/v1"}], "/mock", "/v1/a", False),
]


@pytest.mark.parametrize(("servers", "base_path", "path", "is_found"), SERVERS)
def test_paths_are_below_those_of_the_servers(
    servers: list[Json], base_path: str | None, path: str, is_found: bool
) -> None:
    loaded = spec(gets("/a", servers=servers), base_path)
    assert (loaded.match("GET", path) is not None) is is_found
    assert loaded.covers(path) or not is_found


@pytest.mark.parametrize(
    ("path", "covered"),
    [("/v1", True), ("/v1/", True), ("/v1/x/y", True), ("/v1x", False), ("/", False), ("/w/v1", False)],
)
def test_what_is_below_a_server_is_covered(path: str, covered: bool) -> None:
    assert spec(gets("/a", servers=[{"url": "https://h/v1"}])).covers(path) is covered
    assert spec(gets("/a", servers=[{"url": "https://h/{v}"}])).covers("/v1/x")
    assert spec(gets("/a")).covers(path)


def test_servers_of_a_path_replace_those_of_the_document() -> None:
    document = api(
        {
            "/a": {
                "servers": [{"url": "https://h"}],
                "get": {},
                "post": {"servers": [{"url": "https://u/up"}]},
            },
            "/b": {"get": {}},
        },
        servers=[{"url": "https://h/v1"}],
    )
    assert route(document, "/a") == ("/a", {})
    assert route(document, "/v1/a") is None
    assert route(document, "/v1/b") == ("/b", {})
    assert route(document, "/b") is None
    loaded = spec(document)
    elsewhere, here = loaded.match("POST", "/up/a"), loaded.match("POST", "/a")
    assert elsewhere is not None
    assert elsewhere.operation == loaded.operations[1]
    assert here is not None
    assert here.operation is None
    assert here.methods == ("GET",)


def test_operations_of_one_path_may_have_servers_of_their_own() -> None:
    """Two hosts with the same path: the server of an operation hides no other operation."""
    upload = {"servers": [{"url": "https://upload.example/v1"}]}
    document = api({"/a": {"get": {}, "post": upload}}, servers=[{"url": "https://api.example/v1"}])
    for method in ("GET", "POST"):
        match = spec(document).match(method, "/v1/a")
        assert match is not None
        assert match.methods == ("GET", "POST")
        assert match.operation is not None
        assert match.operation.method == method


@pytest.mark.parametrize(
    ("methods", "method", "expected"),
    [
        (["get"], "GET", "GET"),
        (["get"], "HEAD", "GET"),
        (["get", "head"], "HEAD", "HEAD"),
        (["post"], "HEAD", None),
        (["get"], "POST", None),
        (["get"], "get", None),
        (["get"], "", None),
        (["trace"], "TRACE", "TRACE"),
        (["query"], "QUERY", "QUERY"),
    ],
)
def test_a_method_finds_its_operation(methods: list[str], method: str, expected: str | None) -> None:
    match = spec(api({"/a": {"options": {}, **{name: {} for name in methods}}})).match(method, "/a")
    assert match is not None
    assert (match.operation.method if match.operation else None) == expected
    assert match.pointer == "/paths/~1a"
    assert "OPTIONS" in match.methods


def test_a_path_item_may_be_a_reference() -> None:
    document = api({"/a": {"$ref": "#/components/pathItems/A"}}, components={"pathItems": {"A": {"get": {}}}})
    match = spec(document).match("GET", "/a")
    assert match is not None
    assert (match.template, match.pointer) == ("/a", "/components/pathItems/A")


def test_extensions_beside_paths_are_not_paths() -> None:
    assert spec(api({"x-a": "anything", "/a": {"get": {}, "x-b": 1}})).match("GET", "/x-a") is None


def test_a_path_without_a_slash_is_a_problem() -> None:
    document = api({"a": {"get": {}}, "/b": {"get": {}}})
    [(_, pointer, message)] = problems(document)
    assert (pointer, message) == ("/paths/a", "a path must begin with a slash")
    assert [operation.template for operation in spec(document).operations] == ["/b"]


SEGMENTS = st.sampled_from(["a", "b", "{x}", "{y}", "a{x}", "{x}b", "{x}-{y}", "b.json", "é", "%61"])
TEMPLATES = st.lists(SEGMENTS, max_size=3).map(lambda segments: "/" + "/".join(segments))
PATHS = st.lists(
    st.sampled_from(["a", "b", "ab", "aab", "a-b", "-", "é", "%61", "%C3%A9", "%2F", "", "c", "b%2ejson"]),
    max_size=4,
).map(lambda segments: "/" + "/".join(segments))


def naive(template: str, path: str) -> bool:
    """Whether a template matches a path, by one regular expression over decoded segments."""
    trimmed = path.removeprefix("/").removesuffix("/")
    trimmed_template = template.removeprefix("/").removesuffix("/")
    parts = re.split(r"\{\w+\}", trimmed_template)
    pattern = "[^/]+?".join(re.escape(unquote(part)) for part in parts)
    segments = [unquote(segment).replace("/", "\0") for segment in trimmed.split("/")]
    return re.fullmatch(pattern, "/".join(segments)) is not None


def literalness(template: str) -> list[int]:
    """Smaller is more literal: per segment 0 for a literal, 1 for a mixed one, 2 for a parameter."""
    return [
        2 if re.fullmatch(r"\{\w+\}", segment) else 1 if "{" in segment else 0
        for segment in template.removeprefix("/").split("/")
    ]


@pytest.mark.no_cover
@settings(max_examples=150)
@given(templates=st.lists(TEMPLATES, min_size=1, max_size=6, unique=True), path=PATHS)
@example(templates=["/{x}/b", "/a/{y}/a"], path="/a/b")
@example(templates=["/{x}b/a", "/{x}/b"], path="/ab/b")
@example(templates=["/a{x}/b/{y}", "/{x}b/b/a"], path="/ab/b/a")
def test_the_router_agrees_with_a_regular_expression(templates: list[str], path: str) -> None:
    fitting = [template for template in templates if naive(template, path)]
    result = route(gets(*templates, **VARIANTS), path)
    assert (result is None) == (not fitting)
    if result is not None:
        assert result[0] in fitting
        assert literalness(result[0]) == min(map(literalness, fitting))


PLAIN_TEMPLATES = st.lists(st.sampled_from(["a", "b", "{x}", "{y}", "b.json"]), max_size=3)


@pytest.mark.no_cover
@settings(max_examples=150)
@given(
    templates=st.lists(PLAIN_TEMPLATES.map("/".join), min_size=1, max_size=6, unique=True),
    paths=st.lists(PATHS, min_size=2, max_size=8),
)
def test_a_path_is_matched_whatever_was_matched_before(templates: list[str], paths: list[str]) -> None:
    def router() -> Router[str]:
        made = Router[str]([".json"], trailing_slash=True)
        for template in templates:
            made.add(f"/{template}", template)
        return made

    used = router()
    for path in paths:
        assert used.find(path) == router().find(path)


@given(
    method=st.text(max_size=5), path=st.text(st.characters() | st.characters(categories=["Cs"]), max_size=20)
)
def test_any_method_and_path_can_be_matched(method: str, path: str) -> None:
    loaded = LOADED
    match = loaded.match(method, path)
    assert match is None or match.template in loaded.document.data["paths"]
    loaded.covers(path)


def test_every_operation_is_found_by_its_own_path() -> None:
    assert len(LOADED.operations) > 10
    for candidate in LOADED.operations:
        for prefix in candidate.servers or LOADED.prefixes:
            match = LOADED.match(candidate.method, prefix + re.sub(r"\{\w+\}", "7", candidate.template))
            assert match is not None
            assert match.operation == candidate
