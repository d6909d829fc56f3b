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

@test "refused" {
    refused 20um "a length in um needs the spacing along the plane axis, which is unknown: set it with volset*"
    refused 20um 5,0,5 um "a length in um needs the spacing along the row axis*"
    refused 20um 5,2,2 "a length in um needs the unit of the spacing along the plane axis*"
    refused 20um 5,2,2 pixel "a length in um needs the unit of the spacing*"
    refused 0 "'0' is 0: a length must be above 0"
    refused 0,0,0um "'0,0,0um' is 0*"
    refused -1um "'-1um' is negative"
    refused 1,2 "'1,2' is not one value, or three for plane,row,column"
    refused 1,2,3,4 "'1,2,3,4' is not one value*"
    refused 1um,2,3 "the values of '1um,2,3' differ in their units: write one, behind the last"
    refused 1,2mm,3um "the values of '1,2mm,3um' differ*"
    refused 3furlong "'3furlong' has no unit of length that is known*"
    refused 3px "'3px' has no unit of length*"
    local text
    for text in um "," "1," "1,,2" x 0x10um 1e 1e999 nan inf; do
        refused "$text" "*@(is no length|is not one value|no unit of length)*"
    done
}
