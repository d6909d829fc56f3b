load helpers

morphed() { # morphed "N..." OPTION...: what becomes of a row of these samples
    local row=$1
    shift
    # shellcheck disable=SC2086 # numbers
    { stream "$(wc -w <<<"$row")"; floats $row; } | volmorph "$@" | samples | tr '\nA-Z' ' a-z'
}

noise() { # noise PLANES ROWS COLUMNS: a stream of numbers between 0 and 1
    stream "$3 $2 $1"
    perl -e 'srand 5; print pack "f<*", map rand, 1..shift' $(($1 * $2 * $3))
}

@test "fixed results: scipy's" {
    [ "$(morphed "5 1 4 2 3 3 9" --erode)" = "1 1 1 2 2 3 3 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --dilate)" = "5 5 4 4 3 9 9 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --open)" = "1 1 2 2 3 3 3 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --close)" = "5 4 4 3 3 3 9 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --tophat)" = "4 0 2 0 0 0 6 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --bottomhat)" = "0 3 0 1 0 0 0 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --erode --size 99)" = "1 1 1 1 1 1 1 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --dilate --size 1e30,0,1e15)" = "9 9 9 9 9 9 9 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --erode --size 2)" = "5 1 1 2 2 3 3 " ]
    [ "$(morphed "5 1 4 2 3 3 9" --tophat --size 1)" = "0 0 0 0 0 0 0 " ]
}

@test "scipy.ndimage and scikit-image on random volumes" {
    need_python numpy scipy skimage
    run "$PYTHON" "$REFERENCE/morphology.py" 20
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "infinities are values, NaN are larger than all" {
    [ "$(morphed "-inf 1 inf 2 -inf" --dilate)" = "1 inf inf inf 2 " ]
    [ "$(morphed "nan nan 1 2" --erode)" = "nan 1 1 1 " ]
    [ "$(morphed "nan 1 2" --dilate)" = "nan nan 2 " ]
    [ "$(morphed "inf inf inf 1 1 1" --tophat)" = "nan nan nan 0 0 0 " ]
    { stream 1; printf '\377\377\377\377'; } | volmorph --tophat --size 1 | tail -c 4 | cmp - <(printf '\0\0\300\177')
}

@test "a window of one voxel leaves the volume as it is, bit for bit" {
    special >in
    for size in 0 1 0,1,0 0um 0.1um; do
        for what in "--erode --shape ball" --close; do
            # shellcheck disable=SC2086 # words
            volmorph $what --size $size in | tail -c 96 | cmp - <(tail -c 96 in)
        done
    done
}

@test "lengths in the world go through the spacing, along each axis" {
    { stream "41 21 11" float "space dimension: 3" "space directions: (0.25,0,0) (0,0.5,0) (0,0,1)" \
        'space units: "um" "um" "um"'; floats $(seq 9471); } >in
    told() { # told OPTION...
        volmorph --verbose --dilate "$@" in -o out 2>&1 | head -n 1
    }
    [ "$(told --size 4um)" = "volmorph: window of 5 x 9 x 17 (planes, rows, columns)" ]
    [ "$(told --size 4000nm --shape ball)" = "volmorph: window of 5 x 9 x 17 (planes, rows, columns)" ]
    volmorph --dilate --shape ball --size 5,9,17 in | tail -c 37884 | cmp - <(tail -c 37884 out)
    [ "$(told --size 0,1,1um)" = "volmorph: window of 1 x 3 x 5 (planes, rows, columns)" ]
}

@test "ranks 0 and 100 of volmedian are erosion and dilation" {
    noise 9 30 40 >in
    for window in "--size 3" "--size 7,4,5" "--size 7 --shape ball" "--size 1,1,9 --edge reflect"; do
        # shellcheck disable=SC2086 # words
        volmedian --rank 0 $window in | tail -c 43200 | cmp - <(volmorph --erode ${window% --edge*} in | tail -c 43200)
        # shellcheck disable=SC2086
        volmedian --rank 100 $window in | tail -c 43200 | cmp - <(volmorph --dilate ${window% --edge*} in | tail -c 43200)
    done
}

@test "a mask stays a mask, labels stay labels; the window goes with a difference" {
    { stream 3 float "window:=0 1" "mask:=1"; floats 1 0 1; } >mask
    { stream 3 float "labels:=7"; floats 7 0 1; } >labels
    { stream 3 float "window:=0 2"; floats 2 0 1; } >gray
    for what in erode dilate open close tophat bottomhat; do
        volmorph --$what mask | grep -aqx 'mask:=1'
    done
    volmorph --close labels | grep -aqx 'labels:=7'
    volmorph --open gray | grep -aqx 'window:=0 2'
    volmorph --tophat gray | head -n 12 >out
    lacks 'window' out
    volmorph --tophat labels | head -n 12 >out
    lacks 'labels' out
}

@test "file, pipe, threads, levels: the same bytes" {
    noise 20 100 150 >in
    for options in "--erode --size 7,5,31" "--open --size 5 --shape ball" "--tophat --size 9 --shape ball" \
        "--bottomhat --size 40" "--tophat --size 1,1,5" "--dilate --size 5,1,1"; do
        # shellcheck disable=SC2086 # words
        volmorph $options -j 1 in -o out
        # shellcheck disable=SC2086
        volmorph $options -j 3 < <(cat in) | cmp - out
        for level in $(cpu_levels); do
            # shellcheck disable=SC2086
            VOL_CPU=$level volmorph $options -j 1000 in | cmp - out
        done
    done
}

@test "planes that are too large for memory: bands, the same bytes" {
    # 9 planes of 1000 x 1000 floats are more than 24 MiB; those of 250 x 1000 are not.
    { stream "1000 1000 12"; perl -e 'srand 3; for (1 .. 12) { print pack("f<*", map rand, 1 .. 10007) x 100 }' | head -c 48000000; } >in
    for options in "--erode --size 9,3,3" "--dilate --size 9 --shape ball" "--tophat --size 5,9,3"; do
        # shellcheck disable=SC2086 # words
        volmorph $options in -o out
        # shellcheck disable=SC2086
        volmorph $options < <(cat in) | cmp - out
        for rows in 0:250:0:200 500:750:550:700; do
            IFS=: read -r first end low high <<<"$rows"
            # shellcheck disable=SC2086
            volcrop --rows "$first:$end" in | volmorph $options | volcrop --rows "$((low - first)):$((high - first))" |
                tail -c $(((high - low) * 48000)) |
                cmp - <(volcrop --rows "$low:$high" out | tail -c $(((high - low) * 48000)))
        done
    done
}

@test "memory, for any number of planes" {
    unsanitized
    need /usr/bin/time
    { stream "512 512 60"; head -c 62914560 /dev/zero; } >in
    peak() { # peak KIB OPTION...
        local most=$1
        shift
        /usr/bin/time -q -f %M -o kib volmorph -j 2 "$@" >/dev/null
        [ "$(cat kib)" -le "$most" ] || { echo "$* $(cat kib)"; return 1; }
    }
    peak 32768 --erode --size 21 in
    peak 32768 --dilate --size 21 --shape ball in
    peak 32768 --erode --size 51 in
    peak 32768 --erode --size 51 < <(cat in)
    peak 65536 --tophat --size 21 --shape ball in
    peak 65536 --tophat --size 21 --shape ball < <(cat in)
    peak 65536 --bottomhat --size 15 < <(cat in)
}

@test "a short input fails" {
    { stream "4 3 5"; floats 1 2 3 4 5 6; } >in
    for what in --erode "--close --shape ball" --tophat "--bottomhat --size 1,3,1"; do
        # shellcheck disable=SC2086 # words
        fails 1 "volmorph: in: stream ends in plane 0 of 5 (row 1)" volmorph $what in -o out
        # shellcheck disable=SC2086
        fails 1 "volmorph: standard input: stream ends in plane 0 of 5 (row 1)" sh -c "cat in | volmorph $what -o out"
        [ ! -e out ]
    done
}

@test "refused" {
    { stream 3; floats 1 2 3; } >in
    fails 2 "volmorph: one of --erode, --dilate, --open, --close, --tophat, --bottomhat is needed*" volmorph in
    fails 2 "volmorph: one of --erode, --dilate, --open, --close, --tophat, --bottomhat is needed*" volmorph --erode --open in
    fails 1 "volmorph: --size: 2.5 is not a whole number of voxels" volmorph --erode --size 2.5 in
    fails 1 "volmorph: --size: a ball of 4 voxels has no middle: use an odd number" volmorph --erode --size 3,4,3 --shape ball in
    fails 1 "volmorph: --size: a length in um needs the spacing along the plane axis, which is unknown: set it with volset, or give a number of voxels" volmorph --erode --size 1um in
    fails 2 "volmorph: --shape: *box, ball*" volmorph --erode --shape cube in
}
