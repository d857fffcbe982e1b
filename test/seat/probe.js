// Runs in the page before its own scripts. It only listens: to the agent's
// messages on the guard socket, to when the camera starts, to when the desktop
// is drawn.
(() => {
  const seen = { verdict: null, status: null, login: null, enrol: null, cameraAt: 0, cameras: 0, log: [], drawnAt: 0, blackAt: 0, sizes: [] };
  Object.defineProperty(window, '__seat', { value: seen });
  // A proxy, not a subclass: what the page gets is a plain WebSocket.
  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, args) {
      const socket = new target(...args);
      if (String(args[0]).endsWith('/local/v1/guard')) socket.addEventListener('message', listen);
      return socket;
    },
  });
  function listen(e) {
    if (typeof e.data !== 'string') return;
    const m = JSON.parse(e.data);
    if (m.verdict) {
      const last = seen.verdict;
      if ((last?.state !== m.verdict.state || last?.screen !== m.verdict.screen) && seen.log.length < 5000) {
        seen.log.push({ at: performance.now(), state: m.verdict.state, screen: m.verdict.screen, frame: m.verdict.frame_id });
      }
      seen.verdict = m.verdict;
    }
    if (m.status) seen.status = m.status;
    if (m.login) seen.login = m.login;
    if (m.enrol) seen.enrol = m.enrol;
  }
  const media = navigator.mediaDevices;
  if (media) {
    const real = media.getUserMedia.bind(media);
    media.getUserMedia = async (c) => {
      const stream = await real(c);
      seen.cameraAt = performance.now();
      seen.cameras++;
      return stream;
    };
  }
  // The desktop is there when its canvas is in the document and has a size.
  const look = () => {
    const on = !!document.querySelector('canvas')?.checkVisibility?.() && [...document.querySelectorAll('canvas')].some((c) => c.width > 300 && c.isConnected);
    if (on && !seen.desktop) seen.drawnAt = performance.now();
    if (!on && seen.desktop) seen.blackAt = performance.now();
    seen.desktop = on;
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['width', 'height', 'style', 'class'] });
})();
