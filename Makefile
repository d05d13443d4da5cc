# The only entry point. `make help` lists the targets; `make book` and `make test` do everything on a fresh machine.
# The system's Python where it will do: one that pyenv compiled by default takes a third to a half longer for everything.
PYTHON ?= $(shell /usr/bin/python3 -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/python3 || echo python3)
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
HTML   := _build/html
PORT   ?= 8000
export PYDEVD_DISABLE_FILE_VALIDATION := 1
# Blank, so that Python keeps what it compiled: uv installs without, and every kernel and build then spends 3 s on it.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup notebooks book html pdf release binder lab check test prove reproduce serve bench weigh lock screenshot clean

# $(call need,test,packages,what for,macOS,Windows,true): install what is missing where that is possible, else say how
# and end; with a sixth word go on without it.
define need
	@( $(1) ) >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "==> installing $(2) ($(3))"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(2) >/dev/null || $(or $(6),exit 2); \
	  else \
	    echo "$(3) is missing. Debian: sudo apt-get install $(2) | macOS: $(4) | Windows: $(5)" >&2; $(or $(6),exit 2); \
	  fi; }
endef

# Where Debian has the three libraries they are asked for by name: WeasyPrint takes seconds to say the same.
PANGO := $(BIN)/python -Sc 'import ctypes; [ctypes.CDLL(n) for n in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")]'

define need_pango
$(call need,$(PANGO) || $(BIN)/python -c 'from sourcebook.pdf.setting import engine; engine()',libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0,Pango (it sets the type of the PDF),brew install pango,winget install MSYS2.MSYS2 then in its shell: pacman -S mingw-w64-ucrt-x86_64-pango)
endef

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## create the environment in .venv from the lock

$(READY): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11 or later" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed, this is $$($(PYTHON) -V); set PYTHON=" >&2; exit 2; }
	$(call need,$(PYTHON) -c 'import ensurepip',python3-venv,Python's venv module,brew install python,it comes with Python)
	@echo "==> creating $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@awk '/^uv==/{p=1} /^[^ ]/&&!/^uv==/{p=0} p' requirements.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@echo "==> installing $$(grep -c '^[a-z].*==' requirements.txt) locked packages"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.txt \
	  || $(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

notebooks: $(READY) ## execute every notebook in place, two at a time
	@echo "==> executing the notebooks"
	@$(BIN)/python -m sourcebook notebooks

html: $(READY) ## build the HTML from the committed outputs
	@echo "==> building the HTML"; mkdir -p _build
	@$(BIN)/jupyter-book build . -n -W --keep-going -q >_build/build.log 2>&1 || { cat _build/build.log; rm -f _build/build.log; exit 1; }
	@grep ' numerals: ' _build/build.log; rm -f _build/build.log

book: $(READY) ## environment, record, notebooks, HTML and PDF; prints where to open them
	@echo "==> checking the record"
	@$(BIN)/python -m sourcebook check
	@$(MAKE) --no-print-directory notebooks html
	@echo "The book is ready: open file://$(CURDIR)/$(HTML)/index.html"
	@$(MAKE) --no-print-directory pdf

pdf: $(READY) ## make the PDF of the built pages, building them first where they are missing
	$(need_pango)
	@test -e $(HTML)/index.html || $(MAKE) --no-print-directory html
	@echo "==> making the PDF"
	@$(BIN)/python -m sourcebook pdf
	@$(BIN)/python -m sourcebook.sphinx_ext.release --link $(HTML) _build/pdf/convergence-and-divergence.pdf

release: ## gather what a release has, from the built book: pages as one zip, PDF, data, and their checksums
	@test -f $(HTML)/index.html || { echo "there is no book to release: make book" >&2; exit 2; }
	@rm -rf _build/release && mkdir -p _build/release
	@$(BIN)/python -m sourcebook.sphinx_ext.release $(HTML) _build/release
	@cat _build/release/SHA256SUMS

binder: ## make the environment of Binder as it does, and run a notebook in it
	@rm -rf _build/binder && mkdir -p _build && $(PYTHON) -m venv _build/binder
	@PATH="$(CURDIR)/_build/binder/bin:$$PATH"; \
	  pip install --quiet --disable-pip-version-check --no-cache-dir -r binder/requirements.txt && ./binder/postBuild && \
	  cd notebooks && jupyter execute 01-diplomacy.ipynb --output ../_build/binder/executed.ipynb
	@echo "The notebooks run on Binder."

lab: $(READY) ## open JupyterLab on the notebooks, in an environment of its own
	@test -x .venv-lab/bin/jupyter-lab || { $(PYTHON) -m venv .venv-lab && $(BIN)/uv pip install --quiet --python .venv-lab/bin/python jupyterlab==4.6.6; }
	@$(BIN)/python -m ipykernel install --prefix .venv-lab --name python3 >/dev/null
	@.venv-lab/bin/jupyter-lab --notebook-dir=notebooks

check: $(READY) ## lint, types and the record, in seconds
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet . && echo "==> lint: in order"
	@$(BIN)/mypy
	@$(BIN)/python -m sourcebook check

test: $(READY) ## every test, installing what they need
	$(call need,command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome,chromium-headless-shell,A browser for the page tests,brew install --cask chromium,winget install Chromium,true)
	$(call need,$(BIN)/python -m playwright --version,libatomic1,libatomic (the driver of the browser is linked to it),it comes with macOS,it comes with Windows,true)
	$(call need,command -v pdftotext && command -v qpdf,poppler-utils qpdf,Poppler and qpdf (they check the PDF),brew install poppler qpdf,pacman -S mingw-w64-ucrt-x86_64-poppler mingw-w64-ucrt-x86_64-qpdf in the MSYS2 shell)
	$(need_pango)
	@$(MAKE) --no-print-directory check
	@echo "==> tests of the package, the pages and the book, and notebooks against their stored outputs"
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --nbval --nbval-current-env tests notebooks
	@echo "All tests passed."

prove: $(READY) ## plant errors everywhere, and ask for each the gate that must find it
	@echo "==> planting errors in copies of the book"
	@PYTHONPATH=tests $(BIN)/python -m prove

reproduce: $(READY) ## make everything twice, as on two machines, and compare every byte
	@echo "==> making the book in two folders"
	@$(BIN)/python tests/reproduce.py

serve: html ## serve the built book on http://localhost:8000 (PORT=)
	@echo "http://localhost:$(PORT)" && $(BIN)/python -m http.server --directory $(HTML) --bind 127.0.0.1 $(PORT)

bench: $(READY) ## measure build, notebooks and check, and print the ratios
	@$(BIN)/python tests/bench.py && $(BIN)/python tests/weigh.py

weigh: $(READY) ## weigh the built pages beside the stock build of the same content (part of bench)
	@$(BIN)/python tests/weigh.py

screenshot: html ## make the pictures of the README
	@$(BIN)/python tests/browser/screenshot.py book/assets

lock: $(READY) ## resolve requirements.txt anew from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --quiet -o requirements.txt

clean: ## remove everything that was made
	rm -rf _build .venv .venv-lab .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
