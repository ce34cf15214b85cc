"""How many rows share each combination of quasi-identifiers, in bounded memory: eight bytes a row, in files."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint64]

_PARTS = 64
_HELD = 1 << 20
"""Rows in memory before they go to the files."""


@dataclass(frozen=True, slots=True)
class Small:
    """Groups with fewer than k rows."""

    groups: int = 0
    rows: int = 0
    first: int = -1
    """The first row that is in one."""


class Groups:
    """Rows are added in their order. The 64 bits of two different combinations are equal once in 10^19 pairs."""

    def __init__(self) -> None:
        self._held: list[Hashes] = []
        self._count = 0
        self._rows = 0
        self._files: list[BinaryIO] = []

    def add(self, hashes: Hashes) -> None:
        self._held.append(hashes)
        self._count += len(hashes)
        self._rows += len(hashes)
        if self._count >= _HELD:
            self._spill()

    def _spill(self) -> None:
        import numpy as np

        if not self._files:
            self._files = [tempfile.TemporaryFile(prefix="kaishu-") for _ in range(_PARTS)]  # noqa: SIM115  closed by close()
        hashes = np.concatenate(self._held)
        part = (hashes >> np.uint64(58)).astype(np.uint8)
        for number, file in enumerate(self._files):
            file.write(hashes[part == number].tobytes())
        self._held, self._count = [], 0

    def below(self, k: int) -> Small:
        """Groups of fewer than ``k`` rows. (``first`` only where all rows are in memory.)"""
        import numpy as np

        if not self._rows:
            return Small()
        if not self._files:
            every = np.concatenate(self._held)
            _, inverse, counts = np.unique(every, return_inverse=True, return_counts=True)
            small = counts < k
            rows = np.flatnonzero(small[inverse])
            return Small(int(small.sum()), int(counts[small].sum()), int(rows[0]) if len(rows) else -1)
        self._spill()
        groups = rows_in = 0
        for file in self._files:
            file.seek(0)
            _, counts = np.unique(np.frombuffer(file.read(), np.uint64), return_counts=True)
            small = counts < k
            groups += int(small.sum())
            rows_in += int(counts[small].sum())
        return Small(groups, rows_in)

    def close(self) -> None:
        for file in self._files:
            file.close()
        self._files, self._held = [], []

    def __enter__(self) -> Groups:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def combined(columns: Sequence[Any]) -> Hashes:
    """One number a row for what these columns (Arrow's, or lists of texts) hold together. Empty is a value too."""
    import numpy as np

    total = None
    for column in columns:
        one = _of_column(column)
        total = one if total is None else (total * np.uint64(0x9E3779B97F4A7C15)) ^ (one + (total >> np.uint64(29)))
    assert total is not None
    return total


def _of_column(column: Any) -> Hashes:
    import numpy as np

    if isinstance(column, list):
        return np.array([_of_text(cell) for cell in column], np.uint64)
    encoded = column.dictionary_encode()
    words = [_of_text(word) for word in encoded.dictionary.to_pylist()]
    table = np.array([*words, _of_text(None)], np.uint64)
    places = np.asarray(encoded.indices.fill_null(len(words)))
    found: Hashes = table[places]
    return found


def _of_text(text: str | None) -> int:
    text = (text or "").strip()
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
