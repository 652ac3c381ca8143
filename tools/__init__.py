"""The book's own commands: `python -m tools.notebooks`, `.data`, `.address`, `.serve`."""
