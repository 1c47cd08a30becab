"""The petitions' part of a handover: what a leaving handler holds passes to the receiver, and its clocks with it.

A matter that is about the receiver, or that he stepped back from, is not given to him: it goes one level up. What the
leaver resolved keeps his name in ``resolved_by``: whatever post he holds next, he may not verify it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.handover import check_unchanged, fingerprint
from grids.posts import Request, recipients_for
from grids.registry import Item, Preview, Section, Transfer
from grids.staff import Staff
from people.models import User
from petitions import clocks, notices, records
from petitions.enums import Decision, EventCode, Status
from petitions.models import ExtensionRequest, Petition, PetitionQuerySet, ReturnRequest, SupervisionOrder
from petitions.requests import decides

# Verified matters wait for somebody else's closing; there is nothing left in them for their handler to do.
IN_HAND = (Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS, Status.DEFERRED, Status.RESOLVED)
LISTED = 50


@dataclass(frozen=True, slots=True)
class PetitionPart:
    """Open matters in the leaver's hands within the posts that pass, and those he was the first contact of."""

    def preview(self, transfer: Transfer) -> Preview:
        """Return what would pass: matters, orders to answer, requests; and what goes one level up instead."""
        rows = list(_passing(transfer).select_related("area").order_by("next_due_at", "pk"))
        barred = _barred(rows, transfer.receiver)
        to_him = [row for row in rows if row.pk not in barred]
        in_hand = [row for row in to_him if row.handler_id == transfer.leaver.pk]
        first_only = [row for row in to_him if row.handler_id != transfer.leaver.pk]
        up = [row for row in rows if row.pk in barred]
        heads = _one_level_up(up, transfer, on=transfer.first_day)
        seen = set(
            Petition.objects.visible_to(transfer.by)
            .filter(pk__in=[row.pk for row in rows])
            .values_list("pk", flat=True)
        )
        mine = [row.pk for row in in_hand]
        orders = SupervisionOrder.objects.filter(petition__in=mine, answered_at=None)
        asked = ExtensionRequest.objects.filter(petition__in=mine, decision=Decision.WAITING)
        returned = ReturnRequest.objects.waiting().filter(petition__in=mine)
        staying = _staying(transfer)
        sections = (
            Section(_("Open matters that pass to the receiver"), len(in_hand), _items(in_hand, seen)),
            Section(
                _("Matters about the receiver, or that he stepped back from: they go one level up"),
                len(up),
                [
                    Item(item.label, item.url, heads[row.pk].get_full_name())
                    for row in up
                    for item in _items([row], seen)
                ],
            ),
            Section(_("Supervision orders still to be answered"), orders.count(), _of(orders, seen)),
            Section(_("His requests that wait for a decision"), asked.count() + returned.count(), _of(asked, seen)),
            Section(
                _("Decisions that wait for these posts; the receiver makes them"), *_counted(_waiting(transfer), seen)
            ),
            Section(
                _("Matters that the receiver answers for as first contact"), len(first_only), _items(first_only, seen)
            ),
            Section(
                _("Matters in his hands outside these posts: they stay with him"),
                len(staying),
                _items(staying, seen | _seen(staying, transfer.by)),
                _("Choose the other posts as well, or dispatch them anew."),
            ),
        )
        return Preview([section for section in sections if section.count], _print_of(rows, barred))

    def carry_out(self, transfer: Transfer, *, fingerprint: str | None) -> int:
        """Pass the matters on, each with an event, its clocks with their new holder; return how many.

        :raises ChangedSinceReview: if a matter came, went or changed since it was reviewed
        """
        rows = list(_passing(transfer).select_for_update(of=("self",), no_key=True).order_by("pk"))
        barred = _barred(rows, transfer.receiver)
        check_unchanged(_print_of(rows, barred), fingerprint)
        heads = _one_level_up([row for row in rows if row.pk in barred], transfer, on=timezone.localdate(transfer.at))
        for row in rows:
            _pass_on(row, heads.get(row.pk, transfer.receiver), transfer)
        return len(rows)


def _pass_on(petition: Petition, to: User, transfer: Transfer) -> None:
    handled = petition.handler_id == transfer.leaver.pk
    first = petition.first_contact_owner_id == transfer.leaver.pk
    if handled:
        petition.handler = to
    if first:
        petition.first_contact_owner = to
    petition.version += 1
    petition.save(update_fields=["handler", "first_contact_owner", "version"])
    records.append(
        petition,
        EventCode.HANDED_OVER,
        at=transfer.at,
        by=transfer.by.user,
        refs={
            "from": transfer.leaver.pk,
            "handler": to.pk if handled else None,
            "first_contact": to.pk if first else None,
            "level_up": True if to.pk != transfer.receiver.pk else None,
        },
    )
    if handled:
        clocks.advance(petition, at=transfer.at)
    if to.pk != transfer.receiver.pk:
        # the receiver hears of all of his in one notice; who stands over him, of each
        notices.tell_user(petition, EventCode.HANDED_OVER, to.pk, at=transfer.at)


def _passing(transfer: Transfer) -> PetitionQuerySet:
    """Return what passes: within the posts, in the leaver's hands or, while open, with him as its first contact."""
    leaver = transfer.leaver
    # by his posts alone: what he stepped back from himself is not in his hands
    mine = Petition.objects.visible_to(Staff(leaver, transfer.holdings))
    return Petition.objects.filter(pk__in=mine.open().order_by().values("pk")).filter(
        Q(handler=leaver, status__in=IN_HAND) | Q(first_contact_owner=leaver)
    )


def _staying(transfer: Transfer) -> list[Petition]:
    held = Petition.objects.filter(handler=transfer.leaver, status__in=IN_HAND)
    passing = _passing(transfer).order_by().values("pk")
    return list(held.exclude(pk__in=passing).order_by("pk"))


def _barred(petitions: Sequence[Petition], receiver: User) -> set[int]:
    rows = Petition.objects.filter(pk__in=[row.pk for row in petitions], recusals__user=receiver)
    return set(rows.values_list("pk", flat=True))


def _one_level_up(petitions: Sequence[Petition], transfer: Transfer, *, on: date) -> dict[int, User]:
    """Return who takes each matter that the receiver may not have: the line above, neither of the two."""
    if not petitions:
        return {}
    excluded = frozenset({transfer.leaver.pk, transfer.receiver.pk})
    targets = tuple((held.level, held.kind) for held in transfer.holdings)
    stepped_back = {row.pk: excluded | frozenset(row.recusals.values_list("user_id", flat=True)) for row in petitions}
    told = recipients_for(
        [
            Request(
                key=row.pk,
                path=row.area_path,
                targets=targets[:1],
                organisation_id=row.organisation_id,
                excluded=stepped_back[row.pk],
            )
            for row in petitions
        ],
        on,
    )
    users = User.objects.in_bulk({one.user_ids[0] for one in told.values()})
    return {int(str(pk)): users[one.user_ids[0]] for pk, one in told.items()}


def _print_of(petitions: Sequence[Petition], barred: set[int]) -> str:
    return fingerprint(
        [f"{row.pk}/{row.version}/{row.pk in barred}" for row in sorted(petitions, key=lambda row: row.pk)]
    )


# -- what the reviewer reads ---------------------------------------------------------------------------------------


def _items(petitions: Iterable[Petition], seen: set[int]) -> list[Item]:
    """Return the numbers of those the reviewer may see, most pressing first; the others are counted alone."""
    shown = [row for row in petitions if row.pk in seen][:LISTED]
    return [Item(row.number, f"/cases/{row.number}/", str(row.get_status_display())) for row in shown]


def _seen(petitions: Sequence[Petition], by: Staff) -> set[int]:
    rows = Petition.objects.visible_to(by).filter(pk__in=[row.pk for row in petitions])
    return set(rows.values_list("pk", flat=True))


def _of(rows: Iterable[SupervisionOrder] | Iterable[ExtensionRequest], seen: set[int]) -> list[Item]:
    ids = [row.petition_id for row in rows if row.petition_id in seen][:LISTED]
    return _items(Petition.objects.filter(pk__in=ids).order_by("next_due_at", "pk"), seen)


def _waiting(transfer: Transfer) -> list[Petition]:
    """Return the matters in which a decision waits for the posts that pass."""
    posts = Staff(transfer.leaver, transfer.holdings)
    asked = ExtensionRequest.objects.filter(
        decision=Decision.WAITING, petition__in=Petition.objects.visible_to(posts).open()
    )
    rows = asked.select_related("petition__policy", "petition__area").order_by("pk")
    returned = ReturnRequest.objects.waiting_for(posts).values("petition")
    return [
        row.petition for row in rows if decides(posts, row.petition, asked_by=row.asked_by_id, at=transfer.at)
    ] + list(Petition.objects.filter(pk__in=returned))


def _counted(petitions: Sequence[Petition], seen: set[int]) -> tuple[int, list[Item]]:
    return len(petitions), _items(petitions, seen)
