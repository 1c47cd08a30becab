from deadlines.models.calendar import CalendarDay, CalendarYear
from deadlines.models.clocks import Clock, ClockRung, Escalation
from deadlines.models.health import ChatDigest, Heartbeat, SweepFault
from deadlines.models.overrides import PolicyOverride
from deadlines.models.policies import Policy, Rung, Stage
from deadlines.models.recompute import HoursMark, RecomputeBatch, RecomputeRun

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "ChatDigest",
    "Clock",
    "ClockRung",
    "Escalation",
    "Heartbeat",
    "HoursMark",
    "Policy",
    "PolicyOverride",
    "RecomputeBatch",
    "RecomputeRun",
    "Rung",
    "Stage",
    "SweepFault",
]
