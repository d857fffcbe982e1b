package drills

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/sekisho/sekisho/test/browser"
	"github.com/sekisho/sekisho/test/centre"
)

// newCentre is a server on an empty data folder that is no demonstration. Its
// console has no certificate. Close it.
func (f *Field) newCentre(ctx context.Context) (*Field, error) {
	dir, err := f.Folder("new")
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		return nil, err
	}
	c := &centre.Centre{Options: centre.Options{Dir: dir, Bin: f.Bin}, Config: filepath.Join(dir, "sekisho.toml")}
	text := fmt.Sprintf("data = %q\n[console]\nlisten = \":%d\"\norigin = \"http://console.localhost:%d\"\n[agents]\nlisten = \"127.0.0.1:0\"\n[wireguard]\nlisten = \"127.0.0.1:0\"\n",
		c.Data(), port, port)
	if err := os.WriteFile(c.Config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	return &Field{Centre: c, Root: f.Root, ctx: f.ctx}, c.Serve(ctx)
}

// outside is an address of this machine that is not loopback.
func outside() (netip.Addr, bool) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, false
	}
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() {
			return p.Addr(), true
		}
	}
	return netip.Addr{}, false
}

// setupLink asks the server on its host, as its owner would.
func (f *Field) setupLink(ctx context.Context) (token string, err error) {
	out, err := f.CLI(ctx, "setup-url")
	if err != nil {
		return "", err
	}
	_, token, ok := strings.Cut(strings.Fields(out)[0], "#token=")
	if !ok {
		return "", fmt.Errorf("drills: no token in %q", out)
	}
	return token, nil
}

// setUp makes a passkey in a real browser and finishes the set-up with it.
const setUp = `(async (token) => {
  const post = async (path, body) => {
    const r = await fetch('/api/console/v1/' + path, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
    const b = await r.json().catch(() => ({}));
    if (!r.ok) throw new Error(b.code ?? r.status);
    return b;
  };
  try {
    const begun = await post('setup/begin', {token, name: '見本 最初', login: 'first'});
    const options = PublicKeyCredential.parseCreationOptionsFromJSON(begun.options.publicKey ?? begun.options);
    const made = await navigator.credentials.create({publicKey: options});
    const done = await post('setup/finish', {token, ceremony: begun.ceremony, credential: made.toJSON()});
    return [done.state, done.person?.id ?? ''];
  } catch (e) { return [e.message, '']; }
})`

// strangerSetsUp tries to become the first administrator of somebody else's centre.
func strangerSetsUp(ctx context.Context, f *Field, r *Result) error {
	own, err := f.newCentre(ctx)
	if err != nil {
		return err
	}
	defer own.Close()
	older, err := own.setupLink(ctx)
	if err != nil {
		return err
	}
	token, err := own.setupLink(ctx)
	if err != nil {
		return err
	}
	begin := func(v visitor, token string) string {
		return v.ask(ctx, http.MethodPost, "setup/begin", map[string]string{"token": token, "name": "stranger", "login": "stranger"})
	}
	v := own.visitor()
	seen := []string{}
	want := func(what, got, expected string) {
		seen = append(seen, what+": "+got)
		r.Refused = r.Refused && got == expected
	}
	r.Refused = true
	want("guessed link", begin(v, strings.Repeat("A", 43)), "link.invalid")
	want("an older link", begin(v, older), "link.invalid")
	want("from another page", begin(v.with("Origin", "https://evil.example"), token), "console.foreign_origin")
	if addr, ok := outside(); ok {
		far := v
		_, port, _ := net.SplitHostPort(v.address)
		far.address = net.JoinHostPort(addr.String(), port)
		got := begin(far, token)
		seen = append(seen, "the right link from "+addr.String()+": "+got)
		r.Refused = r.Refused && strings.Contains(got, "connection refused") // without a certificate it answers this machine alone
	} else {
		seen = append(seen, "this machine has no other address")
	}
	want("the right link through a proxy", begin(v.with("X-Forwarded-For", "192.0.2.7"), token), "setup.only_on_host")
	state, _, err := own.setUpInBrowser(ctx, token)
	if err != nil {
		return err
	}
	r.Control = state == "signed_in"
	want("the used link", begin(v, token), "link.invalid")
	_, err = own.CLI(ctx, "setup-url")
	r.Refused = r.Refused && err != nil && strings.Contains(err.Error(), "setup.done")
	r.Evidence = strings.Join(append(seen, "a second link: setup.done"), ", ") + "; its owner in a browser: " + state
	return nil
}

// setUpInBrowser is what the centre's owner does. It gives the id of the first
// administrator.
func (f *Field) setUpInBrowser(ctx context.Context, token string) (state, person string, err error) {
	b, err := browser.Launch(ctx, browser.Options{})
	if err != nil {
		return "", "", err
	}
	defer b.Close()
	page, err := b.Open(ctx, "about:blank")
	if err != nil {
		return "", "", err
	}
	if err := page.Passkeys(ctx); err != nil {
		return "", "", err
	}
	if err := page.Goto(ctx, f.Addresses.ConsoleOrigin+"/"); err != nil {
		return "", "", err
	}
	quoted, err := json.Marshal(token)
	if err != nil {
		return "", "", err
	}
	var out [2]string
	err = page.Eval(ctx, setUp+"("+string(quoted)+")", &out)
	return out[0], out[1], err
}

// demoLoginElsewhere uses the demonstration's login where there is none, as a
// person who exists there.
func demoLoginElsewhere(ctx context.Context, f *Field, r *Result) error {
	own, err := f.newCentre(ctx)
	if err != nil {
		return err
	}
	defer own.Close()
	token, err := own.setupLink(ctx)
	if err != nil {
		return err
	}
	state, person, err := own.setUpInBrowser(ctx, token)
	if err != nil || person == "" {
		return fmt.Errorf("drills: set-up: %s: %w", state, err)
	}
	v := own.visitor()
	login := v.ask(ctx, http.MethodPost, "session/demo", map[string]string{"person": person})
	list := v.ask(ctx, http.MethodGet, "demo/people", nil)
	_, running := own.CLI(ctx, "demo")
	own.Server.Stop()
	_, stopped := own.CLI(ctx, "demo") // the folder has seen a person: it is no demonstration for good
	r.Refused = all([]string{login, list}, "request.not_found") && running != nil && stopped != nil && strings.Contains(stopped.Error(), "demo.not_empty")
	r.Evidence = fmt.Sprintf("login as its administrator: %s, list of people: %s, seeding its data afterwards: demo.not_empty", login, list)
	r.Control = f.visitor().ask(ctx, http.MethodPost, "session/demo", map[string]string{"person": f.Seeded.People["admin"]}) == "200"
	return nil
}
