"""``manage.py load_reference``: policies, categories, services, staffing, visits, calendar; twice is once."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from deadlines.calendar_data import CalendarDataError
from deadlines.calendar_loading import load_calendar
from deadlines.loading import load_policies
from deadlines.timetable import shanghai_date
from fieldwork.reference import load_visit_duties
from grids.staffing_data import load_staffing
from people.errors import Refusal
from petitions.guide_data import load_faqs, load_items, load_replies
from petitions.listing import load_rules
from petitions.reference import load_categories


class Command(BaseCommand):
    help = "Load SLA policies, categories and the work calendar from their files. Running it again changes nothing."

    def handle(self, *_args: object, verbosity: int, **_options: object) -> None:
        now = timezone.now()
        try:
            loads = (
                (_("Work calendar (years)"), load_calendar(at=now)),
                (_("SLA policies"), load_policies(on=shanghai_date(now))),
                (_("Categories"), load_categories()),
                (_("Service items (starter list)"), load_items()),
                (_("Frequent questions (starter list)"), load_faqs()),
                (_("Reply templates (starter list)"), load_replies()),
                (_("Rules of the three lists"), load_rules()),
                (_("Roles and staffing rules"), load_staffing(on=shanghai_date(now))),
                (_("Visits and how often"), load_visit_duties()),
            )
        except (Refusal, CalendarDataError) as refusal:
            raise CommandError(str(refusal)) from refusal
        if not verbosity:
            return
        for name, loaded in loads:
            self.stdout.write(
                _("%(name)s: %(added)d added, %(changed)d changed, %(unchanged)d unchanged")
                % {
                    "name": name,
                    "added": loaded.added,
                    "changed": loaded.changed,
                    "unchanged": loaded.unchanged,
                },
            )
