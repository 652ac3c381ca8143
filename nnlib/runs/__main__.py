"""`python -m nnlib.runs NAME`: make a run's result again."""

from __future__ import annotations

import argparse
import importlib

from nnlib.runs.loop import store


def main() -> None:
    """Read the command line, train, and keep what came out."""
    text = "Train for minutes, and keep what came out."
    parser = argparse.ArgumentParser(prog="python -m nnlib.runs", description=text)
    parser.add_argument("name", choices=["phonemes", "shakespeare"])
    parser.add_argument("--scale", type=float, default=1.0, help="so many times the steps, such as 20 on a GPU")
    parser.add_argument("--device", default="cpu", help="such as cuda")
    parser.add_argument("--print", action="store_true", help="only print the result, do not keep it")
    options = parser.parse_args()
    run = importlib.import_module(f"nnlib.runs.{options.name}")
    found = run.run(device=options.device, scale=options.scale)
    store(options.name, found, device=options.device, scale=options.scale, keep=not options.print)


if __name__ == "__main__":
    main()
