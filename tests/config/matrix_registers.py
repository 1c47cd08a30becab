"""The registers of the desk as a literal table: whose rows exist, and which post enters, adds, changes, deletes.

The posts are short as in ``matrix_tables``. Nothing here is read from the code under test.
"""

from typing import Final, NamedTuple

from tests.config.matrix_tables import ALL, DATA, HOLDERS, KEEPERS, MIGHT


class Register(NamedTuple):
    """A model of the desk: whose rows exist, who enters, adds, changes, deletes, and imports or exports."""

    scope: str
    see: str
    add: str = ""
    change: str = ""
    delete: str = ""
    exchange: str | None = None


REGISTERS: Final[dict[str, Register]] = {
    "fieldwork.visitduty": Register("open", ALL, DATA, DATA),
    "fieldwork.visitrule": Register("open", ALL, DATA, DATA, DATA),
    "fieldwork.servicestation": Register("line", ALL, KEEPERS, KEEPERS, "", KEEPERS),
    "fieldwork.stationhours": Register("line", ALL, KEEPERS, KEEPERS, KEEPERS, KEEPERS),
    "fieldwork.dutypattern": Register("line", ALL, KEEPERS, KEEPERS, KEEPERS),
    "fieldwork.stationitem": Register("line", ALL, KEEPERS, KEEPERS, "", KEEPERS),
    "fieldwork.adviser": Register("line", ALL, KEEPERS, KEEPERS, "", KEEPERS),
    "fieldwork.stationtarget": Register("line", ALL, KEEPERS, KEEPERS, KEEPERS),
    "fieldwork.legalgoal": Register("line", ALL, KEEPERS, KEEPERS, KEEPERS),
    # a row leads on to its case, which asks
    "petitions.petition": Register("matter", HOLDERS, "", ALL, "", "CS DI SL DC"),
    "petitions.petitionescalation": Register("matter", HOLDERS), "petitions.rating": Register("nowhere", HOLDERS),
    "volunteers.volunteer": Register("home", HOLDERS, "", "", "", "CS CW"),
    "grids.area": Register("line", ALL, "", MIGHT),
    "grids.street": Register("line", ALL, MIGHT, MIGHT, "", MIGHT),
    "grids.community": Register("line", ALL, MIGHT, MIGHT, "", MIGHT),
    "grids.grid": Register("line", ALL, "CS SL SA RT", "CS SL SA RT", "", "CS SL SA RT"),
    "grids.building": Register("line", ALL, "CS SL SA RT", "CS SL SA RT", "", "CS SL SA RT"),
    "grids.unit": Register("line", ALL, "CS SL SA RT", "CS SL SA RT", "", "CS SL SA RT"),
    "grids.organisation": Register("line", ALL, "SL DC SA RT", "SL DC SA RT", "", "SL DC SA RT"),
    **dict.fromkeys(("grids.compound", "grids.compoundproject"), Register(
        "line", ALL, "CS SL SA RT", "CS SL SA RT", "", "CS SL SA RT",
    )),
    "grids.servicehours": Register("line", ALL, "CS SL SA RT", "CS SL SA RT", "CS SL SA RT", "CS SL SA RT"),
    "grids.post": Register("under", ALL, KEEPERS, KEEPERS, "", KEEPERS),
    "grids.appointment": Register("under", ALL, KEEPERS, KEEPERS, "", KEEPERS),
    "grids.dutymember": Register("duty", ALL, DATA, DATA, DATA),
    "grids.gridrole": Register("open", ALL, DATA, DATA),
    "grids.staffingrule": Register("open", ALL, DATA, DATA),
    "grids.staffingchoice": Register("line", ALL, KEEPERS, KEEPERS),
    "grids.rolelabel": Register("line", ALL, KEEPERS, KEEPERS),
    "grids.gridmember": Register("under", ALL, KEEPERS, KEEPERS),
    "grids.weekdayduty": Register("line", ALL, KEEPERS, KEEPERS, KEEPERS),
    "grids.publiccontact": Register("line", ALL, KEEPERS, KEEPERS),
    "grids.communityworker": Register("personnel", ALL, KEEPERS, KEEPERS),
    "grids.training": Register("personnel", ALL, KEEPERS, KEEPERS),
    "grids.handover": Register("personnel", ALL),
    "people.auditentry": Register("open", "DC"), "people.auditseal": Register("open", "DC"),
    "people.breach": Register("open", DATA, DATA, DATA), "people.processor": Register("open", DATA, DATA, DATA),
    "people.impactassessment": Register("open", DATA, DATA, DATA),
    "people.retentionrun": Register("open", DATA), "people.exportlog": Register("open", DATA),
    "petitions.retentionhold": Register("open", DATA, DATA), "petitions.transfer": Register("open", DATA),
    "deadlines.policy": Register("open", ALL, "", "", "", DATA), "deadlines.stage": Register("open", ALL),
    "deadlines.calendaryear": Register("open", ALL, DATA, DATA, "", DATA),
    "deadlines.heartbeat": Register("open", DATA), "deadlines.sweepfault": Register("open", DATA),
    "deadlines.recomputerun": Register("open", DATA),
    "deadlines.policyoverride": Register("open", ALL, DATA, DATA, DATA),
    "petitions.dutyitem": Register("line", ALL, "SL DC SA RT", "SL DC SA RT", "", "SL DC SA RT"),
    **dict.fromkeys(("petitions.serviceitem", "petitions.replytemplate"), Register(
        "line", ALL, KEEPERS, KEEPERS, "", KEEPERS,
    )),
    "petitions.serviceswitch": Register("line", ALL, KEEPERS, KEEPERS, KEEPERS),
    "petitions.faq": Register("open", ALL, DATA, DATA),
    "petitions.suggestionbox": Register("under", ALL, "CS SL SA RT", "CS SL SA RT"),
    **{f"petitions.{model}": Register("under", ALL, "CS SL SA RT", "CS SL SA RT", "", "CS SL SA RT") for model in (
        "legalstation", "consultation", "aidreferral",
    )},
    "petitions.listrule": Register("open", ALL, DATA, DATA),
    "petitions.verificationrule": Register("open", ALL, DATA, DATA),
    "petitions.channelapp": Register("open", ALL, DATA, DATA),
    "gateway.client": Register("open", DATA, DATA, DATA), "gateway.callback": Register("open", DATA),
    "petitions.category": Register("open", ALL, DATA, DATA, "", DATA),
    "notifications.notice": Register("open", "RT"), "notifications.delivery": Register("open", "RT"),
    "notifications.undelivered": Register("undelivered", "SL SA RT"),
    "notifications.webhook": Register("open", MIGHT, MIGHT, MIGHT),
    "people.user": Register("open", MIGHT, MIGHT, MIGHT),
    "people.reveallog": Register("open", "RT"), "people.factorreset": Register("open", "RT"),
    **{f"django_celery_beat.{model}": Register("open", "RT", "RT", "RT", "RT") for model in (
        "periodictask", "clockedschedule", "crontabschedule", "solarschedule", "intervalschedule",
    )},
    "pghistory.events": Register("open", "RT"),
}  # fmt: skip
