from petitions.models.appeals import Appeal
from petitions.models.arrivals import ArrivalPlace
from petitions.models.board import Objection, PublicNotice
from petitions.models.boxes import BoxEmptying, BoxSlip, SuggestionBox
from petitions.models.broadcasts import Broadcast
from petitions.models.categories import Category
from petitions.models.channel_apps import ChannelApp
from petitions.models.circulars import Circular, CircularAddress, Filing
from petitions.models.clocks import (
    BroadcastClock,
    BroadcastClockRung,
    BroadcastEscalation,
    PetitionClock,
    PetitionClockRung,
    PetitionEscalation,
    WhistleClock,
    WhistleClockRung,
    WhistleEscalation,
)
from petitions.models.diaries import SentimentDiary
from petitions.models.duties import DutyItem
from petitions.models.events import PetitionEvent, PetitionPhoto, PetitionText
from petitions.models.figures import FigureRow, FigureState, HourRow, PetitionFact, Publication, PublishedRow
from petitions.models.guide import Faq, ServiceItem, ServiceSwitch
from petitions.models.legal import AidReferral, Consultation, LegalStation
from petitions.models.lists import ListEntry, ListRule
from petitions.models.mediation import Mediation
from petitions.models.petitions import Petition, PetitionQuerySet
from petitions.models.phones import PhoneCode
from petitions.models.pledges import PledgeFact, PledgeMonth
from petitions.models.privacy import PetitionReveal, RetentionHold, RevealRequest, Transfer
from petitions.models.ratings import BadRating, Feedback, Rating
from petitions.models.receptions import Reception
from petitions.models.replies import ReplyTemplate
from petitions.models.reports import Report, ReportFile, ReportHearing
from petitions.models.requests import ExtensionRequest, SupervisionOrder, SupplementRequest
from petitions.models.returns import Recusal, ReturnRequest
from petitions.models.reviews import ResidentReview, ReviewCode, ReviewVote
from petitions.models.rulings import Ruling
from petitions.models.saved import ColumnChoice, SavedList
from petitions.models.supervision import VerificationDraw, VerificationRule, VerificationTask
from petitions.models.surveys import Answer, Question, Survey, SurveyResponse
from petitions.models.unsent import PosterRevocation, Unsent
from petitions.models.whistles import Whistle, WhistleCall, WhistleEntry

__all__ = [
    "AidReferral",
    "Answer",
    "Appeal",
    "ArrivalPlace",
    "BadRating",
    "BoxEmptying",
    "BoxSlip",
    "Broadcast",
    "BroadcastClock",
    "BroadcastClockRung",
    "BroadcastEscalation",
    "Category",
    "ChannelApp",
    "Circular",
    "CircularAddress",
    "ColumnChoice",
    "Consultation",
    "DutyItem",
    "ExtensionRequest",
    "Faq",
    "Feedback",
    "FigureRow",
    "FigureState",
    "Filing",
    "HourRow",
    "LegalStation",
    "ListEntry",
    "ListRule",
    "Mediation",
    "Objection",
    "Petition",
    "PetitionClock",
    "PetitionClockRung",
    "PetitionEscalation",
    "PetitionEvent",
    "PetitionFact",
    "PetitionPhoto",
    "PetitionQuerySet",
    "PetitionReveal",
    "PetitionText",
    "PhoneCode",
    "PledgeFact",
    "PledgeMonth",
    "PosterRevocation",
    "PublicNotice",
    "Publication",
    "PublishedRow",
    "Question",
    "Rating",
    "Reception",
    "Recusal",
    "ReplyTemplate",
    "Report",
    "ReportFile",
    "ReportHearing",
    "ResidentReview",
    "RetentionHold",
    "ReturnRequest",
    "RevealRequest",
    "ReviewCode",
    "ReviewVote",
    "Ruling",
    "SavedList",
    "SentimentDiary",
    "ServiceItem",
    "ServiceSwitch",
    "SuggestionBox",
    "SupervisionOrder",
    "SupplementRequest",
    "Survey",
    "SurveyResponse",
    "Transfer",
    "Unsent",
    "VerificationDraw",
    "VerificationRule",
    "VerificationTask",
    "Whistle",
    "WhistleCall",
    "WhistleClock",
    "WhistleClockRung",
    "WhistleEntry",
    "WhistleEscalation",
]
