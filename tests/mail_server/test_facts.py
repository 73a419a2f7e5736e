"""What the policy is told of sender and recipient."""

import pytest

from accounts.choices import AccountStatus
from mail_server.facts import Question, gather
from mail_server.policy import NOT_OWNED, NOT_SIGNED_IN, OK, RELAY_DENIED, decide
from tests.factories.accounts import AccountFactory
from tests.factories.orgs import DomainFactory
from tests.mail_plane.letters import OUTSIDER

pytestmark = pytest.mark.django_db


def decided(*questions):
    return [decide(*pair) for pair in zip(questions, gather(questions), strict=True)]


def test_many_questions_are_answered_in_their_order_by_one_query(django_assert_num_queries):
    accounts = [AccountFactory(status=status) for status in AccountStatus]
    questions = [Question("", OUTSIDER, account.address) for account in accounts] * 10

    with django_assert_num_queries(1):
        together = gather(questions)

    assert together == [facts for question in questions for facts in gather([question])]
    assert len(set(together)) == len(accounts)


@pytest.mark.parametrize("local_part", ["ada", '"a@b"', "x@y"])
def test_an_own_domain_is_known_behind_any_local_part(local_part):
    domain = DomainFactory()

    answer = decided(Question("", f"{local_part}@{domain.name}", "b@elsewhere.example"))

    assert answer == [NOT_SIGNED_IN]


def test_an_address_in_an_alias_domain_is_its_owners_sender():
    account = AccountFactory()
    other = DomainFactory(organization=account.organization, alias_of=account.domain)
    own = f"{account.local_part}@{other.name}"

    answers = decided(
        Question(account.address, own, own),
        Question(account.address, f"x@{other.name}", own),
        Question("", "", own),
    )

    assert answers == [OK, NOT_OWNED, OK]


def test_what_is_no_address_is_nobodys():
    assert decided(Question("", "", "postmaster")) == [RELAY_DENIED]
