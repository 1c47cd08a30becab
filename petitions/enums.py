"""Words of the petition."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Status(TextChoices):
    """Where a petition stands; written by ``petitions.transitions`` and by nothing else."""

    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    DISPATCHED = "dispatched", _("Dispatched")
    SIGNED = "signed", _("Taken")
    IN_PROGRESS = "in_progress", _("Being handled")
    RESOLVED = "resolved", _("Resolved, to be verified")
    VERIFIED = "verified", _("Verified")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn by the petitioner")
    MERGED = "merged", _("Joined to another matter")
    DEFERRED = "deferred", _("Put off, to be looked at again")
    TERMINATED = "terminated", _("Ended without a solution")


OPEN = (
    Status.SUBMITTED,
    Status.ACCEPTED,
    Status.DISPATCHED,
    Status.SIGNED,
    Status.IN_PROGRESS,
    Status.DEFERRED,
    Status.RESOLVED,
    Status.VERIFIED,
)
# taken on and not replied to yet: who was asked first still answers for it
UNANSWERED = (Status.ACCEPTED, Status.DISPATCHED, Status.SIGNED, Status.IN_PROGRESS)
# completed: what the closure rate counts
DONE = (Status.RESOLVED, Status.VERIFIED, Status.CLOSED)


class Verb(TextChoices):
    """What a person may do to a petition; the table of lawful moves is ``transitions.LEADS_TO``."""

    ACCEPT = "accept", _("Accept")
    DECLINE = "decline", _("Do not accept")
    DISPATCH = "dispatch", _("Dispatch")
    SIGN = "sign", _("Take")
    CONTACT = "contact", _("Contacted")
    ARRIVE = "arrive", _("Arrive")
    PLAN = "plan", _("Record the plan")
    RESOLVE = "resolve", _("Resolve")
    VERIFY = "verify", _("Verify")
    REWORK = "rework", _("Send back for rework")
    CLOSE = "close", _("Close")
    REOPEN = "reopen", _("Reopen")
    WITHDRAW = "withdraw", _("Withdraw")
    MERGE = "merge", _("Join to another matter")
    SPLIT = "split", _("Separate again")
    RECALL = "recall", _("Recall")
    TAKE_BACK = "take_back", _("Take back a return")
    DESIGNATE = "designate", _("Designate")
    REGRID = "regrid", _("Correct the place")
    RECUSE = "recuse", _("Step back")
    READMIT = "readmit", _("Take on after an appeal")
    DEFER = "defer", _("Put off")
    RESUME = "resume", _("Take up again")
    TERMINATE = "terminate", _("End without a solution")


class EventCode(TextChoices):
    """What happened to a petition; the moments that clocks start and stop at are named by these."""

    SUBMITTED = "submitted", _("Filed")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not accepted")
    DISPATCHED = "dispatched", _("Dispatched")
    SIGNED = "signed", _("Taken")
    CONTACTED = "contacted", _("Petitioner contacted")
    ARRIVED = "arrived", _("Arrived on the scene")
    PLANNED = "planned", _("Plan recorded")
    RESOLVED = "resolved", _("Resolved")
    VERIFIED = "verified", _("Verified")
    CHECKED = "checked", _("Checked before closing")
    REWORK = "rework", _("Sent back for rework")
    CLOSED = "closed", _("Closed")
    ESCALATED = "escalated", _("Escalated")
    PLACED = "placed", _("Place found")
    PHOTO = "photo", _("Photo added")
    ADDED = "added", _("Added by the petitioner")
    SUPPLEMENT_ASKED = "supplement_asked", _("Supplement asked for")
    SUPPLEMENTED = "supplemented", _("Supplement received")
    ITEM_NAMED = "item_named", _("Named as a service item")
    PAUSE_OVER = "pause_over", _("Waiting time over")
    EXTENSION_ASKED = "extension_asked", _("Extension asked for")
    EXTENDED = "extended", _("Extended")
    EXTENSION_REFUSED = "not_extended", _("Extension refused")
    URGED = "urged", _("Urged by the petitioner")
    SUPERVISED = "supervised", _("Supervision order")
    SUPERVISION_ANSWERED = "order_answered", _("Supervision order answered")
    RATED = "rated", _("Rated by the petitioner")
    CALLED_BACK = "called_back", _("Called back")
    CALL_MISSED = "call_missed", _("Called back, not reached")
    REOPENED = "reopened", _("Reopened by the petitioner")
    WITHDRAWN = "withdrawn", _("Withdrawn by the petitioner")
    MERGED = "merged", _("Joined to another matter")
    JOINED = "joined", _("Another matter joined this one")
    SPLIT = "split", _("Separated again")
    LEFT = "left", _("A joined matter left this one")
    FEEDBACK = "feedback", _("Word given to the petitioner")
    RECATEGORISED = "recategorised", _("Category changed")
    RECALLED = "recalled", _("Recalled by the sender")
    RETURN_ASKED = "return_asked", _("Return asked for")
    RETURNED = "returned", _("Returned")
    RETURN_REFUSED = "return_refused", _("Return refused")
    DESIGNATED = "designated", _("Designated")
    REGRIDDED = "regridded", _("Place corrected")
    REDIVIDED = "redivided", _("Grids drawn anew")
    RECUSED = "recused", _("Stepped back")
    CLEARED = "cleared", _("Not about staff after all")
    CIRCULAR = "circular", _("Named in a circular")
    HANDED_OVER = "handed_over", _("Handed over to a successor")
    DATA_COPIED = "data_copied", _("Data given to the petitioner")
    CONTACT_CORRECTED = "contact_corrected", _("Contact corrected")
    CONTACT_ERASED = "contact_erased", _("Contact erased")
    ANONYMISED = "anonymised", _("Anonymised")
    APPEALED = "appealed", _("Appeal against the decline")
    READMITTED = "readmitted", _("Appeal upheld, taken in anew")
    APPEAL_REFUSED = "appeal_refused", _("Appeal refused")
    PUBLISHED = "published", _("Put on the public board")
    NOT_PUBLISHED = "not_published", _("Kept off the public board")
    OBJECTED = "objected", _("Objected to")
    OBJECTION_ANSWERED = "answered", _("Objection answered")
    NOTICE_ENDED = "notice_ended", _("Public notice ended")
    CLOSED_OUT = "closed_out", _("Closed out")
    WHISTLE_ASKED = "whistle_asked", _("Whistle handed in to be checked")
    WHISTLE = "whistle", _("Whistle blown")
    WHISTLE_ENDED = "whistle_ended", _("Whistle ended")
    HELP_CALLED = "help_called", _("Help called for")
    HELP_TAKEN = "help_taken", _("Help is coming")
    MEDIATION = "mediation", _("Mediation begun")
    MEDIATED = "mediated", _("Mediation ended")
    HELP_GIVEN_BACK = "help_given_back", _("Help cannot come after all")
    RULING_ASKED = "ruling_asked", _("Decision from above asked for")
    RULING_REFUSED = "ruling_refused", _("Refused by the level above")
    DEFERRED = "deferred", _("Put off")
    RESUMED = "resumed", _("Taken up again")
    TERMINATED = "terminated", _("Ended without a solution")


class TransferField(TextChoices):
    """What of a petition a unit can see once it is given to it."""

    WORDS = "words", _("Words, masked")
    PLACE = "place", _("Place")
    PHOTOS = "photos", _("Photos")
    NAME = "name", _("Name, masked; in clear with a reason")
    PHONE = "phone", _("Phone number, masked; in clear with a reason")
    EMAIL = "email", _("E-mail address, masked; in clear with a reason")


class Decision(TextChoices):
    """What became of a request."""

    WAITING = "waiting", _("Waiting for a decision")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("Lapsed")


class Tier(TextChoices):
    """Who can solve it: on the spot, by promise, or further up."""

    IMMEDIATE = "immediate", _("Immediate matter")
    COMMITTED = "committed", _("Committed matter")
    REFERRED = "referred", _("Referred matter")


class Urgency(TextChoices):
    """How much can wait."""

    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")
    EMERGENCY = "emergency", _("Emergency")


class Channel(TextChoices):
    """How a petition reached us."""

    WEB = "web", _("Web page")
    QR = "qr", _("Building QR code")
    PHONE = "phone", _("Telephone")
    WINDOW = "window", _("Community window")
    RECEPTION = "reception", _("Visitor received at the community")
    VISIT = "visit", _("Home visit")
    PATROL = "patrol", _("Patrol")
    BOX = "box", _("Suggestion box")
    DIARY = "diary", _("Public-sentiment diary")
    GROUP = "group", _("Residents' chat group")
    DEVICE = "device", _("Liaison telephone")
    SURVEY = "survey", _("Survey")
    HOTLINE = "hotline", _("12345 hotline")
    MICRO_URBAN = "microurban", _("Micro urban management app")
    APP = "app", _("App of the city or county")
    IMPORT = "import", _("Imported")


class Affairs(TextChoices):
    """Whose affairs a service item belongs to: the three affairs 三务 of a community (000-17)."""

    PARTY = "party", _("Party affairs")
    GOVERNMENT = "government", _("Government affairs")
    RESIDENTS = "residents", _("Residents' affairs")


class ReceptionOutcome(TextChoices):
    """What came of a visit to the community."""

    FILED = "filed", _("A matter was filed")
    ANSWERED = "answered", _("Answered on the spot")
    REFERRED = "referred", _("Sent to somebody else")


class IssueKind(TextChoices):
    """What 1365 asks: small, a dispute, or neither."""

    SMALL = "small", _("Small matter")
    MEDIATION = "arbitration_mediation", _("Dispute to mediate")
    OTHER = "other", _("Other")


class QuestionKind(TextChoices):
    """How a question of a survey is answered."""

    ONE = "one", _("One of several")
    MANY = "many", _("Any of several")
    WORDS = "words", _("In words")


class AnswerSource(TextChoices):
    """How a filled-in form came."""

    PAGE = "page", _("On the page")
    PAPER = "paper", _("On paper, typed in")
    IMPORT = "import", _("On paper, from a file")


class About(TextChoices):
    """Whether a matter is about staff, and of which level, as whoever files it says."""

    NOBODY = "", _("No")
    COMMUNITY = "community", _("Yes, about somebody of the grid or the community, or I do not know exactly")
    STREET = "street", _("Yes, about somebody of the subdistrict or of one of its units")


class TextKind(TextChoices):
    """What a text is."""

    TITLE = "title", _("Title")
    BODY = "body", _("Words of the petitioner")
    PLACE = "place", _("Place in words")
    POINT = "point", _("Point on the map")
    ABOUT = "about", _("Which member of staff")
    REASON = "reason", _("Reason")
    PLAN = "plan", _("Plan")
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Note")


class Satisfaction(TextChoices):
    """How content somebody is with how a matter was handled; asked apart from whether it is solved."""

    SATISFIED = "satisfied", _("Satisfied")
    BASICALLY = "basically_satisfied", _("Basically satisfied")
    DISSATISFIED = "dissatisfied", _("Dissatisfied")


class RatingSource(TextChoices):
    """Who wrote a rating down."""

    PAGE = "page", _("By the petitioner on the follow page")
    CALLBACK = "callback", _("By staff in a callback")
    PAPER = "paper", _("From a paper form")


class CheckKind(TextChoices):
    """The four ways of supervision (004): what may have to be checked before a matter is closed."""

    NETWORK = "network", _("Check by the subdistrict's network")
    ON_SITE = "on_site", _("Acceptance on site by the Party committee")
    CALLBACK = "callback", _("Callback by the residents' affairs supervision committee")
    SURVEY = "survey", _("Survey of residents' satisfaction")


class CheckState(TextChoices):
    """What became of a check."""

    WAITING = "waiting", _("Waiting")
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("No longer asked for")


class LegalMatter(TextChoices):
    """What somebody asks a lawyer about."""

    FAMILY = "family", _("Marriage and family")
    LABOUR = "labour", _("Work and wages")
    PROPERTY = "property", _("Housing and property")
    NEIGHBOUR = "neighbour", _("Quarrels among neighbours")
    DEBT = "debt", _("Contracts and debts")
    OTHER = "other", _("Other")


class IntakeList(TextChoices):
    """The three lists of 004: what is asked for, what is offered, what is to be built."""

    NEED = "need", _("List of needs")
    RESOURCE = "resource", _("List of resources")
    PROJECT = "project", _("List of projects")


class ReviewSubject(TextChoices):
    """What residents mark."""

    MATTER = "matter", _("A closed matter")
    PROJECT = "project", _("A project")
    UNIT = "unit", _("A unit, for a period")


class ReviewMode(TextChoices):
    """The three ways of marking (001)."""

    HOME = "home", pgettext_lazy("review", "At the door")
    INVITED = "invited", _("On site, by invitation")
    ONLINE = "online", _("Online")


class Mark(IntegerChoices):
    """A mark of 100."""

    VERY_GOOD = 100, _("Very good (100)")
    GOOD = 80, _("Good (80)")
    FAIR = 60, _("Fair (60)")
    POOR = 40, _("Poor (40)")
    BAD = 20, _("Bad (20)")


class FeedbackKind(TextChoices):
    """Word to the petitioner on the way: after a step, at intervals, or to everybody concerned at once (004)."""

    PROMPT = "prompt", _("Prompt feedback")
    PERIODIC = "periodic", _("Periodic feedback")
    SPECIAL = "special", _("Special feedback")


class PhotoKind(TextChoices):
    """What a photo shows."""

    FILED = "filed", _("From the petitioner")
    BEFORE = "before", _("Before")
    AFTER = "after", _("After")
    CHECK = "check", _("At the check")


class ReturnReason(TextChoices):
    """Why a unit or a worker gives a matter back."""

    NOT_OURS = "not_ours", _("Not our duty")
    OTHER_UNIT = "other_unit", _("Another unit is responsible")
    WRONG_PLACE = "wrong_place", _("Not in our area")
    UNCLEAR = "unclear", _("Cannot be understood or found")
    BEYOND = "beyond", _("Beyond our powers")
    OTHER = "other", _("Another reason")


class RecusalKind(TextChoices):
    """Why somebody neither sees nor handles a matter."""

    CONFLICT = "conflict", _("An interest of his own")
    COMPLAINED_OF = "complained_of", _("The matter is about him")


class NoticeState(TextChoices):
    """Where a closed matter stands on the public board."""

    WITHHELD = "withheld", _("Not shown")
    PUBLISHED = "published", _("On the board")
    ENDED = "ended", _("Notice ended, an objection waits")
    CLOSED_OUT = "closed_out", _("Closed out")
    TAKEN_DOWN = "taken_down", _("Taken down")
