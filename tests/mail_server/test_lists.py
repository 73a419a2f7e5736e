"""What a mailing list may not be."""

import pytest

from mailing_lists.choices import SenderRule
from mailing_lists.errors import AddressTaken, ListLoop
from mailing_lists.services.lists import add_members, create_list
from tests.factories.accounts import AccountFactory, system_operator

OUTSIDER, NAMED_OUTSIDER = "friend@elsewhere.example", "partner@elsewhere.example"
ACTOR = system_operator()


@pytest.fixture
def company(transactional_db):
    """A list with one member, in an organization with somebody else."""
    member = AccountFactory()
    other = AccountFactory(organization=member.organization, domain=member.domain)
    foreign = AccountFactory()
    made = create_list(domain=member.domain, local_part="team", name="Team", actor=ACTOR)
    add_members(mailing_list=made, accounts=[member], actor=ACTOR)
    return made, member, other, foreign


RULES = {
    # rule: (outsider, named outsider, member, colleague, other organization)
    SenderRule.EVERYONE: (250, 250, 250, 250, 250),
    SenderRule.MEMBERS: (550, 250, 250, 550, 550),
    SenderRule.CHOSEN: (550, 250, 550, 550, 550),
    SenderRule.INSIDE: (550, 550, 250, 250, 550),
}


def test_a_list_that_would_contain_itself_is_refused(company):
    made, member, _other, _foreign = company
    inner = create_list(domain=member.domain, local_part="inner", name="Inner", actor=ACTOR)
    add_members(mailing_list=made, lists=[inner], actor=ACTOR)

    for outer, nested in ((inner, made), (made, made)):
        with pytest.raises(ListLoop):
            add_members(mailing_list=outer, lists=[nested], actor=ACTOR)


def test_an_address_in_use_is_refused(company):
    _made, member, _other, _foreign = company

    for taken in ("team", member.local_part.upper()):
        with pytest.raises(AddressTaken):
            create_list(domain=member.domain, local_part=taken, name="X", actor=ACTOR)
