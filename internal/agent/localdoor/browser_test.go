package localdoor

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// needBrowser skips where no browser is installed; with CI it fails.
func needBrowser(t *testing.T) {
	t.Helper()
	if _, err := findBrowser(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}

// probe is a page that goes the whole way of ours and then tries what it must
// not be able to do. It reports over the guard socket.
const probe = `
const out = {secure: isSecureContext, isolated: crossOriginIsolated, passkeys: !!window.PublicKeyCredential, camera: !!navigator.mediaDevices?.getUserMedia};
const ticket = new URLSearchParams(location.hash.slice(1)).get('ticket');
history.replaceState(null, '', '/');
const post = (path, body) => fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
const {bearer} = await (await post('/local/v1/bearer', {ticket})).json();
out.again = (await post('/local/v1/bearer', {ticket})).status;
out.status = (await (await fetch('/local/v1/status', {headers: {Authorization: 'Bearer ' + bearer}})).json()).phase;
trustedTypes.createPolicy('default', {createScriptURL: u => u}); // so that it is the door that refuses
out.worker = await navigator.serviceWorker.register('/assets/app.js').then(() => 'planted', e => e.message.includes('403') ? 'refused' : e.message);
try { out.eval = eval('1+1') } catch (e) { out.eval = e.name }
const inline = document.createElement('div'); inline.setAttribute('style', 'color: red'); out.inline = inline.style.color;
out.foreign = await fetch('http://127.0.0.1:' + location.port + '/local/v1/status', {mode: 'no-cors'}).then(() => 'reached', e => e.name);
out.frame = await new Promise(r => { const f = document.createElement('iframe'); f.onload = () => r(!!f.contentDocument?.title); f.src = '/'; document.body.append(f); setTimeout(() => r('none'), 2000) });
document.cookie = 'a=b'; out.cookie = (await fetch('/local/v1/status')).status;
out.wasm = await WebAssembly.compile(new Uint8Array([0,97,115,109,1,0,0,0])).then(() => true, e => e.name);
const ws = new WebSocket(location.origin.replace('http', 'ws') + '/local/v1/guard');
ws.onopen = () => { ws.send(JSON.stringify({type: 'hello', bearer, language: 'ja'})); ws.send(JSON.stringify({type: 'pose', pose: JSON.stringify(out)})) };
`

func TestRealBrowserGoesTheWholeWay(t *testing.T) {
	needBrowser(t)
	s := open(t)
	s.cfg.Bundle.(fstest.MapFS)["assets/app.js"] = &fstest.MapFile{Data: []byte(probe)}
	temporary, err := os.MkdirTemp("", "sk-") // a test's own folder has too long a name for a browser's sockets
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(temporary)
	t.Setenv("TMPDIR", temporary)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Browser{Flags: []string{"--headless=new"}}.Open(ctx, s.Ticket("")) }()
	var got map[string]any
	select {
	case m := <-s.agent.received:
		if err := json.Unmarshal([]byte(m.Pose), &got); err != nil {
			t.Errorf("%v: %s", err, m.Pose)
		}
	case err := <-ended:
		t.Fatalf("the browser ended: %v", err)
	case <-time.After(time.Minute):
		t.Fatal("the page never reported")
	}
	for what, want := range map[string]any{
		"secure": true, "isolated": true, "passkeys": true, "camera": true, // what the desk needs
		"status": "ready", "wasm": true,
		"again": 410.0, "worker": "refused", "eval": "EvalError", "inline": "", "foreign": "TypeError", "cookie": 403.0,
	} {
		if got[what] != want {
			t.Errorf("%s: %v, want %v", what, got[what], want)
		}
	}
	if got["frame"] == true {
		t.Error("the page let itself be framed")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("ending: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(temporary, "*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestNoBrowserIsSaid(t *testing.T) {
	for _, program := range []string{"/nonexistent/browser", "/bin/false"} {
		if err := (Browser{Program: program}).Open(t.Context(), "http://x/"); !errors.Is(err, errNoBrowser) {
			t.Errorf("%s: %v", program, err)
		}
	}
}

func TestBrowserFlags(t *testing.T) {
	flags := strings.Join(Browser{}.flags("/tmp/p"), " ")
	for _, want := range []string{"--user-data-dir=/tmp/p", "--disable-extensions", "--disable-sync", "--no-first-run"} {
		if !strings.Contains(flags, want) {
			t.Errorf("lacks %s", want)
		}
	}
	if strings.Contains(flags, "remote-debugging") {
		t.Error("opens a debugging port")
	}
	for _, system := range []string{"linux", "windows"} {
		for _, p := range browserPaths(system) {
			if !filepath.IsAbs(p) && system == "linux" {
				t.Errorf("%s would be found by PATH", p)
			}
		}
	}
}
