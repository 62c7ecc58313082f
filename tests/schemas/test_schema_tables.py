"""The tables of the contract: their columns, roles, sums and words, against an own statement."""

import duckdb
import pytest
from schema_cases import POLARS, cases, load_yaml, typed, valid_rows

import schemas

CONTROL = {
    "crm_opportunity": ("amount", "currency"),
    "crm_quote": ("total", "currency"),
    "crm_quote_line": ("net_amount", None),
    "crm_order": ("total", "currency"),
    "crm_order_line": ("net_amount", None),
    "crm_campaign": ("actual_cost", "currency"),
    "crm_service_contract": ("value", "currency"),
    "erp_credit_profile": ("credit_limit", "limit_currency"),
    "erp_ar_document": ("amount", "currency"),
    "erp_ar_document_line": ("net_amount", None),
    "erp_ar_installment": ("amount", None),
    "erp_ar_allocation": ("amount", None),
    "erp_gl_control_balance": ("balance", "currency"),
    "erp_dispute": ("amount", None),
    "erp_promise": ("amount", None),
    "erp_dunning_event": ("fee", None),
    "erp_sales_order": ("total", "currency"),
    "erp_sales_order_line": ("net_amount", None),
    "erp_return_line": ("value", None),
    "erp_service_cost": ("amount", None),
    "credit_limit": ("credit_limit", "currency"),
    "letter_release": ("amount", "currency"),
}
UNIT_BEARING = ("DATE", "TIMESTAMP", "DECIMAL")

tables = pytest.mark.parametrize("table", schemas.TABLES.values(), ids=lambda table: table.name)


def test_the_columns_are_those_of_the_contract_in_its_order() -> None:
    stated = {name: words.split() for name, words in load_yaml("columns.yaml").items()}
    assert {
        table.name: [
            ("*" if column.name in table.key else "") + column.name + "?" * column.nullable
            for column in table.columns
        ]
        for table in schemas.TABLES.values()
    } == stated


def test_a_column_is_text_unless_a_case_says_what_does_not_cast() -> None:
    typed_columns = {(case.table, case.column) for case in cases() if case.kind == "type"}
    for table in schemas.TABLES.values():
        for column in table.columns:
            is_text = column.sql_type == "VARCHAR"
            assert is_text == ((table.name, column.name) not in typed_columns)


def test_who_may_feed_a_table_is_in_its_name() -> None:
    shared = {"fx_rate", "last_synced", "delivery_ack"}
    for table in schemas.TABLES.values():
        prefix = table.name.split("_")[0]
        role = prefix if prefix in ("crm", "erp") else "any" if table.name in shared else "steward"
        assert table.role == role


def test_the_amounts_summed_are_money_and_currencies_of_their_table() -> None:
    found = {name: table.control for name, table in schemas.TABLES.items() if table.control}
    assert found == CONTROL
    for name, (amount, currency) in found.items():
        types = {column.name: column.sql_type for column in schemas.TABLES[name].columns}
        assert types[amount] == "DECIMAL(18,4)"
        assert currency is None or types[currency] == "VARCHAR"


def test_what_a_source_must_deliver_and_what_outlives_its_deletion() -> None:
    tables = schemas.TABLES.values()
    assert {table.name for table in tables if table.required} == {
        "crm_company",
        "erp_entity",
        "erp_account",
    }
    assert {table.name for table in tables if table.tracks_deletion} == {
        "crm_company",
        "erp_account",
    }


def test_parents_stand_before_the_tables_that_refer_to_them() -> None:
    seen: set[str] = set()
    for table in schemas.TABLES.values():
        for reference in table.references:
            assert reference.table in seen
            assert reference.parent_columns == schemas.TABLES[reference.table].key
            assert len(reference.columns) == len(reference.parent_columns)
        seen.add(table.name)


def test_the_valid_rows_agree_with_each_other() -> None:
    rows = {name: [row] for name, row in valid_rows().items()}
    for name, more in load_yaml("supporting_rows.yaml").items():
        assert schemas.violations(schemas.TABLES[name], typed(name, more)).is_empty()
        rows[name] = rows[name] + more
    for table in schemas.TABLES.values():
        for reference in table.references:
            known = {
                tuple(row[column] for column in reference.parent_columns)
                for row in rows[reference.table]
            }
            for row in rows[table.name]:
                child = tuple(row.get(column) for column in reference.columns)
                assert None in child or child in known, (table.name, child)


@tables
def test_a_table_and_its_columns_are_described(table: schemas.Table) -> None:
    assert table.description.endswith(".")
    assert "Source: " in table.description
    assert table.grain == f"one row per {_listed(table.key)}"
    for column in table.columns:
        assert column.description[0].isupper() or column.description[0] in "+-"
        assert column.description.endswith(".")
        assert (" Null: " in column.description) == column.nullable
        if column.sql_type.startswith(UNIT_BEARING):
            assert column.unit


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


@tables
def test_duckdb_holds_a_table_in_the_types_stated(table: schemas.Table) -> None:
    frame = typed(table.name, [valid_rows()[table.name]])
    with duckdb.connect() as connection:
        relation = connection.from_arrow(frame.to_arrow())
        columns = ", ".join(f'"{column.name}" {column.sql_type}' for column in table.columns)
        connection.execute(f"create table stated ({columns})")
        relation.insert_into("stated")
        assert [str(dtype) for dtype in relation.types] == [
            column.sql_type for column in table.columns
        ]
        assert connection.table("stated").pl().equals(frame)


@tables
def test_the_model_holds_the_type_the_table_states(table: schemas.Table) -> None:
    model = table.model.to_schema().columns
    for column in table.columns:
        assert model[column.name].dtype.type == POLARS[column.sql_type], column.name


def test_personal_is_what_tells_who_somebody_is_where_they_live_or_what_was_said_to_them() -> None:
    address = "address_line1 address_line2 city region postcode"
    organisation = f"name legal_name vat_number registration_number website phone email {address}"
    ship_to = "ship_to_line1 ship_to_line2 ship_to_city ship_to_region ship_to_postcode"
    assert {
        (table.name, column.personal): {
            c.name for c in table.columns if c.personal == column.personal
        }
        for table in schemas.TABLES.values()
        for column in table.columns
        if column.personal
    } == {
        ("crm_company", ("company_id",)): {*organisation.split(), "domain"},
        ("crm_contact", ("contact_id",)): {
            "first_name",
            "last_name",
            "email",
            "phone",
            "job_title",
        },
        ("crm_user", ("user_id",)): {"name", "email"},
        ("crm_activity", ("contact_id", "company_id")): {"subject", "outcome"},
        ("crm_opportunity", ("company_id",)): {"name"},
        ("crm_quote", ("company_id",)): {*ship_to.split()},
        ("crm_order", ("company_id",)): {*ship_to.split()},
        ("erp_account", ("account_id",)): {*organisation.split()},
        ("erp_credit_profile", ("account_id",)): {"hold_reason", "hold_set_by"},
        ("erp_shipment", ("account_id",)): {*ship_to.split()},
    }


@tables
def test_personal_data_is_text_of_a_known_person_and_never_a_key(table: schemas.Table) -> None:
    names = {column.name for column in table.columns}
    referring = {c for reference in table.references for c in reference.columns}
    for column in table.columns:
        if column.personal:
            assert column.sql_type == "VARCHAR"
            assert column.name not in {*table.key, *referring, *schemas.PERSONS}
            assert set(column.personal) <= names & {*schemas.PERSONS}


def test_a_person_is_named_by_the_one_key_of_their_table() -> None:
    for column, table in schemas.PERSONS.items():
        assert schemas.TABLES[table].key == (column,)
