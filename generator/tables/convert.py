"""Write one valid table as canonical CSV and as Parquet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from generator import public
from generator.errors import SpaceError
from generator.tables import opening
from generator.tables.guard import protect
from generator.text import Text

if TYPE_CHECKING:
    import frictionless.resources

    from generator.tables.conversion import Conversion


@dataclass(frozen=True, slots=True)
class ConvertedTable:
    csv: Path
    """Not of the name that it is to be published by, where a canonical source is handed on."""
    parquet: Path
    rows: int
    arrow_types: tuple[str, ...]
    """The Parquet columns' types as Arrow prints them, in the order of the schema's fields."""
    schema: public.Schema
    """Of the published files. A table without a schema has text columns only: publishing never infers."""
    preview: public.Preview
    statistics: tuple[public.ColumnStatistics, ...]
    geoparquet: Path | None = None
    """The points as geometry, if that was asked for and there are any."""


def convert_table(
    descriptor: Mapping[str, Any],
    resource_name: str,
    folder: Path,
    target: Path,
    *,
    stem: str,
    text: Callable[[Mapping[str, Any], str], Text],
    preview_rows: int = 20,
    geoparquet: bool = False,
    about: Mapping[str, Any] = MappingProxyType({}),
    threads: int | None = None,
) -> ConvertedTable:
    """Write ``target/<stem>.csv`` and ``.parquet`` from a table that ``check_tables`` found valid.

    Only this resource is read, whatever its foreign keys. ``text(field, "title")`` makes a text in both languages out
    of a field's descriptor. Equal bytes in give equal bytes out. With ``geoparquet`` a table with a field of type
    geopoint also becomes ``<stem>.geo.parquet``. ``about`` is what the Parquet file says of itself, beside its schema.
    """
    conversion = conversion_to(
        target, stem=stem, text=text, preview_rows=preview_rows, geoparquet=geoparquet, about=about
    )
    with opening.offline():
        resource, conversion.foreign_keys = _alone(descriptor, resource_name, folder)
        _make_in_arrow(resource, conversion, threads)
        if not conversion.made:
            _make_by_frictionless(resource, conversion)
    table = converted(conversion, descriptor)
    assert table, "the table was changed while it was read"
    return table


def conversion_to(
    target: Path,
    *,
    stem: str,
    text: Callable[[Mapping[str, Any], str], Text],
    preview_rows: int = 20,
    geoparquet: bool = False,
    about: Mapping[str, Any] = MappingProxyType({}),
    hands_on: bool = False,
) -> Conversion:
    """For ``judge_tables``, which carries it out in the pass that it makes anyway.

    ``hands_on``: a source that is canonical is not copied to ``target``.
    """
    from generator.tables.conversion import Conversion, Wanted

    return Conversion(Wanted(target, stem, text, preview_rows, geoparquet=geoparquet, about=about, hands_on=hands_on))


def converted(conversion: Conversion, descriptor: Mapping[str, Any]) -> ConvertedTable | None:
    """What came of it; None where it was not carried out. ``descriptor``: of the package."""
    made, wanted = conversion.made, conversion.wanted
    if made is None:
        return None
    from generator.tables.geoparquet import write_geoparquet

    written = made.written
    points = wanted.target / f"{wanted.stem}.geo.parquet"
    wrote = wanted.geoparquet and write_geoparquet(
        wanted.parquet, points, made.fields, crs=str(descriptor.get("crs") or "")
    )
    return ConvertedTable(
        csv=made.csv,
        parquet=wanted.parquet,
        rows=written.rows,
        arrow_types=written.arrow_types,
        schema=made.schema,
        preview=public.Preview(made.head, written.rows),
        statistics=made.statistics,
        geoparquet=points if wrote else None,
    )


def _alone(
    descriptor: Mapping[str, Any], name: str, folder: Path
) -> tuple[frictionless.resources.TableResource, Sequence[Mapping[str, Any]]]:
    """The resource and its foreign keys, which it has no more: they would make other tables be read."""
    alone = {key: value for key, value in descriptor.items() if key not in ("resources", "profile")}
    alone["resources"] = [r for r in opening.resources(descriptor) if opening.resource_name(r) == name]
    resource = opening.open_package(alone, folder).get_table_resource(name)
    keys = resource.schema.foreign_keys
    if not resource.schema:
        resource.detector.field_type = "string"  # publishing never infers
    if keys:
        resource.schema.foreign_keys = []
    protect(resource)
    return resource, keys


def _make_in_arrow(resource: Any, conversion: Conversion, threads: int | None) -> None:
    from generator.tables.proof import NotProved
    from generator.tables.validate import accept_and_make, faults_raise

    try:
        accept_and_make(resource, conversion, threads=threads, hashes=())
    except NotProved:
        pass
    except SpaceError:
        raise
    except Exception:  # ours, as in judging: the other way does not need what has failed here
        if faults_raise:
            raise


def _make_by_frictionless(resource: Any, conversion: Conversion) -> None:
    """From the cells that frictionless reads, piece by piece; at most twice."""
    from generator.tables.columns import read_pieces

    try:
        for _ in range(2):
            with resource.to_copy() as opened:
                fields = opened.header.get_expected_fields()
                conversion.open(opened, fields, source=_plain_source(opened))
                for piece in read_pieces(opened):
                    conversion.add_texts(piece.texts, piece.present)
            if conversion.finish():
                break
    finally:
        conversion.discard()


def _plain_source(resource: Any) -> Path | None:
    """The source, where it is one CSV file that could be published as it is."""
    if resource.format != "csv" or resource.multipart or resource.compression or not resource.normpath:
        return None
    return Path(resource.normpath)
