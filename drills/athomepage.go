package drills

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/browser"
	"github.com/sekisho/sekisho/test/centre"
)

// overShoulder is a supervisor's console in a real browser, as the agent serves it:
// she registers a passkey by her code, signs in and sees the floor, in the frame's
// sandbox and under the agent's policies, through the tunnel. Somebody has copied
// the bearer of that frame. Then a second face is measured beside hers. That the
// desk takes the frame away in the same moment is held by its screens (console-black).
func overShoulder(ctx context.Context, f *Field, r *Result) error {
	if _, err := browser.Find(); err != nil {
		return fmt.Errorf("%w: %w", errMissing, err)
	}
	f, pc, err := f.ownDesk(ctx)
	if err != nil {
		return err
	}
	defer f.Close()
	defer pc.Close()
	b, err := browser.Launch(ctx, browser.Options{})
	if err != nil {
		return err
	}
	defer b.Close()
	page := framed{}
	if page.Page, err = b.Open(ctx, "http://"+caller{port: pc.Port}.host()+"/"); err != nil {
		return err
	}
	desk, err := quarantined(ctx, pc, newSomebody())
	if err != nil {
		return err
	}
	defer desk.close()
	if err := desk.enrolFace(ctx, f); err != nil {
		return err
	}
	if code, err := desk.logIn(ctx, limitLogin); err != nil || code != "" {
		return fmt.Errorf("drills: login: %s: %w", code, err)
	}
	if _, err := desk.live(ctx, true, limitLogin); err != nil {
		return err
	}
	code, err := f.homeCode(ctx, pc)
	if err != nil {
		return err
	}
	var ticket wire.LocalTicket
	if _, err := desk.send(ctx, http.MethodPost, "/local/v1/console", nil, &ticket); err != nil {
		return err
	}
	if err := page.enter(ctx, ticket.Ticket, code); err != nil {
		s, stands := desk.status(ctx)
		return page.shown(ctx, fmt.Errorf("%w; the agent stands in %s %s %s: %v", err, s.Phase, s.State, s.Code, stands))
	}
	thief := caller{port: pc.Port}
	if thief.bearer, err = page.bearer(ctx); err != nil {
		return page.shown(ctx, err)
	}
	before := thief.console(ctx, http.MethodGet, "floor", nil)
	ws, err := thief.consoleEvents(ctx)
	if err != nil {
		return err
	}
	defer ws.CloseNow()
	other := newSomebody()
	desk.look(&other)
	took, err := silent(ctx, ws, 5*time.Second)
	if err != nil {
		return fmt.Errorf("drills: the copied bearer's socket stays open: %w", err)
	}
	during := thief.console(ctx, http.MethodGet, "floor", nil)
	person := f.Seeded.People[pc.Person]
	in, err := f.Audit(ctx, "login.accepted", func(x Row) bool { return x.Person == person && x.Detail["rp"] == "home" })
	if err != nil {
		return err
	}
	out, err := f.Audit(ctx, "login.ended", func(x Row) bool { return x.Person == person && x.Session != "" })
	if err != nil {
		return err
	}
	r.Control = before == "200"
	r.Refused = during == "local.bearer_required"
	r.Evidence = fmt.Sprintf("with her passkey she saw the floor in the frame (%s); the copied bearer: %s; with an onlooker its socket closed after %d ms, and it: %s; %s", in, before, took.Milliseconds(), during, out)
	return nil
}

// ownDesk is a centre that takes the passkeys of one PC's own door, and that PC,
// of somebody who supervises at home.
func (f *Field) ownDesk(ctx context.Context) (*Field, *centre.PC, error) {
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	port := held.Addr().(*net.TCPAddr).Port
	if err := held.Close(); err != nil {
		return nil, nil, err
	}
	c, err := centre.Start(ctx, centre.Options{Dir: filepath.Join(f.Root, "at-home"), Bin: f.Bin, DeskPort: port})
	if err != nil {
		return nil, nil, err
	}
	own, err := newField(f.ctx, c, f.Root)
	if err != nil {
		c.Close()
		return nil, nil, err
	}
	person, err := own.Person(ctx, sekisho.RoleSupervisor)
	if err != nil {
		own.Close()
		return nil, nil, err
	}
	own.Seeded.People["at-home"] = person
	pc, err := own.Issue(ctx, centre.PCOptions{Tag: "HOME-1", Person: "at-home", Policy: "demo", Port: port})
	if err == nil {
		_, err = pc.Start(ctx)
	}
	if err != nil {
		own.Close()
		return nil, nil, err
	}
	return own, pc, nil
}

// homeCode is the code that a supervisor got in the office.
func (f *Field) homeCode(ctx context.Context, pc *centre.PC) (string, error) {
	sv, err := f.As(ctx, pc.Person)
	if err != nil {
		return "", err
	}
	var code struct {
		Code string `json:"code"`
	}
	return code.Code, sv.Post(ctx, "home/code/finish", map[string]string{"ceremony": ""}, &code)
}

// framed is the console in a frame of the agent's own origin, worked with mouse
// and keyboard.
type framed struct{ *browser.Page }

const (
	inFrame = `document.querySelector('.dk-console iframe')?.contentDocument`
	// The frame as the desk makes it (ConsoleFrame.tsx). Whoever copies the bearer does it in the page.
	putFrame = `(address => {
  const e = document.createElement('iframe'), d = document.createElement('div');
  d.className = 'dk-console';
  Object.assign(d.style, { position: 'fixed', zIndex: 99 });
  e.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms');
  e.setAttribute('allow', 'publickey-credentials-get; publickey-credentials-create');
  e.src = address;
  d.append(e);
  document.body.append(d);
})`
	watchFrame = `(w => {
  const real = w.fetch;
  w.fetch = (a, b) => { const h = new Headers(b?.headers ?? a?.headers).get('Authorization'); if (h) window.__copied = h; return real.call(w, a, b); };
})(document.querySelector('.dk-console iframe').contentWindow)`
)

// enter opens the console's page, registers the passkey and waits for the floor.
func (p framed) enter(ctx context.Context, ticket, code string) error {
	if err := p.Passkeys(ctx); err != nil {
		return err
	}
	if err := p.Eval(ctx, fmt.Sprintf("%s(%q)", putFrame, "/console/#ticket="+ticket+"&lang=ja"), nil); err != nil {
		return err
	}
	if err := p.click(ctx, inFrame+`?.querySelector('input')`); err != nil {
		return err
	}
	if err := p.Eval(ctx, watchFrame, nil); err != nil {
		return err
	}
	if err := p.Call(ctx, "Input.insertText", map[string]any{"text": code}, nil); err != nil {
		return err
	}
	if err := p.click(ctx, inFrame+`?.querySelector('button[type=submit]')`); err != nil {
		return err
	}
	return p.Wait(ctx, inFrame+`?.querySelector('.co-body h1')`, 40*time.Second)
}

// shown adds to an error what the desk and the frame show.
func (p framed) shown(ctx context.Context, err error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var text string
	if e := p.Eval(ctx, `document.body.innerText.slice(0, 400) + ' | frame: ' + (`+inFrame+`?.body?.innerText ?? 'none')`, &text); e != nil {
		text = e.Error()
	}
	return fmt.Errorf("%w; shown: %s", err, text)
}

// click presses what an expression finds inside the frame, with the mouse.
func (p framed) click(ctx context.Context, element string) error {
	if err := p.Wait(ctx, "(e => e?.checkVisibility() && !e.disabled)("+element+")", 40*time.Second); err != nil {
		return err
	}
	var at struct{ X, Y float64 }
	if err := p.Eval(ctx, `(e => { e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(), o = e.ownerDocument.defaultView.frameElement.getBoundingClientRect(); return {X: o.x + r.x + r.width / 2, Y: o.y + r.y + r.height / 2} })(`+element+`)`, &at); err != nil {
		return err
	}
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		if err := p.Call(ctx, "Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil); err != nil {
			return err
		}
	}
	return nil
}

// bearer is what the frame's own requests carry.
func (p framed) bearer(ctx context.Context) (string, error) {
	var header string
	if err := p.Wait(ctx, "window.__copied", 10*time.Second); err != nil {
		return "", err
	}
	err := p.Eval(ctx, "window.__copied", &header)
	if len(header) <= len("Bearer ") {
		return "", fmt.Errorf("drills: the frame's requests carry no bearer: %w", err)
	}
	return header[len("Bearer "):], err
}
