"""The source switch: what is left of each page without some of the documents, computed for every choice of them.

A page carries, as JSON, what becomes of its records under each choice; ``static/switch.js`` selects from it. Pictures
that follow are drawn for each choice and lie beside the book.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.osutil import ensuredir

from sourcebook.inputs import inputs_digest
from sourcebook.ledger import Ledger
from sourcebook.models import Judgement
from sourcebook.remainder import (
    KINDS,
    Changes,
    changes,
    folded,
    left,
    lost,
    mask,
    one_at_a_time,
    remainder,
    subsets,
)
from sourcebook.sphinx_ext.domain import NAME, EvidenceDomain, entry_id, island, ledger_of
from sourcebook.sphinx_ext.figures import FOLDER, recolor

DRAWN = "without"  # folder below _static


def note(kind: str, key: str, *words: nodes.Node) -> nodes.inline:
    """Return the place on a page that tells what is left of a record which no bound number on it names."""
    return nodes.inline("", "", *words, classes=["left-of", f"left-of--{entry_id(kind, key)}"])


def ground(judgement: Judgement, side: str, number: int) -> str:
    """Return the name under which a page tells what is left of one ground of a judgement."""
    return f"{judgement.key}-{side}-{number}"


@lru_cache(maxsize=1 << 14)
def _folded(ledger: Ledger, kind: str, key: str) -> tuple[int, Changes]:
    return folded(ledger, changes(ledger, kind, key), left(ledger, kind, key, frozenset()))


def _grounds(ledger: Ledger) -> Iterator[tuple[str, tuple[int, Changes]]]:
    """Yield what is left of each ground of each judgement: all of it, or nothing."""
    for judgement in ledger.judgements.values():
        for side, items in (("for", judgement.evidence_for), ("against", judgement.evidence_against)):
            for number, item in enumerate(items):
                refs = [ref.text for ref in item.refs]
                gone = {mask(ledger, away): None for away in subsets(ledger) if lost(ledger, refs, away)}
                yield entry_id("ground", ground(judgement, side, number)), folded(ledger, gone)


def _figure(ledger: Ledger, references: Iterable[str]) -> tuple[int, Changes]:
    """Return what a figure that is not drawn again has to say of its numbers."""
    records = [r.partition(":")[::2] for r in references]
    told: dict[int, str | None] = {}
    for away in subsets(ledger):
        number = mask(ledger, away)
        found = [of.get(number & bits, "") for bits, of in (_folded(ledger, *r) for r in records if r[0] in KINDS)]
        gone, changed = sum(text is None for text in found), sum(bool(text) for text in found)
        parts = [f"{gone} of its {len(records)} numbers rest only on what is set aside"] if gone else []
        parts += [f"{changed} would change"] if changed else []
        if parts:
            told[number] = f"Drawn with all documents: {', '.join(parts)}."
    return folded(ledger, told)


@lru_cache(maxsize=8)
def _told(ledger: Ledger, name: str) -> tuple[int, Changes]:
    from sourcebook.charts import followed  # here, since a book without such a figure needs no matplotlib

    return folded(ledger, {mask(ledger, a): followed.told(name, remainder(ledger, a)) for a in subsets(ledger)})


def is_followed(name: str) -> bool:
    """Whether a figure is drawn again for each choice of documents."""
    from sourcebook.charts.followed import FOLLOWED  # as above

    return name in FOLLOWED


def draw(root: Path, name: str, choices: Iterable[tuple[str, ...]]) -> list[tuple[int, str]]:
    """Return the pictures of a figure for some choices of documents, by `mask`; run in a process of its own."""
    from sourcebook.charts import followed  # as above

    ledger = Ledger.load(root)
    found = ((frozenset(away), remainder(ledger, frozenset(away))) for away in choices)
    return [(mask(ledger, away), followed.drawn(name, rest)) for away, rest in found]


def _pictures(app: Sphinx, name: str) -> None:
    """Draw a figure for each choice of documents, unless the folder of figures has it for this record."""
    root = Path(app.srcdir)
    folder = root / FOLDER / DRAWN
    stamp, now = folder / f"{name}.stamp", inputs_digest(root)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != now:
        ensuredir(folder)
        choices = [tuple(sorted(away)) for away in subsets(ledger_of(app.env))]
        workers = min(os.cpu_count() or 1, 4)
        parts = [choices[i::workers] for i in range(workers)]
        with ProcessPoolExecutor(workers) as pool:
            for drawn in pool.map(draw, [root] * workers, [name] * workers, parts):
                for number, svg in drawn:
                    for suffix, text in (("", svg), ("-dark", recolor(svg))):
                        _write(folder / f"{name}{suffix}.{number}.svg", text)
        _write(stamp, now)
    target = Path(app.outdir, "_static", DRAWN)
    ensuredir(target)
    for path in folder.glob(f"{name}*.svg"):
        _write(target / path.name, path.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _records(app: Sphinx, pagename: str, doctree: nodes.document) -> dict[str, tuple[int, Changes]]:
    """Return what is left of every record that a page names or holds, and of the grounds that it lists."""
    ledger, domain = ledger_of(app.env), app.env.get_domain(NAME)
    assert isinstance(domain, EvidenceDomain)
    bound = {node[NAME] for node in doctree.findall(nodes.reference) if NAME in node}
    held = {entry for entry, page in domain.entries.items() if page == pagename}
    places = {name for node in doctree.findall(nodes.inline) for name in node["classes"]}
    named = {
        (kind, key)
        for name in places
        if name.startswith("left-of--")
        for kind, _, key in [name.removeprefix("left-of--").partition("-")]
        if kind in KINDS
    }
    found = {entry_id(*entry): _folded(ledger, *entry) for entry in bound | held | named if entry[0] in KINDS}
    if any(name.startswith("left-of--ground-") for name in places):
        found |= dict(_grounds(ledger))
    return {name: (bits, of) for name, (bits, of) in found.items() if bits}


def _figures(app: Sphinx, doctree: nodes.document) -> dict[str, Mapping[str, Any]]:
    """Return how each figure of a page follows: drawn again, with what it then shows, or with a note."""
    ledger, found = ledger_of(app.env), dict[str, Mapping[str, Any]]()
    for figure in doctree.findall(lambda node: "references" in getattr(node, "attributes", {})):
        name = figure["shown"]
        if is_followed(name):
            _pictures(app, name)
            found[name] = {"drawn": True, "left": _told(ledger, name)}
        elif (note := _figure(ledger, figure["references"]))[0]:
            found[name] = {"left": note}
    return found


def _add(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is None or app.builder.format != "html":
        return
    ledger = ledger_of(app.env)
    page: dict[str, Any] = {
        "documents": [[key, ledger.sources[key].short_name] for key in sorted(ledger.sources)],
        "left": _records(app, pagename, doctree),
        "figures": _figures(app, doctree),
    }
    if one_at_a_time(ledger):
        page["single"] = True
    context["body"] += island("left-without", page)
    app.add_js_file("switch.js", loading_method="defer")


def setup(app: Sphinx) -> None:
    """Write into every page what the switch selects from."""
    app.add_css_file("switch.css", priority=903)
    app.connect("html-page-context", _add)
