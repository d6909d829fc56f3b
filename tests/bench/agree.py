"""Whether what a contender left is the work that was asked for: how many, how large. Not its values."""
import os
import struct

from measure import files_in

HEADERS = 64 * 1024


def picture_size(path):
    with open(path, "rb") as file:
        head = file.read(24)
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    return struct.unpack(">II", head[16:24])


def samples(folder, planes, side):
    count = planes * side * side
    size = sum(os.path.getsize(path) for path in files_in(folder))
    if not any(0 <= size - width * count <= HEADERS for width in (1, 2, 4, 8)):
        return f"{size} bytes for {count} samples"


def pictures(folder, want):
    have = [picture_size(path) for path in files_in(folder) if path.endswith(".png")]
    if have != want:
        return f"{len(have)} pictures of {sorted(set(have))[:3]}"


def fault(job, folder, planes, side):
    """None, or what is wrong with the files of a job in folder."""
    if job.makes == "samples":
        return samples(folder, planes, side)
    if job.makes == "samples2":
        return samples(folder, 2 * planes, side)
    if job.makes == "planes":
        return pictures(folder, [(side, side)] * planes)
    if job.makes == "montage":
        return pictures(folder, [(6 * side, 5 * side)])
    if job.makes in ("picture", "text") and not any(map(os.path.getsize, files_in(folder))):
        return "nothing written"
    return None
