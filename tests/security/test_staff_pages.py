import pytest
from django.urls import reverse

from admin_platform.models import AuditRecord
from security.choices import IpAction
from security.models import IpPolicy, IpRule
from security.selectors.networks import network_refuses
from tests.factories.accounts import AccountFactory
from tests.factories.orgs import OrganizationFactory
from tests.factories.security import default_rule, member_rules

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    account = AccountFactory(organization=OrganizationFactory(is_provider=True), is_staff=True)
    client.force_login(account)
    return account


def test_the_provider_opens_an_organization_that_shut_itself_out(client, staff):
    account = AccountFactory()
    rule = default_rule(account.organization, "10.0.0.0/8")
    assert network_refuses(account.pk, "198.51.100.7")

    client.post(reverse("admin:security_iprule_delete", args=[rule.pk]), {"post": "yes"})

    assert not network_refuses(account.pk, "198.51.100.7")
    record = AuditRecord.objects.get(action="ip_rule.deleted")
    assert (record.organization_id, record.actor_name) == (account.organization_id, staff.name)


def test_the_provider_takes_a_members_rules_away(client, staff):
    account = AccountFactory()
    policy = member_rules(account, ("10.0.0.0/8", IpAction.ALLOW), elsewhere=IpAction.DENY)

    client.post(reverse("admin:security_ippolicy_delete", args=[policy.pk]), {"post": "yes"})

    assert not IpPolicy.objects.exists()
    assert not IpRule.objects.exists()
    assert not network_refuses(account.pk, "198.51.100.7")


@pytest.mark.parametrize("name", ["security_iprule", "security_ippolicy"])
def test_the_lists_are_for_staff_and_nothing_is_entered_there(client, staff, name):
    account = AccountFactory()
    default_rule(account.organization, "10.0.0.0/8")
    member_rules(account, elsewhere=IpAction.DENY)

    assert client.get(reverse(f"admin:{name}_changelist"), {"q": "a"}).status_code == 200
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403
    client.force_login(AccountFactory())
    assert client.get(reverse(f"admin:{name}_changelist"), follow=True).status_code == 403
