from dashboards.models.bulletins import Bulletin, BulletinVersion
from dashboards.models.editions import ReportDraft, ReportEdition
from dashboards.models.publications import FigureExplanation, PrintedFigure, Publication

__all__ = [
    "Bulletin",
    "BulletinVersion",
    "FigureExplanation",
    "PrintedFigure",
    "Publication",
    "ReportDraft",
    "ReportEdition",
]
