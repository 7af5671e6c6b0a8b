"""The corpus: what our writers write, and the special cases that are known to have hurt others."""

from typing import Final

from tests.fuzz.corpus.mail import MIME_BODY, MM4_MAIL, SMTP_DATA
from tests.fuzz.corpus.mms import MM1_PDU, WSP_PUSH
from tests.fuzz.corpus.sessions import SMPP_SESSION
from tests.fuzz.corpus.smpp import SMPP_PDU
from tests.fuzz.corpus.texts import DATA_CODING
from tests.fuzz.corpus.xml import MM7_SOAP, SMIL_SLIDES, TWIML_ANSWER
from tests.fuzz.outcome import Cases

CORPUS: Final[dict[str, Cases]] = {
    "smpp_pdu": SMPP_PDU,
    "smpp_session": SMPP_SESSION,
    "data_coding": DATA_CODING,
    "mm1_pdu": MM1_PDU,
    "wsp_push": WSP_PUSH,
    "mm4_mail": MM4_MAIL,
    "smtp_data": SMTP_DATA,
    "mm7_soap": MM7_SOAP,
    "mime_body": MIME_BODY,
    "twiml_answer": TWIML_ANSWER,
    "smil_slides": SMIL_SLIDES,
}
