"""Who may bind: an ESME, external short message entity, is a program that speaks SMPP to us."""

from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Final
from uuid import UUID

from magpie import sids
from magpie.kit.record import Record
from magpie.protocols.smpp import Alphabet, LongText, TextOptions

LONGEST_SYSTEM_ID: Final = 15
MOST: Final = 100
ALPHABETS: Final = {
    "gsm7": Alphabet.GSM,
    "latin1": Alphabet.LATIN_1,
    "ascii": Alphabet.ASCII,
}
LONG_TEXTS: Final = {
    "udh": LongText.UDH_8,
    "sar": LongText.SAR,
    "payload": LongText.PAYLOAD,
}
ID_FORMS: Final = ("sid", "hex", "decimal")
DATE_FORMS: Final = ("minutes", "seconds")
RECEIVES: Final = ("none", "all", "list")


class Esme(Record, frozen=True):
    """`allowed` are networks, none for all; `rate` is segments a second on each bind, 0 no limit.

    `messaging_service_sid` chooses the sender of what is submitted without a source address.
    """

    account_sid: str
    sid: str
    system_id: str
    password_hash: bytes
    friendly_name: str
    enabled: bool
    allowed: list[str]
    most_binds: int
    send_window: int
    rate: int
    messaging_service_sid: str | None
    id_form: str
    date_form: str
    receipt_tlvs: bool
    alphabet: str
    long_text: str
    deduplicates: bool
    receives: str
    numbers: list[str]
    date_created: datetime
    date_updated: datetime

    def may_bind_from(self, address: str) -> bool:
        try:
            peer = ip_address(address)
        except ValueError:
            return not self.allowed
        peer = getattr(peer, "ipv4_mapped", None) or peer
        return not self.allowed or any(peer in ip_network(network) for network in self.allowed)

    def takes(self, number: str) -> bool:
        """Whether texts to this number of the account are handed to it."""
        return self.receives == "all" or (self.receives == "list" and number in self.numbers)

    @property
    def text_options(self) -> TextOptions:
        return TextOptions(
            default_alphabet=ALPHABETS[self.alphabet], long_text=LONG_TEXTS[self.long_text]
        )

    def id_of(self, message_id: UUID) -> str:
        """A message's id as this client wants it: 34 letters and digits, 32, or 39 digits."""
        match self.id_form:
            case "hex":
                return message_id.hex
            case "decimal":
                return str(message_id.int)
            case _:
                return sids.new("SM", message_id)

    def id_from(self, text: str) -> UUID | None:
        """The way back; the other forms are understood as well."""
        if sids.is_sid(text, "SM", "MM"):
            return sids.uuid_of(text)
        base = 10 if self.id_form == "decimal" else 16
        if not (text.isascii() and text.isalnum()):
            return None
        try:
            return UUID(int=int(text, base))
        except ValueError:
            return None
