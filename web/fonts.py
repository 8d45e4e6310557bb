"""Which fonts a document may use: a private fontconfig file instead of whatever the machine happens to have.

The same fonts mean the same bytes on every machine. Office documents name fonts that most machines lack (仿宋_GB2312,
方正小标宋): those names lead to files the office has put into VAR_DIR/fonts, else to Noto Serif and Noto Sans CJK SC.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")
# Of the system's fonts only these are used. A Latin font of the system would change the digits of a contract.
FONT_FILES = ("NotoSerifCJK", "NotoSansCJK")

# Names used in office documents, and what stands in for them, best first.
ALIASES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("仿宋_GB2312", "FangSong_GB2312", "FangSong", "仿宋", "STFangsong"), SERIF),
    (("楷体_GB2312", "KaiTi_GB2312", "KaiTi", "楷体", "STKaiti"), SERIF),
    (("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"), SERIF),
    (("SimSun", "宋体", "NSimSun", "STSong", "serif"), SERIF),
    (("SimHei", "黑体", "STHeiti", "Microsoft YaHei", "sans-serif", "monospace"), SANS),
)


def system_files() -> list[Path]:
    """Return the installed font files that documents rely on."""
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return sorted(
        path
        for folder in folders
        if folder.is_dir()
        for name in FONT_FILES
        for path in folder.rglob(f"{name}*")
        if path.suffix in {".ttc", ".otf", ".ttf"}
    )


def use_private_configuration(var_dir: Path) -> Path:
    """Write the fontconfig file and make this process use it; return its path.

    Must run before WeasyPrint is imported: fontconfig reads the variable once. Raises OSError when var_dir cannot be
    written. Several processes may do this at once.
    """
    folder = var_dir / "fontconfig"
    folder.mkdir(parents=True, exist_ok=True)
    path, text = folder / "fonts.conf", configuration(var_dir)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path


def configuration(var_dir: Path) -> str:
    """Return the text of the fontconfig file: folders, what of them may be used, and the names of the office."""
    # The very folders of the files: a rejected folder would not be searched, whatever is accepted in it.
    system = sorted({str(path.parent) for path in system_files()})
    parts = [
        *(f"<dir>{escape(folder)}</dir>" for folder in (str(var_dir / "fonts"), *system)),
        f"<cachedir>{escape(str(var_dir / 'fontconfig' / 'cache'))}</cachedir>",
        _selection(system),
        *(_alias(name, names, stand_in) for names, stand_in in ALIASES for name in names),
        _last_resort(),
    ]
    head = '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
    return head + "\n".join(parts) + "\n</fontconfig>\n"


def _selection(system: Iterable[str]) -> str:
    """Accept wins over reject, so of the system's folders only FONT_FILES are left; the office's own are all taken."""
    rejected = "".join(f"<glob>{escape(folder)}/*</glob>" for folder in system)
    accepted = "".join(f"<glob>*/{name}*</glob>" for name in FONT_FILES)
    return f"<selectfont><rejectfont>{rejected}</rejectfont><acceptfont>{accepted}</acceptfont></selectfont>"


def _alias(name: str, names: tuple[str, ...], stand_in: str) -> str:
    others = "".join(f"<string>{escape(other)}</string>" for other in (*names, stand_in) if other != name)
    return (
        f'<match target="pattern"><test qual="any" name="family"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="append" binding="same">{others}</edit></match>'
    )


def _last_resort() -> str:
    """A family nobody knows becomes a Chinese font, not boxes."""
    return (
        '<match target="pattern"><edit name="family" mode="append_last">'
        f"<string>{SERIF}</string><string>{SANS}</string></edit></match>"
    )
