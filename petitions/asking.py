"""What this person may ask for, decide or answer on a case now: more time, a supplement, a supervision order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deadlines.calendar import Limit, Unit
from deadlines.explain import limit_in_words
from grids.enums import PostKind
from grids.staff import Staff
from petitions import appeals, requests, supplements
from petitions.enums import OPEN, Decision
from petitions.models import Appeal, ExtensionRequest, Petition, PetitionText, SupervisionOrder, SupplementRequest
from petitions.permissions import covers


@dataclass(frozen=True, slots=True)
class Asks:
    """Requests that stand on a case with their words, and what the viewer may do about them."""

    extension: ExtensionRequest | None
    extension_words: str
    may_ask_extension: bool
    most: int
    unit: str
    may_decide: bool
    supplement: SupplementRequest | None
    supplement_words: str
    may_ask_supplement: bool
    materials: tuple[str, ...]
    may_name_item: bool
    may_answer_supplement: bool
    order: SupervisionOrder | None
    order_words: str
    may_order: bool
    may_answer_order: bool
    appeal: Appeal | None
    appeal_words: str
    may_decide_appeal: bool

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        shown = (
            self.appeal,
            self.extension,
            self.supplement,
            self.order,
            self.may_ask_extension,
            self.may_ask_supplement,
            self.may_name_item,
        )
        return not any((*shown, self.may_order))


def asks(petition: Petition, *, viewer: Staff, at: datetime) -> Asks:
    """Return what stands and what may be asked ``at`` an instant; at most five queries."""
    extension = petition.extensions.filter(decision=Decision.WAITING).select_related("asked_by", "clock").first()
    supplement = SupplementRequest.objects.filter(petition=petition).select_related("asked_by").first()
    order = petition.orders.filter(answered_at=None).select_related("issued_by").first()
    declined = petition.status in appeals.NOT_DONE
    appeal = Appeal.objects.filter(petition=petition, decided_at=None).first() if declined else None
    words = _words(
        appeal.words_id if appeal else None,
        extension.reason_id if extension else None,
        supplement.words_id if supplement else None,
        order.words_id if order else None,
    )
    rule = (petition.policy.rules if petition.policy else {}).get("extension", {})
    most = rule.get("max", {"value": 0, "unit": "workday"})
    holds = requests.holds(viewer, petition)
    handled = petition.status in requests.HANDLING
    asks_back = supplements.asks_back(viewer, petition)
    may_ask = supplement is None and handled and asks_back
    secretary = any(held.kind == PostKind.COMMUNITY_SECRETARY and covers(held, petition) for held in viewer.holdings)
    return Asks(
        extension=extension,
        extension_words=words.get(extension.reason_id, "") if extension else "",
        may_ask_extension=bool(
            holds and handled and extension is None and rule.get("allowed") and requests.time_left(petition, at=at)
        ),
        most=most["value"],
        unit=limit_in_words(Limit(most["value"], Unit(most["unit"]))),
        may_decide=extension is not None and requests.decides(viewer, petition, asked_by=extension.asked_by_id, at=at),
        supplement=supplement,
        supplement_words=words.get(supplement.words_id, "") if supplement else "",
        may_ask_supplement=may_ask,
        materials=petition.service_item.materials if may_ask and petition.service_item else (),
        may_name_item=petition.status in OPEN and asks_back,
        may_answer_supplement=supplement is not None and not supplement.answered and asks_back,
        order=order,
        order_words=words.get(order.words_id, "") if order else "",
        may_order=order is None
        and petition.status in OPEN
        and viewer.user.pk != petition.handler_id
        and any(held.kind in requests.SUPERVISES and covers(held, petition) for held in viewer.holdings),
        may_answer_order=order is not None and (holds or secretary),
        appeal=appeal,
        appeal_words=words.get(appeal.words_id, "") if appeal else "",
        may_decide_appeal=appeal is not None and appeals.decides(viewer, appeal),
    )


def _words(*ids: UUID | None) -> dict[UUID, str]:
    wanted = [one for one in ids if one is not None]
    return dict(PetitionText.objects.filter(pk__in=wanted).values_list("pk", "masked")) if wanted else {}
