"""Care recipients (003a-25): written down after a separate consent, opened for a reason, ended with their data.

How often they are visited is a kind of visit like the others: it stands in the list of the grid's worker and lead as
one of the reasons that no list names.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork.enums import CareConsent, CareEnd, CareKind, Whom
from fieldwork.errors import NotNow
from fieldwork.models import CareRecipient, Household, VisitDuty
from fieldwork.permissions import check_may_care
from grids.staff import Staff
from people import consents
from people.enums import ConsentPurpose, Context, PersonField
from people.errors import BadInput
from people.masking import mask_text
from people.services import blank_person, create_person, reveal

MOST_WORDS: Final = 300
# Which statute makes it a task to look after them; that anything is written down rests on their separate consent.
GROUNDS: Final[Mapping[CareKind, Promise]] = {
    CareKind.ELDERLY: gettext_lazy("Law on Protection of the Rights and Interests of the Elderly"),
    CareKind.CHILD: gettext_lazy("Law on the Protection of Minors"),
    CareKind.DISABLED: gettext_lazy("Law on the Protection of Persons with Disabilities"),
    CareKind.HONOURED: gettext_lazy(
        "Law on the Protection of Heroes and Martyrs; Law on the Status and Rights of Military Personnel"
    ),
    CareKind.ASSISTED: gettext_lazy("Interim Measures for Social Assistance"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet of a care recipient says, to be shown once."""

    kind: CareKind
    ground: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    plan: str = field(repr=False)


@sensitive_variables("name", "phone", "plan", "kind", "row")
@transaction.atomic
def add(
    household: Household,
    *,
    kind: CareKind,
    name: str,
    duty: VisitDuty,
    consent_by: CareConsent,
    agreed: bool,
    client_key: uuid.UUID,
    by: Staff,
    at: datetime,
    phone: str = "",
    plan: str = "",
) -> CareRecipient:
    """Write down somebody who agreed to be looked in on, from today on; the same form again adds nothing.

    :raises NotYours: if no post of ``by`` knows of the care recipients there
    :raises BadInput: without separate consent (PIPL art. 29), for a child without that of a guardian (art. 31), without
        a name, with words too long, or with a kind of visit that is not one for care
    :raises NotNow: if the household is closed
    """
    check_may_care(by, household.grid)
    with connection.cursor() as cursor:  # two who press twice wait here for each other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(client_key)])
    known = CareRecipient.objects.filter(client_key=client_key, added_by=by.user).first()
    if known is not None:
        return known
    locked = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    if locked.valid_to is not None:
        raise NotNow(_("This household is closed already."))
    if not agreed:
        message = _("Ask them first, for this alone: without their consent nothing is written down.")
        raise BadInput(message, field="agreed")
    if kind == CareKind.CHILD and consent_by != CareConsent.GUARDIAN:
        raise BadInput(_("For a child a parent or guardian agrees."), field="consent_by")
    if not name.strip():
        raise BadInput(_("Write down a name."), field="name")
    _check(duty, plan)
    on = shanghai_date(at)
    person = create_person(context=Context.CARE, name=name, phone=phone, at=at)
    consents.give(person, ConsentPurpose.CARE, at=at)
    row = CareRecipient(
        client_key=client_key,
        household=locked,
        person=person,
        duty=duty,
        consent_by=consent_by,
        agreed_on=on,
        starts_on=on,
        added_by=by.user,
    )
    row.kind, row.plan = CareKind(kind).value, mask_text(plan.strip())[0]
    row.save(force_insert=True)
    return row


@sensitive_variables("sheet", "name", "phone")
@transaction.atomic
def open_sheet(recipient: CareRecipient, *, reason: str, by: Staff, at: datetime) -> Sheet:
    """Return what stands on the sheet, after writing down who opened it and why: a line for each sealed contact.

    :raises NotYours: if no post of ``by`` knows of the care recipients there
    :raises NotNow: if care has ended
    :raises BadInput: if the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much today as one person may
    """
    check_may_care(by, recipient.household.grid)
    if recipient.ends_on is not None:
        raise NotNow(_("Care has ended here; nothing is kept."))
    person, about = recipient.person, f"care:{recipient.pk}"
    look = partial(reveal, person=person, reason=reason, by=by.user, about=about, at=at)
    name = look(field=PersonField.NAME).value
    phone = look(field=PersonField.PHONE).value if person.phone_sealed else ""
    kind = recipient.reason()
    return Sheet(kind, str(GROUNDS[kind]), name, phone, recipient.plan)


@sensitive_variables("plan")
@transaction.atomic
def agree_anew(recipient: CareRecipient, *, duty: VisitDuty, plan: str, by: Staff, at: datetime) -> CareRecipient:
    """Write down what was agreed anew: how often they are visited, and what else; what stood there before is gone.

    :param at: instant of the edge; the plan holds from that day on
    :raises NotYours: if no post of ``by`` knows of the care recipients there
    :raises BadInput: with words too long, or with a kind of visit that is not one for care
    :raises NotNow: if care has ended
    """
    locked = _open(recipient, by=by)
    _check(duty, plan)
    locked.duty, locked.plan, locked.agreed_on = duty, mask_text(plan.strip())[0], shanghai_date(at)
    # a visit of the new kind is owed for whole periods from today on
    locked.starts_on = max(locked.starts_on, locked.agreed_on)
    locked.save(update_fields=["duty", "plan_sealed", "agreed_on", "starts_on"])
    return locked


@transaction.atomic
def end(recipient: CareRecipient, *, why: CareEnd, by: Staff, at: datetime) -> CareRecipient:
    """End care today: name, number, reason and plan are gone at once, and the consent is over.

    :raises NotYours: if no post of ``by`` knows of the care recipients there
    :raises NotNow: if it has ended
    """
    locked = _open(recipient, by=by)
    _end(locked, why, at=at)
    return locked


def end_all(household: Household, *, at: datetime) -> int:
    """End all care of a household that moves away; return how many."""
    rows = list(_locked().filter(household=household, ends_on=None))
    for row in rows:
        _end(row, CareEnd.MOVED, at=at)
    return len(rows)


@transaction.atomic
def withdraw(recipient: CareRecipient, *, at: datetime) -> bool:
    """Let somebody who has proved his number take his consent back; return whether there was one."""
    row = _locked().filter(pk=recipient.pk, ends_on=None).first()
    if row is None:
        return False
    _end(row, CareEnd.WITHDRAWN, at=at)
    return True


def _end(row: CareRecipient, why: CareEnd, *, at: datetime) -> None:
    row.ends_on, row.ended = max(shanghai_date(at), row.starts_on), CareEnd(why)
    row.kind_sealed = row.plan_sealed = None
    row.save(update_fields=["ends_on", "ended", "kind_sealed", "plan_sealed"])
    consents.withdraw_all(row.person, at=at)
    blank_person(row.person)


def _locked() -> QuerySet[CareRecipient]:
    rows = CareRecipient.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("person", "household__grid").order_by("pk")


def _open(recipient: CareRecipient, *, by: Staff) -> CareRecipient:
    locked = _locked().get(pk=recipient.pk)
    check_may_care(by, locked.household.grid)
    if locked.ends_on is not None:
        raise NotNow(_("Care has ended here; nothing is kept."))
    return locked


def _check(duty: VisitDuty, plan: str) -> None:
    if duty.whom != Whom.CARE:
        raise BadInput(_("Choose how often they are visited."), field="duty")
    if len(plan) > MOST_WORDS:
        raise BadInput(_("Please keep it under %(count)d characters.") % {"count": MOST_WORDS}, field="plan")
