"""Harmless messages pass unchanged: a value is a secret by its place or its shape, never for being a word."""

from dataclasses import replace

import pytest

from wirecheck.model import Exchange
from wirecheck.redact import Masked, Redactor

MESSAGES = [
    "No token was sent",
    "token is invalid",
    "The token is invalid or has expired.",
    "The access_token provided is invalid.",
    'body /code is "OK", not an integer',
    "body /meta/code is 400, not 200",
    "the word /token is not a pointer",
    "basic access is not documented",
    "bearer token is missing",
    'the header parameter "Authorization" is missing',
    'the query parameter "access_token" is missing',
    'the cookie parameter "session" is missing',
    'lacks "token"',
    'the body lacks "password"',
    'lacks "client_secret"',
    "accepted without credentials (token)",
    "accepted without credentials (basic or bearer)",
    "the status 401 is not documented (documented: 200, 403)",
    'the header "Date" is missing',
    'the header "host" is "example.com", not a URI',
    'body /data/0/date is "2015-11-28T00:00:00Z", not an integer',
    'body /algorithm is "AWS4-HMAC-SHA256", not "RS256"',
    "the media type application/json is not documented (documented: text/html)",
    'body /token_type is "bearer", not "Bearer"',
    'body /expires_in is "3600", not an integer',
    'body /scope is "basic comments relationships likes"',
    "Token authentication is required",
    "Basic authentication is required",
    "the password must have at least 8 characters",
    "password must contain one of [a-z] and [0-9]",
    "the document has no path /v1/oauth/authorize",
    "the document has no path /v1/token/revoke",
    "the document has no path /password/reset",
    "the document has no path /sessions/current",
    "/v1/users/self/media/recent is not below /v2, where the API is served",
    "POST is not documented for /oauth/access_token (documented: GET)",
    "the session has expired",
    "signature does not match",
    "Invalid signature: check your algorithm",
    "secret santa",
    "The secret is out.",
    "API key is missing",
    "api key required",
    'key "name" is unknown',
    'the key of the map is "title"',
    'body /next_url is "https://api.example.com/v1/users?page=2&count=20"',
    "?page=2&per_page=100&sort=created_at",
    "?code=OK&lang=en",
    "?max_tokens=4096",
    "usage: prompt_tokens=12, completion_tokens=40, total_tokens=52",
    "?token_type=bearer&expires_in=3600",
    'body /error is "invalid_token"',
    'body /error_type is "OAuthAccessTokenException"',
    'WWW-Authenticate: Bearer realm="example", error="invalid_token"',
    'Basic realm="WallyWorld"',
    '"code": "not_found"',
    '{"code": "NOT_FOUND", "message": "no such user"}',
    "consent=true; theme=dark; lang=en",
    "cookie_consent=true",
    "remember_me=true",
    "code 200 is documented",
    "error code E1001",
    "zip_code=12345",
    "country_code=DE",
    "status_code: 404",
    'the code is "insufficient_permissions"',
    'currency code is "USD", not "EUR"',
    "auth failed for user ada",
    'author is "Ada Lovelace"',
    "author=ada",
    "authority: example.com",
    "tokenizer=whitespace",
    "secretary: Miss Lemon",
    "keyboard=qwerty",
    "monkey=George",
    'body /keys/0 is "name"',
    "primary_key=id",
    "sort_key=created_at",
    'partition key is "2015-11"',
    "rate limited (429)",
    "request took 12.3 s",
    "session-laws: the same user is returned",
    "law-kept: paging: the cursor of page 2 differs",
    'body /signature_algorithm is "hmac-sha256", not "rsa-sha512"',
    'X-Ratelimit-Limit is "5000", not an integer',
    'ETag "33a64df551425fcc55e4d42a148795d9f25f89d4" is weak',
    "the id is 1002_345",
    "550e8400-e29b-41d4-a716-446655440000 is not a user",
    "nonce was already used",
    "otp required",
    "pin code is missing",
    "Digest username, realm and nonce are required",
    "cookie policy: https://example.com/cookies",
    'the header "Set-Cookie" is missing',
    'the header "cookie" is "a", not an integer',
    'is missing: "date", "host" and "(request-target)"',
    "the token of the user was revoked",
    "access token of app 17 is unknown",
    '"password" is a required property',
    'body /user/password_reset_required is "yes", not a boolean',
    "has_password=false",
    "body /passwords/0 is a string",
    '"tokens": 1200, "sessions": 3',
    "GET https://api.example.com/v1/tokens?limit=10",
    "jwt malformed",
    "csrf check failed",
    "credentials were revoked",
    "bearer authentication scheme",
    "Bearer format JWT",
    "token endpoint https://example.com/oauth/token",
    "token v1.2.3",
    "Token type mismatch: expected bearer",
]
EXCHANGE = Exchange(
    source="recorded.har",
    entry=0,
    method="GET",
    url="https://h.test/v1/users?access_token=Zq7Wv3Xy9Kp2Lm5N&code=OK&lang=en",
    status=200,
    request_headers=(
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20151128/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-date;date, "
            "Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024",
        ),
        (
            "proxy-authorization",
            'Digest username="ada", realm="example.com", nonce="x", uri="/v1/users", algorithm=MD5, '
            'response="6629fae49393a05397450978507c4ef1"',
        ),
        ("cookie", "consent=true; theme=dark; lang=en_US; cookie_consent=accepted; sid=anonymous"),
    ),
    response_headers=(
        ("content-type", "application/json"),
        ("www-authenticate", 'Bearer realm="example", error="invalid_token"'),
    ),
    response_body=b"""{"code": "OK", "token_type": "bearer", "password": "password", "signature": "",
        "user": {"secret": "secret"},
        "error": {"code": "not_found", "token": "is missing", "session": "expired"}}""",
)
"""Whose secrets are words of the messages, or stand beside words of the messages."""


@pytest.fixture(scope="module")
def masked() -> Masked:
    return Redactor(["date-token"]).masked(EXCHANGE)


@pytest.mark.parametrize("message", MESSAGES)
def test_a_harmless_message_is_unchanged(masked: Masked, message: str) -> None:
    assert masked.text(message) == message
    assert masked.pointer(message) == message


def test_the_secrets_beside_them_are_masked(masked: Masked) -> None:
    secrets = ("Zq7Wv3Xy9Kp2Lm5N", "AKIAIOSFODNN7EXAMPLE", "fe5f80f77d5fa3beca03", "6629fae49393a0539745")
    for secret in secrets:
        assert masked.text(f"it is {secret}.") == "it is [redacted]."


def test_a_short_code_is_shown_and_a_code_of_oauth_is_not(masked: Masked) -> None:
    assert masked.value("OK", ("code",)) == '"OK"'
    assert masked.value("insufficient_permissions", ("meta", "code")) == '"insufficient_permissions"'
    assert masked.value("Ab3kX9fQ22mL", ("code",)) == '"Ab3kX9fQ22mL"'
    granting = Redactor().masked(replace(EXCHANGE, url="https://h.test/oauth/authorize?code=USD"))
    assert granting.value("USD", ("query", "code")) == '"USD"'
    assert granting.value("ab1", ("query", "code")) == "[redacted]"
    assert granting.value("Ab3kX9fQ22mL", ("code",)) == "[redacted]"
