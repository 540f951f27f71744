"""Bounds: what a file may hold, and what reading it may take. No honest list comes near them."""

MEBIBYTE = 2**20

# Of the file.
MOST_ROWS = 100_000
MOST_COLUMNS = 256
MOST_CELLS = 3_000_000
MOST_STRINGS = 1_000_000
# What a cell of a spreadsheet can hold.
LONGEST_CELL = 32_767
MOST_CHARACTERS = 100_000_000
# A few kilobytes may unpack to gigabytes.
MOST_UNPACKED_BYTES = 256 * MEBIBYTE
MOST_SHEETS = 256
# Of its archive: sheets, what stands beside each, pictures and the rest.
MOST_PARTS = 4096

# Of the process that reads it.
MEMORY_BYTES = 1024 * MEBIBYTE
CPU_SECONDS = 60
WALL_SECONDS = 120.0


class Unreadable(Exception):
    """Nothing can be taken from the file.

    Attributes:
        code: of the sentence that says why.
        row: where it begins; 0 is the file as a whole.
        values: what the sentence names.
    """

    def __init__(self, code: str, row: int = 0, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.values = values


class Tally:
    """Counts what has been read of a file, and stops where it is more than a list can be."""

    def __init__(self) -> None:
        self._rows = 0
        self._cells = 0
        self._characters = 0

    def row(self, number: int, cells: int, characters: int) -> None:
        """Count a row with that many cells.

        Raises:
            Unreadable.
        """
        self._rows += 1
        self._cells += cells
        if self._rows > MOST_ROWS:
            raise Unreadable("rows", number, most=MOST_ROWS)
        self.filled(number, characters)

    def filled(self, number: int, characters: int) -> None:
        """Count the characters of a row.

        Raises:
            Unreadable.
        """
        self._characters += characters
        if self._cells > MOST_CELLS:
            raise Unreadable("cells", number, most=MOST_CELLS)
        if self._characters > MOST_CHARACTERS:
            raise Unreadable("characters", number, most=MOST_CHARACTERS)
