# tiff2vol and volinfo on what microscopes' programs write: tiff_dialects.py, against tifffile.
load helpers

dialect() {
    need_python tifffile skimage
    "$PYTHON" "$REFERENCE/tiff_dialects.py" "$1"
}

@test "OME-TIFF: random axes, names, steps" { dialect ome; }
@test "OME-TIFF: colors" { dialect ome_colors; }
@test "OME-TIFF: several images, pyramids" { dialect ome_series; }
@test "OME-TIFF: every form of TiffData" { dialect ome_places; }
@test "OME-TIFF: older schemas" { dialect ome_old; }
@test "OME-TIFF: units" { dialect ome_units; }
@test "OME-TIFF: sets of files, companions, what is missing" { dialect ome_set; }
@test "OME-TIFF: hostile XML" { dialect ome_hostile; }
@test "ImageJ: calibration, steps, hyperstacks" { dialect imagej; }
@test "tifffile's shapes; --order" { dialect shapes; }
@test "pages of several kinds, thumbnails" { dialect groups; }
@test "a folder of planes" { dialect folder; }
@test "Zeiss LSM" { dialect lsm; }
@test "MetaMorph STK" { dialect stk; }
@test "ScanImage" { dialect scanimage; }
@test "Micro-Manager" { dialect micromanager; }
@test "NDPI and others whose order is not read are refused by name" { dialect foreign; }

@test "volinfo tells of a TIFF file and where it is said" {
    cat >expected <<'END'
format      TIFF, ImageJ
shape       (27, 226, 186) plane, row, column
channels    1
frames      1
type        uint8
spacing     plane   7 mm from ImageJ spacing=
            row     0.5 mm from YResolution and ImageJ unit=
            column  0.5 mm from XResolution and ImageJ unit=
END
    volinfo "$DATA/mri_head_27x226x186_u8.tif" | diff - expected
    volinfo <"$DATA/mri_head_27x226x186_u8.tif" | diff - expected
    head -c 1000 "$DATA/mri_head_27x226x186_u8.tif" >cut.tif
    fails 1 "volinfo: cut.tif: page *" volinfo cut.tif -o out
    [ ! -e out ]
}

@test "several channels at once: small memory, whatever the strips" {
    unsanitized
    need /usr/bin/time
    need_python tifffile
    "$PYTHON" "$REFERENCE/steps_tiff_dialects.py" large_channels
    for file in raw.tif strips.ome.tif; do
        /usr/bin/time -q -f %M -o kib tiff2vol --channels all $file | sed '1,/^$/d' | cksum >$file.sum
        echo "$file: $(cat kib) KiB"
        [ "$(cat kib)" -le 16384 ]
    done
    cmp raw.tif.sum strips.ome.tif.sum
}

@test "a folder of TIFF files is described as the stack that tiff2vol reads" {
    mkdir stack
    for i in 2 10; do cp "$DATA/mri_head_27x226x186_u8.tif" "stack/slab$i.tif"; done
    volinfo stack >found
    grep "^shape *(54, 226, 186)" found
    grep "^spacing *plane *7 mm" found
    volinfo --json stack | grep '"shape": \[54, 226, 186\]'
    mkdir none
    fails 1 "volinfo: none: a folder without files whose name ends in .tif" volinfo none
    fails 1 "volinfo: stack: --contrast is for volumes*" volinfo --contrast stack
}
