// Runs in the operator's page before its own scripts, after test/seat's probe.
// It only listens: when frames leave for the guard, when the first good one is
// acknowledged, when the camera shows the benchmark's marker, when the desktop's
// stream last spoke.
(() => {
  const seen = { goodAt: 0, frameAt: 0, verdictAt: 0, screen: '', stream: null, closed: null, markerAt: 0, markerOn: false, watching: 0 };
  Object.defineProperty(window, '__bench', { value: seen });
  const age = /"age_ms":([\d.]+)/;
  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, args) {
      const socket = new target(...args);
      const url = String(args[0]);
      if (url.endsWith('/local/v1/guard')) guard(socket);
      if (url.endsWith('/stream')) {
        const stream = { at: 0 };
        seen.stream = stream;
        socket.addEventListener('message', () => { stream.at = performance.now(); });
      }
      return socket;
    },
  });
  function guard(socket) {
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      if (typeof data === 'string' && data.includes('"type":"frame"')) {
        seen.frameAt = performance.now() - Number(age.exec(data)?.[1] ?? 0);
      }
      send(data);
    };
    socket.addEventListener('message', (e) => {
      if (typeof e.data !== 'string') return;
      const m = JSON.parse(e.data);
      if (m.login?.good > 0 && seen.goodAt === 0) seen.goodAt = seen.frameAt;
      if (m.verdict) {
        if (m.verdict.screen === 'black' && seen.screen !== 'black') {
          seen.verdictAt = performance.now();
          seen.closed = seen.stream; // a stream of the next session is another
        }
        seen.screen = m.verdict.screen;
      }
    });
  }
  const media = navigator.mediaDevices;
  if (media) {
    const real = media.getUserMedia.bind(media);
    media.getUserMedia = async (c) => {
      const stream = await real(c);
      const [track] = stream.getVideoTracks();
      if (track) watch(track.clone(), track);
      return stream;
    };
  }
  // The marker is a square in the lower left corner: black in frames that show
  // the operator alone, white in those that show somebody beside him.
  function watch(copy, original) {
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = new MediaStream([copy]);
    const stop = original.stop.bind(original);
    original.stop = () => { // the camera goes off when the page says so
      copy.stop();
      stop();
    };
    const corner = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const look = (now, meta) => {
      if (original.readyState === 'ended') return copy.stop();
      const w = video.videoWidth, h = video.videoHeight;
      corner.drawImage(video, w * 0.01, h * 0.96, w * 0.02, h * 0.02, 0, 0, 1, 1);
      const on = (corner.getImageData(0, 0, 1, 1).data[1] ?? 0) > 150;
      if (on && !seen.markerOn) seen.markerAt = meta.captureTime ?? now;
      seen.markerOn = on;
      seen.watching++;
      video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
    void video.play();
  }
})();
