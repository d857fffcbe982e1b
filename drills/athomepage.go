package drills

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/clips"
	"github.com/sekisho/sekisho/test/seat"
)

// overShoulder is a supervisor at home before a real camera, in the real page:
// she registers a passkey by her code, signs in and sees the floor, in the frame
// inside the desk. Somebody has copied the bearer of that frame. Then a second
// face comes: the frame, what it held and what was copied must be gone together.
func overShoulder(ctx context.Context, f *Field, r *Result) error {
	if err := canSee(ctx); err != nil {
		return err
	}
	dir, err := f.Folder("clips")
	if err != nil {
		return err
	}
	alone, visited := filepath.Join(dir, "alone.mjpeg"), filepath.Join(dir, "visited.mjpeg")
	her := clips.Part{File: guardClip, From: 10.1, To: 13.9, State: "operator"}
	parts := []clips.Part{her, her, her, her, her, her, her, her, her, {File: guardClip, From: 6.1, To: 9.9, State: "onlooker"}}
	_, err1 := clips.Compose(ctx, alone, her)
	_, err2 := clips.Compose(ctx, visited, parts...)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	f, pc, err := f.ownDesk(ctx)
	if err != nil {
		return err
	}
	defer f.Close()
	defer pc.Close()
	if err := f.enrolAt(ctx, pc, alone); err != nil {
		return err
	}
	code, err := f.homeCode(ctx, pc)
	if err != nil {
		return err
	}
	s, err := f.begin(ctx, pc, visited)
	if err != nil {
		return err
	}
	defer s.Leave()
	page := framed{s}
	if err := page.enter(ctx, code); err != nil {
		return page.shown(ctx, err)
	}
	thief := caller{port: pc.Port}
	if thief.bearer, err = page.bearer(ctx); err != nil {
		return err
	}
	before := thief.console(ctx, http.MethodGet, "floor", nil)
	ws, err := thief.consoleEvents(ctx)
	if err != nil {
		return err
	}
	defer ws.CloseNow()
	if _, err := s.Await(ctx, "an onlooker", 60*time.Second, func(x seat.Sample) bool { return x.State == "onlooker" }); err != nil {
		return err
	}
	socket, err := silent(ctx, ws, 3*time.Second)
	if err != nil {
		return fmt.Errorf("drills: the copied bearer's socket stays open: %w", err)
	}
	during := thief.console(ctx, http.MethodGet, "floor", nil)
	gone, left, err := page.gone(ctx)
	if err != nil {
		return err
	}
	row, err := f.Audit(ctx, "login.ended", func(x Row) bool { return x.Person == f.Seeded.People[pc.Person] && x.Session != "" })
	if err != nil {
		return err
	}
	r.Control = before == "200"
	r.Refused = during == "local.bearer_required" && gone >= 0 && gone < 100 && left == 0
	r.Evidence = fmt.Sprintf("she saw the floor; %.0f ms after the agent's word the frame was gone, %d frames are left; the copied bearer: %s, then %s, its socket closed within %d ms; %s",
		gone, left, before, during, socket.Milliseconds(), row)
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

// framed is the console in the frame of a desk, worked with mouse and keyboard.
type framed struct{ *seat.Seat }

const (
	inFrame   = `document.querySelector('.dk-console iframe')?.contentDocument`
	openWords = `[...document.querySelectorAll('button')].find(b => ['管理画面を開く', 'Open the console'].includes(b.innerText.trim()))`
	// Whoever copies the bearer does it in the page; when the frame goes is noted beside the agent's words.
	watchFrame = `(w => {
  const real = w.fetch;
  w.fetch = (a, b) => { const h = new Headers(b?.headers ?? a?.headers).get('Authorization'); if (h) window.__copied = h; return real.call(w, a, b); };
  new MutationObserver((_, me) => { if (!document.querySelector('.dk-console iframe')) { window.__gone = performance.now(); me.disconnect(); } }).observe(document, { childList: true, subtree: true });
})(document.querySelector('.dk-console iframe').contentWindow)`
)

// enter opens the console in the desk, registers the passkey and waits for the floor.
func (p framed) enter(ctx context.Context, code string) error {
	if _, err := p.Await(ctx, "at work", 60*time.Second, func(x seat.Sample) bool { return x.Phase == "live" }); err != nil {
		return err
	}
	if err := p.Page.Passkeys(ctx); err != nil {
		return err
	}
	// What is due comes into the header a moment later, and moves the button.
	for open := false; !open; {
		if err := p.click(ctx, openWords, ""); err != nil {
			return err
		}
		if err := sleep(ctx, 500*time.Millisecond); err != nil {
			return err
		}
		if err := p.Page.Eval(ctx, `!!document.querySelector('.dk-console')`, &open); err != nil {
			return err
		}
	}
	field := inFrame + `?.querySelector('input')`
	if err := p.click(ctx, field, inFrame); err != nil {
		return err
	}
	if err := p.Page.Eval(ctx, watchFrame, nil); err != nil {
		return err
	}
	if err := p.Page.Call(ctx, "Input.insertText", map[string]any{"text": code}, nil); err != nil {
		return err
	}
	if err := p.click(ctx, inFrame+`?.querySelector('button[type=submit]')`, inFrame); err != nil {
		return err
	}
	return p.Page.Wait(ctx, inFrame+`?.querySelector('.co-body h1, .co-body h2')`, 20*time.Second)
}

// shown adds to an error what the desk and the frame show.
func (p framed) shown(ctx context.Context, err error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var text string
	if e := p.Page.Eval(ctx, `document.body.innerText.slice(0, 400) + ' | frame: ' + (`+inFrame+`?.body?.innerText ?? 'none')`, &text); e != nil {
		text = e.Error()
	}
	return fmt.Errorf("%w; shown: %s", err, text)
}

// click presses what an expression finds, with the mouse, also inside the frame.
func (p framed) click(ctx context.Context, element, frame string) error {
	if err := p.Page.Wait(ctx, "(e => e?.checkVisibility() && !e.disabled)("+element+")", 20*time.Second); err != nil {
		return err
	}
	var at struct{ X, Y float64 }
	rect := `((e, f) => { e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect(), o = f?.getBoundingClientRect(); return {X: (o?.x ?? 0) + r.x + r.width / 2, Y: (o?.y ?? 0) + r.y + r.height / 2} })(` + element + `, `
	if frame == "" {
		rect += "null)"
	} else {
		rect += frame + ".defaultView.frameElement)"
	}
	if err := p.Page.Eval(ctx, rect, &at); err != nil {
		return err
	}
	for _, kind := range []string{"mouseMoved", "mousePressed", "mouseReleased"} {
		if err := p.Page.Call(ctx, "Input.dispatchMouseEvent", map[string]any{"type": kind, "x": at.X, "y": at.Y, "button": "left", "clickCount": 1}, nil); err != nil {
			return err
		}
	}
	return nil
}

// bearer is what the frame's own requests carry.
func (p framed) bearer(ctx context.Context) (string, error) {
	var header string
	if err := p.Page.Wait(ctx, "window.__copied", 10*time.Second); err != nil {
		return "", err
	}
	err := p.Page.Eval(ctx, "window.__copied", &header)
	if len(header) <= len("Bearer ") {
		return "", fmt.Errorf("drills: the frame's requests carry no bearer: %w", err)
	}
	return header[len("Bearer "):], err
}

// gone says how long after the agent's word of an onlooker the frame was gone, in
// ms, and how many frames the page still has.
func (p framed) gone(ctx context.Context) (after float64, left int, err error) {
	if err := p.Page.Wait(ctx, "window.__gone", 5*time.Second); err != nil {
		return 0, 0, err
	}
	var seen struct {
		After float64 `json:"after"`
		Left  int     `json:"left"`
	}
	err = p.Page.Eval(ctx, `({after: window.__gone - window.__seat.log.findLast(x => x.state === 'onlooker').at, left: window.frames.length})`, &seen)
	return seen.After, seen.Left, err
}
