"""The derived values of the book, one module for each notebook that first needs them; importing this registers all."""

import importlib
import pkgutil

for _module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")
