"""What the level above is asked in the demo: one matter put off, one ended, one question that still waits."""

from contextlib import suppress
from datetime import datetime

from django.db.models import F

from deadlines.timetable import shanghai_date
from grids.enums import PostKind
from grids.models import Appointment
from grids.posts import staff_for
from people.errors import Refusal
from petitions import rulings
from petitions.models import Petition, Ruling
from petitions.models.rulings import RulingKind

PUT_OFF = "要等停暖后才能换管，先装了接水盘，每周去看一次。"
AGREED = {
    RulingKind.DEFER: "情况属实，同意挂账，停暖后第一周复查。",
    RulingKind.TERMINATE: "情况属实，同意终止。请反映人走诉讼途径，需要时司法所提供法律咨询。",
}
MOST = 30
END = "已三次上门办理，当事人之间的经济纠纷已告知走诉讼途径，社区无权处理。"


def ask_above(*, at: datetime) -> None:
    """Put one matter off, end one, and leave one question for the dispatcher; as far as enough are under way."""
    on = shanghai_date(at)
    under_way = Petition.objects.filter(
        status__in=rulings.WORKED, handler__isnull=False, street__isnull=False, barred_from=None
    )
    wanted = [(RulingKind.DEFER, PUT_OFF, 60, True), (RulingKind.TERMINATE, END, None, True),
              (RulingKind.TERMINATE, END, None, False)]  # fmt: skip
    latest_first = F("next_due_at").desc(nulls_last=True)
    for petition in under_way.select_related("handler", "area").order_by(latest_first, "pk")[:MOST]:
        for one in wanted:
            kind, reason, days, is_decided = one
            with suppress(Refusal):
                by = staff_for(petition.handler, on)  # type: ignore[arg-type]  # asked for above
                ruling = rulings.ask(petition, kind=kind, by=by, at=at, reason=reason, days=days)
                wanted.remove(one)
                if is_decided:
                    _agree(ruling, at=at)
                break


def _agree(ruling: Ruling, *, at: datetime) -> None:
    on = shanghai_date(at)
    seats = Appointment.objects.at(on).filter(post__kind=PostKind.DISPATCHER, post__area=ruling.to_area)
    dispatcher = seats.select_related("user").order_by("pk")[0].user
    rulings.decide(ruling, by=staff_for(dispatcher, on), at=at, agree=True, reason=AGREED[RulingKind(ruling.kind)])
