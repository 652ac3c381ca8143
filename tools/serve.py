"""Show the built site on this machine: python -m tools.serve [PORT].

Python's own server may not know the types of JavaScript modules and WebAssembly (it asks the operating system), and
browsers run neither under another type.
"""

import argparse
import functools
import sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.project import ROOT

SITE = ROOT / "_build" / "html"


class Handler(SimpleHTTPRequestHandler):
    """Serves files with the types that browsers insist on."""

    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".css": "text/css",
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
    }

    def end_headers(self) -> None:
        """Let the browser ask again each time, so that a rebuilt page is seen."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


def server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server for this folder on localhost; port 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Handler, directory=str(folder)))


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.serve", description=__doc__.splitlines()[0])
    parser.add_argument("port", nargs="?", type=int, default=8000)
    port = parser.parse_args(arguments).port
    if not (SITE / "index.html").exists():
        print("There is no site yet. Build it: make book", file=sys.stderr)
        return 1
    try:
        with server(SITE, port) as running:
            print(f"The book is at http://localhost:{port}/ (Ctrl-C ends)", flush=True)
            running.serve_forever()
    except OSError as error:
        print(f"Port {port}: {error.strerror}. Name another: python -m tools.serve {port + 1}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
