"""What an extract feeds and what its columns mean is guessed from names and contents."""

import re
from pathlib import Path
from typing import Any

import pytest
from other_systems import ERPNEXT, GERMAN, SALESFORCE, SETTLED, lay

from dagster_project import settings
from dagster_project.errors import ConfigurationError
from dagster_project.guessing import layout, start, vocabulary
from dagster_project.guessing.deriving import Input
from dagster_project.settings import Expression

# Of the columns that the demo's configuration maps from a column, so many are guessed right. Its
# headers are known to the synonyms, so this says that nothing is lost, not how well others do.
FLOOR = 95


def guessed(folder: Path, **options: Any) -> dict[str, Input]:
    """The guessed inputs by contract table; of several, the first."""
    found = start.guessed(folder, folder.parent / "my.yaml", **options)
    return {made.table: made for made in reversed(found.inputs)}


def mapped(made: Input) -> dict[str, Any]:
    return {name: guess.value for name, guess in made.columns.items()}


def named_in(value: Any, columns: list[str]) -> set[str]:
    """The columns that a mapped value names."""
    if isinstance(value, str):
        return {value.rpartition(".")[2]} & set(columns)
    text = value.sql if isinstance(value, Expression) else (
        value.get("sql", "") if isinstance(value, dict) else "")
    plain = re.sub(r"'[^']*'", "", text)
    return {c for c in columns if re.search(rf"\b{re.escape(c)}\b", plain)}


@pytest.mark.parametrize("name", ["crm", "atlas", "borealis"])
def test_the_demos_columns_are_guessed_as_its_configuration_has_them(name: str) -> None:
    """A guess is right if it names columns that the configuration's value is made of."""
    source = settings.load(settings.DEMO_CONFIGURATION).source(name)
    found = start.guessed(settings.PROJECT / "seeds" / name, Path("my.yaml"))
    headers = {e.name: [c.name for c in e.columns] for e in found.extracts}
    guesses = {(made.extract.name, made.table, column): named_in(guess.value,
                                                                headers[made.extract.name])
               for made in found.inputs if made.extract
               for column, guess in made.columns.items()}
    wanted = {(mapped.source, table, column): named_in(value, headers[mapped.source])
              for table, inputs in source.tables.items() for mapped in inputs
              if mapped.source in headers for column, value in (mapped.columns or {}).items()}
    judged = {place: guesses.get(place, set()) for place, columns in wanted.items() if columns}
    right = sum(bool(guess) and guess <= wanted[place] for place, guess in judged.items())
    share = 100 * right / len(judged)
    print(f"{name}: {right} of {len(judged)} columns guessed right ({share:.1f} %)")
    assert share >= FLOOR


def test_a_german_ledger_is_understood(tmp_path: Path) -> None:
    found = guessed(lay(tmp_path / "in", GERMAN, "cp1252"))
    account = mapped(found["erp_account"])
    assert {k: account[k] for k in ("account_id", "name", "address_line1", "postcode", "city",
                                    "country_code", "vat_number", "phone", "email")} == {
        "account_id": "Kundennummer", "name": "Firmenname", "address_line1": "Straße",
        "postcode": "PLZ", "city": "Ort", "country_code": "Land", "vat_number": "USt-IdNr",
        "phone": "Telefon", "email": "E-Mail"}
    assert account["status"] == {
        "sql": "case Gesperrt when 'J' then 'blocked_all' when 'N' then 'active' else Gesperrt end"}
    document = mapped(found["erp_ar_document"])
    assert {k: document[k] for k in ("document_id", "account_id", "document_date", "due_date",
                                     "currency", "amount", "net_amount", "tax_amount",
                                     "open_amount")} == {
        "document_id": "Rechnungsnummer", "account_id": "Kundennr",
        "document_date": "Rechnungsdatum", "due_date": "Fälligkeitsdatum", "currency": "Währung",
        "amount": "Bruttobetrag", "net_amount": "Nettobetrag", "tax_amount": "MwSt-Betrag",
        "open_amount": "Offener Betrag"}


def test_documents_in_the_manner_of_erpnext(tmp_path: Path) -> None:
    found = guessed(lay(tmp_path / "in", ERPNEXT))
    document, account = mapped(found["erp_ar_document"]), mapped(found["erp_account"])
    assert (account["account_id"], account["name"]) == ("name", "customer_name")
    assert account["status"] == {
        "sql": "case disabled when '0' then 'active' when '1' then 'inactive' else disabled end"}
    assert {k: document[k] for k in ("document_id", "account_id", "amount", "base_amount",
                                     "exchange_rate", "open_amount", "net_amount")} == {
        "document_id": "name", "account_id": "customer", "amount": "grand_total",
        "base_amount": "base_grand_total", "exchange_rate": "conversion_rate",
        "open_amount": "outstanding_amount", "net_amount": "net_total"}


def test_exports_in_the_manner_of_salesforce_are_a_crm(tmp_path: Path) -> None:
    found = guessed(lay(tmp_path / "in", SALESFORCE))
    assert {"crm_company", "crm_contact", "crm_opportunity"} == set(found)
    assert mapped(found["crm_company"])["company_id"] == "Id"
    assert mapped(found["crm_contact"])["company_id"] == "AccountId"
    assert mapped(found["crm_opportunity"])["is_won"] == {
        "sql": "lower(StageName) in ('won', 'closed won', 'closedwon', 'gewonnen')"}


def test_values_that_stand_among_anothers_keys_are_evidence(tmp_path: Path) -> None:
    document = guessed(lay(tmp_path / "in", GERMAN))["erp_ar_document"]
    assert document.columns["account_id"].why == (
        "sure: 100 % of its values stand in kunden.Kundennummer")


def test_a_column_is_found_by_its_contents_alone(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {"customers.csv": (
        "No,Name,Info1,Info2\n1,Alpha,a@alpha.example,DE123456789\n"
        "2,Beta,b@beta.example,ATU12345678\n")})
    columns = guessed(folder)["erp_account"].columns
    assert (columns["email"].value, columns["email"].why) == (
        "Info1", "guess: 100 % of its values are e-mail addresses")
    assert columns["vat_number"].value == "Info2"


def test_no_column_is_used_for_two_of_a_table_by_name(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {"customers.csv": "No,Name\n1,Alpha\n2,Beta\n"})
    made = guessed(folder)["erp_account"]
    plain = [g.value for g in made.columns.values()
             if isinstance(g.value, str) and g.why.startswith(("sure", "likely"))]
    assert sorted(plain) == ["Name", "No"]


def test_a_column_of_another_type_is_not_taken_for_its_name(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {"invoices.csv": (
        "InvoiceNo,CustomerNo,InvoiceDate,DueDate,Amount\n"
        "1,A,2026-01-31,on delivery,10.00\n2,B,2026-02-28,prepaid,20.00\n")})
    assert "due_date" not in guessed(folder)["erp_ar_document"].columns


def test_settled_invoices_bring_accounts_receipts_and_allocations(tmp_path: Path) -> None:
    found = start.guessed(lay(tmp_path / "in", SETTLED), tmp_path / "my.yaml", currency="EUR")
    documents = [i for i in found.inputs if i.table == "erp_ar_document"]
    assert [i.columns["document_type"].value for i in documents] == [
        {"constant": "invoice"}, {"constant": "receipt"}]
    assert documents[1].options["where"].value == '"Bezahlt am" is not null'
    others = {i.table: i for i in found.inputs if i not in documents}
    assert others["erp_account"].options["group_by"].value == "Kundennr"
    assert others["erp_ar_allocation"].columns["allocation_date"].value == "Bezahlt am"
    assert others["erp_dispute"].options["where"].value == "Streitig = 'Ja'"


def test_a_currency_in_a_header_is_the_firms(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {"offene_posten.csv": SETTLED["offene_posten.csv"].replace(
        "Betrag;", "Betrag CHF;")})
    document = mapped(guessed(folder)["erp_ar_document"])
    assert (document["amount"], document["currency"]) == ("Betrag CHF", {"constant": "CHF"})


def test_each_ledger_company_has_its_own_currency(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {"invoices.csv": (
        "Company,InvoiceNo,CustomerNo,InvoiceDate,DueDate,Currency,Amount,AmountBase\n"
        "B1,1,A,2026-01-31,2026-02-28,GBP,10.00,10.00\n"
        "B1,2,A,2026-01-31,2026-02-28,EUR,10.00,8.60\n"
        "B2,3,B,2026-01-31,2026-02-28,NOK,10.00,10.00\n")})
    rows = guessed(folder)["erp_entity"].rows
    assert [(r["entity_id"].value, r["base_currency"].value) for r in rows] == [
        ("B1", "GBP"), ("B2", "NOK")]


def test_words_that_say_nothing_of_a_documents_kind_are_left_alone(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {"invoices.csv": (
        "InvoiceNo,CustomerNo,InvoiceDate,InvoiceType,Amount\n"
        "1,A,2026-01-31,Paper,10.00\n2,B,2026-02-28,Electronic,20.00\n")})
    assert mapped(guessed(folder)["erp_ar_document"])["document_type"] == {"constant": "invoice"}


def test_a_key_of_two_columns_is_put_together(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {
        **GERMAN, "Rechnungspositionen_30062026.csv": (
            "Rechnungsnummer;Pos;Artikelnr;Menge;Preis;Nettobetrag\n"
            "R-1;1;A;2;250,00;500,00\nR-1;2;B;1;500,00;500,00\nR-2;1;A;1;200,00;200,00\n")})
    assert mapped(guessed(folder)["erp_ar_document_line"])["line_id"] == {
        "sql": "Rechnungsnummer || '-' || Pos"}


ENTRIES = {
    "ledger_entries.csv": "EntryNo,DocumentNo,CustomerNo,DocumentType,PostingDate,Amount\n"
    + "".join(f"90{n},DOC-{n},C{n % 3},Invoice,2026-01-{n},10.00\n" for n in range(11, 29)),
    "disputes.csv": "DisputeNo,EntryNo,Amount\nX1,9011,5.00\nX2,9012,5.00\n",
    "promises.csv": "PromiseNo,EntryNo,CustomerNo,MadeOn,PromisedFor,Amount\n"
                    "P1,9013,C1,2026-02-01,2026-02-28,5.00\nP2,9014,C2,2026-02-01,2026-03-01,5.00\n",
    "sales_lines.csv": "DocumentNo,LineNo,ItemNo,Description,Quantity,UnitPrice,Amount\n" + "".join(
        f"DOC-{n},1,A,Pump,1,10.00,10.00\n" for n in range(11, 29))}


def test_the_key_is_the_number_that_other_files_refer_to(tmp_path: Path) -> None:
    document = mapped(guessed(lay(tmp_path / "in", ENTRIES))["erp_ar_document"])
    assert (document["document_id"], document["document_no"]) == ("EntryNo", "DocumentNo")


def test_a_reference_by_another_number_is_joined(tmp_path: Path) -> None:
    line = guessed(lay(tmp_path / "in", ENTRIES))["erp_ar_document_line"]
    assert line.columns["document_id"].value == "ledger_entries.EntryNo"
    assert line.options["join"].value == [{
        "to": "ledger_entries", "on": "ledger_entries.DocumentNo = sales_lines.DocumentNo"}]
    assert line.columns["line_id"].value == {
        "sql": "sales_lines.DocumentNo || '-' || sales_lines.LineNo"}


def test_what_nobody_can_guess_is_to_do(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {"orders.csv": (
        "OrderNo,CustomerNo,OrderDate,State,Total\n1,A,2026-01-31,17,10.00\n"
        "2,B,2026-02-28,42,20.00\n")})
    status = mapped(guessed(folder, role="erp")["erp_sales_order"])["status"]
    assert status["todo"].startswith("what the words of State mean (17, 42); one of draft, ")


def test_a_folder_with_nothing_usable_says_what_it_saw(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", {"readme.txt": "Hello there\n",
                                   "sensors.csv": "Ping,Pong\n1,2\n3,4\n"})
    with pytest.raises(ConfigurationError) as refused:
        start.guessed(folder, tmp_path / "my.yaml")
    assert "sensors fits no contract table" in str(refused.value)
    assert "readme.txt: it is not delimited text" in str(refused.value)


def test_the_same_folder_gives_the_same_text(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", GERMAN | SETTLED)
    first, again = (layout.text(start.guessed(folder, tmp_path / "my.yaml")) for _ in range(2))
    assert first == again


@pytest.mark.parametrize(("header", "words"), [
    ("Rechnungsdatum", ("invoice", "date")), ("KundenNr", ("customer", "number")),
    ("customerid", ("customer", "id")), ("KUNNR", ("customer",)), ("Straße", ("street",)),
    ("USt-IdNr", ("tax", "id", "number")), ("UnitPriceDiscount", ("unit", "price", "discount")),
    ("SalesPersonID", ("salesperson", "id")), ("AmountLcy", ("amount", "base")),
    ("DaysToSettle", ("days", "to", "settled")), ("Sub Total", ("net",)),
    ("Zahlungsbedingungen", ("terms",)), ("Menge", ("quantity",))])
def test_headers_come_to_the_same_words(header: str, words: tuple[str, ...]) -> None:
    assert vocabulary.words(header) == words
