"""How much of what is known to be there the gate finds, class by class, and what it wrongly tells.

    python -m bench.disclosure_recall [--tables 1000] [--seed 1]

Each table is looked at in Arrow and cell by cell; the worse counts. Prints Markdown.
"""

from __future__ import annotations

import argparse
import datetime
import random
import sys
from collections import Counter
from dataclasses import dataclass, field

from bench.disclosure_cases import NEGATIVES, POSITIVES, Table

TODAY = datetime.date(2026, 6, 30)
ADVICE = frozenset(("masked-values", "long-numbers-damaged"))


@dataclass(slots=True)
class Score:
    name: str
    of: int = 0
    found: int = 0
    alarms: Counter[str] = field(default_factory=Counter)
    """Tables with a class that is not in them."""
    missed: list[Table] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.of


def told(table: Table, *, in_arrow: bool) -> set[str]:
    import pyarrow as pa

    from generator.disclosure.watch import Asked, TableWatch

    watch = TableWatch(Asked(TODAY, theme=table.theme, quasi_identifiers=table.quasi_identifiers, k=table.k))
    watch.begin(table.fields)
    columns = [pa.array(column, pa.string()) for column in table.columns] if in_arrow else table.columns
    watch.add(watch.examine(columns), len(table.columns[0]))
    watch.finish()
    return {sighting.name for sighting in watch.sightings()} | ({"k-anonymity"} if watch.small.groups else set())


def positives(tables: int, seed: int) -> dict[str, Score]:
    scores = {}
    for title, (name, make) in POSITIVES.items():
        r, score = random.Random(f"{seed} {title}"), Score(name)
        for _ in range(tables):
            table = make(r)
            both = [told(table, in_arrow=way) for way in (True, False)]
            score.of += 1
            score.found += all(name in one for one in both)
            if not all(name in one for one in both):
                score.missed.append(table)
            score.alarms.update((both[0] | both[1]) - table.right - ADVICE)
        scores[title] = score
    return scores


def alarms(tables: int, seed: int) -> dict[str, Counter[str]]:
    found = {}
    for title, make in NEGATIVES.items():
        r, counted = random.Random(f"{seed} {title}"), Counter[str]()
        for _ in range(tables):
            table = make(r)
            counted.update(set().union(*(told(table, in_arrow=way) for way in (True, False))) - ADVICE)
        found[title] = counted
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", type=int, default=0, help="show so many tables of each class that were missed")
    options = parser.parse_args()
    print("| what is there | class | tables | found | told besides |\n| --- | --- | --- | --- | --- |")
    for title, score in positives(options.tables, options.seed).items():
        print(f"| {title.strip()} | `{score.name}` | {score.of:,} | {score.recall:.2%} | {_told(score.alarms)} |")
        for table in score.missed[: options.missed]:
            print(*zip(table.fields, (c[:4] for c in table.columns), strict=True), file=sys.stderr, sep="\n  ")
    print("\n| what only looks like it | tables | told |\n| --- | --- | --- |")
    for title, counted in alarms(options.tables, options.seed).items():
        print(f"| {title} | {options.tables:,} | {_told(counted)} |")


def _told(counted: Counter[str]) -> str:
    return ", ".join(f"`{name}` {count}" for name, count in counted.most_common()) or "–"


if __name__ == "__main__":
    main()
