"""Every address of the console, as everybody, with everybody's things: the exact answer, and
that no name of another department or organization is in it.

A new address fails until it is listed in GET and POST, and one with an argument until
OBJECTS says what object it takes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import Account, AccountImport, Role
from accounts.presets import AUDITOR, DEPARTMENT_ADMINISTRATOR, FULL_ADMINISTRATOR, HELPDESK
from accounts.selectors.operators import operator_of
from admin_platform import audit, functions, jobs
from admin_platform.models import Job
from admin_platform.permissions import GUARDED_ELSEWHERE, walk_views
from mail_server.choices import EventKind
from mail_server.models import MessageEvent
from mail_server.services.events import Event, record_events
from notifications.models import WelcomeLetter
from orgs.models import ProviderNotice
from tests.factories.accounts import AccountFactory, grant, grant_functions, system_operator
from tests.factories.orgs import (
    ContactFactory,
    ContactGroupFactory,
    DepartmentFactory,
    OrganizationFactory,
)
from tests.factories.security import allow_listed, default_rule, member_rules

pytestmark = pytest.mark.django_db

FOREIGN, NEIGHBOUR = "异邦人", "邻舍人"
HTMX = {"HX-Request": "true"}


def department_of(account):
    return DepartmentFactory(parent=account.departments.get(), name=account.name).pk


def record_of(account):
    return audit.record(
        "account.changed",
        actor=system_operator(),
        target=account,
        department_id=account.departments.get().pk,
    ).pk


def own_act_of(account):
    return audit.record(
        "account.own_password_changed",
        actor=operator_of(account),
        target=account,
        department_id=account.departments.get().pk,
    ).pk


def event_of(account):
    event = Event(
        at=timezone.now(),
        kind=EventKind.DELIVERED,
        recipient=account.address,
        sender="friend@far.example",
        subject=account.name,
        queue_id=f"Q{account.pk}",
    )
    record_events([event])
    return MessageEvent.objects.get(recipient=account.address).pk


def job_of(account):
    kind = next(kind for kind in jobs.kinds() if kind.function == OWNED_FUNCTION)
    return jobs.enqueue(kind.code, actor=operator_of(account)).pk


def import_of(account):
    return AccountImport.objects.create(
        organization=account.organization,
        owner_id=account.pk,
        owner_name=account.name,
        file_name=f"{account.name}.csv",
        domain=account.domain,
        job_id=job_of(account),
    ).pk


def job_of_import(account):
    made = AccountImport.objects.get(pk=import_of(account))
    Job.objects.filter(pk=made.job_id).update(params={"import": made.pk})
    return made.job_id


def grant_of(account):
    return grant(account, HELPDESK, account.departments.get()).pk


def role_of(account):
    return Role.objects.create(organization=account.organization, name=account.name).pk


def notice_of(_account):
    return ProviderNotice.objects.create(title="停机维护").pk


def welcome_attachment_of(account):
    letter, _made = WelcomeLetter.objects.get_or_create(
        organization=account.organization,
        defaults={"subject": account.organization.name, "body": account.organization.name},
    )
    file = ContentFile(b"x", name="a.txt")
    name = account.organization.name
    return letter.attachments.create(file=file, name=name, size_bytes=1).pk


def network_of(account):
    return f"10.{account.pk // 65536 % 256}.{account.pk // 256 % 256}.{account.pk % 256}"


def exemption_of(account):
    return allow_listed(account.organization, network_of(account)).pk


def default_rule_of(account):
    return default_rule(account.organization, network_of(account), "deny").pk


def member_rule_of(account):
    return member_rules(account, elsewhere="allow").pk


def contact_of(account):
    return ContactFactory(organization=account.organization, name=account.name).pk


def contact_group_of(account):
    return ContactGroupFactory(organization=account.organization, name=account.name).pk


# Route, as a pattern, to the object of an account that it names.
OBJECTS: dict[str, Callable[[Account], int]] = {
    "console/security/members/": lambda account: account.pk,
    "console/contacts/groups/": contact_group_of,
    "console/contacts/": contact_of,
    "console/departments/": department_of,
    "console/directory/departments/": lambda account: account.memberships.get().department_id,
    "console/directory/members/": lambda account: account.pk,
    "console/accounts/import/job/": job_of_import,
    "console/accounts/import/": import_of,
    "console/accounts/": lambda account: account.pk,
    "console/log/": record_of,
    "console/user-log/": own_act_of,
    "console/trace/": event_of,
    "console/jobs/": job_of,
    "console/notices/": notice_of,
    "console/roles/": role_of,
    "console/security/lockouts/allowed/": exemption_of,
    "console/security/ip-rules/members/": member_rule_of,
    "console/security/ip-rules/": default_rule_of,
    "console/notifications/welcome/attachments/": welcome_attachment_of,
}
# Seen by whoever asked for them, and by whoever has their function everywhere.
OWNED = ("console/jobs/", "console/accounts/import/")
OWNED_FUNCTION = "account.import"
# Things of the organization, not of one of its departments.
SHARED = (
    "console/contacts/groups/",
    "console/contacts/",
    "console/roles/",
    "console/notifications/",
    "console/security/ip-rules/<int:pk>/",
)
# The provider's notices are for everybody; opening a node of the tree only sets a cookie.
FOR_ALL = ("console/notices/", "console/departments/<int:pk>/toggle/")
# Arguments that name no object of an organization.
CONSTANTS = {
    "console/functions/<slug:code>/": "dmarc",
    "console/help/<slug:code>/": "start",
    "preferences/<slug:name>/": "theme",
}
SKIPPED = ("mail/", "static")

# The function's own answer to GET and to an empty POST, for a thing within reach.
ANSWERS: dict[str, tuple[int, int]] = {
    "console/": (200, 405),
    "console/accounts/": (200, 405),
    "console/accounts/<int:pk>/": (200, 405),
    "console/accounts/<int:pk>/edit/": (200, 200),
    "console/accounts/<int:pk>/password/": (200, 200),
    "console/accounts/change/": (302, 302),
    "console/accounts/columns/": (405, 302),
    "console/accounts/create/": (200, 200),
    "console/accounts/delete/": (302, 302),
    "console/accounts/deleted/": (200, 405),
    "console/accounts/deleted/purge/": (302, 302),
    "console/accounts/deleted/restore/": (405, 302),
    "console/accounts/departments/": (404, 405),
    "console/accounts/export/": (405, 200),
    "console/accounts/import/": (200, 200),
    "console/accounts/import/<int:pk>/": (200, 405),
    "console/accounts/import/<int:pk>/confirm/": (405, 302),
    "console/accounts/import/<int:pk>/corrections/": (200, 405),
    "console/accounts/import/<int:pk>/discard/": (405, 302),
    "console/accounts/import/<int:pk>/forget/": (405, 302),
    "console/accounts/import/<int:pk>/passwords/": (405, 302),
    "console/accounts/import/<int:pk>/recheck/": (405, 302),
    "console/accounts/import/job/<int:pk>/": (302, 405),
    "console/accounts/import/template/": (200, 405),
    "console/accounts/move/": (302, 302),
    "console/accounts/reading/<int:pk>/": (200, 200),
    "console/accounts/reading/<int:pk>/attachments/<int:index>/": (404, 405),
    "console/accounts/reading/<int:pk>/body/": (404, 405),
    "console/accounts/reading/<int:pk>/end/": (405, 404),
    "console/accounts/reading/<int:pk>/mailbox/": (302, 405),
    "console/accounts/status/": (302, 302),
    "console/apps/backup/": (200, 405),
    "console/apps/backup/create/": (200, 200),
    "console/apps/backup/delete/": (302, 302),
    "console/contacts/": (200, 405),
    "console/contacts/<int:pk>/edit/": (200, 200),
    "console/contacts/<int:pk>/order/": (200, 200),
    "console/contacts/create/": (200, 200),
    "console/contacts/delete/": (302, 302),
    "console/contacts/export/": (405, 200),
    "console/contacts/import/": (200, 422),
    "console/contacts/import/template/": (200, 405),
    "console/contacts/groups/<int:pk>/delete/": (200, 302),
    "console/contacts/groups/<int:pk>/rename/": (200, 200),
    "console/contacts/groups/<int:pk>/shift/": (405, 302),
    "console/contacts/groups/create/": (200, 200),
    "console/contacts/move/": (302, 302),
    "console/departments/": (200, 405),
    "console/departments/<int:pk>/": (200, 405),
    "console/departments/<int:pk>/children/": (200, 405),
    "console/departments/<int:pk>/create/": (200, 200),
    "console/departments/<int:pk>/delete/": (200, 302),
    "console/departments/<int:pk>/drop/": (405, 302),
    "console/departments/<int:pk>/edit/": (200, 200),
    "console/departments/<int:pk>/move/": (200, 200),
    "console/departments/<int:pk>/shift/": (405, 302),
    "console/departments/<int:pk>/toggle/": (302, 405),
    "console/departments/export/": (200, 405),
    "console/departments/import/": (200, 422),
    "console/departments/import/template/": (200, 405),
    "console/departments/search/": (200, 405),
    "console/directory/": (200, 405),
    "console/directory/departments/<int:pk>/": (405, 302),
    "console/directory/members/<int:pk>/": (405, 404),
    "console/directory/members/<int:pk>/visibility/": (405, 302),
    "console/directory/show/": (405, 302),
    "console/directory/switch/": (405, 302),
    "console/find/": (200, 405),
    "console/functions/<slug:code>/": (200, 405),
    "console/grants/": (200, 405),
    "console/grants/create/": (200, 200),
    "console/grants/revoke/": (200, 422),
    "console/help/": (200, 405),
    "console/help/<slug:code>/": (200, 405),
    "console/help/handbook/": (200, 405),
    "console/jobs/": (200, 405),
    "console/jobs/<int:pk>/": (200, 405),
    "console/jobs/<int:pk>/cancel/": (405, 302),
    "console/jobs/<int:pk>/resume/": (405, 302),
    "console/log/": (200, 405),
    "console/log/<int:pk>/": (200, 405),
    "console/log/chain/": (200, 405),
    "console/log/export/": (200, 405),
    "console/notices/": (200, 405),
    "console/notices/<int:pk>/": (200, 405),
    "console/notifications/welcome/": (200, 405),
    "console/notifications/welcome/attachments/<int:pk>/": (200, 405),
    "console/notifications/welcome/preview/": (405, 422),
    "console/notifications/welcome/save/": (405, 422),
    "console/notifications/welcome/test/": (405, 422),
    "console/pickers/accounts/": (200, 405),
    "console/roles/": (200, 405),
    "console/roles/<int:pk>/": (200, 405),
    "console/roles/<int:pk>/delete/": (200, 302),
    "console/roles/<int:pk>/edit/": (200, 200),
    "console/roles/create/": (200, 200),
    "console/roles/matrix/": (200, 405),
    "console/security/ip-rules/": (200, 405),
    "console/security/ip-rules/<int:pk>/": (200, 200),
    "console/security/ip-rules/<int:pk>/delete/": (200, 302),
    "console/security/ip-rules/create/": (200, 200),
    "console/security/ip-rules/members/": (200, 405),
    "console/security/ip-rules/members/<int:pk>/": (200, 200),
    "console/security/ip-rules/members/<int:pk>/delete/": (200, 302),
    "console/security/ip-rules/members/create/": (200, 200),
    "console/security/lockouts/": (200, 405),
    "console/security/lockouts/allowed/": (200, 405),
    "console/security/lockouts/allowed/<int:pk>/delete/": (200, 302),
    "console/security/lockouts/allowed/create/": (200, 200),
    "console/security/lockouts/settings/": (200, 200),
    "console/security/lockouts/unlock/": (405, 302),
    "console/security/password-rules/": (200, 405),
    "console/security/password-rules/save/": (405, 422),
    "console/security/members/": (200, 405),
    "console/security/members/<int:pk>/": (200, 405),
    "console/security/members/<int:pk>/reset/": (200, 422),
    "console/security/members/<int:pk>/sessions/end/": (405, 302),
    "console/security/sending-limits/": (200, 405),
    "console/security/sending-limits/save/": (405, 302),
    "console/security/sign-in-rules/": (200, 405),
    "console/security/sign-in-rules/save/": (405, 422),
    "console/sign-in-log/": (200, 405),
    "console/sign-in-log/export/": (200, 405),
    "console/trace/": (200, 405),
    "console/trace/<int:pk>/": (200, 405),
    "console/trace/export/": (200, 405),
    "console/volume/": (200, 405),
    "console/volume/export/": (200, 405),
    "console/user-log/": (200, 405),
    "console/user-log/<int:pk>/": (200, 405),
    "console/user-log/export/": (200, 405),
}
# The same for who is not granted for the root: the rules for all are not theirs to delete.
ANSWERS_IN_PART = {"console/security/ip-rules/<int:pk>/delete/": (200, 422)}


def console_views():
    for route, view in walk_views(get_resolver().url_patterns):
        needs = getattr(view, "needs", "")
        if route.startswith((*GUARDED_ELSEWHERE, *SKIPPED)):
            continue
        if needs == "console" or "." in needs:
            yield route, needs


VIEWS = list(console_views())


@dataclass(frozen=True, slots=True)
class Actor:
    """everywhere: granted for the root; the others for the department called "own"."""

    client: Client
    account: Account
    functions: frozenset[str] = frozenset()
    everywhere: bool = False

    def may(self, needs: str) -> bool:
        if needs == "console":
            return bool(self.functions)
        if not self.everywhere and needs in functions.organization_wide():
            return False
        return needs in self.functions


@dataclass(frozen=True, slots=True)
class World:
    """own: a member of the department that some actors administer."""

    own: Account
    neighbour: Account
    foreign: Account
    actors: dict[str, Actor]


def actor(department, preset="", code="", everywhere=False):
    root = department.parent
    account = AccountFactory(
        organization=root.organization, department=root if everywhere else department
    )
    held = []
    if preset:
        held = grant(account, preset, root if everywhere else department).role.functions
    elif code:
        made = grant_functions(account, code)
        made.departments.set([department])
        held = [code]
    client = Client()
    client.force_login(account)
    return Actor(client, account, frozenset(held), everywhere)


def make_world(needs):
    root = DepartmentFactory(organization=OrganizationFactory())
    own = DepartmentFactory(parent=root)
    neighbour = DepartmentFactory(parent=root, name=NEIGHBOUR)
    foreign_root = DepartmentFactory(organization=OrganizationFactory(name=FOREIGN), name=FOREIGN)
    foreign = DepartmentFactory(parent=foreign_root, name=FOREIGN)
    actors = {
        "nobody": actor(own),
        FULL_ADMINISTRATOR: actor(own, FULL_ADMINISTRATOR, everywhere=True),
        AUDITOR: actor(own, AUDITOR, everywhere=True),
        DEPARTMENT_ADMINISTRATOR: actor(own, DEPARTMENT_ADMINISTRATOR),
        HELPDESK: actor(own, HELPDESK),
        "just this": actor(own, code="department.view" if needs == "console" else needs),
    }
    people = {
        name: AccountFactory(organization=place.organization, department=place, name=name)
        for name, place in ((NEIGHBOUR, neighbour), (FOREIGN, foreign))
    }
    member = AccountFactory(organization=root.organization, department=own)
    return World(member, people[NEIGHBOUR], people[FOREIGN], actors)


def address(route, account):
    if route in CONSTANTS:
        return "/" + re.sub(r"<[^>]+>", CONSTANTS[route], route)
    for prefix, make in OBJECTS.items():
        if route.startswith(prefix):
            return "/" + re.sub(r"<[^>]+>", str(make(account)), route)
    raise AssertionError(f"Say in OBJECTS what {route} takes.")


def ask(client, method, path, **options):
    """(status, text) of a request, whose effects are taken back."""
    with transaction.atomic():
        response = getattr(client, method)(path, **options)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    return response.status_code, content.decode(errors="replace")


def expected(route, needs, who, whose):
    """(GET, POST), by the rules; the function's own answer comes from ANSWERS."""
    if not who.may(needs):
        return 403, 403
    get, post = ANSWERS[route] if who.everywhere else ANSWERS_IN_PART.get(route, ANSWERS[route])
    if (
        route.startswith(FOR_ALL)
        or whose == "own"
        or (whose == "neighbour" and is_in_reach(route, who))
    ):
        return get, post
    return (405 if get == 405 else 404), (405 if post == 405 else 404)


def is_in_reach(route, who):
    """Whether a thing of another department of the organization is there."""
    if route.startswith(OWNED):
        return who.everywhere and OWNED_FUNCTION in who.functions
    return who.everywhere or route.startswith(SHARED)


@pytest.mark.parametrize(
    ("route", "needs"), [pytest.param(*view, id=view[0]) for view in VIEWS if "<" in view[0]]
)
def test_things_answer_as_their_place_says_and_name_nobody_else(route, needs):
    world = make_world(needs)
    met, due, leaks, paths = {}, {}, [], {}
    for name, who in world.actors.items():
        own = who.account if route.startswith(OWNED) else world.own
        for whose, account in (
            ("own", own),
            ("neighbour", world.neighbour),
            ("foreign", world.foreign),
        ):
            if whose != "own" and route in CONSTANTS:
                continue
            if account.pk not in paths:
                paths[account.pk] = address(route, account)
            path = paths[account.pk]
            answers = [ask(who.client, method, path) for method in ("get", "post")]
            fragment = ask(who.client, "get", path, headers=HTMX)
            met[name, whose] = tuple(status for status, _text in answers)
            due[name, whose] = expected(route, needs, who, whose)
            leaks += [
                (name, whose, hidden)
                for hidden in hidden_from(who, route, whose)
                for _status, text in (*answers, fragment)
                if hidden in text
            ]

    assert met == due
    assert leaks == []


def hidden_from(who, route, whose):
    """The names that no answer may hold."""
    if whose == "neighbour" and (who.everywhere or route.startswith(SHARED)):
        return [FOREIGN]
    return [FOREIGN] if who.everywhere else [FOREIGN, NEIGHBOUR]


@pytest.mark.parametrize(
    ("route", "needs"), [pytest.param(*view, id=view[0]) for view in VIEWS if "<" not in view[0]]
)
def test_pages_answer_as_the_function_says_and_name_nobody_else(route, needs):
    world = make_world(needs)
    for account in (world.own, world.neighbour, world.foreign):
        for prefix, make in OBJECTS.items():
            if prefix not in SHARED:
                make(account)
        grant_of(account)
    met, due, leaks = {}, {}, []
    for name, who in world.actors.items():
        answers = [ask(who.client, method, f"/{route}") for method in ("get", "post")]
        searches = [
            ask(who.client, "get", f"/{route}", data=SEARCH | {"q": q}, headers=headers)
            for q in (FOREIGN, NEIGHBOUR[:1])
            for headers in ({}, HTMX)
        ]
        met[name] = tuple(status for status, _text in answers)
        due[name] = ANSWERS[route] if who.may(needs) else (403, 403)
        leaks += [
            (name, hidden)
            for hidden in hidden_from(who, route, "own")
            for _status, text in (*answers, *without_echo(searches))
            if hidden in text
        ]

    assert met == due
    assert leaks == []


# What lists and pickers are searched with, beside ?q=.
SEARCH = {"accounts-find": NEIGHBOUR[:1], "member": NEIGHBOUR[:1], "to": "grants:grant-list"}


def without_echo(answers):
    """A page may repeat the words that were looked for in its field, and in "nothing found"."""
    return [(status, re.sub(r'value="[^"]*"|“[^”]*”', "", text)) for status, text in answers]


@pytest.mark.parametrize(("route", "needs"), [pytest.param(*view, id=view[0]) for view in VIEWS])
def test_an_anonymous_visitor_is_sent_to_sign_in(client, route, needs):
    response = client.get("/" + re.sub(r"<[^>]+>", "1", route))

    assert response.status_code == 302
    assert response["Location"].startswith("/admin.jsp?next=")


def test_every_address_of_the_console_is_listed():
    assert {route for route, _needs in VIEWS} == set(ANSWERS)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/console/find/", {"q": NEIGHBOUR}),
        ("/console/departments/", {}),
        ("/console/log/", {}),
        ("/console/grants/", {}),
        ("/console/pickers/accounts/", {"to": "grants:grant-list", "accounts-find": NEIGHBOUR}),
    ],
)
def test_who_administers_everything_is_shown_the_names_that_others_are_not(path, data):
    """There is something to leak where the tests above look for leaks."""
    world = make_world("console")
    record_of(world.neighbour)
    grant_of(world.neighbour)

    answers = ask(world.actors[FULL_ADMINISTRATOR].client, "get", path, data=data)

    assert NEIGHBOUR in without_echo([answers])[0][1]
