"""A small book of its own, for the tools to work on."""

from types import SimpleNamespace

import pytest

from tools import notebooks
from tools.project import find_chapters, read_address

ADDRESS = "https://github.com/ada/analytical-engine"
CELLS = """
Some *words* and $x^2$.

```python
print("sum", 1 + 2)
```


A cell of its own.

```python tags=["raises-exception"]
1 / 0
```
"""


@pytest.fixture
def book(tmp_path):
    """A project with one chapter, `small`, whose notebook was not made yet."""
    (tmp_path / "_config.yml").write_text(f"repository:\n  url: {ADDRESS}\n", encoding="utf-8")
    (tmp_path / "nnlib").mkdir()
    (tmp_path / "nnlib" / "__init__.py").write_text('BOOK = "neural-networks-by-hand"\n', encoding="utf-8")
    notebooks.new("part/small", tmp_path)
    chapter = find_chapters(tmp_path)["small"]
    edit(chapter, "", CELLS)
    return SimpleNamespace(
        root=tmp_path,
        chapter=chapter,
        address=read_address(tmp_path),
        command=lambda *arguments: notebooks.main(list(arguments), tmp_path),
        edit=lambda old, new: edit(chapter, old, new),
    )


def edit(chapter, old, new):
    """Change the chapter's text; without `old`, add to its end."""
    text = chapter.text.read_text(encoding="utf-8")
    assert old in text
    chapter.text.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
