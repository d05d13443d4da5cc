"""One browser for all pages that a worker looks at."""

from __future__ import annotations

import pytest
from chromium import browser


@pytest.fixture(scope="session")
def chrome():
    with browser() as started:
        yield started
