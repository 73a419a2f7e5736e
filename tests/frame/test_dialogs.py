import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django_htmx.middleware import HtmxDetails

from accounts.presets import FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from admin_platform.context_processors import frame
from tests.factories.accounts import AccountFactory, grant

HTMX = {"HX-Request": "true"}


def layout(rf, headers):
    request = rf.get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return frame(request)["dialog_layout"]


@pytest.mark.parametrize(
    ("headers", "template"),
    [
        ({}, "components/dialog_page.html"),
        (HTMX, "components/dialog.html"),
        (HTMX | {"HX-Boosted": "true"}, "components/dialog_page.html"),
        (HTMX | {"HX-History-Restore-Request": "true"}, "components/dialog_page.html"),
    ],
)
def test_a_dialog_is_a_page_for_whoever_does_not_ask_for_a_part(rf, headers, template):
    assert layout(rf, headers) == template


def test_a_dialog_posts_to_its_own_address_with_its_query(rf):
    request = rf.get("/accounts/move/?id=1&id=2")
    request.user = AnonymousUser()

    html = render_to_string("components/dialog.html", {"title": "Move"}, request)

    assert html.count('"/accounts/move/?id=1&amp;id=2"') == 2
    assert '<h2 id="dialog-title">Move</h2>' in html


@pytest.mark.django_db
def test_the_page_of_a_dialog_has_one_heading_and_the_frame(rf):
    account = AccountFactory()
    grant(account, FULL_ADMINISTRATOR)
    request = rf.get("/accounts/move/")
    request.user, request.operator = account, operator_of(account)

    html = render_to_string("components/dialog_page.html", {"title": "Move"}, request)

    assert html.count("<h1>") == 1
    assert 'class="maintabs"' in html
