from deadlines.models.calendar import CalendarDay, CalendarYear
from deadlines.models.clocks import Clock, ClockRung, Escalation
from deadlines.models.health import Heartbeat, SweepFault
from deadlines.models.policies import Policy, Rung, Stage

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "Clock",
    "ClockRung",
    "Escalation",
    "Heartbeat",
    "Policy",
    "Rung",
    "Stage",
    "SweepFault",
]
