"""What is wrong with a mapping is said at once, with the closest names, before a row is read."""

import copy
from typing import Any

import pytest
from scene import LEDGER, Scene

from dagster_project import landing
from dagster_project.errors import ConfigurationError


def ledger() -> dict[str, Any]:
    return copy.deepcopy(LEDGER)


def problems(scene: Scene, stated: dict[str, Any], header: str = "No,Name") -> list[str]:
    """What is said of a mapping, a line each; nothing may have been landed."""
    scene.configure(stated)
    scene.write("customers_2026-01-01.csv", f"{header}\n1,Acme\n")
    with pytest.raises(ConfigurationError) as refused:
        scene.land()
    assert landing.landed(scene.configuration.store, "ledger", "customers") == []
    first, *lines, last = str(refused.value).splitlines()
    assert first == f"source ledger: the mapping does not fit ({len(lines)}):"
    assert last == "Nothing was loaded; the last publication stays current."
    # Whatever the engine proposes after its own words is not ours to fix.
    return [line.strip().partition(" Candidate")[0] for line in lines]


def test_everything_wrong_is_said_at_once(scene: Scene) -> None:
    stated = ledger()
    account = stated["tables"]["erp_account"]["columns"]
    account["nmae"] = account.pop("name")
    account["phone"] = "Phone"
    account["city"] = {"sql": "upper(Town)"}
    account["customer_group"] = {"sql": "1.0 / 3"}
    account["currency"] = {"sql": "upper(("}
    stated["tables"]["erp_acount"] = {"from": "customers"}
    stated["tables"]["erp_item"] = {"from": "custmers", "columns": {"item_id": "No"}}
    stated["tables"]["crm_company"] = {"from": "customers", "columns": {}}
    stated["prepare"] = {"latest": "select max(Noo) from customers"}
    assert problems(scene, stated) == [
        "tables: 'erp_acount' is no contract table (closest match: 'erp_account')",
        "tables: crm_company belongs to sources of role crm, ledger is erp",
        "prepare.latest: Binder Error: Referenced column \"Noo\" not found in FROM clause!",
        "erp_account.1: 'nmae' is no column of erp_account (closest match: 'name')",
        "erp_account.1: name is required and not mapped (closest match: 'Name')",
        "erp_account.1.phone: the mapping expects 'Phone', the header of customers has no such "
        "column",
        "erp_account.1.currency: Parser Error: syntax error at or near \")\"",
        "erp_account.1.city: Binder Error: Referenced column \"Town\" not found in FROM clause!",
        "erp_account.1.customer_group: the expression gives DOUBLE, which is not exact; use "
        "number(column), divide(a, b) in place of a / b, or cast to DECIMAL",
        "erp_item.1: 'custmers' is no extract, prepared relation or mapped table "
        "(closest match: 'customers')",
        "crm_company.1: company_id is required and not mapped",
        "crm_company.1: name is required and not mapped (closest match: 'Name')"]


def test_a_renamed_column_names_the_closest_and_nothing_is_loaded(scene: Scene) -> None:
    assert problems(scene, ledger(), header="No,CustomerName") == [
        "erp_account.1.name: the mapping expects 'Name', the header of customers has no such "
        "column (closest match: 'CustomerName')"]


def test_a_required_table_that_is_not_mapped_is_asked_for(scene: Scene) -> None:
    stated = ledger()
    del stated["tables"]["erp_entity"]
    assert problems(scene, stated) == [
        "tables: erp_entity is required of every erp source and not mapped"]


def test_the_shorthand_asks_for_the_contracts_own_names(scene: Scene) -> None:
    stated = ledger()
    stated["tables"]["erp_payment_terms"] = {"from": "customers"}
    assert problems(scene, stated, header="No,Name") == [
        "erp_payment_terms.1: terms_code is required and not mapped",
        "erp_payment_terms.1: basis is required and not mapped"]


def test_inline_rows_are_held_against_the_contract(scene: Scene) -> None:
    stated = ledger()
    stated["tables"]["erp_entity"]["rows"] = [
        {"entity_id": "E1", "name": "A", "base_currency": "EUR", "fiscal_year_start": 1}]
    assert problems(scene, stated) == [
        "erp_entity.1, row 1: 'fiscal_year_start' is no column of erp_entity "
        "(closest match: 'fiscal_year_start_month')",
        "erp_entity.1, row 1: fiscal_year_start_month is required and not there"]


def test_an_inline_cell_of_another_type_is_said_before_anything_is_loaded(scene: Scene) -> None:
    stated = ledger()
    stated["tables"]["erp_entity"]["rows"][0]["fiscal_year_start_month"] = "January"
    assert problems(scene, stated) == [
        "erp_entity.1, row 1: fiscal_year_start_month: 'January' is not a whole number"]


def test_a_name_that_several_joined_relations_have_must_say_which(scene: Scene) -> None:
    stated = ledger()
    stated["extracts"] |= {"a": {"files": "customers_*"}, "b": {"files": "customers_*"}}
    stated["prepare"] = {"keys": "select No as Key from customers"}
    stated["tables"]["erp_account"] = {
        **stated["tables"]["erp_account"], "from": "keys",
        "join": [{"to": "a", "on": "a.No = Key"}, {"to": "b", "on": "b.No = Key"}]}
    found = problems(scene, stated)
    assert found == [
        f"erp_account.1.{column}: {name!r} is a column of several relations; write a.{name} or "
        f"b.{name}{match}" for column, name, match in (
            ("account_id", "No", " (closest match: 'No')"),
            ("account_code", "No", " (closest match: 'No')"),
            ("name", "Name", " (closest match: 'Name')"))]


def test_a_join_and_a_filter_that_do_not_bind_are_named(scene: Scene) -> None:
    stated = ledger()
    stated["tables"]["erp_account"]["where"] = "Nam = 'x'"
    assert problems(scene, stated) == [
        "erp_account.1.where: Binder Error: Referenced column \"Nam\" not found in FROM clause!"]
    stated = ledger()
    stated["tables"]["erp_account"]["join"] = [
        {"to": "customers", "as": "again", "on": "again.No = customers.Nu"}]
    [problem] = problems(scene, stated)
    assert problem.startswith("erp_account.1: its joins: Binder Error: ")
    assert problem.endswith('"customers" does not have a column named "Nu"')


def test_a_key_that_the_header_does_not_have_is_named(scene: Scene) -> None:
    stated = ledger()
    stated["extracts"]["customers"] |= {"mode": "incremental", "key": "Number", "changed": "Nme"}
    assert problems(scene, stated) == [
        "extract customers: its key names 'Number', the header has no such column",
        "extract customers: its changed names 'Nme', the header has no such column "
        "(closest match: 'Name')"]


def test_tables_that_read_each_other_in_a_circle_are_named(scene: Scene) -> None:
    stated = ledger()
    item = {"from": "mapped.erp_list_value", "columns": {
        "item_id": "code", "item_code": "code", "name": "label", "uom": {"constant": "EA"},
        "is_stock": {"constant": True}, "is_service": {"constant": False},
        "status": {"constant": "active"}}}
    listed = {"from": "mapped.erp_item", "columns": {
        "list_name": {"constant": "item"}, "code": "item_id", "label": "name",
        "active": {"constant": True}}}
    stated["tables"] |= {"erp_item": item, "erp_list_value": listed}
    scene.configure(stated)
    scene.write("customers_2026-01-01.csv", "No,Name\n1,Acme\n")
    with pytest.raises(ConfigurationError, match="read each other in a circle: erp_item, erp_list"):
        scene.land()


def test_columns_may_stand_in_any_order_and_more_may_come(scene: Scene) -> None:
    scene.configure(LEDGER)
    scene.write("customers_2026-01-01.csv", "Name,Extra,No\nAcme,x,1\n")
    assert scene.values(scene.land(), "erp_account", "account_id", "name") == [("1", "Acme")]
