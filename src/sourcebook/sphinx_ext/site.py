"""Where the book is published and where its source is: two settings, blank until somebody has such an address.

Pages link to each other by relative addresses, and work from a file. What another site is to follow (canonical
addresses, structured data, annotations) needs the whole address: it has it where `SITE_URL` is set, and is relative
where it is not. No address is ever made up.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.errors import ConfigError

from sourcebook.sphinx_ext.domain import entry_id

SITE, REPOSITORY = "sourcebook_site_url", "sourcebook_repository_url"
VARIABLES = {SITE: "SITE_URL", REPOSITORY: "REPOSITORY_URL"}
"""The settings, and the environment variables that set them."""


def site_url(config: Config) -> str:
    """Return the address of the book, with a slash at its end; blank where it is not set."""
    return str(config[SITE])


def folder_of(builder: Builder, docname: str) -> str:
    """Return the folder from which a page's relative addresses count."""
    return posixpath.dirname(builder.get_target_uri(docname))


def relative(path: str, folder: str) -> str:
    """Return the address of a file of the book from a folder of it."""
    name, mark, fragment = path.partition("#")
    slash = "/" if not name or name.endswith("/") else ""  # a folder stands for the page in it; a blank is the root's
    return f"{posixpath.relpath(name or '.', folder or '.')}{slash}{mark}{fragment}"


def absolute(config: Config, path: str, folder: str) -> str:
    """Return the address of a file of the book: whole where the site is known, else from a folder of it."""
    site = site_url(config)
    return f"{site}{path}" if site else relative(path, folder)


def entry_address(builder: Builder, pages: Mapping[tuple[str, str], str], kind: str, key: str, folder: str) -> str:
    """Return the address of a record's entry as `absolute` gives it; blank where no page has it."""
    page = pages.get((kind, key))
    if page is None:
        return ""
    return absolute(builder.config, f"{builder.get_target_uri(page)}#{entry_id(kind, key)}", folder)


def form_address(config: Config) -> str:
    """Return where an issue can be opened; blank without a repository."""
    repository = str(config[REPOSITORY])
    return f"{repository}issues/new/choose" if repository else ""


def report_address(config: Config, kind: str, key: str) -> str:
    """Return where an error in a record can be reported, the form filled with its id; blank without a repository."""
    repository = str(config[REPOSITORY])
    asked = urlencode({"template": "correction.yml", "record": f"{kind}:{key}"})
    return f"{repository}issues/new?{asked}" if repository else ""


def _clean(app: Sphinx, config: Config) -> None:
    """Give each address the slash that relative ones are joined to; refuse what is no address."""
    for setting, variable in VARIABLES.items():
        value = str(config[setting]).strip()
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
            raise ConfigError(
                f"{variable} {value!r} is no address of a site: write https://host/path/, or leave it out"
            )
        config[setting] = f"{value.rstrip('/')}/" if value else ""


def setup(app: Sphinx) -> None:
    """Register the settings; every page may show one."""
    for setting, variable in VARIABLES.items():
        app.add_config_value(setting, lambda config, variable=variable: os.environ.get(variable, ""), "env", [str])
    app.connect("config-inited", _clean)
