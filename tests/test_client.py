"""The generated client works, alone, and is what the spec gives."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from instagram_client import AuthenticatedClient
from instagram_client.api.comments import create_comment
from instagram_client.api.media import get_media
from instagram_client.api.users import list_user_recent_media
from instagram_client.models import CommentForm, MediaEnvelope, MediaPageEnvelope, MetaError
from wirecheck.generate import drift
from wirecheck.spec import bundled, load

ROOT = Path(__file__).parents[1]
SPEC = load(bundled())


def example(pointer: str) -> object:
    return SPEC.document.get(f"/components/responses/{pointer}")


IMAGE = example("Media/content/application~1json/examples/image/value")
PAGE = example("MediaPage/content/application~1json/examples/middle/value")
REFUSAL = example("BadRequest/content/application~1json/examples/rule/value")


def client(answer: httpx.Response, seen: list[httpx.Request]) -> AuthenticatedClient:
    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer

    return AuthenticatedClient(
        base_url="https://instagram.test/v1",
        token="T",
        httpx_args={"transport": httpx.MockTransport(respond), "params": {"access_token": "T"}},
    )


def test_it_is_what_the_spec_gives() -> None:
    assert drift(ROOT / "spec" / "openapi.yaml", ROOT / "generated", "instagram_client") == []
    assert [path.name for path in (ROOT / "generated").iterdir()] == ["instagram_client"]


def test_every_operation_has_a_module() -> None:
    modules = {path.stem for path in (ROOT / "generated" / "instagram_client" / "api").glob("*/*.py")}
    for operation in SPEC.operations:
        assert re.sub("(?=[A-Z])", "_", operation.name).lower() in modules


def test_a_media_object_has_types() -> None:
    seen: list[httpx.Request] = []
    answer = get_media.sync("1127838097061452801_1001", client=client(httpx.Response(200, json=IMAGE), seen))
    assert isinstance(answer, MediaEnvelope)
    media = answer.data
    assert media.user.username == "ada"
    assert media.caption is not None
    assert media.caption.text == "First #snow"
    assert media.images.thumbnail.width == 150
    assert seen[0].url == "https://instagram.test/v1/media/1127838097061452801_1001?access_token=T"


def test_a_page_says_where_the_next_one_is() -> None:
    seen: list[httpx.Request] = []
    answer = list_user_recent_media.sync("self", client=client(httpx.Response(200, json=PAGE), seen), count=1)
    assert isinstance(answer, MediaPageEnvelope)
    assert answer.pagination
    assert answer.pagination.next_max_id == "1127838097061452801_1001"
    assert dict(seen[0].url.params) == {"access_token": "T", "count": "1"}


def test_the_example_in_the_readme_works(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def respond(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        assert request.url == "https://instagram.example.com/v1/users/self?access_token=..."
        return httpx.Response(200, json=example("User/content/application~1json/example"), request=request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", respond)
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(code, {})
    assert capsys.readouterr().out == "ada\n"


def test_a_comment_travels_in_a_form_and_a_refusal_comes_back() -> None:
    seen: list[httpx.Request] = []
    answer = create_comment.sync(
        "1_2", client=client(httpx.Response(400, json=REFUSAL), seen), body=CommentForm(text="so long & more")
    )
    assert isinstance(answer, MetaError)
    assert answer.meta.error_type == "APICommentTooLongError"
    assert seen[0].content == b"text=so+long+%26+more"
    assert seen[0].headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_client_the_toolkit_and_the_spec(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        spec = archive.read("wirecheck/bundled/openapi.yaml")
        served = archive.read("instagram_server/spec/openapi.yaml")
        [metadata] = [archive.read(name).decode() for name in names if name.endswith("/METADATA")]
    assert {"instagram_client/client.py", "instagram_client/py.typed", "wirecheck/cli.py"} <= names
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {
        "instagram_client",
        "instagram_server",
        "wirecheck",
    }
    assert spec == served == (ROOT / "spec" / "openapi.yaml").read_bytes()
    needed = re.findall(r"^Requires-Dist: ([a-z]+)[^;\n]*$", metadata, re.MULTILINE)
    assert sorted(needed) == ["attrs", "httpx"]


def test_the_client_alone_imports_nothing_of_the_toolkit(wheel: Path) -> None:
    code = (
        "import sys\n"
        f"sys.path.insert(0, {str(wheel)!r})\n"
        "import instagram_client.api.media.get_media as module, instagram_client.models\n"
        "assert '.whl' in module.__file__, module.__file__\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'wirecheck', 'instagram_server', 'msgspec', 'starlette'}, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
