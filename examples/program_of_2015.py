"""A program as people wrote them in 2015, with nothing but the standard library.

It asks a user for access, exchanges the code for a token, reads all of the user's media page by page,
and likes one of them. It was written for api.instagram.com; for any other server, only the addresses
at the top of InstagramAPI change.

    python examples/program_of_2015.py CLIENT_ID CLIENT_SECRET REDIRECT_URI [SERVER]

SERVER is a URL such as http://127.0.0.1:8080, as the reference server prints it.
"""

import hashlib
import hmac
import json
import sys
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

SCOPES = ("basic", "likes")


class InstagramAPIError(Exception):
    """An error response: its status, its error_type and its error_message."""


class InstagramAPI:
    """Requests are signed with the secret of the app, which an app could require since September 2015."""

    protocol = "https"
    host = "api.instagram.com"
    base_path = "/v1"
    authorize_url = "https://api.instagram.com/oauth/authorize"
    access_token_url = "https://api.instagram.com/oauth/access_token"

    def __init__(self, client_id, client_secret, redirect_uri, access_token=None):
        self.client_id = client_id
        self.client_secret = client_secret
        self.redirect_uri = redirect_uri
        self.access_token = access_token

    def get_authorize_url(self, scopes):
        """Where the user has to go; the user comes back to the redirect URI with a code."""
        query = {
            "client_id": self.client_id,
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(scopes),
        }
        return f"{self.authorize_url}?{urlencode(query)}"

    def exchange_code_for_access_token(self, code):
        """The user to whom the token belongs; the token is used from now on."""
        form = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "redirect_uri": self.redirect_uri,
            "grant_type": "authorization_code",
            "code": code,
        }
        body = _open(Request(self.access_token_url, urlencode(form).encode()))
        self.access_token = body["access_token"]
        return body["user"]

    def get(self, path, **parameters):
        """The whole body of a response."""
        return _open(Request(self._url(path, parameters)))

    def post(self, path, **parameters):
        """The whole body of a response."""
        fields = self._signed(path, parameters)
        return _open(Request(self._base() + path, urlencode(fields).encode()))

    def pages(self, path, **parameters):
        """The items of a list, page by page, along ``pagination.next_url``."""
        body = self.get(path, **parameters)
        yield body["data"]
        while body["pagination"].get("next_url"):
            # It has the signature of the request before, so it is signed anew.
            query = dict(parse_qsl(urlsplit(body["pagination"]["next_url"]).query))
            query.pop("sig")
            body = self.get(path, **query)
            yield body["data"]

    def _base(self):
        return f"{self.protocol}://{self.host}{self.base_path}"

    def _url(self, path, parameters):
        return f"{self._base()}{path}?{urlencode(self._signed(path, parameters))}"

    def _signed(self, path, parameters):
        fields = {**parameters, "access_token": self.access_token}
        text = path + "".join(f"|{name}={fields[name]}" for name in sorted(fields))
        signature = hmac.new(self.client_secret.encode(), text.encode(), hashlib.sha256)
        return {**fields, "sig": signature.hexdigest()}


def _open(request):
    try:
        with urlopen(request) as response:
            return json.load(response)
    except HTTPError as error:
        with error:
            body = json.load(error)
        details = body.get("meta", body)
        raise InstagramAPIError(error.code, details["error_type"], details["error_message"]) from None


def use_server(server):
    """Change the addresses of the API: this is all that another server needs."""
    parts = urlsplit(server)
    InstagramAPI.protocol, InstagramAPI.host = parts.scheme, parts.netloc
    InstagramAPI.authorize_url = f"{server.rstrip('/')}/oauth/authorize"
    InstagramAPI.access_token_url = f"{server.rstrip('/')}/oauth/access_token"


def main(client_id, client_secret, redirect_uri, server=None):
    if server is not None:
        use_server(server)
    api = InstagramAPI(client_id, client_secret, redirect_uri)
    sys.stdout.write(f"Open {api.get_authorize_url(SCOPES)}\nand type the code that you come back with:\n")
    sys.stdout.flush()
    user = api.exchange_code_for_access_token(sys.stdin.readline().strip())
    media = [item for page in api.pages("/users/self/media/recent", count=20) for item in page]
    sys.stdout.write(f"{user['username']} has posted {len(media)} media.\n")
    api.post(f"/media/{media[0]['id']}/likes")
    likes = api.get(f"/media/{media[0]['id']}/likes")["data"]
    sys.stdout.write(f"The newest one is liked by {', '.join(like['username'] for like in likes)}.\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
