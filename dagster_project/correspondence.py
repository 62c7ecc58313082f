"""Letters and statements of a publication: rendered into a folder, and released.

Here: which rows of the marts are taken, where files go, and what may be released. Composes
`publication` and `deliveries`. Not here: the commands (delivering), the papers themselves.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from . import publication
from .deliveries import mail_merge, outbox, rendering
from .deliveries.papers import Paper, Row, Writer
from .errors import ConfigurationError, PublicationError, QualityError, closest
from .pipeline import operator
from .publication import Publication
from .settings import OUTBOX, Configuration
from .store import Store, digest, fsync, sha256

Which = Literal["letters", "statements"]
# The mart of the papers, that of their lines, what tells them apart, and what one is called by.
MARTS = {
    "letters": ("collection_letters", "collection_letter_lines", "letter_id",
                ("letter_ref", "letter_id")),
    "statements": ("customer_statement_headers", "customer_statements", "statement_id",
                   ("statement_id",)),
}
ACCOUNT = ("account_key", "account_code", "account_id")
CUSTOMER = ("customer_id", "customer_name")


@dataclass(frozen=True)
class Chosen:
    """Papers of one publication that somebody asked for: their rows, and the lines of each."""

    which: Which
    version: Publication
    rows: tuple[Row, ...]
    lines: dict[str, list[Row]]

    def without(self, rows: Sequence[Row]) -> "Chosen":
        """The others."""
        return replace(self, rows=tuple(row for row in self.rows if row not in rows))

    @property
    def key(self) -> str:
        """The column that tells papers apart."""
        return MARTS[self.which][2]


@dataclass(frozen=True)
class Rendered:
    """Where the files lie. `unprintable`: papers with a character that no font of theirs has."""

    folder: Path
    papers: tuple[Paper, ...]
    unprintable: tuple[tuple[Paper, str], ...]


def choose(which: Which, version: Publication, *, names: Sequence[str] = (),
           account: str | None = None, customer: str | None = None) -> Chosen:
    """The papers of a publication, all or those that are named.

    Raises ConfigurationError where a name fits nothing, PublicationError for a version without.
    """
    mart, lines_mart, key, called = MARTS[which]
    rows = _read(version, f"select * from {mart} order by {called[0]}, {key}")
    for wanted, columns in ((names, called), ([account] if account else [], ACCOUNT),
                            ([customer] if customer else [], CUSTOMER)):
        known = {str(row[column]) for row in rows for column in columns}
        if unknown := [name for name in wanted if name not in known]:
            raise ConfigurationError(
                f"{version.id}: no {mart} of {unknown[0]!r}{closest(unknown[0], sorted(known))}")
        if wanted:
            rows = [row for row in rows if {str(row[c]) for c in columns} & set(wanted)]
    lines: dict[str, list[Row]] = {row[key]: [] for row in rows}
    for line in _read(version, f"select * from {lines_mart} order by {key}, line_no"):
        if line[key] in lines:
            lines[line[key]].append(line)
    return Chosen(which, version, tuple(rows), lines)


def _read(version: Publication, sql: str) -> list[Row]:
    with publication.reader(version) as con:
        found = con.execute(sql)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def render(configuration: Configuration, chosen: Chosen) -> Rendered:
    """Write a Word file and a PDF of each paper, and the table of all, into one folder.

    The folder then holds these papers and nothing else; readers see the old one or the new one.
    """
    unprintable = []
    with _layouts(configuration) as using, _folder(configuration.store, chosen) as folder:
        write = _writer(configuration, using, chosen)
        papers = _told_apart([write(row, chosen.lines[row[chosen.key]]) for row in chosen.rows])
        for paper in papers:
            made, unknown = rendering.files(using, paper)
            for ending, content in made.items():
                (folder / f"{paper.stem}.{ending}").write_bytes(content)
            if unknown:
                unprintable.append((paper, unknown))
        names, rows = mail_merge.table(chosen.rows, papers)
        (folder / f"{chosen.which}.csv").write_bytes(mail_merge.csv(names, rows))
        (folder / f"{chosen.which}.xlsx").write_bytes(
            mail_merge.excel(names, rows, chosen.version.as_of_date))
    return Rendered(_home(configuration.store, chosen) / chosen.version.id, tuple(papers),
                    tuple(unprintable))


def _told_apart(papers: Sequence[Paper]) -> list[Paper]:
    """Papers whose files would have the same name (two ledgers, one account code) have others."""
    count = Counter(paper.stem.casefold() for paper in papers)
    return [replace(paper, stem=f"{paper.stem}_{digest(paper.id)[:6]}")
            if count[paper.stem.casefold()] > 1 else paper for paper in papers]


def _layouts(configuration: Configuration) -> Any:
    own = configuration.letters.templates
    return rendering.layouts((configuration.path.parent / own).resolve() if own else None)


def _writer(configuration: Configuration, using: rendering.Layouts,
            chosen: Chosen) -> Callable[[Row, Sequence[Row]], Paper]:
    writer = Writer(configuration.letters, using.wording)
    return writer.letter if chosen.which == "letters" else writer.statement


def _home(store: Store, chosen: Chosen) -> Path:
    return store.deliveries / chosen.which


@contextmanager
def _folder(store: Store, chosen: Chosen) -> Iterator[Path]:
    """A new folder for a version's papers, put in the place of the old one when it is whole."""
    home = _home(store, chosen)
    home.mkdir(parents=True, exist_ok=True)
    kept = {version.id for version in publication.every(store)}
    for old in home.iterdir():
        # What a file manager left lying there is none of ours.
        if old.is_dir() and old.name not in kept:
            shutil.rmtree(old)
    making = home / ".making"
    making.mkdir()
    try:
        yield making
    except BaseException:
        shutil.rmtree(making)
        raise
    target = home / chosen.version.id
    shutil.rmtree(target, ignore_errors=True)
    making.rename(target)
    fsync(home)


# -- release -----------------------------------------------------------------------------------


def releasable(configuration: Configuration, chosen: Chosen) -> tuple[Chosen, tuple[Row, ...]]:
    """The chosen letters that were not released yet, and those that were.

    Raises PublicationError where the version is not `current`, was forced beyond what its sources
    reach, or does not know what was released before it: its letters may be out of date then.
    """
    store, version = configuration.store, chosen.version
    now = publication.current(store)
    if version.manifest["past"] or now is None or now.id != version.id:
        raise PublicationError(f"{version.id} is not what readers see: letters are released from "
                               "the current publication only")
    if any(row["is_forced"] for row in chosen.rows):
        raise PublicationError(f"{version.id} was forced: it is of {version.as_of_date}, later "
                               "than every source reaches, and what was paid until then is not "
                               "known. `customer360 run` without --force, then release what is due")
    if not configuration.sends_letters:
        raise ConfigurationError(f"{configuration.path}: no source maps dunning_policy, so nothing "
                                 "says which letter is sent when, and nothing would bring a "
                                 "release back")
    landed, known = _landed(store, version)
    files = {sha256(path): path for path in outbox.releases(store)}
    unknown = {path.name: source for digested, path in files.items() if digested not in known
               if (source := outbox.released_from(path)) != version.id}
    # A file that is gone from the outbox since it was landed is no reason to send it again.
    gone = sorted(landed[digested] for digested in landed.keys() - known - files.keys())
    if unknown or gone:
        raise PublicationError(
            f"{version.id} does not know what was released from "
            f"{', '.join(sorted({*unknown.values()})) or 'earlier ones'} "
            f"({', '.join([*unknown, *gone])}): `customer360 run` "
            "first, then release what is still due")
    recorded = outbox.recorded(store)
    done = tuple(row for row in chosen.rows if row["letter_id"] in recorded)
    return chosen.without(done), done


def _landed(store: Store, version: Publication) -> tuple[dict[str, str], set[str]]:
    """Every file of the outbox that was ever landed, by its SHA-256, and those of a version."""
    from . import landing

    loads = {load["load_id"] for source in version.manifest["sources"]
             if source["source"] == OUTBOX for load in source["loads"]}
    landed = [(load.load_id in loads, file) for load in landing.landed(store, OUTBOX, "letters")
              for file in load.files]
    return ({file.sha256: Path(file.name).name for _, file in landed},
            {file.sha256 for is_known, file in landed if is_known})


def release(configuration: Configuration, chosen: Chosen) -> Path:
    """Record letters as sent. Call under the lock, with what `releasable` left.

    Raises QualityError where a letter would be refused when it comes back.
    """
    released = outbox.rows(chosen.rows, who=operator())
    _check(released)
    return outbox.record(configuration.store, released, publication_id=chosen.version.id,
                         as_of=chosen.version.as_of_date)


def _check(released: Sequence[dict[str, str | None]]) -> None:
    """What comes back has to be accepted: a letter in quarantine would be sent again."""
    import polars as pl

    import schemas

    table = schemas.TABLES["letter_release"]
    types = {name: dtype.dtype.type for name, dtype in table.model.to_schema().columns.items()}
    frame = pl.DataFrame(released, schema=dict.fromkeys(types, pl.String)).select(
        pl.col(name).str.to_date() if dtype == pl.Date else pl.col(name).cast(dtype)
        for name, dtype in types.items())
    wrong = schemas.violations(table, frame)
    if not wrong.is_empty():
        raise QualityError(f"nothing was released; as rows of letter_release: {wrong.rows()[0]}")
