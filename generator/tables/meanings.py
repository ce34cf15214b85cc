"""Words for the ways in which tables are judged: what ``generator.tables.ways`` counts, and ``--debug`` shows."""

from __future__ import annotations

from generator.text import bilingual

_MEANINGS = {
    "fast": bilingual("由 Arrow 判定", "judged in Arrow"),
    "cached": bilingual("没有改动，结论取自上次检查", "unchanged: the verdict of an earlier check"),
    "withheld": bilingual("不公开的数据，不说明是怎样判定的", "not open: how it was judged is not told"),
    # Why frictionless judged the table whole; the English words are those of proof.REASONS.
    "metadata": bilingual("描述文件有错误", "the descriptor has errors"),
    "onerror": bilingual(
        "frictionless 被设成读表时遇错就警告或报错中止",
        "frictionless is set to warn of errors, or to raise them, as it reads",
    ),
    "format": bilingual("不是分隔文本，或不在本地文件里", "no delimited text, or not in local files"),
    "small": bilingual(
        "很小，frictionless 判定完时 Arrow 还没加载好",
        "so small that frictionless has judged it before Arrow is imported",
    ),
    "unreadable": bilingual("frictionless 打不开", "frictionless cannot open it"),
    "encoding": bilingual(
        "编码不能分段解码，或内容不合所声明的编码",
        "an encoding that is not decoded in pieces, or text that is not in it",
    ),
    "dialect": bilingual(
        "有注释行、跳过空行，或分隔符等不是单个 ASCII 字符",
        "comments, skipped blank rows, or marks that are no single ASCII character",
    ),
    "escape": bilingual("出现了转义符", "the escape character occurs"),
    "header": bilingual("一列也没有，或两列同名", "no field at all, or two fields share a name"),
    "limit": bilingual("仅表头的错误就已达到报告上限", "the header alone has as many errors as the report may hold"),
    "quotes": bilingual(
        "引号、回车、NUL 或前导空格的位置，各种程序读法可能不同",
        "quotes, carriage returns, NUL or leading spaces in places where readers may differ",
    ),
    "mark": bilingual("文字中间有字节顺序标记", "a byte-order mark within the text"),
    "long-record": bilingual("有一条记录过长，不宜整条放进内存", "one record is longer than a reader should hold"),
    "reader-crashed": bilingual(
        "frictionless 读某个单元格时自身出错", "frictionless's reader of cells crashes on a cell"
    ),
    "field": bilingual("有一列的类型不是 frictionless 自带的", "a field of a type from outside frictionless"),
    "key-form": bilingual("键的写法在这里不作比较", "key cells in forms that are not compared here"),
    "key-candidates": bilingual(
        "有的键可能相等，要由 frictionless 的值判定",
        "keys that may be equal: only frictionless's values tell",
    ),
    "key-collision": bilingual("不同的键校验和相同", "different keys with the same checksum"),
    "key-nan": bilingual("键里有 NaN", "NaN in a key"),
    "key-space": bilingual("少见类型的不同键多到不便保存", "more different keys of a rare type than are kept"),
    "reference": bilingual("外键所指的表不在", "a foreign key to a table that is not there"),
    "fault": bilingual("开数自身的问题", "our own fault"),
}


def meaning(way: str, lang: str) -> str:
    """The way in words; itself where there are none, so that a report never fails for want of words."""
    return _MEANINGS[way].to(lang)[0] if way in _MEANINGS else way
