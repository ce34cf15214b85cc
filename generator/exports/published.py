"""What of a resource may be told: of a conditional one its columns, of a closed one that it exists.

``publicise`` has seen to it already. It is asked once more here, since these files are what machines copy.
"""

from __future__ import annotations

from functools import lru_cache

from generator.public import ColumnStatistics, Dataset, Distribution, Field, Resource, Sample
from generator.text import LANGUAGES, Text, bilingual


def files_of(resource: Resource) -> tuple[Distribution, ...]:
    return resource.distributions if resource.openness == "unconditional" else ()


def fields_of(resource: Resource) -> tuple[Field, ...]:
    return resource.schema.fields if resource.schema and resource.openness != "closed" else ()


def sample_of(resource: Resource) -> Sample | None:
    """The synthetic sample of what is given on application."""
    return resource.sample if resource.openness == "conditional" and resource.sample else None


SAMPLE_TOLD = bilingual(
    "合成示例：按字段说明自动编造，每行都有标记，不取自真实数据；供开发程序时使用，不能用于分析。",
    "Synthetic sample: invented from the description of the columns, marked in every row, and not taken from the data. "
    "For writing programs; of no use for analysis.",
)


def sample_title(resource: Resource) -> Text:
    zh, en = ((resource.title or Text(resource.name, "und")).to(lang)[0] for lang in ("zh", "en"))
    return bilingual(f"{zh}（合成示例）", f"{en} (synthetic sample)")


def statistics_of(resource: Resource) -> tuple[ColumnStatistics, ...]:
    return resource.statistics if resource.openness == "unconditional" else ()


def files(dataset: Dataset) -> list[Distribution]:
    return [file for resource in dataset.resources for file in files_of(resource)]


def file_title(resource: Resource, file: Distribution) -> Text:
    """The resource's title and the format; two files of one format are told apart by whom they are for."""
    title = resource.title or Text(resource.name, "und")
    more = tuple((lang, text + _format_of(file, lang)) for lang, text in title.translations if text)
    return Text(title.main + _format_of(file, title.lang), title.lang, more)


def _format_of(file: Distribution, lang: str) -> str:
    if not file.for_excel:
        return f" ({file.format})"
    use = file.use.to(lang)[0]
    return f"（{file.format}，{use}）" if lang == "zh" else f" ({file.format}, {use})"


def file_description(resource: Resource, file: Distribution) -> Text:
    """Whom a table's file is for, and what the author says of the table."""
    own = resource.description
    if not file.use:
        return own
    found = [(lang, _told(file.use, file.note, lang) + (f"\n\n{own.to(lang)[0]}" if own and own.has(lang) else ""))
             for lang in LANGUAGES]  # fmt: skip
    other = [(own.lang, own.main)] if own and own.lang not in LANGUAGES else []
    return Text(found[0][1], found[0][0], (*found[1:], *other))


@lru_cache
def _told(use: Text, note: Text, lang: str) -> str:
    whom, what = use.to(lang)[0], note.to(lang)[0]
    return f"{whom}：{what}" if lang == "zh" else f"{whom[:1].upper()}{whom[1:]}: {what}"


def fields(dataset: Dataset) -> list[Field]:
    return [field for resource in dataset.resources for field in fields_of(resource)]
