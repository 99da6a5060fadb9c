"""The server keeps the contract: all operations, every documented status, and nothing to find."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from instagram_server import Settings, create_app, seed_data
from support.paths import CONTRACT
from support.requests import CASES
from wirecheck.checks import Judge
from wirecheck.model import Exchange, Finding
from wirecheck.spec import load

TOKENS = seed_data.tokens()
JUDGE = Judge(load(CONTRACT))
ADDITIONS = {"listSubscriptions", "createSubscription", "deleteSubscriptions", "exchangeCode", "getEmbed"}
ADDITIONS |= {"redirectToMedia"}


class Traffic:
    """Sends requests to an app and judges every exchange."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.seen: dict[str, set[str]] = {}
        self.findings: list[Finding] = []

    def send(self, method: str, path: str, token: str | None, form: dict[str, str]) -> httpx.Response:
        return asyncio.run(self._send(method, path, token, form))

    async def _send(self, method: str, path: str, token: str | None, form: dict[str, str]) -> httpx.Response:
        url = httpx.URL(f"https://api.instagram.test/v1{path}")
        fields = form if token is None else {"access_token": token, **form}
        data = fields if method == "POST" and fields else None
        if method != "POST":
            url = url.copy_merge_params(fields)
        request = httpx.Request(method, url, data=data)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app)) as client:
            response = await client.send(request)
        exchange = Exchange(
            source="server",
            entry=0,
            method=method,
            url=str(request.url),
            status=response.status_code,
            request_headers=tuple((name.lower(), value) for name, value in request.headers.items()),
            request_body=request.read(),
            response_headers=tuple((name.lower(), value) for name, value in response.headers.items()),
            response_body=response.content,
        )
        verdict = JUDGE.judge(exchange)
        self.findings += verdict.findings
        if verdict.operation:
            self.seen.setdefault(verdict.operation, set()).add(str(response.status_code))
        return response


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    made = Traffic(Settings())
    yield made
    made.app.state.platform.store.close()


def test_every_operation_with_every_documented_status_and_nothing_to_find(traffic: Traffic) -> None:
    assert {one.name for one in JUDGE.spec.operations} - ADDITIONS == CASES.keys()
    for operation, (granted, refused) in CASES.items():
        method, path, form = granted
        assert traffic.send(method, path, TOKENS["all"], form).status_code == 200, operation
        assert traffic.send(method, path, None, form).status_code == 400, operation
        assert traffic.send(method, path, seed_data.SIGNED_TOKEN, form).status_code == 403, operation
        method, path, form = refused
        assert traffic.send(method, path, TOKENS["all"], form).status_code == 400, operation
    assert traffic.send("GET", f"/users/{seed_data.CLOSED_ACCOUNT}", TOKENS["all"], {}).status_code == 404
    exhausted = Traffic(Settings(rate_limit=1))
    for method, path, form in (granted for granted, _ in CASES.values()):
        exhausted.send(method, path, TOKENS["all"], form)
        exhausted.send(method, path, TOKENS["all"], form)
    assert [finding.message for finding in traffic.findings + exhausted.findings] == []
    for one in JUDGE.spec.operations:
        if one.name not in ADDITIONS:
            seen = traffic.seen[one.name] | exhausted.seen[one.name]
            assert seen == set(one.statuses), one.name


@pytest.mark.parametrize(
    "scope", ["basic", "public_content", "follower_list", "comments", "relationships", "likes"]
)
def test_a_token_without_a_scope_is_refused_within_the_contract(traffic: Traffic, scope: str) -> None:
    refused = 0
    for granted, _ in CASES.values():
        answer = traffic.send(granted[0], granted[1], TOKENS[f"without-{scope}"], granted[2])
        if answer.status_code == 400:
            refused += 1
            assert answer.json()["meta"]["error_type"] == "OAuthPermissionsException"
            assert f"scope={scope}," in answer.json()["meta"]["error_message"]
    assert refused
    assert traffic.findings == []
