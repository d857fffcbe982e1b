package connect

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"filippo.io/age"
	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/blackout"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/inspect"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

const (
	ms     = time.Millisecond
	webcam = "Webcam C270 (046d:0825)"
)

var jpegBytes = []byte{0xff, 0xd8, 0xff, 'c', 'l', 'e', 'a', 'r', 0xff, 0xd9}

// officers are two key holders and the roster that is sealed to, made once:
// their keys are slow to draw.
var officers = sync.OnceValue(func() (o struct {
	roots  wire.TrustRoots
	signed wire.Bytes
	keys   [][]age.Identity
	root   ed25519.PrivateKey
	roster sealing.Roster
}) {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	file, public, err := sealing.NewRootKey("")
	must(err)
	o.root, err = sealing.ReadRootKey(file, "")
	must(err)
	o.roots = wire.TrustRoots{CA: []byte("ca"), RosterRoots: []wire.Bytes{wire.Bytes(public)}, RosterThreshold: 1}
	// Bubbles start in the year 2000.
	o.roster = sealing.Roster{Version: 3, Issued: time.Unix(0, 0).UTC(), Expires: time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)}
	for i := range 2 {
		file, public, err := sealing.NewOfficerKey("")
		must(err)
		keys, err := sealing.ReadOfficerKey(file, "")
		must(err)
		o.keys = append(o.keys, keys)
		o.roster.Officers = append(o.roster.Officers, sealing.Officer{ID: fmt.Sprintf("officer-%d", i+1), Recipient: public})
	}
	o.signed = signRoster(o.roster, o.root)
	return o
})

func signRoster(r sealing.Roster, root ed25519.PrivateKey) wire.Bytes {
	s, err := sealing.Draft(r)
	if err != nil {
		panic(err)
	}
	s.Sign(root)
	b, err := s.Marshal()
	if err != nil {
		panic(err)
	}
	return b
}

// stage is an agent with everything around it by hand; it plays in a bubble
// whose clock moves only when everybody waits.
type stage struct {
	*Agent
	t      *testing.T
	far    *farServer
	page   *testPage
	lock   *testLocker
	nap    *nappingClock
	id     uint64
	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex
	events []string // in the order in which they happened
}

func (s *stage) note(event string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, event)
}

func (s *stage) happened() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.events, ", ")
}

func (s *stage) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = nil
}

// Abort, Grab and Lock note that they were done.
func (s *stage) Abort() int { s.note("flows reset"); return 1 }

// nappingClock is suspended by hand.
type nappingClock struct {
	clock
	slept atomic.Int64
}

func (c *nappingClock) Asleep() time.Duration { return time.Duration(c.slept.Load()) }

type testScreen struct{ s *stage }

func (t testScreen) Grab(context.Context) (blackout.Picture, error) {
	t.s.note("screen taken")
	return blackout.Picture{Width: 8, Height: 8, BGRX: make([]byte, 256)}, nil
}
func (testScreen) Close() error { return nil }

type testLocker struct {
	s      *stage
	err    error
	slowly time.Duration
}

func (l *testLocker) Lock(context.Context) error {
	time.Sleep(l.slowly)
	l.s.note("system locked")
	return l.err
}

// farServer is the server by hand.
type farServer struct {
	s  *stage
	mu sync.Mutex

	me        wire.Me
	roster    wire.Bytes
	challenge string
	policy    wire.GuardPolicy
	fail      map[string]error // by act
	connects  int
	named     string // at the newest connect
	face      wire.FaceEnrolment
	faces     []wire.FaceStatement
	approved  []wire.ApprovedStatement
	refusals  []wire.FaceRefusal

	acknowledged []wire.Acknowledgement
	shared       wire.SharedPC
	sealKey      wire.CertifiedKey
	tookFaces    []wire.CarryTaken
	targets      []wire.CertifiedKey
	carried      []wire.Carry
	slowly       time.Duration // how long a refusal is on its way
	reports      []wire.IncidentReport
	postures     []wire.PostureReport
	bundles      map[string][]byte
	ended        []string
	heard        uplink.Heard
	verdicts     []uplink.Verdict
	session      sekisho.SessionID
	counter      int
	silent       bool // hands out no nonces
	nonceStop    chan struct{}
	leased       *farLease // the one that holds the port
	offered      []wire.FaceEnrolment
	witnessing   wire.Witnessing
	deafFaces    bool // the answers to face enrolments are lost
	deafAfter    bool
}

func (f *farServer) failing(act string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fail[act]
}

func (f *farServer) Connect(_ context.Context, e uplink.Enrolment, _ devicekey.Key, login string) (connection, sekisho.ConnectionID, uplink.Enrolment, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.connects, f.named = f.connects+1, login
	if err := f.fail["connect"]; err != nil {
		return nil, "", e, err
	}
	f.me.Connection = sekisho.ConnectionID(wire.NewID())
	return farConn{f}, f.me.Connection, e, nil
}

// Lease hands out a nonce every two seconds.
func (f *farServer) Lease(_ connection, id sekisho.SessionID, heard uplink.Heard) (lease, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.leased != nil { // one port, one lease
		return nil, sekisho.Fail(sekisho.KindBusy, "tunnel.broken")
	}
	f.session, f.heard, f.nonceStop = id, heard, make(chan struct{})
	go func(stop chan struct{}) {
		for {
			f.mu.Lock()
			f.counter++
			n, silent := f.counter, f.silent
			f.mu.Unlock()
			if !silent {
				heard.Nonce(fmt.Sprintf("lease-%d", n))
			}
			select {
			case <-stop:
				return
			case <-time.After(wire.NonceEvery):
			}
		}
	}(f.nonceStop)
	f.leased = &farLease{f: f, stop: f.nonceStop}
	return f.leased, nil
}

type farLease struct {
	f    *farServer
	stop chan struct{}
	once sync.Once
	over bool
}

func (l *farLease) Verdict(v uplink.Verdict) {
	l.f.mu.Lock()
	defer l.f.mu.Unlock()
	if l.over {
		return
	}
	l.f.verdicts = append(l.f.verdicts, v)
	if v.Ends {
		l.over = true
		l.f.s.note("lease ended: " + v.State.String())
	}
}
func (l *farLease) Close() {
	l.once.Do(func() {
		close(l.stop)
		l.f.mu.Lock()
		defer l.f.mu.Unlock()
		l.f.leased = nil
	})
}

type farConn struct{ *farServer }

func (c farConn) Do(context.Context, string, string, http.Header, []byte) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("{}")), Header: http.Header{}}, nil
}
func (c farConn) WebSocket(context.Context, string) (*websocket.Conn, error) {
	return nil, errors.New("no sockets here")
}
func (c farConn) Me(context.Context) (wire.Me, error) {
	err := c.failing("me")
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.me, err
}
func (c farConn) Roster(context.Context) (wire.Roster, error) {
	err := c.failing("roster")
	c.mu.Lock()
	defer c.mu.Unlock()
	return wire.Roster{Signed: c.roster}, err
}
func (c farConn) LoginNonce(context.Context) (wire.LoginNonce, error) {
	err := c.failing("login-nonce")
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counter++
	c.s.note("nonce asked")
	return wire.LoginNonce{Nonce: fmt.Appendf(nil, "login nonce %d", c.counter), Challenge: c.challenge}, err
}
func (c farConn) OpenByFace(_ context.Context, f wire.FaceStatement) (wire.SessionAnswer, error) {
	return c.opened(func() { c.faces = append(c.faces, f) }, sekisho.ClassFace)
}
func (c farConn) OpenByApproval(_ context.Context, a wire.ApprovedStatement) (wire.SessionAnswer, error) {
	return c.opened(func() { c.approved = append(c.approved, a) }, sekisho.ClassApproved)
}
func (c farConn) opened(take func(), class sekisho.LeaseClass) (wire.SessionAnswer, error) {
	err := c.failing("sessions")
	c.mu.Lock()
	defer c.mu.Unlock()
	take()
	return wire.SessionAnswer{Session: wire.DeskSession{ID: sekisho.SessionID(wire.NewID()), Class: class}, Policy: c.policy}, err
}
func (c farConn) RefuseFace(_ context.Context, f wire.FaceRefusal) error {
	time.Sleep(c.slowly)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refusals = append(c.refusals, f)
	c.s.note("refusal told")
	return c.fail["refusals"]
}
func (c farConn) OfferFace(_ context.Context, f wire.FaceEnrolment) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offered = append(c.offered, f)
	return nil
}
func (c farConn) Witnessing(context.Context, sekisho.ApprovalID) (wire.Witnessing, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.witnessing, nil
}
func (c farConn) StoreFace(_ context.Context, f wire.FaceEnrolment) error {
	err := c.failing("faces")
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.face, c.me.Person.Commitment, c.me.Person.Model, c.me.Missing = f, f.Commitment, f.Model, []string{}
	}
	if c.deafFaces { // taken, and the answer is lost; with deafAfter the line is, too
		if c.deafAfter {
			c.fail["me"] = sekisho.Fail(sekisho.KindBusy, "server.unreachable")
		}
		return sekisho.Fail(sekisho.KindBusy, "server.unreachable")
	}
	return err
}
func (c farConn) Acknowledge(_ context.Context, p sekisho.PersonID, a wire.LocalAcknowledge) error {
	err := c.failing("acknowledgements")
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acknowledged = append(c.acknowledged, wire.Acknowledgement{Person: p, Document: a.Document, Version: a.Version, Language: a.Language})
	return err
}
func (c farConn) Posture(_ context.Context, r wire.PostureReport) (wire.PostureStanding, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.postures = append(c.postures, r)
	return wire.PostureStanding{}, c.fail["posture"]
}
func (c farConn) Report(_ context.Context, r wire.IncidentReport) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reports = append(c.reports, r)
	return c.fail["incidents"]
}
func (c farConn) Put(_ context.Context, hash string, sealed []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bundles[hash] = sealed
	return nil
}
func (c farConn) EndSession(_ context.Context, reason string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = append(c.ended, reason)
	return nil
}
func (c farConn) Media(context.Context) (net.PacketConn, netip.AddrPort, error) {
	return nil, netip.AddrPort{}, c.failing("media")
}
func (c farConn) Renew()       {}
func (c farConn) Cut()         { c.s.note("tunnel cut") }
func (c farConn) Close() error { c.s.note("disconnected"); return nil }

// testPage is a page by hand: what it says goes in, what it hears is kept.
type testPage struct {
	s    *stage
	said chan pageSaid
	gone chan struct{}
	once sync.Once

	mu      sync.Mutex
	nonce   string
	verdict wire.LocalVerdict
	status  wire.LocalStatus
	login   *wire.LocalProgress
	enrol   *wire.LocalProgress
	refused string
	asked   []wire.AgentMessage // captures
	closed  string
	stuck   atomic.Bool // Send hangs
	keeps   atomic.Bool // hands no picture over
	hangs   atomic.Bool // the main thread beats no more
}

type pageSaid struct {
	m    wire.PageMessage
	jpeg []byte
}

func (p *testPage) Receive(ctx context.Context) (wire.PageMessage, []byte, error) {
	select {
	case s := <-p.said:
		return s.m, s.jpeg, nil
	case <-p.gone:
		return wire.PageMessage{}, nil, io.EOF
	case <-ctx.Done():
		return wire.PageMessage{}, nil, ctx.Err()
	}
}

func (p *testPage) Send(ctx context.Context, m wire.AgentMessage) error {
	if p.stuck.Load() {
		<-ctx.Done()
		return ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch m.Type {
	case "nonce":
		p.nonce = m.Nonce
	case "verdict":
		if p.verdict.Screen == "open" && m.Verdict.Screen == "black" {
			p.s.note("page black: " + m.Verdict.State.String())
		}
		p.verdict = *m.Verdict
	case "status", "welcome":
		p.status = *m.Status
	case "login":
		p.login = m.Login
	case "enrol":
		p.enrol = m.Enrol
	case "refused":
		p.refused = m.Problem.Code
	case "capture":
		p.asked = append(p.asked, m)
		if p.keeps.Load() {
			return nil
		}
		go func() { // as the page does, after its own moment
			p.say(wire.PageMessage{Type: "picture", Incident: m.Incident, FrameID: m.FrameID}, jpegBytes)
			p.say(wire.PageMessage{Type: "screen", Incident: m.Incident, FrameID: m.FrameID}, jpegBytes)
		}()
	}
	return nil
}

func (p *testPage) Close(code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = code
}

func (p *testPage) say(m wire.PageMessage, jpeg []byte) {
	select {
	case p.said <- pageSaid{m, jpeg}:
	case <-p.gone:
	}
}

func (p *testPage) leave() { p.once.Do(func() { close(p.gone) }) }

func (p *testPage) seen() (v wire.LocalVerdict, s wire.LocalStatus, login, enrol *wire.LocalProgress, refused string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.verdict, p.status, p.login, p.enrol, p.refused
}

// home is the strictest of the usual policies.
func home() wire.GuardPolicy {
	return wire.GuardPolicy{Name: "home", Version: 1, Place: sekisho.PlaceHome, Onlooker: true, AbsentMS: 5000, Reentry: "standard", LockOS: true, ConfirmEvery: 30}
}

// play runs a test on a stage whose PC is issued; set changes parts before the agent starts.
func play(t *testing.T, set func(s *stage, p *parts), act func(s *stage)) {
	t.Helper()
	dir := t.TempDir()
	officers() // outside the bubble: their keys take real time
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &stage{t: t, cancel: cancel, done: make(chan struct{})}
		s.far = &farServer{s: s, policy: home(), roster: officers().signed, fail: map[string]error{}, bundles: map[string][]byte{}, me: wire.Me{
			Person: wire.DeskPerson{ID: sekisho.PersonID(wire.NewID()), Name: "見本 花子", Consented: true, FaceUsable: true}, Policy: home(), Missing: []string{"face"}}}
		s.lock = &testLocker{s: s}
		thresholds, _ := vigil.ForEngine(vigil.EngineStandard)
		cfg := devicekey.Config{Dir: dir, Kind: devicekey.KindSoftware}
		key, err := devicekey.Create(ctx, cfg)
		if err != nil {
			t.Fatal(err)
		}
		key.Close()
		hash := officers().roots.Hash()
		e := uplink.Enrolment{Version: 1, Server: "127.0.0.1:1", Roots: officers().roots, RootsHash: hash[:], Device: sekisho.DeviceID(wire.NewID()),
			AssetTag: "PC-1", State: uplink.StateIssued, Tier: sekisho.TierB}
		if err := e.Save(dir); err != nil {
			t.Fatal(err)
		}
		s.nap = &nappingClock{clock: newClock()}
		clk := s.nap
		outbox, err := uplink.OpenOutbox(dir+"/outbox", uplink.MaxOutbox, clk)
		if err != nil {
			t.Fatal(err)
		}
		settings := defaults()
		settings.SoftwareKey = true
		p := parts{dir: dir, settings: settings, clock: clk, server: s.far, door: s, screen: testScreen{s}, locker: s.lock, outbox: outbox,
			engine: engine{name: vigil.EngineStandard, embedder: standardModels[1].SHA256, thresholds: thresholds},
			cameras: func() ([]inspect.Device, bool) {
				return []inspect.Device{{Name: "Webcam C270", Driver: "uvcvideo"}}, true
			},
			posture: func(context.Context, sekisho.DeviceID) wire.PostureReport {
				return wire.PostureReport{Platform: "linux"}
			},
			loadKey: func(ctx context.Context) (devicekey.Key, error) { return devicekey.Load(ctx, cfg) }}
		if set != nil {
			set(s, &p)
		}
		s.Agent = newAgent(ctx, p)
		s.begin()
		go func() { defer close(s.done); s.run() }()
		defer func() {
			if s.page != nil {
				s.page.leave()
			}
			cancel()
			<-s.done
		}()
		act(s)
	})
}

// sit opens a page, connects and waits until the agent is in quarantine.
func (s *stage) sit() {
	s.t.Helper()
	s.openPage()
	if err := s.Connect(""); err != nil {
		s.t.Fatal(err)
	}
	s.until("in quarantine", func() bool { return s.Status("").Phase == phaseQuarantine })
}

func (s *stage) openPage() {
	p := &testPage{s: s, said: make(chan pageSaid), gone: make(chan struct{})}
	s.page = p
	go func() { s.guard(s.ctx, p, "ja"); p.leave() }()
	go func() { // the page's main thread
		for {
			select {
			case <-time.After(250 * ms):
				if !p.hangs.Load() {
					p.say(wire.PageMessage{Type: "alive"}, nil)
				}
			case <-p.gone:
				return
			}
		}
	}()
	synctest.Wait()
}

// until lets time pass until something is so.
func (s *stage) until(what string, is func() bool) {
	s.t.Helper()
	for range 400 {
		synctest.Wait()
		if is() {
			return
		}
		time.Sleep(25 * ms)
	}
	v, status, login, enrol, refused := s.page.seen()
	s.t.Fatalf("never %s: verdict %+v, status %+v, login %+v, enrol %+v, refused %q, happened %s", what, v, status, login, enrol, refused, s.happened())
}

// axis is a unit vector whose cosine with axis(1) is c.
func axis(c float64) []byte {
	var v vigil.Vector
	v[0], v[1] = float32(c), float32(math.Sqrt(1-c*c))
	return v.Bytes()
}

func ptr(x float32) *float32 { return &x }

// someone is a clear, live face; similarity 1 is the operator.
func someone(similarity float64, x, yaw, pitch float32) wire.Face {
	return wire.Face{Box: [4]float32{x, 120, 140, 180}, Score: 0.95, Embedding: axis(similarity), Live: ptr(0.99), Yaw: ptr(yaw), Pitch: ptr(pitch), Sharpness: 200}
}

func operator() wire.Face { return someone(1, 250, 0, 0) }
func stranger() wire.Face { return someone(0, 250, 0, 0) }
func onlooker() wire.Face { return someone(0, 460, 0, 0) }

// show sends one frame as the page does, with the nonce that it was told last.
func (s *stage) show(change func(*wire.Frame), faces ...wire.Face) {
	s.id++
	s.page.mu.Lock()
	nonce := s.page.nonce
	s.page.mu.Unlock()
	f := wire.Frame{ID: s.id, AgeMS: 20, Width: 640, Height: 480, Faces: faces, Luma: 120, Spread: 50, Change: 3, Camera: webcam, Nonce: nonce}
	if change != nil {
		change(&f)
	}
	s.page.say(wire.PageMessage{Type: "frame", Frame: &f}, nil)
	synctest.Wait()
}

// film shows the same faces for a while, ten times a second.
func (s *stage) film(d time.Duration, faces ...wire.Face) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		s.show(nil, faces...)
		time.Sleep(100 * ms)
	}
	synctest.Wait()
}

// enrolFace goes through the five poses.
func (s *stage) enrolFace() {
	s.t.Helper()
	s.page.say(wire.PageMessage{Type: "enrol", Approval: sekisho.ApprovalID(wire.NewID())}, nil)
	poses := map[string]wire.Face{"front": operator(), "front2": operator(), "left": someone(1, 250, 15, 0), "right": someone(1, 250, -15, 0), "up": someone(1, 250, 0, 12)}
	for range 200 {
		synctest.Wait()
		_, _, _, e, _ := s.page.seen()
		if e != nil && (e.Step == vigil.StepDone || e.Step == vigil.StepFailed) {
			break
		}
		face := operator()
		if e != nil && e.Pose != "" {
			face = poses[e.Pose]
		}
		s.show(nil, face)
		time.Sleep(100 * ms)
	}
	if _, _, _, e, _ := s.page.seen(); e == nil || e.Step != vigil.StepDone {
		s.t.Fatalf("not enrolled: %+v", e)
	}
}

// logIn asks for a login and shows a face until it is decided.
func (s *stage) logIn(face wire.Face) (problem string) {
	s.t.Helper()
	s.page.mu.Lock()
	s.page.login, s.page.refused = nil, ""
	s.page.mu.Unlock()
	s.page.say(wire.PageMessage{Type: "login"}, nil)
	for range 300 {
		synctest.Wait()
		_, _, l, _, refused := s.page.seen()
		switch {
		case refused != "":
			return refused
		case l != nil && l.Step == vigil.StepDone:
			return ""
		case l != nil && l.Step == vigil.StepFailed:
			return l.Problem.Code
		}
		s.show(nil, face)
		time.Sleep(100 * ms)
	}
	s.t.Fatal("the login was never decided")
	return ""
}

// work is a stage at work: enrolled, logged in, live.
func (s *stage) work() {
	s.t.Helper()
	s.sit()
	s.enrolFace()
	if problem := s.logIn(operator()); problem != "" {
		s.t.Fatalf("not logged in: %s", problem)
	}
	s.film(500*ms, operator())
	if v, status, _, _, _ := s.page.seen(); v.Screen != "open" || status.Phase != phaseLive || !s.Live() {
		s.t.Fatalf("not at work: %+v %+v live %v", v, status, s.Live())
	}
	s.forget()
}

// closed checks that nothing is open any more.
func (s *stage) closed(why sekisho.State) {
	s.t.Helper()
	synctest.Wait()
	if s.Live() {
		s.t.Error("the front door still lets live routes pass")
	}
	v, status, _, _, _ := s.page.seen()
	if v.Screen == "open" || status.Phase == phaseLive {
		s.t.Errorf("the page still shows work: %+v, phase %s", v, status.Phase)
	}
	if got := s.happened(); !strings.Contains(got, "flows reset") || !strings.Contains(got, "lease ended: "+why.String()) {
		s.t.Errorf("happened: %s", got)
	}
}

// farGot is what the server has been told so far.
type farGot struct {
	connects int
	faces    []wire.FaceStatement
	approved []wire.ApprovedStatement
	ended    []string
	verdicts []uplink.Verdict
	session  sekisho.SessionID
	heard    uplink.Heard
	face     wire.FaceEnrolment
}

func (f *farServer) got() farGot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return farGot{f.connects, slices.Clone(f.faces), slices.Clone(f.approved), slices.Clone(f.ended), slices.Clone(f.verdicts), f.session, f.heard, f.face}
}

func (f *farServer) taken() (reports []wire.IncidentReport, bundles map[string][]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string][]byte{}
	for k, v := range f.bundles {
		out[k] = v
	}
	return slices.Clone(f.reports), out
}

// openBundle opens what was sealed, with both officers.
func openBundle(t *testing.T, bundle []byte) (sealing.Manifest, []sealing.Part) {
	t.Helper()
	var shares []sealing.Share
	for _, keys := range officers().keys {
		s, _, err := sealing.ShareOf(bundle, keys...)
		if err != nil {
			t.Fatal(err)
		}
		shares = append(shares, s)
	}
	m, parts, err := sealing.Open(bundle, shares...)
	if err != nil {
		t.Fatal(err)
	}
	return m, parts
}

func decodeHex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
