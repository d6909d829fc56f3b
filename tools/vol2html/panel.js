// The settings: histogram, contrast, channels, what is said of the data.

const element = (id) => document.getElementById(id);

// ---- histogram: 256 bars of the selected channel, with its window

const bars = 256;
const histogram = {canvas: element('histogram'), width: 0, height: 0, foot: 16};

function barHeights(channel) {
    const each = levelCount / bars;
    const heights = new Float64Array(bars);
    channel.counts.forEach((count, level) => (heights[Math.floor(level / each)] += count));
    const shownAs = state.logCounts ? Math.log1p : (count) => count;
    const most = shownAs(Math.max(...heights)) || 1;
    return heights.map((count) => shownAs(count) / most);
}

// Samples run over the whole width.
function histogramX(channel, sample) {
    const range = rangeOf(channel);
    return range > 0 ? ((sample - channel.low) / range) * histogram.width : 0;
}

function histogramSample(channel, x) {
    return channel.low + (x / histogram.width) * rangeOf(channel);
}

function drawHistogram() {
    const {canvas, foot} = histogram, context = canvas.getContext('2d');
    const style = getComputedStyle(canvas), colour = (name) => style.getPropertyValue(name);
    const channel = channels[state.selected], look = state.looks[state.selected];
    histogram.width = canvas.clientWidth;
    histogram.height = canvas.clientHeight;
    sizeCanvas(canvas, histogram.width, histogram.height);
    context.scale(window.devicePixelRatio, window.devicePixelRatio);
    const {width} = histogram, floor = histogram.height - foot;
    const low = clamp(histogramX(channel, look.low), 0, width);
    const high = clamp(histogramX(channel, look.high), 0, width);

    context.fillStyle = colour('--well');
    context.fillRect(0, 0, width, floor);
    context.fillStyle = colour('--inside');
    context.fillRect(low, 0, high - low, floor);
    context.fillStyle = colour('--bars');
    barHeights(channel).forEach((height, i) => {
        const left = (i * width) / bars, top = floor - height * (floor - 6);
        context.fillRect(left, top, width / bars + 0.3, floor - top);
    });
    drawCurve(context, colour('--accent'), channel, look, floor);
    context.fillStyle = colour('--accent');
    for (const x of [low, high])
        context.fillRect(clamp(x - 1, 0, width - 2), 0, 2, floor);

    context.font = '11px system-ui, sans-serif';
    context.fillStyle = colour('--soft');
    context.textAlign = 'left';
    context.fillText(numberText(channel.low, rangeOf(channel) / 1000), 0, histogram.height - 3);
    context.textAlign = 'right';
    context.fillText(numberText(channel.high, rangeOf(channel) / 1000), width, histogram.height - 3);
    canvas.setAttribute('aria-label', `Histogram: black at ${sampleText(channel, look.low)}, ` +
        `white at ${sampleText(channel, look.high)}`);
}

// How bright each sample is drawn.
function drawCurve(context, colour, channel, look, floor) {
    context.beginPath();
    for (let x = 0; x <= histogram.width; x += 2) {
        const bright = brightness(histogramSample(channel, x), look) / 255;
        context.lineTo(x, floor - 1 - bright * (floor - 7));
    }
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.globalAlpha = 0.7;
    context.stroke();
    context.globalAlpha = 1;
}

// The limit that is nearer follows the pointer; between them, away from both, the whole window does.
function listenToHistogram() {
    const {canvas} = histogram;
    let doing = null, last = 0;
    canvas.addEventListener('pointerdown', (event) => {
        const channel = channels[state.selected], look = state.looks[state.selected];
        const low = histogramX(channel, look.low), high = histogramX(channel, look.high);
        const x = last = event.offsetX;
        const near = Math.min(14, Math.max(4, (high - low) / 4));
        if (x > low + near && x < high - near)
            doing = 'both';
        else
            doing = Math.abs(x - low) < Math.abs(x - high) ? 'low' : 'high';
        canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener('pointermove', (event) => {
        if (!doing)
            return;
        const channel = channels[state.selected], look = state.looks[state.selected];
        const by = ((event.offsetX - last) / histogram.width) * rangeOf(channel);
        const at = clamp(histogramSample(channel, event.offsetX), channel.low, channel.high);
        if (doing === 'both')
            setWindow(look.low + by, look.high + by);
        else if (doing === 'low')
            setWindow(Math.min(at, look.high), look.high);
        else
            setWindow(look.low, Math.max(at, look.low));
        last = event.offsetX;
    });
    for (const end of ['pointerup', 'pointercancel'])
        canvas.addEventListener(end, () => (doing = null));
}

// ---- sliders. Level: over the channel's range. Window: its square root, so that narrow ones are
// within reach. Gamma: 10 ^ (slider / 100).

function levelAndWidth() {
    const channel = channels[state.selected], range = rangeOf(channel);
    return {
        level: channel.low + (element('level').value / 1000) * range,
        width: Math.max((element('width').value / 1000) ** 2, 1e-6) * range,
    };
}

function onWindowSlider() {
    const {level, width} = levelAndWidth();
    setWindow(level - width / 2, level + width / 2);
}

// A slider that the user moves keeps its place; it is not set back to a rounded one.
function setInput(input, value) {
    if (document.activeElement !== input || input.type === 'range')
        input.value = value;
}

function showWindow() {
    const channel = channels[state.selected], look = state.looks[state.selected];
    const range = rangeOf(channel), level = (look.low + look.high) / 2, width = look.high - look.low;
    const texts = {level: sampleText(channel, level), width: sampleText(channel, width),
        gamma: String(Number(look.gamma.toPrecision(3)))};
    setInput(element('black'), sampleText(channel, look.low));
    setInput(element('white'), sampleText(channel, look.high));
    setInput(element('level'), range > 0 ? Math.round(((level - channel.low) / range) * 1000) : 500);
    setInput(element('width'), range > 0 ? Math.round(Math.sqrt(width / range) * 1000) : 1000);
    setInput(element('gamma'), Math.round(Math.log10(look.gamma) * 100));
    for (const [id, text] of Object.entries(texts)) {
        element(id).setAttribute('aria-valuetext', text);
        element(`${id}-text`).textContent = text;
    }
    element('level').disabled = element('width').disabled = range === 0;
    element('colours').value = look.map;
    element('inverted').checked = look.inverted;
}

// ---- channels

function makeChannelRow({number}) {
    const row = document.createElement('div'), name = channelName(number);
    row.className = 'channel';
    row.innerHTML = '<label><input type="checkbox"><span class="swatch"></span></label>' +
        '<label><input type="radio" name="channel"> <span></span></label>';
    const [seen, chosen] = row.querySelectorAll('input');
    seen.setAttribute('aria-label', `Show ${name}`);
    seen.addEventListener('change', () => {
        state.looks[number].visible = seen.checked;
        changed('look');
    });
    chosen.id = `channel-${number}`;
    chosen.addEventListener('change', () => {
        state.selected = number;
        changed('look', 'settings');
    });
    row.querySelector('label:last-child span').textContent = name;
    return row;
}

function showChannels() {
    [...element('channel-list').children].forEach((row, number) => {
        const [seen, chosen] = row.querySelectorAll('input'), look = state.looks[number];
        const full = look.inverted ? 0 : 3 * 255;
        seen.checked = look.visible;
        chosen.checked = state.selected === number;
        row.querySelector('.swatch').style.background = `rgb(${maps[look.map].slice(full, full + 3).join()})`;
    });
}

// ---- all of it

function onCheck(id, set) {
    element(id).addEventListener('change', (event) => set(event.target.checked));
}

function fillColours() {
    for (const name of Object.keys(maps)) {
        const choice = document.createElement('option');
        choice.value = name;
        choice.textContent = title(name);
        element('colours').append(choice);
    }
}

function makePanel() {
    fillColours();
    if (channels.length > 1) {
        element('channel-list').hidden = element('together-label').hidden = false;
        element('channel-list').append(...channels.map(makeChannelRow));
    }
    const typed = () => {
        const [black, white] = ['black', 'white'].map((id) => parseFloat(element(id).value));
        if (isFinite(black) && isFinite(white) && black <= white)
            setWindow(black, white);
    };
    element('black').addEventListener('change', typed);
    element('white').addEventListener('change', typed);
    element('level').addEventListener('input', onWindowSlider);
    element('width').addEventListener('input', onWindowSlider);
    element('gamma').addEventListener('input', (event) => setLooks({gamma: 10 ** (event.target.value / 100)}));
    element('colours').addEventListener('change', (event) => setLooks({map: event.target.value}));
    element('preset-minmax').addEventListener('click', presetMinmax);
    element('preset-percentile').addEventListener('click', presetPercentile);
    element('preset-reset').addEventListener('click', presetReset);
    element('zoom').addEventListener('input', (event) => setZoom(2 ** (event.target.value / 10)));
    element('speed').addEventListener('input', (event) => {
        state.speed = Number(event.target.value);
        playedAt = performance.now();
        changed('settings');
    });
    onCheck('inverted', (inverted) => setLooks({inverted}));
    onCheck('together', (together) => (state.together = together));
    for (const [id, name] of [['show-cross', 'cross'], ['show-scale', 'scale'], ['show-names', 'names']])
        onCheck(id, (on) => {
            state[name] = on;
            changed('marks');
        });
    onCheck('log-counts', (on) => {
        state.logCounts = on;
        changed('look');
    });
    for (const radio of document.querySelectorAll('input[name=dragging]'))
        radio.addEventListener('change', () => (state.dragging = radio.value));
    listenToHistogram();
}

function showSettings() {
    element('together').checked = state.together;
    element('log-counts').checked = state.logCounts;
    element('show-cross').checked = state.cross;
    element('show-scale').checked = state.scale;
    element('show-names').checked = state.names;
    setInput(element('zoom'), Math.round(Math.log2(state.zoom) * 10));
    setInput(element('speed'), state.speed);
    element('zoom-text').textContent = `${Number(state.zoom.toPrecision(3))}×`;
    element('speed-text').textContent = `${state.speed} / s`;
    for (const axis of axes) {
        element(`cut-${axis}`).checked = state.cuts[axis];
        const playing = state.playing === axis;
        setIcon(views[axis].play, playing ? 'pause' : 'play');
        nameButton(views[axis].play, playing ? 'Pause' : `Play through the ${axis}s`);
    }
}

function showFacts() {
    element('summary').textContent = summaryText();
    const rows = factRows().flatMap(([name, text]) => {
        const term = document.createElement('dt'), said = document.createElement('dd');
        term.textContent = name;
        said.textContent = text;
        return [term, said];
    });
    element('facts-list').replaceChildren(...rows);
    element('levels-text').textContent = levelsText();
    const commands = facts.history.split('\n').filter((command) => command !== '');
    element('history').hidden = commands.length === 0;
    element('history-list').replaceChildren(...commands.map((command) => {
        const item = document.createElement('li'), code = document.createElement('code');
        code.textContent = command;
        item.append(code);
        return item;
    }));
}

// ---- what is under the pointer, or at the cross

function showReadout() {
    const index = state.pointer ?? state.index;
    element('readout-index').textContent = placeText(index);
    element('readout-position').textContent = positionText(index);
    element('readout-value').textContent = samplesText(index);
    for (const axis of axes)
        showIndex(views[axis]);
}

function showIndex(view) {
    const {axis} = view, index = state.index[axis];
    setInput(view.slider, index);
    setInput(view.number, index);
    view.slider.setAttribute('aria-valuetext', `${axis} ${indexText(axis, index)}`);
    const means = factor[axis] > 1 ? ` (${indexText(axis, index)})` : '';
    const waiting = shownIndex(axis) !== index ? `, showing ${shownIndex(axis)}` : '';
    view.of.textContent = `of ${size[axis]}${means}${waiting}`;
}

let announcing = 0;

// Spoken once the keys rest.
function announceSoon() {
    clearTimeout(announcing);
    announcing = setTimeout(() => {
        element('announcer').textContent = `${placeText(state.index)}: ${samplesText(state.index)}`;
    }, 500);
}
