# Pictures: against known levels through netpbm, and against scikit-image where it is installed.
load helpers

# ramp [WINDOW]: 4 planes of 3 rows and 5 columns, samples 0 to 59, voxels 2 x 1 x 1 um
ramp() {
    stream "5 3 4" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,2)" \
        'space units: "um" "um" "um"' ${1:+"window:=$1"}
    floats $(seq 0 59)
}

# levels PNG: its samples as text, one a line
levels() {
    pngtopam "$1" | pnmtoplainpnm | tail -n +4 | tr -s ' ' '\n' | grep .
}

size() {
    pngtopam "$1" | pnmtoplainpnm | sed -n 2p
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ramp "0 255" >in.nrrd
}

@test "every plane in a file of its number" {
    need pngtopam
    vol2png -o plane-%03d.png in.nrrd
    [ "$(echo *.png)" = "plane-000.png plane-001.png plane-002.png plane-003.png" ]
    for plane in 0 1 2 3; do
        [ "$(size plane-00$plane.png)" = "5 3" ]
        levels plane-00$plane.png | cmp - <(seq $((15 * plane)) $((15 * plane + 14)))
    done
    vol2png -o '%d%%.png' --step 3 in.nrrd
    levels 0%.png | cmp - <(seq 0 14)
    levels 3%.png | cmp - <(seq 45 59)
    [ ! -e 1%.png ]
    vol2png -o '%3d' in.nrrd
    levels '  2' | cmp - <(seq 30 44)
}

@test "one view: a plane, a row, a column" {
    need pngtopam
    vol2png --axis plane --index 1 in.nrrd | levels - | cmp - <(seq 15 29)
    vol2png --axis plane in.nrrd | levels - | cmp - <(seq 30 44)
    vol2png -n -1 in.nrrd | levels - | cmp - <(seq 45 59)
    vol2png --axis row --index 2 in.nrrd >row.png
    [ "$(size row.png)" = "5 4" ]
    levels row.png | cmp - <(for plane in 0 1 2 3; do seq $((15 * plane + 10)) $((15 * plane + 14)); done)
    vol2png --axis column --index mid in.nrrd >column.png
    [ "$(size column.png)" = "3 4" ]
    levels column.png | cmp - <(seq 2 5 59)
    cat in.nrrd | vol2png -a row -n 2 | cmp - row.png
    vol2png -a row -n 2 - <in.nrrd -o row && cmp row row.png
}

@test "the window: the stream's, the volume's, percentiles, limits, each picture's own" {
    need pngtopam
    vol2png -w 10,19 -n 0 in.nrrd | levels - | cmp - <(printf '%s\n' 0 0 0 0 0 0 0 0 0 0 0 28 57 85 113)
    vol2png -w minmax -n 3 in.nrrd | levels - | tail -1 | grep -qx 255
    vol2png -w minmax -n 0 in.nrrd | levels - | head -1 | grep -qx 0
    [ "$(vol2png -w percentile:25,75 -n 2 in.nrrd | levels - | head -1)" = 132 ]
    vol2png -w plane -n 2 in.nrrd | levels - | sed -n '1p;15p' | cmp - <(printf '0\n255\n')
    vol2png -w 12,12 -n 0 in.nrrd | levels - | uniq -c | tr -s ' ' | cmp - <(printf ' 13 0\n 2 255\n')
    vol2png -n 0 in.nrrd --verbose 2>&1 >out | grep -q "window 0 255 from the stream$"
    ramp >bare.nrrd
    vol2png -n 0 bare.nrrd --verbose 2>&1 >out | grep -q "window 0 59 minimum and maximum of the volume$"
    cat bare.nrrd | vol2png -n 0 | cmp - out
    vol2png -n 0 -w plane in.nrrd --verbose 2>&1 >out | grep -q "window 0 14 minimum and maximum of this picture$"
    { stream "3 1 1"; floats nan nan nan; } >nan.nrrd
    vol2png nan.nrrd --verbose 2>&1 >out | grep -q "window 0 1 no sample is a number$"
    { stream "4 1 1"; floats nan inf -inf 0.5; } >odd.nrrd
    vol2png -w 0,1 odd.nrrd | levels - | cmp - <(printf '%s\n' 0 255 0 128)
    { stream "4 1 1"; floats 7 7 7 7; } | vol2png | levels - | cmp - <(printf '%s\n' 0 0 0 0)
}

@test "16 bits" {
    need pngtopam
    vol2png --depth 16 -w 0,65535 -n 3 in.nrrd | levels - | cmp - <(seq 45 59)
    { stream "3 1 1"; floats 0.5 1 0.25; } | vol2png --depth 16 -w 0,1 | levels - | cmp - <(printf '%s\n' 32768 65535 16384)
}

@test "a montage" {
    need pngtopam
    vol2png -m 2x2 --gap 0 in.nrrd >montage.png
    [ "$(size montage.png)" = "10 6" ]
    levels montage.png | sed -n '1,10p;51,60p' | cmp - <(seq 0 4; seq 15 19; seq 40 44; seq 55 59)
    vol2png -m 1x3 --gap 2 --step 2 in.nrrd >montage.png
    [ "$(size montage.png)" = "23 7" ]
    levels montage.png | sed -n '47,69p' |
        cmp - <(echo 255; echo 255; seq 0 4; echo 255; echo 255; seq 30 34; yes 255 | head -9)
    vol2png --montage auto --gap 0 in.nrrd | levels - | head -1 | grep -qx 0
    vol2png -m 1x3 in.nrrd -o out 2>said
    [ "$(cat said)" = "vol2png: 1 of 4 planes do not fit 1x3 tiles and are left out" ]
}

@test "captions, labels, layout: as they were when they were looked at" {
    need pngtopam
    vol2png --views --zoom 4 in.nrrd | pngtopam | cmp - "$DATA/vol2png_views.pgm"
    vol2png -m 2x3 --step 1 --numbers --zoom 8 -w 0,59 in.nrrd | pngtopam | cmp - "$DATA/vol2png_montage.pgm"
}

@test "true proportions by the spacing" {
    need pngtopam
    vol2png -a row -n 0 --aspect spacing in.nrrd >row.png
    [ "$(size row.png)" = "5 8" ]
    levels row.png | sed -n '1p;6p;11p;16p' | cmp - <(printf '%s\n' 0 0 15 15)
    vol2png -a row -n 0 --aspect voxel in.nrrd | size - | grep -qx "5 4"
}

@test "scikit-image makes the same of every plane, view, montage" {
    need_python skimage PIL
    for check in sheets stream_window view aspect views montage channels size; do
        "$PYTHON" "$REFERENCE/vol2png.py" $check || { echo "in $check"; return 1; }
    done
}

@test "colour maps are matplotlib's, where that is installed" {
    need_python skimage PIL
    "$PYTHON" "$REFERENCE/vol2png.py" colours
}

@test "real stacks" {
    need_python skimage PIL tifffile
    "$PYTHON" "$REFERENCE/vol2png.py" stacks
}

@test "the same bytes from a file and a pipe, again and again" {
    ramp >bare.nrrd
    for options in "--views" "-m 2x2 --numbers" "-a row" "-a column -w plane" "--cmap fire -n 0" "--views --cmap ice" \
        "--depth 16 -n 1" "--level 9 -n 1"; do
        # shellcheck disable=SC2086 # words
        vol2png $options bare.nrrd >file.png
        # shellcheck disable=SC2086
        cat bare.nrrd | vol2png $options | cmp - file.png
        # shellcheck disable=SC2086
        vol2png $options <bare.nrrd | cmp - file.png
    done
}

@test "text: program, what is shown, window, history; no date" {
    volcrop -p 0:3 in.nrrd | vol2png -a row -n 1 >out.png
    grep -qa "Software.vol2png [0-9]" out.png
    grep -qa "volume of 3 planes, 3 rows, 5 columns: row 1" out.png
    grep -qa "0 255 from the stream" out.png
    grep -qa "volcrop -p 0:3" out.png
    grep -qa "vol2png -a row -n 1" out.png
    [ "$(grep -ca tIME out.png)" = 0 ]
}

@test "a volume is no picture" {
    fails 1 "vol2png: in.nrrd: Invalid shape (4, 3, 5) for image data: ask for every plane (-o plane-%04d.png)*" \
        vol2png in.nrrd -o out.png
    [ ! -e out.png ]
    fails 1 "vol2png: standard input: Invalid shape (4, 3, 5) for image data*" sh -c 'vol2png <in.nrrd'
    { stream "3 5 3 4" float "kinds: RGB-color domain domain domain"; floats $(seq 180); } >colour.nrrd
    fails 1 "vol2png: colour.nrrd: Invalid shape (4, 3, 5, 3) for image data*" vol2png colour.nrrd
    volcrop -p 2 in.nrrd | vol2png >one.png
    [ -s one.png ]
}

@test "patterns that are none are refused by name" {
    fails 2 "vol2png: --output: '%s' in 'p%s.png': a pattern holds one %d, %4d or %04d*" vol2png -o p%s.png in.nrrd
    fails 2 "vol2png: --output: '%' in 'p%': a pattern*" vol2png -o p% in.nrrd
    fails 2 "vol2png: --output: '%n' in '%n': a pattern*" vol2png -o %n in.nrrd
    fails 2 "vol2png: --output: '%10d' in 'p%10d': a pattern*" vol2png -o p%10d in.nrrd
    fails 2 "vol2png: --output: '%-4d' in 'p%-4d': a pattern*" vol2png -o p%-4d in.nrrd
    fails 2 "vol2png: --output: '%ld' in 'p%ld': a pattern*" vol2png -o p%ld in.nrrd
    fails 2 "vol2png: --output: '%*d' in 'p%*d': a pattern*" vol2png -o 'p%*d' in.nrrd
    fails 2 "vol2png: --output: 'p%%' has no number: a pattern*" vol2png -o p%% in.nrrd
    fails 2 "vol2png: --output: '%d-%d' has more than one number*" vol2png -o %d-%d in.nrrd
    fails 2 "vol2png: --output: 'p%d.png' is for a file of every plane*" vol2png -a row -o p%d.png in.nrrd
    [ "$(ls)" = "in.nrrd
stderr
stdout" ]
}

@test "options that do not go together, and numbers that are none" {
    fails 2 "vol2png: --views, --montage and --axis are different pictures" vol2png --views -a row in.nrrd
    fails 2 "vol2png: --views, --montage and --axis are different pictures" vol2png --views -m 2x2 in.nrrd
    fails 2 "vol2png: --index: one with --axis*" vol2png --views -n 1 in.nrrd
    fails 2 "vol2png: --index: one with --axis*" vol2png -a row -n 1,2,3 in.nrrd
    fails 2 "vol2png: --index: needs one index or three, not '1,2'" vol2png --views -n 1,2 in.nrrd
    fails 2 "vol2png: --index: needs N*, not 'x'" vol2png -n x in.nrrd
    fails 2 "vol2png: --index: needs N*, not '1,2,3,4'" vol2png --views -n 1,2,3,4 in.nrrd
    fails 2 "vol2png: --axis: needs one of plane, row, column, not 'z'" vol2png -a z in.nrrd
    fails 2 "vol2png: --gap and --numbers belong to --montage" vol2png --numbers -n 1 in.nrrd
    fails 2 "vol2png: --step belongs to --montage or a file of every plane" vol2png --step 2 -n 1 in.nrrd
    fails 2 "vol2png: --montage: needs ROWSxCOLUMNS*, not '0x5'" vol2png -m 0x5 in.nrrd
    fails 2 "vol2png: --montage: needs ROWSxCOLUMNS*, not '5'" vol2png -m 5 in.nrrd
    fails 2 "vol2png: --montage: needs ROWSxCOLUMNS*, not '5x'" vol2png -m 5x in.nrrd
    fails 2 "vol2png: --depth: needs 8 or 16, not '12'" vol2png --depth 12 in.nrrd
    fails 2 "vol2png: --cmap has 256 colours*" vol2png --cmap fire --depth 16 -n 0 in.nrrd
    fails 2 "vol2png: --cmap: needs one of gray, viridis*, not 'jet'" vol2png --cmap jet -n 0 in.nrrd
    fails 2 "vol2png: --window: needs LO,HI with LO <= HI*, not '1,0'" vol2png -w 1,0 -n 0 in.nrrd
    fails 2 "vol2png: --window: needs LO,HI*, not '1'" vol2png -w 1 -n 0 in.nrrd
    fails 2 "vol2png: --window: needs LO,HI*, not '0,nan'" vol2png -w 0,nan -n 0 in.nrrd
    fails 2 "vol2png: --window: needs LO,HI*, not '0,1e39'" vol2png -w 0,1e39 -n 0 in.nrrd
    fails 2 "vol2png: --window: needs percentile:P,Q*, not 'percentile:5'" vol2png -w percentile:5 -n 0 in.nrrd
    fails 2 "vol2png: --window: needs percentile:P,Q*, not 'percentile:5,101'" vol2png -w percentile:5,101 -n 0 in.nrrd
    fails 2 "vol2png: --step: needs N*, not '0'" vol2png -m 2x2 --step 0 in.nrrd
    fails 2 "vol2png: --level: needs N*, not '10'" vol2png -n 0 --level 10 in.nrrd
    fails 2 "vol2png: one operand too many: 'b'*" vol2png a b
}

@test "what is not there, or makes no picture" {
    fails 1 "vol2png: plane 4 is out of bounds: there are 4" vol2png -n 4 in.nrrd
    fails 1 "vol2png: column -6 is out of bounds: there are 5" vol2png -a column -n -6 in.nrrd
    fails 1 "vol2png: row 3 is out of bounds: there are 3" vol2png --views -n mid,3,mid in.nrrd
    { stream "2 5 3 4" float "kinds: vector domain domain domain"; floats $(seq 120); } >vector.nrrd
    fails 1 "vol2png: vector.nrrd: --cmap is for gray volumes: choose a channel with --channel N" vol2png -n 0 --cmap fire vector.nrrd
    fails 1 "vol2png: vector.nrrd: each channel has its own window: choose one with --channel N for --window plane" vol2png -n 0 -w plane vector.nrrd
    fails 1 "vol2png: vector.nrrd: --colours: 3 colours for 2 channels" vol2png -n 0 --colours red,green,blue vector.nrrd
    fails 2 "vol2png: --colours: needs a list of at most 16 colours (*, not 'rot'" vol2png -n 0 --colours rot vector.nrrd
    fails 2 "vol2png: --colours leaves nothing for --channel to tell" vol2png -n 0 --colours red -c 0 vector.nrrd
    { stream "17 2 1 1" float "kinds: vector domain domain domain"; floats $(seq 34); } >many.nrrd
    fails 1 "vol2png: many.nrrd: 17 channels, more than 16 colours can tell apart: choose one with --channel N" vol2png -n 0 many.nrrd
    fails 2 "vol2png: --zoom: needs a whole number *, not '0.3'" vol2png -n 0 --zoom 0.3 in.nrrd
    fails 2 "vol2png: --zoom: needs a whole number *, not '0'" vol2png -n 0 --zoom 0 in.nrrd
    fails 2 "vol2png: --zoom below 1 is for planes, one view and montages" vol2png --views --zoom 0.5 in.nrrd
    fails 2 "vol2png: --scalebar: needs a length above 0, such as 20um, or auto, not 'long'" vol2png -n 0 --scalebar long in.nrrd
    fails 2 "vol2png: --scalebar: needs a length above 0, *, not '0um'" vol2png -n 0 --scalebar 0um in.nrrd
    fails 1 "vol2png: a scale bar of 20 µm does not fit a picture of 5 x 3 pixels" vol2png -n 0 --scalebar 20 in.nrrd
    fails 1 "vol2png: vector.nrrd: --scalebar needs the spacing along the column axis and its unit: set them with volset" vol2png -n 0 --scalebar auto vector.nrrd
    fails 1 "vol2png: vector.nrrd: channel 2 is out of bounds: there are 2" vol2png -c 2 -n 0 vector.nrrd
    fails 1 "vol2png: in.nrrd: channel 0 of a volume without channels" vol2png -c 0 -n 0 in.nrrd
    { stream "4 1 1 2" float "kinds: RGBA-color domain domain domain"; floats $(seq 8); } >alpha.nrrd
    fails 1 "vol2png: alpha.nrrd: the alpha channel would count in the window*" vol2png -w minmax -n 0 alpha.nrrd
    fails 1 "vol2png: alpha.nrrd: --cmap is for gray volumes*" vol2png --cmap fire -n 0 alpha.nrrd
    { stream "2 2 1" float; floats 1 2 inf 4; } >infinite.nrrd
    fails 1 "vol2png: infinite.nrrd: *infinit*plane 0, row 1, column 0*" vol2png infinite.nrrd
    fails 1 "vol2png: infinite.nrrd: infinite sample at plane 0, row 1, column 0*" vol2png -w plane infinite.nrrd
    { stream "2 1 2" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,5000)"; floats 1 2 3 4; } >flat.nrrd
    fails 1 "vol2png: the spacing of planes is 5000 times the finest one*" vol2png --views flat.nrrd
    fails 1 "vol2png: *3000000000 columns take 3000000000 pixels*" vol2png -w 0,1 <(stream "3000000000 1 1")
}

@test "a stream that ends early leaves whole pictures only" {
    ramp "0 255" | head -c -20 >short.nrrd
    echo before >out.png
    fails 1 "vol2png: short.nrrd: stream ends in plane 3 of 4*" vol2png -o p%d.png short.nrrd
    [ "$(echo p*)" = "p0.png p1.png p2.png" ]
    for options in "--views" "-m 2x2" "-a row" "-n 0" "-a column"; do
        # shellcheck disable=SC2086 # words
        fails 1 "vol2png: standard input: stream ends *plane 3 of 4*" sh -c "cat short.nrrd | vol2png $options -o out.png"
        # shellcheck disable=SC2086
        fails 1 "vol2png: short.nrrd: stream ends *plane *of 4*" vol2png $options short.nrrd -o out.png
        [ "$(cat out.png)" = before ]
    done
    [ -z "$(find . -name '.?*' -type f)" ]
}

@test "a full disk, a missing folder, a reader that leaves" {
    [ -c /dev/full ] || skip "no /dev/full"
    fails 75 "vol2png: standard output: write: No space left on device" sh -c 'vol2png -n 0 in.nrrd >/dev/full'
    fails 75 "vol2png: /dev/full: write: No space left on device" vol2png --level 3 -n 0 in.nrrd -o /dev/full
    fails 1 "vol2png: no/p0.png: folder no does not exist" vol2png in.nrrd -o no/p%d.png
    { stream "2000 1000 1" float "window:=0 1"; perl -e 'print pack("f<", rand) for 1..2000000'; } >noise.nrrd
    run bash -c 'vol2png -n 0 noise.nrrd | head -c 100 | wc -c; exit ${PIPESTATUS[0]}'
    [ "$output" = 100 ]
    [ "$status" -eq 141 ]
}

@test "a picture that is too large to hold goes to TMPDIR, and says so when it can't" {
    { stream "1500 1500 4" float "window:=0 1"; head -c 36000000 /dev/zero; } >large.nrrd
    mkdir tmp
    TMPDIR=$PWD/tmp vol2png -m 2x2 --numbers large.nrrd >montage.png
    [ -z "$(ls -A tmp)" ]
    fails 1 "vol2png: * MB of a picture must be held in /no/such/folder*" \
        env TMPDIR=/no/such/folder vol2png -m 2x2 large.nrrd -o out
    TMPDIR=/no/such/folder vol2png -o p%d.png large.nrrd
}

@test "memory is small whatever the picture" {
    unsanitized
    need /usr/bin/time
    { stream "2048 2048 6" float "window:=0 1"; head -c 100663296 /dev/zero; } >large.nrrd
    for options in "-o p%d.png" "-n 1 -o out" "-a row -o out" "-a column -o out" "--views -o out" "-m 2x3 --numbers -o out" \
        "-w plane -o p%d.png" "--depth 16 -m 2x3 -o out" "-w minmax -n 0 -o out"; do
        # shellcheck disable=SC2086 # words
        /usr/bin/time -q -f %M -o kib vol2png $options large.nrrd
        echo "$(cat kib) KiB: $options"
        [ "$(cat kib)" -le 16384 ]
    done
}

@test "statistics that were made before spare the first pass" {
    need pngtopam
    ramp >bare.nrrd
    volstats -q 1,99 bare.nrrd >stats
    for window in minmax percentile:1,99; do
        vol2png -n 1 -w $window bare.nrrd >expected.png
        cat bare.nrrd | TMPDIR=/no/such/folder vol2png -n 1 -w $window --stats stats | cmp - expected.png
    done
    volcrop -p :1 bare.nrrd >other.nrrd
    fails 1 "vol2png: stats: *" vol2png -w minmax --stats stats other.nrrd
    vol2png -n 0 -w minmax --pool stats other.nrrd >pooled.png
    vol2png -n 0 -w minmax bare.nrrd >whole.png
    cmp <(pngtopam pooled.png) <(pngtopam whole.png)
}

@test "an infinite sample is named by its place in the volume that came in" {
    { stream "5 4 3"; floats $(seq 48) inf $(seq 11); } >inf.nrrd
    for options in "-n 2" "-a row -n 1" "-a column -n 3" "--views -n 2,1,3" "-m 2x2 --step 2"; do
        fails 1 "vol2png: inf.nrrd: infinite sample at plane 2, row 1, column 3*" vol2png $options -w plane inf.nrrd -o out.png
    done
}

# rough COLUMNS ROWS PLANES [SEED]: smooth, noisy and constant parts, window 0 to 65535
rough() {
    stream "$1 $2 $3" float "window:=0 65535"
    perl -e '($nx, $ny, $n, $seed) = @ARGV; srand $seed;
        for $i (0 .. $nx * $ny * $n - 1) {
            ($x, $y) = ($i % $nx, int($i / $nx) % $ny);
            $v = $y % 32 < 8 ? 0 : ($x * 40 + $y * 60 + ($x < $nx / 2 ? int(rand 3000) : 0)) % 65536;
            print pack "f<", $v;
        }' "$1" "$2" "$3" "${4:-7}"
}

@test "the same bytes for any number of threads" {
    rough 300 520 5 >volume.nrrd
    for options in "-o p%d.png" "--depth 16 -o p%d.png" "--cmap fire -o p%d.png" "--level 6 -o p%d.png" \
        "--level 0 --depth 16 -o p%d.png" "-m 2x3 --numbers -o p.png" "-m 3x2 --cmap ice -o p.png" \
        "--views --zoom 2 -o p.png" "--views --zoom 2 --level 9 --cmap magma -o p.png"; do
        rm -rf one && mkdir one
        # shellcheck disable=SC2086 # words
        (cd one && vol2png -j 1 $options ../volume.nrrd)
        for jobs in "-j 2" "-j 2" "--jobs 3" "-j 16" "-j 100" ""; do
            rm -rf other && mkdir other
            # shellcheck disable=SC2086
            (cd other && vol2png $jobs $options ../volume.nrrd)
            diff -r one other || { echo "$jobs $options"; return 1; }
        done
    done
    fails 2 "vol2png: --jobs: needs *, not '0'" vol2png -j 0 volume.nrrd
}

@test "pictures are what the specification says" {
    need_python zlib
    rough 300 520 5 >volume.nrrd
    { stream "3 130 270 4" float "kinds: RGB-color domain domain domain"; head -c 1684800 /dev/urandom; } >rgb.nrrd
    for level in "" "--level 0" "--level 1" "--level 9"; do
        # shellcheck disable=SC2086 # words
        {
            vol2png $level -o "p$level%d.png" volume.nrrd
            vol2png $level --depth 16 -o "d$level%d.png" volume.nrrd
            vol2png $level --cmap fire -o "c$level%d.png" volume.nrrd
            vol2png $level --cmap fire -m auto -o "m$level.png" volume.nrrd
            vol2png $level --views -o "v$level.png" volume.nrrd
            vol2png $level -w 0,1 --depth 16 -o "r$level%d.png" rgb.nrrd
        }
    done
    "$PYTHON" "$REFERENCE/png_check.py" ./*.png
    head -c -20 p0.png >short
    run "$PYTHON" "$REFERENCE/png_check.py" short
    [ "$status" -eq 1 ]
}

@test "pictures of many bands, of one pixel, of one row or column, of rows longer than a band" {
    need pngtopam
    for size in "1 1" "1 70000" "70000 1" "3 50000" "200000 3" "517 701"; do
        # shellcheck disable=SC2086 # words
        rough $size 1 >volume.nrrd
        samples <volume.nrrd >expected
        for options in "" "--level 1" "--level 9 -j 1"; do
            # shellcheck disable=SC2086
            vol2png --depth 16 $options volume.nrrd | levels - | cmp - expected || { echo "$size $options"; return 1; }
        done
    done
}

@test "a picture that fails is named, later ones do not appear, earlier ones do" {
    [ -c /dev/full ] || skip "no /dev/full"
    { stream "300 300 9" float "window:=0 1"; perl -e 'srand 7; print pack("f<", rand) for 1 .. 810000'; } >noise.nrrd
    ln -s /dev/full p3.png
    for jobs in 1 2 16; do
        fails 75 "vol2png: p3.png: write: No space left on device" vol2png -j $jobs -o p%d.png noise.nrrd
        [ "$(echo p*.png)" = "p0.png p1.png p2.png p3.png" ]
        [ -z "$(find . -name '.?*' -type f)" ]
        rm p[012].png
    done
    rm p3.png && mkdir p3.png
    fails 1 "vol2png: p3.png: is a directory" vol2png -j 3 -o p%d.png noise.nrrd
    [ "$(echo p*.png)" = "p0.png p1.png p2.png p3.png" ]
}

@test "a signal leaves no temporary of the pictures that are under way" {
    { stream "40 40 10000" float "window:=0 1"; perl -e 'srand 7; print pack("f<", rand) for 1 .. 80000'; } >noise.nrrd
    mkfifo pipe
    vol2png -j 16 -o p%d.png pipe 3>&- &
    local program=$!
    files_under_way() { # with a temporary name, or without any
        { find . -name '.vol.*' && find /proc/$program/fd -lname '*(deleted)'; } | wc -l
    }
    exec 5>pipe
    cat noise.nrrd >&5
    for _ in $(seq 100); do
        [ "$(files_under_way)" -gt 8 ] && break
        sleep 0.1
    done
    [ "$(files_under_way)" -gt 8 ]
    kill -TERM $program
    local status=0
    wait $program || status=$?
    exec 5>&-
    [ "$status" -eq 143 ]
    [ -z "$(find . -name '.?*' -type f)" ]
}

@test "a mask says what the window is measured of" {
    need_python PIL
    { stream "8 1 1"; floats 100 2 4 6 8 10 -50 7; } >in
    { stream "8 1 1"; floats 0 1 1 1 1 1 0 0; } >mask
    pixels() {
        "$PYTHON" -c "import PIL.Image; print(*PIL.Image.open('picture.png').tobytes())"
    }
    vol2png --mask mask in >picture.png
    [ "$(pixels)" = "255 0 64 128 191 255 0 159" ]
    cat in | vol2png --mask <(cat mask) -w minmax >picture.png
    [ "$(pixels)" = "255 0 64 128 191 255 0 159" ]
    volcrop in | sed 's/^source type/window:=0 100\nsource type/' | vol2png --mask mask >picture.png
    [ "$(pixels)" = "255 0 64 128 191 255 0 159" ]
    vol2png --mask mask -w percentile:25,75 in >picture.png
    [ "$(pixels)" = "255 0 0 128 255 255 0 191" ]
    fails 2 "vol2png: --window plane leaves nothing for --mask to tell" vol2png --mask mask -w plane in
    fails 2 "vol2png: --window LO,HI leaves nothing for --mask to tell" vol2png --mask mask -w 0,1 in
    fails 2 "vol2png: standard input can be only one file, not FILE and --mask" vol2png --mask - <in
    { stream "8 1 1"; floats 0 0 0 0 0 0 0 0; } >mask
    fails 1 "vol2png: mask: leaves no sample to count" vol2png --mask mask in
}

@test "text that ASCII can't hold is UTF-8 in the picture" {
    need_python PIL
    { stream "1" | perl -0pe "s/\n\n\$/\nhistory:=tiff2vol --unit \xc2\xb5m\x1b \xc2\x9b5m\n\n/"; floats 1; } >in
    vol2png in >picture.png
    grep -aq 'iTXthistory' picture.png
    grep -aq 'tEXtSoftware' picture.png
    "$PYTHON" -c "import PIL.Image; print(ascii(str(PIL.Image.open('picture.png').text['history'])))" |
        grep -Fx "'tiff2vol --unit \\xb5m? ??5m\\nvol2png'"
}

@test "channels become a composite: each its window and its colour, which add up" {
    need_python numpy skimage
    noise() { perl -e 'srand shift; print pack "f<*", map { rand() * $ARGV[0] } 1..600' "$@"; }
    { stream "10 20 3"; noise 1 5; } >one.nrrd
    { stream "10 20 3"; noise 2 0.1; } >two.nrrd
    volcat -a channel one.nrrd two.nrrd one.nrrd -o both.nrrd
    for window in minmax percentile:5,90 0,1; do
        vol2png -o "p%d.png" -w $window both.nrrd
        vol2png -o "q%d.png" -w $window --colours 804020,none,cyan both.nrrd
        "$PYTHON" "$REFERENCE/steps_vol2png.py" check_composite $window
    done
    cat both.nrrd | vol2png -n 1 -w minmax | cmp - <(vol2png -n 1 -w minmax both.nrrd)
    vol2png --verbose -n 1 -w minmax both.nrrd 2>&1 >/dev/null | grep -q 'channel 1: colour 00ff00, window'
}

@test "--zoom below 1 averages: the picture of a binned volume" {
    need pngtopam
    { stream "7 6 4" float "window:=0 1"; perl -e 'srand 3; print pack "f<*", map rand, 1..168'; } >noise.nrrd
    for zoom in 0.5 1/2; do
        cmp <(vol2png -n 2 --zoom $zoom noise.nrrd | pngtopam) <(volbin -f 1,2,2 --partial noise.nrrd | vol2png -n 2 | pngtopam)
        cmp <(vol2png -m 2x2 --zoom $zoom noise.nrrd | pngtopam) <(volbin -f 1,2,2 --partial noise.nrrd | vol2png -m 2x2 | pngtopam)
    done
    cmp <(vol2png -a row -n 3 --zoom 1/3 noise.nrrd | pngtopam) \
        <(volcrop --rows 3 noise.nrrd | volbin -f 3,1,3 --partial | vol2png -a row -n 0 | pngtopam)
}

@test "a scale bar is as long as it says" {
    need pngtopam
    { stream "200 120 2" float "space dimension: 3" "space directions: (0.5,0,0) (0,0.5,0) (0,0,2)" \
        'space units: "um" "um" "um"' "window:=0 1"; head -c 192000 /dev/zero; } >black.nrrd
    longest() { # the longest run of white pixels in a picture
        levels - | perl -e '$best = $now = 0; while (<>) { $now = $_ == 255 ? $now + 1 : 0; $best = $now if $now > $best } print "$best\n"'
    }
    [ "$(vol2png -n 0 --scalebar 30um black.nrrd | longest)" = 60 ]
    [ "$(vol2png -n 0 --scalebar 30 black.nrrd | longest)" = 60 ]
    [ "$(vol2png -n 0 --scalebar 30000nm --zoom 2 black.nrrd | longest)" = 120 ]
    [ "$(vol2png -n 0 --scalebar auto black.nrrd | longest)" = 40 ]
    [ "$(vol2png -n 0 --scalebar 40um --zoom 1/2 black.nrrd | longest)" = 40 ]
    [ "$(vol2png -a row -n 0 --aspect spacing --zoom 30 --scalebar 30um black.nrrd | longest)" = 1800 ]
    vol2png --views --scalebar auto --zoom 2 black.nrrd | pngtopam >/dev/null
    [ "$(vol2png -m 1x2 --gap 0 --scalebar 30um black.nrrd | longest)" = 60 ]
    [ "$(vol2png -n 0 black.nrrd | longest)" = 0 ]
    vol2png -n 0 --cmap fire --scalebar auto black.nrrd | pngtopam | head -c 2 | grep -q P6
}

@test "--montage auto: no empty row, near 4:3" {
    { stream "30 30 30" float "window:=0 1"; head -c 108000 /dev/zero; } >in30.nrrd
    [ "$(vol2png -m auto --gap 0 in30.nrrd >m.png; size m.png)" = "180 150" ] # 7 x 5 would leave five holes
    { stream "40 10 12" float "window:=0 1"; head -c 19200 /dev/zero; } >wide.nrrd
    [ "$(vol2png -m auto --gap 0 wide.nrrd >m.png; size m.png)" = "80 60" ]
    { stream "4 4 1" float "window:=0 1"; head -c 64 /dev/zero; } >one.nrrd
    [ "$(vol2png -m auto --gap 0 one.nrrd >m.png; size m.png)" = "4 4" ]
}

# numbered FOLDER: pictures that were there before, each with text that is no picture.
numbered() {
    mkdir -p "$1"
    local number
    for number in 00 01 02 03 04 05; do echo "old $number" >"$1/$number.png"; done
}

@test "no picture is removed, whatever goes wrong, and each that has a name is whole" {
    tiff2vol "$DATA/nuclei_31x61x57_u16.tif" | voleq | volcrop -p 0:6 -o eq.nrrd
    local window=percentile:0.5,99.5
    mkdir right
    vol2png -w $window eq.nrrd -o right/%02d.png
    numbered p
    chmod a-w p/03.png
    fails 1 "vol2png: p/03.png: *write-protected*" vol2png -w $window eq.nrrd -o p/%02d.png
    cmp p/00.png right/00.png
    cmp p/02.png right/02.png
    [ "$(cat p/03.png p/04.png p/05.png)" = $'old 03\nold 04\nold 05' ]
    # a stream that ends early: before the window is known no picture is touched
    numbered q
    head -c 60000 eq.nrrd | fails 1 "vol2png: standard input: stream ends*" vol2png -w $window -o q/%02d.png
    [ "$(cat q/*.png)" = "$(printf 'old %02d\n' 0 1 2 3 4 5)" ]
    # one with a window of its own: those before its end are whole, later ones untouched
    head -c 60000 eq.nrrd | fails 1 "vol2png: standard input: stream ends*" vol2png -w 0,1 -o q/%02d.png
    [ "$(cat q/05.png)" = "old 05" ]
    # a link to a picture is followed, and stays
    numbered r
    ln -sf "$PWD/r/05.png" r/01.png
    head -c 60000 eq.nrrd | fails 1 "vol2png: standard input: stream ends*" vol2png -w $window -o r/%02d.png
    [ -L r/01.png ] && [ "$(cat r/05.png)" = "old 05" ]
}

@test "killed while it draws: no picture has another window than the volume's" {
    { stream "64 64 400"; perl -e 'print pack "f<*", map { $_ / 1638400 } 0 .. 1638399'; } | voleq -o eq.nrrd
    local window=percentile:0.5,99.5 signal file
    mkdir right
    vol2png -w $window eq.nrrd -o right/%03d.png
    sed -i '1,/^$/s/^order statistics:=.*/order statistics:=of 1638400 8191:0.25 8192:0.25 1630207:0.5 1630208:0.5/' eq.nrrd
    for signal in TERM HUP KILL; do
        rm -rf killed && mkdir killed
        # the reader is held up in the middle, so that the signal comes between pictures
        mkfifo pipe
        { head -c 3000000 eq.nrrd; sleep 0.3; tail -c +3000001 eq.nrrd; } >pipe &
        vol2png -w $window -o killed/%03d.png <pipe &
        sleep 0.1
        kill -$signal $!
        wait $! || true
        rm pipe
        for file in killed/*.png; do
            [ ! -e "$file" ] || cmp "$file" "right/${file#killed/}"
        done
    done
}

@test "labels have colours, by option, by colour map, and where the stream says so" {
    need pngtopam
    { stream "4 2 1" float labels:=300; floats 0 1 2 255 256 257 300 0; } >labels.nrrd
    vol2png labels.nrrd >noted.png
    rgb() { pngtopam "$1" | pnmtoplainpnm | tail -n +4 | tr -s ' \n' ' ' | xargs -n 3; }
    rgb noted.png >found
    [ "$(sed -n '1p;8p' found | sort -u)" = "0 0 0" ]
    [ "$(sed -n 2p found)" = "$(sed -n 5p found)" ] # 256 as 1
    [ "$(sort -u found | wc -l)" = 5 ]
    [ "$(sed -n 2p found)" = "19 236 82" ] # as the page of vol2html has it
    volset --drop labels labels.nrrd >plain.nrrd
    vol2png --labels plain.nrrd | pngtopam | cmp - <(pngtopam noted.png)
    vol2png --cmap labels plain.nrrd | pngtopam | cmp - <(pngtopam noted.png)
    vol2png --cmap gray -w 0,300 labels.nrrd | pngtopam | head -c 2 | grep -qx P5
    { stream "4 2 1" float labels:=9; floats 9 9 4 4 9 0 4 1; } >blocks.nrrd
    vol2png --zoom 1/2 blocks.nrrd | pngtopam | cmp - <({ stream "2 1 1" float labels:=9; floats 9 4; } | vol2png | pngtopam)
    fails 2 "vol2png: labels have colours, and no --window, --stats, --pool or --mask" vol2png --labels -w 0,1 plain.nrrd
    fails 2 "vol2png: --labels leaves nothing for --cmap to tell" vol2png --labels --cmap fire plain.nrrd
}

@test "a scale bar without label, box, in another corner and colour" {
    need pngtopam
    { stream "60 60 1" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,1)" \
        'space units: "um" "um" "um"' "window:=0 1"; perl -e 'print pack("f<*", (0.5) x 3600)'; } >gray.nrrd
    bar() { vol2png --scalebar 20um "$@" gray.nrrd | levels -; }
    [ "$(bar --scalebar-label none --scalebar-box none | grep -cx 255)" = 40 ] # 20 x 2 pixels
    [ "$(bar --scalebar-label none --scalebar-box none --scalebar-colour black | grep -cx 0)" = 40 ]
    [ "$(bar --scalebar-box none | grep -cx 0)" = 0 ]
    [ "$(bar --scalebar-colour black | grep -cx 0)" -gt 40 ]
    row() { bar --scalebar-label none --scalebar-box none --scalebar-corner "$1" | grep -nx 255 | head -n 1 | cut -d: -f1; }
    [ "$((($(row upper-left) - 1) / 60)) $((($(row upper-left) - 1) % 60))" = "6 6" ]
    [ "$((($(row upper-right) - 1) / 60)) $((($(row upper-right) - 1) % 60))" = "6 34" ]
    [ "$((($(row lower-left) - 1) / 60)) $((($(row lower-left) - 1) % 60))" = "52 6" ]
    [ "$((($(row lower-right) - 1) / 60)) $((($(row lower-right) - 1) % 60))" = "52 34" ]
    fails 2 "vol2png: how the scale bar looks goes with --scalebar" vol2png --scalebar-box none gray.nrrd
}

@test "letters are smooth, in gray, in colour and in 16 bits" {
    need pngtopam
    vol2png --views --zoom 40 in.nrrd | levels - | sort -u | wc -l | { read -r n; [ "$n" -gt 60 ]; }
    [ "$(vol2png --views --zoom 4 --depth 16 in.nrrd | levels - | sort -nu | tail -n 1)" = 65535 ]
    vol2png --views --zoom 4 --cmap fire in.nrrd | pngtopam | head -c 2 | grep -q P6
}

@test "a stack with a hot sample is not black in views and montages, and that is said" {
    need pngtopam
    { stream "20 20 10"; perl -e 'print pack("f<*", (map { $_ % 100 / 100 } 1 .. 3999), 1000)'; } >hot.nrrd
    vol2png --views hot.nrrd >views.png 2>said
    grep -q '^vol2png: hot.nrrd: would be nearly black: shown from 0 1.*, its percentiles 0.5 and 99.5 (--window minmax: *' said ||
        grep -q '^vol2png: hot.nrrd: would be nearly black: shown from 0 0.*, its percentiles 0.5 and 99.5' said
    [ "$(levels views.png | sort -nu | wc -l)" -gt 20 ]
    vol2png -m 2x5 <hot.nrrd >montage.png 2>said
    grep -q 'nearly black' said
    vol2png --views -w minmax hot.nrrd 2>said | cmp - views.png >/dev/null && return 1
    [ ! -s said ]
    vol2png -o p%d.png hot.nrrd 2>said
    [ ! -s said ]
    volset --note window='0 1000' hot.nrrd | vol2png --views 2>said >noted.png
    [ ! -s said ]
}
