"""Tests that share a fixture run in one process."""

from types import SimpleNamespace

import pytest

from tests.scheduler import ByFile


@pytest.mark.parametrize(
    "nodeid, scope",
    [
        ("tests/unit/test_a.py::test_b[x::y]", "tests/unit/test_a.py"),
        ("tests/live/test_a.py::test_b", "tests/live"),
        ("tests/live/test_c.py::test_d", "tests/live"),
    ],
)
def test_a_file_or_the_live_chapters_stay_together(nodeid, scope):
    assert ByFile._split_scope(None, nodeid) == scope


def test_it_is_what_several_processes_use(pytestconfig):
    plugin = next(p for p in pytestconfig.pluginmanager.get_plugins() if hasattr(p, "pytest_xdist_make_scheduler"))
    config = SimpleNamespace(getvalue=lambda name: ["popen"], option=SimpleNamespace(tx=["popen"]))
    assert isinstance(plugin.pytest_xdist_make_scheduler(config, log=None), ByFile)
