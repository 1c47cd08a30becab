"""What people do with an escalation: say that they have seen it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from deadlines.models import Escalation
from people.errors import NotAllowed, NotAllowedNow
from people.models import User


@transaction.atomic
def acknowledge(escalation: Escalation, *, by: User, at: datetime) -> Escalation:
    """Record that ``by`` has seen an escalation that asks for it; the first answer counts. Return it as it stands now.

    :raises NotAllowed: if he was not told
    :raises NotAllowedNow: if it asks nobody for an answer
    """
    rows = type(escalation)._default_manager  # noqa: SLF001 - of the concrete model, whichever it is
    locked: Escalation = rows.select_for_update(of=("self",)).get(pk=escalation.pk)
    if by.pk not in {*locked.told, *locked.raised_to}:
        raise NotAllowed(_("Only who was told can say that he has seen it."))
    if locked.acknowledged_at is not None:
        return locked
    if locked.answer_by_at is None:
        raise NotAllowedNow(_("This one needs no answer any more."))
    locked.acknowledged_at, locked.acknowledged_by = at, by
    locked.save(update_fields=["acknowledged_at", "acknowledged_by"])
    return locked
