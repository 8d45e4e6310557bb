"""Fields that take files. They clean to files that may be kept; the operation is what writes them."""

from collections.abc import Sequence, Set
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from files.choices import PAPERS, PICTURES, FileKind
from files.operations import NotAcceptable, Prepared, prepare


class PaperField(forms.Field):
    """One paper: a PDF or a picture. Cleans to a Prepared, or None when left empty and not required."""

    widget = forms.FileInput

    def __init__(self, *, kinds: Set[FileKind] = PAPERS, **kwargs: Any) -> None:
        self.kinds = kinds
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"accept": ",".join(f".{ending}" for kind in FileKind if kind in self.kinds for ending in kind.endings)}

    def to_python(self, value: Any) -> Prepared | None:
        return prepared_or_refused(value, self.kinds) if isinstance(value, UploadedFile) else None


class PhotosInput(forms.FileInput):
    """Two inputs of one name: the camera, one photo at a time, and the pictures that are there already."""

    allow_multiple_selected = True
    template_name = "files/photos.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, "accept": "image/jpeg,image/png", **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        chosen = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return list(chosen) if isinstance(chosen, list | tuple) else [chosen]

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class PhotosField(forms.Field):
    """Photos, as many as `photos_max`. Cleans to a tuple of Prepared."""

    widget = PhotosInput
    default_error_messages = {"many": _("Not more than %(number)s photos.")}

    def __init__(self, *, photos_max: int, **kwargs: Any) -> None:
        self.photos_max = photos_max
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"data-photos-max": str(self.photos_max)}

    def to_python(self, value: Any) -> tuple[Prepared, ...]:
        uploads: Sequence[Any] = [one for one in value or [] if isinstance(one, UploadedFile)]
        if len(uploads) > self.photos_max:
            raise forms.ValidationError(self.error_messages["many"], "many", {"number": self.photos_max})
        return tuple(prepared_or_refused(upload, PICTURES) for upload in uploads)


def prepared_or_refused(upload: Any, kinds: Set[FileKind]) -> Prepared:
    """Return the checked file. Raises forms.ValidationError with the sentence of the refusal."""
    try:
        return prepare(upload=upload, kinds=kinds)
    except NotAcceptable as error:
        raise forms.ValidationError(str(error), code="file") from error
