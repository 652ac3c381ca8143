"""For teachers: `python -m nnlib.exercises grade a.ipynb b.ipynb > marks.csv`."""

import argparse
import csv
import glob
import sys
from pathlib import Path

from .grade import FIELDS, SECONDS, grade


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status: 1 if a notebook could not be graded to its end."""
    parser = argparse.ArgumentParser(prog="python -m nnlib.exercises", description=__doc__.splitlines()[0])
    verb = parser.add_subparsers(dest="verb", required=True).add_parser(
        "grade",
        help="run students' notebooks and write a table of their exercises",
        description="Runs the code cells of each notebook in a process of its own and writes one row for each exercise "
        "of its chapters, as CSV. It runs students' code with your rights: do that where you may, such as in a "
        "container or under an account of its own.",
    )
    verb.add_argument("notebooks", nargs="+", help="notebooks, or patterns such as 'handed-in/*.ipynb'")
    verb.add_argument("--seconds", type=float, default=SECONDS, help="for each notebook (default: %(default)g)")
    options = parser.parse_args(arguments)
    if options.seconds <= 0:
        parser.error(f"--seconds must be positive, got {options.seconds:g}")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(FIELDS)
    status = 0
    for path in _expand(options.notebooks):
        report = grade(path, options.seconds)
        table.writerows(report.rows)
        sys.stdout.flush()
        print(report.summary, file=sys.stderr, flush=True)
        status |= not report.complete
    return status


def _expand(names: list[str]) -> list[Path]:
    """The notebooks, with patterns filled in for shells that do not."""
    found = [match for name in names for match in (sorted(glob.glob(name)) if glob.has_magic(name) else [name])]
    return [Path(name) for name in dict.fromkeys(found or names)]


if __name__ == "__main__":
    sys.exit(main())
