package drills

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/sekisho/sekisho/test/browser"
	"github.com/sekisho/sekisho/test/centre"
)

// reach tries, from whatever page it runs in, everything that a page can do to
// another origin, with the bearer of the operator's page in its hands.
const reach = `(async (port, bearer) => {
  const desk = 'http://sekisho.localhost:' + port, out = {};
  const attempt = async (name, act) => { try { out[name] = String(await act()) } catch (e) { out[name] = 'failed' } };
  const authorization = 'Bearer ' + bearer;
  await attempt('read', async () => (await fetch(desk + '/local/v1/status', {headers: {authorization}})).status);
  await attempt('press', async () => (await fetch(desk + '/local/v1/connect', {method: 'POST', headers: {authorization}})).status);
  await attempt('simple', async () => (await fetch(desk + '/local/v1/bearer', {method: 'POST', mode: 'no-cors', body: '{"ticket":"x"}'})).status);
  await attempt('picture', () => new Promise((ok, no) => { const i = new Image(); i.onload = () => ok('loaded'); i.onerror = no; i.src = desk + '/icon.svg?' + Math.random() }));
  await attempt('socket', () => new Promise((ok) => {
    const s = new WebSocket('ws://sekisho.localhost:' + port + '/local/v1/guard');
    s.onopen = () => s.send(JSON.stringify({type: 'hello', bearer}));
    s.onmessage = (e) => { ok(JSON.parse(e.data).type); s.close() };
    s.onclose = s.onerror = () => ok('failed');
  }));
  return out;
})`

// reached is what came of each attempt.
type reached struct{ Read, Press, Simple, Picture, Socket string }

func (r reached) nothing() bool {
	// A simple request is sent without asking; its answer is closed to the page
	// and says 0. What matters is that the agent refused it.
	return r.Read == "failed" && r.Press == "failed" && (r.Simple == "0" || r.Simple == "failed") && r.Picture == "failed" && r.Socket == "failed"
}

// attackPages serves an empty page on a loopback port of its own.
func attackPages(handler http.Handler) (port int, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, nil, err
	}
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }() // ends by Close
	return l.Addr().(*net.TCPAddr).Port, func() { _ = srv.Close() }, nil
}

func emptyPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<!doctype html><title>attack</title>")) // the browser is gone if this fails
}

// otherPages opens pages of other origins in a real browser: another port of
// loopback, another name, a name that was bound to loopback, the same site.
func otherPages(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.Desk(ctx)
	if err != nil {
		return err
	}
	page, err := enter(ctx, pc)
	if err != nil {
		return err
	}
	port, stop, err := attackPages(http.HandlerFunc(emptyPage))
	if err != nil {
		return err
	}
	defer stop()
	b, err := browser.Launch(ctx, browser.Options{Flags: []string{"--host-resolver-rules=MAP evil.example 127.0.0.1"}})
	if err != nil {
		return err
	}
	defer b.Close()
	tab, err := b.Open(ctx, "about:blank")
	if err != nil {
		return err
	}
	try := func(url string) (out reached, err error) {
		if err := tab.Goto(ctx, url); err != nil {
			return out, err
		}
		return out, tab.Eval(ctx, fmt.Sprintf("%s(%d, %q)", reach, pc.Port, page.bearer), &out)
	}
	refusals := func() int { return strings.Count(logOf(pc), "not our page's") }
	before := refusals()
	seen := []string{}
	r.Refused = true
	for _, host := range []string{"127.0.0.1", "localhost", "sekisho.localhost", "evil.example"} {
		got, err := try(fmt.Sprintf("http://%s:%d/", host, port))
		if err != nil {
			return err
		}
		r.Refused = r.Refused && got.nothing()
		seen = append(seen, fmt.Sprintf("%s:%d reached nothing: %v", host, port, got.nothing()))
	}
	r.Refused = r.Refused && refusals() > before // it was the agent that refused, not the browser alone
	rebound, err := reboundName(ctx, tab, pc.Port, page.bearer)
	if err != nil {
		return err
	}
	r.Refused = r.Refused && rebound == "403 403"
	own, err := try(fmt.Sprintf("http://sekisho.localhost:%d/", pc.Port))
	if err != nil {
		return err
	}
	r.Control = own.Read == "200" && own.Press == "200" && own.Picture == "loaded" && own.Socket == "welcome"
	r.Evidence = fmt.Sprintf("%s; the agent refused %d of their requests; evil.example bound to the agent's own port: page and API %s; the desk's own origin: %+v",
		strings.Join(seen, ", "), refusals()-before, rebound, own)
	return nil
}

// logOf is everything that an agent has written.
func logOf(pc *centre.PC) string {
	b, err := os.ReadFile(pc.Agent.Log)
	if err != nil {
		return ""
	}
	return string(b)
}

// reboundName is a page whose name was bound to the agent's address: for the
// browser it is of one origin with what it asks.
func reboundName(ctx context.Context, tab *browser.Page, port int, bearer string) (string, error) {
	if err := tab.Goto(ctx, fmt.Sprintf("http://evil.example:%d/", port)); err != nil {
		return "", err
	}
	var out string
	err := tab.Eval(ctx, fmt.Sprintf(`(async () => {
  const page = (await fetch('/')).status;
  return page + ' ' + (await fetch('/local/v1/status', {headers: {authorization: 'Bearer ' + %q}})).status;
})()`, bearer), &out)
	return out, err
}

// plant is what a squatter serves under the desk's name before the agent runs: a
// service worker that would answer for the desk for ever after.
func plant(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/sw.js" {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write([]byte(`self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (e) => e.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (e) => e.respondWith(new Response('<!doctype html><title>planted</title>', {headers: {'content-type': 'text/html'}})));`))
		return
	}
	emptyPage(w, r)
}

// plantedWorker plants a service worker under the desk's own origin while the
// agent is not running, in an ordinary profile, then lets the agent open its desk.
func plantedWorker(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.issueAgent(ctx, centre.PCOptions{})
	if err != nil {
		return err
	}
	defer pc.Close()
	profile, err := f.Folder("profile")
	if err != nil {
		return err
	}
	origin := fmt.Sprintf("http://sekisho.localhost:%d/", pc.Port)
	planted, err := f.plantWorker(ctx, pc.Port, profile)
	if err != nil {
		return err
	}
	debug, err := f.agentOpensBrowser(pc)
	if err != nil {
		return err
	}
	if _, err := pc.Start(ctx); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, 40*time.Second)
	defer cancel()
	b, err := browser.Attach(within, debug)
	if err != nil {
		return err
	}
	defer b.Close()
	desk, err := b.Window(ctx)
	if err != nil {
		return err
	}
	if err := desk.WaitText(ctx, "接続", 30*time.Second); err != nil {
		return fmt.Errorf("the agent's own browser does not show the desk: %w", err)
	}
	var own struct {
		Controlled bool   `json:"controlled"`
		Workers    int    `json:"workers"`
		Register   string `json:"register"`
		Plain      int    `json:"plain"`
		Title      string `json:"title"`
	}
	err = desk.Eval(ctx, `(async () => {
  const script = document.querySelector('script[src]')?.src ?? '/none.js';
  const raw = (s) => self.trustedTypes?.defaultPolicy?.createScriptURL?.(s) ?? s;
  let register = 'registered';
  try { await navigator.serviceWorker.register(raw(script)) } catch (e) { register = e.name }
  return {controlled: !!navigator.serviceWorker.controller, workers: (await navigator.serviceWorker.getRegistrations()).length, register,
    plain: (await fetch(script)).status, title: document.title};
})()`, &own)
	if err != nil {
		return err
	}
	refused := strings.Contains(logOf(pc), "service worker")
	r.Control = planted == "planted" && own.Plain == http.StatusOK
	r.Refused = !own.Controlled && own.Workers == 0 && own.Register != "registered" && refused && own.Title != "planted"
	r.Evidence = fmt.Sprintf("in an ordinary profile %s now shows %q; the agent's own browser shows %q, controlled by a worker: %v, workers: %d; registering one from the desk: %s (refused by the agent: %v)",
		origin, planted, own.Title, own.Controlled, own.Workers, own.Register, refused)
	return nil
}

// plantWorker is the squatter's work; it gives the title of what the origin shows afterwards.
func (f *Field) plantWorker(ctx context.Context, port int, profile string) (title string, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return "", err
	}
	srv := &http.Server{Handler: http.HandlerFunc(plant), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }() // ends by Close
	defer srv.Close()
	b, err := browser.Launch(ctx, browser.Options{Profile: profile})
	if err != nil {
		return "", err
	}
	defer b.Close()
	url := fmt.Sprintf("http://sekisho.localhost:%d/", port)
	tab, err := b.Open(ctx, url)
	if err != nil {
		return "", err
	}
	if err := tab.Eval(ctx, `navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => true)`, nil); err != nil {
		return "", err
	}
	_ = srv.Close() // nobody listens there any more
	if err := tab.Goto(ctx, url+"?again"); err != nil {
		return "", err
	}
	return title, tab.Eval(ctx, "document.title", &title)
}

// agentOpensBrowser has the agent open its own browser, as at a real desk, but
// without a window and with a port by which the drill can look inside.
func (f *Field) agentOpensBrowser(pc *centre.PC) (debug int, err error) {
	chromium, err := browser.Find()
	if err != nil {
		return 0, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	debug = l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return 0, err
	}
	script := filepath.Join(pc.Dir, "browser")
	// The agent's profile forbids developer tools, and Chromium then lets nobody
	// look inside: for the drill alone the fresh profile is opened to them.
	text := fmt.Sprintf(`#!/bin/sh
for a in "$@"; do case "$a" in --user-data-dir=*)
  sed -i 's/"availability":2/"availability":1/' "${a#--user-data-dir=}/Default/Preferences";; esac; done
exec %s --headless=new --remote-debugging-port=%d "$@"
`, chromium, debug)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		return 0, err
	}
	config := filepath.Join(pc.Dir, "agent.toml")
	b, err := os.ReadFile(config)
	if err != nil {
		return 0, err
	}
	quoted, err := json.Marshal(script)
	if err != nil {
		return 0, err
	}
	changed := strings.Replace(strings.Replace(string(b), "open_browser = false", "open_browser = true", 1), `browser = ""`, "browser = "+string(quoted), 1)
	return debug, os.WriteFile(config, []byte(changed), 0o600)
}
