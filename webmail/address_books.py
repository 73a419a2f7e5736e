"""Where the recipients come from that are suggested while one writes.

A book is a function that finds people for a member. Books are asked in their order, and
an address is shown once, as the first book calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.models import Account
from accounts.selectors.directory import found_by, shown_addresses
from orgs.selectors.contacts import contacts_to_write_to
from webmail.services.composing import named

PER_BOOK = 6


@dataclass(frozen=True, slots=True)
class Person:
    """note: what tells people of the same name apart, such as their company."""

    name: str
    address: str
    note: str = ""

    @property
    def recipient(self) -> str:
        """As it stands in the field: Ada <ada@example.com>."""
        return named(self.name, self.address)


# The member who writes, what is typed (never blank), and how many are shown at most.
Finder = Callable[[Account, str, int], Iterable[Person]]

_books: dict[str, tuple[int, Finder]] = {}


def register(code: str, find: Finder, *, order: int) -> None:
    """Add a book. One with the same code is replaced."""
    _books[code] = (order, find)


def find_people(account: Account, typed: str) -> list[Person]:
    """Who may be meant by what is typed; nobody for a blank."""
    typed = typed.strip()
    if not typed:
        return []
    found: dict[str, Person] = {}
    for _order, find in sorted(_books.values(), key=lambda book: book[0]):
        for person in find(account, typed, PER_BOOK):
            found.setdefault(person.address.lower(), person)
    return list(found.values())


def directory(account: Account, typed: str, limit: int) -> list[Person]:
    """Members of the own organization, as the directory shows them."""
    found = shown_addresses(found_by(account, typed)[:limit])
    return [Person(name, address) for name, address in found]


def shared_contacts(account: Account, typed: str, limit: int) -> list[Person]:
    """The shared contacts of the own organization, with each of their addresses."""
    found = contacts_to_write_to(account.organization_id, typed, limit)
    return [Person(c.name, address, c.company) for c in found for address in c.addresses][:limit]


register("directory", directory, order=10)
register("contacts", shared_contacts, order=20)
