"""Drawings in place of pictures, the same for the same id: inline SVG, without styles or scripts."""

from html import escape
from random import Random

_HORIZON = (0.45, 0.7)  # fractions of the height
_INITIAL_COLOURS = ("#8a3ab9", "#4c68d7", "#c13584", "#b3541e", "#2a7d5f", "#8f5d00")


def picture(number: int, kind: str, label: str, width: int = 640, height: int = 640) -> str:
    """A landscape for a media object: image, video or carousel. Screen readers read the label."""
    random = Random(number)
    hue = random.randrange(360)
    horizon = int(height * random.uniform(*_HORIZON))
    sun_x, sun_y, sun = random.randrange(width), random.randrange(horizon), random.randrange(30, 90)
    shapes = [
        f'<rect width="{width}" height="{height}" fill="hsl({hue},55%,72%)"/>',
        f'<circle cx="{sun_x}" cy="{sun_y}" r="{sun}" fill="hsl({hue + 40},90%,88%)"/>',
        *(
            f'<path d="{_hill(random, width, height, horizon + layer * (height - horizon) // 3)}" '
            f'fill="hsl({hue + 160 + layer * 15},{34 + layer * 4}%,{46 - layer * 12}%)"/>'
            for layer in range(3)
        ),
        _MARKS.get(kind, ""),
    ]
    return (
        f'<svg class="picture" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label)}" '
        f'preserveAspectRatio="xMidYMid slice">{"".join(shapes)}</svg>'
    )


def _hill(random: Random, width: int, height: int, top: int) -> str:
    left, peak, right = (top + random.randrange(-60, 60) for _ in range(3))
    return f"M0 {left} Q{random.randrange(width)} {peak - 80} {width} {right} V{height} H0 Z"


_MARKS = {
    "video": '<circle cx="320" cy="280" r="70" fill="#000" fill-opacity=".45"/>'
    '<path d="M298 240 L362 280 L298 320 Z" fill="#fff"/>',
    "carousel": '<rect x="536" y="48" width="56" height="56" rx="8" fill="none" stroke="#fff" '
    'stroke-width="10"/><rect x="552" y="32" width="56" height="56" rx="8" fill="#fff" fill-opacity=".85"/>',
}


def avatar(number: int, username: str) -> str:
    """A disc with the initial of a user; decoration beside the name."""
    colour = _INITIAL_COLOURS[number % len(_INITIAL_COLOURS)]
    return (
        '<svg class="avatar" viewBox="0 0 40 40" aria-hidden="true">'
        f'<circle cx="20" cy="20" r="20" fill="{colour}"/>'
        '<text x="20" y="27" font-size="20" text-anchor="middle" fill="#fff" font-family="sans-serif">'
        f"{escape(username[:1].upper())}</text></svg>"
    )
