"""Errors in pages, notebooks and judgements, and in the record where a page states it, for the gates of the build."""

from __future__ import annotations

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from prove.mutants import Source, kind, other_digit, shuffled
from sourcebook.derived import definitions
from sourcebook.judgements import FILE as JUDGEMENTS
from sourcebook.models import FIGURE_MIME, PLOTLY_MIME

ROLE = re.compile(r"\{(?P<role>[a-z]+)\}`(?P<words>[^`<\\]+?)\s*<(?P<key>[^`<>\\]+)>`")
NUMBERS = ("claim", "derived", "series")
DATES = ("event", "period")
ENTRIES = ("conflict", "stance", "judgement")
JUDGED = "book/judgements"  # the page that shows them all
PROSE = ("chapter", "dossier", "notebook", "caption", "judgement")


@dataclass(frozen=True)
class Passage:
    """A line of prose: which kind of place it is, its file, its offsets, and the page that shows it."""

    place: str
    path: str
    start: int
    end: int
    page: str


@dataclass(frozen=True)
class Use:
    """A role in a passage."""

    of: Passage
    start: int
    end: int
    role: str
    words: str
    key: str
    words_at: int
    key_at: int


def toc(source: Source) -> list[str]:
    """The pages of the contents that are files."""
    return ["index", *re.findall(r"file: (\S+)", source.text("_toc.yml"))]


@lru_cache(maxsize=2)
def _passages(root) -> tuple[Passage, ...]:
    source = Source(root)
    found = []
    for page in toc(source):
        if (root / f"{page}.md").exists():
            found += _of_markdown(source, page)
        else:
            found += _of_notebook(source, page)
    text = source.text(JUDGEMENTS)
    found += [Passage("judgement", JUDGEMENTS, m.start(), m.end(), JUDGED)
              for m in re.finditer(r"^(?!#|  \w+: ?>?|\s+- \w+:\S+$| *refs:).*\w.*$", text, re.MULTILINE)]  # fmt: skip
    return tuple(found)


def passages(source: Source, *places: str) -> list[Passage]:
    """The lines of prose of such places."""
    return [p for p in _passages(source.root) if not places or p.place in places]


def _of_markdown(source: Source, page: str) -> Iterator[Passage]:
    path, fence, at = f"{page}.md", "", 0
    for line in source.text(path).splitlines(keepends=True):
        mark = re.match(r"(`{3,}|:{3,})", line)
        if mark:
            fence = "" if fence and line.strip() == fence else fence or mark[1]
        elif line.strip() and not fence and not re.match(r"\(.*\)=|\[\^?\w+\]:|---|\+\+\+|\|", line):
            place = "heading" if line.startswith("#") else "dossier" if page.startswith("seeds/") else "chapter"
            yield Passage(place, path, at, at + len(line.rstrip("\n")), page)
        at += len(line)


def _of_notebook(source: Source, page: str) -> Iterator[Passage]:
    """Its lines of Markdown, captions and alt texts, by the form in which nbformat writes them."""
    path, cell, part, at = f"{page}.ipynb", "", "", 0
    for line in source.text(path).splitlines(keepends=True):
        if head := re.match(r'   "(cell_type)": "(\w+)"|   "(outputs|source|metadata)": ', line):
            cell, part = (head[2], "") if head[1] else (cell, head[3])
        if part == "source" and cell == "markdown" and (words := re.match(r'    "(.*?)(?:\\n)?",?$', line)):
            place = "heading" if words[1].startswith("#") else "notebook"
            yield Passage(place, path, at + words.start(1), at + words.end(1), page)
        elif part == "outputs" and (words := re.match(r'\s+"(caption|alt)": "(.*)",?$', line)):
            end = words.end(2) - (line[words.end(2) - 1] == '"')
            yield Passage({"alt": "alt text"}.get(words[1], "caption"), path, at + words.start(2), at + end, page)
        at += len(line)


def uses(source: Source, roles, *places: str) -> list[Use]:
    """The roles of such kinds in lines of such places."""
    found = []
    for passage in passages(source, *places):
        for match in ROLE.finditer(source.text(passage.path), passage.start, passage.end):
            if match["role"] in roles:
                found.append(
                    Use(passage, *match.span(), match["role"], match["words"], match["key"], match.start("words"), match.start("key"))
                )  # fmt: skip
    return found


def reworded(source: Source, use: Use, words: str):
    """Change the words of a role."""
    return (source.cut(use.of.path, use.words_at, use.words_at + len(use.words), words),)


def by_place(source, rng, roles, *places):
    """Roles in the order of a draw, each place in turn, so that few of a kind meet all places."""
    drawn = [shuffled(rng, uses(source, roles, place)) for place in places or PROSE]
    longest = max(map(len, drawn), default=0)
    return [of[i] for i in range(longest) for of in drawn if i < len(of)]


def told_at(path: str) -> str:
    """How what is told of a file begins."""
    return f"{path}:"


# --- a number without its record -------------------------------------------------------------------------


@kind("a number's binding deleted: chapter, dossier, notebook, caption, judgement", "gate.untraced", 30)
def binding_deleted(source, rng):
    for use in by_place(source, rng, (*NUMBERS, *DATES, "plain", "review")):
        splice = source.cut(use.of.path, use.start, use.end, use.words)
        yield (splice,), told_at(use.of.path), "leads nowhere", use.of.page


@kind("a number slipped in: heading, chapter, notebook, caption, alt text, judgement", "gate.untraced", 24)
def slipped_in(source, rng):
    places = ("heading", "alt text", *PROSE)
    drawn = [shuffled(rng, passages(source, place)) for place in places]
    for row in zip(*drawn, strict=False):
        for passage in row:
            number = str(rng.randrange(11, 99))
            at = passage.end
            if passage.place not in ("heading", "alt text"):
                ends = [
                    m.start()
                    for m in re.finditer(
                        r"(?<=[a-z])\.(?=$|\s)", source.text(passage.path)[passage.start : passage.end]
                    )
                ]
                if not ends:
                    continue
                at = passage.start + ends[-1]
            yield (
                (source.cut(passage.path, at, at, f" on {number} sides"),),
                told_at(passage.path),
                f"number '{number}'",
                passage.page,
            )


@kind("a reason that is none", "gate.plain")
def reason_unknown(source, rng):
    for use in by_place(source, rng, ("plain",)):
        splice = source.cut(use.of.path, use.key_at, use.key_at + len(use.key), "because")
        yield (splice,), told_at(use.of.path), "has the reason 'because'", use.of.page


@kind("a reason for words without a number", "gate.plain")
def reason_idle(source, rng):
    for use in by_place(source, rng, ("plain",)):
        yield (
            reworded(source, use, "some of them"),
            told_at(use.of.path),
            "holds no number that needs a reason",
            use.of.page,
        )


# --- other words than the record's -----------------------------------------------------------------------


@kind("a digit of a bound number: chapter, dossier, notebook, caption, judgement", "domain.number", 40)
def digit(source, rng):
    for use in by_place(source, rng, NUMBERS):
        new = other_digit(use.words, rng)
        if new != use.words:
            yield reworded(source, use, new), told_at(use.of.path), f"{use.key}: ", use.of.page


@kind("a digit of a number published elsewhere", "domain.number")
def digit_elsewhere(source, rng):
    for use in by_place(source, rng, ("review",)):
        new = other_digit(use.words, rng)
        if new != use.words and not source.ledger.reviews[use.key].dated:
            yield reworded(source, use, new), told_at(use.of.path), f"{use.key}: ", use.of.page


SCALES = {"million": "billion", "billion": "million"}


@kind("million for billion, or the reverse, in prose", "domain.number")
def scale(source, rng):
    for use in by_place(source, rng, (*NUMBERS, "review")):
        new = re.sub("million|billion", lambda m: SCALES[m[0]], use.words, count=1)
        if new != use.words:
            yield reworded(source, use, new), told_at(use.of.path), f"{use.key}: ", use.of.page


OF_TIME = ("day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours")


@kind("a unit's noun changed in prose", "domain.number")
def noun(source, rng):
    for use in by_place(source, rng, NUMBERS):
        new = re.sub(r"(?<=\d )(\w+)$", lambda m: "days" if m[1] not in OF_TIME else "contracts", use.words)
        if new != use.words and not re.search(r"\d (million|billion|to)\b", use.words):
            yield reworded(source, use, new), told_at(use.of.path), f"{use.key}: ", use.of.page


@kind("a hedge dropped in prose", "domain.number")
def hedge(source, rng):
    for use in by_place(source, rng, (*NUMBERS, "review")):
        new = re.sub(r"^(about|over|nearly|almost|up to|at least|at most|more than|some) ", "", use.words)
        if new != use.words and re.search(r"\d", new):
            yield reworded(source, use, new), told_at(use.of.path), f"{use.key}: ", use.of.page


@kind("a sign lost in prose", "domain.number", 4)
def sign(source, rng):
    for use in by_place(source, rng, NUMBERS):
        if use.words.startswith("−"):
            yield reworded(source, use, use.words[1:]), told_at(use.of.path), f"{use.key}: ", use.of.page


@kind("a digit of a bound date: chapter, dossier, notebook, caption, judgement", "domain.date", 20)
def date_digit(source, rng):
    dated = [key for key, review in source.ledger.reviews.items() if review.dated]
    for use in by_place(source, rng, (*DATES, "review")):
        new = other_digit(use.words, rng)
        if new != use.words and (use.role != "review" or use.key in dated):
            yield reworded(source, use, new), told_at(use.of.path), f"{use.key}: ", use.of.page


def unknown(source, rng, roles, told):
    """Ids that no record has."""
    for use in by_place(source, rng, roles):
        splice = source.cut(use.of.path, use.key_at, use.key_at + len(use.key), f"{use.key}-too")
        yield (splice,), told_at(use.of.path), told(use), use.of.page


@kind("a number that names no record", "domain.unknown_number", 12)
def unknown_number(source, rng):
    return unknown(source, rng, (*NUMBERS, "review"), lambda use: f"{use.key}-too")


@kind("a date that names no record", "domain.unknown_date")
def unknown_date(source, rng):
    return unknown(source, rng, DATES, lambda use: f"{use.key}-too")


@kind("words that name no contradiction, stance or judgement", "domain.unknown_entry")
def unknown_entry(source, rng):
    return unknown(source, rng, ENTRIES, lambda use: f"{use.key}-too")


def found(source, rng, pattern, new, told, paths=None, cut=""):
    """Change what a pattern's first group finds on any page; `cut` is what the gate leaves off its path."""
    pages = [p for p in toc(source) if paths is None or p in paths]
    matches = []
    for page in pages:
        path = next(f"{page}{s}" for s in (".md", ".ipynb") if (source.root / f"{page}{s}").exists())
        matches += [(page, path, m) for m in re.finditer(pattern, source.text(path), re.MULTILINE)]
    for page, path, match in shuffled(rng, matches):
        yield (source.cut(path, *match.span(1), new(match[1])),), path.removesuffix(cut), told, page


@kind("a count of origins of no question", "domain.unknown_voices", 2)
def unknown_voices(source, rng):
    return found(source, rng, r"^    \".*\{voices\}`([^`]+)`", lambda key: f"{key}-too", "-too'")


@kind("a reference to a page or figure that is not there", "sphinx.nitpick")
def reference_lost(source, rng):
    return found(source, rng, r"^[^\"{`]*\{(?:doc|numref)\}`([\w/.-]+)`", lambda name: f"{name}-too", "-too")


@kind("an entry on a second page", "domain.entries", 2)
def entry_twice(source, rng):
    documents = sorted(source.ledger.sources)
    pages = {f"book/record-{key}" for key in documents}
    for splices, where, _, page in found(source, rng, r"^```\{(?:claims|events)\} (\S+)$", lambda s: s, "", pages):
        (splice,) = splices
        other = rng.choice([key for key in documents if key != splice.old])
        new = source.cut(splice.path, splice.start, splice.end, other)
        yield (new,), where, f"stands on book/record-{other} too", page


@kind("a list of the record of nothing that there is", "pages.of_source", 3)
def of_no_source(source, rng):
    return found(source, rng, r"^```\{(?:claims|events|citations)\} (\S+)$", lambda key: f"{key}-too", "-too'")


@kind("a list of a series that is none", "pages.series", 3)
def of_no_series(source, rng):
    return found(source, rng, r"^```\{series-rows\} (\S+)$", lambda key: f"{key}-too", "no series")


@kind("a list of contradictions of no weight", "conflict_pages.severity", 3)
def of_no_severity(source, rng):
    return found(source, rng, r"^```\{conflicts\} (\S+)$", lambda key: f"{key}-too", "no severity")


@kind("a list of reviews of no verdict", "upstream_pages.verdict", 3)
def of_no_verdict(source, rng):
    return found(source, rng, r"^```\{reviews\} (\S+)$", lambda key: f"{key}-too", "no verdict")


@kind("a picture of no figure", "pictures.unknown", 1)
def no_picture(source, rng):
    return found(source, rng, r"^```\{picture\} (\S+)$", lambda key: f"{key}-too", "-too")


@kind("'confirmed' said of what one origin says", "confirmed.words", 8)
def confirmed(source, rng):
    for passage in shuffled(rng, passages(source, "chapter", "notebook", "dossier")):
        text = source.text(passage.path)[passage.start : passage.end]
        if text.endswith(".") and not text.startswith(("-", "*", "1")):
            words = rng.choice(["Others confirmed it.", "Several sources say so.", "This is corroborated."])
            splice = source.cut(passage.path, passage.end, passage.end, f" {words}")
            yield (splice,), passage.path, "without a claim in the sentence", passage.page


# --- figures and outputs ---------------------------------------------------------------------------------


@kind("a placeholder of an alt text that names no record", "figures.record")
def alt_unknown(source, rng):
    for passage in shuffled(rng, passages(source, "alt text")):
        for match in re.finditer(
            r"\{(?:claim|series|derived|event|period):([^{}]+)\}",
            source.text(passage.path)[passage.start : passage.end],
        ):
            at = passage.start + match.end(1)
            yield (source.cut(passage.path, at, at, "-too"),), passage.path, "figure '", passage.page
            break


@kind("a figure's number that names no record", "figures.record")
def cell_unknown(source, rng):
    return found(source, rng, r'^ +"ref": "\w+:(?!.*[/?=])([^"]+)"$', lambda key: f"{key}-too", "figure '")


@kind("a plot without its figure", "figures.place", 3)
def plot_alone(source, rng):
    for page in shuffled(rng, (p for p in toc(source) if p.startswith("notebooks/"))):
        path = f"{page}.ipynb"
        text = source.text(path)
        plots = [match.end() for match in re.finditer(re.escape(f'"{PLOTLY_MIME}"'), text)]
        if plots:
            at = text.index(f'"{FIGURE_MIME}"', rng.choice(plots))
            yield (
                (source.cut(path, at, at + len(FIGURE_MIME) + 2, '"text/plain"'),),
                path,
                "a plot without picture",
                page,
            )


@kind("a figure dropped from a notebook's outputs", "freshness.edited")
def figure_dropped(source, rng):
    pattern = rf'"({re.escape(FIGURE_MIME)})"'
    return found(source, rng, pattern, lambda mime: "text/plain", "not as they were executed")


@kind("a digit of a stored output", "freshness.edited", 12)
def output_digit(source, rng):
    for page in shuffled(rng, (p for p in toc(source) if p.startswith("notebooks/"))) * 4:
        path = f"{page}.ipynb"
        text = source.text(path)
        places = list(re.finditer(r"<!-- (\d[\d,.]*) -->|^ {9,}\"[^\"]*?(\d+)", text, re.MULTILINE))
        match = rng.choice(places)
        group = 1 if match[1] else 2
        new = other_digit(match[group], rng)
        yield (source.cut(path, *match.span(group), new),), page, "not as they were executed", page


@kind("a digit of a notebook's source", "freshness.edited")
def source_digit(source, rng):
    for page in shuffled(rng, (p for p in toc(source) if p.startswith("notebooks/"))):
        path, text = f"{page}.ipynb", source.text(f"{page}.ipynb")
        cells = json.loads(text)["cells"]
        lines = [line for c in cells if c["cell_type"] == "code" for line in c["source"] if re.search(r"\d", line)]
        line = json.dumps(rng.choice(lines), ensure_ascii=False)
        at = text.rindex(line)
        new = other_digit(line, rng)
        yield (source.cut(path, at, at + len(line), new),), page, "not as they were executed", page


@kind("an output stripped", "freshness.edited")
def output_stripped(source, rng):
    for page in shuffled(rng, (p for p in toc(source) if p.startswith("notebooks/"))):
        path, text = f"{page}.ipynb", source.text(f"{page}.ipynb")
        match = rng.choice(list(re.finditer(r'   "outputs": (\[\n.*?\n   \]),\n   "source"', text, re.DOTALL)))
        yield (source.cut(path, *match.span(1), "[]"),), page, "not as they were executed", page


@kind("a stored output that would run in the page", "inert.outputs", 4)
def output_runs(source, rng):
    pattern = rf'"({re.escape(FIGURE_MIME)})"'
    return found(source, rng, pattern, lambda mime: "text/html", "which would run in the page", cut=".ipynb")


# --- what would run, and what no screen reader knows how to say ----------------------------------------------


@kind("a handler or a frame: chapter, dossier, notebook", "inert.texts", 9)
def text_runs(source, rng):
    active = (
        " <b onclick='go()'>more</b>",
        " <iframe src='a.html'></iframe>",
        " <img alt='' src='a.png' onerror='go()'>",
    )
    drawn = [shuffled(rng, passages(source, place)) for place in ("chapter", "dossier", "notebook")]
    for row in zip(*drawn, strict=False):
        for passage in row:
            splice = source.cut(passage.path, passage.end, passage.end, rng.choice(active))
            yield (splice,), told_at(passage.path), "HTML that would run in the page", passage.page


@kind("a name in its own script without its language", "own_script.language")
def language_lost(source, rng):
    return found(source, rng, r"\{lang\}`[^`<]+?( <[\w-]+>)`", lambda code: "", "no language in")


# --- the record under the pages --------------------------------------------------------------------------


def bound_keys(source) -> dict[tuple[str, str], Use]:
    """A page on which words state each record, by role and id."""
    shown = {(use.role, use.key): use for use in reversed(uses(source, (*NUMBERS, *DATES, "review")))}
    return {of: use for of, use in shown.items() if re.search(r"\d", use.words)}


def value_changed(source, rng, line):
    """Change a digit of both ends of a row's value."""
    old = line["value_low"] or line["value_high"]
    return source.change(line, **{c: other_digit_of(old, rng) for c in ("value_low", "value_high") if line[c] == old})


def other_digit_of(value: str, rng) -> str:
    """Change the first digit of a value, which no rounding hides."""
    return rng.choice([d for d in "123456789" if d != value.lstrip("-")[0]]).join(
        [value[: value.startswith("-")], value.lstrip("-")[1:]]
    )


@kind("a digit of a series that a page states", "domain.number", 16)
def series_digit(source, rng):
    shown = bound_keys(source)
    for table in shuffled(rng, (t for t in source.tables.values() if t.is_series)):
        for line in shuffled(rng, source.lines(table.name)):
            use = shown.get(("series", line["row_id"]))
            if use:
                yield value_changed(source, rng, line), told_at(use.of.path), f"{use.key}: ", use.of.page
                break


@kind("a digit of a claim whose value a note explains, and that a page states", "domain.number")
def noted_digit(source, rng):
    shown = bound_keys(source)
    for line in shuffled(rng, source.lines("claims")):
        use = shown.get(("claim", line["claim_id"]))
        if use and line["value_note"]:
            yield value_changed(source, rng, line), told_at(use.of.path), f"{use.key}: ", use.of.page


@kind("a digit of an inferred date that a page states", "domain.date")
def inferred_date(source, rng):
    shown = bound_keys(source)
    for line in shuffled(rng, source.lines("events")):
        use = shown.get(("event", line["event_id"]))
        if use and line["inferred"] == "true":
            new = f"{int(line['date'][:4]) - 3}{line['date'][4:]}"
            yield source.change(line, date=new), told_at(use.of.path), f"{use.key}: ", use.of.page


@kind("a digit of a table that no page states in words", "freshness.stale", 20)
def digit_unstated(source, rng):
    shown = bound_keys(source)
    for table in shuffled(rng, (t for t in source.tables.values() if t.is_series or t.name in ("claims", "reviews"))):
        for line in shuffled(rng, source.lines(table.name)):
            key = (table.name.removesuffix("s") if not table.is_series else "series", line[table.key[0]])
            if key not in shown and (line["value_low"] or line["value_high"]):
                yield (
                    value_changed(source, rng, line),
                    "notebooks/",
                    "outputs are older than data",
                    "notebooks/01-diplomacy",
                )
                break


@kind("a line of the package changed", "freshness.stale")
def package_changed(source, rng):
    modules = [p.relative_to(source.root).as_posix() for p in (source.root / "src/sourcebook").glob("*/*.py")]
    for path in shuffled(rng, sorted(p for p in modules if "/derivations/" in p or "/charts/" in p)):
        end = len(source.text(path))
        yield (
            (source.cut(path, end, end, "# changed\n"),),
            "notebooks/",
            "outputs are older than data",
            "notebooks/01-diplomacy",
        )


@kind("a claim set aside that a page uses, or the reverse", "uses.unused", 8)
def aside(source, rng):
    for line in shuffled(rng, source.lines("claims")):
        new, told = ("", "is used by no page") if line["aside"] else ("detail", "is used, and set aside")
        yield (
            source.change(line, aside=new),
            f"data/claims.csv:{line.number}:",
            f"claim {line['claim_id']!r} {told}",
            "index",
        )


@kind("a table saved with other line ends", "sphinx_ext.ledger", 4)
def line_ends(source, rng):
    for name in shuffled(rng, ("claims", "events", "reviews", "stances", "origins")):
        line = rng.choice(source.lines(name))
        told = f"{line.table.path}:{line.number}: line ends with CR"
        yield (source.cut(line.table.path, line.end - 1, line.end, "\r\n"),), "", told, "index"


@kind("a word of a judgement that no scale has", "judgement_pages.scale", 4)
def level_unknown(source, rng):
    text = source.text(JUDGEMENTS)
    for match in shuffled(rng, re.finditer(r"^  (?:likelihood|confidence): (.+)$", text, re.MULTILINE)):
        splice = source.cut(JUDGEMENTS, *match.span(1), f"quite {match[1]}")
        yield (splice,), f"{JUDGEMENTS}:{splice.line}", f"quite {match[1]}", JUDGED


# --- formulas --------------------------------------------------------------------------------------------

SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
OTHER = {"+": "-", "-": "+", "*": "/", "/": "*"}


def formulas(source, rng, signs):
    """Derived values that a page states, each with the splice that turns an operator of its function."""
    shown = bound_keys(source)
    for key in shuffled(rng, sorted(definitions())):
        use, function = shown.get(("derived", key)), definitions()[key].function
        if use is None or function.__code__.co_freevars or function.__name__ == "<lambda>":
            continue
        lines, first = inspect.getsourcelines(function)
        path = f"src/{function.__module__.replace('.', '/')}.py"
        starts = [0, *accumulate(map(len, source.text(path).splitlines(keepends=True)))]
        body = ast.parse(textwrap.dedent("".join(lines))).body[0].body
        for node in shuffled(rng, (n for part in body for n in ast.walk(part) if isinstance(n, ast.BinOp))):
            sign_ = SIGNS.get(type(node.op), "")
            start = starts[first + node.left.end_lineno - 2] + node.left.end_col_offset
            end = starts[first + node.right.lineno - 2] + node.right.col_offset
            between = source.text(path)[start:end]
            if sign_ in signs and between.strip() == sign_ and not isinstance(node.right, ast.Constant):
                at = start + between.index(sign_)
                yield use, source.cut(path, at, at + 1, OTHER[sign_])
                break


@kind("a plus of a formula turned, or a minus", "domain.number", 8)
def sum_turned(source, rng):
    for use, splice in formulas(source, rng, "+-"):
        yield (splice,), told_at(use.of.path), f"{use.key}: ", use.of.page


@kind("a product of a formula turned, or a quotient", "domain.unknown_number", 8)
def product_turned(source, rng):
    for use, splice in formulas(source, rng, "*/"):
        if definitions()[use.key].unit == "percent":  # a share: of anything else no unit tells
            yield (splice,), told_at(use.of.path), " is no ", use.of.page
