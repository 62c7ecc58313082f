"""How an organisation can be reached: telephone numbers, mailboxes, internet domains.

Each in one spelling, or nothing where it is none. A domain counts only where it can be an
organisation's own: free mail and hosts of many (common_domains.txt) never do.
Not here: which of them several organisations share (pairs), since that is told by all records.
"""

import re
from functools import lru_cache
from pathlib import Path

import phonenumbers
from publicsuffixlist import PublicSuffixList

MAILBOX = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[^@\s]+")
HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
SEPARATORS = re.compile(r"[;,\s]+")


@lru_cache(maxsize=200_000)
def phone_id(number: str | None, country: str | None) -> str | None:
    """A telephone number as E.164, read as of `country` where it names none; None if it is none.

    The length must be right for its country; numbers of one or two digits repeated are
    placeholders.
    """
    if not number or sum(c.isdigit() for c in number) < 6:
        return None
    try:
        read = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(read) or len(set(str(read.national_number))) < 3:
        return None
    return f"+{read.country_code}{'0' if read.italian_leading_zero else ''}{read.national_number}"


def phone_ids(numbers: str | None, country: str | None) -> list[str]:
    """The numbers of a field that may hold several, separated by `;` or `,`."""
    found = {phone_id(part.strip(), country) for part in re.split("[;,]", numbers or "")}
    return sorted(p for p in found if p)


def mailboxes(*texts: str | None) -> list[str]:
    """E-mail addresses of fields that may hold several, lower case, domains as in the DNS."""
    found = set()
    for part in SEPARATORS.split(" ".join(t for t in texts if t).lower()):
        name, _, host = part.removeprefix("mailto:").strip("<>").rpartition("@")
        ascii_host = _host(host)
        if ascii_host and MAILBOX.fullmatch(f"{name}@{ascii_host}"):
            found.add(f"{name}@{ascii_host}")
    return sorted(found)


def domains(*texts: str | None) -> list[str]:
    """Registrable domains, each an organisation's own, of web addresses, domains and mailboxes."""
    found = {own_domain(part) for part in SEPARATORS.split(" ".join(t for t in texts if t))}
    return sorted(d for d in found if d)


@lru_cache(maxsize=300_000)
def own_domain(text: str) -> str | None:
    """The registrable domain of a web address, host or mailbox; None for a common one or none."""
    host = text.strip().lower().removeprefix("mailto:")
    host = host.partition("://")[2] if "://" in host else host
    host = re.split(r"[/?#\\]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0]
    ascii_host = _host(host)
    if ascii_host is None:
        return None
    suffixes = _suffixes()
    domain = suffixes.privatesuffix(ascii_host)
    if domain is None:
        return None
    names = _common()
    return None if domain in names or f"{domain.partition('.')[0]}.*" in names else str(domain)


@lru_cache(maxsize=100_000)
def _host(text: str) -> str | None:
    host = text.strip("<>().,;\"' ").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return None
    return host if HOST.fullmatch(host) else None


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = Path(__file__).with_name("common_domains.txt").read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() for w in line.partition("#")[0].split())
