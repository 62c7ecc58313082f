"""Letters and statements as a person finds them: read back from the files that were written."""

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import docx
import fastexcel
import pytest
import typst
from letter_firm import Firm, entry, header

from dagster_project import correspondence
from dagster_project.deliveries import rendering
from dagster_project.errors import ConfigurationError, PublicationError
from schemas import erp_ledger

HOSTILE = "Größe & Söhne #1 $x <b>{{ 7*7 }}</b> {% x %} \"Жук\" 'q' \\ @a *b* _c_ `d`"
SHIPPED = rendering.SHIPPED


def words_of(path: Path) -> list[str]:
    """Every paragraph of a Word file, those of its tables and its foot included."""
    document = docx.Document(str(path))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    feet = [section.first_page_footer for section in document.sections]
    return [paragraph.text.replace("\u00a0", " ") for part in (document, *cells, *feet)
            for paragraph in part.paragraphs if paragraph.text.strip()]


def rows_of(path: Path, table: int) -> list[list[str]]:
    found = docx.Document(str(path)).tables[table]
    return [[cell.text for cell in row.cells] for row in found.rows]


def pages_of(path: Path) -> int:
    found = re.search(rb"/Type/Pages/Count (\d+)", path.read_bytes())
    assert found
    return int(found[1])


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> correspondence.Rendered:
    """A short letter, a long one, a German one, a hostile one, and one nobody has a font for."""
    firm = Firm(tmp_path_factory.mktemp("firm"))
    firm.owes("A1", credits=Decimal("5.50"), interest=Decimal("0.41"),
              to_pay=Decimal("104.91"), contact_name="Ada Berg")
    firm.owes("A2", lines=70)
    firm.owes("A3", country_code="DE", postcode="70565", city="Stuttgart", currency="EUR",
              overdue=Decimal("12345.6"), disputed=Decimal("12245.6"))
    firm.owes("A4", account_name=HOSTILE, addressee=HOSTILE, letter_ref="../A4 #$")
    firm.owes("A5", addressee="漢 Trading\x07\nLtd", country_code="JP", currency="JPY",
              to_pay=Decimal("1500.0000"))
    firm.publish()
    return firm.render()


def word(rendered: correspondence.Rendered, key: str) -> Path:
    paper = next(p for p in rendered.papers if p.id == f"atlas/{key}/1")
    return rendered.folder / f"{paper.stem}.docx"


def test_a_letter_says_what_is_owed_since_when_and_what_is_to_pay(rendered) -> None:
    said = words_of(word(rendered, "A1"))
    assert "Payment reminder A1-1" in said
    assert "Dear Ada Berg," in said
    assert "Please pay 104.91 GBP by 14 July 2026." in said
    assert rows_of(word(rendered, "A1"), 2) == [
        ["Document", "Your reference", "Date", "Due", "Days overdue", "Open", "To pay"],
        ["Invoice I-1", "", "11 May 2026", "10 Jun 2026", "20", "100.00", "100.00"]]
    assert [row[1:] for row in rows_of(word(rendered, "A1"), 3)] == [
        ["Total of the items", "100.00", "GBP"], ["Less open credits", "-5.50", "GBP"],
        ["Interest on arrears", "0.41", "GBP"], ["Reminder fee", "10.00", "GBP"],
        ["Amount to pay", "104.91", "GBP"]]


def test_the_window_shows_whom_it_goes_to_and_at_home_no_country(rendered) -> None:
    window = rows_of(word(rendered, "A1"), 1)[0][0].splitlines()
    assert window == ["Ash & Birch Ltd · 1 High Street · Leeds LS1 1AA", "Firm A1",
                      "Attn Ada Berg", "2 Low Street", "Leeds LS2 2BB"]
    abroad = rows_of(word(rendered, "A3"), 1)[0][0].splitlines()
    assert abroad[-2:] == ["70565 Stuttgart", "GERMANY"]


def test_a_letter_to_germany_is_german_and_so_are_its_figures(rendered) -> None:
    said = words_of(word(rendered, "A3"))
    assert "Zahlungserinnerung A3-1" in said
    assert "Sehr geehrte Damen und Herren," in said
    assert ("Den von Ihnen beanstandeten Betrag von 12.245,60 EUR fordern wir hier nicht an."
            in said)
    assert "Bitte zahlen Sie 110,00 EUR bis zum 14. Juli 2026." in said


def test_money_goes_to_the_account_of_its_currency_else_to_the_one_for_all(rendered) -> None:
    assert any("DE89" in text for text in words_of(word(rendered, "A3")))
    assert not any("GB33" in text for text in words_of(word(rendered, "A3")))
    assert any("GB33" in text for text in words_of(word(rendered, "A1")))


def test_a_currency_without_cents_is_written_without(rendered) -> None:
    assert "Please pay 1,500 JPY by 14 July 2026." in words_of(word(rendered, "A5"))


def test_a_long_list_flows_over_pages_and_repeats_its_head(rendered) -> None:
    long = word(rendered, "A2")
    assert pages_of(long.with_suffix(".pdf")) == 3
    assert pages_of(word(rendered, "A1").with_suffix(".pdf")) == 1
    rows = docx.Document(str(long)).tables[2].rows
    assert len(rows) == 71
    assert rows[0]._tr.xpath("w:trPr/w:tblHeader")
    assert not rows[1]._tr.xpath("w:trPr/w:tblHeader")


def test_a_name_is_printed_whatever_stands_in_it(rendered) -> None:
    hostile = word(rendered, "A4")
    assert HOSTILE in rows_of(hostile, 1)[0][0].splitlines()
    assert hostile.parent == rendered.folder
    assert re.fullmatch(r"A4_[0-9a-f]{6}\.docx", hostile.name)
    assert hostile.with_suffix(".pdf").read_bytes().startswith(b"%PDF-1.7")


def test_a_pdf_layout_is_given_a_name_as_text(rendered) -> None:
    paper = next(p for p in rendered.papers if p.id == "atlas/A4/1")
    with rendering.layouts(None) as using:
        rendering.pdf(using, paper)
        shown = using.folder / "shown.typ"
        shown.write_text('#import "frame.typ": *\n#show: frame\n#metadata(paper.recipient) <to>')
        asking = typst.Compiler(root=str(using.folder), ignore_system_fonts=True,
                                sys_inputs={"paper": json.dumps(paper.content | {
                                    "date": {"year": 2026, "month": 6, "day": 30}})})
        asking.compile(input=str(shown), format="pdf")
        assert json.loads(asking.query("<to>", field="value"))[0][0] == HOSTILE


def test_what_no_font_has_is_said_and_what_no_page_can_show_is_a_blank(rendered) -> None:
    assert [(paper.id, unknown) for paper, unknown in rendered.unprintable] == [
        ("atlas/A5/1", "漢")]
    assert "漢 Trading Ltd" in rows_of(word(rendered, "A5"), 1)[0][0]


def test_the_mail_merge_table_has_a_row_a_letter_and_its_words(rendered) -> None:
    text = (rendered.folder / "letters.csv").read_text(encoding="utf-8-sig")
    rows = {row["letter_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 5
    assert rows["atlas/A3/1"]["language"] == "de"
    assert rows["atlas/A3/1"]["subject"] == "Zahlungserinnerung A3-1"
    assert rows["atlas/A3/1"]["pdf_file"] == "A3-1.pdf"
    assert rows["atlas/A1/1"]["to_pay"] == "104.9100"
    assert "Please pay 104.91\u00a0GBP by 14 July 2026." in rows["atlas/A1/1"]["text"]
    sheet = fastexcel.read_excel(rendered.folder / "letters.xlsx").load_sheet(0).to_polars()
    found = {row["letter_id"]: row for row in sheet.to_dicts()}
    assert set(found) == set(rows)
    assert found["atlas/A1/1"]["to_pay"] == 104.91
    assert found["atlas/A4/1"]["account_name"] == HOSTILE


def test_a_list_that_no_cell_of_excel_holds_is_cut_there_and_whole_in_the_csv(firm) -> None:
    firm.owes("A1", document_ids=";".join(["D" * 36] * 1000))
    firm.publish()
    folder = firm.render().folder
    [row] = fastexcel.read_excel(folder / "letters.xlsx").load_sheet(0).to_polars().to_dicts()
    assert (len(row["document_ids"]), row["document_ids"][-2:]) == (32767, "D…")
    assert ";".join(["D" * 36] * 1000) in (folder / "letters.csv").read_text("utf-8-sig")


def test_the_same_publication_gives_the_same_bytes(firm) -> None:
    firm.owes("A1")
    firm.publish()
    once = {path.name: path.read_bytes() for path in firm.render().folder.iterdir()}
    again = {path.name: path.read_bytes() for path in firm.render().folder.iterdir()}
    assert set(once) == {"A1-1.docx", "A1-1.pdf", "letters.csv", "letters.xlsx"}
    assert once == again


def test_the_folder_holds_what_was_asked_for_last(firm) -> None:
    firm.owes("A1")
    firm.owes("A2")
    firm.publish()
    firm.render()
    folder = firm.render(names=["A2-1"]).folder
    assert {path.name for path in folder.iterdir()} == {
        "A2-1.docx", "A2-1.pdf", "letters.csv", "letters.xlsx"}


def test_letters_of_two_ledgers_with_one_reference_have_two_files(firm) -> None:
    firm.owes("A1")
    firm.owes("A1", letter_id="borealis/A1/1", letter_ref="a1-1")
    firm.publish()
    papers = firm.render().papers
    assert len({paper.stem.casefold() for paper in papers}) == 2
    assert {paper.id for paper in papers} == {"atlas/A1/1", "borealis/A1/1"}


def test_a_statement_runs_from_what_was_brought_forward_to_the_closing_balance(firm) -> None:
    head = header("A1")
    key = head["statement_id"]
    firm.marts["customer_statement_headers"] = [head]
    firm.marts["customer_statements"] = [
        entry(key, 1, "opening", 100, 0, 100),
        entry(key, 2, "document", 50, 0, 150, document_type="invoice", document_no="I-7"),
        entry(key, 3, "document", 0, 30, 120, document_type="receipt", document_no="P-1"),
        entry(key, 4, "closing", 0, 0, 120)]
    firm.publish()
    rendered = firm.render("statements")
    path = rendered.folder / "statement_A1_GBP.docx"
    assert [[row[1], *row[4:]] for row in rows_of(path, 2)] == [
        ["Document", "Debit", "Credit", "Balance"],
        ["Balance brought forward", "100.00", "", "100.00"],
        ["Invoice I-7", "50.00", "", "150.00"],
        ["Payment P-1", "", "30.00", "120.00"],
        ["Closing balance", "", "", "120.00"]]
    assert [row[1:3] for row in rows_of(path, 3)] == [
        ["Balance on 1 June 2026", "100.00"], ["Invoiced", "50.00"],
        ["Paid and credited", "-30.00"], ["Balance on 30 June 2026", "120.00"]]
    assert rows_of(path, 4)[1] == ["50.00", "0.00", "70.00", "0.00", "0.00", "0.00"]
    assert ("Items of 70.00 GBP are past their due date. Please settle what is due without delay."
            in words_of(path))
    assert path.with_suffix(".pdf").exists()


def test_a_letter_that_is_not_there_is_refused_with_the_closest(firm) -> None:
    firm.owes("A1")
    firm.publish()
    with pytest.raises(ConfigurationError, match=r"no collection_letters of 'A1-2' \(closest"):
        firm.render(names=["A1-2"])


def test_a_version_of_before_there_were_letters_says_so(firm) -> None:
    firm.marts = {}
    firm.publish()
    with pytest.raises(PublicationError, match="an older version of the product made it"):
        firm.render()


# -- the firm's own templates ------------------------------------------------------------------


def test_one_sentence_is_replaced_and_the_rest_stays(firm) -> None:
    firm.owes("A1")
    firm.publish()
    firm.template("en.yaml", "letters: {reminder: {subject: 'A gentle word, {{ account_code }}'}}")
    said = words_of(firm.render().folder / "A1-1.docx")
    assert "A gentle word, A1" in said
    assert "Dear Sir or Madam," in said


def test_a_layout_is_replaced_by_a_file_of_its_name(firm) -> None:
    firm.owes("A1", lines=3)
    firm.publish()
    firm.template("letter.typ", '#import "frame.typ": *\n#for line in paper.lines [\n'
                                "#line.document #pagebreak()\n]")
    assert pages_of(firm.render().folder / "A1-1.pdf") == 4


@pytest.mark.parametrize(("name", "content", "said"), [
    ("letter.typ", "#import \"frame.typ\": *\n\n#paper.subjekt", r"letter\.typ:3"),
    ("en.yaml", "salutation: 'Dear {{ contact_nam }},'",
     r"en\.yaml.*salutation: 'contact_nam' is undefined, in 'Dear"),
    ("en.yaml", "salutation: 'Dear {{ contact_name'", r"salutation: .*in 'Dear"),
    ("en.yaml", "letters: {reminder: {before: '{{ ''a''.__class__.__mro__ }}'}}",
     r"letters\.reminder\.before\[1\]: access to attribute '__class__'"),
    ("en.yaml", "letters: {reminder: nothing}", r"nothing is said for letters\.reminder;"),
    ("letter.docx", "this is no Word file", r"letter\.docx"),
])
def test_a_broken_template_is_named_with_the_letter_and_the_place(firm, name, content,
                                                                  said) -> None:
    firm.owes("A1")
    firm.publish()
    path = firm.template(name, content)
    with pytest.raises(ConfigurationError, match=f"(?s){said}") as refused:
        firm.render()
    assert str(path.parent) in str(refused.value)
    assert not list((firm.configuration.store.deliveries / "letters").iterdir())


def test_a_wrong_placeholder_in_word_is_named_with_its_line(firm) -> None:
    firm.owes("A1")
    firm.publish()
    path = firm.template("letter.docx", "")
    document = docx.Document(str(SHIPPED / "letter.docx"))
    document.add_paragraph("Yours, {{ sender.nmae }}")
    document.save(str(path))
    with pytest.raises(ConfigurationError) as refused:
        firm.render()
    assert str(refused.value) == (
        f"{path}: letter atlas/A1/1 cannot be made: 'dict object' has no attribute 'nmae', in the "
        "line 'Yours, {{ sender.nmae }}'")


def test_a_template_of_the_policy_without_words_is_named(firm) -> None:
    firm.owes("A1", template="friendly")
    firm.publish()
    with pytest.raises(ConfigurationError, match=r"its template is 'friendly' \(dunning_policy"):
        firm.render()


def test_a_language_without_words_says_how_to_give_them(firm) -> None:
    firm.configure(languages={"GB": "fr"})
    firm.owes("A1")
    firm.publish()
    with pytest.raises(ConfigurationError, match=r"no words for the language 'fr' \(there are de, "
                                                 r"en\)"):
        firm.render()


def test_both_languages_say_the_same_things() -> None:
    with rendering.layouts(None) as using:
        for language in ("de", "en"):
            words = using.wording(language)
            assert set(words.kinds()) == {"reminder", "second_reminder", "final_notice"}
            assert set(words.group("document_types", {})) == {
                *erp_ledger.DEBITS, *erp_ledger.CREDITS, *erp_ledger.EITHER}


def test_a_long_reference_and_a_foreign_file_in_the_folder_are_no_hindrance(firm) -> None:
    firm.owes("A" * 300)
    firm.publish()
    (firm.render().folder.parent / ".DS_Store").write_bytes(b"")
    [paper] = firm.render().papers
    assert re.fullmatch(r"A{80}_[0-9a-f]{6}", paper.stem)


def test_a_logo_takes_the_place_of_the_name(firm) -> None:
    firm.owes("A1")
    firm.publish()
    plain = docx.Document(str(firm.render().folder / "A1-1.docx"))
    assert not plain.inline_shapes
    firm.configure(templates="templates",
                   sender={"name": "Ash & Birch Ltd", "logo": "logo.png"})
    (firm.root / "templates").mkdir()
    with pytest.raises(ConfigurationError, match=r"no logo 'logo\.png'"):
        firm.render()
    with rendering.layouts(None) as using:
        pixel = using.compiler.compile(input=b"#set page(width: 1cm, height: 1cm)\n a",
                                       format="png")
    (firm.root / "templates" / "logo.png").write_bytes(pixel)
    assert len(docx.Document(str(firm.render().folder / "A1-1.docx")).inline_shapes) == 1


def test_each_ledger_company_has_its_own_sender(firm) -> None:
    firm.configure(senders={"atlas/E2": {"name": "Birch GmbH"}})
    firm.owes("A1", entity_key="atlas/E2")
    firm.publish()
    assert "Birch GmbH" in words_of(firm.render().folder / "A1-1.docx")
