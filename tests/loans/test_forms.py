"""Forms turn what an office types into values, and say what is wrong; no database is asked."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from loans.choices import Declaration
from loans.forms.applications import ApplicantPageForm, CheckPageForm, FormOptions, ProjectPageForm
from loans.forms.fields import NamesField, PhoneField, PlainTextField, ReferenceField, names_between_spaces
from loans.forms.lender import RepaymentForm, TrialForm
from loans.forms.programmes import BudgetForm
from loans.models import Application, LimitTier, ProgrammeVersion
from loans.queries.register import Choices, Option

ON = date(2014, 8, 15)
FIRST_PAGE = {
    "version": "7",
    "borrower_kind": "household",
    "entity": "",
    "branch": "11",
    "outlet": "12",
    "request_id": str(uuid4()),
    "revision": "",
}
PROJECT_PAGE = {
    "tier": "21",
    "amount_asked": "50000",
    "term_months": "12",
    "repayment_method": "lump_sum",
    "purpose": "livestock",
    "project_name": "生猪养殖",
    "plan": "扩建猪舍。",
    "project_total": "100000",
    "own_funds": "50000",
    "annual_income": "36000",
    "existing_loans": "0",
    "revision": "3",
}
CHECK_PAGE = {"consent_signed_on": "2014-08-15", "declarations": Declaration.values, "revision": "3"}


def a_version():
    version = ProgrammeVersion(
        pk=7, name="2014年办法", purposes=["crops", "livestock"], repayment_methods=["lump_sum", "equal_principal"]
    )
    tier = LimitTier(pk=21, name="立足自身", amount_max=Decimal(100000))
    version._prefetched_objects_cache = {"tiers": [tier]}
    return version


def first_page(**fields):
    options = FormOptions(
        versions=[a_version()],
        branches=Choices([Option(11, "第一党支部")], []),
        outlets=Choices([Option(12, "羊岑信用社")], [Option(13, "沙溪信用社")]),
        entities=[],
    )
    return ApplicantPageForm(FIRST_PAGE | fields, options=options)


def page_with(is_demanded=True, **fields):
    """Return the page that holds these inputs, completely filled in but for what is said."""
    name = next(iter(fields), "amount_asked")
    if name in FIRST_PAGE and name != "revision":
        return first_page(**fields)
    if name in CHECK_PAGE and name != "revision":
        form = CheckPageForm(CHECK_PAGE | fields)
    else:
        case = Application(version=a_version(), household_id=5, borrower_kind="household")
        form = ProjectPageForm(PROJECT_PAGE | fields, case=case)
    form.demand(is_demanded)
    return form


def test_complete_pages_become_answers():
    form = page_with()
    assert form.is_valid(), form.errors
    typed = form.typed()
    assert (typed.answers["tier_id"], typed.answers["amount_asked"]) == (21, Decimal("50000.00"))
    assert (typed.answers["helped"], typed.answers["served_household_ids"], typed.unfinished) == ((), (), {})
    first = first_page()
    assert first.is_valid(), first.errors
    assert first.typed().answers["branch_id"] == 11


def test_what_is_not_valid_is_kept_as_it_was_typed():
    form = page_with(is_demanded=False, amount_asked="5万", plan="")
    assert not form.is_valid()
    typed = form.typed()
    assert typed.unfinished == {"amount_asked": "5万"}
    assert "amount_asked" not in typed.answers
    assert typed.answers["plan"] == ""


def test_rows_of_people_are_told_with_their_kind():
    form = page_with(helped=["12", "13:member_in_difficulty"], helped_kind=["low_income_member"], served=["8,9"])
    assert form.is_valid(), form.errors
    typed = form.typed()
    assert [(one.person_id, one.kind) for one in typed.answers["helped"]] == [
        (12, "low_income_member"),
        (13, "member_in_difficulty"),
    ]
    assert typed.answers["served_household_ids"] == (5, 8, 9)


@pytest.mark.parametrize("rows", [["x"], ["0x1"], ["12:friend"], ["9" * 30], [str(n) for n in range(1, 40)], ["\x00"]])
def test_rows_that_nobody_chose_are_refused(rows):
    assert "helped" in page_with(amount_asked="50000", helped=rows).errors


@pytest.mark.parametrize(
    "field",
    ["tier", "amount_asked", "term_months", "purpose", "project_name", "plan", "project_total", "consent_signed_on"],
)
def test_only_going_on_asks_for_every_answer(field):
    assert field in page_with(**{field: ""}).errors
    assert page_with(is_demanded=False, **{field: ""}).is_valid()


@pytest.mark.parametrize("field", ["amount_asked", "project_total", "own_funds", "annual_income", "existing_loans"])
@pytest.mark.parametrize(
    "value",
    ["-1", "1e12", "1000000000000", "1.234", "5万", "abc", "１２。５", "NaN", "1,00,000", "0x10", "😀", "\x00"],
)
def test_an_amount_that_is_none_is_refused(field, value):
    assert field in page_with(**{field: value}).errors
    assert field in page_with(is_demanded=False, **{field: value}).errors


@pytest.mark.parametrize(
    "value", ["50000", "50,000.00", "５００００", " ５０，０００．００ 元 ", "¥50 000", "50000.0"]
)
def test_an_amount_may_be_typed_in_many_ways(value):
    form = page_with(amount_asked=value)
    assert form.is_valid(), form.errors
    assert form.typed().answers["amount_asked"] == Decimal("50000.00")


@pytest.mark.parametrize("field", ["amount_asked", "project_total"])
def test_zero_is_no_amount(field):
    assert field in page_with(**{field: "0"}).errors


@pytest.mark.parametrize("field", ["branch", "outlet", "version", "entity", "tier"])
@pytest.mark.parametrize("value", ["x", "9" * 40, "-1", "0", "1.5", "²", "😀", "\x00"])
def test_what_is_no_number_is_no_choice(field, value):
    assert field in page_with(**{field: value}).errors


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("term_months", value) for value in ("0", "-3", "12.5", "十二", "601", "9" * 20, "😀", "\x00")],
        *[("project_name", value) for value in ("养" * 61, "养猪🐷", "a\x00b", "\ue000", "1\u20e3")],
        *[("plan", value) for value in ("扩" * 2001, "扩建👍", "a\x00b", "家\u200d族")],
        *[
            ("consent_signed_on", value)
            for value in ("2014-02-30", "昨天", "14/13/2014", "0000-00-00", "9" * 30, "😀")
        ],
        *[("purpose", value) for value in ("gold", "", "😀")],
        *[("repayment_method", value) for value in ("never", "interest_only_then_principal", "😀")],
        *[("borrower_kind", value) for value in ("bank", "", "😀")],
        *[("request_id", value) for value in ("", "x", "9" * 400)],
        *[("revision", value) for value in ("x", "-1", "1.5")],
        ("labour_count", "十"),
        ("project_scale", "养" * 61),
        ("declarations", ["truth"]),
    ],
)
def test_a_field_says_what_is_wrong_with_it(field, value):
    assert field in page_with(**{field: value}).errors


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("term_months", "１２", 12),
        ("project_name", "𠮷䶮㛃楤木种植", "𠮷䶮㛃楤木种植"),
        ("project_name", "养" * 60, "养" * 60),
        ("project_name", "  生猪（二期）★ 100㎡  ", "生猪（二期）★ 100㎡"),
        ("plan", "一、扩建\r\n二、增收", "一、扩建\n二、增收"),
        ("consent_signed_on", "２０１４年８月１５日", ON),
        ("own_funds", "0", Decimal(0)),
    ],
)
def test_a_field_takes_what_an_office_types(field, value, kept):
    form = page_with(**{field: value})
    assert form.is_valid(), form.errors
    assert form.typed().answers[field] == kept


def test_consumption_passes_on_to_the_rule_that_refuses_it_in_words():
    form = page_with(purpose="consumption")
    assert form.is_valid()
    assert "consumption" not in dict(form.fields["purpose"].choices)


def test_the_outlets_that_serve_the_village_stand_first():
    groups = first_page().fields["outlet"].choices
    assert [[label for _code, label in options] for _group, options in groups] == [["羊岑信用社"], ["沙溪信用社"]]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("和丽芳、段军", ("和丽芳", "段军")),
        ("和丽芳，段军;李安\n王五", ("和丽芳", "段军", "李安", "王五")),
        ("和丽芳 段　军", ("和丽芳", "段军")),
        ("阿普•扎西次仁", ("阿普·扎西次仁",)),
        ("段军、段军", ("段军",)),
        ("", ()),
    ],
)
def test_names_are_told_apart(text, names):
    assert NamesField(required=False).clean(text) == names


def test_a_name_set_wide_is_one_name():
    assert names_between_spaces("段 军") == ["段军"]
    assert names_between_spaces("段 军 和丽芳") == ["段军", "和丽芳"]


@pytest.mark.parametrize("text", ["段1", "军", "段军😀", "、".join(f"段{c}" for c in "一二三四五六七八九十" * 3)])
def test_what_is_no_name_is_refused(text):
    field = NamesField(required=False, names_max=5)
    with pytest.raises(Exception, match="."):
        field.clean(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("剑信（2014）农贷-0087号", "剑信(2014)农贷-0087号"),
        (" ＦＫ－２０１４ ００１ ", "FK-2014001"),
        ("〔2014〕15号", "〔2014〕15号"),
    ],
)
def test_a_reference_is_kept_as_on_the_paper(typed, kept):
    assert ReferenceField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["", "a b\x00", "合同😀", "<b>", "a;b", "'--"])
def test_what_is_no_reference_is_refused(typed):
    with pytest.raises(Exception, match="."):
        ReferenceField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "kept"), [("０８７２－４５２０００１", "0872-4520001"), ("139 0000 1234", "13900001234")]
)
def test_a_telephone_may_be_typed_in_many_ways(typed, kept):
    assert PhoneField().clean(typed) == kept


@pytest.mark.parametrize("typed", ["电话", "12345", "1" * 21, "0872-", "+86", "😀"])
def test_what_is_no_telephone_is_refused(typed):
    with pytest.raises(Exception, match="."):
        PhoneField().clean(typed)


def test_what_a_font_cannot_print_is_named():
    with pytest.raises(Exception, match="😀"):
        PlainTextField().clean("好😀")


def repayment(**fields):
    return {"principal": "1000", "interest": "0", "value_date": "2014-08-15", "bank_reference": "HK-1", **fields}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("principal", ""),
        ("principal", "-1"),
        ("principal", "1.001"),
        ("principal", "1e12"),
        ("interest", "abc"),
        ("value_date", "2014-02-30"),
        ("bank_reference", ""),
        ("bank_reference", "x" * 61),
        ("bank_reference", "流水😀"),
    ],
)
def test_a_repayment_says_what_is_wrong_with_it(field, value):
    assert field in RepaymentForm(repayment(**{field: value}), on=ON).errors


def test_a_repayment_of_interest_alone_is_one():
    form = RepaymentForm(repayment(principal="0", interest="１２．３４"), on=ON)
    assert form.is_valid()
    assert form.repayment().interest == Decimal("12.34")


@pytest.mark.parametrize("field", ["amount", "term_months", "repayment_method", "start_date"])
def test_a_trial_needs_all_its_terms(field):
    terms = {"amount": "1", "term_months": "1", "repayment_method": "lump_sum", "start_date": "2014-08-15"}
    assert TrialForm(terms).is_valid()
    assert not TrialForm(terms | {field: "x"}).is_valid()


@pytest.mark.parametrize(("year", "appropriated"), [("1999", "1"), ("2101", "1"), ("二〇一四", "1"), ("2014", "-1")])
def test_a_budget_of_a_strange_year_or_sum_is_refused(year, appropriated):
    assert not BudgetForm({"year": year, "appropriated": appropriated}).is_valid()
