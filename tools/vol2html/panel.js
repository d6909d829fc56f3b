// The settings: contrast, channels, views; what is said of the data.

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

// ---- slabs, two volumes

// The slider runs over the root of the thickness, so that thin slabs are within reach.
function makeSlabSettings() {
    element('kind').append(...kinds.map((kind) => new Option(title(kind), kind)));
    element('kind').addEventListener('change', (event) => setKind(event.target.value));
    element('thickness').addEventListener('input', (event) =>
        setThickness((event.target.value / 100) ** 2 * thickest));
}

function showSlabSettings() {
    const isWhole = state.thickness >= thickest * (1 - 1e-9);
    element('kind').value = state.kind;
    setInput(element('thickness'), Math.round(100 * Math.sqrt(state.thickness / thickest)));
    element('thickness').disabled = !isSlab();
    const text = !isSlab() ? '' : isWhole ? 'all' : lengthText(state.thickness);
    element('thickness-text').textContent = text;
    element('thickness').setAttribute('aria-valuetext', text);
}

function makeBeside() {
    element('beside').hidden = groups.length === 1;
    for (const [value, name] of [['both', 'side by side'], ...groups.map((group) => [group.number, group.title])]) {
        const label = document.createElement('label'), radio = document.createElement('input');
        Object.assign(radio, {type: 'radio', name: 'beside', value});
        radio.addEventListener('change', () => setBeside(value));
        label.append(radio, ` ${name}`);
        element('beside').append(label);
    }
}

function showBeside() {
    for (const radio of document.querySelectorAll('input[name=beside]'))
        radio.checked = radio.value === String(state.beside);
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
    makeSlabSettings();
    makeBeside();
    makeLinePanel();
    makeSheet();
    onCheck('inverted', (inverted) => setLooks({inverted}));
    onCheck('together', (together) => (state.together = together));
    for (const [id, name] of [['show-cross', 'cross'], ['show-scale', 'scale'], ['show-names', 'names'],
        ['smooth', 'smooth']])
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
    element('smooth').checked = state.smooth;
    showSlabSettings();
    showBeside();
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
    const index = state.pointer ?? state.index, view = state.pointer?.view;
    const isOnePlace = !view || !isThick(view.axis);
    element('readout-index').textContent = placeText(index, view);
    element('readout-position').textContent = isOnePlace ? positionText(index) : '';
    element('readout-value').textContent = samplesText(index, view);
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
    const thick = isThick(axis) ? `, ${partText(axis)}` : '';
    view.of.textContent = `of ${size[axis]}${means}${thick || waiting}`;
}

let announcing = 0;

// Spoken once the keys rest.
function announceSoon() {
    clearTimeout(announcing);
    announcing = setTimeout(() => {
        element('announcer').textContent = `${placeText(state.index)}: ${samplesText(state.index)}`;
    }, 500);
}
