"""Whom a text names: the customers that a slice is of, or somebody else's.

A row of one customer may name another one: its group, its payer, the company it was mistaken for.
What names somebody else has no place in a slice. Texts are compared word by word, without case, so
that it takes no longer for many names. Not here: who is in a slice (sheets).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

WORD = re.compile(r"\w+")
Words = tuple[str, ...]


def _words(text: str) -> Words:
    return tuple(WORD.findall(text.casefold()))


@dataclass
class Strangers:
    """Names and keys of the customers of a slice (`own`), and of all others (`others`).

    A name that both have is the slice's own.
    """

    own: Iterable[str]
    others: Iterable[str]
    _by_first: dict[str, list[tuple[Words, bool]]] = field(init=False)

    def __post_init__(self) -> None:
        whose = {_words(name): True for name in self.others}
        whose |= {_words(name): False for name in self.own}
        whose.pop((), None)
        self._by_first = defaultdict(list)
        for words, is_stranger in whose.items():
            self._by_first[words[0]].append((words, is_stranger))
        for candidates in self._by_first.values():
            # The longest name that fits is the one that is meant.
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def named_in(self, text: str) -> bool:
        """Whether a text names somebody who is not of the slice."""
        words, place = _words(text), 0
        while place < len(words):
            length = 1
            for name, is_stranger in self._by_first.get(words[place], ()):
                if words[place:place + len(name)] == name:
                    if is_stranger:
                        return True
                    length = len(name)
                    break
            place += length
        return False
