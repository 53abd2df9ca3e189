"""Calling colleagues in a note: ``@name``, as a login or as a part of the name that is shown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from staff.models import User

# So many calls in one note are looked up.
MOST_CALLED = 50
LONGEST_NAME = 150
# Not in a mail address: no Latin letter or digit stands before it.
CALL = re.compile(r"(?<![a-zA-Z0-9_.+\-@])@(?=[\w.\-]{2})")
# A name in Chinese beside one in Latin letters: people say one of them.
SCRIPTS = re.compile(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+")
WORD = re.compile(r"[\w.\-]+")


class Called(NamedTuple):
    """Whom a note calls, each once, and the names in it that nobody has."""

    people: list[User]
    unknown: list[str]


def called_in(text: str) -> Called:
    """Read the calls of a note.

    A name ends where the longest that somebody has does: after it may come a full stop, or Chinese
    without a blank. Two of one name are both called.
    """
    places = [found.end() for found in CALL.finditer(text)][:MOST_CALLED]
    if not places:
        return Called([], [])
    known: dict[str, list[User]] = defaultdict(list)
    for person in User.objects.people().order_by("pk"):
        for name in set(names_of(person)):
            known[name].append(person)
    lengths = sorted({len(name) for name in known}, reverse=True)
    people: dict[User, None] = {}
    unknown: dict[str, None] = {}
    for place in places:
        rest = text[place : place + LONGEST_NAME]
        said = rest.casefold()
        name = next((said[:n] for n in lengths if said[:n] in known and _ends(said, n)), "")
        people.update(dict.fromkeys(known[name]) if name else {})
        if not name and (word := WORD.match(rest)):
            unknown[word.group()] = None
    return Called(list(people), list(unknown))


def names_of(person: User) -> Iterator[str]:
    """What somebody answers to, in small letters."""
    shown = person.display_name
    for name in (person.username, shown, *SCRIPTS.findall(shown)):
        if len(name.strip()) > 1:
            yield name.strip().casefold()


def _ends(said: str, length: int) -> bool:
    """Whether a name may end here: not within a word of Latin letters."""
    last, following = said[length - 1 : length], said[length : length + 1]
    return not (last.isascii() and last.isalnum() and following.isascii() and following.isalnum())
