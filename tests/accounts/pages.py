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


def shown(form):
    """What the form of a page is sent with when nothing on it is touched."""
    values = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False or value == "":
            continue
        if value is True:
            value = "on"
        if bound.name in {"aliases", "forward_to"} and isinstance(value, list):
            value = "\n".join(value)
        values[bound.name] = value
    return values
