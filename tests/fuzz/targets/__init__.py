"""What is fuzzed: each target takes octets, and fails for all but the codec's own errors.

What was read is written and read again; the same must come of it, unless the writer refuses. Where
a reader is tolerant, that holds from the first thing written onwards.
"""

from collections.abc import Callable
from typing import Final

from tests.fuzz.outcome import Outcome
from tests.fuzz.targets.mail import mime_body, mm4_mail, smtp_data
from tests.fuzz.targets.mms import mm1_pdu, wsp_push
from tests.fuzz.targets.smpp import data_coding, smpp_pdu, smpp_session
from tests.fuzz.targets.xml import mm7_soap, smil_slides, twiml_answer

Target = Callable[[bytes], Outcome]

TARGETS: Final[dict[str, Target]] = {
    target.__name__: target
    for target in (
        smpp_pdu,
        smpp_session,
        data_coding,
        mm1_pdu,
        wsp_push,
        mm4_mail,
        smtp_data,
        mm7_soap,
        mime_body,
        twiml_answer,
        smil_slides,
    )
}
