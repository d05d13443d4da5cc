"""One browser for all pages that a worker looks at."""

from __future__ import annotations

import pytest
from chromium import browser, executable


class Chrome:
    """A browser whose pages may wait for expressions, which their own policy forbids; `test_every_page` holds them to it."""

    def __init__(self, started):
        self.started = started

    def new_context(self, **options):
        return self.started.new_context(**{"bypass_csp": True, **options})

    def new_page(self, **options):
        return self.started.new_page(**{"bypass_csp": True, **options})


@pytest.fixture(scope="session")
def chrome():
    try:
        executable()
    except FileNotFoundError as missing:
        pytest.skip(str(missing))  # everything else still runs; the session fails at its end
    with browser() as started:
        yield Chrome(started)
