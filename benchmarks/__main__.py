"""The command: python -m benchmarks, with --help."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and do what it says."""
    from benchmarks import measure, page, processes, results
    from benchmarks.contenders import TITLES
    from benchmarks.workloads import MAIN, make

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Times nnlib against PyTorch and JAX.")
    commands = parser.add_subparsers(dest="command", required=True)
    helps = {
        "check": "compare what all contenders compute, and time nothing",
        "together": "time all in one process, in turn",
        "alone": "time each in processes of its own",
        "memory": "peak memory of a process each",
        "run": "all of these, growth and start too; stores results/*.json and writes the book's page",
    }
    for name, text in helps.items():
        command = commands.add_parser(name, help=text)
        command.add_argument("--contenders", nargs="+", choices=TITLES, default=list(TITLES), metavar="NAME")
        known = list(results.NAMES if name == "run" else MAIN)
        command.add_argument(
            "--workloads", nargs="+", default=known, metavar="W", help=f"by default {', '.join(known)}"
        )
        command.add_argument("--rounds", type=int, default=400, help="at most so many turns of each in one process")
        command.add_argument("--processes", type=int, default=3, help="fresh processes for each contender")
    commands.add_parser("page", help="write chapters/performance.md from the results")
    process = commands.add_parser("child", help="what the others start in a process of its own")
    for name in ("kind", "contender", "workload"):
        process.add_argument(name)
    given = parser.parse_args(arguments)

    if given.command == "page":
        page.write()
        return 0
    if given.command == "child":
        print(json.dumps(processes.child(given.kind, given.contender, given.workload)))
        return 0
    names, found = given.contenders, {}
    if measure.BASE not in names:
        names = [*names, measure.BASE]
    for w in given.workloads:
        if given.command == "check":
            found[w] = measure.check(names, make(w))[1]
        elif given.command == "together":
            found[w] = measure.together(names, make(w), given.rounds)
        elif given.command == "alone":
            found[w] = processes.alone(names, w, given.processes)
        elif given.command == "memory":
            found[w] = processes.memory(names, w)
        else:
            found[w] = results.measure(w, names, given.rounds, given.processes)
            found[w]["command"] = f"python -m benchmarks {shlex.join(arguments or sys.argv[1:])}"
            results.store(w, found[w])  # at once: a later one may fail
            page.write()
    print(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    from benchmarks.processes import ONE_THREAD  # loads NumPy: so the process starts anew once with the settings

    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks", *sys.argv[1:]], os.environ | ONE_THREAD)
    sys.exit(main())
