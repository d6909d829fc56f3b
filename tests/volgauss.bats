load helpers

noise() { # noise PLANES ROWS COLUMNS [LINE...]: a stream of numbers between 0 and 1
    local planes=$1 rows=$2 columns=$3
    shift 3
    stream "$columns $rows $planes" float "$@"
    perl -e 'srand 5; print pack "f<*", map rand, 1..shift' $((planes * rows * columns))
}

@test "fixed results: scipy's" {
    { stream "5 1 1"; floats 1 2 3 4 5; } >in
    [ "$(volgauss --sigma 1 --edge reflect in | samples | tr '\n' ' ')" = "1.42704093 2.06782198 3 3.93217802 4.57295895 " ]
    [ "$(volgauss --sigma 0,0,1 in | samples | tr '\n' ' ')" = "1.36378455 2.06312251 3 3.93687749 4.63621521 " ]
    [ "$(volgauss --sigma 0.1 in | samples | tr '\n' ' ')" = "1 2 3 4 5 " ]
    [ "$(volgauss --sigma 5,5,0 in | samples | tr '\n' ' ')" = "1 2 3 4 5 " ]
}

@test "a length in the world is the same along each axis, whatever the spacing and direction" {
    noise 20 30 40 'space dimension: 3' 'space directions: (0.2,0,0) (0,0.5,0) (0,0,1)' 'space units: "um" "um" "um"' >in
    volgauss --sigma 1um --verbose in -o found 2>said
    grep -qx 'volgauss: sigma is 1, 2, 5 voxels along planes, rows, columns; the window has 9 x 17 x 41 voxels' said
    volgauss --sigma 1,2,5 in | tail -c 96000 | cmp - <(tail -c 96000 found)
    volgauss --sigma 0.001mm in | tail -c 96000 | cmp - <(tail -c 96000 found)
    # Turned: columns step along y and z, 0.3 and 0.4, rows along x.
    noise 20 30 40 'space dimension: 3' 'space directions: (0,0.3,0.4) (500,0,0) (0,-0.8,0.6)' 'space units: "nm" "um" "um"' >in
    volgauss --sigma 1um --verbose in 2>said | tail -c 96000 >found
    grep -q 'sigma is 1, 2, 2 voxels' said
    volgauss --sigma 1,2,2 in | tail -c 96000 | cmp - found
}

@test "a sigma of 0, or of next to nothing, leaves the volume as it is, bit for bit" {
    special >in
    for sigma in 0 -0 0,0,0 0um 0.1 0.1um 0,0.01,0; do
        volgauss --sigma $sigma in | tail -c 96 | cmp - <(tail -c 96 in)
    done
    { stream "1 1 1"; floats 3; } | volgauss --sigma 0um | samples | cmp - <(echo 3) # no spacing is needed
    volgauss --sigma 2 --truncate 0 in | tail -c 96 | cmp - <(tail -c 96 in)
}

@test "a length has the same bytes in every unit" {
    noise 5 30 40 'space dimension: 3' 'space directions: (0.8,0,0) (0,0.7,0) (0,0,0.3)' 'space units: "um" "um" "um"' >in
    volgauss --sigma 0.3um --verbose in -o found 2>said # a window of 4 * 0.3 / 0.8 + 0.5 = 2 columns on each side
    grep -q 'the window has 9 x 5 x 5 voxels' said
    for length in 300nm 0.0003mm 0.00003cm 3000angstrom 3e-7m; do
        volgauss --sigma $length in | tail -c 24000 | cmp - <(tail -c 24000 found)
    done
}

@test "piped, in bands, any number of threads and vector level: the same bytes" {
    noise 12 700 900 >in
    volgauss --sigma 3,2,1 -j 1 in -o out
    volgauss --sigma 3,2,1 -j 1 < <(cat in) | cmp - out
    volgauss --sigma 3,2,1 -j 3 < <(cat in) | cmp - out
    volgauss --sigma 3,2,1 -j 3 <in | cmp - out
    for level in generic v2 v3 v4; do
        VOL_CPU=$level volgauss --sigma 1 <(stream 1; floats 0) >/dev/null 2>&1 || continue
        VOL_CPU=$level volgauss --sigma 3,2,1 in | cmp - out
    done
}

@test "history, spacing and window are kept" {
    noise 3 4 5 'space dimension: 3' 'space directions: (1,0,0) (0,1,0) (0,0,2)' 'window:=0 0.5' >in
    volgauss --sigma 1.50 --edge reflect in | head -n 20 >kept || true
    grep -aqx 'window:=0 0.5' kept
    grep -aqx 'history:=volgauss --sigma 1.50 --edge reflect' kept
    grep -aqx 'space directions: (1,0,0) (0,1,0) (0,0,2)' kept
}

@test "a short input leaves a short output, and no file" {
    noise 12 70 90 >in
    head -c 200000 in >short
    fails 1 "volgauss: short: stream ends in plane 7 of 12 (row *)" volgauss --sigma 1 short -o out
    [ ! -e out ]
    fails 1 "volgauss: standard input: stream ends in plane 7 of 12 (row *)" sh -c 'cat short | volgauss --sigma 1'
}

@test "what can't be asked is refused" {
    noise 3 4 5 >in
    fails 2 "volgauss: --sigma is missing; see volgauss --help" volgauss in
    fails 2 "volgauss: --sigma: '-1' is negative" volgauss --sigma -1 in
    fails 2 "volgauss: --sigma: '-1' is negative" volgauss --sigma -1 in
    fails 2 "volgauss: --sigma: needs one value*, not '1,2'" volgauss --sigma 1,2 in
    fails 2 "volgauss: --edge: needs one of*, not 'wrap'" volgauss --sigma 1 --edge wrap in
    fails 1 "volgauss: in: a length in um needs the spacing along the plane axis, which is unknown: set it with volset*" volgauss --sigma 1um in
    fails 1 "volgauss: in: the window of a sigma of 2000 voxels along the plane axis reaches 8000 voxels, 4096 at most" volgauss --sigma 2000 in
}

@test "a window beyond memory is refused with its size" {
    { stream "300000 10 100"; head -c 1200000000 /dev/zero; } | {
        fails 1 "volgauss: standard input: the window of 100 planes and 1 rows of 300000 samples takes 114 MiB of memory, more than 24" volgauss --sigma 50
    }
}

@test "memory, whatever the window and the threads" {
    unsanitized
    need /usr/bin/time
    { stream "1024 1024 12"; head -c 50331648 /dev/zero; } >large
    { stream "100 100 100"; head -c 4000000 /dev/zero; } >small
    for options in "--sigma 2 large" "--sigma 2,200,2 large" "--sigma 1000 small"; do
        # shellcheck disable=SC2086 # words
        /usr/bin/time -f %M -o peak volgauss -j 64 $options -o out
        [ "$(cat peak)" -lt 32768 ] || { echo "$options: $(cat peak)"; return 1; }
    done
}

@test "scipy's gaussian_filter and scikit-image's gaussian on random volumes" {
    need_python numpy scipy skimage
    run "$PYTHON" "$REFERENCE/gauss.py"
    echo "$output"
    [ "$status" -eq 0 ]
}
