import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import reverse

from accounts.presets import FULL_ADMINISTRATOR
from admin_platform import menu
from tests.factories.accounts import AccountFactory, grant, grant_functions

pytestmark = pytest.mark.django_db

STATUS = Path(__file__).resolve().parents[2] / "docs" / "status.md"


@pytest.fixture
def administrator(client):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    client.force_login(account)
    return account


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_function_that_is_built_is_explained(language):
    built = [entry.code for entry in menu.entries() if entry.is_built]

    for code in [*built, "start"]:
        assert get_template(f"help/{language}/{code}.html").render().strip()


def test_a_topic_leads_to_its_function(client, administrator):
    page = client.get("/console/help/departments/").content.decode()

    assert f'class="btn" href="{reverse("orgs:department-list")}"' in page


def test_a_topic_has_no_link_for_who_may_not_use_its_function(client):
    account = AccountFactory()
    grant_functions(account, "log.view")
    client.force_login(account)

    page = client.get("/console/help/departments/")

    assert page.status_code == 200
    assert reverse("orgs:department-list") not in page.content.decode()


def test_a_function_that_is_not_built_has_no_topic_and_is_listed_apart(client, administrator):
    entry = next(e for e in menu.entries() if not e.is_built)

    index = client.get("/console/help/").content.decode()

    assert str(entry.label) in index.split('id="unbuilt"')[1]
    assert client.get(f"/console/help/{entry.code}/").status_code == 404


def test_the_handbook_is_one_file_with_all_topics_in_the_language_of_the_reader(
    client, administrator
):
    client.cookies["django_language"] = "en"

    handbook = client.get("/console/help/handbook/")

    assert handbook["Content-Disposition"] == 'attachment; filename="handbook-en.html"'
    assert "Signing in and finding your way" in handbook.content.decode()
    assert "Own password" in handbook.content.decode()


def states() -> dict[str, str]:
    rows = re.findall(r"^\| ([\d.]+) \| [^|]+ \| ([^|]+) \|$", STATUS.read_text(), re.MULTILINE)
    return dict(rows)


@pytest.mark.parametrize("entry", menu.entries(), ids=lambda entry: entry.code)
def test_the_list_of_what_is_built_agrees_with_the_menu(entry):
    assert states()[entry.row].startswith("not yet") is not entry.is_built
