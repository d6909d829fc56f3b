# Units of length: understood whole, in any spelling and encoding, or not at all.
load helpers

# named UNIT SPELLING...: printf's escapes are taken.
named() {
    local unit=$1 spelling
    shift
    for spelling; do
        # shellcheck disable=SC2059 # escapes
        [ "$(printf "$spelling\n" | "$B/tests/check_unit")" = "$unit" ] || { echo "$spelling is not $unit"; return 1; }
    done
}

@test "spellings and encodings of each unit" {
    named um um UM micron microns Micron Micrometer micrometers micrometre 'micrometres ' ' um' \
        '\xc2\xb5m' '\xce\xbcm' '\xb5m' '\\u00B5m' '\\u00b5m' '\\u03BCm' '\xc3\x82\xc2\xb5m' '\xc3\x8e\xc2\xbcm' \
        '\xc3\x83\xc2\x82\xc3\x82\xc2\xb5m' '\xc2\xb5' '\xd0\xbc\xd0\xba\xd0\xbc'
    named angstrom A '\xc3\x85' '\xc5' '\\u00C5' '\xe2\x84\xab' '\\u212B' '\xc3\x83\xc2\x85' 'A\xcc\x8a' angstrom \
        Angstroms '\xc3\x85ngstr\xc3\xb6m' '\xc5ngstr\xf6m'
    named nm nm NM nanometer nanometres '\xd0\xbd\xd0\xbc'
    named mm mm millimeter Millimetres '\xd0\xbc\xd0\xbc'
    named cm cm centimeter centimetres
    named m m meter metres Metre
    named km km kilometer
    named pm pm picometre
    named inch in inch inches Inch '"'
    named pixel pixel pixels Pixels px voxel voxels
}

@test "what is not understood stays whole, or is unknown" {
    named furlong furlong
    named Mm Mm
    named 's' s
    named '' '' ' ' '\xef\xbf\xbdm' 'a\x01b' 'u\x1bm' "$(printf 'x%.0s' {1..64})"
    # never metres:
    for bad in '\xef\xbf\xbdm' '\xc2\xb5\xef\xbf\xbdm' '?m' '\xe6m' '\xc2m'; do
        # shellcheck disable=SC2059 # escapes
        [ "$(printf "$bad\n" | "$B/tests/check_unit")" != m ]
    done
}
