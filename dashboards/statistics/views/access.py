"""The doors of the statistics pages: who reads, of which part of the county, and the report that an address names."""

from datetime import date

from accounts.choices import Verb
from audit.access import SignedInRequest, demand, refuse
from dashboards.figures import Selection
from dashboards.statistics.definitions import Report, reports
from dashboards.statistics.queries import NoCounty, county_of, is_whole, whole
from organizations.models import Division
from organizations.scope import Scope


def selection_of_reader(request: SignedInRequest, on: date) -> Selection:
    """Return what the account sees of the figures; 404 without a post for them."""
    demand(request, Verb.VIEW_FIGURES)
    user = request.user
    return Selection(
        scope=user.scope(Verb.VIEW_FIGURES, on=on), registers=user.people_scope(Verb.VIEW_FIGURES, on=on), as_of=on
    )


def report_or_404(request: SignedInRequest, code: str) -> Report:
    report = reports().get(code)
    return report if report is not None else refuse(request)


def county_or_404(request: SignedInRequest, registers: Scope) -> Division:
    """Return the county in which the account works."""
    try:
        return county_of(registers)
    except NoCounty:
        refuse(request)


def edition_scope(request: SignedInRequest, on: date) -> Scope:
    """Return the county whose editions the account reads: they are made for the county and read by its offices."""
    selection = selection_of_reader(request, on)
    county = county_or_404(request, selection.registers)
    return whole(county) if is_whole(selection, county) else Scope()
