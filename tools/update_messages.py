r"""Bring the .po files up to what the sources ask for, and fill in translations from tab-separated files.

``python tools/update_messages.py [chinese.tsv …]``: each line ``msgid<TAB>translation`` or
``context<TAB>msgid<TAB>translation``; ``\n`` stands for a line break. English answers itself.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import catalogue
from babel.messages.catalog import Message

CHINESE, ENGLISH = "zh_Hans", "en"


def read_tables(files: Sequence[Path]) -> dict[catalogue.Key, str]:
    """Return (context, msgid) → translation; the last file wins, and a contradiction is said."""
    found: dict[catalogue.Key, str] = {}
    for file in files:
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            columns = [column.replace("\\n", "\n") for column in line.split("\t")]
            if not line.strip() or line.startswith("#"):
                continue
            if len(columns) not in {2, 3}:
                print(f"{file}:{number}: {len(columns)} columns instead of 2 or 3: {line}", file=sys.stderr)
                continue
            key = (columns[0] if len(columns) == 3 else None, columns[-2])  # noqa: PLR2004 - with a context
            if found.get(key, columns[-1]) != columns[-1]:
                print(f"{file}:{number}: {key[1]!r} was {found[key]!r} and is {columns[-1]!r}", file=sys.stderr)
            found[key] = columns[-1]
    return found


def update(language: str, translations: dict[catalogue.Key, str]) -> list[str]:
    """Write the .po file of ``language``; return the msgids that are still without an answer."""
    old = {catalogue.key_of(message): message for message in catalogue.read(language) if message.id}
    new = catalogue.new_catalogue(language)
    without: list[str] = []
    for message in catalogue.wanted():
        if not message.id:
            continue
        text = _answer(message, old.get(catalogue.key_of(message)), language, translations)
        if not all([text] if isinstance(text, str) else text):
            without.append(catalogue.forms(message)[0])
        new.add(message.id, text, locations=message.locations, context=message.context)
    catalogue.write(language, new)
    return without


def _answer(
    message: Message, old: Message | None, language: str, translations: dict[catalogue.Key, str]
) -> str | tuple[str, ...]:
    forms = catalogue.forms(message)
    counted = len(forms) > 1
    if language == ENGLISH:
        return forms if counted else forms[0]
    # A counted message has one Chinese form, found under either of its msgids.
    given = [translations[key] for form in reversed(forms) if (key := (message.context, form)) in translations]
    if not given and old and catalogue.forms(old) == forms and not old.fuzzy:
        return tuple(catalogue.answers(old)) if counted else catalogue.answers(old)[0]
    text = given[0] if given else ""
    return (text,) if counted else text


def main(arguments: Sequence[str]) -> int:
    """Update every language; list what still lacks an answer."""
    without = update(CHINESE, read_tables([Path(name) for name in arguments]))
    update(ENGLISH, {})
    for msgid in without:
        print(f"no translation: {msgid!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
