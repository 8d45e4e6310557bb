"""Synthetic names. They come from characters usual in north-west Yunnan; no person is meant by any of them.

The pools leave out every character of the given names that the county's published report mentions.
"""

from random import Random

from organizations.choices import EthnicGroup

BAI_SURNAMES = "杨张李赵段何王尹施苏罗和寸董洪欧颜羊陈高马杜周字董杨张李杨赵段"
MALE_GIVEN = "文武国建志永金树云海春庆家德光明贵荣军强勇平林峰润泽嘉宏泰川龙全鹏涛松柏根旺"
FEMALE_GIVEN = "秀美丽兰英桂月凤珍玉琼芳芬莲梅花燕雪红霞银翠瑞淑慧娟菊香萍翠彩仙爱莉娜蓉"
ONE_CHARACTER_IN = 9  # every ninth given name has one character

# Names of Yi, Lisu, Pumi and Tibetan neighbours: several parts, joined by a middle dot.
LONG_NAMES = (
    ("阿普·吉克木嘎", EthnicGroup.YI),
    ("吉伙·阿牛伍各", EthnicGroup.YI),
    ("木帕·腊吾此友", EthnicGroup.LISU),
    ("余花才·阿普达", EthnicGroup.LISU),
    ("斯那·扎西多吉", EthnicGroup.TIBETAN),
    ("格桑·拉姆央宗·白玛曲珍", EthnicGroup.TIBETAN),
    ("品楚·都吉次里", EthnicGroup.PUMI),
)
# Characters outside the usual fonts and one outside the basic plane: the pages and papers must show them all.
RARE_NAMES = (
    "杨𠮷明",
    "段䶮",
    "张㛃",
    "李楤林",
    "赵龑",
    "尹彧琰",
    "施焜煜",
    "何堃",
    "董喆",
    "苏翀",
    "欧阳文䶮",
    "单玉玺",
)

CROP_PROJECTS = (
    "烤烟种植",
    "中药材种植",
    "大棚蔬菜种植",
    "核桃种植",
    "马铃薯良种种植",
    "高山白芸豆种植",
    "食用菌种植",
    "蓝莓种植",
)
LIVESTOCK_PROJECTS = (
    "生猪养殖",
    "肉牛养殖",
    "奶牛养殖",
    "黑山羊养殖",
    "土鸡养殖",
    "肉羊养殖",
    "蜜蜂养殖",
    "冷水鱼养殖",
)
PROCESSING_PROJECTS = ("木雕加工", "黑陶制作", "乳扇加工", "核桃油加工", "石雕加工", "布扎刺绣加工")
TOURISM_PROJECTS = ("农家乐经营", "古镇客栈经营", "马帮体验旅游", "民宿改造")
OTHER_PROJECTS = ("农资销售", "农产品运销", "农机服务", "农村客货运输", "种子种苗经销")
PROJECTS = {
    "crops": CROP_PROJECTS,
    "livestock": LIVESTOCK_PROJECTS,
    "processing": PROCESSING_PROJECTS,
    "tourism": TOURISM_PROJECTS,
    "other_business": OTHER_PROJECTS,
}
# What the money buys, by use: the second half of a business plan's first sentence.
PURCHASES = {
    "crops": "购置种苗、化肥和农膜，修整田间设施",
    "livestock": "扩建圈舍，购买仔畜和饲料",
    "processing": "购置加工设备和原料",
    "tourism": "改造房屋，添置客房和厨房设备",
    "other_business": "购进货物和运输工具",
}
BODY_NAMES = (
    "兴农",
    "惠民",
    "丰源",
    "绿野",
    "盛达",
    "云岭",
    "富民",
    "康源",
    "聚力",
    "裕丰",
    "新禾",
    "同心",
    "嘉禾",
    "润农",
)


def person_name(rng: Random, *, is_male: bool, surname: str = "") -> str:
    """Return a name of two or three characters."""
    pool = MALE_GIVEN if is_male else FEMALE_GIVEN
    given = rng.choice(pool)
    if rng.randrange(ONE_CHARACTER_IN):
        given += rng.choice(pool.replace(given, ""))
    return (surname or rng.choice(BAI_SURNAMES)) + given


def ethnic_group(rng: Random) -> str:
    """Return the group of one inhabitant: nine of ten are Bai, as in the county."""
    others = (EthnicGroup.HAN, EthnicGroup.YI, EthnicGroup.LISU, EthnicGroup.NAXI, EthnicGroup.HUI)
    return EthnicGroup.BAI if rng.randrange(10) else rng.choice(others)
