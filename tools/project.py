"""Where the project, its chapters and its repository are, and how a file is written."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


def read_address(root: Path = ROOT) -> str:
    """The repository's address, https://github.com/OWNER/NAME, from its one place: _config.yml."""
    return yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]


@dataclass(frozen=True)
class Chapter:
    """A chapter: the text that people write, and the notebook that is made from it."""

    text: Path

    @property
    def name(self) -> str:
        """Part and slug, such as foundations/backpropagation."""
        return f"{self.text.parent.name}/{self.text.stem}"

    @property
    def notebook(self) -> Path:
        """The notebook's path, beside the text."""
        return self.text.with_suffix(".ipynb")


def find_chapters(root: Path = ROOT) -> dict[str, Chapter]:
    """Every chapter by its slug: chapters/<part>/<slug>.md.

    Raises:
        ValueError: two chapters have the same slug.
    """
    found: dict[str, Chapter] = {}
    for text in sorted((root / "chapters").glob("*/*.md")):
        other = found.setdefault(text.stem, Chapter(text))
        if other.text != text:
            raise ValueError(f"two chapters are called {text.stem!r}: {other.text} and {text}. Rename one.")
    return found


def write(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: what was there stays until the new one is complete."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, path.stat().st_mode if path.exists() else 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
