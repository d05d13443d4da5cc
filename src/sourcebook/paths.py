"""Where things are in the project."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATAPACKAGE = "datapackage.json"
DATA = "data"
NOTEBOOKS = "notebooks"
SEED_TEXTS = "seeds/text"
PROPOSED = "proposed"
SEEDS_VARIABLE = "SOURCEBOOK_SEEDS"
UNITS = ROOT / DATA / "units.csv"
SOURCES = ROOT / "seeds/sources.csv"
GEO = ROOT / DATA / "geo"
