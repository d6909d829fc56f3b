# tiff2vol: how pixels are stored. What is written byte by byte must come out, whatever the layout.
load helpers

@test "depths, kinds, channels, layouts, byte and bit orders, turns, palettes" {
    need_python numpy
    "$PYTHON" "$REFERENCE/tiff_pixels.py" random 200
}

@test "every half, every float of 24 bits" {
    need_python numpy
    "$PYTHON" "$REFERENCE/tiff_pixels.py" floats
}

@test "odd files: samples as others read them" {
    need tiffcp
    need_python tifffile PIL
    "$PYTHON" "$REFERENCE/tiff_table.py" "$DATA/odd" >table || { grep -v 'equals\|| refused' table; return 1; }
    [ "$(grep -c 'taken; equals' table)" -ge 50 ]
}

@test "damaged copies of odd files: a stream or one line" {
    need_python numpy
    MUTANTS=1 "$PYTHON" "$REFERENCE/tiff_pixels.py" small "$DATA"/odd/*
}

# Decoded by libtiff's own programs as well.
recoded() {
    tiffcp -c none -f msb2lsb -s "$1" plain.tif 2>/dev/null
    tiff2vol plain.tif | sed '1,/^$/d' | cksum >want
    tiff2vol "$1" | sed '1,/^$/d' | cksum | cmp - want
}

@test "fax in all its kinds, and where it ends early" {
    need tiffcp
    need_python numpy
    "$PYTHON" - <<'END'
import numpy as np
from tiff_pixels import PLAIN, UNSIGNED, write
bits = (np.random.default_rng(1).integers(0, 40, (1, 300, 500, 1)) == 0).cumsum(axis=2).astype(np.uint8) & 1
write("bits.tif", bits, {**PLAIN, "kind": UNSIGNED, "photometric": 0, "bits": 1})
END
    for scheme in g3 g3:1d g3:2d g3:fill g4; do
        tiffcp -c $scheme bits.tif fax.tif
        recoded fax.tif
        tiffcp -c $scheme -f lsb2msb -r 33 bits.tif fax.tif
        recoded fax.tif
    done
    tiffcp -c g4 bits.tif fax.tif
    # the code that ends a G4 strip (twice 0000 0000 0001), in the middle of the data
    perl -0777 -pe 'substr($_, 1000, 12) = "\0\x10\x01\0\x10\x01" x 2' fax.tif >early.tif
    fails 1 "tiff2vol: early.tif: page 0: can't be decoded (row 0): *" tiff2vol early.tif -o out.nrrd
    [ ! -e out.nrrd ]
}

@test "JPEG: gray, RGB and YCbCr, strips and tiles; a strip that is too short" {
    need tiffcp
    need_python numpy PIL tifffile
    "$PYTHON" - <<'END'
import subprocess
import numpy as np
from tiff_pixels import PLAIN, UNSIGNED, write
from tiff_table import pillow
from vol import parse, tiff2vol
row, column = np.mgrid[:200, :300]
gray = (np.sin(row / 20) * 60 + np.cos(column / 13) * 60 + 120).astype(np.uint8)
for name, array in ("gray", gray[..., None]), ("color", np.dstack([gray, gray[::-1], gray[:, ::-1]])):
    write(f"{name}.tif", array[None], {**PLAIN, "kind": UNSIGNED, "bits": 8, "photometric": 1 if name == "gray" else 2})
    for kind in ["-c", "jpeg", "-r", "64"], ["-c", "jpeg:r", "-r", "64"], ["-c", "jpeg", "-t", "-w", "64", "-l", "64"]:
        subprocess.run(["tiffcp", *kind, f"{name}.tif", "jpeg.tif"], check=True)
        status, stream, said = tiff2vol("jpeg.tif")
        wanted = pillow("jpeg.tif", [0])[0][0]
        assert status == 0 and np.array_equal(parse(stream)[0], np.squeeze(wanted)), (name, kind, said)
subprocess.run(["tiffcp", "-c", "jpeg", "-r", "64", "gray.tif", "jpeg.tif"], check=True)
data = bytearray(open("jpeg.tif", "rb").read())
frame = data.find(b"\xff\xc0")
data[frame + 5:frame + 7] = bytes([0, 40])
open("short.tif", "wb").write(data)
END
    fails 1 "tiff2vol: short.tif: page 0: can't be decoded (row 0): Improper JPEG strip/tile size, *" tiff2vol short.tif
}

@test "--rgb gives libtiff's picture" {
    need tiff2rgba
    need_python numpy
    "$PYTHON" - <<'END'
import numpy as np
from tiff_pixels import PLAIN, UNSIGNED, picture, write
from vol import parse, tiff2vol
rng = np.random.default_rng(2)
for photometric, samples, extra in (5, 4, []), (1, 1, []), (2, 4, [2]), (8, 3, []):
    for orientation in (1, 3):
        array = rng.integers(0, 256, (2, 30, 40, samples), np.uint8)
        form = {**PLAIN, "kind": UNSIGNED, "bits": 8, "photometric": photometric, "extra": extra, "unit": (7, 40)}
        write("upright.tif", array, form)
        write("page.tif", array, {**form, "orientation": orientation})
        wanted = picture("upright.tif")
        wanted = wanted[:, ::-1, ::-1] if orientation == 3 else wanted
        status, stream, said = tiff2vol("--rgb", "page.tif")
        assert status == 0, said
        assert np.array_equal(parse(stream), wanted), (photometric, orientation)
END
    fails 2 "tiff2vol: --rgb makes pictures of 8 bits, which --raw is not for*" tiff2vol --rgb --raw page.tif
    fails 2 "tiff2vol: --rgb makes pictures of 8 bits, which --full-scale is not for*" tiff2vol --rgb --full-scale 9 page.tif
}

@test "YCbCr becomes RGB as libtiff has it" {
    need tiff2rgba
    need_python numpy
    "$PYTHON" - <<'END'
import numpy as np
from tiff_pixels import PLAIN, UNSIGNED, picture, write
from vol import parse, tiff2vol
rng = np.random.default_rng(4)
meaning = {258: [8, 8, 8], 262: [6], 277: [3], 339: [1, 1, 1]}
for across, down in (1, 1), (2, 1), (2, 2), (4, 4):
    for high in 8, 32:
        # so many bytes a row as the luminances and the fewer colors of it take on average
        bytes_a_row = 48 + 2 * 48 // across // down
        array = rng.integers(0, 256, (2, 32, bytes_a_row, 1), np.uint8)
        write("page.tif", array, {**PLAIN, "kind": UNSIGNED, "bits": 8, "unit": (high, bytes_a_row),
                                  "compression": [1, 8][high // 32], "tags": {**meaning, 256: [48], 530: [across, down]}})
        status, stream, said = tiff2vol("page.tif")
        assert status == 0, said
        assert np.array_equal(parse(stream), picture("page.tif")), (across, down, high)
END
}

@test "--full-scale where it means nothing, --raw of a palette" {
    need_python numpy
    "$PYTHON" - <<'END'
import numpy as np
from tiff_pixels import PLAIN, UNSIGNED, write
plain = {**PLAIN, "kind": UNSIGNED, "bits": 8}
gray = np.full((1, 4, 4, 1), 90, np.uint8)
write("white.tif", gray, {**plain, "photometric": 0})
table = np.arange(768).reshape(3, 256) * 5 % 65536
write("palette.tif", gray, {**plain, "photometric": 3, "map": table})
END
    fails 1 "tiff2vol: white.tif: --full-scale: white is zero here, *" tiff2vol --full-scale 100 white.tif
    fails 1 "tiff2vol: palette.tif: --full-scale: samples are indices *" tiff2vol --full-scale 100 palette.tif
    [ "$(tiff2vol --raw palette.tif | samples | sort -u)" = 90 ]
    tiff2vol palette.tif | sed '/^$/q' >header
    grep -qx 'sizes: 3 4 4 1' header
    grep -qx 'source type:=uint16' header
    [ "$(tiff2vol white.tif | samples | sort -u)" = "$(perl -e 'printf "%.9g", unpack "f", pack "f", 165 / 255')" ]
}

@test "memory: packed bits in one strip, compressed or not" {
    unsanitized
    need /usr/bin/time
    need_python numpy
    "$PYTHON" - <<'END'
import numpy as np
from tiff_pixels import PLAIN, UNSIGNED, write
large = np.tile(np.arange(4096, dtype=np.uint16), (1, 4096, 1))[..., None]
for name, more in ("raw", {}), ("deflated", {"compression": 8}), ("turned", {"orientation": 3}):
    write(f"{name}.tif", large, {**PLAIN, "kind": UNSIGNED, "bits": 12, "unit": (4096, 4096), **more})
END
    for name in raw deflated turned; do
        /usr/bin/time -q -f %M -o kib tiff2vol $name.tif >/dev/null
        echo "$name: $(cat kib) KiB"
        [ "$(cat kib)" -le 16384 ]
    done
}

@test "samples that a float can't hold are counted; stored colours bring their window" {
    need_python tifffile numpy
    "$PYTHON" - <<'END'
import numpy, tifffile
labels = numpy.zeros((5, 64, 64), "u4")
labels[1, :, 5] = 16777217
labels[2, 0, :2] = 2**32 - 1, 2**31
tifffile.imwrite("deflated.tif", labels, compression="zlib")
tifffile.imwrite("plain.tif", labels.astype("i4"), byteorder=">")
tifffile.imwrite("double.tif", numpy.array([[1e300, -1e39, 0.1, numpy.inf]]))
tifffile.imwrite("rgb.tif", numpy.array([[[255, 0, 51]]], "u1"), photometric="rgb")
END
    local words="rounded: a float holds at most 24 bits of an integer"
    for jobs in 1 4; do
        fails 0 "tiff2vol: deflated.tif: 65 samples $words" tiff2vol --raw -j $jobs deflated.tif
    done
    fails 0 "tiff2vol: deflated.tif: 65 samples $words" tiff2vol deflated.tif
    fails 0 "tiff2vol: deflated.tif: 64 samples $words" tiff2vol --raw -p 1 deflated.tif
    fails 0 "tiff2vol: plain.tif: 64 samples $words" tiff2vol --raw plain.tif
    fails 0 "tiff2vol: double.tif: 2 samples made infinite: beyond the range of a float" tiff2vol double.tif
    tiff2vol --raw rgb.tif | grep -ax "window:=0 255"
    tiff2vol rgb.tif | lacks "^window" -
}
