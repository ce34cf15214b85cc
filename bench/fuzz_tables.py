"""Random tables through the fast way and through frictionless; every report must be the same.

    python -m bench.fuzz_tables [PAIRS] [--seed 0]

Prints each difference with its seed, how the tables were judged, and how many tables were valid. Ends with 1 if there
was a difference.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

from tests.tables.random_tables import compare, make


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("pairs", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    ways: Counter[str] = Counter()
    valid = differences = pairs = fast = 0
    seed, start = arguments.seed, time.perf_counter()
    while pairs < arguments.pairs:
        made = make(seed)
        with tempfile.TemporaryDirectory() as folder:
            for number, verdict in enumerate(compare(made, Path(folder), threads=1 + seed % 2)):
                pairs += 1
                ways[verdict.way] += 1
                is_valid = isinstance(verdict.theirs, dict) and verdict.theirs["valid"]
                valid += is_valid
                fast += verdict.way == "fast" and is_valid
                if not verdict.same:
                    differences += 1
                    print(
                        f"seed {seed} table {number} ({verdict.way}):", json.dumps(made.descriptor, ensure_ascii=False)
                    )
                    print("  ", made.files, made.chunk)
                    print("   ours  ", str(verdict.ours)[:1500])
                    print("   theirs", str(verdict.theirs)[:1500])
        seed += 1
    print(
        f"{pairs} tables, {valid} of them valid ({fast} fast), {differences} differences, {time.perf_counter() - start:.0f} s"
    )
    for way, count in ways.most_common():
        print(f"{count:7}  {way}")
    return bool(differences)


if __name__ == "__main__":
    sys.exit(main())
