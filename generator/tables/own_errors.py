"""Errors in a report that frictionless itself does not have: where it would not come to an end, or crashes."""

from __future__ import annotations

from typing import Any

from frictionless import errors


class _StoppedError(errors.TableError):
    """The table was judged up to here, and no further. What is not known of the place is left empty."""

    template = "{note}"
    metadata_profile_patch = {  # noqa: RUF012  as the library has it
        "properties": {
            "rowNumber": {"type": "integer"},
            "fieldName": {"type": "string"},
            "fieldNumber": {"type": "integer"},
            "cells": {"type": "array", "items": {"type": "string"}},
            "cell": {"type": "string"},
            "property": {"type": "string"},
            "value": {"type": "string"},
            "reference": {"type": "string"},
        }
    }

    def __init__(self, *, note: str, **place: Any) -> None:
        self.row_number: int | None = place.get("row_number")
        self.cells: list[str] = place.get("cells", [])
        self.cell: str = place.get("cell", "")
        self.field_name: str = place.get("field_name", "")
        """Of several fields, where a key is compared."""
        self.field_number: int | None = place.get("field_number")
        self.property: str = place.get("property", "")
        """What the descriptor demands of the field, and could not be decided."""
        self.value: str = place.get("value", "")
        self.reference: str = place.get("reference", "")
        """The table that was being read, when a foreign key leads to it."""
        super().__init__(note=note)


class PatternTimeoutError(_StoppedError):
    type = "pattern-timeout"
    title = "Pattern Timeout"
    description = "Whether a cell matches the pattern of its field was not found out in time; frictionless never ends."


class CheckCrashedError(_StoppedError):
    type = "check-crashed"
    title = "Check Crashed"
    description = "Frictionless gives no report on this table: it crashes. This report differs from it in that."
