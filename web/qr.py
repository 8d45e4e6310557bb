import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(url: str) -> SafeString:
    """Return a QR code as inline SVG for screen and paper (class "qr"); 22 mm on paper reads from a telephone."""
    code = segno.make(url, error="m", micro=False)
    # segno writes nothing but the path of the squares; the address itself is not in the markup.
    return mark_safe(code.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass="qr-dark"))  # noqa: S308
