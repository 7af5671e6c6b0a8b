"""What HTTP gives in place of an answer."""

from aiohttp import web

from magpie.simulator.verdict import GARBAGE, NoAnswer


async def spoiled(
    request: web.Request, way: NoAnswer, content_type: str, answer: bytes
) -> web.StreamResponse:
    match way:
        case NoAnswer.HANG_UP:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        case NoAnswer.GARBAGE:
            return web.Response(body=GARBAGE, content_type=content_type)
        case NoAnswer.CUT:
            return await dropped(request, content_type, answer, len(answer) // 2)


async def dropped(
    request: web.Request, content_type: str, answer: bytes, octets: int
) -> web.StreamResponse:
    """So many octets of the answer, and the connection ends."""
    response = web.StreamResponse(headers={"Content-Type": content_type})
    response.content_length = len(answer)
    await response.prepare(request)
    await response.write(answer[:octets])
    if request.transport is not None:
        request.transport.close()
    return response
