"""The server satisfies the contract: all operations, every documented status, and no finding."""

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
    """Sends requests to an app and checks every exchange."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.exercised: dict[str, set[str]] = {}
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
            self.exercised.setdefault(verdict.operation, set()).add(str(response.status_code))
        return response


@pytest.fixture
def traffic() -> Iterator[Traffic]:
    traffic = Traffic(Settings())
    yield traffic
    traffic.app.state.platform.store.close()


def test_every_operation_returns_every_documented_status_without_a_finding(traffic: Traffic) -> None:
    assert {operation.name for operation in JUDGE.spec.operations} - ADDITIONS == CASES.keys()
    for operation, (accepted, rejected) in CASES.items():
        method, path, form = accepted
        assert traffic.send(method, path, TOKENS["all"], form).status_code == 200, operation
        assert traffic.send(method, path, None, form).status_code == 400, operation
        assert traffic.send(method, path, seed_data.SIGNED_TOKEN, form).status_code == 403, operation
        method, path, form = rejected
        assert traffic.send(method, path, TOKENS["all"], form).status_code == 400, operation
    assert traffic.send("GET", f"/users/{seed_data.CLOSED_ACCOUNT}", TOKENS["all"], {}).status_code == 404
    exhausted = Traffic(Settings(rate_limit=1))
    for method, path, form in (accepted for accepted, _ in CASES.values()):
        exhausted.send(method, path, TOKENS["all"], form)
        exhausted.send(method, path, TOKENS["all"], form)
    assert [finding.message for finding in traffic.findings + exhausted.findings] == []
    for documented in JUDGE.spec.operations:
        name = documented.name
        if name not in ADDITIONS:
            statuses = traffic.exercised[name] | exhausted.exercised[name]
            assert statuses == set(documented.statuses), name


@pytest.mark.parametrize(
    "scope", ["basic", "public_content", "follower_list", "comments", "relationships", "likes"]
)
def test_a_token_without_a_scope_is_rejected_as_documented(traffic: Traffic, scope: str) -> None:
    rejected = 0
    for (method, path, form), _ in CASES.values():
        response = traffic.send(method, path, TOKENS[f"without-{scope}"], form)
        if response.status_code == 400:
            rejected += 1
            assert response.json()["meta"]["error_type"] == "OAuthPermissionsException"
            assert f"scope={scope}," in response.json()["meta"]["error_message"]
    assert rejected
    assert traffic.findings == []
