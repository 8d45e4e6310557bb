"""Entering what others printed. Nothing is changed afterwards: a slip is withdrawn, a difference explained."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.choices import Verb
from accounts.models import User
from audit.choices import Action
from audit.operations import record
from dashboards.ledger.queries import comparison_of
from dashboards.models import FigureExplanation, PrintedFigure, Publication
from organizations.models import Division
from organizations.scope import NotAllowed
from web.clock import day_of

KEEPERS = (Verb.MANAGE_PROGRAMMES,)
"""Who keeps the ledger: the offices that write the rules, because they also answer for what is printed."""


class Unfit(Exception):
    """What was entered cannot be; `errors` holds the sentences by field, under `__all__` those of no field."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(sentence for sentences in errors.values() for sentence in sentences))
        self.errors = errors


def require_keeper(user: User, division: Division, on: date) -> None:
    """Go on only if the account keeps the ledger of this county on the day. Raises NotAllowed."""
    user.forget_posts()
    if not user.people_scope(*KEEPERS, on=on).covers_division(division.path):
        raise NotAllowed


@transaction.atomic
def enter_publication(
    *,
    division: Division,
    title: str,
    publisher: str,
    published_on: date,
    data_as_of: date,
    source: str,
    request_id: uuid.UUID,
    entered_by: User,
    at: datetime,
) -> Publication:
    """Enter a publication of a county; the same request again gives the first one's. Raises NotAllowed, Unfit."""
    require_keeper(entered_by, division, day_of(at))
    if known := Publication.objects.filter(request_id=request_id, division=division).first():
        return known
    publication = Publication(
        division=division,
        title=title,
        publisher=publisher,
        published_on=published_on,
        data_as_of=data_as_of,
        source=source,
        request_id=request_id,
        entered_at=at,
        entered_by=entered_by,
    )
    _keep(publication)
    record(action=Action.CREATED, actor=entered_by, at=at, subject=publication)
    return publication


@transaction.atomic
def enter_figure(
    *, publication: Publication, request_id: uuid.UUID, entered_by: User, at: datetime, **printed: Any
) -> PrintedFigure:
    """Enter a printed figure; `printed` are the fields of PrintedFigure. Raises NotAllowed, Unfit.

    A figure without `code` needs a `reason`; a place must lie in the county of the publication.
    """
    require_keeper(entered_by, publication.division, day_of(at))
    if known := publication.figures.filter(request_id=request_id).first():
        return known
    figure = PrintedFigure(
        publication=publication, request_id=request_id, entered_at=at, entered_by=entered_by, **printed
    )
    if figure.division and not figure.division.path.startswith(publication.division.path):
        raise Unfit({"division": [_("This place does not lie in the county.")]})
    _keep(figure)
    record(action=Action.CREATED, actor=entered_by, at=at, subject=figure, label=f"{publication} · {figure}")
    return figure


@transaction.atomic
def withdraw_figure(*, figure_id: int, withdrawn_by: User, at: datetime) -> PrintedFigure:
    """Withdraw a figure that was entered wrongly; it stays in the book. A second time changes nothing."""
    figure = _locked(figure_id)
    require_keeper(withdrawn_by, figure.publication.division, day_of(at))
    if figure.withdrawn_at is None:
        figure.withdrawn_at, figure.withdrawn_by = at, withdrawn_by
        figure.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record(action=Action.CLOSED, actor=withdrawn_by, at=at, subject=figure)
    return figure


@transaction.atomic
def explain_figure(
    *, figure_id: int, text: str, request_id: uuid.UUID, explained_by: User, at: datetime
) -> FigureExplanation:
    """Explain the difference as it is now. Raises NotAllowed; Unfit when there is none to explain."""
    figure = _locked(figure_id)
    require_keeper(explained_by, figure.publication.division, day_of(at))
    if known := figure.explanations.filter(request_id=request_id).first():
        return known
    comparison = comparison_of(figure)
    if comparison.recomputed is None or not comparison.difference:
        raise Unfit({"__all__": [_("There is no difference to explain.")]})
    explanation = FigureExplanation.objects.create(
        figure=figure,
        text=text,
        recomputed=Decimal(comparison.recomputed),
        request_id=request_id,
        explained_at=at,
        explained_by=explained_by,
    )
    record(action=Action.CHANGED, actor=explained_by, at=at, subject=figure, reason=text)
    return explanation


def _locked(figure_id: int) -> PrintedFigure:
    return (
        PrintedFigure.objects.select_for_update(of=("self",))
        .select_related("publication__division", "division")
        .get(pk=figure_id)
    )


def _keep(row: Publication | PrintedFigure) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Unfit(error.message_dict) from error
    row.save()
