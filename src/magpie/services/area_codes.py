"""Area codes of the United States and Canada that serve the same place.

By the relief plans of the numbering administrators (NANPA, CNA): a complex is what stands between
commas; a code that was laid over two older ones stands in both.
"""

from functools import cache
from typing import Final

_UNITED_STATES: Final = """
205 659, 256 938, 480 602 623, 327 870,
209 350, 213 323 738, 310 424, 341 510, 369 707, 408 669, 415 628, 442 760, 530 837, 357 559,
619 858, 657 714, 747 818, 805 820, 840 909, 279 916,
303 720 983, 748 970, 203 475, 860 959, 202 771,
305 645 786, 321 407 689, 448 850, 561 728, 656 813, 754 954, 324 904,
404 470 678 943, 470 678 770 943, 706 762, 208 986,
217 447, 309 861, 312 872, 773 872, 331 630, 464 708, 618 730, 224 847, 779 815,
317 463, 812 930, 270 364, 227 240 301, 410 443 667, 339 781, 351 978, 508 774, 617 857,
248 947, 313 679, 507 924, 601 769, 314 557, 235 573, 816 975, 402 531, 702 725,
201 551, 609 640, 732 848, 862 973,
212 332 646 917, 347 718 917 929, 315 680, 363 516, 518 838, 624 716, 631 934, 329 845,
336 743, 704 980, 472 910, 919 984,
220 740, 234 330, 326 937, 380 614, 419 567, 436 440, 283 513, 405 572, 539 918, 458 541, 503 971,
215 267 445, 223 717, 272 570, 412 878, 724 878, 484 610 835, 582 814,
803 839, 843 854, 821 864, 615 629,
210 726, 214 469 945 972, 281 346 621 713 832, 430 903, 512 737, 682 817,
385 801, 540 826, 571 703, 757 948, 686 804, 360 564, 304 681, 534 715, 353 608, 274 920
"""
_CANADA: Final = """
368 403 587 825, 368 587 780 825, 236 250 672 778, 236 604 672 778, 204 431 584, 428 506, 709 879,
782 902, 416 437 647 942, 289 365 742 905, 226 382 519 548, 343 613 753, 249 683 705,
263 438 514, 354 450 579, 367 418 581, 468 819 873, 306 474 639
"""


def _complexes() -> tuple[frozenset[str], ...]:
    complexes = f"{_UNITED_STATES.strip()}, {_CANADA.strip()}".split(",")
    return tuple(frozenset(codes.split()) for codes in complexes)


COMPLEXES: Final = _complexes()


def area_of(address: str) -> str:
    """The area code of a number that begins with +1, else blank."""
    return address[2:5] if address.startswith("+1") else ""


@cache
def overlays_of(area: str) -> frozenset[str]:
    """The codes of the same place, and itself if there are any."""
    return frozenset[str]().union(*(codes for codes in COMPLEXES if area in codes))
