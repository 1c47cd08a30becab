"""The six ones 六个一 (004): six ways in which a community listens, beside the page and the window."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from petitions.enums import Channel

# What the source calls each of them: one visit, one line, one box, one group, one telephone, one book.
SIX_ONES: Final[Mapping[Channel, Promise]] = MappingProxyType(
    {
        Channel.VISIT: _("one visit"),
        Channel.PHONE: _("one line"),
        Channel.BOX: _("one box"),
        Channel.GROUP: _("one group"),
        Channel.DEVICE: _("one telephone"),
        Channel.DIARY: _("one diary"),
    }
)


def in_words(channel: Channel) -> str | Promise:
    """Return a channel as the form names it: with its name among the six ones, if it is one of them."""
    one = SIX_ONES.get(channel)
    return channel.label if one is None else format_lazy("{} ({})", channel.label, one)
