"""A table of points once more as GeoParquet 1.1, beside its Parquet file.

In the Parquet file a geopoint is the source's text, as in the CSV, and every reader sees the same. Here it is a struct
of two doubles, x and y: the standard's native encoding of points, which readers that know nothing of geometry can use
as well, and of which a page has bounds. It is not made where a coordinate has more digits than a double.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generator.tables import encodings
from generator.tables.plain_forms import Cells, matches, where
from generator.tables.typed import first_inexact, is_exact

_POINT = pa.struct([pa.field("x", pa.float64(), nullable=False), pa.field("y", pa.float64(), nullable=False)])
_PLAIN = r"^ *(?P<x>-?[0-9]+(?:\.[0-9]+)?) *, *(?P<y>-?[0-9]+(?:\.[0-9]+)?) *$"

_WGS_84 = ("EPSG:4326", "OGC:CRS84", "CRS84", "WGS84", "WGS 84")
_CGCS_2000 = ("EPSG:4490", "CGCS2000")
_CGCS_2000_PROJJSON = {
    "type": "GeographicCRS",
    "name": "China Geodetic Coordinate System 2000",
    "datum": {
        "type": "GeodeticReferenceFrame",
        "name": "China 2000",
        "ellipsoid": {"name": "CGCS2000", "semi_major_axis": 6378137, "inverse_flattening": 298.257222101},
    },
    "coordinate_system": {
        "subtype": "ellipsoidal",
        "axis": [
            {"name": "Geodetic latitude", "abbreviation": "Lat", "direction": "north", "unit": "degree"},
            {"name": "Geodetic longitude", "abbreviation": "Lon", "direction": "east", "unit": "degree"},
        ],
    },
    "id": {"authority": "EPSG", "code": 4490},
}


def write_geoparquet(table: Path, path: Path, fields: Sequence[Any], *, crs: str) -> bool:
    """Whether there is such a file: made of the Parquet file ``table``, whose columns are these frictionless fields.

    ``crs`` as the descriptor says it.
    """
    points = {field.name: field for field in fields if field.type == "geopoint"}
    if not points:
        return False
    temporary = path.with_name(f".{path.name}.part")
    try:
        with pq.ParquetFile(table) as source, _writer(source, points, temporary) as writer:
            bounds = _copy(source, points, writer)
            if bounds is None:
                return False
            writer.add_key_value_metadata({"geo": json.dumps(_geo(bounds, crs)), "kaishu:crs": crs})
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _writer(source: pq.ParquetFile, points: dict[str, Any], path: Path) -> pq.ParquetWriter:
    schema = source.schema_arrow
    first = source.metadata.row_group(0)
    chunks = [first.column(i) for i in range(first.num_columns)]
    for name in points:
        i = schema.get_field_index(name)
        schema = schema.set(i, schema.field(i).with_type(_POINT))
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=[c.path_in_schema for c in chunks if c.has_dictionary_page and c.path_in_schema not in points],
        column_encoding={f"{name}.{axis}": "BYTE_STREAM_SPLIT" for name in points for axis in "xy"},
        write_page_index=True,
        store_decimal_as_integer=True,
        **encodings.small_pages(),
    )


Bounds = dict[str, list[float]]


def _copy(source: pq.ParquetFile, points: dict[str, Any], writer: pq.ParquetWriter) -> Bounds | None:
    """The least and greatest coordinates of each column; None when one is no double."""
    bounds: Bounds = {name: [] for name in points}
    for number in range(source.num_row_groups):
        group = source.read_row_group(number)
        for name, field in points.items():
            column = _points(group[name].combine_chunks(), field)
            if column is None:
                return None
            i = group.schema.get_field_index(name)
            group = group.set_column(i, writer.schema.field(i), column)
            bounds[name] = _wider(bounds[name], column)
        writer.write_table(group, max(group.num_rows, 1))
    return bounds


def _wider(box: list[float], column: pa.Array) -> list[float]:
    present = column.drop_null()
    x, y = (pc.min_max(pc.struct_field(present, axis)).as_py() for axis in "xy")
    if x["min"] is None:
        return box
    new = [x["min"], y["min"], x["max"], y["max"]]
    return [*map(min, box[:2], new[:2]), *map(max, box[2:], new[2:])] if box else new


def _points(text: pa.StringArray, field: Any) -> pa.Array | None:
    if field.format == "default" and pc.all(matches(text, _PLAIN)).as_py() is not False:
        found = pc.extract_regex(text, _PLAIN)
        axes = [where(pc.is_valid(text), pc.struct_field(found, axis)) for axis in "xy"]
        if any(first_inexact(axis, Cells.of(axis)) for axis in axes):
            return None
        return _struct([axis.cast(pa.float64()) for axis in axes], text)
    read = field.create_value_reader()
    encoded = text.dictionary_encode()
    values = [read(one) for one in encoded.dictionary.to_pylist()]
    if not all(_is_double(Decimal(axis)) for point in values for axis in point):
        return None
    return _struct([pa.array([float(p[i]) for p in values], pa.float64()).take(encoded.indices) for i in (0, 1)], text)


def _struct(axes: Sequence[pa.DoubleArray], text: pa.StringArray) -> pa.Array:
    """Coordinates are never null, only points."""
    filled = [pc.fill_null(axis, 0.0) for axis in axes]
    return pa.StructArray.from_arrays(filled, fields=list(_POINT), mask=pc.is_null(text))


def _is_double(axis: Decimal) -> bool:
    """Coordinates in JSON come as the doubles themselves, in all their digits."""
    return Decimal(float(axis)) == axis or is_exact(str(axis))


def _geo(bounds: Bounds, crs: str) -> dict[str, Any]:
    columns = {
        name: {"encoding": "point", "geometry_types": ["Point"], **_crs(crs)} | ({"bbox": box} if box else {})
        for name, box in bounds.items()
    }
    return {"version": "1.1.0", "primary_column": next(iter(bounds)), "columns": columns}


def _crs(crs: str) -> dict[str, Any]:
    """Left out it is WGS 84 for the standard; null says that it is unknown.

    GCJ-02 and BD-09 are hundreds of metres off and in no register: no map may take them for WGS 84.
    """
    if crs.strip().upper() in _WGS_84:
        return {}
    return {"crs": _CGCS_2000_PROJJSON if crs.strip().upper() in _CGCS_2000 else None}
