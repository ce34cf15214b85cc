"""Regular expressions that cannot hang the check, though a descriptor brings them and Python's ``re`` may never end.

A pattern is matched by ``re`` in this process where its parse tree says that this cannot take long; else by RE2, where
that decides the same; else in a process of its own, which ends when it worked longer than its texts allow. Then
``PatternTimeout`` is raised.

Frictionless compiles and matches patterns inside the readers of its fields: ``guarded_reader`` makes the same reader
with our matching in it, ``guarded`` has frictionless use it for one run over a table. Nothing of the library is
replaced for others.

A profile that a descriptor names is a JSON Schema with patterns of its own, which the library matches at once when it
reads the descriptor: ``check_profiles_end`` tries that in another process before.
"""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.tables.effort import steps

if TYPE_CHECKING:
    import frictionless

Reader = Callable[[Any], tuple[Any, Any]]

PATIENCE = 2.0
"""Seconds of work that a pattern may take anyway."""
CHARACTERS_A_SECOND = 100_000
"""What it must come to in the long run, however many texts there are."""
_STEPS, _STEPS_A_CHARACTER = 10_000, 50
"""So many steps are done before another process has answered."""
_MOST_REMEMBERED = 10_000
_CHILD = str(Path(__file__).with_name("guard_child.py"))
_PROFILE_CHILD = """
import pickle, sys
sys.path, *given = pickle.load(sys.stdin.buffer)
from generator.tables.opening import try_package
try_package(*given)
"""
_PROFILE_PATIENCE = 10.0
"""Seconds to read a descriptor with its profiles, of which the library needs one to be imported."""
_PROFILES = ("data-package", "tabular-data-package", "data-resource", "tabular-data-resource")
"""Known to the library."""


class PatternTimeout(Exception):
    """Whether the text matches was not found out in time."""

    def __init__(self, pattern: str) -> None:
        super().__init__(f'pattern "{pattern}" takes too long')
        self.pattern = pattern


class ProfileTimeout(Exception):
    """Whether the descriptor fits its profile was not found out in time."""

    def __init__(self, profile: str) -> None:
        super().__init__(f'profile "{profile}" takes too long')
        self.profile = profile


class GuardedPattern:
    """As much of ``re.Pattern`` as frictionless uses. Without ``patience`` nothing is waited for at all."""

    def __init__(self, written: str, *, patience: float = PATIENCE) -> None:
        self._match = re.compile(written).match  # a pattern that is none fails here, as it does for frictionless
        self.pattern = written
        self._patience = patience
        self._known: dict[str, bool] = {}
        self._easy, self._hard = -1, sys.maxsize
        """Texts up to the one length are harmless, from the other on they may not be."""
        self._regular: str | None = ""
        """For RE2; None when there is no such pattern, empty while that was not asked for."""
        self._child: _Child | None = None
        self._lock = threading.Lock()

    def match(self, text: str) -> bool:
        if self._is_easy(len(text)):
            return self._match(text) is not None
        with self._lock:
            known = self._known.get(text)
            if known is None:
                known = self._decide(text)
                if len(self._known) < _MOST_REMEMBERED:
                    self._known[text] = known
            return known

    def _is_easy(self, length: int) -> bool:
        if self._easy < length < self._hard:
            if steps(self.pattern, length) <= _STEPS + _STEPS_A_CHARACTER * length:
                self._easy = length
            else:
                self._hard = length
        return length <= self._easy

    def _decide(self, text: str) -> bool:
        decided = self._by_re2(text)
        if decided is not None:
            return decided
        if not self._patience:
            raise PatternTimeout(self.pattern)
        if self._child is None:
            self._child = _Child(self.pattern, self._patience)
        return self._child.match(text)

    def _by_re2(self, text: str) -> bool | None:
        import pyarrow as pa
        import pyarrow.compute as pc

        from generator.tables.proof.pattern import exact

        if self._regular == "":
            self._regular = exact(self.pattern)
        if self._regular is None:
            return None
        try:
            return bool(pc.match_substring_regex(pa.array([text], pa.large_string()), self._regular)[0].as_py())
        except UnicodeEncodeError:
            return None  # half a character, out of an escape in JSON

    def close(self) -> None:
        if self._child is not None:
            self._child.close()
            self._child = None


class _Child:
    """A process that matches one pattern. It ends with this object, or by itself when nobody holds its pipes."""

    def __init__(self, pattern: str, patience: float) -> None:
        self._pattern, self._patience = pattern, patience
        # Isolated and without `site`: nothing of the surroundings is imported, which makes it start in 20 ms.
        command = [sys.executable, "-I", "-S", _CHILD]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.close = weakref.finalize(self, _end, self._process)
        self._limit = [inf]
        """When it is to be killed. The child keeps the time that it works itself; this is for where it has no such
        clock, or is not let work."""
        threading.Thread(target=_watch, args=(self._process, self._limit), daemon=True).start()
        self._send((pattern, patience, CHARACTERS_A_SECOND))

    def match(self, text: str) -> bool:
        self._limit[0] = time.monotonic() + 10 * (self._patience + len(text) / CHARACTERS_A_SECOND)
        try:
            self._send(text)
            answer = self._process.stdout.read(1)  # type: ignore[union-attr]  # it is a pipe
        except (OSError, ValueError):
            answer = b""  # it has ended before
        finally:
            self._limit[0] = inf
        if not answer:
            raise PatternTimeout(self._pattern)
        return bool(answer == b"1")

    def _send(self, value: Any) -> None:
        pickle.dump(value, self._process.stdin)  # type: ignore[arg-type]  # likewise
        self._process.stdin.flush()  # type: ignore[union-attr]


def _watch(process: subprocess.Popen[bytes], limit: list[float]) -> None:
    while process.poll() is None:
        time.sleep(1)
        if time.monotonic() > limit[0]:
            process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            pipe.close()  # type: ignore[union-attr]
    process.wait()


class _Affixes:
    """What ``bareNumber: false`` strips off, found in one pass; the library's own expression is quadratic."""

    def sub(self, _: str, text: str) -> str:
        return _AFTER_THE_LAST_DIGIT.sub("", _BEFORE.sub("", text, count=1), count=1)


_BEFORE = re.compile(r"^[^-\d]*")
_AFTER_THE_LAST_DIGIT = re.compile(r"(?<!\D)\D*\Z")
_LIBRARYS_AFFIXES = r"((^[^-\d]*)|(\D*$))"


def guarded_reader(field: frictionless.Field, *, patience: float = PATIENCE) -> Reader:
    """``field.create_cell_reader()``, which raises ``PatternTimeout`` rather than never to return."""
    reader = type(field).create_cell_reader(field)
    _guard(reader, patience)
    return reader


def _guard(function: Any, patience: float) -> None:
    """Put our patterns in place of those that the function, and the functions that it calls, were made with."""
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    for name, held in zip(names, getattr(function, "__closure__", None) or (), strict=True):
        try:
            value = held.cell_contents
        except ValueError:
            continue  # not set
        if name == "checks" and "pattern" in value:
            check = value["pattern"]
            value["pattern"] = partial(check.func, GuardedPattern(check.args[0].pattern, patience=patience))
        elif isinstance(value, re.Pattern) and value.pattern == _LIBRARYS_AFFIXES:
            held.cell_contents = _Affixes()
        elif name in _READERS:
            _guard(value, patience)


_READERS = ("default_reader", "field_reader", "item_reader", "value_reader", "processor_function", "processor")


def check_profiles_end(descriptor: Mapping[str, Any], folder: Path) -> None:
    """Raises ``ProfileTimeout``. Costs a process, for descriptors with a profile that the library does not know."""
    resources = descriptor.get("resources")
    parts = [descriptor, *(resources if isinstance(resources, list) else ())]
    named = [part.get("profile") or part.get("profiles") for part in parts if isinstance(part, Mapping)]
    unknown = [profile for profile in named if profile and profile not in _PROFILES]
    if not unknown:
        return
    given = pickle.dumps((sys.path, dict(descriptor), folder))
    command = [sys.executable, "-I", "-c", _PROFILE_CHILD]
    try:
        subprocess.run(command, input=given, capture_output=True, timeout=_PROFILE_PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise ProfileTimeout(str(unknown[0])) from error


def protect(resource: frictionless.Resource) -> None:
    """As ``guarded``, for good: for a resource that nobody else has."""
    package = resource.package
    _set(resource, detector=_Detector(resource.detector), package=package and _Package(package))


@contextmanager
def guarded(resource: frictionless.Resource) -> Iterator[None]:
    """Within, ``resource`` is read with guarded patterns, and so are the tables that its foreign keys lead to.

    It has to be closed before, and is to be used by one thread, as frictionless demands anyway.
    """
    if not resource.tabular:
        yield
        return
    detector, package = resource.detector, resource.package
    protect(resource)
    try:
        yield
    finally:
        fields = resource.detector.guarded  # type: ignore[attr-defined]  # our detector's
        _set(resource, detector=detector, package=package)
        for field in fields:
            for name in ("create_cell_reader", "to_copy"):
                vars(field).pop(name, None)


def _set(resource: Any, **values: Any) -> None:
    """Without a note in the metadata that they were set."""
    for name, value in values.items():
        object.__setattr__(resource, name, value)


class _Detector:
    """A detector whose schemas have guarded readers. The library asks it at each opening, also of copies."""

    def __init__(self, detector: Any) -> None:
        self._detector = detector
        self.guarded: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._detector, name)

    def detect_schema(self, *arguments: Any, **options: Any) -> Any:
        schema = self._detector.detect_schema(*arguments, **options)
        self.guarded += map(_guard_field, schema.fields)
        return schema


def _guard_field(field: Any) -> Any:
    """This field and its copies: the library makes some before it reads."""
    vars(field)["create_cell_reader"] = partial(guarded_reader, field)
    vars(field)["to_copy"] = lambda **options: _guard_field(type(field).to_copy(field, **options))
    return field


class _Package:
    """A package out of which tables are copied guarded, to be looked up."""

    def __init__(self, package: Any) -> None:
        self._package = package

    def __getattr__(self, name: str) -> Any:
        return getattr(self._package, name)

    def get_resource(self, name: str) -> Any:
        return _Referenced(self._package.get_resource(name))


class _Referenced:
    def __init__(self, resource: Any) -> None:
        self._resource = resource

    def to_copy(self) -> Any:
        copy = self._resource.to_copy()
        _set(copy, detector=_Detector(copy.detector))
        return copy
