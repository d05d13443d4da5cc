"""Evidence-linked books: every number in the page leads to the words it came from."""

__version__ = "0.1.0"
