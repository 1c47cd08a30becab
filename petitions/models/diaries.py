"""The public-sentiment diary 民情日记 (004-06): what a worker hears on a round, kept for that purpose alone."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.enums import PostKind
from grids.staff import Staff
from people.fields import Sealed
from people.retention import Personal

# Who writes one, and who reads what was written in his area. Streets and the district read figures, no diaries.
WRITES = frozenset({PostKind.GRID_WORKER, PostKind.GRID_LEAD, PostKind.COMMUNITY_WORKER, PostKind.COMMUNITY_SECRETARY})
READS_ALL = frozenset({PostKind.GRID_LEAD, PostKind.COMMUNITY_SECRETARY})


class DiaryQuerySet(models.QuerySet["SentimentDiary"]):
    """Entries, by who reads them."""

    def visible_to(self, staff: Staff) -> Self:
        """One's own entries, and those of one's grid for its lead, of one's community for its secretary."""
        scope = Q(written_by=staff.user.pk)
        for path in staff.reach(*READS_ALL):
            scope |= Q(area__path__startswith=path)
        return self.filter(scope)


class SentimentDiary(models.Model):
    """One entry: the day, the place, the household as its writer notes it, and what was heard.

    The words are sealed and masked; the household is sealed and read by whoever wrote it.
    """

    personal: ClassVar[Personal] = Personal(
        fields=("words_sealed", "masked", "household_sealed"),
        keep="2 years",
        after="created",
        purpose=_("learning what residents need"),
        legal_ground=_("PIPL art. 13(3): statutory duty"),
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_key = models.UUIDField(_("client key"), unique=True, editable=False)
    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="+", verbose_name=_("place"))
    heard_on = models.DateField(_("day"))
    household_sealed = models.BinaryField(_("household (sealed)"), null=True)
    words_sealed = models.BinaryField(_("words (sealed)"), null=True)
    masked = models.TextField(_("words"), blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"))
    petition = models.OneToOneField(
        "petitions.Petition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("petition")
    )

    household = Sealed("household_sealed")
    words = Sealed("words_sealed")

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("diary entry")
        verbose_name_plural = _("public-sentiment diary")
        indexes = (models.Index(fields=("written_at",), name="diary_written"),)

    def __str__(self) -> str:
        return f"diary {self.pk}"
