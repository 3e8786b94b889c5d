"""What docs/printing.md says about size and speed, measured:  python -m tests.printers.bench"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from printers import Slip, deliver, encode, preview
from printers.profiles import load
from tests.printers.fakes import TcpPrinter
from tests.printers.samples import AMAZIGH, ARABIC, FRENCH, device

ROUNDS = 200


def ticket(slip: Slip, number: int) -> Slip:
    """The next visitor's ticket: everything on it that changes has changed."""
    return replace(
        slip,
        number=f"A{number:03d}",
        issued=slip.issued.replace("10:14", f"{8 + number // 60:02d}:{number % 60:02d}"),
        facts=tuple((label, value.replace("12", str(number)).replace("20", str(number + 3))) for label, value in slip.facts),
        qr=f"{slip.qr}{number}",
    )


def median_ms(run: Callable[[int], None]) -> str:
    """Median and 99th percentile in milliseconds, after ten rounds to get warm."""
    times = []
    for number in range(ROUNDS + 10):
        begin = time.perf_counter()
        run(number)
        times.append((time.perf_counter() - begin) * 1000)
    warm = sorted(times[10:])
    return f"{statistics.median(warm):.1f} ms (99 %: {warm[int(len(warm) * 0.99)]:.1f} ms)"


def main() -> None:
    """Prints sizes, times and the cost of loading."""
    plain = {"ar": replace(ARABIC, documents=(), qr_text=None, footer=None), "zgh": AMAZIGH, "fr": FRENCH}
    full = {"ar, with 2 documents, QR text and footer": ARABIC}
    kept = device("virtual", graphics="stored")
    kept.keep([ARABIC, AMAZIGH, FRENCH, plain["ar"]])
    for name, slip in {**plain, **full}.items():
        for width in (576, 384):
            profile = load("default", width)
            stored = f", {len(encode(slip, kept.profile, kept.stored))} with kept pictures" if width == 576 else ""
            drawn = len(encode(slip, profile.raster()))
            print(f"{name}, {width} dots: {len(encode(slip, profile))} bytes{stored}, {drawn} all drawn")
    profile = load("default", 576)
    print("encode, ar, 576 dots:", median_ms(lambda n: void(encode(ticket(ARABIC, n), profile))))
    print("encode, ar, 576 dots, all drawn:", median_ms(lambda n: void(encode(ticket(ARABIC, n), profile.raster()))))
    print("preview, ar, 576 dots:", median_ms(lambda n: void(preview(ticket(ARABIC, n)))))
    network()
    for what in ("printers", "printers.devices.network"):
        print(f"import {what}:", loading(what))


def network() -> None:
    """From a ticket to its last byte handed over, and to its confirmation, on the loopback."""
    handed: list[float] = []
    with TcpPrinter() as printer:
        opened = device("network", host="127.0.0.1", port=printer.port)
        send = opened.send

        def timed(data: bytes) -> None:
            send(data)
            handed.append(time.perf_counter())

        opened.send = timed  # type: ignore[method-assign]
        begins: list[float] = []

        def run(number: int) -> None:
            begins.append(time.perf_counter())
            assert deliver(opened, encode(ticket(ARABIC, number), opened.profile), lambda: None).kind == "confirmed"

        confirmed = median_ms(run)
        waits = sorted((end - begin) * 1000 for begin, end in zip(begins, handed, strict=True))[10:]
        print(f"ticket to last byte handed to a network printer: {statistics.median(waits):.1f} ms")
        print("ticket to confirmation by a software printer:", confirmed)
        opened.close()


def loading(module: str) -> str:
    """Seconds and memory that importing takes in a new process."""
    code = (
        "import time; used = lambda: int(open('/proc/self/statm').read().split()[1]) / 256;"
        f"b, m = time.perf_counter(), used(); import {module};"
        "print(f'{(time.perf_counter() - b) * 1000:.0f} ms, {used() - m:.0f} MB')"
    )
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def void(_: object) -> None:
    """Drops a result."""


if __name__ == "__main__":
    main()
