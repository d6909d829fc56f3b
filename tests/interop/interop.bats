# The stream, as it is, in readers that others wrote: every one that is installed.
load ../helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    # (VTK takes a fastest axis of 9 or less for components)
    { stream "10 3 2" float "space dimension: 3" "space directions: (0.26,0,0) (0,0.26,0) (0,0,0.29)" \
        'space units: "um" "um" "um"' "space origin: (1,2,3)" "note:=so it is"
      floats $(seq 0 59); } | volgamma -g 1 >gray.nrrd
    { stream "3 10 3 2" float "kinds: RGB-color domain domain domain" "space dimension: 3" \
        "space directions: none (0.26,0,0) (0,0.26,0) (0,0,0.29)"
      floats $(seq 0 179); } | volgamma -g 1 >color.nrrd
    { stream "10 3 2"; floats $(seq 0 59); } | volgamma -g 1 >bare.nrrd
}

unu() {
    if command -v teem-unu >/dev/null; then teem-unu "$@"; else command unu "$@"; fi
}

need_unu() {
    command -v teem-unu >/dev/null || command -v unu >/dev/null || skip "unu is not installed"
}

@test "unu opens gray, color and bare streams" {
    need_unu
    for name in gray color bare; do
        unu data $name.nrrd >data
        sed '1,/^$/d' $name.nrrd | cmp - data
    done
    unu head gray.nrrd >head
    grep -q 'space directions: (0.26' head
    unu save -f nrrd -e ascii -i gray.nrrd | grep -q '^note:=so it is'
    unu save -f nrrd -e raw -i color.nrrd | grep -aq '^kinds: RGB-color domain domain domain'
}

@test "what unu writes comes in: gzip, big endian, double, short, 2D" {
    need_unu
    volcrop bare.nrrd | samples >expected
    unu save -f nrrd -e gzip -i bare.nrrd | volcrop | samples | cmp - expected
    unu save -f nrrd -e raw -en big -i bare.nrrd | volcrop | samples | cmp - expected
    for type in double short uchar ushort int uint longlong ulonglong "signed char"; do
        unu convert -t "$type" -i bare.nrrd | volcrop | samples | cmp - expected
    done
    unu slice -a 2 -p 1 -i bare.nrrd | volinfo --header | grep -q 'shape *(1, 3, 10)'
    unu resample -s x1 x1 x1 -k tent -i gray.nrrd | volinfo --header | grep -q 'spacing *(0.29, 0.26, 0.26)'
}

@test "what unu writes and we can't take is refused" {
    need_unu
    unu save -f nrrd -e ascii -i bare.nrrd -o ascii.nrrd
    fails 1 "volcrop: ascii.nrrd: encoding: found 'ASCII'*" volcrop ascii.nrrd
    unu save -f nrrd -e raw -i bare.nrrd -o detached.nhdr
    fails 1 "volcrop: detached.nhdr: data file: found*" volcrop detached.nhdr
}

@test "VTK's reader (ParaView)" {
    need_python vtkmodules.vtkIOImage numpy
    "$PYTHON" "$REFERENCE/steps_interop.py" vtk
}

@test "pynrrd" {
    need_python nrrd
    "$PYTHON" "$REFERENCE/steps_interop.py" pynrrd
}

@test "SimpleITK" {
    need_python SimpleITK
    "$PYTHON" "$REFERENCE/steps_interop.py" simpleitk
}
