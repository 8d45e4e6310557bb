"""The published figures beside the recomputed ones: the small county has a publication of its own."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from dashboards.choices import Status
from dashboards.figures import FIGURES
from dashboards.management.commands import check_published
from dashboards.published import compare, known_publications, read_publication, selection_of
from loans.models import Loan
from redcredit.reference import load_reference
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON, County
from tests.factories.lending import Order, delete_loan, lend
from tests.factories.loans import store_jianchuan

FULL = Path(__file__).parents[2] / "fixtures" / "published" / "jianchuan.json"
ROWS = [
    {"key": "loans", "value": 2, "unit": "loan", "figure": {"code": "loans"}},
    {"key": "amount", "value": 90000, "unit": "yuan", "figure": {"code": "amount_lent", "until": "2013-12-31"}},
    {"key": "band", "value": 50000, "unit": "yuan", "figure": {"code": "amount_lent", "band": "up_to_50000"}},
    {"key": "mean", "value": 45000.5, "unit": "yuan", "figure": {"code": "mean_per_loan"}},
    {"key": "brochures", "value": 26000, "unit": "copy", "at_least": True,
     "not_computable": {"zh": "没有登记。", "en": "No record."}},
]  # fmt: skip
FAULT = {"name": "mean", "keys": ["mean"], "zh": "原文如此。", "en": "As printed.", "recomputed": {"mean": 45000}}


@pytest.fixture
def publish(settings: Any, tmp_path: Path) -> Callable[..., None]:
    """Write a publication named `small` where the command looks for it."""
    settings.FIXTURE_DIRS = [tmp_path]
    (tmp_path / "published").mkdir()

    def write(*, rows: list[dict[str, Any]] | None = None, faults: list[dict[str, Any]] | None = None) -> None:
        figures = [{"label_zh": row["key"], "label_en": row["key"], "period": ""} | row for row in rows or ROWS]
        data = {
            "county": "532931",
            "programme": "jianchuan",
            "data_as_of": "2014-07-31",
            "source": {"publisher": "某报", "published": "2014-08-01"},
            "figures": figures,
            "known_faults": [FAULT] if faults is None else faults,
        }
        (tmp_path / "published" / "small.json").write_text(json.dumps(data), encoding="utf-8")

    write()
    return write


@pytest.fixture
def lent(county: County) -> list[Loan]:
    store_jianchuan()
    village = county.yangcen.village
    a, b = village.households[:2]
    return lend(
        Order(village, "40000", date(2013, 8, 1), households=[a]),
        Order(village, "50000", date(2013, 9, 10), households=[b]),
    )


def run(*options: str, code: int = 0) -> str:
    """Run the command and return its stdout; the exit code must be `code`."""
    out = StringIO()
    try:
        call_command("check_published", *options, stdout=out)
        ended = 0
    except SystemExit as error:
        ended = int(error.code or 0)
    assert ended == code
    return out.getvalue()


def statuses(text: str) -> dict[str, str]:
    return {row["key"]: row["status"] for row in json.loads(text)}


@pytest.fixture
def right(publish: Callable[..., None], lent: list[Loan]) -> None:
    rows = [row | ({"value": 90000} if row["key"] == "band" else {}) for row in ROWS]
    publish(rows=rows)


def test_it_ends_well_when_nothing_differs_unexpectedly(right: None) -> None:
    assert statuses(run("small", "--json")) == {
        "loans": "equal",
        "amount": "equal",
        "band": "equal",
        "mean": "differs as known",
        "brochures": "not computable yet",
    }


def test_the_json_is_a_list_of_objects_with_numbers_as_they_are_written(right: None) -> None:
    rows = json.loads(run("small", "--json"))
    assert rows[3] == {
        "key": "mean",
        "label": "mean",
        "printed": 45000.5,
        "recomputed": 45000,
        "difference": -0.5,
        "status": "differs as known",
        "note": "原文如此。",
    }
    assert (rows[4]["recomputed"], rows[4]["difference"], rows[4]["note"]) == (None, None, "没有登记。")


def test_a_wrong_figure_ends_badly_and_is_named(publish: Callable[..., None], lent: list[Loan]) -> None:
    text = run("small", "--json", code=1)
    assert statuses(text)["band"] == "differs"
    assert next(row for row in json.loads(text) if row["key"] == "band")["difference"] == 40000


def test_deleting_one_loan_ends_badly(right: None, lent: list[Loan]) -> None:
    run("small")
    delete_loan(lent[0])
    assert statuses(run("small", "--json", code=1))["loans"] == "differs"


def test_a_known_fault_that_comes_out_otherwise_is_no_known_fault(right: None, publish: Callable[..., None]) -> None:
    publish(rows=[ROWS[3]], faults=[FAULT | {"recomputed": {"mean": 44999}}])
    assert statuses(run("small", "--json", code=1)) == {"mean": "differs"}


def test_an_explanation_alone_excuses_no_difference(right: None, publish: Callable[..., None]) -> None:
    publish(rows=[ROWS[3]], faults=[{key: FAULT[key] for key in ("name", "keys", "zh", "en")}])
    run("small", code=1)


def test_a_figure_without_anything_to_compute_from_differs(publish: Callable[..., None], lent: list[Loan]) -> None:
    publish(rows=[{"key": "steps", "value": 6, "unit": "step", "figure": {"code": "steps", "versions": ["1999"]}}])
    text = run("small", "--json", code=1)
    assert json.loads(text)[0]["recomputed"] is None


def test_the_table_shows_every_figure_with_its_result_and_reason(right: None) -> None:
    text = run("small")
    with translation.override("zh-hans"):
        assert str(Status.KNOWN.label) in text
    assert "45,000.5" in text
    assert "原文如此。" in text


def test_an_unknown_publication_is_refused_with_the_known_ones(publish: Callable[..., None], db: None) -> None:
    with pytest.raises(CommandError, match="small"):
        call_command("check_published", "nowhere")


def test_an_empty_database_gets_the_demo_first_and_its_talk_stays_off_stdout(
    publish: Callable[..., None], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []
    monkeypatch.setattr(check_published, "call_command", lambda name, **streams: called.append((name, streams)))
    run("small", "--json", code=1)
    assert [name for name, _ in called] == ["load_demo"]
    assert called[0][1]["stdout"] is not None


def test_an_office_that_is_being_set_up_never_gets_the_demo(
    publish: Callable[..., None], county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_published, "call_command", lambda name, **streams: pytest.fail(name))
    run("small", code=1)


def test_a_publication_speaks_the_language_in_use(db: None) -> None:
    with translation.override("en"):
        english = read_publication("jianchuan").figures[0].label
    with translation.override("zh-hans"):
        chinese = read_publication("jianchuan").figures[0].label
    assert (english, chinese) == ("Towns", "建制镇")


def test_the_publications_that_come_with_the_house_are_known() -> None:
    assert "jianchuan" in known_publications()


def test_every_published_figure_is_computed_or_says_why_not() -> None:
    publication = read_publication("jianchuan")
    assert len({figure.key for figure in publication.figures}) == len(publication.figures) == 68
    for figure in publication.figures:
        assert bool(figure.code) != bool(figure.reason)
        assert not figure.code or figure.code in FIGURES


def test_every_known_fault_speaks_of_figures_that_are_there() -> None:
    publication = read_publication("jianchuan")
    keys = {figure.key for figure in publication.figures}
    for fault in publication.known_faults:
        assert set(fault.keys) <= keys
        assert set(fault.recomputed) <= set(fault.keys)


def test_no_figure_is_asked_for_a_time_after_the_publications_day() -> None:
    publication = read_publication("jianchuan")
    for figure in publication.figures:
        assert selection_of(publication, figure.where).as_of <= publication.data_as_of


def test_a_printed_value_never_reaches_a_computation(county: County) -> None:
    """The same publication with every printed value doubled must recompute to the same values."""
    store_jianchuan()
    publication = read_publication("jianchuan")
    doubled = [figure.__class__(**(vars(figure) | {"printed": figure.printed * 2})) for figure in publication.figures]
    again = publication.__class__(**(vars(publication) | {"figures": tuple(doubled)}))
    assert [one.recomputed for one in compare(publication)] == [one.recomputed for one in compare(again)]


def test_the_data_file_holds_one_figure_a_line_and_no_sentence_of_the_report() -> None:
    text = FULL.read_text(encoding="utf-8")
    assert '"sentence"' not in text
    assert '"quote"' not in text


def test_without_a_name_all_publications_are_compared(lent, publish):
    # One of its figures differs unexpectedly: the code says so.
    assert "== small" in run(code=1)
    assert set(json.loads(run("--json", code=1))) == {"small"}


@pytest.mark.parametrize("name", ["lanzhou", "tianchang", "tongren", "yulong"])
def test_the_other_reports_say_of_each_figure_what_it_is_compared_with_or_why_not(name):
    for figure in read_publication(name).figures:
        assert bool(figure.code) != bool(figure.reason), figure.key
        assert not figure.code or figure.code in FIGURES


def test_a_report_of_which_nothing_can_be_recomputed_needs_no_demo_county(db):
    assert not Loan.objects.exists()
    rows = json.loads(run("lanzhou", "--json"))
    assert {row["status"] for row in rows} == {"not computable yet"}
    assert not Loan.objects.exists()


def test_of_yulong_the_register_and_the_rules_speak(db):
    load_reference(county="yulong", at=NOON)
    UserFactory()  # an office that has accounts gets no invented county
    computed = {row["key"]: row for row in json.loads(run("yulong", "--json")) if row["recomputed"] is not None}
    assert {key: row["status"] for key, row in computed.items()} == {
        "four_steps": "equal", "townships": "equal", "villages": "equal",
    }  # fmt: skip
