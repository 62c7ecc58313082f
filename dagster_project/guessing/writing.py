"""YAML with comments, of plain values: what `strict_yaml` reads back is what was meant.

Mappings are dicts, `Noted` carries the comment of an entry, `Comment` stands as a key for lines of
their own. Not here: what is written (layout).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

WIDTH = 100
# Text that YAML of any version, or a person, could take for something else is put in quotes.
_PLAIN = re.compile(r"[A-Za-z_À-ÿ][\w À-ÿ./()|<>=*+'\"-]*(?<! )")
_WORDS = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|~")


@dataclass(frozen=True)
class Noted:
    """A value with the comment that stands behind it."""

    value: Any
    note: str


@dataclass(frozen=True)
class Comment:
    """Lines of comment in place of an entry; as a key, since entries are told apart by it."""

    text: str
    place: int = 0


def write(entries: Mapping[Any, Any]) -> str:
    """The mapping as a YAML document in block style."""
    return "\n".join(_mapping(entries, 0)) + "\n"


def scalar(value: Any) -> str:
    """A single value on one line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal | date):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and not _WORDS.fullmatch(text) and " #" not in text:
        return text
    if text.isprintable() and "'" not in text:
        return f"'{text}'"
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    code = ord(character)
    # An apostrophe is what brings most text here; surrogates and line ends are the rest.
    if character.isprintable() and code != 0xFEFF:
        return character
    return f"\\x{code:02x}" if code < 256 else (
        f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}")


def flow(value: Any) -> str:
    """A value on one line, collections in brackets."""
    if isinstance(value, Noted):
        value = value.value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(v) for v in value) + "]"
    text = scalar(value)
    # Within brackets a comma or a bracket ends plain text.
    return f'"{text}"' if isinstance(value, str) and text == value and re.search(
        r"[,\[\]{}]|['\"]", text) else text


def _mapping(entries: Mapping[Any, Any], depth: int) -> Iterator[str]:
    pad = "  " * depth
    for key, stated in entries.items():
        if isinstance(key, Comment):
            yield from (f"{pad}# {line}".rstrip() if line else "" for line in
                        key.text.split("\n"))
            continue
        value, note = (stated.value, stated.note) if isinstance(stated, Noted) else (stated, "")
        behind = f"  # {' '.join(note.split())}" if note else ""
        name = f"{pad}{scalar(key)}:"
        if _as_block(value):
            yield f"{name}{behind}"
            yield from _block(value, depth + 1)
        else:
            yield from _entry(name, pad, value, behind)


def _as_block(value: Any) -> bool:
    """Whether a collection takes lines of its own: it holds comments, or other collections."""
    if isinstance(value, Mapping):
        return any(isinstance(v, Noted | Mapping | list) or isinstance(k, Comment)
                   for k, v in value.items()) or len(value) > 3
    return (isinstance(value, list) and bool(value)
            and all(isinstance(v, Mapping) and v for v in value))


def _block(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _mapping(value, depth)
        return
    for item in value:
        lines = list(_mapping(item, depth + 1))
        first = next(i for i, line in enumerate(lines) if line.strip() and line.strip()[0] != "#")
        pad = "  " * depth
        lines[first] = f"{pad}- {lines[first][len(pad) + 2:]}"
        yield from lines


def _entry(name: str, pad: str, value: Any, behind: str) -> Iterator[str]:
    """One key on one line; long SQL folded beneath, and a long comment above."""
    line = f"{name} {flow(value) if isinstance(value, Mapping | list | tuple) else scalar(value)}"
    text = value.get("sql") if isinstance(value, Mapping) and len(value) == 1 else None
    if isinstance(text, str) and text and (len(line) > WIDTH or '"' in text) and _folds(text):
        yield f"{name}{behind}"
        yield f"{pad}  sql: >-"
        yield from _wrapped(text, pad + "    ")
    elif len(line + behind) > WIDTH + 10 and behind:
        yield f"{pad}{behind.strip()}"
        yield line
    else:
        yield line + behind


def _folds(text: str) -> bool:
    """Whether a folded block gives the text back: single blanks and nothing else between words."""
    return " ".join(text.split()) == text and text.isprintable()


def _wrapped(text: str, pad: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(pad) + len(line) + len(word) >= WIDTH - 10:
            yield pad + line
            line = ""
        line = f"{line} {word}" if line else word
    yield pad + line
