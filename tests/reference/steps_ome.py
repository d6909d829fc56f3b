"""What tests/ome.bats does in Python: steps_ome.py STEP [ARGUMENT]..."""
import sys


def page(*arguments):
    import os
    import numpy as np, tifffile
    description, file, pages = os.fsencode(arguments[0]), arguments[1], int((arguments[2:] or [3])[0])
    tifffile.imwrite(file, np.arange(pages, dtype="u2").repeat(120).reshape(-1, 10, 12), metadata=None,
                     photometric="minisblack", description=description)


def check_notes():
    import xml.etree.ElementTree as tree
    import tifffile
    tiff = tifffile.TiffFile("imagej.tif")
    assert "note: Größe 5 µm 🔬 <a> & \"b\"\n" in tiff.imagej_metadata["Info"], tiff.imagej_metadata
    assert "history: 画像 C:\\tmp\nhistory: zwei\n" in tiff.imagej_metadata["Info"], tiff.imagej_metadata
    assert "history=\\u753B\\u50CF C:\\\\tmp\\nzwei\\n" in tiff.pages[0].description, tiff.pages[0].description
    tiff = tifffile.TiffFile("ome.tif")
    notes = {m.get("K"): m.text for m in tree.fromstring(tiff.ome_metadata).iter() if m.tag.endswith("}M")}
    assert notes["note"] == 'Größe 5 µm 🔬 <a> & "b"' and notes["history"].startswith("画像 C:\\tmp\nzwei\n"), notes
    tags = tiff.pages[0].tags
    assert tags["ResolutionUnit"].value == 3
    for tag in "XResolution", "YResolution":  # 2 angstrom are 2e-8 cm
        assert abs(tags[tag].value[0] / tags[tag].value[1] * 2e-8 - 1) < 1e-6, tags[tag].value


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
