"""YAML read as a mapping file needs it: what looks like text stays text, nothing is lost.

`on`, `no` and 007 are text as in YAML 1.2, decimals stay exact, a key written twice is an error.
Not here: what the keys mean (settings).
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from .errors import ConfigurationError

SHAPES = {
    "bool": "true|True|TRUE|false|False|FALSE",
    "int": "[-+]?(0|[1-9][0-9]*)",
    "float": r"[-+]?(0|[1-9][0-9]*)\.[0-9]+",
}


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader with the shapes above in place of those of YAML 1.1."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in found if tag.rpartition(":")[2] not in SHAPES]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen = set()
    for key in (k for k, _ in node.value if k.tag != "tag:yaml.org,2002:merge"):
        name = loader.construct_object(key)
        if name in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {name!r} is written twice", key.start_mark)
        seen.add(name)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


for _tag, _shape in SHAPES.items():
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_shape})$"),
                                  list("+-0123456789tTfF"))
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: Decimal(str(node.value)))


def read(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping of keys. Raises ConfigurationError."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such configuration file") from None
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise ConfigurationError(f"{path}, line {line}: not readable as YAML: "
                                 f"{problem.problem}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ConfigurationError(f"{path}: not readable as YAML: {problem}") from None
    if not isinstance(raw, dict):
        raise ConfigurationError(f"{path}: a configuration is a mapping of keys to values")
    return raw
