import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_platform import audit_chain
from admin_platform.models import AuditRecord


class Command(BaseCommand):
    help = "Prove that the administrator log is as it was sealed; names the first broken record."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchor",
            default="",
            metavar="ID:DIGEST",
            help="a head that an earlier run printed; the chain must still hold it",
        )

    def handle(self, *args: Any, anchor: str, **options: Any) -> None:
        began = time.monotonic()
        try:
            verdict = audit_chain.verify(anchor=anchor)
        except ValueError:
            raise CommandError("An anchor is ID:DIGEST, as an earlier run printed it.") from None
        if verdict.fault:
            raise CommandError(
                f"Record {verdict.record_id}: {verdict.fault.label} "
                f"{verdict.checked:,} records before it are in order."
            )
        speed = verdict.checked / max(time.monotonic() - began, 0.001)
        last = verdict.head.pk if verdict.head else 0
        unsealed = AuditRecord.objects.filter(pk__gt=last).count()
        self.stdout.write(
            f"{verdict.checked:,} records are as they were sealed ({speed:,.0f} records/s); "
            f"{unsealed:,} not sealed yet."
        )
        if verdict.head:
            self.stdout.write(f"Head, to be kept elsewhere: {verdict.head}")
