"""What a column says it holds, by its name and title."""

# ruff: noqa: E501  a table is read by its lines

from __future__ import annotations

import re
from functools import lru_cache

ID, PHONE, OFFICE, CARD, CREDIT_CODE, PASSPORT, TAIWAN, PLATE = (
    "id", "phone", "office-phone", "card", "credit-code", "passport", "taiwan", "plate",
)  # fmt: skip
PERSON, CONTACT, NAME, HOME, ADDRESS, BIRTH, HEALTH, BENEFIT, MINOR, SEX, AGE, COUNT, SINGLE, AMOUNT, VAGUE = (
    "person", "contact", "name", "home", "address", "birth", "health", "benefit", "minor", "sex", "age", "count",
    "single", "amount", "vague",
)  # fmt: skip

_WORDS: tuple[tuple[str, str, str], ...] = (
    # claim, Chinese (anywhere in the name), Latin letters (whole words of the name): English, pinyin, its initials
    (ID, r"身份证|身份证件|公民身份|身份号码|居民证|证件号", r"id ?card\w*|identity (card|number|no)|resident id|citizen id|id ?(number|no)|sfz\w*|zjhm|gmsfhm|shenfen\w*"),
    (OFFICE, r"办公|值班|咨询|服务电话|服务热线|热线|投诉|监督|举报|客服|前台|官方|总机|对外|预约|报名电话|(?:单位|机构|公司|企业|学校|园所|医院|事务所|律所|门店|店铺|商家|场所|窗口)(?:联系|固定|服务)?电话", r"office|hotline|service|enquir\w+|inquir\w+|helpline|switchboard|reception|customer"),
    (PHONE, r"手机|移动电话|电话|联系方式|联络方式", r"mobile|cell ?phone|phone|telephone|tel|msisdn|contact (number|no)|sjhm?|lxdh|lxfs|shouji\w*|dianhua\w*"),
    (CARD, r"银行卡|银行账|银行帐|卡号|账号|帐号|账户|储蓄", r"bank (card|account)|card (no|number)|account (no|number)|iban|yhkh|yhzh"),
    (CREDIT_CODE, r"信用代码|统一代码|纳税人识别|税号|机构代码", r"usc[ci]|social credit|credit code|taxpayer|tax id|(?:ty)?shxydm|nsrsbh"),
    (PASSPORT, r"护照|(?<![车辆路园区卡])通行证|台胞证|回乡证|永久居留|永居证", r"passport\w*|(travel|exit|entry|home return|compatriot) (permit|document)|permit to (hong kong|macau|taiwan)|hzhm?|txzhm?|gatxz\w*|twtxz\w*|hxzh?|tbzh?"),
    (TAIWAN, r"台胞证|台湾|臺灣", r"taiwan|tbzh?"),
    (PLATE, r"车牌|号牌|车号|车辆牌|牌照", r"plate|license plate|licence plate|vehicle reg\w*|cphm?|hphm|chepai\w*"),
    (PERSON, r"姓名|名字|户主|持证人|申请人|受益人|当事人|患者|病人|学生名|考生|被救助|老人名|残疾人名|儿童名|户代表|参保人|被保险人|领取人|受助人|承租人|购房人|权利人|死者|监护人|家长|亲属|(?:救助|低保|保障|补贴|资助|帮扶)对象", r"(full|first|last|given|family|person|patient|student|applicant|customer|resident|member|employee|guardian|child|owner) ?name|name of (the )?(person|patient|student|applicant|resident|child|owner)|surname|forename|patient|[a-z]{0,4}xm|xingming"),
    (CONTACT, r"联系人|负责人|法人|法定代表|经办人|责任人|业主", r"contact|representative|owner|manager"),
    (HOME, r"住址|户籍地|户籍所在|家庭地址|居住地|常住地|现居|现住|户口所在|家庭住所", r"home address|residence|domicile|residential address|jtzz|jtdz|hjdz|zhuzhi"),
    (ADDRESS, r"地址|住所", r"address|street|txdz|lxdz|dizhi"),
    (BIRTH, r"出生|生日", r"birth\w*|dob|date of birth|csrq|csny|chusheng\w*"),
    (HEALTH, r"病名|病种|疾病|诊断|病情|病史|患病|症状|残疾|伤残|血型|过敏|用药|传染|感染|体检|健康状况|孕|HIV|艾滋|精神障碍|失能", r"diagnos\w+|disease|illness|disabilit\w+|disabled|blood type|allerg\w+|hiv|symptoms?|medication|medical (condition|history)|health status|icd|cjlb|cjdj|jbmc"),
    (BENEFIT, r"低保|救助|特困|五保|贫困|困难|补助|补贴|津贴|优抚|抚恤|低收入|最低生活|帮扶|受助|资助", r"benefit|allowance|subsid\w+|welfare|low income|poverty|relief|btje|dbje"),
    (MINOR, r"未成年|儿童|孤儿|留守|学籍|学号|监护|学生|幼儿|婴儿", r"minors?|child\w*|orphan\w*|guardian|pupil|student|xjh"),
    (SINGLE, r"学号|学籍号|残疾人?证(?:号|编号)|低保证号|户号(?!码)|户编号|病历号|病案号|住院号|门诊号|就诊卡|医保(?:卡|编)?号|社保(?:卡|编)?号|个人编号|人员编号|患者编号|救助证|优待证|参保号", r"(?:student|pupil|patient|person|household) (?:id|number|no|code)|medical record (?:number|no)|mrn"),
    (AMOUNT, r"金额|收入|支出|产值|营业额|销售额|利润|税额|资产|余额|价格|总价|用电量|产量|面积|容量|万?元[)）]", r"amount|revenue|income|expenditure|turnover|profit|price|cost|area|volume|output"),
    (SEX, r"性别", r"sex|gender|xb|xingbie"),
    (AGE, r"年龄|岁数|周岁", r"age|nl|nianling"),
    (COUNT, r"人数|数量|合计|总数|总计|小计|占比|比例|比率|次数|户数|件数|例数|人次|张数|个数|总额|均值|平均|指标|数值|(?:率|(?<!岁)数|人口)(?![\u4e00-\u9fff])", r"counts?|numbers? of|no of|total|sum|rate|percent\w*|share|ratio|cases|persons|headcount|value|mean|average|avg|median|n|population|per|index"),
)  # fmt: skip
_SAYS_NOTHING = re.compile(
    r"(?:擅长|主治|诊疗|治疗|收治|适用|适应)[\u4e00-\u9fff]*"  # what a doctor or a drug is good for
    r"|(?:家庭|户内|户籍|共同生活)人[口数]+[\u4e00-\u9fff]*"  # counts, but of one household
    r"|(?:补贴|补助|救助|低保|津贴|保障|资助|抚恤)[\u4e00-\u9fff]{0,4}(?:标准|依据|政策|条件)"
    r"|(?:单位|机构|学校|园所|公司|企业|律所|事务所|医院|经营|营业|注册|执业|门店|店铺|商家|场所|项目|工程|出版社)"
    r"[\u4e00-\u9fff]{0,2}(?:地址|住所)"
)
"""Words of a claim that are not meant of one person."""
_VAGUE = re.compile(
    r"(?:字段|列|栏|项|信息|对象|备注|说明|内容|名称|编号|数据|值|标题|其他|其它|情况|描述|摘要|简介|记录|资料|明细|事项|文本|序列|项目|主体|详情)*"
    r"[\s_-]*(?:[0-9]{1,3}|[一二三四五六七八九十]{1,2}|[a-z])?"
    r"|(?:col(?:umn)?|field|f|c|v|var|value|val|data|info(?:rmation)?|text|txt|note|notes|remarks?|memo|item|object|content|title"
    r"|description|desc|details?|name|key|unnamed|a|b|x|y|beizhu|bz|mc|xx|nr|sm)?[\s_:.-]*(?:[0-9]{1,3}|[a-z])?",
    re.IGNORECASE,
)
_HAN_PART = re.compile(r"(?=.*[\u4e00-\u9fff])(\S+)(.*)")
"""Names of columns that say nothing: what is in them is told by their values."""
_NAME = re.compile(r"\s*(?:name|名称|名)\s*", re.IGNORECASE)
_ZH = tuple((claim, re.compile(zh)) for claim, zh, _ in _WORDS)
_EN = tuple((claim, re.compile(rf"(?<![a-z])(?:{en})(?![a-z])")) for claim, _, en in _WORDS)
_PERSONAL = frozenset((ID, CARD, PASSPORT, PERSON, HOME, BIRTH))
"""Amounts of benefits and telephones of offices are not among them: their authors have to see what is wrong."""


@lru_cache(4096)
def claims(name: str, title: str = "") -> frozenset[str]:
    """``title`` is the column's title, in whichever languages."""
    text = _SAYS_NOTHING.sub("", f"{name}\n{title}")
    found = {claim for claim, words in _ZH if words.search(text)}
    english = re.sub(r"[_\W]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).lower()
    found |= {claim for claim, words in _EN if words.search(english)}
    if found & {PASSPORT, PLATE, ID, CARD, CREDIT_CODE}:
        found -= {COUNT, CONTACT, ADDRESS}  # a «number» is none of anything counted
    if COUNT in found:
        found -= {PERSON, PHONE, MINOR}
    if PERSON not in found and (_NAME.fullmatch(name) or _NAME.fullmatch(title)):
        found.add(NAME)
    if not found - {NAME} and _is_vague(name, title):
        found.add(VAGUE)
    return frozenset(found)


def _is_vague(name: str, title: str) -> bool:
    """Titles in two languages stand after each other: neither of them may say what it is."""
    parts = _HAN_PART.fullmatch(title)
    said = [parts[1], *parts[2].split()] if parts else (title or name).split()
    if parts and parts[2].strip() == name:
        said = said[:1]
    return all(_VAGUE.fullmatch(part) for part in said)


def names_a_person(name: str, title: str = "") -> bool:
    """Whether not even a part of a cell of this column is to be seen in a message."""
    found = claims(name, title)
    return bool(found & _PERSONAL) and not found & {OFFICE, COUNT}
