"""The messages of this repository: what the sources ask for, and the .po files that answer.

There is no system gettext on a fresh machine, so Babel reads Python, and Django's own ``templatize`` (the one behind
``makemessages``) forms the msgids of templates: trimmed, counted and escaped as they are looked up at run time.
"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

BASE_DIR = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans", "en")
NOT_OURS = {"tests", "tools", "docs"}
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
UTF8 = {"encoding": "utf-8"}
CALL = re.compile(r"\b(?P<name>npgettext|pgettext|ngettext|gettext|_)\(")
LITERAL = re.compile(r"""\s*u?(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*(?P<after>[,)])""", re.DOTALL)
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|\{(\w*)\}|%(?!%)[sdrif]")

Key = tuple[str | None, str]


def key_of(message: Message) -> Key:
    """Return (context, msgid), of a counted message its singular."""
    return message.context, _singular(message)


def wanted() -> Catalog:
    """Return every message that our sources ask for, with the files that ask."""
    catalogue = Catalog(fuzzy=False)
    for file, context, msgid in _found():
        catalogue.add(msgid, locations=[(str(file.relative_to(BASE_DIR)), 0)], context=context)
    return catalogue


def po_file(language: str) -> Path:
    """Return where the answers of ``language`` stand."""
    return BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return the answers of ``language``; an empty catalogue when there are none yet."""
    if not po_file(language).exists():
        return new_catalogue(language)
    with po_file(language).open("rb") as source:
        return read_po(source, locale=language)


def new_catalogue(language: str) -> Catalog:
    """Return an empty catalogue whose header never changes by itself, so that a diff shows only messages."""
    when = datetime(2026, 11, 22, tzinfo=UTC)
    return Catalog(
        locale=language,
        project="Linli",
        version="1",
        header_comment=f"# Linli, {language}. Written by tools/update_messages.py; translations may be edited here.",
        creation_date=when,
        revision_date=when,
        last_translator="Linli",
        language_team=language,
        msgid_bugs_address="-",
        fuzzy=False,
    )


def write(language: str, catalogue: Catalog) -> None:
    """Write the answers of ``language``, ordered by the files that ask for them."""
    out = BytesIO()
    write_po(out, catalogue, width=110, sort_by_file=True, ignore_obsolete=True, include_lineno=False)
    po_file(language).parent.mkdir(parents=True, exist_ok=True)
    po_file(language).write_bytes(out.getvalue())


def placeholders(text: str) -> list[str]:
    """Return what is filled into ``text`` at run time, sorted: ``%(name)s``, ``{name}``, ``%s``."""
    return sorted(found[0].replace("%%", "") for found in PLACEHOLDER.finditer(text.replace("%%", "")))


def forms(message: Message) -> tuple[str, ...]:
    """Return the msgid, or both msgids of a counted message."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def answers(message: Message) -> tuple[str, ...]:
    """Return the translation, or every plural form of it."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _found() -> Iterator[tuple[Path, str | None, str | tuple[str, ...]]]:
    for package in sorted(path.parent for path in BASE_DIR.glob("*/__init__.py") if path.parent.name not in NOT_OURS):
        for file in sorted(package.rglob("*.py")):
            with file.open("rb") as source:
                for _line, msgid, _comments, context in extract("python", source, KEYWORDS, options=UTF8):
                    yield file, context, msgid
    for folder in sorted([BASE_DIR / "templates", *BASE_DIR.glob("*/templates")]):
        for file in sorted([*folder.rglob("*.html"), *folder.rglob("*.txt"), *folder.rglob("*.svg")]):
            for context, msgid in messages_of_template(file.read_text(), str(file)):
                yield file, context, msgid


def messages_of_template(text: str, origin: str = "") -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    """Return (context, msgid or msgids) of every message of a template."""
    # templatize blanks the markup and leaves calls of gettext with Python literals: what xgettext is given.
    shown = templatize(text, origin=origin)
    for call in CALL.finditer(shown):
        words = _literals(shown, call.end())
        name = call["name"]
        if not words:
            continue
        context = words.pop(0) if name in {"pgettext", "npgettext"} else None
        yield context, tuple(words[:2]) if name.startswith("n") else words[0]


def _literals(text: str, position: int) -> list[str]:
    words: list[str] = []
    while literal := LITERAL.match(text, position):
        words.append(ast.literal_eval(literal["text"]))
        if literal["after"] == ")":
            break
        position = literal.end()
    return words


def _singular(message: Message) -> str:
    return forms(message)[0]
