"""Proposals from words and values: theme, update cycle, period."""

from __future__ import annotations

import re
from collections.abc import Sequence

from generator.drafting.columns import Column

_THEMES: tuple[tuple[str, str], ...] = (
    ("weather", "气象|天气|降雨|降水|气温|台风|预警信号|雨量"),
    ("credit", "信用|失信|红名单|黑名单|双公示"),
    ("health", "医院|医疗|卫生|诊所|疫苗|药|健康|病床|疾病|门诊"),
    ("social-security", "社保|养老保险|医保|失业|就业|工伤|人社|招聘|职业技能"),
    ("social-assistance", "低保|救助|特困|残疾|孤儿|优抚|福利|殡葬"),
    ("education", "学校|教育|学生|教师|图书馆|博物馆|文化|文物|体育|旅游|景区|幼儿园|非遗|高校"),
    ("transport", "交通|公交|道路|客运|货运|停车|港口|公路|桥梁|出租|航线|船"),
    ("environment", "环境|空气|水质|污染|排放|环保|噪声|生态|垃圾|绿化|河长|PM2"),
    ("energy", "水资源|水库|供水|电力|用电|能源|燃气|天然气|矿产|水利|水位"),
    ("housing", "住房|房地产|楼盘|商品房|公积金|规划|建设工程|施工|物业|建筑|城建|燃气管网"),
    ("market-regulation", "市场监管|企业登记|食品|抽检|许可证|营业执照|商标|计量|特种设备|注册登记|市场主体"),
    ("work-safety", "安全生产|事故|应急|消防|危化|隐患|避难"),
    ("public-safety", "公安|治安|警|案件|户籍|出入境|交警"),
    ("finance", "财政|预算|决算|税|金融|银行|债|支出|一般公共"),
    ("commerce", "进出口|外贸|零售|商贸|批发|外资|消费品|电商|口岸"),
    ("industry-agriculture", "农|渔|畜|林业|种植|养殖|粮|工业|产量|规上|园区"),
    ("science", "科技|专利|高新|科研|研发|创新|知识产权"),
    ("legal", "法律|律师|公证|仲裁|行政处罚|司法|法院|调解|行政许可"),
    ("geospatial", "区划|地名|测绘|地理|坐标|边界|门牌"),
    ("organisations", "社会组织|社团|协会|党组织|机关|事业单位|机构编制"),
    ("life", "婚姻|结婚|离婚|便民|网点|办事|政务服务|社区|公厕|菜市场|人口"),
)  # fmt: skip
_CYCLES: tuple[tuple[str, str], ...] = (
    ("daily", "日报|逐日|每日|每天"),
    ("weekly", "周报|每周"),
    ("quarterly", "季报|季度|每季"),
    ("half-yearly", "半年"),
    ("monthly", "月报|月度|每月|逐月|分月"),
    ("yearly", "年报|年度|每年|历年|年鉴|逐年|20[0-9]{2}年(?![0-9]{1,2}月)"),
)
_BY_TYPE = {"year": "yearly", "yearmonth": "monthly"}


def theme(texts: Sequence[str]) -> str:
    """By the first text (a title, then the columns) that names one surely."""
    for text in texts:
        counted = {id_: len(set(re.findall(words, text))) for id_, words in _THEMES}
        best = max(counted.values())
        if best:
            return next(id_ for id_, count in counted.items() if count == best)
    return ""


def update_cycle(title: str, columns: Sequence[Column]) -> str:
    for cycle, words in _CYCLES:
        if re.search(words, title):
            return cycle
    return next((_BY_TYPE[c.type] for c in columns if c.type in _BY_TYPE and len(set(c.present)) > 1), "")


_STATISTICAL = re.compile(r"日期|时间|年|月|统计|期")
_NOT_OF_DATA = re.compile(r"成立|出生|注册|登记|建成|批准|有效|更新|发布|开业|开放|启用|截止|到期")


def period(columns: Sequence[Column]) -> tuple[str, str] | None:
    """From the first to the last day of the column that says when something was."""
    for column in columns:
        if column.type in ("date", "datetime", "year", "yearmonth") and column.present:
            if not _STATISTICAL.search(column.title) or _NOT_OF_DATA.search(column.title):
                continue
            first, last = min(column.present), max(column.present)
            return _first_day(first), _last_day(last)
    return None


def _first_day(text: str) -> str:
    return {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text[:10])


def _last_day(text: str) -> str:
    if len(text) == 4:
        return f"{text}-12-31"
    if len(text) == 7:
        import calendar

        year, month = int(text[:4]), int(text[5:])
        return f"{text}-{calendar.monthrange(year, month)[1]:02}"
    return text[:10]


def clean_title(text: str) -> str:
    """Of a title row or a file name, without what is no part of it."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"^(附件|附表)\s*[0-9一二三四五六七八九十]*\s*[：:.、 ]?\s*", "", text)
    text = re.sub(
        r"(\s*[-—_(（](副本|最终版?|终稿|定稿|新|公开|导出|修改|上报|[0-9]{1,2}|[vV][0-9.]+)[)）]?)+$", "", text
    )
    text = re.sub(r"^[(（]?(副本|复件)[)）]?\s*", "", text)
    text = re.sub(r"^表?\s*[0-9]{1,2}[-－—][0-9]{1,2}\s+(?=[\u3400-\u9fff])", "", text)  # of a yearbook
    text = re.sub(r"^[(（]?[一二三四五六七八九十]{1,2}[)）、.．]\s*(?=[\u3400-\u9fff])", "", text)
    text = re.sub(
        r"^[0-9]{1,2}\s*[-_.、． ]?\s*(?=[\u3400-\u9fff])(?![年月日号个大])", "", text
    )  # of a file among others
    return re.sub(r"[_—-]?20\d{6}$", "", text).strip(" -_") or text
