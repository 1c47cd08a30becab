"""The pages of Party organisations: who is let in, what is masked, what stays typed; nothing shows outside of them."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from parties import members
from parties.models import PartyMember, PartyOrganisation
from people.enums import Context
from people.models import Person, RevealLog
from tests.parties.world import NUMBER, OTHER, found, join, tree

LOWER = ("people", "notifications", "grids", "deadlines", "petitions", "fieldwork", "volunteers", "gateway")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def now():
    return timezone.now()


def asked(client, url, **data):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url, data)
    return answer, len(queries)


def test_a_street_and_a_community_build_their_tree_on_the_pages(client, district):
    client.force_login(district.leader)
    assert client.get(reverse("party_tree")).status_code == 200
    new = reverse("party_topmost_new")
    given = {"kind": "working_committee", "area": district.street.code, "name": "", "form": "", "organisation": ""}
    assert client.post(new, given).status_code == 422
    street = client.post(new, {**given, "name": "滨河路街道党工委"}).url
    assert client.post(new, {**given, "name": "又一个"}).status_code == 409
    given = {**given, "kind": "general_branch", "area": district.community.code, "name": "龙集里社区党总支"}
    community = client.post(f"{street}new/", given).url

    client.force_login(district.secretary)
    wrong = client.post(f"{community}new/", {**given, "kind": "grid_branch", "name": "一支部"})
    assert (wrong.status_code, "一支部" in wrong.content.decode()) == (422, True)
    grid = client.post(
        f"{community}new/", {**given, "kind": "grid_branch", "area": district.grid.code, "name": "一支部"}
    ).url
    assert client.get(grid).status_code == 200
    assert client.post(f"{grid}rename/", {"name": ""}).status_code == 422
    assert client.post(f"{grid}rename/", {"name": "第一网格党支部"}).status_code == 302
    assert client.post(f"{grid}close/", {"because": ""}).status_code == 422
    assert client.post(f"{community}close/", {"because": "撤并"}).status_code == 409
    assert client.post(f"{grid}close/", {"because": "撤并"}).status_code == 302
    assert "撤并" in client.get(grid).content.decode()
    kinds = dict(PartyOrganisation.objects.filter(valid_to=None).values_list("kind", "name"))
    assert kinds == {"working_committee": "滨河路街道党工委", "general_branch": "龙集里社区党总支"}


def test_a_member_is_written_down_masked_looked_at_moved_and_let_go(client, district, now):
    made = tree(district, at=now)
    there = found(district, "grid_branch", district.other_grid, made.community, at=now)
    client.force_login(district.secretary)
    new = reverse("party_member_new", args=[made.grid.pk])
    given = {
        "client_key": str(uuid.uuid4()), "name": "常守正", "phone": NUMBER, "joined_on": "2020-07-01", "ground": "",
    }  # fmt: skip
    refused = client.post(new, given)
    assert (refused.status_code, "常守正" in refused.content.decode()) == (422, True)
    assert client.post(new, {**given, "phone": "1", "ground": "consent"}).status_code == 422
    url = client.post(new, {**given, "ground": "consent"}).url
    assert client.post(new, {**given, "ground": "letter"}).url == url
    assert client.post(new, {**given, "ground": "letter", "client_key": str(uuid.uuid4())}).status_code == 409
    for page in (url, reverse("party", args=[made.grid.pk])):
        words = client.get(page).content.decode()
        assert ("常**" in words, "常守正" in words, NUMBER in words) == (True, False, False)

    assert client.post(f"{url}look/", {"field": "phone", "reason": ""}).status_code == 422
    assert NUMBER in client.post(f"{url}look/", {"field": "phone", "reason": "通知开会"}).content.decode()
    log = RevealLog.objects.get()
    assert (log.by, log.about.startswith("record:"), "part" in log.about) == (district.secretary, True, False)
    assert client.post(f"{url}move/", {"to": ""}).status_code == 422
    assert client.post(f"{url}move/", {"to": made.community.pk}).status_code == 422
    moved = client.post(f"{url}move/", {"to": there.pk}).url
    page = client.get(moved).content.decode()
    assert (made.grid.name in page, there.name in page) == (True, True)
    assert client.post(f"{url}leave/").status_code == 409
    assert client.post(f"{moved}leave/").status_code == 302
    assert not PartyMember.objects.current().exists()
    assert client.post(f"{moved}look/", {"field": "phone", "reason": "通知开会"}).status_code == 409


def test_others_find_no_such_page(client, district, now):
    made = tree(district, at=now)
    row = join(district, made.grid, at=now)
    pages = [reverse("party", args=[made.grid.pk]), reverse("party_member", args=[row.pk])]

    for who in (district.worker, district.lead, district.window, district.dispatcher, district.other_secretary):
        client.force_login(who)
        assert [client.get(url).status_code for url in pages] == [404, 404]
        assert client.get(reverse("party_tree")).status_code == (200 if who == district.other_secretary else 403)
        assert client.post(f"{pages[1]}leave/").status_code == 404
    client.force_login(district.command)
    assert [client.get(url).status_code for url in pages] == [200, 404]
    assert "常**" not in client.get(pages[0]).content.decode()
    assert client.post(f"{pages[0]}rename/", {"name": "别的"}).status_code == 403
    assert client.get(reverse("party_member_new", args=[made.grid.pk])).status_code == 403
    client.force_login(district.leader)
    assert [client.get(url).status_code for url in pages] == [200, 404]
    assert "常**" not in client.get(pages[0]).content.decode()
    assert PartyMember.objects.current().get() == row


def test_the_desk_leads_there_only_who_may_see_it(client, district):
    for who, leads in ((district.secretary, True), (district.leader, True), (district.dispatcher, False)):
        client.force_login(who)
        assert (f'href="{reverse("party_tree")}"' in client.get("/admin/").content.decode()) is leads


def test_pages_of_sixty_members_and_forty_organisations_cost_few_questions(client, district, now):
    made = tree(district, at=now)
    for number in range(40):
        PartyOrganisation.objects.create(
            kind="group", area=district.building, parent=made.grid, name=f"小组{number}", valid_from=now.date()
        )
    people = [Person(context=Context.MEMBER, created_at=now, phone_index=number.to_bytes(32)) for number in range(65)]
    Person.objects.bulk_create(people)
    PartyMember.objects.bulk_create(
        PartyMember(
            client_key=uuid.uuid4(), person=person, organisation=made.grid, ground="letter",
            joined_here_on=now.date() - timedelta(days=number // 2),
        )
        for number, person in enumerate(people)
    )  # fmt: skip
    client.force_login(district.secretary)
    client.get(reverse("party_tree"))
    url = reverse("party", args=[made.grid.pk])

    page, queries = asked(client, url)
    seen = []
    while True:
        seen += [row.pk for row in page.context["members"]]
        if not page.context["after"]:
            break
        page = client.get(url, {"after": page.context["after"]})

    assert (len(seen), len(set(seen)), page.context["members_under"]) == (65, 65, 65)
    assert [len(page.context["children"]), client.get(url, {"after": "x_y"}).status_code] == [40, 200]
    assert queries <= 12
    assert asked(client, reverse("party_tree"))[1] <= 12
    assert asked(client, reverse("party_coverage"))[1] <= 12
    assert asked(client, reverse("party_member", args=[seen[0]]))[1] <= 12


def test_no_page_outside_parties_knows_of_members(client, district, now):
    made = tree(district, at=now)
    members.leave(
        join(district, made.grid, phone=OTHER, at=now), by=district.as_staff(district.secretary, now.date()), at=now
    )
    join(district, made.grid, at=now)
    root = Path(settings.BASE_DIR)
    telling = re.compile(r"party_?member|parties\.members|Context\.MEMBER|from parties", re.IGNORECASE)

    told = [
        str(path.relative_to(root))
        for folder in (
            "people",
            "notifications",
            "grids",
            "deadlines",
            "petitions",
            "fieldwork",
            "volunteers",
            "gateway",
        )
        for path in (root / folder).rglob("*.py")
        if "migrations" not in path.parts and telling.search(path.read_text(encoding="utf-8"))
    ]
    templates = [
        path.parent.name
        for path in (root / "templates").rglob("*.html")
        if telling.search(path.read_text(encoding="utf-8"))
    ]

    assert (told, set(templates)) == ([], {"parties"})
    client.force_login(district.secretary)
    for url in ("/admin/", "/volunteers/desk/", "/ledgers/"):
        assert "常**" not in client.get(url).content.decode()
