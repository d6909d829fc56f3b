# Masks and labels: the notes that say so, through every program and back to TIFF.
load helpers

# small NOTE...: 2 planes of 4 x 4, 0 to 3, with these notes.
small() {
    stream "4 4 2" float "$@" 'space dimension: 3' 'space directions: (1,0,0) (0,1,0) (0,0,1)'
    # shellcheck disable=SC2046 # numbers
    floats $(for i in $(seq 32); do echo $((i % 4)); done)
}

# noted FILE: its notes of masks and labels, in one line.
noted() {
    sed '/^$/q' "$1" | grep -a '^mask:=\|^labels:=' | tr '\n' ' ' || :
}

@test "thresholds and comparisons make masks, of labels too" {
    small 'labels:=3' >in
    local made
    for made in "volthreshold in" "volthreshold -v 1 in" "volmath a>1 in" "volmath !a in" "volmath a>1&&a<3 in"; do
        $made >out
        [ "$(noted out)" = "mask:=1 " ]
        grep -aqx 'window:=0 1' out
    done
    for made in "volmath a*2 in" "volmath (a>1)*2 in" "volmath min(a,1) in"; do
        $made >out
        [ "$(noted out)" = "" ]
    done
}

@test "what keeps samples keeps masks and labels; blends, maps and new samples do not" {
    local note program
    for note in mask:=1 labels:=3; do
        small "$note" >in
        for program in "volcrop -p 1:2" "volaxes --flip row" "volset --unit um" "volcat in" \
            "volbin --factors 2 --by max" "volproject --min" \
            "volmorph --close" "volresample --size 3,3,3"; do
            $program in >out
            [ "$(noted out)" = "$note " ]
        done
        for program in "volgauss --sigma 1" "volbin --factors 2" "volproject --median" "volproject --sum" \
            "volgamma -g 2" "voladjust --log" "volclip -v 1,2" voleq "volclahe --range 0,3" "voldistance --voxels" "volmatch --reference in"; do
            $program in >out
            [ "$(noted out)" = "" ]
        done
    done
}
