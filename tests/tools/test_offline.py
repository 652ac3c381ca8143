"""The network is refused in tests and in the processes that they start, and this machine is not."""

import http.server
import json
import subprocess
import sys
import threading
import urllib.request

import nbformat
import pytest
from nbclient import NotebookClient

from tools.kernel import kernel_environment

ATTEMPTS = {
    "name": "import socket; socket.create_connection(('example.org', 443), timeout=5)",
    "address": "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)",
    "connect_ex": "import socket; socket.socket().connect_ex(('192.0.2.1', 80))",
    "datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))",
    "IPv6": "import socket; socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))",
    "urllib": "import urllib.request; urllib.request.urlopen('http://example.org')",
    "pooch": "import pooch; pooch.retrieve('https://example.org/x', None, path='.')",
    "lookup": "import socket; socket.gethostbyname('example.org')",
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_refused_in_a_test(attempt):
    with pytest.raises(RuntimeError, match=r"a connection to .*(\.org|192\.0\.2\.1|2001:db8::1).* was refused"):
        exec(attempt, {})


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_refused_in_a_child_process(attempt, tmp_path):
    done = subprocess.run([sys.executable, "-c", attempt], cwd=tmp_path, capture_output=True, text=True)
    assert "OutsideNetworkRefused: a connection to" in done.stderr


def test_refused_in_a_kernel(tmp_path):
    cell = nbformat.v4.new_code_cell(ATTEMPTS["name"], metadata={"tags": ["raises-exception"]})
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, kernel_name="python3", extra_arguments=["--log-level=ERROR"]).execute(
        env=kernel_environment()
    )
    (output,) = notebook.cells[0].outputs
    assert output.ename == "OutsideNetworkRefused"
    assert "'example.org'" in output.evalue


def test_this_machine_is_reached():
    class Hello(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps("hello").encode())

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for host in ("localhost", "127.0.0.1"):
            with urllib.request.urlopen(f"http://{host}:{server.server_port}/") as answer:
                assert json.load(answer) == "hello"
        server.shutdown()


def test_one_thread_in_a_child_process():
    code = "import numpy, threadpoolctl; print({pool['num_threads'] for pool in threadpoolctl.threadpool_info()})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("{1}", "set()")  # set(): a BLAS that threadpoolctl does not know
