"""What firms of a country look like: legal forms, family names, trades, towns, streets, numbers.

Every name here is common or made of syllables; no firm or person is meant.
Not here: how firms and their records are drawn (firms, records).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from stdnum import get_cc_module, luhn

SYLLABLES = ("al", "ber", "cor", "dan", "el", "fal", "gar", "hol", "in", "jor", "kal", "lum",
             "mer", "nor", "ost", "pel", "quin", "ras", "sol", "tan", "ul", "ven", "wal", "xan",
             "yor", "zel", "bri", "cli", "dro", "fre", "gra", "kri", "plo", "tri", "va", "mo")


@dataclass(frozen=True)
class Land:
    """One country. `number_first`: the house number stands before the street."""

    code: str
    forms: Sequence[str]
    families: Sequence[str]
    trades: Sequence[str]
    streets: Sequence[str]
    towns: Sequence[str]
    town_ends: Sequence[str]
    postcode: str
    dial: str
    trunk: str
    joined: str
    top: str
    vat: str | None
    number_first: bool = False


def words(text: str) -> Sequence[str]:
    """Words of a line; `_` stands for a blank within one."""
    return tuple(w.replace("_", " ") for w in text.split())


LANDS = (
    Land("DE", words("GmbH GmbH GmbH AG GmbH_&_Co._KG KG OHG e.K. UG_(haftungsbeschränkt)"),
         words("Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann "
               "Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun "
               "Krüger Hofmann Hartmann Lange Werner Krause Lehmann Köhler Maier König Weiß"),
         words("Maschinenbau Elektrotechnik Logistik Spedition Bau Metallbau Bäckerei "
               "Gebäudetechnik Sanitär_und_Heizung Druckerei Möbelwerke Autohaus Werkzeuge "
               "Kunststofftechnik Tiefbau Verpackungen Großhandel Software Umwelttechnik Holzbau"),
         words("Hauptstraße Bahnhofstraße Gartenstraße Schulstraße Industriestraße Lindenweg "
               "Am_Markt Goethestraße Berliner_Straße Mühlenweg Ringstraße Kirchplatz Waldweg "
               "Im_Gewerbepark Daimlerstraße Robert-Bosch-Straße Lange_Straße Poststraße"),
         words("Berlin Hamburg München Köln Frankfurt_am_Main Stuttgart Düsseldorf Leipzig "
               "Dortmund Essen Bremen Dresden Hannover Nürnberg"),
         words("burg heim stadt hausen dorf bach"), "#####", "49", "0", " & ", "de", "vat"),
    Land("AT", words("GmbH GmbH Ges.m.b.H. KG OG e.U. AG"),
         words("Gruber Huber Bauer Wagner Müller Pichler Steiner Moser Mayer Hofer Leitner Berger "
               "Fuchs Eder Fischer Schmid Winkler Weber Schwarz Maier"),
         words("Tischlerei Installationen Bau Transporte Elektro Metalltechnik Weinbau Handel "
               "Maschinenbau Gastronomie Fenster Holzbau Spenglerei Drucktechnik"),
         words("Hauptstraße Wiener_Straße Bahnhofstraße Kirchengasse Linzer_Straße Feldgasse "
               "Schulgasse Grazer_Straße Industriestraße Am_Anger Dorfstraße"),
         words("Wien Graz Linz Salzburg Innsbruck Klagenfurt Villach Wels"),
         words("dorf kirchen berg bach"), "####", "43", "0", " & ", "at", "vat"),
    Land("CH", words("AG AG GmbH GmbH SA Sàrl"),
         words("Müller Meier Schmid Keller Weber Huber Schneider Meyer Steiner Fischer Gerber "
               "Brunner Baumann Frei Zimmermann Moser Favre Rochat Bianchi"),
         words("Treuhand Haustechnik Garage Bau Immobilien Schreinerei Elektro Uhren Maschinen "
               "Gartenbau Informatik Käserei Vins Construction"),
         words("Bahnhofstrasse Hauptstrasse Dorfstrasse Seestrasse Industriestrasse Kirchweg "
               "Rue_du_Lac Rue_de_la_Gare Via_Cantonale Schulstrasse Zürcherstrasse"),
         words("Zürich Genève Basel Bern Lausanne Luzern St._Gallen Winterthur Lugano"),
         words("wil ikon berg au"), "####", "41", "0", " & ", "ch", "vat"),
    Land("GB", words("Ltd Ltd Ltd Limited plc LLP"),
         words("Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson "
               "Evans Walker White Roberts Green Hall Wood Jackson Clarke Harris Turner"),
         words("Engineering Builders Plumbing Electrical Haulage Motors Catering Foods Furniture "
               "Printing Textiles Chemicals Roofing Packaging Services Timber Bakery Instruments"),
         words("High_Street Station_Road Church_Lane Victoria_Road Mill_Lane London_Road "
               "Park_Avenue Queen_Street King_Street New_Road Green_Lane Manor_Drive Bridge_Row"),
         words("London Birmingham Leeds Glasgow Sheffield Manchester Bristol Leicester Cardiff "
               "Nottingham"),
         words("ton ham ford bury ley"), "@@# #@@", "44", "0", " & ", "co.uk", "vat", True),
    Land("FR", words("SARL SARL SAS SAS SA EURL SNC"),
         words("Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon "
               "Michel Lefèvre Leroy Roux David Bertrand Morel Fournier Girard"),
         words("Menuiserie Plomberie Transports Bâtiment Électricité Boulangerie Vins Conseil "
               "Mécanique Imprimerie Maçonnerie Distribution Négoce Charpente"),
         words("rue_de_la_République avenue_Victor_Hugo rue_Pasteur rue_du_Moulin "
               "boulevard_Gambetta place_de_la_Mairie rue_des_Écoles avenue_de_la_Gare "
               "chemin_des_Vignes rue_Jean_Jaurès route_de_Paris"),
         words("Paris Marseille Lyon Toulouse Nice Nantes Strasbourg Montpellier Bordeaux Lille"),
         words("ville court mont sur-Loire"), "#####", "33", "0", " et ", "fr", "vat", True),
    Land("NL", words("B.V. B.V. BV N.V. V.O.F."),
         words("de_Jong Jansen de_Vries van_den_Berg Bakker Visser Smit Meijer de_Boer Mulder "
               "de_Groot Bos Vos Peters Hendriks Dekker Brouwer"),
         words("Bouw Installatie Transport Techniek Bloemen Groothandel Metaal Schilders "
               "Machines Verpakkingen Kaas Hout Advies Automatisering"),
         words("Hoofdstraat Kerkstraat Dorpsstraat Stationsweg Molenweg Industrieweg "
               "Schoolstraat Nieuwstraat Handelsweg Beatrixlaan Marktplein"),
         words("Amsterdam Rotterdam Den_Haag Utrecht Eindhoven Groningen Tilburg Almere Breda"),
         words("dam drecht wijk veen"), "#### @@", "31", "0", " en ", "nl", "vat"),
    Land("NO", words("AS AS AS ASA ANS"),
         words("Hansen Johansen Olsen Larsen Andersen Pedersen Nilsen Kristiansen Jensen Karlsen "
               "Berg Haugen Hagen Bakken Solberg Lund"),
         words("Bygg Rør Elektro Transport Fisk Mek Verksted Regnskap Maskin Eiendom Sjømat "
               "Installasjon Trelast Drift"),
         words("Storgata Kirkegata Industriveien Skolegata Strandgata Havnegata Fjordveien "
               "Sentrumsveien Nedre_gate Parkveien"),
         words("Oslo Bergen Trondheim Stavanger Drammen Tromsø Kristiansand Bodø"),
         words("vik nes fjord dal"), "####", "47", "", " og ", "no", "vat"),
    Land("SE", words("AB AB AB HB KB Aktiebolag"),
         words("Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson "
               "Gustafsson Pettersson Jonsson Lindberg Lindström Bergström Åkesson"),
         words("Bygg Åkeri El Verkstad Måleri Rör Trävaror Konsult Maskin Plåt Livs Skog Hydraulik "
               "Städ"),
         words("Storgatan Kungsgatan Drottninggatan Industrigatan Skolvägen Kyrkogatan "
               "Järnvägsgatan Hamngatan Björkvägen Verkstadsgatan"),
         words("Stockholm Göteborg Malmö Uppsala Västerås Örebro Linköping Helsingborg"),
         words("by torp hult sund"), "### ##", "46", "0", " & ", "se", "vat"),
    Land("IT", words("S.r.l. S.r.l. S.p.A. S.n.c. S.a.s. srl"),
         words("Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno "
               "Gallo Conti De_Luca Mancini Costa Giordano Rizzo"),
         words("Costruzioni Impianti Trasporti Meccanica Alimentari Vini Arredamenti Ceramiche "
               "Tessile Edilizia Officina Marmi Legnami Calzature"),
         words("Via_Roma Via_Garibaldi Corso_Italia Via_Mazzini Piazza_Dante Viale_Europa "
               "Via_Verdi Via_Cavour Via_dell'Industria Via_Marconi"),
         words("Roma Milano Napoli Torino Palermo Genova Bologna Firenze Bari Verona"),
         words("ello ano ate ola"), "#####", "39", "", " e ", "it", "vat"),
    Land("ES", words("S.L. S.L. S.A. SL S.L.U."),
         words("García Fernández González Rodríguez López Martínez Sánchez Pérez Gómez Martín "
               "Jiménez Ruiz Hernández Díaz Moreno Muñoz"),
         words("Construcciones Transportes Instalaciones Talleres Alimentación Bodegas Muebles "
               "Suministros Maquinaria Textiles Conservas Electricidad"),
         words("Calle_Mayor Avenida_de_la_Constitución Calle_Real Plaza_de_España Calle_del_Sol "
               "Avenida_de_Andalucía Calle_Nueva Polígono_Industrial_Norte Calle_San_Juan"),
         words("Madrid Barcelona Valencia Sevilla Zaragoza Málaga Murcia Bilbao Alicante"),
         words("illa ada edo uel"), "#####", "34", "", " y ", "es", "vat"),
    Land("US", words("Inc. Inc. LLC LLC Corp. Co."),
         words("Smith Johnson Williams Brown Jones Miller Davis Anderson Wilson Moore Taylor "
               "Thomas Jackson White Harris Martin Clark Lewis Young Allen King"),
         words("Construction Supply Manufacturing Trucking Foods Machine Tool Electric Plumbing "
               "Consulting Equipment Packaging Lumber Steel Dental Realty Printing"),
         words("Main_Street Oak_Avenue Maple_Drive Washington_Street Park_Avenue 2nd_Street "
               "Industrial_Boulevard Lake_Road Cedar_Lane Commerce_Drive Elm_Street"),
         words("New_York Chicago Houston Phoenix Dallas Denver Boston Portland Columbus Seattle"),
         words("ville field burg wood"), "#####", "1", "", " & ", "com", None, True))


def syllables(rng: Random, least: int = 2, most: int = 3) -> str:
    """A made word."""
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(least, most))).capitalize()


def digits(rng: Random, pattern: str) -> str:
    """A pattern with each # as a digit and each @ as a letter."""
    return "".join(rng.choice("0123456789") if c == "#" else rng.choice("ABCDEGHJKLMNPRSTW")
                   if c == "@" else c for c in pattern)


BODIES = {"DE": "1########", "AT": "U########", "CH": "CHE#########MWST", "GB": "2########",
          "NL": "#########B01", "NO": "9########MVA", "SE": "5#########01",
          "IT": "0##########", "ES": "B########"}


def vat_number(rng: Random, land: Land) -> str | None:
    """A VAT number of the country, its check digits right; None where there are none."""
    if land.vat is None:
        return None
    module = get_cc_module(land.code, land.vat)
    if land.code == "FR":
        siren = digits(rng, "4#######")
        siren += luhn.calc_check_digit(siren)
        return f"FR{int(siren + '12') % 97:02d}{siren}"
    while True:
        body = digits(rng, BODIES[land.code])
        if land.code == "IT":
            body = body[:7] + "0" + body[8:10] + body[10]
        if module.is_valid(body):
            return body if land.code in ("CH", "NO") else f"{land.code}{body}"
