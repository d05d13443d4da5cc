"""The derived values of the book, one module for each notebook that first needs them."""

from sourcebook.derivations import coding, diplomacy, minerals, mining, transit

__all__ = ["coding", "diplomacy", "minerals", "mining", "transit"]
