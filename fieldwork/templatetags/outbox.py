"""What every working page carries so that its forms may wait on the phone for a line."""

from json import dumps
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from fieldwork import offline
from people.models import User

register = template.Library()


@register.simple_tag
def outbox_owner(user: User) -> str:
    """Return the key of the person whose phone it is."""
    return offline.owner_of(user)


@register.simple_tag
def outbox_words(words: dict[str, Any] | None = None) -> SafeString:
    """The words of the scripts in the page's language, as a data block (no script runs from it)."""
    block = dumps(words or offline.words(), ensure_ascii=False).replace("<", "\\u003C")
    return mark_safe(f'<script type="application/json" id="outbox-words">{block}</script>')  # noqa: S308 - own words
