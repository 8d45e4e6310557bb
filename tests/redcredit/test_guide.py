"""The user guide: a chapter for every role, with pictures that exist, reachable from 政策与帮助."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.choices import Role
from redcredit.guide import CHAPTERS, FOLDER, chapters_for, read_chapter

SHOTS = settings.BASE_DIR / FOLDER / "shots"
PICTURE = re.compile(r"!\[([^\]]*)\]\(shots/([^)]+)\)")


def text_of(chapter):
    return chapter.path.read_text(encoding="utf-8")


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_chapter_and_finds_it_first(role):
    first = [chapter for chapter in chapters_for({role}) if chapter.roles][0]
    assert role in first.roles


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_every_picture_of_a_chapter_exists_and_says_what_it_shows(chapter):
    pictures = PICTURE.findall(text_of(chapter))
    assert pictures
    for words, name in pictures:
        assert words
        assert (SHOTS / name).is_file(), name


def test_no_picture_lies_about_unused():
    used = {name for chapter in CHAPTERS for _words, name in PICTURE.findall(text_of(chapter))}
    assert {path.name for path in SHOTS.iterdir()} == used


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_a_chapter_is_read_with_its_headings_in_order(chapter):
    html = read_chapter(chapter.slug)
    levels = [int(level) for level in re.findall(r"<h([1-6])>", html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert "<script" not in html


@pytest.mark.django_db
def test_the_help_page_leads_to_each_chapter(office, sign_in):
    browser = sign_in(office.yangcen.clerk)
    page = browser.get(reverse("help")).content.decode()
    for chapter in CHAPTERS:
        url = reverse("guide", args=[chapter.slug])
        assert url in page
        assert browser.get(url).status_code == 200
    assert page.index(reverse("guide", args=["clerk"])) < page.index(reverse("guide", args=["secretary"]))


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["nothing", "README", "shots"])
def test_there_is_no_chapter_that_is_not_in_the_list(office, sign_in, slug):
    assert sign_in(office.yangcen.clerk).get(f"/help/{slug}/").status_code == 404
