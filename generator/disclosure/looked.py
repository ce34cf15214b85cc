"""What was seen in one column, and in a text alone: no value is kept of it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

from generator.disclosure import claims as said
from generator.disclosure.chance import Tally
from generator.identifiers import (
    CARD,
    RESIDENT,
    RESIDENT_OLD,
    Mark,
    has_check,
    is_shaped_18,
    marks,
    mask,
    normalised,
)

PASSPORT, PLATE, CREDIT, MASKED, DAMAGED, TOLD = "passport", "plate", "credit", "masked", "damaged", "told"
"""Kinds of tallies beside those of ``identifiers``."""

SAMPLE = 100
"""Cells of each piece of a column of names that are looked at: whether these are people's full names."""

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
    "韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤伍甄司徒区岑冼容聂麦关温欧阳詹阮植劳利梅余萧莘尧汝敖简"
    "傅卓鲁兰康施章樊常牛洪倪葛邢安齐易乔庞颜庄涂左文翁柳翟俞辛耿柯裴凌华骆祝霍车成焦谷喻路娄饶申季包尚柴祁甘解焦游阎盛管卞项宁党景"
    # The rest of the Hundred Family Names, and others that are borne by more than some thousands
    "褚卫尤戚水窦云奚郎昌苗凤花鲍费廉滕殷毕邬乐时皮伯元卜平和穆湛祁禹狄米贝明臧计伏谈茅舒屈董纪闵席麻强娄危童郭刁丘骆虞支昝咎卢莫经房"
    "缪干应宗宣贲邓郁单杭诸嵇滑荣羊於惠曲家封芮羿储靳汲邴糜松井富巫乌巴弓牧隗山谷宓蓬全郗班仰秋仲伊宫仇栾暴钭厉戎祖符束幸韶郜蓟薄印宿怀"
    "蒲邰从鄂索咸籍赖蔺屠蒙池乔阴胥能苍双闻莘党贡逄姬扶堵冉宰郦雍郤璩桑桂濮寿通边扈燕冀郏浦尚农别晏瞿充慕连茹习宦艾鱼古慎戈庾终暨居衡步都"
    "满弘匡国寇广禄阙东殴殳沃蔚越夔隆师巩厍晁勾融冷訾阚那空毋沙乜养鞠须丰巢蒯相查后荆红竺权逯盖益桓公仉督岳帅缑亢况有琴商牟佘佴墨哈谯笪年爱"
    "佟信刀宛佘亓仝郗邝揭粟竹苟原由佀肇闪操邸苑冶初战矫门宝楚洛菅锺鍾劉陳張楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇呂盧譚陸鍾鄒閆龍賀顧龔萬錢嚴關溫歐"
    "來仙邦候信布才折改旷晋朴森母涵玉生皇祖禤绳苹荀药莎蓝藩虎补观谌谷逢速遆郇郸鄢钮钱锁雪青麴黑丛丑乃伦但佐俸僧元兆冶占卿历叶台呙哲圣"
)  # fmt: skip
_COMPOUND = frozenset(
    "欧阳 司徒 上官 诸葛 司马 东方 皇甫 尉迟 公孙 慕容 令狐 轩辕 夏侯 端木 西门 南宫 长孙 宇文 独孤 呼延 钟离 歐陽 "
    "闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 鲜于 闾丘 司空 亓官 司寇 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 "
    "公良 拓跋 夹谷 宰父 谷梁 段干 百里 东郭 南门 羊舌 微生 梁丘 左丘 东门 第五 完颜".split()
)
_HAN = "\u3400-\u9fff\U00020000-\U000323af"
_NAME = re.compile(f"[{_HAN}]{{2,4}}")
_JOINED_NAME = re.compile(f"[{_HAN}]{{1,10}}(?:[·•・‧][{_HAN}]{{1,10}}){{1,3}}")
_LATIN = r"(?:[^\W\d_]|['’-])"
_LATIN_NAME = re.compile(
    rf"[A-Z]{_LATIN}*(?:[ ,]+[A-Z](?:{_LATIN}|\.)*){{0,3}}|[a-z]{_LATIN}+(?:[ ,]+[a-z]{_LATIN}+){{1,3}}"
)
_LATIN_FIRM = re.compile(
    r"\b(?:ltd|co|company|limited|inc|llc|corp|group|trading|school|hospital|centre|center)\b", re.I
)
_NO_NAME = re.compile(
    r"公司|中心|学校|医院|某|局$|街|镇|村|区$|市$|县$|省$|路|部$|科$|站$|店$|厂$|所$|办$|院$|园$|社$|馆$|库$|队$|组$|户$|类$|病$|型$|人$|员$|性$"
    r"|先生$|女士$|小姐$|同志$|老师$"
)
_BESIDE_NAME = re.compile(r"\([^()]*\)$|[、,/;].*$|(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
"""A remark in brackets, further people, and the blank that makes two characters as wide as three."""
_MASKED = re.compile(
    r"[\u4e00-\u9fff]{1,2}[*]{1,3}[\u4e00-\u9fff]?|[0-9A-Za-z]{2,17}[*]{2,18}[0-9A-Za-z]{0,8}|[*]{3,18}[0-9A-Za-z]{1,8}"
)
_DAMAGED = re.compile(r"[1-9]\.[0-9]{2,}[Ee]\+1[0-9]")
_PASSPORT = re.compile(
    r"(?<![0-9A-Za-z])(?:[EGDSPHK][ -]?[0-9]{8}|E[A-Z][ -]?[0-9]{7}|[DSP]E[ -]?[0-9]{7}|1[45][0-9]{7}"
    r"|[CWTL](?:[0-9]{8}|[A-Z][0-9]{7})|[HM][0-9]{8}(?:[0-9]{2})?"
    r"|[A-Z]{3}[0-9]{12}"
    r"|9[1-6][0-9]{4}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?!000)[0-9]{3}[0-9X])(?![0-9A-Za-z])",
    re.IGNORECASE,
)
"""The last two: permanent residence of foreigners, before and since 2023."""
_TAIWAN = re.compile(r"(?<![0-9A-Za-z])[0-9]{8}(?:[0-9]{2})?(?![0-9A-Za-z])")
PLACES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
"""The first character of a number plate."""
_PLATE = re.compile(
    rf"(?:[{PLACES}][A-HJ-Z][ ·•・‧.-]?"
    rf"(?:[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳领]|[A-HJ-NP-Z0-9]{{6}})"
    r"|使[0-9]{3}[ ·•・‧.-]?[0-9]{3})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_BARE_PLATE = re.compile(
    # 云, 贵, 新 and others are words as well: behind a Chinese character only what says that it is a car's counts.
    r"(?:(?<=[驾驶车辆牌号乘照为])|(?<![0-9A-Za-z\u4e00-\u9fff])|(?<![0-9A-Za-z])(?![云贵青宁新吉藏桂川蒙晋陕甘]))"
    rf"[{PLACES}][A-HJ-Z][ ·•・‧.-]?"
    r"(?:(?=[A-Z]{0,2}[0-9][A-Z]?[0-9][A-Z]?[0-9])[A-HJ-NP-Z0-9]{5}|[0-9]{4}[挂学警港澳领]"
    r"|[A-HJ-NP-Z][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJ-NP-Z])(?![0-9A-Za-z+-]|[型款式系])",  # 粤J12345型: a model
    re.IGNORECASE,
)
"""A plate that no word announces: three digits at least, and nothing that makes it a part of another code."""
_PASSPORT_WORDS = re.compile(
    r"护照|(?<![车辆路园区卡])通行证|回乡证|台胞证|永久居留|永居证|passport|travel permit|permanent residen",
    re.IGNORECASE,
)
_TAIWAN_WORDS = re.compile(r"台胞证|台湾居民来往大陆通行证|台湾居民通行证|台湾居民居住证")
_PLATE_WORDS = re.compile(r"车牌|号牌|车号|plate", re.IGNORECASE)
LEAST_TOLD = 40
"""Bytes of a text that says who somebody is and where they live."""
_WHO = rf"(?:(?<![{_HAN}])|(?<=[人者员]))(?P<name>[{_HAN}]{{2,4}}|[{_HAN}]{{1,10}}[·•][{_HAN}]{{1,10}})"
_TOLD = re.compile(
    # 张某，男，1980年3月2日出生，住…
    rf"{_WHO}[(,、; ]{{1,3}}(?:性别:?)?[男女][),、; 。].{{0,60}}?"
    rf"(?:[0-9]{{4}}[年.-][0-9]{{1,2}}(?:[月.-][0-9]{{1,2}}日?|月)\s*(?:出)?生|出生(?:日期|年月|于)?:?\s*[0-9]{{4}}"
    rf"|住(?:址|所|在)?[:于]?[{_HAN}0-9]{{4,40}}?[0-9一二三四五六七八九十]+(?:号|室|房|组))"
    rf"|姓名:\s*(?P<labelled>[{_HAN}]{{2,4}}|[{_HAN}]{{1,10}}[·•][{_HAN}]{{1,10}})(?![{_HAN}]).{{0,80}}?"
    r"(?:住址|地址|电话|手机|出生|生日|诊断|病情|残疾)[^:\s]{0,4}:\s*[^\s*某]"
)
_TOLD_WORDS = re.compile(r"(?=.*\d)(?=.*(?:[男女]|姓名))", re.DOTALL)
_CREDIT = re.compile(r"92[0-9A-HJ-NPQRTUWXY]{16}")
_NEAR = 16
LONG = frozenset((16, 17, 18, 19))
NAMES = frozenset((said.PERSON, said.CONTACT, said.NAME, said.VAGUE))
"""Columns of which a sample is looked at: whether it is people's names, or what belongs to people."""
_GIVEN = frozenset(
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲华建国志红玉梅婷雪峰鹏宇浩然子轩梓涵思源嘉怡俊熙雨桐欣妍诗琪晓东海燕春晖佳慧颖丹萍"
    "莉琳倩珍凤洁琴云莲环荣爱妹香月莺媛瑞凡蓉眉君雅芝薇菁梦岚苑婕馨瑗琰韵融园艺咏卿聪澜纯毓悦昭冰爽琬茗羽希宁飘育滢馥筠柔竹霭凝欢霄枫芸菲寒伊"
    "亚宜可姬舒影荔枝瑜庆彩锦黛青贞莎珊巧美娥琦晶茜秋锋健世广义兴良波贵福生龙元全胜学祥才发武新利清飞彬富顺信安岩中茂进毅俊坚和彪博诚先敬震振壮"
    "会思群豪心邦承乐绍功松善厚庆民友裕河哲江超亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭辰士以树炎德行时泰盛雄琛钧冠策腾楠榕航弘永昌"
    "成康星光天达仁林忠传晨智凯悠睿皓恒家豪鑫森淼焱烨煜熠炜炳灿烽炫琨瑾璐璇璟璨珏玮珂玥瑶琼淑惠娇姣婉娴婵妮姗姿姝钰铭锐钊铁银金阳昊晟曦曼蕾蕊"
    "蓓葵芬芹苗茵莹萱菊萌蓝薛兆兵根培均堂奎孝守定宗尚崇常延彦得念悟惟慈扬承振晖景晴有朝权来柏柱标桃森楚榮正水汉沛沁沐泉泽洪济浩涌淇深渊湘源满"
    "滨灵照熊猛献玺田甜益睦礼祖禄秉秋穗立章竞笑紫素绪继维罡耀胤胜自舟航芷苏茹荷菡蔚蕙虎虹衡裴西观誉诗语诺谊赞超越路辅迎远迪逸道邦郁野钦铮锡镇"
    "长闻阔陆隆雁雯霖露霏靖韬顺颂风馨驰骁骏高魁鲁鸿鹤麒麟黎默齐龄一三二四双小少弟娣姐嫦阿"
)
"""What given names are made of. Few names of streets and villages are made of these alone."""
_HOME = re.compile(
    r"(?:[路街道巷里弄村镇乡]|小区|花园|新村|大院).{0,12}?[0-9一二三四五六七八九十]+(?:号|室|房|栋|幢|座|组|户|楼|单元)"
)
_ILL = re.compile(
    r"(?:[病炎症癌瘤疹疮疡疝瘫痨]|结核|肝硬化|高血压|糖尿病|骨折|感染|中毒|障碍|综合征|衰竭|梗死|梗塞|出血|肥大|增生)"
    r"(?:\([^()]*\)|[I1-4一二三四ⅠⅡⅢ]*[期型级度])?$"
)
CLAIMED = frozenset((said.PASSPORT, said.PLATE, said.CREDIT_CODE, said.ID))
"""Columns whose cells may be what they are nowhere else."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    title: str = ""
    type: str = "any"
    office: bool = False
    """Declared as the contact of an office."""

    @property
    def claims(self) -> frozenset[str]:
        return said.claims(self.name, self.title)


@dataclass(slots=True)
class Looked:
    """A column, or a piece of it."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    cells: int = 0
    """Not empty."""
    long: int = 0
    """Whole numbers of 16 to 19 digits, and of these …"""
    zeros: int = 0
    """… how many have nothing but zeros after the fifteenth: what a spreadsheet makes of them."""
    zeros_row: int = -1
    sampled: int = 0
    names: int = 0
    """Of those sampled: full names of people; …"""
    likely: int = 0
    """… such as hardly anything else is called; …"""
    homes: int = 0
    """… a house's or a flat's address; …"""
    ills: int = 0
    """… what people suffer from."""

    def tally(self, kind: str) -> Tally:
        return self.tallies.setdefault(kind, Tally())

    def count(self, kind: str, row: int, masked: str = "", cells: int = 1) -> None:
        one = self.tally(kind)
        if one.row < 0:
            one.row, one.masked = row, masked
        one.hits += cells
        one.cells += cells

    def join(self, other: Looked) -> None:
        for kind, tally in other.tallies.items():
            self.tally(kind).join(tally)
        if self.zeros_row < 0:
            self.zeros_row = other.zeros_row
        for name in ("cells", "long", "zeros", "sampled", "names", "likely", "homes", "ills"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def after(self, rows: int) -> Looked:
        """The same, where so many rows come before it."""
        for tally in self.tallies.values():
            tally.row += rows if tally.row >= 0 else 0
            tally.said_row += rows if tally.said_row >= 0 else 0
        self.zeros_row += rows if self.zeros_row >= 0 else 0
        return self


def look_at_text(
    looked: Looked, row: int, text: str, latest: datetime.date, allowed: frozenset[str], *, cards: bool
) -> None:
    """Numbers of people in one text. ``allowed``: phones of offices. ``cards``: the column says that it holds those."""
    plain = normalised(text)
    hit: set[str] = set()
    for mark in marks(plain, latest):
        told = mark._replace(hit=mark.shaped) if cards and mark.kind == CARD else mark
        _add(looked, row, told, latest, allowed, hit)
    for kind in hit:
        looked.tally(kind).cells += 1


def _add(looked: Looked, row: int, mark: Mark, latest: datetime.date, allowed: frozenset[str], hit: set[str]) -> None:
    if mark.digits in allowed:
        return
    tally = looked.tally(mark.kind)
    tally.seen += 1
    tally.shaped += mark.shaped
    if not mark.hit:
        return
    tally.hits += 1
    hit.add(mark.kind)
    tally.early += mark.kind == RESIDENT_OLD and int(mark.digits[6:8]) <= latest.year % 100
    if tally.row < 0 or row < tally.row:
        tally.row, tally.masked = row, mark.masked
    if mark.said:
        tally.said += 1
        if tally.said_row < 0:
            tally.said_row, tally.said_masked = row, mark.masked


def look_near_words(looked: Looked, row: int, text: str) -> None:
    """Documents and plates, which only the words before them tell from other codes."""
    plain = normalised(text)
    for words, form, kind in (
        (_PASSPORT_WORDS, _PASSPORT, PASSPORT), (_TAIWAN_WORDS, _TAIWAN, PASSPORT), (_PLATE_WORDS, _PLATE, PLATE),
    ):  # fmt: skip
        for word in words.finditer(plain):
            found = form.search(plain, word.end(), word.end() + _NEAR + len("ABC123456789012"))
            if found and found.start() <= word.end() + _NEAR:
                looked.count(kind, row, mask(found[0]))
                break
        else:
            _look_at_plate(looked, row, plain, kind)


def look_at_people(looked: Looked, row: int, text: str) -> None:
    """Sentences that say who somebody is, and when they were born or where they live."""
    plain = normalised(text)
    for found in _TOLD.finditer(plain):
        name = found["name"] or found["labelled"]
        if is_full_name(name):
            looked.count(TOLD, row, name[0] + "**")
            return


def _look_at_plate(looked: Looked, row: int, plain: str, kind: str = PLATE) -> None:
    found = _BARE_PLATE.search(plain) if kind == PLATE else None
    if found:
        looked.count(PLATE, row, mask(found[0]))


def look_at_claimed(column: Column, looked: Looked, row: int, text: str, latest: datetime.date) -> None:
    """What counts only in a column that says it holds it."""
    claims = column.claims
    plain = normalised(text).strip()
    if (claims & {said.PASSPORT, said.ID} and _PASSPORT.fullmatch(plain)) or (
        said.PASSPORT in claims and said.TAIWAN in claims and _TAIWAN.fullmatch(plain)
    ):
        looked.count(PASSPORT, row, mask(plain))
    if said.PLATE in claims and _PLATE.fullmatch(plain):
        looked.count(PLATE, row, mask(plain))
    elif not plain.isascii():
        _look_at_plate(looked, row, plain)
    if said.CREDIT_CODE in claims:
        _look_at_credit(looked, row, plain.upper(), latest)


def _look_at_credit(looked: Looked, row: int, plain: str, latest: datetime.date) -> None:
    if _CREDIT.fullmatch(plain) and is_credit_code(plain):
        looked.count(CREDIT, row, mask(plain))
    elif len(plain) == 20 and is_shaped_18(plain, latest) and has_check(plain):
        looked.count(RESIDENT, row, mask(plain))  # a sole trader's older tax number: the ID and two characters


def is_credit_code(text: str) -> bool:
    from stdnum.cn import uscc

    return uscc.calc_check_digit(text[:-1]) == text[-1]


def sample_name(looked: Looked, text: str) -> None:
    looked.sampled += 1
    plain = normalised(text).strip()
    name = _BESIDE_NAME.sub("", plain).strip()
    if is_full_name(name):
        looked.names += 1
        looked.likely += not name.isascii() and is_likely_name(name)
    elif len(plain) <= 60:
        looked.homes += _HOME.search(plain) is not None
        looked.ills += len(plain) <= 20 and _ILL.search(plain) is not None


LONGEST_NAME = 100
"""Characters."""


def is_likely_name(name: str) -> bool:
    """Of a full name: whether hardly anything else is called so."""
    given = name[2:] if name[:2] in _COMPOUND else name[1:]
    return bool(_JOINED_NAME.fullmatch(name)) or set(given) <= _GIVEN


def is_full_name(text: str) -> bool:
    """Of one person, so far as it can be told from other short words. In Latin letters nearly everything may be one."""
    if len(text) > LONGEST_NAME:  # the patterns take memory for each letter
        return False
    if _NAME.fullmatch(text):
        return (text[0] in SURNAMES or text[:2] in _COMPOUND) and not _NO_NAME.search(text)
    if _JOINED_NAME.fullmatch(text):
        return True
    return _LATIN_NAME.fullmatch(text) is not None and not _LATIN_FIRM.search(text)


def look_at_form(looked: Looked, row: int, text: str, *, may_be_damaged: bool) -> None:
    """Masked values, and what spreadsheets do to long numbers."""
    plain = normalised(text).strip()
    if len(plain) <= 40 and "*" in plain and _MASKED.fullmatch(plain):
        looked.count(MASKED, row)
    if may_be_damaged and _DAMAGED.fullmatch(plain):
        looked.count(DAMAGED, row)
    if len(plain) in LONG and plain.isdigit():
        look_at_zeros(looked, row, plain)


def look_at_zeros(looked: Looked, row: int, plain: str) -> None:
    looked.long += 1
    if not plain[15:].strip("0") and plain[:15].strip("0"):
        looked.zeros += 1
        if looked.zeros_row < 0:
            looked.zeros_row = row


_WORTH = re.compile(
    rf"[0-9]{{5}}|[{PLACES}][A-Za-zＡ-Ｚａ-ｚ]|[0-9][ .-][0-9]{{2,4}}[ .-][0-9]|(?:[0-9][ -]){{10}}|\*|[Ee]\+?1"
    r"|[牌证照]|车号|永久居留|[Pp](?:late|ass|erm|LATE|ASS|ERM)"
)
_ODD = re.compile("[０-９＊\U0001d7ce-\U0001d7ff]|[0-9][\u00a0\u00ad\u2000-\u200f\u2060-\u2064\u3000\ufeff]+[0-9]")
_WORDS = re.compile(
    r"[牌证照]|车号|永久居留|passport|permit|plate|permanent"
    rf"|[{PLACES}][A-Z]",
    re.IGNORECASE,
)


def look_at_cells(
    column: Column, cells: list[str | None], latest: datetime.date, allowed: frozenset[str], *, first: int = 0
) -> Looked:
    """The plain way, cell by cell: for small tables, and for what has no table's form."""
    looked = Looked()
    claims = column.claims
    is_named = bool(claims & NAMES)
    is_claimed = bool(claims & CLAIMED)
    is_text = column.type in ("string", "any") or bool(claims & {said.ID, said.PHONE, said.CARD, said.CREDIT_CODE})
    for row, cell in enumerate(cells, first):
        if not cell:
            continue
        looked.cells += 1
        if is_named and looked.sampled < SAMPLE:
            sample_name(looked, cell)
        if is_claimed:
            look_at_claimed(column, looked, row, cell, latest)
        if len(cell) >= LEAST_TOLD // 3 and _TOLD_WORDS.match(cell):
            look_at_people(looked, row, cell)
        if _WORTH.search(cell) or (not cell.isascii() and _ODD.search(cell)):
            plain = normalised(cell)
            look_at_text(looked, row, plain, latest, allowed, cards=said.CARD in claims)
            look_at_form(looked, row, plain, may_be_damaged=is_text)
            if not is_claimed and _WORDS.search(plain):
                look_near_words(looked, row, plain)
    return looked
