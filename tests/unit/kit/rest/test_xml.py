from decimal import Decimal
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from magpie.kit.rest import xml

ROOT = '<?xml version="1.0" encoding="UTF-8"?>\n<TwilioResponse>'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"num_segments": "1"}, "<NumSegments>1</NumSegments>"),
        ({"error_code": None}, "<ErrorCode/>"),
        ({"error_code": 30007}, "<ErrorCode>30007</ErrorCode>"),
        ({"body": ""}, "<Body/>"),
        ({"body": "a<b>&\"'"}, "<Body>a&lt;b&gt;&amp;&quot;&#x27;</Body>"),
        ({"beta": False}, "<Beta>false</Beta>"),
        ({"price": Decimal("-0.00750")}, "<Price>-0.00750</Price>"),
        (
            {"subresource_uris": {"media": "/x"}},
            "<SubresourceUris><Media>/x</Media></SubresourceUris>",
        ),
        ({"ids": ["a", "b"]}, "<Ids><Id>a</Id><Id>b</Id></Ids>"),
        ({"tags": {"1": "a", "a b><": "c", "": "d"}}, "<Tags><_1>a</_1><AB>c</AB><_>d</_></Tags>"),
        ({"list": [1]}, "<List><Item>1</Item></List>"),
        ({"body": "a\x01\r\n😀"}, "<Body>a\ufffd&#13;\n😀</Body>"),
    ],
)
def test_document(value: dict[str, Any], expected: str) -> None:
    """Properties become CamelCase elements, what is not there an empty one."""
    made = xml.document("Message", value).decode()
    assert made == f"{ROOT}<Message>{expected}</Message></TwilioResponse>"


def test_listing() -> None:
    """A list carries its paging as lower-case attributes."""
    made = xml.listing("Messages", "Message", [{"sid": "SM1"}], {"first_page_uri": "/M?a=1&b=2"})
    assert made.decode() == (
        f'{ROOT}<Messages firstpageuri="/M?a=1&amp;b=2"><Message><Sid>SM1</Sid></Message>'
        "</Messages></TwilioResponse>"
    )


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cn"))))
def test_text_round_trip(body: str) -> None:
    """A body of letters, marks and symbols is read back from the document as it was."""
    assert fromstring(xml.document("Message", {"body": body})).findtext("Message/Body") == body


@given(st.text())
def test_every_text_makes_a_document(body: str) -> None:
    """No text can break the document that it stands in."""
    assert fromstring(xml.listing("Ms", "M", [{"b": body}], {"uri": body})).find("Ms") is not None
