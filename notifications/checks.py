"""Every announced kind of notice has its words, and what leaves the house is signed and goes to a public server."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.template import Engine, TemplateDoesNotExist, TemplateSyntaxError

from notifications import destinations, registry
from notifications.errors import TurnedAway
from notifications.rendering import GENERIC

SECRET_CHARS = 32


@register(Tags.templates)
def check_words_of_notices(**_kwargs: object) -> list[CheckMessage]:
    """``templates/notices/<kind>.txt`` exists and parses for each announced kind, and for the general one."""
    found: list[CheckMessage] = []
    for kind in (GENERIC, f"{GENERIC}.sms", *registry.samples()):
        try:
            Engine.get_default().get_template(f"notices/{kind}.txt")
        except (TemplateDoesNotExist, TemplateSyntaxError) as wrong:
            found.append(Error(f"Notices of kind {kind} have no words: {wrong}", id="notifications.E001"))
    return found


@register
def check_channels(**_kwargs: object) -> list[CheckMessage]:
    """A channel that is switched on signs with a real secret and leads to where we may connect."""
    found: list[CheckMessage] = []
    if settings.SMS_URL:
        try:
            destinations.parse(settings.SMS_URL)
        except TurnedAway as refusal:
            hint = "https and a public server; NOTIFY_ALLOW_PRIVATE=1 opens plain HTTP and private addresses."
            found.append(
                Error(f"SMS_URL is no address we connect to: {refusal.code}.", hint=hint, id="notifications.E002")
            )
    secrets = {"SMS_SECRET": bool(settings.SMS_URL), "WEBHOOK_SECRET": bool(settings.WEBHOOK_SECRET)}
    found += [
        Error(f"{name} needs at least {SECRET_CHARS} characters.", id="notifications.E003")
        for name, is_needed in secrets.items()
        if is_needed and len(getattr(settings, name)) < SECRET_CHARS
    ]
    return found
