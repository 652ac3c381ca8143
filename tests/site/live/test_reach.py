"""Code in a cell reaches the book and Pyodide, and nothing else."""

import socket
import threading

import pytest

ATTEMPTS = {
    "fetch": "js.fetch('http://{host}/')",
    "XMLHttpRequest": "x = js.XMLHttpRequest.new(); x.open('GET', 'http://{host}/', False); x.send()",
    "WebSocket": "js.WebSocket.new('ws://{host}/')",
    "EventSource": "js.EventSource.new('http://{host}/')",
    "WebTransport": "js.WebTransport.new('https://{host}/')",
    "import": "js.Function.new(\"import('http://{host}/module.mjs')\")()",
    "importScripts": "js.importScripts('http://{host}/script.js')",
    "Worker": "js.Worker.new('http://{host}/worker.js')",
    "sendBeacon": "js.navigator.sendBeacon('http://{host}/')",
    "urllib": "import urllib.request; urllib.request.urlopen('http://{host}/')",
    "socket": "import socket; socket.create_connection(({address!r}, {port}), timeout=1)",
    "pyodide.http.open_url": "from pyodide.http import open_url; open_url('http://{host}/')",
    "pyodide.http.pyfetch": "from pyodide.http import pyfetch; import asyncio; asyncio.ensure_future(pyfetch('http://{host}/'))",
    "a worker's worker": "js.Worker.new(js.URL.createObjectURL(js.Blob.new(to_js([\"fetch('http://{host}/')\"]))))",
}


@pytest.fixture
def listener():
    """A server on another port that counts connections: (host, port, count)."""
    listening = socket.create_server(("127.0.0.1", 0))
    heard = []

    def listen():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            heard.append(connection.recv(100))
            connection.close()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield *listening.getsockname(), heard
    listening.close()


def test_code_in_a_cell_reaches_no_other_host(page, cell, listener):
    address, port, heard = listener
    host = f"{address}:{port}"
    for name, attempt in ATTEMPTS.items():
        code = attempt.format(host=host, address=address, port=port)
        page.write(cell, f"import js\nfrom pyodide.ffi import to_js\nprint('tried')\n{code}")
        assert "tried" in page.run(cell).inner_text(), name
    page.tab.evaluate(f"fetch('http://{host}/').catch(() => null)")
    page.tab.wait_for_timeout(500)
    assert heard == []
    socket.create_connection((address, port)).close()  # and it does listen
    page.tab.wait_for_timeout(200)
    assert len(heard) == 1
    page.complaints.clear()  # the browser tells of each that it refused
    page.outside.clear()  # and counts those that it refused
