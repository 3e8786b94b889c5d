"""The process that reads an uploaded recording: `python -m server.voice.converting SECONDS`, the file on stdin, Ogg Opus on stdout.

Exit code NO_SOUND or TOO_LONG with nothing on stdout. Memory and time are limited: a file made to harm harms only this process.
"""

from __future__ import annotations

import sys

from server import beside
from server.voice.sound import NoSound, as_opus, decode

NO_SOUND = 3
TOO_LONG = 4
MEMORY = 1 << 30
CPU_S = 10


def main(longest_s: float) -> int:
    beside.go_first()
    beside.limit(MEMORY, CPU_S)
    try:
        sound = decode(sys.stdin.buffer.read(), longest_s + 1)
        if sound.seconds > longest_s:
            return TOO_LONG
        sys.stdout.buffer.write(as_opus(sound.ready()))
    except (NoSound, MemoryError):
        return NO_SOUND
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
