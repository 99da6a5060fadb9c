"""Where the next page is, by each of the ways in which documents describe it."""

from typing import Any

import pytest

from instagram_client._runtime.endpoints import RequestMessage
from instagram_client._runtime.paging import NextPage, PageResponse, following, is_last, start

NUMBERED = NextPage(kind="page", parameter="page", first=1, current="/page", total="/pages", items="/items")
OFFSET = NextPage(kind="offset", parameter="skip", total="/total", items="/items")
LINKED = NextPage(kind="link")


def request(*query: tuple[str, str]) -> RequestMessage:
    return RequestMessage("GET", "/things", query, (), None)


def response(size: int = 2, link: str | None = None, **body: Any) -> PageResponse:
    headers = {"Content-Type": "application/json"} | ({} if link is None else {"Link": link})
    return PageResponse(body, headers, size)


def next_query(way: NextPage, sent: RequestMessage, received: PageResponse) -> Any:
    """The query of the request for the next page, None if there is no next page."""
    if is_last(way, sent, received):
        return None
    following_request, _ = following(way, sent, received, start(way, sent))
    return dict(following_request.query)


# Numbers and offsets


@pytest.mark.parametrize(
    ("sent", "received", "expected"),
    [
        (request(), response(), "2"),
        (request(("page", "4")), response(), "5"),
        (request(("page", "4")), response(page=9), "5"),
        (request(), response(page=3), "4"),
        (request(("page", "many")), response(page=3), "4"),
        (request(("page", "٣")), response(page=True), "2"),
        (request(("page", "2")), response(pages=3), "3"),
        (request(("page", "3")), response(pages=3), None),
        (request(("page", "3")), response(pages="3"), "4"),
        (request(("page", "3")), response(size=0), None),
    ],
)
def test_a_numbered_page_leads_to_the_next_number(
    sent: RequestMessage, received: PageResponse, expected: str | None
) -> None:
    assert next_query(NUMBERED, sent, received) == (None if expected is None else {"page": expected})


@pytest.mark.parametrize(
    ("sent", "received", "expected"),
    [
        (request(), response(size=20), "20"),
        (request(("skip", "20")), response(size=5), "25"),
        (request(("skip", "20")), response(size=5, total=26), "25"),
        (request(("skip", "20")), response(size=5, total=25), None),
        (request(), response(size=0, total=25), None),
    ],
)
def test_an_offset_leads_behind_the_items_of_the_page(
    sent: RequestMessage, received: PageResponse, expected: str | None
) -> None:
    assert next_query(OFFSET, sent, received) == (None if expected is None else {"skip": expected})


def test_a_numbered_page_with_the_items_of_the_one_before_is_a_circle() -> None:
    sent, first = request(), response(items=[1, 2])
    second_request, trail = following(NUMBERED, sent, first, start(NUMBERED, sent))
    third_request, _ = following(NUMBERED, second_request, response(items=[3, 4]), trail)
    assert third_request.query == (("page", "3"),)
    with pytest.raises(ValueError, match=r"^the server returned this page before$"):
        following(NUMBERED, second_request, response(items=[1, 2]), trail)


def test_the_other_parameters_of_the_query_stay() -> None:
    sent = request(("q", "a%20b"), ("page", "1"), ("page", "2"))
    assert next_query(NUMBERED, sent, response()) == {"q": "a%20b", "page": "3"}


def test_an_empty_value_says_that_there_is_no_more() -> None:
    way = NextPage(cursor="/next", parameter="after", more="/has_more")
    assert next_query(way, request(), response(next="b", has_more=True)) == {"after": "b"}
    assert next_query(way, request(), response(next="b", has_more=False)) is None
    assert next_query(way, request(), response(next="b")) is None


def test_no_request_follows_the_last_page() -> None:
    with pytest.raises(ValueError, match=r"^this is the last page$"):
        following(NUMBERED, request(), response(size=0), start(NUMBERED, request()))
    with pytest.raises(ValueError, match=r"^this is the last page$"):
        following(None, request(), response(), start(None, request()))


def test_a_pointer_leads_into_lists() -> None:
    way = NextPage(cursor="/pages/1/next", parameter="after")
    assert next_query(way, request(), response(pages=[{}, {"next": 7}])) == {"after": "7"}
    assert next_query(way, request(), response(pages=[{}])) is None


# Links


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<https://a.example/things?page=2>; rel="next"', {"page": "2"}),
        ('</things?page=1>; rel="prev", </things?page=3>; rel="next"', {"page": "3"}),
        ("</things?page=2>; rel=next", {"page": "2"}),
        ('</things?page=2>; REL="Last NEXT"; title="a, \\"b\\""', {"page": "2"}),
        ('</things?page=2>; rel="next"; rel="last"', {"page": "2"}),
        ('</things?page=2>; title="next"', None),
        ('</things?page=2>; rel="last"; rel="next"', None),
        ("</things?page=2>; rel", None),
        ("page=2", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_leads_to_the_next_page(link: str | None, expected: dict[str, str] | None) -> None:
    assert next_query(LINKED, request(), response(link=link)) == expected


def test_of_a_link_only_the_query_counts_and_no_secret_of_it() -> None:
    link = "<https://evil.example/steal?page=2&token=t&q=a%20b>; rel=next"
    next_request, _ = following(
        LINKED, request(), response(link=link), start(LINKED, request()), secrets={"token"}
    )
    assert next_request.path == "/things"
    assert next_request.query == (("page", "2"), ("q", "a%20b"))


def test_a_link_to_the_same_page_is_a_circle() -> None:
    sent = request(("page", "2"))
    with pytest.raises(ValueError, match=r"^the server returned this page before$"):
        following(LINKED, sent, response(link="</things?page=2>; rel=next"), start(LINKED, sent))


def test_a_link_that_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"^Link Invalid IPv6 URL$"):
        following(LINKED, request(), response(link="<http://[>; rel=next"), start(LINKED, request()))
