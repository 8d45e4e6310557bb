"""The papers of statistics as jobs. Registered by dashboards.tasks, which is read at start."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.choices import Verb
from audit.choices import Action
from audit.operations import record
from dashboards.figures.periods import Period
from dashboards.models import Bulletin, ReportEdition
from dashboards.statistics.annual import print_annual
from dashboards.statistics.bulletin_documents import print_bulletin
from dashboards.statistics.bulletin_operations import WRITER
from dashboards.statistics.definitions import reports
from dashboards.statistics.documents import Paper, print_edition, print_report
from dashboards.statistics.operations import selection_of
from dashboards.statistics.queries import NoCounty, county_of, whole
from jobs.models import Job
from jobs.registry import JobFailed, Progress, Result
from organizations.scope import Scope
from web import clock
from web.documents import FontsMissing, MissingGlyphs

STATISTICS_PAPER = "statistics_paper"


def statistics_paper(job: Job, progress: Progress) -> Result:
    """Print what the arguments name, inside what the owner's posts (still) reach."""
    at = clock.now()
    progress(0, 1)
    try:
        paper = PRINTERS[job.arguments["what"]](job, progress)
    except (MissingGlyphs, FontsMissing) as error:
        raise JobFailed(str(error)) from error
    except NoCounty:
        raise JobFailed(_("You have no office in a county any more.")) from None
    record(action=Action.EXPORTED, actor=job.owner, at=at, label=paper.name, detail={"paper": paper.name})
    progress(1, 1)
    return Result(content=paper.content, name=paper.name, content_type=paper.content_type)


def _report(job: Job, progress: Progress) -> Paper:
    period = Period.parse(job.arguments["period"])
    assert period is not None  # the view asked
    report = reports()[job.arguments["report"]]
    return print_report(report, period, reader=job.owner, on=clock.today(), form=job.arguments["form"])


def _edition(job: Job, progress: Progress) -> Paper:
    job.owner.forget_posts()
    today = clock.today()
    county = county_of(job.owner.people_scope(Verb.VIEW_FIGURES, on=today))
    is_reader = job.owner.scope(Verb.VIEW_FIGURES, on=today).covers(county.place)
    editions = ReportEdition.objects.for_scope(whole(county) if is_reader else Scope())
    edition = editions.filter(pk=job.arguments["edition"]).first()
    if edition is None:
        raise JobFailed(_("This edition lies outside your area."))
    return print_edition(edition, form=job.arguments["form"])


def _bulletin(job: Job, progress: Progress) -> Paper:
    """An issued bulletin goes to everybody who reads figures in the county; a draft to those who write it."""
    job.owner.forget_posts()
    today = clock.today()
    if not job.owner.may(Verb.VIEW_FIGURES, on=today):
        raise JobFailed(_("You have no office in a county any more."))
    county = county_of(job.owner.people_scope(Verb.VIEW_FIGURES, on=today))
    bulletins = Bulletin.objects.for_scope(whole(county)).select_related("organization", "division")
    bulletin = bulletins.filter(pk=job.arguments["bulletin"]).first()
    if bulletin is None or not (bulletin.number or job.owner.post_covering(WRITER, county.place, on=today)):
        raise JobFailed(_("This bulletin lies outside your area."))
    return print_bulletin(bulletin)


def _annual(job: Job, progress: Progress) -> Paper:
    job.owner.forget_posts()
    today = clock.today()
    county = county_of(job.owner.people_scope(Verb.VIEW_FIGURES, on=today))
    period = Period.parse(job.arguments["period"])
    if period is None or not job.owner.scope(Verb.VIEW_FIGURES, on=today).covers(county.place):
        raise JobFailed(_("You have no office in a county any more."))
    return print_annual(period, selection=selection_of(county, today), county=county, today=today)


PRINTERS: dict[str, Callable[[Any, Progress], Paper]] = {
    "report": _report,
    "edition": _edition,
    "bulletin": _bulletin,
    "annual": _annual,
}
