"""The descriptor reference, made from the model: ``python -m generator.reference`` writes ``docs/descriptor.md``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator import terms, vocabularies
from generator.problems import catalogue
from generator.terms import Term

HEAD = """# 描述文件参考 Descriptor reference

<!-- Made by `python -m generator.reference` from the model. Do not edit. -->

一个数据集一个文件夹 `datasets/<部门>/<数据集>/`，里面有 `datapackage.yaml`（也读 `.json`、`.yml`）和数据文件。
遵循 [Data Package](https://datapackage.org/) 标准（读 v1 和 v2，发布 v2）；**粗体**为开数增加的属性。
标有 `_en` 的属性另有英文一份，例如 `title_en`。

One folder a dataset, `datasets/<agency>/<dataset>/`, with `datapackage.yaml` (`.json` and `.yml` are read as
well) and its data files.
The Data Package standard holds (v1 and v2 are read, v2 is written); properties in **bold** are Kaishu's own.
Those marked `_en` have an English twin, as `title_en`.
"""


REMOTE = """## 其他服务器上的数据 Remote data

数据文件一般放在数据集的文件夹里。确有必要时，`path` 可以是 `https://`、`http://` 或 `s3://桶/键` 地址，条件是：
平台管理员已在 `kaishu.yaml` 的 `remote` 里允许该主机或桶；写明 `hash: sha256:…`（用 `sha256sum 文件` 算出，md5 不行）；
最好也写 `bytes`。取到的内容与校验值不符就不发布。地址里不能有用户名和密码；
`schema`、`dialect`、`profile` 不能是网络地址；有条件开放和不予开放的资源一律不去获取。

Data files belong into the dataset's folder. Where there is good reason, `path` may be an address (`https://`,
`http://`, `s3://bucket/key`), if the portal's operator allows its host or bucket under `remote` in `kaishu.yaml` and
`hash: sha256:…` is stated (as `sha256sum FILE` tells it; md5 will not do); better `bytes` too. What is received and
does not have this checksum is not published. No user name or password in an address; no remote `schema`, `dialect`
or `profile`; resources that are not open are never fetched.

```yaml
resources:
  - name: rainfall
    path: https://stats.example.gov.cn/rainfall.csv
    hash: sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    bytes: 48213
  - name: levels
    path: [levels-2024.csv, "s3://open-data/levels-2025.csv"]
    hashes: [null, "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
```
"""


SHARED = """## 共用条款怎么写 How to share terms

许多数据集条件相同的，把条件写一次，放在 `datasets/terms.yaml`（整个门户用）或 `datasets/<部门>/terms.yaml`
（本部门用），一个代号一块；数据集用 `access: {use: 代号}` 引用。就近的文件优先。数据集自己另写的属性优先，连同译文
整项替换：例如另写了 `conditions`，共用条款里的 `conditions` 和 `conditions_en` 都不再起作用；`channel`、
`agreement` 也是整项替换。
只另写 `reason`、`legal_basis` 和审定日期的，使用规则不变，与别的数据集共用同一份 ODRL 政策和同一个条款页面。

Where many datasets have the same terms, write them once, in `datasets/terms.yaml` (for the whole portal) or in
`datasets/<agency>/terms.yaml` (for the agency), a block an id, and refer to it with `access: {use: <id>}`. The nearest
file counts. What a dataset states itself wins, property by property and with its translations: a `conditions` of its
own replaces `conditions` and `conditions_en`; `channel` and `agreement` are replaced whole. With only a `reason`, a
`legal_basis` and dates of review of its own, a dataset keeps the shared rules, and so the one ODRL policy and page.

```yaml
# datasets/terms.yaml
general:
  title: 有条件开放通用条款
  title_en: General terms of conditional access
  conditions: [仅用于申请时载明的用途, 不得转让]
  conditions_en: [Only for the stated purpose, No passing on]
  channel: {url: "https://data.example.gov.cn/apply", email: apply@example.gov.cn, hours: 工作日 9:00—17:00}
  response_days: 15

# datasets/transport/ridership/datapackage.yaml
openness: conditional
access:
  use: general
  reason: 小时客流可能推断个人出行规律。
  reason_en: Hourly figures could reveal how single persons travel.
```
"""


def reference() -> str:
    return "\n".join([HEAD, *_tables(), SHARED, REMOTE, *_vocabularies(), *_rules()]) + "\n"


def _tables() -> Iterator[str]:
    for heading, listed in (
        ("数据集 Dataset", terms.DATASET),
        ("资源 Resource (`resources[]`)", terms.RESOURCE_OURS),
        ("字段 Field (`resources[].schema.fields[]`)", terms.FIELD),
        ("图表 View (`views[]`; [charts.md](charts.md))", terms.VIEW),
        ("开放条件 Access terms (`access`)", terms.ACCESS),
        ("共用条款 Shared terms (`datasets/terms.yaml`, `datasets/<agency>/terms.yaml`)", terms.SHARED),
        ("豁免 Waivers (`waivers[]`)", terms.WAIVER),
        ("部门 Agency (`datasets/<agency>/agency.yaml`)", terms.AGENCY),
        ("变更 Change (`changes[]` in `changes.yaml`; [releases.md](releases.md))", terms.CHANGE),
        ("数据需求 Demand (`demands[]` in `datasets/demands.yaml`; [feedback.md](feedback.md))", terms.DEMAND),
        ("应用成果 Reuse (`reuses[]` in `datasets/reuses.yaml`; [feedback.md](feedback.md))", terms.REUSE),
    ):
        yield f"## {heading}\n"
        yield "| 属性 property | 名称 label | 写法 form | 说明 meaning | DCAT | schema.org | 目录列 column |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        yield from (_row(term) for term in listed)
        yield ""


def _row(term: Term) -> str:
    name = f"`{term.name}`" if term.standard else f"**`{term.name}`**"
    about = " ".join(part for part in (term.about_zh, term.about_en) if part)
    if not term.public:
        about = f"{about} **不公开 not published.**".strip()
    cells = (
        name + (" `_en`" if term.translated else ""),
        f"{term.zh} {term.en}",
        _form(term.schema),
        about,
        term.dcat and f"`{term.dcat}`",
        term.schema_org and f"`{term.schema_org}`",
        term.column,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _form(schema: terms.JsonSchema) -> str:
    if schema is terms.URL:
        return "https://…"
    if schema is terms.EMAIL:
        return "name@host"
    if schema is terms.DATE_AND_TIME:
        return "2024-01-06T08:30:00+08:00"
    if schema in (terms.DATE, terms.DATE_OR_TIME):
        return "2024-01-06"
    if "enum" in schema:
        return ", ".join(schema["enum"]) if len(schema["enum"]) <= 9 else "见下表 see below"
    if "anyOf" in schema:
        return " / ".join(_form(option) for option in schema["anyOf"])
    if schema.get("type") == "object" and schema.get("properties"):
        return "{" + ", ".join(key for key in schema["properties"] if not key.endswith(("_en", "_zh"))) + "}"
    if schema.get("type") == "array":
        return "[…]"
    return f"`{schema['pattern']}`" if "pattern" in schema else str(schema.get("type", ""))


def _vocabularies() -> Iterator[str]:
    for heading, concepts in (
        ("主题 `theme`", vocabularies.themes()),
        ("更新频率 `update_cycle`", vocabularies.update_cycles()),
        ("行业 `industry` (GB/T 4754-2017)", vocabularies.industries()),
    ):
        yield f"## {heading}\n\n| 代号 id | 中文 | English |\n| --- | --- | --- |"
        yield from (f"| `{c.id}` | {c.label.main} | {c.label.to('en')[0]} |" for c in concepts.values())
        yield ""
    yield "## 许可 `licenses[].name`\n\n| 名称 name | 中文 | English | 适合无条件开放 open |\n| --- | --- | --- | --- |"
    for license_ in dict.fromkeys(vocabularies.licenses().values()):
        is_open = "是 yes" if license_.open else "否 no"
        english = license_.title.to("en")[0]
        yield f"| `{license_.name}` | {license_.title.main} | {english} | {is_open} |"
    yield ""


def _rules() -> Iterator[str]:
    yield (
        "## 规则 Rules\n\n门户可以在 `kaishu.yaml` 的 `rules` 里把「可调」的规则改为 `error`、`advice` 或 `off`"
        "（`all` 指全部可调的错误）。\n\n"
        "Under `rules` in `kaishu.yaml` a portal may set what is adjustable to `error`, "
        "`advice` or `off` (`all`: every adjustable error).\n"
    )
    yield "| 代码 code | 规则 rule | 默认 default | 可调 adjustable | 含义 meaning |\n| --- | --- | --- | --- | --- |"
    for kind in catalogue().values():
        adjustable = "" if kind.standard else "✓"
        title = f"{kind.title.main} {kind.title.to('en')[0]}"
        yield f"| {kind.code} | `{kind.name}` | {kind.severity} | {adjustable} | {title} |"


def main() -> None:
    Path("docs/descriptor.md").write_text(reference(), "utf-8")


if __name__ == "__main__":
    main()
