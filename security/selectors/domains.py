from orgs.models import Domain


def domain_of_host(host: str) -> Domain | None:
    """The domain whose own sign-in page a Host names: the domain itself or mail.domain."""
    name = host.partition(":")[0].lower()
    names = [name, name.removeprefix("mail.")]
    found = Domain.objects.select_related("organization").filter(name__in=names)
    return max(found, key=lambda domain: len(domain.name), default=None)
