"""Web pages that systems hand out as ``.xls``: the largest table of the page."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from generator.drafting.grid import EMPTY, Area, Cell, Sheet, even, text_cell
from generator.drafting.texts import decoded
from generator.drafting.workbooks import LARGEST, TOO_LARGE, Unreadable

_MOST_SPANNED = 500


def read_html(path: Path) -> list[Sheet]:
    if path.stat().st_size > LARGEST:
        raise TOO_LARGE
    text, note = decoded(path.read_bytes())
    page = _Tables()
    page.feed(text)
    tables = [table for table in page.tables if len(table.rows) > 1]
    if not tables:
        raise Unreadable(
            "这是一个网页，里面没有表格。请在浏览器或表格软件里打开，另存为 xlsx 再试。",
            "This is a web page without a table. Open it and save it as xlsx.",
        )
    largest = max(tables, key=lambda table: len(table.rows))
    return [Sheet(path.stem, even(largest.rows), tuple(largest.merged), is_text=True, note=note)]


class _Table:
    def __init__(self) -> None:
        self.rows: list[list[Cell]] = []
        self.merged: list[Area] = []
        self.covered: set[tuple[int, int]] = set()

    def add(self, text: str, down: int, across: int) -> None:
        row = len(self.rows) - 1
        line = self.rows[row]
        while (row, len(line)) in self.covered:
            line.append(EMPTY)
        column = len(line)
        line.append(text_cell(text))
        if down > 1 or across > 1:
            self.merged.append(Area(row, column, row + down - 1, column + across - 1))
            self.covered |= {(r, c) for r in range(row, row + down) for c in range(column, column + across)}
        line.extend([EMPTY] * (across - 1))


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[_Table] = []
        self._text: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append(_Table())
        elif tag == "tr" and self.tables:
            self._close()
            self.tables[-1].rows.append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1].rows:
            self._close()
            given = dict(attrs)
            self._text, self._span = [], (_count(given.get("rowspan")), _count(given.get("colspan")))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _close(self) -> None:
        if self._text is not None:
            self.tables[-1].add(" ".join("".join(self._text).split()), *self._span)
        self._text = None


def _count(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPANNED) if text and text.isdigit() else 1
