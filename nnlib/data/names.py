"""Family names in fourteen languages: to guess the language, or to invent names in it, letter by letter."""

from __future__ import annotations

import ast
import unicodedata

import numpy as np

from .bundle import bundled
from .dataset import Dataset
from .packages import file_in

# Where faker lists them: the folder of a country, and the list in it. For languages in which women's names differ in
# their ending, the men's.
LISTS = {
    "Croatian": (("hr_HR", "last_names"),),
    "Dutch": (("nl_NL", "last_names"),),
    "English": (("en_GB", "last_names"),),
    "Estonian": (("et_EE", "last_names_est"),),
    "Finnish": (("fi_FI", "last_names"),),
    "French": (("fr_FR", "last_names"), ("fr_BE", "last_names")),
    "German": (("de_DE", "last_names"), ("de_AT", "last_names")),
    "Irish": (("ga_IE", "last_names"),),
    "Italian": (("it_IT", "last_names"),),
    "Polish": (("pl_PL", "unisex_last_names"),),
    "Slovak": (("sk_SK", "last_names_male"),),
    "Spanish": (("es_ES", "last_names"),),
    "Swedish": (("sv_SE", "last_names"),),
    "Zulu": (("zu_ZA", "last_names_male"),),
}

LONGEST = 20  # characters; a longer name would make every batch wider


@bundled
def load_names() -> Dataset:
    """15,749 family names in 14 languages, each name once in a language.

    The lists come from different places and have different lengths, from 380 Estonian names to 3690 Polish ones: who
    always says Polish is right in 23 % of cases. Each is the list of a country, in which people have names from
    anywhere; a few Dutch ones are no family names at all (The Elder). 309 names stand in several languages, Martin in
    seven, so that no network can be right about all.

    Names that are equal but for accents and capitals are one group, so that `split` never puts a name into two parts,
    whatever its languages. For a character model take the names of one language, here Italian:
    names[names.y == names.class_names.index("Italian")].

    Shape: x (15749,) str of at most 20 characters; y (15749,) int64.

    Raises:
        ModuleNotFoundError: faker is not installed.

    Example:
        >>> names = load_names()
        >>> names
        names: 15749 examples of text, 14 classes (faker)
        >>> names.x[:3].tolist(), names.class_names[names.y[0]]
        (['Abičić', 'Abramović', 'Adžijević'], 'Croatian')

    Source: D. Faraglia and others, faker 40 (MIT licence), https://github.com/joke2k/faker.
    """
    x, y = [], []
    for language, lists in enumerate(LISTS.values()):
        names = {name: None for country, variable in lists for name in _list(country, variable)}  # in order, once
        x += names
        y += [language] * len(names)
    return Dataset(
        x=np.array(x),
        y=np.array(y),
        class_names=tuple(LISTS),
        name="names",
        source="faker",
        groups=np.unique([_bare(name) for name in x], return_inverse=True)[1],
    )


def _list(country: str, variable: str) -> list[str]:
    """The names that faker assigns to a variable; the file is read as text, and none of its code runs."""
    code = file_in("faker", f"providers/person/{country}/__init__.py", "load_names").read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(code)):
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        if any(isinstance(target, ast.Name) and target.id == variable for target in targets):
            value = node.value
            if isinstance(value, ast.Call):  # OrderedDict(((name, how common), ...)) or OrderedDict({name: how common})
                value = value.args[0]
            listed = ast.literal_eval(value)
            names = [item[0] if isinstance(item, tuple) else item for item in listed]
            return [name for name in names if len(name) <= LONGEST and "," not in name]  # "Bourgondië, van"
    raise ValueError(f"load_names() reads {variable} of faker's {country}, and the version installed here has none")


def _bare(name: str) -> str:
    """The name without accents and capitals."""
    return "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
