"""Terminal: whatever is shown there is text, and does nothing to the terminal or to its reader.

Names come from files, from logs of before and from other hosts. They may hold control sequences
that clear a screen or set its title, or override the order in which a line is read.
"""

import re

from domain.characters import BREAKS, DECEIVING, NO_TEXT

_HARMFUL = re.compile(f"[{NO_TEXT}{DECEIVING}{BREAKS}\ud800-\udfff]")


def harmless(text: str) -> str:
    """Return the text, with the escapes of Python for what is no text."""
    return _HARMFUL.sub(lambda found: ascii(found[0])[1:-1], text)


def harmless_json(document: str) -> str:
    """Return the same JSON, with its own escapes for them: what was left stands within strings."""
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", document)
