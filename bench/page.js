// The operator's page without its models: at the agent's own origin in a real
// Chromium it reports features of an invented face, as often as the page does,
// so that sessions can be opened and lost many times in a minute. Everything
// behind it is real: agent, tunnel, gateway, virtual desktop.
(() => {
  const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
  // A face is a direction in 128 dimensions, little-endian float32 in base64url.
  const embedding = (() => {
    const v = new Float32Array(128);
    v[0] = 1;
    return btoa(String.fromCharCode(...new Uint8Array(v.buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  })();
  const turned = { left: [15, 0], right: [-15, 0], up: [0, 10] };
  const face = ([yaw, pitch]) => ({
    box: [220, 140, 160, 200], score: 0.98, points: [280, 200, 360, 200, 320, 250, 290, 300, 350, 300],
    embedding, live: 0.95, yaw, pitch, sharpness: 200,
  });

  const page = { nonce: '', nonceAt: 0, verdict: null, verdictAt: 0, login: null, enrol: null, refused: null, pose: '', stream: null, gone: '' };
  let bearer = '';
  let socket = null;
  let id = 0;

  /** soon waits for what() to be something, and throws what it stands at otherwise. */
  const soon = async (name, ms, what) => {
    for (const until = performance.now() + ms; performance.now() < until; await sleep(4)) {
      const found = what();
      if (found) return found;
    }
    throw new Error(`${name}: not in ${ms} ms: ${JSON.stringify({ ...page, stream: page.stream && { ...page.stream } })}`);
  };

  page.ask = async (method, path, body) => {
    const headers = { 'Content-Type': 'application/json', ...(bearer && { Authorization: `Bearer ${bearer}` }) };
    const res = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    const text = await res.text();
    if (!res.ok) throw new Error(`${path}: ${res.status} ${text.slice(0, 300)}`);
    return text ? JSON.parse(text) : null;
  };
  const say = (message) => socket.send(JSON.stringify(message));

  const hear = (event) => {
    const m = JSON.parse(event.data);
    if (m.nonce) [page.nonce, page.nonceAt] = [m.nonce, Date.now()];
    if (m.verdict) {
      if (m.verdict.screen === 'black' && page.verdict?.screen !== 'black') page.verdictAt = performance.now();
      page.verdict = m.verdict;
    }
    if (m.login) page.login = m.login;
    if (m.enrol) [page.enrol, page.pose] = [m.enrol, m.enrol.pose];
    if (m.type === 'refused') page.refused = m.problem;
    if (m.type === 'capture') {
      say({ type: 'picture', incident: m.incident, frame_id: m.frame_id ?? 0 });
      socket.send(new Uint8Array([0xff, 0xd8, 0xff, 0xd9]));
    }
  };

  const report = () => {
    if (socket.readyState !== WebSocket.OPEN) return;
    const faces = [face(turned[page.pose] ?? [0, 0])];
    const frame = {
      id: ++id, age_ms: 5, width: 640, height: 480, faces, luma: 120, spread: 50, change: 2, muted: false, hidden: false,
      camera: 'bench', took_ms: 5, nonce: page.nonce,
    };
    say({ type: 'frame', frame });
    if (id % 5 === 0) say({ type: 'alive' });
  };

  /** begin trades the ticket, opens the guard's socket and reports from then on. */
  page.begin = async (ticket) => {
    ({ bearer } = await page.ask('POST', '/local/v1/bearer', { ticket }));
    socket = new WebSocket(`ws://${location.host}/local/v1/guard`);
    await new Promise((done, fail) => { socket.onopen = done; socket.onerror = fail; });
    socket.onmessage = hear;
    socket.onclose = (e) => { page.gone = `${e.code} ${e.reason}`; };
    say({ type: 'hello', bearer, language: 'ja' });
    setInterval(report, 30);
  };

  /** connect presses 接続 and waits for the tunnel. */
  page.connect = async () => {
    await page.ask('POST', '/local/v1/connect');
    for (const until = performance.now() + 45_000; performance.now() < until; await sleep(20)) {
      const status = await page.ask('GET', '/local/v1/status');
      if (status.phase === 'quarantine') return;
      if (status.phase !== 'connecting') throw new Error(`connect: ${JSON.stringify(status)}`);
    }
    throw new Error('connect: without end');
  };

  /** consent answers yes and asks for a witness. */
  page.consent = async () => {
    const { version } = await page.ask('GET', '/api/desk/v1/consent');
    const asked = await page.ask('POST', '/api/desk/v1/approvals', { kind: 'face_enrolment' });
    await page.ask('POST', '/api/desk/v1/consent', { version, accept: true });
    return asked;
  };

  /** ended waits for the end of a login or an enrolment: "done" or the problem. */
  const ended = (name, of) => soon(name, 30_000, () => page.refused ?? (of()?.step === 'failed' ? of().problem : of()?.step === 'done' && 'done'));

  page.enrolFace = async (approval) => {
    page.enrol = page.refused = null;
    say({ type: 'enrol', approval });
    const how = await ended('enrolment', () => page.enrol);
    if (how !== 'done') throw new Error(`enrolment: ${JSON.stringify(how)}`);
    page.pose = '';
  };

  /** work logs in and opens the desktop; it is busy when this returns. */
  page.work = async () => {
    for (let tries = 0; ; tries++) {
      page.login = page.refused = null;
      say({ type: 'login' });
      const how = await ended('login', () => page.login);
      if (how === 'done') break;
      // The last session's flows may still be on their way down, or this PC has
      // asked more often than the door allows: an operator presses once more.
      if (!['tunnel.broken', 'request.busy'].includes(how?.code) || tries === 20) throw new Error(`login: ${JSON.stringify(how)}`);
      await sleep(500);
    }
    const [desktop] = await page.ask('GET', '/api/desk/v1/desktops');
    for (let tries = 0; ; tries++) {
      page.stream = open(desktop.id);
      await soon('a busy desktop', 15_000, () => page.stream.updates >= 5 || page.stream.closed);
      if (!page.stream.closed) return;
      if (tries === 20) throw new Error('the desktop is not to be had');
      await sleep(500); // asked too often
    }
  };

  /** open speaks RFB 3.8 without a password, as the gateway does (RFC 6143 §7), and asks for 32 by 32 pixels all the time. */
  const open = (desktop) => {
    const ws = new WebSocket(`ws://${location.host}/api/desk/v1/desktops/${desktop}/stream`, ['binary']);
    ws.binaryType = 'arraybuffer';
    const stream = { at: 0, updates: 0, closed: false };
    const bytes = (...b) => ws.send(new Uint8Array(b));
    let held = new Uint8Array(0);
    let step = 0;
    let asking;
    // Each step: how much it needs, and what it answers.
    const steps = [
      [() => 12, () => ws.send(new TextEncoder().encode('RFB 003.008\n'))],
      [(h) => 1 + h[0], () => bytes(1)],
      [() => 4, () => bytes(1)],
      [(h) => 24 + (h.length < 24 ? 0 : new DataView(h.buffer, h.byteOffset).getUint32(20)), () => { asking = setInterval(() => bytes(3, 0, 0, 0, 0, 0, 0, 32, 0, 32), 10); }],
    ];
    ws.onopen = () => ws.send(JSON.stringify({ bearer }));
    ws.onclose = () => { clearInterval(asking); stream.closed = true; };
    ws.onmessage = (event) => {
      stream.at = performance.now();
      if (step === steps.length) { stream.updates++; return; }
      const more = new Uint8Array(event.data);
      const all = new Uint8Array(held.length + more.length);
      all.set(held);
      all.set(more, held.length);
      held = all;
      while (step < steps.length && held.length > 0 && held.length >= steps[step][0](held)) {
        const [needs, answer] = steps[step++];
        held = held.slice(needs(held));
        answer();
      }
    };
    return stream;
  };

  /**
   * pause begins a break, which closes access at once, and says how long after
   * that message the desktop still spoke. The verdict follows the message, and
   * reaches the page only after the agent has cut its streams: counted from the
   * page's hearing of it, nothing would be left to measure.
   */
  page.pause = async () => {
    await sleep(100 * Math.random()); // at no particular moment of the stream
    page.verdictAt = 0;
    const began = performance.now();
    say({ type: 'break' });
    await soon('a verdict', 5000, () => page.verdictAt > 0);
    await soon('the end of the stream', 10_000, () => page.stream.closed);
    say({ type: 'resume' });
    return Math.max(0, page.stream.at - began);
  };

  /** answered waits for the lease's next nonce and until frames have carried it for a moment; it returns when it came (ms since 1970). */
  page.answered = async () => {
    const old = page.nonce;
    await soon('a nonce', 5000, () => page.nonce !== old);
    const at = page.nonceAt;
    await sleep(300);
    return at;
  };

  Object.defineProperty(window, '__page', { value: page });
})();
