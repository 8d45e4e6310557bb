import pytest

from web.masking import COMPOUND_SURNAMES, masked_account, masked_id, masked_name, masked_phone


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张伟", "张*"),
        ("张小伟", "张*伟"),
        ("张大小伟", "张*伟"),
        ("欧阳修", "欧阳*"),
        ("欧阳小明", "欧阳*明"),
        ("欧阳", "欧*"),
        ("阿普·扎西次仁", "阿*仁"),
        ("𠮷田䶮", "𠮷*䶮"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname_and_hides_how_long_it_is(name, shown):
    assert masked_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("532931197503120006", "532931********0006"),
        ("53293119541008000X", "532931********000X"),
        ("532931750312000", "****2000"),
        ("12345678", "****"),
        ("", ""),
    ],
)
def test_an_identity_number_shows_region_and_last_four(number, shown):
    assert masked_id(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [("13812342207", "138****2207"), ("08724521208", "****1208"), ("4521208", "****"), ("", "")]
)
def test_a_telephone_shows_three_and_four(number, shown):
    assert masked_phone(number) == shown


def test_an_account_shows_its_last_four_and_not_its_length():
    assert masked_account("6223000011112222") == masked_account("622300001111333302222") == "****2222"


def test_no_mask_shows_more_than_half():
    for mask in (masked_id, masked_phone, masked_account):
        for length in range(1, 25):
            number = "1" + "2" * (length - 1)
            assert mask(number).replace("*", "").__len__() * 2 <= max(length, 20)
            assert length > 8 or "2" not in mask(number)


def test_the_compound_surnames_have_two_characters_each():
    assert {"欧阳", "尉迟", "诸葛", "贺兰"} <= COMPOUND_SURNAMES
    assert {len(name) for name in COMPOUND_SURNAMES} == {2}
