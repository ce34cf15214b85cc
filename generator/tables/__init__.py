"""The tables room: validate tables and convert them. The only place that imports Arrow; frictionless is opened lazily.

``check_tables`` gives frictionless's verdicts as problems, ``convert_table`` writes the canonical CSV and the
Parquet file of one valid table, ``write_for_excel`` a copy for Excel. Importing this package is cheap: the heavy
libraries are imported where they are used.
"""

from typing import TYPE_CHECKING

from generator.tables.check import check_tables, judge_tables
from generator.tables.convert import ConvertedTable, conversion_to, convert_table, converted
from generator.tables.excel import About, write_for_excel
from generator.tables.opening import is_table
from generator.tables.validate import validate, ways

if TYPE_CHECKING:
    from generator.tables.conversion import Conversion as Conversion

__all__ = [
    "About",
    "ConvertedTable",
    "check_tables",
    "conversion_to",
    "convert_table",
    "converted",
    "is_table",
    "judge_tables",
    "validate",
    "ways",
    "write_for_excel",
]
