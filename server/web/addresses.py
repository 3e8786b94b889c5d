"""Whole numbers in addresses, such as `/manager/people/7`."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter, ValidationError

MOST = 2**53
"""More than any id there is; the database and browsers' numbers end not far beyond."""


class WholeNumber(IntegerConverter):
    """Stands for `<int:…>`: a number beyond MOST is no page instead of a fault."""

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        if number > MOST:
            raise ValidationError
        return number
