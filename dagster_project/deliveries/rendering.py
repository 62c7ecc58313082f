"""A paper as files: Word from a .docx layout, PDF from a typst layout.

Layouts lie in one folder: what is shipped, with the firm's own files in the place of those of the
same name. What a source delivered reaches a layout as text only, so that no name of a customer is
ever read as markup. The same paper gives the same bytes: every date in a file is the as-of date.
Not here: what a paper says (papers).
"""

import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

import typst
from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from lxml.etree import XMLSyntaxError

from ..errors import ConfigurationError
from .papers import Paper
from .wording import Sandbox, Wording

SHIPPED = Path(__file__).parent / "templates"
LOGO_HEIGHT = Mm(18)
# What a layout may be, beside pictures: anything else in the firm's folder is left alone.
LAYOUTS = (".typ", ".docx", ".yaml", ".png", ".jpg", ".jpeg", ".svg")
# Archival PDF: typst refuses what it could not print, where it would else draw an empty box.
ARCHIVAL = "a-2b"
CANNOT_SHOW = re.compile(r"the text `(.+?)` could not be displayed")


@dataclass(frozen=True)
class Layouts:
    """The folder of layouts at work; `own` is the firm's, None where it has none."""

    folder: Path
    own: Path | None

    def source(self, name: str) -> Path:
        """Where a layout really comes from, for messages."""
        mine = self.own / name if self.own else None
        return mine if mine and mine.exists() else SHIPPED / name

    def wording(self, language: str) -> Wording:
        """The words of a language. Raises ConfigurationError where there are none."""
        name = f"{language.split('_')[0]}.yaml"
        files = [root / name for root in (SHIPPED, self.own) if root and (root / name).exists()]
        if not files:
            there = ", ".join(sorted(path.stem for path in self.folder.glob("*.yaml")))
            raise ConfigurationError(f"letters: there are no words for the language {language!r} "
                                     f"(there are {there}); copy {SHIPPED / 'en.yaml'} to {name} "
                                     "in the folder letters.templates and translate it")
        return Wording(language, files, complete=SHIPPED / "en.yaml")

    @cached_property
    def sandbox(self) -> Sandbox:
        """What fills the placeholders of Word files."""
        return Sandbox(autoescape=True)

    @cached_property
    def compiler(self) -> typst.Compiler:
        """Only fonts that are shipped or the firm's: every machine makes the same file."""
        fonts = [str(self.own / "fonts")] if self.own and (self.own / "fonts").is_dir() else []
        return typst.Compiler(root=str(self.folder), font_paths=fonts, ignore_system_fonts=True)


@contextmanager
def layouts(own: Path | None) -> Iterator[Layouts]:
    """The layouts for one command. Raises ConfigurationError where the firm's folder is missing."""
    if own is not None and not own.is_dir():
        raise ConfigurationError(f"letters.templates: there is no folder {own}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for root in (SHIPPED, own):
            for path in root.iterdir() if root else ():
                if path.suffix in LAYOUTS and path.is_file():
                    shutil.copyfile(path, folder / path.name)
        yield Layouts(folder, own)


# -- PDF ---------------------------------------------------------------------------------------


def pdf(using: Layouts, paper: Paper) -> tuple[bytes, str]:
    """A paper as PDF, and the first character that no font has, empty where all is well.

    Raises ConfigurationError that names the layout, its line and the paper.
    """
    try:
        return _compiled(using, paper, standard=[ARCHIVAL]), ""
    except typst.TypstError as problem:
        if unknown := CANNOT_SHOW.search(problem.message):
            return _compiled(using, paper, standard=[]), unknown[1].strip('"')
        layout = using.source(f"{paper.kind}.typ")
        raise ConfigurationError(
            f"{layout}: {paper.kind} {paper.id} cannot be made: {problem.message}\n"
            f"{problem.diagnostic.strip()}") from None


def _compiled(using: Layouts, paper: Paper, *, standard: list[Any]) -> bytes:
    _logo(using, paper)
    day = paper.as_of_date
    content = paper.content | {"date": {"year": day.year, "month": day.month, "day": day.day}}
    made = using.compiler.compile(
        input=str(using.folder / f"{paper.kind}.typ"), format="pdf", pdf_standards=standard,
        sys_inputs={"paper": json.dumps(content)},
        timestamp=datetime.combine(day, time(), UTC))
    if not isinstance(made, bytes):
        raise TypeError(f"one PDF was asked for, typst gave {type(made)}")
    return made


def _logo(using: Layouts, paper: Paper) -> Path | None:
    name = paper.sender.logo
    if not name:
        return None
    path = using.folder / name
    if not path.is_file():
        raise ConfigurationError(f"letters: there is no logo {name!r} in the folder of the "
                                 "templates (letters.templates)")
    return path


# -- Word --------------------------------------------------------------------------------------


def word(using: Layouts, paper: Paper) -> bytes:
    """A paper as a Word file. Raises ConfigurationError that names the layout and the paper."""
    name = f"{paper.kind}.docx"
    layout = DocxTemplate(str(using.folder / name))
    try:
        layout.init_docx()
    except (PackageNotFoundError, KeyError, ValueError):
        raise ConfigurationError(f"{using.source(name)}: this is no Word file (.docx)") from None
    logo = _logo(using, paper)
    content = paper.content | {"sender": paper.content["sender"] | {
        "logo": InlineImage(layout, str(logo), height=LOGO_HEIGHT) if logo else ""}}
    try:
        layout.render(content, using.sandbox, autoescape=True)
    except TemplateError as problem:
        line = _line_of(layout, problem)
        raise ConfigurationError(f"{using.source(name)}: {paper.kind} {paper.id} cannot be made: "
                                 f"{problem.message}{line}") from None
    except XMLSyntaxError as problem:
        raise ConfigurationError(f"{using.source(name)}: {paper.kind} {paper.id} cannot be made: "
                                 f"no Word file came out ({problem}); a loop or a condition may "
                                 "begin inside a table and end outside") from None
    about = layout.docx.core_properties
    about.author = about.last_modified_by = paper.sender_name[:255]
    about.title = paper.title[:255]
    about.created = about.modified = datetime.combine(paper.as_of_date, time())
    about.revision = 1
    made = io.BytesIO()
    layout.save(made)
    return _dated(made.getvalue(), paper)


def _line_of(layout: DocxTemplate, problem: TemplateError) -> str:
    """The paragraph that a problem stands in: docxtpl gives each a line of its own."""
    number = getattr(problem, "lineno", None)
    frame = problem.__traceback__
    while number is None and frame is not None:
        if frame.tb_frame.f_code.co_filename == "<template>":
            number = frame.tb_lineno
        frame = frame.tb_next
    xml = re.sub(r"<w:p([ >])", r"\n<w:p\1", layout.patch_xml(layout.get_xml()))
    lines = [re.sub(r"<[^>]+>", "", line).strip() for line in xml.splitlines()]
    text = lines[number - 1] if number and number <= len(lines) else ""
    return f", in the line {text!r}" if text else ""


def _dated(made: bytes, paper: Paper) -> bytes:
    """The same archive with the as-of date in the place of the clock's."""
    noted = (max(paper.as_of_date.year, 1980), *paper.as_of_date.timetuple()[1:3], 0, 0, 0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as found, zipfile.ZipFile(out, "w") as fixed:
        for entry in found.infolist():
            info = zipfile.ZipInfo(entry.filename, noted)
            info.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(info, found.read(entry))
    return out.getvalue()


def files(using: Layouts, paper: Paper) -> tuple[Mapping[str, bytes], str]:
    """Both files of a paper by their endings, and the character that the PDF cannot show."""
    printed, unknown = pdf(using, paper)
    return {"docx": word(using, paper), "pdf": printed}, unknown
