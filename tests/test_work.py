"""Worker processes end with the build that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from tests.conftest import ROOT

BUILD = """
import os, signal, time
from generator.work import workers

if __name__ == "__main__":
    with workers(2, 10) as executor:
        for process in {executor.submit(os.getpid).result() for _ in range(20)}:
            print(process, flush=True)
        executor.submit(time.sleep, 60)
        os.kill(os.getpid(), signal.SIGKILL)
"""


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_workers_of_a_killed_build_end_at_once() -> None:
    started = subprocess.Popen(
        [sys.executable, "-c", BUILD],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    workers = [
        int(line) for line in started.stdout
    ]  # to the end: the workers hold the output open as long as they live
    assert started.wait(timeout=30) == -signal.SIGKILL
    assert workers
    deadline = time.monotonic() + 10
    while any(is_alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(is_alive(worker) for worker in workers)
