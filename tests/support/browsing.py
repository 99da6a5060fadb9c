"""Pages in headless Chromium, driven over the Chrome DevTools Protocol."""

import base64
import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support.chromium import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
_KEYS = {"Enter": (13, "\r"), "Escape": (27, ""), "Tab": (9, ""), "ArrowDown": (40, "")}


class Page:
    """A page of a browser."""

    def __init__(self, browser: Browser, session: str) -> None:
        self.browser = browser
        self._session = session

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.browser.send(method, self._session, **parameters)

    def open(self, path: Path, fragment: str = "") -> None:
        """Opens a file, and returns once it is loaded."""
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=path.as_uri() + fragment)
        deadline = time.monotonic() + 30
        while self.value("location.protocol + document.readyState") != "file:complete":
            if time.monotonic() > deadline:
                raise TimeoutError(path)

    def value(self, expression: str) -> Any:
        """The value of an expression of JavaScript, or of what it promises."""
        parameters = {"returnByValue": True, "awaitPromise": True}
        result = self.send("Runtime.evaluate", expression=expression, **parameters)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"])
        return result["result"].get("value")

    def press(self, key: str) -> None:
        code, text = _KEYS.get(key, (ord(key[0].upper()), key))
        event: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code}
        self.send("Input.dispatchKeyEvent", type="keyDown", **event, **({"text": text} if text else {}))
        self.send("Input.dispatchKeyEvent", type="keyUp", **event)

    def resize(self, width: int, height: int) -> None:
        is_phone = width < 600
        metrics = {"deviceScaleFactor": 1, "mobile": is_phone}
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, **metrics)

    def prefer(self, scheme: str, media: str = "screen") -> None:
        """Lets the user prefer ``light`` or ``dark``."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", media=media, features=features)

    def screenshot(self, path: Path, *, is_whole: bool = False) -> None:
        picture = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=is_whole)
        path.write_bytes(base64.b64decode(picture["data"]))

    def errors(self) -> list[Any]:
        """What the pages logged, what their policies blocked, and what their scripts threw."""
        events = ("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
        return [event["params"] for event in self.browser.events if event.get("method") in events]


@contextlib.contextmanager
def page() -> Iterator[Page]:
    """A page of a browser that ends with the context. Needs CHROMIUM."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(CHROMIUM or "chromium", profile)
        try:
            target = browser.send("Target.createTarget", url="about:blank")
            attached = browser.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
            opened = Page(browser, attached["sessionId"])
            for domain in ("Page", "Runtime", "Log"):
                opened.send(f"{domain}.enable")
            yield opened
        finally:
            browser.close()
