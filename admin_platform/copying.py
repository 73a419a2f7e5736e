"""Writing very many rows: COPY, with the values and defaults of a Django model."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import NOT_PROVIDED
from django.utils import timezone

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": None})
NULL = "\\N"
LINES_PER_READ = 200


def copy_rows(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write rows of values for the columns (attribute names such as `account_id`).

    The other columns get the default of their field, computed once for all rows; a
    primary key that is not among the columns comes from its sequence. Triggers and
    constraints count; Django's signals do not. The rows are made while COPY is under way,
    so making them must not ask the database.
    """
    table = model._meta
    fields = {field.attname: field for field in table.concrete_fields if not field.generated}
    given = [fields[column] for column in columns]
    others = [f for f in fields.values() if f not in given and f is not table.pk]
    fixed = "".join(f"\t{_converter(field)(_default(field))}" for field in others)
    converters = [_converter(field) for field in given]
    end = f"{fixed}\n"
    lines = (
        "\t".join([convert(value) for convert, value in zip(converters, row, strict=True)]) + end
        for row in rows
    )
    quoted = connection.ops.quote_name
    names = ", ".join(quoted(str(field.column)) for field in [*given, *others])
    with connection.cursor() as cursor:
        cursor.copy_expert(
            f"COPY {connection.ops.quote_name(table.db_table)} ({names}) FROM STDIN", _Lines(lines)
        )


class _Lines(io.TextIOBase):
    """A file of lines that are made while the database works on those before them."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def read(self, _size: int | None = -1) -> str:
        return "".join(islice(self._lines, LINES_PER_READ))


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for rows to come, from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [number for (number,) in cursor.fetchall()]


def _default(field: models.Field[Any, Any]) -> Any:
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    if field.default is NOT_PROVIDED and not field.null:
        return ""
    return field.get_default()


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], str]:
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, ArrayField):
        return _array
    return _plain


def _plain(value: Any) -> str:
    if type(value) is str:
        return value.translate(_ESCAPES)
    if value is None:
        return NULL
    if value is True or value is False:
        return "t" if value else "f"
    return str(value).translate(_ESCAPES)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\\u0000", "").translate(_ESCAPES)


def _array(value: Iterable[str]) -> str:
    items = [str(item).replace("\\", "\\\\").replace('"', '\\"') for item in value]
    return ("{" + ",".join(f'"{item}"' for item in items) + "}").translate(_ESCAPES)
