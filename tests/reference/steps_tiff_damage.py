"""What tests/tiff_damage.bats does in Python: steps_tiff_damage.py STEP [ARGUMENT]..."""
import sys


def cut_description():
    import numpy as np, tifffile
    tifffile.imwrite("cells.ome.tif", np.zeros((3, 2, 8, 9), np.uint16), metadata={"axes": "ZCYX"})
    with tifffile.TiffFile("cells.ome.tif") as tiff, open("cells.ome.tif", "rb") as file:
        tag, data = tiff.pages[0].tags[270], file.read()
    words = data[tag.valueoffset:tag.valueoffset + tag.count]
    data = bytearray(data) + words
    data[tag.offset + 8:tag.offset + 12] = (len(data) - len(words)).to_bytes(4, "little")
    open("moved.ome.tif", "wb").write(data)
    open("cut.ome.tif", "wb").write(data[:-200])


def large_tiles():
    import numpy as np, tifffile
    tifffile.imwrite("large.tif", np.zeros((3000, 3000), np.uint8), metadata=None, compression="zlib", tile=(2992, 2992))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
