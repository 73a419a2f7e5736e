import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.models import Account
from admin_platform import audit
from admin_platform.models import AuditRecord
from admin_platform.operator import Operator
from tests.factories.accounts import AccountFactory
from tests.factories.orgs import OrganizationFactory

SYSTEM = Operator.system(name="schedule")


@pytest.mark.django_db
def test_a_record_names_actor_target_and_values():
    account = AccountFactory(name="Ada")
    batch = uuid.uuid4()

    record = audit.record(
        "account.changed",
        actor=SYSTEM,
        target=account,
        before={"title": "Clerk"},
        after={"title": "Manager"},
        batch=batch,
    )

    record.refresh_from_db()
    assert (record.actor_name, record.organization_id) == (
        "schedule",
        account.organization_id,
    )
    assert (record.target_type, record.target_id) == (
        "accounts.account",
        str(account.pk),
    )
    assert (record.before, record.after) == ({"title": "Clerk"}, {"title": "Manager"})
    assert record.batch == batch


@pytest.mark.django_db
def test_secrets_are_masked_at_any_depth():
    record = audit.record(
        "account.changed",
        actor=SYSTEM,
        after={
            "initial_password": "Quiet-Harbour-19",
            "client": {"api_token": "t0ken"},
        },
    )

    assert record.after == {
        "initial_password": "******",
        "client": {"api_token": "******"},
    }


@pytest.mark.django_db
def test_an_unregistered_action_is_refused():
    with pytest.raises(LookupError):
        audit.record("account.invented", actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_a_record_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError):
        audit.record("account.changed", actor=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_a_record_goes_with_its_change_when_that_is_rolled_back():
    organization = OrganizationFactory()

    with transaction.atomic():
        audit.record("organization.created", actor=SYSTEM, target=organization)
        transaction.set_rollback(True)

    assert not AuditRecord.objects.filter(target_id=str(organization.pk)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE admin_platform_auditrecord SET actor_name = 'nobody'",
        "DELETE FROM admin_platform_auditrecord",
        "TRUNCATE admin_platform_auditrecord",
    ],
)
def test_the_database_refuses_to_alter_the_log(statement):
    audit.record("account.changed", actor=SYSTEM)

    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditRecord.objects.get().actor_name == "schedule"


def test_only_differing_values_are_changes():
    account = Account(name="Ada", title="Clerk")

    before, after = audit.changes(account, {"name": "Ada", "title": "Manager"})

    assert (before, after) == ({"title": "Clerk"}, {"title": "Manager"})
