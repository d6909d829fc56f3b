# shellcheck shell=bash
# The page of vol2html in a browser: loaded after helpers and browser by tests of it.

setup_file() {
    command -v chromium chromedriver curl jq >/dev/null || return 0
    cd "$BATS_FILE_TMPDIR" || return 1
    known 8 >known.html
    browser_start --window-size=1280,900
    screen 1280 820
}

teardown_file() {
    [ -z "$SESSION" ] || browser_stop
}

setup() {
    need chromium chromedriver curl jq
    cd "$BATS_TEST_TMPDIR" || return 1
    COMPLAINTS=none
}

teardown() {
    [ -z "$SESSION" ] || [ "$COMPLAINTS" = expected ] || quiet
}

# No error, no warning, and no request but for the page itself (blank pages and blobs are none).
quiet() {
    local said
    said=$(browser_log browser; browser_log performance |
        jq -r '.message | fromjson.message | select(.method == "Network.requestWillBeSent") | .params.request.url' |
        grep -v '^file://.*\.html\(#.*\)\{0,1\}$\|^about:blank$\|^blob:\|^data:') || true
    [ -z "$said" ] || { echo "$said"; return 1; }
}

# A volume of 6 planes, 7 rows, 9 columns, in which every sample is known: level LEVEL below.
LEVEL='(plane, row, column) => (plane * 37 + row * 5 + column * 3) % 256'

known() {
    { stream "9 7 6" float "window:=0 1" "space dimension: 3" \
        "space directions: (0.5,0,0) (0,1,0) (0,0,2)" "space origin: (10,20,30)" 'space units: "um" "um" "um"'
      perl -e 'for $p (0..5) { for $r (0..6) { print pack("f<*", map { ($p*37 + $r*5 + $_*3) % 256 / 255 } 0..8) } }'
    } | vol2html --depth "$1" --title Known
}

# wrong AXIS INDEX [SHADE]: how many pixels of a view are not what they should be: SHADE(level),
# a gray or [red, green, blue], of each sample of that plane, row or column.
wrong() {
    in_page "const level = $LEVEL, shade = ${3:-level => level};
        const sample = {plane: (x, y) => level($2, y, x), row: (x, y) => level(y, $2, x),
            column: (x, y) => level(x, y, $2)}.$1;
        const canvas = document.getElementById('slice-$1'), {width, height} = canvas;
        const seen = canvas.getContext('2d').getImageData(0, 0, width, height).data;
        let wrong = 0;
        for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) {
                const due = [shade(sample(x, y))].flat(), at = 4 * (y * width + x);
                const rgb = due.length === 3 ? due : [due[0], due[0], due[0]];
                if (rgb.concat(255).some((part, i) => part !== seen[at + i]))
                    wrong++;
            }
        return wrong + ' of ' + width * height;" | jq -r .
}

# at PLANE ROW COLUMN [SHADE]: the three views show these, exactly, and controls and text say so.
at() {
    local found
    found="$(wrong plane "$1" "$4"), $(wrong row "$2" "$4"), $(wrong column "$3" "$4"); $(in_page "
        const value = (axis, name) => document.querySelector('#view-' + axis + ' ' + name).value;
        const axes = ['plane', 'row', 'column'];
        return axes.map(axis => value(axis, '.slider')) + ' ' + axes.map(axis => value(axis, '.index'))" | jq -r .)"
    [ "$found" = "0 of 63, 0 of 54, 0 of 42; $1,$2,$3 $1,$2,$3" ] || { echo "$found"; return 1; }
}

text() {
    in_page "return document.querySelector('$1').textContent" | jq -r .
}

value() {
    in_page "return document.querySelector('$1').value" | jq -r .
}

# The address changes at most once a second: until it has.
fragment() {
    settled
    browser_wait 'writing === 0'
    in_page 'return decodeURIComponent(location.hash)' | jq -r .
}
