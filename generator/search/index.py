"""The index: any part of any text, found exactly, with one or two small files a word.

It is a list of *grams*, in the order of their UTF-16 units, each with the documents that have it. A gram grows until
few documents share it, so that what many have is told apart by longer grams, and what few have is looked up in the
documents themselves, which are shown anyway. What is found is found exactly:

- a gram that ends with ``END`` is the end of a run: only documents that end so are there;
- one that ends with ``ALL`` names all documents that have what stands before it, where its longer grams fill a shard;
- any other gram was cut short: its documents have it, and maybe more than it.

A word's documents are those of ``word + ALL``, or else of all grams that begin with the word; where instead a gram is
the beginning of the word, its documents are candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from generator.search.binary import Numbers, packed, varints
from generator.search.document import Document
from generator.search.folding import runs
from generator.search.pinyin import Reading, keys, readings

ALL, END = "\0", "\x01"
FEW = 16
"""So many documents can be looked at: about as many as are shown."""
UNITS = 4
"""Of UTF-16, in one number of 64 bits."""
LENGTH = 3 * UNITS
"""A gram is no longer. Longer words are found by their beginning and looked up in the documents."""
SLAB = 6_000_000
"""Occurrences at a time."""

START, TITLE, LABEL, DESCRIPTION, PINYIN = range(5)
"""Where a gram occurs, the best first: at the beginning of a title's run, elsewhere in it, in a keyword or field name,
in the description, as a reading of title or keyword. Of a document only the best place is kept."""


@dataclass(frozen=True, slots=True)
class Shards:
    firsts: tuple[str, ...]
    """What each shard begins with: as much as tells it from the end of the shard before."""
    shards: tuple[bytes, ...]


def index(documents: Sequence[Document], size: int) -> Shards:
    """``size``: bytes of a shard before compression."""
    occurrences = Occurrences.of(documents)
    if not len(occurrences.documents):
        return Shards((), ())
    firsts, shards = zip(*_sharded(Grams.of(occurrences), size), strict=True)
    return Shards(firsts, shards)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every different run of the texts, and which documents have it where."""

    text: Numbers
    """UTF-16 units of all runs, each followed by ``END``."""
    starts: Numbers
    """Of each run in ``text``; one more for the end."""
    partial: Numbers
    """Whether only the run as a whole is looked for, not what begins within it."""
    first: Numbers
    """Each run's first entry in the two below; one more for the end."""
    documents: Numbers
    places: Numbers

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Occurrences:
        runs_of = _Runs()
        which: list[int] = []
        entries: list[int] = []
        for number, document in enumerate(documents):
            for place, found in runs_of.each(document):
                which += found
                entries += [number << 3 | place] * len(found)
        return cls._made(list(runs_of.numbers), np.array(which, np.uint64), np.array(entries, np.uint64))

    @classmethod
    def _made(cls, distinct: Sequence[str], which: Numbers, entries: Numbers) -> Occurrences:
        """``entries``: document and place of each occurrence of the run ``which``."""
        text = np.frombuffer((END.join(distinct) + END * (LENGTH + 1)).encode("utf-16-le", "surrogatepass"), np.uint16)
        ends = np.flatnonzero(text == ord(END))[: len(distinct)]
        which, places, numbers = _once(which << np.uint64(35) | entries, np.ones(len(which), bool))
        first = np.concatenate(([0], np.cumsum(np.bincount(which, minlength=len(distinct)))))
        best = np.minimum.reduceat(places, first[:-1]) if len(places) else places
        return cls(
            text=text,
            starts=np.concatenate(([0], ends + 1)),
            # A run of letters may be a reading and a word too; then it is looked for as a word.
            partial=best == PINYIN,
            first=first,
            documents=numbers,
            places=places,
        )


class _Runs:
    """Numbers the runs as they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._keywords: dict[str, tuple[list[int], list[int]]] = {}
        self._fields: dict[str, list[int]] = {}
        self._readings: dict[Reading, list[int]] = {}

    def each(self, document: Document) -> Iterator[tuple[int, list[int]]]:
        """The runs of each text, and their place."""
        for text in document.titles.values():
            found = runs(text)
            yield START, self._numbered(found)
            yield PINYIN, self._read(found)
        # Keywords and names of fields are the same again and again.
        for text in document.keywords:
            if (known := self._keywords.get(text)) is None:
                found = runs(text)
                known = self._keywords[text] = self._numbered(found), self._read(found)
            yield LABEL, known[0]
            yield PINYIN, known[1]
        for text in document.fields:
            if (field := self._fields.get(text)) is None:
                field = self._fields[text] = self._numbered(runs(text))
            yield LABEL, field
        for text in document.descriptions.values():
            yield DESCRIPTION, self._numbered(runs(text))

    def _read(self, found: Iterable[str]) -> list[int]:
        numbers: list[int] = []
        for reading in readings(found):
            if (known := self._readings.get(reading)) is None:
                # One unit more than is compared: so a key that was cut is not taken for one that ends.
                known = self._readings[reading] = self._numbered(keys(reading, LENGTH + 1))
            numbers += known
        return numbers

    def _numbered(self, found: Iterable[str]) -> list[int]:
        numbers = self.numbers
        return [numbers.setdefault(run, len(numbers)) for run in found]


def _once(ranked: Numbers, mixed: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Owner, place and document, by owner, then by place and document: each document once an owner, at its best place.

    Taken from numbers of 35, 3 and 32 bits that hold the owner, the document (29 bits) and the place. They come in the
    order of owners; where they are not ``mixed``, also in that of place and document, each document once.
    """
    owner, number, place = ranked >> np.uint64(35), ranked >> np.uint64(3) & np.uint64(_DOCUMENT), ranked & np.uint64(7)
    listed = owner << np.uint64(35) | place << np.uint64(32) | number
    kept = np.ones(len(ranked), bool)
    if mixed.any():
        some = np.sort(ranked[mixed])
        once = np.concatenate(([True], np.diff(some >> np.uint64(3)) != 0))
        some = some[once]
        owner, number, place = some >> np.uint64(35), some >> np.uint64(3) & np.uint64(_DOCUMENT), some & np.uint64(7)
        kept[mixed] = once
        # As many are left of each owner as were counted, so that each comes to stand among its owner's.
        listed[np.flatnonzero(mixed)[once]] = np.sort(owner << np.uint64(35) | place << np.uint64(32) | number)
    listed = listed[kept]
    return (
        (listed >> np.uint64(35)).astype(np.int64),
        (listed >> np.uint64(32) & np.uint64(7)).astype(np.int64),
        (listed & np.uint64(_DOCUMENT)).astype(np.int64),
    )


_DOCUMENT = (1 << 29) - 1


@dataclass(frozen=True, slots=True)
class Grams:
    """Sorted. The n-th is the ``lengths[n]`` units at ``at[n]`` of the text."""

    occurrences: Occurrences
    order: Numbers
    """Places in the text in the order of what stands there."""
    runs: Numbers
    """The run of each place in ``order``."""
    firsts: Numbers
    """Each gram's first entry in ``order``; one more for the end."""
    lengths: Numbers

    @classmethod
    def of(cls, occurrences: Occurrences) -> Grams:
        text, starts = occurrences.text, occurrences.starts
        lengths = np.diff(starts) - 1
        counts = np.where(occurrences.partial, 1, lengths)
        run = np.repeat(np.arange(len(counts)), counts)
        order = np.arange(len(run)) - np.repeat(np.cumsum(counts) - counts, counts) + starts[:-1][run]
        weight = np.diff(occurrences.first)
        group = np.zeros(len(order), np.int64)
        depth = np.zeros(len(order), np.int8)
        """How long the gram is that the place belongs to; 0 while that is not known."""
        new = np.zeros(len(order), bool)
        """Whether a gram begins here."""
        for done in range(0, LENGTH, UNITS):
            rest = np.flatnonzero(depth == 0)
            if not len(rest):
                break
            what = _units(text, order[rest] + done)
            sorting = np.lexsort((what, group[rest])) if done else np.argsort(what, kind="stable")
            # What is not told apart yet stands together, so that it is put in order where it stands.
            order[rest], run[rest] = order[rest][sorting], run[rest][sorting]
            what, before = what[sorting], group[rest]
            weights = weight[run[rest]]
            open_ = np.ones(len(rest), bool)
            for length in range(1, UNITS + 1):
                shift = np.uint64(16 * (UNITS - length))
                prefix = what >> shift
                begins = np.concatenate(([True], (np.diff(prefix) != 0) | (np.diff(before) != 0)))
                heads = np.flatnonzero(begins)
                few = np.add.reduceat(weights, heads) <= FEW
                ended = (prefix[heads] & np.uint64(0xFFFF)) == ord(END)
                last = done + length == LENGTH
                closed = np.repeat(few | ended | last, np.diff(np.concatenate((heads, [len(rest)])))) & open_
                depth[rest[closed]] = done + length
                new[rest[closed & begins]] = True
                open_ &= ~closed
            group[rest] = np.cumsum(begins)
        firsts = np.flatnonzero(new)
        return cls(occurrences, order, run, np.concatenate((firsts, [len(order)])), depth[firsts])

    def __len__(self) -> int:
        return len(self.lengths)


def _units(text: Numbers, at: Numbers) -> Numbers:
    what = np.zeros(len(at), np.uint64)
    for unit in range(UNITS):
        # Behind the end of a run everything is alike, and behind the end of the text.
        what = what << np.uint64(16) | text[np.minimum(at + unit, len(text) - 1)].astype(np.uint64)
    return what


# ---- documents of grams


def _found(grams: Grams, start: int, end: int) -> tuple[Numbers, Numbers]:
    """For the grams from ``start`` up to ``end``: gram (35 bits), document (29) and place (3) of each occurrence; and
    whether they are in disorder there, since several runs have the gram."""
    held = grams.occurrences
    first, last = grams.firsts[start], grams.firsts[end]
    run = grams.runs[first:last]
    counts = held.first[run + 1] - held.first[run]
    spans = np.diff(grams.firsts[start : end + 1])
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = np.repeat(held.first[run], counts) + within
    place = held.places[entry]
    inside = np.repeat(grams.order[first:last] != held.starts[run], counts)
    place[(place == START) & inside] = TITLE
    gram = np.repeat(np.repeat(np.arange(start, end), spans), counts)
    mixed = np.repeat(np.repeat(spans > 1, spans), counts)
    ranked = gram.astype(np.uint64) << np.uint64(35) | (held.documents[entry] << 3 | place).astype(np.uint64)
    # A run that is a word and a reading: the reading counts from its beginning only.
    stray = (place == PINYIN) & inside
    return (ranked[~stray], mixed[~stray]) if stray.any() else (ranked, mixed)


def _written(gram: Numbers, place: Numbers, number: Numbers) -> tuple[Numbers, Numbers]:
    """Bytes of lists, one a gram and place: count, place and whether it is the gram's last, then gaps; and where each
    gram begins (one more: the end)."""
    lists = np.flatnonzero(np.concatenate(([True], (np.diff(gram) != 0) | (np.diff(place) != 0))))
    counts = np.diff(np.concatenate((lists, [len(gram)])))
    gaps = np.diff(number, prepend=0)
    gaps[lists] = number[lists]
    owners = gram[lists]
    is_last = np.concatenate((owners[1:] != owners[:-1], [True]))
    stream = np.zeros(len(gram) + len(lists), np.int64)
    heads = lists + np.arange(len(lists))
    stream[heads] = counts << 4 | place[lists] << 1 | is_last
    stream[np.arange(len(gram)) + np.repeat(np.arange(len(lists)), counts) + 1] = gaps
    content, starts = varints(stream)
    begins = np.concatenate(([True], owners[1:] != owners[:-1]))
    return content, np.concatenate((starts[heads[begins]], [len(content)]))


def _lists(grams: Grams) -> tuple[Numbers, Numbers]:
    """The bytes of all grams, and where each begins."""
    counts = np.diff(grams.occurrences.first)[grams.runs]
    weights = np.concatenate(([0], np.cumsum(counts)))[grams.firsts]
    pieces, starts, start, offset = [], [], 0, 0
    while start < len(grams):
        end = max(start + 1, int(np.searchsorted(weights, weights[start] + SLAB, "right")) - 1)
        content, begins = _written(*_once(*_found(grams, start, end)))
        pieces.append(content)
        starts.append(begins[:-1] + offset)
        start, offset = end, offset + len(content)
    return np.concatenate(pieces), np.concatenate([*starts, [offset]])


def _wholes(grams: Grams, sizes: Numbers, limit: int) -> Iterator[tuple[int, int, bytes]]:
    """Of every beginning whose grams take more than ``limit`` bytes: the first of them, its length, all documents."""
    text, at = grams.occurrences.text, grams.order[grams.firsts[:-1]]
    total = np.concatenate(([0], np.cumsum(sizes)))
    waiting = [(0, len(grams), 0)]
    while waiting:
        start, end, length = waiting.pop()
        if length:
            yield start, length, _whole(grams, start, end)
        inner = np.flatnonzero(grams.lengths[start:end] > length) + start
        units = text[at[inner] + length]
        heads = np.concatenate(([0], np.flatnonzero(np.diff(units.astype(np.int32))) + 1))
        for first, last in zip(heads, [*heads[1:], len(inner)], strict=True):
            a, b = int(inner[first]), int(inner[last - 1]) + 1
            if b - a > 1 and total[b] - total[a] > limit:
                waiting.append((a, b, length + 1))


def _whole(grams: Grams, start: int, end: int) -> bytes:
    ranked, _ = _found(grams, start, end)
    found = ranked & np.uint64(8 * _DOCUMENT + 7)
    best = np.full(int(found.max() >> np.uint64(3)) + 1, 7, np.uint8)
    for place in range(PINYIN, START - 1, -1):
        best[found[found & np.uint64(7) == place] >> np.uint64(3)] = place
    number = np.flatnonzero(best < 7)
    places = best[number].astype(np.int64)
    sorting = np.argsort(places, kind="stable")
    content, _ = _written(np.zeros(len(number), np.int64), places[sorting], number[sorting])
    return content.tobytes()


# ---- shards


def _sharded(grams: Grams, size: int) -> Iterator[tuple[str, bytes]]:
    content, starts = _lists(grams)
    text = grams.occurrences.text.tobytes()
    at = grams.order[grams.firsts[:-1]]
    sizes = np.diff(starts) + 2 * (grams.lengths.astype(np.int64) + 1)
    wholes: dict[int, list[tuple[int, bytes]]] = {}
    for gram, length, lists in _wholes(grams, sizes, size):
        wholes.setdefault(gram, []).append((length, lists))
    names: list[bytes] = []
    lists_: list[bytes] = []
    filled, before = 0, ""
    positions, lengths, offsets, weights = at.tolist(), grams.lengths.tolist(), starts.tolist(), sizes.tolist()
    begun = 0

    def shard() -> tuple[str, bytes]:
        return _first(before, _text(names[0])), _shard(names, lists_)

    for gram, (position, length) in enumerate(zip(positions, lengths, strict=True)):
        here = sorted(wholes.get(gram, ()))
        if here or filled + weights[gram] > size:
            # Lists of neighbouring grams are copied together.
            lists_.append(content[offsets[begun] : offsets[gram]].tobytes())
            begun = gram
        for shared, whole in here:
            if filled + len(whole) > size and names:
                yield shard()
                before, names, lists_, filled = _text(names[-1]), [], [], 0
            names.append(text[2 * position : 2 * (position + shared)] + ALL.encode("utf-16-le"))
            lists_.append(whole)
            filled += len(whole) + 2 * shared + 4
        if filled + weights[gram] > size and names:
            yield shard()
            before, names, lists_, filled = _text(names[-1]), [], [], 0
        names.append(text[2 * position : 2 * (position + length)])
        filled += weights[gram]
    lists_.append(content[offsets[begun] :].tobytes())
    yield shard()


def _text(units: bytes) -> str:
    return units.decode("utf-16-le", "surrogatepass")


def _first(before: str, first: str) -> str:
    """As much of ``first`` as sorts behind ``before``."""
    end = next((n for n in range(len(first)) if n >= len(before) or first[n] != before[n]), len(first) - 1)
    return first[: end + 1]


def _shard(names: Iterable[bytes], lists: Iterable[bytes]) -> bytes:
    """Length of the names in bytes (four of them), the names, parted by line ends, then their lists."""
    joined = "\n".encode("utf-16-le").join(names)
    return packed(len(joined).to_bytes(4, "little") + joined + b"".join(lists))
