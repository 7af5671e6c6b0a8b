"""Calls a customer's server: signed, with the retries that its URL asks for, then the fallback."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

import msgspec

from magpie.kit import clock
from magpie.kit.egress import (
    BadURLError,
    Credentials,
    Egress,
    EgressError,
    Failure,
    Limits,
    Reply,
    Target,
    parse,
)
from magpie.webhooks import overrides, retry
from magpie.webhooks.model import Delivery
from magpie.webhooks.signature import Params, sign
from magpie.webhooks.signature import bare as bare_of

AGENT = "TwilioProxy/1.1"
# TwiML may have 64 kB; what is longer is a failure of its own (11750).
MOST_BYTES = 64 * 1024
# Of an answer so much is read and kept, so that people can see what was too long.
MOST_KEPT = 256 * 1024
IDEMPOTENCY = "I-Twilio-Idempotency-Token"
SIGNATURE = "X-Twilio-Signature"
_FORM = "application/x-www-form-urlencoded; charset=utf-8"
_REDIRECTS = 10
_BAD_URL = 11100

TokenOf = Callable[[str], Awaitable[str]]
"""Gives the auth token by which an account's webhooks are signed."""


class Try(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request and what came of it; `ms` is how long it took."""

    url: str
    method: str
    ms: float
    status: int | None = None
    failure: str | None = None
    code: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What all tries of one URL have in common.

    `url` is as it is requested; `target` is what was asked for, with overrides and credentials.
    """

    url: str
    target: str
    method: str
    params: Params
    headers: Mapping[str, str]
    attempts: int
    fallback: bool


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A try, whole. `pause` is the seconds until the next one, None after the last."""

    told: Try
    asked: Asked
    attempt: int
    at: datetime
    reply: Reply | None = None
    pause: float | None = None


class Posted(msgspec.Struct, frozen=True, kw_only=True):
    """All tries of a delivery. Without a reply, `code` says why (errors.md section 5)."""

    exchanges: tuple[Exchange, ...]
    reply: Reply | None = None
    code: int | None = None

    @property
    def tries(self) -> tuple[Try, ...]:
        return tuple(exchange.told for exchange in self.exchanges)


class Poster:
    def __init__(self, egress: Egress, token_of: TokenOf) -> None:
        self._egress = egress
        self._token_of = token_of

    async def post(
        self, account_sid: str, delivery: Delivery, token: str, cookie: str | None = None
    ) -> Posted:
        """`token` names this delivery on every try; failures are told, never raised."""
        headers = {IDEMPOTENCY: token}
        if cookie:
            headers["Cookie"] = cookie
        posted = await self.call(
            account_sid, delivery.url, delivery.method, delivery.params, headers
        )
        if posted.code is None or not delivery.fallback_url:
            return posted
        params = [
            *delivery.params,
            ("ErrorCode", str(posted.code)),
            ("ErrorUrl", delivery.url.partition("#")[0]),
        ]
        fallback = await self.call(
            account_sid,
            delivery.fallback_url,
            delivery.fallback_method,
            params,
            headers,
            fallback=True,
        )
        return msgspec.structs.replace(fallback, exchanges=posted.exchanges + fallback.exchanges)

    async def call(
        self,
        account_sid: str,
        url: str,
        method: str,
        params: Params,
        headers: Mapping[str, str],
        *,
        fallback: bool = False,
    ) -> Posted:
        """One URL and its retries, all within the total time that its fragment allows."""
        try:
            parsed, wanted = _place(url)
        except (overrides.BadRetryPolicyError, BadURLError) as wrong:
            code = getattr(wrong, "code", _BAD_URL)
            asked = _asked(bare_of(url), url, method, params, {}, 1, fallback=fallback)
            return Posted(exchanges=(_refused(asked, code),), code=code)
        target = parsed.url
        if method == "GET" and params:
            target += ("&" if "?" in target else "?") + urlencode(params)
        signed = sign(await self._token_of(account_sid), target, params if method == "POST" else ())
        headers = {**headers, SIGNATURE: signed, "User-Agent": AGENT}
        if method == "POST":
            headers["Content-Type"] = _FORM
        asked = _asked(target, url, method, params, headers, wanted.retries + 1, fallback=fallback)
        return await self._burst(asked, wanted, parsed.credentials)

    async def _burst(
        self, asked: Asked, wanted: overrides.Overrides, auth: Credentials | None
    ) -> Posted:
        exchanges: list[Exchange] = []
        started = clock.monotonic()
        while True:
            at, elapsed = clock.now(), clock.monotonic() - started
            limits = Limits(*retry.bounds(wanted, elapsed), most_bytes=MOST_KEPT)
            reply, result = await self._try(asked, limits, auth)
            now = clock.monotonic() - started
            decision = retry.decide(wanted, len(exchanges) + 1, now, result)
            code = None if isinstance(decision, retry.Done) else decision.code
            exchange = Exchange(
                told=_told(asked, result, now - elapsed, code),
                asked=asked,
                attempt=len(exchanges) + 1,
                at=at,
                reply=reply,
                pause=decision.delay if isinstance(decision, retry.Retry) else None,
            )
            exchanges.append(exchange)
            if not isinstance(decision, retry.Retry):
                kept = reply if code is None else None
                return Posted(exchanges=tuple(exchanges), reply=kept, code=code)
            await clock.sleep(decision.delay)

    async def _try(
        self, asked: Asked, limits: Limits, auth: Credentials | None
    ) -> tuple[Reply | None, retry.Result]:
        try:
            reply = await self._egress.request(
                asked.method,
                asked.url,
                headers=asked.headers,
                body=urlencode(asked.params).encode() if asked.method == "POST" else None,
                limits=limits,
                redirects=_REDIRECTS,
                auth=auth,
                repeatable=True,
            )
        except EgressError as error:
            return None, retry.Result(failure=error.failure.value, partial=error.partial)
        if len(reply.body) > MOST_BYTES:
            return reply, retry.Result(failure=Failure.TOO_LARGE.value, partial=True)
        return reply, retry.Result(status=reply.status)


@lru_cache(4096)
def _place(url: str) -> tuple[Target, overrides.Overrides]:
    """Endpoints are few and called often."""
    bare, wanted = overrides.split(url)
    return parse(bare), wanted


def _asked(
    url: str,
    target: str,
    method: str,
    params: Params,
    headers: Mapping[str, str],
    attempts: int,
    *,
    fallback: bool,
) -> Asked:
    return Asked(
        url=url,
        target=target,
        method=method,
        params=params,
        headers=headers,
        attempts=attempts,
        fallback=fallback,
    )


def _told(asked: Asked, result: retry.Result, seconds: float, code: int | None) -> Try:
    return Try(
        url=asked.url.partition("?")[0] if asked.method == "GET" else asked.url,
        method=asked.method,
        ms=round(seconds * 1000, 1),
        status=result.status,
        failure=result.failure,
        code=code,
    )


def _refused(asked: Asked, code: int) -> Exchange:
    told = Try(url=asked.url, method=asked.method, ms=0.0, failure="bad_retry_policy", code=code)
    return Exchange(told=told, asked=asked, attempt=1, at=clock.now())
