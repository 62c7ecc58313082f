"""Every byte and every cell under a folder, whatever it is packed in."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

TABLES = "select schema_name || '.' || table_name from duckdb_tables()"


def holding(root: Path, *texts: str) -> list[str]:
    """Files in which one of the texts stands, in bytes, in unpacked bytes or in cells."""
    wanted = {w for text in texts for w in (text.lower(), json.dumps(text.lower())[1:-1])}
    return [str(path.relative_to(root)) for path in sorted(root.rglob("*"))
            if path.is_file() and not path.is_symlink()
            and any(text in content.lower() for content in _contents(path) for text in wanted)]


def _contents(path: Path) -> Iterator[str]:
    raw = path.read_bytes()
    for packed in (raw, *_unpacked(path, raw)):
        for encoding in ("utf-8", "cp1252", "utf-16-le"):
            yield packed.decode(encoding, "replace")
    if path.suffix == ".parquet":
        yield _cells(duckdb.sql(f"from read_parquet('{path}')"))
    if path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as con:
            for (table,) in con.execute(TABLES).fetchall():
                yield _cells(con.sql(f"from {table}"))


def _unpacked(path: Path, raw: bytes) -> Iterator[bytes]:
    if path.suffix == ".gz":
        yield gzip.decompress(raw)
    if path.suffix == ".zst":
        yield pa.CompressedInputStream(pa.BufferReader(raw), "zstd").read()


def _cells(relation: duckdb.DuckDBPyRelation) -> str:
    return json.dumps(relation.fetchall(), default=str, ensure_ascii=False)
