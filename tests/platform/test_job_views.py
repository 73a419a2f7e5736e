import pytest
from django.urls import reverse

from accounts.presets import AUDITOR, FULL_ADMINISTRATOR
from accounts.selectors.operators import operator_of
from admin_platform import jobs
from admin_platform.jobs import JobKind
from admin_platform.models import Job
from tests.factories.accounts import AccountFactory, grant
from tests.platform.job_kinds import make_notices

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(jobs, "_kinds", {})
    jobs.register_kind(JobKind("test.notices", "Import of notices", make_notices, "account.import"))


@pytest.fixture
def owner():
    account = AccountFactory(name="Ada")
    grant(account, FULL_ADMINISTRATOR)
    return account


@pytest.fixture
def job(owner):
    return jobs.enqueue("test.notices", actor=operator_of(owner), total=20)


def test_the_owner_sees_a_job_in_the_list(client, owner, job):
    client.force_login(owner)

    page = client.get(reverse("job-list")).content.decode()

    assert "Import of notices" in page
    assert reverse("job-detail", args=[job.pk]) in page


def test_the_list_has_the_same_number_of_queries_with_one_job_and_with_three(
    client, owner, job, django_assert_num_queries
):
    client.force_login(owner)
    client.get(reverse("job-list"))
    with django_assert_num_queries(7) as queries:
        client.get(reverse("job-list"))
    for _n in range(2):
        jobs.enqueue("test.notices", actor=operator_of(owner))

    with django_assert_num_queries(len(queries)):
        client.get(reverse("job-list"))


def test_others_without_the_function_find_nothing(client, owner, job):
    auditor = AccountFactory(organization=owner.organization)
    grant(auditor, AUDITOR)
    client.force_login(auditor)

    assert "Import of notices" not in client.get(reverse("job-list")).content.decode()
    assert client.get(reverse("job-detail", args=[job.pk])).status_code == 404
    assert client.post(reverse("job-cancel", args=[job.pk])).status_code == 404
    assert client.post(reverse("job-resume", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_anonymous_people_go_to_the_sign_in(client, job):
    for name in ("job-detail", "job-cancel", "job-resume"):
        assert client.post(reverse(name, args=[job.pk]))["Location"].startswith("/admin.jsp")


def test_progress_polls_until_the_job_is_finished(client, owner, job):
    client.force_login(owner)
    url = reverse("job-detail", args=[job.pk])
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, done=5)

    running = client.get(url, headers=HTMX)
    Job.objects.filter(pk=job.pk).update(state=Job.State.SUCCEEDED, done=20)
    finished = client.get(url, headers=HTMX)

    assert running.status_code == 200
    assert f'hx-get="{url}"' in running.content.decode()
    assert 'aria-valuenow="25"' in running.content.decode()
    assert finished.status_code == 286
    assert "hx-get" not in finished.content.decode()


def test_the_page_of_a_finished_job_is_an_ordinary_page(client, owner, job):
    client.force_login(owner)
    Job.objects.filter(pk=job.pk).update(state=Job.State.SUCCEEDED)

    assert client.get(reverse("job-detail", args=[job.pk])).status_code == 200


def test_a_job_is_stopped_and_goes_on_by_post_alone(client, owner, job):
    client.force_login(owner)
    cancel, resume = (reverse(f"job-{verb}", args=[job.pk]) for verb in ("cancel", "resume"))

    assert client.get(cancel).status_code == 405
    assert client.get(resume).status_code == 405
    client.post(cancel)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    client.post(resume)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_stopping_what_has_ended_says_so(client, owner, job):
    client.force_login(owner)
    Job.objects.filter(pk=job.pk).update(state=Job.State.SUCCEEDED)

    page = client.post(reverse("job-cancel", args=[job.pk]), follow=True).content.decode()

    assert "任务已结束或正在停止" in page


def test_a_job_of_a_kind_that_is_gone_can_still_be_seen(client, owner, job):
    client.force_login(owner)
    jobs._kinds.clear()

    assert client.get(reverse("job-list")).status_code == 200
    assert client.get(reverse("job-detail", args=[job.pk])).status_code == 200
