"""In which language a petitioner is answered: the one he chose, else the one he reads or writes."""

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, override

from people.enums import Language

LEAST_WORDS: Final = 5
_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_HAN: Final = re.compile("[㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003ffff]")
# What is answered most often, for whoever does not write the petitioner's language: to copy and to add to.
PHRASES: Final[tuple[Promise, ...]] = (
    gettext_lazy("Thank you for telling us. We have read it and are looking into it."),
    gettext_lazy("We came to see it, and it is put right."),
    gettext_lazy("We came to see it and found nothing wrong. If it happens again, please tell us when and where."),
    gettext_lazy("It takes longer than we promised. The page of your matter shows the new date and the reason."),
    gettext_lazy("Please add a photo, or say more exactly where it is. You can do so on the page of your matter."),
    gettext_lazy("We cannot decide this. This office can:"),
    gettext_lazy("Please tell us on the page of your matter whether it is solved now."),
)


def of(text: str, *, reads: str = Language.CHINESE) -> Language:
    """Return the language of the answer to somebody who wrote ``text`` on a page that he ``reads`` in a language.

    Whoever reads English is answered in English; so is whoever writes it on a Chinese page.
    """
    words = len(_WORD.findall(text))
    is_english = words >= LEAST_WORDS and words >= len(_HAN.findall(text))
    return Language.ENGLISH if reads.startswith("en") or is_english else Language.CHINESE


def tag_of(text: str) -> str:
    """Return the BCP 47 tag of the language words are written in; "" where they could be either (numbers, signs)."""
    words, signs = len(_WORD.findall(text)), len(_HAN.findall(text))
    if not words and not signs:
        return ""
    return "en" if words > signs else "zh-Hans"


def phrases(language: str) -> list[tuple[str, str]]:
    """Return (sentence in ``language``, what it says in the active language) of what is answered most often.

    Empty where the reader of the page reads that language himself.
    """
    own = get_language() or Language.CHINESE
    if own == language or language not in Language.values:
        return []
    with override(language):
        theirs = [str(phrase) for phrase in PHRASES]
    return [(sentence, str(phrase)) for sentence, phrase in zip(theirs, PHRASES, strict=True)]
