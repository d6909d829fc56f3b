load helpers

gray() { # gray N...: a stream of one row
    stream "$#"
    floats "$@"
}

ranked() { # ranked "N..." OPTION...: what becomes of these samples
    local row=$1
    shift
    # shellcheck disable=SC2086 # numbers
    gray $row | volmedian "$@" | samples | tr '\nA-Z' ' a-z'
}

# noise N: floats, one seed; some of them NaN and infinite.
noise() {
    perl -e 'srand 7; for (1 .. shift) {
        my $kind = int rand 20;
        print $kind == 0 ? pack("V", 0x7fc00000) : $kind == 1 ? pack("V", 0xff800000)
            : $kind < 8 ? pack("f<", int(rand 256) / 255) : pack("f<", rand() * 3 - 1);
    }' -- "$1"
}

@test "fixed results: scipy's" {
    [ "$(ranked "5 1 4 2 3")" = "5 4 2 3 3 " ]
    [ "$(ranked "5 1 4 2 3" --size 1)" = "5 1 4 2 3 " ]
    [ "$(ranked "5 1 4 2 3" --size 1,1,2)" = "5 5 4 4 3 " ]
    [ "$(ranked "5 1 4 2 3" --size 1,1,5)" = "5 4 3 3 3 " ]
    [ "$(ranked "5 1 4 2 3" --size 1,1,5 --edge reflect)" = "4 4 3 3 3 " ]
    [ "$(ranked "5 1 4 2 3" --rank 0)" = "1 1 1 2 2 " ]
    [ "$(ranked "5 1 4 2 3" --rank 100)" = "5 5 4 4 3 " ]
    [ "$(ranked "5 1 4 2 3" --size 1,1,4 --rank 25)" = "5 4 2 2 3 " ]
    [ "$(ranked "7 7 7" --size 5)" = "7 7 7 " ]
    [ "$(ranked "1 9" --size 1,1,99)" = "1 9 " ]
}

@test "infinities are values, NaN come last" {
    [ "$(ranked "-inf 1 inf 2 -inf" --size 1,1,3)" = "-inf 1 2 2 -inf " ]
    [ "$(ranked "nan 1 2" --size 1,1,3)" = "nan 2 2 " ]
    [ "$(ranked "inf nan inf" --size 1,1,3)" = "inf inf inf " ]
    [ "$(ranked "1 nan 2" --size 1,1,3 --rank 0)" = "1 1 2 " ]
    { stream 1; printf '\377\377\377\377'; } | volmedian | tail -c 4 | cmp - <(printf '\0\0\300\177')
}

@test "scipy.ndimage and scikit-image on random volumes" {
    need_python numpy scipy skimage
    run "$PYTHON" "$REFERENCE/rank.py" 60
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "channels: each by itself" {
    stream "3 2 1 1" float "kinds: RGB-color domain domain domain" >in
    cp in expected
    floats 1 2 3 9 8 7 >>in
    floats 9 2 7 9 8 7 >>expected
    volmedian --size 1,1,2 --rank 0 in | samples | cmp - <(printf '%s\n' 1 2 3 1 2 3)
    volmedian --size 1,1,2 in | samples | cmp - <(printf '%s\n' 1 2 3 9 8 7)
}

@test "lengths in the world go through the spacing; --verbose tells the window" {
    stream "5 1 1" float "space dimension: 3" "space directions: (0.26,0,0) (0,0.26,0) (0,0,0.29)" \
        'space units: "um" "um" "um"' >in
    floats 5 1 4 2 3 >>in
    told() { # told OPTION...
        volmedian --verbose "$@" in -o out 2>&1 | head -n 1
    }
    [ "$(told --size 0.6um --shape ball)" = "volmedian: window of 3 x 3 x 3 (planes, rows, columns), 7 voxels; rank 3" ]
    [ "$(told --size 1.2um)" = "volmedian: window of 5 x 5 x 5 (planes, rows, columns), 125 voxels; rank 62" ]
    [ "$(told --size 0.5um)" = "volmedian: window of 1 x 1 x 1 (planes, rows, columns), 1 voxels; rank 0" ]
    [ "$(told --size 0.0006,0,0.00026mm)" = "volmedian: window of 3 x 1 x 1 (planes, rows, columns), 3 voxels; rank 1" ]
    for size in 1.04um 1040nm 0.00104mm 0.000104cm 10400angstrom 1.04e-6m; do # 4 columns
        [ "$(told --size "0,0,$size")" = "volmedian: window of 1 x 1 x 5 (planes, rows, columns), 5 voxels; rank 2" ]
    done
    [ "$(told --rank 100)" = "volmedian: window of 3 x 3 x 3 (planes, rows, columns), 27 voxels; rank 26" ]
    [ "$(told --size 2,4,3)" = "volmedian: window of 2 x 4 x 3 (planes, rows, columns), 24 voxels; rank 12" ]
    [ "$(told --size 0,3,3)" = "volmedian: window of 1 x 3 x 3 (planes, rows, columns), 9 voxels; rank 4" ]
    [ "$(told --size 5 --shape ball)" = "volmedian: window of 5 x 5 x 5 (planes, rows, columns), 33 voxels; rank 16" ]
}

@test "a window of one voxel leaves the volume as it is, bit for bit" {
    special >in
    for size in 0 1 0,1,0 0um 1um 0.1um; do
        for options in "" "--rank 0" "--shape ball --edge reflect"; do
            # shellcheck disable=SC2086 # words
            volmedian --size $size $options in | tail -c 96 | cmp - <(tail -c 96 in)
        done
    done
}

@test "history keeps what was typed; the window note stays" {
    { stream 3 float "window:=0 1"; floats 1 3 2; } >in
    volmedian --size 1,3,3 --rank 40 in | head -n 12 >out
    grep -aqx 'history:=volmedian --size 1,3,3 --rank 40' out
    grep -aqx 'window:=0 1' out
}

@test "file, pipe, threads, levels: the same bytes" {
    { stream "150 100 20"; noise 300000; } >in
    for options in "" "--size 5 --edge reflect" "--size 7,7,9 --rank 20" "--size 5 --shape ball"; do
        # shellcheck disable=SC2086 # words
        volmedian $options -j 1 in -o out
        # shellcheck disable=SC2086
        volmedian $options -j 3 < <(cat in) | cmp - out
        for level in $(cpu_levels); do
            # shellcheck disable=SC2086
            VOL_CPU=$level volmedian $options in | cmp - out
        done
    done
}

@test "planes that are too large for memory: bands, the same bytes" {
    # 9 planes of 1000 x 1000 floats are more than 24 MiB; those of 250 x 1000 are not.
    { stream "1000 1000 9"; perl -e 'srand 3; print pack("S<*", map { int rand 65536 } 1 .. 2000) x 9000'; } >in
    volmedian --size 9,1,2 in -o out
    volmedian --size 9,1,2 < <(cat in) | cmp - out
    tail -c 36000000 out | head -c 1000000 >first
    volcrop --rows 0:250 in | volmedian --size 9,1,2 | tail -c +1 >crop
    tail -c 9000000 crop | head -c 1000000 | cmp - first
    volmedian --size 9,3,3 in -o out
    volcrop --rows 500:1000 in | volmedian --size 9,3,3 | tail -c 1600000 | cmp - <(tail -c 1600000 out)
}

@test "memory" {
    unsanitized
    need /usr/bin/time
    { stream "1024 1024 12"; head -c 50331648 /dev/zero; } >in
    /usr/bin/time -f %M -o peak volmedian -j 2 in -o out
    [ "$(cat peak)" -lt 32768 ] || { cat peak; return 1; }
    # A million voxels around each, and more threads than they leave memory for.
    { stream "16 32 8"; head -c 16384 /dev/zero; } >in
    for size in 100 20000,9,5; do
        /usr/bin/time -f %M -o peak volmedian -j 64 --rank 0 --size $size in -o out
        [ "$(cat peak)" -lt 32768 ] || { cat peak; return 1; }
    done
}

@test "a short input fails" {
    { stream "4 3 5"; floats 1 2 3 4 5 6; } >in
    fails 1 "volmedian: in: stream ends in plane 0 of 5 (row 1)" volmedian in -o out
    [ ! -e out ]
}

@test "refused" {
    gray 1 2 3 >in
    fails 2 "volmedian: --size: '-1' is negative" volmedian --size -1,3,3 in
    fails 2 "volmedian: --size: '1,2' is not one value, or three for plane,row,column" volmedian --size 1,2 in
    fails 1 "volmedian: --size: 2.5 is not a whole number of voxels" volmedian --size 2.5 in
    fails 1 "volmedian: --size: 0.5 is not a whole number of voxels" volmedian --size 0.5,3,3 in
    fails 1 "volmedian: --size: a ball of 4 voxels has no middle: use an odd number" volmedian --size 3,4,3 --shape ball in
    fails 1 "volmedian: --size: the window has more than 1000000 voxels" volmedian --size 101 in
    fails 1 "volmedian: --size: the window has more than 1000000 voxels" volmedian --size 1e30 in
    fails 1 "volmedian: --size: the window has more than 200000 rows" volmedian --size 99999,3,3 in
    fails 1 "volmedian: --size: a length in um needs the spacing along the plane axis, which is unknown: set it with volset, or give a number of voxels" volmedian --size 1um in
    fails 2 "volmedian: --rank: '101' is no Q*" volmedian --rank 101 in
    fails 2 "volmedian: --shape: 'cube' is none of box, ball" volmedian --shape cube in
    fails 2 "volmedian: --edge: 'wrap' is none of nearest, reflect" volmedian --edge wrap in
}
