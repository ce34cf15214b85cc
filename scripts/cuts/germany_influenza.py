"""GrippeWeb, the weekly survey of acute respiratory illness in Germany, still tab-separated as at its source."""

from __future__ import annotations

from pathlib import Path

from scripts.files import read_table, to_table

COLUMNS = {
    "season": "Saison",
    "week": "Kalenderwoche",
    "illness": "Erkrankung",
    "age_group": "Altersgruppe",
    "region": "Region",
    "reports": "Meldungen",
    "incidence": "Inzidenz",
}


def files(packages: Path) -> dict[str, bytes]:
    source = packages / "rki-grippeweb" / "GrippeWeb_Daten_des_Wochenberichts.tsv"
    rows = [{ours: row[theirs] for ours, theirs in COLUMNS.items()} for row in read_table(source, delimiter="\t")]
    return {"health/germany-influenza-surveillance/weekly.tsv": to_table(rows, list(COLUMNS), delimiter="\t")}
