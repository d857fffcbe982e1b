package connect

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	pictureWithin = 2 * time.Second        // for the page to hand over what it has
	toldWithin    = 700 * time.Millisecond // for the server to confirm the end, before the report goes out
	maxFirst      = time.Minute
)

// record is one detection whose evidence is being taken. Pictures live here,
// in memory, until they are sealed.
type record struct {
	report   wire.IncidentReport
	manifest sealing.Manifest
	roster   *sealing.Roster
	screen   grabbed

	mu     sync.Mutex // the loop fills in, preserve takes out
	camera []byte
	page   []byte
	closed bool
	whole  chan struct{} // closed when the page has handed over both, or nobody will
}

// LogValue hides the pictures.
func (*record) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// record notes a detection at once, asks the page for its pictures and has
// them sealed and sent.
func (a *Agent) record(s *session, v vigil.Verdict, now time.Duration, screen grabbed) {
	r := &record{screen: screen, roster: a.roster, whole: make(chan struct{}), report: wire.IncidentReport{
		Incident: sekisho.IncidentID(wire.NewID()), Connection: a.connID, Session: s.id, Person: a.me.Person.ID, State: v.Reason,
		FirstMS: min(max(0, now-v.Shown), maxFirst).Milliseconds(), Faces: v.Faces, Evidence: []string{},
	}}
	r.manifest = sealing.Manifest{Kind: "incident", Incident: r.report.Incident, Connection: a.connID, Session: s.id, Person: a.me.Person.ID,
		Device: a.enrolment.Device, State: v.Reason, At: a.clock.Now(), Frame: v.Frame, Camera: a.camera.label}
	id := r.report.Incident
	a.records[id] = r
	if a.link != nil {
		a.link.send(wire.AgentMessage{Type: "capture", Incident: id, FrameID: v.Frame})
	} else {
		r.done()
	}
	lock := s.policy.LockOS
	kept := make(chan struct{})
	a.farewell = append(a.farewell, kept) // the connection is not closed under it
	a.aside(func() func() {
		a.preserve(s, r, lock)
		close(kept)
		return func() { delete(a.records, id) }
	})
}

// preserve runs outside the loop: note, lock, wait, seal.
func (a *Agent) preserve(s *session, r *record, lock bool) {
	defer s.lease.Close()
	if err := a.outbox.Open(r.report); err != nil {
		slog.Error("an incident could not be noted on disk", "error", err)
	}
	locked := make(chan error, 1)
	if lock {
		go func() { locked <- a.locker.Lock(context.WithoutCancel(a.ctx)) }() // bounded by itself
	}
	// The report travels on flows of quarantine: those of the session are reset
	// when the server takes the end in.
	a.wait(s.over, toldWithin)
	if c := a.line.Load(); c != nil {
		c.Cut()
	}
	a.outbox.Wake()
	a.wait(r.whole, pictureWithin)
	r.report.LockReason = "not asked for by the policy"
	if lock {
		err := <-locked
		r.report.OSLocked, r.report.LockReason = err == nil, ""
		if err != nil {
			r.report.LockReason = reason(err)
		}
	}
	bundle, err := a.seal(r)
	if err != nil {
		slog.Error("evidence could not be sealed", "error", err)
		if err := a.outbox.Seal(r.report); err != nil {
			slog.Error("an incident could not be completed on disk", "error", err)
		}
		return
	}
	if err := a.outbox.Seal(r.report, bundle); err != nil {
		slog.Error("evidence could not be kept", "error", err)
	}
}

func (a *Agent) wait(c <-chan struct{}, limit time.Duration) {
	select {
	case <-c:
	case <-time.After(limit):
	}
}

// seal closes what was taken for two officers and forgets the clear pictures.
func (a *Agent) seal(r *record) ([]byte, error) {
	camera, page := r.take()
	var parts []sealing.Part
	var missing []string
	if camera != nil {
		parts = append(parts, sealing.Part{Name: "camera.jpg", Type: "image/jpeg", Source: "camera", Data: camera})
	} else {
		missing = append(missing, "camera: the page handed nothing over")
	}
	screen, source, err := screenOf(r.screen, page)
	if err != nil {
		missing = append(missing, "screen: "+reason(err))
	} else {
		parts = append(parts, sealing.Part{Name: "screen.jpg", Type: "image/jpeg", Source: source, Data: screen})
	}
	m := r.manifest
	m.Note = strings.Join(missing, "; ")
	if r.roster == nil || !inForce(*r.roster, a.clock.Now()) {
		return nil, errRoster
	}
	bundle, _, err := sealing.Seal(*r.roster, m, parts)
	return bundle, err
}

// take moves the page's pictures out of the record; what comes later is too late.
func (r *record) take() (camera, page []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	camera, page, r.camera, r.page = r.camera, r.page, nil, nil
	r.finish()
	return camera, page
}

// put takes one picture of the page in; the first of each kind stands.
func (r *record) put(kind string, jpeg []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return
	}
	if kind == "picture" && r.camera == nil {
		r.camera = jpeg
	} else if kind == "screen" && r.page == nil {
		r.page = jpeg
	}
	if r.camera != nil && r.page != nil {
		r.finish()
	}
}

// done says that nothing will come.
func (r *record) done() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finish()
}

// finish ends the wait. The caller holds mu.
func (r *record) finish() {
	if !r.closed {
		r.closed = true
		close(r.whole)
	}
}

// screenOf prefers the system's picture of the whole screen to the page's canvas.
func screenOf(g grabbed, page []byte) ([]byte, string, error) {
	if g.err == nil {
		jpeg, err := g.picture.JPEG()
		if err == nil {
			return jpeg, "os", nil
		}
		g.err = err
	}
	if page != nil {
		return page, "page", nil
	}
	return nil, "", fmt.Errorf("the page showed nothing; the system: %w", g.err)
}

// picture takes a picture that the page hands over: for a record, or for an enrolment.
func (a *Agent) picture(m wire.PageMessage, jpeg []byte) {
	if e := a.enrol; e != nil && e.picture == m.Incident && m.Type == "picture" {
		e.jpeg = jpeg
		return
	}
	if r := a.records[m.Incident]; r != nil {
		r.put(m.Type, jpeg)
	}
}

// reason is an error in few words, for a sealed note.
func reason(err error) string {
	text := err.Error()
	return text[:min(len(text), 300)]
}
