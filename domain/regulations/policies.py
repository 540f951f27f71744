"""Policies: a regulation's file by the vocabulary that it is written in."""

from functools import lru_cache

from domain.regulations.files.checking import Checked, check
from domain.regulations.vocabulary_1.meaning import RULES
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.shapes import BRANCH

NEWEST_VOCABULARY = 1


def checked(source: str) -> Checked[Policy]:
    """The file, checked: its policy, or all its faults."""
    return check(source, Policy, RULES, BRANCH)


@lru_cache(maxsize=64)
def adopted(vocabulary: int, canonical: str) -> Policy:
    """The policy that was adopted so, by the vocabulary of that number.

    Raises:
        VocabularyUnknown: a later version of the programme adopted it.
    """
    if vocabulary != NEWEST_VOCABULARY:
        raise VocabularyUnknown(vocabulary)
    return Policy.of(canonical)


class VocabularyUnknown(Exception):
    """A regulation is written in a vocabulary that this programme does not know: upgrade."""
