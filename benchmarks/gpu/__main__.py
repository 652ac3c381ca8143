"""The command: python -m benchmarks.gpu, with --help."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch

from benchmarks.gpu import crossover, language, pictures, rounds, writing
from nnlib.torch.train import choose_device

RESULTS = Path(__file__).parent.parent / "results" / "gpu.json"
PARTS = ("language", "writing", "pictures", "crossover")


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu", description="Times the PyTorch half on a GPU.")
    parser.add_argument(
        "--small", action="store_true", help="tiny networks, also without a GPU: a test, no measurement"
    )
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--rounds", type=int, default=10, help="turns of each contender")
    parser.add_argument("--out", type=Path, help="where to write the results; by default benchmarks/results/gpu.json")
    given = parser.parse_args(arguments)
    device = choose_device("cpu" if given.small else None)
    if not given.small and device.type != "cuda":
        print("There is no CUDA GPU here: --small runs the same programs on the CPU, as a test.", file=sys.stderr)
        return 2
    out = given.out or (None if given.small else RESULTS)
    command = "python -m benchmarks.gpu " + " ".join(sys.argv[1:] if arguments is None else arguments)
    made_by = {"command": command.strip(), "small": given.small, "machine": rounds.machine()}
    # Parts that were measured before stay, so each has its own machine and date.
    results = json.loads(out.read_text(encoding="utf-8")) if out is not None and out.exists() else {}
    size = language.SMALL if given.small else language.Size()
    for part in given.parts:
        if part in ("language", "writing"):
            measured = {"language": language, "writing": writing}[part].measure(size, device, given.rounds)
        else:
            measured = {"pictures": pictures, "crossover": crossover}[part].measure(given.small, device, given.rounds)
        results[part] = made_by | measured
        if out is not None:  # after each part: a long run may be cut off
            out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
    print(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
