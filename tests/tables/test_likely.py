"""A proposal is made only where a cell can mean one thing."""

from __future__ import annotations

from typing import Any

import pytest
from frictionless import Field

from generator.tables.likely import likely


@pytest.mark.parametrize(
    ("field", "cell", "meant"),
    [
        ({"type": "date"}, "2024年1月6日", "2024-01-06"),
        ({"type": "date"}, "2020/2/3", "2020-02-03"),
        ({"type": "date"}, "2020.12.31", "2020-12-31"),
        ({"type": "date"}, "20240106", "2024-01-06"),
        ({"type": "date"}, "２０２４-０１-０６", "2024-01-06"),
        ({"type": "date"}, "2024-01-06 00:00:00", "2024-01-06"),
        ({"type": "date"}, "2024-02-30", ""),
        ({"type": "date"}, "03/04/2024", ""),
        ({"type": "date"}, "2024年1月", ""),
        ({"type": "date", "format": "%d.%m.%Y"}, "2024年1月6日", "06.01.2024"),
        ({"type": "datetime"}, "2024/1/6 8:30", "2024-01-06T08:30:00"),
        ({"type": "time"}, "8:30", "08:30:00"),
        ({"type": "year"}, "2024年", "2024"),
        ({"type": "yearmonth"}, "2024年3月", "2024-03"),
        ({"type": "number"}, "1,234.5", "1234.5"),
        ({"type": "number"}, "1,23", ""),
        ({"type": "number"}, "约300", ""),
        ({"type": "number"}, "95%", ""),
        ({"type": "number"}, "７．５元", ""),
        ({"type": "integer"}, "1,200", "1200"),
        ({"type": "integer"}, "12.0", "12"),
        ({"type": "integer"}, "12.5", ""),
        ({"type": "boolean"}, "是", "true"),
        ({"type": "boolean", "trueValues": ["Y"], "falseValues": ["N"]}, "否", "N"),
        ({"type": "string", "constraints": {"enum": ["蓬江区", "江海区"]}}, " 蓬江区", "蓬江区"),
        ({"type": "string", "constraints": {"enum": ["蓬江区", "江海区"]}}, "蓬江", ""),
        ({"type": "string", "constraints": {"pattern": "[0-9]{6}"}}, "４４０７０３", "440703"),
        ({"type": "integer", "constraints": {"maximum": 100}}, "1,200", ""),
    ],
)
def test_what_was_meant(field: dict[str, Any], cell: str, meant: str) -> None:
    assert likely(cell, Field.from_descriptor({"name": "x", **field})) == meant
