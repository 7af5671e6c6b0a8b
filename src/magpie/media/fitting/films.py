"""Films, whole: what one is, and what a recipe makes of it."""

from magpie.media.fitting.probe_av import probe

__all__ = ["probe"]
