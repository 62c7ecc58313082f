"""Lists as files: what they hold, that they open, and that a slice holds nobody else."""

import csv
import re
import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import fastexcel
import hand_marts
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from dagster_project import cli, exports, publication
from dagster_project.deliveries import sheets, tables
from dagster_project.deliveries.strangers import Strangers
from dagster_project.deliveries.workbook import Book, Listed
from dagster_project.errors import ConfigurationError, PublicationError
from dagster_project.exports import Slice

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FORMULA = "=HYPERLINK(\"http://example.com\")"


def customer(code, name, territory, owner, codes=None, group=None):
    return {"customer_id": f"C{code}", "customer_name": name, "territory": territory,
            "owner_name": owner, "salesperson_codes": codes, "group_id": f"G{code}",
            "group_name": group or name, "company_key": f"crm/{code}", "legal_name": None,
            "reporting_currency": "EUR", "sales_growth": Decimal("0.125"),
            "outstanding_reporting": Decimal("1234.5"), "held_since": date(2026, 6, 16)}


def account(code, name, key):
    return {"customer_id": f"C{code}", "customer_name": name, "account_key": key,
            "account_name": name.upper(), "company_key": f"crm/{code}", "company_name": name}


def row(code, name, **more):
    return {"customer_id": f"C{code}", "customer_name": name, "as_of_date": "2026-06-30"} | more


# Ash is in the north, Birch Mills in the south; each row of Ash that can names Birch Mills.
MARTS = {
    "customer_360": [customer("A1", "Ash & Sons", "NORTH", "Ann Ox", "S1; S3", "Birch Mills"),
                     customer("B2B2B2", "Birch Mills", "SOUTHERN", "Bobby Yewtree", "S2")],
    "trading_accounts": [account("A1", "Ash & Sons", "erp/ACC-A"),
                         account("B2B2B2", "Birch Mills", "erp/ACC-B")],
    "ar_ageing_by_customer": [
        row("A1", "Ash & Sons", currency="EUR", reporting_currency="EUR",
            d1_30_reporting=Decimal("70.10"), not_due_reporting=Decimal("0.2")),
        row("B2B2B2", "Birch Mills", currency="EUR", reporting_currency="EUR",
            d1_30_reporting=Decimal("3000000.33"))],
    "ar_open_items": [
        {"customer_id": "CA1", "account_key": "erp/ACC-A", "account_name": "ASH & SONS",
         "reference": FORMULA, "ordering_account_key": "erp/ACC-B", "document_no": "007",
         "residual": Decimal("70.10"), "due_date": date(2026, 6, 1)},
        {"customer_id": "CB2B2B2", "account_key": "erp/ACC-B", "account_name": "BIRCH MILLS"}],
    "credit_hold": [
        {"level": "customer", "id": "CA1", "customer_id": "CA1", "name": "Ash & Sons"},
        {"level": "customer", "id": "CB2B2B2", "customer_id": "CB2B2B2", "name": "Birch Mills"}],
    "top_customers": [row("A1", "Ash & Sons", fiscal_year=2026), row("B2B2B2", "Birch Mills")],
    "buying_trends": [
        row("A1", "Ash & Sons", item_group=group, month=month, value_reporting=Decimal(value))
        for group, month, value in (
            ("PUMP", "2026-05-01", "7.5"), ("PUMP", "2026-06-01", "8"), ("SEAL", "2026-06-01", "2"),
            ("SEAL", "2024-06-01", "1"))] + [
        row("B2B2B2", "Birch Mills", item_group="SEAL", month="2026-06-01",
            value_reporting=Decimal("4"))],
    "unprocessed_orders": [
        row("A1", "Ash & Sons", bill_to_account_key="erp/ACC-B", group_name="Birch Mills"),
        row("B2B2B2", "Birch Mills")],
    "unprocessed_order_lines": [
        row("A1", "Ash & Sons", description="Pump, as sold to BIRCH  MILLS in May"),
        row("B2B2B2", "Birch Mills")],
    "collections_worklist": [row("A1", "Ash & Sons"), row("B2B2B2", "Birch Mills")],
    "match_review_queue": [
        {"customer_id": "CA1", "account_key": "erp/ACC-A", "company_key": "crm/B2B2B2",
         "company_name": "Birch Mills"}],
    "list_mismatches": [{"list_value": "Courier"}],
    "customer_segments": [row("A1", "Ash & Sons", segment="loyal"), row("B2B2B2", "Birch Mills")],
    "cross_sell": [
        row("A1", "Ash & Sons", rank=1, item_code="P-1", item_name="Pump as for Birch Mills",
            confidence=Decimal("0.3000000")),
        row("B2B2B2", "Birch Mills", item_code="P-9", rests_on="3000000")],
    "customer_profitability": [
        row("A1", "Ash & Sons", month="2026-06-01", profit_reporting=Decimal("5.25")),
        row("A1", "Ash & Sons", month="2025-06-01", profit_reporting=Decimal("9")),
        row("B2B2B2", "Birch Mills", month="2026-06-01", profit_reporting=Decimal("3000000"))],
    "sales_by_dimension": [{"dimension": "territory", "member": "SOUTHERN",
                            "ytd": Decimal("3000000")}],
    "service_contracts": [row("A1", "Ash & Sons", account_key="erp/ACC-B", contract_id="K1"),
                          row("B2B2B2", "Birch Mills")],
    "campaign_roi": [{"campaign_name": "May, for Birch Mills", "attribution_model": "even"}],
    "pipeline_forecast": [{"owner_name": "Bobby Yewtree", "open_reporting": Decimal("3000000")}],
    "item_availability": [{"item_code": "P-1", "item_to_ship": Decimal("3000000")}],
    "purchase_history": [
        row("A1", "Ash & Sons", document_no="I1", bill_to_customer_id="CB2B2B2",
            net_reporting=Decimal("12.5")),
        row("B2B2B2", "Birch Mills", net_reporting=Decimal("3000000"))],
    "invoice_history": [
        row("A1", "Ash & Sons", document_no="I1", bill_to_account_key="erp/ACC-B"),
        row("B2B2B2", "Birch Mills", description="3000000")],
    "payment_history": [
        row("A1", "Ash & Sons", payment_no="R1", document_account_key="erp/ACC-A",
            payment_reference="for BIRCH MILLS"),
        row("A1", "Ash & Sons", payment_no="R2", document_account_key=None),
        row("A1", "Ash & Sons", payment_no="R3", document_account_key="erp/ACC-B",
            document_no="3000000"),
        row("B2B2B2", "Birch Mills", document_account_key="erp/ACC-A")],
    "shipping_history": [
        row("A1", "Ash & Sons", shipped_on="2026-06-01", ship_to_line1="c/o Birch Mills"),
        row("B2B2B2", "Birch Mills", shipped_on="2026-06-01", tracking="3000000")],
    "return_history": [
        row("A1", "Ash & Sons", returned_on="2026-06-01", bill_to_account_key="erp/ACC-B"),
        row("B2B2B2", "Birch Mills", returned_on="2026-06-01", reason="3000000")],
    "customer_prices": [row("A1", "Ash & Sons", item_code="P-1", item_name="Seal for crm/B2B2B2"),
                        row("B2B2B2", "Birch Mills", net_price=Decimal("3000000"))],
    "exceptions": [
        row("A1", "Ash & Sons", what="duplicate of crm/B2B2B2"),
        row("B2B2B2", "Birch Mills"),
        row("A1", None, customer_id=None, what="a rate is missing")],
}
STRANGE = re.compile(rb"birch|mills|B2B2B2|ACC-B|yewtree|3000000|SOUTHERN", re.IGNORECASE)


@pytest.fixture
def firm(configuration, published):
    """A configuration whose current publication has these marts."""
    published(**MARTS)
    return configuration


def export(firm, folder, **options):
    return exports.export(firm, publication.readable(firm.store, None), folder, **options)


def part(path, name):
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def book_of(folder: Path) -> Path:
    return folder / "customer360_2026-06-30.xlsx"


def read_sheet(folder, name):
    """The rows of a sheet below its header, as a reader finds them."""
    return fastexcel.read_excel(book_of(folder)).load_sheet(name, header_row=3).to_polars()


def about_rows(book: Path) -> list[tuple[object, ...]]:
    return fastexcel.read_excel(book).load_sheet("About", header_row=None).to_polars().rows()


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every byte that somebody could read, whatever it is packed in."""
    found = {}
    for path in sorted(folder.iterdir()):
        found[path.name] = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found |= {f"{path.name}/{name}": book.read(name) for name in book.namelist()}
        if path.suffix == ".parquet":
            file = pq.ParquetFile(path)
            found[f"{path.name}/values"] = str(file.read().to_pylist()).encode()
            found[f"{path.name}/metadata"] = str(
                [file.metadata.metadata, file.schema_arrow.metadata,
                 *(file.metadata.row_group(g).column(c).statistics
                   for g in range(file.metadata.num_row_groups)
                   for c in range(file.metadata.num_columns))]).encode()
    return found


@pytest.mark.parametrize("whose", [
    Slice(territory="NORTH"), Slice(salesperson="Ann Ox"), Slice(salesperson="S3"),
    Slice("North", "s1"), Slice(salesperson="ann OX")], ids=str)
def test_a_slice_holds_nothing_of_anybody_else_not_even_in_its_bytes(firm, tmp_path, whose):
    done = export(firm, tmp_path / "out", part=whose, everything=True)
    assert done.left_out == ["Sales by group and territory", "Campaigns", "Pipeline", "Stock",
                             "List mismatches"]
    assert done.rows == {
        "customers": 1, "ageing": 1, "open_items": 1, "holds": 1, "top_customers": 1,
        "buying_trends": 3, "segments": 1, "suggestions": 1, "profit": 1, "orders": 1,
        "order_lines": 1, "contracts": 1, "worklist": 1, "review": 0, "exceptions": 1,
        "purchases": 1, "invoices": 1, "payments": 2, "shipments": 1, "returns": 1, "prices": 1}
    found = everything_in(tmp_path / "out")
    assert len(found) > 30
    for name, content in found.items():
        assert not STRANGE.search(content), (name, STRANGE.search(content))
    ours = found["customers.csv"] + found["open_items.parquet/values"]
    assert b"Ash & Sons" in ours
    assert b"erp/ACC-A" in ours


def test_a_picture_of_a_slice_names_nobody_else(firm, tmp_path):
    hand_marts.publish(firm.store, MARTS | {"buying_trends": [
        row("A1", "Ash & Sons", item_group=group, month="2026-06-01",
            value_reporting=Decimal(value)) for group, value in (
                ("Birch Mills", "7"), (None, "1"), ("PUMP", "2"))]})
    done = export(firm, tmp_path / "out", part=Slice("NORTH"), formats=["xlsx"],
                  names=["buying_trends"])
    assert done.emptied == 1
    assert drawn(book_of(tmp_path / "out"), 1)["no group"] == {"2026-06": 8}
    for name, content in everything_in(tmp_path / "out").items():
        assert not STRANGE.search(content), name


def test_a_slice_has_no_share_of_what_others_bought(firm, tmp_path):
    for part, folder in ((Slice("NORTH"), "slice"), (None, "whole")):
        export(firm, tmp_path / folder, part=part, formats=["csv"], names=["top_customers"])
    whole, part = ((tmp_path / folder / "top_customers.csv").read_text().splitlines()[0].split(",")
                   for folder in ("whole", "slice"))
    assert set(whole) - set(part) == {"share", "cumulative_share"}


def test_a_slice_has_no_figures_of_what_others_put_into_their_baskets(firm, tmp_path):
    for part, folder in ((Slice("NORTH"), "slice"), (None, "whole")):
        export(firm, tmp_path / folder, part=part, formats=["csv"], names=["suggestions"])
    whole, part = ((tmp_path / folder / "suggestions.csv").read_text().splitlines()[0].split(",")
                   for folder in ("whole", "slice"))
    assert set(whole) - set(part) == {"support", "confidence", "lift"}


def test_a_payment_for_somebody_else_is_in_no_slice(firm, tmp_path):
    export(firm, tmp_path / "out", part=Slice("NORTH"), formats=["csv"], names=["payments"])
    with (tmp_path / "out" / "payments.csv").open(encoding="utf-8-sig") as file:
        assert [one["payment_no"] for one in csv.DictReader(file)] == ["R1", "R2"]


LONG = ["purchases", "invoices", "payments", "shipments", "returns", "prices"]


def test_long_lists_are_written_when_they_are_named_or_all_are(firm, tmp_path):
    done = export(firm, tmp_path / "out", formats=["xlsx"])
    assert done.besides == LONG
    assert not {*LONG} & {*done.rows}
    about = part(book_of(tmp_path / "out"), "xl/worksheets/sheet1.xml")
    assert f"There are besides: {', '.join(LONG)}." in about
    assert list(export(firm, tmp_path / "named", formats=["csv"], names=["prices"]).rows) == [
        "prices"]
    done = export(firm, tmp_path / "all", formats=["csv"], everything=True)
    assert list(done.rows) == [one.name for one in sheets.SHEETS]
    assert done.besides == []
    with pytest.raises(ConfigurationError, match="--all is every list"):
        export(firm, tmp_path / "both", names=["prices"], everything=True)


def test_profit_is_of_twelve_months(firm, tmp_path):
    export(firm, tmp_path / "out", formats=["csv"], names=["profit"])
    with (tmp_path / "out" / "profit.csv").open(encoding="utf-8-sig") as file:
        assert [one["profit_reporting"] for one in csv.DictReader(file)] == ["5.2500",
                                                                            "3000000.0000"]


def test_what_is_searched_for_is_there_where_nothing_is_left_out(firm, tmp_path):
    """Guards the test above: its search would find what it looks for."""
    export(firm, tmp_path / "out", everything=True)
    found = everything_in(tmp_path / "out")
    assert [STRANGE.search(found[name]) is not None for name in (
        "customers.csv", "customers.parquet/values", "customers.parquet/metadata")] == [True] * 3
    inside = [name for name, content in found.items() if ".xlsx/xl/" in name
              and STRANGE.search(content)]
    assert len(inside) >= len(sheets.SHEETS) - 1
    assert [one.name for one in sheets.SHEETS if not STRANGE.search(
        found[f"{one.name}.csv"])] == ["mismatches"]


def test_cells_that_name_somebody_else_are_empty_and_counted(firm, tmp_path):
    done = export(firm, tmp_path / "out", part=Slice("NORTH"))
    assert done.emptied == 8
    about = part(book_of(tmp_path / "out"), "xl/worksheets/sheet1.xml")
    assert "8 cells are empty because they name customers that are not in this slice" in about
    assert "List mismatches" in about
    orders = read_sheet(tmp_path / "out", "Unprocessed orders")
    assert orders["customer_name"].to_list() == ["Ash & Sons"]
    assert orders["bill_to_account_key"].to_list() == [None]


def test_a_territory_or_salesperson_nobody_is_of_is_refused_with_the_closest(firm, tmp_path):
    with pytest.raises(ConfigurationError, match=r"territory 'NORD'.*closest match: 'NORTH'"):
        export(firm, tmp_path / "out", part=Slice("NORD"))
    with pytest.raises(ConfigurationError, match=r"'S9'; there are Ann Ox, Bobby Yewtree"):
        export(firm, tmp_path / "out", part=Slice(salesperson="S9"))
    with pytest.raises(ConfigurationError, match="mismatches are of no customer"):
        export(firm, tmp_path / "out", part=Slice("NORTH"), names=["mismatches"])
    assert not (tmp_path / "out").exists()


def test_every_sheet_says_its_day_and_its_publication(firm, tmp_path):
    export(firm, tmp_path / "out", formats=["xlsx"], everything=True)
    book = book_of(tmp_path / "out")
    with zipfile.ZipFile(book) as parts:
        found = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(found) == 1 + len(sheets.SHEETS)
    for name in found:
        assert "as of 2026-06-30 · publication 00001_2026-06-30 · all customers" in part(
            book, name), name
    assert [p.name for p in (tmp_path / "out").iterdir()] == [book.name]


def test_amounts_days_and_shares_are_such_and_text_stays_text(firm, tmp_path):
    export(firm, tmp_path / "out")
    items = read_sheet(tmp_path / "out", "Open items").sort("account_key")
    assert items["residual"][0] == 70.1
    assert items["document_no"][0] == "007"
    assert items["reference"][0] == FORMULA
    assert str(items["due_date"][0])[:10] == "2026-06-01"
    assert set(items["is_forced"]) == {"no"}
    book = book_of(tmp_path / "out")
    everything = "".join(content.decode() for name, content in everything_in(
        tmp_path / "out").items() if ".xlsx/xl/worksheets" in name)
    assert "<f>" not in everything
    assert "70.1" in everything
    styles = part(book, "xl/styles.xml")
    for shown in ("yyyy-mm-dd", "0.0%", "#,##0.00;[Red]-#,##0.00", 'indent="1"'):
        assert shown in styles
    with (tmp_path / "out" / "open_items.csv").open(encoding="utf-8-sig") as file:
        [ours] = [one for one in csv.DictReader(file) if one["customer_id"] == "CA1"]
    assert ours["reference"] == "'" + FORMULA
    assert ours["residual"] == "70.1000"
    values = pq.read_table(tmp_path / "out" / "open_items.parquet").to_pylist()
    assert {one["reference"] for one in values} == {FORMULA, None}
    assert Decimal("70.1000") in {one["residual"] for one in values}


def test_a_list_can_be_filtered_and_its_header_stays_in_sight(firm, tmp_path):
    export(firm, tmp_path / "out", names=["holds"], formats=["xlsx"])
    sheet = part(book_of(tmp_path / "out"), "xl/worksheets/sheet2.xml")
    assert re.search(r'<autoFilter ref="A4:\w+6"', sheet)
    assert re.search(r'<pane xSplit="2" ySplit="4".*state="frozen"', sheet)
    widths = [float(w) for w in re.findall(r'<col min="\d+" max="\d+" width="([\d.]+)"', sheet)]
    assert len(widths) > 5
    assert all(3 < width < 62 for width in widths)


def drawn(book, number):
    """The figures that a picture is drawn from: by series, the amount of each label."""
    chart = ET.fromstring(part(book, f"xl/charts/chart{number}.xml"))
    named = {}
    for series in chart.iter(f"{CHART}ser"):
        name, labels, amounts = (found.text.replace("$", "") for found in series.iter(f"{CHART}f"))
        named[cells(book, name)[0]] = dict(zip(cells(book, labels), map(
            float, cells(book, amounts)), strict=True))
    return named


def cells(book, place):
    """The values of `About!B3:B5`, or of a single cell."""
    found = re.fullmatch(r"About!([A-Z])(\d+)(?::\1(\d+))?", place)
    column, first, last = "ABCDEFGH".index(found[1]), int(found[2]), int(found[3] or found[2])
    return [row[column] for row in about_rows(book)[first - 1:last]]


def test_the_ageing_and_what_is_bought_are_drawn_from_figures_of_the_slice(firm, tmp_path):
    export(firm, tmp_path / "all", formats=["xlsx"])
    assert drawn(book_of(tmp_path / "all"), 1) == {"open": {
        "not due": 0.2, "1 to 30": 3000070.43, "31 to 60": 0, "61 to 90": 0, "over 90": 0,
        "credits": 0}}
    assert drawn(book_of(tmp_path / "all"), 2) == {
        "PUMP": {"2026-05": 7.5, "2026-06": 8}, "SEAL": {"2026-05": 0, "2026-06": 6}}
    export(firm, tmp_path / "north", formats=["xlsx"], part=Slice("NORTH"))
    assert drawn(book_of(tmp_path / "north"), 1)["open"]["1 to 30"] == 70.1
    assert drawn(book_of(tmp_path / "north"), 2)["SEAL"] == {"2026-05": 0, "2026-06": 2}


def test_the_smallest_item_groups_are_one_line(firm, tmp_path):
    hand_marts.publish(firm.store, MARTS | {"buying_trends": [
        row("A1", "Ash & Sons", item_group=f"G{number}", month="2026-06-01",
            value_reporting=Decimal(number)) for number in range(1, 9)]})
    export(firm, tmp_path / "out", formats=["xlsx"], names=["buying_trends"])
    found = drawn(book_of(tmp_path / "out"), 1)
    assert list(found) == ["G8", "G7", "G6", "G5", "G4", "G3", "others"]
    assert found["others"] == {"2026-06": 3}


def test_files_are_not_replaced_unless_it_is_said(firm, tmp_path):
    folder = tmp_path / "out"
    export(firm, folder, formats=["csv"])
    (folder / "my notes.txt").write_text("mine")
    (folder / "holds.csv").write_text("edited")
    with pytest.raises(ConfigurationError, match="--force replaces them"):
        export(firm, folder, formats=["csv"])
    assert (folder / "holds.csv").read_text() == "edited"
    export(firm, folder, formats=["csv"], force=True)
    assert (folder / "holds.csv").read_text(encoding="utf-8-sig").startswith(
        "name,leading_reason,level,")
    assert (folder / "my notes.txt").read_text() == "mine"


def test_nothing_is_left_where_writing_fails(firm, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tables, "write_parquet", full)
    with pytest.raises(OSError, match="No space left"):
        export(firm, tmp_path / "out")
    assert [p.name for p in tmp_path.iterdir() if "out" in p.name] == []


def test_the_data_folder_and_a_file_are_no_place_for_it(firm, tmp_path):
    for folder in (firm.store.root, firm.store.root / "publications" / "mine"):
        with pytest.raises(ConfigurationError, match="lies in the data folder"):
            export(firm, folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="is a file"):
        export(firm, tmp_path / "file")


def test_unknown_lists_and_formats_are_refused_with_the_closest(firm, tmp_path):
    with pytest.raises(ConfigurationError, match=r"'hold'.*closest match: 'holds'"):
        export(firm, tmp_path / "out", names=["hold"])
    with pytest.raises(ConfigurationError, match="'ods': choose of xlsx, csv, parquet"):
        export(firm, tmp_path / "out", formats=["ods"])


def test_a_version_without_these_lists_says_so(firm, tmp_path):
    hand_marts.publish(firm.store, {"customer_360": MARTS["customer_360"]})
    with pytest.raises(PublicationError, match="an older version of the product made it"):
        export(firm, tmp_path / "out")


def test_the_command_writes_a_slice_and_says_what_it_left_out(firm, tmp_path):
    command = ["export", str(tmp_path / "out"), "--territory", "NORTH", "-f", "xlsx", "-f", "csv",
               "--config", str(firm.path)]
    done = CliRunner().invoke(cli.app, command)
    assert done.exit_code == 0, done.output
    assert re.search(r"open_items +1 rows", done.output)
    assert "rows are of no customer: Sales by group and territory, Campaigns" in done.output
    assert "8 cells are empty because they name other customers" in done.output
    assert "Besides, when named or with --all: purchases, invoices" in done.output
    assert "Written: 16 files of 00001_2026-06-30" in done.output
    with pytest.raises(ConfigurationError, match="--force replaces them"):
        CliRunner().invoke(cli.app, command, catch_exceptions=False)
    assert CliRunner().invoke(cli.app, [*command, "--force"]).exit_code == 0


def listed(rows):
    return Listed("Numbers", ["no", "what"], ["INTEGER", "VARCHAR"],
                  [(number, f"text {number}") for number in range(rows)])


def test_a_list_longer_than_a_sheet_goes_on_in_another(tmp_path):
    path = tmp_path / "book.xlsx"
    book = Book(path, title="T", subtitle="as of 2026-06-30", as_of=date(2026, 6, 30), most_rows=7)
    done = book.add(listed(7))
    book.finish([])
    assert done.sheets == ["Numbers", "Numbers (2)", "Numbers (3)"]
    reader = fastexcel.read_excel(path)
    rows = [reader.load_sheet(name, header_row=3).to_polars()["no"].to_list()
            for name in done.sheets]
    assert rows == [[0, 1, 2], [3, 4, 5], [6]]
    assert any("goes on in Numbers (2), Numbers (3)" in str(row[0]) for row in about_rows(path))


def test_a_list_that_just_fits_has_one_sheet_and_an_empty_one_has_its_header(tmp_path):
    path = tmp_path / "book.xlsx"
    book = Book(path, title="T", subtitle="S", as_of=date(2026, 6, 30), most_rows=7)
    assert book.add(listed(3)).sheets == ["Numbers"]
    assert book.add(Listed("Empty", ["no"], ["INTEGER"], [])).rows == 0
    book.finish([])
    assert fastexcel.read_excel(path).sheet_names == ["About", "Numbers", "Empty"]


def test_what_excel_cannot_hold_whole_is_said(tmp_path):
    path = tmp_path / "book.xlsx"
    book = Book(path, title="T", subtitle="S", as_of=date(2026, 6, 30))
    done = book.add(Listed("Big", ["amount", "text"], ["DECIMAL(18,4)", "VARCHAR"], [
        (Decimal("12345678901.2345"), "x" * 32767), (Decimal("123456789012.3456"), "x" * 32768)]))
    book.finish([])
    assert (done.rounded, done.shortened) == (1, 1)
    assert sum("the CSV and Parquet files have them whole" in str(row[0])
               for row in about_rows(path)) == 2


@pytest.mark.parametrize(("text", "named"), [
    ("Birch Mills", True), ("sold to BIRCH-MILLS, again", True), ("Birch", False),
    ("crm/B2B2B2", True), ("crm/B2B2B22", False), ("Ash & Sons", False), ("Oak Ltd", False),
    ("Oak Ltd of Birch Mills Norge", False), ("", False), ("=1+1", False),
    ("Birch Mills and Birch Mills Norge", True)])
def test_a_name_is_found_as_whole_words_and_the_longest_counts(text, named):
    """`Birch Mills Norge` is the slice's own, and so is a namesake of somebody else."""
    strangers = Strangers(own=["Ash & Sons", "Birch Mills Norge", "Oak Ltd"],
                          others=["Birch Mills", "crm/B2B2B2", "OAK LTD", "", "-"])
    assert strangers.named_in(text) is named
