# Thin names for the commands. README.md gives the same commands for those without make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH := build/benchmarks
JOBS ?= 2

.PHONY: help book test check lint chapter back data serve bench address clean

help:
	@echo "make book                     build the site into _build/html"
	@echo "make book WITHHOLD=1          the same for a class: without hints and solutions"
	@echo "make test                     build the book and run every test, in JOBS=2 processes"
	@echo "make check                    the fast tests only: no browser, no notebooks"
	@echo "make lint                     ruff"
	@echo "make chapter NAME=slug        text -> executed notebook, for one chapter"
	@echo "make back NAME=slug           notebook edited in Jupyter -> its text"
	@echo "make data                     fetch and verify the data of the chapters and the tests"
	@echo "make serve                    show the built site on http://localhost:8000"
	@echo "make bench                    time nnlib against PyTorch and JAX, and write the page of results"
	@echo "make address URL=https://...  move the book to another GitHub repository"
	@echo "make clean                    delete what was built"

# Set up once, and again when the requirements change.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = "%d.%d" % sys.version_info[:2]; sys.exit(sys.version_info < (3, 11) and \
	"The book needs Python 3.11 or newer, and $(PYTHON) is " + v + ". Name another one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -r requirements.txt
	@touch $@

# What a full build left behind would give the hints away, so a build without them begins in an empty folder.
book: export NNLIB_WITHHOLD = $(WITHHOLD)
book: $(READY)
	$(BIN)/python -m tools.notebooks fresh
	$(if $(WITHHOLD),rm -rf _build/html)
	$(BIN)/jupyter-book build -W -n --keep-going --all .
	@echo "The book is at $(CURDIR)/_build/html/index.html"

test: book data
	$(BIN)/python -m website.vendor
	$(BIN)/python -m website.runtime
	$(BIN)/python -m pytest -n $(JOBS) --no-loadscope-reorder

check: data
	$(BIN)/python -m pytest -m "not notebooks and not site and not processes"

lint: $(READY)
	$(BIN)/ruff check .

chapter: $(READY)
	@test -n "$(NAME)" || { echo "Which chapter? make chapter NAME=backpropagation"; exit 2; }
	$(BIN)/python -m tools.notebooks run $(NAME)

back: $(READY)
	@test -n "$(NAME)" || { echo "Which chapter? make back NAME=backpropagation"; exit 2; }
	$(BIN)/python -m tools.notebooks back $(NAME)

data: $(READY)
	$(BIN)/python -m tools.data

serve: $(READY)
	$(BIN)/python -m tools.serve

# JAX is needed here alone, so the benchmarks have an environment of their own.
$(BENCH)/.ready: benchmarks/requirements.txt
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install -r benchmarks/requirements.txt
	@touch $@

bench: $(BENCH)/.ready
	$(BENCH)/bin/python -m benchmarks run

address: $(READY)
	@test -n "$(URL)" || { echo "Which address? make address URL=https://github.com/OWNER/REPOSITORY"; exit 2; }
	$(BIN)/python -m tools.address $(URL)

clean:
	rm -rf _build build .pytest_cache .ruff_cache .hypothesis
