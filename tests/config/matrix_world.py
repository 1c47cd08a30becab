"""One of everything that an address can be about, in every place that matters, and one person at every post.

Places are named by where they lie for somebody at the bottom of the line: his own ``grid``, a strange grid (``far``),
a grid of another district (``abroad``), and the areas above: ``community``, ``street``, ``district``.
"""

import io
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pgtrigger
from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from deadlines.models import Heartbeat, PolicyOverride, RecomputeRun, SweepFault
from deadlines.sweep import sweep
from deadlines.timetable import shanghai_date
from grids.enums import Level, PostKind
from grids.models import (
    Appointment,
    Area,
    CommunityWorker,
    Compound,
    CompoundProject,
    GridMember,
    GridRole,
    Handover,
    Organisation,
    PublicContact,
    Redivision,
    RoleLabel,
    ServiceHours,
    StaffingChoice,
    StaffingRule,
    Training,
    WeekdayDuty,
)
from notifications.models import Delivery, Notice
from people import audit
from people.enums import AuditKind, PersonField
from people.models import (
    Breach,
    ExportLog,
    FactorReset,
    ImpactAssessment,
    Processor,
    RetentionRun,
    RevealLog,
    User,
)
from petitions import board, circulars, requests, returns, surveys
from petitions.enums import (
    AnswerSource,
    CheckKind,
    IntakeList,
    NoticeState,
    PhotoKind,
    QuestionKind,
    ReturnReason,
    ReviewSubject,
    Status,
)
from petitions.models import (
    AidReferral,
    Answer,
    Category,
    Consultation,
    ExtensionRequest,
    LegalStation,
    ListEntry,
    Objection,
    Petition,
    PetitionEscalation,
    PetitionPhoto,
    Publication,
    PublicNotice,
    Question,
    ReplyTemplate,
    ResidentReview,
    RetentionHold,
    ReturnRequest,
    RevealRequest,
    SentimentDiary,
    ServiceItem,
    ServiceSwitch,
    SuggestionBox,
    SupervisionOrder,
    Survey,
    Transfer,
    VerificationRule,
    VerificationTask,
)
from tests.config.matrix_fieldwork import fieldwork_of
from tests.config.matrix_tables import ABOVE, POSTS
from tests.factories import SINCE, District, appoint, make_area, make_user

LEVELS = {"community": Level.COMMUNITY, "street": Level.STREET, "district": Level.DISTRICT}


@dataclass(slots=True)
class World:
    """The people by post, and the rows by model and place."""

    district: District
    people: dict[str, User] = field(default_factory=dict)
    areas: dict[str, Area] = field(default_factory=dict)
    petitions: dict[str, Petition] = field(default_factory=dict)
    filed: dict[str, Petition] = field(default_factory=dict)
    rows: dict[tuple[str, str], object] = field(default_factory=dict)
    notices: dict[str, uuid.UUID] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)  # the numbers of what may be shown to everybody

    @classmethod
    def build(cls, district: District) -> "World":
        """Build it with the real verbs where there are any."""
        world = cls(district)
        at = timezone.now()
        world._settle()
        world._appoint()
        world._petitions()
        for place, area in world.areas.items():
            world._registers(place, area)
        world._books()
        sweep(at=at + timedelta(days=9))
        world._afterwards()
        for place, area in world.areas.items():
            world._shows(place, area)
            world.note(Petition, place, world.petitions.get(place))
        return world

    def place_for(self, post: str, where: str) -> str:
        """Say which place is ``own``, ``other`` or ``parent`` for somebody at this post."""
        if where == "own":
            return "grid"
        if where == "other":
            return "abroad" if post in ("DC", "SA", "RT") else "far"
        return ABOVE.get(post, "")

    def petition_for(self, post: str, where: str) -> Petition | None:
        """Return the matter of that place: for departments their own, for heads of houses what they filed."""
        if where == "own" and post in self.filed:
            return self.filed[post]
        return self.petitions.get(self.place_for(post, where))

    def numbers_in(self, place: str) -> list[str]:
        """Return the numbers of the matters of a place."""
        return [self.petitions[place].number, self.closed[place]]

    def key(self, label: str, place: str) -> object | None:
        """Return the key of the row of a model in a place; of its only row where it has no place."""
        return self.rows.get((label, place), self.rows.get((label, "")))

    def note(self, model: type, place: str, row: object | None) -> None:
        """Remember a row."""
        if row is not None:
            self.rows[model._meta.label_lower, place] = row.pk

    def _settle(self) -> None:
        here = self.district
        city = here.district.parent
        abroad = make_area(Level.DISTRICT, "永昌县", "620321", city)
        strange = {"far": here.other_street, "abroad": make_area(Level.STREET, "城关镇", "620321100", abroad)}
        self.areas = {
            "grid": here.grid, "community": here.community, "street": here.street, "district": here.district,
        }  # fmt: skip
        for name, street in strange.items():
            community = make_area(Level.COMMUNITY, "胜利里社区", f"{street.code}009", street)
            self.areas[name] = make_area(Level.GRID, "第九网格", f"{community.code}009", community)

    def _appoint(self) -> None:
        here = self.district
        named = {
            "GW": here.worker, "GL": here.lead, "CS": here.secretary, "CW": here.window, "DI": here.dispatcher,
            "SL": here.leader, "DH": here.handler, "DD": here.head, "SU": here.supervisor, "DC": here.command,
        }  # fmt: skip
        self.people = {**named, **{post: make_user(post) for post in POSTS if post not in named}}
        appoint(self.people["UH"], PostKind.UNIT_HEAD, here.unit)
        appoint(self.people["BH"], PostKind.BUILDING_HEAD, here.building)
        appoint(self.people["SA"], PostKind.SYSTEM_ADMINISTRATOR, here.district)
        User.objects.filter(pk=self.people["RT"].pk).update(is_superuser=True)
        self.people["RT"].refresh_from_db()
        for place in ("far", "abroad"):
            appoint(make_user(place), PostKind.GRID_WORKER, self.areas[place])

    def _petitions(self) -> None:
        here, at = self.district, timezone.now() - timedelta(days=2)
        own = here.petition(at, status=Status.SIGNED, policy="committed_tier")
        unit = here.petition(at, status=Status.SIGNED, policy="committed_tier", organisation=True, phone="13900139000")
        self.petitions = {"grid": own}
        for place, area in self.areas.items():
            if place != "grid":
                self.petitions[place] = here.petition(at, place=area, phone="")
        self.filed = {"DH": unit, "DD": unit}
        for post in ("UH", "BH"):
            self.filed[post] = here.petition(
                at, status=Status.ACCEPTED, policy="committed_tier", phone="", filed_by=self.people[post]
            )
        day = at + timedelta(hours=1)
        worker, handler, leader = (here.as_staff(one, day.date()) for one in (here.worker, here.handler, here.leader))
        for petition, by in ((own, worker), (unit, handler)):
            requests.ask_extension(petition, by=by, at=day, value=1, reason="等配件")
            requests.supervise(petition, by=leader, at=day, words="请加快")
            returns.ask_return(petition, by=by, at=day, reason_code=ReturnReason.values[0], words="不属我处")
        for post in ("UH", "BH"):
            self._waits(self.filed[post], at)
        rule = VerificationRule.objects.create(kind=CheckKind.ON_SITE, valid_from=date(2027, 1, 1))
        for petition in {*self.petitions.values(), *self.filed.values()}:
            VerificationTask.objects.create(petition=petition, generation=0, kind=rule.kind, rule=rule, asked_at=at)
            ListEntry.objects.create(petition=petition, kind=IntakeList.NEED, word="等", sorted_at=at)
            picture = io.BytesIO()
            Image.new("RGB", (8, 8)).save(picture, "JPEG")
            photo = PetitionPhoto(
                petition=petition, kind=PhotoKind.FILED, width=8, height=8, sha256=bytes(32), added_at=at
            )
            photo.file.save(f"{uuid.uuid4()}.jpg", ContentFile(picture.getvalue()), save=False)
            photo.save()

    def _waits(self, petition: Petition, at: datetime) -> None:
        """Something waits for everybody's answer; heads of houses may give none."""
        words = petition.texts.order_by("pk")[0].pk
        asked = {"petition": petition, "asked_by": self.district.worker, "asked_at": at}
        ExtensionRequest.objects.create(
            **asked, clock=petition.clocks.order_by("pk")[0], value=1, unit="workday", reason_id=words
        )
        ReturnRequest.objects.create(
            **asked, number=1, reason_code=ReturnReason.NOT_OURS, words_id=words,
            to_area=self.district.community, to_post=PostKind.COMMUNITY_SECRETARY,
        )  # fmt: skip
        SupervisionOrder.objects.create(
            petition=petition, words_id=words, issued_by=self.district.leader, issued_at=at,
            due_at=at + timedelta(days=1),
        )  # fmt: skip

    def _registers(self, place: str, area: Area) -> None:
        organisation = Organisation.objects.create(
            area=area, kind="utility", name=f"供水{place}", code=f"X-{place}", valid_from=SINCE
        )
        clerk = make_user(f"clerk-{place}")
        role = GridRole.objects.order_by("pk")[0]
        appointment = Appointment.objects.filter(post__area=area, post__organisation=None).order_by("pk")[0]
        handover = Handover.objects.create(
            leaver=clerk, receiver=make_user("next"), first_day=date(2026, 1, 1), state="planned",
            decided_by=self.district.command, decided_at=timezone.now(), taken={},
        )  # fmt: skip
        handover.appointments.add(appointment)
        since = {"since": SINCE}
        for row in (
            area, organisation, appointment, appointment.post, handover,
            Redivision.objects.create(community=area, on=SINCE, reason="x", made_by=clerk, made_at=timezone.now()),
            ServiceHours.objects.create(area=area, weekday=0, opens="09:00", closes="12:00"),
            StaffingChoice.objects.create(area=area, rule=StaffingRule.objects.order_by("pk")[0]),
            RoleLabel.objects.create(area=area, role=role, name_zh="网格长"),
            GridMember.objects.create(area=area, role=role, name="王五", starts_on=SINCE),
            PublicContact.objects.create(area=area, office_phone="0935-8210000"),
            CommunityWorker.objects.create(user=clerk, area=area, **since),
            Training.objects.create(user=clerk, area=area, taken_on=SINCE, subject="全科业务", hours=16),
            WeekdayDuty.objects.create(area=area, user=clerk, weekday=0, place="window"),
            ServiceItem.objects.create(code="X-1", area=area, kind="party", name_zh="x", valid_from=SINCE),
            ReplyTemplate.objects.create(code="X-1", area=area, use="plan", name_zh="x", text_zh="x", valid_from=SINCE),
            ServiceSwitch.objects.create(code="X-1", area=area),
            station := LegalStation.objects.create(area=area, code=f"L-{place}", name="工作站", valid_from=SINCE),
            Consultation.objects.create(station=station, held_on=SINCE, kind="debt", count=1),
            AidReferral.objects.create(station=station, referred_on=SINCE, kind="debt", count=1),
            compound := Compound.objects.create(
                area=area, code=f"C-{place}", name="x", kind="old", management="none", valid_from=SINCE
            ),
            CompoundProject.objects.create(compound=compound, code=f"P-{place}", name="x", kind="lift"),
            SuggestionBox.objects.create(area=area, code=f"B-{place}", spot="楼道", opened_on=SINCE),
        ):  # fmt: skip
            self.note(type(row), place, row)
        for row in fieldwork_of(place, area, clerk):
            self.note(type(row), place, row)
        for name, level in {"grid": Level.GRID, "unit": Level.UNIT, "building": Level.BUILDING, **LEVELS}.items():
            if name == "district" or (place in LEVELS and level > LEVELS[place]):
                continue  # what lies below an area above one's own may be one's own again
            found = Area.objects.filter(path__startswith=area.path, level=level).order_by("pk").first()
            above = [int(part) for part in area.path.split("/") if part]
            found = found or Area.objects.filter(pk__in=above, level=level).first()
            if found is not None:
                self.rows[f"grids.{name}", place] = found.pk

    def _books(self) -> None:
        """Rows that belong to no area."""
        here, now = self.district, timezone.now()
        own = self.petitions["grid"]
        for row in (
            Breach.objects.create(
                title="x", found_at=now, kinds="x", cause="x", measures="x", recorded_by=here.command
            ),
            Processor.objects.create(name="x", service="x", purpose="x", kinds="x", contract="x", starts_on=SINCE),
            ImpactAssessment.objects.create(
                title="x", sensitive=True, purpose="x", effect="x", measures="x", conclusion="x", done_on=SINCE,
                review_on=date(2027, 1, 1), done_by=here.command,
            ),
            RetentionRun.objects.create(rule="x", at=now),
            ExportLog.objects.create(mark="X1", what="x", rows=1, masked=True, by=here.command, at=now),
            RetentionHold.objects.create(petition=own, reason="行政诉讼", by=here.command, at=now),
            Transfer.objects.create(
                petition=own, organisation=here.sanitation, fields=["words"], by=here.command, at=now
            ),
            SweepFault.objects.create(
                family="x", clock_id=1, error="x", first_seen_at=now, last_seen_at=now
            ),
            PolicyOverride.objects.create(area=here.street, policy_key="committed_tier", valid_from=date(2026, 1, 1)),
            RecomputeRun.objects.create(reason="command", since=SINCE, asked_at=now),
            RevealLog.objects.create(
                person=own.petitioner, field=PersonField.NAME, reason="核实", by=here.command, at=now
            ),
            FactorReset.objects.create(user=here.worker, by=here.command, at=now, reason="x"),
        ):  # fmt: skip
            self.note(type(row), "", row)
        Publication.objects.create(month=date(2026, 1, 1), published_at=now)
        Heartbeat.objects.get_or_create(name="deadlines.sweep", defaults={"last_run_at": now})
        audit.record(AuditKind.EXPORTED, by=here.command, at=now, about="x")
        audit.seal(at=now + timedelta(minutes=5))
        for post, user in self.people.items():
            self.notices[post] = Notice.objects.create(
                kind="petition_signed", about=f"petition:{own.number}", params={}, recipient=user, created_at=now,
                dedupe_key=f"matrix:{post}", url_path="/notices/",
            ).pk  # fmt: skip
        dead = Delivery.objects.create(
            notice_id=self.notices["CS"], channel="email", state="dead", attempts=9, error_code="refused"
        )
        self.rows["notifications.undelivered", ""] = dead.pk

    def _shows(self, place: str, area: Area) -> None:
        """What goes out to everybody in a place: a survey with words in it, a notice objected to, one to decide on."""
        here, now = self.district, timezone.now()
        today = shanghai_date(now)
        survey = Survey.objects.create(
            area=area, title="路灯问卷", opens_on=today, closes_on=today, made_by=here.command, made_at=now
        )
        Question.objects.create(survey=survey, position=1, kind=QuestionKind.WORDS, words="还有什么要说的？")
        given = (uuid.uuid4(), {1: "想要充电桩。"})
        surveys.store(survey, [given], source=AnswerSource.PAPER, at=now, by=here.command)
        self.note(Survey, place, survey)
        self.note(Answer, place, Answer.objects.get(question__survey=survey))
        review = ResidentReview.objects.create(
            area=area, title="看井盖", subject=ReviewSubject.PROJECT, project="井盖", opens_on=today, closes_on=today,
            weight_home=40, weight_invited=30, weight_online=30, made_by=here.command, made_at=now,
        )  # fmt: skip
        self.note(ResidentReview, place, review)
        entry = SentimentDiary(area=area, heard_on=today, client_key=uuid.uuid4(), masked="盼路灯。", written_at=now)
        entry.words, entry.written_by = "盼路灯。", here.worker if place == "grid" else here.duty
        entry.save(force_insert=True)
        self.note(SentimentDiary, place, entry)
        unit = here.sanitation if place == "grid" else None
        hanging, waiting = (self._closed(area, now, organisation=unit) for _time in range(2))
        self.closed[place] = waiting.number
        notice = PublicNotice.objects.create(
            petition=hanging, round=hanging.round, state=NoticeState.PUBLISHED, matter="垃圾桶满了。", done="已清运。",
            decided_by=here.leader, decided_at=now, published_at=now, ends_at=now + timedelta(days=15),
        )  # fmt: skip
        self.note(PublicNotice, place, notice)
        self.note(Objection, place, board.object_to(notice, words="没有清。", client_key=uuid.uuid4(), at=now))

    def _closed(self, area: Area, at: datetime, *, organisation: Organisation | None) -> Petition:
        """Return a closed matter there. Not walked: in some of these places nobody is at his post."""
        petition = self.district.petition(at, place=area, phone="")
        with pgtrigger.ignore("petitions.Petition:petition_lawful_move"):
            Petition.objects.filter(pk=petition.pk).update(
                status=Status.CLOSED, accepted_at=at, resolved_at=at, closed_at=at,
                category=Category.objects.get(code="0102"), organisation=organisation,
            )  # fmt: skip
        petition.refresh_from_db()
        return petition

    def _afterwards(self) -> None:
        """What is about a matter or goes between areas, and for every other model its first row."""
        here, now = self.district, timezone.now()
        own, unit = self.petitions["grid"], self.filed["DH"]
        for place, petition in self.petitions.items():
            found = PetitionEscalation.objects.filter(clock__petition=petition).order_by("pk").first()
            self.note(PetitionEscalation, place, found)
        found = PetitionEscalation.objects.filter(clock__petition=unit).order_by("pk").first()
        self.note(PetitionEscalation, "unit", found)
        ask = RevealRequest.objects.create(
            petition=own, field=PersonField.PHONE, reason="核实情况", asked_by=here.worker, asked_at=now,
            asked_level=Level.GRID, expires_at=now + timedelta(hours=20),
        )  # fmt: skip
        self.note(RevealRequest, "grid", ask)
        leader, command = (here.as_staff(one, now.date()) for one in (here.leader, here.command))
        secretary = here.as_staff(here.secretary, now.date())
        sent = circulars.publish(by=leader, at=now, title="通报", body="x", areas=[here.community])
        high = circulars.publish(by=command, at=now, title="通报", body="x", areas=[here.other_street])
        self.note(type(sent), "grid", sent)
        self.note(type(sent), "far", high)
        filing = circulars.file_record(
            by=secretary, at=now, area=here.community, kind="plan", title="计划", body="x", starts_on=now.date()
        )
        self.note(type(filing), "grid", filing)
        for model in apps.get_models():
            label = model._meta.label_lower
            row = model._default_manager.order_by("pk").first()
            if row is not None and not any(known == label for known, _place in self.rows):
                self.rows[label, ""] = row.pk
