"""Interactive explorers for notebooks: a picture that follows its sliders, and stays a picture without them."""

from .explore import Explorer, Slider, explore

__all__ = ["Explorer", "Slider", "explore"]
