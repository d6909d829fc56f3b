load helpers

noise() { # noise PLANES ROWS COLUMNS [LINE...]: a stream of numbers between 0 and 1
    local planes=$1 rows=$2 columns=$3
    shift 3
    stream "$columns $rows $planes" float "$@"
    perl -e 'srand 6; print pack "f<*", map rand() ** 2, 1..shift' $((planes * rows * columns))
}

@test "scikit-image's equalize_adapthist on random volumes" {
    need_python numpy skimage
    run "$PYTHON" "$REFERENCE/clahe.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "real cells: scikit-image's samples" {
    need_python numpy skimage
    tiff2vol -s "$CELLS" -o cells.nrrd || tiff2vol "$CELLS" -o cells.nrrd
    volclahe cells.nrrd -o found.nrrd
    "$PYTHON" "$REFERENCE/steps_volclahe.py" check_cells
}

@test "constants become 1; NaN stay and are not counted" {
    { stream "3 1 1"; floats 0 0 0; } | volclahe | samples | cmp - <(printf '%s\n' 1 1 1)
    { stream "6 1 1"; floats 0 0.2 0.4 0.6 0.8 1; } >plain
    { stream "7 1 1"; floats 0 0.2 nan 0.4 0.6 0.8 1; } >holed
    volclahe --kernel 1,1,99 --clip-limit 0 -r 0,1 plain | samples >expected
    volclahe --kernel 1,1,99 --clip-limit 0 -r 0,1 holed 2>said | samples >found
    [ "$(sed -n 3p found)" = NaN ]
    volclahe holed 2>&1 >/dev/null | grep -qx 'volclahe: holed: 1 NaN not counted, passed on'
    { stream "2 2 2"; floats nan nan nan nan nan nan nan nan; } | volclahe --quiet 2>/dev/null | samples | sort -u | cmp - <(echo NaN)
    # A tile of nothing but NaN changes nothing in the others but by what is blended: all stay finite.
    { stream "8 1 1"; floats nan nan nan nan 0.1 0.2 0.3 0.4; } | volclahe --kernel 1,1,4 2>/dev/null | samples >found
    [ "$(grep -c NaN found)" -eq 4 ]
}

@test "a length is the same along each axis, whatever the spacing and direction" {
    noise 20 30 40 'space dimension: 3' 'space directions: (0.2,0,0) (0,0.5,0) (0,0,1)' 'space units: "um" "um" "um"' >in
    volclahe --kernel 4um --verbose in -o found 2>said
    grep -qx 'volclahe: tiles of 4 x 8 x 20 voxels (planes, rows, columns)' said
    volclahe --kernel 4,8,20 in | tail -c 96000 | cmp - <(tail -c 96000 found)
    volclahe --kernel 0.004mm in | tail -c 96000 | cmp - <(tail -c 96000 found)
    volclahe --kernel 2.5um --verbose in -o found 2>said
    grep -qx 'volclahe: tiles of 2 x 5 x 12 voxels (planes, rows, columns)' said
    for length in 2500nm 0.0025mm 0.00025cm 25000angstrom; do
        volclahe --kernel $length in | tail -c 96000 | cmp - <(tail -c 96000 found)
    done
    volclahe --kernel 0 in | tail -c 96000 | cmp - <(volclahe --kernel 1 in | tail -c 96000)
    volclahe --kernel 1m --verbose in 2>&1 >/dev/null | grep -q 'tiles of 20 x 30 x 40 voxels'
    noise 20 30 40 'space dimension: 3' 'space directions: (0,0.3,0.4) (500,0,0) (0,-0.8,0.6)' 'space units: "nm" "um" "um"' >in
    volclahe --kernel 4um --verbose in 2>&1 >/dev/null | grep -q 'tiles of 4 x 8 x 8 voxels'
}

@test "piped, read twice, any number of threads and vector level: the same bytes" {
    noise 40 60 90 >small
    noise 30 700 900 >large # its planes are read a second time
    for in in small large; do
        for options in "--kernel 16,30,40" "--kernel 16,30,40 -r 0,0.5"; do
            # shellcheck disable=SC2086 # words
            {
                volclahe $options -j 1 $in -o out
                volclahe $options -j 1 < <(cat $in) | cmp - out
                volclahe $options -j 3 < <(cat $in) | cmp - out
                volclahe $options -j 3 <$in | cmp - out
                for level in $(cpu_levels); do
                    VOL_CPU=$level volclahe $options $in | cmp - out
                done
            }
        done
    done
}

@test "samples outside the mask are mapped, not counted" {
    noise 6 20 30 >in
    { stream "30 20 6"; perl -e 'print pack "f<*", map $_ % 30 < 15, 0..3599'; } >mask
    { stream "30 20 6"; perl -e 'print pack "f<*", (1) x 3600'; } >all
    volclahe --kernel 6,20,15 in -o plain
    volclahe --kernel 6,20,15 --mask all in | tail -c 14400 | cmp - <(tail -c 14400 plain)
    volclahe --kernel 6,20,15 --mask mask -r 0,1 in | samples >masked
    volcrop --columns :15 in | volclahe --kernel 6,20,15 -r 0,1 | samples >left
    # The only tile that is counted is the left one: everything takes its map.
    perl -ne 'print if ($. - 1) % 30 < 15' masked | cmp - left
    [ "$(grep -c NaN masked)" -eq 0 ]
    fails 1 "volclahe: mask: *" volclahe --mask mask <(stream "2 1 1"; floats 0 1)
}

@test "history and window" {
    noise 3 20 20 'window:=0 0.2' >in
    volclahe --kernel 5 in | head -n 20 >kept || true
    grep -aqx 'window:=0 1' kept
    grep -aqx 'history:=volclahe --kernel 5' kept
}

@test "memory does not grow with planes" {
    unsanitized
    need /usr/bin/time
    { stream "1024 1024 64"; head -c 268435456 /dev/zero; } >in
    for options in "" "--kernel 64,64,64" "-r 0,1"; do
        # shellcheck disable=SC2086 # words
        /usr/bin/time -f %M -o peak volclahe $options in -o /dev/null
        [ "$(cat peak)" -lt 32768 ] || { echo "$options: $(cat peak)"; return 1; }
    done
}

@test "many tiles, many bins: memory is bounded" {
    unsanitized
    need /usr/bin/time
    { stream "1024 1024 3"; head -c 12582912 /dev/zero; } >small
    { stream "8192 8192 1"; head -c 268435456 /dev/zero; } >large
    for options in "--kernel 1,8,8 small" "-b 16384 small" "--kernel 8,64,64 large"; do
        # shellcheck disable=SC2086 # words
        /usr/bin/time -f %M -o peak volclahe -j 4 -r 0,1 $options -o /dev/null
        [ "$(cat peak)" -lt 32768 ] || { echo "$options: $(cat peak)"; return 1; }
    done
    fails 1 "volclahe: small: maps of tiles are kept in /no/such: No such file or directory" env TMPDIR=/no/such volclahe -r 0,1 --kernel 1,8,8 small
}

# clahe_flipped FILE [OPTION...]: upside down, equalized, turned back.
clahe_flipped() {
    local file=$1
    shift
    volaxes --flip "$AXES" "$file" | volclahe --quiet "$@" | volaxes --flip "$AXES"
}

@test "where nothing is counted first or last: as turned around" {
    in=$DATA/reports/clahe-nan-planes-first.nrrd
    AXES=plane
    volclahe --quiet --kernel 8 "$in" | samples >found
    clahe_flipped "$in" --kernel 8 | samples | cmp - found
    volcrop -p 8: "$in" | volclahe --kernel 8 | samples | cmp - <(tail -n 2048 found)
    noise 8 8 8 >part
    { stream "8 8 8"; perl -e 'print pack("f<", "nan") x 512'; } >none
    { stream "8 8 8"; perl -e 'print pack("f<", 1) x 512'; } >ones
    { stream "8 8 8"; head -c 2048 /dev/zero; } >zeros
    volclahe -r 0,1 --kernel 8 part | samples >alone
    for AXES in plane row column; do
        volcat --axis $AXES none none part -o holed
        volclahe --quiet -r 0,1 --kernel 8 holed -o made
        volcrop --${AXES}s 16: made | samples | cmp - alone
        clahe_flipped holed -r 0,1 --kernel 8 | samples | cmp - <(samples <made)
        volcat --axis $AXES part part part -o whole
        volcat --axis $AXES zeros zeros ones -o mask
        volaxes --flip $AXES mask -o turned
        volclahe -r 0,1 --kernel 8 --mask mask whole -o made
        volcrop --${AXES}s :8 made | samples | cmp - alone
        clahe_flipped whole -r 0,1 --kernel 8 --mask turned | samples | cmp - <(samples <made)
    done
    { stream "1 1 3"; floats 0.5 nan 0.5; } | volclahe --quiet | samples | cmp - <(printf '%s\n' 1 NaN 1)
}

@test "two that are equally near to where nothing is counted" {
    # Of layers the one on the side of the sample, of tiles in a layer the mean.
    { stream "1 1 3"; floats 0.9 0.5 0.1; } >planes
    { stream "1 1 3"; floats 1 0 1; } >mask
    [ "$(volclahe -r 0,1 --clip-limit 0 --kernel 1 --mask mask planes | samples | tr '\n' ' ')" = "1 0 1 " ]
    for sizes in "1 3 1" "3 1 1"; do
        { stream "$sizes"; floats 0.9 0.5 0.1; } >in
        { stream "$sizes"; floats 1 0 1; } >mask
        [ "$(volclahe -r 0,1 --clip-limit 0 --kernel 1 --mask mask in | samples | tr '\n' ' ')" = "1 0 0.499969482 " ]
    done
    noise 10 2 2 >in
    { stream "2 2 10"; floats $(printf '%.0s1 ' {1..8}) $(printf '%.0s0 ' {1..24}) $(printf '%.0s1 ' {1..8}); } >mask
    AXES=plane
    volclahe -r 0,1 --kernel 2 --mask mask in | samples >made
    clahe_flipped in -r 0,1 --kernel 2 --mask mask | samples | cmp - made
}

@test "a short input fails, and no file is left" {
    noise 6 70 90 >in
    head -c 100000 in >short
    fails 1 "volclahe: short: stream ends in plane 3 of 6 (row *)" volclahe short -o out
    fails 1 "volclahe: short: stream ends in plane 3 of 6 (row *)" volclahe -r 0,1 short -o out
    [ ! -e out ]
}

@test "what can't be asked is refused" {
    { stream "2 2 2"; floats 0 1 2 3 4 5 6 7; } >large
    { stream "2 2 2"; floats 0 1 inf 3 4 5 6 7; } >infinite
    fails 1 "volclahe: large: samples from 0 to 7, where -1 to 1 are needed: say --range LO,HI" volclahe large
    fails 1 "volclahe: infinite: samples from 0 to inf, where -1 to 1 are needed: say --range LO,HI" volclahe infinite
    volclahe -r 0,7 infinite >out
    fails 1 "volclahe: --kernel: 2.5 is not a whole number of voxels" volclahe --kernel 2.5 large
    fails 1 "volclahe: --kernel: a length in um needs the spacing *" volclahe --kernel 2um large
    fails 2 "volclahe: --kernel: '-1um' is negative" volclahe --kernel -1um large
    fails 2 "volclahe: --kernel: '-1' is negative" volclahe --kernel -1 large
    fails 2 "volclahe: --range: LO must be below HI" volclahe -r 1,1 large
    noise 1 1 6000 >in
    fails 1 "volclahe: in: 6000 tiles in a row have 1542000 bins, 1500000 at most: take a larger --kernel or fewer --bins" volclahe --kernel 1 in
    { stream "2000 2000 1"; head -c 16000000 /dev/zero; } >in
    fails 1 "volclahe: in: 4000000 tiles in a plane, 2097152 at most: take a larger --kernel" volclahe -r 0,1 --kernel 1 in
}

@test "samples beyond -1 and 1 are refused on either side" {
    { stream "2 2 2"; floats -1.5 0 0 0 0 0 0 0.5; } >low
    { stream "2 2 2"; floats -0.5 0 0 0 0 0 0 1.5; } >high
    fails 1 "volclahe: low: samples from -1.5 to 0.5, where -1 to 1 are needed: say --range LO,HI" volclahe low
    fails 1 "volclahe: high: samples from -0.5 to 1.5, where -1 to 1 are needed: say --range LO,HI" volclahe high
}
