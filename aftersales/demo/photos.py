"""A few drawn "photos" of damaged goods, stored once and attached many times."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Final

from PIL import Image, ImageDraw

from tickets import files
from tickets.services.files import draw_thumbnail

COUNT: Final = 6
SIZE: Final = (600, 450)
_CLOTHS: Final = ((62, 84, 112), (143, 92, 70), (90, 110, 84), (120, 78, 98))


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored picture."""

    digest: str
    size: int


def keep(content: bytes) -> str:
    """Store bytes under their digest without waiting for the disk, as `files.put` would."""
    digest = sha256(content).hexdigest()
    path = files.path_of(digest)
    try:
        handle = os.open(path, files.NEW_FILE, 0o600)
    except FileExistsError:
        return digest
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return keep(content)
    with open(handle, "wb", buffering=0) as file:
        file.write(content)
    return digest


def draw_photos(rng: Random) -> list[Photo]:
    """Draw the pictures with their thumbnails and store them."""
    photos = []
    for number in range(COUNT):
        buffer = io.BytesIO()
        draw_photo(rng, number).save(buffer, "PNG", compress_level=1)
        digest = keep(buffer.getvalue())
        draw_thumbnail(buffer.getvalue(), digest)
        photos.append(Photo(digest, len(buffer.getvalue())))
    return photos


def draw_photo(rng: Random, number: int) -> Image.Image:
    """A cloth with a tear, or a box with a crushed corner, on a table."""
    picture = Image.new("RGB", SIZE, (214, 203, 188))
    pen = ImageDraw.Draw(picture)
    for line in range(0, SIZE[1], 24):
        shade = 196 + rng.randrange(14)
        pen.line(((0, line), (SIZE[0], line + rng.randrange(6))), (shade, shade - 8, shade - 22), 2)
    draw_cloth(pen, rng, _CLOTHS[number % 4]) if number % 2 else draw_box(pen, rng)
    return picture


def draw_cloth(pen: ImageDraw.ImageDraw, rng: Random, color: tuple[int, int, int]) -> None:
    left, top = 90 + rng.randrange(60), 50 + rng.randrange(40)
    pen.rounded_rectangle((left, top, left + 420, top + 360), 36, color)
    for fold in range(5):
        x = left + 50 + fold * 78
        shade = tuple(max(0, part - 18) for part in color)
        pen.line(((x, top + 20), (x + rng.randrange(-24, 24), top + 340)), shade, 5)
    x, y = left + rng.randrange(90, 300), top + 120
    points = [(x, y)]
    for _ in range(7):
        x, y = x + rng.randrange(-12, 16), y + rng.randrange(14, 26)
        points.append((x, y))
    pen.line(points, (24, 22, 26), 9, joint="curve")


def draw_box(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    left, top = 100 + rng.randrange(50), 90 + rng.randrange(30)
    pen.rectangle((left, top, left + 400, top + 300), (178, 138, 92), (120, 88, 52), 4)
    pen.rectangle((left + 180, top, left + 222, top + 300), (201, 168, 120))
    dent = [(left + 400, top), (left + 400 - rng.randrange(70, 120), top), (left + 400, top + 110)]
    pen.polygon(dent, (96, 70, 42))
    for _ in range(5):
        x, y = left + rng.randrange(260, 390), top + rng.randrange(20, 120)
        pen.line(((x, y), (x - rng.randrange(20, 60), y + rng.randrange(20, 70))), (70, 52, 34), 3)
