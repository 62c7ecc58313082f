"""The words of a language: shipped ones with the firm's own laid over them, filled with values.

Texts are templates of Jinja in its sandbox: a value is put in as it is and never read as a
template, and a name that does not exist is an error that says where.
Not here: how amounts and days are written (formats), where words stand on the page (templates).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from .. import strict_yaml
from ..errors import ConfigurationError, closest


class Sandbox(SandboxedEnvironment):
    """Jinja that reads each template once: hundreds of papers are made of the same few."""

    def __init__(self, *, autoescape: bool = False) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=autoescape)
        self._read: dict[str, Template] = {}

    def from_string(self, source: Any, *_: Any, **__: Any) -> Template:
        """The template that a text is. Raises TemplateSyntaxError."""
        if source not in self._read:
            self._read[source] = super().from_string(source)
        return self._read[source]


class Wording:
    """The words of one language, from files of which a later one is laid over the earlier."""

    def __init__(self, language: str, files: list[Path], *, complete: Path) -> None:
        """`complete` is a file of another language: what it says has to be said here too."""
        self.language = language
        self.files = files
        self._sandbox = Sandbox()
        self._texts: dict[str, Any] = {}
        for path in files:
            _lay_over(self._texts, strict_yaml.read(path))
        missing = _missing(strict_yaml.read(complete), self._texts)
        if missing:
            raise ConfigurationError(f"{self.named}: nothing is said for {', '.join(missing)}; "
                                     f"{complete.name} shows what belongs there")

    @property
    def named(self) -> str:
        """The files, the firm's own first, for messages."""
        return ", ".join(str(path) for path in reversed(self.files))

    def kinds(self) -> list[str]:
        """The letters that there are words for."""
        return list(self._texts["letters"])

    def text(self, key: str, values: Mapping[str, Any]) -> str:
        """One text, filled. `key` is its place: `letters.reminder.subject`."""
        return self._filled(key, self._found(key), values)

    def texts(self, key: str, values: Mapping[str, Any]) -> list[str]:
        """A list of texts, filled; those that come to nothing are left out."""
        found = self._found(key)
        filled = (self._filled(f"{key}[{number}]", text, values)
                  for number, text in enumerate(found if isinstance(found, list) else [found], 1))
        return [text for text in filled if text]

    def group(self, key: str, values: Mapping[str, Any]) -> dict[str, str]:
        """The texts of a group by their names, filled."""
        return {name: self._filled(f"{key}.{name}", text, values)
                for name, text in self._found(key).items()}

    def _found(self, key: str) -> Any:
        here: Any = self._texts
        for part in key.split("."):
            if part not in here:
                raise ConfigurationError(f"{self.named}: there is no text {key!r}"
                                         f"{closest(part, list(here))}")
            here = here[part]
        return here

    def _filled(self, key: str, text: Any, values: Mapping[str, Any]) -> str:
        try:
            return self._sandbox.from_string(str(text)).render(values).strip()
        except TemplateError as problem:
            raise ConfigurationError(f"{self.named}, {key}: {problem.message}, in {text!r}; a text "
                                     f"may use {', '.join(sorted(values))}") from None


def _lay_over(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    for key, value in above.items():
        if isinstance(value, dict) and isinstance(below.get(key), dict):
            _lay_over(below[key], value)
        else:
            below[key] = value


def _missing(asked: Mapping[str, Any], said: Mapping[str, Any], where: str = "") -> list[str]:
    missing = []
    for key, value in asked.items():
        if key not in said:
            missing.append(f"{where}{key}")
        elif isinstance(value, dict):
            missing += (_missing(value, said[key], f"{where}{key}.")
                        if isinstance(said[key], dict) else [f"{where}{key}"])
    return missing
