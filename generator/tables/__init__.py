"""The tables room: validate tables and convert them. The only place that imports Arrow; frictionless is opened lazily.

``check_tables`` gives frictionless's verdicts as problems, ``convert_table`` writes the canonical CSV and the
Parquet file of one valid table, ``write_for_excel`` a copy for Excel. Importing this package is cheap: the heavy
libraries are imported where they are used.
"""

import os
from typing import TYPE_CHECKING

from generator.tables.check import check_tables, judge_tables
from generator.tables.convert import ConvertedTable, conversion_to, convert_table, converted
from generator.tables.excel import About, write_for_excel
from generator.tables.opening import is_table
from generator.tables.totals import totals_of
from generator.tables.validate import validate, ways
from generator.tables.views import map_of, views_of
from generator.tables.views.names import with_names

# Read when Arrow is loaded. Its memory goes from the thread that reads a piece to the one that writes it: given back
# to the system after ten milliseconds, as by default, it has to be cleared and handed out again all the time, which
# takes a tenth of the pass. After ten seconds is soon enough.
os.environ.setdefault("MIMALLOC_PURGE_DELAY", "10000")

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
    "map_of",
    "totals_of",
    "validate",
    "views_of",
    "ways",
    "with_names",
    "write_for_excel",
]
