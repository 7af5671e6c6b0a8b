"""How one mandatory field stands on the wire (SMPP 3.4 clause 3.1).

A field is read at an offset and tells where the next one begins; IndexError or ValueError mean
that it is not there or breaks its rule. `status` is what a request with such a field is answered.
"""

from typing import Any, ClassVar, Final, Protocol

import msgspec

from magpie.protocols.smpp.status import Status

# Some servers send ids beyond 64 octets and leave out the NUL.
_LOOSE_CAP: Final = 512
_TIME_LENGTH: Final = 16


class Field(Protocol):
    @property
    def status(self) -> Status: ...

    def read(self, frame: bytes, at: int) -> tuple[Any, int]: ...

    def write(self, value: Any) -> bytes: ...


class FieldError(ValueError):
    """Raised where the status is not that of the whole field."""

    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status


class Address(msgspec.Struct, frozen=True):
    ton: int = 0
    npi: int = 0
    addr: str = ""


class DistributionList(msgspec.Struct, frozen=True):
    name: str


class Unsuccess(msgspec.Struct, frozen=True):
    """A destination that a submit_multi could not serve, and why."""

    address: Address
    status: int


class Octet:
    def __init__(self, status: Status = Status.RINVCMDLEN) -> None:
        self.status = status

    def read(self, frame: bytes, at: int) -> tuple[int, int]:
        return frame[at], at + 1

    def write(self, value: int) -> bytes:
        return bytes((value,))


class CString:
    """`size` counts the NUL. A loose one, in responses, may be longer and end with the PDU."""

    def __init__(self, size: int, status: Status, *, loose: bool = False) -> None:
        self.size = size
        self.status = status
        self.loose = loose

    def read(self, frame: bytes, at: int) -> tuple[str, int]:
        end = frame.find(0, at)
        if self.loose:
            end = len(frame) if end < 0 else end
        if not 0 <= end - at < (_LOOSE_CAP if self.loose else self.size):
            raise ValueError(end)
        return frame[at:end].decode("latin-1"), end + 1

    def write(self, value: str) -> bytes:
        raw = value.encode("latin-1")
        if len(raw) >= self.size or 0 in raw:
            raise ValueError(value)
        return raw + b"\0"


class Time(CString):
    """Empty or 16 characters to send; read as it comes, since a bad date must lose no message."""

    def __init__(self, status: Status) -> None:
        super().__init__(_TIME_LENGTH + 1, status)

    def write(self, value: str) -> bytes:
        if value and len(value) != _TIME_LENGTH:
            raise ValueError(value)
        return super().write(value)


class AddressField:
    def __init__(self, size: int, status: Status) -> None:
        self.status = status
        self._addr = CString(size, status)

    def read(self, frame: bytes, at: int) -> tuple[Address, int]:
        addr, end = self._addr.read(frame, at + 2)
        return Address(frame[at], frame[at + 1], addr), end

    def write(self, value: Address) -> bytes:
        return bytes((value.ton, value.npi)) + self._addr.write(value.addr)


class ShortMessage:
    """sm_length and short_message; 255 octets as in 5.0."""

    status = Status.RINVMSGLEN

    def read(self, frame: bytes, at: int) -> tuple[bytes, int]:
        end = at + 1 + frame[at]
        if end > len(frame):
            raise ValueError(end)
        return frame[at + 1 : end], end

    def write(self, value: bytes) -> bytes:
        return bytes((len(value),)) + value


class Destinations:
    """number_of_dests, then flag 1 and an address or flag 2 and a distribution list, each."""

    status = Status.RINVNUMDESTS
    _address = AddressField(21, Status.RINVDSTADR)
    _list = CString(21, Status.RINVDLNAME)
    _entries: ClassVar[dict[int, Field]] = {1: _address, 2: _list}

    def read(self, frame: bytes, at: int) -> tuple[tuple[Address | DistributionList, ...], int]:
        count, at = frame[at], at + 1
        found = []
        for _ in range(count):
            value, at = self._read_one(frame, at)
            found.append(value)
        return tuple(found), at

    def _read_one(self, frame: bytes, at: int) -> tuple[Address | DistributionList, int]:
        field = self._entries.get(frame[at])
        if field is None:
            raise FieldError(Status.RINVDESTFLAG)
        try:
            value, at = field.read(frame, at + 1)
        except (IndexError, ValueError) as error:
            raise FieldError(field.status) from error
        return value if isinstance(value, Address) else DistributionList(value), at

    def write(self, value: tuple[Address | DistributionList, ...]) -> bytes:
        return bytes((len(value),)) + b"".join(map(self._write_one, value))

    def _write_one(self, value: Address | DistributionList) -> bytes:
        if isinstance(value, Address):
            return b"\1" + self._address.write(value)
        return b"\2" + self._list.write(value.name)


class Unsuccesses:
    """no_unsuccess, then an address and a four-octet status each."""

    status = Status.RINVCMDLEN
    _address = AddressField(21, Status.RINVDSTADR)

    def read(self, frame: bytes, at: int) -> tuple[tuple[Unsuccess, ...], int]:
        count, at = frame[at], at + 1
        found = []
        for _ in range(count):
            address, at = self._address.read(frame, at)
            if at + 4 > len(frame):
                raise ValueError(at)
            found.append(Unsuccess(address, int.from_bytes(frame[at : at + 4], "big")))
            at += 4
        return tuple(found), at

    def write(self, value: tuple[Unsuccess, ...]) -> bytes:
        each = (self._address.write(u.address) + u.status.to_bytes(4, "big") for u in value)
        return bytes((len(value),)) + b"".join(each)
