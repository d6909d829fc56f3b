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
    need_shared
    need_python tifffile PIL
    "$PYTHON" "$REFERENCE/tiff_table.py" "$SHARED/flavours" >table || { grep -v 'equals\|| refused' table; return 1; }
    [ "$(grep -c 'taken; equals' table)" -gt 140 ]
}

@test "damaged copies of odd files: a stream or one line" {
    need_python numpy
    odd_files | MUTANTS=1 xargs -d '\n' "$PYTHON" "$REFERENCE/tiff_pixels.py" small
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
    "$PYTHON" "$REFERENCE/steps_tiff_pixels.py" fax
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
    "$PYTHON" "$REFERENCE/steps_tiff_pixels.py" jpeg
    fails 1 "tiff2vol: short.tif: page 0: can't be decoded (row 0): Improper JPEG strip/tile size, *" tiff2vol short.tif
}

@test "--rgb gives libtiff's picture" {
    need tiff2rgba
    need_python numpy
    "$PYTHON" "$REFERENCE/steps_tiff_pixels.py" rgb
    fails 2 "tiff2vol: --rgb makes pictures of 8 bits, which --raw is not for*" tiff2vol --rgb --raw page.tif
    fails 2 "tiff2vol: --rgb makes pictures of 8 bits, which --full-scale is not for*" tiff2vol --rgb --full-scale 9 page.tif
}

@test "YCbCr becomes RGB as libtiff has it" {
    need tiff2rgba
    need_python numpy
    "$PYTHON" "$REFERENCE/steps_tiff_pixels.py" ycbcr
}

@test "--full-scale where it means nothing, --raw of a palette" {
    need_python numpy
    "$PYTHON" "$REFERENCE/steps_tiff_pixels.py" inverted_and_palette
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
    "$PYTHON" "$REFERENCE/steps_tiff_pixels.py" large_bits
    for name in raw deflated turned; do
        /usr/bin/time -q -f %M -o kib tiff2vol $name.tif >/dev/null
        echo "$name: $(cat kib) KiB"
        [ "$(cat kib)" -le 16384 ]
    done
}

@test "samples that a float can't hold are counted; stored colours bring their window" {
    need_python tifffile numpy
    "$PYTHON" "$REFERENCE/steps_tiff_pixels.py" inexact
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

@test "pages that are turned differently: each as it is meant" {
    need_python tifffile
    "$PYTHON" "$REFERENCE/steps_tiff_pixels.py" turned_pages
    rows() { tiff2vol --raw "$1" | sed '1,/^$/d' | od -An -v -tfF -w48 | tr -s ' ' | sed 's/^ //'; }
    local as_it_is="0 1 2 3 4 5 6 7 8 9 10 11" from_bottom="8 9 10 11 4 5 6 7 0 1 2 3" from_right="3 2 1 0 7 6 5 4 11 10 9 8"
    printf '%s\n' "$as_it_is" "$from_bottom" "$from_right" | cmp - <(rows turned.tif)
    printf '%s\n' "$from_bottom" "$as_it_is" | cmp - <(rows bottom.tif)
    printf '%s\n' "$from_right" "$as_it_is" | cmp - <(rows right.tif)
}
