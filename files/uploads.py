"""A limit for a whole request, before anything of it is read: a disk is not filled by one form."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Six photos of the largest size, and the form around them.
REQUEST_SIZE_MAX = 64 * 1024 * 1024


class WholeRequestLimit(FileUploadHandler):
    """The first of settings.FILE_UPLOAD_HANDLERS. Refuses (400) what announces itself as too large; keeps nothing."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  # Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        if content_length > REQUEST_SIZE_MAX:
            raise RequestDataTooBig(f"{content_length} bytes were announced")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""
