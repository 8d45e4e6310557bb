"""A person at a browser, over Django's test client: he opens pages, follows links, fills in the forms he sees.

    page = Browser.of(office.yangcen.clerk).home().menu("登记新申请")
    page.form(having="text").fill(text="杨继红").submit()

Only what stands on the page can be filled in or clicked, and what a form carries hidden is sent as it was shown.
A page that loses a field, a link or its CSRF token makes the story fail where a person would be stuck.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories.accounts import PASSWORD

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Not seen by a person.
UNSEEN = {"head", "script", "style", "template"}


def squeezed(text: str) -> str:
    return " ".join(text.split())


@dataclass
class Element:
    """An element of the page; texts stand among the children in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, *tags: str) -> list["Element"]:
        return [element for element in self.walk() if element.tag in tags]

    @property
    def text(self) -> str:
        """Return what a person reads, white space squeezed."""
        return squeezed("".join(self._texts()))

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNSEEN:
                yield from child._texts()
        yield " "

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


class Reader(HTMLParser):
    """Builds the tree. Our own templates close what they open, so nothing has to be mended."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("document")
        self.open = [self.root]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attributes})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """`<path/>` of an icon is closed at once."""
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@dataclass
class Control:
    """What one name of a form may be: an input, a choice among options, or a text."""

    name: str
    kind: str  # hidden, text, checkbox, radio, select, file
    options: dict[str, str] = field(default_factory=dict)  # value → what stands beside it
    values: list[object] = field(default_factory=list)
    is_multiple: bool = False

    def set(self, wish: object) -> None:
        """Choose, type or attach a file. An option is named by its value or by the words a person reads."""
        assert self.kind != "hidden", f"{self.name} is hidden: nobody can fill it in"
        if self.kind in {"text", "file"}:
            self.values = [wish if self.kind == "file" else str(wish)]
        elif self.kind == "checkbox" and isinstance(wish, bool):
            self.values = list(self.options) if wish else []
        elif self.is_multiple or self.kind == "checkbox":
            self.values = [self._option(one) for one in wish]
        else:
            self.values = [self._option(wish)]

    def _option(self, wish: object) -> str:
        if str(wish) in self.options:
            return str(wish)
        exact = [value for value, words in self.options.items() if str(wish) == words]
        found = exact or [value for value, words in self.options.items() if str(wish) in words]
        assert len(found) == 1, f"{self.name}: {wish!r} is not one of {self.options}"
        return found[0]


@dataclass
class Form:
    """A form as the page shows it, with its defaults."""

    browser: "Browser"
    page_url: str
    element: Element = field(repr=False)
    controls: dict[str, Control] = field(default_factory=dict)

    def __post_init__(self) -> None:
        labels = {label.get("for"): label.text for label in self.element.find("label") if label.get("for")}
        wrapped = {id(box): label.text for label in self.element.find("label") for box in label.find("input")}
        for element in self.element.find("input", "select", "textarea"):
            if element.get("name") and "disabled" not in element.attributes:
                words = wrapped.get(id(element)) or labels.get(element.get("id"), "")
                self._read(element, words)

    def _read(self, element: Element, words: str) -> None:
        kind = element.tag if element.tag == "select" else element.get("type") or "text"
        if kind in {"submit", "button"}:
            return
        kind = kind if kind in {"hidden", "checkbox", "radio", "select", "file"} else "text"
        control = self.controls.setdefault(element.get("name"), Control(element.get("name"), kind))
        if kind in {"checkbox", "radio"}:
            value = element.attributes.get("value", "on")
            control.options[value] = words
            control.values += [value] if "checked" in element.attributes else []
        elif kind == "select":
            self._read_select(control, element)
        elif element.tag == "textarea":
            control.values = ["".join(child for child in element.children if isinstance(child, str)).strip("\n")]
        elif kind != "file":
            control.values.append(element.get("value"))

    def _read_select(self, control: Control, element: Element) -> None:
        options = element.find("option")
        control.is_multiple = "multiple" in element.attributes
        control.options = {option.attributes.get("value", option.text): option.text for option in options}
        chosen = [option.get("value") for option in options if "selected" in option.attributes]
        control.values = chosen or ([] if control.is_multiple else [*control.options][:1])

    def value(self, name: str) -> str:
        """Return what stands in a field now."""
        return ",".join(map(str, self._control(name).values))

    def options(self, name: str) -> list[str]:
        """Return the words of the choices a field offers."""
        return list(self._control(name).options.values())

    def fill(self, **wishes: object) -> "Form":
        for name, wish in wishes.items():
            self._control(name).set(wish)
        return self

    def _control(self, name: str) -> Control:
        assert name in self.controls, f"{self.page_url}: the form has no {name!r}, only {sorted(self.controls)}"
        return self.controls[name]

    def data(self, button: str = "") -> dict[str, list[object]]:
        """Return what a browser sends when a button is pressed; with one button only it need not be named."""
        buttons = [one for one in self.element.find("button") if one.attributes.get("type", "submit") == "submit"]
        pressed = [one for one in buttons if button in one.text]
        assert len(pressed) == 1, f"{self.page_url}: {button!r} is not one of {[one.text for one in buttons]}"
        sent = {control.name: control.values for control in self.controls.values() if control.values}
        if pressed[0].get("name"):
            sent[pressed[0].get("name")] = [pressed[0].get("value")]
        return sent

    def submit(self, button: str = "", *, expecting: int = 200) -> "Page":
        """Press the button and return the page that answers, after redirects: one without complaints."""
        page = self._send(button, expecting)
        assert not page.problems, f"{self.page_url}: {page.problems}"
        return page

    def submit_in_vain(self, button: str = "") -> "Page":
        """Press the button and return the same page with its complaints."""
        page = self._send(button, expecting=200)
        assert page.problems, f"{page.url} has nothing to complain about: {page.text}"
        return page

    def _send(self, button: str, expecting: int) -> "Page":
        url = urljoin(self.page_url, self.element.get("action") or self.page_url)
        if self.element.get("method").lower() == "post":
            return self.browser.post(url, self.data(button), expecting=expecting)
        return self.browser.open(url, self.data(button), expecting=expecting)


@dataclass
class Page:
    """What the browser shows."""

    browser: "Browser"
    url: str
    status: int
    root: Element = field(repr=False)

    @property
    def main(self) -> Element:
        """The page's own part; a bare answer (405, a fragment) is its own part as a whole."""
        return next(iter(self.root.find("main")), self.root)

    @property
    def text(self) -> str:
        """Return what stands on the page besides the menus."""
        return self.main.text

    @property
    def problems(self) -> list[str]:
        """Return the complaints about what was sent: those above the form and those at its fields."""
        summary = [item.text for part in self.main.walk() if part.get("id") == "errors" for item in part.find("li")]
        at_fields = [part.text for part in self.main.walk() if "error" in part.get("class").split()]
        return summary + at_fields

    def link(self, words: str) -> str:
        """Return the address of the first link with these words; the page's own come before those of the menus."""
        links = [link for part in (self.main, self.root) for link in part.find("a") if link.get("href")]
        found = [link for link in links if words in link.text]
        assert found, f"{self.url}: no link {words!r}, only {[link.text for link in links]}"
        return urljoin(self.url, found[0].get("href"))

    def has_link(self, words: str) -> bool:
        return any(words in link.text for link in self.root.find("a"))

    def follow(self, words: str) -> "Page":
        return self.browser.open(self.link(words))

    def menu(self, words: str) -> "Page":
        """Follow a line of the side menu."""
        lines = [link for nav in self.root.find("nav") if nav.get("id") == "side" for link in nav.find("a")]
        # 公示 1 is the queue with its count, 公示管理 another page.
        exact = [link for link in lines if link.text.strip().rstrip("0123456789").strip() == words]
        found = exact or [link for link in lines if words in link.text]
        assert len(found) == 1, f"{self.url}: no line {words!r} in the menu, only {[line.text for line in lines]}"
        return self.browser.open(found[0].get("href"))

    def form(self, *, having: str = "", button: str = "") -> Form:
        """Return the form of the page that has a field or a button; the only form that posts when neither is named."""
        forms = [Form(self.browser, self.url, element) for element in self.main.find("form")]
        if having:
            forms = [form for form in forms if having in form.controls]
        elif button:
            forms = [form for form in forms if any(button in one.text for one in form.element.find("button"))]
        else:
            forms = [form for form in forms if form.element.get("method").lower() == "post"]
        assert len(forms) == 1, f"{self.url}: {len(forms)} forms with {having or button or 'post'!r}: {self.text}"
        return forms[0]

    def row(self, words: str) -> Element:
        """Return the only row of a table in which these words stand."""
        rows = [row for row in self.main.find("tr") if words in row.text]
        assert len(rows) == 1, f"{self.url}: {len(rows)} rows with {words!r}"
        return rows[0]

    def follow_in_row(self, words: str, link: str) -> "Page":
        """Follow a link of the row in which the words stand."""
        found = [one for one in self.row(words).find("a") if link in one.text]
        assert len(found) == 1, f"{self.url}: {len(found)} links {link!r} beside {words!r}"
        return self.browser.open(urljoin(self.url, found[0].get("href")))


class Browser:
    """One browser with its cookies. CSRF is enforced, as outside tests."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    @classmethod
    def of(cls, user: User) -> "Browser":
        """Return a browser in which somebody is signed in already."""
        browser = cls()
        browser.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return browser

    def sign_in(self, username: str, password: str = PASSWORD) -> Page:
        """Sign in on the page for it and return what comes then."""
        form = self.open(reverse("accounts:login")).form(having="password")
        return form.fill(username=username, password=password).submit()

    def home(self) -> Page:
        return self.open(reverse("home"))

    def open(self, url: str, query: object = None, *, expecting: int = 200) -> Page:
        return self._page(self.client.get(url, query, follow=True), url, expecting)

    def post(self, url: str, data: dict[str, list[object]], *, expecting: int = 200) -> Page:
        return self._page(self.client.post(url, data, follow=True), url, expecting)

    def post_by_hand(self, url: str, data: dict[str, list[str]], *, expecting: int) -> Page:
        """Post what no page offered, with a CSRF token that is this browser's own: somebody who knows addresses."""
        tokens = [field for field in self.home().root.find("input") if field.get("name") == "csrfmiddlewaretoken"]
        return self.post(url, data | {"csrfmiddlewaretoken": [tokens[0].get("value")]}, expecting=expecting)

    def _page(self, response: object, url: str, expecting: int) -> Page:
        if response.redirect_chain:
            url = urljoin(url, response.redirect_chain[-1][0])
        page = Page(self, url, response.status_code, Reader(response.content.decode()).root)
        assert page.status == expecting, f"{url}: {page.status} instead of {expecting}: {page.text}"
        return page
