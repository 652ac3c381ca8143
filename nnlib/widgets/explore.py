"""Sliders over a drawing function."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..plot import Picture, show


@dataclass(frozen=True)
class Slider:
    """What one slider can be set to. If all four numbers are integers, its values are integers too.

    Attributes:
        min: the least value.
        max: the greatest.
        start: where it stands at first; the still picture shows this.
        step: the distance from one value to the next.
        label: what stands beside it; without one, the argument's name.

    Raises:
        ValueError: start is not between min and max, or step is not positive.

    Example:
        >>> Slider(0.01, 1.0, start=0.1, step=0.01, label="learning rate").start
        0.1
    """

    min: float
    max: float
    start: float
    step: float
    label: str = ""

    def __post_init__(self) -> None:
        if not self.min <= self.start <= self.max or self.min == self.max:
            raise ValueError(
                f"Slider needs min <= start <= max and min < max, got {self.min}, {self.start}, {self.max}"
            )
        if self.step <= 0:
            raise ValueError(f"Slider: step must be positive, got {self.step}")

    @property
    def whole(self) -> bool:
        """Whether its values are integers."""
        return all(isinstance(n, int) for n in (self.min, self.max, self.start, self.step))


class Explorer:
    """A drawing with its sliders; make it with `explore`. As the last line of a cell it displays itself.

    Attributes:
        settings: argument name -> its Slider, as it was given.
        sliders: argument name -> the ipywidgets slider; empty where ipywidgets is not installed.
        still: what `draw` made of the start values, a Picture or text; shown wherever no kernel runs.
        widget: the ipywidgets box that holds everything, or None.
    """

    def __init__(self, draw: Callable[..., Any], alt: str, sliders: dict[str, Slider]) -> None:
        self._draw, self._alt, self.settings = draw, alt, sliders
        self.still = self._render({name: slider.start for name, slider in sliders.items()})
        self.sliders: dict[str, Any] = {}
        self.widget = None
        try:
            import ipywidgets
        except ModuleNotFoundError:
            return  # the still picture is shown all the same
        for name, slider in sliders.items():
            label = slider.label or name
            self.sliders[name] = (ipywidgets.IntSlider if slider.whole else ipywidgets.FloatSlider)(
                value=slider.start,
                min=slider.min,
                max=slider.max,
                step=slider.step,
                description=label,
                tooltip=label,
                readout_format="d" if slider.whole else ".3g",
                continuous_update=False,  # one drawing for each move, not for each pixel of it
                style={"description_width": "initial"},
                layout=ipywidgets.Layout(width="min(28rem, 95%)"),
            )
        self._image = ipywidgets.Image(format="png", layout=ipywidgets.Layout(max_width="100%"))
        self._text = ipywidgets.HTML()
        self.widget = ipywidgets.VBox([*self.sliders.values(), self._image, self._text])
        self._fill(self.still)
        for control in self.sliders.values():
            control.observe(self._redraw, names="value")

    def __repr__(self) -> str:
        return repr(self.still) if isinstance(self.still, Picture) else self.still

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        if isinstance(self.still, Picture):
            data, metadata = self.still._repr_mimebundle_()
        else:
            data, metadata = {"text/plain": self.still}, {}
        if self.widget is not None:
            view = "application/vnd.jupyter.widget-view+json"
            data = data | {view: self.widget._repr_mimebundle_()[view]}
        return data, metadata

    def _render(self, values: dict[str, Any]) -> Picture | str:
        drawn = self._draw(**values)
        return drawn if isinstance(drawn, Picture | str) else show(drawn, self._alt.format(**values))

    def at(self, **values: float) -> Picture | str:
        """What is to be seen when the sliders stand so: also an error's words, which a callback would lose.

        The book's site calls this, with sliders of its own in the page.
        """
        try:
            return self._render(self._typed(values))
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    def draw(self, **values: float) -> Any:
        """What the drawing function gives when the sliders stand so, before it becomes a picture."""
        return self._draw(**self._typed(values))

    def _typed(self, values: dict[str, float]) -> dict[str, float]:
        return {name: (int if self.settings[name].whole else float)(value) for name, value in values.items()}

    def _redraw(self, change: Any = None) -> None:
        self._fill(self.at(**{name: control.value for name, control in self.sliders.items()}))

    def _fill(self, drawn: Picture | str) -> None:
        picture = isinstance(drawn, Picture)
        self._image.layout.display = None if picture else "none"
        self._text.value = "" if picture else f'<pre role="status">{html.escape(drawn)}</pre>'
        if picture:
            self._image.value, self._image.width = drawn.png, str(drawn.width)
            self._image.tooltip = drawn.alt  # becomes the picture's title, its accessible name


def explore(draw: Callable[..., Any], *, alt: str, **sliders: Slider) -> Explorer:
    """Show what `draw` makes of the sliders' values, and draw again when one is moved.

    In Jupyter and Colab the sliders are live. A still picture of the start values is stored beside them, for
    GitHub, for the static page, and for anyone without ipywidgets.

    Args:
        draw: called with each slider's value by name; returns a figure, a `Picture`, or text. It should be quick
            (a tenth of a second) and draw the same for the same values.
        alt: what is to be seen, as for `nnlib.plot.show`; `{name}` stands for that slider's value.
        sliders: one Slider for each argument of draw.

    Raises:
        TypeError: there is no slider, or something else was given for one.
        Exception: whatever draw raises for the start values. Later errors are shown in place of the picture.

    Example:
        >>> explore(lambda n: "#" * n, alt="{n} marks", n=Slider(1, 9, start=3, step=1))
        ###
    """
    for name, slider in sliders.items():
        if not isinstance(slider, Slider):
            raise TypeError(
                f"explore: {name} must be a Slider, such as {name}=Slider(0, 1, start=0.5, step=0.1), got {slider!r}"
            )
    if not sliders:
        raise TypeError("explore needs at least one slider, such as eta=Slider(0, 1, start=0.5, step=0.1)")
    return Explorer(draw, alt, sliders)
