"""Forms of the papers of a case. Their page is written by hand: one small form for each paper that is asked for."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from files.choices import PAPERS, FileKind
from files.forms import PaperField, PhotosField, prepared_or_refused
from files.operations import Prepared
from loans.forms.fields import PlainTextField
from loans.forms.problems import ProblemsMixin
from loans.models.papers import NAME_LENGTH_MAX, REASON_LENGTH_MAX
from loans.operations.papers import FILES_MAX, PaperData
from web.forms import OfficeForm, RequestIdField

ACCEPTED = ",".join(f".{ending}" for kind in FileKind if kind in PAPERS for ending in kind.endings)


class PapersField(PhotosField):
    """Photos and PDFs, as many as `photos_max`. Cleans to a tuple of Prepared."""

    default_error_messages = {"many": _("Not more than %(number)s files at once."), "required": _("Choose a file.")}

    def to_python(self, value: Any) -> tuple[Prepared, ...]:
        uploads = [one for one in value or [] if isinstance(one, UploadedFile)]
        if len(uploads) > self.photos_max:
            raise forms.ValidationError(self.error_messages["many"], "many", {"number": self.photos_max})
        return tuple(prepared_or_refused(upload, PAPERS) for upload in uploads)


class PaperForm(ProblemsMixin, OfficeForm):
    """Files for one paper: of the rules, or with a name of its own."""

    request_id = RequestIdField()
    document = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    name = PlainTextField(label=_("What it is"), max_length=NAME_LENGTH_MAX, required=False)
    upload = PapersField(label=_("Files to hand in"), photos_max=FILES_MAX)

    def paper_data(self) -> PaperData:
        kept = self.cleaned_data
        return PaperData(files=kept["upload"], document_id=kept["document"], name=kept["name"])


class ReplacementForm(ProblemsMixin, OfficeForm):
    """Another file in the place of a paper."""

    request_id = RequestIdField()
    file = PaperField(label=_("New file"), error_messages={"required": _("Choose a file.")})


class RotationForm(OfficeForm):
    """By how many quarters a picture is turned, clockwise."""

    request_id = RequestIdField()
    turns = forms.TypedChoiceField(choices=[("1", ""), ("2", ""), ("3", "")], coerce=int)


class PaperWithdrawalForm(OfficeForm):
    reason = PlainTextField(label=_("Why it is withdrawn"), max_length=REASON_LENGTH_MAX, required=False)


class MissingPaperForm(ProblemsMixin, OfficeForm):
    """Why a paper is not there."""

    document = forms.IntegerField(min_value=1, max_value=2**62)
    reason = PlainTextField(label=_("Why it is missing"), max_length=REASON_LENGTH_MAX)


class PaperOrderForm(OfficeForm):
    """The keys of papers in the order in which they should stand."""

    order = forms.RegexField(regex=r"^\d{1,18}(,\d{1,18}){0,99}$")

    @property
    def paper_ids(self) -> list[int]:
        return [int(key) for key in self.cleaned_data["order"].split(",")]
