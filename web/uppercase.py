"""Amounts in capital Chinese numerals (大写), as vouchers and contracts must show them. Pure."""

from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
GROUPS = ("亿", "万", "")
PREFIX = "人民币"
LIMIT = Decimal("1e12")


def uppercase_amount(amount: Decimal) -> str:
    """Return e.g. 人民币叁佰零肆元壹角柒分 for 304.17.

    Where the rules of the People's Bank leave a choice: 整 stands after 角 as well, and a zero before 元 is written
    when 角 follow (壹拾万柒仟元零伍角叁分). Raises ValueError for less than zero, parts of a fen, and from 10¹² yuan.
    """
    fen_total = amount * 100
    if not 0 <= amount < LIMIT or fen_total != int(fen_total):
        raise ValueError(f"no capital form for {amount}")
    yuan, fen = divmod(int(fen_total), 100)
    whole = _integer(yuan) + "元" if yuan else ""
    return PREFIX + (whole + _fraction(yuan, *divmod(fen, 10)) or "零元整")


def _fraction(yuan: int, jiao: int, fen: int) -> str:
    if not jiao and not fen:
        return "整" if yuan else ""
    gap = "零" if yuan and (not jiao or yuan % 10 == 0) else ""
    return gap + (DIGITS[jiao] + "角" if jiao else "") + (DIGITS[fen] + "分" if fen else "整")


def _integer(number: int) -> str:
    """The whole yuan in groups of four digits. A gap of zeros inside is one 零; zeros at the end are silent."""
    text, gap = "", False
    for unit, group in zip(GROUPS, (number // 10**8, number // 10**4 % 10**4, number % 10**4), strict=True):
        if group:
            text += ("零" if text and (gap or group < 1000) else "") + _group(group) + unit
        gap = not group
    return text


def _group(number: int) -> str:
    """Four digits: 1409 is 壹仟肆佰零玖, 10 is 壹拾."""
    text, gap = "", False
    for place, digit in zip(PLACES, map(int, f"{number:04}"), strict=True):
        if digit:
            text += ("零" if text and gap else "") + DIGITS[digit] + place
        gap = not digit
    return text
