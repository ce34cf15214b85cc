"""Make the demonstration data: `python scripts/demonstration/make.py [--check]`.

The data are invented, from fixed seeds; every dataset says so on its page.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.demonstration import air_quality, budget, bus_network, parking_lots, service_points
from scripts.files import write_or_check

Maker = Callable[[], dict[str, bytes]]

MAKERS: tuple[Maker, ...] = (
    air_quality.files,
    budget.files,
    bus_network.files,
    parking_lots.files,
    service_points.files,
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the tree has these files")
    arguments = parser.parse_args()
    files = {path: content for make in MAKERS for path, content in make().items()}
    return write_or_check(files, check=arguments.check)


if __name__ == "__main__":
    sys.exit(main())
