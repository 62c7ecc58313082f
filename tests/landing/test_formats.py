"""However a table is written, the same rows come of it, and the same checks stand before it."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scene import COMPANIES, Scene

from dagster_project.errors import ConfigurationError, DeliveryError

GERMAN = {"decimal": ",", "thousands": ".", "time_zone": "Europe/Berlin",
          "timestamp_format": "%d.%m.%Y %H:%M:%S"}
NAMES = ("company_id", "name", "annual_revenue", "created_at")
Row = tuple[str, str, Decimal | None, datetime | None]


def german(row: Row) -> list[str]:
    key, name, amount, at = row
    digits = "" if amount is None else f"{amount:,}".translate(str.maketrans(",.", ".,"))
    return [key, name, digits, "" if at is None else f"{at:%d.%m.%Y %H:%M:%S}"]


def as_csv(rows: list[Row]) -> str:
    return "".join(";".join(cells) + "\n" for cells in [[*NAMES], *map(german, rows)])


def as_lines(rows: list[Row]) -> str:
    """Ids and moments are text, amounts are numbers."""
    return "".join(json.dumps(dict(zip(NAMES, german(row), strict=True)) | {
        "annual_revenue": None if row[2] is None else "AMOUNT"}).replace(
            '"AMOUNT"', str(row[2])) + "\n" for row in rows)


def as_document(rows: list[Row]) -> str:
    return '{"n": 1, "data": [' + ",\n".join(as_lines(rows).splitlines()) + "]}"


def as_fixed(rows: list[Row]) -> str:
    return "".join("{:<6}{:<12}{:>18}{:<19}".format(*german(row)).rstrip() + "\n" for row in rows)


def as_sheet(rows: list[Row]) -> bytes:
    """Ids and names are text, amounts and moments are typed."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yy hh:mm"})
    sheet = book.add_worksheet()
    for line, (key, name, amount, at) in enumerate([NAMES, *rows]):
        sheet.write_string(line, 0, key)
        sheet.write_string(line, 1, name)
        if amount is not None:
            sheet.write(line, 2, amount)
        if at is not None:
            sheet.write(line, 3, at)
    book.close()
    return out.getvalue()


FIELDS = {"company_id": [1, 6], "name": [7, 18], "annual_revenue": [19, 36], "created_at": [37, 55]}
WRITTEN: dict[str, tuple[Callable[[list[Row]], bytes], dict[str, Any]]] = {
    "csv": (lambda rows: as_csv(rows).encode(), {}),
    "csv.gz": (lambda rows: gzip.compress(as_csv(rows).encode()), {}),
    "cp1252.csv": (lambda rows: as_csv(rows).encode("cp1252"), {"encoding": "cp1252"}),
    "utf-16.csv": (lambda rows: as_csv(rows).encode("utf-16"), {"encoding": "utf-16"}),
    "jsonl": (lambda rows: as_lines(rows).encode(), {"format": "json"}),
    "json.gz": (lambda rows: gzip.compress(as_document(rows).encode("utf-16-be")),
                {"format": "json", "records": "data", "encoding": "utf-16-be"}),
    "txt": (lambda rows: as_fixed(rows).encode("latin-1"),
            {"format": "fixed", "fields": FIELDS, "encoding": "latin-1"}),
    "xlsx": (as_sheet, {"format": "excel"}),
}
ROWS = st.lists(st.tuples(
    st.integers(0, 999).map(lambda n: f"{n:03}"),
    st.sampled_from(["Müller", "Ødegård", "Acme & Co", "0012", "true", "1.234", "N/A"]),
    st.none() | st.decimals(-10**9, 10**9, places=2, allow_nan=False),
    st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)).map(
        lambda at: at.replace(microsecond=0))),
    min_size=1, max_size=6, unique_by=lambda row: row[0])


@settings(max_examples=3, deadline=None)
@given(rows=ROWS)
@example(rows=[("000", "Müller", Decimal("-693594.01"), None)])  # before the first day there is
def test_a_table_written_in_any_way_gives_the_same_rows(
        tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    scene = Scene(tmp_path_factory.mktemp("formats"))
    extracts = {f"e{n}": (ending, *WRITTEN[ending]) for n, ending in enumerate(WRITTEN)}
    scene.configure(
        COMPANIES, load_date={"constant": "2026-01-01"},
        connection=GERMAN | {"delimiter": ";"},
        extracts={e: {"files": f"x.{ending}", **how} for e, (ending, _, how) in extracts.items()},
        tables={"crm_company": [{"name": e, "from": e, "columns": {
            **{n: n for n in NAMES}, "company_id": {"sql": f"'{e} ' || company_id"}}}
            for e in extracts]})
    for ending, written, _ in extracts.values():
        scene.write(f"x.{ending}", written(rows))
    result = scene.land()
    assert scene.reasons(result) == []
    found = {(row[0][:2], row[0][3:]): row[1:]
             for row in scene.values(result, "crm_company", *NAMES)}
    assert len(found) == len(rows) * len(extracts)
    for key, name, amount, at in rows:
        stated = {e: found[e, key] for e in extracts}
        assert set(stated.values()) == {stated["e0"]}, stated
        assert stated["e0"][:2] == (name, amount)
        # Berlin is an hour ahead in winter and two in summer.
        assert at is None or at - stated["e0"][2] in (timedelta(hours=1), timedelta(hours=2))


def nested(scene: Scene, **extract: Any) -> None:
    """Orders with their lines in one file of JSON; each table reads its own level."""
    orders = {"files": "orders_*", "format": "json", **extract}
    scene.configure(COMPANIES, extracts={
        "companies": {"files": "companies_*"}, "orders": {**orders},
        "lines": {**orders, "explode": "lines"}}, tables={
        "crm_company": {"from": "companies"},
        "crm_order": {"from": "orders", "columns": {
            "order_id": "no", "order_number": "no", "company_id": "customer.id",
            "status": {"constant": "open"}, "order_date": "date", "currency": {"constant": "EUR"},
            "net": "net", "tax": {"constant": 0}, "total": "net", "created_at": {
                "sql": "moment(date || ' 00:00:00')"}}},
        "crm_order_line": {"from": "lines", "columns": {
            "order_line_id": {"sql": 'no || \'-\' || "lines.#"'}, "order_id": "no",
            "line_no": "lines.#", "description": "lines.item", "quantity": "lines.qty",
            "unit_price": "lines.price",
            "net_amount": {"sql": 'number("lines.qty") * number("lines.price")'}}}})
    scene.write("companies_2026-01-01.csv", "company_id,name\nC1,Acme\n")


def order(number: str, *lines: tuple[str, str, str], day: str = "2026-01-01") -> str:
    net = sum(Decimal(qty) * Decimal(price) for _, qty, price in lines)
    listed = ", ".join(f'{{"item": "{i}", "qty": {q}, "price": {p}}}' for i, q, p in lines)
    return (f'{{"no": "{number}", "customer": {{"id": "C1"}}, "date": "{day}", "net": {net}, '
            f'"lines": [{listed}]}}\n')


def test_an_order_and_its_lines_come_out_of_one_file(scene: Scene) -> None:
    nested(scene)
    scene.write("orders_2026-01-01.jsonl", order("A", ("x", "2", "1.10"), ("y", "1", "0.333"))
                + order("B"), rows=2)
    result = scene.land()
    assert scene.values(result, "crm_order", "order_id", "net") == [
        ("A", Decimal("2.533")), ("B", Decimal(0))]
    assert scene.values(result, "crm_order_line", "order_line_id", "line_no", "net_amount") == [
        ("A-1", 1, Decimal("2.20")), ("A-2", 2, Decimal("0.333"))]
    assert [row["_line"] for row in scene.accepted(result, "crm_order_line")] == [1, 1]


def test_a_later_record_takes_the_place_of_all_rows_of_the_earlier(scene: Scene) -> None:
    nested(scene, mode="incremental", key="no")
    scene.write("orders_2026-01-01.jsonl",
                order("A", ("x", "2", "1"), ("y", "1", "1")) + order("B", ("z", "1", "1")))
    scene.write("orders_2026-01-02.jsonl", order("A", ("w", "5", "1")))
    assert scene.values(scene.land(), "crm_order_line", "order_line_id", "description") == [
        ("A-1", "w"), ("B-1", "z")]


def test_the_first_of_equal_elements_is_the_first_in_the_list(scene: Scene) -> None:
    nested(scene)
    configured = (scene.root / "customer360.yaml").read_text(encoding="utf-8")
    (scene.root / "customer360.yaml").write_text(configured.replace(
        "    crm_order_line:\n", "    crm_order_line:\n      unique_by: {columns: [no]}\n"),
        encoding="utf-8")
    scene.write("orders_2026-01-01.jsonl",
                order("A", *((f"i{n}", "1", "1") for n in range(1, 12))))
    assert scene.values(scene.land(), "crm_order_line", "order_line_id") == ["A-1"]


def json_companies(scene: Scene, **extract: Any) -> None:
    scene.configure(COMPANIES, extracts={
        "companies": {"files": "companies_*", "format": "json", **extract}},
        tables={"crm_company": {"from": "companies", "columns": {
            "company_id": "id", "name": "name", "city": "address.city"}}})


def test_a_column_that_no_record_has_is_missed_with_the_closest_name(scene: Scene) -> None:
    json_companies(scene)
    scene.write("companies_2026-01-01.json", '[{"id": 1, "name": "A", "adress": {"city": "x"}}]')
    with pytest.raises(ConfigurationError, match=(
            r"expects 'address.city', the header of companies has no such column "
            r"\(closest match: 'adress.city'\)")):
        scene.land()


def test_an_optional_column_may_be_missing_from_a_delivery_or_from_all(scene: Scene) -> None:
    json_companies(scene, optional="address.city", mode="incremental", key="id")
    scene.write("companies_2026-01-01.json", '[{"id": 1, "name": "A"}]')
    assert scene.values(scene.land(), "crm_company", "name", "city") == [("A", None)]
    scene.write("companies_2026-01-02.json", '[{"id": 2, "name": "B", "address": {"city": "x"}}]')
    result = scene.land()
    assert scene.values(result, "crm_company", "name", "city") == [("A", None), ("B", "x")]
    assert result.warnings == ()
    scene.write("companies_2026-01-03.json", '[{"id": 3, "name": "C", "x": 1}]')
    result = scene.land()
    assert scene.values(result, "crm_company", "name", "city") == [
        ("A", None), ("B", "x"), ("C", None)]
    assert result.warnings == (
        "crm.companies, load of 2026-01-03: new columns x; they are kept as delivered, mapped "
        "or not",)


def test_each_delta_needs_every_column_that_is_mapped(scene: Scene) -> None:
    """Also one that lies between others, and deltas may differ in what is not mapped."""
    json_companies(scene, optional="address.city", mode="incremental", key="id")
    for day, extra in enumerate(("", ', "a": 1', ', "b": 1', ""), 1):
        scene.write(f"companies_2026-01-0{day}.json", f'{{"id": {day}, "name": "A"{extra}}}\n')
    assert len(scene.values(scene.land(), "crm_company", "name")) == 4
    scene.write("companies_2026-01-02.json", '{"id": 2, "nam": "A"}\n')
    with pytest.raises(ConfigurationError, match=r"'name'.*closest match: 'nam'"):
        scene.land()


def test_a_delivery_without_records_is_a_delta_without_rows(scene: Scene) -> None:
    stated = {"optional": ["id", "name", "address.city"], "mode": "incremental", "key": "id"}
    json_companies(scene, **stated)
    scene.write("companies_2026-01-01.json", "[]")
    assert scene.values(scene.land(), "crm_company", "name") == []
    json_companies(scene, **stated | {"mode": "full"})
    scene.write("companies_2026-01-02.json", " [ ]\n")
    with pytest.raises(DeliveryError, match="a header and no rows"):
        scene.land()
    json_companies(scene)
    with pytest.raises(DeliveryError, match=r"no record, .* list them as `optional`"):
        scene.land()


def test_many_files_are_one_load_and_have_to_be_alike(scene: Scene) -> None:
    json_companies(scene, optional="address.city")
    scene.write("companies_1_2026-01-01.json", '{"id": 1, "name": "A"}\n')
    scene.write("companies_2_2026-01-01.json", '{"id": 2, "name": "B", "address": {"city": "x"}}\n')
    assert scene.values(scene.land(), "crm_company", "company_id", "city") == [
        ("1", None), ("2", "x")]
    scene.write("companies_3_2026-01-01.json", '{"id": 3, "nam": "C"}\n')
    with pytest.raises(ConfigurationError, match=r"'name'.*closest match: 'nam'"):
        scene.land()
    scene.write("companies_3_2026-01-01.json", '{"id": 3, "name": "C", "x": 1}\n')
    with pytest.raises(DeliveryError, match=(
            r"companies_1_2026-01-01.json, line 1: companies_3_2026-01-01.json of the same load "
            r"has 'x', this header has not")):
        scene.land()


@pytest.mark.parametrize("ending", ["utf-16.csv", "json.gz", "txt", "xlsx"])
def test_what_a_manifest_says_is_checked_of_every_format(scene: Scene, ending: str) -> None:
    written, extract = WRITTEN[ending]
    scene.configure(COMPANIES, connection=GERMAN | {"delimiter": ";"},
                    extracts={"companies": {"files": "companies_*", **extract}})
    content = written([("1", "A", Decimal("1000.50"), None), ("2", "B", Decimal("-0.25"), None)])
    name = f"companies_2026-01-01.{ending}"
    for manifest, message in (
            ({"rows": 3}, "manifest says 3 rows, the file has 2"),
            ({"bytes": len(content) + 1}, f"says bytes {len(content) + 1}"),
            ({"sha256": "0" * 64}, "its manifest says sha256 0000"),
            ({"totals": {"annual_revenue": 1000}}, "adds up to 1000, the file's adds up to "
                                                   r"1000\.25"),
            ({"totals": {"revenue": 1}}, r"no column of it \(closest match: 'annual_revenue'\)")):
        scene.write(name, content, **manifest)
        with pytest.raises(DeliveryError, match=message):
            scene.land()
    scene.write(name, content, rows=2, bytes=len(content), totals={"annual_revenue": 1000.25})
    result = scene.land()
    assert scene.values(result, "crm_company", "name") == ["A", "B"]
    assert [row[9:] for row in result.loads] == [(2, 2, 0)]
    scene.write(name, b"")
    (scene.folder / f"{name}.manifest.json").unlink()
    with pytest.raises(DeliveryError, match=r"the file is empty \(0 bytes\)|cut off or damaged"):
        scene.land()


@pytest.mark.parametrize(("ending", "skip"), [("cp1252.csv", 0), ("txt", 1), ("xlsx", 0)])
def test_a_header_and_no_rows_would_empty_the_table_and_is_refused(
        scene: Scene, ending: str, skip: int) -> None:
    written, extract = WRITTEN[ending]
    scene.configure(COMPANIES, connection=GERMAN | {"delimiter": ";"}, extracts={
        "companies": {"files": "companies_*", **extract, "skip": skip}})
    scene.write(f"companies_2026-01-01.{ending}", written([]) or b"List of companies\n")
    with pytest.raises(DeliveryError, match="a header and no rows"):
        scene.land()


@pytest.mark.parametrize(("content", "extract"), [
    (as_csv, {}), (as_lines, {"format": "json"}), (as_document, {"format": "json"}),
    (as_fixed, {"format": "fixed", "fields": FIELDS})])
def test_a_compressed_file_that_was_cut_off_is_refused(
        scene: Scene, content: Callable[[list[Row]], str], extract: dict[str, Any]) -> None:
    rows: list[Row] = [(f"{n:04}", f"name {n * 7919 % 1000}", None, None) for n in range(500)]
    scene.configure(COMPANIES, connection=GERMAN | {"delimiter": ";"}, extracts={
        "companies": {"files": "companies_*", **extract}})
    whole = gzip.compress(content(rows).encode())
    scene.write("companies_2026-01-01.gz", whole[:len(whole) // 2])
    with pytest.raises(DeliveryError, match="the compressed file is cut off or damaged"):
        scene.land()


def test_only_what_cannot_be_read_is_quarantined_with_its_row_in_the_sheet(scene: Scene) -> None:
    scene.configure(COMPANIES, connection=GERMAN, extracts={
        "companies": {"files": "companies_*", "format": "excel"}})
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for line, cells in enumerate([NAMES, ("1", "A", "1.234,5", "31.12.2025 00:30:00"),
                                  ("2", "B", "1,234.5", ""), ("3", "C", 0.1, "2025-12-31 00:30:00"),
                                  ("4", "D", 5, "12/31/2025")]):
        sheet.write_row(line, 0, cells)
    sheet.write_formula(5, 1, "=1/0", None, "#DIV/0!")
    book.close()
    scene.write("companies_2026-01-01.xlsx", out.getvalue())
    result = scene.land()
    assert scene.values(result, "crm_company", *NAMES[1:]) == [
        ("A", Decimal("1234.5"), datetime(2025, 12, 30, 23, 30)),
        ("C", Decimal("0.1"), datetime(2025, 12, 30, 23, 30))]
    reasons = scene.reasons(result)
    assert [(line, why.partition(":")[0]) for _, line, why in reasons] == [
        (3, "annual_revenue"), (5, "created_at"), (6, "name")]
    assert reasons[1][2].endswith(
        "(declared: %d.%m.%Y %H:%M:%S or %Y-%m-%d %H:%M:%S or %Y-%m-%d %H:%M:%S.%f or %Y-%m-%d)")
