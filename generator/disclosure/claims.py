"""What a column says it holds, by its name and title."""

# ruff: noqa: E501  a table is read by its lines

from __future__ import annotations

import re
from functools import lru_cache

ID, PHONE, OFFICE, CARD, CREDIT_CODE, PASSPORT, PLATE = (
    "id", "phone", "office-phone", "card", "credit-code", "passport", "plate",
)  # fmt: skip
PERSON, CONTACT, HOME, ADDRESS, BIRTH, HEALTH, BENEFIT, MINOR, SEX, AGE, COUNT = (
    "person", "contact", "home", "address", "birth", "health", "benefit", "minor", "sex", "age", "count",
)  # fmt: skip

_WORDS: tuple[tuple[str, str, str], ...] = (
    # claim, Chinese (anywhere in the name), English (whole words of the name)
    (ID, r"身份证|身份证件|公民身份|身份号码|居民证|证件号", r"id ?card|identity (card|number|no)|resident id|citizen id|id ?number|sfz\w*|zjhm|gmsfhm"),
    (OFFICE, r"办公|值班|咨询|服务电话|服务热线|热线|投诉|监督|举报|客服|前台|官方|总机|对外|预约|报名电话|单位电话|机构电话|公司电话", r"office|hotline|service|enquir\w+|inquir\w+|helpline|switchboard|reception|customer"),
    (PHONE, r"手机|移动电话|电话|联系方式|联络方式", r"mobile|cell ?phone|phone|telephone|tel|msisdn|sjh|lxdh"),
    (CARD, r"银行卡|银行账|银行帐|卡号|账号|帐号|账户|储蓄", r"bank (card|account)|card (no|number)|account (no|number)|iban|yhkh"),
    (CREDIT_CODE, r"信用代码|纳税人识别|税号|机构代码", r"uscc|credit code|taxpayer|tax id"),
    (PASSPORT, r"护照|通行证|台胞证|回乡证", r"passport|travel permit|permit number"),
    (PLATE, r"车牌|号牌|车号", r"plate|license plate|licence plate|cph"),
    (PERSON, r"姓名|名字|户主|持证人|申请人|受益人|当事人|患者|病人|学生名|考生|被救助|老人名|残疾人名|儿童名|户代表", r"(full|first|last|given|family|person|patient|student|applicant|customer) ?name|surname|forename|patient|xm"),
    (CONTACT, r"联系人|负责人|法人|法定代表|经办人|责任人|业主", r"contact|representative|owner|manager"),
    (HOME, r"住址|户籍地|家庭地址|居住地|现居|户口所在|家庭住所", r"home address|residence|domicile|residential address"),
    (ADDRESS, r"地址|住所", r"address|street"),
    (BIRTH, r"出生|生日", r"birth\w*|dob|date of birth|csrq"),
    (HEALTH, r"病名|病种|疾病|诊断|病情|病史|症状|残疾|伤残|血型|过敏|用药|传染|感染|体检|孕|HIV|艾滋|精神障碍|失能", r"diagnos\w+|disease|illness|disabilit\w+|disabled|blood type|allerg\w+|hiv|symptoms?|medication|icd"),
    (BENEFIT, r"低保|救助|特困|五保|贫困|困难|补助|补贴|津贴|优抚|抚恤|低收入|最低生活|帮扶|受助", r"benefit|allowance|subsid\w+|welfare|low income|poverty|relief"),
    (MINOR, r"未成年|儿童|孤儿|留守|学籍|监护|学生|幼儿|婴儿", r"minors?|child\w*|orphan\w*|guardian|pupil|student"),
    (SEX, r"性别", r"sex|gender|xb"),
    (AGE, r"年龄|岁数", r"age"),
    (COUNT, r"人数|数量|合计|总数|总计|小计|占比|比例|比率|率[）)]?$|次数|户数|件数|例数|人次|张数|个数|总额|均值|平均|指标|数$", r"counts?|numbers?|total|sum|rate|percent\w*|share|ratio|cases|mean|average|avg|median|n|population|per|index"),
)  # fmt: skip
_ZH = tuple((claim, re.compile(zh)) for claim, zh, _ in _WORDS)
_EN = tuple((claim, re.compile(rf"(?<![a-z])(?:{en})(?![a-z])")) for claim, _, en in _WORDS)
_PERSONAL = frozenset((ID, CARD, PASSPORT, PERSON, HOME, BIRTH))
"""Amounts of benefits and telephones of offices are not among them: their authors have to see what is wrong."""


@lru_cache(4096)
def claims(name: str, title: str = "") -> frozenset[str]:
    """``title`` is the column's title, in whichever languages."""
    text = f"{name}\n{title}"
    found = {claim for claim, words in _ZH if words.search(text)}
    english = re.sub(r"[_\W]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).lower()
    found |= {claim for claim, words in _EN if words.search(english)}
    if found & {PASSPORT, PLATE, ID, CARD, CREDIT_CODE}:
        found -= {COUNT, CONTACT, ADDRESS}  # a «number» is none of anything counted
    if COUNT in found:
        found -= {PERSON, PHONE, MINOR}
    return frozenset(found)


def names_a_person(name: str, title: str = "") -> bool:
    """Whether not even a part of a cell of this column is to be seen in a message."""
    found = claims(name, title)
    return bool(found & _PERSONAL) and not found & {OFFICE, COUNT}
