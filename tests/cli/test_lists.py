"""What a person reads in the terminal: the right rows, their totals, and all of every number."""

from decimal import Decimal

import hand_marts
import pytest

from dagster_project import cli, listing, publication, terminal
from dagster_project.errors import ConfigurationError, PublicationError
from dagster_project.lists import LISTS

AGEING = {"not_due": "0", "d1_30": "0", "d31_60": "0", "d61_90": "0", "d90_plus": "0",
          "unallocated_credit": "0"}


def ageing(name, outstanding, oldest=0, currency="EUR", **buckets):
    amounts = AGEING | buckets | {"outstanding": outstanding}
    return {"customer_id": f"C-{name}", "customer_name": name, "currency": currency,
            "reporting_currency": "EUR", "oldest_days": oldest,
            **{f"{k}_reporting": v and Decimal(v) for k, v in amounts.items()}}


def order(number, customer, currency, net):
    return {"order_key": number, "order_no": number, "customer_name": customer,
            "currency": currency, "open_net": Decimal(net), "open_net_reporting": Decimal(net),
            "order_total": Decimal(net)}


OWING = [ageing("Ash Brewery", "1200.50", 40, d31_60="1200.50"),
         ageing("Birch", "300", not_due="300"),
         ageing("Brewing Cedar", "-20", not_due="0", unallocated_credit="-20")]


@pytest.fixture
def screen(monkeypatch, capsys):
    """A terminal of so many columns; gives the lines that were printed on it, without blanks."""
    def wide(columns):
        monkeypatch.setattr(terminal.out, "_width", columns)

        def lines():
            return [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()]

        return lines

    return wide


def show(version, name, **options):
    listing.show(version, [one for one in LISTS if one.name == name], **{"rows": 25} | options)


def test_every_list_reads_columns_that_its_mart_has(published):
    version = published(**{one.mart: [] for one in LISTS})
    with publication.reader(version) as con:
        for one in LISTS:
            for text in (None, "brew") if one.customer else (None,):
                assert con.execute(one.sql, [text]).fetchall() == []
                assert con.execute(one.totals_sql, [text]).fetchall() == []
            names = [d[0] for d in con.execute(one.sql, [None]).description]
            assert {*one.totals, *one.notice, *one.spare} <= {*names}


def test_the_title_says_the_day_and_the_currency_and_the_last_line_adds_up(published, screen):
    lines = screen(160)
    show(published(ar_ageing_by_customer=OWING), "ageing", rows=2)
    shown = lines()
    assert shown[0] == ("Receivables ageing · as of 2026-06-30 · EUR · the first 2 of 3 in "
                        "ar_ageing_by_customer")
    assert shown[3].split() == ["Ash", "Brewery", "1,200.50", "0.00", "0.00", "1,200.50", "0.00",
                                "0.00", "0.00", "40"]
    assert shown[-1].split() == ["all", "3", "1,480.50", "300.00", "0.00", "1,200.50", "0.00",
                                 "0.00", "-20.00"]


def test_amounts_of_one_column_stand_below_each_other(published, screen):
    lines = screen(160)
    show(published(ar_ageing_by_customer=OWING), "ageing")
    shown = lines()
    end = shown[1].index("outstanding") + len("outstanding")
    assert [line[:end].split()[-1] for line in (*shown[3:6], shown[-1])] == [
        "1,200.50", "300.00", "-20.00", "1,480.50"]


def test_only_customers_of_that_name_are_listed_and_added_up(published, screen):
    lines = screen(160)
    show(published(ar_ageing_by_customer=OWING), "ageing", customer="BRÉW")
    shown = lines()
    assert "2 rows" in shown[0]
    assert [line.split()[0] for line in shown[3:5]] == ["Ash", "Brewing"]
    assert shown[-1].split()[:3] == ["all", "2", "1,180.50"]


def test_a_customer_is_found_by_its_id_and_nobody_whose_id_is_longer(published, configuration,
                                                                     capsys):
    published(ar_ageing_by_customer=[*OWING, ageing("Birches", "7")])
    listing.lists("ageing", configuration.path, customer="C-Birch", output="csv")
    assert [line.split(",")[0] for line in capsys.readouterr().out.splitlines()[1:]] == ["Birch"]


def listed(configuration, capsys, name):
    listing.lists(name, configuration.path, output="csv")
    return [line.split(",") for line in capsys.readouterr().out.splitlines()[1:]]


def test_histories_begin_with_the_latest_and_a_day_without_date_comes_last(
        published, configuration, capsys):
    def line(number, day):
        return {"document_key": number, "document_no": number, "document_date": day,
                "currency": "EUR"}

    published(purchase_history=[line("1", "2026-05-01"), line("2", None), line("3", "2026-06-01"),
                                line("4", "2026-05-01")])
    assert [row[2] for row in listed(configuration, capsys, "purchases")] == ["3", "1", "4", "2"]


def test_a_group_of_items_is_listed_once_with_what_its_next_order_is(
        published, configuration, capsys):
    def month(group, expected, lapsed, month="2026-06-01", value="10"):
        return {"item_group": group, "customer_id": "C1", "customer_name": "Ash", "month": month,
                "expected_next_order": expected, "is_lapsed": lapsed, "reporting_currency": "EUR",
                "value_12m_reporting": Decimal(value), "value_prior_12m_reporting": Decimal(5)}

    published(buying_trends=[
        month("SEAL", "2026-07-01", False), month("SEAL", "2026-07-01", False, "2026-05-01"),
        month("PUMP", "2026-06-29", False, value="30"),
        month("HOSE", "2025-01-01", True, value="0"),
        month("ONCE", None, None), month("TODAY", "2026-06-30", False, value="20")])
    assert [row[1:4] for row in listed(configuration, capsys, "trends")] == [
        ["PUMP", "late", "2026-06-29"], ["TODAY", "expected", "2026-06-30"],
        ["SEAL", "expected", "2026-07-01"], ["HOSE", "lapsed", "2025-01-01"]]


def test_the_top_customers_are_those_of_the_running_years_of_all_ledgers(
        published, configuration, capsys):
    """A year that is over in one ledger and runs in another is not what was sold this year."""
    def customer(name, ytd, prior="0"):
        return {"customer_id": name, "customer_name": name, "reporting_currency": "EUR",
                "sales_ytd_reporting": ytd and Decimal(ytd),
                "sales_prior_ytd_reporting": Decimal(prior)}

    published(
        customer_360=[customer("Ash", "60"), customer("Birch", "70"), customer("Cedar", "0", "5"),
                      customer("Never bought", "0"), customer("Without a rate", None)],
        top_customers=[{"customer_id": "Ash", "customer_name": "Ash", "fiscal_year": 2026,
                        "ytd_through": "2026-06-30", "ytd": Decimal(900), "rank": 1}])
    assert [row[:4] for row in listed(configuration, capsys, "top")] == [
        ["Birch", "EUR", "70.0000", "0.0000"], ["Ash", "EUR", "60.0000", "0.0000"],
        ["Cedar", "EUR", "0.0000", "5.0000"], ["Without a rate", "EUR", "", "0.0000"]]


def test_a_fiscal_year_that_runs_in_one_ledger_is_listed_as_a_whole(
        published, configuration, capsys):
    def territory(name, year, through):
        return {"dimension": "territory", "member": name, "member_name": name, "rank": 1,
                "fiscal_year": year, "ytd_through": through, "reporting_currency": "EUR"}

    published(sales_by_dimension=[
        territory("North", 2026, "2026-06-30"), territory("South", 2027, "2026-06-30"),
        territory("South", 2026, "2026-03-31"), territory("South", 2025, "2025-03-31")])
    assert sorted(row[1:3] for row in listed(configuration, capsys, "sales")) == [
        ["North", "2026"], ["South", "2026"], ["South", "2027"]]


def test_the_profit_of_twelve_months_is_not_known_where_that_of_one_is_not(
        published, configuration, capsys):
    def month(customer, month, profit):
        return {"customer_id": customer, "customer_name": customer, "month": month,
                "reporting_currency": "EUR", "net_sales_reporting": Decimal(10),
                "profit_reporting": profit and Decimal(profit)}

    published(customer_profitability=[
        month("Ash", "2026-06-01", "3"), month("Ash", "2025-07-01", "4"),
        month("Ash", "2025-06-01", "100"), month("Birch", "2026-06-01", "3"),
        month("Birch", "2026-05-01", None)])
    assert [(row[0], row[2], row[5]) for row in listed(configuration, capsys, "profit")] == [
        ("Ash", "20.0000", "7.0000"), ("Birch", "20.0000", "")]


def test_currencies_are_never_added_to_each_other(published, screen):
    lines = screen(160)
    show(published(unprocessed_orders=[order("1", "Ash", "EUR", 10), order("2", "Ash", "GBP", 7),
                                       order("3", "Ash", "EUR", 5)]), "orders")
    totals = [line.split() for line in lines() if line.split()[0] == "all"]
    assert totals == [["all", "2", "EUR", "15.00", "15.00"], ["all", "1", "GBP", "7.00", "7.00"]]


def test_a_sum_over_an_unknown_amount_is_not_known(published, screen):
    lines = screen(160)
    unknown = ageing("Doubt", None)
    show(published(ar_ageing_by_customer=[*OWING, unknown]), "ageing")
    assert lines()[-1].split()[:3] == ["all", "4", "300.00"]


def test_a_customer_with_one_unknown_balance_shows_no_part_for_the_whole(published, screen):
    """Two currencies, one without a rate: what is known is not what is owed."""
    lines = screen(160)
    unknown = ageing("Ash Brewery", None, currency="XAF")
    show(published(ar_ageing_by_customer=[*OWING, unknown]), "ageing")
    (shown,) = [line for line in lines() if "Ash Brewery" in line]
    # The buckets of an unknown balance are 0 here: they are known, and shown.
    assert shown.split() == ["Ash", "Brewery", "0.00", "0.00", "1,200.50", "0.00", "0.00", "0.00",
                             "40"]


def test_on_a_narrow_screen_columns_go_and_are_named_but_no_number_is_cut(published, screen):
    lines = screen(100)
    big = ageing("A name that is much too long for a narrow screen", "123456789.01", 400,
                 d90_plus="123456789.01")
    show(published(ar_ageing_by_customer=[*OWING, big]), "ageing")
    shown = lines()
    assert max(map(len, shown)) <= 100
    assert "123,456,789.01" in shown[3]
    assert "A name that" in shown[3]
    assert "…" in shown[3]
    assert shown[-1] == "too wide for this screen: oldest, unallocated"


def test_where_nothing_more_can_be_spared_columns_go_from_the_right_and_are_named(
        published, screen):
    """A table that is too wide is cut at the edge of the screen: a number loses its last digits."""
    lines = screen(40)
    show(published(ar_ageing_by_customer=OWING), "ageing")
    shown = lines()
    assert shown[1].split() == ["customer", "outstanding", "d1_30"]
    assert " ".join(shown[-3:]).endswith("too wide for this screen: oldest, unallocated, not_due, "
                                    "d90_plus, d61_90, d31_60")


def test_no_list_loses_a_digit_on_a_screen_of_eighty_columns(published, screen):
    lines = screen(80)
    version = published(**{one.mart: [{
        column["name"]: Decimal("1234567.89") for column in hand_marts.models()[one.mart]
        if column["data_type"] == "decimal(18, 4)"}] for one in LISTS})
    for one in LISTS:
        show(version, one.name)
        _, header, *rest = lines()
        with publication.reader(version) as con:
            names = {d[0] for d in con.execute(one.sql, [None]).description}
        assert {word for word in header.split() if "…" not in word} <= names, one.name
        assert {word for line in rest for word in line.split() if word.startswith("1,")} <= {
            "1,234,567.89", "2,469,135.78"}, one.name


def test_what_is_late_is_marked_and_what_is_not_is_plain():
    column = terminal._Column("d1_30", [Decimal(0), Decimal(1), None], [])
    assert [str(cell.style) for cell in column.marked("red")] == ["", "red", ""]


def test_no_text_of_a_row_steers_the_terminal_or_is_markup(published, screen):
    lines = screen(160)
    show(published(ar_ageing_by_customer=[
        ageing("[red]Ash[/]\x1b[2J\x9b1m\x07\u202egro\nnext", "5")]), "ageing")
    assert lines()[3].startswith(" [red]Ash[/] [2J 1m  gro next ")


def test_a_refusal_shows_text_as_it_is_typed():
    assert terminal.escaped("[red]\x1b[2Jtwo\nlines") == "\\[red] [2Jtwo\nlines"


def test_a_list_that_there_is_not_is_refused_with_the_closest(configuration):
    with pytest.raises(ConfigurationError, match=r"no list is called 'hold'.*'holds'"):
        listing.lists("hold", configuration.path)


def test_a_customer_is_not_looked_for_where_rows_are_of_none(configuration):
    with pytest.raises(ConfigurationError, match="leave --customer out"):
        listing.lists("checks", configuration.path, customer="Ash")


def test_lists_before_the_first_publication_say_what_to_do(configuration):
    with pytest.raises(PublicationError, match="customer360 run"):
        listing.lists("holds", configuration.path)


def test_a_list_as_csv_has_every_row_and_every_column(published, configuration, capsys):
    published(ar_ageing_by_customer=OWING * 20)
    listing.lists("ageing", configuration.path, output="csv")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("customer,in,outstanding,not_due")
    assert len(lines) == 1 + 3
    listing.lists("ageing", configuration.path, output="csv", rows=1)
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_number_as_text_has_all_its_digits_and_no_exponent(published, configuration, capsys):
    published(purchase_history=[{"discount_pct": Decimal(0), "net_amount": Decimal("-1.5")}])
    assert listed(configuration, capsys, "purchases")[0][-2:] == ["0.00000000", "-1.5000"]
    listing.lists("purchases", configuration.path, output="json")
    assert '"discount": "0.00000000", "net": "-1.5000"' in capsys.readouterr().out


def test_without_a_name_the_four_lists_of_a_run_are_shown(published, configuration, screen):
    lines = screen(160)
    published(**{one.mart: [] for one in LISTS} | {"ar_ageing_by_customer": OWING})
    listing.lists(None, configuration.path)
    titles = [line.split(" · ")[0] for line in lines() if " · as of " in line]
    assert titles == ["Receivables ageing", "Credit hold", "Top customers", "Unprocessed orders"]


def test_a_query_names_the_columns_that_the_screen_has_no_room_for(
        published, configuration, screen):
    lines = screen(60)
    published(ar_ageing_by_customer=OWING[:1])
    columns = ", ".join(f"'{'x' * 12}' as c{n}" for n in range(9))
    cli.query(f"select customer_name, {columns} from ar_ageing_by_customer", configuration.path)
    printed = lines()
    assert printed[1].split()[0] == "customer_name"
    assert printed[-1].startswith("too wide for this screen: c8, c7")
    shown = {name for name in printed[1].split() if name.startswith("c")}
    assert "c0" in shown
