"""Messages are found as Django looks them up."""

import sys

import pytest
from babel.messages.catalog import Message
from django.template import engines
from django.utils import translation

from config.local_services.places import BASE_DIR


@pytest.fixture
def tool(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(BASE_DIR / "tools"), *sys.path])
    import catalogue
    import check_translations

    monkeypatch.setattr(check_translations, "catalogue", catalogue)
    return catalogue, check_translations


TEMPLATES = [
    "{% translate 'Follow your petition' %}",
    '{% translate "100% of it" %}',
    "{% blocktranslate trimmed %}\n  Due on {{ day }},\n  by {{ who }}.\n{% endblocktranslate %}",
    "{% blocktranslate %}\n  Kept {{ as }} written\n{% endblocktranslate %}",
    "{% blocktranslate trimmed count n=few %}{{ n }} petition{% plural %}{{ n }} petitions{% endblocktranslate %}",
    "{% translate 'May' context 'month' %}",
    "{{ value|default:_('none yet') }}",
]


@pytest.mark.parametrize("source", TEMPLATES)
def test_a_template_asks_at_run_time_for_the_msgid_that_was_extracted(tool, monkeypatch, source):
    asked = []

    class Listening:
        def gettext(self, message):
            asked.append((None, message))
            return message

        def ngettext(self, one, many, _number):
            asked.append((None, (one, many)))
            return many

        def to_language(self):
            return "en"

    monkeypatch.setattr(translation.trans_real, "catalog", Listening)
    monkeypatch.setattr(translation.trans_real, "_default", Listening())
    monkeypatch.setattr(translation.trans_real, "_active", type("Active", (), {"value": Listening()})())

    page = engines["django"].from_string("{% load i18n %}" + source)
    page.render({"few": 2, "day": "d", "who": "w", "as": "a"})

    found = [
        (None, f"{context}\x04{msgid}" if context else msgid) for context, msgid in tool[0].messages_of_template(source)
    ]
    assert found == asked


@pytest.mark.parametrize(
    ("asked", "answer", "complaint"),
    [
        (Message("Due on %(day)s"), Message("Due on %(day)s", "%(day)s 到期"), []),
        (Message("Due on %(day)s"), Message("Due on %(day)s", "到期"), ["placeholders differ ('到期')"]),
        (Message("{name} came"), Message("{name} came", "{nane} 来了"), ["placeholders differ ('{nane} 来了')"]),
        (Message("Save"), Message("Save", ""), ["empty"]),
        (Message("Save"), Message("Save", "保存", flags=["fuzzy"]), ["fuzzy"]),
        (Message(("%(n)s day", "%(n)s days")), Message(("%(n)s day", "%(n)s days"), ("%(n)s 天",)), []),
        (Message("day"), Message(("day", "days"), ("天",)), ["asked in another plural form"]),
        (Message("100%% sure"), Message("100%% sure", "100%% 确定"), []),
    ],
)
def test_a_translation_must_fill_in_what_its_message_does(tool, asked, answer, complaint):
    assert list(tool[1]._wrong(asked, answer)) == complaint
