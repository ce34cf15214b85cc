"""Words for the ways in which tables are judged: what ``generator.tables.ways`` counts, and ``--debug`` shows."""

from __future__ import annotations

from generator.text import bilingual

_MEANINGS = {
    "fast": bilingual("由 Arrow 判定", "judged in Arrow"),
    "cached": bilingual("没有改动，结论取自上次检查", "unchanged: the verdict of an earlier check"),
    # Why frictionless judged the table whole; the English words are those of proof.REASONS.
    "metadata": bilingual("描述文件有错误", "the descriptor has errors"),
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
    "header": bilingual("表头有错误，或两列同名", "the header has errors, or two fields share a name"),
    "quotes": bilingual(
        "引号、回车、NUL 或前导空格的位置，各种程序读法可能不同",
        "quotes, carriage returns, NUL or leading spaces in places where readers may differ",
    ),
    "mark": bilingual("文字中间有字节顺序标记", "a byte-order mark within the text"),
    "long-record": bilingual("有一条记录过长，不宜整条放进内存", "one record is longer than a reader should hold"),
    "ragged": bilingual("有的行单元格过少或过多", "a row has too few or too many cells"),
    "empty-row": bilingual("有一行没有任何文字，可能是空行", "a row without any text: maybe an empty line"),
    "blank-row": bilingual("有一行没有任何值", "a row has no value at all"),
    "required": bilingual("缺少必填的值", "a required value is missing"),
    "cell": bilingual("有的单元格有错误", "a cell has an error"),
    "reader-crashed": bilingual(
        "frictionless 读某个单元格时自身出错", "frictionless's reader of cells crashes on a cell"
    ),
    "field": bilingual("有一列的类型不是 frictionless 自带的", "a field of a type from outside frictionless"),
    "key-form": bilingual("键的写法在这里不作比较", "key cells in forms that are not compared here"),
    "key-null": bilingual("主键各部分全空", "all parts of a primary key are missing"),
    "key-repeats": bilingual("键有重复", "a key occurs twice"),
    "key-space": bilingual("键没有次序，且多到不便保存", "keys in no order, and more of them than are kept"),
    "reference": bilingual(
        "外键所指的表未获证明、没有行，或类型不同",
        "a foreign key to a table that is not proved, has no rows or other types",
    ),
    "reference-missing": bilingual("外键的值在所指的表里找不到", "a foreign key was not found"),
    "fault": bilingual("开数自身的问题", "our own fault"),
}


def meaning(way: str, lang: str) -> str:
    """The way in words; itself where there are none, so that a report never fails for want of words."""
    return _MEANINGS[way].to(lang)[0] if way in _MEANINGS else way
