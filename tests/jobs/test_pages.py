"""The pages of a person's own jobs, over HTTP."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.urls import reverse

from jobs.choices import JobState
from jobs.views import PER_PAGE
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON
from tests.factories.jobs import PAPER, JobFactory
from web import clock

pytestmark = pytest.mark.django_db
STOP_POLLING = 286


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def visit(client, owner):
    """Get a page of a job as its owner."""
    client.force_login(owner)
    return lambda name, job: client.get(reverse(f"jobs:{name}", args=[job.pk]))


def text(response):
    return response.content.decode()


def test_the_list_shows_ones_own_jobs_and_nobody_elses(client, owner):
    mine, other = JobFactory(owner=owner, finished=True), JobFactory(title="别人的任务")
    client.force_login(owner)
    shown = text(client.get(reverse("jobs:list")))
    assert mine.title in shown
    assert reverse("jobs:file", args=[mine.pk]) in shown
    assert other.title not in shown


def test_the_list_without_jobs_says_so(client, owner):
    client.force_login(owner)
    assert "暂无任务" in text(client.get(reverse("jobs:list")))


def test_the_list_is_paged_with_the_latest_first(client, owner):
    for minutes in range(PER_PAGE + 1):
        JobFactory(owner=owner, title=f"任务{minutes:03}号", created_at=NOON + timedelta(minutes=minutes))
    client.force_login(owner)
    first, second = (text(client.get(reverse("jobs:list"), {"page": number})) for number in (1, 2))
    assert f"任务{PER_PAGE:03}号" in first
    assert "任务000号" not in first
    assert "任务000号" in second


def test_the_list_asks_as_much_for_many_jobs_as_for_one(client, owner, django_assert_max_num_queries):
    JobFactory(owner=owner)
    client.force_login(owner)
    client.get(reverse("jobs:list"))
    JobFactory.create_batch(PER_PAGE, owner=owner)
    with django_assert_max_num_queries(8):
        client.get(reverse("jobs:list"))


def test_a_waiting_job_says_that_it_waits_and_asks_again(visit, owner):
    shown = text(visit("detail", JobFactory(owner=owner)))
    assert "正在排队" in shown
    assert 'data-hx-trigger="every 2s"' in shown


def test_a_running_job_shows_how_far_it_is(visit, owner):
    shown = text(visit("progress", JobFactory(owner=owner, running=True, done=3, total=8)))
    assert "已完成 3 / 8" in shown
    assert 'aria-valuenow="37"' in shown


def test_the_asking_goes_on_while_the_job_is_open_and_stops_at_its_end(visit, owner):
    assert visit("progress", JobFactory(owner=owner)).status_code == 200
    assert visit("progress", JobFactory(owner=owner, running=True)).status_code == 200
    ended = visit("progress", JobFactory(owner=owner, finished=True))
    assert ended.status_code == STOP_POLLING
    assert "下载" in text(ended)
    assert visit("progress", JobFactory(owner=owner, failed=True)).status_code == STOP_POLLING


def test_a_job_that_ended_is_not_asked_again(visit, owner):
    assert "every 2s" not in text(visit("detail", JobFactory(owner=owner, finished=True)))


def test_a_failed_job_says_why_and_offers_to_start_again(visit, owner):
    job = JobFactory(owner=owner, failed=True)
    shown = text(visit("detail", job))
    assert "字体缺字。" in shown
    assert reverse("jobs:restart", args=[job.pk]) in shown


def test_starting_again_makes_the_job_wait(client, owner):
    job = JobFactory(owner=owner, failed=True)
    client.force_login(owner)
    with clock.frozen(NOON):
        response = client.post(reverse("jobs:restart", args=[job.pk]))
    job.refresh_from_db()
    assert response["Location"] == reverse("jobs:detail", args=[job.pk])
    assert (job.state, job.error) == (JobState.WAITING, "")


def test_starting_a_waiting_job_again_says_that_it_is_under_way(client, owner):
    job = JobFactory(owner=owner)
    client.force_login(owner)
    shown = text(client.post(reverse("jobs:restart", args=[job.pk]), follow=True))
    assert "任务已在办理中。" in shown


def test_a_job_is_not_started_by_a_link(visit, owner):
    assert visit("restart", JobFactory(owner=owner, failed=True)).status_code == 405


# --- the file


def test_the_owner_downloads_the_file_under_its_name(visit, owner):
    response = visit("file", JobFactory(owner=owner, finished=True))
    assert response.content == PAPER.content
    assert response["Content-Type"] == "application/pdf"
    kind, _, name = response["Content-Disposition"].partition("; filename*=utf-8''")
    assert (kind, unquote(name)) == ("attachment", PAPER.name)


def test_the_file_is_neither_kept_nor_guessed_at(visit, owner):
    response = visit("file", JobFactory(owner=owner, finished=True))
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["detail", "progress", "file"])
def test_a_job_of_somebody_else_does_not_exist(visit, name):
    assert visit(name, JobFactory(finished=True)).status_code == 404


def test_nobody_starts_the_job_of_somebody_else_again(client, owner):
    job = JobFactory(failed=True)
    client.force_login(owner)
    assert client.post(reverse("jobs:restart", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.FAILED


@pytest.mark.parametrize("name", ["detail", "progress", "file", "restart"])
def test_without_signing_in_there_is_only_the_login_page(client, name):
    response = client.get(reverse(f"jobs:{name}", args=[JobFactory(finished=True).pk]))
    assert response.status_code == 302
    assert "/file/" not in response["Location"].partition("?")[0]


def test_a_job_without_a_file_leads_back_to_its_page(visit, owner):
    job = JobFactory(owner=owner)
    assert visit("file", job)["Location"] == reverse("jobs:detail", args=[job.pk])


def test_a_file_that_was_lost_or_changed_on_the_disk_is_not_handed_out(client, visit, owner, media):
    job = JobFactory(owner=owner, finished=True)
    stored = media / job.file.name
    stored.write_bytes(b"something else")
    assert visit("file", job).status_code == 302
    stored.unlink()
    assert visit("file", job).status_code == 302
    assert "文件已不存在，请重新生成。" in text(client.get(reverse("jobs:detail", args=[job.pk])))
