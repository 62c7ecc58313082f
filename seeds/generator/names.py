"""Invented names: businesses, streets, people. None of them is meant to exist.

A business name is a made-up root, a trade and a legal form of its country.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Tongue:
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    trades: tuple[str, ...]
    streets: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GERMAN = Tongue(
    _words(
        "Quend Wolf Zirm Hasel Rauk Ettel Grün Vorn Sprott Jütt Üxt Ahl Brack Dorn Ekk Fuhl"
        " Gnas Hürl Immel Kolk Löns Mark Nörd Ost Pfrom Rod Schell Tann Ulm Wied"
    ),
    _words("acker bruch dorp egge furt grund holm kamp leben moor rade stieg"),
    _words("Maschinenbau Armaturen Pumpentechnik Anlagenbau Wasserwerke Papier Brauerei Chemie"),
    _words("Amselweg Kanalstraße Hafenring Mühlgasse Gießereistraße Lindenallee"),
)
ENGLISH = Tongue(
    _words(
        "Thrup Wimble Brock Quarl Hather Osk Penn Skel Dunn Farl Gorse Hex Ivel Jarrow Kest"
        " Lark Mickle Nether Ormes Pyke Rusk Stan Tarn Ug Vix Wether"
    ),
    _words("bury combe dale esk fold garth hope ley mere shaw thwaite wick"),
    _words("Engineering Pumps Foods Marine Water Chemicals Paper Brewing Fabrication Process"),
    ("Foundry Lane", "Wharf Road", "Mill Street", "Canal Side", "Station Approach", "Dock Road"),
)
NORDIC = Tongue(
    _words("Bjark Drøm Eik Fjør Gran Hegg Isk Kvern Lauv Myr Nord Ost Rim Skar Tind Ulv Vard Ås"),
    _words("dal fjell holt lund nes sund vik ås bygd eid"),
    _words("Maskin Industri Sjømat Vann Papir Kjemi Verft Teknikk Energi"),
    _words("Havnegata Fabrikkveien Storgata Kaiveien Industrivägen Møllevej"),
)
FRENCH = Tongue(
    _words("Aubr Bress Cout Dorm Estr Ferr Gouv Havr Jonq Lavr Marn Ploum Quer Rossel Touv Vauc"),
    _words("aigne elle euil ières ognac onne oux uzon"),
    _words("Industrie Pompes Chimie Eaux Boissons Papeteries Mécanique Fluides"),
    ("rue des Forges", "quai du Canal", "avenue de la Gare", "rue du Moulin", "zone du Port"),
)
DUTCH = Tongue(
    _words("Aal Boek Dronk Eem Gaas Hoek Kroos Lier Meeuw Oort Pijl Rietv Snel Turf Wad"),
    _words("broek dijk horst kade meer rade veld wijk"),
    _words("Techniek Pompen Voeding Water Chemie Papier Machines"),
    _words("Havenweg Kanaalkade Molenstraat Industrieweg Sluisplein"),
)
SPANISH = Tongue(
    _words("Alcor Bermej Calat Esqu Garr Jarand Matall Navall Orbig Pedr Quint Torrej Villar"),
    _words("aña ejo era illo osa uela"),
    _words("Industrial Bombas Aguas Bebidas Papel Química Maquinaria"),
    ("calle del Molino", "avenida del Puerto", "calle Fábrica", "camino Real"),
)


@dataclass(frozen=True)
class Country:
    code: str
    name: str
    tongue: Tongue
    forms: tuple[str, ...]
    towns: tuple[tuple[str, str], ...]  # town and the first digits of its postcode
    postcode: str  # {} stands for those digits, # for any digit
    phone: str
    currency: str
    territory: str


# Telephone numbers keep to ranges set aside for fiction, or to a 555 in the middle.
_COUNTRIES = """
DE|Germany|GmbH;GmbH & Co. KG;AG|Bremen 28;Hannover 30;Kassel 34;Augsburg 86|{}###|+49 421 555####
AT|Austria|GmbH;AG|Linz 40;Graz 80|{}##|+43 732 555###
FR|France|SARL;SAS;SA|Nantes 44;Lille 59;Lyon 69|{}###|+33 1 99 00 ## ##
BE|Belgium|SA;SRL|Namur 50;Liège 40|{}##|+32 81 55 ## ##
NL|Netherlands|B.V.;N.V.|Zwolle 80;Breda 48|{}## KD|+31 38 555 ####
ES|Spain|S.L.;S.A.|Zaragoza 50;Gijón 33|{}###|+34 976 55# ###
GB|United Kingdom|Ltd;Limited;plc|Sheffield S1#;Hull HU#;Bristol BS#|{} #QX|+44 114 496 0###
NO|Norway|AS;ASA|Bergen 50;Trondheim 70|{}##|+47 55 5# ## ##
SE|Sweden|AB|Göteborg 41;Malmö 21|{}# ##|+46 31 555 ## ##
DK|Denmark|ApS;A/S|Odense 50;Aarhus 80|{}##|+45 66 55 ## ##
US|United States|Inc.;LLC|Toledo 43;Duluth 55|{}###|+1 419 555 01##
"""
_TONGUES = {"DE": GERMAN, "AT": GERMAN, "FR": FRENCH, "BE": FRENCH, "NL": DUTCH, "ES": SPANISH}
_TONGUES |= {"GB": ENGLISH, "US": ENGLISH, "NO": NORDIC, "SE": NORDIC, "DK": NORDIC}
_CURRENCIES = {"GB": "GBP", "NO": "NOK", "SE": "SEK", "US": "USD"}
_TERRITORIES = {"DE": "DACH", "AT": "DACH", "FR": "SOUTH", "ES": "SOUTH", "GB": "UKI"}
_TERRITORIES |= {"BE": "BENELUX", "NL": "BENELUX", "US": "OVERSEAS"}


def _country(line: str) -> Country:
    code, name, forms, towns, postcodes, phones = line.split("|")
    return Country(
        code=code,
        name=name,
        tongue=_TONGUES.get(code, NORDIC),
        forms=tuple(forms.split(";")),
        towns=tuple((t.rsplit(" ", 1)[0], t.rsplit(" ", 1)[1]) for t in towns.split(";")),
        postcode=postcodes,
        phone=phones,
        currency=_CURRENCIES.get(code, "EUR"),
        territory=_TERRITORIES.get(code, "NORDICS"),
    )


COUNTRIES = {line[:2]: _country(line) for line in _COUNTRIES.strip().splitlines()}

GIVEN = _words("Alvi Benno Cati Dorle Edda Finne Gesa Hanno Ilka Jorin Kaja Levin Mirte Nele Oskar")
FAMILY = _words("Akkerby Brunnel Drostvik Eschmoor Fernhalt Gorsley Hollmark Ibsund Jarnell")

_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "å": "aa", "ñ": "n"})
_ACCENTS = str.maketrans("éèêàíóáçâ", "eeeaioaca")


def ascii_slug(name: str) -> str:
    plain = name.lower().translate(_ASCII).translate(_ACCENTS)
    return "".join(c for c in plain if c.isascii() and c.isalnum())


class Namer:
    """Hands out each root once, so that two businesses are alike only where it is planned."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._left: dict[int, list[str]] = {}

    def business(self, country: Country) -> tuple[str, str]:
        """The name without and with its legal form."""
        tongue = country.tongue
        if id(tongue) not in self._left:
            roots = [start + end for start in tongue.starts for end in tongue.ends]
            self._rng.shuffle(roots)
            self._left[id(tongue)] = roots
        name = f"{self._left[id(tongue)].pop()} {self._rng.choice(tongue.trades)}"
        return name, f"{name} {self._rng.choice(country.forms)}"

    def person(self) -> tuple[str, str]:
        return self._rng.choice(GIVEN), self._rng.choice(FAMILY)


def fill(pattern: str, rng: Random) -> str:
    return "".join(rng.choice("0123456789") if c == "#" else c for c in pattern)
