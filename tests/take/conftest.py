"""One portal, built once, and served on loopback below a path."""

from __future__ import annotations

import datetime
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn

from generator.build import Options, build
from generator.config import read_config
from generator.serve import Preview
from tests.take.portal import write


@dataclass(frozen=True)
class Site:
    folder: Path
    url: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("take")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/open/data/"
        config = read_config(write(folder, url), site=folder / "site")
        report = build(config, Options(datetime.date(2026, 11, 24), jobs=1))
        assert report.left_out == (), [
            (p.name, p.dataset, p.detail) for p in report.problems if report.severities.blocks(p)
        ]
        server = uvicorn.Server(uvicorn.Config(Preview(config).app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield Site(folder / "site", url)
        server.should_exit = True
        thread.join(timeout=5)
