"""HTML from strangers can be read and do nothing else."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.mail.reading.html import html_to_text, sanitise, show_remote_images
from balie.mail.reading.markup import MOST_NESTED

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)",
    "<script/xss src=//evil.example>",
    "<img src=x onerror=alert(1)>",
    "<img src=x/onerror=alert(1)//",
    '<img """><script>alert(1)</script>">',
    "<img src=javascript:alert(1)>",
    "<img src=JaVaScRiPt:alert(1)>",
    "<img src='data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+'>",
    "<img src='data:text/html;base64,PHNjcmlwdD4='>",
    "<img src='data:image/png;base64,AA\" onerror=\"alert(1)'>",
    "<img srcset='https://evil.example/a.png 1x'>",
    "<img src='x' style='background:url(javascript:alert(1))'>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" \x01javascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="/afmelden">x</a>',
    '<a href="https://x.example" onclick="alert(1)" target="_self" rel="opener">x</a>',
    '<a href="blob:https://evil.example/1">x</a>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<iframe src=https://evil.example></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=https://evil.example></object>",
    "<embed src=https://evil.example>",
    "<applet code=x></applet>",
    "<form action=https://evil.example><input name=password><button formaction=javascript:alert(1)>x</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<body onload=alert(1)>",
    "<base href=https://evil.example>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<style>@import 'https://evil.example/x.css'; body{display:none}</style>",
    "<style><img src=x onerror=alert(1)></style>",
    "<p style='background-image:url(https://evil.example/pixel)'>x</p>",
    "<p style='color:expression(alert(1))'>x</p>",
    "<p style='color:red;position:fixed;top:0;left:0;width:100%;height:100%'>x</p>",
    "<p style='color:\\75rl(https://evil.example)'>x</p>",
    "<p style='background-color:u/**/rl(https://evil.example)'>x</p>",
    "<p style=\"color:red;-moz-binding:url('//evil.example/x')\">x</p>",
    "<table background=https://evil.example/pixel><tr><td background=//evil.example>x</td></tr></table>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><a href='</title><img src=x onerror=alert(1)>'></title>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<div id=csrf name=csrf class='btn btn-danger' data-hx-get=/wis hx-get=/wis>x</div>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<img data-remote-src='javascript:alert(1)'>",
    "<img src='balie-remote:javascript:alert(1)'>",
    "<img alt='\" src=\"balie-remote:javascript:alert(1)'>",
    "<p>\x00<img src=x on\x00error=alert(1)></p>",
    "\ufeff<scr\u0130pt>alert(1)</script>",
    "<plaintext><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
]
SAFE_ADDRESS = re.compile(
    r"(https?://|mailto:|tel:|/bestanden/|data:image/(png|gif|jpeg|webp);base64,[A-Za-z0-9+/=]+$)"
)
ATTRIBUTES = {
    *(
        "align",
        "alt",
        "border",
        "cellpadding",
        "cellspacing",
        "color",
        "colspan",
        "data-remote-src",
        "dir",
        "height",
    ),
    *(
        "href",
        "lang",
        "referrerpolicy",
        "rel",
        "rowspan",
        "span",
        "src",
        "start",
        "style",
        "target",
        "title",
        "type",
    ),
    *("valign", "width"),
}


class Inspector(HTMLParser):
    """A parser that is not the sanitiser's own looks at what came out."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "svg",
            "math",
            "meta",
            "link",
        }
        assert tag not in {
            "base",
            "button",
            "textarea",
            "video",
            "audio",
            "template",
            "noscript",
            "title",
            "body",
        }
        for name, value in attrs:
            assert name in ATTRIBUTES
            if name in {"href", "src", "data-remote-src"}:
                assert SAFE_ADDRESS.match(value or "")
            if name == "style":
                assert re.fullmatch(r"[a-z-]+: [^:;\\]+(; [a-z-]+: [^:;\\]+)*", value or "")
                assert not re.search(r"url|expression|import|position|binding", value or "")
        assert tag != "a" or {("target", "_blank"), ("rel", "noopener noreferrer")} <= set(attrs)
        self.depth += tag not in {"br", "hr", "img", "col"}
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1


def inspect(html: str) -> Inspector:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_comes_out_harmless(attack: str) -> None:
    for html in (attack, f"<div>{attack}</div>", f"<table><tr><td>{attack}", f"<p title='{attack}'>x"):
        safe = sanitise(html, attachments={"x": "/bestanden/1"})
        inspect(safe.html)
        inspect(show_remote_images(safe.html))


@pytest.mark.parametrize("attack", ATTACKS)
def test_cleaning_twice_changes_nothing_more(attack: str) -> None:
    """What changes again when it is read again is how mutation attacks get in."""
    once = show_remote_images(sanitise(attack).html).replace(' referrerpolicy="no-referrer"', "")
    assert show_remote_images(sanitise(once).html).replace(' referrerpolicy="no-referrer"', "") == once


PIECES = st.sampled_from(
    [
        *(
            "<",
            ">",
            '"',
            "'",
            "/",
            "=",
            " ",
            "<!--",
            "-->",
            "<b>",
            "</b>",
            "<p>",
            "</p>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
        ),
        *(
            "<svg>",
            "</svg>",
            "<math>",
            "<style>",
            "</style>",
            "<title>",
            "</title>",
            "<script>",
            "</script>",
            "<a href=",
        ),
        *(
            "<img src=",
            "javascript:alert(1)",
            "https://x.example/y",
            "onerror=alert(1)",
            "cid:x",
            "&quot;",
            "&#x3c;",
            "\x00",
        ),
        *(
            "<noscript>",
            "<select>",
            "<template>",
            "<form>",
            "<h1>",
            "<li>",
            "<ul>",
            "<blockquote>",
            "style='color:red'",
            "text",
        ),
    ]
)


@settings(deadline=None, max_examples=400)
@given(st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40))
def test_any_pieces_come_out_harmless(pieces: list[str]) -> None:
    html = "".join(pieces)
    safe = sanitise(html, attachments={"x": "/bestanden/1"})
    assert inspect(safe.html).deepest <= MOST_NESTED + 2
    inspect(show_remote_images(safe.html))
    html_to_text(html)


@pytest.mark.parametrize(
    ("given_html", "expected", "because"),
    [
        ("<p>Een <b>vet</b> woord</p>", "<p>Een <b>vet</b> woord</p>", "ordinary markup stays"),
        ("<p>een<p>twee", "<p>een</p><p>twee</p>", "open paragraphs are closed"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c", "crossed tags are untangled"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>", "open list items"),
        (
            "<table><tr><td>a<td>b<tr><td>c</table>",
            "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
            "open cells",
        ),
        ("1 < 2 &amp; 3 &gt; 2", "1 &lt; 2 &amp; 3 &gt; 2", "signs that mean themselves"),
        ("<font color=red>x</font>", '<font color="red">x</font>', "old colours"),
        ('<p style="color:#f00;margin:0">x</p>', '<p style="color: #f00">x</p>', "a handful of styles"),
        ("<form>tekst</form>", "tekst", "the words of what is dropped"),
        ("<!-- weg -->blijft", "blijft", "comments"),
        ("<style>p{}</style>blijft", "blijft", "styles with their content"),
        ("voor<!-- open", "voor&lt;!-- open", "a comment without end loses no text"),
        (
            '<a href="https://x.example/?a=1&b=2">x</a>',
            '<a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer" target="_blank">x</a>',
            "links",
        ),
    ],
)
def test_ordinary_html_keeps_its_shape(given_html: str, expected: str, because: str) -> None:
    assert sanitise(given_html).html == expected, because


def test_remote_pictures_wait_until_the_reader_asks() -> None:
    safe = sanitise(
        '<img src="https://tracker.example/p.gif?a=1&b=2" alt="logo"><img src="//tracker.example/q">'
    )
    assert safe.has_remote_images
    assert " src=" not in safe.html
    shown = show_remote_images(safe.html)
    assert shown.count(' referrerpolicy="no-referrer" src="https://tracker.example/') == 2
    assert "data-remote-src" not in shown


def test_attached_pictures_are_shown_from_our_own_site() -> None:
    safe = sanitise(
        '<img src="cid:foto@x"><img src="CID:een%20twee"><img src="cid:weg">',
        attachments={
            "foto@x": "/bestanden/1",
            "een twee": "/bestanden/2",
        },
    )
    assert safe.html == '<img src="/bestanden/1"><img src="/bestanden/2"><img>'
    assert not safe.has_remote_images


def test_small_pictures_inside_the_html_are_shown() -> None:
    html = '<img src="data:image/png;base64,iVBORw0KGgo=">'
    assert sanitise(html) == sanitise(sanitise(html).html)
    assert sanitise(html).html == html


def test_words_that_look_like_our_marks_are_only_words() -> None:
    html = '<p>&lt;img src="balie-remote:x" data-remote-src="https://x.example"&gt;</p>'
    safe = sanitise(html)
    assert not safe.has_remote_images
    assert show_remote_images(safe.html) == safe.html


MALICE = [
    *(
        "<div>",
        "<b>",
        "<table>",
        "<a><b>",
        "<p><b><i>",
        "<blockquote>",
        "<font size=1>",
        "<li>",
        "<td>",
        "<nobr>",
    ),
    *(
        "<",
        "&",
        "&amp;",
        "<!--",
        "<![CDATA[",
        "<script>",
        '<p "',
        "<p a='",
        "<a =<",
        "</p>",
        "<svg><td>",
        "<pre>\n",
        " a@b ",
    ),
]


@pytest.mark.parametrize("piece", MALICE)
def test_no_html_takes_long(piece: str) -> None:
    """Without `tidy` ten thousand open tags take the HTML5 parser minutes."""
    html = (piece * 60_000)[:120_000]
    begun = time.perf_counter()
    sanitise(html)
    html_to_text(html)
    assert time.perf_counter() - begun < 10


def test_bold_that_is_never_closed_does_not_multiply() -> None:
    html = "<p>" + "".join(f"<b title={n}>" for n in range(90)) + "<p>x</p>" * 1000
    assert len(sanitise(html).html) < 2 * len(html)


@pytest.mark.parametrize(
    ("html", "text", "because"),
    [
        ("<p>een</p><p>twee</p>", "een\n\ntwee", "paragraphs"),
        ("een<br>twee<br/>drie", "een\ntwee\ndrie", "line breaks"),
        ("<div>een</div><div>twee</div>", "een\ntwee", "a div is a line"),
        ("<div><div>een</div></div>\n<div>twee</div>", "een\ntwee", "white space between them is nothing"),
        ("<ul><li>een<li>twee</ul>drie", "- een\n- twee\n\ndrie", "lists"),
        ("<table><tr><td>a<td>b</tr><tr><td>c</td><td>d</td></tr></table>", "a b\nc d", "tables"),
        ("a <b> b</b>  c", "a b c", "white space is one space"),
        ("<pre>a\n  b</pre>", "a\n  b", "but not in pre"),
        ("a&nbsp;b &euro; &lt;c&gt;", "a b € <c>", "entities"),
        (
            "<blockquote>een<blockquote>twee</blockquote></blockquote>drie",
            "> een\n>\n> > twee\n>\ndrie",
            "quotes",
        ),
        ('<a href="https://x.example/">x.example</a>', "x.example", "a link that shows where it goes"),
        ('<a href="https://x.example/y">hier</a>', "hier <https://x.example/y>", "a link that does not"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example", "an address"),
        ('<a href="javascript:alert(1)">x</a>', "x", "a link that goes nowhere good"),
        (
            '<a href="https://x.example/y">een<br>hier</a>',
            "een\nhier <https://x.example/y>",
            "a link on two lines",
        ),
        ('<img alt="logo"><img>', "[logo]", "pictures"),
        ("<style>x</style><script>y</script><title>z</title>tekst", "tekst", "what nobody reads"),
        ("<head><style>p{}</style></head><body>tekst</body>", "tekst", "head and body"),
        ("1 < 2", "1 < 2", "a sign"),
        ("</blockquote></pre></a>x", "x", "ends without a beginning"),
        ("", "", "nothing"),
    ],
)
def test_html_becomes_the_text_that_a_person_reads(html: str, text: str, because: str) -> None:
    assert html_to_text(html) == text, because


def test_a_picture_named_by_its_location_gets_its_place() -> None:
    """Some programs name a picture by Content-Location instead of a content ID."""
    safe = sanitise('<img src="foto.png"><img src="ander.png">', attachments={"foto.png": "/attachments/1/"})
    assert safe.html == '<img src="/attachments/1/"><img>'
