from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.enums import KEEPS_POSTS, HandoverState
from grids.models.posts import Appointment
from grids.staff import Staff
from people.models import User
from people.retention import Personal


class HandoverQuerySet(models.QuerySet["Handover"]):
    """Handovers by viewer."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of the areas whose posts the person keeps, and those he gave or received himself."""
        if staff.is_administrator:
            return self
        scope = Q(leaver=staff.user) | Q(receiver=staff.user)
        for path in staff.reach(*KEEPS_POSTS):
            scope |= Q(appointments__post__area__path__startswith=path)
        return self.filter(pk__in=Handover.objects.filter(scope).order_by().values("pk"))


class Handover(models.Model):
    """A leaving holder's posts and open work pass to a named person: who, to whom, from which day, and what went over.

    ``taken`` counts what passed, by the code of each part ("petitions": 12); codes and numbers only.
    """

    personal: ClassVar[Personal] = Personal.none()

    leaver = models.ForeignKey(User, models.PROTECT, verbose_name=_("leaves"), related_name="handovers_given")
    receiver = models.ForeignKey(User, models.PROTECT, verbose_name=_("takes over"), related_name="handovers_received")
    appointments = models.ManyToManyField(Appointment, verbose_name=_("appointments"), related_name="handovers")
    first_day = models.DateField(_("first day of the receiver"))
    state = models.CharField(_("state"), max_length=8, choices=HandoverState, default=HandoverState.PLANNED)
    taken = models.JSONField(_("what passed"), default=dict, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("decided by"), related_name="+")
    decided_at = models.DateTimeField(_("decided at"))
    done_at = models.DateTimeField(_("carried out at"), null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        constraints = [
            models.CheckConstraint(name="handover_to_another", condition=~Q(leaver=F("receiver"))),
            models.CheckConstraint(
                name="handover_done_iff_at",
                condition=Q(state=HandoverState.DONE, done_at__isnull=False)
                | (~Q(state=HandoverState.DONE) & Q(done_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index("first_day", name="handover_waiting", condition=Q(state=HandoverState.PLANNED)),
        ]
        triggers = [
            pgtrigger.Protect(name="handover_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.leaver_id} → {self.receiver_id} {self.first_day:%Y-%m-%d} #{self.pk}"
