"""Which lending stops hold where: what paying out must ask."""

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex

from loans.models import LendingStop
from organizations.scope import Place


def stops_in_force() -> "QuerySet[LendingStop]":
    """Return the stops nobody has lifted, the newest first."""
    stops = LendingStop.objects.filter(lifted_at=None).select_related("division__parent", "outlet", "imposed_by")
    return stops.order_by("-imposed_on", "-pk")


def stop_covering(place: Place) -> LendingStop | None:
    """Return a stop in force for a place: of its village, township or county, or of its outlet. One query."""
    village = Value(place.division_path)
    # StrIndex is 1 where the division's own path begins the path of the place.
    above = stops_in_force().annotate(at=StrIndex(village, "division__path"))
    return above.filter(Q(at=1) | Q(outlet__path=place.outlet_path)).first()


def stops_of(county_path: str) -> "QuerySet[LendingStop]":
    """Return all stops ever imposed in a county, the newest first."""
    stops = LendingStop.objects.filter(
        Q(division__path__startswith=county_path) | Q(outlet__division__path__startswith=county_path)
    )
    return stops.select_related("division__parent", "outlet", "imposed_by", "lifted_by").order_by("-imposed_on", "-pk")
