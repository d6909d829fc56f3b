# Lengths on command lines: voxels, or through the spacing.
load helpers

voxels() { # voxels TEXT [SPACING [UNIT]]
    echo "$1 ${2:-0,0,0} ${3:--}" | "$B/tests/check_length"
}

refused() { # refused TEXT [SPACING [UNIT]] MESSAGE (a pattern)
    local said
    said=$(voxels "${@:1:$#-1}")
    # shellcheck disable=SC2053 # a pattern
    [[ $said == ${*: -1} ]] || { echo "$said"; return 1; }
}

@test "numbers of voxels" {
    [ "$(voxels 3)" = "3 3 3" ]
    [ "$(voxels 0.5)" = "0.5 0.5 0.5" ]
    [ "$(voxels 1,2,3e1 0.3,0.2,0.1 um)" = "1 2 30" ]
    [ "$(voxels 0,2,2)" = "0 2 2" ]
}

@test "lengths in the world" {
    [ "$(voxels 20um 5,2,0.5 um)" = "4 10 40" ]
    [ "$(voxels 20um 0.005,0.002,0.0005 mm)" = "4 10 40" ]
    [ "$(voxels 0.02mm 5,2,0.5 um)" = "4 10 40" ]
    [ "$(voxels 20µm 5,2,0.5 um)" = "4 10 40" ]
    [ "$(voxels 10,4,1um 5,2,0.5 um)" = "2 2 2" ]
    [ "$(voxels 10um,4um,1um 5,2,0.5 um)" = "2 2 2" ]
    [ "$(voxels 0,4,1um 0,2,0.5 um)" = "0 2 2" ]
}

@test "0 is the same length in every unit" {
    [ "$(voxels 2um,0nm,0um 1,1,1 um)" = "2 0 0" ]
    [ "$(voxels 0,0.002mm,0 1,1,1 um)" = "0 2 0" ]
    [ "$(voxels 2um,0nm,3um 1,1,1 um)" = "2 0 3" ]
    refused 1um,2,0 1,1,1 um "the values of '1um,2,0' differ in their units*"
}

@test "0 needs no spacing" {
    [ "$(voxels 0)" = "0 0 0" ]
    [ "$(voxels 0,0,0um)" = "0 0 0" ]
}

@test "the same length in every unit, and from spacings in every unit" {
    local length spacing
    for length in 0.3um 300nm 0.0003mm 3e-4mm 0.00003cm 3e-7m 3000angstrom 300000pm 3e-10km; do
        for spacing in "0.2,0.8,0.12 um" "200,800,120 nm" "0.0002,0.0008,0.00012 mm" "2e-7,8e-7,1.2e-7 m"; do
            # shellcheck disable=SC2086 # words
            [ "$(voxels "$length" $spacing)" = "1.5 0.375 2.5" ]
        done
    done
    [ "$(voxels 1inch 2.54,5.08,12.7 mm)" = "10 5 2" ]
}

@test "refused" {
    refused 20um "a length in um needs the spacing along the plane axis, which is unknown: set it with volset*"
    refused 20um 5,0,5 um "a length in um needs the spacing along the row axis*"
    refused 20um 5,2,2 "a length in um needs the unit of the spacing along the plane axis*"
    refused 20um 5,2,2 pixel "a length in um needs the unit of the spacing*"
    refused -0.1,0,0 "'-0.1' is negative"
    refused -1um "'-1um' is negative"
    refused 1,2 "needs one value, or three for plane,row,column, not '1,2'"
    refused 1,2,3,4 "needs one value*, not '1,2,3,4'"
    refused 1um,2,3 "the values of '1um,2,3' differ in their units: write one, behind the last"
    refused 1,2mm,3um "the values of '1,2mm,3um' differ*"
    refused 3furlong "'3furlong' has no unit of length that is known*"
    refused 3px "'3px' has no unit of length*"
    local text
    for text in um "," "1," "1,,2" x 0x10um 1e 1e999 nan inf; do
        refused "$text" "*@(needs a length|needs one value|no unit of length)*"
    done
}
