package drills

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/rawpc"
)

func homeDrills() []Drill {
	return []Drill{
		{"console of a guard session that ended", "whoever kept what opened a supervisor's console", endedConsole},
		{"another person in a supervisor's console", "an administrator's code or cookie at a supervisor's PC", otherInConsole},
		{"console from outside the office without the agent", "a cookie that was copied from the office", outsideConsole},
		{"onlooker at a supervisor's console", "somebody at home looks at the floor, or copied what opens it", overShoulder},
		{"log taken away through the tunnel", "an officer at home wants the log on his own disk", exportAtHome},
	}
}

// openConsole goes the way of the console's page in the frame: a ticket that the
// desk asks for, traded for a bearer of its own.
func (c caller) openConsole(ctx context.Context) (caller, error) {
	var ticket wire.LocalTicket
	var held wire.LocalBearer
	code, err := c.send(ctx, http.MethodPost, "/local/v1/console", nil, &ticket)
	if err == nil && code == "" {
		code, err = c.send(ctx, http.MethodPost, "/local/v1/console/bearer", ticket, &held)
	}
	if err == nil && code != "" {
		err = fmt.Errorf("drills: the console is refused: %s", code)
	}
	c.bearer = held.Bearer
	return c, err
}

// console asks a route of the console: "200" or the code of the refusal.
func (c caller) console(ctx context.Context, method, path string, in any) string {
	return c.with("Content-Type", "application/json").ask(ctx, method, wire.ConsolePrefix+path, in)
}

// consoleEvents opens the console's socket and waits for its first message.
func (c caller) consoleEvents(ctx context.Context) (*websocket.Conn, error) {
	bearer := c.bearer
	c.bearer = "" // a browser cannot set it on a WebSocket
	h, host := c.with("Sec-Fetch-Site", "").headers()
	ws, _, err := websocket.Dial(ctx, "ws://"+c.host()+wire.ConsolePrefix+"events", &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: c.dial}}, HTTPHeader: h, Host: host,
	})
	if err != nil {
		return nil, err
	}
	var first wire.Event
	if err := errors.Join(wsjson.Write(ctx, ws, wire.LocalBearer{Bearer: bearer}), wsjson.Read(ctx, ws, &first)); err != nil || first.Type != "hello" {
		ws.CloseNow()
		return nil, fmt.Errorf("drills: the console's socket says %q: %s", first.Type, closing(err))
	}
	return ws, nil
}

// silent reads a socket until it is closed, and says how long that took.
func silent(ctx context.Context, ws *websocket.Conn, limit time.Duration) (time.Duration, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		if _, _, err := ws.Read(ctx); err != nil {
			return time.Since(began), ctx.Err()
		}
	}
}

// endedConsole lets somebody look over a supervisor's shoulder at a real agent,
// and then asks with what her console's page had held: in between, and in her
// next session. What the agent might let pass, the server is asked itself.
func endedConsole(ctx context.Context, f *Field, r *Result) error {
	pc, err := f.issueAgent(ctx, centre.PCOptions{Person: supervisor})
	if err != nil {
		return err
	}
	defer pc.Close()
	if _, err := pc.Start(ctx); err != nil {
		return err
	}
	page, err := quarantined(ctx, pc, newSomebody())
	if err != nil {
		return err
	}
	defer page.close()
	if err := page.enrolFace(ctx, f); err != nil {
		return err
	}
	if code, err := page.logIn(ctx, limitLogin); err != nil || code != "" {
		return fmt.Errorf("drills: login: %s: %w", code, err)
	}
	if _, err := page.live(ctx, true, limitLogin); err != nil {
		return err
	}
	held, err := page.openConsole(ctx)
	if err != nil {
		return err
	}
	in := held.console(ctx, http.MethodPost, "session/demo", map[string]string{"person": f.Seeded.People[pc.Person]})
	before := held.console(ctx, http.MethodGet, "floor", nil)
	ws, err := held.consoleEvents(ctx)
	if err != nil {
		return err
	}
	defer ws.CloseNow()
	var waiting wire.LocalTicket // asked for, and not yet used
	if _, err := page.send(ctx, http.MethodPost, "/local/v1/console", nil, &waiting); err != nil {
		return err
	}
	other := newSomebody()
	page.look(&other)
	took, err := silent(ctx, ws, 5*time.Second)
	if err != nil {
		return fmt.Errorf("drills: the console's socket stays open before an onlooker: %w", err)
	}
	during := held.console(ctx, http.MethodGet, "floor", nil)
	page.look(nil)
	if _, err := page.live(ctx, false, limitLogin); err != nil {
		return err
	}
	if code, err := page.logIn(ctx, limitLogin); err != nil || code != "" {
		return fmt.Errorf("drills: alone again, and not back: %s: %w", code, err)
	}
	if _, err := page.live(ctx, true, limitLogin); err != nil {
		return err
	}
	after := held.console(ctx, http.MethodGet, "floor", nil)
	late := page.ask(ctx, http.MethodPost, "/local/v1/console/bearer", waiting)
	fresh, err := page.openConsole(ctx)
	if err != nil {
		return err
	}
	next := fresh.console(ctx, http.MethodGet, "floor", nil) // her console session ended with the guard's
	raw, err := f.endedTunnel(ctx)
	if err != nil {
		return err
	}
	r.Control = in == "200" && before == "200"
	r.Refused = during == "local.bearer_required" && after == "local.bearer_required" && late == "local.console_ticket" &&
		next == "console.signed_out" && raw == "session.required"
	r.Evidence = fmt.Sprintf("floor before: %s; an onlooker: socket closed after %d ms, its bearer: %s; in the next session: %s, a ticket: %s, a fresh page: %s; signed to the server after the end: %s",
		before, took.Milliseconds(), during, after, late, next, raw)
	return nil
}

// endedTunnel asks the server itself, over the tunnel that is still up, once the
// guard session has ended.
func (f *Field) endedTunnel(ctx context.Context) (string, error) {
	s, err := f.consoleAt(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := s.Console(ctx, http.MethodGet, "floor", nil, nil); err != nil {
		return "", err
	}
	_ = s.Call(ctx, http.MethodPost, "session/end", wire.EndSession{Reason: "left"}, nil) // its own flow is reset with the others
	for {
		s.Fresh()
		err := s.Console(ctx, http.MethodGet, "floor", nil, nil)
		if _, refused := errors.AsType[*rawpc.Refused](err); refused || err == nil || sleep(ctx, 50*time.Millisecond) != nil {
			return answered(err), nil
		}
	}
}

// consoleAt is somebody at home in a live guard session, signed in to the console.
func (f *Field) consoleAt(ctx context.Context, role sekisho.Role) (*session, error) {
	person, err := f.Person(ctx, role)
	if err != nil {
		return nil, err
	}
	return f.consoleOf(ctx, person)
}

func (f *Field) consoleOf(ctx context.Context, person string) (*session, error) {
	s, err := f.workAs(ctx, person, "demo", nil)
	if err != nil {
		return nil, err
	}
	if err := s.Console(ctx, http.MethodPost, "session/demo", map[string]string{"person": person}, nil); err != nil {
		s.Close()
		return nil, fmt.Errorf("drills: sign in to the console: %w", err)
	}
	return s, nil
}

// otherInConsole sits at a supervisor's PC, in her guard session, with all that
// an administrator has: his name, a code that he got, his cookie.
func otherInConsole(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx, sekisho.RoleSupervisor)
	if err != nil {
		return err
	}
	s, err := f.workAs(ctx, person, "demo", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	boss, err := f.As(ctx, "admin")
	if err != nil {
		return err
	}
	var code struct {
		Code string `json:"code"`
	}
	if err := boss.Post(ctx, "home/code/finish", map[string]string{"ceremony": ""}, &code); err != nil {
		return err
	}
	named := rawpc.CodeOf(s.Console(ctx, http.MethodPost, "session/demo", map[string]string{"person": boss.Person}, nil))
	coded := rawpc.CodeOf(s.Console(ctx, http.MethodPost, "home/passkey/begin", map[string]string{"code": code.Code}, nil))
	req, err := s.SignConsole(ctx, http.MethodGet, "people", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Cookie", boss.Cookie())
	cookie := rawpc.CodeOf(s.Do(req, nil))
	row, err := f.Audit(ctx, "login.refused", func(x Row) bool {
		return x.Person == person && x.Reason == "home.other_person"
	})
	if err != nil {
		return err
	}
	operator, err := f.work(ctx, nil)
	if err != nil {
		return err
	}
	defer operator.Close()
	plain := rawpc.CodeOf(operator.Console(ctx, http.MethodGet, "session", nil, nil))
	herself := s.Console(ctx, http.MethodPost, "session/demo", map[string]string{"person": person}, nil)
	floor := s.Console(ctx, http.MethodGet, "floor", nil, nil)
	r.Control = herself == nil && floor == nil && boss.Get(ctx, "people", nil) == nil
	r.Refused = named == "home.other_person" && coded == "home.other_person" && cookie == "console.signed_out" && plain == "console.not_for_you"
	r.Evidence = fmt.Sprintf("his name: %s, his code: %s, his cookie: %s; %s; an operator's PC: %s", named, coded, cookie, row, plain)
	return nil
}

// exportAtHome asks, signed in as an officer at home, for everything that leaves
// a file behind.
func exportAtHome(ctx context.Context, f *Field, r *Result) error {
	officer, err := f.Person(ctx, sekisho.RoleOfficer)
	if err != nil {
		return err
	}
	s, err := f.consoleOf(ctx, officer)
	if err != nil {
		return err
	}
	defer s.Close()
	codes, seen := []string{}, []string{}
	for _, path := range []string{"audit/export", "audit/rows?format=csv", "audit/1/proof", "evidence/" + strings.Repeat("0", 64) + "?reason=x", "reports/018f0000-0000-7000-8000-000000000000/file", "training/records"} {
		code := rawpc.CodeOf(s.Console(ctx, http.MethodGet, path, nil, nil))
		codes, seen = append(codes, code), append(seen, path[:min(len(path), 14)]+": "+code)
	}
	read := s.Console(ctx, http.MethodGet, "audit", nil, nil)
	office, err := f.Enter(ctx, officer)
	if err != nil {
		return err
	}
	var rows []byte
	taken := office.Get(ctx, "audit/rows?format=csv&person="+officer, &rows) // of himself: a whole log takes two
	row, err := f.Audit(ctx, "door.refused", func(x Row) bool {
		return x.Reason == "home.not_here" && x.Detail["route"] == "GET /audit/export"
	})
	if err != nil {
		return err
	}
	r.Control = read == nil && taken == nil && len(rows) > 0
	r.Refused = all(codes, "home.not_here") && row.Session == string(s.answer.Session.ID)
	r.Evidence = fmt.Sprintf("at home he reads the log; %s; %s; in the office he takes %d bytes of rows", strings.Join(seen, ", "), row, len(rows))
	return nil
}
