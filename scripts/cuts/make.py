"""Make the subsets of public data packages: `python scripts/cuts/make.py PACKAGES [--check]`.

PACKAGES is a folder with the source packages, one folder each. What is taken from where, and under
which licence, stands in the descriptors of the datasets.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.cuts import (
    china_divisions,
    chinese_idioms,
    country_region_codes,
    currency_codes,
    degree_codes,
    division_history,
    ethnic_group_codes,
    germany_influenza,
    glacier_boreholes,
    gold_prices,
    guangdong_divisions,
    industry_classification,
    jiangmen_divisions,
    sicily_reservoirs,
    standards_classification,
    units_of_measurement,
)
from scripts.files import write_or_check

Cut = Callable[[Path], dict[str, bytes]]

CUTS: tuple[Cut, ...] = (
    china_divisions.files,
    chinese_idioms.files,
    country_region_codes.files,
    currency_codes.files,
    degree_codes.files,
    division_history.files,
    ethnic_group_codes.files,
    germany_influenza.files,
    glacier_boreholes.files,
    gold_prices.files,
    guangdong_divisions.files,
    industry_classification.files,
    jiangmen_divisions.files,
    sicily_reservoirs.files,
    standards_classification.files,
    units_of_measurement.files,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=Path, help="folder of the source packages")
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the tree has these files")
    arguments = parser.parse_args()
    files = {path: content for cut in CUTS for path, content in cut(arguments.packages).items()}
    return write_or_check(files, check=arguments.check)


if __name__ == "__main__":
    sys.exit(main())
