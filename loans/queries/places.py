"""The townships and villages of a filter. They change once in years, so a list page does not read them each time."""

from dataclasses import dataclass

from django.core.cache import cache

from organizations.choices import DivisionLevel
from organizations.models import Division
from organizations.scope import Scope

KEY = "loans-places"
SECONDS_KEPT = 60


@dataclass(frozen=True)
class PlaceName:
    """A township or village: the path that everything in it starts with."""

    path: str
    name: str
    is_township: bool


def places_of(scope: Scope) -> list[PlaceName]:
    """Return the townships and villages inside a scope's divisions in the official order."""
    return [place for place in _all_places() if place.path.startswith(scope.division_paths)]


def _all_places() -> list[PlaceName]:
    places: list[PlaceName] | None = cache.get(KEY)
    if places is None:
        rows = Division.objects.filter(level__in=[DivisionLevel.TOWNSHIP, DivisionLevel.VILLAGE])
        places = [
            PlaceName(path=path, name=name, is_township=level == DivisionLevel.TOWNSHIP)
            for path, name, level in rows.in_official_order().values_list("path", "name", "level")
        ]
        cache.set(KEY, places, SECONDS_KEPT)
    return places
