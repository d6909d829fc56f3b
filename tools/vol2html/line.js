// A measured line: its length, the samples along it, as a curve and as CSV.

const distanceUnknown = (line) => {
    const {across, down} = shown[line.axis];
    return spacing[across] === null || spacing[down] === null || units[across] !== units[down];
};

// In units of the spacing, or in samples where that is unknown or its units differ.
function lineLength(line) {
    const {across, down} = shown[line.axis], plain = distanceUnknown(line);
    return Math.hypot((line.to.across - line.from.across) * (plain ? 1 : spacing[across]),
        (line.to.down - line.from.down) * (plain ? 1 : spacing[down]));
}

const lineUnit = (line) => (distanceUnknown(line) ? 'samples' : units[shown[line.axis].across]);
const lineText = (line) => `${Number(lineLength(line).toPrecision(4))} ${lineUnit(line)}`.trim();

// Of a thickness, which is in units of the spacing.
function lengthText(length) {
    const unit = axes.every((axis) => spacing[axis] !== null && units[axis] === units.column) ? units.column : '';
    return `${Number(length.toPrecision(3))} ${unit}`.trim();
}

// from, to: places in a view, in samples, 0 where the first one begins.
function setLine(view, from, to) {
    const within = (at) => ({
        across: clamp(at.across, 0, size[view.across]), down: clamp(at.down, 0, size[view.down]),
    });
    state.line = {axis: view.axis, from: within(from), to: within(to)};
    changed('marks');
}

function crossIn({across, down}) {
    return {across: state.index[across] + 0.5, down: state.index[down] + 0.5};
}

// A line begins at the cross and ends where that is moved to.
function measureFromCross(view) {
    state.following = !state.following;
    if (state.following)
        setLine(view, crossIn(view), crossIn(view));
}

function endLineAtCross() {
    if (!state.line)
        return;
    const view = views[state.line.axis];
    setLine(view, state.line.from, crossIn(view));
}

function removeLine() {
    state.line = null;
    state.following = false;
    changed('marks');
}

function lineLink({axis, from, to}) {
    return [axis, ...[from.across, from.down, to.across, to.down].map(short)].join();
}

function readLine(text) {
    const [axis, ...ends] = text.split(','), found = numbers(ends.join(), 4);
    if (!axes.includes(axis) || !found)
        return null;
    const at = (i) => ({across: clamp(found[i], 0, size[shown[axis].across]),
        down: clamp(found[i + 1], 0, size[shown[axis].down])});
    return {axis, from: at(0), to: at(2)};
}

// ---- drawn in its view

function drawLine(context, view, {across, down}) {
    const {line} = state;
    if (line?.axis !== view.axis)
        return;
    const [x0, x1] = [line.from, line.to].map((end) => across.begin + end.across * across.each);
    const [y0, y1] = [line.from, line.to].map((end) => down.begin + end.down * down.each);
    strokeTwice(context, '#fff', () => {
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
        for (const [x, y] of [[x0, y0], [x1, y1]]) {
            context.moveTo(x + 3, y);
            context.arc(x, y, 3, 0, 2 * Math.PI);
        }
    });
    context.textAlign = x1 < x0 ? 'right' : 'left';
    textTwice(context, lineText(line), x1 + (x1 < x0 ? -8 : 8), y1 + (y1 < y0 ? -6 : 14));
}

// ---- the samples along it

// Bilinear between the middles of the samples that the view shows; NaN beside a NaN.
function sampleBetween(slice, channel, across, down) {
    const x = clamp(across - 0.5, 0, size[slice.across] - 1), y = clamp(down - 0.5, 0, size[slice.down] - 1);
    const left = Math.floor(x), top = Math.floor(y), [u, v] = [x - left, y - top];
    const row = (at) => {
        const first = viewSample(slice, channel, left, at);
        return u === 0 ? first : first * (1 - u) + viewSample(slice, channel, left + 1, at) * u;
    };
    return v === 0 ? row(top) : row(top) * (1 - v) + row(top + 1) * v;
}

// At least two values for each sample that the line passes, at equal distances.
function profileOf(line, channel) {
    const {from, to} = line, slice = views[line.axis].slices[channel.group.number];
    const far = Math.max(Math.abs(to.across - from.across), Math.abs(to.down - from.down));
    const count = clamp(2 * Math.ceil(far), 1, 4096);
    return Array.from({length: count + 1}, (_, i) => sampleBetween(slice, channel,
        from.across + ((to.across - from.across) * i) / count, from.down + ((to.down - from.down) * i) / count));
}

function lineProfiles(line) {
    return shownChannels().map((channel) => ({channel, values: profileOf(line, channel)}));
}

// The brightest of the channel's colour map; gray would not be seen on every ground.
function profileColour({channel}, plain) {
    const [red, green, blue] = maps[state.looks[channel.number].map].slice(3 * 255);
    return red === green && green === blue ? plain : `rgb(${red},${green},${blue})`;
}

const isNumber = (value) => !Number.isNaN(value);

// With gaps where there is no number. The second volume's curves are dashed.
function drawCurveOf({channel, values}, context, low, high, width, floor) {
    context.beginPath();
    context.setLineDash(channel.group.number > 0 ? [4, 3] : []);
    values.forEach((value, i) => {
        const x = (i / (values.length - 1)) * width;
        const y = floor - 4 - (high > low ? (value - low) / (high - low) : 0.5) * (floor - 8);
        if (isNumber(value))
            context[i > 0 && isNumber(values[i - 1]) ? 'lineTo' : 'moveTo'](x, y);
    });
    context.lineWidth = 1.5;
    context.stroke();
}

function drawProfiles(profiles, line) {
    const canvas = element('profile'), context = canvas.getContext('2d');
    const {clientWidth: width, clientHeight: height} = canvas, foot = 16;
    const colour = (name) => getComputedStyle(canvas).getPropertyValue(name);
    sizeCanvas(canvas, width, height);
    context.scale(window.devicePixelRatio, window.devicePixelRatio);
    const known = profiles.flatMap(({values}) => values).filter(isNumber);
    const low = Math.min(...known), high = Math.max(...known);
    context.fillStyle = colour('--well');
    context.fillRect(0, 0, width, height - foot);
    for (const profile of profiles) {
        context.strokeStyle = profileColour(profile, colour('--text'));
        drawCurveOf(profile, context, low, high, width, height - foot);
    }
    context.font = '11px system-ui, sans-serif';
    context.fillStyle = colour('--soft');
    context.fillText('0', 0, height - 3);
    context.textAlign = 'right';
    context.fillText(lineText(line), width, height - 3);
    canvas.setAttribute('aria-label', `Samples along the line of ${lineText(line)}`);
}

function rangeText({channel, values}) {
    const known = values.filter(isNumber);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const [low, middle, high] = [Math.min(...known), mean, Math.max(...known)].map((value) => countedText(channel, value));
    const name = channels.length > 1 ? `${channelName(channel.number)}: ` : '';
    return known.length === 0 ? `${name}no number` : `${name}${low} to ${high}, mean ${middle}`;
}

function showLine() {
    const {line} = state;
    element('line').hidden = !line;
    if (!line)
        return;
    const profiles = lineProfiles(line);
    element('line-text').textContent = [lineText(line), ...profiles.map(rangeText)].join('\n');
    drawProfiles(profiles, line);
}

// ---- CSV (RFC 4180)

function lineTable(line) {
    const profiles = lineProfiles(line), length = lineLength(line);
    const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const names = profiles.map(({channel}) => (channels.length > 1 ? channelName(channel.number) : 'sample'));
    const head = [`distance (${lineUnit(line) || 'no unit'})`, ...names].map(quoted).join();
    const rows = (profiles[0]?.values ?? []).map((_, i, all) =>
        [(length * i) / (all.length - 1), ...profiles.map(({values}) => values[i])]
            .map((value) => (isNumber(value) ? short(value) : 'NaN')).join());
    return [head, ...rows, ''].join('\r\n');
}

function makeLinePanel() {
    element('save-line').addEventListener('click', () =>
        saveBlob(new Blob([lineTable(state.line)], {type: 'text/csv'}), `line in ${partText(state.line.axis)}.csv`));
    element('remove-line').addEventListener('click', removeLine);
}
