# The page in a real browser: slabs, a measured line, two volumes, labels, the source's numbers.
load helpers
load browser
load explorer

# shown AXIS EXPRESSION [NAME]: how many pixels of a view are not the gray that EXPRESSION makes of
# over(JOIN), the samples of the slab FIRST to LAST at x and y; NAME: of the canvas.
shown() {
    in_page "const level = $LEVEL, axis = '$1', [first, last] = [$2, $3];
        const canvas = document.getElementById('${5:-slice-$1}'), {width, height} = canvas;
        const at = {plane: (i, x, y) => level(i, y, x), row: (i, x, y) => level(y, i, x), column: (i, x, y) => level(x, y, i)}[axis];
        const seen = canvas.getContext('2d').getImageData(0, 0, width, height).data;
        let wrong = 0;
        for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++) {
                const samples = Array.from({length: last - first + 1}, (_, i) => at(first + i, x, y));
                wrong += seen[4 * (y * width + x)] !== ($4)(samples);
            }
        return wrong + ' of ' + width * height" | jq -r .
}

MAXIMUM='samples => Math.max(...samples)'
MINIMUM='samples => Math.min(...samples)'
MEAN='samples => Math.round(samples.reduce((a, b) => a + b) / samples.length)'

@test "maximum, minimum and mean of the whole volume in each view, by key and by menu" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    focus '#view-plane .frame'
    local kind
    for kind in "$MAXIMUM" "$MINIMUM" "$MEAN"; do
        keys p
        [ "$(shown plane 0 5 "$kind")" = "0 of 63" ]
        [ "$(shown row 0 6 "$kind")" = "0 of 54" ]
        [ "$(shown column 0 8 "$kind")" = "0 of 42" ]
    done
    [ "$(value '#kind')" = mean ]
    [ "$(text '#thickness-text')" = all ]
    [ "$(text '#view-plane .of')" = "of 6, mean of planes 0–5" ]
    keys p
    at 3 3 4
    focus '#kind'
    keys Down
    [ "$(shown plane 0 5 "$MAXIMUM")" = "0 of 63" ]
    [ "$(fragment)" = "#slab=maximum,12" ]
}

@test "a slab is as thick as asked in the world, follows the cross, and does not shrink at an end" {
    browser_open "$BATS_FILE_TMPDIR/known.html" 'slab=maximum,4&at=2,1,4'
    # 2 planes of 2 um, 4 rows of 1 um, 8 columns of 0.5 um
    [ "$(shown plane 2 3 "$MAXIMUM")" = "0 of 63" ]
    [ "$(shown row 0 3 "$MAXIMUM")" = "0 of 54" ]
    [ "$(shown column 1 8 "$MAXIMUM")" = "0 of 42" ]
    [ "$(text '#thickness-text')" = "4 µm" ]
    focus '#view-plane .frame'
    keys End
    [ "$(shown plane 4 5 "$MAXIMUM")" = "0 of 63" ]
    keys '['  # 3.2 um are 2 planes and 3 rows
    [ "$(shown plane 4 5 "$MAXIMUM")" = "0 of 63" ]
    [ "$(shown row 0 2 "$MAXIMUM")" = "0 of 54" ]
    keys ']' ']'
    [ "$(shown row 0 4 "$MAXIMUM")" = "0 of 54" ]
}

@test "under the pointer a slab says what it shows there, and where that lies" {
    browser_open "$BATS_FILE_TMPDIR/known.html" 'slab=maximum,12'
    local where
    where=$(middle '#slice-plane' 0.5 0.5) # row 3, column 4
    # shellcheck disable=SC2086
    drag 2 $where $where
    # levels 27 + 37 * plane, of which the last one is 212
    [ "$(text '#readout-value')" = "maximum 0.8314 in plane 5" ]
    [ "$(text '#readout-index')" = "plane 0–5  row 3  column 4" ]
    [ "$(text '#readout-position')" = "" ]
}

@test "NaN does not count in a slab" {
    { stream "2 1 3" float "window:=0 1"; floats nan nan  0.2 nan  1 nan; } | vol2html >nan.html
    browser_open nan.html 'slab=mean,3'
    [ "$(in_page 'return [...document.getElementById("slice-plane").getContext("2d").getImageData(0, 0, 2, 1).data].join(" ")')" = \
        '"153 153 153 255 0 0 0 0"' ]
    browser_open nan.html 'slab=minimum,3'
    [ "$(in_page 'return [...document.getElementById("slice-plane").getContext("2d").getImageData(0, 0, 2, 1).data].join(" ")')" = \
        '"51 51 51 255 0 0 0 0"' ]
}

@test "smooth or crisp samples" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    local how='return getComputedStyle(document.getElementById("slice-row")).imageRendering'
    [ "$(in_page "$how")" = '"pixelated"' ]
    in_page 'document.getElementById("smooth").click()' >/dev/null
    settled
    [ "$(in_page "$how")" = '"auto"' ]
    [ "$(fragment)" = "#smooth=1" ]
}

# saved NAME: a file that the page saved.
saved() {
    local _
    for _ in $(seq 50); do
        [ ! -f "$BROWSER/downloads/$1" ] || break
        sleep 0.1
    done
    cat "$BROWSER/downloads/$1"
}

@test "a line by keys: its length, the samples along it, as CSV, in the address" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    focus '#view-plane .frame'
    [ "$(in_page 'return document.getElementById("line").hidden')" = true ]
    keys m Right Right m Left
    # from column 4 to column 6, 0.5 um each: levels 138, 141, 144
    [ "$(text '#line-text')" = $'1 µm\n0.5412 to 0.5647, mean 0.5529' ]
    [ "$(fragment)" = "#at=3,3,5&line=plane,4.5,3.5,6.5,3.5" ]
    in_page 'document.getElementById("save-line").click()' >/dev/null
    [ "$(saved 'Known line in plane 3.csv')" = $'distance (µm),sample\r\n0,0.5411765\r\n0.25,0.5470588\r\n0.5,0.5529412\r\n0.75,0.5588235\r\n1,0.5647059\r' ]
    in_page 'document.getElementById("remove-line").click()' >/dev/null
    settled
    [ "$(in_page 'return document.getElementById("line").hidden')" = true ]
}

@test "a line by mouse, askew: lengths of rows and columns count as they are" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    in_page 'document.querySelector("input[value=line]").click()' >/dev/null
    local from to
    from=$(middle '#slice-row' 0.5 0.25)
    to=$(middle '#slice-row' 1 0.75)
    # shellcheck disable=SC2086
    drag 0 $from $to
    # 4.5 columns of 0.5 um, 3 planes of 2 um: 6.408 um, to a pixel
    [[ "$(text '#line-text')" == 6.[34]*" µm"* ]]
    at 3 3 4
    { stream "4 4 1" float "window:=0 3"; floats 0 1 2 3  0 1 2 3  0 nan 2 3  0 1 2 3; } | vol2html >plain.html
    browser_open plain.html 'line=plane,0.5,0.5,3.5,3.5'
    [ "$(text '#line-text')" = $'4.243 samples\n0 to 3, mean 1.5' ] # between them, on the diagonal, no NaN
    browser_open plain.html 'line=plane,0.5,2.5,3.5,2.5'
    [ "$(in_page 'return lineProfiles(state.line)[0].values.map(v => Number.isNaN(v) ? "nan" : v).join(" ")')" = \
        '"0 nan nan nan 2 2.5 3"' ]
    browser_open plain.html 'line=plane,1,2&slab=none,x&beside=1'
    [ "$(in_page 'return document.getElementById("line").hidden')" = true ]
}

two_volumes() {

    { stream "9 7 6" float "window:=0 1" "space dimension: 3" \
        "space directions: (0.5,0,0) (0,1,0) (0,0,2)" "space origin: (10,20,30)" 'space units: "um" "um" "um"'
      perl -e 'for $p (0..5) { for $r (0..6) { print pack("f<*", map { ($p*37 + $r*5 + $_*3) % 256 / 255 } 0..8) } }'
    } >before.nrrd
    volmath '1 - a' before.nrrd >after.nrrd
}

@test "two volumes side by side, each with its levels; keys and radio buttons choose" {
    two_volumes
    vol2html --window 0,1 before.nrrd after.nrrd >two.html
    browser_open two.html
    [ "$(text h1)" = "before, after" ]
    [ "$(wrong plane 3)" = "0 of 63" ]
    [ "$(shown plane 3 3 'samples => 255 - samples[0]' slice-plane-1)" = "0 of 63" ]
    [ "$(shown column 4 4 'samples => 255 - samples[0]' slice-column-1)" = "0 of 42" ]
    [ "$(text '#readout-value')" = "before: 0.5412  after: 0.4588" ]
    # the same place in each
    local where='const [a, b] = ["slice-plane", "slice-plane-1"].map(id => document.getElementById(id).getBoundingClientRect());
        return a.width === b.width && a.top === b.top && a.right <= b.left + 1'
    [ "$(in_page "$where")" = true ]
    # a click in the second one moves the cross of both
    # shellcheck disable=SC2046
    click $(middle '#slice-plane-1' 0.06 0.07)
    [ "$(text '#readout-index')" = "plane 3  row 0  column 0" ]
    focus '#view-plane .frame'
    keys b
    [ "$(in_page 'return ["slice-plane", "slice-plane-1"].map(id => document.getElementById(id).offsetParent !== null).join()')" = '"true,false"' ]
    keys b
    [ "$(in_page 'return ["slice-plane", "slice-plane-1"].map(id => document.getElementById(id).offsetParent !== null).join()')" = '"false,true"' ]
    [ "$(text '#readout-value')" = "after: 0.5647" ]
    [ "$(fragment)" = "#at=3,0,0&beside=1" ]
    in_page 'document.querySelector("input[name=beside][value=both]").click()' >/dev/null
    settled
    [ "$(in_page "$where")" = true ]
}

@test "two colour volumes keep their colours" {
    { stream "3 2 1 1" float "kinds: RGB-color domain domain domain"; floats 0.2 0.4 0.6 1 0 0; } >a.nrrd
    volmath '1 - a' a.nrrd >b.nrrd
    vol2html a.nrrd b.nrrd --names "as it was,inverted" >two.html
    browser_open two.html
    [ "$(in_page 'return ["slice-plane", "slice-plane-1"].map(id => [...document.getElementById(id).getContext("2d").getImageData(0, 0, 2, 1).data].join(" ")).join(", ")')" = \
        '"51 102 153 255 255 0 0 255, 204 153 102 255 0 255 255 255"' ]
    [ "$(text '#readout-value')" = "as it was: Red: 1  Green: 0  Blue: 0  inverted: Red: 0  Green: 1  Blue: 1" ]
}

@test "labels: a colour for each, the background black, the number in the readout" {
    { stream "4 1 2" uint16 "source type:=uint16"; perl -e 'print pack("S<*", 0, 1, 2, 300, 0, 0, 65535, 1)'; } >labels.nrrd
    vol2html --labels labels.nrrd >labels.html
    browser_open labels.html 'at=1,0,2'
    [ "$(text '#readout-value')" = 65535 ]
    browser_open labels.html 'at=0,0,3'
    [ "$(text '#readout-value')" = 300 ]
    [ "$(in_page 'const d = [...document.getElementById("slice-plane").getContext("2d").getImageData(0, 0, 4, 1).data];
        const colours = [0, 1, 2, 3].map(i => d.slice(4 * i, 4 * i + 3).join());
        return (colours[0] === "0,0,0") + " " + new Set(colours).size')" = '"true 4"' ]
}

@test "the source's numbers stand beside samples, as exactly as levels tell" {
    { stream "2 1 2" float "window:=0 1" "source type:=uint8" "source scale:=255"
      perl -e 'print pack("f<*", map { $_ / 255 } 0, 7, 200, 255)'; } >in.nrrd
    vol2html in.nrrd >in.html
    browser_open in.html 'at=1,0,0'
    [ "$(text '#readout-value')" = "0.7843 (200)" ]
    volgamma -g 0.5 in.nrrd | vol2html >changed.html
    browser_open changed.html 'at=1,0,0'
    [[ "$(text '#readout-value')" =~ ^0\.88[0-9]*$ ]]
}

@test "on a phone the contrast comes up below the image, and goes again" {
    screen 390 820
    browser_open "$BATS_FILE_TMPDIR/known.html"
    local place='const {top, bottom} = document.getElementById("contrast").getBoundingClientRect();
        return Math.round(top) >= innerHeight * 0.45 && bottom <= innerHeight'
    [ "$(in_page "$place")" = false ]
    # shellcheck disable=SC2046
    click $(middle '#contrast-button')
    [ "$(in_page "$place")" = true ]
    [ "$(in_page 'return document.getElementById("contrast-button").getAttribute("aria-expanded")')" = '"true"' ]
    [ "$(in_page 'return document.getElementById("histogram").width > 300')" = true ]
    keys Escape
    [ "$(in_page "$place")" = false ]
    screen 1280 820
    [ "$(in_page 'return document.getElementById("contrast-button").offsetWidth')" = 0 ]
}

@test "names and colours that the file states" {
    { stream "2 1 1 1" float "window:=0 1" "kinds: vector domain domain domain" "channel colours:=ff8000,0000ff" \
        "channel names:=DAPI, GFP"; floats 1 0.2; } | vol2html >two.html
    browser_open two.html
    [ "$(text '#readout-value')" = "DAPI: 1  GFP: 0.2" ]
    [ "$(in_page 'return [...document.getElementById("slice-plane").getContext("2d").getImageData(0, 0, 1, 1).data].join(" ")')" = \
        '"255 128 51 255"' ]
    [ "$(text '#channel-list')" = " DAPI GFP" ]
}

# Once a page is there: whether it complains, says what no number is, or has a view that shows nothing.
# shellcheck disable=SC2016 # JavaScript
CONDITION='return new Promise(done => {
    const root = document.documentElement, text = id => document.getElementById(id).textContent;
    const empty = canvas => !canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(v => v > 0);
    const look = () => root.dataset.state === "ready" || root.dataset.state === "failed"
        ? done([root.dataset.state, text("problem"), /NaN|null|undefined/.test(text("readout-value") + text("levels-text"))
            ? text("readout-value") : "", [...document.querySelectorAll("canvas.slice")].some(empty) ? "empty" : ""].join(""))
        : setTimeout(look, 5);
    setTimeout(() => done(`still ${root.dataset.state}`), 4000);
    look();
})'

# conditions PAGE...: CONDITION of each, a line a page.
conditions() {
    local page
    jq -n --arg code "$CONDITION" '{script: $code, args: []}' >condition.json
    for page; do
        printf '{"url": "file://%s"}' "$PWD/$page" >"$page.url"
        printf 'url = "%s/url"\ndata = "@%s"\nnext\nurl = "%s/execute/sync"\ndata = "@condition.json"\nnext\n' \
            "$SESSION" "$page.url" "$SESSION"
    done | sed '$d' >requests
    curl -sS -K requests | jq -r '.value | select(. != null) | if type == "object" then .message else . end'
}

# The options of the page, in each combination, a line each.
combinations() {
    local what depth size
    for what in "" --labels "-w 0.1,0.9" "-w minmax" "-w percentile:1,99" "--labels -c 0"; do
        for depth in "" " --depth 16"; do
            for size in "" " --max-size 0.001"; do
                echo "$what$depth$size"
            done
        done
    done
}

@test "every combination of options opens: masks, grays, stains, colours, alone and beside" {
    two_volumes
    volthreshold -v 0.3 before.nrrd -o mask.nrrd
    volmath 'floor(a * 100)' before.nrrd -o labels.nrrd
    LC_ALL=C sed 's/^window:=0 1/source type:=uint8\nsource scale:=255/' before.nrrd >counts.nrrd
    volcat --axis channel mask.nrrd labels.nrrd -o stains.nrrd
    volcat --axis channel before.nrrd after.nrrd mask.nrrd | LC_ALL=C sed 's/^kinds: vector/kinds: RGB-color/' >colours.nrrd
    local volume second options count=0
    for volume in mask counts stains colours; do
        for second in "" mask.nrrd counts.nrrd; do
            while read -r options; do
                # shellcheck disable=SC2086 # words
                if vol2html $options $volume.nrrd $second -o $count.html 2>complaint; then
                    echo "$count.html: vol2html $options $volume.nrrd $second" >>made
                    count=$((count + 1))
                else
                    grep -q -- "--labels: its samples\|channel 0 of a volume without" complaint || { cat complaint; return 1; }
                fi
            done < <(combinations)
        done
    done
    [ "$count" -ge 200 ]
    browser_open "$BATS_FILE_TMPDIR/known.html"
    # shellcheck disable=SC2046 # words
    conditions $(seq -f %.0f.html 0 $((count - 1))) | paste -d ' ' - made >found
    [ "$(grep -c '^ready ' found)" -eq "$count" ] || { grep -v '^ready ' found; return 1; }
}
