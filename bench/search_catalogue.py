"""Any number of datasets with words as a city's catalogue has them, rare ones and frequent ones: for the search."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from generator import public, vocabularies
from generator.config import Portal
from generator.text import Text, bilingual

PLACES = (
    "蓬江:Pengjiang 江海:Jianghai 新会:Xinhui 台山:Taishan 开平:Kaiping 鹤山:Heshan 恩平:Enping 棠下:Tangxia 杜阮:Duruan 荷塘:Hetang 外海:Waihai 礼乐:Lile "
    "会城:Huicheng 大泽:Daze 司前:Siqian 罗坑:Luokeng 双水:Shuangshui 崖门:Yamen 沙堆:Shadui 古井:Gujing 三江:Sanjiang 睦洲:Muzhou 大鳌:Daao 台城:Taicheng "
    "大江:Dajiang 水步:Shuibu 四九:Sijiu 白沙:Baisha 三合:Sanhe 冲蒌:Chonglou 斗山:Doushan 都斛:Duhu 赤溪:Chixi 端芬:Duanfen 广海:Guanghai 海宴:Haiyan 汶村:Wencun "
    "深井:Shenjing 北陡:Beidou 川岛:Chuandao 长沙:Changsha 三埠:Sanbu 月山:Yueshan 水口:Shuikou 沙塘:Shatang 苍城:Cangcheng 龙胜:Longsheng 大沙:Dasha 马冈:Magang "
    "塘口:Tangkou 赤坎:Chikan 百合:Baihe 蚬冈:Xiangang 金鸡:Jinji 赤水:Chishui 沙坪:Shaping 雅瑶:Yayao 古劳:Gulao 龙口:Longkou 桃源:Taoyuan 鹤城:Hecheng 共和:Gonghe "
    "址山:Zhishan 宅梧:Zhaiwu 双合:Shuanghe 恩城:Encheng 横陂:Hengpi 圣堂:Shengtang 良西:Liangxi 沙湖:Shahu 牛江:Niujiang 君堂:Juntang 大田:Datian 那吉:Naji 东成:Dongcheng"
).split()
SUBJECTS = (
    "公交站点:bus stops|公交线路:bus routes|停车场:car parks|公共厕所:public toilets|空气质量:air quality|水库水位:reservoir levels|小学名录:primary schools|"
    "中学名录:secondary schools|幼儿园:kindergartens|医疗机构:clinics|社区卫生服务中心:community health centres|行政许可:permits|行政处罚:penalties|预算支出:budget spending|"
    "政府采购:procurement|气象观测:weather observations|雨量站:rain gauges|台风路径:typhoon tracks|道路施工:road works|交通事故:traffic accidents|交通信号灯:traffic lights|"
    "共享单车:shared bicycles|充电桩:charging points|加油站:petrol stations|客运班线:coach services|港口吞吐量:port throughput|货运车辆:lorries|出租汽车:taxis|"
    "医保定点药店:insured pharmacies|医疗保险参保:health insurance|养老机构:care homes|低保家庭统计:welfare households|就业培训:job training|社保缴费:social security payments|"
    "住房公积金:housing fund|商品房预售:flats for sale|保障性住房:public housing|土地出让:land sales|建设工程:building projects|绿地公园:parks|城市树木:city trees|"
    "垃圾分类投放点:waste sorting points|污水处理厂:sewage works|排污许可:discharge permits|噪声监测:noise|饮用水水质:drinking water quality|河长制:river chiefs|"
    "地表水断面:surface water|自来水管网:water mains|供电可靠性:power supply|天然气用量:gas use|光伏电站:solar plants|农产品价格:food prices|菜市场:wet markets|"
    "种植面积:cropland|水产养殖:fish farming|陈皮产业:tangerine peel trade|畜牧养殖:livestock|农业机械:farm machines|食品抽检:food inspections|药品经营企业:pharmacies|"
    "特种设备:special equipment|企业登记:company register|个体工商户:sole traders|商标专利:trademarks and patents|高新技术企业:high-tech firms|科技项目:science projects|"
    "工业产值:industrial output|进出口:imports and exports|固定资产投资:investment|社会消费品零售:retail sales|居民收入:incomes|人口普查:census|户籍人口:registered residents|"
    "婚姻登记:marriages|殡葬服务:funeral services|志愿者:volunteers|社会组织:associations|宗教场所:places of worship|图书馆:libraries|博物馆藏品:museum objects|"
    "文物保护单位:monuments|碉楼:watchtowers|非物质文化遗产:heritage crafts|旅游景区:sights|酒店民宿:hotels|体育场馆:sports halls|公园绿道:greenways|法律援助:legal aid|"
    "律师事务所:law firms|公证机构:notaries|人民调解:mediation|消防站:fire stations|应急避难场所:emergency shelters|危险化学品:hazardous chemicals|安全生产检查:safety inspections|"
    "监控点位:camera sites|派出所:police stations|出入境办证:travel documents|门牌地址:addresses|行政区划:divisions|地名:place names|遥感影像:satellite images|"
    "地质灾害点:landslide sites|海洋观测:sea observations|渔船:fishing boats|森林防火:forest fires|古树名木:old trees|红树林:mangroves|信访统计:petitions|政务热线:hotline calls|"
    "公共资源交易:public tenders|信用评价:credit ratings|失信名单:defaulters|残疾人服务:services for the disabled|儿童福利:child welfare|疫苗接种:vaccination|献血点:blood donation"
).split("|")  # fmt: skip
KINDS = (
    "信息:Information on {}|名录:List of {}|统计:Statistics of {}|明细:Details of {}|分布:Map of {}|年度汇总:Yearly totals of {}|月报:Monthly report on {}|"
    "基本情况:{} at a glance|变更记录:Changes of {}|清单:Register of {}|监测数据:Measurements of {}|台账:Ledger of {}|指标:Indicators of {}|实时数据:Live data on {}"
).split("|")  # fmt: skip
FIELDS = (
    "name:名称:Name|address:地址:Address|district:区县:District|town:镇街:Town|phone:联系电话:Phone|lng:经度:Longitude|lat:纬度:Latitude|opened:启用日期:Opened|"
    "updated_at:更新时间:Updated at|capacity:容量:Capacity|status:状态:State|type:类型:Type|level:级别:Level|area:面积:Area|amount:金额:Amount|quantity:数量:Quantity|"
    "unit:单位:Unit|year:年份:Year|month:月份:Month|date:日期:Date|code:编号:Code|uscc:统一社会信用代码:Credit code|legal_person:法定代表人:Legal representative|"
    "stop_name:站点名称:Stop name|line_no:线路编号:Line|first_bus:首班时间:First bus|last_bus:末班时间:Last bus|pm25:细颗粒物:PM2.5|no2:二氧化氮:Nitrogen dioxide|aqi:空气质量指数:Air quality index|"
    "water_level:水位:Water level|rainfall:降雨量:Rainfall|temperature:气温:Temperature|wind:风速:Wind|beds:床位数:Beds|doctors:医师人数:Doctors|students:在校学生:Students|"
    "teachers:专任教师:Teachers|permit_no:许可证号:Permit|valid_until:有效期至:Valid until|decision:处罚决定:Decision|reason:事由:Reason|project:项目名称:Project|contractor:施工单位:Contractor|"
    "price:价格:Price|price_unit:计价单位:Unit of price|output:产值:Output|growth:同比增长:Growth|population:人口:Population|households:户数:Households|operator:运营单位:Operator|"
    "spaces:车位数:Spaces|charge:收费标准:Charges|hours:开放时间:Opening hours|remarks:备注:Remarks|species:树种:Species|age:树龄:Age|protected:保护级别:Protection|material:材质:Material"
).split("|")  # fmt: skip
SENTENCES = (
    "本数据集收录{place}{subject}的{a}、{b}和{c}，由{agency}整理。|反映{year}年{place}范围内{subject}的总体情况，供{use}参考。|数据来源于{word}系统，{cycle}由业务科室核对后更新。|"
    "其中{a}以登记为准，{b}为空表示尚未采集。|统计口径与上年一致，不含{word}部分。|坐标采用国家大地坐标系，位置经{word}核实。|如发现错误，请通过页面上的渠道反馈，{agency}将在规定期限内答复。|"
    "涉及{word}的内容已经按规定处理。|字段说明见下表，{c}的取值参照现行标准。|{place}{word}与{word2}的有关情况另见相应数据集。"
).split("|")  # fmt: skip
ENGLISH = (
    "Covers the {subject} of {place} with {a}, {b} and {c}.|Shows {subject} in {place} in {year}, for {use}.|Comes from an office system and is checked before each update.|"
    "Empty values of {b} were not recorded.|Counted as in the year before.|Positions are given in the national coordinate system.|Please report errors; the department answers in due time."
).split("|")  # fmt: skip
USES = "出行,选址,学术研究,应用开发,政策评估,公众查询,企业经营,风险防控".split(",")
BODIES = (
    "交通运输局,教育局,卫生健康局,生态环境局,水利局,气象局,统计局,财政局,市场监督管理局,农业农村局,住房和城乡建设局,自然资源局,公安局,司法局,民政局,人力资源和社会保障局,医疗保障局,"
    "文化广电旅游体育局,应急管理局,商务局,科学技术局,工业和信息化局,发展和改革局,城市管理和综合执法局,政务服务和数据管理局,消防救援支队,退役军人事务局,审计局,林业局,税务局"
).split(",")  # fmt: skip


def catalog(count: int, portal: Portal) -> public.Catalog:
    chance = random.Random(7)
    agencies = tuple(_agency(number, chance) for number in range(60))
    words = _words(chance)
    return public.Catalog(
        portal=portal,
        datasets=tuple(_dataset(number, agencies, words, chance) for number in range(count)),
        agencies=agencies,
        themes=tuple(vocabularies.themes().values()),
        industries=(),
        update_cycles=tuple(vocabularies.update_cycles().values()),
    )


def _agency(number: int, chance: random.Random) -> public.Agency:
    body = BODIES[number % len(BODIES)]
    place = "江门市" if number < len(BODIES) else PLACES[number % 7].split(":")[0] + "区"
    return public.Agency(f"agency-{number:02}", bilingual(f"{place}{body}", f"Department {number} of Jiangmen"))


def _words(chance: random.Random) -> list[str]:
    """Some thousand words of the dictionary, the first ones meant to be frequent."""
    from pypinyin.constants import PHRASES_DICT

    return chance.sample(sorted(word for word in PHRASES_DICT if 2 <= len(word) <= 4), 6000)


def _frequent(values: Sequence[str], chance: random.Random) -> str:
    """The n-th value n times less often than the first."""
    return values[min(int(len(values) ** chance.random()) - 1, len(values) - 1)]


def _dataset(
    number: int, agencies: Sequence[public.Agency], words: Sequence[str], chance: random.Random
) -> public.Dataset:
    place, place_en = chance.choice(PLACES).split(":")
    subject, subject_en = _frequent(SUBJECTS[number % 7 :: 3] if number % 3 else SUBJECTS, chance).split(":")
    kind, kind_en = chance.choice(KINDS).split(":")
    year = chance.choice(range(2018, 2027))
    agency = agencies[BODIES.index(chance.choice(BODIES)) if number % 4 else sum(map(ord, subject)) % 60]
    fields = [each.split(":") for each in chance.sample(FIELDS, chance.randrange(4, 15))]
    said = {
        "place": place, "subject": subject, "year": year, "agency": str(agency.name), "use": chance.choice(USES),
        "cycle": chance.choice(("每月", "每季度", "每年")), "word": _frequent(words, chance), "word2": _frequent(words, chance),
    } | {key: chance.choice(fields)[1] for key in "abc"}  # fmt: skip
    told = {"place": place_en, "subject": subject_en, "year": year, "use": "research", **{key: chance.choice(fields)[2].lower() for key in "abc"}}  # fmt: skip
    zh = "".join(each.format(**said) for each in chance.sample(SENTENCES, chance.randrange(2, 5)))
    en = " ".join(each.format(**told) for each in chance.sample(ENGLISH, chance.randrange(1, 4)))
    keywords = tuple(dict.fromkeys((place, subject, _frequent(words, chance), _frequent(words, chance))))
    openness = chance.choice(("unconditional", "unconditional", "unconditional", "conditional"))
    schema = public.Schema(tuple(public.Field(f[0], "string", bilingual(f[1], f[2])) for f in fields))
    formats = (("CSV", "Parquet", "XLSX"), ("CSV", "Parquet"), ("GeoJSON",), ("PDF",))[min(int(chance.expovariate(1)), 3)]  # fmt: skip
    distributions = tuple(public.Distribution(f"data/d{number}/t.{each.lower()}", each, "", chance.randrange(1000, 10**8), "", Path()) for each in formats)  # fmt: skip
    month, day = chance.randrange(1, 13), chance.randrange(1, 29)
    title = bilingual(f"{place}{subject}{kind}" + (f"（{year}年）" if number % 2 else ""), kind_en.format(subject_en).capitalize() + f", {place_en}" + (f", {year}" if number % 2 else ""))  # fmt: skip
    return public.Dataset(
        name=f"dataset-{number:06}", title=title, description=bilingual(zh, en), openness=openness, agency=agency,
        resources=(public.Resource("t", Text(f"{subject}表"), openness, "table", schema=schema, distributions=distributions if openness == "unconditional" else ()),),
        keywords=tuple(Text(word) for word in keywords), theme=list(vocabularies.themes().values())[(int(agency.id[-2:]) * 7 + (number % 5 == 0)) % 22],
        update_cycle=list(vocabularies.update_cycles().values())[chance.randrange(9)], licenses=(vocabularies.licenses()[chance.choice(("cc-by-4.0", "cc-by-4.0", "cc0-1.0", "odbl-1.0"))],),
        created=f"{year}-01-01", modified=f"{max(year, 2022)}-{month:02}-{day:02}", languages=("zh",),
    )  # fmt: skip
