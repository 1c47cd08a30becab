"""Acting on a petition: each verb a POST, by the same table of posts, the same forms and the same moves as the desk."""

import re
import uuid
from http import HTTPStatus
from typing import Any, Final, cast

from django.forms import ChoiceField
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from deadlines.timetable import shanghai_date
from gateway.api import bodies
from gateway.api.petitions import REPLAYED, OfPetitions
from gateway.api.shapes import DoneOut
from gateway.enums import Scope
from gateway.errors import VersionGone, VersionMissing
from gateway.filing import client_key
from gateway.models import Filing
from grids.models import Area, Organisation
from petitions import additions, casefile, petitioner, ratings, requests, returns
from petitions.enums import ReturnReason, Satisfaction, Verb
from petitions.errors import ChangedMeanwhile, NotYours
from petitions.forms.dispatch import DispatchForm
from petitions.forms.verbs import FORMS
from petitions.models import Petition
from petitions.permissions import check_may
from petitions.views.case import MOVES

BODIES: Final[dict[Verb, type[bodies.VerbIn]]] = {
    Verb.ACCEPT: bodies.AcceptIn,
    Verb.DECLINE: bodies.ReasonIn,
    Verb.DISPATCH: bodies.DispatchIn,
    Verb.SIGN: bodies.VerbIn,
    Verb.CONTACT: bodies.NoteIn,
    Verb.ARRIVE: bodies.VerbIn,
    Verb.PLAN: bodies.PlanIn,
    Verb.RESOLVE: bodies.ResolveIn,
    Verb.VERIFY: bodies.NoteIn,
    Verb.REWORK: bodies.ReasonIn,
    Verb.CLOSE: bodies.VerbIn,
    Verb.DESIGNATE: bodies.DesignateIn,
    Verb.RECALL: bodies.ReasonIn,
}
ETAG: Final = re.compile(r'"(?P<version>[1-9]\d{0,8})"')
MAY_REPEAT: Final = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, required=False)
IF_MATCH: Final = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=False, description="The ETag of the petition."
)
OF_VERBS: Final = [IF_MATCH, MAY_REPEAT, REPLAYED]


class Act(OfPetitions):
    """One verb on one petition."""

    verb: Verb

    def act(self, number: str) -> Response:
        """Do it as the client's post, once for an Idempotency-Key."""
        self.caller.need(Scope.ACT)

        def work() -> tuple[int, dict[str, Any]]:
            petition = self.found(number)
            check_may(self.caller.staff, self.verb, petition)
            said = self.read(BODIES[self.verb])
            said["version"], matched = self._version(petition, said)
            facts = self._facts(petition, said)
            try:
                done = MOVES[self.verb](petition, by=self.caller.staff, at=self.at, **facts)
            except ChangedMeanwhile as no:
                raise (VersionGone(str(no)) if matched else no) from no
            return HTTPStatus.OK, stand(done)

        return self.once(work)

    def _version(self, petition: Petition, said: dict[str, Any]) -> tuple[int, bool]:
        """Return the version that was decided on, and whether If-Match named it.

        :raises VersionMissing: if nothing says it
        :raises VersionGone: if If-Match names another one than the present
        """
        given = self.request.headers.get("If-Match", "").strip()
        if not given:
            if "version" not in said:
                raise VersionMissing(_("Send the petition's ETag as If-Match, or its version."))
            return int(said["version"]), False
        found = ETAG.fullmatch(given)
        if found is None or int(found["version"]) != petition.version:
            raise VersionGone(
                _("Somebody changed %(number)s meanwhile. Please look again.") % {"number": petition.number}
            )
        return petition.version, True

    def _facts(self, petition: Petition, said: dict[str, Any]) -> dict[str, Any]:
        """Return what the move takes, checked by the form of the desk.

        :raises ValidationError: as that form says
        """
        words = casefile.words_of(petition) if self.verb == Verb.ACCEPT else ""
        make = FORMS[self.verb]
        on = shanghai_date(self.at)
        to = make(None, None, petition=petition, by=self.caller.staff, on=on, said=words)
        if isinstance(to, DispatchForm):
            said["to"] = _given(to, said.pop("organisation", ""), said.pop("grid", ""))
        form = make(said, None, petition=petition, by=self.caller.staff, on=on, said=words)
        if not form.is_valid():
            raise ValidationError({name: list(map(str, errors)) for name, errors in form.errors.items()})
        return form.facts()


class Followed(OfPetitions):
    """What only who filed it may do: it speaks for the petitioner."""

    def filed(self, number: str) -> Petition:
        """Return a petition in sight that this client filed.

        :raises NotYours: if somebody else did
        """
        self.caller.need(Scope.FILE)
        petition = self.found(number)
        if not Filing.objects.filter(petition=petition, client=self.caller.client).exists():
            raise NotYours(_("%(number)s came by another way.") % {"number": petition.number})
        return petition


class Urge(Followed):
    """The petitioner urges."""

    @extend_schema(
        operation_id="urge_petition", request=bodies.NothingIn, parameters=OF_VERBS[1:], responses={200: DoneOut},
        tags=["petitions"],
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
        """Urge, once a day."""

        def work() -> tuple[int, dict[str, Any]]:
            petition = self.filed(number)
            self.read(bodies.NothingIn)
            return HTTPStatus.OK, stand(requests.urge(petition, at=self.at))

        return self.once(work)


class Add(Followed):
    """The petitioner says something more."""

    @extend_schema(
        operation_id="add_to_petition", request=bodies.WordsIn, parameters=OF_VERBS[1:], responses={200: DoneOut},
        tags=["petitions"],
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
        """Add words; the same Idempotency-Key adds them once, for good."""

        def work() -> tuple[int, dict[str, Any]]:
            petition = self.filed(number)
            words = self.read(bodies.WordsIn)["words"]
            key = self.idempotency_key(needed=False)
            once = client_key(self.caller.client, f"add {key}") if key else uuid.uuid4()
            additions.add(petition, at=self.at, client_key=once, words=words)
            return HTTPStatus.OK, stand(petition)

        return self.once(work)


class Withdraw(Followed):
    """The petitioner takes it back."""

    @extend_schema(
        operation_id="withdraw_petition", request=bodies.WithdrawIn, parameters=OF_VERBS[1:],
        responses={200: DoneOut}, tags=["petitions"],
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
        """Take it back before it is resolved; not an urgent matter, nor one that others have joined."""

        def work() -> tuple[int, dict[str, Any]]:
            petition = self.filed(number)
            words = self.read(bodies.WithdrawIn)["words"]
            return HTTPStatus.OK, stand(petitioner.withdraw(petition, at=self.at, words=words))

        return self.once(work)


class Rate(Followed):
    """The petitioner says how it went."""

    @extend_schema(
        operation_id="rate_petition", request=bodies.RateIn, parameters=OF_VERBS[1:], responses={200: DoneOut},
        tags=["petitions"],
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
        """Say whether it is solved, and how content the petitioner is; once each time it is reported as done."""

        def work() -> tuple[int, dict[str, Any]]:
            petition = self.filed(number)
            said = self.read(bodies.RateIn)
            satisfaction = Satisfaction(said["satisfaction"]) if said["satisfaction"] else None
            ratings.rate(petition, at=self.at, solved=said["solved"], satisfaction=satisfaction, words=said["words"])
            petition.refresh_from_db()
            return HTTPStatus.OK, stand(petition)

        return self.once(work)


class GiveBack(Act):
    """Whoever was sent it gives it back."""

    @extend_schema(
        operation_id="return_petition", request=bodies.ReturnIn, parameters=OF_VERBS, responses={200: DoneOut},
        tags=["verbs"],
    )  # fmt: skip
    def post(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
        """Ask to return it inside its window; whoever sent it decides, and until then it stays and its clocks run."""
        self.caller.need(Scope.ACT)

        def work() -> tuple[int, dict[str, Any]]:
            petition = self.found(number)
            said = self.read(bodies.ReturnIn)
            version, matched = self._version(petition, said)
            try:
                returns.ask_return(
                    petition, by=self.caller.staff, at=self.at, reason_code=ReturnReason(said["reason_code"]),
                    words=said["words"], version=version,
                )  # fmt: skip
            except ChangedMeanwhile as no:
                raise (VersionGone(str(no)) if matched else no) from no
            petition.refresh_from_db()
            return HTTPStatus.OK, stand(petition)

        return self.once(work)


def view_of(verb: Verb) -> Any:
    """Return the view of one verb."""

    class View(Act):
        """One verb."""

        @extend_schema(
            operation_id=f"{verb.value}_petition", request=BODIES[verb], parameters=OF_VERBS,
            responses={200: DoneOut}, tags=["verbs"], description=f"“{verb.value}”, as the post of this key.",
        )  # fmt: skip
        def post(self, request: Request, number: str) -> Response:  # noqa: ARG002 - DRF names it
            """Do it."""
            return self.act(number)

    View.verb = verb
    return View.as_view()


def stand(petition: Petition) -> dict[str, Any]:
    """Return how a petition stands, for an answer that is kept: it names nobody."""
    return {"number": petition.number, "status": str(petition.status), "version": petition.version}


def _given(form: DispatchForm, organisation: str, grid: str) -> str:
    """Return what the form of the desk calls a unit, or the worker of a grid, by these codes; "" for none it offers."""
    if organisation:
        unit = Organisation.objects.filter(code=organisation).values_list("pk", flat=True).first()
        return f"unit:{unit}"
    area = Area.objects.filter(code=grid).values_list("pk", flat=True).first()
    field = form.fields["to"]
    assert isinstance(field, ChoiceField)  # noqa: S101 - declared there
    groups: list[Any] = list(cast("Any", field.choices))
    offered = (str(key) for _group, rows in groups[1:] for key, _label in rows)
    return next((key for key in offered if key.startswith("worker:") and key.endswith(f":{area}")), "")
