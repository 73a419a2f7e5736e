"""Changing what is spam for an organization, and its lists."""

import pytest
from django.core.exceptions import ValidationError

from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from mail_server.plane.spam_settings import settings_map
from security.choices import ListedAs, ListedKind, SpamAction, SpamLevel
from security.errors import SpamListFull, SpamListTaken, WholeOrganizationOnly
from security.models import SpamListEntry, SpamRule
from security.selectors.spam import spam_rule_of
from security.services import spam
from security.services.spam import add_to_spam_list, change_spam_rule, remove_from_spam_list
from tests.factories.accounts import system_operator
from tests.factories.orgs import DomainFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return DomainFactory(name="acme.example").organization


def change(organization, *, actor=None, **values):
    change_spam_rule(
        organization=organization, values=values, actor=actor or system_operator(organization)
    )


def add(organization, kind, value, *, listed_as=ListedAs.DENY, actor=None):
    return add_to_spam_list(
        organization=organization,
        listed_as=listed_as,
        kind=kind,
        value=value,
        actor=actor or system_operator(organization),
    )


def test_who_changed_nothing_is_not_told_to_the_mail_servers(organization):
    assert set(settings_map()) == {"0-members"}
    assert spam_rule_of(organization).scores == (6.0, 15.0)


@pytest.mark.parametrize(
    ("level", "scores"), [("low", (9.0, 25.0)), ("high", (4.0, 10.0)), ("own", (7.5, 20.0))]
)
def test_a_level_stands_for_its_scores(organization, level, scores):
    change(organization, level=level, spam_score=7.5, refuse_score=20)

    assert spam_rule_of(organization).scores == scores


@pytest.mark.parametrize(
    "values",
    [
        {"level": SpamLevel.OWN, "spam_score": 10, "refuse_score": 5},
        {"spam_score": 0},
        {"refuse_score": 1000},
        {"level": "none"},
        {"action": "quarantine"},
    ],
)
def test_rules_that_make_no_sense_are_not_stored(organization, values):
    with pytest.raises(ValidationError):
        change(organization, **values)

    assert not SpamRule.objects.exists()


def test_a_change_is_in_the_log_and_one_of_nothing_is_not(organization):
    change(organization, action=SpamAction.REFUSE)
    change(organization, action=SpamAction.REFUSE)

    record = AuditRecord.objects.get()
    assert (record.action, record.before, record.after) == (
        "spam_rule.changed",
        {"action": "junk"},
        {"action": "refuse"},
    )


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (ListedKind.ADDRESS, " Boss@Other.example ", "boss@other.example"),
        (ListedKind.DOMAIN, "@Other.example", "other.example"),
        (ListedKind.IP, "192.0.2.0-192.0.2.255", "192.0.2.0/24"),
        (ListedKind.IP, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_an_entry_is_kept_as_it_is_compared(organization, kind, typed, value):
    assert add(organization, kind, typed).value == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (ListedKind.ADDRESS, "other.example"),
        (ListedKind.DOMAIN, "a@other.example"),
        (ListedKind.DOMAIN, "com"),
        (ListedKind.IP, "192.0.2.999"),
        (ListedKind.ADDRESS, ""),
    ],
)
def test_what_is_no_sender_is_not_listed(organization, kind, typed):
    with pytest.raises(ValidationError):
        add(organization, kind, typed)

    assert not SpamListEntry.objects.exists()


def test_a_sender_is_on_one_list_at_most(organization):
    add(organization, ListedKind.DOMAIN, "other.example")

    with pytest.raises(SpamListTaken, match=r"other\.example"):
        add(organization, ListedKind.DOMAIN, "OTHER.example", listed_as=ListedAs.ALLOW)

    add(DomainFactory().organization, ListedKind.DOMAIN, "other.example")


def test_the_lists_do_not_grow_without_end(organization, monkeypatch):
    monkeypatch.setattr(spam, "MAX_ENTRIES", 1)
    entry = add(organization, ListedKind.DOMAIN, "one.example")

    with pytest.raises(SpamListFull):
        add(organization, ListedKind.DOMAIN, "two.example")

    remove_from_spam_list(entry=entry, actor=system_operator(organization))
    add(organization, ListedKind.DOMAIN, "two.example")
    actions = [r.action for r in AuditRecord.objects.order_by("id")]
    assert actions == ["spam_list.added", "spam_list.removed", "spam_list.added"]


def test_only_who_holds_the_function_everywhere_changes_anything(organization):
    entry = add(organization, ListedKind.DOMAIN, "other.example")
    nobody = Operator(account_id=1, name="Ada", organization_id=organization.pk)

    with pytest.raises(WholeOrganizationOnly):
        change(organization, level=SpamLevel.LOW, actor=nobody)
    with pytest.raises(WholeOrganizationOnly):
        add(organization, ListedKind.DOMAIN, "more.example", actor=nobody)
    with pytest.raises(WholeOrganizationOnly):
        remove_from_spam_list(entry=entry, actor=nobody)


def test_an_organization_without_a_domain_is_left_out(organization):
    organization.domains.all().delete()
    change(organization, level=SpamLevel.HIGH)

    assert set(settings_map()) == {"0-members"}


def test_the_mail_servers_are_told_with_few_queries(organization, django_assert_num_queries):
    for number in range(20):
        other = DomainFactory().organization
        change(other, level=SpamLevel.HIGH)
        add(other, ListedKind.ADDRESS, f"a{number}@other.example")

    with django_assert_num_queries(3):
        assert len(settings_map()) == 1 + 20 * 3


def test_what_stands_in_an_entry_is_no_pattern(organization):
    add(organization, ListedKind.ADDRESS, "a.b+c/d@other.example")

    pattern = settings_map()[f"1-deny-{organization.pk}-from"]["from"]

    assert pattern == [r"/^(?:a\.b\+c\/d@other\.example)$/i"]
