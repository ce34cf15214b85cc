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

from generator.search.binary import Numbers, varints
from generator.search.document import Document
from generator.search.folding import runs
from generator.search.pinyin import Reading, readings, typed

ALL, END, PHRASE = "\0", "\x01", "\x02"
FIRST_PHRASE = 0x4E00
"""Of phrases the number from here on is a character: none that has a meaning here."""
FEW = 16
"""So many documents can be looked at: about as many as are shown."""
UNITS = 4
"""Of UTF-16, in one number of 64 bits."""
LENGTH = 3 * UNITS
"""A gram is no longer. Longer words are found by their beginning and looked up in the documents."""
SLAB = 200_000
"""Occurrences at a time: what stays in the processor's cache takes a third of the time."""

START, TITLE, LABEL, DESCRIPTION, PINYIN = range(5)
"""Where a gram occurs, the best first: at the beginning of a title's run, elsewhere in it, in a keyword or field name,
in the description, as a reading of title or keyword. Of a document only the best place is kept."""


@dataclass(frozen=True, slots=True)
class Shards:
    firsts: tuple[str, ...]
    """What each shard begins with: as much as tells it from the end of the shard before."""
    shards: tuple[bytes, ...]
    """Not compressed yet."""


def index(documents: Sequence[Document], size: int, phrases: Sequence[str] = ()) -> Shards:
    """``size``: bytes of a shard before compression. ``phrases``: synonyms of several words. Grams end at spaces, and
    to look into all documents that have both words takes many files; so each has a gram: ``PHRASE``, its number."""
    occurrences = Occurrences.of(documents, phrases)
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
    begins: Numbers
    """Places in ``text`` where something that is looked for begins: anywhere in a word, at syllables of a reading."""
    counts: Numbers
    """How many of them each run has."""
    first: Numbers
    """Each run's first entry in the two below; one more for the end."""
    documents: Numbers
    places: Numbers

    @classmethod
    def of(cls, documents: Sequence[Document], phrases: Sequence[str] = ()) -> Occurrences:
        found = _Runs(phrases)
        for number, document in enumerate(documents):
            found.add(number, document)
        distinct = [*found.words, *found.readings]
        text = np.frombuffer((END.join(distinct) + END * (LENGTH + 1)).encode("utf-16-le", "surrogatepass"), np.uint16)
        ends = np.flatnonzero(text == ord(END))[: len(distinct)]
        starts = np.concatenate(([0], ends + 1))
        words = len(found.words)
        lengths = np.diff(starts[: words + 1]) - 1
        within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        counts = np.concatenate((lengths, np.array(found.marked, np.int64)))
        read = np.array(found.which_read, np.uint64) + np.uint64(words)
        which = np.concatenate((np.array(found.which, np.uint64), read)) << np.uint64(35)
        entries = np.array([*found.entries, *found.entries_read], np.uint64)
        which, places, numbers = _once(which | entries, np.ones(len(which), bool))
        return cls(
            text=text,
            starts=starts,
            begins=np.concatenate((within, np.array(found.marks, np.int64))) + np.repeat(starts[:-1], counts),
            counts=counts,
            first=np.concatenate(([0], np.cumsum(np.bincount(which, minlength=len(distinct))))),
            documents=numbers,
            places=places,
        )


class _Runs:
    """Numbers the runs as they come: words, and readings for themselves, since these begin at syllables only."""

    def __init__(self, phrases: Sequence[str] = ()) -> None:
        self.words: dict[str, int] = {}
        self.which: list[int] = []
        self.entries: list[int] = []
        """Document (29 bits) and place (3) of each occurrence of the run ``which``."""
        self.readings: list[str] = []
        self.marks: list[int] = []
        self.marked: list[int] = []
        self.which_read: list[int] = []
        self.entries_read: list[int] = []
        self._keywords: dict[str, tuple[list[int], list[int]]] = {}
        self._fields: dict[str, list[int]] = {}
        self._read: dict[Reading, range] = {}
        self._phrases = {phrase: PHRASE + chr(FIRST_PHRASE + number) for number, phrase in enumerate(phrases)}
        self._beginnings = tuple({phrase.split()[0] for phrase in phrases})
        self._begins: dict[str, bool] = {}
        """Whether a phrase may begin in the run."""

    def add(self, number: int, document: Document) -> None:
        titles: list[int] = []
        labels: list[int] = []
        read: list[int] = []
        descriptions: list[int] = []
        for text in document.titles.values():
            found = runs(text)
            titles += self._numbered(found)
            read += self._numbered_readings(found)
        # Keywords and names of fields are the same again and again.
        for text in document.keywords:
            if (known := self._keywords.get(text)) is None:
                found = runs(text)
                known = self._keywords[text] = self._numbered(found), self._numbered_readings(found)
            labels += known[0]
            read += known[1]
        for text in document.fields:
            if (field := self._fields.get(text)) is None:
                field = self._fields[text] = self._numbered(runs(text))
            labels += field
        for text in document.descriptions.values():
            descriptions += self._numbered(runs(text))
        for place, numbers in ((START, titles), (LABEL, labels), (DESCRIPTION, descriptions)):
            self.which += numbers
            self.entries += [number << 3 | place] * len(numbers)
        self.which_read += read
        self.entries_read += [number << 3 | PINYIN] * len(read)

    def _numbered(self, found: list[str]) -> list[int]:
        words, begins = self.words, self._begins
        numbers = [words.setdefault(run, len(words)) for run in found]
        for run in found:
            if run not in begins:
                begins[run] = run.endswith(self._beginnings)
        if len(found) > 1 and any(map(begins.__getitem__, found)):
            text = " ".join(found)
            marks = [mark for phrase, mark in self._phrases.items() if phrase in text]
            numbers += [words.setdefault(mark, len(words)) for mark in marks]
        return numbers

    def _numbered_readings(self, found: Iterable[str]) -> list[int]:
        numbers: list[int] = []
        for reading in readings(found):
            if (known := self._read.get(reading)) is None:
                known = self._read[reading] = self._new(reading)
            numbers += known
        return numbers

    def _new(self, reading: Reading) -> range:
        begun = len(self.readings)
        # One unit more than is compared: so what was cut is not taken for what ends.
        for text, marks in typed(reading, LENGTH + 1):
            self.readings.append(text)
            self.marks += marks
            self.marked.append(len(marks))
        return range(begun, len(self.readings))


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
        text, order = occurrences.text, occurrences.begins.copy()
        run = np.repeat(np.arange(len(occurrences.counts)), occurrences.counts)
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
    return gram.astype(np.uint64) << np.uint64(35) | (held.documents[entry] << 3 | place).astype(np.uint64), mixed


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


@dataclass(frozen=True, slots=True)
class Lists:
    """What the grams list, as numbers and as the bytes of it."""

    entries: Numbers
    """Place (3 bits) and document (29) of all occurrences, by gram, each document once a gram."""
    firsts: Numbers
    """Each gram's first entry; one more for the end."""
    content: Numbers
    starts: Numbers
    """Where each gram begins in ``content``; one more for the end."""

    @classmethod
    def of(cls, grams: Grams) -> Lists:
        counts = np.diff(grams.occurrences.first)[grams.runs]
        weights = np.concatenate(([0], np.cumsum(counts)))[grams.firsts]
        entries, owners, content, starts = [], [], [], []
        start = offset = 0
        while start < len(grams):
            end = max(start + 1, int(np.searchsorted(weights, weights[start] + SLAB, "right")) - 1)
            gram, place, number = _once(*_found(grams, start, end))
            written, begins = _written(gram, place, number)
            entries.append((place << 29 | number).astype(np.uint32))
            owners.append(np.bincount(gram - start, minlength=end - start))
            content.append(written)
            starts.append(begins[:-1] + offset)
            start, offset = end, offset + len(written)
        firsts = np.concatenate(([0], np.cumsum(np.concatenate(owners))))
        return cls(np.concatenate(entries), firsts, np.concatenate(content), np.concatenate([*starts, [offset]]))


def _wholes(grams: Grams, lists: Lists, sizes: Numbers, limit: int) -> Iterator[tuple[int, int, bytes]]:
    """Of every beginning whose grams take more than ``limit`` bytes: the first of them, its length, all documents."""
    text, at = grams.occurrences.text, grams.order[grams.firsts[:-1]]
    total = np.concatenate(([0], np.cumsum(sizes)))
    waiting = [(0, len(grams), 0)]
    while waiting:
        start, end, length = waiting.pop()
        if length:
            yield start, length, _whole(lists.entries[lists.firsts[start] : lists.firsts[end]])
        inner = np.flatnonzero(grams.lengths[start:end] > length) + start
        units = text[at[inner] + length]
        heads = np.concatenate(([0], np.flatnonzero(np.diff(units.astype(np.int32))) + 1))
        for first, last in zip(heads, [*heads[1:], len(inner)], strict=True):
            a, b = int(inner[first]), int(inner[last - 1]) + 1
            if b - a > 1 and total[b] - total[a] > limit:
                waiting.append((a, b, length + 1))


def _whole(entries: Numbers) -> bytes:
    """The lists of many grams as those of one: each document at its best place."""
    documents, places = entries & np.uint32(_DOCUMENT), entries >> np.uint32(29)
    best = np.full(int(documents.max()) + 1, 7, np.uint8)
    for place in range(PINYIN, START - 1, -1):
        best[documents[places == place]] = place
    number = np.flatnonzero(best < 7)
    found = best[number].astype(np.int64)
    sorting = np.argsort(found, kind="stable")
    content, _ = _written(np.zeros(len(number), np.int64), found[sorting], number[sorting])
    return content.tobytes()


# ---- shards


def _sharded(grams: Grams, size: int) -> Iterator[tuple[str, bytes]]:
    lists = Lists.of(grams)
    content, starts = lists.content, lists.starts
    text = grams.occurrences.text.tobytes()
    at = grams.order[grams.firsts[:-1]]
    sizes = np.diff(starts) + 2 * (grams.lengths.astype(np.int64) + 1)
    wholes: dict[int, list[tuple[int, bytes]]] = {}
    for gram, length, whole in _wholes(grams, lists, sizes, size):
        wholes.setdefault(gram, []).append((length, whole))
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
    return len(joined).to_bytes(4, "little") + joined + b"".join(lists)
