"""Decoders and encoders as the fitting uses them, to see that the walls leave room for them."""

import io

import av
from PIL import Image

Made = tuple[bytes, bytes]
RATE = 10


def picture(content: memoryview) -> Made:
    """Any picture to a JPEG of half its sides; the result is a corner's colour."""
    image = Image.open(io.BytesIO(content)).convert("RGB")
    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    made = io.BytesIO()
    half.save(made, half_format(image), quality=80, optimize=True, progressive=True)
    return repr((image.getpixel((1, 1)), half.size)).encode(), made.getvalue()


def half_format(image: Image.Image) -> str:
    return "JPEG" if image.width > 64 else "WEBP"


def film(content: memoryview) -> Made:
    """Any film to H.264 and AAC; the result is the number of pictures and of samples."""
    made = io.BytesIO()
    frames = samples = 0
    with av.open(io.BytesIO(content)) as source, av.open(made, "w", format="mp4") as target:
        streams = {}
        for stream in source.streams:
            stream.codec_context.thread_count = 1
            if isinstance(stream, av.VideoStream):
                video = target.add_stream("libx264", rate=RATE)
                video.width, video.height, video.pix_fmt = stream.width, stream.height, "yuv420p"
                video.codec_context.thread_count = 1
                streams[stream.index] = video
            else:
                streams[stream.index] = target.add_stream("aac", rate=stream.rate)
        for frame in source.decode():
            is_video = isinstance(frame, av.VideoFrame)
            frames += is_video
            samples += 0 if is_video else frame.samples
            kind = "video" if is_video else "audio"
            out = next(s for s in streams.values() if s.type == kind)
            frame.pts = None
            target.mux(out.encode(frame))
        for out in streams.values():
            target.mux(out.encode(None))
    return repr((frames, samples)).encode(), made.getvalue()


def work(task: bytes, content: memoryview) -> Made:
    return {"picture": picture, "film": film}[task.decode()](content)
