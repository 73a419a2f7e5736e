"""Long work: whoever is killed, and whenever, everything is done once."""

import random
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from admin_platform import job_runner, jobs
from admin_platform.jobs import JobKind, JobRefused, JobStopped
from admin_platform.models import AuditRecord, Job
from admin_platform.operator import HeldGrant, Operator, Span
from orgs.models import ProviderNotice
from tests.platform.job_kinds import KIND, make_notices
from tests.processes import kill, output_of, running, wait_until

ACTOR = Operator(account_id=1, name="Ada", organization_id=1, ip="192.0.2.7")


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    monkeypatch.setattr(jobs, "_kinds", {KIND.code: KIND})


@pytest.fixture
def calls(monkeypatch):
    """The ids of the jobs for which workers were woken."""
    from admin_platform import tasks

    called = []
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_: called.append(args[0]))
    return called


def enqueue(total=12, **params) -> Job:
    return jobs.enqueue(KIND.code, actor=ACTOR, total=total, params=params)


def register(step, **fields) -> None:
    jobs.register_kind(JobKind(KIND.code, "Test", step, **fields))


def made(job: Job) -> list[int]:
    titles = ProviderNotice.objects.filter(title__startswith=f"{job.pk}-").values_list(
        "title", flat=True
    )
    return sorted(int(title.partition("-")[2]) for title in titles)


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
class TestEnqueueing:
    def test_a_job_remembers_who_asked_in_which_language(self):
        with override("en"):
            job = enqueue()

        job.refresh_from_db()
        assert (job.owner_name, job.owner_ip, job.language) == ("Ada", "192.0.2.7", "en")
        assert job.state == Job.State.QUEUED

    def test_workers_are_woken_when_the_cause_is_committed(
        self, calls, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            job = enqueue()
            assert calls == []

        assert calls == [job.pk]

    def test_an_unknown_kind_is_refused(self):
        with pytest.raises(LookupError):
            jobs.enqueue("test.unknown", actor=ACTOR)


@pytest.mark.django_db(transaction=True)
class TestRunning:
    def test_a_job_is_done_in_chunks_to_its_end(self):
        job = enqueue(total=12)

        job_runner.run(job.pk)

        job.refresh_from_db()
        assert job.state == Job.State.SUCCEEDED
        assert (job.done, job.percent, job.attempts) == (12, 100, 0)
        assert job.finished_at is not None
        assert made(job) == list(range(12))

    def test_running_a_finished_job_again_does_nothing(self):
        job = enqueue()
        job_runner.run(job.pk)

        job_runner.run(job.pk)

        assert made(job) == list(range(12))

    def test_a_failing_chunk_is_undone_and_the_chunks_before_it_stay(self):
        with override("en"):
            job = enqueue(fail_at=5)

        job_runner.run(job.pk)

        job.refresh_from_db()
        assert job.state == Job.State.FAILED
        assert job.error == "An internal error stopped this job."
        assert made(job) == list(range(5))

    def test_a_refusal_is_told_in_the_language_of_the_owner(self):
        def refuse(job):
            raise JobRefused(_("Download"))

        register(refuse)
        with override("zh-hans"):
            job = enqueue()

        with override("en"):
            job_runner.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.error) == (Job.State.FAILED, "下载")

    def test_a_failed_job_goes_on_where_it_stopped(self):
        job = enqueue(fail_at=5)
        job_runner.run(job.pk)
        Job.objects.filter(pk=job.pk).update(params={})

        assert jobs.resume(job=job, actor=ACTOR)
        job_runner.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.error) == (Job.State.SUCCEEDED, "")
        assert made(job) == list(range(12))

    def test_a_finished_job_cannot_go_on(self):
        job = enqueue()
        job_runner.run(job.pk)

        assert not jobs.resume(job=job, actor=ACTOR)

    def test_a_job_of_a_kind_that_is_gone_fails(self):
        job = enqueue()
        jobs._kinds.clear()

        job_runner.run(job.pk)

        job.refresh_from_db()
        assert job.state == Job.State.FAILED

    def test_an_interrupted_database_leaves_the_job_to_whoever_comes_next(self):
        def lose_connection(job):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        register(lose_connection)
        job = enqueue()
        job_runner.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.RUNNING

        register(make_notices)
        expire(job)
        job_runner.run(job.pk)

        assert made(job) == list(range(12))

    @pytest.mark.parametrize("error", [OperationalError, ConnectionRefusedError])
    def test_a_deadlock_or_a_server_away_leaves_the_job_to_whoever_comes_next(self, error):
        def fail(job):
            raise error

        register(fail)
        job = enqueue()

        job_runner.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.RUNNING, 1)

    def test_a_job_that_never_finishes_a_chunk_is_given_up(self, monkeypatch):
        monkeypatch.setattr(job_runner, "MAX_ATTEMPTS", 2)
        with override("en"):
            job = enqueue()
        Job.objects.filter(pk=job.pk).update(attempts=2)

        job_runner.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.error) == (Job.State.FAILED, "This job was interrupted too often.")
        assert made(job) == []

    def test_a_job_lets_others_have_their_turn(self, monkeypatch, calls):
        monkeypatch.setattr(job_runner, "TURN_SECONDS", -1)
        job = enqueue()
        calls.clear()

        job_runner.run(job.pk)

        assert made(job) == list(range(5))
        assert calls == [job.pk]
        job_runner.run(job.pk)
        assert made(job) == list(range(10))


@pytest.mark.django_db(transaction=True)
class TestCancelling:
    def test_a_waiting_job_is_cancelled_at_once(self):
        job = enqueue()

        assert jobs.cancel(job=job, actor=ACTOR)

        job.refresh_from_db()
        assert job.state == Job.State.CANCELLED
        job_runner.run(job.pk)
        assert made(job) == []

    def test_a_running_job_stops_after_its_chunk(self):
        def step(job):
            more = make_notices(job)
            if job.done == 10:
                cancel_in_another_session(job)
            return more

        register(step)
        job = enqueue(total=20)

        job_runner.run(job.pk)

        job.refresh_from_db()
        assert job.state == Job.State.CANCELLED
        assert made(job) == list(range(10))

    def test_a_long_step_can_undo_itself_when_asked_to_stop(self):
        def step(job):
            make_notices(job)
            cancel_in_another_session(job)
            if jobs.is_cancel_requested(job):
                raise JobStopped
            return False

        register(step)
        job = enqueue()

        job_runner.run(job.pk)

        job.refresh_from_db()
        assert (job.state, job.done) == (Job.State.CANCELLED, 0)
        assert made(job) == []

    def test_a_cancelled_job_can_go_on(self):
        job = enqueue()
        jobs.cancel(job=job, actor=ACTOR)

        jobs.resume(job=job, actor=ACTOR)
        job_runner.run(job.pk)

        assert made(job) == list(range(12))

    def test_an_ended_job_cannot_be_cancelled(self):
        job = enqueue()
        job_runner.run(job.pk)

        assert not jobs.cancel(job=job, actor=ACTOR)

    def test_stopping_and_going_on_are_recorded(self):
        job = enqueue()

        jobs.cancel(job=job, actor=ACTOR)
        jobs.cancel(job=job, actor=ACTOR)
        jobs.resume(job=job, actor=ACTOR)

        actions = AuditRecord.objects.order_by("pk").values_list("action", "actor_name")
        assert list(actions) == [("job.cancelled", "Ada"), ("job.resumed", "Ada")]


def cancel_in_another_session(job: Job) -> None:
    in_thread(lambda: jobs.cancel(job=job, actor=ACTOR))


def in_thread(function) -> None:
    def call():
        try:
            function()
        finally:
            connections.close_all()

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
class TestSeveralWorkers:
    def test_a_job_that_is_held_is_left_alone(self):
        def step(job):
            in_thread(lambda: job_runner.run(job.pk))
            return make_notices(job)

        register(step)
        job = enqueue()

        job_runner.run(job.pk)

        assert made(job) == list(range(12))

    def test_a_step_longer_than_its_lease_keeps_the_job(self):
        def step(job):
            in_thread(lambda: expire(job))
            in_thread(lambda: job_runner.run(job.pk))
            return make_notices(job)

        register(step)
        job = enqueue()

        job_runner.run(job.pk)

        job.refresh_from_db()
        assert job.state == Job.State.SUCCEEDED
        assert made(job) == list(range(12))

    def test_a_worker_that_slept_through_its_lease_has_lost_the_job(self, monkeypatch):
        job = enqueue(total=20)
        lease = job_runner._claim(job.pk)
        expire(job)

        job_runner.run(job.pk)

        assert not job_runner._step(job.pk, lease)
        assert made(job) == list(range(20))

    def test_many_workers_at_once_do_everything_once(self):
        job = enqueue(total=60, pause=0.02)
        barrier = threading.Barrier(6)

        def work():
            barrier.wait()
            while Job.objects.filter(pk=job.pk, state__in=Job.UNFINISHED).exists():
                expire_by_chance(job)
                job_runner.run(job.pk)
            connections.close_all()

        threads = [threading.Thread(target=work) for _worker in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        job.refresh_from_db()
        assert (job.state, job.done) == (Job.State.SUCCEEDED, 60)
        assert made(job) == list(range(60))


def expire_by_chance(job: Job) -> None:
    if random.random() < 0.3:
        expire(job)


@pytest.mark.django_db
class TestSweeping:
    def test_a_job_whose_call_was_lost_is_called_again(
        self, calls, django_capture_on_commit_callbacks
    ):
        job = enqueue()

        with (
            django_capture_on_commit_callbacks(execute=True),
            time_machine.travel(timezone.now() + jobs.FIRST_CALL * 2),
        ):
            assert job_runner.sweep() == 1

        assert calls == [job.pk]

    def test_calls_for_a_waiting_job_do_not_pile_up(self, calls):
        enqueue()

        with time_machine.travel(timezone.now() + jobs.FIRST_CALL * 2):
            assert job_runner.sweep() == 1
            assert job_runner.sweep() == 0

    def test_a_job_whose_worker_is_gone_is_called_until_it_is_taken_up(self):
        job = enqueue()
        job_runner._claim(job.pk)

        assert job_runner.sweep() == 0
        with time_machine.travel(timezone.now() + job_runner.LEASE * 2):
            assert job_runner.sweep() == 1
            assert job_runner.sweep() == 1

    def test_ended_jobs_are_not_called_for(self):
        job = enqueue()
        jobs.cancel(job=job, actor=ACTOR)

        with time_machine.travel(timezone.now() + timedelta(hours=1)):
            assert job_runner.sweep() == 0


@pytest.mark.django_db
class TestScope:
    def operator(self, account_id=2, organization_id=1, lft=1) -> Operator:
        grant = HeldGrant(frozenset({"account.import"}), (Span(1, lft, 100),))
        return Operator(account_id, "Bob", organization_id, grants=(grant,))

    def test_one_sees_ones_own_jobs(self):
        job = enqueue()

        assert list(ACTOR.scope(Job.objects.all())) == [job]
        assert not self.operator().scope(Job.objects.all()).exists()

    def test_who_holds_the_kinds_function_everywhere_sees_others_jobs(self):
        register(make_notices, function="account.import")
        job = enqueue()

        assert list(self.operator().scope(Job.objects.all())) == [job]

    def test_who_holds_it_in_a_department_sees_only_own_ones(self):
        register(make_notices, function="account.import")
        enqueue()

        assert not self.operator(lft=2).scope(Job.objects.all()).exists()

    def test_jobs_of_other_organizations_are_not_seen(self):
        register(make_notices, function="account.import")
        enqueue()

        assert not self.operator(organization_id=2).scope(Job.objects.all()).exists()

    def test_jobs_of_the_system_are_not_seen_by_those_without_an_account(self):
        jobs.enqueue(KIND.code, actor=Operator.system(organization_id=1))

        nobody = Operator(account_id=None, name="", organization_id=1)
        assert not nobody.scope(Job.objects.all()).exists()


WORKER = ("-m", "tests.platform.job_worker")


@pytest.mark.django_db(transaction=True)
class TestKilledProcesses:
    def test_a_worker_killed_again_and_again_leaves_nothing_out_and_nothing_twice(self, tmp_path):
        job = enqueue(total=150, pause=0.02)
        dice = random.Random(20260312)

        for death in range(1, 6):
            with running(*WORKER, var=tmp_path) as worker:
                wait_until(lambda goal=death * 15: progress(job) >= goal)
                threading.Event().wait(dice.random() * 0.05)
                kill(worker)
            expire(job)
        with running(*WORKER, var=tmp_path) as worker:
            assert worker.wait(60) == 0

        job.refresh_from_db()
        assert (job.state, job.done) == (Job.State.SUCCEEDED, 150)
        assert made(job) == list(range(150))

    def test_two_worker_processes_share_a_job_without_doing_anything_twice(self, tmp_path):
        job = enqueue(total=100, pause=0.02)

        with running(*WORKER, var=tmp_path) as one, running(*WORKER, var=tmp_path) as other:
            wait_until(lambda: progress(job) >= 20)
            kill(one)
            expire(job)
            assert other.wait(60) == 0

        assert made(job) == list(range(100))

    def test_a_chunk_that_kills_its_workers_fails_the_job(self, tmp_path):
        job = enqueue(total=100, die_at=10)
        Job.objects.filter(pk=job.pk).update(attempts=0)

        for _attempt in range(3):
            with running(*WORKER, var=tmp_path) as worker:
                assert worker.wait(60) == -9
            expire(job)

        job.refresh_from_db()
        assert (job.state, job.done, job.attempts) == (Job.State.RUNNING, 10, 2)

    def test_a_job_is_kept_and_the_broker_is_asked_twice_at_most_while_it_is_away(self, tmp_path):
        asking = (
            "import django; django.setup()\n"
            "from tests.platform.job_kinds import KIND\n"
            "from admin_platform import jobs\n"
            "from admin_platform.operator import Operator\n"
            "jobs.register_kind(KIND)\n"
            "jobs.enqueue(KIND.code, actor=Operator.system(), total=5)\n"
        )

        with closed_door() as (port, knocks):
            broker = f"redis://127.0.0.1:{port}/0"
            with running("-c", asking, var=tmp_path, REDIS_URL=broker) as process:
                process.wait(60)

        assert "Could not wake a worker" in output_of(tmp_path).read_text()
        assert 1 <= len(knocks) <= 2
        assert Job.objects.get().state == Job.State.QUEUED


@contextmanager
def closed_door() -> Iterator[tuple[int, list[object]]]:
    """A port that hangs up on everybody, and who came."""
    knocks: list[object] = []

    class Door(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            knocks.append(self.client_address)

    with socketserver.TCPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1], knocks
        server.shutdown()
        thread.join()


def progress(job: Job) -> int:
    with transaction.atomic():
        return Job.objects.values_list("done", flat=True).get(pk=job.pk)
