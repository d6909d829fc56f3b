// What is shown, in the address of the page: only what differs from the beginning.
//   at=PLANE,ROW,COLUMN  zoom=N  centre=PLANE,ROW,COLUMN  show=AXIS|box  turn=YAW,PITCH
//   cuts=AXIS,...  hide=cross,scale,names  smooth=1  slab=KIND,THICKNESS  beside=NUMBER
//   line=AXIS,ACROSS,DOWN,ACROSS,DOWN  selected=N  channelN=LOW,HIGH,GAMMA,MAP[,inverted][,hidden]

const short = (number) => String(Number(number.toPrecision(7)));

function lookText({low, high, gamma, map, inverted, visible}) {
    const parts = [low, high, gamma].map(short).concat(map);
    return parts.concat(inverted ? 'inverted' : [], visible ? [] : 'hidden').join(',');
}

function stateText() {
    const first = firstState(), parts = [];
    const put = (name, text, usual) => text !== usual && parts.push(`${name}=${text}`);
    const triple = (values) => axes.map((axis) => short(values[axis])).join(',');
    put('at', triple(state.index), triple(first.index));
    put('zoom', short(state.zoom), '1');
    put('centre', triple(state.centre), triple(first.centre));
    put('show', state.enlarged ?? '', '');
    put('turn', `${state.turn.yaw},${state.turn.pitch}`, `${first.turn.yaw},${first.turn.pitch}`);
    put('cuts', axes.filter((axis) => state.cuts[axis]).join(), axes.join());
    put('hide', ['cross', 'scale', 'names'].filter((name) => !state[name]).join(), '');
    put('smooth', state.smooth ? '1' : '', '');
    put('slab', isSlab() ? `${state.kind},${short(state.thickness)}` : '', '');
    put('beside', String(state.beside), 'both');
    put('line', state.line ? lineLink(state.line) : '', '');
    put('selected', String(state.selected), '0');
    state.looks.forEach((look, number) =>
        put(`channel${number}`, lookText(look), lookText(first.looks[number])));
    return parts.join('&');
}

const numbers = (text, count) => {
    const found = text.split(',').map(Number);
    return found.length === count && found.every(isFinite) ? found : null;
};

function readLook(look, text) {
    const [low, high, gamma, map, ...flags] = text.split(',');
    const limits = numbers([low, high, gamma].join(), 3);
    if (limits && limits[0] <= limits[1] && limits[2] > 0)
        Object.assign(look, {low: limits[0], high: limits[1], gamma: clamp(limits[2], 0.1, 10)});
    if (Object.hasOwn(maps, map))
        look.map = map;
    look.inverted = flags.includes('inverted');
    look.visible = !flags.includes('hidden');
}

function readState(text) {
    const read = {...firstState(), playing: null};
    const parts = new Map(text.split('&').map((part) => {
        const [name, ...value] = part.split('=');
        return [name, decodeURIComponent(value.join('='))];
    }));
    const take = (name, use) => parts.has(name) && use(parts.get(name));
    take('at', (value) => (numbers(value, 3) ?? []).forEach((index, i) =>
        (read.index[axes[i]] = clamp(Math.round(index), 0, size[axes[i]] - 1))));
    take('zoom', (value) => (read.zoom = clamp(Number(value) || 1, 1, 32)));
    take('centre', (value) => (numbers(value, 3) ?? []).forEach((centre, i) =>
        (read.centre[axes[i]] = clamp(centre, 0, size[axes[i]]))));
    take('show', (value) => (read.enlarged = [...axes, 'box'].includes(value) ? value : null));
    take('turn', (value) => {
        const [yaw, pitch] = numbers(value, 2) ?? [read.turn.yaw, read.turn.pitch];
        read.turn = {yaw, pitch: clamp(pitch, -90, 90)};
    });
    take('cuts', (value) => axes.forEach((axis) => (read.cuts[axis] = value.split(',').includes(axis))));
    take('hide', (value) => value.split(',').forEach((name) => {
        if (['cross', 'scale', 'names'].includes(name))
            read[name] = false;
    }));
    take('smooth', (value) => (read.smooth = value === '1'));
    take('slab', (value) => {
        const [kind, thickness] = value.split(',');
        read.kind = kinds.includes(kind) ? kind : 'slice';
        read.thickness = clamp(Number(thickness) || thickest, thinnest, thickest);
    });
    take('beside', (value) => (read.beside = groups.length > 1 && ['0', '1'].includes(value) ? Number(value) : 'both'));
    take('line', (value) => (read.line = readLine(value)));
    take('selected', (value) => (read.selected = clamp(Math.round(Number(value)) || 0, 0, channels.length - 1)));
    read.looks.forEach((look, number) => take(`channel${number}`, (value) => readLook(look, value)));
    Object.assign(state, read);
    slabs.clear();
}

let written = null, writing = 0, wroteAt = 0;

// A sandboxed page, or one in an <iframe srcdoc>, may not change its address: it works without.
function writeLink() {
    const text = stateText();
    writing = 0;
    if (text === written)
        return;
    written = text;
    wroteAt = Date.now();
    try {
        history.replaceState(null, '', `#${text}`);
    } catch {
        // as said above
    }
}

// Browsers allow few changes of the address: Safari 100 in 30 seconds. The last state is written
// in any case.
function linkSoon() {
    writing ||= setTimeout(writeLink, clamp(wroteAt + 1000 - Date.now(), 300, 1000));
}

function readLink() {
    const text = location.hash.slice(1);
    if (text === written)
        return;
    written = text;
    try {
        readState(text);
    } catch {
        // an address that is no address of ours: as the page begins
    }
    changed('index', 'look', 'layout', 'turn', 'settings');
}
