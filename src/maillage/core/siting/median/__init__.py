"""The p-median and what is one with it, solved with a proof that anybody can check."""

from maillage.core.siting.median.greatest_benefit import max_benefit, saved_km
from maillage.core.siting.median.least_cost import p_median

__all__ = ["max_benefit", "p_median", "saved_km"]
