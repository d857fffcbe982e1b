package drills

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
)

// Desk is one PC with a running agent that drills on its front door share.
func (f *Field) Desk(ctx context.Context) (*centre.PC, error) {
	f.mu.Lock()
	pc := f.desk
	f.mu.Unlock()
	if pc != nil {
		return pc, nil
	}
	pc, err := f.issueAgent(ctx, centre.PCOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := pc.Start(f.ctx); err != nil {
		return nil, err
	}
	f.later(pc.Close)
	f.mu.Lock()
	f.desk = pc
	f.mu.Unlock()
	return pc, nil
}

// frame is a measurement as the page sends it.
func frame(id uint64) wire.PageMessage {
	return wire.PageMessage{Type: "frame", Frame: &wire.Frame{ID: id, AgeMS: 20, Width: 640, Height: 480, Faces: []wire.Face{}, Luma: 120, Spread: 50, Change: 5, Camera: "camera"}}
}

// welcomed says whether the guard's socket takes this bearer.
func welcomed(ctx context.Context, c caller) bool {
	ws, answer, _ := c.socket(ctx, wire.PageMessage{Type: "hello", Bearer: c.bearer, Language: "ja"})
	if ws != nil {
		ws.CloseNow()
	}
	return answer.Type == "welcome"
}

// withoutTicket reports measurements and presses buttons without a ticket.
func withoutTicket(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.Desk(ctx)
	if err != nil {
		return err
	}
	page, err := enter(ctx, pc)
	if err != nil {
		return err
	}
	r.Control = welcomed(ctx, page) && page.ask(ctx, http.MethodGet, "/local/v1/status", nil) == "200"
	stranger := caller{port: pc.Port}
	guesser := caller{port: pc.Port, bearer: strings.Repeat("A", 43)}
	codes := []string{}
	for _, first := range []any{
		frame(1), // no hello at all
		wire.PageMessage{Type: "hello"},
		wire.PageMessage{Type: "hello", Bearer: guesser.bearer},
		wire.PageMessage{Type: "login", Bearer: page.bearer}, // the bearer, but not as a hello
	} {
		_, _, code := stranger.socket(ctx, first)
		codes = append(codes, code)
	}
	for _, c := range []caller{stranger, guesser} {
		codes = append(codes, c.ask(ctx, http.MethodPost, "/local/v1/connect", nil), c.ask(ctx, http.MethodGet, "/local/v1/status", nil),
			c.ask(ctx, http.MethodGet, "/api/desk/v1/me", nil))
	}
	r.Refused = all(codes, "local.bearer_required")
	r.Evidence = fmt.Sprintf("%d attempts on the guard's socket, the buttons and the desk's routes: %s", len(codes), codes[0])
	if !r.Refused {
		r.Evidence = strings.Join(codes, ", ")
	}
	return nil
}

// usedTicket uses a page's ticket a second time, and guesses one.
func usedTicket(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.Desk(ctx)
	if err != nil {
		return err
	}
	c := caller{port: pc.Port}
	url, err := pc.Ticket(ctx)
	if err != nil {
		return err
	}
	trade := func(ticket string) string {
		return c.ask(ctx, http.MethodPost, "/local/v1/bearer", wire.LocalTicket{Ticket: ticket})
	}
	r.Control = trade(ticketOf(url)) == "200"
	again, guess, none := trade(ticketOf(url)), trade(strings.Repeat("A", 43)), trade("")
	// The newest page wins: the bearer of the page before is worth nothing any more.
	older, err := enter(ctx, pc)
	if err != nil {
		return err
	}
	if _, err := enter(ctx, pc); err != nil {
		return err
	}
	old := older.ask(ctx, http.MethodGet, "/local/v1/status", nil)
	r.Refused = all([]string{again, guess, none}, "local.ticket_used") && old == "local.bearer_required"
	r.Evidence = fmt.Sprintf("the same ticket: %s, a guessed one: %s, none: %s; the bearer of an earlier page: %s", again, guess, none, old)
	return nil
}

// verdictFromPage tells the agent what to think in place of what was measured.
func verdictFromPage(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.Desk(ctx)
	if err != nil {
		return err
	}
	page, err := enter(ctx, pc)
	if err != nil {
		return err
	}
	if s, err := page.connect(ctx); err != nil || s.Phase != "quarantine" {
		return fmt.Errorf("drills: %s %s: %w", s.Phase, s.Code, err)
	}
	hello := wire.PageMessage{Type: "hello", Bearer: page.bearer}
	ended := []string{}
	for _, message := range []string{
		`{"type":"verdict","verdict":{"state":"present","screen":"open"}}`,
		`{"type":"frame","frame":{"id":1,"width":640,"height":480,"faces":[],"state":"present"}}`,
		`{"type":"login","statement":{"live":true,"matched":5}}`,
		`{"type":"status","status":{"phase":"live"}}`,
	} {
		ws, _, code := page.socket(ctx, hello)
		if ws == nil {
			return fmt.Errorf("drills: the page itself is refused: %s", code)
		}
		ended = append(ended, closedBy(ctx, ws, message))
	}
	s, err := page.status(ctx)
	if err != nil {
		return err
	}
	ws, _, code := page.socket(ctx, hello)
	if ws == nil {
		return fmt.Errorf("drills: the page itself is refused: %s", code)
	}
	defer ws.CloseNow()
	for n := range 3 { // measurements are taken, and answered by a verdict of the agent's own
		if err := wsjson.Write(ctx, ws, frame(uint64(n+1))); err != nil {
			return err
		}
	}
	within, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for !r.Control {
		var m wire.AgentMessage
		if err := wsjson.Read(within, ws, &m); err != nil {
			return err
		}
		r.Control = m.Type == "verdict" && m.Verdict != nil && m.Verdict.Screen == "black"
	}
	r.Refused = s.Phase == "quarantine" && s.Session == ""
	for _, why := range ended { // the farewell may be cut off; what matters is that the socket is
		r.Refused = r.Refused && (why == "request.malformed" || strings.HasSuffix(why, "EOF"))
	}
	r.Evidence = fmt.Sprintf("a verdict, a state in a frame, a statement, a status: %s; the agent stays in %s", strings.Join(ended, ", "), s.Phase)
	return nil
}

// closedBy sends a message and waits for the reason with which the agent hangs up.
func closedBy(ctx context.Context, ws *websocket.Conn, message string) string {
	defer ws.CloseNow()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := ws.Write(ctx, websocket.MessageText, []byte(message))
	for err == nil {
		_, _, err = ws.Read(ctx)
	}
	return closing(err)
}

// foreignLocal sends a page's requests with the right bearer from other origins,
// under other names, and in ways that a page cannot.
func foreignLocal(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.Desk(ctx)
	if err != nil {
		return err
	}
	page, err := enter(ctx, pc)
	if err != nil {
		return err
	}
	port := strconv.Itoa(pc.Port)
	strangers := []caller{
		page.with("Origin", "https://evil.example"),
		page.with("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"),
		page.with("Origin", "http://sekisho.localhost:"+strconv.Itoa(pc.Port+1), "Sec-Fetch-Site", "same-site"),
		page.with("Origin", "http://localhost:"+port),
		page.with("Origin", "http://127.0.0.1:"+port),
		page.with("Origin", "null"),
		page.with("Origin", ""),
		page.with("Sec-Fetch-Site", "cross-site"),
		page.with("Sec-Fetch-Site", "same-site"),
		page.with("Sec-Fetch-Site", "none"),
		page.with("Sec-Fetch-Site", ""),
		page.with("Host", "evil.example:"+port),
		page.with("Host", "localhost:"+port),
		page.with("Host", "127.0.0.1:"+port),
		page.with("Host", "sekisho.localhost"),
		page.with("Service-Worker", "script"),
	}
	codes := []string{}
	for _, c := range strangers {
		codes = append(codes, c.ask(ctx, http.MethodPost, "/local/v1/connect", nil))
	}
	codes = append(codes, page.ask(ctx, http.MethodPut, "/local/v1/connect", nil), page.ask(ctx, http.MethodDelete, "/local/v1/connect", nil))
	for _, c := range []caller{page.with("Origin", "https://evil.example"), page.with("Origin", ""), page.with("Host", "evil.example:"+port)} {
		_, _, code := c.socket(ctx, wire.PageMessage{Type: "hello", Bearer: page.bearer})
		codes = append(codes, code)
	}
	r.Refused = all(codes, "local.foreign_request")
	r.Evidence = fmt.Sprintf("%d requests with the right bearer under other origins, names and methods: %s", len(codes), codes[0])
	if !r.Refused {
		r.Evidence = strings.Join(codes, ", ")
	}
	r.Control = page.ask(ctx, http.MethodPost, "/local/v1/connect", nil) == "200" && welcomed(ctx, page)
	return nil
}

// signForMe asks the agent, with the page's own bearer, for what it composes and
// signs itself.
func signForMe(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.Desk(ctx)
	if err != nil {
		return err
	}
	page, err := enter(ctx, pc)
	if err != nil {
		return err
	}
	if s, err := page.connect(ctx); err != nil || s.Phase != "quarantine" {
		return fmt.Errorf("drills: %s %s: %w", s.Phase, s.Code, err)
	}
	statement := map[string]any{"face": map[string]string{"payload": "e30", "signature": "AA"}}
	codes := []string{}
	for _, a := range []struct{ method, path string }{
		{http.MethodPost, "login-nonce"}, {http.MethodPost, "sessions"}, {http.MethodPost, "faces"}, {http.MethodPost, "incidents"},
		{http.MethodPost, "pins"}, {http.MethodPost, "session/end"}, {http.MethodGet, "roster"}, {http.MethodPost, "me"},
		{http.MethodPost, "consent/../sessions"}, {http.MethodPost, "%73essions"}, {http.MethodPost, "approvals/../login-nonce"}, {http.MethodGet, "me/"},
	} {
		codes = append(codes, page.ask(ctx, a.method, "/api/desk/v1/"+a.path, statement))
	}
	console := page.ask(ctx, http.MethodGet, "/api/console/v1/people", nil) // it has a bearer of its own
	elsewhere := []string{page.ask(ctx, http.MethodPost, "/local/v1/sign", statement),
		page.ask(ctx, http.MethodPost, "/api/pc/v1/pins", statement)}
	rows := 0
	for _, code := range codes {
		if code != "local.agent_only" {
			rows++
		}
	}
	r.Refused = rows == 0 && all(elsewhere, "request.not_found") && console == "local.bearer_required"
	r.Evidence = fmt.Sprintf("%d routes and spellings: %s; doors that are not the desk's: %s, the console's: %s", len(codes), codes[0], elsewhere[0], console)
	if !r.Refused {
		r.Evidence = strings.Join(append(append(codes, elsewhere...), console), ", ")
	}
	r.Control = page.ask(ctx, http.MethodGet, "/api/desk/v1/me", nil) == "200" // this it carries and signs
	return nil
}

// squatter holds one of the two loopback addresses before the agent starts.
func squatter(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.Desk(ctx)
	if err != nil {
		return err
	}
	dir, err := f.Folder("squatted")
	if err != nil {
		return err
	}
	seen := []string{}
	r.Refused = true
	for _, address := range []string{"[::1]", "127.0.0.1", "[::]", "0.0.0.0"} {
		held, err := net.Listen("tcp", address+":0")
		if err != nil {
			seen = append(seen, address+" does not exist here")
			continue
		}
		port := held.Addr().(*net.TCPAddr).Port
		said, started, err := f.startsOn(ctx, pc, filepath.Join(dir, strconv.Itoa(port)), port, 3*time.Second)
		if err != nil {
			return err
		}
		_ = held.Close() // the next one wants another
		r.Refused = r.Refused && !started && strings.Contains(said, "local.port_taken") && strings.Contains(said, "held by")
		seen = append(seen, address+" held: "+whose(said))
		if address == "[::1]" { // once the squatter has gone it starts, on both
			_, r.Control, err = f.startsOn(ctx, pc, filepath.Join(dir, "free"), port, 3*time.Second)
			if err != nil {
				return err
			}
		}
	}
	r.Evidence = strings.Join(seen, "; ")
	return nil
}

func whose(said string) string {
	_, rest, ok := strings.Cut(said, "held by ")
	if !ok {
		return lastWords(said)
	}
	rest, _, _ = strings.Cut(rest, ")")
	return "refused to start, names " + rest + ")"
}

func lastWords(s string) string { s = strings.TrimSpace(s); return s[max(0, len(s)-100):] }

// startsOn runs a second agent of a PC on a port and says whether it holds both
// addresses within the time.
func (f *Field) startsOn(ctx context.Context, pc *centre.PC, dir string, port int, limit time.Duration) (said string, started bool, err error) {
	if err := copyFolder(pc.Dir, dir); err != nil {
		return "", false, err
	}
	if err := os.Remove(filepath.Join(dir, "agent.log")); err != nil { // what the first agent said
		return "", false, err
	}
	other := centre.PC{PCOptions: centre.PCOptions{Port: port}, Dir: dir}
	if err := other.Configure(); err != nil {
		return "", false, err
	}
	p, err := centre.Run(dir, "agent", []string{"LANG=en"}, filepath.Join(f.Bin, "sekisho-agent"), "run", "--data", dir)
	if err != nil {
		return "", false, err
	}
	defer p.Kill()
	for until := time.Now().Add(limit + 7*time.Second); time.Now().Before(until); {
		select {
		case <-p.Done():
			return p.Tail(), false, nil
		default:
		}
		if strings.Contains(p.Tail(), "the agent runs") {
			four, err4 := net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port))
			six, err6 := net.Dial("tcp", "[::1]:"+strconv.Itoa(port))
			if err4 == nil {
				_ = four.Close() // only whether it opened matters
			}
			if err6 == nil {
				_ = six.Close()
			}
			return p.Tail(), err4 == nil && err6 == nil, nil
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return "", false, err
		}
	}
	return p.Tail(), false, nil
}

// Stranger is what another user of the PC runs: he has even got hold of the
// page's bearer, and asks for the state. It prints what he got.
func Stranger(port int, bearer string) int {
	c := caller{port: port, bearer: bearer}
	fmt.Print(os.Geteuid(), " ", c.ask(context.Background(), http.MethodGet, "/local/v1/status", nil))
	return 0
}

// otherUser asks as another user of the same PC, with the page's own bearer.
func otherUser(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.Desk(ctx)
	if err != nil {
		return err
	}
	page, err := enter(ctx, pc)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := f.Folder("stranger")
	if err != nil {
		return err
	}
	program, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	tool := filepath.Join(dir, "stranger")
	if err := os.WriteFile(tool, program, 0o755); err != nil {
		return err
	}
	args := []string{"-stranger", strconv.Itoa(pc.Port), "-bearer", page.bearer}
	run := func(user uint32) (string, error) {
		cmd := exec.CommandContext(ctx, tool, args...)
		if os.Geteuid() != int(user) {
			if os.Geteuid() == 0 {
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
			} else {
				cmd = exec.CommandContext(ctx, "sudo", append([]string{"-n", "-u", "#" + strconv.Itoa(int(user)), tool}, args...)...)
			}
		}
		out, err := cmd.Output()
		return string(out), err
	}
	const nobody = 65534
	theirs, err := run(nobody)
	if err != nil {
		return fmt.Errorf("drills: another user of this machine is needed (root, or sudo without a password): %w", err)
	}
	mine, err := run(uint32(os.Geteuid()))
	if err != nil {
		return err
	}
	id, answer, _ := strings.Cut(theirs, " ")
	r.Refused = id == strconv.Itoa(nobody) && answer != "200" && strings.Contains(pc.Agent.Tail(), "another user")
	r.Control = strings.HasSuffix(mine, " 200")
	r.Evidence = fmt.Sprintf("user %s with the right bearer: %.80s; the agent's log: refused a connection of another user", id, answer)
	return nil
}
