"""Which files of a folder belong to one extract, and which date of their names dates them.

Files whose names are alike once dates and numbers are taken out are deliveries of one extract.
Not here: what the files hold (samples).
"""

import fnmatch
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from .. import sources
from .vocabulary import UMLAUTS

ENDINGS = re.compile(r"(\.(csv|txt|tsv|dat|parquet|jsonl?|ndjson|xls[xbm]?|ods))?(\.(gz|zst))?$",
                     re.IGNORECASE)
# A date in a file's name: what finds it, and its format. The longest first.
DATES = (
    (r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"), (r"\d{4}_\d{2}_\d{2}", "%Y_%m_%d"),
    (r"\d{4}\.\d{2}\.\d{2}", "%Y.%m.%d"), (r"\d{2}\.\d{2}\.\d{4}", "%d.%m.%Y"),
    (r"\d{2}-\d{2}-\d{4}", "%d-%m-%Y"), (r"\d{8}", "%Y%m%d"), (r"\d{8}", "%d%m%Y"),
    (r"\d{6}", "%y%m%d"), (r"\d{4}-\d{2}", "%Y-%m"), (r"\d{6}", "%Y%m"))
EARLIEST, LATEST = 1990, 2100


@dataclass(frozen=True)
class Group:
    """The files of one extract, oldest first. `dated`: the rule that dates them all, if any."""

    name: str
    files: tuple[Path, ...]
    patterns: tuple[str, ...]
    dated: tuple[str, str] | None
    dates: tuple[date, ...]


def groups(root: Path) -> tuple[list[Group], list[tuple[str, str]]]:
    """The extracts of a folder by name, and the files left out with the reason."""
    kept: list[Path] = []
    left_out = []
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        if path.name.startswith(".") or path.name.endswith(sources.MANIFEST_SUFFIX):
            continue
        if reason := _not_an_extract(path):
            left_out.append((str(path.relative_to(root)), reason))
        else:
            kept.append(path)
    together: dict[str, list[Path]] = defaultdict(list)
    for path in kept:
        together[_stem(root, path)].append(path)
    names = _names(list(together))
    return sorted((_group(root, names[stem], files, kept)
                   for stem, files in together.items()), key=lambda g: g.name), left_out


def _not_an_extract(path: Path) -> str | None:
    if path.name.endswith(sources.UNFINISHED):
        return "still being written, by its ending"
    if path.is_symlink():
        return "a link; put the file itself there"
    if not sources.SAFE_NAME.fullmatch(path.name):
        return "its name has characters that a delivery may not have; rename it"
    return None


def date_in(name: str) -> tuple[str, str, date] | None:
    """The date in a file's name: its text, its format, the day."""
    for shape, form in DATES:
        for found in re.finditer(rf"(?<!\d){shape}(?!\d)", name):
            try:
                day = datetime.strptime(found[0], form).date()
            except ValueError:
                continue
            if EARLIEST <= day.year <= LATEST:
                return found[0], form, day
    return None


def _stem(root: Path, path: Path) -> str:
    """A file's place and name without its date, its number and its ending."""
    name = ENDINGS.sub("", path.name)
    if dated := date_in(name):
        name = name.replace(dated[0], "#")
    name = re.sub(r"(?<=[_\- ])(part|teil|page)?[_\- ]?\d+(?=$|[_\- #])", "#", name)
    name = re.sub(r"[_\- ]*\(\d+\)$", "#", name)
    parent = path.parent.relative_to(root)
    return str(parent / name) if str(parent) != "." else name


def _names(stems: list[str]) -> dict[str, str]:
    """A name for each extract, fit for the configuration and used once."""
    names: dict[str, str] = {}
    for stem in sorted(stems):
        short = _slug(Path(stem).name)
        for name in (short, _slug(stem), *(f"{short}_{n}" for n in range(2, 1000))):
            if name not in names.values():
                names[stem] = name
                break
    return names


def _slug(text: str) -> str:
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text.replace("#", "_"))
    folded = split.lower().translate(UMLAUTS)
    slug = re.sub(r"[^a-z0-9]+", "_", folded).strip("_")
    return slug if slug[:1].isalpha() else f"extract_{slug}".rstrip("_")


def _group(root: Path, name: str, files: list[Path], all_files: Sequence[Path]) -> Group:
    dated = {path: date_in(ENDINGS.sub("", path.name)) for path in files}
    forms = {found[1] for found in dated.values() if found}
    rule = None
    if len(forms) == 1 and all(dated.values()):
        form = forms.pop()
        shape = next(shape for shape, f in DATES if f == form)
        digits_only = form in ("%Y%m%d", "%d%m%Y", "%y%m%d", "%Y%m")
        rule = (rf"(?<!\d)({shape})(?!\d)" if digits_only else f"({shape})", form)
        files = sorted(files, key=lambda path: (dated[path] or ("", "", date.min))[2])
    dates = tuple(found[2] for path in files if rule and (found := dated[path]))
    return Group(name, tuple(files), _patterns(root, files, all_files), rule, dates)


def _patterns(root: Path, files: list[Path], all_files: Sequence[Path]) -> tuple[str, ...]:
    """A pattern that finds these files and no others, else their names."""
    relative = [path.relative_to(root).as_posix() for path in files]
    if len(files) == 1 and date_in(files[0].name) is None:
        return (relative[0],)
    others = [p.relative_to(root).as_posix() for p in all_files if p not in files]
    masked = {re.sub(r"\d", "[0-9]", name) for name in relative}
    loose = {re.sub(r"(\[0-9\])+([-_.]?(\[0-9\])+)*", "[0-9]*", name) for name in masked}
    for patterns in (loose, masked):
        found = tuple(sorted(patterns))
        clash = any(fnmatch.fnmatchcase(other, p) for other in others for p in found)
        if not clash and len(found) <= 3:
            return found
    return tuple(relative)
