"""The one style sheet, in the page itself and named by its hash: no other style can apply.

Browsers ask for an icon; a page that names none would have them ask for what is not there.
"""

import base64
import hashlib
from pathlib import Path
from typing import Final

CSS: Final = Path(__file__).with_name("style.css").read_text("utf-8")
ICON: Final = Path(__file__).with_name("icon.svg").read_text("utf-8")
ICON_PATH: Final = "/m/icon.svg"
_HASH: Final = base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()

POLICY: Final = (
    "default-src 'none'; img-src 'self'; media-src 'self'; "
    f"style-src 'sha256-{_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
