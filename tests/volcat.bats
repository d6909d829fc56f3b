load helpers

noise() { # noise PLANES ROWS COLUMNS [LINE...]
    local planes=$1 rows=$2 columns=$3
    shift 3
    stream "$columns $rows $planes" float 'space dimension: 3' 'space directions: (0,0.3,0) (-0.5,0,0) (0,0,2)' \
        'space origin: (10,20,30.7)' 'space units: "um" "um" "um"' "$@"
    perl -e 'srand 5; print pack "f<*", map rand, 1..shift' $((planes * rows * columns))
}

@test "pieces that were cut become the very bytes of the whole" {
    { stream "1 2 3" float; floats 1 2 3 4 5 6; } | volgamma -g 2 | volset --spacing 0.3,0.1,0.7um --origin 3,4,5 --note 'x=y' -o tiny
    noise 7 40 50 "history:=made\\nby hand" "window:=0 1" | volset --note note=kept -o middle
    noise 3 300 400 | volset --note note=kept -o large
    for whole in tiny middle large; do
        read -r planes rows columns < <(volinfo --json --header $whole | tr -d '\n' | sed 's/.*"shape": \[\([0-9]*\), \([0-9]*\), \([0-9]*\)\].*/\1 \2 \3/'; echo)
        for axis in "plane p $planes" "row -rows $rows" "column -columns $columns"; do
            # shellcheck disable=SC2086 # words
            set -- $axis
            cuts=$(printf '%s\n' 0 1 $(($3 / 2)) $(($3 - 1)) "$3" | sort -nu)
            pieces=() from=
            for to in $cuts; do
                if [ -n "$from" ] && [ "$from" -lt "$to" ]; then
                    volcrop "-$2" "$from:$to" $whole -o "$1-$to"
                    pieces+=("$1-$to")
                fi
                from=$to
            done
            [ ${#pieces[@]} -lt 2 ] || volcat --axis "$1" "${pieces[@]}" | cmp - $whole
        done
    done
    volcrop -p :1 middle -o first
    volcrop --planes 1: middle -o rest
    volcat first - <rest | cmp - middle
    volcat <(cat first) <(cat rest) | cmp - middle
}

@test "channels, gray and several, become one volume; a channel is what it was" {
    need_python numpy
    noise 3 4 5 >a
    volgamma -g 2 a -o b
    volcat -a channel a b -o ab
    volcat -a channel ab a -o aba
    volinfo --header aba | grep -q '^shape  *(3, 4, 5, 3) plane, row, column, channel'
    "$PYTHON" "$REFERENCE/steps_volcat.py" check_channels
}

@test "what all say alike is kept, of the history the first lines" {
    noise 2 3 4 "history:=one\\ntwo\\nthree" "window:=0 1" "a:=1" "b:=1" >x
    noise 2 3 4 "history:=one\\ntwofold" "window:=0 1" "a:=1" "b:=2" "c:=3" >y
    volcat --any-place x y | volinfo --header >out
    grep -qx 'history     one' out
    grep -qx '            volcat --any-place' out
    grep -qx 'window      0 1' out
    grep -qx 'a           1' out
    lacks '^[bc] ' out
}

@test "places and steps may be rounded, and no more" {
    { stream "4 3 2" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,1)" "space origin: (0,0,0)"
        head -c 96 /dev/zero; } >x
    local to place=1 step=1
    piece() { sed "s/(0,0,1)/(0,0,$step)/; s/(0,0,0)/(0,0,$place)/" x; }
    for place in 2 2.0002 1.9998; do
        piece | volcat x - >/dev/null
    done
    for place in 2.01 1.99 2.05; do
        to=$(piece | volcat x - 2>&1 >/dev/null) && return 1
        [[ $to == *"does not begin where the volume before it ends"* ]]
    done
    place=2
    for step in 1.00005 0.99995; do
        piece | volcat x - >/dev/null
    done
    for step in 1.001 0.999 1.05; do
        to=$(piece | volcat x - 2>&1 >/dev/null) && return 1
        [[ $to == *"another spacing or direction"* ]]
    done
}

@test "volumes that do not fit are refused" {
    noise 2 3 4 >x
    noise 2 3 5 >wide
    fails 1 "volcat: wide: 5 columns, but x has 4" volcat x wide
    fails 1 "volcat: wide: does not begin where the volume before it ends, but 4 steps from there: give the pieces in order, or --any-place" volcat -a column x wide
    volcat --any-place -a column x wide | volinfo --header | grep -q '^shape  *(2, 3, 9)'
    volset --spacing 3,0.5,0.3 x -o far
    fails 1 "volcat: far: another spacing or direction than x has" volcat --any-place x far
    sed '/^space/d' far >unknown
    fails 1 "volcat: unknown: another spacing or direction than far has" volcat --any-place far unknown
    fails 1 "volcat: far: another spacing or direction than unknown has" volcat --any-place unknown far
    volset --unit nm x -o small
    fails 1 "volcat: small: another unit than x has" volcat --any-place x small
    volcrop -p :1 x -o 1
    volcrop -p 1: x -o 2
    fails 1 "volcat: 1: does not begin where the volume before it ends, but 2 steps from there: *" volcat 2 1
    volcat -a channel x x -o twice
    fails 1 "volcat: twice: other channels than x has" volcat --any-place x twice
    fails 1 "volcat: none: No such file or directory" volcat x none
    fails 2 "volcat: FILE is missing; see volcat --help" volcat
    head -c -4 x >short
    fails 1 "volcat: short: stream ends in plane 1 of 2 (row 2)" volcat --any-place x short -o out
    fails 1 "volcat: short: stream ends in plane 1 of 2 (row 2)" volcat --any-place short x -o out
    fails 1 "volcat: short: stream ends in plane 1 of 2 (row 2)" volcat --any-place -a column x short -o out
    [ ! -e out ]
}
