// The box in space: the three cuts at their places, textured with their slices. Parallel projection,
// so that a slice is drawn by one affine transform.

const box = {};
const edgeColour = '#7fd8e6';

function makeBox() {
    const figure = document.getElementById('box-template').content.firstElementChild.cloneNode(true);
    const find = (selector) => figure.querySelector(selector);
    Object.assign(box, {
        figure, frame: find('.frame'), canvas: find('#box'), enlarge: find('.enlarge'),
        width: 1, height: 1,
    });
    box.frame.setAttribute('aria-label', 'The three cuts in the box of the volume; arrow keys turn it');
    box.frame.setAttribute('aria-roledescription', 'box in space');
    nameButton(find('.save'), 'Save the box as PNG');
    nameButton(box.enlarge, 'Enlarge the box');
    find('.save').addEventListener('click', () => saveCanvas(box.canvas, 'box'));
    box.enlarge.addEventListener('click', () => toggleEnlarged('box'));
    for (const axis of axes)
        find('.cuts').append(makeCutSwitch(axis));
    listenToTurning();
    box.frame.addEventListener('keydown', onBoxKey);
    return figure;
}

function makeCutSwitch(axis) {
    const label = document.createElement('label'), input = document.createElement('input');
    const dot = document.createElement('span');
    input.type = 'checkbox';
    input.id = `cut-${axis}`;
    input.checked = true;
    dot.className = 'dot';
    dot.style.background = axisColour[axis];
    label.title = `Show the ${axis} in the box`;
    input.setAttribute('aria-label', `Show the ${axis} in the box`);
    label.append(input, dot);
    input.addEventListener('change', () => {
        state.cuts[axis] = input.checked;
        changed('turn');
    });
    return label;
}

function layoutBox() {
    box.enlarge.setAttribute('aria-pressed', state.enlarged === 'box');
    box.width = box.frame.clientWidth;
    box.height = box.frame.clientHeight;
    sizeCanvas(box.canvas, box.width, box.height);
}

// From samples, {plane, row, column} counted from where the first one begins, to pixels and depth
// (larger is farther). Columns run right, rows down, planes away while nothing is turned.
function projector() {
    const yaw = (state.turn.yaw * Math.PI) / 180, pitch = (state.turn.pitch * Math.PI) / 180;
    const radius = Math.hypot(extent.plane, extent.row, extent.column) / 2;
    const scale = (0.49 * Math.min(box.width, box.height)) / radius;
    return ({plane, row, column}) => {
        const x = column * step.column - extent.column / 2;
        const y = row * step.row - extent.row / 2;
        const z = plane * step.plane - extent.plane / 2;
        const right = Math.cos(yaw) * x + Math.sin(yaw) * z;
        const away = Math.cos(yaw) * z - Math.sin(yaw) * x;
        const down = Math.cos(pitch) * y - Math.sin(pitch) * away;
        const depth = Math.sin(pitch) * y + Math.cos(pitch) * away;
        return [box.width / 2 + right * scale, box.height / 2 + down * scale, depth];
    };
}

const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ({
    plane: i & 1 ? size.plane : 0,
    row: i & 2 ? size.row : 0,
    column: i & 4 ? size.column : 0,
}));

const edges = corners.flatMap((from, i) =>
    [['plane', 1], ['row', 2], ['column', 4]]
        .filter(([, bit]) => !(i & bit))
        .map(([axis, bit]) => ({axis, from, to: corners[i | bit]})));

function line(context, from, to, colour, width) {
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
}

// The edges that meet in the farthest corner lie behind the cuts.
function splitEdges(project) {
    const farthest = corners.reduce((a, b) => (project(b)[2] > project(a)[2] ? b : a));
    const behind = edges.filter(({from, to}) => from === farthest || to === farthest);
    return {behind, before: edges.filter((edge) => !behind.includes(edge))};
}

function drawTexture(context, project, axis, bounds) {
    const {across, down} = shown[axis], density = window.devicePixelRatio;
    const origin = {[axis]: shownIndex(axis) + 0.5, [across]: bounds[across][0], [down]: bounds[down][0]};
    const [x, y] = project(origin);
    const [acrossX, acrossY] = project({...origin, [across]: origin[across] + 1});
    const [downX, downY] = project({...origin, [down]: origin[down] + 1});
    const wide = bounds[across][1] - bounds[across][0], high = bounds[down][1] - bounds[down][0];
    const transform = [acrossX - x, acrossY - y, downX - x, downY - y, x, y];
    const area = (transform[0] * transform[3] - transform[1] * transform[2]) * wide * high;
    if (Math.abs(area) < 1)
        return;
    context.setTransform(...transform.map((part) => part * density));
    context.drawImage(views[axis].slices[shownGroups()[0].number].canvas, origin[across], origin[down], wide, high, 0, 0, wide, high);
    context.setTransform(density, 0, 0, density, 0, 0);
}

function drawCut(context, project, axis, bounds) {
    const {across, down} = shown[axis];
    drawTexture(context, project, axis, bounds);
    const at = (u, v) => project({[axis]: shownIndex(axis) + 0.5, [across]: u, [down]: v});
    const [left, right] = bounds[across], [top, bottom] = bounds[down];
    const rim = (from, to) => line(context, from, to, axisColour[axis], 1.5);
    if (left === 0)
        rim(at(left, top), at(left, bottom));
    if (right === size[across])
        rim(at(right, top), at(right, bottom));
    if (top === 0)
        rim(at(left, top), at(right, top));
    if (bottom === size[down])
        rim(at(left, bottom), at(right, bottom));
}

// Each cut divides what is left into a far and a near part: far, cut, near is the order to draw in.
function drawCuts(context, project, order, bounds) {
    if (order.length === 0)
        return;
    const [axis, ...rest] = order;
    const at = shownIndex(axis) + 0.5, zero = {plane: 0, row: 0, column: 0};
    const grows = project({...zero, [axis]: 1})[2] > project(zero)[2];
    const low = {...bounds, [axis]: [bounds[axis][0], at]};
    const high = {...bounds, [axis]: [at, bounds[axis][1]]};
    drawCuts(context, project, rest, grows ? high : low);
    drawCut(context, project, axis, bounds);
    drawCuts(context, project, rest, grows ? low : high);
}

// An axis is named on its lowest edge.
function drawEdgeNames(context, project, before) {
    context.font = '12px system-ui, sans-serif';
    context.textBaseline = 'middle';
    for (const axis of axes) {
        const middles = before.filter((edge) => edge.axis === axis).map(({from, to}) => {
            const a = project(from), b = project(to);
            return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, Math.hypot(a[0] - b[0], a[1] - b[1])];
        });
        const [x, y, length] = middles.reduce((a, b) => (b[1] > a[1] ? b : a));
        if (length < 14)
            continue;
        const left = x < box.width / 2 - 4;
        context.textAlign = left ? 'right' : 'left';
        textTwice(context, axis, clamp(x + (left ? -8 : 8), 4, box.width - 4), clamp(y + 8, 8, box.height - 8));
    }
    context.textBaseline = 'alphabetic';
}

function drawBox() {
    const context = box.canvas.getContext('2d'), density = window.devicePixelRatio;
    const project = projector(), {behind, before} = splitEdges(project);
    const whole = {plane: [0, size.plane], row: [0, size.row], column: [0, size.column]};
    context.setTransform(density, 0, 0, density, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, box.width, box.height);
    for (const {from, to} of behind)
        line(context, project(from), project(to), edgeColour, 1);
    drawCuts(context, project, axes.filter((axis) => state.cuts[axis]), whole);
    context.globalAlpha = 0.8;
    for (const {from, to} of before)
        line(context, project(from), project(to), edgeColour, 1);
    context.globalAlpha = 1;
    if (state.names)
        drawEdgeNames(context, project, before);
}

// ---- turning

function turnBy(yaw, pitch) {
    state.turn.yaw = ((((state.turn.yaw + yaw + 180) % 360) + 360) % 360) - 180;
    state.turn.pitch = clamp(state.turn.pitch + pitch, -90, 90);
    changed('turn');
}

function listenToTurning() {
    let last = null;
    box.frame.addEventListener('pointerdown', (event) => {
        box.frame.setPointerCapture(event.pointerId);
        last = event;
    });
    box.frame.addEventListener('pointermove', (event) => {
        if (!last)
            return;
        turnBy((last.clientX - event.clientX) / 2, (event.clientY - last.clientY) / 2);
        last = event;
    });
    for (const end of ['pointerup', 'pointercancel'])
        box.frame.addEventListener(end, () => (last = null));
    box.frame.addEventListener('dblclick', () => {
        state.turn = firstState().turn;
        changed('turn');
    });
}

function onBoxKey(event) {
    const by = event.shiftKey ? 30 : 5;
    const keys = {
        ArrowLeft: () => turnBy(by, 0),
        ArrowRight: () => turnBy(-by, 0),
        ArrowUp: () => turnBy(0, -by),
        ArrowDown: () => turnBy(0, by),
        Home: () => {
            state.turn = firstState().turn;
            changed('turn');
        },
        Enter: () => toggleEnlarged('box'),
        Escape: () => state.enlarged && toggleEnlarged(state.enlarged),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey)
        return;
    event.preventDefault();
    keys[event.key]();
}
