"""What the form for a new account is sent with."""


def filled(company, **changed):
    """As the page sends it when only the required entries were filled in; None: not sent."""
    values = {
        "name": "张伟",
        "local_part": "wei.zhang",
        "domain": company.domain.pk,
        "departments": [company.sales.pk],
        "password_mode": "generated",
        "must_change_password": "on",
        "create_mailbox": "on",
        "quota": "10",
        "receive_scope": "all",
        "send_scope": "all",
        "protocols": ["web", "imap", "pop3", "smtp"],
        "keep_copy": "on",
    }
    return {name: value for name, value in (values | changed).items() if value is not None}
