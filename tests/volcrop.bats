load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    { stream "3 2 4" float "space dimension: 3" "space directions: (0.5,0,0) (0,0.5,0) (0,0,2)" \
        "space origin: (10,20,30)" 'space units: "um" "um" "um"' "window:=0 1"
      floats $(seq 0 23); } >in.nrrd
}

@test "planes, rows and columns by numpy's slices" {
    volcrop -p 1:3 --rows -1: --columns ::2 in.nrrd | samples | tr '\n' ' ' >out
    [ "$(cat out)" = "9 11 15 17 " ]
    volcrop -p -1 --rows 0 --columns 1 in.nrrd | samples >out
    [ "$(cat out)" = 19 ]
    volcrop -p -100:100 in.nrrd | samples | cmp - <(seq 0 23)
}

@test "spacing and origin follow; the window stays; the rest is told in history" {
    volcrop -p 1::2 --columns 1: in.nrrd | sed '/^$/q' >out
    grep -qx 'space directions: (0.5,0,0) (0,0.5,0) (0,0,4)' out
    grep -qx 'space origin: (10.5,20,32)' out
    grep -qx 'window:=0 1' out
    grep -qx 'history:=volcrop -p 1::2 --columns 1:' out
    volcrop -p 0:2 in.nrrd | volcrop --rows 1 | grep -aqxF 'history:=volcrop -p 0:2\nvolcrop --rows 1'
}

@test "pipe, redirection and file give the same bytes" {
    volcrop -p 1:3 in.nrrd >file
    volcrop -p 1:3 <in.nrrd | cmp - file
    cat in.nrrd | volcrop -p 1:3 - | cmp - file
    volcrop -p 1:3 in.nrrd -o named && cmp named file
}

@test "what can't be cut out is refused by name" {
    fails 2 "volcrop: --planes: '::-1' has the step -1; a stream can only go forward*" volcrop -p ::-1 in.nrrd
    fails 2 "volcrop: --rows: '::0' has the step 0*" volcrop --rows ::0 in.nrrd
    fails 2 "volcrop: --planes: needs a slice*, not 'a:b'" volcrop -p a:b in.nrrd
    fails 2 "volcrop: --planes: needs a slice*, not '1:2:3:4'" volcrop -p 1:2:3:4 in.nrrd
    fails 2 "volcrop: --planes: needs a slice*, not ''" volcrop -p '' in.nrrd
    fails 2 "volcrop: --planes: needs a slice*, not '99999999999999999999'" volcrop -p 99999999999999999999 in.nrrd
    fails 1 "volcrop: the slice of planes is empty: from 3 up to 2 of 4" volcrop -p 3:2 in.nrrd
    fails 1 "volcrop: plane 4 is out of bounds: there are 4" volcrop -p 4 in.nrrd
    fails 1 "volcrop: column -4 is out of bounds: there are 3" volcrop --columns -4 in.nrrd
}

@test "a stream that ends behind the part is noticed" {
    head -c -4 in.nrrd >short
    fails 1 "volcrop: short: stream ends *plane *" volcrop -p 0:2 short -o out.nrrd
    [ ! -e out.nrrd ]
    fails 1 "volcrop: standard input: stream ends in plane 3 of 4 (row 1)" sh -c 'cat short | volcrop -p 0:2'
}

@test "channels too; one alone is gray; names, colours and what they mean follow" {
    { stream "4 3 1 2" float "kinds: vector domain domain domain" "channel names:=A, B, C, D" \
          "channel colours:=ff0000,00ff00,0000ff,ffffff"
      floats $(seq 0 23); } >four.nrrd
    volcrop --channels 1:3 four.nrrd >out
    [ "$(samples <out | tr '\n' ' ')" = "1 2 5 6 9 10 13 14 17 18 21 22 " ]
    sed '/^$/q' out >header
    grep -qx 'kinds: vector domain domain domain' header
    grep -qx 'channel names:=B, C' header
    grep -qx 'channel colours:=00ff00,0000ff' header
    [ "$(volcrop --channels ::3 --columns 1 four.nrrd | samples | tr '\n' ' ')" = "4 7 16 19 " ]
    [ "$(cat four.nrrd | volcrop --channels -1 -p 1 | samples | tr '\n' ' ')" = "15 19 23 " ]
    [ "$(volcrop --channels 2:4 four.nrrd | volcrop -p 1 --rows 0 | samples | tr '\n' ' ')" = "14 15 18 19 22 23 " ]
    volcrop --channels 1:2 four.nrrd | sed '/^$/q' >header
    grep -qx 'dimension: 3' header
    lacks 'channel names\|vector' header
    fails 1 "volcrop: four.nrrd: channel 4 is out of bounds: there are 4" volcrop --channels 4 four.nrrd
    fails 1 "volcrop: in.nrrd: channel 0 of a volume without channels" volcrop --channels 0:2 in.nrrd
    head -c -4 four.nrrd >short
    fails 1 "volcrop: short: stream ends *plane *" volcrop --channels 0 short -o out.nrrd
    { stream "4 1 1 1" float "kinds: RGBA-color domain domain domain"; floats 1 2 3 4; } >rgba.nrrd
    volcrop --channels :3 rgba.nrrd | grep -aqx 'kinds: RGB-color domain domain domain'
    volcrop --channels 1: rgba.nrrd | grep -aqx 'kinds: vector domain domain domain'
}

@test "a writer before us is not cut off" {
    { stream "1000 1000 10"; head -c 40000000 /dev/zero; } >big.nrrd
    run bash -c 'set -o pipefail; cat big.nrrd | volcrop -p 0:1 | wc -c'
    [ "$status" -eq 0 ]
    [ "$output" -gt 4000000 ]
}

@test "an index may have a sign" {
    { stream "1 1 9"; floats 0 1 2 3 4 5 6 7 8; } >in
    [ "$(volcrop -p +3 in | samples)" = 3 ] && [ "$(volcrop -p -3 in | samples)" = 6 ]
    [ "$(volcrop -p +2:-5:+1 in | samples | xargs)" = "2 3" ]
    fails 2 "volcrop: --planes: needs a slice *, not '++1'" volcrop -p ++1 in
    fails 2 "volcrop: --planes: needs *, not '-'" volcrop -p - in
}
