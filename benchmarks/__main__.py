"""The command: python -m benchmarks, with --help."""

from __future__ import annotations

import argparse
import json
import os
import sys


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and do what it says."""
    from benchmarks import measure, page
    from benchmarks.contenders import TITLES
    from benchmarks.workloads import MAIN, make

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Times nnlib against PyTorch and JAX.")
    commands = parser.add_subparsers(dest="command", required=True)
    helps = {
        "check": "compare what all contenders compute, and time nothing",
        "together": "time all in one process, in turn",
        "alone": "time each in processes of its own",
        "memory": "peak memory of a process each",
        "import": "time to import each library",
        "start": "time from starting Python to the end of the first step",
        "growth": "time against batch and width",
        "run": "all of these; stores results/mlp.json and writes the book's page",
    }
    for name, text in helps.items():
        command = commands.add_parser(name, help=text)
        command.add_argument("--contenders", nargs="+", choices=TITLES, default=list(TITLES), metavar="NAME")
        command.add_argument("--workloads", nargs="+", default=list(MAIN), metavar="W")
        command.add_argument("--rounds", type=int, default=400, help="turns of each contender in one process")
        command.add_argument("--processes", type=int, default=5, help="fresh processes for each contender")
    commands.add_parser("page", help="write chapters/performance.md from the results")
    process = commands.add_parser("child", help="what the others start in a process of its own")
    for name in ("kind", "contender", "workload"):
        process.add_argument(name)
    given = parser.parse_args(arguments)

    if given.command == "page":
        page.write()
        return 0
    if given.command == "child":
        print(json.dumps(measure.child(given.kind, given.contender, given.workload)))
        return 0
    names, workloads = given.contenders, given.workloads
    if measure.BASE not in names:
        names = [*names, measure.BASE]
    if given.command == "check":
        result = {w: measure.check(names, make(w))[1] for w in workloads}
    elif given.command == "together":
        result = {w: measure.together(names, make(w), given.rounds) for w in workloads}
    elif given.command == "alone":
        result = {w: measure.alone(names, w, given.processes) for w in workloads}
    elif given.command == "memory":
        result = measure.memory(names)
    elif given.command == "import":
        result = measure.imports(names, given.processes)
    elif given.command == "start":
        result = measure.start(names, given.processes)
    elif given.command == "growth":
        result = measure.growth(names, given.rounds)
    else:
        result = measure.everything(names, given.rounds, given.processes)
        result["command"] = f"python -m benchmarks run --rounds {given.rounds} --processes {given.processes}"
        page.store(result)
        page.write()
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    from benchmarks.measure import ONE_THREAD  # loads NumPy: so the process starts anew once with the settings

    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        os.execve(sys.executable, [sys.executable, "-m", "benchmarks", *sys.argv[1:]], os.environ | ONE_THREAD)
    sys.exit(main())
