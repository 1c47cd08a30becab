"""The table of lawful moves: status × verb → status. Read it as the regulation; nothing else decides.

The database enforces the same table by trigger (``petition_lawful_move``), bulk updates included.
"""

from collections.abc import Mapping
from types import MappingProxyType

from petitions.enums import EventCode, Status, Verb

LEADS_TO: Mapping[tuple[Status, Verb], Status] = MappingProxyType(
    {
        (Status.SUBMITTED, Verb.ACCEPT): Status.ACCEPTED,
        (Status.SUBMITTED, Verb.DECLINE): Status.DECLINED,
        (Status.ACCEPTED, Verb.DISPATCH): Status.DISPATCHED,
        # the grid's own worker may take an accepted matter without waiting for the dispatch
        (Status.ACCEPTED, Verb.SIGN): Status.SIGNED,
        (Status.DISPATCHED, Verb.DISPATCH): Status.DISPATCHED,
        (Status.DISPATCHED, Verb.SIGN): Status.SIGNED,
        (Status.SIGNED, Verb.DISPATCH): Status.DISPATCHED,
        (Status.SIGNED, Verb.CONTACT): Status.IN_PROGRESS,
        (Status.SIGNED, Verb.ARRIVE): Status.IN_PROGRESS,
        (Status.SIGNED, Verb.PLAN): Status.IN_PROGRESS,
        (Status.SIGNED, Verb.RESOLVE): Status.RESOLVED,
        (Status.IN_PROGRESS, Verb.DISPATCH): Status.DISPATCHED,
        (Status.IN_PROGRESS, Verb.CONTACT): Status.IN_PROGRESS,
        (Status.IN_PROGRESS, Verb.ARRIVE): Status.IN_PROGRESS,
        (Status.IN_PROGRESS, Verb.PLAN): Status.IN_PROGRESS,
        (Status.IN_PROGRESS, Verb.RESOLVE): Status.RESOLVED,
        (Status.RESOLVED, Verb.VERIFY): Status.VERIFIED,
        (Status.RESOLVED, Verb.REWORK): Status.IN_PROGRESS,
        (Status.VERIFIED, Verb.CLOSE): Status.CLOSED,
        # whoever is called back says that it is not solved
        (Status.VERIFIED, Verb.REWORK): Status.IN_PROGRESS,
        # the petitioner, once within 15 days; or whoever is called back after the closing
        (Status.CLOSED, Verb.REOPEN): Status.IN_PROGRESS,
        # by the petitioner, while nothing is done yet; also out of a matter that his was joined to
        (Status.SUBMITTED, Verb.WITHDRAW): Status.WITHDRAWN,
        (Status.ACCEPTED, Verb.WITHDRAW): Status.WITHDRAWN,
        (Status.DISPATCHED, Verb.WITHDRAW): Status.WITHDRAWN,
        (Status.SIGNED, Verb.WITHDRAW): Status.WITHDRAWN,
        (Status.IN_PROGRESS, Verb.WITHDRAW): Status.WITHDRAWN,
        (Status.MERGED, Verb.WITHDRAW): Status.WITHDRAWN,
        (Status.SUBMITTED, Verb.MERGE): Status.MERGED,
        (Status.ACCEPTED, Verb.MERGE): Status.MERGED,
        (Status.DISPATCHED, Verb.MERGE): Status.MERGED,
        (Status.SIGNED, Verb.MERGE): Status.MERGED,
        (Status.IN_PROGRESS, Verb.MERGE): Status.MERGED,
        # a matter of its own again is triaged anew
        (Status.MERGED, Verb.SPLIT): Status.SUBMITTED,
        # one level above who declined finds that it must be taken on: triaged anew
        (Status.DECLINED, Verb.READMIT): Status.SUBMITTED,
        # what cannot be solved now is put off by the level above until a day, and taken up again
        (Status.SIGNED, Verb.DEFER): Status.DEFERRED,
        (Status.IN_PROGRESS, Verb.DEFER): Status.DEFERRED,
        (Status.DEFERRED, Verb.RESUME): Status.IN_PROGRESS,
        (Status.DEFERRED, Verb.WITHDRAW): Status.WITHDRAWN,
        # what lawful handling cannot solve is ended by the level above; its petitioner may appeal
        (Status.SIGNED, Verb.TERMINATE): Status.TERMINATED,
        (Status.IN_PROGRESS, Verb.TERMINATE): Status.TERMINATED,
        (Status.DEFERRED, Verb.TERMINATE): Status.TERMINATED,
        (Status.TERMINATED, Verb.READMIT): Status.SUBMITTED,
        # the sender thinks better of it while nobody has taken it
        (Status.DISPATCHED, Verb.RECALL): Status.ACCEPTED,
        # given back, out of the holder's area, or the holder steps back: the clocks run on, somebody else is sent
        (Status.DISPATCHED, Verb.TAKE_BACK): Status.ACCEPTED,
        (Status.SIGNED, Verb.TAKE_BACK): Status.ACCEPTED,
        (Status.IN_PROGRESS, Verb.TAKE_BACK): Status.ACCEPTED,
        (Status.DISPATCHED, Verb.REGRID): Status.ACCEPTED,
        (Status.SIGNED, Verb.REGRID): Status.ACCEPTED,
        (Status.IN_PROGRESS, Verb.REGRID): Status.ACCEPTED,
        (Status.DISPATCHED, Verb.RECUSE): Status.ACCEPTED,
        (Status.SIGNED, Verb.RECUSE): Status.ACCEPTED,
        (Status.IN_PROGRESS, Verb.RECUSE): Status.ACCEPTED,
        # from above, and for good: who is designated may not return it
        (Status.ACCEPTED, Verb.DESIGNATE): Status.DISPATCHED,
        (Status.DISPATCHED, Verb.DESIGNATE): Status.DISPATCHED,
        (Status.SIGNED, Verb.DESIGNATE): Status.DISPATCHED,
        (Status.IN_PROGRESS, Verb.DESIGNATE): Status.DISPATCHED,
    },
)

RECORDED_AS: Mapping[Verb, EventCode] = MappingProxyType(
    {
        Verb.ACCEPT: EventCode.ACCEPTED,
        Verb.DECLINE: EventCode.DECLINED,
        Verb.DISPATCH: EventCode.DISPATCHED,
        Verb.SIGN: EventCode.SIGNED,
        Verb.CONTACT: EventCode.CONTACTED,
        Verb.ARRIVE: EventCode.ARRIVED,
        Verb.PLAN: EventCode.PLANNED,
        Verb.RESOLVE: EventCode.RESOLVED,
        Verb.VERIFY: EventCode.VERIFIED,
        Verb.REWORK: EventCode.REWORK,
        Verb.CLOSE: EventCode.CLOSED,
        Verb.REOPEN: EventCode.REOPENED,
        Verb.WITHDRAW: EventCode.WITHDRAWN,
        Verb.MERGE: EventCode.MERGED,
        Verb.SPLIT: EventCode.SPLIT,
        Verb.RECALL: EventCode.RECALLED,
        Verb.TAKE_BACK: EventCode.RETURNED,
        Verb.DESIGNATE: EventCode.DESIGNATED,
        Verb.REGRID: EventCode.REGRIDDED,
        Verb.RECUSE: EventCode.RECUSED,
        Verb.READMIT: EventCode.READMITTED,
        Verb.DEFER: EventCode.DEFERRED,
        Verb.RESUME: EventCode.RESUMED,
        Verb.TERMINATE: EventCode.TERMINATED,
    },
)

# Verbs that give a matter to somebody: their event keeps from which post it came.
SENDS = frozenset({Verb.DISPATCH, Verb.DESIGNATE})
# Verbs after which another has the matter, or nobody needs it any more: a return that waits is pointless then.
HANDS_OVER = SENDS | {
    Verb.RECALL,
    Verb.TAKE_BACK,
    Verb.REGRID,
    Verb.RECUSE,
    Verb.RESOLVE,
    Verb.WITHDRAW,
    Verb.MERGE,
    Verb.DEFER,
    Verb.TERMINATE,
}
# Verbs after which work begins again on what had been reported as done: a new round, rated on its own.
BACK_TO_WORK = frozenset({Verb.REWORK, Verb.REOPEN})
# Verbs that bring back what was over: the grids may have been drawn anew meanwhile.
BACK_AMONG_OPEN = frozenset({Verb.REOPEN, Verb.SPLIT, Verb.READMIT})
# Verbs after which nobody needs more time.
ENDS_WORK = frozenset({Verb.RESOLVE, Verb.WITHDRAW, Verb.MERGE, Verb.DEFER, Verb.TERMINATE})

# What happened → the moments (anchors and stops of sla_policies.json) it stands for.
MOMENTS: Mapping[EventCode, tuple[str, ...]] = MappingProxyType(
    {
        EventCode.SUBMITTED: ("submitted", "call_received", "received", "shown", "alert_sent"),
        EventCode.ACCEPTED: ("triaged", "accepted"),
        EventCode.DECLINED: ("triaged", "declined"),
        EventCode.DISPATCHED: ("dispatched", "referred", "forwarded", "forwarded_or_told"),
        EventCode.DESIGNATED: ("dispatched", "referred", "forwarded", "forwarded_or_told", "ruling_made"),
        # a decision that was asked for is needed no more once the matter is elsewhere, or done
        EventCode.RECALLED: ("ruling_made",),
        EventCode.RETURNED: ("ruling_made",),
        EventCode.REGRIDDED: ("ruling_made",),
        EventCode.RECUSED: ("ruling_made",),
        EventCode.RULING_ASKED: ("ruling_asked",),
        EventCode.RULING_REFUSED: ("ruling_made",),
        EventCode.DEFERRED: ("ruling_made",),
        EventCode.TERMINATED: ("ruling_made",),
        # what stood still while it was put off is promised anew from here
        EventCode.RESUMED: (
            "deferral_reviewed",
            "accepted",
            "received",
            "submitted",
            "call_received",
            "dispatched",
            "referred",
            "signed",
        ),
        EventCode.SIGNED: ("signed", "acknowledged"),
        EventCode.CONTACTED: ("petitioner_contacted", "contacted_or_arrived", "contacted", "feedback_given"),
        EventCode.ARRIVED: ("arrived_on_scene", "contacted_or_arrived"),
        EventCode.PLANNED: ("plan_recorded", "promise_recorded", "deliberation_decided"),
        EventCode.RESOLVED: (
            "resolved",
            "replied",
            "mediation_completed",
            "hazard_removed",
            "feedback_given",
            "followed_up",
            "opinion_issued",
            "ruling_made",
        ),
        EventCode.VERIFIED: ("verified", "checked"),
        EventCode.REWORK: ("checked", "closing_decided"),
        EventCode.CLOSED: ("closed", "closing_decided"),
        # who separates a matter files it anew, as far as its time limits go
        EventCode.SPLIT: ("submitted", "call_received", "received", "shown", "alert_sent"),
        # so does who grants an appeal
        EventCode.READMITTED: ("submitted", "call_received", "received", "shown", "alert_sent", "appeal_decided"),
        EventCode.APPEALED: ("appealed",),
        EventCode.APPEAL_REFUSED: ("appeal_decided",),
        EventCode.RATED: ("rated",),
        EventCode.CALLED_BACK: ("rating_answered",),
        EventCode.PUBLISHED: ("published",),
        EventCode.NOTICE_ENDED: ("notice_ended",),
        EventCode.SUPERVISED: ("supervised",),
        EventCode.SUPERVISION_ANSWERED: ("supervision_answered",),
    },
)

# Stages stopped by one of these are promises to have it done; the on-time rate is judged by them.
RESOLUTION = frozenset(
    {"resolved", "replied", "mediation_completed", "hazard_removed", "followed_up", "opinion_issued"}
)

# What an event proves beside itself. A resolution: a promise still running then is stopped there, late if late.
IMPLIED: Mapping[EventCode, tuple[str, ...]] = MappingProxyType(
    {
        # whoever takes a matter needs no dispatch any more: what waits for one starts, what asks for one stops
        EventCode.SIGNED: ("dispatched", "referred", "forwarded", "forwarded_or_told"),
        EventCode.RESOLVED: (
            "signed",
            "acknowledged",
            "petitioner_contacted",
            "contacted_or_arrived",
            "contacted",
            "arrived_on_scene",
            "plan_recorded",
            "promise_recorded",
            "deliberation_decided",
        ),
    },
)


def lawful_pairs() -> tuple[tuple[str, str], ...]:
    """Return every (from, to) pair of statuses the table allows, sorted."""
    return tuple(sorted({(here.value, there.value) for (here, _), there in LEADS_TO.items() if here != there}))
