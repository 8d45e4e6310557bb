"""The ledger of printed figures: entered as printed, compared, explained, withdrawn, never changed."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from dashboards.choices import Status
from dashboards.ledger.operations import Unfit, enter_figure, explain_figure, withdraw_figure
from dashboards.ledger.queries import comparison_of, publications_of, read_report
from dashboards.models import FigureExplanation, PrintedFigure, Publication
from organizations.scope import NotAllowed
from tests.factories.county import NOON, TODAY, County
from tests.factories.lending import Order, lend
from tests.factories.loans import store_jianchuan
from tests.factories.publications import print_figure, publish


@pytest.fixture
def book(county: County) -> Publication:
    return publish(division=county.division, by=county.organisation_officer, at=NOON)


@pytest.fixture
def keeper(county: County):
    return county.organisation_officer


def status_of(figure: PrintedFigure) -> Status:
    return comparison_of(PrintedFigure.objects.get(pk=figure.pk)).status


def test_a_printed_figure_that_the_books_give_too_is_equal(book, keeper):
    figure = print_figure(book, by=keeper, at=NOON, printed=Decimal(2))
    assert comparison_of(figure).status is Status.EQUAL
    assert comparison_of(figure).recomputed == 2


def test_a_printed_figure_that_the_books_do_not_give_differs_until_somebody_explains(book, keeper):
    figure = print_figure(book, by=keeper, at=NOON, printed=Decimal(8))
    assert status_of(figure) is Status.DIFFERS
    explain_figure(figure_id=figure.pk, text="报道含城区。", request_id=uuid.uuid4(), explained_by=keeper, at=NOON)
    assert status_of(figure) is Status.KNOWN
    assert comparison_of(figure).note == "报道含城区。"


def test_an_explanation_covers_the_difference_of_its_day_and_no_later_one(county, keeper):
    store_jianchuan()
    book = publish(division=county.division, by=keeper, at=NOON)
    figure = print_figure(book, by=keeper, at=NOON, label="笔数", printed=Decimal(5), unit="loan", code="loans")
    explain_figure(figure_id=figure.pk, text="含上年。", request_id=uuid.uuid4(), explained_by=keeper, at=NOON)
    assert status_of(figure) is Status.KNOWN
    lend(Order(county.yangcen.village, "40000", date(2014, 7, 1)))
    assert status_of(figure) is Status.DIFFERS


def test_more_than_a_number_is_equal_when_the_books_give_more(book, keeper):
    figure = print_figure(book, by=keeper, at=NOON, printed=Decimal(1), is_at_least=True)
    assert comparison_of(figure).status is Status.EQUAL
    assert comparison_of(figure).difference == 1


def test_more_than_a_number_differs_when_the_books_give_less(book, keeper):
    figure = print_figure(book, by=keeper, at=NOON, printed=Decimal(3), is_at_least=True)
    assert comparison_of(figure).status is Status.DIFFERS


def test_a_figure_is_narrowed_by_township_time_and_size(county, keeper):
    store_jianchuan()
    lend(
        Order(county.yangcen.village, "40000", date(2014, 3, 1)),
        Order(county.yangcen.village, "60000", date(2014, 3, 1), households=county.yangcen.village.households[1:2]),
        Order(county.shaxi.village, "30000", date(2014, 3, 1)),
        Order(county.yangcen.village, "20000", date(2013, 9, 1), households=county.yangcen.village.households[2:3]),
    )
    book = publish(division=county.division, by=keeper, at=NOON)
    figure = print_figure(
        book, by=keeper, at=NOON, printed=Decimal(40000), unit="yuan", code="amount_lent",
        since=date(2014, 1, 1), until=date(2014, 6, 30), division=county.yangcen.division, band="up_to_50000",
    )  # fmt: skip
    assert comparison_of(figure).status is Status.EQUAL


def test_a_figure_beyond_the_books_says_why(book, keeper):
    figure = print_figure(
        book, by=keeper, at=NOON, code="", reason="系统不登记。", printed=Decimal(26000), unit="copy"
    )
    assert comparison_of(figure).status is Status.NOT_COMPUTABLE
    assert comparison_of(figure).note == "系统不登记。"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"code": "", "reason": ""}, "__all__"),
        ({"reason": "both"}, "__all__"),
        ({"since": date(2014, 2, 1), "until": date(2014, 1, 1)}, "__all__"),
        ({"label": ""}, "label"),
        ({"printed": Decimal("1.00001")}, "printed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(book, keeper, fields, name):
    with pytest.raises(Unfit) as refused:
        print_figure(book, by=keeper, at=NOON, **fields)
    assert name in refused.value.errors
    assert not book.figures.exists()


def test_a_place_of_another_county_is_refused(book, keeper, county):
    with pytest.raises(Unfit) as refused:
        print_figure(book, by=keeper, at=NOON, division=county.division.parent)
    assert "division" in refused.value.errors


def test_there_is_nothing_to_explain_where_both_agree(book, keeper):
    figure = print_figure(book, by=keeper, at=NOON, printed=Decimal(2))
    with pytest.raises(Unfit):
        explain_figure(figure_id=figure.pk, text="？", request_id=uuid.uuid4(), explained_by=keeper, at=NOON)
    assert not FigureExplanation.objects.exists()


def test_a_withdrawn_figure_stays_in_the_book_and_is_not_compared(book, keeper):
    figure = print_figure(book, by=keeper, at=NOON)
    withdraw_figure(figure_id=figure.pk, withdrawn_by=keeper, at=NOON)
    withdraw_figure(figure_id=figure.pk, withdrawn_by=keeper, at=NOON)
    assert read_report(book).comparisons == []
    assert PrintedFigure.objects.get(pk=figure.pk).withdrawn_by == keeper


def test_the_same_request_twice_enters_one_figure(book, keeper):
    wanted = {"label": "乡镇数", "printed": Decimal(2), "unit": "piece", "code": "townships"}
    request_id = uuid.uuid4()
    for _ in range(2):
        enter_figure(publication=book, request_id=request_id, entered_by=keeper, at=NOON, **wanted)
    assert book.figures.count() == 1


def test_only_those_who_keep_the_rules_enter_figures(book, county):
    for stranger in (county.leader, county.auditor, county.yangcen.committee_officer, county.outsider):
        with pytest.raises(NotAllowed):
            print_figure(book, by=stranger, at=NOON)


def test_the_database_refuses_to_change_what_was_printed(book, keeper):
    figure = print_figure(book, by=keeper, at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        PrintedFigure.objects.filter(pk=figure.pk).update(label="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        figure.delete()
    figure = PrintedFigure.objects.get()
    assert figure.label == "乡镇数"


def test_an_officer_enters_a_publication_and_its_figures_by_pages(county, keeper, sign_in, noon):
    browser = sign_in(keeper)
    form = {"title": "县报", "publisher": "县报社", "published_on": "2014-08-10", "data_as_of": "2014-07-31"}
    answer = browser.post(reverse("dashboards:publication-new"), form | {"request_id": uuid.uuid4()})
    page = Publication.objects.get()
    assert answer.url == reverse("dashboards:publication", args=[page.pk])
    figure = {"label": "乡镇数", "printed": "８", "unit": "piece", "code": "townships", "request_id": uuid.uuid4()}
    answer = browser.post(reverse("dashboards:printed-figure-new", args=[page.pk]), figure, follow=True)
    text = answer.content.decode()
    assert "乡镇数" in text
    assert "说明" in text  # the difference can be explained


def test_a_publication_newer_than_its_figures_only(county, keeper, sign_in, noon):
    form = {"title": "县报", "publisher": "县报社", "published_on": "2014-07-10", "data_as_of": "2014-07-31"}
    answer = sign_in(keeper).post(reverse("dashboards:publication-new"), form | {"request_id": uuid.uuid4()})
    assert "数据截止日不得晚于刊发日期" in answer.content.decode()
    assert not Publication.objects.exists()


def test_the_leader_reads_the_comparison_and_has_no_buttons(book, keeper, county, sign_in, noon):
    print_figure(book, by=keeper, at=NOON)
    text = sign_in(county.leader).get(reverse("dashboards:publication", args=[book.pk])).content.decode()
    assert "乡镇数" in text
    assert "/explain/" not in text


def test_the_list_of_publications_takes_one_query_whatever_its_length(
    county, keeper, django_assert_num_queries, book, noon
):
    for number in range(3):
        print_figure(publish(division=county.division, by=keeper, at=NOON, title=f"县报{number}"), by=keeper, at=NOON)
    with django_assert_num_queries(1):
        rows = list(publications_of(keeper.people_scope("manage_programmes", on=TODAY)))
    assert [row.number_of_figures for row in rows] == [1, 1, 1, 0]
