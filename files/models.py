"""Papers and photos that belong to something else. Who may see one, the room it belongs to decides."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from files.choices import PICTURES
from files.storage import attachments


def random_name(attachment: Any, name: str) -> str:
    """A name that nobody can guess and that tells nothing, in one of 256 folders; what it is called is a column."""
    word = uuid.uuid4().hex
    return f"{word[:2]}/{word}"


class Attachment(models.Model):
    """A file as it is kept. The row is never changed; `sha256` is of the kept bytes, not of what was sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=100)
    content_type = models.CharField(_("kind of file"), max_length=100)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64, db_collation="C", db_index=True)
    file = models.FileField(upload_to=random_name, storage=attachments, max_length=100)
    thumbnail = models.FileField(upload_to=random_name, storage=attachments, max_length=100, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attachment")
        constraints = [
            models.CheckConstraint(name="attachment_is_not_empty", condition=Q(size__gt=0) & ~Q(file="")),
            models.UniqueConstraint(fields=["file"], name="file_belongs_to_one_attachment"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.content_type in {kind.content_type for kind in PICTURES}
