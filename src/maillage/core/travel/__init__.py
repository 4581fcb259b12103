"""Minutes between places, behind one function, whatever measures them."""

from maillage.core.travel.distance import Minutes, Points, TravelModel, minutes

__all__ = ["Minutes", "Points", "TravelModel", "minutes"]
