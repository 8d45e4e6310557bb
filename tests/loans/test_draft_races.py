"""Two clerks, or one clerk twice, at the same pages at the same moment: on real transactions."""

from collections import Counter
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from loans.choices import Declaration, DraftPage, Outcome
from loans.models import Application, ApplicationDraft
from loans.operations import Blocked, Conflict, NotAllowed
from loans.operations.drafts import PageInput, begin_draft, save_page, submit_draft
from tests.factories.county import NOON, TODAY, County, build_county
from tests.factories.loans import CaseFactory, store_jianchuan
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)

at_once = partial(race, (Blocked, Conflict, NotAllowed))


@pytest.fixture
def office(transactional_db: None) -> County:
    county = build_county()
    store_jianchuan()
    return county


def kinds(results):
    return Counter(type(result).__name__ for result in results)


def saving(case, user, **answers):
    return lambda: save_page(
        application_id=case.pk,
        typed=PageInput(DraftPage.PROJECT, answers),
        revision=case.revision,
        saved_by=user,
        saved_at=NOON,
        is_autosave=True,
    )


def submitting(case, user):
    return lambda: submit_draft(
        application_id=case.pk,
        consent_signed_on=TODAY,
        declarations=tuple(Declaration.values),
        revision=case.revision,
        submitted_by=user,
        submitted_at=NOON,
    )


@pytest.fixture
def clerks(office):
    return office.yangcen.clerk, office.yangcen.village.clerk


def test_ten_clicks_begin_one_draft(office, clerks):
    data, request_id = CaseFactory(office).data, uuid4()
    results = at_once(*[lambda: begin_draft(data=data, request_id=request_id, begun_by=clerks[0], begun_at=NOON)] * 10)
    assert kinds(results) == {"Application": 10}
    assert (Application.objects.count(), ApplicationDraft.objects.count()) == (1, 1)


def test_of_two_clerks_who_save_one_page_one_is_told(office, clerks):
    case = CaseFactory(office).draft()
    for amount in range(10_000, 60_000, 10_000):
        case.refresh_from_db()
        results = at_once(
            saving(case, clerks[0], amount_asked=Decimal(amount)),
            saving(case, clerks[1], amount_asked=Decimal(amount + 1000)),
        )
        assert kinds(results) == {"ApplicationDraft": 1, "Conflict": 1}
        before = case.revision
        case.refresh_from_db()
        assert case.revision == before + 1


def test_what_is_submitted_is_what_was_read(office, clerks):
    case = CaseFactory(office).draft()
    results = at_once(submitting(case, clerks[0]), saving(case, clerks[1], plan="改养蜂。"))
    assert kinds(results)["Conflict"] == 1
    case.refresh_from_db()
    assert (case.submitted_at is None) == (case.plan == "改养蜂。")


def test_ten_clicks_submit_once(office, clerks):
    case = CaseFactory(office).draft()
    results = at_once(*[submitting(case, clerks[0])] * 10)
    assert kinds(results) == {"Application": 1, "Conflict": 9}
    assert case.decisions.filter(outcome=Outcome.SUBMIT).count() == 1
