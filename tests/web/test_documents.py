import hashlib
import subprocess
import sys
from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest
from django.conf import settings as project_settings
from django.utils import translation

from web import documents, fonts
from web.documents import FontsMissing, MissingGlyphs, OutsideAddress, font_problems, pdf_of, render_pdf
from web.qr import qr_svg

FORM = {
    "name": "𠮷䶮㛃",
    "id_number": "532931197503120006",
    "amount": Decimal("50000.00"),
    "plan": "楤木种植 10 亩，带动 3 户。",
}


def make(template="form.html", **context):
    return render_pdf(template, FORM | context, title="申请审批表", created_on=date(2014, 8, 15))


def read(pdf):
    return pypdf.PdfReader(BytesIO(pdf))


def page_html(body):
    return f'<html lang="zh-CN"><title>t</title><body>{body}'


def test_a_form_is_one_page_of_a4_and_says_what_it_was_given():
    reader = read(make())
    (page,) = reader.pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    text = page.extract_text().replace("\n", "")
    for said in [
        "𠮷䶮㛃",
        "楤木",
        "50,000.00",
        "人民币伍万元整",
        "532931********0006",
        "2014年8月15日",
        "第 1 页 共 1 页",
    ]:
        assert said in text


def test_a_document_is_chinese_whatever_the_reader_s_language():
    with translation.override("en"):
        assert make() == make()
        assert "50,000.00" in read(make()).pages[0].extract_text()


def test_a_document_is_archive_form_with_title_and_date():
    pdf = make()
    reader = read(pdf)
    assert reader.metadata.title == "申请审批表"
    assert reader.metadata.creation_date_raw.startswith("D:20140815")
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf or 'pdfaid:part="3"' in str(reader.xmp_metadata.stream.get_data())


def test_only_the_chosen_fonts_are_in_the_file():
    used = {str(font.get("/BaseFont")) for font in fonts_of(make())}
    assert used
    assert all("Noto" in name for name in used)


def fonts_of(pdf):
    for page in read(pdf).pages:
        yield from (font.get_object() for font in page["/Resources"]["/Font"].values())


def test_the_same_values_give_the_same_bytes_in_another_process():
    here = hashlib.sha256(pdf_of(page_html("贷款审批"))).hexdigest()
    script = (
        "import django, hashlib; django.setup()\n"
        "from web.documents import pdf_of\n"
        f"print(hashlib.sha256(pdf_of({page_html('贷款审批')!r})).hexdigest())"
    )
    environment = {"PATH": "/usr/bin:/bin", "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "redcredit.settings.test"}
    there = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
        cwd=project_settings.BASE_DIR,
    )
    assert there.stdout.strip() == here


def test_bold_is_bold():
    plain, bold = (
        {str(font.get("/BaseFont")) for font in fonts_of(pdf_of(page_html(body)))} for body in ("贷款", "<b>贷款</b>")
    )
    assert plain != bold
    assert any("Bold" in name for name in bold)


@pytest.mark.parametrize(
    "family", ["仿宋_GB2312", "楷体_GB2312", "方正小标宋简体", "SimSun", "FangSong", "Nowhere Sans"]
)
def test_a_font_the_machine_lacks_becomes_a_chinese_serif(family):
    (font,) = fonts_of(pdf_of(page_html(f"<p style='font-family: {family}'>贷款 100</p>")))
    assert "Noto-Serif" in str(font.get("/BaseFont")).replace("NotoSerif", "Noto-Serif")


@pytest.mark.parametrize("family", ["SimHei", "黑体", "sans-serif"])
def test_a_black_font_becomes_a_chinese_sans(family):
    (font,) = fonts_of(pdf_of(page_html(f"<p style='font-family: {family}'>贷款 100</p>")))
    assert "Sans" in str(font.get("/BaseFont"))


@pytest.mark.parametrize(
    ("text", "characters"), [("张\ue123伟", "\ue123"), ("好😀", "😀"), ("\ue124\ue123", "\ue123\ue124")]
)
def test_a_character_no_font_knows_stops_the_document_and_is_named(text, characters):
    with pytest.raises(MissingGlyphs) as caught:
        make(name=text)
    assert caught.value.characters == characters
    assert f"U+{ord(characters[0]):04X}" in str(caught.value)


def test_a_missing_glyph_of_one_document_does_not_spoil_the_next():
    with pytest.raises(MissingGlyphs):
        make(name="😀")
    assert make()


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "https://example.org/x.svg", "ftp://x/y"]
)
def test_nothing_outside_the_template_is_read(address):
    with pytest.raises(OutsideAddress):
        pdf_of(page_html(f'<img src="{address}">'))


def test_markup_in_a_person_s_text_is_text():
    text = read(make(plan='<img src="file:///etc/passwd">')).pages[0].extract_text()
    assert "<img" in text


def test_an_official_page_has_22_lines_of_28_characters():
    line = "红色信贷支持农村党员带头致富带领群众共同致富促进增收一二三"[:28]
    one_page = render_pdf("grid.html", {"lines": [line] * 22}, title="t", created_on=date(2014, 8, 15))
    two_pages = render_pdf("grid.html", {"lines": [line] * 23}, title="t", created_on=date(2014, 8, 15))
    assert len(read(one_page).pages) == 1
    assert len(read(two_pages).pages) == 2


def test_an_official_paper_has_its_red_head_on_one_line():
    pdf = render_pdf("official.html", {"lines": ["请认真贯彻执行。"] * 30}, title="通知", created_on=date(2014, 8, 15))
    reader = read(pdf)
    assert len(reader.pages) == 2
    first = reader.pages[0].extract_text()
    assert "中共甲县委组织部文件" in first
    assert "甲组通〔2014〕15号" in first
    assert "— 1 —" in first


def test_a_roster_repeats_its_head_and_counts_its_pages():
    rows = [(f"张{number}", Decimal(1000)) for number in range(100)]
    pdf = render_pdf(
        "roster.html", {"rows": rows, "total": Decimal(100000)}, title="花名册", created_on=date(2014, 8, 15)
    )
    pages = [page.extract_text() for page in read(pdf).pages]
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"第 {number} 页 共 {len(pages)} 页" in text
        assert "金额（元）" in text
    assert ["合计" in text for text in pages] == [False] * (len(pages) - 1) + [True]


def test_a_qr_code_is_a_drawing_without_the_address_in_its_markup():
    code = qr_svg("https://example.org/?a=<b>&c")
    assert code.startswith("<svg")
    assert "example" not in code
    assert "style=" not in code


def test_this_machine_can_make_documents():
    assert font_problems() == []


def test_a_machine_without_fonts_is_told_the_command(monkeypatch):
    monkeypatch.setattr(documents, "_has_fonts", lambda: False)
    with translation.override("en"):
        (problem,) = font_problems()
        assert "apt-get install" in problem
        assert "fonts-noto-cjk" in problem
        with pytest.raises(FontsMissing, match="not installed"):
            make()


def test_a_machine_without_pango_is_told_the_command(monkeypatch):
    monkeypatch.setattr(documents, "_unavailable", "cannot load library 'libpango-1.0-0'\nmore")
    with translation.override("en"):
        (problem,) = font_problems()
    assert "libpango-1.0-0'. Run: apt-get install" in problem


def test_the_private_configuration_is_written_once_and_again_when_it_changed(tmp_path, monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "")
    path = fonts.use_private_configuration(tmp_path)
    written = path.stat().st_mtime_ns
    assert fonts.use_private_configuration(tmp_path).stat().st_mtime_ns == written
    path.write_text("old")
    fonts.use_private_configuration(tmp_path)
    assert "fontconfig" in path.read_text()
    assert [entry.name for entry in path.parent.iterdir()] == ["fonts.conf"]


def test_the_office_s_own_fonts_come_before_the_stand_in(tmp_path):
    text = fonts.configuration(tmp_path / "a&b")
    assert text.index("a&amp;b/fonts") < text.index(str(fonts.system_files()[0].parent))
    assert "<string>仿宋_GB2312</string></test>" in text
    alias = next(line for line in text.splitlines() if "<string>仿宋_GB2312</string></test>" in line)
    assert alias.index("<string>FangSong</string>") < alias.index("<string>Noto Serif CJK SC</string>")
