"""The exercises, one module for each chapter: its name is the chapter's slug with `_` for `-`, NumPy only."""
