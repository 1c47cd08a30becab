"""Surveys: questions that staff ask residents on a page, at the door or on paper; answers name nobody."""

import uuid
from typing import ClassVar, Final, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.staff import Staff
from people.fields import Sealed
from people.retention import Personal
from petitions.enums import AnswerSource, QuestionKind
from petitions.scopes import READS

_BY_AREA: Final = tuple(kind for kind, reads in READS.items() if reads == "area")


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Surveys by who may work with them and by day."""

    def visible_to(self, staff: Staff) -> Self:
        """Surveys of the areas somebody answers for by a post that reads by area, and of all that lies below.

        They hold what residents wrote: neither administrators nor departments nor heads of houses read it.
        """
        scope = Q(pk__in=())
        for path in staff.reach(*_BY_AREA):
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


class Survey(models.Model):
    """A set of questions for one area, open between two days."""

    personal: ClassVar[Personal] = Personal.none()

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("area"))
    title = models.CharField(_("title"), max_length=80)
    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = (models.CheckConstraint(name="survey_days_in_order", condition=Q(closes_on__gte=F("opens_on"))),)

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question; without options it is answered in words."""

    personal: ClassVar[Personal] = Personal.none()

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions", verbose_name=_("survey"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=5, choices=QuestionKind)
    words = models.CharField(_("question"), max_length=200)
    options = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("options"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = (models.UniqueConstraint(fields=("survey", "position"), name="question_position_once"),)

    def __str__(self) -> str:
        return self.words


class SurveyResponse(models.Model):
    """One filled-in form: when, how it came, who typed it if it was staff. Never who answered."""

    personal: ClassVar[Personal] = Personal.none()

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses", verbose_name=_("survey"))
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    source = models.CharField(_("source"), max_length=6, choices=AnswerSource)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("typed by")
    )

    class Meta:
        verbose_name = _("filled-in form")
        verbose_name_plural = _("filled-in forms")

    def __str__(self) -> str:
        return f"response {self.pk}"


class Answer(models.Model):
    """The answer to one question: options by their number from 0 on, or words, sealed and masked."""

    personal: ClassVar[Personal] = Personal(
        fields=("words_sealed", "masked"),
        keep="3 years",
        after="created",
        purpose=_("learning what residents need"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.ForeignKey(
        SurveyResponse, models.CASCADE, related_name="answers", verbose_name=_("filled-in form")
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers", verbose_name=_("question"))
    chosen = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("chosen"))
    words_sealed = models.BinaryField(_("words (sealed)"), null=True)
    masked = models.TextField(_("words"), blank=True)
    petition = models.OneToOneField(
        "petitions.Petition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("petition")
    )

    words = Sealed("words_sealed")

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = (models.UniqueConstraint(fields=("response", "question"), name="answer_once"),)

    def __str__(self) -> str:
        return f"answer {self.pk}"
