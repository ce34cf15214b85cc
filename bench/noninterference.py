"""Generated catalogues, each built with two states of its withheld data; every pair of sites must be the same.

    python -m bench.noninterference [PAIRS] [--seed 0]

Prints each seed whose sites differ, or whose reports tell something, and how the withheld data were. Ends with 1 if
there was one.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
import warnings
from collections import Counter

from tests.leaks.test_noninterference import compared, hold


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("pairs", type=int, nargs="?", default=500)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    ways: Counter[str] = Counter()
    told: Counter[str] = Counter()
    broken = published = left_out = 0
    start = time.perf_counter()
    for seed in range(arguments.seed, arguments.seed + arguments.pairs):
        private = seed % 3 > 0
        try:
            one, other, how = compared(seed, private=private)
            ways.update(how)
            told.update({p.name for p in (*one.report.problems, *other.report.problems) if not p.published})
            published += len(one.report.published)
            left_out += len(one.report.left_out)
            hold(one, other)
        except Exception:
            broken += 1
            print(f"seed {seed} ({'private' if private else 'public'}):")
            traceback.print_exc(limit=-2, file=sys.stdout)
    print(
        f"{arguments.pairs} pairs, {broken} that differ or tell something; {published} datasets published, "
        f"{left_out} left out, {time.perf_counter() - start:.0f} s"
    )
    for counted in (ways, told):
        print(", ".join(f"{name} {count}" for name, count in counted.most_common()))
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
