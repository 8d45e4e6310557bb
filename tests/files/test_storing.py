"""Files that are taken: what is kept of them, where, and what happens when the disk or the database says no."""

import errno
import io

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from files.choices import IMPORTS
from files.models import Attachment
from files.operations import UnableToStore, prepare, store, store_upload
from files.pictures import SIDE_MAX, THUMBNAIL_SIDE
from files.queries import FileMissing, read_content, read_thumbnail
from files.storage import DurableStorage
from tests.factories.accounts import UserFactory
from tests.factories.county import NOON
from tests.factories.files import jpeg, pdf, png, upload, workbook


@pytest.fixture
def by(db):
    return UserFactory()


def kept(content: bytes, name: str, by) -> Attachment:
    return store_upload(upload=upload(content, name), by=by, at=NOON)


def files_in(cupboard) -> list[str]:
    return sorted(str(path.relative_to(cupboard)) for path in cupboard.rglob("*") if path.is_file())


def test_a_photo_keeps_its_pixels_and_nothing_that_tells_where_it_was_taken(by):
    photo = jpeg()
    assert b"SECRET" in photo
    content = read_content(kept(photo, "猪舍.jpg", by))
    with Image.open(io.BytesIO(content)) as image:
        assert (image.size, dict(image.getexif())) == ((80, 60), {})
    assert b"SECRET" not in content


def test_a_photo_held_sideways_is_stored_upright(by):
    content = read_content(kept(jpeg((80, 60), orientation=6), "a.jpg", by))
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (60, 80)


def test_a_large_photo_is_made_smaller_and_gets_a_small_picture(by):
    attachment = kept(jpeg((4000, 3000)), "a.jpeg", by)
    with Image.open(io.BytesIO(read_content(attachment))) as image:
        assert max(image.size) == SIDE_MAX
    with Image.open(io.BytesIO(read_thumbnail(attachment))) as image:
        assert (max(image.size), image.format) == (THUMBNAIL_SIDE, "JPEG")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_a_png_of_any_kind_is_taken(by, mode):
    attachment = kept(png(mode=mode), "章.png", by)
    with Image.open(io.BytesIO(read_content(attachment))) as image:
        assert (image.size, image.format) == ((80, 60), "PNG")
    assert read_thumbnail(attachment)


def test_a_pdf_is_kept_as_it_is_and_has_no_small_picture(by):
    attachment = kept(pdf(), "回执.PDF", by)
    assert read_content(attachment) == pdf()
    assert (attachment.name, attachment.content_type) == ("回执.PDF", "application/pdf")
    with pytest.raises(FileMissing):
        read_thumbnail(attachment)


def test_a_table_is_taken_where_tables_are_asked_for():
    assert prepare(upload=upload(workbook(), "流水.xlsx"), kinds=IMPORTS).content == workbook()


def test_the_name_on_the_disk_tells_nothing_and_only_we_may_read_it(by, cupboard):
    attachment = kept(pdf(), "杨某身份证.pdf", by)
    (name,) = files_in(cupboard)
    assert name == attachment.file.name
    assert "杨" not in name
    assert "." not in name
    assert (cupboard / name).stat().st_mode & 0o777 == 0o640


def test_the_same_photo_has_the_same_hash_whoever_sends_it(by):
    assert kept(jpeg(), "a.jpg", by).sha256 == kept(jpeg(), "b.jpg", by).sha256


def test_a_full_disk_is_a_sentence_and_leaves_no_row_and_no_file(by, cupboard, monkeypatch):
    def full(self, name, content):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(DurableStorage, "_save", full)
    with pytest.raises(UnableToStore, match="磁盘"):
        kept(pdf(), "a.pdf", by)
    assert (Attachment.objects.count(), files_in(cupboard)) == (0, [])


def test_a_disk_that_fills_up_after_the_photo_takes_the_photo_away_again(by, cupboard, monkeypatch):
    save = DurableStorage._save
    saved = []

    def once(self, name, content):
        if saved:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved.append(name)
        return save(self, name, content)

    monkeypatch.setattr(DurableStorage, "_save", once)
    with pytest.raises(UnableToStore):
        kept(jpeg(), "a.jpg", by)
    assert (Attachment.objects.count(), files_in(cupboard)) == (0, [])


def test_a_row_that_is_refused_leaves_no_file(by, cupboard):
    prepared = prepare(upload=upload(pdf(), "a.pdf"))
    with pytest.raises(IntegrityError), transaction.atomic():
        store(prepared=prepared, by=by, at=None)
    assert files_in(cupboard) == []


def test_what_is_written_about_a_file_is_never_changed(by):
    attachment = kept(pdf(), "a.pdf", by)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(name="b.pdf", uploaded_at=timezone.now())


def test_a_file_changed_on_the_disk_is_not_handed_out(by, cupboard):
    attachment = kept(pdf(), "a.pdf", by)
    (cupboard / attachment.file.name).write_bytes(b"something else")
    with pytest.raises(FileMissing):
        read_content(attachment)


def test_a_scanned_pdf_is_not_taken_for_one_with_a_script(by):
    """A packed picture may hold any few letters in a row."""
    scanned = pdf(b"<< /Subtype /Image /Length 20 >>\nstream\nxx/JS /XFA x/AA/OpenA\nendstream")
    assert kept(scanned, "扫描件.pdf", by).size == len(scanned)
