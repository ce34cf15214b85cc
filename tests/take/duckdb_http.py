"""Gives DuckDB files by http without its own extension, which it would fetch from its maker's host at the first use.

Everything but the transport is DuckDB's: the code that is tested is run as it stands.
"""

from __future__ import annotations

import datetime
from typing import Any

from fsspec.implementations.http import HTTPFileSystem


class Http(HTTPFileSystem):  # type: ignore[misc]  # comes without types
    def modified(self, path: str) -> datetime.datetime:
        """DuckDB asks, and fsspec has no answer for http."""
        return datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def serve(connection: Any) -> None:
    """``connection``: the module ``duckdb`` for its default one, or any other."""
    connection.register_filesystem(Http(skip_instance_cache=True))
