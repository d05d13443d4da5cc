"""Draw sentences of the chapters at random, for a reader who grades whether the record bears them out.

The seed is the commit, so that nobody chooses the sentences: ``python tests/draw_sentences.py [how many] [commit]``.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys

from sourcebook.paths import ROOT

PROSE = ("index.md", "book/*.md")
GENERATED = ("record-", "ledger", "references", "data", "changes", "glossary")


def sentences() -> list[str]:
    """Return every factual sentence of the chapters as ``file:line: text``; no heading, table, list of links or fence."""
    found = []
    for path in sorted(p for pattern in PROSE for p in ROOT.glob(pattern)):
        if path.stem.startswith(GENERATED):
            continue
        fenced = False
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            fenced ^= line.startswith(("```", ":::"))
            text = re.sub(r"^(?:: |\d\. |- |\s+)+", "", line).strip()
            if not fenced and re.match(r"[*\"A-Z{]", text) and text.endswith((".", ".*", "?")):
                found.append(f"{path.relative_to(ROOT)}:{number}: {text}")
    return found


def drawn(commit: str, count: int) -> list[str]:
    """Return `count` sentences, the same for the same commit and text."""
    return sorted(random.Random(commit).sample(sentences(), count))


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    head = ["git", "rev-parse", "HEAD"]
    seed = sys.argv[2] if len(sys.argv) > 2 else subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()  # fmt: skip
    print(f"commit {seed}: {wanted} of {len(sentences())} sentences")
    print("\n".join(drawn(seed, wanted)))
