"""What runs by itself, and when. A tick that waited longer than its interval is stale: the next one does its work."""

from typing import Any

from celery.schedules import crontab


def schedule(*, sweep_seconds: int) -> dict[str, dict[str, Any]]:
    """Return Celery's beat schedule; times of day are of Asia/Shanghai (CELERY_TIMEZONE)."""
    return {
        # by night, when nobody is working on what ends
        "people.retention": {
            "task": "people.retention",
            "schedule": crontab(hour=3, minute=10),
            "options": {"expires": 6 * 3600},
        },
        # every morning, so that a missed Monday is made good; each head is told once a week
        "petitions.report_reveals": {
            "task": "petitions.report_reveals",
            "schedule": crontab(hour=8, minute=0),
            "options": {"expires": 6 * 3600},
        },
        "deadlines.sweep": {
            "task": "deadlines.sweep",
            "schedule": sweep_seconds,
            "options": {"expires": sweep_seconds * 3},
        },
        # a task of its own: it must speak when the sweep is dead
        "deadlines.watch": {
            "task": "deadlines.watch",
            "schedule": sweep_seconds,
            "options": {"expires": sweep_seconds * 3},
        },
        "deadlines.end_pauses": {
            "task": "deadlines.end_pauses",
            "schedule": 60,
            "options": {"expires": 180},
        },
        "deadlines.recompute": {
            "task": "deadlines.recompute",
            "schedule": 60,
            "options": {"expires": 180},
        },
        "deadlines.missing_notice": {
            "task": "deadlines.missing_notice",
            "schedule": 24 * 3600,
            "options": {"expires": 24 * 3600},
        },
        # handovers planned for a day that has come
        "grids.carry_out_handovers": {
            "task": "grids.carry_out_handovers",
            "schedule": 900,
            "options": {"expires": 900},
        },
        # grids drawn anew on a day that has come; the first tick is soon after midnight, before anybody works
        "grids.redraw": {
            "task": "grids.redraw",
            "schedule": 300,
            "options": {"expires": 300},
        },
        "notifications.deliver_due": {
            "task": "notifications.deliver_due",
            "schedule": sweep_seconds,
            "options": {"expires": sweep_seconds * 3},
        },
        # files that were asked for and got lost on the way, and those whose time is over
        "notifications.make_owed_downloads": {
            "task": "notifications.make_owed_downloads",
            "schedule": 60,
            "options": {"expires": 180},
        },
        # sessions and counted tries whose time is over
        "people.purge_door": {
            "task": "people.purge_door",
            "schedule": 3600,
            "options": {"expires": 3600},
        },
        "people.seal_audit": {
            "task": "people.seal_audit",
            "schedule": 60,
            "options": {"expires": 180},
        },
        "people.carry_out_head": {
            "task": "people.carry_out_head",
            "schedule": 24 * 3600,
            "options": {"expires": 24 * 3600},
        },
        "petitions.count_figures": {
            "task": "petitions.count_figures",
            "schedule": 60,
            "options": {"expires": 180},
        },
        # looks again at what the minutes saw, and publishes the month when its day has come
        "petitions.nightly_figures": {
            "task": "petitions.nightly_figures",
            "schedule": crontab(hour=1, minute=40),
            "options": {"expires": 12 * 3600},
        },
        # reports of the month, quarter and half-year that ended, and what a lost task left unwritten
        "petitions.plan_reports": {
            "task": "petitions.plan_reports",
            "schedule": 600,
            "options": {"expires": 600},
        },
        # what has hung on the public board for its fifteen days
        "petitions.end_notices": {
            "task": "petitions.end_notices",
            "schedule": crontab(minute=25),
            "options": {"expires": 3600},
        },
        # what was accepted since, on the three lists
        "petitions.sort_lists": {
            "task": "petitions.sort_lists",
            "schedule": 300,
            "options": {"expires": 600},
        },
        # codes for telephones, and the numbers they were for
        "petitions.purge_phone_codes": {
            "task": "petitions.purge_phone_codes",
            "schedule": 3600,
            "options": {"expires": 3600},
        },
        # visits that a week, a month or a longer period asked for, when its last days for writing them down are over
        "fieldwork.close_periods": {
            "task": "fieldwork.close_periods",
            "schedule": crontab(hour=7, minute=30),
            "options": {"expires": 12 * 3600},
        },
        # rounds of patrols: soon after midnight those of the new day, later what routes made during the day ask for
        "fieldwork.patrol_rounds": {
            "task": "fieldwork.patrol_rounds",
            "schedule": 300,
            "options": {"expires": 300},
        },
        # shifts of people who are away, and shifts that nobody handed over
        "fieldwork.mind_shifts": {
            "task": "fieldwork.mind_shifts",
            "schedule": 600,
            "options": {"expires": 1200},
        },
        # what stations lent and did not get back by its day
        "fieldwork.mind_loans": {
            "task": "fieldwork.mind_loans",
            "schedule": crontab(hour=9, minute=5),
            "options": {"expires": 8 * 3600},
        },
        # what happened, numbered, and reported to the neighbours' systems that filed it
        "gateway.report": {
            "task": "gateway.report",
            "schedule": sweep_seconds,
            "options": {"expires": sweep_seconds * 3},
        },
        "gateway.purge": {
            "task": "gateway.purge",
            "schedule": 3600,
            "options": {"expires": 3600},
        },
        # photos of forms that nobody sent
        "petitions.purge_drafts": {
            "task": "petitions.purge_drafts",
            "schedule": 3600,
            "options": {"expires": 3600},
        },
    }
