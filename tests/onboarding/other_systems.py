"""Small folders of extracts in the manner of systems that the demo is not made of."""

from pathlib import Path

# A German ledger: semicolons, decimal commas, day first, cp1252.
GERMAN = {
    "Kunden_30062026.csv": (
        "Kundennummer;Firmenname;Straße;PLZ;Ort;Land;USt-IdNr;Telefon;E-Mail;Gesperrt\n"
        "10001;Müller GmbH;Hauptstraße 1;28195;Bremen;DE;DE123456789;+49 421 5551;a@m.example;N\n"
        "10002;Öl & Co;Ring 2;1010;Wien;AT;ATU12345678;+43 1 555123;b@o.example;J\n"
        "10003;Weiß KG;Gasse 3;8001;Zürich;CH;;+41 44 555 12;c@w.example;N\n"),
    "Rechnungen_30062026.csv": (
        "Rechnungsnummer;Kundennr;Rechnungsdatum;Fälligkeitsdatum;Währung;Bruttobetrag;Nettobetrag;"
        "MwSt-Betrag;Offener Betrag\n"
        "R-1;10001;31.05.2026;30.06.2026;EUR;1.190,00;1.000,00;190,00;1.190,00\n"
        "R-2;10002;15.06.2026;15.07.2026;EUR;238,00;200,00;38,00;0,00\n"
        "R-3;10001;16.06.2026;16.07.2026;EUR;59,50;50,00;9,50;59,50\n"),
}
# Documents and their references in the manner of ERPNext.
ERPNEXT = {
    "Sales Invoice.csv": (
        "name,customer,company,posting_date,due_date,currency,conversion_rate,grand_total,"
        "base_grand_total,net_total,outstanding_amount,po_no,status\n"
        "SINV-1,CUST-1,Firm,2026-05-31,2026-06-30,EUR,1,119.00,119.00,100.00,119.00,P1,Overdue\n"
        "SINV-2,CUST-2,Firm,2026-06-02,2026-07-02,EUR,1,59.50,59.50,50.00,0.00,P2,Paid\n"),
    "Customer.csv": (
        "name,customer_name,customer_group,territory,tax_id,disabled\n"
        "CUST-1,Alpha,Commercial,Germany,DE123456789,0\n"
        "CUST-2,Beta,Commercial,Austria,ATU12345678,1\n"),
}
# Exports in the manner of Salesforce.
SALESFORCE = {
    "Account.csv": (
        "Id,Name,Type,ParentId,BillingStreet,BillingCity,BillingPostalCode,Phone,Website,Industry,"
        "NumberOfEmployees,OwnerId,CreatedDate\n"
        "001A1,Alpha,Customer,,Main 1,Bremen,28195,+49 421 5551,www.alpha.example,Steel,120,005A1,"
        "2024-01-31T10:00:00.000Z\n"
        "001A2,Beta,Prospect,001A1,Ring 2,Wien,1010,+43 1 555123,www.beta.example,Food,15,005A1,"
        "2024-02-28T11:00:00.000Z\n"),
    "Contact.csv": (
        "Id,AccountId,FirstName,LastName,Email,Phone,Title\n"
        "003A1,001A1,Ann,Ash,ann@alpha.example,+49 421 5552,Buyer\n"
        "003A2,001A2,Ben,Bay,ben@beta.example,+43 1 555124,Clerk\n"),
    "Opportunity.csv": (
        "Id,AccountId,Name,StageName,Amount,CloseDate,OwnerId\n"
        "006A1,001A1,Pumps,Closed Won,1000.00,2026-03-31,005A1\n"
        "006A2,001A2,Valves,Prospecting,500.00,2026-09-30,005A1\n"),
}
# Invoices that say when each was settled, and nothing else.
SETTLED = {
    "offene_posten.csv": (
        "Belegnummer;Kundennr;Belegdatum;Fällig am;Betrag;Bezahlt am;Streitig\n"
        "B-1;K1;31.01.2026;28.02.2026;1.000,00;15.02.2026;Nein\n"
        "B-2;K2;01.02.2026;28.02.2026;250,50;;Ja\n"
        "B-3;K1;14.02.2026;31.03.2026;99,00;20.03.2026;Nein\n"),
}


def lay(folder: Path, files: dict[str, str], encoding: str = "utf-8") -> Path:
    """The files in a folder of their own."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode(encoding))
    return folder
