"""Entity tags: what `ETag` says of a reply; what `If-Match` and `If-None-Match` name (RFC 9110).

A tag is `"VERSION.DIGEST"`: the version of the thing that is read, and a digest of the very body.
What has no version has the digest alone. A coding of the body is told by an ending. So no two
bodies share a tag, and `If-Match` still compares versions: what stands before the dot.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

WEAK = "W/"
DIGEST_LENGTH = 16
# What clients should send.
LIST_PATTERN = r'^(\*|(W/)?"[!#-~]*"( *, *(W/)?"[!#-~]*")*)$'
# What is taken: empty elements, tabs and other letters, too (RFC 9110, 5.6.1 and 8.8.3).
_TAG = r'(W/)?"[!#-~\x80-\xff]*"'
_LIST = re.compile(rf"\*|[ \t,]*{_TAG}([ \t]*,[ \t,]*{_TAG})*[ \t,]*")
_ONE = re.compile(_TAG)


class NoTags(ValueError):
    """A header holds neither `*` nor a list of entity tags."""


def field(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str | None:
    """The value of a header, its lines joined (RFC 9110, 5.3); None if it was not sent."""
    lines = [value.decode("latin-1") for sent, value in headers if sent == name]
    return ", ".join(lines) if lines else None


def listed(text: str) -> frozenset[str]:
    """The tags of a list, or `*`.

    Raises:
        NoTags.
    """
    text = text.strip(" \t")
    if _LIST.fullmatch(text) is None:
        raise NoTags(text)
    return frozenset({text}) if text == "*" else found(text)


def found(text: str) -> frozenset[str]:
    """Every tag in a text, whatever stands between."""
    return frozenset(match[0] for match in _ONE.finditer(text))


def of_version(version: int) -> str:
    """The tag that stands for a version alone, which `If-Match` takes, too."""
    return f'"{version}"'


def of_body(body: bytes, version: str = "", ending: str = "") -> str:
    """The tag of a body, of a thing's version if it has one, coded as the ending says.

    Args:
        body: as it is before it is coded.
        version: what stands before the digest; the tag of a version, or empty.
        ending: of the coding, such as `-gzip`.
    """
    digest = sha256(body).hexdigest()[:DIGEST_LENGTH]
    before = f"{version[1:-1]}." if version else ""
    return f'"{before}{digest}{ending}"'


def names_version(tag: str, version: int) -> bool:
    """Whether the tag is strong and of that version, whichever body it came with."""
    return tag.startswith('"') and tag[1:-1].partition(".")[0] == str(version)


def strong(tag: str) -> str:
    """The tag without the mark of a weak one."""
    return tag.removeprefix(WEAK)
