"""The chain of seals over the administrator log: proof that nobody changed it afterwards.

Each record is sealed by SHA-256 over the seal before it and the record's own values, in
the order of ids. Triggers keep the application from changing a record; whoever gets past
them (a superuser, a restored file) cannot do so without the chain telling. The head of the
chain, kept elsewhere, proves that it was not made anew as a whole.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from admin_platform.models import AuditCheck, AuditRecord, AuditSeal

logger = logging.getLogger(__name__)

# What is sealed, and in which form, is for good: a change would break every chain there is.
SEALED_FIELDS = (
    "id", "at", "action", "organization_id", "department_id", "actor_id", "actor_name",
    "target_type", "target_id", "target_name", "before", "after", "ip", "batch",
)  # fmt: skip
BEGINNING = "0" * 64
BATCH_SIZE = 5000
# Any number that no other advisory lock of the platform has.
SEALING_LOCK = 7_110_001
WAIT_SECONDS = 20.0
POLL_SECONDS = 0.05

# Whoever has inserted a record and not ended the transaction holds this lock since before
# the record got its id.
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'admin_platform_auditrecord'::regclass
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()
"""


class Fault(models.TextChoices):
    CHANGED = "changed", _("It is not as it was sealed: changed, or put in another's place.")
    DELETED = "deleted", _("It was sealed and is gone.")
    INSERTED = "inserted", _("It was slipped in among records that had been sealed before.")
    REPLACED = "replaced", _("The chain is not the one that the anchor was taken from.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """checked: how many records are as they were sealed. head: the last seal of the chain.
    fault, record_id: what is wrong with the first record that is not in order."""

    checked: int
    head: AuditSeal | None
    fault: Fault | None = None
    record_id: int | None = None


def digest(previous: str, values: Sequence[Any]) -> str:
    """The seal of a record whose SEALED_FIELDS have these values."""
    named = dict(zip(SEALED_FIELDS, values, strict=True))
    text = json.dumps(
        named, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def head() -> AuditSeal | None:
    return AuditSeal.objects.order_by("-record_id").first()


def seal_records(*, wait_seconds: float = WAIT_SECONDS) -> int:
    """Seal all records that are complete; how many were sealed.

    A record that commits late has a lower id than others that are there already. So nothing
    is sealed until the transactions are over that might still bring one; if that takes
    longer than wait_seconds, the next run does it. Runs at once take turns.
    """
    bound = AuditRecord.objects.aggregate(last=models.Max("pk"))["last"]
    if bound is None or not _writers_are_gone(wait_seconds):
        return 0
    sealed = 0
    while made := _seal_batch(bound):
        sealed += made
    return sealed


def _writers_are_gone(wait_seconds: float) -> bool:
    """Wait for the transactions that have records in hand now; later ones get later ids."""
    end, waited_for = time.monotonic() + wait_seconds, _writers()
    while waited_for and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
        waited_for &= _writers()
    return not waited_for


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def _seal_batch(bound: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
    last = head()
    records = AuditRecord.objects.filter(pk__gt=last.pk if last else 0, pk__lte=bound)
    seals, previous = [], last.digest if last else BEGINNING
    for values in records.order_by("pk").values_list(*SEALED_FIELDS)[:BATCH_SIZE]:
        previous = digest(previous, values)
        seals.append(AuditSeal(record_id=values[0], digest=previous))
    return len(AuditSeal.objects.bulk_create(seals))


def verify(*, anchor: str = "") -> Verdict:
    """Recompute the chain up to its head, until the first record that is not in order.

    anchor: a head that was kept elsewhere (`id:digest`), which must be part of the chain.
    """
    checked, previous, last = 0, BEGINNING, head()
    if anchor and not _holds(anchor):
        return Verdict(0, last, Fault.REPLACED, _record_of(anchor))
    with transaction.atomic():
        for record_id, values, sealed in _pairs(last.pk if last else 0):
            if fault := _fault(previous, values, sealed):
                return Verdict(checked, last, fault, record_id)
            checked, previous = checked + 1, sealed or ""
    return Verdict(checked, last)


def check() -> AuditCheck:
    """Verify, with the head of the last check as anchor, and keep what was found."""
    last = AuditCheck.objects.exclude(head="").order_by("-pk").first()
    verdict = verify(anchor=last.head if last else "")
    if verdict.fault:
        logger.error("Administrator log: record %s %s", verdict.record_id, verdict.fault)
    return AuditCheck.objects.create(
        checked=verdict.checked,
        # A broken chain gives no new anchor.
        head=str(verdict.head) if verdict.head and not verdict.fault else "",
        fault=verdict.fault or "",
        record_id=verdict.record_id,
    )


def last_check() -> AuditCheck | None:
    return AuditCheck.objects.order_by("-pk").first()


def _holds(anchor: str) -> bool:
    wanted = anchor.partition(":")[2]
    return AuditSeal.objects.filter(pk=_record_of(anchor), digest=wanted).exists()


def _record_of(anchor: str) -> int:
    """Raises ValueError for what is no anchor."""
    return int(anchor.partition(":")[0])


def _fault(previous: str, values: Sequence[Any] | None, sealed: str | None) -> Fault | None:
    if values is None:
        return Fault.DELETED
    if sealed is None:
        return Fault.INSERTED
    return None if digest(previous, values) == sealed else Fault.CHANGED


def _pairs(last_id: int) -> Iterator[tuple[int, Sequence[Any] | None, str | None]]:
    """(id, record, seal) of every record and seal up to an id; None for what is not there."""
    known = AuditRecord.objects.filter(pk__lte=last_id).order_by("pk").values_list(*SEALED_FIELDS)
    kept = AuditSeal.objects.filter(pk__lte=last_id).order_by("pk")
    records = known.iterator(chunk_size=BATCH_SIZE)
    seals = kept.values_list("record_id", "digest").iterator(chunk_size=BATCH_SIZE)
    record, seal = next(records, None), next(seals, None)
    while record or seal:
        place = min(row[0] for row in (record, seal) if row)
        at_record, at_seal = record and record[0] == place, seal and seal[0] == place
        yield place, record if at_record else None, seal[1] if seal and at_seal else None
        record = next(records, None) if at_record else record
        seal = next(seals, None) if at_seal else seal
