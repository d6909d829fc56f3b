load helpers

resampled() { # resampled "N..." OPTION...: what becomes of a row of these samples
    local row=$1
    shift
    # shellcheck disable=SC2086 # numbers
    { stream "$(wc -w <<<"$row")"; floats $row; } | volresample "$@" | samples | tr '\nA-Z' ' a-z'
}

# small NOTE...: 4 planes of 3 rows and 2 columns, of 2 x 1 x 0.5 micrometres.
small() {
    stream "2 3 4" float "space dimension: 3" "space directions: (0.5,0,0) (0,1,0) (0,0,2)" \
        'space units: "um" "um" "um"' "space origin: (10,20,30)" "$@"
    # shellcheck disable=SC2046 # numbers
    floats $(seq 24)
}

field() { # field NAME FILE
    sed -n "/^$/q; s/^$1: //p" "$2"
}

@test "fixed results: scikit-image's" {
    [ "$(resampled "1 2 4 8" --size 0,0,8)" = "1 1.25 1.75 2.5 3.5 5 7 8 " ]
    [ "$(resampled "1 2 4 8" --size 0,0,2)" = "1.5 6 " ]
    [ "$(resampled "1 2 4 8" --size 1,1,3)" = "1.16666663 3 7.33333349 " ]
    [ "$(resampled "1 2 4 8" --size 1,1,6 --nearest)" = "1 2 2 4 8 8 " ]
    [ "$(resampled "1 2 4 8" --size 2,1,4)" = "1 2 4 8 1 2 4 8 " ]
    [ "$(resampled "1 nan 4 8" --size 0,0,4)" = "nan nan 4 8 " ]
    [ "$(resampled "1 2 4 8" --size 0,0,2 --smooth)" = "1.60750628 5.8928895 " ]
}

@test "scikit-image on random volumes" {
    need_python numpy skimage
    run "$PYTHON" "$REFERENCE/resample.py" 40
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "spacing and origin follow, the faces stay" {
    small "window:=0 9" >in
    volresample --isotropic in -o out
    [ "$(field sizes out)" = "2 6 16" ]
    [ "$(field "space directions" out)" = "(0.5,0,0) (0,0.5,0) (0,0,0.5)" ]
    [ "$(field "space origin" out)" = "(10,19.75,29.25)" ]
    grep -aqx 'window:=0 9' out
    grep -aqx 'history:=volresample --isotropic' out
    volresample --spacing 1.1um --verbose in -o out 2>said
    [ "$(head -n 1 said)" = "volresample: 7 x 3 x 1 samples" ]
    [ "$(field "space directions" out)" = "(1,0,0) (0,1,0) (0,0,1.1428571428571428)" ]
    [ "$(field "space origin" out)" = "(10.25,20,29.571428571428573)" ]
    for same in 1,2,0um 1000,2000,0nm 1,2,0; do
        volresample --spacing $same in | tail -n +5 | sed 's/^history:=.*//' >"out.$same"
        cmp out.1,2,0um "out.$same"
    done
    [ "$(field sizes out.1,2,0um)" = "2 2 8" ] || field sizes out.1,2,0um
    # an unknown spacing stays unknown, and a known origin is not kept where it moves
    { stream "2 1 1"; floats 1 2; } | volresample --size 0,0,4 >out
    lacks "space" out
}

@test "the same grid gives the same samples" {
    small >in
    volresample --size 4,3,2 in | tail -c 96 | cmp - <(tail -c 96 in)
    volresample --spacing 2,1,0.5um in | tail -c 96 | cmp - <(tail -c 96 in)
}

@test "masks and labels: the nearest sample, and the note stays" {
    for note in mask:=1 labels:=24; do
        small "$note" >in
        volresample --isotropic in -o out
        grep -aqx "$note" out
        small | volresample --isotropic --nearest | samples | cmp - <(samples <out)
        fails 1 "volresample: in: holds *, which --smooth would blend" volresample --size 1,1,1 --smooth in
    done
    small part:="planes 2:6 of 9" >in
    volresample --size 0,9,9 in | grep -aqx 'part:=planes 2:6 of 9'
    volresample --size 5,9,9 in | head -n 14 >out
    lacks 'part' out
}

@test "file, pipe, threads, levels: the same bytes" {
    { stream "150 100 20"; perl -e 'srand 5; print pack "f<*", map rand, 1 .. 300000'; } >in
    for options in "--size 33,70,200" "--size 7,301,150 --smooth" "--size 50,10,10 --nearest"; do
        # shellcheck disable=SC2086 # words
        volresample $options -j 1 in -o out
        # shellcheck disable=SC2086
        volresample $options -j 3 < <(cat in) | cmp - out
        for level in $(cpu_levels); do
            # shellcheck disable=SC2086
            VOL_CPU=$level volresample $options -j 1000 in | cmp - out
        done
    done
}

@test "planes that are too large for memory: bands, the same bytes" {
    { stream "1600 1400 4"; perl -e 'srand 3; for (1 .. 4) { print pack("f<*", map rand, 1 .. 10007) x 230 }' | head -c 35840000; } >in
    for options in "--size 7,1003,1600" "--size 3,2300,1601" "--size 9,99,20 --nearest"; do
        # shellcheck disable=SC2086 # words
        volresample $options in -o out
        # shellcheck disable=SC2086
        volresample $options < <(cat in) | cmp - out
        # half of the columns fit: the same but near the cut
        IFS=, read -r planes rows columns _ <<<"${options#--size }"
        columns=${columns% *}
        # shellcheck disable=SC2086
        volcrop --columns :800 in | volresample ${options/,$columns/,$((columns / 2))} >half
        [ $((columns % 2)) -eq 1 ] || volcrop --columns ":$((columns / 2 - 1))" half | samples |
            cmp - <(volcrop --columns ":$((columns / 2 - 1))" out | samples)
    done
}

@test "memory, for any number of planes" {
    unsanitized
    need /usr/bin/time
    { stream "1024 1024 12"; head -c 50331648 /dev/zero; } >in
    for options in "--size 30,1000,1024" "--size 5,2048,2048" "--size 3,100,100"; do
        # shellcheck disable=SC2086 # words
        /usr/bin/time -f %M -o kib volresample -j 2 $options in >/dev/null
        [ "$(cat kib)" -le 24576 ] || { cat kib; return 1; }
    done
}

@test "a short input fails" {
    { stream "4 3 5"; floats 1 2 3 4 5 6; } >in
    for options in "--size 3,3,3" "--size 1,1,1 --nearest" "--size 9,0,0" "--size 2,2,2 --smooth"; do
        # shellcheck disable=SC2086 # words
        fails 1 "volresample: in: stream ends in plane 0 of 5 (row 1)" volresample $options in -o out
        [ ! -e out ]
    done
}

@test "refused" {
    { stream 3; floats 1 2 3; } >in
    fails 2 "volresample: one of --isotropic, --spacing, --size is needed*" volresample in
    fails 2 "volresample: one of --isotropic, --spacing, --size is needed*" volresample --isotropic --size 1,1,1 in
    fails 2 "volresample: --nearest takes samples as they are: no --smooth beside it*" volresample --size 1,1,1 --nearest --smooth in
    fails 2 "volresample: --size: '3' is not three whole numbers, for planes, rows and columns" volresample --size 3 in
    fails 2 "volresample: --size: '1,2,2.5' is not three whole numbers, for planes, rows and columns" volresample --size 1,2,2.5 in
    fails 1 "volresample: the spacing along the plane axis is unknown: set it with volset, or give --size" volresample --isotropic in
    fails 1 "volresample: the spacing along the plane axis is unknown: set it with volset, or give --size" volresample --spacing 2 in
    fails 1 "volresample: --spacing: a length in um needs the spacing along the plane axis, which is unknown: set it with volset, or give a number of voxels" volresample --spacing 2um in
    fails 1 "volresample: 1e+10 samples along the row axis: 4294967295 at most" volresample --size 1,1e10,1 in
    fails 1 "volresample: in: 4294967295 x 4294967295 x 4294967295 samples are too many" volresample --size 4294967295,4294967295,4294967295 in
}
