"""Personal data as other people may see it. Pure text functions; the full value needs a logged click (audit)."""

# Two-character surnames; anything else begins with one character.
_COMPOUND = (
    "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容仲孙"
    "钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙壤驷公良漆雕乐正宰父谷梁拓跋夹谷轩辕令狐段干百里"
    "呼延东郭南门羊舌微生梁丘左丘西门南荣第五淳于单于达奚哥舒贺兰"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND[at : at + 2] for at in range(0, len(_COMPOUND), 2))


def masked_name(name: str) -> str:
    """张伟 → 张*, 张小伟 → 张*伟, 欧阳修 → 欧阳*, 欧阳小明 → 欧阳*明. One star whatever the length."""
    if len(name) < 2:
        return "*" * len(name)
    surname = name[:2] if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else name[0]
    given = name[len(surname) :]
    return surname + "*" + (given[-1] if len(given) > 1 else "")


def masked_id(number: str) -> str:
    """532931197503120006 → 532931********0006: region and last four. Other lengths show the last four at most."""
    if len(number) == 18:
        return number[:6] + "*" * 8 + number[-4:]
    return tail_only(number)


def masked_phone(number: str) -> str:
    """13812342207 → 138****2207. A number that is no mobile shows its last four."""
    if len(number) == 11 and number.startswith("1"):
        return number[:3] + "****" + number[-4:]
    return tail_only(number)


def masked_account(number: str) -> str:
    """The last four digits of a bank account; its length is hidden as well."""
    return tail_only(number)


def tail_only(text: str) -> str:
    """Four stars and the last four characters; only stars when that would show half or more."""
    if not text:
        return ""
    return "****" + (text[-4:] if len(text) > 8 else "")
