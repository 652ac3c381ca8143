"""The repository's address: read from its one place, and changed in every place that repeats it.

    python -m tools.address                                  print the address
    python -m tools.address https://github.com/OWNER/NAME    move the book there

`_config.yml` says where the repository is. The chapters' setup cells, CITATION.cff, the README and pyproject.toml
need the same address as plain text; a test holds them equal.
"""

import argparse
import re
import sys
from pathlib import Path

from tools import notebooks
from tools.project import ROOT, find_chapters, read_address, write

# The files that may name the repository.
PLACES = ["_config.yml", "pyproject.toml", "CITATION.cff", "*.md", ".github/**/*", "chapters/**/*", "website/**/*"]


def split(address: str) -> tuple[str, str]:
    """Owner and name of the repository at `address`.

    Raises:
        ValueError: the address is not https://github.com/OWNER/NAME.
    """
    match = re.fullmatch(r"https://github\.com/([A-Za-z0-9-]+)/([A-Za-z0-9._-]*[A-Za-z0-9_-])", address)
    if not match or address.endswith(".git"):
        raise ValueError(
            f"{address!r} is not the address of a GitHub repository. Write https://github.com/OWNER/NAME "
            "(GitHub, because Colab opens notebooks from there only)."
        )
    return match[1], match[2]


def pages(owner: str, name: str) -> str:
    """Where GitHub Pages publishes that repository, without https://."""
    host = f"{owner.lower()}.github.io"
    return host if name.lower() == host else f"{host}/{name}"


def rename(text: str, old: str, new: str) -> str:
    """`text` with the repository `old` called `new`: on GitHub, on Colab and on GitHub Pages."""
    before, after = split(old), split(new)
    here = rf"(github(?:\.com)?/){re.escape('/'.join(before))}(?![\w-])"
    text = re.sub(here, rf"\g<1>{'/'.join(after)}", text)
    return re.sub(rf"{re.escape(pages(*before))}(?![\w-])", pages(*after), text)


def move(new: str, root: Path = ROOT) -> list[Path]:
    """Write the address `new` wherever the present one stands; return the files that changed.

    Raises:
        ValueError: a bad address, or a notebook that is not made from its text. Nothing was written.
    """
    old = read_address(root)
    chapters = [chapter for chapter in find_chapters(root).values() if chapter.notebook.exists()]
    for chapter in chapters:
        if (now := notebooks.state(chapter)) is not notebooks.State.FRESH:
            raise ValueError(f"{now.tell(chapter)}\nThen change the address.")
    changed = {}
    for path in {path for place in PLACES for path in root.glob(place) if path.is_file()}:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a picture
            continue
        if (renamed := rename(text, old, new)) != text:
            changed[path] = renamed
    # _config.yml comes last: until it says the new address, the same command can be given again.
    paths = sorted(changed, key=lambda path: (path.name == "_config.yml", path))
    for path in paths:
        write(path, changed[path])
    for chapter in chapters:
        notebooks.restamp(chapter)
    return paths


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.address", description=__doc__.splitlines()[0])
    parser.add_argument("url", nargs="?", help="https://github.com/OWNER/NAME; without it, print the address")
    url = parser.parse_args(arguments).url
    if url is None:
        print(read_address(root))
        return 0
    try:
        changed = move(url.removesuffix("/").removesuffix(".git"), root)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for path in changed:
        print(path.relative_to(root).as_posix())
    print(f"{len(changed)} files changed: the book is at {read_address(root)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
