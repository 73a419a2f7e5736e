"""The chain of seals: whatever somebody does to the log past its triggers, it is found."""

import re
import threading
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from admin_platform import audit
from admin_platform.audit_chain import Fault, check, head, last_check, seal_records, verify
from admin_platform.models import AuditRecord, AuditSeal
from admin_platform.operator import Operator

SYSTEM = Operator.system(name="schedule")
INSERT = """
INSERT INTO admin_platform_auditrecord
    (at, action, actor_name, target_type, target_id, target_name, before, after)
VALUES (now(), 'account.changed', 'late', '', '', '', '{}', '{}') RETURNING id
"""


def records(count, **values):
    with transaction.atomic():
        return [
            audit.record("account.changed", actor=SYSTEM, after={"title": f"职员 {n}", **values})
            for n in range(count)
        ]


def tamper(statement, values=None):
    """As the superuser, who alone can put the triggers to sleep."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def sealed(db):
    made = records(6)
    seal_records()
    return made


def test_a_log_that_nobody_touched_is_in_order(sealed):
    verdict = verify()

    assert (verdict.checked, verdict.fault) == (6, None)
    assert verdict.head == head()


def test_records_that_come_later_are_sealed_onto_the_chain(sealed):
    first = head()
    records(3, nested={"b": [1, 2.5, None], "a": True})

    assert seal_records() == 3
    assert seal_records() == 0
    assert verify(anchor=str(first)).checked == 9


TABLE = "admin_platform_auditrecord"


@pytest.mark.parametrize(
    ("fault", "place", "statement"),
    [
        (Fault.CHANGED, 3, f"UPDATE {TABLE} SET actor_name = 'nobody' WHERE id = %(id)s"),
        (Fault.CHANGED, 3, f"UPDATE {TABLE} SET at = at + interval '1 us' WHERE id = %(id)s"),
        (Fault.CHANGED, 3, f"UPDATE {TABLE} SET after = '{{}}' WHERE id = %(id)s"),
        (Fault.CHANGED, 3, f"UPDATE {TABLE} SET ip = '10.0.0.1' WHERE id = %(id)s"),
        (Fault.DELETED, 3, f"DELETE FROM {TABLE} WHERE id = %(id)s"),
        (Fault.DELETED, 0, f"TRUNCATE {TABLE}"),
        (
            Fault.CHANGED,
            3,
            f"UPDATE {TABLE} x SET after = y.after FROM {TABLE} y "
            "WHERE x.id + y.id = 2 * %(id)s + 1 AND x.id IN (%(id)s, %(id)s + 1)",
        ),
        (
            Fault.CHANGED,
            4,
            f"DELETE FROM {TABLE} WHERE id = %(id)s; "
            "DELETE FROM admin_platform_auditseal WHERE record_id = %(id)s",
        ),
        (
            Fault.CHANGED,
            3,
            "UPDATE admin_platform_auditseal SET digest = repeat('0', 64) WHERE record_id = %(id)s",
        ),
    ],
)
def test_what_was_done_to_the_log_is_found_and_named(sealed, fault, place, statement):
    tamper(statement, {"id": sealed[3].pk})

    verdict = verify()

    assert (verdict.fault, verdict.record_id) == (fault, sealed[place].pk)
    with pytest.raises(CommandError, match=f"Record {sealed[place].pk}: "):
        call_command("verify_audit")


def test_a_record_slipped_in_among_sealed_ones_is_found(sealed):
    tamper(f"DELETE FROM {TABLE} WHERE id = %s", [sealed[2].pk])
    tamper("DELETE FROM admin_platform_auditseal WHERE record_id = %s", [sealed[2].pk])
    AuditRecord.objects.create(pk=sealed[2].pk, action="account.changed", actor_name="nobody")
    seal_records()

    verdict = verify()

    assert (verdict.fault, verdict.record_id) == (Fault.INSERTED, sealed[2].pk)


def test_a_chain_made_anew_does_not_hold_the_anchor(sealed):
    anchor = str(head())
    tamper(f"UPDATE {TABLE} SET actor_name = 'nobody'")
    tamper("DELETE FROM admin_platform_auditseal")
    seal_records()

    assert verify().fault is None
    assert verify(anchor=anchor).fault == Fault.REPLACED


def test_the_end_of_the_log_cut_off_is_found_by_the_anchor(sealed):
    anchor = str(head())
    tamper(f"DELETE FROM {TABLE} WHERE id >= %s", [sealed[4].pk])
    tamper("DELETE FROM admin_platform_auditseal WHERE record_id >= %s", [sealed[4].pk])

    assert verify().fault is None
    assert verify(anchor=anchor).fault == Fault.REPLACED


def test_the_command_prints_the_head_to_be_kept(sealed, capsys):
    call_command("verify_audit")

    printed = capsys.readouterr().out
    assert "6 records are as they were sealed" in printed
    assert str(head()) in printed


def test_a_wrong_anchor_is_said_to_be_wrong(sealed):
    with pytest.raises(CommandError, match="ID:DIGEST"):
        call_command("verify_audit", anchor="nonsense")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE admin_platform_auditseal SET digest = ''",
        "DELETE FROM admin_platform_auditseal",
        "TRUNCATE admin_platform_auditseal",
    ],
)
def test_the_database_refuses_to_alter_seals(sealed, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert AuditSeal.objects.count() == 6


def second_session():
    s = connection.settings_dict
    return closing(
        psycopg2.connect(
            dbname=s["NAME"], user=s["USER"], password=s["PASSWORD"], host=s["HOST"], port=s["PORT"]
        )
    )


@pytest.mark.django_db(transaction=True)
def test_a_record_that_commits_late_with_a_lower_id_is_not_missed():
    with second_session() as other, other.cursor() as cursor:
        cursor.execute(INSERT)
        (late,) = cursor.fetchone()
        (later,) = records(1)

        sealed_meanwhile = seal_records(wait_seconds=0)
        other.commit()
        sealed_then = seal_records()

    assert late < later.pk
    assert (sealed_meanwhile, sealed_then) == (0, 2)
    assert verify().fault is None


@pytest.mark.django_db(transaction=True)
def test_sealing_waits_for_a_transaction_that_ends_soon():
    with second_session() as other, other.cursor() as cursor:
        cursor.execute(INSERT)
        records(1)
        timer = threading.Timer(0.2, other.commit)
        timer.start()

        sealed = seal_records()
        timer.join()

    assert sealed == 2


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_seal_every_record_once():
    made = records(300)
    together = threading.Barrier(2)
    counts = []

    def seal():
        together.wait()
        counts.append(seal_records())
        connection.close()

    sealers = [threading.Thread(target=seal) for _ in range(2)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()

    assert sum(counts) == 300
    assert list(AuditSeal.objects.values_list("pk", flat=True).order_by("pk")) == [
        record.pk for record in made
    ]
    assert verify().fault is None


def test_a_check_is_kept_and_its_head_is_the_anchor_of_the_next(sealed):
    first = check()
    tamper(f"UPDATE {TABLE} SET actor_name = 'nobody'")
    tamper("DELETE FROM admin_platform_auditseal")
    seal_records()

    second, third = check(), check()

    assert (first.checked, first.fault, first.head) == (
        6,
        "",
        f"{sealed[-1].pk}:{first.head[-64:]}",
    )
    assert [second.fault, third.fault] == [Fault.REPLACED, Fault.REPLACED]
    assert last_check() == third


DOCUMENTED = re.search(
    r"```sql\n(.*?)```", (Path(__file__).parents[2] / "docs/audit.md").read_text(), re.DOTALL
)[1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE admin_platform_auditrecord SET actor_name = 'nobody'",
        "DELETE FROM admin_platform_auditseal",
        "TRUNCATE admin_platform_auditrecord",
        "DROP TRIGGER audit_no_change ON admin_platform_auditrecord",
        "ALTER TABLE admin_platform_auditrecord DISABLE TRIGGER ALL",
        "DROP TABLE admin_platform_auditseal",
        "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
    ],
)
def test_a_role_that_owns_nothing_writes_the_log_and_cannot_get_past_its_triggers(statement):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE platform_of_a_test")
        cursor.execute(
            DOCUMENTED.replace("TO platform;", "TO platform_of_a_test;").replace(
                "FROM platform;", "FROM platform_of_a_test;"
            )
        )
        cursor.execute("SET LOCAL ROLE platform_of_a_test")
        records(2)
        seal_records()

        with (
            pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
            transaction.atomic(),
        ):
            cursor.execute(statement)

        assert verify().checked == 2
        cursor.execute("RESET ROLE")
