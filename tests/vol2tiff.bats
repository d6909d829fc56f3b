load helpers

UM='space units: "microns" "microns" "microns"'

gray() { # gray N...: a stream of one row
    stream "$#"
    floats "$@"
}

volume() { # 2 planes of 3 rows and 4 columns, 0 to 23 of 255
    stream "4 3 2" float "space dimension: 3" \
        "space directions: (0.26,0,0) (0,0.065,0) (0,0,0.29)" "$UM" "$@"
    perl -e 'print pack("f<*", map { $_ / 255 } 0 .. 23)'
}

channels() { # channels KIND N: 2 planes of 2 x 3 voxels, each of N channels; 0, 1, ... of 255
    stream "$2 3 2 2" float "kinds: $1 domain domain domain"
    perl -e 'print pack("f<*", map { $_ / 255 } 0 .. 12 * $ARGV[0] - 1)' "$2"
}

bytes() { # bytes FILE FROM COUNT: as decimal numbers
    od -An -v -tu1 -j "$2" -N "$3" "$1" | xargs
}

description() { # of the first page
    tiffinfo -0 "$1" 2>/dev/null | sed -n '/ImageDescription: /,/^$/p' | sed 's/.*ImageDescription: //'
}

@test "planes lie one behind another, as bytes, words or floats" {
    volume >in
    vol2tiff --type uint8 in -o u8.tif
    [ "$(bytes u8.tif 0 4)" = "73 73 42 0" ]
    [ "$(bytes u8.tif 16 24)" = "$(seq 0 23 | xargs)" ]
    vol2tiff --type uint16 in -o u16.tif
    [ "$(od -An -v -tu2 -j 16 -N 48 u16.tif | xargs)" = "$(seq 0 257 5911 | xargs)" ]
    vol2tiff --type float32 in -o f.tif
    volgamma in | tail -c 96 >samples
    tail -c +17 f.tif | head -c 96 | cmp - samples
}

@test "integers are rounded like img_as_ubyte and img_as_uint, halves to even" {
    gray 0 0.001 0.5 0.998 1 -0.0 >in
    vol2tiff --type uint8 in -o out.tif
    [ "$(bytes out.tif 16 6)" = "0 0 128 254 255 0" ]
    gray 0 0.5 1 >in
    vol2tiff --type uint16 in -o out.tif
    [ "$(od -An -v -tu2 -j 16 -N 6 out.tif | xargs)" = "0 32768 65535" ]
    gray 0 0.5 1.5 2.4 255 >in
    vol2tiff --raw --type uint8 in -o out.tif
    [ "$(bytes out.tif 16 5)" = "0 0 2 2 255" ]
}

@test "what an integer type can't hold is refused with its place, or saturated" {
    { stream "2 2 2"; floats 0 0 0 0 0 1.5 0 0; } >in
    fails 1 "vol2tiff: in: uint8 takes samples from 0 to 1 (or --saturate, or --nan V for NaN), not 1.5 at plane 1, row 0, column 1" \
        vol2tiff --type uint8 in -o out.tif
    [ ! -e out.tif ]
    { stream "2 2 2"; floats 0 0 0 -0.25 0 0 0 0; } >in
    fails 1 "vol2tiff: in: uint16 takes *, not -0.25 at plane 0, row 1, column 1" \
        vol2tiff --type uint16 in -o out.tif
    gray 0 nan >in
    fails 1 "vol2tiff: in: uint8 takes *, not *nan at plane 0, row 0, column 1" \
        vol2tiff --type uint8 in -o out.tif
    fails 1 "vol2tiff: in: without --nan V, uint8 has no number for *nan at plane 0, row 0, column 1" \
        vol2tiff --saturate --type uint8 in -o out.tif
    gray 300 0.5 >in
    fails 1 "vol2tiff: in: uint8 takes samples from 0 to 255 (or --saturate, or --nan V for NaN), not 300 at*" \
        vol2tiff --raw --type uint8 in -o out.tif
    gray -1 2 inf -inf 0.2 >in
    vol2tiff --type uint8 --saturate in -o out.tif
    [ "$(bytes out.tif 16 5)" = "0 255 255 0 51" ]
    gray nan inf -2 >in
    vol2tiff in -o out.tif
    tail -c +17 out.tif | head -c 12 | cmp - <(tail -c 12 in)
}

@test "a place behind the first block is told as well" {
    { stream "1000 100 2"; head -c 796000 /dev/zero; floats 2; head -c 3996 /dev/zero; } >in
    fails 1 "vol2tiff: in: uint8 takes * not 2 at plane 1, row 99, column 0" \
        vol2tiff --type uint8 in -o out.tif
}

@test "the type: asked for, else that of the TIFF that was scaled, else float32" {
    # stored TYPE SCALE [OPTION...]: how a stream with these notes is stored
    stored() {
        { stream 2 float "source type:=$1" "source scale:=$2"; floats 0 1; } >in
        vol2tiff --verbose in -o out.tif "${@:3}" 2>&1 | sed -n 's/.* as //p'
    }
    [ "$(stored uint8 255)" = uint8 ]
    [ "$(stored uint16 '65535 mapped')" = uint16 ]
    [ "$(stored uint16 '65535 changed')" = float32 ]
    [ "$(stored uint8 '255 changed')" = float32 ]
    [ "$(stored uint8 '1 changed' --raw)" = float32 ]
    [ "$(stored int16 32767)" = float32 ]
    [ "$(stored uint8 1)" = float32 ]
    [ "$(stored uint16 4095)" = float32 ]
    [ "$(stored uint8 nonsense)" = float32 ]
    [ "$(stored uint8 255 --type uint16)" = uint16 ]
    [ "$(stored uint8 255 --raw)" = float32 ]
    [ "$(stored uint8 1 --raw)" = uint8 ]
    [ "$(stored uint8 100 --raw)" = float32 ]
    [ "$(stored uint32 1 --raw)" = uint32 ]
    [ "$(stored uint32 4294967295)" = float32 ]
    # as the programs note it
    vol2tiff --type uint16 <(gray 0 1) -o two.tif
    tiff_type() { "$@" | vol2tiff --verbose -o out.tif 2>&1 | sed -n 's/.* as //p'; }
    [ "$(tiff_type tiff2vol two.tif)" = uint16 ]
    [ "$(tiff_type sh -c 'tiff2vol two.tif | volgamma -g 0.5')" = uint16 ]
    [ "$(tiff_type sh -c 'tiff2vol two.tif | volmedian --size 1,1,3')" = uint16 ]
    [ "$(tiff_type sh -c 'tiff2vol two.tif | volgauss --sigma 1')" = float32 ]
    [ "$(tiff_type tiff2vol --raw two.tif)" = float32 ]
    [ "$(tiff_type tiff2vol --full-scale 4095 two.tif)" = float32 ]
    gray 0 1 >in
    [ "$(vol2tiff --verbose in -o out.tif 2>&1 | head -n 1)" = "vol2tiff: samples are stored as float32" ]
}

@test "ImageJ's words: planes, spacing, unit, window, history" {
    need tiffinfo
    volume "window:=0.25 0.75" 'history:=one\ntwo \\ three' >in
    vol2tiff --type uint8 in -o out.tif
    description out.tif >said
    diff said - <<'EOF'
ImageJ=1.11a
images=2
slices=2
hyperstack=true
mode=grayscale
unit=um
spacing=0.29
loop=false
min=63.75
max=191.25
history=one\ntwo \\ three\nvol2tiff --type uint8

EOF
    tiffinfo -0 out.tif 2>/dev/null | grep -q 'Resolution: 3.84615, 15.3846 (unitless)'
    tiffinfo -0 out.tif 2>/dev/null | grep -q 'Software: vol [0-9.]*$'
    tiffinfo out.tif 2>/dev/null >all
    [ "$(grep -c 'Resolution: 3.84615' all)" = 2 ]
    lacks DateTime all
}

@test "what is not known is not written" {
    need tiffinfo
    gray 0 1 >in
    vol2tiff in -o out.tif
    tiffinfo out.tif 2>/dev/null >said
    lacks Resolution said
    lacks 'unit=' said
    lacks 'spacing=' said
    lacks 'min=' said
    vol2tiff --dialect ome in -o out.tif
    tiffinfo out.tif 2>/dev/null >said
    lacks PhysicalSize said
    { stream "2 1 1" float "spacings: nan 0.5 nan" 'labels: "x" "y" "z"' 'units: "" "mm" ""'; floats 0 1; } >in
    vol2tiff in -o out.tif
    description out.tif >said
    lacks 'spacing=' said
    grep -qx 'yunit=mm' said
    lacks '^unit=' said
}

@test "units that differ between axes are told" {
    need tiffinfo
    { stream "2 1 1" float "space dimension: 3" "space directions: (0.5,0,0) (0,0.5,0) (0,0,2)" \
        'space units: "microns" "microns" "mm"'; floats 0 1; } >in
    vol2tiff in -o out.tif
    description out.tif >said
    grep -qx 'unit=um' said
    grep -qx 'zunit=mm' said
    lacks yunit said
}

@test "OME's words" {
    need tiffinfo
    volume 'history:=a < b & "c"' >in
    vol2tiff --dialect ome in -o out.ome.tif
    description out.ome.tif >said
    grep -q 'DimensionOrder="XYCZT" Type="float" BigEndian="false" Interleaved="false" SizeX="4" SizeY="3" SizeZ="2" SizeC="1" SizeT="1" PhysicalSizeX="0.26" PhysicalSizeXUnit="&#181;m" PhysicalSizeY="0.065" PhysicalSizeYUnit="&#181;m" PhysicalSizeZ="0.29" PhysicalSizeZUnit="&#181;m"' said
    grep -q '<TiffData IFD="0" PlaneCount="2"/>' said
    grep -q '<M K="history">a &#60; b &#38; &#34;c&#34;&#10;vol2tiff --dialect ome</M>' said
    lacks UUID said
    if command -v xmllint >/dev/null; then xmllint --noout said; fi
    channels vector 2 >in
    vol2tiff --dialect ome --type uint8 in -o out.ome.tif
    description out.ome.tif >said
    grep -q 'SizeZ="2" SizeC="2" SizeT="1"' said
    [ "$(grep -c '<Channel ID="Channel:0:[01]" SamplesPerPixel="1"/>' said)" = 2 ]
    channels RGB-color 3 >in
    vol2tiff --dialect ome --type uint8 in -o out.ome.tif
    description out.ome.tif >said
    grep -q 'Interleaved="true".* SizeZ="2" SizeC="3" SizeT="1"' said
    [ "$(grep -c '<Channel ID="Channel:0:0" SamplesPerPixel="3"/>' said)" = 1 ]
    grep -q 'PlaneCount="2"' said
}

@test "channels are pages, colours are samples" {
    need tiffinfo
    channels vector 2 >in
    vol2tiff --type uint8 in -o out.tif
    [ "$(bytes out.tif 16 24)" = "0 2 4 6 8 10 1 3 5 7 9 11 12 14 16 18 20 22 13 15 17 19 21 23" ]
    description out.tif >said
    grep -qx images=4 said
    grep -qx channels=2 said
    grep -qx slices=2 said
    grep -qx mode=composite said
    channels RGB-color 3 >in
    vol2tiff --type uint8 in -o out.tif
    [ "$(bytes out.tif 16 36)" = "$(seq 0 35 | xargs)" ]
    tiffinfo -0 out.tif 2>/dev/null >said
    grep -q 'Samples/Pixel: 3' said
    grep -q 'RGB color' said
    grep -qx images=2 said
    lacks channels= said
    channels RGBA-color 4 >in
    vol2tiff --type uint8 in -o out.tif
    tiffinfo -0 out.tif 2>/dev/null | grep -q 'Extra Samples: 1<unassoc-alpha>'
}

@test "compression and its predictors" {
    need tiffinfo
    volume >in
    form() {
        vol2tiff "$@" in -o out.tif
        tiffinfo -0 out.tif 2>/dev/null |
            sed -n 's/^ *Compression Scheme: //p; s/^ *Predictor: \([a-z ]*[a-z]\).*/\1/p' | xargs
    }
    [ "$(form --compress none)" = None ]
    [ "$(form --compress lzw --type uint8)" = "LZW horizontal differencing" ]
    # ImageJ would take differences for samples here.
    [ "$(form --compress deflate --type uint16)" = AdobeDeflate ]
    [ "$(form --compress deflate)" = AdobeDeflate ]
    [ "$(form --compress lzw)" = LZW ]
    [ "$(form --compress deflate --type uint16 --dialect ome)" = "AdobeDeflate horizontal differencing" ]
    [ "$(form --compress deflate --dialect ome)" = "AdobeDeflate floating point predictor" ]
}

@test "compressed or not, in any dialect: libtiff decodes the same samples" {
    need tiffcp tiffcmp
    { stream "301 450 2"; perl -e 'print pack("f<*", map { ($_ * 7919 % 65536) / 65535 } 1 .. 270900)'; } >gray
    { stream "2 301 230 2" float "kinds: vector domain domain domain"
      perl -e 'print pack("f<*", map { ($_ * 7919 % 65536) / 65535 } 1 .. 276920)'; } >vector
    local volume type how dialect
    for volume in gray vector; do
        for type in uint8 uint16 float32; do
            vol2tiff --type $type $volume -o plain.tif
            for dialect in imagej ome; do
                for how in none deflate lzw zstd; do
                    vol2tiff --type $type --compress $how --dialect $dialect $volume -o packed.tif ||
                        [ $how = zstd ] || return 1
                    tiffcp -c none packed.tif out.tif 2>/dev/null
                    tiffcmp -t plain.tif out.tif # all but the tags
                done
            done
        done
    done
}

@test "the same input gives the same bytes, from a file and from a pipe" {
    volume >in
    local how
    for how in none deflate lzw; do
        vol2tiff --compress $how in -o a.tif
        cat <in | vol2tiff --compress $how >b.tif
        cmp a.tif b.tif
    done
}

@test "a pipe, or a file that is appended to, can't take a TIFF file" {
    volume >in
    fails 1 "vol2tiff: standard output: a TIFF file can't be written to a pipe, or appended to a file: name one with -o" \
        bash -c 'set -o pipefail; vol2tiff in | cat'
    echo before >out.tif
    fails 1 "vol2tiff: standard output: a TIFF file can't be written to a pipe*" \
        sh -c 'vol2tiff in >>out.tif'
    [ "$(cat out.tif)" = before ]
    mkfifo pipe
    cat pipe >/dev/null &
    fails 1 "vol2tiff: pipe: a TIFF file can't be written to a pipe*" vol2tiff in -o pipe
    wait
}

@test "short input, full disk: exit 1, no file, an old one untouched" {
    volume >in
    head -c -1 in >short
    echo before >out.tif
    fails 1 "vol2tiff: short: stream ends in plane 1 of 2 (row 2)" vol2tiff short -o out.tif
    [ "$(cat out.tif)" = before ]
    fails 1 "vol2tiff: short: stream ends*" vol2tiff --compress deflate short -o new.tif
    [ ! -e new.tif ]
    [ -z "$(find . -name '.*.tif.*')" ]
    [ -c /dev/full ] || skip "no /dev/full"
    fails 75 "vol2tiff: /dev/full: write: No space left on device" vol2tiff in -o /dev/full
    fails 75 "vol2tiff: standard output: write: No space left on device" sh -c 'vol2tiff in >/dev/full'
}

@test "what a dialect can't tell is refused" {
    { stream "2 1 1" float "space dimension: 3" "space directions: (1e-12,0,0) (0,1,0) (0,0,1)" \
        'space units: "m" "m" "m"'; floats 0 1; } >in
    fails 1 "vol2tiff: out.tif: a step of 1e-12 m between columns has no place in a TIFF resolution*" \
        vol2tiff in -o out.tif
    vol2tiff --dialect ome in -o out.tif
    { stream "2 1 1" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,1)" \
        'space units: "furlong" "furlong" "furlong"'; floats 0 1; } >in
    fails 1 "vol2tiff: new.tif: OME has no unit of length 'furlong'*" vol2tiff --dialect ome in -o new.tif
    vol2tiff in -o out.tif
    [ ! -e new.tif ]
}

@test "usage errors" {
    fails 2 "vol2tiff: --type: needs one of uint8, uint16, uint32, float32, not 'int8'" vol2tiff --type int8
    fails 2 "vol2tiff: --dialect: needs one of imagej, ome, not 'zeiss'" vol2tiff --dialect zeiss
    fails 2 "vol2tiff: --compress: needs one of none, deflate, lzw, zstd, not 'jpeg'" vol2tiff --compress jpeg
    fails 2 "vol2tiff: one operand too many: 'b'*" vol2tiff a b
}

@test "memory stays small, also with channels of large planes" {
    unsanitized
    need /usr/bin/time
    { stream "3 4096 4096 1" float "kinds: vector domain domain domain"; head -c 201326592 /dev/zero; } >in
    local how
    for how in none deflate; do
        /usr/bin/time -q -f %M -o kib vol2tiff --type uint16 --compress $how in -o out.tif
        echo "$how: $(cat kib) KiB"
        [ "$(cat kib)" -le 16384 ]
    done
}

@test "a row that is too long to be compressed in little memory" {
    { stream "4194305 1 1" uchar; head -c 4194305 /dev/zero; } >in
    fails 1 "vol2tiff: out.tif: a row of 4194305 bytes can't be compressed * leave out --compress" \
        vol2tiff --raw --type uint8 --compress lzw in -o out.tif
    vol2tiff --raw --type uint8 in -o out.tif
    { stream "4194304 1 1" uchar; head -c 4194304 /dev/zero; } >in
    unsanitized
    need /usr/bin/time
    /usr/bin/time -q -f %M -o kib vol2tiff --raw --type uint8 --compress lzw in -o out.tif
    cat kib
    [ "$(cat kib)" -le 32768 ]
}

@test "60,000 pages" {
    unsanitized
    need tiffinfo /usr/bin/time
    { stream "4 4 60000"; head -c 3840000 /dev/zero; } >in
    /usr/bin/time -q -f %M -o kib vol2tiff --compress lzw --type uint8 in -o out.tif
    [ "$(cat kib)" -le 16384 ]
    [ "$(tiffinfo out.tif 2>/dev/null | grep -c '^TIFF Directory at')" = 60000 ]
}

@test "tifffile, Pillow and scikit-image: samples, axes, spacing" {
    need_python tifffile skimage PIL
    need tiffcp
    run "$PYTHON" "$REFERENCE/vol2tiff.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "ImageJ: voxel size, dimensions, samples" {
    need java xvfb-run
    local jar=/usr/share/java/ij.jar
    [ -f $jar ] || skip "ImageJ is not installed"
    { stream "40 3 2" float "space dimension: 3" "space directions: (0.26,0,0) (0,0.065,0) (0,0,0.29)" \
        "$UM" "window:=0 0.1"; perl -e 'print pack("f<*", map { $_ / 255 } 0 .. 239)'; } >gray
    channels vector 2 >vector
    channels RGB-color 3 >colour
    cat >macro.ijm <<'EOF'
names = split(getArgument(), ",");
for (n = 0; n < names.length; n++) {
    open(names[n]);
    getVoxelSize(width, height, depth, unit);
    getDimensions(columns, rows, channels, planes, frames);
    getMinAndMax(low, high);
    said = d2s(width, 6) + " " + d2s(height, 6) + " " + d2s(depth, 6) + " " + unit.length + " " + columns + "x" +
        rows + "x" + channels + "x" + planes + " " + bitDepth + " " + d2s(low, 3) + " " + d2s(high, 3);
    for (i = 1; i <= nSlices; i++) {
        setSlice(i);
        scale = 1;
        if (bitDepth == 16) scale = 257;
        if (bitDepth == 32) scale = 1 / 255;
        said = said + " " + d2s(getPixel(1, 0) / scale, 2) + " " + d2s(getPixel(columns - 1, rows - 1) / scale, 2);
    }
    print(getTitle + ": " + said);
    close();
}
EOF
    local names="" volume type how
    for volume in gray vector; do
        for type in uint8 uint16 float32; do
            for how in none deflate lzw; do
                vol2tiff --type $type --compress $how $volume -o $volume-$type-$how.tif
                names=$names,$PWD/$volume-$type-$how.tif
            done
        done
    done
    for how in none deflate lzw; do
        vol2tiff --type uint8 --compress $how colour -o colour-uint8-$how.tif
        vol2tiff --type uint16 --compress $how colour -o colour-uint16-$how.tif
        names=$names,$PWD/colour-uint8-$how.tif,$PWD/colour-uint16-$how.tif
    done
    timeout 120 xvfb-run -a java -Duser.home="$PWD" -jar $jar -ijpath "$PWD" -batch "$PWD/macro.ijm" "${names#,}" \
        >said 2>&1 || true
    cat said
    for how in none deflate lzw; do
        grep -qx "gray-uint8-$how.tif: 0.260000 0.065000 0.290000 2 40x3x1x2 8 0.000 26.000 1.00 119.00 121.00 239.00" said
        grep -qx "gray-uint16-$how.tif: 0.260000 0.065000 0.290000 2 40x3x1x2 16 0.000 6553.000 1.00 119.00 121.00 239.00" said
        grep -qx "gray-float32-$how.tif: 0.260000 0.065000 0.290000 2 40x3x1x2 32 0.000 0.100 1.00 119.00 121.00 239.00" said
        for type in uint8 uint16 float32; do
            grep -q "^vector-$type-$how.tif: .* 3x2x2x2 .* 2.00 10.00 3.00 11.00 14.00 22.00 15.00 23.00$" said
        done
        # 3, 4, 5 and so on as one number, from -2^24 up
        grep -q "^colour-uint8-$how.tif: .* 3x2x1x2 24 .* -16579579.00 -15790063.00 -15395305.00 -14605789.00$" said
        grep -q "^colour-uint16-$how.tif: .* 3x2x3x2 16 .* 3.00 15.00 4.00 16.00 5.00 17.00 21.00 33.00 22.00 34.00 23.00 35.00$" said
    done
}

same_samples() { # same_samples A B: streams that differ in their history alone
    sed 's/^history:=.*/history/' "$1" >a
    sed 's/^history:=.*/history/' "$2" >b
    cmp a b
}

@test "there and back: spacing, channels and colours in both dialects" {
    need tiff2vol
    volume >in
    local kind dialect
    for dialect in imagej ome; do
        vol2tiff --dialect $dialect in -o out.tif
        tiff2vol out.tif -o back
        tail -c 96 back | cmp - <(tail -c 96 in)
        grep -aqx 'space directions: (0.26,0,0) (0,0.065,0) (0,0,0.29)' back
        grep -aqx 'space units: "microns" "microns" "microns"' back
        for kind in "vector 2" "vector 9" "RGB-color 3" "RGBA-color 4"; do
            # shellcheck disable=SC2086 # words
            channels $kind >colours
            vol2tiff --dialect $dialect --compress deflate colours -o out.tif
            tiff2vol --channels all out.tif -o back || tiff2vol out.tif -o back
            grep -aqx "kinds: ${kind% *} domain domain domain" back
            tail -c $((48 * ${kind#* })) back | cmp - <(tail -c $((48 * ${kind#* })) colours)
        done
    done
}

@test "there and back: every real volume" {
    need tiff2vol
    local file count=0
    for file in "$DATA"/*.tif; do
        tiff2vol -p :12 "$file" -o first 2>/dev/null || tiff2vol "$file" -o first 2>/dev/null || continue
        vol2tiff first -o back.tif
        tiff2vol back.tif -o second
        same_samples first second || { echo "$file"; return 1; }
        tiff2vol --raw -p :12 "$file" | vol2tiff --raw -o raw.tif
        tiff2vol raw.tif -o third
        same_samples first third || { echo "$file --raw"; return 1; }
        count=$((count + 1))
    done
    [ "$count" -eq 3 ]
}

@test "a window: what volclip before would give" {
    tiff2vol "$DATA/nuclei_31x61x57_u16.tif" -o in
    vol2tiff --type uint8 --window percentile:1,99 in -o found.tif
    volclip -q 1,99 in | vol2tiff --type uint8 -o expected.tif
    tiff2vol --raw found.tif | samples | cmp - <(tiff2vol --raw expected.tif | samples)
    cat in | vol2tiff --type uint8 --window percentile:1,99 -o found.tif
    tiff2vol --raw found.tif | samples | cmp - <(tiff2vol --raw expected.tif | samples)
    vol2tiff --window 0.002,0.004 in -o found.tif # 16 bits, as the source
    volclip -v 0.002,0.004 in | vol2tiff --type uint16 -o expected.tif
    tiff2vol --raw found.tif | samples | cmp - <(tiff2vol --raw expected.tif | samples)
    volstats -q 1,99 in -o stats
    for option in --stats --pool; do
        cat in | TMPDIR=/no/such/folder vol2tiff --type uint8 --window minmax $option stats -o found.tif
        vol2tiff --type uint8 --window minmax in -o expected.tif
        tiff2vol --raw found.tif | samples | cmp - <(tiff2vol --raw expected.tif | samples)
    done
    volgamma in -o float
    fails 2 "vol2tiff: --window leaves nothing for --raw to do" vol2tiff --raw --window 0,1 in -o out
    fails 2 "vol2tiff: --window: needs LO,HI with LO <= HI*, not '1,0'" vol2tiff --window 1,0 in -o out
    fails 2 "vol2tiff: --window: 'plane' is for pictures" vol2tiff --window plane in -o out
    fails 2 "vol2tiff: --stats and --pool go with --window minmax or percentile:P,Q" vol2tiff --stats stats in -o out
    fails 1 "vol2tiff: --window maps samples to an integer type: give --type uint8 or uint16" vol2tiff --type float32 --window 0,1 in -o out
    { stream "2 1 1"; floats 0 nan; } >nan
    fails 1 "vol2tiff: nan: without --nan V, uint8 has no number for *nan at *" vol2tiff --type uint8 --window 0,1 nan -o out
    [ ! -e out ]
}

@test "few of 256 levels are remarked on" {
    tiff2vol "$DATA/nuclei_31x61x57_u16.tif" -o in
    vol2tiff --type uint8 in -o out 2>said
    [ "$(cat said)" = "vol2tiff: samples lie between 0 and 0.00572: at most 2 of 256 levels are used; --window spreads them" ]
    vol2tiff in -o out 2>said
    [ ! -s said ]
    few() { # few STATE: a volume of 8 bits, of which samples are 0 and 1
        { stream "3 1 1" float 'source type:=uint8' "source scale:=255$1"; floats 0 0.00392156886 0; }
    }
    few "" | vol2tiff -o out 2>said
    [ ! -s said ]
    few " mapped" | vol2tiff -o out 2>said
    [ "$(cat said)" = "vol2tiff: samples lie between 0 and 0.00392: at most 2 of 256 levels are used; --window spreads them" ]
    few " changed" | vol2tiff -o out 2>said
    [ ! -s said ]
    few " changed" | vol2tiff --type uint8 -o out 2>said
    grep -q "at most 2 of 256 levels" said
}

@test "a file for every plane; those of slabs are those of the whole, and come in as one stack" {
    tiff2vol "$CELLS" -p 0:11 -o whole.nrrd
    mkdir whole slabs
    vol2tiff whole.nrrd -o whole/plane-%03d.tif
    [ "$(ls whole | wc -l)" -eq 11 ]
    for k in 1 2 3; do
        volcrop --part $k/3 whole.nrrd | vol2tiff -o slabs/plane-%03d.tif
    done
    diff -r whole slabs
    tiff2vol whole -o back.nrrd
    cmp <(samples <whole.nrrd) <(samples <back.nrrd)
    [ "$(volinfo --header back.nrrd | grep ^spacing)" = "$(volinfo --header whole.nrrd | grep ^spacing)" ]
    need_python tifffile
    "$PYTHON" -c 'import tifffile; assert tifffile.imread("whole/plane-*.tif").shape == (11, 126, 126)'
    # channels of a plane stay together
    { stream "2 3 2 2" float "kinds: vector domain domain domain"; floats $(seq 0 23); } | vol2tiff --type float32 -o two-%d.tif
    [ "$(volinfo two-1.tif | sed -n 's/^channels *//p' | cut -d ' ' -f 1)" = 2 ]
    # a short input: whole planes, and nothing of the one that is not
    head -c -1 whole.nrrd >short.nrrd
    mkdir short
    fails 1 "vol2tiff: short.nrrd: stream ends in plane 10 of 11*" vol2tiff short.nrrd -o short/%d.tif
    [ "$(ls short | wc -l)" -eq 10 ]
    fails 2 "vol2tiff: --output: *" vol2tiff whole.nrrd -o plane-%s.tif
}

@test "NaN become a number of the stored type, or the refusal says how they could" {
    { stream "4 1 1"; floats 0 nan 1 0.5; } >in
    fails 1 "vol2tiff: in: uint8 takes samples from 0 to 1 (or --saturate, or --nan V for NaN), not *nan at *" vol2tiff --type uint8 in -o out.tif
    fails 1 "vol2tiff: in: without --nan V, uint8 has no number for *nan at *" vol2tiff --type uint8 --saturate in -o out.tif
    fails 1 "vol2tiff: in: without --nan V, uint16 has no number for *nan at *" vol2tiff --type uint16 -w 0,1 in -o out.tif
    fails 1 "vol2tiff: --nan: uint8 holds whole numbers from 0 to 255, not 256" vol2tiff --type uint8 --nan 256 in -o out.tif
    fails 1 "vol2tiff: --nan: uint16 holds whole numbers from 0 to 65535, not 0.5" vol2tiff --type uint16 --nan 0.5 in -o out.tif
    [ ! -e out.tif ]
    stored() {
        vol2tiff "$@" -o out.tif 2>/dev/null
        tiff2vol --raw out.tif 2>/dev/null | samples | tr '\n' ' '
    }
    [ "$(stored --type uint8 --nan 7 in)" = "0 7 255 128 " ]
    [ "$(stored --type uint16 --nan 65534 in)" = "0 65534 65535 32768 " ]
    [ "$(stored --type uint8 --saturate --nan 0 in)" = "0 0 255 128 " ]
    [ "$(stored --type uint8 -w 0,2 --nan 255 in)" = "0 255 128 64 " ]
    [ "$(stored --type uint8 --raw --saturate --nan 9 in)" = "0 9 1 0 " ]
    [ "$(stored --type float32 --nan -3 in)" = "0 -3 1 0.5 " ]
    [ "$(stored --type float32 in)" = "0 NaN 1 0.5 " ]
    { stream "3 1 1"; floats nan 2 0; } >beyond
    fails 1 "vol2tiff: beyond: uint8 takes samples from 0 to 1 (or --saturate), not 2 at plane 0, row 0, column 1" vol2tiff --type uint8 --nan 0 beyond -o out.tif
    for value in $(seq 0 1000 65535); do
        [ "$(stored --type uint16 --nan "$value" in)" = "0 $value 65535 32768 " ]
    done
}

@test "the range of display is of the stored numbers" {
    { stream 3 float "window:=0 0.8"; floats 0 0.5 1; } >scaled
    { stream 3 float "window:=0 200"; floats 0 50 255; } >raw
    vol2tiff --type uint8 scaled -o out.tif
    tr '\0' '\n' <out.tif | grep -aqx 'max=204'
    vol2tiff --raw --type uint8 raw -o out.tif
    tr '\0' '\n' <out.tif | grep -aqx 'max=200'
    vol2tiff --type float32 scaled -o out.tif
    tr '\0' '\n' <out.tif | grep -aqx 'max=0.8'
}
