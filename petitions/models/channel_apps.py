"""Apps of others as channels (002-38 金川微城管, 004-26 甘心办): what they are called, and how a matter opens there."""

from datetime import date
from typing import ClassVar, Final, Self
from urllib.parse import quote, urlsplit

import pghistory
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from people.retention import Personal
from petitions.enums import Channel

HOLE: Final = "{number}"
OF_OTHERS: Final = (Channel.MICRO_URBAN, Channel.APP)


def check_link(link: str) -> None:
    """Refuse what is no https address with one place for the number.

    :raises ValidationError: if it is none
    """
    try:
        parts = urlsplit(link)
        host, port_is_fine = parts.hostname or "", parts.port is None or parts.port > 0
    except ValueError as error:
        raise ValidationError(_("This is no address.")) from error
    before_path, _slash, _rest = link.removeprefix("https://").partition("/")
    plain = link.isascii() and link.isprintable() and not any(sign in link for sign in " \\\"'<>")
    if parts.scheme != "https" or not host or not port_is_fine or not plain or "@" in before_path:
        raise ValidationError(_("Give an address that begins with https://, without a name or password in it."))
    if link.count(HOLE) != 1 or HOLE in before_path:
        raise ValidationError(_("Write {number} once, after the server's name, where the number of the matter goes."))


class ChannelAppQuerySet(models.QuerySet["ChannelApp"]):
    """Apps, by the day they hold on."""

    def in_force(self, on: date) -> Self:
        """Apps valid on the civil date ``on``."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


@pghistory.track(attrs={"personal": Personal.none()})
class ChannelApp(models.Model):
    """One app of others that matters come from: a matter of its channel is opened there by its number."""

    personal: ClassVar[Personal] = Personal.none()

    channel = models.CharField(
        _("channel"), max_length=10, choices=[(channel.value, channel.label) for channel in OF_OTHERS]
    )
    name_zh = models.CharField(_("name (Chinese)"), max_length=40)
    name_en = models.CharField(_("name (English)"), max_length=60)
    link = models.CharField(
        _("address of one matter"), max_length=200, validators=[check_link],
        help_text=_("https://… with {number} where the number of the matter goes."),
    )  # fmt: skip
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = ChannelAppQuerySet.as_manager()

    class Meta:
        verbose_name = _("app of a channel")
        verbose_name_plural = _("apps of channels")
        constraints = (
            models.UniqueConstraint(fields=("channel",), name="channelapp_once", condition=Q(valid_to=None)),
            models.CheckConstraint(
                name="channelapp_link_is_https", condition=Q(link__startswith="https://", link__contains=HOLE)
            ),
            models.CheckConstraint(
                name="channelapp_days_in_order", condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from"))
            ),
        )

    def __str__(self) -> str:
        return self.name_zh

    @property
    def name(self) -> str:
        """Return the name in the active language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    def opens(self, number: str) -> str:
        """Return the address of one matter in the app; what it is numbered there changes nothing but its place."""
        return self.link.replace(HOLE, quote(number, safe=""))
