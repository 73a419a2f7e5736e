"""Telling a sender what could not be delivered (RFC 3464)."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

from django.conf import settings

from mail_server import spool
from mail_server.models import Delivery
from mail_server.policy import Sender
from mail_server.services.queue import accept

ORIGINAL_HEAD_MAX_BYTES = 32 * 1024


def bounce(delivery: Delivery) -> None:
    """Send a delivery status notification; never for a message that is one itself.

    The null sender marks it (RFC 5321, 4.5.5), and a null sender is never answered.
    """
    envelope_sender = delivery.message.envelope_sender
    if not envelope_sender:
        return
    accept(
        _notification(delivery).as_bytes(policy=SMTP),
        sender=Sender(envelope=""),
        recipients=[envelope_sender],
    )


def _notification(delivery: Delivery) -> EmailMessage:
    host = settings.MAIL_HOST_NAME
    message = EmailMessage()
    message["From"] = f"Mail delivery <postmaster@{host}>"
    message["To"] = delivery.message.envelope_sender
    message["Subject"] = f"退信：{delivery.message.subject or delivery.recipient}"
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=host)
    message["Auto-Submitted"] = "auto-replied"
    message.set_content(
        f"您发给 {delivery.original_recipient} 的邮件没有送达：\n{delivery.reply}\n\n"
        f"Your message to {delivery.original_recipient} was not delivered:\n{delivery.reply}\n"
    )
    message.make_mixed()
    message.attach(_status_part(delivery, host))
    message.attach(_original_head(delivery))
    # RFC 6522: the three parts make a report.
    message.set_param("report-type", "delivery-status")
    message.replace_header(
        "Content-Type", str(message["Content-Type"]).replace("multipart/mixed", "multipart/report")
    )
    return message


def _status_part(delivery: Delivery, host: str) -> EmailMessage:
    code = next((w for w in delivery.reply.split() if w.count(".") == 2), "5.0.0")
    server, recipient = EmailMessage(), EmailMessage()
    server["Reporting-MTA"] = f"dns; {host}"
    recipient["Original-Recipient"] = f"rfc822; {delivery.original_recipient}"
    recipient["Final-Recipient"] = f"rfc822; {delivery.recipient}"
    recipient["Action"] = "failed"
    recipient["Status"] = code
    recipient["Diagnostic-Code"] = f"smtp; {' '.join(delivery.reply.split())}"
    part = EmailMessage()
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([server, recipient])
    return part


def _original_head(delivery: Delivery) -> EmailMessage:
    try:
        content = spool.read(delivery.message.queue_id)
    except FileNotFoundError:
        content = b""
    head = content.replace(b"\r\n", b"\n").partition(b"\n\n")[0][:ORIGINAL_HEAD_MAX_BYTES]
    part = EmailMessage()
    part.set_content(head.decode("utf-8", "replace"), subtype="rfc822-headers")
    return part
