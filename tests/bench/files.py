"""Files of volumes, written plane by plane: TIFF, NRRD and PGM, each with put(plane, pool)."""
import struct
import zlib

import numpy as np

ROWS_A_STRIP = 64


class Tiff:
    """A classic TIFF, page by page: directory, places and lengths of the strips, strips."""

    def __init__(self, file, shape, sample, deflated=False):
        self.file, self.shape, self.deflated = file, shape, deflated
        self.sample = np.dtype(sample)
        self.rows = min(ROWS_A_STRIP, shape[1]) if deflated else shape[1]
        self.written = 0
        file.write(struct.pack("<2sHI", b"II", 42, 8))

    def directory(self, at, lengths):
        """The page's directory at that place in the file, and what stands behind it but strips."""
        strips = len(lengths)
        places = at + 2 + 11 * 12 + 4
        data = places + 8 * strips
        offsets = [data + sum(lengths[:i]) for i in range(strips)]
        end = data + sum(lengths)
        last = self.written + 1 == self.shape[0]
        tags = [(256, 1, self.shape[2]), (257, 1, self.shape[1]), (258, 1, 8 * self.sample.itemsize),
                (259, 1, 8 if self.deflated else 1), (262, 1, 1),
                (273, strips, offsets[0] if strips == 1 else places), (277, 1, 1), (278, 1, self.rows),
                (279, strips, lengths[0] if strips == 1 else places + 4 * strips), (284, 1, 1),
                (339, 1, 3 if self.sample.kind == "f" else 1)]
        out = struct.pack("<H", len(tags))
        for tag, count, value in tags:
            out += struct.pack("<HHII", tag, 4, count, value)
        out += struct.pack("<I", 0 if last else end + end % 2)
        return out + struct.pack("<%dI" % (2 * strips), *offsets, *lengths)

    def put(self, plane, pool):
        plane = plane.astype(self.sample, copy=False)
        strips = [plane[y:y + self.rows].tobytes() for y in range(0, len(plane), self.rows)]
        if self.deflated:
            strips = list(pool.map(zlib.compress, strips, [6] * len(strips)))
        self.file.write(self.directory(self.file.tell(), [len(s) for s in strips]))
        self.file.write(b"".join(strips))
        self.file.write(bytes(self.file.tell() % 2))
        self.written += 1


class Raw:
    """A header and the samples behind it, converted."""

    def __init__(self, file, header, convert):
        self.file, self.convert = file, convert
        file.write(header.encode())

    def put(self, plane, _pool):
        self.file.write(self.convert(plane).tobytes())


def nrrd(file, shape, scale):
    header = ("NRRD0004\ntype: float\ndimension: 3\nsizes: %d %d %d\nendian: little\n"
              "encoding: raw\n\n" % shape[::-1])
    return Raw(file, header, lambda plane: (plane / scale).astype("<f4"))


def pgm(file, shape):
    header = "P5\n%d %d\n65535\n" % (shape[2], shape[0] * shape[1])
    return Raw(file, header, lambda plane: plane.astype(">u2"))
