"""Every address of the platform, as everybody: who gets in, and that no foreign thing is named.

An address with an argument must say here what object it takes; a new one fails until it does.
"""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import get_resolver

from accounts.models import Role
from accounts.presets import PRESETS
from accounts.selectors.operators import operator_of
from admin_platform import audit, jobs
from admin_platform.permissions import GUARDED_ELSEWHERE, walk_views
from notifications.models import WelcomeLetter
from security.choices import Protocol, SignInResult
from security.models import SignInRecord
from tests.factories.accounts import AccountFactory, grant, system_operator
from tests.factories.orgs import DepartmentFactory
from tests.factories.security import allow_listed, default_rule, member_rules

pytestmark = pytest.mark.django_db

FOREIGN = "异邦人"


def department_of(account):
    return DepartmentFactory(parent=DepartmentFactory(organization=account.organization)).pk


def record_of(account):
    return audit.record("account.changed", actor=system_operator(), target=account).pk


def own_act_of(account):
    return audit.record(
        "account.own_password_changed", actor=operator_of(account), target=account
    ).pk


def sign_in_of(account):
    return SignInRecord.objects.create(
        account=account,
        organization_id=account.organization_id,
        address=account.name,
        protocol=Protocol.WEB,
        result=SignInResult.SUCCESS,
    ).pk


def job_of(account):
    kind = jobs.kinds()[0].code
    return jobs.enqueue(kind, actor=system_operator(account.organization)).pk


def welcome_attachment_of(account):
    letter = WelcomeLetter.objects.create(
        organization=account.organization, subject=account.name, body=account.name
    )
    file = ContentFile(b"x", name="a.txt")
    return letter.attachments.create(file=file, name=account.name, size_bytes=1).pk


def exemption_of(account):
    return allow_listed(account.organization, "192.0.2.1").pk


def default_rule_of(account):
    return default_rule(account.organization, "192.0.2.1", "deny").pk


def member_rule_of(account):
    return member_rules(account, elsewhere="allow").pk


def role_of(account):
    return Role.objects.create(organization=account.organization, name=account.name).pk


# Route, as a pattern, to the object of an account's organization that it names.
OBJECTS = {
    r"console/security/members/": lambda account: account.pk,
    r"console/departments/": department_of,
    r"console/accounts/import/": job_of,
    r"console/accounts/reading/": lambda account: account.pk,
    r"console/accounts/": lambda account: account.pk,
    r"console/log/": record_of,
    r"console/user-log/": own_act_of,
    r"console/jobs/": job_of,
    r"console/security/lockouts/allowed/": exemption_of,
    r"console/security/ip-rules/members/": member_rule_of,
    r"console/security/ip-rules/": default_rule_of,
    r"console/roles/": role_of,
    r"console/notifications/welcome/attachments/": welcome_attachment_of,
}
# Arguments that name no object of an organization.
CONSTANTS = {
    "console/functions/<slug:code>/": "dmarc",
    "preferences/<slug:name>/": "theme",
}
SKIPPED = ("console/help/", "console/notices/", "mail/", "static")


def all_views():
    for route, view in walk_views(get_resolver().url_patterns):
        if not route.startswith((*GUARDED_ELSEWHERE, *SKIPPED)):
            yield route, view


def address(route, account):
    if "<" not in route:
        return f"/{route}"
    if route in CONSTANTS:
        return "/" + re.sub(r"<[^>]+>", CONSTANTS[route], route)
    for prefix, make in OBJECTS.items():
        if route.startswith(prefix):
            return "/" + re.sub(r"<[^>]+>", str(make(account)), route)
    raise AssertionError(f"Say in OBJECTS what {route} takes.")


CONSOLE = [
    pytest.param(route, view.needs, id=route)
    for route, view in all_views()
    if "." in getattr(view, "needs", "") or getattr(view, "needs", "") == "console"
]


def holder_of(function, *departments):
    account = AccountFactory()
    made = grant(account, "helpdesk", *departments)
    made.role = Role.objects.create(
        organization=account.organization, name="Just this", functions=[function]
    )
    made.save()
    return account


@pytest.mark.parametrize(("route", "needs"), CONSOLE)
def test_an_anonymous_visitor_is_sent_to_sign_in(client, route, needs):
    response = client.get(address(route, AccountFactory()))

    assert response.status_code == 302
    assert response["Location"].startswith("/admin.jsp?next=")


@pytest.mark.parametrize(("route", "needs"), CONSOLE)
def test_a_member_without_a_role_is_refused_on_page_and_fragment(client, route, needs):
    account = AccountFactory()
    client.force_login(account)
    path = address(route, account)

    assert client.get(path).status_code == 403
    assert client.get(path, headers={"HX-Request": "true"}).status_code == 403
    assert client.post(path).status_code == 403


@pytest.mark.parametrize(("route", "needs"), [p for p in CONSOLE if "." in p.values[1]])
def test_another_function_does_not_open_the_page(client, route, needs):
    other = "domain.view" if needs != "domain.view" else "role.view"
    account = holder_of(other)
    client.force_login(account)

    assert client.get(address(route, account)).status_code == 403


@pytest.mark.parametrize(("route", "needs"), [p for p in CONSOLE if "." in p.values[1]])
def test_the_function_alone_opens_the_page(client, route, needs):
    account = holder_of(needs)
    client.force_login(account)

    response = client.get(address(route, account))
    response.close()
    # Some take a POST, or want to be told what they are about.
    assert response.status_code in {200, 302, 400, 404, 405, 422}


@pytest.mark.parametrize(
    ("route", "needs"), [p for p in CONSOLE if "<" in p.values[0] and "." in p.values[1]]
)
@pytest.mark.parametrize("preset", PRESETS)
def test_things_of_another_organization_are_not_there(client, route, needs, preset):
    account, foreign = AccountFactory(), AccountFactory(name=FOREIGN)
    grant(account, preset)
    client.force_login(account)
    path = address(route, foreign)

    for response in (client.get(path), client.post(path)):
        assert response.status_code in {403, 404, 405}
        assert FOREIGN not in response.content.decode()


@pytest.mark.parametrize(("route", "needs"), [p for p in CONSOLE if "<" not in p.values[0]])
@pytest.mark.parametrize("preset", PRESETS)
def test_no_page_names_anything_of_another_organization(client, route, needs, preset):
    account, foreign = AccountFactory(), AccountFactory(name=FOREIGN)
    record_of(foreign)
    own_act_of(foreign)
    sign_in_of(foreign)
    grant(account, preset)
    client.force_login(account)

    response = client.get(f"/{route}", {"q": FOREIGN[:1]})

    text = (
        b"".join(response.streaming_content) if response.streaming else response.content
    ).decode(errors="replace")
    response.close()
    assert FOREIGN not in text
