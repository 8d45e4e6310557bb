"""The queue of a step and the list of all cases."""

from datetime import timedelta

import pytest
from django.urls import reverse

from loans.choices import StepCode
from loans.models import Application
from loans.queries.cases import BY_DEADLINE
from tests.factories.county import NOON, TODAY
from tests.factories.loans import CaseFactory
from tests.loans.pages import text_of

QUESTIONS_MAX = 5
REVIEW = reverse("loans:queue", args=[StepCode.BRANCH_REVIEW])


def many_at_review(office, number):
    """Copy one case at the review: what a list asks does not depend on how its rows came to be."""
    first = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    copies = [
        Application(
            **{
                field.attname: getattr(first, field.attname)
                for field in Application._meta.concrete_fields
                if field.attname not in ("id", "number", "request_id", "person_id", "entity_id", "due_date")
            },
            number=f"copy-{n:03}",
            person_id=first.person_id,
            entity_id=None,
            due_date=TODAY + timedelta(days=n % 7 - 3),
        )
        for n in range(number - 1)
    ]
    return first, copies


@pytest.fixture
def crowd(office):
    """Fill the queue of the branch with cases of different people."""

    def fill(number):
        people = [p for v in office.villages for p in v.people]
        first, copies = many_at_review(office, number)
        others = [person for person in people if person.pk != first.person_id]
        for copy, person in zip(copies, others, strict=False):
            copy.person = person
        Application.objects.bulk_create(copies[: len(others)])
        return first

    return fill


def test_the_queue_shows_what_waits_for_the_branch(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    page = text_of(sign_in(office.yangcen.village.secretary).get(REVIEW))
    assert case.person.name in page
    assert reverse("loans:decide", args=[case.pk, StepCode.BRANCH_REVIEW]) in page


def test_the_queue_of_a_neighbour_does_not_show_it(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    assert case.person.name not in text_of(sign_in(office.shaxi.village.secretary).get(REVIEW))
    assert case.person.name not in text_of(sign_in(office.yangcen.village.other_secretary).get(REVIEW))


def test_a_queue_of_another_office_is_not_there(office, sign_in, noon):
    assert sign_in(office.finance_officer).get(REVIEW).status_code == 404
    assert sign_in(office.outsider).get(REVIEW).status_code == 404


def test_no_full_identity_number_is_in_a_queue(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    assert case.person.read_id_number() not in text_of(sign_in(office.yangcen.village.secretary).get(REVIEW))


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "剩 1 个工作日"), (0, "今天到期"), (1, "超期 1 个工作日"), (4, "超期 2 个工作日")],
    ids=["a day left", "today", "a working day late", "the weekend does not count"],
)
def test_the_deadline_is_told_in_working_days(office, sign_in, at, days, words):
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    case.due_date = TODAY - timedelta(days=1)  # a Thursday
    case.save(update_fields=["due_date"])
    with at(days - 1):
        assert words in text_of(sign_in(office.yangcen.village.secretary).get(REVIEW))


def test_the_most_urgent_case_comes_first(office, sign_in, noon, crowd):
    crowd(8)
    rows = sign_in(office.yangcen.village.secretary).get(REVIEW).context["rows"]
    days = [row.due_date for row in rows]
    assert days == sorted(days)


@pytest.mark.parametrize("number", [3, 45])
def test_a_queue_asks_at_most_five_questions(office, sign_in, noon, crowd, questions, number):
    crowd(number)
    client = sign_in(office.yangcen.village.secretary)
    client.get(REVIEW)
    with questions() as asked:
        assert client.get(REVIEW).status_code == 200
    assert len(asked) <= QUESTIONS_MAX, asked


@pytest.mark.parametrize("number", [3, 45])
def test_the_list_of_cases_asks_at_most_five_questions(office, sign_in, noon, crowd, questions, number):
    crowd(number)
    client = sign_in(office.yangcen.clerk)
    client.get(reverse("loans:cases"))
    with questions() as asked:
        assert client.get(reverse("loans:cases"), {"text": "猪"}).status_code == 200
    assert len(asked) <= QUESTIONS_MAX, asked


def test_the_pages_of_a_queue_show_every_case_once(office, sign_in, noon, crowd):
    crowd(48)
    client = sign_in(office.yangcen.village.secretary)
    seen, url = [], REVIEW
    while url:
        response = client.get(url)
        seen += [row.pk for row in response.context["rows"]]
        following = response.context["urls"]["next"]
        url = REVIEW + following if following else ""
    assert len(seen) == len(set(seen)) == Application.objects.filter(step=StepCode.BRANCH_REVIEW).count() > 25


def test_the_page_before_is_the_page_one_came_from(office, sign_in, noon, crowd):
    crowd(48)
    client = sign_in(office.yangcen.village.secretary)
    first = client.get(REVIEW)
    second = client.get(REVIEW + first.context["urls"]["next"])
    back = client.get(REVIEW + second.context["urls"]["previous"])
    assert [r.pk for r in back.context["rows"]] == [r.pk for r in first.context["rows"]]
    assert back.context["urls"]["previous"] == ""


def test_the_head_counts_the_whole_queue(office, sign_in, noon, crowd):
    crowd(40)
    waiting = Application.objects.filter(step=StepCode.BRANCH_REVIEW)
    total, late = waiting.count(), waiting.filter(due_date__lt=TODAY).count()
    page = text_of(sign_in(office.yangcen.village.secretary).get(REVIEW))
    assert f"{total} 件待办，其中 {late} 件超期" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"due": "overdue"}, lambda case: case.due_date < TODAY),
        ({"due": "today"}, lambda case: case.due_date == TODAY),
        ({"purpose": "crops"}, lambda case: case.purpose == "crops"),
    ],
)
def test_a_filter_narrows_the_queue(office, sign_in, noon, crowd, query, found):
    crowd(20)
    rows = sign_in(office.yangcen.village.secretary).get(REVIEW, query).context["rows"]
    assert [case.pk for case in rows] == [
        case.pk
        for case in Application.objects.filter(step=StepCode.BRANCH_REVIEW).by_deadline()
        if found(case)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "broken", ["x", "2014-08-15~", "~1", "2014-13-40~5", "2014-08-15~9" * 9, "%00", "2014-08-15~²"]
)
def test_a_broken_cursor_shows_the_first_page(office, sign_in, noon, broken):
    assert BY_DEADLINE.read(broken) is None
    case = CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    assert case.person.name in text_of(sign_in(office.yangcen.village.secretary).get(REVIEW, {"after": broken}))


@pytest.mark.parametrize(
    "query",
    [
        {"place": "9" * 40},
        {"purpose": "gold"},
        {"due": "never"},
        {"text": "\x00"},
        {"text": "名" * 300},
        {"year": "0"},
        {"state": "😀"},
    ],
)
def test_a_tampered_filter_is_no_error(office, sign_in, noon, query):
    CaseFactory(office).at(StepCode.BRANCH_REVIEW)
    client = sign_in(office.yangcen.village.secretary)
    assert client.get(REVIEW, query).status_code == 200
    assert client.get(reverse("loans:cases"), query).status_code == 200


@pytest.mark.parametrize("text", ["{name}", "{initials}", "{number}", "{last_four}", "生猪"])
def test_a_case_is_found_by_what_people_remember(office, sign_in, noon, text):
    case = CaseFactory(office).at(StepCode.REFERRAL)
    person = case.person
    wanted = text.format(
        name=person.name[:2], initials=person.initials, number=case.number[-5:], last_four=person.id_number_last_four
    )
    rows = sign_in(office.yangcen.clerk).get(reverse("loans:cases"), {"text": wanted}).context["table"].data
    assert [row.pk for row in rows] == [case.pk]


def test_a_clerk_finds_his_own_drafts(office, sign_in, noon):
    draft = CaseFactory(office).draft()
    client = sign_in(office.yangcen.clerk)
    rows = client.get(reverse("loans:cases"), {"state": "draft", "mine": "on"}).context["table"].data
    assert [row.pk for row in rows] == [draft.pk]
    other = sign_in(office.yangcen.village.clerk).get(reverse("loans:cases"), {"mine": "on"})
    assert list(other.context["table"].data) == []


def test_the_list_shows_a_case_only_to_those_in_whose_area_it_lies(office, sign_in, noon):
    case = CaseFactory(office).at(StepCode.COMMITTEE_FILING)
    seen = {
        user.username: case.number in text_of(sign_in(user).get(reverse("loans:cases")))
        for user in (office.yangcen.clerk, office.finance_officer, office.shaxi.clerk, office.shaxi.credit_officer)
    }
    assert list(seen.values()) == [True, True, False, False]
    assert sign_in(office.outsider).get(reverse("loans:cases")).status_code == 404
    assert sign_in(office.leader).get(reverse("loans:cases")).status_code == 404


def test_what_an_account_handled_can_be_listed(office, sign_in, noon):
    handled = CaseFactory(office).at(StepCode.PUBLIC_NOTICE)
    CaseFactory(office, person=office.yangcen.village.people[0], begin=NOON - timedelta(days=5)).at(StepCode.REFERRAL)
    rows = (
        sign_in(office.yangcen.village.secretary)
        .get(reverse("loans:cases"), {"handled": "1"})
        .context["table"]
        .data
    )  # fmt: skip
    assert [row.pk for row in rows] == [handled.pk]
