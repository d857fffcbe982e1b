package drills

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

// enrolled is a PC in quarantine whose person's face is known to the server.
func (f *Field) enrolled(ctx context.Context, policy string) (*rawpc.Connection, error) {
	person, err := f.Person(ctx)
	if err != nil {
		return nil, err
	}
	return f.enrolledAs(ctx, person, policy)
}

// enrolledAs is enrolled for a person of the drill's choice.
func (f *Field) enrolledAs(ctx context.Context, person, policy string) (*rawpc.Connection, error) {
	p, err := f.issueTo(ctx, person, policy)
	if err != nil {
		return nil, err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.Enrol(ctx, f.witness(ctx)); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// otherStatement spoils one member of the face statement at a time.
func otherStatement(ctx context.Context, f *Field, r *Result) error {
	a, err := f.enrolled(ctx, "demo")
	if err != nil {
		return err
	}
	defer a.Close()
	b, err := f.enrolled(ctx, "demo")
	if err != nil {
		return err
	}
	defer b.Close()
	var of wire.Me
	if err := b.Call(ctx, http.MethodGet, "me", nil, &of); err != nil {
		return err
	}
	// Five failures are free: each person is spoiled four times at most.
	spoils := []struct {
		name, want string
		c          *rawpc.Connection
		change     func(*wire.FaceStatement)
	}{
		{"another commitment", "face.commitment", a, func(s *wire.FaceStatement) { s.Commitment = of.Person.Commitment }},
		{"another person", "session.statement", a, func(s *wire.FaceStatement) { s.Person = of.Person.ID }},
		{"another connection", "session.statement", a, func(s *wire.FaceStatement) { s.Connection = b.Answer.Connection }},
		{"too few matches", "face.", a, func(s *wire.FaceStatement) { s.Matched = 1 }},
		{"not live", "face.not_live", b, func(s *wire.FaceStatement) { s.Live = false }},
		{"an old frame", "face.too_old", b, func(s *wire.FaceStatement) { s.AgeMS = 5000 }},
		{"an unknown model", "face.", b, func(s *wire.FaceStatement) { s.Model = strings.Repeat("0", 64) }},
	}
	r.Refused = true
	seen := []string{}
	for _, s := range spoils {
		_, err := s.c.Login(ctx, s.change)
		code := rawpc.CodeOf(err)
		r.Refused = r.Refused && strings.HasPrefix(code, s.want)
		seen = append(seen, s.name+": "+code)
	}
	r.Evidence = strings.Join(seen, ", ")
	for _, c := range []*rawpc.Connection{a, b} {
		if _, err := c.Login(ctx, nil); err != nil {
			return fmt.Errorf("the honest statement after it: %w", err)
		}
	}
	r.Control = true
	return nil
}

// replayedNonce sends the statement that opened a session once more, and a
// fresh statement under its nonce or under another connection's.
func replayedNonce(ctx context.Context, f *Field, r *Result) error {
	c, err := f.enrolled(ctx, "demo")
	if err != nil {
		return err
	}
	defer c.Close()
	b, err := f.enrolled(ctx, "demo")
	if err != nil {
		return err
	}
	defer b.Close()
	var used wire.FaceStatement
	if _, err := c.Login(ctx, func(s *wire.FaceStatement) { used = *s }); err != nil {
		return err
	}
	r.Control = true
	signed := wire.SignWith(c.Keys.Lease, wire.DomainFace, used)
	again := rawpc.CodeOf(c.Call(ctx, http.MethodPost, "sessions", wire.OpenSession{Face: &signed}, nil))
	_, err = c.Login(ctx, func(s *wire.FaceStatement) { s.Nonce = used.Nonce })
	old := rawpc.CodeOf(err)
	var theirs wire.LoginNonce
	if err := b.Call(ctx, http.MethodPost, "login-nonce", struct{}{}, &theirs); err != nil {
		return err
	}
	_, err = c.Login(ctx, func(s *wire.FaceStatement) { s.Nonce = theirs.Nonce })
	other := rawpc.CodeOf(err)
	r.Refused = all([]string{again, old, other}, "face.nonce")
	r.Evidence = fmt.Sprintf("the same statement again: %s; its nonce in a new one: %s; another connection's nonce: %s", again, old, other)
	return nil
}

// secondSession logs the same person in at another PC.
func secondSession(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	first, err := f.workAs(ctx, person, "demo", nil)
	if err != nil {
		return err
	}
	defer first.Close()
	alone := first.reaches(ctx) == nil
	second, err := f.workAs(ctx, person, "demo", nil)
	if err != nil {
		return err
	}
	defer second.Close()
	code := rawpc.CodeOf(first.reaches(ctx))
	row, err := f.ended(ctx, first)
	r.Refused = code == "session.required" && err == nil && row.Reason == "session.newer"
	r.Evidence = fmt.Sprintf("at the first PC: %s; %s", code, row)
	r.Control = alone && second.reaches(ctx) == nil
	return nil
}

// strictChallenge comes back after "other person" under the strict policy, with
// a match but without the challenge. Under the standard one a match is enough.
func strictChallenge(ctx context.Context, f *Field, r *Result) error {
	standard, err := f.enrolled(ctx, "demo")
	if err != nil {
		return err
	}
	defer standard.Close()
	strict, err := f.enrolled(ctx, "demo-strict")
	if err != nil {
		return err
	}
	defer strict.Close()
	for _, c := range []*rawpc.Connection{standard, strict} {
		if err := seenOther(ctx, c); err != nil {
			return err
		}
	}
	var asked string
	if _, err := standard.Login(ctx, func(s *wire.FaceStatement) { asked = s.Challenge }); err != nil {
		return fmt.Errorf("standard policy: %w", err)
	}
	without := asked == ""
	_, err = strict.Login(ctx, func(s *wire.FaceStatement) { asked, s.Challenge = s.Challenge, "" })
	none := rawpc.CodeOf(err)
	_, err = strict.Login(ctx, func(s *wire.FaceStatement) { s.Challenge = otherChallenge(s.Challenge) })
	wrong := rawpc.CodeOf(err)
	r.Refused = asked != "" && none == "session.challenge" && wrong == "face.challenge"
	r.Evidence = fmt.Sprintf("strict asked for %q; without it: %s; another: %s; standard asked for nothing", asked, none, wrong)
	_, err = strict.Login(ctx, nil)
	r.Control = without && err == nil
	return nil
}

func otherChallenge(asked string) string {
	all := vigil.Challenges
	return all[(slices.Index(all, asked)+1)%len(all)]
}

// seenOther opens a session and ends it by a report of another person in the seat.
func seenOther(ctx context.Context, c *rawpc.Connection) error {
	s, err := open(ctx, c, nil)
	if err != nil {
		return err
	}
	if err := s.reaches(ctx); err != nil {
		return err
	}
	var me wire.Me
	if err := c.Call(ctx, http.MethodGet, "me", nil, &me); err != nil {
		return err
	}
	report := wire.IncidentReport{
		Incident: sekisho.IncidentID(wire.NewID()), Session: s.answer.Session.ID, Person: me.Person.ID, State: sekisho.Other, Faces: 1,
	}
	_ = c.Report(ctx, report) // it ends the session, and with it the flow that carries the answer
	c.Fresh()
	return c.Report(ctx, report)
}

// strictRestart kills the server between the incident and the next login: the
// challenge must not be forgotten.
func strictRestart(ctx context.Context, f *Field, r *Result) error {
	own, err := f.Own(ctx, "strict")
	if err != nil {
		return err
	}
	defer own.Close()
	c, err := own.enrolled(ctx, "demo-strict")
	if err != nil {
		return err
	}
	defer c.Close()
	if err := seenOther(ctx, c); err != nil {
		return err
	}
	if _, err := own.Audit(ctx, "session.ended", func(Row) bool { return true }); err != nil {
		return err
	}
	before, err := challengeOf(ctx, c)
	if err != nil {
		return err
	}
	own.Server.Kill()
	if err := own.Serve(ctx); err != nil {
		return err
	}
	p := *c.PC
	p.Server = own.Addresses.Agents
	again, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	defer again.Close()
	after, err := challengeOf(ctx, again)
	if err != nil {
		return err
	}
	_, err = again.Login(ctx, func(s *wire.FaceStatement) { s.Challenge = "" })
	r.Refused = after != "" && err != nil
	r.Evidence = fmt.Sprintf("challenge before the restart: %q, after it: %q; login without: %s", before, after, rawpc.CodeOf(err))
	_, err = again.Login(ctx, nil)
	r.Control = before != "" && err == nil
	return nil
}

func challengeOf(ctx context.Context, c *rawpc.Connection) (string, error) {
	var n wire.LoginNonce
	err := c.Call(ctx, http.MethodPost, "login-nonce", struct{}{}, &n)
	return n.Challenge, err
}
