package presence

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func fakeClock() *clock.Fake {
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	clk.Advance(time.Hour)
	return clk
}

// early fails the test when a row is written while the session is still alive.
type early struct {
	*audit.Log
	check func(kind string)
}

func (e early) Append(ctx context.Context, tx storage.Tx, ev audit.Event) error {
	e.check(ev.Kind)
	return e.Log.Append(ctx, tx, ev)
}

func (e early) Afterwards(ev audit.Event) { e.check(ev.Kind); e.Log.Afterwards(ev) }

func TestReportEndsTheSessionBeforeAnythingIsWritten(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := fakeClock()
		c := newCentre(t, db, clk)
		var p *pc
		c.start(early{c.log, func(kind string) {
			if kind != "session.opened" && kind != "login.accepted" && p.alive() {
				t.Errorf("%s was written while the session was alive", kind)
			}
		}})
		p = c.connect("aoki")
		s := p.login()
		r, signed := p.report(sekisho.Onlooker, s.ID)
		clk.Advance(time.Second)
		c.must(c.room.Report(t.Context(), p.ID, signed))
		if p.alive() || len(c.ended) != 1 || c.ended[0].State != sekisho.Onlooker || c.ended[0].Reason != "lease.onlooker" {
			t.Fatalf("ended %+v", c.ended)
		}
		if got := clk.Mono() - c.ended[0].VerdictAt; got != 40*time.Millisecond {
			t.Errorf("verdict %v ago, reported 40ms", got)
		}
		i, err := c.room.Incident(t.Context(), r.Incident)
		c.must(err)
		if i.Session != s.ID || i.Person != "aoki" || i.Evidence != EvidenceExpected || !i.At.Equal(clk.Now().Add(-40*time.Millisecond)) {
			t.Fatalf("incident %+v", i)
		}
		if rows := c.rows("incident.reported"); len(rows) != 1 || rows[0].Detail["state"] != "onlooker" || rows[0].Session != s.ID {
			t.Fatalf("rows %v", rows)
		}
		// Again, with the evidence that was sealed meanwhile; then once more, lost on its way back.
		r.Evidence, r.OSLocked = []string{hash("camera"), hash("screen")}, true
		again := wire.SignWith(p.key, wire.DomainRecord, r)
		c.must(c.room.Report(t.Context(), p.ID, again))
		c.must(c.room.Report(t.Context(), p.ID, again))
		i, err = c.room.Incident(t.Context(), r.Incident)
		c.must(err)
		if len(i.Hashes) != 2 || !i.OSLocked || len(c.told) != 1 {
			t.Fatalf("incident %+v, told %d times", i, len(c.told))
		}
		if rows := c.rows("incident."); len(rows) != 2 || rows[1].Kind != "incident.completed" {
			t.Fatalf("rows %v", rows)
		}
	})
}

func TestReportsThatCountForNothing(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t), fakeClock())
	p, other := c.connect("aoki"), c.connect("baba")
	s := p.login()
	other.login()
	foreign := *p
	foreign.key = other.key
	good, signed := p.report(sekisho.Spoof, s.ID)
	flipped := wire.Signed{Payload: append(wire.Bytes{}, signed.Payload...), Signature: signed.Signature}
	flipped.Payload[20] ^= 1
	sign := func(change func(*wire.IncidentReport)) wire.Signed {
		_, x := p.report(sekisho.Spoof, s.ID, change)
		return x
	}
	_, byForeign := foreign.report(sekisho.Spoof, s.ID)
	for name, test := range map[string]struct {
		on   sekisho.ConnectionID
		r    wire.Signed
		code string
	}{
		"another connection's key":  {p.ID, byForeign, "incident.statement"},
		"on another connection":     {other.ID, signed, "incident.statement"},
		"no such connection":        {sekisho.ConnectionID(wire.NewID()), signed, "incident.statement"},
		"one bit flipped":           {p.ID, flipped, "incident.statement"},
		"another kind of statement": {p.ID, wire.SignWith(p.key, wire.DomainFace, good), "incident.statement"},
		"about another person":      {p.ID, sign(func(r *wire.IncidentReport) { r.Person = "baba" }), "incident.statement"},
		"present is no incident":    {p.ID, sign(func(r *wire.IncidentReport) { r.State = sekisho.Present }), "incident.malformed"},
		"break is no incident":      {p.ID, sign(func(r *wire.IncidentReport) { r.State = sekisho.Break }), "incident.malformed"},
		"a NUL that no table takes": {p.ID, sign(func(r *wire.IncidentReport) { r.LockReason = "a\x00" }), "incident.malformed"},
		"an id that is none":        {p.ID, sign(func(r *wire.IncidentReport) { r.Incident = "1; DROP TABLE" }), "incident.malformed"},
		"from the future":           {p.ID, sign(func(r *wire.IncidentReport) { r.AgoMS = -1 }), "incident.malformed"},
		"evidence that is no hash":  {p.ID, sign(func(r *wire.IncidentReport) { r.Evidence = []string{"../../etc/passwd"} }), "incident.malformed"},
		"too much evidence":         {p.ID, sign(func(r *wire.IncidentReport) { r.Evidence = make([]string, 100) }), "incident.malformed"},
		"a novel as a reason":       {p.ID, sign(func(r *wire.IncidentReport) { r.LockReason = strings.Repeat("長", 1001) }), "incident.malformed"},
	} {
		if err := c.room.Report(t.Context(), test.on, test.r); sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if !p.alive() || !other.alive() {
		t.Error("somebody else's report ended a session")
	}
	if list, err := c.room.Incidents(t.Context(), Filter{}); err != nil || len(list) != 0 {
		t.Errorf("kept %v, %v", list, err)
	}
	if err := c.room.Report(t.Context(), p.ID, signed); err != nil || p.alive() {
		t.Errorf("control: %v, alive %v", err, p.alive())
	}
	// Another person's PC cannot add to it.
	_, theirs := other.report(sekisho.Spoof, "", func(r *wire.IncidentReport) { r.Incident = good.Incident })
	if err := c.room.Report(t.Context(), other.ID, theirs); sekisho.CodeOf(err) != "incident.conflict" {
		t.Errorf("another's incident: %v", err)
	}
}

func TestALateReportDoesNotEndTheNextSession(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t), fakeClock())
	p := c.connect("aoki")
	old := p.login()
	c.book.End(old.ID, sekisho.Onlooker, "lease.onlooker")
	p.login()
	r, signed := p.report(sekisho.Onlooker, old.ID)
	c.must(c.room.Report(t.Context(), p.ID, signed))
	if !p.alive() {
		t.Fatal("a report about the last session ended this one")
	}
	if i, err := c.room.Incident(t.Context(), r.Incident); err != nil || i.Session != old.ID {
		t.Fatalf("%+v, %v", i, err)
	}
	// From a later connection of the same person it is still his; another's session is not.
	home := c.connect("aoki")
	r, signed = home.report(sekisho.Covered, old.ID)
	c.must(c.room.Report(t.Context(), home.ID, signed))
	if i, err := c.room.Incident(t.Context(), r.Incident); err != nil || i.Session != old.ID {
		t.Fatalf("%+v, %v", i, err)
	}
	baba := c.connect("baba")
	r, signed = baba.report(sekisho.Covered, old.ID)
	c.must(c.room.Report(t.Context(), baba.ID, signed))
	if i, err := c.room.Incident(t.Context(), r.Incident); err != nil || i.Session != "" {
		t.Fatalf("another's session: %+v, %v", i, err)
	}
}

func TestFloodOfReportsStillEndsSessions(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t), fakeClock())
	p := c.connect("aoki")
	for range reportsEach {
		_, signed := p.report(sekisho.Covered, "")
		c.must(c.room.Report(t.Context(), p.ID, signed))
	}
	s := p.login()
	_, signed := p.report(sekisho.Other, s.ID)
	c.refused(c.room.Report(t.Context(), p.ID, signed), "incident.too_many")
	if p.alive() {
		t.Fatal("the flood kept the session alive")
	}
}

func TestMissingEvidenceIsAnAlarm(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := fakeClock()
		c := newCentre(t, db, clk)
		p := c.connect("aoki")
		report := func() sekisho.IncidentID {
			r, signed := p.report(sekisho.Other, "")
			c.must(c.room.Report(t.Context(), p.ID, signed))
			return r.Incident
		}
		arrives, missing := report(), report()
		c.evidence.set(arrives, Facts{Pictures: 2})
		clk.Advance(59 * time.Second)
		c.room.checkEvidence(t.Context())
		if rows := c.rows("evidence."); len(rows) != 0 {
			t.Fatalf("alarm before its time: %v", rows)
		}
		clk.Jump(-time.Hour) // a wall clock that is set back delays no alarm
		clk.Advance(time.Second)
		c.room.checkEvidence(t.Context())
		c.room.checkEvidence(t.Context())
		rows := c.rows("evidence.")
		if len(rows) != 1 || rows[0].Kind != "evidence.missing" || rows[0].Object.ID != string(missing) {
			t.Fatalf("rows %v", rows)
		}
		state := func(id sekisho.IncidentID) string {
			i, err := c.room.Incident(t.Context(), id)
			c.must(err)
			return i.Evidence
		}
		if state(arrives) != EvidenceArrived || state(missing) != EvidenceMissing {
			t.Fatalf("%s, %s", state(arrives), state(missing))
		}
		c.must(c.room.EvidenceArrived(t.Context(), missing))
		if rows := c.rows("evidence.late"); len(rows) != 1 || state(missing) != EvidenceArrived {
			t.Fatalf("late: %v, %s", rows, state(missing))
		}
		// What was expected when the process ended is expected after it has started again.
		last := report()
		c.start(c.log)
		clk.Advance(evidenceWithin)
		c.evidence.fail = errors.New("the room of evidence is away")
		c.room.checkEvidence(t.Context())
		c.evidence.fail = nil
		if state(last) != EvidenceExpected {
			t.Fatal("an error was taken for an answer")
		}
		c.room.checkEvidence(t.Context())
		if state(last) != EvidenceMissing {
			t.Fatalf("after a restart: %s", state(last))
		}
	})
}

func TestServeWatchesForEvidence(t *testing.T) {
	served(t, func(t *testing.T, c *centre, _ *socket) {
		p := c.connect("aoki")
		_, signed := p.report(sekisho.Other, "")
		c.must(c.room.Report(t.Context(), p.ID, signed))
		time.Sleep(evidenceWithin + 2*time.Second)
		synctest.Wait()
		if rows := c.rows("evidence.missing"); len(rows) != 1 {
			t.Fatalf("rows %v", rows)
		}
	})
}

func TestDecide(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := fakeClock()
		c := newCentre(t, db, clk)
		p, sv := c.connect("aoki"), c.connect("sv")
		r, signed := p.report(sekisho.Onlooker, "")
		c.must(c.room.Report(t.Context(), p.ID, signed))
		own, signed := sv.report(sekisho.Onlooker, "")
		c.must(c.room.Report(t.Context(), sv.ID, signed))
		for name, test := range map[string]struct {
			by       sekisho.PersonID
			id       sekisho.IncidentID
			decision string
			note     string
			code     string
		}{
			"the person himself":         {"aoki", r.Incident, Harmless, "", "request.denied"},
			"an administrator":           {"admin", r.Incident, Harmless, "", "request.denied"},
			"nobody":                     {"", r.Incident, Harmless, "", "request.denied"},
			"a supervisor about himself": {"sv", own.Incident, Harmless, "", "incident.own"},
			"a word that is none":        {"officer", r.Incident, "fine", "", "incident.decision"},
			"no word":                    {"officer", r.Incident, "", "", "incident.decision"},
			"no such incident":           {"officer", sekisho.IncidentID(wire.NewID()), True, "", "incident.unknown"},
			"too long a note":            {"officer", r.Incident, True, strings.Repeat("長", 1001), "incident.note"},
			"a note with a NUL":          {"officer", r.Incident, True, "a\x00b", "incident.note"},
		} {
			if _, err := c.room.Decide(t.Context(), test.by, test.id, test.decision, test.note); sekisho.CodeOf(err) != test.code {
				t.Errorf("%s: %v, want %s", name, err, test.code)
			}
		}
		if rows := c.rows("incident.decided"); len(rows) != 0 {
			t.Fatalf("decided %v", rows)
		}
		i, err := c.room.Decide(t.Context(), "sv", r.Incident, Harmless, "家族が通った")
		c.must(err)
		if i.Decision != Harmless || i.Decider != "sv" || !i.Decided.Equal(clk.Now()) {
			t.Fatalf("%+v", i)
		}
		_, err = c.room.Decide(t.Context(), "officer", r.Incident, True, "")
		c.refused(err, "incident.decided")
		rows := c.rows("incident.decided")
		if len(rows) != 1 || rows[0].Reason != Harmless || rows[0].Actor.Role != sekisho.RoleSupervisor || rows[0].Personal["note"] != "家族が通った" {
			t.Fatalf("rows %v", rows)
		}
		if list, err := c.room.Incidents(t.Context(), Filter{Undecided: true}); err != nil || len(list) != 1 || list[0].ID != own.Incident {
			t.Fatalf("undecided %v, %v", list, err)
		}
	})
}

// TestDecisionsInTime: a late one is not in time, and one that nobody made is never
// too old to be told of.
func TestDecisionsInTime(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		const week = 7 * 24 * time.Hour
		clk := fakeClock()
		c := newCentre(t, db, clk)
		now := clk.Now()
		happened := func(ago, decided time.Duration) {
			i := Incident{ID: sekisho.IncidentID(wire.NewID()), State: sekisho.Onlooker, At: now.Add(-ago)}
			if decided > 0 {
				i.Decision, i.Decided = Harmless, i.At.Add(decided)
			}
			c.must(db.Write(t.Context(), func(tx storage.Tx) error { return insert(t.Context(), tx, i) }))
		}
		for _, days := range []time.Duration{6, 20, 200} { // 6 days: not due yet
			happened(days*24*time.Hour, 0)
		}
		happened(20*24*time.Hour, week+time.Second)
		happened(20*24*time.Hour, week)
		happened(200*24*time.Hour, time.Hour) // too old to be counted
		inTime, late, err := c.room.Decisions(t.Context(), now.Add(-90*24*time.Hour), now.Add(-week), week)
		if err != nil || inTime != 1 || late != 3 {
			t.Fatalf("%d in time, %d late, %v", inTime, late, err)
		}
	})
}

// TestNothingIsMissingOfWhatAWitnessSaw: no record of it is ever expected.
func TestNothingIsMissingOfWhatAWitnessSaw(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t), fakeClock())
	var id sekisho.IncidentID
	c.must(c.db.Write(t.Context(), func(tx storage.Tx) (err error) {
		id, err = c.room.Another(t.Context(), tx, "sv", "aoki", "pc", "connection")
		return err
	}))
	i, err := c.room.Incident(t.Context(), id)
	if err != nil || i.Evidence != EvidenceNone {
		t.Fatalf("%s, %v", i.Evidence, err)
	}
}

func TestRecordsShowEverythingAboutMeAndNothingElse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := fakeClock()
		c := newCentre(t, db, clk)
		p, other := c.connect("aoki"), c.connect("baba")
		s := p.login()
		clk.Advance(time.Second)
		r, signed := p.report(sekisho.Onlooker, s.ID)
		c.must(c.room.Report(t.Context(), p.ID, signed))
		_, signed = other.report(sekisho.Spoof, "")
		c.must(c.room.Report(t.Context(), other.ID, signed))
		clk.Advance(time.Minute)
		_, err := c.room.Decide(t.Context(), "officer", r.Incident, False, "影でした")
		c.must(err)
		until := clk.Now().Add(7 * 24 * time.Hour)
		c.evidence.set(r.Incident, Facts{Pictures: 2, DeleteAt: &until})
		for kind, reason := range map[string]string{"evidence.viewed": "判断のため", "evidence.held": "調査のため"} {
			c.write(audit.Event{
				Kind: kind, Actor: audit.Actor{Person: "officer", Role: sekisho.RoleOfficer}, Object: object(r.Incident),
				Personal: audit.Personal{"reason": reason},
			})
		}
		c.write(audit.Event{Kind: "evidence.deleted", Actor: audit.Actor{Process: "server"}, Object: object(r.Incident)})
		c.must(c.room.Object(t.Context(), "aoki", r.Incident, "誰もいませんでした"))
		c.refused(c.room.Object(t.Context(), "baba", r.Incident, "見たい"), "incident.unknown")
		c.refused(c.room.Object(t.Context(), "aoki", r.Incident, ""), "incident.note")
		c.must(c.log.Flush(t.Context()))

		page, err := c.room.Records(t.Context(), "aoki", 0)
		c.must(err)
		if page.Before != 0 {
			t.Errorf("there should be no more than one page: %d", page.Before)
		}
		kinds := map[string]wire.Record{}
		for i, r := range page.Records {
			kinds[r.Kind] = r
			if i > 0 && r.At.After(page.Records[i-1].At) {
				t.Errorf("record %d is newer than the one before", i)
			}
			if r.State == sekisho.Spoof {
				t.Error("a record of another person")
			}
		}
		in := kinds["incident.reported"]
		if in.Incident != r.Incident || in.Pictures != 2 || in.DeleteAt == nil || in.Decision != False || in.Note != "誰もいませんでした" {
			t.Errorf("incident %+v", in)
		}
		if v := kinds["evidence.viewed"]; !strings.Contains(v.Viewer, "officer") || v.Note != "判断のため" {
			t.Errorf("viewer %+v", v)
		}
		if h := kinds["evidence.held"]; h.Incident != r.Incident || h.Viewer == "" || h.Note != "調査のため" {
			t.Errorf("hold %+v", h)
		}
		if d := kinds["incident.decided"]; d.Note != "影でした" || d.Viewer == "" {
			t.Errorf("decision %+v", d)
		}
		for _, kind := range []string{"evidence.deleted", "incident.objected", "login.accepted", "session.opened", "session.ended"} {
			if kinds[kind].Kind == "" {
				t.Errorf("no record of %s", kind)
			}
		}
		if _, err := c.room.Records(t.Context(), "", 0); err == nil {
			t.Error("everybody's records for nobody")
		}
		if mine, err := c.room.Records(t.Context(), "officer", 0); err != nil || len(mine.Records) != 0 {
			t.Errorf("deciding about others is a record about oneself: %v, %v", mine, err)
		}
	})
}

// TestRecordsEndWhereTheLogEnds: however much somebody else's business lies
// between, page after page brings everything about a person, once.
func TestRecordsEndWhereTheLogEnds(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := fakeClock()
		c := newCentre(t, db, clk)
		const logins = 130
		himself, others := audit.Actor{Person: "sv", Role: sekisho.RoleOperator}, audit.Actor{Person: "sv", Role: sekisho.RoleSupervisor}
		for n := range logins {
			c.write(audit.Event{Kind: "login.accepted", Actor: himself, Detail: map[string]string{"n": strconv.Itoa(n)}, Closing: true})
			for range 4 { // as a supervisor: not about himself
				c.write(audit.Event{Kind: "face.cleared", Actor: others, Object: audit.Object{Type: "person", ID: "aoki"}, Closing: true})
			}
			clk.Advance(time.Second)
		}
		var all []wire.Record
		before := int64(0)
		for pages := 1; ; pages++ {
			page, err := c.room.Records(t.Context(), "sv", before)
			c.must(err)
			all = append(all, page.Records...)
			if before = page.Before; before == 0 {
				break
			}
			if pages > 10 {
				t.Fatal("no end")
			}
		}
		if len(all) != logins {
			t.Fatalf("%d records of %d", len(all), logins)
		}
		for i, r := range all {
			if i > 0 && !r.At.Before(all[i-1].At) {
				t.Fatalf("record %d is not older than the one before", i)
			}
		}
	})
}

// TestRecordsNameTheEnrolmentPicture with who had it, for as long as it is kept.
func TestRecordsNameTheEnrolmentPicture(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t), fakeClock())
	himself := audit.Object{Type: "person", ID: "aoki"}
	c.evidence.pictures[hash("picture")] = true
	c.write(audit.Event{Kind: "face.enrolled", Actor: audit.Actor{Person: "aoki", Role: sekisho.RoleOperator}, Object: himself, Detail: map[string]string{"picture": hash("picture")}})
	c.write(audit.Event{Kind: "evidence.viewed", Actor: audit.Actor{Person: "officer", Role: sekisho.RoleOfficer}, Object: himself, Personal: audit.Personal{"reason": "本人確認"}})
	page, err := c.room.Records(t.Context(), "aoki", 0)
	c.must(err)
	if len(page.Records) != 2 || page.Records[1].Kind != "face.enrolled" || page.Records[1].Pictures != 1 ||
		page.Records[0].Viewer == "" || page.Records[0].Note != "本人確認" {
		t.Errorf("%+v", page.Records)
	}
	c.evidence.pictures[hash("picture")] = false
	page, err = c.room.Records(t.Context(), "aoki", 0)
	c.must(err)
	if page.Records[1].Pictures != 0 {
		t.Error("a picture that is gone is still listed as kept")
	}
}

// TestLateEvidenceIsNoNewSuspicion: whoever passed the challenge after a
// detection is not asked again when its record is named.
func TestLateEvidenceIsNoNewSuspicion(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t), fakeClock())
	c.reentry = "strict"
	c.start(c.log)
	p := c.connect("aoki")
	s := p.login()
	asked := func() bool {
		t.Helper()
		n, err := c.book.LoginNonce(t.Context(), p.ID)
		c.must(err)
		return n.Challenge != ""
	}
	r, signed := p.report(sekisho.Other, s.ID)
	c.must(c.room.Report(t.Context(), p.ID, signed))
	if !asked() {
		t.Fatal("no challenge after another person")
	}
	p.login()
	_, signed = p.report(sekisho.Other, s.ID, func(again *wire.IncidentReport) {
		again.Incident, again.Evidence = r.Incident, []string{hash("record")}
	})
	c.must(c.room.Report(t.Context(), p.ID, signed))
	if asked() {
		t.Error("naming evidence raised the suspicion again")
	}
	if i, err := c.room.Incident(t.Context(), r.Incident); err != nil || len(i.Hashes) != 1 {
		t.Errorf("the evidence is not named: %v, %v", i.Hashes, err)
	}
	_, signed = p.report(sekisho.Other, "")
	c.must(c.room.Report(t.Context(), p.ID, signed))
	if !asked() {
		t.Error("a new detection raises none")
	}
}

// TestRefusedActsLeaveARow: who was refused what; and a PC that asks without end
// does not fill a log out of which nothing is taken.
func TestRefusedActsLeaveARow(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db, fakeClock())
		p := c.connect("sv")
		r, signed := p.report(sekisho.Onlooker, "")
		c.must(c.room.Report(t.Context(), p.ID, signed))
		_, err := c.room.Decide(t.Context(), "sv", r.Incident, Harmless, "")
		c.refused(err, "incident.own")
		_, err = c.room.Decide(t.Context(), "admin", "anybody's text", Harmless, "")
		c.refused(err, "request.denied")
		c.refused(c.room.Object(t.Context(), "aoki", r.Incident, "見たい"), "incident.unknown")
		for range 30 {
			_, signed := p.report(sekisho.Onlooker, "", func(r *wire.IncidentReport) { r.Person = "aoki" })
			c.refused(c.room.Report(t.Context(), p.ID, signed), "incident.statement")
		}
		decided := c.rows("incident.decision_refused")
		if len(decided) != 2 || decided[0].Reason != "incident.own" || decided[0].Object.ID != string(r.Incident) || decided[0].Decision != audit.Deny ||
			decided[1].Actor.Person != "admin" || decided[1].Object.ID != "" {
			t.Errorf("decisions %+v", decided)
		}
		if rows := c.rows("incident.objection_refused"); len(rows) != 1 || rows[0].Actor.Person != "aoki" {
			t.Errorf("objections %+v", rows)
		}
		if rows := c.rows("incident.refused"); len(rows) != 11 || rows[0].Actor.Device != p.Device || rows[10].Detail["more"] == "" {
			t.Errorf("%d rows of 30 refused reports", len(rows))
		}
	})
}

// TestADecisionStartsTheRetentionOrIsNone: a decision whose retention was not
// started would keep pictures of somebody's home for ever.
func TestADecisionStartsTheRetentionOrIsNone(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
		c := newCentre(t, db, clk)
		pc := c.connect("op")
		r, signed := pc.report(sekisho.Onlooker, "")
		c.must(c.room.Report(t.Context(), pc.ID, signed))
		c.evidence.fail = errors.New("disk is full")
		if _, err := c.room.Decide(t.Context(), "officer", r.Incident, Harmless, ""); err == nil {
			t.Fatal("decided without a retention")
		}
		if i, err := c.room.Incident(t.Context(), r.Incident); err != nil || i.Decision != Undecided {
			t.Fatalf("%q, %v", i.Decision, err)
		}
		c.evidence.fail = nil
		i, err := c.room.Decide(t.Context(), "officer", r.Incident, Harmless, "")
		c.must(err)
		if at := c.evidence.decided[r.Incident]; at.IsZero() || !at.Equal(i.Decided) {
			t.Errorf("the retention counts from %v, decided at %v", at, i.Decided)
		}
	})
}
