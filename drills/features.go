package drills

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
)

// somebody is a face as a page would measure it: a direction in 128 dimensions.
// Two of them have next to nothing in common.
type somebody [128]float32

func newSomebody() (s somebody) {
	var length float64
	for i := range s {
		s[i] = float32(rand.NormFloat64())
		length += float64(s[i]) * float64(s[i])
	}
	for i := range s {
		s[i] /= float32(math.Sqrt(length))
	}
	return s
}

func (s somebody) embedding() wire.Bytes {
	b := make([]byte, 0, 4*len(s))
	for _, x := range s {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// modelPage is the operator's page without a browser: it reports what a drill
// wants it to have measured, which is what whoever changes the page's code could do.
type modelPage struct {
	saying sync.Mutex // one message at a time
	caller
	ws     *websocket.Conn
	cancel context.CancelFunc

	mu     sync.Mutex
	face   somebody
	beside *somebody // looks over the shoulder, if anybody does
	yaw    float32
	pitch  float32
	nonce  string // the newest that the agent gave
	held   string // carried by every frame in its place, if set
	login  *wire.LocalProgress
	enrol  *wire.LocalProgress
	failed error
}

// openPage opens the page of a running agent and reports a face from then on.
func openPage(ctx context.Context, pc *centre.PC, face somebody) (*modelPage, error) {
	c, err := enter(ctx, pc)
	if err != nil {
		return nil, err
	}
	p := &modelPage{caller: c, face: face}
	ws, _, code := c.socket(ctx, wire.PageMessage{Type: "hello", Bearer: c.bearer, Language: "en"})
	if ws == nil {
		return nil, fmt.Errorf("drills: the page is refused: %s", code)
	}
	ctx, p.cancel = context.WithCancel(ctx)
	p.ws = ws
	go p.listen(ctx)
	go p.report(ctx)
	return p, nil
}

// hold has every frame from now on carry one nonce; "" the newest again.
func (p *modelPage) hold(nonce string) { p.mu.Lock(); p.held = nonce; p.mu.Unlock() }

// look puts somebody beside the operator; nil sends him away.
func (p *modelPage) look(who *somebody) { p.mu.Lock(); p.beside = who; p.mu.Unlock() }

// close closes the page.
func (p *modelPage) close() { p.cancel(); p.ws.CloseNow() }

func (p *modelPage) listen(ctx context.Context) {
	for {
		var m wire.AgentMessage
		if err := wsjson.Read(ctx, p.ws, &m); err != nil {
			p.mu.Lock()
			p.failed = err
			p.mu.Unlock()
			return
		}
		p.take(ctx, m)
	}
}

func (p *modelPage) take(ctx context.Context, m wire.AgentMessage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch m.Type {
	case "nonce":
		p.nonce = m.Nonce
	case "login":
		p.login = m.Login
	case "enrol":
		p.enrol = m.Enrol
		p.yaw, p.pitch = 0, 0
		switch m.Enrol.Pose {
		case "left":
			p.yaw = 15
		case "right":
			p.yaw = -15
		case "up":
			p.pitch = 10
		}
	case "capture":
		p.saying.Lock()                                                                                          // nothing comes between a picture and its bytes
		_ = wsjson.Write(ctx, p.ws, wire.PageMessage{Type: "picture", Incident: m.Incident, FrameID: m.FrameID}) // the agent is gone if this fails
		_ = p.ws.Write(ctx, websocket.MessageBinary, []byte("\xff\xd8\xff an invented picture"))
		p.saying.Unlock()
	case "refused":
		p.login = &wire.LocalProgress{Step: "failed", Problem: m.Problem}
	}
}

// report sends measurements, as fast as a login wants them.
func (p *modelPage) report(ctx context.Context) {
	for n := uint64(1); ; n++ {
		p.mu.Lock()
		m := frame(n)
		live, yaw, pitch, level := float32(0.95), p.yaw, p.pitch, float32(0)
		if m.Frame.Nonce = p.nonce; p.held != "" {
			m.Frame.Nonce = p.held
		}
		m.Frame.Faces = []wire.Face{{
			Box: [4]float32{240, 140, 160, 200}, Score: 0.98, Embedding: p.face.embedding(), Live: &live, Yaw: &yaw, Pitch: &pitch, Sharpness: 200,
			Points: [10]float32{280, 200, 360, 200, 320, 250, 290, 300, 350, 300},
		}}
		if p.beside != nil {
			m.Frame.Faces = append(m.Frame.Faces, wire.Face{
				Box: [4]float32{40, 160, 120, 150}, Score: 0.97, Embedding: p.beside.embedding(), Live: &live, Yaw: &level, Pitch: &level, Sharpness: 180,
				Points: [10]float32{70, 205, 130, 205, 100, 240, 78, 275, 122, 275},
			})
		}
		p.mu.Unlock()
		err := p.write(ctx, m)
		if err == nil && n%3 == 0 {
			err = p.write(ctx, wire.PageMessage{Type: "alive"})
		}
		if err != nil || sleep(ctx, 80*time.Millisecond) != nil {
			return
		}
	}
}

func (p *modelPage) say(ctx context.Context, m wire.PageMessage) error {
	p.mu.Lock()
	p.login, p.enrol = nil, nil
	p.mu.Unlock()
	return p.write(ctx, m)
}

func (p *modelPage) write(ctx context.Context, m wire.PageMessage) error {
	p.saying.Lock()
	defer p.saying.Unlock()
	return wsjson.Write(ctx, p.ws, m)
}

// outcome waits until the agent says how the login or the enrolment ended: "" or a code.
func (p *modelPage) outcome(ctx context.Context, of func() *wire.LocalProgress, limit time.Duration) (string, error) {
	for until := time.Now().Add(limit); time.Now().Before(until); {
		p.mu.Lock()
		progress, failed := of(), p.failed
		p.mu.Unlock()
		switch {
		case failed != nil:
			return "", failed
		case progress == nil:
		case progress.Step == "failed" && progress.Problem != nil:
			return progress.Problem.Code, nil
		case progress.Step == "done":
			return "", nil
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return "", err
		}
	}
	return "nothing in " + limit.String(), nil
}

// enrolFace consents, has a supervisor witness and enrols the face that is shown.
func (p *modelPage) enrolFace(ctx context.Context, f *Field) error {
	var text wire.ConsentText
	var asked wire.Approval
	for _, step := range []struct {
		method, path string
		in, out      any
	}{
		{http.MethodGet, "consent", nil, &text},
		{http.MethodPost, "approvals", wire.ApprovalRequest{Kind: "face_enrolment"}, &asked},
	} {
		if code, err := p.send(ctx, step.method, "/api/desk/v1/"+step.path, step.in, step.out); err != nil || code != "" {
			return fmt.Errorf("drills: %s: %s: %w", step.path, code, err)
		}
	}
	if code, err := p.send(ctx, http.MethodPost, "/api/desk/v1/consent", wire.ConsentAnswer{Version: text.Version, Accept: true}, nil); err != nil || code != "" {
		return fmt.Errorf("drills: consent: %s: %w", code, err)
	}
	if err := f.decide(ctx, "supervisor", asked); err != nil {
		return err
	}
	if err := p.say(ctx, wire.PageMessage{Type: "enrol", Approval: asked.ID}); err != nil {
		return err
	}
	code, err := p.outcome(ctx, func() *wire.LocalProgress { return p.enrol }, 40*time.Second)
	if code != "" {
		return errors.Join(fmt.Errorf("drills: enrolment: %s", code), err)
	}
	return err
}

// logIn asks the agent to let the face in: "" or the code of the refusal.
func (p *modelPage) logIn(ctx context.Context, limit time.Duration) (string, error) {
	if err := p.say(ctx, wire.PageMessage{Type: "login"}); err != nil {
		return "", err
	}
	return p.outcome(ctx, func() *wire.LocalProgress { return p.login }, limit)
}

// live waits until a session is open, or until none is any more.
func (p *modelPage) live(ctx context.Context, want bool, limit time.Duration) (after time.Duration, err error) {
	began := time.Now()
	for time.Since(began) < limit {
		s, err := p.status(ctx)
		if err != nil {
			return 0, err
		}
		if (s.Phase == "live") == want {
			return time.Since(began), nil
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return 0, err
		}
	}
	return 0, fmt.Errorf("drills: session open after %s: %v", limit, !want)
}
