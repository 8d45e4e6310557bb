from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from web.fields import (
    CodeField,
    DayField,
    IdNumberField,
    MoneyField,
    NameField,
    PercentField,
    RequestIdField,
    RevisionField,
    WholeNumberField,
)


def refusal(field: forms.Field, typed: object) -> str:
    """Return the code of the one error that `field` answers with."""
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return caught.value.error_list[0].code


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("50000", "50000.00"),
        ("50,000.00", "50000.00"),
        ("1,234,567.8", "1234567.80"),
        ("５００００．５０", "50000.50"),
        ("５０，０００", "50000.00"),
        (" 50 000 ", "50000.00"),
        ("\u300050000\u3000", "50000.00"),
        ("￥50000", "50000.00"),
        ("¥50000元", "50000.00"),
        ("0.01", "0.01"),
        ("0000123.10", "123.10"),
        ("304.1700", "304.17"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_an_amount_is_understood_however_it_is_typed(typed, amount):
    cleaned = MoneyField().clean(typed)
    assert str(cleaned) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("0", "zero"),
        ("0.00", "zero"),
        ("-1", "negative"),
        ("－５００", "negative"),
        ("0.005", "decimals"),
        ("100.001", "decimals"),
        ("1000000000000", "too_large"),
        ("9" * 400, "too_large"),
        ("1e12", "invalid"),
        ("1E3", "invalid"),
        ("NaN", "invalid"),
        ("Infinity", "invalid"),
        ("5万", "invalid"),
        ("5,0000", "invalid"),
        (".5", "invalid"),
        ("1.2.3", "invalid"),
        ("伍万元整", "invalid"),
        ("٥٠", "invalid"),
        ("0x10", "invalid"),
        ("1_000", "invalid"),
    ],
)
def test_an_amount_that_cannot_be_is_refused_by_name(typed, code):
    assert refusal(MoneyField(), typed) == code


def test_zero_passes_where_it_is_allowed():
    assert MoneyField(allow_zero=True).clean("0") == Decimal("0.00")


def test_an_amount_above_the_limit_names_the_limit():
    with translation.override("en"), pytest.raises(ValidationError, match="50,000.00"):
        MoneyField(max_value=Decimal(50000)).clean("50000.01")


def test_an_empty_amount_is_nothing_when_it_is_optional():
    assert MoneyField(required=False).clean(" ") is None


def test_a_stored_amount_is_shown_without_exponent_and_counts_as_unchanged():
    field = MoneyField()
    assert field.prepare_value(Decimal("1E+5")) == "100000.00"
    assert not field.has_changed(Decimal("50000.00"), "50,000")
    assert field.has_changed(Decimal("50000.00"), "50,001")
    assert field.has_changed(Decimal("50000.00"), "five")


@pytest.mark.parametrize(
    "name", ["张伟", "𠮷田", "王䶮", "李㛃", "赵楤", "𬭎𫖯", "欧阳修", "阿普·扎西次仁", "Anna", "〇一", "㐂𰻝"]
)
def test_names_with_rare_characters_are_names(name):
    assert NameField().clean(name) == name


@pytest.mark.parametrize("dot", ["•", "‧", "・", "．", "·", "･"])
def test_every_kind_of_middle_dot_becomes_the_one(dot):
    assert NameField().clean(f"阿普{dot}扎西次仁") == "阿普·扎西次仁"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" 张 伟 ", "张伟"),
        ("张\u3000伟", "张伟"),
        ("张\u200b伟", "张伟"),
        ("e\u0301ric", "éric"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_what_nobody_can_see_does_not_make_another_name(typed, name):
    assert NameField().clean(typed) == name


def test_forty_rare_characters_pass_and_forty_one_do_not():
    assert NameField().clean("𠮷" * 40) == "𠮷" * 40
    assert refusal(NameField(), "𠮷" * 41) == "length"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("   ", "required"),
        ("张", "length"),
        ("张伟1", "digit"),
        ("张伟１", "digit"),
        ("张²伟", "digit"),
        ("张伟😀", "character"),
        ("张_伟", "character"),
        ("张\x07伟", "character"),
        ("张\ue123伟", "character"),
        ("<b>张伟</b>", "character"),
        ("张\u202e伟", "character"),
        ("·张伟", "dot"),
        ("张伟·", "dot"),
        ("阿普··扎西", "dot"),
    ],
)
def test_what_is_no_name_is_refused_by_name(typed, code):
    assert refusal(NameField(), typed) == code


def test_the_refusal_shows_the_character_or_its_number():
    with pytest.raises(ValidationError, match="😀"):
        NameField().clean("张伟😀")
    with pytest.raises(ValidationError, match=r"U\+E123"):
        NameField().clean("张伟\ue123")


def test_the_name_s_input_lets_the_browser_cut_nothing():
    class NameForm(forms.Form):
        name = NameField()

    assert "maxlength" not in str(NameForm()["name"])


def test_an_identity_number_is_brought_into_one_form():
    assert IdNumberField(max_length=18).clean(" ５３２９31 19541008 000x ") == "53293119541008000X"
    assert IdNumberField().clean("53293119541008000Ｘ") == "53293119541008000X"
    assert IdNumberField().clean("53293119541008000×") == "53293119541008000X"
    assert refusal(IdNumberField(max_length=18), "5329311954100800011") == "max_length"


def test_a_code_loses_spaces_and_hyphens_and_its_input_has_no_maxlength():
    assert CodeField().clean("0872-452 1208") == "08724521208"
    assert "maxlength" not in CodeField(max_length=11).widget.attrs
    assert CodeField(required=False).clean("") == ""


@pytest.mark.parametrize(
    "typed", ["2014-07-31", "2014/7/31", "2014.07.31", "2014年7月31日", "20140731", "２０１４－０７－３１"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_day_is_understood_however_it_is_typed(typed, language):
    with translation.override(language):
        assert DayField().clean(typed) == date(2014, 7, 31)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2014-02-30", "invalid"),
        ("31.07", "invalid"),
        ("0214-07-31", "before"),
        ("2999-01-01", "after"),
        ("", "required"),
    ],
)
def test_a_day_that_cannot_be_is_refused(typed, code):
    assert refusal(DayField(), typed) == code


def test_a_day_is_shown_the_way_the_browser_s_calendar_wants():
    assert 'value="2014-07-31"' in DayField().widget.render("day", date(2014, 7, 31))


def test_a_count_takes_full_width_digits_and_no_fractions():
    assert WholeNumberField().clean("１２") == 12
    assert WholeNumberField().clean(12) == 12
    for typed in ["1.5", "١٢", "1e3", "--1", "9" * 13]:
        assert refusal(WholeNumberField(), typed) == "invalid"
    assert refusal(WholeNumberField(), "-1") == "min_value"
    assert refusal(WholeNumberField(max_value=36), "37") == "max_value"


def test_a_percentage_keeps_four_decimals():
    assert PercentField().clean("４．３５％") == Decimal("4.35")
    assert PercentField().clean("10.2000") == Decimal("10.2")
    for typed, code in [
        ("1e1", "invalid"),
        ("101", "max_value"),
        ("-1", "min_value"),
        ("1.23456", "max_decimal_places"),
    ]:
        assert refusal(PercentField(), typed) == code


def test_every_form_shown_has_its_own_request_number():
    class Form(forms.Form):
        request_id = RequestIdField()

    first, second = Form()["request_id"].value(), Form()["request_id"].value()
    assert UUID(str(first)) != UUID(str(second))


def test_a_lost_request_number_or_revision_asks_to_reload():
    for field in (RequestIdField(), RevisionField()):
        for typed in ["", "x"]:
            with translation.override("en"), pytest.raises(ValidationError, match="reload"):
                field.clean(typed)
