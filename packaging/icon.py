#!/usr/bin/env python3
"""Draws the icon from the shapes of vmnet-doctor.svg. Needs nothing but Python.

packaging/icon.py                assets/icon/vmnet-doctor.png, 256 x 256
packaging/icon.py --png N FILE   a picture of N x N
packaging/icon.py --ico FILE     the icon of Windows
packaging/icon.py --icns FILE    the icon of macOS
"""
import functools
import pathlib
import struct
import sys
import zlib

# All shapes are drawn for this size.
DRAWN = 256
BLUE, WHITE, GREEN = (0x2B, 0x59, 0xC3), (255, 255, 255), (0x62, 0xD3, 0x9E)


def box(x, y):  # rounded square, 8 to 248, corners of 56
    dx, dy = max(abs(x - 128) - 64, 0), max(abs(y - 128) - 64, 0)
    return (dx * dx + dy * dy) ** 0.5 - 56


def bar(x0, y0, x1, y1):  # round-ended line of width 17
    def distance(x, y):
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        share = min(max(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0), 1)
        return ((x - x0 - share * (x1 - x0)) ** 2 + (y - y0 - share * (y1 - y0)) ** 2) ** 0.5 - 8.5
    return distance


def ring(x, y):
    return abs(((x - 90) ** 2 + (y - 92) ** 2) ** 0.5 - 24) - 8.5


def disc(x, y):
    return ((x - 166) ** 2 + (y - 172) ** 2) ** 0.5 - 26


LAYERS = [(box, BLUE), *((bar(*line), WHITE) for line in (
    (42, 92, 66, 92), (114, 92, 214, 92), (90, 116, 90, 172), (42, 172, 214, 172), (166, 128, 166, 160))),
    (ring, WHITE), (disc, GREEN)]

def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@functools.cache
def png(size):
    scale = DRAWN / size
    rows = bytearray()
    for row in range(size):
        rows.append(0)
        for column in range(size):
            red = green = blue = alpha = 0.0
            for distance, color in LAYERS:
                away = distance((column + 0.5) * scale, (row + 0.5) * scale) / scale
                cover = min(max(0.5 - away, 0.0), 1.0)
                red, green, blue = (old * (1 - cover) + new * cover for old, new in zip((red, green, blue), color))
                alpha = alpha * (1 - cover) + cover
            whole = alpha or 1.0
            rows += bytes(round(min(value / whole, 255)) for value in (red, green, blue)) + bytes([round(alpha * 255)])
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))


def ico():
    sizes = (16, 24, 32, 48, 64, 256)
    pictures = [png(size) for size in sizes]
    at = 6 + 16 * len(sizes)
    head = struct.pack("<HHH", 0, 1, len(sizes))
    for size, picture in zip(sizes, pictures):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + b"".join(pictures)


def icns():
    # Apple's names of PNG entries by size; those of doubled resolution are the next larger ones.
    kinds = ((b"icp4", 16), (b"icp5", 32), (b"ic07", 128), (b"ic08", 256), (b"ic09", 512), (b"ic11", 32), (b"ic12", 64),
             (b"ic13", 256), (b"ic14", 512))
    entries = b""
    for kind, size in kinds:
        picture = png(size)
        entries += kind + struct.pack(">I", len(picture) + 8) + picture
    return b"icns" + struct.pack(">I", len(entries) + 8) + entries


match sys.argv[1:]:
    case ["--png", size, path]:
        pathlib.Path(path).write_bytes(png(int(size)))
    case ["--ico", path]:
        pathlib.Path(path).write_bytes(ico())
    case ["--icns", path]:
        pathlib.Path(path).write_bytes(icns())
    case []:
        out = pathlib.Path(__file__).resolve().parent.parent / "assets/icon/vmnet-doctor.png"
        out.write_bytes(png(DRAWN))
    case _:
        sys.exit(__doc__)
