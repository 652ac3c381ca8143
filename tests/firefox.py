"""Firefox without Playwright, which drives only builds of its own: WebDriver BiDi, as much of it as the tests need."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import websocket

NAMES = ("firefox-esr", "firefox")
WAIT = 90  # seconds that a busy machine may take for anything
# What Firefox asks of the world by itself; and a proxy that is not there, for all else but this machine.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "captivedetect.canonicalURL": "",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "network.proxy.type": 1,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


def find() -> str | None:
    """Firefox's path; None if there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Firefox:
    """A Firefox with one tab, closed at the end of `with`.

    Attributes:
        asked: the addresses of all requests that pages made.
    """

    def __init__(self, path: str, profile: Path) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        profile.mkdir()
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [path, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.asked: list[str] = []
        self._number = 0
        self._socket = None
        try:
            told = profile / "WebDriverBiDiServer.json"
            _until(lambda: told.exists() and told.read_text().endswith("}"), "Firefox listens")
            port = json.loads(told.read_text())["ws_port"]
            self._socket = websocket.create_connection(
                f"ws://127.0.0.1:{port}/session", timeout=WAIT, suppress_origin=True
            )
            self.command("session.new", capabilities={})
            self.command("session.subscribe", events=["network.beforeRequestSent"])
            self.tab = self.command("browsingContext.getTree")["contexts"][0]["context"]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Firefox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the browser."""
        if self._socket is not None:
            self._socket.close()
        self.process.terminate()
        self.process.wait()

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Have a command carried out; returns its result."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("method") == "network.beforeRequestSent":
                self.asked.append(message["params"]["request"]["url"])
            if message.get("id") == self._number:
                if message["type"] == "error":
                    raise RuntimeError(f"Firefox, {method}: {message['message']}")
                return message["result"]

    def open(self, address: str) -> None:
        """Go to a page and wait until it is loaded."""
        self.command("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression in the page: a text, a number, a truth value or null."""
        target = {"context": self.tab}
        done = self.command("script.evaluate", expression=script, target=target, awaitPromise=True)
        if done["type"] == "exception":
            raise RuntimeError(f"{done['exceptionDetails']['text']} in {script[:200]}")
        return done["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until a JavaScript expression is true."""
        _until(lambda: self.run(script), script)


def _until(true: Callable[[], Any], said: str) -> None:
    end = time.monotonic() + WAIT
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"not after {WAIT} seconds: {said}")
        time.sleep(0.1)
