"""The content security policy of every page: nothing from elsewhere, and of scripts and styles only the book's own.

It stands in the page, since a file has no headers. One inline script is allowed, by its hash: it sets the colours
before anything is painted, and a file of its own would come too late.
"""

from __future__ import annotations

import base64
import hashlib

FIRST = (
    "(d=>{let m;try{m=localStorage.getItem('mode')}catch{}"
    "d.mode=m==='light'||m==='dark'?m:'auto';"
    "d.theme=d.mode!=='auto'?m:matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'"
    "})(document.documentElement.dataset)"
)
"""The inline script: the colours that the reader chose, else those of the system."""


def digest(script: str) -> str:
    """Return an inline script's hash as a policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {digest(FIRST)}",
        "style-src 'self'",
        "img-src 'self' data:",  # the icons of the stylesheet
        "connect-src 'self'",  # no script of ours fetches; Lighthouse reads robots.txt of the site as the page does
        "base-uri 'none'",
        "form-action 'self'",
    )
)
