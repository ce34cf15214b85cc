"""Small tables with what the gate looks for, and others that only look like it; the same from the same seed.

Headers are those that agencies write: Chinese, English, pinyin in full and by initials. None is taken from the lists of
words in ``generator.disclosure``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.disclosure import known
from tests.disclosure.known import Make


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    title: str = ""
    type: str = "string"


@dataclass(frozen=True, slots=True)
class Table:
    fields: tuple[Field, ...]
    columns: tuple[list[str | None], ...]
    theme: str = ""
    quasi_identifiers: tuple[str, ...] = ()
    k: int = 5
    right: frozenset[str] = frozenset()
    """Classes that are there."""


# ---- names

_COMMON = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
_RARE = "阚佘亓仝逄訾郗昝邝揭蒯殳戚佟禹晏郜阙窦雒麻缪虞支柏水窘云酆鲍史費廉岑薛滕殷毕郝邬乐皮卞齐康伍元卜平和穆萧湛汪狄米贝明臧计伏谈茅熊纪舒屈项祝粟冷池桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄东殴沃利蔚越夔隆师巩厍聂晁勾敖融訚辛简饶曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况有琴商牟佘佴伯赏墨哈谯笪年爱阳佟信刀宛覃栾"
_COMPOUND = (
    "欧阳 司徒 上官 诸葛 司马 东方 皇甫 尉迟 公孙 慕容 令狐 轩辕 夏侯 端木 西门 南宫 长孙 宇文 独孤 呼延".split()
)
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英梓涵宇轩浩然子墨欣怡雨泽婷倩家豪嘉俊文建国志华淑珍玉兰海燕"
_MINORITY = "买买提·艾力 阿依古丽·吐尔逊 古丽娜尔·买合木提 扎西·多吉 木合塔尔·依明 巴特尔·苏和 帕尔哈提·热合曼 沙马·阿木".split()
_PINYIN = "Wei Fang Xiaoming Jing Li Qiang Tai-Man Ka-Yan Siu Ming Guoqiang Meiling".split()
_LATIN = "Zhang Wang Li Chen Liu Wong Chan Cheung Lau Leung Ouyang Situ Huang".split()


def person(r: random.Random) -> str:
    """As it stands in a Chinese list."""
    way = r.random()
    if way < 0.05:
        return r.choice(_COMPOUND) + "".join(r.choices(_GIVEN, k=r.randint(1, 2)))
    if way < 0.1:
        return r.choice(_MINORITY).replace("·", r.choice("·•・‧"))
    surname = r.choice(_RARE if way < 0.3 else _COMMON)
    given = "".join(r.choices(_GIVEN, k=r.randint(1, 2)))
    if way > 0.95 and len(given) == 1:
        return f"{surname}{r.choice([' ', chr(0x3000), '  '])}{given}"
    return surname + given


def latin_person(r: random.Random) -> str:
    first, last = r.choice(_PINYIN), r.choice(_LATIN)
    return r.choice(
        [f"{first} {last}", f"{last} {first}", f"{last}, {first}", f"{last} {first}".upper(), f"{last} {first}".lower()]
    )


def people(r: random.Random) -> Make:
    """One way of writing for a whole column."""
    return latin_person if r.random() < 0.2 else person


def masked_person(r: random.Random) -> str:
    name = known.name(r)
    return r.choice(
        [
            name[0] + "*",
            name[0] + "**",
            name[0] + "某某",
            name[0] + "某",
            name[0] + "××",
            name[0] + "先生",
            name[0] + "女士",
            "*" + name[1:],
        ]
    )


# ---- numbers


def passport(r: random.Random) -> str:
    digits = f"{r.randrange(10**9):09}"
    return r.choice([
        "E" + digits[:8], "E" + r.choice("ABCDEFGHJ") + digits[:7], "G" + digits[:8], r.choice("DSP") + digits[:8],
        r.choice(["SE", "DE", "PE"]) + digits[:7], r.choice(["14", "15"]) + digits[:7],
    ])  # fmt: skip


def hong_kong_permit(r: random.Random) -> str:
    digits = f"{r.randrange(10**9):09}"
    return r.choice(["C" + digits[:8], "C" + r.choice("ABCDEFGH") + digits[:7], "W" + digits[:8]])


def home_permit(r: random.Random) -> str:
    return r.choice("HM") + f"{r.randrange(10**8):08}" + r.choice(["", f"{r.randrange(3):02}"])


def taiwan_permit(r: random.Random) -> str:
    return f"{r.randrange(10**8):08}"


def to_taiwan_permit(r: random.Random) -> str:
    return r.choice("TL") + f"{r.randrange(10**8):08}"


_PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤粤粤粤粤青藏川宁琼"


def plate(r: random.Random) -> str:
    place, city = r.choice(_PLACES), r.choice("ABCDEFGHJ")
    dot = r.choice(["", "", "·", " ", "-", "•"])
    any_ = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    tail = r.choice([
        "".join(r.choices("0123456789", k=5)), "".join(r.choices(any_, k=3)) + "".join(r.choices("0123456789", k=2)),
        r.choice("DF") + r.choice(any_) + "".join(r.choices("0123456789", k=4)), "".join(r.choices("0123456789", k=5)) + r.choice("DF"),
        "".join(r.choices("0123456789", k=4)) + r.choice("警学挂"),
    ])  # fmt: skip
    way = r.random()
    if way < 0.05:
        return f"粤Z{dot}{r.choice(any_)}{r.randrange(1000):03}{r.choice('港澳')}"
    if way < 0.1:
        return r.choice(
            [
                f"使{r.randrange(10**6):06}",
                f"{place}{city}{r.randrange(10**4):04}领",
                f"使{r.randrange(1000):03}·{r.randrange(1000):03}",
            ]
        )
    text = f"{place}{city}{dot}{tail}"
    return text.lower() if way > 0.95 else text


# ---- columns that stand beside each other


def _titled(r: random.Random, zh: str, latin: str) -> Field:
    """A header in Chinese, in Latin letters, or both: the name in one and the title in the other."""
    chinese, other = r.choice(zh.split()), r.choice(latin.split())
    return r.choice(
        [
            Field(chinese),
            Field(other),
            Field(other, chinese),
            Field(f"col{r.randint(1, 9)}", chinese),
            Field(chinese, other.replace("_", " ").capitalize()),
        ]
    )


Heads = tuple[str, str]
PERSON: Heads = (
    "姓名 学生姓名 患者姓名 户主姓名 申请人 申请人姓名 当事人姓名 参保人 参保人姓名 被保险人 老人姓名 残疾人姓名 持证人姓名 职工姓名 员工姓名 领取人 救助对象姓名 低保对象姓名 承租人 购房人 监护人姓名 受助人 名字",
    "xm XM xingming hzxm sqrxm full_name fullName FullName Patient_Name person_name applicant_name student_name resident_name Name_of_applicant",
)
PHONE: Heads = (
    "联系电话 手机 手机号 手机号码 联系方式 电话 电话号码 本人电话",
    "lxdh sjh sjhm lxfs shoujihao phone mobile mobile_no phone_number Mobile_Number contact_number tel telephone_no",
)
ADDRESS: Heads = (
    "地址 联系地址 通讯地址 通信地址 详细地址 住所",
    "address mailing_address txdz dizhi street_address Address",
)
HOME: Heads = (
    "住址 家庭住址 现住址 户籍地址 户籍所在地 居住地址 常住地址 家庭地址 户口所在地 现居住地",
    "jtzz hjdz jtdz zhuzhi home_address HomeAddress residential_address place_of_residence residence",
)
BIRTH: Heads = (
    "出生日期 出生年月 出生年月日 生日 出生时间",
    "csrq csny birthday birth_date dob DOB DateOfBirth date_of_birth birthdate chushengriqi",
)
HEALTH: Heads = (
    "病种 疾病名称 诊断 诊断结果 残疾类别 残疾等级 残疾类型 病情 血型 过敏史 体检结果 健康状况 患病情况 既往病史 入院诊断 主要诊断 传染病名称",
    "cjlb cjdj diagnosis disability_type disabilityLevel disease blood_type health_status medical_condition illness jbmc",
)
BENEFIT: Heads = (
    "低保金额 补贴金额 救助金额 困难类型 补助类别 资助金额 低保类别 补贴项目 津贴金额 特困类别 抚恤金额",
    "btje dbje subsidy_amount allowance benefit_type welfare_amount relief_amount subsidy",
)
MINOR: Heads = (
    "学籍号 监护人关系 留守类型 孤儿类别 困境儿童类型 学生学号",
    "guardian_relation xjh child_category student_id pupil_no orphan_type",
)
SEX: Heads = ("性别", "sex gender xb xingbie Sex")
AGE: Heads = ("年龄 岁数 周岁", "age nl Age nianling")
ID: Heads = (
    "身份证号 身份证号码 公民身份号码 居民身份证号 证件号码 证件号 身份证",
    "sfzh sfzhm SFZJHM zjhm gmsfhm id_card idcard id_number IDNo identity_number shenfenzheng citizen_id",
)
CARD: Heads = (
    "银行卡号 银行账号 开户账号 收款账号 卡号 银行帐号",
    "yhkh yhzh bank_account bank_card_no card_number account_no",
)
PASSPORT: Heads = (
    "护照号 护照号码 护照 本人护照号码",
    "passport passport_no passportNumber hzhm Passport_No travel_document_no",
)
HONG_KONG: Heads = (
    "往来港澳通行证 港澳通行证号 港澳通行证号码 通行证号码",
    "gatxz permit_to_hong_kong travel_permit exit_permit_no txzhm",
)
HOME_PERMIT: Heads = (
    "回乡证号 回乡证 港澳居民来往内地通行证 港澳居民通行证号",
    "home_return_permit hxz travel_permit_no mainland_travel_permit",
)
TAIWAN: Heads = (
    "台胞证号 台胞证 台湾居民来往大陆通行证 台湾居民通行证号",
    "tbz taiwan_travel_permit tbzh taiwan_compatriot_permit",
)
TO_TAIWAN: Heads = (
    "往来台湾通行证 台湾通行证号 大陆居民往来台湾通行证号",
    "travel_permit_taiwan permit_to_taiwan twtxz",
)
PLATE: Heads = (
    "车牌 车牌号 车牌号码 号牌号码 机动车号牌 车辆牌照 车号 出租车牌号 车辆牌号",
    "cph cphm hphm plate plate_no license_plate PlateNumber Plate_Number vehicle_registration_no chepai",
)
CREDIT: Heads = (
    "统一社会信用代码 社会信用代码 信用代码 纳税人识别号 税号 统一代码",
    "tyshxydm shxydm TYSHXYDM nsrsbh uscc credit_code unified_social_credit_code taxpayer_id unifiedSocialCreditIdentifier usci",
)

_STREETS = "建设路 中山路 胜利路 港口路 迎宾大道 白沙大道 堤东路 发展大道".split()
_DISEASES = "高血压 糖尿病 冠心病 肺结核 精神分裂症 肢体残疾 视力残疾 听力残疾 慢性肾病 A型 O型 良好 一级 三级".split()
_BENEFITS = "低保 特困供养 低收入家庭 临时救助 高龄津贴 孤儿".split()


def address(r: random.Random) -> str:
    return f"江门市{r.choice(['蓬江区', '江海区', '新会区', '台山市'])}{r.choice(_STREETS)}{r.randint(1, 300)}号{r.randint(1, 30)}0{r.randint(1, 9)}室"


def birth(r: random.Random) -> str:
    day = known._day(r, 1930)
    return r.choice([day.isoformat(), day.strftime("%Y%m%d"), day.strftime("%Y年%m月"), day.strftime("%Y/%m")])


def disease(r: random.Random) -> str:
    return r.choice(_DISEASES)


def benefit(r: random.Random) -> str:
    return r.choice([*_BENEFITS, str(r.randint(100, 3000))])


def school_number(r: random.Random) -> str:
    return f"G{r.randrange(10**10):010}"


def sex(r: random.Random) -> str:
    return r.choice("男女")


def age(r: random.Random) -> str:
    return str(r.randint(1, 99))


_WITHOUT: tuple[tuple[str, Make], ...] = (
    ("序号", lambda r: str(r.randint(1, 999))),
    ("镇街", lambda r: r.choice(["环市街道", "潮连街道", "棠下镇", "荷塘镇", "外海街道"])),
    ("年度", lambda r: str(r.randint(2018, 2026))),
    ("备注", lambda r: r.choice(["", "无", "已核", "补录"])),
    ("批次", lambda r: r.choice(["第一批", "第二批"])),
)


def table(
    r: random.Random, *parts: tuple[Field, Make], rows: int = 0, right: Sequence[str] = (), theme: str = ""
) -> Table:
    """Among columns that say nothing, in any order; now and then a cell is empty."""
    rows = rows or r.choice([3, 8, 20, 60])
    every = [*parts, *((Field(name), make) for name, make in r.sample(_WITHOUT, r.randint(0, 3)))]
    r.shuffle(every)
    cells: list[list[str | None]] = []
    for _, make in every:
        cells.append([make(r) if row == 0 or r.random() > 0.05 else None for row in range(rows)])
    return Table(tuple(field for field, _ in every), tuple(cells), theme, right=frozenset(right))


def _sentence(texts: Sequence[str], make: Make) -> Make:
    return lambda r: r.choice(texts).format(make(r))


def _remarks(r: random.Random, rows: int, sentence: Make) -> Make:
    """Sentences that say nothing, and one that does."""
    at, seen = r.randrange(rows), [-1]

    def one(r: random.Random) -> str:
        seen[0] += 1
        return sentence(r) if seen[0] == at or (at and seen[0] == 0) else r.choice(["资料齐全", "已办结", "待补件", ""])

    return one


# ---- what is to be found, by class

Positive = Callable[[random.Random], Table]


def _numbers(name: str, heads: Heads, make: Make) -> Positive:
    return lambda r: table(r, (_titled(r, *heads), make), right=(name,))


def described(r: random.Random) -> Table:
    heads, make = r.choice([(HOME, address), (BIRTH, birth), (HEALTH, disease)])
    return table(r, (_titled(r, *PERSON), people(r)), (_titled(r, *heads), make), right=("person-described",))


def described_by_name(r: random.Random) -> Table:
    """The column of people is called by the least of words."""
    heads, make = r.choice([(HOME, address), (BIRTH, birth)])
    field = r.choice([Field("name"), Field("Name"), Field("name", "Name"), Field("mc", "名字")])
    return table(r, (field, people(r)), (_titled(r, *heads), make), right=("person-described",))


def named(r: random.Random) -> Table:
    heads, make, more = r.choice(
        [
            (ADDRESS, address, ()),
            (PHONE, known.mobile, ("mobile-phone",)),
            (PHONE, known.landline, ()),
            (BENEFIT, benefit, ()),
        ]
    )
    return table(r, (_titled(r, *PERSON), people(r)), (_titled(r, *heads), make), right=("person-named", *more))


def contact_named(r: random.Random) -> Table:
    heads, make = r.choice([(HOME, address), (BIRTH, birth)])
    field = _titled(r, "联系人 负责人 法定代表人 业主 经办人", "contact_person owner legal_representative manager")
    return table(r, (field, people(r)), (_titled(r, *heads), make), right=("person-named",))


def vulnerable(r: random.Random) -> Table:
    heads, make = r.choice([(HEALTH, disease), (BENEFIT, benefit), (MINOR, school_number)])
    if r.random() < 0.4 and heads is MINOR:
        return table(r, (_titled(r, *PERSON), people(r)), (_titled(r, *heads), make), right=("vulnerable-people",))
    old, of_age = r.choice([(AGE, age), (BIRTH, birth)])
    parts = [(_titled(r, *SEX), sex), (_titled(r, *old), of_age), (_titled(r, *heads), make)]
    if r.random() < 0.5:
        parts.append((_titled(r, *PERSON), masked_person))
    if r.random() < 0.3:
        parts.append(
            (
                _titled(r, "家庭人数 家庭人口 家庭人口数 户内人口", "family_size household_size"),
                lambda r: str(r.randint(1, 7)),
            )
        )
    return table(r, *parts, right=("vulnerable-people",))


def vulnerable_by_theme(r: random.Random) -> Table:
    theme = r.choice(["health", "social-assistance"])
    return table(r, (_titled(r, *PERSON), people(r)), right=("vulnerable-people",), theme=theme)


def documents(r: random.Random) -> Table:
    heads, make = r.choice(_DOCUMENTS)
    return table(r, (_titled(r, *heads), make), right=("travel-document",))


def documents_among_ids(r: random.Random) -> Table:
    make = r.choice([passport, home_permit, hong_kong_permit])
    field = _titled(r, "证件号码 证件号", "zjhm id_number")
    return table(r, (Field("证件类型"), lambda r: "护照"), (field, make), right=("travel-document",))


def documents_in_texts(r: random.Random) -> Table:
    make, texts = r.choice(_SAID)
    rows = r.choice([3, 20, 60])
    field = Field(r.choice(["备注", "说明", "remark", "content"]))
    return table(r, (field, _remarks(r, rows, _sentence(texts, make))), rows=rows, right=("travel-document",))


_DOCUMENTS: tuple[tuple[Heads, Make], ...] = (
    (PASSPORT, passport), (HONG_KONG, hong_kong_permit), (HOME_PERMIT, home_permit), (TAIWAN, taiwan_permit),
    (TO_TAIWAN, to_taiwan_permit),
)  # fmt: skip
_SAID: tuple[tuple[Make, tuple[str, ...]], ...] = (
    (passport, ("持护照{}入境", "护照号码：{}", "护照号{}，已注销", "passport No. {} expired", "Passport {}")),
    (hong_kong_permit, ("港澳通行证号码{}遗失", "往来港澳通行证：{}")),
    (home_permit, ("回乡证（{}）", "港澳居民来往内地通行证 {}")),
    (taiwan_permit, ("台胞证{}", "台胞证号码：{}", "台湾居民来往大陆通行证号{}")),
    (to_taiwan_permit, ("往来台湾通行证{}", "大陆居民往来台湾通行证号码 {}")),
)


def plates(r: random.Random) -> Table:
    return table(r, (_titled(r, *PLATE), plate), right=("number-plate",))


def told_in_texts(r: random.Random) -> Table:
    rows = r.choice([3, 20, 60])
    field = Field(r.choice(["事由", "内容", "description"]))

    def sentence(r: random.Random) -> str:
        day = f"{r.randint(1940, 2008)}年{r.randint(1, 12)}月{r.randint(1, 28)}日"
        texts = (
            f"{{}}，{r.choice('男女')}，{day}出生，住{address(r)}",
            f"经查，{{}}（{r.choice('男女')}，汉族，{day}生）未经许可经营。",
            f"姓名：{{}} 性别：{r.choice('男女')} 住址：{address(r)}",
        )
        return r.choice(texts).format("".join((r.choice("李王陈黄梁"), *r.choices(_GIVEN, k=2))))

    return table(r, (field, _remarks(r, rows, sentence)), rows=rows, right=("person-told",))


def plates_in_texts(r: random.Random) -> Table:
    rows = r.choice([3, 20, 60])
    texts = ("车牌{}的小车违停", "车牌号：{}", "号牌号码为{}", "车辆（车牌号码：{}）占道", "车牌 {}", "plate {}")
    field = Field(r.choice(["事由", "内容", "description"]))
    return table(r, (field, _remarks(r, rows, _sentence(texts, plate))), rows=rows, right=("number-plate",))


def traders(r: random.Random) -> Table:
    share = r.choice([0.1, 0.5, 1.0])
    first = [True]

    def code(r: random.Random) -> str:
        if first.pop() if first else r.random() < share:
            return known.trader(r)
        return known.firm(r)

    return table(r, (_titled(r, *CREDIT), code), right=("sole-trader",))


def small_groups(r: random.Random) -> Table:
    """With groups below k by the count of each combination: all are of k rows but one."""
    k = r.randint(2, 6)
    combinations = [(s, a, p) for s in "男女" for a in ("0-17", "18-59", "60+") for p in ("环市", "潮连", None)]
    chosen = r.sample(combinations, r.randint(1, 8))
    rows = [one for one in chosen[1:] for _ in range(k + r.randrange(3))] + [chosen[0]] * r.randint(1, k - 1)
    r.shuffle(rows)
    fields = (Field("性别"), Field("年龄组"), Field("街道"))
    columns = tuple([row[n] for row in rows] for n in range(3))
    return Table(fields, columns, "", ("性别", "年龄组", "街道"), k, frozenset(("k-anonymity",)))


def hidden(r: random.Random) -> Table:
    return table(r, (_titled(r, *ID), known.masked), right=("masked-values",))


def damaged(r: random.Random) -> Table:
    make = r.choice(
        [lambda r: f"{r.uniform(1, 9):.{r.randint(2, 5)}f}E+17", lambda r: str(r.randrange(10**14, 10**15)) + "000"]
    )
    return table(r, (_titled(r, *ID), make), rows=20, right=("long-numbers-damaged",))


POSITIVES: dict[str, tuple[str, Positive]] = {
    "IDs of 18 characters": ("resident-id", _numbers("resident-id", ID, known.resident)),
    "IDs of 15 digits": ("resident-id", _numbers("resident-id", ID, known.resident_old)),
    "mobile phones": ("mobile-phone", _numbers("mobile-phone", PHONE, known.mobile)),
    "bank cards": ("bank-card", _numbers("bank-card", CARD, known.card)),
    "names with home, birth, health": ("person-described", described),
    "the same, a column called name": ("person-described", described_by_name),
    "passports and permits": ("travel-document", documents),
    "the same among numbers of documents": ("travel-document", documents_among_ids),
    "the same in a text": ("travel-document", documents_in_texts),
    "number plates": ("number-plate", plates),
    "the same in a text ": ("number-plate", plates_in_texts),
    "sole traders": ("sole-trader", traders),
    "names with address, phone, benefit": ("person-named", named),
    "contacts with home or birth": ("person-named", contact_named),
    "vulnerable people": ("vulnerable-people", vulnerable),
    "the same by the theme": ("vulnerable-people", vulnerable_by_theme),
    "sentences that tell of a person": ("person-told", told_in_texts),
    "small groups": ("k-anonymity", small_groups),
    "masked values": ("masked-values", hidden),
    "damaged numbers": ("long-numbers-damaged", damaged),
}


# ---- what only looks like it


def _of(*columns: tuple[str, Make], theme: str = "") -> Positive:
    fields = [(Field(*name.split("|")), make) for name, make in columns]
    return lambda r: table(r, *fields, theme=theme)


def _choice(words: str) -> Make:
    several = [word.replace("_", " ") for word in words.split()]
    return lambda r: r.choice(several)


def _digits(length: int, first: str = "") -> Make:
    return lambda r: first + "".join(r.choices("0123456789", k=length - len(first)))


_school = _choice("江门一中 蓬江区紫茶小学 新会陈经纶中学 台山一中 陈白沙中学 景贤学校")
_firm = _choice(
    "江门市李锦记食品有限公司 王老吉药业 新会陈皮村市场股份有限公司 张裕商行 周大福珠宝店 陈记茶餐厅 李宁专卖店 黄振龙凉茶铺"
)
_count: Make = lambda r: str(r.randint(1, 90_000))  # noqa: E731  as short as its neighbours
_station = _choice(
    "江门 白沙 江海 高沙 龙湾 周郡 林屋 陈白沙祠 何香凝路口 中山公园 梁启超故居 司前 唐家 马坑 石步 杜阮 叶家庄"
)
_longitude: Make = lambda r: f"{r.uniform(112, 114):.{r.randint(5, 12)}f}"  # noqa: E731


def small_groups_enough(r: random.Random) -> Table:
    k = r.randint(2, 6)
    rows = [(s, a) for s in "男女" for a in ("0-17", "18-59", "60+") for _ in range(k + r.randrange(3))]
    r.shuffle(rows)
    columns: tuple[list[str | None], ...] = tuple([row[n] for row in rows] for n in range(2))
    return Table((Field("性别"), Field("年龄组")), columns, "", ("性别", "年龄组"), k)


NEGATIVES: dict[str, Positive] = {
    "streets named after people": _of(("路名", _choice("中山路 逸仙路 志远路 陈宜禧路 冯如路 启超大道 白沙大道")), ("长度（米）", _count), ("起点地址", address)),
    "stops": _of(("站名|站点名称", _station), ("经度", _longitude), ("纬度", lambda r: f"{r.uniform(22, 23):.6f}"), ("线路", _digits(3))),
    "stops, called name": _of(("name", _station), ("address", address), ("stop_id", _digits(8))),
    "firms": _of(("企业名称", _firm), ("统一社会信用代码", known.firm), ("法定代表人", person), ("注册地址", address), ("联系电话", known.landline)),
    "firms as customers": _of(("customer name", _choice("Lee_Kum_Kee_Ltd Wing_Lee_Trading_Co. Chow_Tai_Fook_Limited Pearl_River_Foods_Inc")), ("address", address)),
    "shops": _of(("店名", _firm), ("地址", address), ("负责人", person), ("电话", known.landline)),
    "books and authors": _of(("书名", _choice("家 平凡的世界 朝花夕拾 红高粱 陈白沙集")), ("作者", person), ("ISBN", lambda r: "978" + "".join(r.choices("0123456789", k=10))), ("出版社", _choice("人民出版社 花城出版社")), ("出版社地址", address)),
    "teachers of schools": _of(("姓名", person), ("性别", sex), ("任教学校", _school), ("学校地址", address), ("学校电话", known.landline), ("职称", _choice("一级教师 高级教师"))),
    "doctors and what they treat": _of(("医生姓名", person), ("职称", _choice("主任医师 副主任医师")), ("科室", _choice("内科 外科")), ("擅长疾病", disease)),
    "lawyers": _of(("姓名", person), ("执业证号", _digits(17, "14407")), ("律师事务所", _choice("广东五邑律师事务所 广东华南律师事务所")), ("事务所地址", address), ("办公电话", known.landline)),
    "winners of prizes": _of(("获奖人姓名", person), ("单位", _school), ("奖项", _choice("一等奖 二等奖"))),
    "masked people": _of(("姓名", masked_person), ("住址", _choice("江门市蓬江区** 江海区****")), ("身份证号", known.masked)),
    "old people anonymised": _of(("申请人", lambda r: known.name(r)[0] + r.choice(["某", "某某", "先生", "女士"])), ("补贴金额", benefit), ("镇街", _choice("环市街道 棠下镇"))),
    "population by sex and age": _of(("性别", sex), ("年龄", age), ("人口", _count)),
    "disability by sex and age": _of(("sex", sex), ("age", age), ("disability_type", disease), ("persons", _count)),
    "disability, counted": _of(("残疾类别", disease), ("性别", sex), ("年龄段", _choice("0-17岁 18-59岁 60岁以上")), ("人数", _count)),
    "illness, counted": _of(("病种", disease), ("性别", sex), ("年龄", age), ("发病例数", _count)),
    "rates of allowances": _of(("补贴标准", _count), ("性别", sex), ("年龄", age)),
    "homes for children": _of(("机构名称", _choice("江门市儿童福利院 新会区敬老院 残疾人康复中心")), ("服务对象", _choice("残疾儿童 孤儿 老人")), ("地址", address), ("联系人", person), ("电话", known.landline)),
    "subsidies of firms": _of(("企业名称", _firm), ("补贴金额", _count), ("地址", address)),
    "codes of products": _of(("产品编码", _choice("E12345678 G23456789 C34567890 H45678901")), ("名称", _firm)),
    "numbers of orders": _of(("订单号", known._random_digits(20)), ("金额", _count)),
    "flights": _of(("航班号", lambda r: f"{r.choice(['CZ', 'MU', 'HU'])}{r.randrange(10**4):04}"), ("到达", _station)),
    "trains": _of(("车次", lambda r: f"{r.choice('GDCK')}{r.randrange(10**4):04}"), ("车号", _digits(6)), ("到站", _station)),
    "numbers of roads": _of(("道路编号", lambda r: f"{r.choice('GSXY')}{r.randrange(10**3):03}"), ("路段", _station)),
    "house numbers": _of(("门牌号", lambda r: f"{r.randint(1, 999)}号"), ("路牌编号", _digits(8)), ("路名", _choice("中山路 建设路"))),
    "building permits": _of(("许可证号|Permit number", lambda r: f"{r.randint(2015, 2026)}{r.randrange(10**4):04}"), ("项目", _firm)),
    "permits with a letter": _of(("permit_no", lambda r: f"C{r.randrange(10**7):07}"), ("许可证编号", lambda r: f"JY1440703{r.randrange(10**7):07}")),
    "passes of lorries": _of(("货车通行证号", lambda r: f"{r.randrange(10**8):08}"), ("路段", _station)),
    "readers of plates": _of(("车牌识别设备编号", _digits(8)), ("车牌颜色", _choice("蓝 黄 绿"))),
    "how passports are made": _of(("事项", _choice("护照首次申请 护照换发 往来港澳通行证签注 台湾居民来往大陆通行证补发")), ("咨询电话", known.landline), ("受理时间", lambda r: "20260101至20261231"), ("办理流程", lambda r: f"护照办理窗口，网上预约编号为{r.randrange(10**6):06}起")),
    "credit codes of offices": _of(("统一社会信用代码", known.firm), ("机构名称", _school)),
    "chimneys and coordinates": _of(("排放口", _digits(6)), ("经度", _longitude), ("COD", lambda r: f"{r.uniform(0, 99):.3f}")),
    "barcodes": _of(("条形码", known.barcode), ("品名", _firm)),
    "members": _of(("会员编号", lambda r: f"10{r.randrange(10**9):09}"), ("等级", _choice("金 银"))),
    "cases": _of(("案号", lambda r: f"（2026）粤0703民初{r.randrange(10**4)}号"), ("法官", person)),
    "clans and villages": _of(("村名", _choice("王家村 李屋村 陈冲村 张边村")), ("地址", address), ("户数", _count)),
    "rivers and their chiefs": _of(("河流", _station), ("河长姓名", person), ("职务", _choice("镇长 村主任")), ("监督电话", known.landline)),
    "plants and their illnesses": _of(("作物", _choice("水稻 陈皮柑 马铃薯")), ("病名", _choice("稻瘟病 黄龙病 晚疫病")), ("症状", _choice("叶黄 果小"))),
    "illnesses, called name": _of(("name", _choice("高血压 冠心病 水痘 麻疹 白喉 百日咳")), ("symptoms", _choice("发热 咳嗽"))),
    "schools and pupils": _of(("学校名称", _school), ("学生人数", _count), ("地址", address)),
    "groups that are large enough": small_groups_enough,
    **{
        f"{kind}, unnamed": _of(("编号", known.LOOKALIKES[kind]), ("名称", _firm))
        for kind in ("wrong-day", "no-province", "not-yet-born", "landline", "firm", "barcode", "moment-and-number", "coordinate", "amount", "hash", "uuid", "web-address", "serial", "range")
    },
}  # fmt: skip
