"""Every announced kind of notice has its words."""

from django.core.checks import CheckMessage, Error, Tags, register
from django.template import Engine, TemplateDoesNotExist, TemplateSyntaxError

from notifications import registry
from notifications.rendering import GENERIC


@register(Tags.templates)
def check_words_of_notices(**_kwargs: object) -> list[CheckMessage]:
    """``templates/notices/<kind>.txt`` exists and parses for each announced kind, and for the general one."""
    found: list[CheckMessage] = []
    for kind in (GENERIC, *registry.samples()):
        try:
            Engine.get_default().get_template(f"notices/{kind}.txt")
        except (TemplateDoesNotExist, TemplateSyntaxError) as wrong:
            found.append(Error(f"Notices of kind {kind} have no words: {wrong}", id="notifications.E001"))
    return found
