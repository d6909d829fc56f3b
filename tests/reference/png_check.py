"""Says what is wrong with PNG files, by the letter of the specification; exit 1 where anything is.

    png_check.py FILE...
"""
import struct
import sys
import zlib

SAMPLES = {0: 1, 2: 3, 3: 1, 6: 4}


def chunks(data):
    """Name and content of each chunk, checksums checked."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n", "signature"
    at = 8
    while at < len(data):
        (size,) = struct.unpack(">I", data[at:at + 4])
        body = data[at + 4:at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(body), body[:4]
        yield body[:4], body[4:]
        at += 12 + size


def check(data):
    found = list(chunks(data))
    names = [name for name, _ in found]
    assert names[0] == b"IHDR" and names[-1] == b"IEND", names
    pixels = [i for i, name in enumerate(names) if name == b"IDAT"]
    assert pixels == list(range(pixels[0], pixels[-1] + 1)), "other chunks between the pixels"
    width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", found[0][1])
    row = 1 + width * SAMPLES[colour] * depth // 8
    stream = zlib.decompressobj()
    rows = stream.decompress(b"".join(found[i][1] for i in pixels)) + stream.flush()
    assert stream.eof and not stream.unused_data, "end of the zlib stream"
    assert len(rows) == row * height, f"{len(rows)} bytes, not {row * height}"
    assert max(rows[::row]) <= 4, "filters"


failed = False
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            check(file.read())
    except (AssertionError, zlib.error, struct.error) as error:
        print(f"{path}: {error}")
        failed = True
sys.exit(failed)
