"""The command `review`: shows what waits for a person, pair by pair, and writes what they decide.

Not here: which pairs wait (dbt: match_review_queue, duplicate_companies), the file (decisions).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import decisions, publication, settings
from .decisions import EVERY, Decision, DecisionFile
from .errors import ConfigurationError
from .terminal import ConfigOption, configuration_of, escaped, out, print_table, short

if TYPE_CHECKING:
    from rich.table import Table

Row = dict[str, Any]
Pair = tuple[str, str]
ALL = f"{EVERY}/{EVERY}"
# The fields of both sides, as they are called on the screen and in the words of a comparison.
FIELDS = {"name": ("name", "name"), "legal_name": ("legal name", ""),
          "vat_number": ("VAT number", "VAT or register number"),
          "registration_number": ("register number", ""), "website": ("web", "domain"),
          "email": ("e-mail", "e-mail"), "phone": ("phone", "phone"),
          "address_line1": ("street", "street"), "postcode": ("postcode", "postcode"),
          "city": ("town", "town"), "country_code": ("country", "")}
PAIR_ANSWERS = {"c": "confirm", "r": "reject", "p": "pin", "s": "split", "n": "next", "q": "quit"}
COMPANY_ANSWERS = {"m": "merge", "s": "split", "n": "next", "q": "quit"}
MEANINGS = {"confirm": "confirm: it is this company's", "reject": "reject: it is not",
            "pin": "pin: it is, whoever else is confirmed", "merge": "merge: the companies are one",
            "split": "split: it stands alone", "next": "next: decide later", "quit": "quit"}
MEANINGS_OF_COMPANIES = MEANINGS | {"split": "split: two customers, whatever merges them"}

By = Annotated[str | None, typer.Option(
    "--by", help=f"Who decides. Default: {settings.STEWARD_VARIABLE}, else who is logged in.",
    show_default=False)]
Two = tuple[str, str] | None


def _two(name: str, text: str, names: str = "ACCOUNT COMPANY") -> Any:
    return typer.Option(name, metavar=names, help=text, show_default=False)


def review(
    what: Annotated[str, typer.Argument(
        help="pairs: accounts and companies. duplicates: companies that look like one.",
    )] = "pairs",
    config: ConfigOption = None,
    confirm: Annotated[Two, _two("--confirm", "The account is this company's.")] = None,
    reject: Annotated[Two, _two("--reject", "It is not, and never proposed again.")] = None,
    pin: Annotated[Two, _two("--pin", "It is, whoever else is confirmed.")] = None,
    split: Annotated[str | None, _two(
        "--split", "The account stands alone, whatever claims it.", "ACCOUNT")] = None,
    merge: Annotated[Two, _two(
        "--merge", "The first company is the second.", "COMPANY COMPANY")] = None,
    apart: Annotated[Two, _two(
        "--apart", "Two customers, whatever merges them.", "COMPANY COMPANY")] = None,
    why: Annotated[str, typer.Option("--why", help="The reason, kept with the decision.")] = "",
    by: By = None,
    listed: Annotated[bool, typer.Option(
        "--list", help="Only list what waits, the most money at stake first.")] = False,
) -> None:
    """Decide what belongs together: shows each pair side by side and writes your decision.

    The decision is a line in the steward's file match_decision, which is under version control.
    The next run applies it. Keys are written source/id, as the lists show them.

    Example: customer360 review --confirm atlas/D10017 crm/K10002 --why "called the customer"
    """
    if what not in ("pairs", "duplicates"):
        raise ConfigurationError(f"review {what!r}: choose pairs or duplicates")
    configuration = configuration_of(config)
    stated = [(left, right, decision) for decision, (left, right) in (
        ("confirm", confirm or ("", "")), ("reject", reject or ("", "")), ("pin", pin or ("", "")),
        ("split", (split or "", ALL)), ("merge", merge or ("", "")), ("split", apart or ("", "")),
    ) if left]
    if stated:
        _decide(configuration, stated, why, by)
        return
    version = publication.readable(configuration.store, None)
    file = DecisionFile(configuration)
    rows = _queue(version, what)
    waiting = _undecided(rows, file.stated())
    if listed or not waiting:
        _list(version, waiting, what)
        return
    _ask_all(_Desk(version, file, by, why), rows, waiting, what)


def _decide(configuration: settings.Configuration, stated: Sequence[tuple[str, str, str]],
            why: str, by: str | None) -> None:
    """Write decisions that are given whole. Raises ConfigurationError for what cannot be meant."""
    if not why.strip():
        raise ConfigurationError("--why is empty; say why, for whoever asks in a year")
    roles = {source.name: source.role for source in configuration.sources}
    for left, right, decision in stated:
        of_companies = decision == "merge" or (decision == "split" and right != ALL)
        for key, role in ((left, "crm" if of_companies else "erp"), (right, "crm")):
            source, slash, record = key.partition("/")
            if key != ALL and not (slash and record and roles.get(source) == role):
                names = ", ".join(name for name, of in roles.items() if of == role)
                raise ConfigurationError(
                    f"{key!r} is no {'company' if role == 'crm' else 'account'}: write source/id "
                    f"with one of the sources {names}")
        if left == right:
            raise ConfigurationError(f"{left} on both sides says nothing")
    file = DecisionFile(configuration)
    written = file.add([Decision(left, right, decision, _who(by), date.today(), why)
                        for left, right, decision in stated])
    for (left, right, decision), one in zip(stated, written, strict=True):
        _say(left, right, decision, one)
    _say_commit(file)


def _who(by: str | None) -> str:
    from . import pipeline

    return (by or "").strip() or settings.steward() or pipeline.operator()


def _say(left: str, right: str, decision: str, written: decisions.Written) -> None:
    pair = left if right == ALL else f"{left} · {right}"
    if written.is_new:
        out.print(f"[green]{decision}[/]  {escaped(pair)}", soft_wrap=True)
    else:
        out.print(f"{escaped(pair)} has that decision already: {escaped(written.place)}",
                  soft_wrap=True)


def _say_commit(file: DecisionFile) -> None:
    out.print(f"\nIn {short(file.path)}. Commit it; the next `customer360 run` applies it.",
              soft_wrap=True)


# -- what waits --------------------------------------------------------------------------------


def _read(version: publication.Publication, sql: str) -> list[Row]:
    with publication.reader(version) as con:
        found = con.execute(sql)
        names = [d[0] for d in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _queue(version: publication.Publication, what: str) -> list[Row]:
    """What waits in this version, in the order in which to decide."""
    if what == "duplicates":
        return _read(version, "select *, company_key as left_key, suggested_survivor_key as "
                              "right_key from duplicate_companies order by accounts + "
                              "suggested_survivor_accounts desc, match_score desc nulls last, "
                              "company_key, suggested_survivor_key")
    return _read(version, "select queue.*, queue.account_key as left_key, queue.company_key as "
                          "right_key, accounts.company_name as linked_company_name, "
                          "accounts.evidence as linked_evidence from match_review_queue as queue "
                          "left join trading_accounts as accounts using (account_key) "
                          "order by queue.rank")


def _undecided(rows: Sequence[Row], stated: Sequence[decisions.Stated]) -> list[Row]:
    """The rows that no decision in the file settles."""
    decided = {pair for one in stated for pair in ((one.left, one.right), (one.right, one.left))}
    merged = {(one.left, one.right) for one in stated if one.decision == "merge"}
    gone = {left for left, _ in merged}
    linked = {row["left_key"]: row.get("linked_company_key") for row in rows}
    # A company that was confirmed after this version was made settles its account.
    settled = {one.left for one in stated
               if (one.decision in ("confirm", "pin") and linked.get(one.left) != one.right)
               or (one.decision == "split" and one.right == ALL)}
    return [row for row in rows if row["left_key"] not in settled | gone
            and (row["left_key"], row["right_key"]) not in decided
            and (row["right_key"], row.get("linked_company_key")) not in merged]


def _list(version: publication.Publication, waiting: Sequence[Row], what: str) -> None:
    if not waiting:
        out.print(f"Nothing waits in {version.id} that is not decided.")
        return
    if what == "duplicates":
        print_table(f"{len(waiting)} companies that look like one · {version.id}",
                    ["company", "name", "accounts", "keep", "its name", "its accounts", "score"],
                    [tuple(row[name] for name in (
                        "left_key", "company_name", "accounts", "right_key",
                        "suggested_survivor_name", "suggested_survivor_accounts", "match_score"))
                     for row in waiting], spare=["score"])
        return
    print_table(f"{len(waiting)} pairs to decide · {version.id}",
                ["rank", "account", "name", "company", "its name", "reason", "score",
                 f"at stake {waiting[0]['reporting_currency']}"],
                [tuple(row[name] for name in (
                    "rank", "left_key", "account_name", "right_key", "company_name", "reason",
                    "match_score", "at_stake_reporting")) for row in waiting], spare=["score"])


# -- asking ------------------------------------------------------------------------------------


class _Desk:
    """Who decides in this sitting, about what, and where it is written."""

    def __init__(self, version: publication.Publication, file: DecisionFile, by: str | None,
                 why: str) -> None:
        self.version, self.file, self.why = version, file, why
        self.by = (by or "").strip() or settings.steward()
        self.decided = 0

    def write(self, pairs: Sequence[Pair], decision: str) -> None:
        """Ask why and, once, who; then write."""
        if self.by is None:
            self.by = typer.prompt("Who decides?", default=_who(None)).strip()
        why = self.why
        while not why.strip():
            why = typer.prompt("Why?")
        made = [Decision(left, right, decision, self.by, date.today(), why)
                for left, right in pairs]
        for one, written in zip(made, self.file.add(made), strict=True):
            _say(one.left, one.right, one.decision, written)
            self.decided += written.is_new
        self.last_why = why

    def write_with(self, pairs: Sequence[Pair], decision: str) -> None:
        """What follows from the decision before, for the same reason."""
        before, self.why = self.why, self.last_why
        self.write(pairs, decision)
        self.why = before


def _ask_all(desk: _Desk, rows: Sequence[Row], waiting: Sequence[Row], what: str) -> None:
    """Ask about one row after the other; what a decision settles is not asked any more."""
    ask: Callable[[_Desk, Row, Sequence[Row]], str] = (
        _ask_companies if what == "duplicates" else _ask_pair)
    out.print(f"{len(waiting)} to decide in {desk.version.id}, as of {desk.version.as_of_date}; "
              f"decisions go to {short(desk.file.path)}.", soft_wrap=True)
    try:
        for number, row in enumerate(waiting, 1):
            still = _undecided(rows, desk.file.stated())
            if row not in still:
                continue
            out.print(f"\n[bold]{number} of {len(waiting)}[/]")
            others = [one for one in still if one["left_key"] == row["left_key"] and one != row]
            if ask(desk, row, others) == "quit":
                break
    except (typer.Abort, EOFError):
        out.print()
    if desk.decided:
        _say_commit(desk.file)
    else:
        out.print("Nothing was decided.")


def _ask_pair(desk: _Desk, row: Row, others: Sequence[Row]) -> str:
    account, company = row["left_key"], row["right_key"]
    out.print(_side_by_side(row))
    for name, text in _facts(row):
        out.print(f"{name:<10} {escaped(text)}", soft_wrap=True)
    for other in others:
        out.print(f"{'or':<10} {escaped(other['right_key'])} {escaped(str(other['company_name']))}"
                  f": {escaped(str(other['evidence']))}", soft_wrap=True)
    linked = row["linked_company_key"]
    answer = _answer(PAIR_ANSWERS | ({"m": "merge"} if linked else {}))
    if answer == "merge":
        desk.write([(company, linked)], "merge")
    elif answer in ("confirm", "reject", "pin"):
        desk.write([(account, company)], answer)
        rivals = [other["right_key"] for other in others] + ([linked] if linked else [])
        if answer != "reject" and rivals and typer.confirm(
                f"Reject {', '.join(rivals)} for this account too?", default=True):
            desk.write_with([(account, rival) for rival in rivals], "reject")
    elif answer == "split":
        desk.write([(account, ALL)], "split")
    return answer


def _ask_companies(desk: _Desk, row: Row, others: Sequence[Row]) -> str:
    table = _table("", "the duplicate", "the one to keep")
    for name, left, right in (
            ("company", row["left_key"], row["right_key"]),
            ("name", row["company_name"], row["suggested_survivor_name"]),
            ("accounts", row["accounts"], row["suggested_survivor_accounts"]),
            ("customer", row["customer_id"], row["suggested_survivor_customer_id"]),
            ("gone since", row["deleted_on"], None)):
        if left is not None or right is not None:
            table.add_row(name, _text(left), _text(right))
    out.print(table)
    for name, text in _facts(row):
        out.print(f"{name:<10} {escaped(text)}", soft_wrap=True)
    answer = _answer(COMPANY_ANSWERS, MEANINGS_OF_COMPANIES)
    if answer in ("merge", "split"):
        desk.write([(row["left_key"], row["right_key"])], answer)
    return answer


def _answer(known: Mapping[str, str], meanings: Mapping[str, str] = MEANINGS) -> str:
    words = " ".join(f"[{letter}]{word[1:]}" for letter, word in known.items())
    while True:
        typed = typer.prompt(words).strip().lower()
        typed = {"skip": "next"}.get(typed, typed)
        for letter, word in known.items():
            if typed in (letter, word):
                return word
        out.print("; ".join(f"{letter} = {meanings[word]}" for letter, word in known.items()),
                  markup=False, soft_wrap=True)


def _facts(row: Row) -> Iterator[tuple[str, str]]:
    if "reason" in row:
        score = f", score {row['match_score']}" if row["match_score"] is not None else ""
        tier = f", {row['match_tier']}" if row["match_tier"] != row["reason"] else ""
        yield "why here", f"{row['reason']}{tier}{score}: {row['suggested_action']}"
    elif row["match_score"] is not None:
        yield "score", str(row["match_score"])
    yield "evidence", str(row["evidence"])
    if row.get("linked_company_key"):
        yield "linked to", (f"{row['linked_company_key']} {row['linked_company_name']}: "
                            f"{row['linked_evidence']}")
    if "at_stake_reporting" in row:
        parts = [f"{label} {_amount(row[name])}" for label, name in (
            ("owes", "outstanding_reporting"), ("open orders", "open_orders_reporting"),
            ("sales of 12 months", "sales_12m_reporting"))]
        yield "at stake", (f"{_amount(row['at_stake_reporting'])} {row['reporting_currency']} "
                           f"({', '.join(parts)})")


def _amount(value: Any) -> str:
    return "not known" if value is None else f"{value:,.2f}"


def _side_by_side(row: Row) -> "Table":
    compared = _by_field(row["compared"])
    table = _table("", f"account {row['left_key']}", f"company {row['right_key']}", "compared")
    for field, (label, word) in FIELDS.items():
        left, right = row[f"account_{field}"], row[f"company_{field}"]
        if left is not None or right is not None:
            table.add_row(label, _text(left), _text(right), escaped(compared.pop(word, "")))
    return table


def _by_field(compared: str | None) -> dict[str, str]:
    """What is said of each field: `same phone +8.1, another street -2.0` by phone and street."""
    words = sorted({word for _, word in FIELDS.values() if word}, key=len, reverse=True)
    found = {}
    for part in (compared or "").split(", "):
        said, _, _ = part.rpartition(" ")
        field = next((word for word in words if said.endswith(word)), None)
        if field:
            found[field] = part
    return found


def _table(*names: str) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(name, overflow="fold")
    return table


def _text(value: Any) -> str:
    return "" if value is None else escaped(str(value))
