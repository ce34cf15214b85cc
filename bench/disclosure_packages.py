"""Everything that the gate says of packages that are taken as open: to be read, whether any of it is false.

    python -m bench.disclosure_packages FOLDER …

Prints the message of each finding, advice too; then how often each class was told.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

PORTAL = {"title": "开数", "title_en": "Kaishu", "url": "https://data.example/"}


def main() -> None:
    import yaml

    from generator.build import Options, check
    from generator.config import read_config
    from generator.problems import catalogue, words

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date(2026, 6, 30))
    options = parser.parse_args()
    told: Counter[str] = Counter()
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as empty:
            file = Path(empty) / "kaishu.yaml"
            file.write_text(yaml.safe_dump({"portal": PORTAL, "defaults": {"openness": "unconditional"}}), "utf-8")
            config = replace(read_config(file, datasets=folder.resolve()), state=None)
            report = check(config, Options(options.today, jobs=1))
        for problem in report.problems:
            kind = catalogue()[problem.name]
            if kind.code.startswith("S"):
                told[f"{kind.code} {problem.name}"] += 1
                print(kind.code, problem.file, problem.resource, *words(problem, "en")[:1], sep=" | ")
        print(f"{folder}: {report.datasets} datasets, {len(report.tables)} tables")
    for name, count in sorted(told.items()):
        print(f"{name}: {count}")


if __name__ == "__main__":
    main()
