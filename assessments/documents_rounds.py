"""The papers of a round: the sheet of one subject (组织考核表), the ranking with its rewards. Chinese always."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from accounts.choices import Verb
from accounts.models import User
from assessments.choices import PlanState
from assessments.flow import READERS, REWARD_READERS, SHEET_READERS, levels_of
from assessments.models import Subject
from assessments.queries.explaining import rows_of, sheets_in_order
from assessments.queries.ranking import ranking_of
from assessments.queries.rewards import live_plan, payee_rows
from assessments.queries.rounds import campaigns_in_full, subjects_in_full
from assessments.tables_rounds import grounds_of
from web.documents import render_pdf
from web.uppercase import uppercase_amount

SCORE_SHEET, RANKING_LIST = "score_sheet", "assessment_ranking"
PAPER_LANGUAGE = "zh-hans"


class NotReadable(Exception):
    """The reader may not see this, or not any more."""

    def __init__(self) -> None:
        super().__init__(gettext("This assessment is outside your area, so it cannot be printed."))


@dataclass(frozen=True)
class Paper:
    """A finished paper and what it is called."""

    content: bytes
    name: str


def print_sheet(*, subject_id: int, reader: User, on: date) -> Paper:
    """Return the sheet of a subject inside what the reader's posts reach.

    Raises NotReadable and what web.documents.render_pdf raises.
    """
    reader.forget_posts()
    readable = Subject.objects.for_scope(reader.scope(*SHEET_READERS, on=on))
    subject = subjects_in_full().filter(pk__in=readable, pk=subject_id).first()
    if subject is None:
        raise NotReadable
    with translation.override(PAPER_LANGUAGE):
        levels = levels_of(subject.campaign.scheme.subject_kind)
        context = {
            "subject": subject,
            "campaign": subject.campaign,
            "result": getattr(subject, "result", None),
            "levels": levels,
            "rows": rows_of(subject, levels),
            "sheets": sheets_in_order(subject, levels),
            "boxes": list(zip(levels, sheets_in_order(subject, levels), strict=True)),
        }
        return _paper("assessments/documents/score_sheet.html", context, f"组织考核表 {subject.name}", on)


def print_ranking(*, campaign_id: int, reader: User, on: date) -> Paper:
    """Return the ranking of a round, with the rewards for those who handle them. Raises as `print_sheet`."""
    reader.forget_posts()
    scope = reader.people_scope(*READERS, on=on)
    campaign = campaigns_in_full().filter(pk=campaign_id).first()
    if campaign is None or not any(path.startswith(campaign.county.path) for path in scope.division_paths):
        raise NotReadable
    if not campaign.is_published and not reader.post_covering(Verb.ASSESS, campaign.county.place, on=on):
        raise NotReadable
    plan = live_plan(campaign) if reader.may(*REWARD_READERS, on=on) else None
    with translation.override(PAPER_LANGUAGE):
        is_shown = plan is not None and plan.state != PlanState.RETURNED
        payees = [(one, grounds_of(one)) for one in payee_rows(plan)] if plan and is_shown else []
        context = {
            "campaign": campaign,
            "results": ranking_of(campaign),
            "plan": plan if is_shown else None,
            "payees": payees,
            "uppercase": uppercase_amount(plan.total) if plan and is_shown else "",
        }
        return _paper("assessments/documents/ranking.html", context, f"考核结果 {campaign.name}", on)


def _paper(template: str, context: Mapping[str, Any], title: str, on: date) -> Paper:
    return Paper(render_pdf(template, dict(context), title=title, created_on=on), f"{title.replace(' ', '_')}.pdf")
