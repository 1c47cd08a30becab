"""Lending what a station has: to whom, until when, back, lost, repaired; and who is told of what is overdue."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from deadlines.timetable import shanghai_date
from fieldwork.enums import LoanEnd
from fieldwork.errors import NotNow, NotYours
from fieldwork.models import Loan, ServiceStation, StationItem
from fieldwork.permissions import check_may_serve
from grids.enums import Level, PostKind
from grids.models import Area
from grids.posts import Request, recipients_for
from grids.staff import Staff
from notifications.services import NewNotice, owe
from people import consents
from people.enums import ConsentPurpose, Context
from people.errors import BadInput
from people.services import Revealed, blank_person, create_person, reveal

# Who keeps the stations of an area, by its level: told once of each piece that did not come back.
KEEPERS: Final = {
    Level.GRID: (Level.GRID, PostKind.GRID_WORKER),
    Level.COMMUNITY: (Level.COMMUNITY, PostKind.COMMUNITY_WORKER),
    Level.STREET: (Level.STREET, PostKind.DISPATCHER),
}


@dataclass(frozen=True, slots=True)
class Stock:
    """One item of a station: how many pieces are there now, and how many are out or gone."""

    item: StationItem
    out: int

    @property
    def usable(self) -> int:
        """Pieces that are neither lost nor broken."""
        return self.item.quantity - len(self.item.gone)

    @property
    def free(self) -> int:
        """Pieces that can be lent now."""
        return max(0, self.usable - self.out)


def stock(station: ServiceStation) -> list[Stock]:
    """Return what a station has, by name; two queries."""
    items = list(StationItem.objects.filter(station=station).order_by("name"))
    out = list(Loan.objects.out().filter(item__in=items).values_list("item", flat=True))
    return [Stock(item, out.count(item.pk)) for item in items]


@sensitive_variables("name", "phone")
@transaction.atomic
def lend(
    item: StationItem, *, name: str, phone: str, agreed: bool, client_key: uuid.UUID, by: Staff, at: datetime
) -> Loan:
    """Lend the first free piece of an item for its days. The same key again lends nothing more.

    :raises NotYours: if ``by`` does not work at the station
    :raises BadInput: without name, number or consent
    :raises NotNow: if no piece is there
    """
    check_may_serve(by, item.station.area)
    locked = _locked(item)
    earlier = Loan.objects.filter(client_key=client_key).first()
    if earlier is not None:
        if earlier.item_id != locked.pk:
            raise NotYours(_("Your post does not work at this station."))
        return earlier
    if not name.strip():
        raise BadInput(_("Write down who takes it."), field="name")
    if not phone.strip():
        raise BadInput(_("Write down a number to call if it does not come back."), field="phone")
    if not agreed:
        raise BadInput(_("Ask first: name and number are kept only if they agree."), field="agreed")
    if not locked.is_lent:
        raise NotNow(_("This is used at the station and not lent."))
    piece = _free_piece(locked)
    person = create_person(context=Context.BORROWER, name=name, phone=phone, at=at)
    consents.give(person, ConsentPurpose.CONTACT, at=at)
    return Loan.objects.create(
        client_key=client_key,
        item=locked,
        piece=piece,
        borrower=person,
        lent_at=at,
        lent_by=by.user,
        due_on=shanghai_date(at) + timedelta(days=locked.days),
    )


@transaction.atomic
def finish(loan: Loan, *, how: LoanEnd, by: Staff, at: datetime) -> Loan:
    """Note that a piece came back, or came back broken, or is lost; of the last two it cannot be lent again.

    :raises NotYours: if ``by`` does not work at the station
    :raises NotNow: if the loan has ended
    """
    check_may_serve(by, loan.item.station.area)
    item = _locked(loan.item)
    locked = Loan.objects.select_for_update(of=("self",), no_key=True).get(pk=loan.pk)
    if locked.ended_at is not None:
        raise NotNow(_("This is back already."))
    locked.ended_at, locked.ended_by, locked.end = at, by.user, how
    locked.save(update_fields=["ended_at", "ended_by", "end"])
    if how != LoanEnd.BACK:
        item.gone = sorted({*item.gone, locked.piece})
        item.save(update_fields=["gone"])
    return locked


@transaction.atomic
def repair(item: StationItem, *, by: Staff) -> int:
    """Note that what was lost or broken is there again, all of it; return how many pieces.

    :raises NotYours: if ``by`` does not work at the station
    """
    check_may_serve(by, item.station.area)
    locked = _locked(item)
    count, locked.gone = len(locked.gone), []
    locked.save(update_fields=["gone"])
    return count


@transaction.atomic
def prolong(loan: Loan, *, by: Staff, at: datetime) -> Loan:
    """Let somebody keep a piece for the item's days from today on.

    :raises NotYours: if ``by`` does not work at the station
    :raises NotNow: if the loan has ended
    """
    check_may_serve(by, loan.item.station.area)
    locked = Loan.objects.select_for_update(of=("self",), no_key=True).select_related("item").get(pk=loan.pk)
    if locked.ended_at is not None:
        raise NotNow(_("This is back already."))
    locked.due_on = shanghai_date(at) + timedelta(days=locked.item.days)
    locked.save(update_fields=["due_on"])
    return locked


def look(loan: Loan, *, field: str, reason: str, by: Staff, at: datetime) -> Revealed:
    """Return name or number of a borrower, after writing down who looked and why.

    :raises NotYours: if ``by`` does not work at the station
    :raises BadInput: if the reason says nothing
    :raises TooManyReveals: if ``by`` has looked at as much today as one person may
    """
    check_may_serve(by, loan.item.station.area)
    return reveal(person=loan.borrower, field=field, reason=reason, by=by.user, about=f"loan:{loan.pk}", at=at)


def tell_overdue(*, at: datetime) -> int:
    """Tell the keeper of a station of each piece that did not come back in time, once; return how many are told."""
    on = shanghai_date(at)
    rows = list(Loan.objects.overdue(on).select_related("item__station__area"))
    if not rows:
        return 0
    told = recipients_for([_request(row, row.item.station.area) for row in rows], on=on)
    return owe(
        [
            NewNotice(
                recipient_id=user_id,
                kind="loan_overdue",
                about=f"loan:{row.pk}",
                url_path=f"/stations/desk/{row.item.station_id}/loans/",
                dedupe_key=f"loan_overdue:{row.pk}:{row.due_on.isoformat()}",
                at=at,
                params={"item": row.item.name, "due_on": row.due_on.isoformat()},
            )
            for row in rows
            for user_id in told[row.pk].user_ids[:1]
        ]
    )


def forget(loan_id: int, *, at: datetime) -> bool:
    """Take the name and number of an ended loan away; return whether there was anything."""
    person = Loan.objects.select_related("borrower").get(pk=loan_id).borrower
    consents.withdraw_all(person, at=at)
    return blank_person(person)


def _request(loan: Loan, area: Area) -> Request:
    keeper = KEEPERS.get(Level(area.level), (Level.DISTRICT, PostKind.DISTRICT_COMMAND))
    return Request(key=loan.pk, path=area.path, targets=(keeper,))


def _free_piece(item: StationItem) -> int:
    taken: Collection[int] = {*item.gone, *Loan.objects.out().filter(item=item).values_list("piece", flat=True)}
    found = next((piece for piece in range(1, item.quantity + 1) if piece not in taken), None)
    if found is None:
        raise NotNow(_("None is there now: all are lent, lost or broken."))
    return found


def _locked(item: StationItem) -> StationItem:
    return StationItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
