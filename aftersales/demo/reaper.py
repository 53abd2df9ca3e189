"""The reaper: ends the supervisor's process groups when the supervisor itself was killed.

Run as a script with `python -S`. Its standard input is a pipe from the supervisor: `+123` for a
group that was started, `-123` for one that has ended. The end of the pipe means that the supervisor
is gone, however that happened.
"""

import os
import signal
import sys
import time
from contextlib import suppress

PATIENCE_SECONDS = 10.0


def is_alive(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def end(groups: set[int]) -> None:
    """Ask the leaders to finish, and after some patience kill what is left of each group."""
    for group in groups:
        with suppress(ProcessLookupError):
            os.kill(group, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and any(map(is_alive, groups)):
        time.sleep(0.1)
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Keep the list up to date until the pipe ends."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line[0] == "+" else groups.discard
        change(int(line[1:]))
    end(groups)


if __name__ == "__main__":
    main()
