"""Refuse a message without a translation, a translation without a message, and placeholders that differ."""

import sys
from collections.abc import Iterator

import catalogue
from babel.messages.catalog import Message


def complaints(language: str) -> Iterator[str]:
    """Return one line for everything that is wrong with the .po file of ``language``."""
    asked = {catalogue.key_of(message): message for message in catalogue.wanted() if message.id}
    answered = {catalogue.key_of(message): message for message in catalogue.read(language) if message.id}
    for key, message in asked.items():
        where = ", ".join(sorted({file for file, _line in message.locations}))
        if key not in answered:
            yield f"missing: {key[1]!r} ({where})"
        else:
            for what in _wrong(message, answered[key]):
                yield f"{what}: {key[1]!r} ({where})"
    for key in answered.keys() - asked.keys():
        yield f"obsolete: {key[1]!r}"


def _wrong(asked: Message, answer: Message) -> Iterator[str]:
    if catalogue.forms(asked) != catalogue.forms(answer):
        yield "asked in another plural form"
        return
    if answer.fuzzy:
        yield "fuzzy"
    forms, texts = catalogue.forms(asked), catalogue.answers(answer)
    if not all(texts):
        yield "empty"
        return
    for number, text in enumerate(texts):
        # A language with one form says everything with the plural's words.
        form = forms[-1] if len(texts) == 1 else forms[min(number, len(forms) - 1)]
        if catalogue.placeholders(form) != catalogue.placeholders(text):
            yield f"placeholders differ ({text!r})"
        if form.startswith("\n") != text.startswith("\n") or form.endswith("\n") != text.endswith("\n"):
            yield f"line break at one end only ({text!r})"


def main() -> int:
    """Check every language; return 1 if anything was wrong."""
    wrong = 0
    for language in catalogue.LANGUAGES:
        for line in sorted(complaints(language)):
            print(f"{language}: {line}")
            wrong += 1
    if wrong:
        print(f"{wrong} to mend: python tools/update_messages.py [file.tsv …], then fill in locale/*/LC_MESSAGES/*.po")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
