"""The idioms of a word list, still in GBK as the source has them, with the header that the source lacks."""

from __future__ import annotations

from pathlib import Path

from scripts.files import to_table

ENCODING = "gbk"


def files(packages: Path) -> dict[str, bytes]:
    text = (packages / "cn-idioms-gbk" / "Chinese_Idiom.txt").read_text(encoding=ENCODING)
    idioms = dict.fromkeys(text.split())  # four stand twice in the source
    rows = [{"成语": idiom, "字数": len(idiom)} for idiom in idioms]
    return {"education/chinese-idioms/idioms.csv": to_table(rows, ["成语", "字数"], encoding=ENCODING)}
