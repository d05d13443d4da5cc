"""What keeps the book from being printed."""

from __future__ import annotations

from collections.abc import Iterable

from sourcebook.errors import SourcebookError


class PrintError(SourcebookError):
    """The pages cannot be printed as they are; carries every problem found, each with its page's name."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(self.problems))

    def __reduce__(self) -> tuple[type[PrintError], tuple[list[str]]]:
        """Come out of a worker as it went in."""
        return PrintError, (self.problems,)


class MissingTool(SourcebookError):
    """Something that the machine lacks; its message names the package and the command."""
