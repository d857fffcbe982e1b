package console_test

import (
	"context"
	"math"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/calls/acd"
	"github.com/sekisho/sekisho/internal/calls/exchange"
	"github.com/sekisho/sekisho/internal/calls/recordings"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/wire"
)

// telephone is a telephone that only says what it was asked to do.
type telephone struct {
	board acd.Board
	calls []exchange.View
	facts []acd.Fact
	asked []string
}

func (p *telephone) Board() acd.Board                       { return p.board }
func (p *telephone) Calls() []exchange.View                 { return p.calls }
func (p *telephone) At(person sekisho.PersonID) exchange.At { return exchange.At{} }
func (p *telephone) ask(what string, id sekisho.CallID) error {
	p.asked = append(p.asked, what+" "+string(id))
	return nil
}

func (p *telephone) Watch(_ context.Context, _ sekisho.PersonID, id sekisho.CallID, m exchange.Mode) error {
	return p.ask(string(m), id)
}

func (p *telephone) Unwatch(_ context.Context, _ sekisho.PersonID, id sekisho.CallID) error {
	return p.ask("leave", id)
}

func (p *telephone) TakeOver(_ context.Context, _ sekisho.PersonID, id sekisho.CallID) error {
	return p.ask("take", id)
}

func (p *telephone) EndCall(_ context.Context, _ sekisho.PersonID, id sekisho.CallID) error {
	return p.ask("end", id)
}

func (p *telephone) Force(s acd.AgentState) {
	p.asked = append(p.asked, s.State.String()+" "+string(s.Agent))
}

func (p *telephone) Count(_ context.Context, from, to time.Time, span time.Duration) (*acd.Tally, error) {
	t, err := acd.NewTally(span)
	for _, f := range p.facts {
		if err == nil && !f.At.Before(from) && f.At.Before(to) {
			t.Add(f)
		}
	}
	return t, err
}

func (p *telephone) Attendance(context.Context, time.Time, time.Time) ([]acd.Attendance, error) {
	t := acd.NewAttendances()
	for _, f := range p.facts {
		t.Add(f)
	}
	return t.Days(), nil
}

func (p *telephone) Number(text string) (calls.Number, error) {
	n, _, err := calls.ParseNumber(text, "81")
	return n, err
}

// hears lets supervisors hear the works that they are on, as the wiring does.
type hears struct{ c *clients.Clients }

func (h hears) Works(ctx context.Context, v recordings.Viewer, client sekisho.ClientID) (recordings.Works, error) {
	if v.Role == sekisho.RoleSupervisor {
		works, err := h.c.WorksOf(ctx, v.Person)
		var out recordings.Works
		for w, c := range works {
			if c == client {
				out.Only = append(out.Only, w)
			}
		}
		if err != nil || len(works) > 0 {
			return out, err
		}
	}
	return recordings.Works{All: true}, nil
}

// ring makes the telephone of a centre.
func (c *centre) ring(dir string, box *seal.Box, keys *seal.Keys) {
	c.t.Helper()
	c.telephone = &telephone{}
	folder := made(recordings.Dir(filepath.Join(dir, "recordings")))(c.t)
	c.recordings = made(recordings.New(c.db, c.clk, box, c.log, folder, recordings.Config{Keys: keys, Scope: hears{c.clients}, Node: "one", Patience: 50 * time.Millisecond}))(c.t)
	c.t.Cleanup(func() { must(c.t, c.recordings.Close(context.Background())) })
}

const caller = "09012345678"

// recorded makes a recording of two seconds with one tone on either side.
func (c *centre) recorded(client sekisho.ClientID, work sekisho.WorkID, operator sekisho.PersonID) sekisho.RecordingID {
	c.t.Helper()
	ctx := c.t.Context()
	tape := made(c.recordings.Begin(ctx, recordings.Meta{
		Call: sekisho.CallID(wire.NewID()), Client: client, Work: work, Operator: operator, Number: "+819012345678", Direction: recordings.In,
	}))(c.t)
	for n := range 100 {
		payload := make([]byte, 160)
		for i := range payload {
			payload[i] = byte(0x80 + int(40*math.Sin(float64(i)/8)))
		}
		at := c.clk.Mono()
		frame := calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, Source: 1, Seq: uint16(n), Stamp: uint32(160 * n), At: at, Payload: payload}
		tape.Caller().Take(frame)
		tape.Centre().Take(frame)
		c.clk.Advance(20 * time.Millisecond)
	}
	must(c.t, tape.Close(ctx))
	return tape.ID()
}

// TestTheTelephonesOfOnesWorks: a supervisor who is on a work sees its queue, people
// and calls, acts on them, and nothing of another client; no number is in an answer.
func TestTheTelephonesOfOnesWorks(t *testing.T) {
	c := newCentre(t, true)
	held := c.twoClients()
	a, b := held[ofA], held[ofB]
	from, both := made(clients.ParseDay("2026-11-01"))(t), []sekisho.Role{sekisho.RoleSupervisor, sekisho.RoleOperator}
	made(c.people.Update(t.Context(), c.who["admin"].ID, c.who["sv"].ID, operators.Change{Roles: &both}))(t)
	made(c.clients.Assign(t.Context(), c.who["admin"].ID, clients.Assignment{Work: a.work, Person: c.who["sv"].ID, From: from}))(t)
	mine, other := sekisho.CallID(wire.NewID()), sekisho.CallID(wire.NewID())
	for _, one := range []struct {
		holding
		call sekisho.CallID
		name string
	}{{a, mine, "ご注文"}, {b, other, "お問い合わせ"}} {
		queue := sekisho.QueueID(wire.NewID())
		c.telephone.board.Queues = append(c.telephone.board.Queues, acd.QueueNow{ID: queue, Client: one.client, Work: one.work, Name: one.name, Waiting: 2, Today: acd.Figures{Queued: 4, Answered: 3, InTarget: 2, Abandoned: 1}})
		c.telephone.board.Agents = append(c.telephone.board.Agents, acd.AgentNow{Person: one.operator, State: acd.Talking, Call: one.call, Works: []sekisho.WorkID{one.work}})
		c.telephone.calls = append(c.telephone.calls, exchange.View{
			About: exchange.About{ID: one.call, Direction: "in", Client: one.client, Work: one.work, Caller: "+819012345678", Begun: c.clk.Now()},
			Stage: "talking", Queue: queue, Operator: one.operator, Recording: "on",
		})
		c.telephone.facts = append(c.telephone.facts,
			acd.Fact{At: c.clk.Now(), Kind: acd.FactQueued, Queue: queue, Work: one.work, Client: one.client},
			acd.Fact{At: c.clk.Now(), Kind: acd.FactState, Agent: one.operator, State: acd.Ready})
	}
	sv, all := c.as("sv"), c.as("sv2")
	raw := sv.do("GET", "/calls/board", nil)
	var board console.CallBoardView
	raw.into(t, &board)
	if len(board.Queues) != 1 || board.Queues[0].Name != "ご注文" || *board.Queues[0].Today.ServiceLevel != 0.5 || len(board.Agents) != 1 || board.Agents[0].Call != mine || len(board.Calls) != 1 {
		t.Errorf("the board of one work: %s", raw.body)
	}
	if strings.Contains(raw.body, "1234567") || strings.Contains(raw.body, string(b.work)) || strings.Contains(raw.body, string(other)) {
		t.Errorf("more than his: %s", raw.body)
	}
	for _, call := range []sekisho.CallID{mine, other} {
		for _, act := range []struct {
			method, path string
			body         any
		}{{"POST", "/watch", map[string]string{"mode": "listen"}}, {"POST", "/take", nil}, {"POST", "/end", nil}} {
			if got := sv.do(act.method, "/calls/"+string(call)+act.path, act.body); (got.status == http.StatusNoContent) != (call == mine) {
				t.Errorf("%s %s: %d %s", act.method, act.path, got.status, got.body)
			}
		}
	}
	if a := sv.do("PUT", "/calls/people/"+string(b.operator)+"/state", map[string]string{"state": "break", "reason": "見本"}); a.status != http.StatusNotFound {
		t.Errorf("another work's operator: %d", a.status)
	}
	if a := sv.do("PUT", "/calls/people/"+string(a.operator)+"/state", map[string]string{"state": "break", "reason": "見本"}); a.status != http.StatusNoContent || len(c.rows("call.state_forced")) != 1 {
		t.Errorf("his operator: %d %s", a.status, a.body)
	}
	if want := "listen,take,end,break"; !strings.HasPrefix(strings.Join(c.telephone.asked, ","), "listen "+string(mine)) || len(c.telephone.asked) != 4 {
		t.Errorf("asked %v, want %s of his call alone", c.telephone.asked, want)
	}
	period := "from=2026-11-22&to=2026-11-22"
	for who, rows := range map[*browser]int{sv: 1, all: 2} {
		var report console.CallReportView
		who.do("GET", "/calls/report?span=15&by=work&"+period, nil).into(t, &report)
		if report.Found != rows || report.Rows[0].Figures.Queued != 1 {
			t.Errorf("%d rows: %+v", report.Found, report.Rows)
		}
		var days console.AttendancesView
		who.do("GET", "/calls/attendance?"+period, nil).into(t, &days)
		if days.Found != rows {
			t.Errorf("%d days, want %d", days.Found, rows)
		}
	}
	file := sv.do("GET", "/calls/attendance/file?"+period, nil)
	if file.status != http.StatusOK || strings.Count(file.body, "\r\n") != 2 || len(c.rows("call.attendance_taken")) != 1 {
		t.Errorf("%d %s", file.status, file.body)
	}
	if file := sv.do("GET", "/calls/report/file?span=60&by=client&"+period, nil); file.status != http.StatusOK || strings.Count(file.body, "\r\n") != 2 {
		t.Errorf("%d %s", file.status, file.body)
	}
	if a := sv.do("GET", "/calls/report?span=15&by=queue&from=2026-09-01&to=2026-11-01", nil); a.code() != "acd.period" {
		t.Errorf("two months by quarters of an hour: %d %s", a.status, a.body)
	}
}

// TestListening: a client company's auditor hears his own company's recordings and
// nobody else's; every opening is in the log; the sound comes in pieces, inline, and
// belongs to whoever opened it.
func TestListening(t *testing.T) {
	c := newCentre(t, true)
	held := c.twoClients()
	own, other := c.recorded(held[ofA].client, held[ofA].work, held[ofA].operator), c.recorded(held[ofB].client, held[ofB].work, held[ofB].operator)
	client, officer := c.as("client-a"), c.as("officer")
	var found console.RecordingsView
	raw := client.do("POST", "/recordings/search", map[string]any{"client": held[ofA].client, "number": caller})
	raw.into(t, &found)
	if len(found.Recordings) != 2 || found.Recordings[0].ID != own || strings.Contains(raw.body, "9012345") {
		t.Fatalf("%s", raw.body)
	}
	if a := client.do("POST", "/recordings/search", map[string]any{"client": held[ofB].client}); a.status != http.StatusNotFound {
		t.Errorf("another client's: %d %s", a.status, a.body)
	}
	if a := client.do("POST", "/recordings/"+string(other)+"/listen", nil); a.status != http.StatusNotFound || len(c.rows("recording.listen_refused")) == 0 {
		t.Errorf("another client's recording: %d %s", a.status, a.body)
	}
	var opened console.ListeningView
	client.do("POST", "/recordings/"+string(own)+"/listen", nil).into(t, &opened)
	if opened.Seconds < 1.9 || len(opened.Caller) < 30 || len(c.rows("recording.listened")) != 3 {
		t.Fatalf("%+v", opened)
	}
	path := "/listening/" + opened.Listening + "?from=0&to=10"
	sound := client.do("GET", path, nil)
	if sound.status != http.StatusOK || !strings.HasPrefix(sound.body, "RIFF") || len(sound.body) < 30_000 || sound.header.Get("Content-Disposition") != "inline" || sound.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v, %d bytes", sound.status, sound.header, len(sound.body))
	}
	if a := officer.do("GET", path, nil); a.code() != "recording.listening_over" {
		t.Errorf("with another's opening: %d %s", a.status, a.body)
	}
	for _, bad := range []string{"", "?from=0", "?from=-1&to=3", "?from=0&to=61", "?from=5&to=5"} {
		if a := client.do("GET", "/listening/"+opened.Listening+bad, nil); a.status != http.StatusUnprocessableEntity && a.status != http.StatusBadRequest {
			t.Errorf("%q: %d", bad, a.status)
		}
	}
	var detail console.RecordingDetailView
	client.do("GET", "/recordings/"+string(own), nil).into(t, &detail)
	if len(detail.Listeners) != 1 || detail.Listeners[0].Name != "" || detail.Days != recordings.StandardDays {
		t.Errorf("%+v", detail.Listeners)
	}
	c.clk.Advance(2 * time.Hour)
	if a := client.do("GET", path, nil); a.status == http.StatusOK {
		t.Error("an opening of two hours ago still plays")
	}
	if a := c.as("admin").do("POST", "/recordings/"+string(own)+"/listen", nil); a.code() != "console.role_missing" {
		t.Errorf("an administrator: %d %s", a.status, a.body)
	}
}

// TestKeepingRecordings: a hold is one person's act, its end and fewer days are acts of two.
func TestKeepingRecordings(t *testing.T) {
	c := newCentre(t, true)
	held := c.twoClients()
	c.administrators()
	id, client := c.recorded(held[ofA].client, held[ofA].work, held[ofA].operator), held[ofA].client
	admin, second := c.as("admin"), c.as("admin2")
	reason := map[string]string{"reason": "係争中"}
	if a := c.as("sv").do("POST", "/recordings/"+string(id)+"/hold", reason); a.status != http.StatusNoContent {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := admin.do("POST", "/recordings/"+string(id)+"/lift", map[string]string{"reason": "解決"}); a.code() != "act.asked" {
		t.Fatalf("one administrator alone: %d %s", a.status, a.body)
	}
	one := c.as("auditor").acts().Open[0]
	if one.Kind != "recording.lift" || one.Differences[0].Before != "係争中" {
		t.Errorf("%+v", one)
	}
	if a := second.confirm(one); a.status != http.StatusOK || len(c.rows("recording.released")) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
	days := func(n int) reply {
		return admin.do("PUT", "/recordings/retention/"+string(client), map[string]any{"days": n, "reason": "契約"})
	}
	if a := days(120); a.status != http.StatusOK {
		t.Errorf("more days: %d %s", a.status, a.body)
	}
	if a := days(30); a.code() != "act.asked" {
		t.Errorf("fewer days: %d %s", a.status, a.body)
	}
	if a := second.confirm(c.as("auditor").acts().Open[0]); a.status != http.StatusOK {
		t.Errorf("%d %s", a.status, a.body)
	}
	if n := made(c.recordings.Retention(t.Context(), client))(t); n != 30 {
		t.Errorf("%d days", n)
	}
}
