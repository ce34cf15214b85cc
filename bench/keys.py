"""Keys of many rows: how long they take, and how much memory, from Arrow arrays that are made piece by piece.

    python -m bench.keys [--rows 10000000] [--shape ascending gaps shuffled strings ...] [--repeats 0]

Each shape is a process of its own. ``added`` is the time of the hot path alone, ``judged`` that of the answer at the
end; making the arrays is not counted. Seconds are of the processor: the
machine may be busy. ``--repeats N`` puts N rows in whose key was there before.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generator.tables.proof.keys import Reference, Space, Tuples, Unique

PIECE = 30_000
_PRIME = 2_147_483_647
"""Multiplying by a number walks through all rests but 0: a shuffled column of different values, without a table."""

Piece = list[pa.Array]


def _ascending(places: np.ndarray) -> Piece:
    return [pa.array(places)]


def _gaps(places: np.ndarray) -> Piece:
    return [pa.array(places * 5 + places % 3)]


def _shuffled(places: np.ndarray) -> Piece:
    return [pa.array((places + 1) * 48_271 % _PRIME)]


def _strings(places: np.ndarray) -> Piece:
    return [pc.binary_join_element_wise("AB", _shuffled(places)[0].cast(pa.string()), "")]


def _dates(places: np.ndarray) -> Piece:
    """A date and one of few stations: composite."""
    return [pa.array((places // 1000).astype(np.int32)).cast(pa.date32()), pa.array(places % 1000)]


SHAPES: dict[str, Callable[[np.ndarray], Piece]] = {
    "ascending": _ascending,
    "gaps": _gaps,
    "shuffled": _shuffled,
    "strings": _strings,
    "composite": _dates,
}


def pieces(shape: str, rows: int, repeats: int) -> Iterator[Piece]:
    every = rows // repeats if repeats else 0
    for start in range(0, rows, PIECE):
        places = np.arange(start, min(start + PIECE, rows))
        if every:
            places = np.where(places % every == every - 1, places // 2, places)
        yield SHAPES[shape](places)


def run(shape: str, rows: int, repeats: int, reference: bool) -> dict[str, float]:
    """In this process."""
    pa.scalar(1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    width = len(SHAPES[shape](np.arange(2)))
    fields = tuple(map(str, range(width)))
    added = 0.0
    with Space() as space:
        theirs = Tuples(fields, space)
        key: Unique | Reference = Reference(fields, theirs, True) if reference else Unique(fields, True, space)
        for piece in pieces(shape, rows, repeats):
            start = time.process_time()
            key.add(piece)
            if reference:
                theirs.add(piece)
            added += time.process_time() - start
        start = time.process_time()
        found = sum(1 for _ in (key.missing() if isinstance(key, Reference) else key.candidates()))
        judged = time.process_time() - start
        spilled = space.file.size / 1e6
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "added": added,
        "judged": judged,
        "found": found,
        "mb": after / 1024,
        "base": before / 1024,
        "spilled": spilled,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--shape", nargs="*", choices=SHAPES, default=list(SHAPES))
    parser.add_argument("--repeats", type=int, default=0)
    parser.add_argument("--reference", action="store_true", help="a foreign key to the own table, each row to itself")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(run(arguments.one, arguments.rows, arguments.repeats, arguments.reference)))
        return
    print(f"{arguments.rows:,} rows in pieces of {PIECE:,}")
    for shape in arguments.shape:
        command = [sys.executable, "-m", "bench.keys", "--one", shape, "--rows", str(arguments.rows)]
        command += ["--repeats", str(arguments.repeats), *(["--reference"] if arguments.reference else [])]
        got = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(
            f"{shape:10} added {got['added']:7.2f} s ({got['added'] / arguments.rows * 1e9:5.1f} ns a row), judged {got['judged']:7.2f} s, "
            f"found {got['found']}; peak {got['mb']:4.0f} MB ({got['base']:.0f} of them imports), in the file {got['spilled']:5.0f} MB"
        )


if __name__ == "__main__":
    main()
