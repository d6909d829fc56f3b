# The page in a real browser: what it draws, read back from its canvases, where a sample is a pixel.
load helpers
load browser
load explorer

@test "the middle of the volume, exactly, at once" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    at 3 3 4
    [ "$(text '#readout-index')" = "plane 3  row 3  column 4" ]
    [ "$(text '#readout-position')" = "x 12 µm  y 23 µm  z 36 µm" ]
    [ "$(text '#readout-value')" = 0.5412 ] # 138 / 255
    [ "$(text '#summary')" = "6 × 7 × 9 samples · 2 × 1 × 0.5 µm · float32" ]
    [ "$(in_page 'return document.title' | jq -r .)" = Known ]
    [ "$(fragment)" = "" ]
}

@test "sliders by keyboard, each view follows" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    focus '#view-plane .slider'
    keys Right Right
    at 5 3 4
    keys Right
    at 5 3 4
    focus '#view-row .slider'
    keys Home
    at 5 0 4
    focus '#view-column .slider'
    keys End Left
    at 5 0 7
    [ "$(fragment)" = "#at=5,0,7" ]
}

@test "sliders by mouse, numbers by typing" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    local axis
    for axis in plane row column; do
        # shellcheck disable=SC2046 # two words
        drag 0 $(middle "#view-$axis .slider") $(middle "#view-$axis .slider" 0.99 0.5)
    done
    at 5 6 8
    # shellcheck disable=SC2046
    drag 0 $(middle "#view-plane .slider" 0.97 0.5) $(middle "#view-plane .slider" 0.01 0.5)
    at 0 6 8
    in_page 'document.querySelector("#view-row .index").select()' >/dev/null
    keys 2 Tab
    at 0 2 8
}

@test "click, drag, wheel and touch in the views" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    # shellcheck disable=SC2046
    click $(middle '#slice-plane' 0.278 0.214) # column 2.5 of 9, row 1.5 of 7
    at 3 1 2
    # shellcheck disable=SC2046
    drag 0 $(middle '#slice-column' 0.5 0.5) $(middle '#slice-column' 0.92 0.93) # plane 5, row 6
    at 5 6 2
    # shellcheck disable=SC2046
    wheel $(middle '#slice-row') -120 # the row before
    at 5 5 2
    # shellcheck disable=SC2046
    touch_drag $(middle '#slice-plane') $(middle '#slice-plane' 0.95 0.07)
    at 5 0 8
}

@test "a question mark lists the keys" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    keys '?'
    [ "$(in_page 'return document.getElementById("help").open')" = true ]
    keys Escape
    [ "$(in_page 'return document.getElementById("help").open')" = false ]
    in_page 'document.querySelector("#black").focus()' >/dev/null
    keys '?'
    [ "$(in_page 'return document.getElementById("help").open')" = true ]
    keys '?'
    [ "$(in_page 'return document.getElementById("help").open')" = true ]
}

@test "keys in the views" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    focus '#view-plane .frame'
    keys Right Right Up PageUp
    at 2 2 6
    focus '#view-column .frame'
    keys Left Down Home
    at 1 3 0
    keys PageDown
    at 1 3 1
    browser_wait 'document.getElementById("announcer").textContent === "plane 1  row 3  column 1: 0.2157"'
    keys Enter
    [ "$(in_page 'return [...document.querySelectorAll(".view")].filter(v => v.offsetWidth > 0).map(v => v.id).join()')" = '"view-column"' ]
    at 1 3 1
    keys Escape
    [ "$(in_page 'return [...document.querySelectorAll(".view")].filter(v => v.offsetWidth > 0).length')" = 4 ]
}

@test "window and gamma: sliders, typing, right button, presets" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    in_page 'document.querySelector("#black").select()' >/dev/null
    keys . 2 Tab
    in_page 'document.querySelector("#white").select()' >/dev/null
    keys . 6 Tab
    local part='Math.min(1, Math.max(0, (level / 255 - 0.2) / (0.6 - 0.2)))'
    at 3 3 4 "level => Math.round(255 * $part)"
    focus '#gamma'
    keys Right Right Right
    at 3 3 4 "level => Math.round(255 * $part ** (10 ** 0.03))"
    [ "$(fragment)" = "#channel0=0.2,0.6,1.071519,gray" ]
    in_page 'document.querySelector("#preset-reset").click()' >/dev/null
    settled
    at 3 3 4
    focus '#level'
    keys Right
    at 3 3 4 "level => Math.round(255 * Math.min(1, Math.max(0, level / 255 - 0.001)))"
    # shellcheck disable=SC2046
    drag 2 $(middle '#slice-plane') $(middle '#slice-plane' 0.9 0.5)
    [ "$(in_page 'return +document.querySelector("#white").value - document.querySelector("#black").value > 1')" = true ]
    # shellcheck disable=SC2046
    click $(middle '#preset-minmax')
    [ "$(value '#black') $(value '#white')" = "0 0.9373" ]
    # shellcheck disable=SC2046
    click $(middle '#preset-percentile')
    at 3 3 4 "level => Math.round(255 * Math.min(1, Math.max(0, (level - 3) / (234 - 3))))"
}

@test "the histogram: its limits are dragged" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    # shellcheck disable=SC2046
    drag 0 $(middle '#histogram' 0.005 0.5) $(middle '#histogram' 0.25 0.5)
    # shellcheck disable=SC2046
    drag 0 $(middle '#histogram' 0.995 0.5) $(middle '#histogram' 0.5 0.5)
    [ "$(in_page 'return Math.abs(state.looks[0].low - 0.25) < 0.01 && Math.abs(state.looks[0].high - 0.5) < 0.01')" = true ]
    # shellcheck disable=SC2046
    drag 0 $(middle '#histogram' 0.375 0.5) $(middle '#histogram' 0.475 0.5)
    [ "$(in_page 'return Math.abs(state.looks[0].low - 0.35) < 0.01 && Math.abs(state.looks[0].high - 0.6) < 0.01')" = true ]
}

@test "colour maps and inverted" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    in_page 'const s = document.querySelector("#colours"); s.value = "viridis"; s.dispatchEvent(new Event("change"))' >/dev/null
    settled
    local map
    map=$(in_page 'const hex = JSON.parse(document.getElementById("facts").textContent).colormaps.viridis;
        return hex.match(/../g).map(pair => parseInt(pair, 16))')
    at 3 3 4 "level => $map.slice(3 * level, 3 * level + 3)"
    focus '#inverted'
    keys Space
    at 3 3 4 "level => $map.slice(3 * (255 - level), 3 * (255 - level) + 3)"
    [[ "$map" == "[68,1,84,"*",253,231,36]" ]]
}

@test "a view is shared by its address; what is no address of ours is passed over" {
    browser_open "$BATS_FILE_TMPDIR/known.html" 'at=1,2,8&show=row&turn=10,20&channel0=0,1,1,gray,inverted'
    [ "$(wrong row 2 'level => 255 - level')" = "0 of 54" ]
    [ "$(in_page 'return document.getElementById("view-plane").offsetWidth')" = 0 ]
    [ "$(fragment)" = '#at=1,2,8&show=row&turn=10,20&channel0=0,1,1,gray,inverted' ]
    browser_open "$BATS_FILE_TMPDIR/known.html" 'at=1e9,-5,x&zoom=NaN&channel0=1,0,-1,__proto__&show=</b>&%E0%A4%A=1&turn=,'
    at 3 3 4
    in_page 'location.hash = "at=0,1,2"' >/dev/null
    settled
    at 0 1 2
}

@test "the address changes once a second, the last view in the end; where it may not, nothing fails" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    in_page 'window.writesSeen = []; const real = history.replaceState.bind(history);
        history.replaceState = (...words) => { writesSeen.push(performance.now()); real(...words); };
        return new Promise(done => { let n = 0; const timer = setInterval(() => {
            state.zoom = 2 + n++ / 100; linkSoon();
            if (n === 25) { clearInterval(timer); done(0); } }, 100); })' >/dev/null
    browser_wait 'location.hash.includes("zoom=2.24")'
    [ "$(in_page 'return writesSeen.every((at, i) => i === 0 || at - writesSeen[i - 1] > 900)')" = true ]
    in_page 'window.failed = 0; addEventListener("error", () => failed++);
        history.replaceState = () => { throw new DOMException("not here", "SecurityError"); };
        state.zoom = 4; linkSoon(); return new Promise(done => setTimeout(done, 1300))' >/dev/null
    [ "$(in_page 'return [failed, writing]')" = "[0,0]" ]
}

@test "zoom by Ctrl and wheel, keys and two fingers; the point under the pointer stays" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    focus '#view-plane .frame'
    keys + + +
    [ "$(in_page 'return state.zoom')" = 1.953125 ]
    keys 0
    [ "$(in_page 'return state.zoom')" = 1 ]
    # shellcheck disable=SC2046
    pinch $(middle '#slice-plane') 20 60
    [ "$(in_page 'return state.zoom > 2 && state.zoom < 4')" = true ]
    # shellcheck disable=SC2046
    drag 1 $(middle '#view-plane .frame') $(middle '#view-plane .frame' 0.6 0.5)
    [ "$(in_page 'return state.centre.column < 4.4')" = true ]
    at 3 3 4
}

@test "the box turns, shows the cuts, and hides them" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    local look='const {width, height} = document.getElementById("box"), copy = new OffscreenCanvas(width, height);
        copy.getContext("2d").drawImage(document.getElementById("box"), 0, 0);
        const d = copy.getContext("2d").getImageData(0, 0, width, height).data;
        let gray = 0, sum = 0; for (let i = 0; i < d.length; i += 4) { sum = (sum * 31 + d[i] + d[i + 1]) % 1000003; gray += d[i] > 20 && d[i] === d[i + 1] && d[i] === d[i + 2]; }'
    [ "$(in_page "$look return gray > 3000")" = true ]
    local before
    before=$(in_page "$look return sum")
    # shellcheck disable=SC2046
    drag 0 $(middle '#box') $(middle '#box' 0.8 0.6)
    [ "$(in_page "$look return sum")" != "$before" ]
    [[ "$(fragment)" == "#turn="* ]]
    focus '#view-box .frame'
    keys Home
    [ "$(in_page "$look return sum")" = "$before" ]
    focus '#cut-plane'
    keys Space
    focus '#cut-row'
    keys Space
    focus '#cut-column'
    keys Space
    [ "$(in_page "$look return gray < 1000")" = true ]
    [ "$(fragment)" = "#cuts=" ]
}

@test "play goes on by itself, and stops" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    # shellcheck disable=SC2046
    click $(middle '#view-column .play')
    browser_wait 'document.querySelector("#view-column .slider").value !== "4"'
    [ "$(in_page 'return document.querySelector("#view-column .play").getAttribute("aria-label")')" = '"Pause"' ]
    # shellcheck disable=SC2046
    click $(middle '#view-column .play')
    [ "$(in_page 'return state.playing')" = null ]
    at 3 3 "$(value '#view-column .slider')"
}

@test "full screen" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    # shellcheck disable=SC2046
    click $(middle '#screen-button')
    browser_wait 'document.fullscreenElement'
    # shellcheck disable=SC2046
    click $(middle '#screen-button')
    browser_wait '!document.fullscreenElement'
}

@test "a view is saved as PNG, in true proportions" {
    browser_open "$BATS_FILE_TMPDIR/known.html" 'hide=cross,scale,names'
    # shellcheck disable=SC2046
    click $(middle '#view-plane .save')
    local file=$BROWSER/downloads/'Known plane 3.png' _
    for _ in $(seq 50); do
        [ ! -f "$file" ] || break
        sleep 0.1
    done
    [ "$(perl -0777 -ne 'print join(" ", unpack("x16 N2", $_))' "$file")" = "414 644" ]
    need pngtopam
    # the middle of each sample: 46 x 92 pixels
    [ "$(pngtopam "$file" | pnmtoplainpnm | tail -n +4 | tr -s ' ' '\n' | grep . |
        awk '{ pixel = int((NR - 1) / 3); row = int(pixel / 414); column = pixel % 414 }
            (NR % 3) == 1 && row % 92 == 46 && column % 46 == 23 {
                wrong += $1 != (3 * 37 + int(row / 92) * 5 + int(column / 46) * 3) % 256; seen++ }
            END { print wrong + 0, seen }')" = "0 63" ]
}

@test "16 bits: gray is the upper half, the value is exact" {
    known 16 >deep.html
    browser_open deep.html
    at 3 3 4
    [ "$(text '#readout-value')" = 0.541176 ]
}

@test "NaN is transparent, counted, and read as such" {
    { stream "2 2 3"; floats 0 nan 1 1  nan nan 1 0  0 1 0 1; } | vol2html >nan.html
    browser_open nan.html
    local alpha='const c = document.getElementById(id), d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        return [...d].map((v, i) => i % 4 ? -1 : d[i + 3] ? v : "nan").filter(v => v !== -1).join(" ")'
    [ "$(in_page "const id = 'slice-plane'; state.index.plane = 0; changed('index');
        return new Promise(done => setTimeout(() => done((() => { $alpha })()), 100))")" = '"0 nan 255 255"' ]
    [ "$(in_page "const id = 'slice-row'; state.index.row = 0; changed('index');
        return new Promise(done => setTimeout(() => done((() => { $alpha })()), 100))")" = '"0 nan nan nan 0 255"' ]
    [ "$(in_page "const id = 'slice-column'; state.index.column = 0; changed('index');
        return new Promise(done => setTimeout(() => done((() => { $alpha })()), 100))")" = '"0 nan 0 255 255 0"' ]
    in_page 'goTo("plane", 1)' >/dev/null
    settled
    [ "$(text '#readout-value')" = NaN ]
    [[ "$(text '#facts-list')" == *"NaN3 samples, drawn hatched"* ]]
}

@test "a number of the source is told as about that where levels are farther apart" {
    { stream "3 1 1" ushort; perl -e 'print pack "v*", 0, 24282, 65535'; } >wide
    { stream "3 1 1" ushort; perl -e 'print pack "v*", 24000, 24100, 24255'; } >narrow
    local file options expected
    while read -r file options expected; do
        # shellcheck disable=SC2086 # an option and its value
        vol2html ${options/=/ } $file >page.html
        browser_open page.html
        [ "$(text '#readout-value')" = "$expected" ] || { text '#readout-value'; return 1; }
    done <<END
wide --depth=8 24160 (≈24160)
wide --depth=16 24282 (24282)
narrow --depth=8 24100 (24100)
END
}

@test "channels are laid over each other in their colours" {
    { stream "4 2 1 1" float "window:=0 1" "kinds: vector domain domain domain"
      floats 0.2 0.4 0.6 0.8  1 0 0 0; } | vol2html >four.html
    browser_open four.html
    local pixels='const c = document.getElementById("slice-plane");
        return [...c.getContext("2d").getImageData(0, 0, 2, 1).data].join(" ")'
    # magenta 51, green 102, cyan 153, yellow 204
    [ "$(in_page "$pixels")" = '"255 255 204 255 255 0 255 255"' ]
    # shellcheck disable=SC2046
    click $(middle '.channel:nth-child(4) input[type=checkbox]')
    [ "$(in_page "$pixels")" = '"51 255 204 255 255 0 255 255"' ]
    [ "$(text '#readout-value')" = "Channel 0: 1  1: 0  2: 0" ]
    { stream "3 2 1 1" float "kinds: RGB-color domain domain domain"; floats 0.2 0.4 0.6 1 0 0; } | vol2html >rgb.html
    browser_open rgb.html
    [ "$(in_page "$pixels")" = '"51 102 153 255 255 0 0 255"' ]
}

@test "odd volumes open: one sample, one plane, all the same, no number, colours with alpha" {
    { stream "1 1 1"; floats 0.25; } | vol2html >point.html
    { stream "5 4 1"; floats $(seq 20); } | vol2html >plane.html
    { stream "3 2 2"; floats 7 7 7 7 7 7 7 7 7 7 7 7; } | vol2html >flat.html
    { stream "2 2 1"; floats nan nan nan nan; } | vol2html >none.html
    { stream "4 2 1 1" float "kinds: RGBA-color domain domain domain"; floats 1 1 0 1 0 0 0 0; } | vol2html >alpha.html
    local page
    for page in point plane flat none alpha; do
        browser_open $page.html
        [ "$(in_page 'return document.documentElement.dataset.state')" = '"ready"' ]
        quiet
    done
    browser_open point.html
    [ "$(text '#readout-value')" = 0.25 ]
    browser_open plane.html
    [ "$(in_page 'return document.querySelector("#view-plane .slider").disabled')" = true ]
}

@test "an averaged volume says so, and which samples a mean is made of" {
    { stream "9 7 6" float "window:=0 1"; head -c 1512 /dev/zero; } | vol2html --max-size 0.001 >known.html
    browser_open known.html
    [[ "$(text '#facts-list')" != *Averaged* ]]
    { stream "40 30 2" float "window:=0 1"; head -c 9600 /dev/zero; } | vol2html --max-size 0.001 >means.html 2>/dev/null
    browser_open means.html
    [[ "$(text '#summary')" == *"averaged to 2 × 15 × 20" ]]
    [ "$(text '#readout-index')" = "plane 1  row 14–15  column 20–21" ]
}

@test "the title is text" {
    { stream "1 1 1"; floats 1; } | vol2html --title '</script><b id=x>é & "' >page.html
    browser_open page.html
    [ "$(text h1)" = '</script><b id=x>é & "' ]
    [ "$(in_page 'return document.title')" = '"</script><b id=x>é & \""' ]
    [ "$(in_page 'return document.getElementById("x")')" = null ]
}

@test "the policy holds: no other script, style, request, evaluation" {
    browser_open "$BATS_FILE_TMPDIR/known.html"
    COMPLAINTS=expected
    [ "$(in_page 'return new Promise(done => {
        window.ran = [];
        const seen = [];
        document.addEventListener("securitypolicyviolation", event => seen.push(event.effectiveDirective));
        const add = (tag, set) => document.body.append(Object.assign(document.createElement(tag), set));
        add("script", {textContent: "ran.push(1)"});
        add("style", {textContent: "h1 { color: rgb(1, 2, 3) }"});
        add("script", {src: "http://127.0.0.1:9/x.js"});
        add("img", {src: "http://127.0.0.1:9/x.png"});
        add("iframe", {src: "data:text/html,x"});
        document.body.insertAdjacentHTML("beforeend", "<b onclick=\"ran.push(2)\" id=trap></b>");
        document.getElementById("trap").click();
        fetch("http://127.0.0.1:9/").catch(() => 0);
        try { new Worker("data:text/javascript,1") } catch {}
        const evaluated = add("a", {href: "javascript:ran.push(3)"});
        setTimeout(() => done([ran.length, getComputedStyle(document.querySelector("h1")).color === "rgb(1, 2, 3)",
            [...new Set(seen)].sort().join()]), 500);
    })')" = '[0,false,"connect-src,frame-src,img-src,script-src-attr,script-src-elem,style-src-elem,worker-src"]' ]
    # the driver's own scripts may evaluate; what the page's scripts call may not
    in_page 'const timer = setTimeout("ran.push(4)", 0)' >/dev/null || true
    sleep 0.2
    [ "$(in_page 'return ran.length')" = 0 ]
    at 3 3 4
}

@test "a page cut short or damaged says so" {
    head -c -60 "$BATS_FILE_TMPDIR/known.html" | sed '$d' | sed '$d' >cut.html
    browser_open cut.html
    [ "$(in_page 'return document.documentElement.dataset.state')" = '"failed"' ]
    [[ "$(text '#problem')" == "The file ends early: "[45]" of 6 planes are here." ]]
    [ "$(wrong plane 3)" = "0 of 63" ]
    perl -pe 's/(class="plane">.{8})(.)/$1 . ($2 eq "A" ? "B" : "A")/e if ++$n && /class="plane"/ && $seen++ == 2' \
        "$BATS_FILE_TMPDIR/known.html" >damaged.html
    browser_open damaged.html
    [[ "$(text '#problem')" == "Plane 2 is damaged"* ]]
}

@test "nothing jumps while the page loads, at any width; nothing is wider than the screen" {
    local width jumps
    tiff2vol "$CELLS" | vol2html --title Cells >cells.html
    for width in 1280 900 390; do
        screen $width 820
        browser_open cells.html
        jumps=$(in_page 'return new Promise(done => {
            const told = list => list.getEntries().flatMap(shift => shift.sources.map(({node, previousRect, currentRect}) =>
                [node?.id || node?.className || node?.nodeName, previousRect, currentRect]));
            new PerformanceObserver(list => done(told(list))).observe({type: "layout-shift", buffered: true});
            setTimeout(() => done([]), 300);
        })')
        [ "$jumps" = "[]" ] || { echo "$width: $jumps"; return 1; }
        [ "$(in_page 'const root = document.documentElement; return root.scrollWidth <= root.clientWidth')" = true ]
        [ "$(in_page 'return [...document.querySelectorAll("button, input, select")].filter(e => e.offsetWidth > 0 &&
            (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)).length')" = 0 ]
    done
    screen 1280 820
}

@test "views are in true proportions by the spacing" {
    screen 1280 820
    browser_open "$BATS_FILE_TMPDIR/known.html"
    # 2 x 1 x 0.5 um: plane 4.5 x 7, row 4.5 x 12, column 12 x 7
    [ "$(in_page 'const box = axis => document.getElementById("slice-" + axis).getBoundingClientRect();
        const p = box("plane"), r = box("row"), c = box("column"), near = (a, b) => Math.abs(a / b - 1) < 0.01;
        return near(p.width / p.height, 4.5 / 7) && near(r.width / r.height, 4.5 / 12) && near(c.width / c.height, 12 / 7) &&
            near(p.height, c.height) && near(p.width, r.width) && near(p.left, r.left) && near(p.top, c.top)')" = true ]
}

@test "no accessibility engine has a serious complaint" {
    local axe=${AXE:-$B/axe/node_modules/axe-core/axe.min.js} page scheme
    [ -f "$axe" ] || skip "axe-core is not installed (npm install --prefix $B/axe axe-core)"
    { stream "4 5 4 3" float "kinds: vector domain domain domain"; floats $(seq 240); } | vol2html >four.html
    { stream "2 2 1"; floats 0 1 2 3; } >a.nrrd
    vol2html a.nrrd a.nrrd >two.html
    for page in "$BATS_FILE_TMPDIR/known.html" four.html "two.html#slab=mean,1&line=plane,0,0,2,2"; do
        for scheme in light dark; do
            browser_post goog/cdp/execute '{"cmd": "Emulation.setEmulatedMedia", "params": {"features":
                [{"name": "prefers-color-scheme", "value": "'$scheme'"}]}}' >/dev/null
            browser_open "${page%%#*}" "$([[ $page != *#* ]] || echo "${page#*#}")"
            jq -n --rawfile axe "$axe" '{args: [], script: ($axe + "; return axe.run(document).then(found =>
                found.violations.map(v => v.impact + \": \" + v.id + \" \" + v.nodes.map(n => n.html).join(\" \")))")}' >run.json
            curl -sS --data-binary @run.json "$SESSION/execute/sync" | jq -r '.value | .[]' >found
            cat found
            [ "$(grep -c '^serious\|^critical' found)" -eq 0 ]
        done
    done
    in_page 'document.getElementById("help-button").click()' >/dev/null
    curl -sS --data-binary @run.json "$SESSION/execute/sync" | jq -r '.value | .[]' >found
    cat found
    [ "$(grep -c '^serious\|^critical' found)" -eq 0 ]
}
