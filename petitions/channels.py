"""The six ones 六个一 (004): six ways in which a community listens, beside the page and the window.

And the apps of others (002-38, 004-26): a matter that came from one is opened there by its number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from petitions.enums import Channel
from petitions.models import ChannelApp, Petition
from petitions.models.channel_apps import OF_OTHERS

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


@dataclass(frozen=True, slots=True)
class DeepLink:
    """Where a matter stands in the app it came from: the app's name, its number there, its address there."""

    name: str
    number: str
    url: str


def external_id(channel: Channel, number: str) -> str:
    """Return how a number of another app is kept: two apps may count alike."""
    return f"{channel.value}:{number.strip()}"


def deep_link(petition: Petition, *, on: date) -> DeepLink | None:
    """Return where the matter opens in the app it came from, on the civil date ``on``; a query only for such a one."""
    if petition.channel not in OF_OTHERS or not petition.external_id:
        return None
    number = petition.external_id.removeprefix(f"{petition.channel}:")
    app = ChannelApp.objects.in_force(on).filter(channel=petition.channel).order_by("-valid_from").first()
    return None if app is None else DeepLink(app.name, number, app.opens(number))
