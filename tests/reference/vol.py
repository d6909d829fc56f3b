"""What the reference scripts share: running programs, streams in both directions, pictures' levels."""
import subprocess

import numpy as np


def attempt(command, **more):
    """Exit status, standard output, and standard error as text."""
    done = subprocess.run(list(map(str, command)), capture_output=True, **more)
    return done.returncode, done.stdout, done.stderr.decode(errors="replace")


def run(command, data=None):
    """Standard output of a program that must not fail."""
    status, out, said = attempt(command, input=data)
    assert status == 0, (command, said)
    return out


def tiff2vol(*arguments, **more):
    return attempt(["tiff2vol", *arguments], **more)


def header(pairs=None, **fields):
    """Of a stream; pairs: keys and values behind the fields."""
    lines = ["NRRD0004"] + [f"{name.replace('_', ' ')}: {value}" for name, value in fields.items()]
    lines += [f"{key}:={value}" for key, value in (pairs or {}).items()]
    return ("\n".join(lines) + "\n\n").encode()


def stream(v, kind=None, spacing=None, unit=None, **pairs):
    """A volume v[plane, row, column(, channel)]; spacing in that order."""
    fields = {"type": "float", "dimension": v.ndim}
    if spacing:
        fields["space dimension"] = 3
    fields["sizes"] = " ".join(map(str, v.shape[::-1]))
    if spacing:
        z, y, x = spacing
        fields["space directions"] = ("none " if v.ndim == 4 else "") + f"({x},0,0) (0,{y},0) (0,0,{z})"
        if unit:
            fields["space units"] = " ".join([f'"{unit}"'] * 3)
    if v.ndim == 4:
        fields["kinds"] = f"{kind} domain domain domain"
    return header(pairs, **fields, endian="little", encoding="raw") + v.astype("<f4").tobytes()


def parse(data):
    """A stream's samples, the slowest axis first."""
    head, _, body = data.partition(b"\n\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\n") if ": " in line)
    return np.frombuffer(body, "<f4").reshape([int(size) for size in fields["sizes"].split()][::-1])


def levels(v, low, high, depth=8):
    """What scikit-image makes of samples through a window."""
    from skimage import img_as_ubyte, img_as_uint
    from skimage.exposure import rescale_intensity
    if low == high:
        return np.where(v > high, (1 << depth) - 1, 0)
    y = rescale_intensity(v, in_range=(low, high), out_range=(0, 1))
    y = np.clip(np.nan_to_num(y, nan=0), 0, 1)  # a limit may come out an ulp above 1
    return (img_as_ubyte if depth == 8 else img_as_uint)(y)
