"""Make the subsets of public data packages: `python scripts/cuts/make.py PACKAGES [--check]`.

PACKAGES is a folder with the source packages, one folder each, named as in `SOURCES` of every module. The sources
and their licences stand in the descriptors of the datasets.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.cuts import (
    china_divisions,
    degree_codes,
    ethnic_group_codes,
    gold_prices,
    guangdong_divisions,
    industry_classification,
    jiangmen_divisions,
)
from scripts.files import write_or_check

Cut = Callable[[Path], dict[str, bytes]]

CUTS: tuple[Cut, ...] = (
    china_divisions.files,
    degree_codes.files,
    ethnic_group_codes.files,
    gold_prices.files,
    guangdong_divisions.files,
    industry_classification.files,
    jiangmen_divisions.files,
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
