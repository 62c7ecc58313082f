"""A JSON schema of the configuration file, for editors that complete and check YAML.

Read off the models of `settings` and the contract of `schemas`, so that it cannot say anything
else than they do. Not here: the reading and the checking of a configuration (settings).
"""

import json
from typing import Any

import schemas

from .dialect import Dialect
from .settings import Configuration

TITLE = "Configuration of customer360"
DEFINITIONS = "#/$defs/"


def text() -> str:
    """The schema as JSON, the same to the byte for the same code."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """The schema: every key with its description, every contract table with its columns."""
    stated: dict[str, Any] = _lean(Configuration.model_json_schema(by_alias=True))
    parts = stated["$defs"]
    of_dialect = Dialect.model_json_schema()["properties"]
    for key, shape in parts["Extract"]["properties"].items():
        shape.setdefault("description", of_dialect.get(key, {}).get("description", ""))
    keys = parts["MappedInput"]["properties"]
    parts["Mapped"] = keys["custom"]["additionalProperties"]
    keys["custom"]["additionalProperties"] = {"$ref": f"{DEFINITIONS}Mapped"}
    tables: dict[str, Any] = {}
    for table in schemas.TABLES.values():
        parts[table.name] = _input(table, keys)
        one = {"$ref": DEFINITIONS + table.name}
        tables[table.name] = {
            "description": f"{table.description} Grain: {table.grain}. For sources of role "
                           f"{table.role}.",
            "anyOf": [one, {"type": "array", "items": one}]}
    of_source = parts["Source"]["properties"]
    of_source["tables"] = {"type": "object", "minProperties": 1, "properties": tables,
                           "additionalProperties": False,
                           "description": of_source["tables"]["description"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": TITLE, **stated}


def _input(table: schemas.Table, keys: dict[str, Any]) -> dict[str, Any]:
    """A mapped input of one table: its columns are the contract's and no others."""
    columns = {c.name: {"description": _described(c), "$ref": f"{DEFINITIONS}Mapped"}
               for c in table.columns}
    shared = {key: {"$ref": f"{DEFINITIONS}MappedInput/properties/{key}"} for key in keys}
    return {"type": "object", "additionalProperties": False, "properties": {
        **shared,
        "columns": {"description": keys["columns"]["description"], "type": "object",
                    "properties": columns, "additionalProperties": False},
        "rows": {"description": keys["rows"]["description"], "type": "array", "items": {
            "type": "object", "properties": dict.fromkeys(columns, True),
            "additionalProperties": False}}}}


def _described(column: schemas.Column) -> str:
    """What a column means, its type and unit, and whether it must be there."""
    kind = column.sql_type.lower() + (f", {column.unit}" if column.unit else "")
    return f"{column.description} ({kind}{'' if column.nullable else '; required'})"


def _lean(part: Any) -> Any:
    """The schema without titles, which repeat each key's name, and without defaults of null."""
    if isinstance(part, dict):
        return {key: _lean(value) for key, value in part.items()
                if not (key == "title" and isinstance(value, str))
                and not (key == "default" and value is None)}
    return [_lean(value) for value in part] if isinstance(part, list) else part
