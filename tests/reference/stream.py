#!/usr/bin/python3
"""volcrop against numpy: all sample types and encodings, and random slices. Prints its seed."""
import gzip
import sys

import numpy as np
from vol import attempt, header, stream

SEED = int(sys.argv[1]) if len(sys.argv) > 1 else 20240607
TYPES = {"uchar": "u1", "signed char": "i1", "short": "i2", "ushort": "u2", "int": "i4",
         "uint": "u4", "longlong": "i8", "ulonglong": "u8", "float": "f4", "double": "f8"}


def check_types(rng):
    for name, code in TYPES.items():
        for order, endian in ("<", "little"), (">", "big"):
            for encoding in "raw", "gzip", "GZ":
                if code[0] == "f":
                    v = rng.normal(0, 1e3, (3, 4, 5)).astype(order + code)
                    v[0, 0, :3] = np.nan, np.inf, -0.0
                else:
                    i = np.iinfo(code)
                    v = rng.integers(i.min, i.max, (3, 4, 5), code, endpoint=True).astype(order + code)
                    v[0, 0, :2] = i.min, i.max
                raw = v.tobytes()
                data = raw if encoding == "raw" else gzip.compress(raw[:99]) + gzip.compress(raw[99:])
                head = header(type=name, dimension=3, sizes="5 4 3", endian=endian, encoding=encoding)
                status, out, said = attempt(["volcrop"], input=head + data)
                assert status == 0, (name, order, encoding, said)
                assert out.endswith(b"\n\n" + v.astype("<f4").tobytes()), (name, order, encoding)


def random_slice(rng, n):
    a = int(rng.integers(-n - 2, n + 3)) if rng.random() < .7 else None
    b = int(rng.integers(-n - 2, n + 3)) if rng.random() < .7 else None
    s = int(rng.integers(1, 4)) if rng.random() < .5 else None
    text = ("" if a is None else str(a)) + ":" + ("" if b is None else str(b))
    return text + ("" if s is None else f":{s}"), slice(a, b, s)


def check_slices(rng):
    gray = rng.random((7, 8, 9)).astype("<f4")
    color = rng.random((4, 5, 6, 3)).astype("<f4")
    wide = rng.random((2, 1, 70000, 2)).astype("<f4")  # a row longer than a block
    for turn in range(120):
        for v in (gray, color) if turn % 20 else (gray, color, wide):
            data = stream(v, "vector")
            texts, slices = zip(*(random_slice(rng, n) for n in v.shape[:3]))
            command = ["volcrop", "--planes=" + texts[0], "--rows=" + texts[1], "--columns=" + texts[2]]
            expected = v[slices]
            if turn % 2:
                with open("in.nrrd", "wb") as f:
                    f.write(data)
                status, out, said = attempt(command + ["in.nrrd"])
            else:
                status, out, said = attempt(command, input=data)
            if expected.size == 0:
                assert status == 1 and "empty" in said, (command, said)
                continue
            assert status == 0, (command, said)
            assert out.endswith(b"\n\n" + expected.tobytes()), command


print("seed", SEED)
check_types(np.random.default_rng(SEED))
check_slices(np.random.default_rng(SEED))
