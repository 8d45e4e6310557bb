"""The pages of batches, payments and budgets: who sees which lines, what the buttons do."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jobs.models import Job
from loans.models import Loan, PayoutAccount
from subsidies.choices import BatchState, LineStatus, PaymentState, Reason, ReturnCode, ReturnFault
from subsidies.models import BatchChunk, Clawback, Payment, ReturnFile, SubsidyBatch, SubsidyExclusion, SubsidyLine
from tests.factories.county import NOON
from tests.factories.lending import Order, lend
from tests.factories.subsidies import CARD, OTHER_CARD, Journey, Line, computed_batch, give_account

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def loans(office) -> list[Loan]:
    here, there = office.yangcen.village, office.shaxi.village
    return lend(
        Order(here, "50000", date(2014, 3, 25), households=[here.households[0]]),
        Order(here, "60000", date(2014, 3, 25), households=[here.households[1]]),
        Order(there, "70000", date(2014, 3, 25)),
    )


@pytest.fixture
def batch(office, loans) -> SubsidyBatch:
    first, second, third = loans
    return computed_batch(
        office,
        [
            Line(first, "383.33"),
            Line(second, "0", status=LineStatus.EXCLUDED, reason=Reason.MOVED_AWAY),
            Line(third, "536.67", status=LineStatus.ATTENTION, reason=Reason.INTEREST_CAP),
        ],
    )


def url(name: str, *args: object) -> str:
    return reverse(f"subsidies:{name}", args=args)


def body(response) -> str:
    assert response.status_code == 200, response
    return response.content.decode()


def test_the_list_shows_periods_and_sums_in_few_queries(office, batch, sign_in, django_assert_max_num_queries):
    client = sign_in(office.finance_officer)
    client.get(url("batches"))
    with django_assert_max_num_queries(8):  # session, account, posts and the side navigation are among them
        page = body(client.get(url("batches")))
    assert "2014-03-21 — 2014-06-20" in page
    assert "920.00" in page


def test_a_new_batch_offers_the_quarter_after_the_last_one(office, batch, sign_in):
    client = sign_in(office.finance_officer)
    page = body(client.get(url("batch-new")))
    assert "2014-06-21" in page
    assert "2014-09-20" in page
    answer = client.post(
        url("batch-new"),
        {"programme": batch.programme_id, "first_day": "2014-06-21", "last_day": "2014-09-20"},
    )
    new = SubsidyBatch.objects.get(last_day=date(2014, 9, 20))
    assert (answer.url, new.is_estimate) == (url("batch", new.pk), True)


def test_a_period_with_a_gap_is_refused_with_a_sentence(office, batch, sign_in):
    client = sign_in(office.finance_officer)
    data = {"programme": batch.programme_id, "first_day": "2014-07-21", "last_day": "2014-09-20"}
    assert "2014-06-21" in body(client.post(url("batch-new"), data))


def test_each_office_sees_the_lines_of_its_own_area(office, batch, loans, sign_in):
    wanted = {
        office.finance_officer: (True, True),
        office.organisation_officer: (True, True),
        office.leading_group_officer: (True, True),
        office.yangcen.committee_officer: (True, False),
        office.shaxi.credit_officer: (False, True),
    }
    for user, (here, there) in wanted.items():
        page = body(sign_in(user).get(url("batch", batch.pk)))
        assert (loans[0].contract_number in page, loans[2].contract_number in page) == (here, there), user


def test_an_auditor_sees_sums_but_not_who_borrowed(office, batch, loans, sign_in):
    page = body(sign_in(office.auditor).get(url("batch", batch.pk)))
    assert "920.00" in page
    assert loans[0].contract_number not in page
    assert loans[0].application.borrower_name not in page


def test_whoever_has_no_business_with_subsidies_finds_nothing(office, batch, sign_in):
    for user in (office.yangcen.village.clerk, office.leader, office.system_administrator, office.outsider):
        assert sign_in(user).get(url("batch", batch.pk)).status_code == 404
        assert sign_in(user).get(url("batches")).status_code == 404


def test_a_foreign_line_and_a_foreign_loan_do_not_exist(office, batch, loans, sign_in):
    client = sign_in(office.yangcen.committee_officer)
    assert client.get(url("line", batch.lines.get(loan=loans[2]).pk)).status_code == 404
    assert client.get(url("loan", loans[2].pk)).status_code == 404
    assert client.get(url("payments", batch.pk)).status_code == 404


def test_the_roster_is_narrowed_to_what_has_to_be_looked_at(office, batch, loans, sign_in):
    client = sign_in(office.finance_officer)
    page = body(client.get(url("batch", batch.pk), {"status": "not_plain"}))
    assert loans[0].contract_number not in page
    assert loans[1].contract_number in page
    page = body(client.get(url("batch", batch.pk), {"place": loans[2].division_path[:9]}))
    assert loans[1].contract_number not in page


def test_the_roster_is_paged_by_key(office, sign_in):
    village = office.yangcen.village
    many = lend(*(Order(village, "50000", date(2014, 3, 25)) for _ in range(27)))
    batch = computed_batch(office, [Line(loan, "1") for loan in many])
    client = sign_in(office.finance_officer)
    last = batch.lines.order_by("pk")[24]
    page = body(client.get(url("batch", batch.pk), {"after": last.pk}))
    assert many[25].contract_number in page
    assert many[24].contract_number not in page
    assert many[0].contract_number in body(client.get(url("batch", batch.pk), {"before": last.pk, "after": "x"}))


def test_a_running_computation_shows_how_far_it_is_and_stops_asking_at_the_end(office, batch, sign_in):
    SubsidyBatch.objects.update(state=BatchState.COMPUTING, known_at=NOON - timedelta(seconds=30))
    BatchChunk.objects.create(batch=batch, first_loan_id=1, last_loan_id=9, loans=1184, done_at=NOON)
    BatchChunk.objects.create(batch=batch, first_loan_id=10, last_loan_id=19, loans=568)
    client = sign_in(office.finance_officer)
    page = body(client.get(url("progress", batch.pk)))
    assert "67.5%" in page
    assert "1,184" in page
    assert 'data-hx-trigger="every 2s"' in body(client.get(url("batch", batch.pk)))
    SubsidyBatch.objects.update(state=BatchState.COMPUTED)
    assert client.get(url("progress", batch.pk)).headers["HX-Refresh"] == "true"


def test_computing_starts_a_job(office, batch, sign_in):
    answer = sign_in(office.finance_officer).post(url("compute", batch.pk))
    assert answer.url == url("batch", batch.pk)
    assert Job.objects.get().arguments == {"batch_id": batch.pk}
    assert sign_in(office.organisation_officer).post(url("compute", batch.pk)).status_code == 404


def test_a_line_opens_its_working_in_words(office, batch, loans, sign_in):
    client = sign_in(office.finance_officer)
    page = body(client.get(url("line", batch.lines.get(loan=loans[0]).pk)))
    assert "50,000.00" in page
    assert "2014-03-25" in page
    assert "383.33" in page


# --- decisions -------------------------------------------------------------------------------------------------------


def test_a_batch_goes_from_the_review_to_the_payment_by_clicks(office, batch, loans, sign_in):
    review, finance = sign_in(office.organisation_officer), sign_in(office.finance_officer)
    review.post(url("review", batch.pk), {"revision": batch.revision, "draw": "1"})
    verdicts = {f"verdict_{line.place}": "right" for line in batch.sample.all()}
    review.post(url("review", batch.pk), {"revision": batch.revision, "pass": "1", "reason": "属实。", **verdicts})
    batch.refresh_from_db()
    assert batch.state == BatchState.REVIEWED
    finance.post(
        url("publish", batch.pk), {"revision": batch.revision, "place": "县政务公开栏", "starts_on": "2014-08-15"}
    )
    batch.refresh_from_db()
    assert batch.notice_to == date(2014, 8, 21)
    page = body(finance.get(url("batch", batch.pk)))
    assert "disabled" in page  # the notice hangs until the 21st


def test_saving_verdicts_keeps_them_without_deciding(office, batch, sign_in):
    client = sign_in(office.organisation_officer)
    client.post(url("review", batch.pk), {"revision": batch.revision, "draw": "1"})
    client.post(url("review", batch.pk), {"revision": batch.revision, "save": "1", "verdict_1": "right"})
    assert batch.sample.get(place=1).is_right is True
    page = body(client.post(url("review", batch.pk), {"revision": batch.revision, "pass": "1"}))
    assert "error" in page


def test_a_stale_page_is_answered_with_who_decided(office, batch, sign_in):
    journey = Journey(office, batch)
    journey.reviewed()
    client = sign_in(office.finance_officer)
    answer = client.post(url("decide", batch.pk, "void"), {"revision": 2, "reason": "期间有误。"})
    assert answer.status_code == 409
    assert office.organisation_officer.name in answer.content.decode()


def test_giving_up_without_a_reason_shows_the_form_again(office, batch, sign_in):
    client = sign_in(office.finance_officer)
    body(client.post(url("decide", batch.pk, "void"), {"revision": batch.revision, "reason": ""}))
    client.post(url("decide", batch.pk, "void"), {"revision": batch.revision, "reason": "期间有误。"})
    batch.refresh_from_db()
    assert batch.state == BatchState.VOID


def test_nobody_reaches_the_decision_of_another_office(office, batch, sign_in):
    assert sign_in(office.finance_officer).get(url("review", batch.pk)).status_code == 404
    assert sign_in(office.organisation_officer).get(url("decide", batch.pk, "approve")).status_code == 404
    assert sign_in(office.finance_director).get(url("publish", batch.pk)).status_code == 404


# --- payments --------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(office, batch, loans) -> Journey:
    give_account(loans[0])
    journey = Journey(office, batch, begin=NOON - timedelta(days=8))
    journey.sent()
    return journey


def test_the_payments_page_shows_files_sums_and_who_has_no_account(office, batch, loans, sent, sign_in):
    page = body(sign_in(office.finance_officer).get(url("payments", batch.pk)))
    assert batch.files.get().number in page
    assert loans[2].contract_number in page
    assert "383.33" in page
    assert CARD not in page


def test_the_payment_file_is_a_job_of_the_finance_bureau(office, batch, sent, sign_in):
    sign_in(office.finance_officer).post(url("payment-file", batch.pk))
    assert Job.objects.get().kind == "payment_file"
    assert sign_in(office.finance_director).post(url("payment-file", batch.pk)).status_code == 404


def upload(client, batch, lines: str):
    """Upload an answer and book what was read."""
    content = f"支付编号,结果,退票代码,日期,流水号\n{lines}".encode()
    answer = client.post(url("answers", batch.pk), {"file": SimpleUploadedFile("回单.csv", content)})
    return client.post(url("return-file-book", ReturnFile.objects.latest("pk").pk), headers={"referer": answer.url})


def test_the_banks_answer_is_looked_at_and_then_booked(office, batch, sent, sign_in):
    payment = batch.payments.get(state=PaymentState.SENT)
    client = sign_in(office.finance_officer)
    line = f"{payment.pk},退票,账户已销户,2014-08-15,L1"
    for _ in range(2):
        assert upload(client, batch, line).url == url("payments", batch.pk)
    payment.refresh_from_db()
    assert (payment.state, payment.result.code) == (PaymentState.RETURNED, ReturnCode.CLOSED)
    assert upload(client, batch, f"{payment.pk},成功,,2014-08-15,L1").url != url("payments", batch.pk)
    page = body(client.get(url("return-file", ReturnFile.objects.latest("pk").pk)))
    assert str(ReturnFault.ALTERED.label) in page


def test_a_returned_payment_is_paid_again_after_the_account_was_set(office, batch, loans, sent, sign_in):
    payment = batch.payments.get(state=PaymentState.SENT)
    client = sign_in(office.finance_officer)
    upload(client, batch, f"{payment.pk},退票,账户已销户,2014-08-15,L1")
    client.post(url("pay-again", payment.pk))
    assert not Payment.objects.filter(reissues=payment).exists()
    client.post(
        url("account", loans[0].pk),
        {"kind": "card", "number": OTHER_CARD, "holder_name": "张三", "bank_name": "信用社"},
    )
    assert PayoutAccount.objects.get(valid_to=None).number() == OTHER_CARD
    client.post(url("pay-again", payment.pk))
    assert Payment.objects.filter(reissues=payment).count() == 1


def test_a_mistyped_card_number_is_told_at_its_input(office, loans, sign_in):
    data = {"kind": "card", "number": CARD[:-1] + "5", "holder_name": "张三", "bank_name": "信用社"}
    page = body(sign_in(office.yangcen.credit_officer).post(url("account", loans[0].pk), data))
    assert 'href="#id_number"' in page


def test_a_finding_is_written_down_and_cancelled(office, loans, sign_in):
    client = sign_in(office.yangcen.committee_officer)
    data = {"reason": "moved_away", "from_day": "2014-05-01", "until_day": "", "note": "迁往昆明。"}
    client.post(url("exclude", loans[0].pk), data)
    finding = SubsidyExclusion.objects.get()
    assert "迁往昆明" in body(client.get(url("loan", loans[0].pk)))
    client.post(url("cancel-exclusion", loans[0].pk, finding.pk), {"reason": "同名之误。"})
    finding.refresh_from_db()
    assert finding.cancelled_at is not None
    assert client.get(url("cancel-exclusion", loans[1].pk, finding.pk)).status_code == 404


def test_money_that_comes_back_is_booked_on_its_page(office, batch, loans, sent, sign_in):
    sent.book(*(sent.answer(p) for p in batch.payments.filter(state=PaymentState.SENT)))
    old = batch.lines.get(loan=loans[0])
    second = computed_batch(
        office, [Line(loans[0], "-80", corrects=old)], first_day=date(2014, 6, 21), last_day=date(2014, 9, 20)
    )
    Journey(office, second, begin=NOON - timedelta(days=8)).approved()
    claim = Clawback.objects.get()
    client = sign_in(office.finance_officer)
    assert "80.00" in body(client.get(url("payments", second.pk)))
    client.post(url("clawback", claim.pk, "notify"), {"notified_on": "2014-08-15"})
    client.post(
        url("clawback", claim.pk, "take-back"),
        {"amount": "30", "value_date": "2014-08-15", "bank_reference": "Z1"},
    )
    claim.refresh_from_db()
    assert claim.entries.get().amount == Decimal(30)
    client.post(url("clawback", claim.pk, "hand-over"), {"reason": "移交县纪委。"})
    claim.refresh_from_db()
    assert claim.state == "handed_over"


def test_the_budgets_page_shows_what_is_due_and_paid(office, batch, sent, sign_in):
    page = body(sign_in(office.leading_group_officer).get(url("budgets")))
    assert "920.00" in page
    assert sign_in(office.yangcen.committee_officer).get(url("budgets")).status_code == 404


def test_a_paper_is_a_job_and_nothing_else_is_asked_for(office, batch, sign_in):
    client = sign_in(office.yangcen.committee_officer)
    client.post(url("paper", batch.pk), {"kind": "roster", "place": ""})
    assert Job.objects.get().arguments["paper"] == "roster"
    assert client.post(url("paper", batch.pk), {"kind": "anything"}).status_code == 404
    assert client.post(url("paper", batch.pk), {"kind": "roster", "place": "../x"}).status_code == 404
    assert sign_in(office.auditor).post(url("paper", batch.pk), {"kind": "roster"}).status_code == 404


def test_the_subsidies_of_a_loan_stand_on_one_page(office, batch, loans, sign_in):
    page = body(sign_in(office.yangcen.credit_officer).get(url("loan", loans[0].pk)))
    assert "383.33" in page
    assert SubsidyLine.objects.filter(loan=loans[0]).count() == 1


def test_the_page_of_a_batch_asks_little(office, batch, sign_in, django_assert_max_num_queries):
    client = sign_in(office.finance_officer)
    client.get(url("batch", batch.pk))
    # Session, account, posts, navigation; the batch, its lines, their sums, its rule, its budgets, its decisions.
    with django_assert_max_num_queries(12):  # two of them begin and end the transaction of the test
        client.get(url("batch", batch.pk))
