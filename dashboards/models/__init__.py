from dashboards.models.bulletins import Bulletin, BulletinVersion
from dashboards.models.editions import ReportDraft, ReportEdition
from dashboards.models.publications import FigureExplanation, PrintedFigure, Publication
from dashboards.models.readings import BoardReading

__all__ = [
    "BoardReading",
    "Bulletin",
    "BulletinVersion",
    "FigureExplanation",
    "PrintedFigure",
    "Publication",
    "ReportDraft",
    "ReportEdition",
]
