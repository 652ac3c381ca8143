"""Without a browser the site's tests say loudly that they did not run, and fail where CI is set."""

import os
import subprocess
import sys

import pytest

from tools.project import ROOT


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere browsers are found by their paths as well")
@pytest.mark.parametrize(
    ("ci", "told"),
    [
        ("", ["1 skipped", "SKIPPED", "THE SITE WAS NOT TESTED"]),
        ("true", ["1 error", "no Chromium, Chrome or Edge found"]),
    ],
)
def test_without_a_browser(tmp_path, ci, told):
    (tmp_path / "test_site.py").write_text("def test_site(chromium): pass\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    site\n", encoding="utf-8")
    environment = {**os.environ, "PATH": str(tmp_path), "CI": ci}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), environment["PYTHONPATH"]])
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-rs", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode != 0) == bool(ci)
    for words in told:
        assert words in done.stdout, done.stdout + done.stderr
