"""The words of headers: abbreviations, German and the dialects of well-known systems → one word.

Data, and the cutting of a header into words. A word that is run together (rechnungsdatum,
customerid) is cut by the words known here. Not here: which words mean which contract column
(synonyms).
"""

import re
from functools import lru_cache

# One line a meaning: the word used from here on, then how else it is written in English, German
# and the abbreviations of SAP (KUNNR, BELNR), Business Central, NetSuite and others.
_MEANINGS = """
id: key identifier guid uuid ref oid pk fk uid
number: no nr num nummer numero nbr numbers
code: kuerzel kennzeichen cd schluessel
name: bezeichnung namen title titel fullname
customer: kunde kunden cust kd client debitor debitoren debtor debtors customers kunnr clients
account: konto konten acct acc accounts
company: firma firmen companies unternehmen organisation organization org business store
entity: mandant buchungskreis bukrs subsidiary legalentity gesellschaft
invoice: rechnung rechnungen re inv invoices rg faktura bill vbrk
document: beleg belege doc docs belnr documents voucher dokument
credit: gutschrift gutschriften kredit
receipt: zahlung zahlungen payment payments receipts pmt zahlungseingang zahlungseingaenge zahlungs
order: auftrag auftraege bestellung orders ord so bestellungen vbeln auftrags
quote: angebot angebote quotation quotations offer offers quotes angebots
line: zeile zeilen position positionen pos detail details lines posnr row entry entries
item: artikel product produkt produkte material matnr sku products items part
price: preis preise prices
list: liste lists
amount: betrag betraege amt summe value wert values dmbtr wrbtr
gross: brutto incl including inklusive
net: netto excl excluding subtotal nett
tax: steuer mwst ust vat gst umsatzsteuer mehrwertsteuer
total: gesamt gesamtbetrag totals sum gesamtsumme
base: basis lcy local home functional hauswaehrung company_currency
open: offen offene outstanding remaining restbetrag rest unpaid offener
date: datum dat day tag dt dates on am
days: tage
due: faellig faelligkeit faelligkeits deadline
posting: buchung buchungs posted gebucht budat
created: erstellt angelegt create creation anlage erfasst anlagedatum erdat
updated: geaendert modified changed aenderung lastmodified last_modified systemmodstamp aendert
settled: settle bezahlt paid ausgleich ausgeglichen cleared clearing settlement zahldatum augdt
currency: waehrung curr waers iso ccy waehrungs
rate: kurs exchange factor umrechnung
exchange: wechselkurs umrechnungskurs fx
status: state zustand stand stage
type: art kind typ typus types
group: gruppe gruppen groups klasse class category kategorie
description: beschreibung desc text descr bezeichnungstext artikelbezeichnung memo subject betreff
quantity: menge qty anzahl mengen quantities fkimg stueckzahl pieces
unit: einheit einheiten uom me unitofmeasure measure mengeneinheit meins
discount: rabatt skonto nachlass disc rebate
pct: prozent percent percentage
street: strasse str address adresse addr stras address1 addressline
city: ort stadt town ort01 municipality
postcode: plz zip postal postleitzahl zipcode pstlz postalcode
region: bundesland province state_province county regio
country: land laender land1 countryregion nation
phone: telefon tel telephone fon mobile telf1 telefonnummer
email: mail e-mail emailaddress mailadresse smtp
website: web homepage url internet www internetseite webseite
first: vorname given
last: nachname surname family
contact: ansprechpartner kontakt contacts person
salesperson: verkaeufer vertreter rep salesrep seller salesman
user: benutzer anwender users employee mitarbeiter
owner: besitzer eigentuemer inhaber verantwortlicher responsible
territory: gebiet area vertriebsgebiet
terms: zahlungsbedingung zahlungsbedingungen bedingung conditions condition bedingungen zterm
shipment: lieferung lieferungen delivery deliveries shipments versand despatch shipping ship
method: methode versandart
carrier: spediteur spedition shipper
tracking: sendungsnummer sendung trackingno
limit: kreditlimit limite
warehouse: lager lagerort bin depot location store_location
stock: bestand inventory bestaende bestands
allocated: reserviert reserved
allocation: alloc zuordnung application applied zuordnungen settlement_line
return: retoure retouren rma returns ruecksendung
reason: grund ursache
dispute: reklamation reklamiert disputed klaerfall disputes streitig
reminder: mahnung mahnungen dunning reminders mahn letter letters
level: stufe mahnstufe step
promise: zusage promises zahlungszusage
campaign: kampagne campaigns kampagnen
opportunity: chance opp opportunities deal deals verkaufschance
activity: aktivitaet activities task tasks event events aktivitaeten interaction
contract: vertrag contracts vertraege agreement
case: fall ticket tickets cases faelle
member: mitglied members teilnehmer
parent: uebergeordnet main headquarters hauptsitz konzern head
registration: reg handelsregister register hrb registernummer
industry: branche sector industries
employees: headcount mitarbeiterzahl mitarbeiteranzahl staff numberofemployees
revenue: umsatz turnover annualrevenue jahresumsatz
blocked: gesperrt sperre block lock sperrkennzeichen
hold: stop stopp halt
active: aktiv live enabled isactive current
closed: geschlossen abgeschlossen
won: gewonnen
requested: wunsch wanted gewuenscht wunschtermin required
promised: zugesagt bestaetigt confirmed
cancelled: storniert canceled storno voided reversed cancellation
shipped: geliefert delivered versendet
invoiced: berechnet billed fakturiert
ordered: bestellt
returned: zurueckgesendet retourniert
cost: kosten einstand einstandspreis cogs costs
standard: std
freight: fracht porto frachtkosten versandkosten
valid: gueltig gueltigkeit effective
from: von ab start begin starting starts beginning
to: bis end until ending ends expiry
language: sprache
note: notiz notes bemerkung kommentar comment comments remark
reference: referenz verwendungszweck yourref reference_no xblnr
purchase: po einkauf bestellnummer
balance: saldo salden balances
fiscal: geschaeftsjahr gjahr fiscalyear
year: jahr
period: periode perioden periods
month: monat
hours: stunden
minutes: minuten
time: zeit uhrzeit at
legal: juristisch rechtlich registered
header: kopf head_row headers
""".strip()

_CURRENCIES = (
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KRW "
    "MAD MXN MYR NOK NZD PEN PHP PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR")
CURRENCIES = frozenset(_CURRENCIES.split())
MEANING: dict[str, str] = {}
for _line in _MEANINGS.splitlines():
    _word, _, _others = _line.partition(":")
    for _other in (_word, *_others.split()):
        MEANING.setdefault(_other.replace("_", "").replace("-", ""), _word)
# Words that say nothing by themselves.
EMPTY = frozenset(("the", "of", "der", "die", "das", "is", "ist", "dim", "fact", "tbl", "sales",
                   "production", "humanresources", "purchasing", "erp", "crm", "export", "extract",
                   "data", "daten", "all", "alle", "dbo", "sap", "s", "and", "und", "for", "by",
                   "in", "flag", "custbody", "custentity", "hs"))
# Two words that are one.
_PAIRS = {"sales person": "salesperson", "sales rep": "salesperson", "sub total": "subtotal",
          "e mail": "email", "home page": "homepage", "zip code": "zip", "post code": "postcode",
          "postal code": "postcode", "purchase order": "po", "back office": "backoffice",
          "on hand": "onhand", "on order": "onorder", "on hold": "hold", "opt out": "optout",
          "u st": "ust", "mw st": "mwst"}
UMLAUTS = {
    ord(k): v for k, v in {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e"}.items()}


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """A header or a file's name as known words, in order; what is unknown stays as it is."""
    spaced = re.sub(r"(?<=[a-z0-9äöü])(?=[A-ZÄÖÜ])|(?<=[A-Z])(?=[A-Z][a-z])", " ",
                    re.sub(r"__c$", "", text.strip()))
    plain = re.sub(r"[^a-z0-9]+", " ", spaced.lower().translate(UMLAUTS)).strip()
    for pair, one in _PAIRS.items():
        plain = re.sub(rf"\b{pair}(?=s?\b)", one, plain)
    parts = plain.split()
    found: list[str] = []
    for part in parts:
        for piece in _cut(part):
            meaning = MEANING.get(piece, MEANING.get(piece.removesuffix("s"), piece))
            if meaning not in EMPTY and meaning not in found and (
                    meaning.upper() not in CURRENCIES):
                found.append(meaning)
    return tuple(found)


def _cut(word: str) -> list[str]:
    """A compound in its known parts; a word that does not come out even stays whole."""
    if word in MEANING or word in EMPTY or len(word) < 6:
        return [word]
    best: list[str] | None = None
    for end in range(len(word) - 1, 2, -1):
        head = word[:end]
        if head not in MEANING and head not in EMPTY:
            continue
        # German joins words with an s.
        for rest in (word[end:], word[end + 1:] if word[end] == "s" else ""):
            if len(rest) < 2:
                continue
            tail = _cut(rest)
            if all(part in MEANING or part in EMPTY for part in tail) and (
                    best is None or len(tail) + 1 < len(best)):
                best = [head, *tail]
    return best or [word]
