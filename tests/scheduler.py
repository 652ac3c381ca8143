"""How pytest-xdist shares the tests out: a file's tests run in one process, and so do all of tests/live.

A file's tests share what its fixtures made; those of tests/live share the chapters that ran in Node.
"""

from xdist.scheduler import LoadScopeScheduling


class ByFile(LoadScopeScheduling):
    def _split_scope(self, nodeid):
        file = nodeid.split("::", 1)[0]
        return "tests/live" if file.startswith("tests/live/") else file
