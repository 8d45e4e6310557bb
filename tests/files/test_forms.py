"""The fields that take files, as a form uses them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from files.choices import FileKind
from files.forms import PaperField, PhotosField
from tests.factories.files import jpeg, pdf
from web.forms import OfficeForm


class Form(OfficeForm):
    paper = PaperField(label="Paper", required=False)
    photos = PhotosField(label="Photos", photos_max=2, required=False)


def form_with(**files: list[SimpleUploadedFile]) -> Form:
    return Form({}, MultiValueDict(files))


def photo(number: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"photo-{number}.jpg", jpeg((80 + number, 60)))


def test_nothing_needs_to_be_sent():
    form = form_with()
    assert form.is_valid()
    assert form.cleaned_data == {"paper": None, "photos": ()}


def test_photos_of_both_inputs_come_together():
    form = form_with(photos=[photo(1), photo(2)])
    assert form.is_valid(), form.errors
    assert [one.kind for one in form.cleaned_data["photos"]] == [FileKind.JPEG, FileKind.JPEG]


def test_too_many_photos_are_refused():
    assert "2 张" in str(form_with(photos=[photo(), photo(), photo()]).errors["photos"])


def test_one_bad_photo_is_named():
    bad = SimpleUploadedFile("坏的.jpg", b"nothing")
    assert "坏的.jpg" in str(form_with(photos=[photo(), bad]).errors["photos"])


def test_a_paper_may_be_a_pdf():
    form = form_with(paper=[SimpleUploadedFile("回执.pdf", pdf())])
    assert form.is_valid(), form.errors
    assert form.cleaned_data["paper"].kind is FileKind.PDF


def test_the_page_offers_the_camera_and_the_album_each_with_its_label():
    html = str(Form()["photos"])
    assert 'capture="environment"' in html
    assert html.count("<label") == html.count('type="file"') == 2


@pytest.mark.parametrize(
    ("field", "accepted"), [("paper", ".pdf,.jpg,.jpeg,.png"), ("photos", "image/jpeg,image/png")]
)
def test_the_browser_is_told_what_is_taken(field, accepted):
    assert f'accept="{accepted}"' in str(Form()[field])
