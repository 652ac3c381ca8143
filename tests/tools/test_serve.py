"""The local server gives each file the type that browsers insist on."""

import threading
import urllib.request

import pytest

from tools import serve


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html"),
        ("module.mjs", "text/javascript"),
        ("script.js", "text/javascript"),
        ("python.wasm", "application/wasm"),
        ("data.json", "application/json"),
        ("font.woff2", "font/woff2"),
        ("picture.svg", "image/svg+xml"),
    ],
)
def test_types(tmp_path, capsys, name, kind):
    (tmp_path / name).write_text("x", encoding="utf-8")
    with serve.server(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/{name}") as answer:
            assert answer.headers.get_content_type() == kind
            assert answer.headers["Cache-Control"] == "no-cache"
        server.shutdown()


def test_without_a_site_the_command_to_build_it_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(serve, "SITE", tmp_path)
    assert serve.main([]) == 1
    assert "make book" in capsys.readouterr().err


def test_a_port_in_use_is_told(tmp_path, monkeypatch, capsys):
    (tmp_path / "index.html").write_text("x", encoding="utf-8")
    monkeypatch.setattr(serve, "SITE", tmp_path)
    with serve.server(tmp_path, 0) as server:
        port = server.server_port
        assert serve.main([str(port)]) == 1
    assert f"Name another: python -m tools.serve {port + 1}" in capsys.readouterr().err
