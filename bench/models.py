"""The cost of models: python bench/models.py [ROUNDS]

Decodes a page of 20 media by the models of the Instagram client, and by those that openapi-python-client
writes of the same document by its own templates, in turns and in one process. The figure is the median of the
ratios of all rounds (target: at least 3). Each is checked to have read every value first.
"""

import contextlib
import importlib
import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData

from instagram_client import models
from instagram_client._runtime.models import decode

SPEC = Path(__file__).parents[1] / "spec" / "openapi.yaml"
ENVELOPE = "MediaPageEnvelope"
PAGES = 20  # in each round
PERSON = {
    "id": "1001",
    "username": "ada",
    "full_name": "Ada Bell",
    "profile_picture": "https://cdn.test/a.jpg",
}
TEXT = {"id": "5", "created_time": "1448668800", "text": "First #snow", "from": PERSON}


def media(number: int) -> dict[str, Any]:
    """An image with a caption, two comments, likes, a place and a person in it."""
    sizes = {"thumbnail": 150, "low_resolution": 320, "standard_resolution": 640}
    return {
        "id": f"{number}_1001",
        "type": "image",
        "user": PERSON,
        "created_time": "1448668800",
        "link": "https://www.instagram.com/p/-m4sYTgBwB/",
        "caption": TEXT,
        "tags": ["snow", "light"],
        "filter": "Clarendon",
        "attribution": None,
        "location": {"id": 301, "name": "Harbour", "latitude": 60.1, "longitude": 24.9},
        "users_in_photo": [{"user": PERSON, "position": {"x": 0.5, "y": 0.25}}],
        "user_has_liked": False,
        "likes": {"count": 2, "data": [PERSON, PERSON]},
        "comments": {"count": 2, "data": [TEXT, TEXT]},
        "images": {
            name: {"url": "https://cdn.test/1.jpg", "width": n, "height": n} for name, n in sizes.items()
        },
    }


PAGE = {
    "meta": {"code": 200},
    "data": [media(number) for number in range(20)],
    "pagination": {"next_max_id": "19_1001", "next_url": "https://api.test/v1/x?max_id=19_1001"},
}


@contextlib.contextmanager
def stock_models() -> Iterator[Any]:
    """The models of openapi-python-client by its own templates, as a module."""
    document = yaml.safe_load(SPEC.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        settings = ConfigFile(literal_enums=True, post_hooks=[])
        output = Path(folder, "stock")
        config = Config.from_sources(
            settings, MetaType.NONE, SPEC, "utf-8", overwrite=False, output_path=output
        )
        data = GeneratorData.from_dict(document, config=config)
        if not isinstance(data, GeneratorData):
            sys.exit(f"openapi-python-client: {data.detail}")
        with contextlib.redirect_stdout(io.StringIO()):
            Project(openapi=data, config=config).build()
        (output / "__init__.py").write_text("")  # that of the package imports the client, and httpx
        sys.path.insert(0, folder)
        yield importlib.import_module("stock.models")
        sys.path.remove(folder)


def seconds(decoded: Callable[[Any], Any]) -> float:
    """For one page that was just read from its text, as in a client."""
    text, total = json.dumps(PAGE), 0.0
    for _ in range(PAGES):
        page = json.loads(text)
        begin = time.perf_counter()
        decoded(page)
        total += time.perf_counter() - begin
    return total / PAGES


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 51
    with stock_models() as stock:
        by_stock = getattr(stock, ENVELOPE).from_dict

        def ours(page: Any) -> Any:
            return decode(ENVELOPE, page)

        assert isinstance(ours(PAGE), getattr(models, ENVELOPE))
        assert ours(PAGE).to_dict() == by_stock(json.loads(json.dumps(PAGE))).to_dict() == PAGE
        times = [(seconds(by_stock), seconds(ours)) for _ in range(rounds)]
    ratio = statistics.median(theirs / own for theirs, own in times)
    theirs, own = (statistics.median(each) for each in zip(*times, strict=True))
    sys.stdout.write(
        f"a page of 20 media: {own * 1e6:.0f} µs, by the models of openapi-python-client: "
        f"{theirs * 1e6:.0f} µs; ratio {ratio:.1f} (target: at least 3)\n"
    )


if __name__ == "__main__":
    main()
