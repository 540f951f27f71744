"""Digests: a short value by which two sets of rows are compared, whatever their order.

Of each row PostgreSQL makes a number, by the hash functions that it joins and groups rows with; the
digest is of their sum. It tells an accident from equal rows; it is no proof against intent.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Numeric
from sqlalchemy.dialects.postgresql import TSVECTOR


def digest_of(columns: Iterable[Column[Any]]) -> str:
    """SQL for the digest of all rows, of these columns.

    A row's number is hashed once more: without that, two rows could swap values unnoticed.
    """
    row = ", ".join(map(_hashed, columns))
    number = f"hashint8extended(hash_record_extended(ROW({row}), 0), 0)"
    whole = f"concat_ws(' ', count(*), sum({number}))"
    return f"encode(sha256(convert_to({whole}, 'UTF8')), 'hex')"


def _hashed(column: Column[Any]) -> str:
    """As bytes or text where there is no hash function, or one by which 1.0 is 1.00."""
    if isinstance(column.type, TSVECTOR):
        return f"tsvectorsend({column.name})"
    return f"{column.name}::text" if isinstance(column.type, Numeric) else column.name
