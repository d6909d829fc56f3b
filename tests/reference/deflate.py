#!/usr/bin/python3
"""Streams of format/png/deflate.c, which zlib must understand.

deflate.py CHECK_DEFLATE [SEED [OTHER]]    says what is wrong, exit 1; else nothing
OTHER: another such program, whose streams must be the same"""
import random
import subprocess
import sys
import zlib


def noise(rng, n, spread):
    """Like what a filter leaves of noise."""
    return bytes(int(rng.gauss(0, spread)) & 255 for _ in range(n))


def deep(n):
    """Bytes whose counts are Fibonacci's numbers: the deepest tree there is."""
    counts = [1, 1]
    while sum(counts) < n and len(counts) < 256:
        counts.append(counts[-1] + counts[-2])
    return b"".join(bytes([byte]) * count for byte, count in enumerate(counts))[:n]


def scattered(rng, v):
    """The same bytes with no run of them, or few."""
    mixed = list(v)
    rng.shuffle(mixed)
    return bytes(mixed)


def runs(rng, n, lengths, pixel):
    """Runs of pixels, with a few other bytes between some."""
    v = b""
    while len(v) < n:
        v += rng.randbytes(pixel) * rng.choice(lengths) + rng.randbytes(rng.choice((0, 0, 1, 2, 9)))
    return v[:n]


def cases(rng):
    """(bytes, distance, whether the stream must be as small as zlib's)"""
    for n in [*range(0, 40), 255, 256, 257, 258, 259, 260, 261, 262, 517, 4099]:
        for v in (bytes(n), rng.randbytes(n), noise(rng, n, 3), runs(rng, n, (1, 8, 20), 1)):
            yield v, rng.choice((1, 2, 3, 4, 6, 8)), False
    for length in [*range(1, 20), *range(250, 280), *range(510, 525)]:
        yield b"start" + bytes(length) + b"end", 1, False
    for n in (65534, 65535, 65536, 131070, 131071, 200000):
        yield bytes(n), 1, False
        yield deep(n), 1, False
        yield rng.randbytes(n), 3, True
        yield noise(rng, n, 9), 1, True
        yield noise(rng, n, 0.6), 1, True
        yield scattered(rng, deep(n)), 1, True
        yield runs(rng, n, range(1, 100), 1), 1, False
    for pixel in (1, 2, 3, 4, 6, 8):
        for lengths in ((2, 3, 4), (1, 30), (300, 700), (1, 2, 70000)):
            yield runs(rng, 90000, lengths, pixel), pixel, False
        yield bytes(pixel) * 30 + noise(rng, 3000, 2) + bytes(8), pixel, False


def zlibs_size(v):
    """In Huffman codes alone, and with runs of a byte."""
    sizes = []
    for strategy in (zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):
        packer = zlib.compressobj(1, zlib.DEFLATED, -15, 8, strategy)
        sizes.append(len(packer.compress(v) + packer.flush()))
    return min(sizes)


def fault(v, last, small, stream, most):
    """What is wrong with a stream, or None."""
    if len(stream) > most:
        return f"takes {len(stream)} bytes, more than {most}"
    unpacker = zlib.decompressobj(-15)
    try:
        back = unpacker.decompress(stream)
    except zlib.error as why:
        return f"zlib: {why}"
    if back != v:
        return "zlib makes other bytes of it"
    if unpacker.eof != last or unpacker.unused_data:
        return "it ends elsewhere"
    if not last and not stream.endswith(b"\0\0\xff\xff"):
        return "it does not end on a byte"
    if small and len(stream) > zlibs_size(v) * 1.01 + 20:
        return f"takes {len(stream)} bytes, zlib {zlibs_size(v)}"
    return None


def deflated(program, told):
    return subprocess.run([program], input=told, stdout=subprocess.PIPE, check=True).stdout


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10 ** 9)
    rng = random.Random(seed)
    todo = [(*case, last) for case in cases(rng) for last in (True, False)]
    told = b"".join(b"%d %d %d\n%b" % (distance, last, len(v), v) for v, distance, _, last in todo)
    made, *others = (deflated(program, told) for program in sys.argv[1:2] + sys.argv[3:])
    at, wrong = 0, 0
    if any(other != made for other in others):
        sys.exit(f"seed {seed}: {sys.argv[3]} makes other streams")
    for v, distance, small, last in todo:
        end = made.index(b"\n", at)
        size, most = map(int, made[at:end].split())
        at = end + 1 + size
        why = fault(v, last, small, made[end + 1:at], most)
        if why:
            print(f"seed {seed}: {len(v)} bytes {v[:20]!r}, distance {distance}, last {last}: {why}")
            wrong += 1
    if at != len(made):
        sys.exit("more came back than was asked for")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
