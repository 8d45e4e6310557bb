from dashboards.models.bulletins import Bulletin, BulletinVersion
from dashboards.models.editions import ReportDraft, ReportEdition

__all__ = ["Bulletin", "BulletinVersion", "ReportDraft", "ReportEdition"]
