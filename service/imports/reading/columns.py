"""Columns: their letters and indexes, and the places of cells."""

from service.imports.reading.bounds import MOST_COLUMNS

LETTERS = 26


def place_of(reference: str) -> tuple[int, int]:
    """The row, from 1, and the column, from 0, of a cell such as B4."""
    letters = reference.replace("$", "").rstrip("0123456789")
    return int(reference.replace("$", "")[len(letters) :]), column_index(letters)


def column_index(letters: str) -> int:
    """The column's index, counted from 0.

    Raises:
        ValueError: no such letters.
    """
    index = 0
    for letter in letters:
        number = ord(letter) - ord("A")
        if not 0 <= number < LETTERS:
            raise ValueError(letters)
        index = index * LETTERS + number + 1
    if not index:
        raise ValueError(letters)
    return index - 1


def column_name(index: int) -> str:
    """The column's letters: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


# The letters of every column that is read, by its index.
LETTERS_OF = [column_name(index) for index in range(MOST_COLUMNS)]
