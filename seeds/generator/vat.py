"""VAT and registration numbers with the check digits their countries publish."""

from random import Random


def _digits(rng: Random, count: int, first: str = "123456789") -> str:
    return rng.choice(first) + "".join(rng.choice("0123456789") for _ in range(count - 1))


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True))


def _luhn_digit(digits: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _mod11_digit(digits: str, weights: tuple[int, ...]) -> str | None:
    check = -_weighted(digits, weights) % 11
    return None if check == 10 else str(check)


def germany(rng: Random) -> str:
    digits, product = _digits(rng, 8), 10
    for digit in digits:
        product = ((int(digit) + product - 1) % 10 + 1) * 2 % 11
    return f"DE{digits}{(11 - product) % 10}"


def britain(rng: Random) -> str:
    digits = _digits(rng, 7, first="2345678")
    return f"GB{digits}{97 - _weighted(digits, (8, 7, 6, 5, 4, 3, 2)) % 97:02d}"


def austria(rng: Random) -> str:
    digits = _digits(rng, 7)
    total = 4
    for place, digit in enumerate(digits):
        value = int(digit) * (1 if place % 2 == 0 else 2)
        total += value // 10 + value % 10
    return f"ATU{digits}{-total % 10}"


def france(rng: Random) -> str:
    siren = _digits(rng, 8, first="345789")
    siren += _luhn_digit(siren)
    return f"FR{int(siren + '12') % 97:02d}{siren}"


def netherlands(rng: Random) -> str:
    while True:
        digits = _digits(rng, 8)
        check = _weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
        if check < 10:
            return f"NL{digits}{check}B01"


def spain(rng: Random) -> str:
    digits = _digits(rng, 7, first="1234568")
    # the tax office doubles the odd places, which is Luhn's rule for seven digits
    return f"ES{rng.choice('AB')}{digits}{_luhn_digit(digits)}"


def norway(rng: Random) -> str:
    while True:
        digits = _digits(rng, 8, first="89")
        check = _mod11_digit(digits, (3, 2, 7, 6, 5, 4, 3, 2))
        if check is not None:
            return f"NO{digits}{check}MVA"


def sweden(rng: Random) -> str:
    digits = "55" + _digits(rng, 1, first="6789") + _digits(rng, 6, first="0123456789")
    return f"SE{digits}{_luhn_digit(digits)}01"


def denmark(rng: Random) -> str:
    while True:
        digits = _digits(rng, 7)
        check = _mod11_digit(digits, (2, 7, 6, 5, 4, 3, 2))
        if check is not None:
            return f"DK{digits}{check}"


def belgium(rng: Random) -> str:
    digits = "0" + _digits(rng, 7, first="4567")
    return f"BE{digits}{97 - int(digits) % 97:02d}"


MAKERS = {
    "DE": germany,
    "GB": britain,
    "AT": austria,
    "FR": france,
    "NL": netherlands,
    "ES": spain,
    "NO": norway,
    "SE": sweden,
    "DK": denmark,
    "BE": belgium,
}


def registration(country: str, vat: str, rng: Random) -> str | None:
    """The trade register's number, where a country has one national register number."""
    if country == "NO":
        return vat[2:11]
    if country == "FR":
        return vat[4:]
    if country == "SE":
        return f"{vat[2:8]}-{vat[8:12]}"
    if country == "DK":
        return vat[2:]
    if country == "BE":
        return vat[2:]
    if country == "GB":
        return _digits(rng, 8, first="0123")
    return None


def misprint(number: str, rng: Random) -> str:
    """The number with one of its middle digits wrong, so that its check digit fails."""
    place = 6
    wrong = str((int(number[place]) + rng.randint(1, 3)) % 10)
    return number[:place] + wrong + number[place + 1 :]


def written_loosely(number: str, rng: Random) -> str:
    """The same number as people type it: blanks, dots or hyphens between the digits."""
    mark = rng.choice([" ", ".", "-", " "])
    body = number[2:]
    parts = [body[i : i + 3] for i in range(0, len(body), 3)]
    return f"{number[:2]} {mark.join(parts)}"
