"""The pages of servicing: the account of a loan, the acts, reversals, how a sum is split, arrears and reminders."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from finance.daycount import add_months
from loans.choices import EntryKind, LoanState
from loans.models import Loan
from loans.operations.standings import refresh_due_standings
from loans.queries.arrears import BUCKETS, SOON
from tests.factories.county import TODAY
from tests.loans.pages import text_of
from tests.loans.servicing import LoanStory
from web import clock

ARREARS = reverse("loans:arrears")


@pytest.fixture
def story(office):
    return LoanStory(office)


@pytest.fixture
def client(office, sign_in):
    return sign_in(office.yangcen.credit_officer)


@pytest.fixture
def on(story):
    """Stop the clock at noon of a day."""
    return lambda day: clock.frozen(story.at(day))


def page_of(story):
    return reverse("loans:loan", args=[story.loan.pk])


def act_url(story, kind):
    return reverse("loans:act", args=[story.loan.pk, kind])


def kinds_offered(page):
    return {kind for kind, _title in page.context["acts"]}


def test_the_page_shows_the_account_of_the_day(story, client, on):
    with on(story.due + timedelta(days=100)):
        page = client.get(page_of(story))
    text = text_of(page)
    assert page.context["account"].overdue_days == 100
    for words in ("逾期", "非应计", "罚息", "今日结清需还"):
        assert words in text


def test_a_reversed_entry_is_struck_out_with_its_reason(story, client, on):
    story.repay(1000, on=story.days(9), reference="HK-7")
    with on(story.days(10)):
        client.post(
            reverse("loans:reversal", args=[story.loan.pk, story.entry(EntryKind.PRINCIPAL).pk]),
            {"reason": "记错户名。"},
        )
        text = text_of(client.get(page_of(story)))
    assert "<s>归还本金</s>" in text
    assert "记错户名。" in text


def test_a_loan_offers_what_makes_sense_as_it_stands(story, client, on):
    with on(story.days(10)):
        assert kinds_offered(client.get(page_of(story))) == {"extension", "renewal", "rate_change", "misuse"}
    story.do_misuse(on=story.days(10))
    with on(story.due + timedelta(days=1)):
        refresh_due_standings(on=clock.today())
        assert kinds_offered(client.get(page_of(story))) == {"rate_change", "misuse_ended"}
        assert client.get(act_url(story, EntryKind.EXTENSION)).status_code == 404


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (EntryKind.EXTENSION, {"new_due_date": "later", "document_number": "展-1"}),
        (EntryKind.RATE_CHANGE, {"rate_percent": "5.2", "document_number": "调-1"}),
        (EntryKind.MISUSE, {"reason": "转借他人。"}),
    ],
)
def test_an_act_is_written_into_the_ledger_once_though_clicked_twice(story, client, on, kind, fields):
    day = story.days(10)
    posted = {"value_date": day.isoformat(), **fields}
    if "new_due_date" in fields:
        posted["new_due_date"] = add_months(story.due, 3).isoformat()
    with on(day):
        assert client.get(act_url(story, kind)).status_code == 200
        assert [client.post(act_url(story, kind), posted).status_code for _click in range(2)] == [302, 302]
    assert story.loan.entries.filter(kind=kind).count() == 1


def test_a_refused_act_says_why_at_the_input_to_blame(story, client, on):
    with on(story.days(10)):
        posted = {
            "value_date": story.days(10).isoformat(),
            "new_due_date": add_months(story.due, 13).isoformat(),
            "document_number": "展-1",
        }
        page = client.post(act_url(story, EntryKind.EXTENSION), posted)
    assert page.status_code == 200
    assert "12" in page.context["form"].errors["new_due_date"][0]


def test_written_off_on_its_page_a_loan_says_so(story, client, on):
    day = story.due + timedelta(days=400)
    with on(day):
        refresh_due_standings(on=day)
        story.do_write_off(on=day)
        assert "已核销" in text_of(client.get(page_of(story)))
    assert Loan.objects.get(pk=story.loan.pk).state == LoanState.WRITTEN_OFF


def test_the_disbursement_has_no_page_of_reversal(story, client, noon):
    url = reverse("loans:reversal", args=[story.loan.pk, story.entry(EntryKind.DISBURSEMENT).pk])
    assert client.get(url).status_code == 404


def test_entries_of_one_payment_are_shown_together_before_they_are_reversed(story, client, on):
    story.repay(1000, on=story.days(9), interest=50)
    with on(story.days(9)):
        page = client.get(reverse("loans:reversal", args=[story.loan.pk, story.entry(EntryKind.PRINCIPAL).pk]))
    assert [entry.kind for entry in page.context["entries"]] == [EntryKind.PRINCIPAL, EntryKind.INTEREST]


# how a sum is split


def split(client, story, **fields):
    return client.get(reverse("loans:allocation", args=[story.loan.pk]), fields)


def test_a_sum_is_split_while_it_is_typed(story, client, on):
    day = story.due + timedelta(days=30)
    with on(day):
        page = split(client, story, amount="1,200", value_date=day.isoformat(), costs="100")
    proposal = page.context["proposal"]
    assert (proposal.costs, proposal.principal) == (100, 0)
    assert proposal.penalty + proposal.compound + proposal.interest == 1100
    assert f'value="{proposal.penalty}"' in text_of(page)


def test_more_than_is_owed_is_pointed_out(story, client, noon):
    page = split(client, story, amount="60000", value_date=story.start.isoformat())
    assert page.context["proposal"].rest == 10000
    assert "10,000.00" in text_of(page)


@pytest.mark.parametrize("fields", [{}, {"amount": "x"}, {"amount": "1", "value_date": "2000-01-01"}, {"costs": "-"}])
def test_without_a_sum_nothing_is_proposed(story, client, noon, fields):
    page = split(client, story, **fields)
    assert (page.status_code, page.context["proposal"]) == (200, None)


def test_without_a_proposal_the_parts_typed_by_hand_stay_in_the_form(story, client, on):
    assert split(client, story, value_date=story.start.isoformat())["HX-Reswap"] == "none"
    with on(story.due):
        assert "HX-Reswap" not in split(client, story, amount="1000", value_date=story.due.isoformat())


def test_the_parts_must_add_up_to_the_sum_brought(story, client, noon):
    posted = {
        "amount": "1000", "principal": "900", "interest": "99", "value_date": TODAY.isoformat(),
        "bank_reference": "HK-1",
    }  # fmt: skip
    assert "amount" in client.post(page_of(story), posted).context["form"].errors
    assert client.post(page_of(story), posted | {"interest": "60", "penalty": "40"}).status_code == 302
    assert story.entry(EntryKind.PENALTY).amount == Decimal(40)


# arrears and reminders


@pytest.fixture
def late(office):
    """Two loans that fall due on the same day."""
    return [LoanStory(office, person=office.yangcen.village.people[2 * number]) for number in range(2)]


def rows(page):
    return [row.pk for row in page.context["table"].data]


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, ""), (1, "1-30"), (30, "1-30"), (31, "31-90"), (90, "31-90"), (91, "91-270"), (270, "91-270"),
     (271, "271-360"), (360, "271-360"), (361, "361-")],
)  # fmt: skip
def test_a_loan_stands_in_the_bucket_of_its_days(story, client, on, days, code):
    day = story.due + timedelta(days=days)
    with on(day):
        refresh_due_standings(on=day)
        found = [b.code for b in BUCKETS if rows(client.get(ARREARS, {"bucket": b.code}))]
        everything = rows(client.get(ARREARS))
    assert found == ([code] if code else [])
    assert bool(everything) is bool(code)


@pytest.mark.parametrize(("days", "is_soon"), [(-31, False), (-30, True), (0, True), (1, False)])
def test_borrowers_are_reminded_in_the_last_thirty_days(story, client, on, days, is_soon):
    day = story.due + timedelta(days=days)
    with on(day):
        refresh_due_standings(on=day)
        assert bool(rows(client.get(ARREARS, {"bucket": SOON}))) is is_soon


def test_an_extended_loan_is_reminded_of_its_new_day(story, client, on):
    new_day = add_months(story.due, 6)
    story.extend(new_day, on=story.due)
    with on(story.due):
        assert rows(client.get(ARREARS, {"bucket": SOON})) == []
    with on(new_day):
        refresh_due_standings(on=new_day)
        assert rows(client.get(ARREARS, {"bucket": SOON})) == [story.loan.pk]


def test_a_written_off_loan_is_no_longer_in_the_list(story, client, on):
    day = story.due + timedelta(days=400)
    story.do_write_off(on=day)
    with on(day):
        assert rows(client.get(ARREARS)) == []


def test_arrears_of_another_outlet_are_not_listed(office, story, sign_in, on):
    day = story.due + timedelta(days=9)
    with on(day):
        refresh_due_standings(on=day)
        assert rows(sign_in(office.shaxi.credit_officer).get(ARREARS)) == []
        assert sign_in(office.outsider).get(ARREARS).status_code == 404


def test_only_who_collects_gets_the_button(office, story, sign_in, client, on):
    day = story.due + timedelta(days=9)
    url = reverse("loans:collection-new", args=[story.loan.pk])
    with on(day):
        refresh_due_standings(on=day)
        assert url in text_of(client.get(ARREARS))
        assert url not in text_of(sign_in(office.yangcen.credit_manager).get(ARREARS))


@pytest.mark.parametrize("bucket", ["", SOON, "nonsense"])
def test_the_list_asks_a_constant_number_of_questions(late, client, questions, bucket):
    day = late[0].due if bucket == SOON else late[0].due + timedelta(days=5)
    with clock.frozen(late[0].at(day)):
        refresh_due_standings(on=day)
        client.get(ARREARS, {"bucket": bucket})
        with questions() as asked:
            assert len(rows(client.get(ARREARS, {"bucket": bucket}))) == 2
    assert len(asked) <= 6, asked  # one more than other lists: the sizes of the buckets


def test_home_counts_what_is_late_and_what_is_due(office, story, client, on):
    day = story.due + timedelta(days=9)
    with on(day):
        refresh_due_standings(on=day)
        text = text_of(client.get("/"))
    assert ARREARS in text
    assert "逾期贷款" in text
