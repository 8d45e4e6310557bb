"""Handing a file out. There is no address here: the room a file belongs to asks who may see it, then calls this."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from files.choices import FileKind
from files.models import Attachment
from files.queries import FileMissing, read_content, read_thumbnail


def serve(attachment: Attachment, request: HttpRequest, *, small: bool = False) -> HttpResponse:
    """Return the file; a picture is shown, anything else is saved. `small` asks for a picture's thumbnail.

    The caller has checked the scope and written down that a personal document was opened. Raises Http404 when the
    file is gone from the disk or was changed there.
    """
    try:
        content = read_thumbnail(attachment) if small else read_content(attachment)
    except FileMissing as error:
        raise Http404 from error
    kind = FileKind.JPEG.content_type if small else attachment.content_type
    response = HttpResponse(content, content_type=kind)
    disposition = content_disposition_header(as_attachment=not attachment.is_picture, filename=attachment.name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    # Said here too and not only by the middlewares: this answer must never be guessed at, framed or kept.
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
