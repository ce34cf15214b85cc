"""The process in which a pattern that may never end is matched. It imports little, so that it starts at once.

Reads a pattern and the seconds that it may take, then texts; answers each with one byte. It kills itself when it has
worked longer than the texts so far allow.
"""

import pickle
import re
import signal
import sys
import time
from contextlib import suppress

MOST_MEMORY = 1 << 30


def main() -> None:
    read, write = sys.stdin.buffer, sys.stdout.buffer
    written, seconds, a_second = pickle.load(read)
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    start = time.process_time()
    match = re.compile(written).match
    watched = hasattr(signal, "setitimer")
    with suppress(EOFError):
        while True:
            text = pickle.load(read)
            seconds += len(text) / a_second
            if watched:  # its signal ends the process, whatever that is doing
                signal.setitimer(signal.ITIMER_PROF, max(seconds - (time.process_time() - start), 0.001))
            found = match(text) is not None
            if watched:
                signal.setitimer(signal.ITIMER_PROF, 0)
            write.write(b"1" if found else b"0")
            write.flush()


if __name__ == "__main__":
    main()
