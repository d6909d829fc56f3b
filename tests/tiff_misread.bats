# Metadata that are easily misread: axes with other names, steps in unusual places, several stacks
# in a file: tiff_misread.py; the files are in data/reports.
load helpers

misread() {
    need_python tifffile skimage
    "$PYTHON" "$REFERENCE/tiff_misread.py" "$1" "$DATA/reports"
}

@test "OME-TIFF: planes that are angles, lifetimes" { misread modulo; }
@test "OME-TIFF: the step of planes from their positions" { misread positions; }
@test "OME-TIFF: sizes that are none" { misread sizes; }
@test "tifffile: planes, frames, channels stored as samples of a pixel" { misread split; }
@test "tifffile: three or four columns stored as colours" { misread columns; }
@test "tifffile: letters of axes" { misread letters; }
@test "tifffile: steps in its description" { misread steps; }
@test "tifffile: several arrays in a file" { misread arrays; }
@test "SCIFIO" { misread scifio; }
@test "ImageJ: order=zct, where ImageJ heeds it" { misread zct; }
@test "electron microscopes: sizes of pixels" { misread electron; }
