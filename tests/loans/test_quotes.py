"""Who bears what of a loan's interest: the same figures by the query, the command and the page."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from loans.models import Programme, ProgrammeVersion
from loans.queries.quotes import (
    UnableToQuote,
    clauses_of,
    lines_of,
    published_versions,
    quotation,
    rates_of,
    version_in_force,
)
from tests.factories.county import TODAY
from tests.factories.loans import store_four_steps
from tests.loans.pages import text_of

PAGE = reverse("loans:quote")
YEAR = {"start": date(2013, 9, 10), "end": date(2014, 9, 10)}
LOAN = {"programme": "jianchuan", "amount": "10000", "start": "2013-09-10", "end": "2014-09-10"}
PRINTED = {"concession": "304.17", "subsidy": "500.00", "own_cost": "220.00", "benefit": "804.17"}
BY_DAYS = {"concession": "304.17", "subsidy": "500.00", "own_cost": "230.00", "benefit": "804.17"}
BY_MONTHS = {"concession": "300.00", "subsidy": "500.00", "own_cost": "220.00", "benefit": "800.00"}


@pytest.fixture
def rules(office):
    return ProgrammeVersion.objects.get(programme__code="jianchuan", code="2013")


def quoted(version, amount="10000", **days):
    return quotation(version=version, amount=Decimal(amount), **(YEAR | days))


def parts(split):
    return {name: str(getattr(split, name)) for name in PRINTED}


def test_the_printed_figures_come_out_with_both_consistent_readings_beside_them(rules):
    found = quoted(rules)

    assert [(reading.code, parts(reading.split)) for reading in found.readings] == [
        ("published", PRINTED),
        ("act360", BY_DAYS),
        ("zhubi", BY_MONTHS),
    ]
    assert [reading.split.is_mixed for reading in found.readings] == [True, False, False]
    assert [reading.is_contract for reading in found.readings] == [False, False, True]
    assert found.departures == []


def test_a_county_that_counts_365_days_gets_that_reading_too(county):
    version = store_four_steps(county, day_count="act365")
    found = quoted(version, start=date(2014, 8, 15), end=date(2015, 8, 15))

    assert [reading.code for reading in found.readings] == ["published", "act360", "zhubi", "act365"]
    assert [reading.is_contract for reading in found.readings] == [False, False, False, True]
    assert parts(found.readings[-1].split)["own_cost"] == "720.00"


@pytest.mark.parametrize(
    ("end", "months", "benchmark", "lending"),
    [
        (date(2014, 3, 10), 6, "5.60", "6.72"),
        (date(2014, 3, 11), 7, "6.00", "7.20"),
        (date(2014, 9, 10), 12, "6.00", "7.20"),
        (date(2014, 9, 13), 13, "6.15", "7.38"),
        (date(2016, 9, 11), 37, "6.40", "7.68"),
    ],
)
def test_a_term_a_day_longer_than_a_row_belongs_to_the_next_row(rules, end, months, benchmark, lending):
    found = quoted(rules, end=end)

    assert (found.term_months, found.benchmark.rate_percent) == (months, Decimal(benchmark))
    assert found.published.lending_rate_percent == Decimal(lending)


def test_the_rules_of_a_day_are_the_newest_in_force(office):
    assert version_in_force(programme="jianchuan", on=date(2013, 12, 31)).code == "2013"
    assert version_in_force(programme="jianchuan", on=date(2014, 1, 1)).code == "2014"
    for code, on in (("jianchuan", date(2013, 4, 30)), ("nowhere", TODAY)):
        with pytest.raises(UnableToQuote, match=code):
            version_in_force(programme=code, on=on)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({"end": YEAR["start"]}, "至少为一天"),
        ({"end": date(2013, 9, 9)}, "截止日期早于起始日期"),
        ({"start": date(2005, 1, 1)}, "没有2005-01-01、117个月期限的基准利率"),
    ],
)
def test_terms_without_a_price_are_refused_with_a_sentence(rules, days, words):
    with pytest.raises(UnableToQuote, match=words):
        quoted(rules, **days)


def test_an_ordinary_rate_below_the_programmes_rate_leaves_no_concession_to_reckon(county):
    version = store_four_steps(county, ordinary_multiplier="1.1000")

    with pytest.raises(UnableToQuote, match="无从计算让利"):
        quoted(version)


def test_terms_outside_the_rules_are_quoted_and_said_to_be_outside(office, rules):
    assert "3" in quoted(rules, end=date(2018, 9, 10)).departures[0]
    assert "2013-05-01" in quoted(rules, start=date(2013, 4, 30), end=date(2014, 4, 30)).departures[0]


def test_rules_that_ended_are_said_to_have_ended(county):
    version = store_four_steps(county, effective_to="2014-06-30")

    assert "2014-06-30" in quoted(version, start=date(2014, 7, 1), end=date(2015, 7, 1)).departures[0]


def test_every_figure_names_its_day_count_and_its_clause(rules):
    lines = {line.label: line for line in lines_of(quoted(rules))}

    concession, own_cost, benefit = (lines[name] for name in ("信用社让利", "农户负担", "农户得实惠"))
    assert [cell.convention for cell in concession.cells] == ["积数计息", "积数计息", "逐笔计息"]
    assert [cell.convention for cell in own_cost.cells] == ["逐笔计息", "积数计息", "逐笔计息"]
    assert {cell.convention for cell in benefit.cells} == {""}
    assert lines["政府贴息"].clause.startswith("县财政按贷款金额的5%贴息")
    assert all(line.clause or line.is_sum for line in lines.values())


def test_a_clause_stands_once_with_the_figures_that_rest_on_it(rules):
    clauses = {fact.label: fact.value for fact in clauses_of(lines_of(quoted(rules)))}

    assert clauses["普通贷款利息、信用社让利"] == rules.clauses["ordinary_multiplier"]
    assert list(clauses)[1:] == ["本办法利息", "政府贴息", "农户负担"]


def test_in_a_consistent_reading_the_three_parts_are_the_ordinary_interest(rules):
    lines = {line.label: [cell.amount for cell in line.cells] for line in lines_of(quoted(rules))}

    mixed, by_days, by_months = zip(lines["普通贷款利息"], lines["三方合计"], strict=True)
    assert mixed == (Decimal("1034.17"), Decimal("1024.17"))
    assert by_days[0] == by_days[1] == Decimal("1034.17")
    assert by_months[0] == by_months[1] == Decimal("1020.00")


def test_rules_without_a_subsidy_leave_the_interest_to_the_borrower(county):
    found = quoted(store_four_steps(county), start=date(2014, 8, 15), end=date(2015, 8, 15))
    subsidy = next(line for line in lines_of(found) if line.label == "政府贴息")

    assert {cell.amount for cell in subsidy.cells} == {Decimal(0)}
    assert (subsidy.working, subsidy.clause) == ("无", "报道未提及县财政贴息，本办法不设贴息步骤")
    assert found.published.own_cost == found.published.interest


def test_the_rates_stand_with_what_they_rest_on(rules):
    facts = {fact.label: (fact.value, fact.note) for fact in rates_of(quoted(rules))}

    assert facts["金额"] == ("10,000.00 元", "人民币壹万元整")
    assert facts["基准利率"] == ("6.00%", "2012-07-06起执行")
    assert facts["本办法利率"] == ("7.20%", "基准利率 × 1.20")


def test_drafts_are_not_quoted(rules):
    draft = ProgrammeVersion.objects.get(pk=rules.pk)
    draft.pk, draft.code, draft.state, draft.effective_from = None, "next", "draft", date(2015, 1, 1)
    draft.save()

    assert draft not in published_versions()
    assert version_in_force(programme="jianchuan", on=date(2015, 6, 1)).code == "2014"


# ---- the command


def quote(**options):
    out = StringIO()
    call_command("quote", stdout=out, **(LOAN | options))
    return out.getvalue()


def test_the_command_prints_the_published_figures_on_top_and_every_reading_below(office):
    answer = json.loads(quote(json=True))

    assert {name: answer[name] for name in PRINTED} == PRINTED
    assert answer["is_mixed"] is True
    assert "混用两种计息方法" in answer["note"]
    assert [answer[name] for name in ("programme", "version", "amount", "start", "end")] == [
        "jianchuan", "2013", "10000.00", "2013-09-10", "2014-09-10",
    ]  # fmt: skip
    rates = ("benchmark_percent", "ordinary_rate_percent", "lending_rate_percent")
    assert [answer[name] for name in rates] == ["6.00", "10.20", "7.20"]
    for code, expected in {"published": PRINTED, "act360": BY_DAYS, "zhubi": BY_MONTHS}.items():
        assert {name: answer["readings"][code][name] for name in PRINTED} == expected
    assert answer["readings"]["act360"]["own_cost_convention"] == "act360"


def test_in_words_the_command_names_each_day_count(office):
    said = quote()

    for words in (
        "剑川县“红色信贷”2013年办法",
        "公布口径（混合）",
        "信用社让利：304.17 元，积数计息\n",
        "农户负担：220.00 元，逐笔计息\n",
        "农户负担：230.00 元，积数计息\n",
        "计息方法：积数计息（实际天数÷360）；逐笔计息（对年对月，零头天数÷360）。",
        "混用两种计息方法",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("amount", "1e3"), ("amount", "-1"), ("amount", "0"), ("amount", "1.005"), ("amount", "一万"),
        ("start", "2013-02-30"), ("end", "20140910"), ("end", "2013-09-10"), ("programme", "nowhere"),
    ],
)  # fmt: skip
def test_the_command_refuses_with_a_sentence(office, option, text):
    with pytest.raises(CommandError):
        quote(**{option: text})


def test_an_empty_house_stores_what_is_shipped_and_prints_only_the_figures(db):
    said = StringIO()
    answer = json.loads(quote(json=True, stderr=said))

    assert {name: answer[name] for name in PRINTED} == PRINTED
    assert "programme versions 2" in said.getvalue()
    assert list(Programme.objects.values_list("code", flat=True)) == ["jianchuan"]


def test_what_is_not_shipped_is_not_stored(db):
    with pytest.raises(CommandError, match="nowhere"):
        quote(programme="nowhere")
    assert not Programme.objects.exists()


# ---- the page


def terms(rules, **fields):
    return {"version": rules.pk, "amount": "10,000.00", "start": "2013-09-10", "end": "2014-09-10", **fields}


def test_the_page_shows_the_split_with_day_counts_clauses_and_the_note(office, rules, sign_in, noon):
    page = text_of(sign_in(office.yangcen.clerk).get(PAGE, terms(rules)))

    for words in (
        "304.17", "500.00", "220.00", "804.17", "230.00", "300.00", "800.00", "人民币壹万元整", "公布口径（混合）",
        "积数计息（实际天数÷360）", "合同口径", rules.clauses["ordinary_multiplier"], "混用两种计息方法",
    ):  # fmt: skip
        assert words in page


def test_the_page_and_the_command_give_the_same_figures(office, rules, sign_in, noon):
    found = sign_in(office.yangcen.clerk).get(PAGE, terms(rules, amount="51234.57")).context["found"]
    answer = json.loads(quote(amount="51234.57", json=True))

    assert {reading.code: parts(reading.split) for reading in found.readings} == {
        code: {name: figures[name] for name in PRINTED} for code, figures in answer["readings"].items()
    }


def test_without_a_question_the_page_offers_ten_thousand_for_a_year(office, rules, sign_in, noon):
    page = sign_in(office.leader).get(PAGE)

    assert page.context["found"] is None
    assert [f'value="{value}"' in text_of(page) for value in ("10000.00", "2014-08-15", "2015-08-15")] == [True] * 3


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"start": "x"}, "start"),
        ({"end": "2013-09-10"}, "end"),
        ({"end": "2013-09-09"}, "end"),
        ({"start": "1950-01-01"}, "end"),
        ({"version": ""}, "version"),
        ({"version": "x"}, "version"),
        ({"version": "9" * 40}, "version"),
        ({"version": "\x00"}, "version"),
    ],
)
def test_strange_terms_are_answered_on_the_form(office, rules, sign_in, noon, fields, blamed):
    page = sign_in(office.yangcen.clerk).get(PAGE, terms(rules, **fields))

    assert (page.status_code, page.context["found"]) == (200, None)
    assert blamed in page.context["form"].errors


def test_the_page_asks_at_most_nine_questions(office, rules, sign_in, noon, questions):
    client = sign_in(office.yangcen.credit_officer)
    client.get(PAGE, terms(rules))
    with questions() as asked:
        client.get(PAGE, terms(rules))
    assert len(asked) <= 9, asked


@pytest.mark.parametrize("who", ["auditor", "system_administrator", "security_administrator", "outsider"])
def test_who_has_nothing_to_do_with_loans_has_no_such_page(office, rules, sign_in, noon, who):
    client = sign_in(getattr(office, who))

    assert client.get(PAGE, terms(rules)).status_code == 404
    assert f'href="{PAGE}"' not in text_of(client.get(reverse("home")))


def test_the_navigation_leads_there(office, sign_in, noon):
    assert f'href="{PAGE}"' in text_of(sign_in(office.finance_officer).get(reverse("home")))
