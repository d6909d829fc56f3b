# Each recipe of vol-cookbook(7), pasted and run.
load helpers

# Programs of recipes that are not always there; a recipe whose first one is missing is left out by name.
OTHERS="chafa ffmpeg jq parallel snakemake Rscript unu"

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir bin
    ! command -v teem-unu >/dev/null || ln -s "$(command -v teem-unu)" bin/unu # as Debian calls it
    PATH=$B:$PWD/bin:$PATH
}

# The number of recipes, then each as N.sh, with N.title.
recipes() {
    awk '
        /^\.Ss / { title = substr($0, 5); sub(/^\\&/, "", title) }
        /^\.Bd / { inside = 1; n++; print title >(n ".title"); next }
        /^\.Ed/ { inside = 0; next }
        inside { gsub(/\\e/, "\\"); sub(/^\\&/, ""); print >(n ".sh") }
        END { print n }' "$ROOT/tools/vol-cookbook.7"
}

inputs() {
    cp "$CELLS" stack.tif
    tiff2vol --spacing 0.58,0.52,0.52 --unit um stack.tif -o stack.nrrd
    volgamma -g 0.5 stack.nrrd -o second.nrrd
    mkdir stacks
    cp "$CELLS" stacks/one.tif
    cp "$ROOT/tests/data/nuclei_31x61x57_u16.tif" "stacks/another.tif"
    "$PYTHON" "$REFERENCE/steps_cookbook.py" inputs
}

# What a recipe says it writes.
outputs() {
    grep -o -- '-o [^ ]*\.[a-z]*\b\|[a-z]*\.mp4' "$1" | sed 's/^-o //; s/%04d/0000/' | grep -v '[$({]' || true
}

@test "every recipe of the cookbook runs, and writes what it says" {
    need_python numpy tifffile
    local count i missing said file ran=0
    mkdir in
    (cd in && inputs)
    count=$(recipes)
    [ "$count" -ge 25 ]
    for i in $(seq "$count"); do
        missing=
        for said in $OTHERS; do
            ! grep -qw "$said" "$i.sh" || command -v "$said" >/dev/null || missing=$said
        done
        if [ -n "$missing" ]; then
            echo "# left out, no $missing: $(cat "$i.title")" >&3
            continue
        fi
        cp -r in "$i"
        (cd "$i" && bash -e -o pipefail "../$i.sh" >../said 2>../complaints) ||
            { echo "$(cat "$i.title"): fails"; cat "$i.sh" said complaints; return 1; }
        for file in $(outputs "$i.sh"); do
            [ -s "$i/$file" ] || { echo "$(cat "$i.title"): no $file"; return 1; }
        done
        ran=$((ran + 1))
        rm -rf "$i"
    done
    echo "$ran of $count recipes"
    [ "$ran" -ge 25 ]
}

@test "recipes give what they promise" {
    need_python numpy tifffile
    inputs
    recipes >/dev/null
    recipe() {
        bash -e -o pipefail "$(basename "$(grep -lx "$1" ./*.title)" .title).sh"
    }
    recipe "One large stack in four slabs at once"
    tiff2vol stack.tif | volgamma -g 0.5 | cmp - whole.nrrd
    recipe "From and to numpy" >said
    grep -q "^shape *(30, 126, 126)" said
    grep -q "^range .* to 1$" said
    recipe "A volume made in numpy"
    volinfo ball.nrrd >said
    grep -q "^shape *(20, 64, 64)" said && grep -q "^spacing *(0.6, 0.2, 0.2) um" said
    recipe "The same black and white for a whole experiment"
    [ "$(volinfo stacks/one.clipped.nrrd | sed -n 's/^window *//p')" = "$(volinfo "stacks/another.clipped.nrrd" | sed -n 's/^window *//p')" ]
    recipe "Many stacks with make" >/dev/null
    tiff2vol stacks/one.tif | volmedian --size 3 | volclip | cmp - stacks/one.clean.nrrd
}
