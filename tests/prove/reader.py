"""Read single pages of a copy of the book, as the build does, and return what is told of them."""

from __future__ import annotations

import io
import pickle
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from prove.mutants import Mutant, planted
from sourcebook import derived, sphinx_ext
from whole_book import copy_project

DOCTREES = "_build/.doctrees"
BEFORE, AFTER, RESOLVING = (
    ("freshness.edited", "freshness.stale", "inert.outputs"),
    ("uses.unused",),
    ("sphinx.nitpick",),
)
"""Gates that act before pages are read, after all are, and while references are resolved."""


class Reader:
    """A copy of the book whose pages are known from a build of it, so that one of them can be read alone."""

    def __init__(self, root: Path, built: Path) -> None:
        self.root = copy_project(root)
        self._stack = ExitStack()
        self._told = io.StringIO()
        self._adopt(built)

    def _adopt(self, built: Path) -> None:
        """Take over the environment of the built book; Sphinx takes none from another folder."""
        with (built / DOCTREES / "environment.pickle").open("rb") as handle:
            environment = pickle.load(handle)
        environment.srcdir = environment.project.srcdir = self.root
        doctrees = self.root / DOCTREES
        shutil.copytree(built / DOCTREES, doctrees)  # a reference to another page's figure reads that page's tree
        (doctrees / "environment.pickle").write_bytes(pickle.dumps(environment))

    def __enter__(self) -> Reader:
        config, _ = get_final_config(
            user_yaml=self.root / "_config.yml", cli_config={"latex_individualpages": False},
            sourcedir=self.root, use_external_toc=True,
        )  # fmt: skip
        self._stack.enter_context(patch_docutils())
        self._stack.enter_context(docutils_namespace())
        self.app = Sphinx(
            self.root, None, self.root / "_build/dummy", self.root / DOCTREES, "dummy",
            confoverrides=config, status=None, warning=self._told,
        )  # fmt: skip
        self._known = pickle.dumps(self._kept())
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def _kept(self) -> dict[str, Any]:
        env = self.app.env
        own = {name: value for name, value in vars(env).items() if name.startswith("sourcebook_")}
        return {"domains": env.domaindata, "own": own}

    def _restore(self) -> None:
        """Forget what the reading of a page with an error left behind."""
        kept = pickle.loads(self._known)
        env = self.app.env
        vars(env).update(kept["own"])
        for name, data in kept["domains"].items():
            env.domaindata[name] = data
            if name in env.domains:
                env.domains[name].data = data
        self._told.seek(0)
        self._told.truncate()

    def told(self, mutant: Mutant) -> list[str]:
        """Return every line that the build tells while the page of an error is read."""
        before = self.app.sourcebook_ledger
        with planted(self.root, [mutant]), self._formulas(mutant):
            try:
                if any(splice.path.startswith("data/") for splice in mutant.splices):
                    sphinx_ext._load_ledger(self.app)
                try:
                    self._read(mutant.page, mutant.gate)
                except ExtensionError as error:  # which ends a build
                    self._told.write(str(error))
                text = re.sub(r"\x1b\[[0-9;]*m", "", self._told.getvalue())
            finally:
                self.app.sourcebook_ledger = before
                self._restore()
        return text.replace(f"{self.root}/", "").splitlines()

    def _read(self, page: str, gate: str) -> None:
        """Read a page; what is asked of the whole book takes longer than that, and is asked for its own gates."""
        app, env = self.app, self.app.env
        if gate in ("", *BEFORE):
            app.emit("env-before-read-docs", env, [page])
        app.emit("env-purge-doc", env, page)
        env.clear_doc(page)
        app.builder.read_doc(page)
        if gate in ("", *AFTER):
            app.emit("env-check-consistency", env)
        if gate in ("", *RESOLVING):
            env.get_and_resolve_doctree(page, app.builder)

    @contextmanager
    def _formulas(self, mutant: Mutant) -> Iterator[None]:
        """Load the module of a formula anew, from the copy, for as long as it has an error."""
        paths = [s.path for s in mutant.splices if s.path.startswith("src/sourcebook/derivations/")]
        if not paths or "of a formula" not in mutant.kind:
            yield
            return
        before = dict(derived._DEFINITIONS)
        (path,) = paths
        name = "sourcebook.derivations." + Path(path).stem
        for key, definition in before.items():
            if definition.function.__module__ == name:
                del derived._DEFINITIONS[key]
        try:
            code = compile((self.root / path).read_text(encoding="utf-8"), path, "exec")
            exec(code, {"__name__": name, "__file__": path})
            derived._evaluate.cache_clear()
            yield
        finally:
            derived._DEFINITIONS.clear()
            derived._DEFINITIONS.update(before)
            derived._evaluate.cache_clear()
