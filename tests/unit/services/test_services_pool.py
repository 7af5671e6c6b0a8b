from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers.geodata import GEOCODE_DATA

from magpie import phone
from magpie.services.area_codes import COMPLEXES, area_of, overlays_of
from magpie.services.pool import Candidate, able, choose

SAN_FRANCISCO, OAKLAND, NEW_YORK, TORONTO = (
    "+14155550100",
    "+15105550100",
    "+12125550100",
    "+14165550100",
)
FREE, LONDON, PARIS = "+18005550100", "+447700900100", "+33612345678"


def candidate(address: str, *, sms: bool = True, mms: bool = True, at: str = "") -> Candidate:
    """Of a number, a short code of a country (`at`), or a name."""
    if address.startswith("+"):
        kind = "toll-free" if phone.is_toll_free(address) else "local"
        country = phone.country_of(address)
    else:
        kind, country = ("short-code", at) if at else ("alphanumeric", None)
        mms = mms and bool(at)
    return Candidate(id_of(address), address, kind, country, sms, mms)


def id_of(address: str) -> UUID:
    return UUID(bytes=address.encode().rjust(16, b"\0"))


def first(candidates: list[Candidate]) -> Callable[[Candidate], int]:
    """Prefer those that come first."""
    return candidates.index


@pytest.mark.parametrize(
    ("pool", "to", "chosen"),
    [
        ([], "+14155550199", None),
        ([SAN_FRANCISCO], "+14155550199", SAN_FRANCISCO),
        # Kind: short codes of the country, then names, then numbers.
        ([SAN_FRANCISCO, "55500/US"], "+14155550199", "55500"),
        ([LONDON, "60001/GB", "Acme"], "+447700900199", "60001"),
        ([LONDON, "55500/US", "Acme"], "+447700900199", "Acme"),
        ([SAN_FRANCISCO, "Acme"], "+33612345699", "Acme"),
        # What cannot send there is as if it were not there.
        (["Acme"], "+14155550199", None),
        (["Acme"], "+14165550199", None),
        (["60001/GB", SAN_FRANCISCO], "+14155550199", SAN_FRANCISCO),
        (["55500/US"], "+14165550199", None),
        ([SAN_FRANCISCO], SAN_FRANCISCO, None),
        # Country: the recipient's, else a number of the United States, else any.
        ([SAN_FRANCISCO, LONDON], "+447700900199", LONDON),
        ([LONDON, SAN_FRANCISCO], "+33612345699", SAN_FRANCISCO),
        ([LONDON, PARIS], "+14155550199", LONDON),
        ([NEW_YORK, TORONTO], "+16135550199", TORONTO),
        ([LONDON, NEW_YORK], "+16135550199", NEW_YORK),
        # Area code: the same, else one laid over it, else any.
        ([NEW_YORK, SAN_FRANCISCO], "+14155550199", SAN_FRANCISCO),
        ([NEW_YORK, SAN_FRANCISCO], "+16285550199", SAN_FRANCISCO),
        ([SAN_FRANCISCO, NEW_YORK, "+16465550100"], "+16465550199", "+16465550100"),
        ([OAKLAND, NEW_YORK], "+14155550199", OAKLAND),
        ([FREE, SAN_FRANCISCO], "+14155550199", SAN_FRANCISCO),
        ([FREE, NEW_YORK], "+14155550199", FREE),
        (["+16135550100", TORONTO], "+16475550199", TORONTO),
    ],
)
def test_order(pool: list[str], to: str, chosen: str | None) -> None:
    """Kind goes before country, country before area code, and the rest are equal."""
    candidates = [candidate(one.partition("/")[0], at=one.partition("/")[2]) for one in pool]
    found = choose(candidates, to, mms=False, busy=first(candidates))
    assert (found.address if found else None) == chosen


def test_area_codes_can_be_disregarded() -> None:
    """Without the area code match the least busy number of the country is taken."""
    pool = [candidate(NEW_YORK), candidate(SAN_FRANCISCO)]
    found = choose(pool, "+14155550199", mms=False, busy=first(pool), area_code_geomatch=False)
    assert found == pool[0]


@pytest.mark.parametrize(
    ("mms", "chosen"), [(False, "55500"), (True, NEW_YORK)], ids=["text", "picture"]
)
def test_capability(mms: bool, chosen: str) -> None:
    """A sender that cannot send pictures is passed over for one, whatever its kind."""
    pool = [candidate("55500", at="US", mms=False), candidate(NEW_YORK), candidate("Acme")]
    found = choose(pool, "+14155550199", mms=mms, busy=first(pool))
    assert found is not None
    assert found.address == chosen
    pictures_only = [candidate(NEW_YORK, sms=False)]
    found = choose(pictures_only, "+14155550199", mms=mms, busy=first(pictures_only))
    assert (found is not None) == mms


@pytest.mark.parametrize(
    ("pool", "sticky", "to", "mms", "chosen"),
    [
        ([SAN_FRANCISCO, NEW_YORK], NEW_YORK, "+14155550199", False, NEW_YORK),
        (["55500/US", NEW_YORK], NEW_YORK, "+14155550199", False, NEW_YORK),
        ([SAN_FRANCISCO], NEW_YORK, "+14155550199", False, SAN_FRANCISCO),
        # From abroad: until there is a number or a short code of the recipient's country.
        ([SAN_FRANCISCO, PARIS], SAN_FRANCISCO, "+447700900199", False, SAN_FRANCISCO),
        ([SAN_FRANCISCO, LONDON], SAN_FRANCISCO, "+447700900199", False, LONDON),
        ([SAN_FRANCISCO, "60001/GB"], SAN_FRANCISCO, "+447700900199", False, "60001"),
        ([SAN_FRANCISCO, "Acme"], SAN_FRANCISCO, "+447700900199", False, SAN_FRANCISCO),
        (["Acme", LONDON], "Acme", "+447700900199", False, "Acme"),
        # One that cannot send this is not held on to.
        (["Acme", LONDON], "Acme", "+447700900199", True, LONDON),
    ],
)
def test_sticky(pool: list[str], sticky: str, to: str, mms: bool, chosen: str) -> None:
    """Whom the recipient knows sends, as long as it can and is not superseded."""
    candidates = [candidate(one.partition("/")[0], at=one.partition("/")[2]) for one in pool]
    found = choose(candidates, to, mms=mms, busy=first(candidates), sticky=id_of(sticky))
    assert found is not None
    assert found.address == chosen


ADDRESSES = st.sampled_from([SAN_FRANCISCO, OAKLAND, NEW_YORK, TORONTO, FREE, LONDON, PARIS])
POOLS = st.lists(
    st.builds(
        lambda address, sms, mms: candidate(address, sms=sms, mms=mms),
        ADDRESSES,
        st.booleans(),
        st.booleans(),
    ),
    unique_by=lambda one: one.address,
)


@settings(max_examples=200)
@given(POOLS, ADDRESSES, st.booleans(), st.booleans(), st.data())
def test_somebody_sends_if_anybody_can(
    pool: list[Candidate], to: str, mms: bool, by_area: bool, data: st.DataObject
) -> None:
    """Nobody is chosen exactly when nobody can, and the order of the pool does not matter."""
    rank = {one.id: place for place, one in enumerate(data.draw(st.permutations(pool)))}
    chosen = {
        choose(order, to, mms=mms, busy=lambda one: rank[one.id], area_code_geomatch=by_area)
        for order in (pool, pool[::-1])
    }
    assert len(chosen) == 1
    (one,) = chosen
    assert (one is None) == (not able(pool, to, mms=mms))
    assert one is None or (one.address != to and (one.mms if mms else one.sms))


def test_overlays() -> None:
    """Codes of one place know each other; one laid over two places knows both."""
    assert overlays_of("415") == {"415", "628"}
    assert overlays_of("917") == {"212", "332", "646", "917", "718", "347", "929"}
    assert "718" not in overlays_of("212")
    assert overlays_of("800") == frozenset()
    assert (area_of(SAN_FRANCISCO), area_of(LONDON)) == ("415", "")


@pytest.mark.parametrize("codes", COMPLEXES, ids=lambda codes: " ".join(sorted(codes)))
def test_overlays_are_of_one_state(codes: frozenset[str]) -> None:
    """Wherever a numbering plan names the state of area codes, it names one for each complex."""
    names = (GEOCODE_DATA.get(f"1{code}", {}).get("en") for code in codes)
    assert len({name for name in names if name and ", " not in name and len(name) > 2}) <= 1
    assert all(len(code) == 3 for code in codes)
