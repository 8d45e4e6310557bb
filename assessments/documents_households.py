"""Papers of this room that anybody can check or repeat: the certificate of a title, the record of a draw."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext

from accounts.choices import Verb
from accounts.models import User
from assessments.choices_households import HonourState
from assessments.flow_households import READERS
from assessments.models import HouseholdHonour, Inspection
from assessments.queries.households import honours_in_full
from assessments.queries.inspections import inspections_for, items_of
from loans.choices import PaperKind
from loans.documents_code import Content, Paper, make_paper
from web.clock import day_of
from web.documents import render_pdf
from web.masking import masked_name

AWARD_CERTIFICATE, DRAW_RECORD = "award_certificate", "draw_record"
PAPER_LANGUAGE = "zh-hans"


class NotPrintable(Exception):
    """The reader may not see it, or there is nothing to print."""

    def __init__(self) -> None:
        super().__init__(gettext("This is outside your area or not so far, so it cannot be printed."))


def print_certificate(*, honour_id: int, reader: User, at: datetime) -> Paper:
    """Return the certificate of a title that stands. The same title gives the same bytes.

    Raises NotPrintable, and what web.documents.render_pdf raises.
    """
    reader.forget_posts()
    readable = HouseholdHonour.objects.for_scope(reader.scope(*READERS, on=day_of(at)))
    honour = honours_in_full().filter(pk__in=readable, pk=honour_id, state=HonourState.AWARDED).first()
    if honour is None:
        raise NotPrintable
    return make_paper(certificate_content(honour), issued_by=reader, issued_at=at)


def certificate_content(honour: HouseholdHonour) -> Content:
    """Return what the certificate says. Needs `honours_in_full`."""
    assert honour.awarded_on is not None
    with translation.override(PAPER_LANGUAGE):
        title = f"示范户证书 {honour.award_number}"
        context = {
            "honour": honour,
            "title_name": honour.get_title_display(),
            "issuer": f"{honour.scheme.division.name}“红色信贷”工作领导小组",
        }
    return Content(
        kind=PaperKind.AWARD_CERTIFICATE,
        subject=f"honour:{honour.pk}",
        number=honour.award_number,
        title=title,
        template="assessments/documents/certificate.html",
        created_on=honour.awarded_on,
        context=context,
        facts={
            "name": masked_name(honour.person.name),
            "day": honour.awarded_on.isoformat(),
            "office": honour.scheme.division.name,
        },
    )


@dataclass(frozen=True)
class DrawRecord:
    """The record of a draw and what it is called."""

    inspection: Inspection
    content: bytes
    name: str


def print_draw(*, inspection_id: int, reader: User, on: date) -> DrawRecord:
    """Return the record of a draw with the way to repeat it, for the county's department or a township's committee.

    A township's record lists its own loans only. Raises NotPrintable, and what web.documents.render_pdf raises.
    """
    reader.forget_posts()
    scope = reader.scope(Verb.ASSESS, Verb.FILE, on=on)
    inspection = inspections_for(reader, on=on).filter(pk=inspection_id).first() if scope else None
    if inspection is None:
        raise NotPrintable
    drawn_on = day_of(inspection.drawn_at)
    context = {"inspection": inspection, "items": items_of(inspection, scope=scope), "drawn_on": drawn_on}
    title = f"随机调研抽取记录 {inspection.number}"
    with translation.override(PAPER_LANGUAGE):
        pdf = render_pdf("assessments/documents/draw.html", context, title=title, created_on=drawn_on)
    return DrawRecord(inspection, pdf, f"{title.replace(' ', '_')}.pdf")
