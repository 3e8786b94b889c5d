"""The picture of today beside a usual day: columns for today, a line for the usual. Shapes and digits only, as in `chart`."""

from __future__ import annotations

from markupsafe import Markup

from server.reports.usual_day import UsualDay

WIDTH, HEIGHT, SIDE, FOOT, TOP = 960, 180, 36, 22, 8
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def day_chart(day: UsualDay, rtl: bool) -> Markup:
    """Time runs from where reading begins."""
    greatest = max((max(one.today or 0, one.usual or 0) for one in day.quarters), default=0)
    step = next((step for step in STEPS if greatest / step <= 4), STEPS[-1])
    top = (int(greatest) // step + 1) * step
    wide = (WIDTH - SIDE) / len(day.quarters)

    def across(place: float) -> float:
        return WIDTH - SIDE - place * wide if rtl else SIDE + place * wide

    parts = [_side(value, top, rtl) for value in range(0, top + 1, step)]
    for place, one in enumerate(day.quarters):
        if one.today:
            left = min(across(place + 0.15), across(place + 0.85))
            size = f'width="{wide * 0.7:.1f}" height="{HEIGHT - FOOT - _y(one.today, top):.1f}"'
            parts.append(f'<rect class="chart__column" x="{left:.1f}" y="{_y(one.today, top):.1f}" {size} rx="2"/>')
        if one.time.endswith(":00"):
            parts.append(
                f'<text class="chart__tick" text-anchor="middle" x="{across(place):.1f}" y="{HEIGHT - 5}">{one.time}</text>'
            )
    usual = [(place, one.usual) for place, one in enumerate(day.quarters) if one.usual is not None]
    if usual:
        points = " ".join(f"{across(place + 0.5):.1f},{_y(value, top):.1f}" for place, value in usual)
        parts.append(f'<polyline class="chart__usual" fill="none" points="{points}"/>')
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false"'
    return Markup(f'<svg class="chart chart--day" direction="ltr" {box}>{"".join(parts)}</svg>')


def _side(value: int, top: int, rtl: bool) -> str:
    y, x = _y(value, top), WIDTH - SIDE + 6 if rtl else SIDE - 6
    ends = (0, WIDTH - SIDE) if rtl else (SIDE, WIDTH)
    anchor = "start" if rtl else "end"
    return (
        f'<line class="chart__line" x1="{ends[0]}" x2="{ends[1]}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text class="chart__side" text-anchor="{anchor}" x="{x}" y="{y + 4:.1f}">{value}</text>'
    )


def _y(value: float, top: float) -> float:
    return HEIGHT - FOOT - value / top * (HEIGHT - FOOT - TOP)
