"""Coverings: where p sites reach the most people, how few sites reach everybody; with proof."""

from maillage.core.siting.cover.fewest import set_cover
from maillage.core.siting.cover.maximal import max_cover

__all__ = ["max_cover", "set_cover"]
