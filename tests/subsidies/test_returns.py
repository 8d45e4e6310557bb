"""What the bank answers: read in a program of its own, looked at, booked all or nothing, never twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organizations.scope import NotAllowed
from subsidies.choices import BatchState, PaymentState, ReturnCode, ReturnFault, ReturnFileState, ReturnOutcome
from subsidies.models import PaymentResult, ReturnFile
from subsidies.operations import returns
from subsidies.operations.errors import Blocked
from subsidies.queries.return_files import CODE_WORDS, CODES_OFFERED, COLUMNS, lines_of, tally, template
from tests.factories.lending import Order, lend
from tests.factories.spreadsheets import OLE, csv_file, workbook
from tests.factories.subsidies import Journey, Line, computed_batch, give_account
from web import clock
from web.spreadsheets import Unreadable, read_rows

pytestmark = pytest.mark.usefixtures("invariants_hold")
HAND_WRITTEN = frozenset({"decisions_follow_the_rules", "lines_add_up_to_entitlement", "snapshot_is_as_it_was"})
HEADER = ["支付编号", "结果", "退票代码", "日期", "流水号", "金额"]


@pytest.fixture
def loans(office):
    village = office.yangcen.village
    return lend(*(Order(village, "50000", date(2014, 3, 25), households=[h]) for h in village.households[:3]))


@pytest.fixture
def journey(office, loans):
    for loan in loans:
        give_account(loan)
    made = Journey(office, computed_batch(office, [Line(loan, "100.10") for loan in loans]))
    made.sent()
    return made


@pytest.fixture
def payments(journey):
    return list(journey.batch.payments.order_by("pk"))


def row(journey, payment, *, code="", day=None, reference=None, amount=""):
    result = "退票" if code else "成功"
    day = day or journey.moment.date().isoformat()
    return [str(payment.pk), result, code, day, reference or f"L{payment.pk}", amount]


def take_in(journey, *rows, content=None, by=None) -> ReturnFile:
    return returns.take_in_answers(
        batch_id=journey.batch.pk, content=content or workbook([HEADER, *rows]), file_name="回单.xlsx",
        uploaded_by=by or journey.county.finance_officer, uploaded_at=journey.moment,
    )  # fmt: skip


def book(journey, file, by=None) -> returns.Booked:
    return returns.book_return_file(
        file_id=file.pk, booked_by=by or journey.county.finance_officer, booked_at=journey.moment
    )


def faults(file) -> list[list[str]]:
    return [[problem["fault"] for problem in line.problems] for line in file.lines.order_by("row_number")]


def test_a_workbook_is_read_and_nothing_is_booked_before_somebody_says_so(journey, payments):
    file = take_in(journey, row(journey, payments[0]), row(journey, payments[1], code="账户已销户"))
    assert (file.state, PaymentResult.objects.count()) == (ReturnFileState.READ, 0)
    found = tally(file)
    assert (found.credited, found.returned, found.faulty) == (1, 1, 0)
    assert (found.credited_amount, found.returned_amount) == (Decimal("100.10"), Decimal("100.10"))


def test_booking_a_file_books_every_row(journey, payments):
    file = take_in(journey, row(journey, payments[0]), row(journey, payments[1], code="睡眠户"))
    assert book(journey, file) == returns.Booked(new=2, known=0)
    assert [payment.state for payment in journey.batch.payments.order_by("pk")] == [
        PaymentState.CREDITED, PaymentState.RETURNED, PaymentState.SENT,
    ]  # fmt: skip
    assert payments[1].result.code == ReturnCode.DORMANT
    file.refresh_from_db()
    assert (file.state, file.booked_by) == (ReturnFileState.BOOKED, journey.county.finance_officer)


def test_the_same_file_and_the_same_rows_in_another_file_book_nothing_twice(journey, payments):
    rows = [row(journey, payment) for payment in payments]
    content = workbook([HEADER, *rows])
    file = take_in(journey, content=content)
    book(journey, file)
    assert book(journey, file) == returns.Booked(new=0, known=3)
    assert take_in(journey, content=content) == file
    other = take_in(journey, content=csv_file([HEADER, *reversed(rows)]))
    assert set(other.lines.values_list("outcome", flat=True)) == {ReturnOutcome.KNOWN}
    assert book(journey, other) == returns.Booked(new=0, known=3)
    assert PaymentResult.objects.count() == 3
    journey.batch.refresh_from_db()
    assert journey.batch.state == BatchState.RECONCILED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_its_encodings(journey, payments, encoding):
    file = take_in(journey, content=csv_file([HEADER, row(journey, payments[0], code="户名与账号不符")], encoding))
    assert file.lines.get().code == ReturnCode.NAME_MISMATCH


@pytest.mark.parametrize(("word", "code"), [(word, CODE_WORDS[word]) for word in CODES_OFFERED])
def test_every_reason_of_the_handbook_has_its_code(journey, payments, word, code):
    assert take_in(journey, row(journey, payments[0], code=word)).lines.get().code == code


@pytest.mark.parametrize(
    ("changed", "cell", "fault"),
    [
        ({0: "x"}, "A2", ReturnFault.NOT_A_PAYMENT),
        ({0: ""}, "A2", "empty"),
        ({0: 12345678901234567890}, "A2", "too_long"),
        ({0: "999999"}, "", ReturnFault.OF_ANOTHER_BATCH),
        ({1: "也许"}, "B2", ReturnFault.UNKNOWN_RESULT),
        ({1: "退票"}, "C2", ReturnFault.UNKNOWN_CODE),
        ({1: "退票", 2: "不知道"}, "C2", ReturnFault.UNKNOWN_CODE),
        ({3: "20.08"}, "D2", "not_a_day"),
        ({3: "2014-01-01"}, "", ReturnFault.NOT_IN_TIME),
        ({3: "2024-01-01"}, "", ReturnFault.NOT_IN_TIME),
        ({4: ""}, "E2", "empty"),
        ({4: "流" * 61}, "E2", ReturnFault.NOT_A_REFERENCE),
        ({5: "100.11"}, "", ReturnFault.OTHER_AMOUNT),
        ({5: "一百"}, "F2", "not_an_amount"),
    ],
)
def test_each_wrong_cell_gets_its_sentence(journey, payments, changed, cell, fault):
    cells = row(journey, payments[0])
    for index, value in changed.items():
        cells[index] = value
    line = take_in(journey, cells).lines.get()
    assert line.outcome == ReturnOutcome.FAULTY
    assert {"cell": cell, "fault": str(fault)} in line.problems
    assert all(sentence.strip() for sentence in line.sentences)


def test_the_amount_may_be_written_with_our_own_figure(journey, payments):
    assert faults(take_in(journey, row(journey, payments[0], amount="100.10"))) == [[]]


def test_a_payment_or_reference_that_stands_there_twice_is_refused_in_both_rows(journey, payments):
    one, two, _ = payments
    file = take_in(
        journey,
        row(journey, one, reference="A"),
        row(journey, one, reference="B"),
        row(journey, two, reference="B"),
    )
    assert faults(file) == [[ReturnFault.TWICE]] * 3


def test_one_wrong_row_keeps_the_whole_file_from_being_booked(journey, payments):
    bad = row(journey, payments[1], day="昨天")
    file = take_in(journey, row(journey, payments[0]), bad)
    with pytest.raises(Blocked):
        book(journey, file)
    assert not PaymentResult.objects.exists()
    assert next(iter(lines_of(file))).row_number == 3


def test_what_the_bank_answered_otherwise_before_is_shown_and_not_overwritten(journey, payments):
    book(journey, take_in(journey, row(journey, payments[0])))
    altered = take_in(journey, row(journey, payments[0], code="账户已销户"))
    taken = take_in(journey, row(journey, payments[1], reference=f"L{payments[0].pk}"))
    assert faults(altered) == [[ReturnFault.ALTERED]]
    assert faults(taken) == [[ReturnFault.REFERENCE_TAKEN]]


def test_a_file_read_before_another_was_booked_is_looked_at_again_when_it_is_booked(journey, payments):
    first = take_in(journey, row(journey, payments[0], reference="A"))
    book(journey, take_in(journey, row(journey, payments[0], reference="B")))
    with pytest.raises(Blocked, match=str(ReturnFault.ALTERED.label)):
        book(journey, first)


def test_a_file_that_was_only_read_is_read_anew_and_a_discarded_one_is_not_booked(journey, payments):
    content = workbook([HEADER, row(journey, payments[0])])
    old = take_in(journey, content=content)
    new = take_in(journey, content=content)
    old.refresh_from_db()
    assert (old.state, new.state) == (ReturnFileState.DISCARDED, ReturnFileState.READ)
    with pytest.raises(Blocked):
        book(journey, old)
    returns.discard_return_file(
        file_id=new.pk, discarded_by=journey.county.finance_officer, discarded_at=journey.moment
    )
    with pytest.raises(Blocked):
        book(journey, new)


def test_a_booked_file_is_not_discarded(journey, payments):
    file = take_in(journey, row(journey, payments[0]))
    book(journey, file)
    with pytest.raises(Blocked):
        returns.discard_return_file(
            file_id=file.pk, discarded_by=journey.county.finance_officer, discarded_at=journey.moment
        )


def test_only_the_finance_officer_takes_an_answer_in_and_books_it(office, journey, payments):
    file = take_in(journey, row(journey, payments[0]))
    for user in (office.finance_director, office.organisation_officer, office.yangcen.credit_officer):
        with pytest.raises(NotAllowed):
            take_in(journey, row(journey, payments[1]), by=user)
        with pytest.raises(NotAllowed):
            book(journey, file, by=user)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"\xff\xfe\x00", b"PK\x03\x04" + bytes(50), b'"open\n', OLE]
)
def test_what_is_no_table_gets_a_sentence(journey, content):
    with pytest.raises(Unreadable, match="."):
        take_in(journey, content=content or b" ")


def test_the_template_holds_the_payments_at_the_bank_and_can_be_read_back(journey, payments):
    rows = read_rows(_file(template(journey.batch.payments.order_by("pk"))), COLUMNS)
    assert [row["payment"].text for row in rows] == [str(payment.pk) for payment in payments]
    assert rows[0]["amount"].text == "100.1"


def _file(content):
    return SimpleUploadedFile("template.xlsx", content)


# pages


@pytest.fixture
def client(office, sign_in, journey):
    with clock.frozen(journey.moment):
        yield sign_in(office.finance_officer)


def upload(client, journey, content, name="回单.xlsx"):
    return client.post(
        reverse("subsidies:answers", args=[journey.batch.pk]), {"file": SimpleUploadedFile(name, content)}
    )


def test_an_officer_sees_what_a_file_would_book_and_books_it(client, journey, payments):
    answer = upload(client, journey, workbook([HEADER, *(row(journey, payment) for payment in payments)]))
    file = ReturnFile.objects.get()
    assert answer.url == reverse("subsidies:return-file", args=[file.pk])
    page = client.get(answer.url)
    assert page.context["may_book"]
    assert client.post(reverse("subsidies:return-file-book", args=[file.pk])).status_code == 302
    assert not client.get(answer.url).context["is_open"]
    assert "回单.xlsx" in client.get(reverse("subsidies:payments", args=[journey.batch.pk])).content.decode()


def test_a_file_with_a_wrong_cell_names_it_and_offers_no_booking(client, journey, payments):
    answer = upload(client, journey, workbook([HEADER, row(journey, payments[0], day="昨天")]))
    page = client.get(answer.url)
    assert not page.context["may_book"]
    assert "D2 " in page.content.decode()


@pytest.mark.parametrize(("content", "name"), [(b"x", "回单.pdf"), (OLE, "回单.xlsx"), (b"a,b\n1,2", "回单.csv")])
def test_a_file_that_is_no_answer_stays_on_the_form(client, journey, content, name):
    page = upload(client, journey, content, name)
    assert page.status_code == 200
    assert "file" in page.context["form"].errors


def test_the_rows_of_a_large_file_are_shown_with_few_questions(
    client, office, journey, payments, django_assert_max_num_queries
):
    answer = upload(client, journey, workbook([HEADER, *(row(journey, payment) for payment in payments)]))
    client.get(answer.url)
    with django_assert_max_num_queries(12):
        client.get(answer.url)


def test_a_batch_that_pays_nobody_is_closed_by_a_button(office, loans, sign_in):
    old = computed_batch(
        office, [Line(loans[0], "0")], first_day=date(2013, 12, 21), last_day=date(2014, 3, 20)
    )  # fmt: skip
    journey = Journey(office, old)
    journey.approved()
    with clock.frozen(journey.moment + timedelta(hours=1)):
        client = sign_in(office.finance_officer)
        page = client.get(reverse("subsidies:payments", args=[old.pk]))
        assert reverse("subsidies:close", args=[old.pk]) in page.content.decode()
        client.post(reverse("subsidies:close", args=[old.pk]))
    old.refresh_from_db()
    assert old.state == BatchState.RECONCILED


def test_a_batch_with_open_payments_is_not_closed_by_the_button(client, journey):
    client.post(reverse("subsidies:close", args=[journey.batch.pk]))
    journey.batch.refresh_from_db()
    assert journey.batch.state == BatchState.PAYING
