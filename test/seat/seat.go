package seat

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"regexp"
	"time"

	"github.com/sekisho/sekisho/test/browser"
	"github.com/sekisho/sekisho/test/centre"
)

//go:embed probe.js
var probe string

// Options say who sits down.
type Options struct {
	Camera   string // clip that the camera plays, in a loop
	Language string // "ja" by default
	Display  string // X display for a real window; "" is headless
	Shots    string // folder for screenshots; "" takes none
}

// Seat is one person in front of one PC.
type Seat struct {
	Options
	C       *centre.Centre
	PC      *centre.PC
	Browser *browser.Browser
	Page    *browser.Page
}

// Sit opens the operator's page of a running agent in a browser of its own.
func Sit(ctx context.Context, c *centre.Centre, pc *centre.PC, o Options) (*Seat, error) {
	url, err := pc.Ticket(ctx)
	if err != nil {
		return nil, err
	}
	b, err := browser.Launch(ctx, browser.Options{Camera: o.Camera, Language: o.Language, Display: o.Display})
	if err != nil {
		return nil, err
	}
	s := &Seat{Options: o, C: c, PC: pc, Browser: b}
	if s.Page, err = b.Open(ctx, "about:blank"); err == nil {
		err = s.Page.Call(ctx, "Page.addScriptToEvaluateOnNewDocument", map[string]any{"source": probe}, nil)
	}
	if err == nil {
		err = s.Page.Size(ctx, 1280, 720, 1)
	}
	if err == nil {
		err = s.Page.Goto(ctx, url)
	}
	if err != nil {
		s.Leave()
		return nil, err
	}
	return s, nil
}

// Leave closes the browser.
func (s *Seat) Leave() { s.Browser.Close() }

// Shot takes a screenshot, if any are wanted.
func (s *Seat) Shot(ctx context.Context, name string) error {
	if s.Shots == "" {
		return nil
	}
	return s.Page.Screenshot(ctx, s.Shots+"/"+name+".png")
}

// Connect presses 接続, or 再開 where the page is on a break.
func (s *Seat) Connect(ctx context.Context) error {
	const find = `[...document.querySelectorAll('button')].find(b => ['接続', 'Connect', 'もう一度接続', 'Connect again', '再開', 'Resume'].includes(b.innerText.trim()) && !b.disabled)`
	if err := s.Page.Wait(ctx, find, 30*time.Second); err != nil {
		return s.explain(ctx, err)
	}
	return s.Page.Eval(ctx, find+".click()", nil)
}

// Enrol consents and enrols the face that the camera shows; the supervisor, to whom
// the number on the operator's screen is read out, approves.
func (s *Seat) Enrol(ctx context.Context) error {
	if err := s.Page.ClickText(ctx, "同意する"); err != nil {
		return s.explain(ctx, err)
	}
	if err := s.Page.WaitText(ctx, "立ち会いを依頼する", 20*time.Second); err != nil {
		return s.explain(ctx, err)
	}
	if err := errors.Join(s.Shot(ctx, "desk-witness"), s.Page.ClickText(ctx, "立ち会いを依頼する")); err != nil {
		return err
	}
	if err := s.Page.WaitText(ctx, "確認番号", 20*time.Second); err != nil {
		return s.explain(ctx, err)
	}
	if err := s.Shot(ctx, "desk-witness-code"); err != nil {
		return err
	}
	return s.Witness(ctx)
}

// shownCode finds the four digits that the page asks to be told.
var shownCode = regexp.MustCompile(`確認番号(\d{4})`)

// End ends the work as an operator does who goes home: a window that is merely
// closed is a guard that fell silent, and an incident. Where the guard closed
// the screen in between, there is nothing to end.
func (s *Seat) End(ctx context.Context) error {
	err := s.Page.ClickText(ctx, "業務を終える")
	if err == nil {
		err = s.Page.Click(ctx, ".dk-question .dk-actions button:last-child")
	}
	x, lost := s.Await(ctx, "at home", 20*time.Second, func(x Sample) bool { return x.Phase != "live" && !x.Desktop })
	if lost == nil && x.State != "lost" {
		return nil
	}
	return errors.Join(err, lost)
}

// Witness approves this person's question as the supervisor, who has been told
// the code that the page shows.
func (s *Seat) Witness(ctx context.Context) error {
	sv, err := s.C.As(ctx, "supervisor")
	if err != nil {
		return err
	}
	var open struct {
		Approvals []struct {
			ID     string `json:"id"`
			Person string `json:"person"`
		} `json:"approvals"`
	}
	if err := sv.Get(ctx, "approvals", &open); err != nil {
		return err
	}
	var text string
	if err := s.Page.Eval(ctx, "document.body.innerText.replace(/\\s/g, '')", &text); err != nil {
		return err
	}
	code := shownCode.FindStringSubmatch(text)
	if code == nil {
		return s.explain(ctx, errors.New("seat: the page shows no code"))
	}
	for _, a := range open.Approvals {
		if a.Person == s.C.Seeded.People[s.PC.Person] {
			return sv.Post(ctx, "approvals/"+a.ID+"/decide", map[string]any{"approve": true, "code": code[1]}, nil)
		}
	}
	return fmt.Errorf("seat: none of the %d waiting questions is this person's", len(open.Approvals))
}

// Sample is what one look at the page found.
type Sample struct {
	At       time.Time `json:"-"`
	Clip     float64   `json:"clip"`   // seconds since the camera was opened last
	State    string    `json:"state"`  // of the agent's last verdict
	Screen   string    `json:"screen"` // open, dim, black
	Phase    string    `json:"phase"`
	Desktop  bool      `json:"desktop"` // the virtual desktop is in the document
	Cameras  int       `json:"cameras"` // how often the camera was opened
	Count    int       `json:"count"`   // countdown shown
	Enrolled int       `json:"enrolled"`
	Login    string    `json:"login"`
	Title    string    `json:"title"`
}

const look = `(() => { const s = window.__seat, v = s?.verdict; return {
  clip: s && s.cameraAt ? (performance.now() - s.cameraAt) / 1000 : -1, state: v?.state ?? 'unknown', screen: v?.screen ?? 'black',
  phase: s?.status?.phase ?? '', desktop: !!s?.desktop, cameras: s?.cameras ?? 0, count: v?.countdown ?? 0,
  enrolled: s?.enrol?.good ?? 0, login: s?.login?.step ?? '', title: document.title } })()`

// Look takes one sample.
func (s *Seat) Look(ctx context.Context) (x Sample, err error) {
	err = s.Page.Eval(ctx, look, &x)
	x.At = time.Now()
	return x, err
}

// Await waits until a sample satisfies ok.
func (s *Seat) Await(ctx context.Context, what string, limit time.Duration, ok func(Sample) bool) (x Sample, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if x, err = s.Look(ctx); err == nil && ok(x) {
			return x, nil
		}
		select {
		case <-ctx.Done():
			return x, s.explain(context.WithoutCancel(ctx), fmt.Errorf("seat: not %s in %s: %+v", what, limit, x))
		case <-tick.C:
		}
	}
}

// Desktop waits until the virtual desktop is drawn, and presses what an operator
// who is back in his seat would press.
func (s *Seat) Desktop(ctx context.Context, limit time.Duration) (Sample, error) {
	return s.Await(ctx, "at work", limit, func(x Sample) bool {
		if x.Phase != "live" {
			_ = s.Back(ctx) // asked again with the next look
		}
		return x.Desktop && x.Phase == "live"
	})
}

// Back presses the button by which somebody who was closed out asks to be
// checked again, if the page shows one.
func (s *Seat) Back(ctx context.Context) error {
	return s.Page.Eval(ctx, `[...document.querySelectorAll('button')].find(b => ['本人確認をやり直す', 'もう一度確認する', 'Check again'].includes(b.innerText.trim()) && !b.disabled)?.click()`, nil)
}

// explain adds what the page shows to an error, and leaves a picture of it.
func (s *Seat) explain(ctx context.Context, err error) error {
	var text string
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if e := s.Page.Eval(ctx, "document.body.innerText.slice(0, 600)", &text); e != nil {
		text = e.Error()
	}
	picture := fmt.Sprintf("%s/sekisho-seat-%d.png", os.TempDir(), time.Now().UnixNano())
	if e := s.Page.Screenshot(ctx, picture); e != nil {
		picture = e.Error()
	}
	return fmt.Errorf("%w\nthe page shows: %s\npicture: %s\nagent: %s", err, text, picture, s.PC.Agent.Tail())
}
