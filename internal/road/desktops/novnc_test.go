package desktops

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/test/browser"
)

const novncPage = `<!doctype html><div id="screen" style="width:800px;height:600px"></div><script type="module">
import RFB from '/novnc/core/rfb.js';
const start = (path) => {
  const rfb = new RFB(document.getElementById('screen'), location.origin.replace('http', 'ws') + path);
  const seen = { state: 'connecting', clipboard: 0, reason: '', name: '' };
  rfb.addEventListener('connect', () => { seen.state = 'connected'; });
  rfb.addEventListener('disconnect', () => { seen.state = 'gone'; });
  rfb.addEventListener('securityfailure', (e) => { seen.reason = e.detail.reason; });
  rfb.addEventListener('credentialsrequired', () => { seen.state = 'asked for a password'; });
  rfb.addEventListener('clipboard', () => { seen.clipboard++; });
  rfb.addEventListener('desktopname', (e) => { seen.name = e.detail.name; });
  return { rfb, seen };
};
window.start = start;
// How many colours the picture has: a black screen has one.
window.colours = () => {
  const c = document.querySelector('canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, s = new Set();
  for (let i = 0; i < d.length; i += 4) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);
  return s.size;
};
window.ready = true;
</script>`

// TestNoVNC shows a TigerVNC desktop in a real browser, through the gateway:
// picture, typing, no password, no clipboard either way, and the reason of a refusal.
func TestNoVNC(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	library := filepath.Join("..", "..", "..", "web", "node_modules", "@novnc", "novnc")
	for name, missing := range map[string]error{
		"noVNC":     func() error { _, err := os.Stat(filepath.Join(library, "core", "rfb.js")); return err }(),
		"a browser": func() error { _, err := browser.Find(); return err }(),
	} {
		if missing == nil {
			continue
		}
		if os.Getenv("CI") == "1" {
			t.Fatalf("%s must be there in CI: %v", name, missing)
		}
		t.Skipf("%s is not here: %v", name, missing)
	}
	v := startTiger(t)
	file := filepath.Join(t.TempDir(), "typed")
	v.run(t, `stty -icanon; (i=0; while :; do i=$((i+1)); printf '\033]52;c;%s\a' "$(date +%s%N | base64 -w0)"; printf '\033[4%dm.' $((i%8)); sleep 0.2; done) & cat > `+file)
	r := newRoom(t, storagetest.SQLite(t))
	good := r.desktop(t, v.port, tigerSecret)
	bad, err := r.Create(t.Context(), "admin", Desktop{Name: "誤", Host: "127.0.0.1", Port: v.port}, "wrong")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 4)
	mux := http.NewServeMux()
	mux.Handle("/novnc/", http.StripPrefix("/novnc/", http.FileServer(http.Dir(library))))
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(novncPage))
	})
	for path, d := range map[string]Desktop{"/good": good, "/bad": bad} {
		mux.HandleFunc(path, func(w http.ResponseWriter, req *http.Request) {
			ws, err := websocket.Accept(w, req, nil)
			if err != nil {
				ended <- err
				return
			}
			ended <- r.Stream(req.Context(), websocket.NetConn(req.Context(), ws, websocket.MessageBinary), Visit{Desktop: d.ID, Person: "p"})
		})
	}
	srv := httptest.NewServer(mux)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	b, err := browser.Launch(ctx, browser.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	p, err := b.Open(ctx, srv.URL+"/")
	if err != nil {
		t.Fatal(err)
	}
	wait := func(expression string) {
		t.Helper()
		if err := p.Wait(ctx, expression, 20*time.Second); err != nil {
			var seen string
			_ = p.Eval(ctx, "JSON.stringify(window.a?.seen)", &seen)
			t.Fatalf("%v\n%s\n%v", err, seen, p.Console())
		}
	}
	wait("window.ready")
	if err := p.Eval(ctx, "void (window.a = start('/good'))", nil); err != nil {
		t.Fatal(err)
	}
	wait("a.seen.state === 'connected'")
	wait("colours() >= 4")
	wait("a.seen.name === '業務'")
	// A clipboard sent, Shift+Insert pressed, then typing.
	if err := p.Eval(ctx, `(() => {
		const k = (sym, down) => a.rfb.sendKey(sym, null, down);
		const m = a.rfb._canvas.getBoundingClientRect();
		for (const type of ['mousemove', 'mousedown', 'mouseup']) a.rfb._canvas.dispatchEvent(new MouseEvent(type, { clientX: m.x + 200, clientY: m.y + 200, button: 0, bubbles: true }));
		a.rfb.clipboardPasteFrom('THROUGH');
		k(0xffe1, true); k(0xff63, true); k(0xff63, false); k(0xffe1, false);
		for (const c of 'typed') { k(c.charCodeAt(0), true); k(c.charCodeAt(0), false); }
	})()`, nil); err != nil {
		t.Fatal(err)
	}
	var typed []byte
	for until := time.Now().Add(15 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if typed, _ = os.ReadFile(file); len(typed) >= len("typed") {
			break
		}
	}
	if string(typed) != "typed" {
		t.Fatalf("the desktop got %q", typed)
	}
	var clipboards int
	if err := p.Eval(ctx, "a.seen.clipboard", &clipboards); err != nil || clipboards != 0 {
		t.Fatalf("%d clipboards came to the page, %v", clipboards, err)
	}
	if err := p.Eval(ctx, "a.rfb.disconnect()", nil); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal("stream:", err)
	}
	if rows := r.rows(t, "desktop.closed"); len(rows) != 1 || rows[0].Detail["clipboards_dropped"] == "0" || rows[0].Detail["keys"] == "0" {
		t.Fatalf("%+v", rows)
	}
	if err := p.Eval(ctx, "void (window.a = start('/bad'))", nil); err != nil {
		t.Fatal(err)
	}
	wait("a.seen.state === 'gone' && a.seen.reason === 'desktop.password'")
	if err := <-ended; err == nil {
		t.Fatal("no error of the refused stream")
	}
}
