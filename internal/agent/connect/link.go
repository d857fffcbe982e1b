package connect

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// aliveWithin is how long a page may say nothing from its main thread while a
// session is open: it could not close its screen either.
const aliveWithin = time.Second

const linkQueue = 64

// link is one page's guard socket: a queue outwards, so that a page that does
// not take its messages never holds up the loop.
type link struct {
	page     page
	language string
	out      chan wire.AgentMessage
	cancel   context.CancelFunc
	once     sync.Once

	// The loop's:
	alive time.Duration // when the main thread was last heard
	frame time.Duration // when the last frame came
}

func (l *link) send(m wire.AgentMessage) {
	select {
	case l.out <- m:
	default:
		slog.Warn("a page does not take its messages")
		l.drop()
	}
}

// drop gives the page up; its reader then tells the loop.
func (l *link) drop() { l.once.Do(l.cancel) }

func (l *link) write(ctx context.Context) {
	for {
		select {
		case m := <-l.out:
			if err := l.page.Send(ctx, m); err != nil {
				l.drop()
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// guard reads a page until it ends.
func (a *Agent) guard(ctx context.Context, p page, language string) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := &link{page: p, language: language, out: make(chan wire.AgentMessage, linkQueue), cancel: cancel}
	var writing sync.WaitGroup
	writing.Go(func() { l.write(ctx) })
	defer writing.Wait()
	if !a.do(func() { a.pageCame(l) }) {
		return
	}
	for {
		m, jpeg, err := p.Receive(ctx)
		at := a.clock.Mono() // before any waiting for the loop
		if err != nil {
			a.do(func() { a.pageWent(l) })
			cancel()
			if code := sekisho.CodeOf(err); code != "internal" {
				p.Close(code)
			}
			return
		}
		if !a.do(func() { a.heard(l, m, jpeg, at) }) {
			return
		}
	}
}

func (a *Agent) pageCame(l *link) {
	if old := a.link; old != nil {
		a.pageWent(old)
		old.drop()
	}
	now := a.clock.Mono()
	l.alive, l.frame = now, now
	a.link = l
	if a.machine != nil { // another page counts its frames from one again
		a.newMachine(a.me.Policy, sekisho.ClassFace)
	}
	if a.phase == phaseBreak { // closing the window does not end a break
		a.verdict = a.machine.Pause(now)
	}
	status := a.Status(l.language)
	l.send(wire.AgentMessage{Type: "welcome", Status: &status})
	if a.nonce != "" {
		l.send(wire.AgentMessage{Type: "nonce", Nonce: a.nonce})
	}
}

// pageWent: no page, no evidence of presence.
func (a *Agent) pageWent(l *link) {
	if a.link != l {
		return
	}
	a.dropEnrol()
	a.link, a.login = nil, nil
	a.losePage()
	a.show()
}

// losePage closes the seat because the page can no longer be relied upon.
func (a *Agent) losePage() {
	switch {
	case a.session == nil:
	case a.session.byHand: // the machine judges nothing there
		a.fallQuietly(sekisho.Lost, "lease.lost", true)
	default:
		now := a.clock.Mono()
		a.judge(a.machine.Close(sekisho.Lost, now), now, false)
	}
}

// heard takes one message of the page.
func (a *Agent) heard(l *link, m wire.PageMessage, jpeg []byte, at time.Duration) {
	if a.link != l {
		return
	}
	switch m.Type {
	case "alive":
		l.alive = at
	case "frame":
		if m.Frame != nil {
			l.frame = at
			a.look(*m.Frame, at)
		}
	case "picture", "screen":
		a.picture(m, jpeg)
	case "login":
		a.beginLogin(m.Approval, at)
	case "enrol":
		a.beginEnrol(m.Approval, m.Watched, at)
	case "pose":
		a.poseShown(m.Pose, at)
	case "break":
		a.takeBreak(at)
	case "resume":
		a.resume(at)
	case "confirm":
		a.confirm(at)
	case "leave":
		a.windowClosed()
	}
}

// windowClosed: the operator closed the window or went to another page, and the
// page said so with its last word. That is the end of work, as the button is. A
// page that goes without a word is a detection: nobody knows why it went.
func (a *Agent) windowClosed() {
	if a.session == nil {
		return
	}
	a.leave("session.ended_by_you")
	a.stand(phaseQuarantine, nil)
}

// refuse tells the page why an act is not done.
func (a *Agent) refuse(err error) {
	if a.link == nil {
		return
	}
	p := wire.ProblemOf(err, a.link.language)
	a.link.send(wire.AgentMessage{Type: "refused", Problem: &p})
}

func (a *Agent) problem(err error) *wire.Problem {
	language := ""
	if a.link != nil {
		language = a.link.language
	}
	p := wire.ProblemOf(err, language)
	return &p
}
