"""Whether to lead somebody to Party organisations at all."""

from typing import Any

from django import template

from parties.permissions import may_see
from petitions.views.access import staff_of

register = template.Library()


@register.simple_tag(takes_context=True)
def sees_parties(context: dict[str, Any]) -> bool:
    """Tell whether the person who looks sees any part of the tree; asks the database nothing new."""
    staff = staff_of(context["request"])
    return staff is not None and may_see(staff)
