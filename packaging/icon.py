#!/usr/bin/env python3
"""Draws assets/icon/vmnet-doctor.png (256 x 256) from the shapes of vmnet-doctor.svg. Needs nothing but Python."""
import pathlib
import struct
import zlib

SIZE = 256
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

rows = bytearray()
for row in range(SIZE):
    rows.append(0)
    for column in range(SIZE):
        red = green = blue = alpha = 0.0
        for distance, color in LAYERS:
            cover = min(max(0.5 - distance(column + 0.5, row + 0.5), 0.0), 1.0)
            red, green, blue = (old * (1 - cover) + new * cover for old, new in zip((red, green, blue), color))
            alpha = alpha * (1 - cover) + cover
        whole = alpha or 1.0
        rows += bytes(round(min(value / whole, 255)) for value in (red, green, blue)) + bytes([round(alpha * 255)])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


out = pathlib.Path(__file__).resolve().parent.parent / "assets/icon/vmnet-doctor.png"
out.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
                + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b""))
