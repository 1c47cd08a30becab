"""No sentence of Django's that people read calls them 你: our catalogue answers first."""

from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po

from tools import catalogue

# sentences of pages that we do not have: passwords by e-mail, Django's own pages for changing one
NOT_SHOWN = ("email", "Your username", "Your password was changed.", "Your password has been set", "enter your")


def said_too_plainly(app: str) -> set[str]:
    path = Path(django.__file__).parent / "contrib" / app / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    with path.open("rb") as source:
        messages = [message for message in read_po(source, locale="zh_Hans") if "你" in "".join(message.string)]
    return {catalogue.key_of(message)[1] for message in messages}


@pytest.mark.parametrize(("app", "count"), [("auth", 5), ("admin", 9)])
def test_each_of_them_that_is_shown_is_asked_of_our_catalogue(app, count):
    shown = {one for one in said_too_plainly(app) if not any(words in one for words in NOT_SHOWN)}
    ours = {catalogue.key_of(message)[1] for message in catalogue.wanted() if message.id}

    assert len(shown) == count
    assert shown - ours == set()
