from functools import lru_cache

from loans.models import ProgrammeVersion

VERSIONS_KEPT = 64


@lru_cache(maxsize=VERSIONS_KEPT)
def published_version(version_id: int) -> ProgrammeVersion:
    """Return a published version with its programme, steps, tiers and papers, read once per process.

    This is safe only because the database freezes published versions and never gives a key twice. Raises
    ProgrammeVersion.DoesNotExist.
    """
    return (
        ProgrammeVersion.objects.published()
        .select_related("programme__division")
        .prefetch_related("steps", "tiers", "documents")
        .get(pk=version_id)
    )
