import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from kombu import pools

from jobs import operations
from jobs.choices import JobState
from jobs.models import Job
from jobs.registry import JobFailed, register
from jobs.tasks import wake_waiting_jobs
from redcredit.celery import app
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON
from tests.factories.jobs import PAPER, JobFactory
from web import clock

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=6)


def start(**changes):
    given = {"kind": "sample", "title": "申请审批表", "arguments": {"application_id": 7}, "at": NOON}
    return operations.start_job(**(given | {"owner": changes.pop("owner", None) or UserFactory()} | changes))


def run(job, at=NOON):
    operations.run_job(job_id=job.pk, now=lambda: at)
    job.refresh_from_db()
    return job


def in_waiting(job):
    job.refresh_from_db()
    return job.state == JobState.WAITING


@pytest.fixture
def woken(monkeypatch):
    """The ids of the jobs that the broker was told about."""
    ids = []
    monkeypatch.setattr(operations, "wake", lambda job_id: ids.append(job_id) or True)
    return ids


# --- start


def test_a_job_is_written_down_and_wakes_a_worker_after_the_transaction(woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = start()
        assert not woken
    assert woken == [job.pk]
    assert (job.state, job.arguments, job.created_at) == (JobState.WAITING, {"application_id": 7}, NOON)


def test_where_celery_is_eager_the_job_is_done_at_once(django_capture_on_commit_callbacks):
    with clock.frozen(NOON), django_capture_on_commit_callbacks(execute=True):
        job = start()
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_second_click_starts_nothing(woken, django_capture_on_commit_callbacks):
    owner, request_id = UserFactory(), uuid.uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        first, second = (start(owner=owner, request_id=request_id) for _ in range(2))
    assert first == second
    assert woken == [first.pk]


def test_two_people_may_send_the_same_request_number(woken):
    request_id = uuid.uuid4()
    assert start(request_id=request_id) != start(request_id=request_id)


def test_a_kind_that_nobody_registered_is_refused():
    with pytest.raises(KeyError, match="unheard-of"):
        start(kind="unheard-of")


def test_a_kind_is_registered_once():
    with pytest.raises(ValueError, match="sample"):
        register("sample")(lambda job, progress: None)


def test_a_broker_that_is_down_does_not_hinder_the_start(monkeypatch, caplog, django_capture_on_commit_callbacks):
    nowhere = pools.producers[app.connection_for_write("redis://127.0.0.1:1/0")]
    monkeypatch.setattr(app.amqp, "_producer_pool", nowhere)
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    with django_capture_on_commit_callbacks(execute=True):
        job = start()
    assert in_waiting(job)
    assert f"job.not_woken job={job.pk} error=ConnectionError" in caplog.text


# --- run


def test_a_job_that_is_done_has_its_file(media):
    job = run(JobFactory())
    assert (job.state, job.error, job.finished_at, job.attempts) == (JobState.DONE, "", NOON, 1)
    assert (job.file_name, job.content_type) == (PAPER.name, "application/pdf")
    assert (media / job.file.name).read_bytes() == PAPER.content


def test_the_name_on_the_disk_tells_nothing():
    job = run(JobFactory())
    assert str(uuid.UUID(job.file.name.removeprefix("jobs/")).hex) in job.file.name
    assert "532931" not in job.file.name


def test_a_job_may_leave_no_file(work):
    work(lambda job, progress: None)
    job = run(JobFactory())
    assert (job.state, job.file.name, job.sha256) == (JobState.DONE, "", "")


def test_a_job_gets_its_arguments(work):
    seen = []
    work(lambda job, progress: seen.append(job.arguments["application_id"]))
    run(JobFactory(arguments={"application_id": 12}))
    assert seen == [12]


def test_a_job_that_is_done_is_not_done_again(work):
    job = run(JobFactory())
    work(lambda job, progress: pytest.fail("it ran twice"))
    assert run(job).attempts == 1


def test_of_two_workers_one_gets_the_job():
    job = JobFactory()
    assert operations.claim_job(job_id=job.pk, at=NOON) is not None
    assert operations.claim_job(job_id=job.pk, at=NOON) is None


def test_a_message_for_a_job_that_does_not_exist_is_harmless():
    operations.run_job(job_id=uuid.uuid4(), now=lambda: NOON)


def test_the_job_speaks_the_language_of_the_person_who_waits(work):
    def fail(job, progress):
        raise RuntimeError

    work(fail)
    assert "administrator" in run(JobFactory(owner__language="en")).error
    assert "administrator" not in run(JobFactory()).error


# --- fail


def test_a_job_that_cannot_be_done_says_why(work):
    def fail(job, progress):
        raise JobFailed("字体缺字：𠮷（U+20BB7）。")

    work(fail)
    job = run(JobFactory())
    assert (job.state, job.error, job.finished_at) == (JobState.FAILED, "字体缺字：𠮷（U+20BB7）。", NOON)


def test_a_fault_of_the_program_is_logged_and_said_without_its_text(work, caplog):
    def fail(job, progress):
        raise RuntimeError("secret inner text")

    work(fail)
    job = run(JobFactory())
    assert job.state == JobState.FAILED
    assert str(job.pk)[:8] in job.error
    assert "secret" not in job.error
    assert "secret inner text" in caplog.text


def test_a_failed_job_can_be_started_again(work, woken, django_capture_on_commit_callbacks):
    job = JobFactory(failed=True)
    with django_capture_on_commit_callbacks(execute=True):
        operations.restart_job(job=job, at=LATER)
    assert woken == [job.pk]
    assert run(job, LATER).state == JobState.DONE


def test_an_open_job_is_not_started_again():
    for job in [JobFactory(), JobFactory(running=True)]:
        with pytest.raises(operations.NotRestartable):
            operations.restart_job(job=job, at=LATER)


def test_a_job_started_again_gives_up_its_old_file(media, django_capture_on_commit_callbacks, woken):
    job = JobFactory(finished=True)
    old = media / job.file.name
    assert old.exists()
    with django_capture_on_commit_callbacks(execute=True):
        operations.restart_job(job=job, at=LATER)
    assert in_waiting(job)
    assert not job.file
    assert not old.exists()


# --- progress


def test_progress_is_written_at_most_once_a_second(work, monkeypatch, django_assert_max_num_queries):
    ticks = iter(n / 100 for n in range(10_000))
    monkeypatch.setattr(operations, "monotonic", lambda: next(ticks))
    written = []
    monkeypatch.setattr(operations, "report_progress", lambda **report: written.append(report["done"]))
    work(lambda job, progress: [progress(n, 1000) for n in range(1, 1001)] and None)
    run(JobFactory())
    assert len(written) <= 1000 / 100 * 2 + 2
    assert written[-1] == 1000


def test_progress_shows_on_the_row_while_the_job_runs(work):
    shown = []

    def half(job, progress):
        progress(1, 2)
        shown.append(Job.objects.get(pk=job.pk))

    work(half)
    run(JobFactory())
    assert [(row.done, row.total, row.percent, row.state) for row in shown] == [(1, 2, 50, JobState.RUNNING)]


def test_progress_is_a_sign_of_life():
    job = operations.claim_job(job_id=JobFactory().pk, at=NOON)
    operations.report_progress(job=job, done=1, total=9, at=NOON + timedelta(minutes=4))
    assert operations.claim_job(job_id=job.pk, at=LATER) is None


# --- a worker that stopped


def test_a_job_whose_worker_stopped_is_taken_up_again():
    job = JobFactory(running=True)
    assert run(job, NOON + timedelta(minutes=4)).state == JobState.RUNNING
    job = run(job, LATER)
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_worker_that_comes_back_cannot_write_any_more(media):
    lost = operations.claim_job(job_id=JobFactory().pk, at=NOON)
    operations.claim_job(job_id=lost.pk, at=LATER)
    with pytest.raises(operations.JobTakenOver):
        operations.report_progress(job=lost, done=1, total=2, at=LATER)
    with pytest.raises(operations.JobTakenOver):
        operations.finish_job(job=lost, result=PAPER, at=LATER)
    operations.fail_job(job=lost, sentence="too late", at=LATER)
    lost.refresh_from_db()
    assert (lost.state, lost.error, lost.file.name) == (JobState.RUNNING, "", "")
    assert not any(path.is_file() for path in media.rglob("*"))


def test_a_worker_that_was_replaced_stops_quietly(work):
    def taken_over(job, progress):
        operations.claim_job(job_id=job.pk, at=LATER)
        progress(1, 1)
        pytest.fail("it went on")

    work(taken_over)
    job = run(JobFactory())
    assert (job.state, job.attempts) == (JobState.RUNNING, 2)


def test_a_job_that_fells_every_worker_is_given_up():
    job = JobFactory(running=True, attempts=operations.ATTEMPTS_MAX)
    job = run(job, LATER)
    assert job.state == JobState.FAILED
    assert str(operations.ATTEMPTS_MAX) in job.error


def test_the_sweep_wakes_what_waits_and_what_lost_its_worker(woken):
    waiting, lost = JobFactory(), JobFactory(running=True)
    JobFactory(running=True, heartbeat_at=LATER)
    JobFactory(failed=True)
    JobFactory(finished=True)
    assert operations.wake_waiting_jobs(at=LATER) == 2
    assert set(woken) == {waiting.pk, lost.pk}


def test_the_sweep_stops_at_a_broker_that_is_down(monkeypatch):
    JobFactory.create_batch(3)
    asked = []
    monkeypatch.setattr(operations, "wake", lambda job_id: bool(asked.append(job_id)))
    assert operations.wake_waiting_jobs(at=LATER) == 0
    assert len(asked) == 1


def test_beat_calls_the_sweep_by_its_scheduled_name(settings):
    job = JobFactory()
    scheduled = settings.CELERY_BEAT_SCHEDULE["wake-waiting-jobs"]["task"]
    assert scheduled == wake_waiting_jobs.name
    with clock.frozen(NOON):
        app.tasks[scheduled].delay()
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_old_files_are_deleted_and_the_row_stays(media):
    job = JobFactory(finished=True)
    path = media / job.file.name
    assert operations.remove_old_files(at=NOON + timedelta(days=29)) == 0
    assert operations.remove_old_files(at=NOON + timedelta(days=31)) == 1
    job.refresh_from_db()
    assert not path.exists()
    assert job.is_file_gone


# --- what the database refuses


@pytest.mark.parametrize(
    ("situation", "change", "constraint"),
    [
        ({}, {"state": "done"}, "job_has_the_times_of_its_state"),
        ({"running": True}, {"run_id": None}, "job_has_the_times_of_its_state"),
        ({"failed": True}, {"error": ""}, "failed_job_says_why"),
        ({}, {"error": "nothing went wrong"}, "failed_job_says_why"),
        ({"running": True}, {"done": 3, "total": 2}, "job_does_not_do_more_than_all"),
        ({"finished": True}, {"sha256": ""}, "result_of_a_job_has_name_and_hash"),
        ({"failed": True}, {"file": "jobs/x"}, "result_of_a_job_has_name_and_hash"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(situation, change, constraint):
    job = JobFactory(**situation)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**change)
