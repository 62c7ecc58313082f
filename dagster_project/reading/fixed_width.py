"""Lines of fixed width: each field stands at its declared characters.

A line holds no names and no separators, so the declaration says it all. Blanks around a cell are
padding. A line that is too short lost its trailing blanks, as many programs take them off; the
last line of a file that has no line end was cut off.
"""

from collections.abc import Iterator

from .text import File, Record


def columns(file: File) -> tuple[str, ...]:
    """The declared fields. Raises DeliveryError for an empty file or another encoding."""
    file.check_start()
    return tuple(name for name, _, _ in file.dialect.fields)


def records(file: File, names: tuple[str, ...]) -> Iterator[Record]:
    """Each line that holds anything. Raises DeliveryError for a file that was cut off."""
    places = [slice(first - 1, last) for _, first, last in file.dialect.fields]
    width = max(place.stop for place in places)
    number, length = file.dialect.skip, width
    with file.text() as text:
        for number, line in enumerate(file.lines(text), file.dialect.skip + 1):
            line = line.rstrip("\r\n")
            # An old way to end a file.
            if not line.strip(" \t\x1a"):
                continue
            length = len(line)
            yield file.judged(number, [line[place].strip() for place in places], len(names))
    if length < width and not file.shape.ends_with_newline:
        raise file.refused(f"the file is cut off in its last record, at byte {file.shape.size} "
                           f"({length} of {width} characters)", number)
