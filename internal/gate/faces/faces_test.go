package faces

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

func hash(of string) string { sum := sha256.Sum256([]byte(of)); return hex.EncodeToString(sum[:]) }

var model = hash("embedder")

// people are those of a test: "sv" supervises.
type people struct{ demo bool }

func (p *people) Holds(_ context.Context, _ storage.Tx, who sekisho.PersonID, r sekisho.Role) (bool, error) {
	return who == "sv" && r == sekisho.RoleSupervisor || who == "sv2" && r == sekisho.RoleSupervisor, nil
}
func (p *people) Others(context.Context, storage.Tx, sekisho.PersonID, []sekisho.Role) (bool, error) {
	return true, nil
}
func (p *people) Demo(context.Context) (bool, error) { return p.demo, nil }

// watching refuses what its error says; the real room is tried in gate/witnesses.
type watching struct{ err error }

func (w *watching) Seen(context.Context, storage.Tx, By, wire.FaceEnrolment) error { return w.err }

type room struct {
	*testing.T
	*Faces
	clk      *clock.Fake
	log      *audit.Log
	people   *people
	asked    *approvals.Approvals
	pictures *pictures
	watching watching
	by       By
	key      ed25519.PrivateKey
}

// pictures are those that were uploaded, and whether an enrolment took them. The
// real room is tried with this one in guard/evidence.
type pictures struct {
	of      map[string]By
	taken   []string
	dropped []string
	swept   []string
	stuck   error // of the vault
	bounded bool  // the last sweep ends by itself
}

var errPicture = sekisho.Fail(sekisho.KindConflict, "evidence.picture")

func (p *pictures) TakePicture(_ context.Context, _ storage.Tx, who sekisho.PersonID, d sekisho.DeviceID, hash string) error {
	if by, ok := p.of[hash]; !ok || by.Person != who || by.Device != d || slices.Contains(p.taken, hash) {
		return errPicture
	}
	p.taken = append(p.taken, hash)
	return nil
}

func (p *pictures) DropPicture(_ context.Context, _ storage.Tx, who sekisho.PersonID, d sekisho.DeviceID, hash string) error {
	if by := p.of[hash]; by.Person == who && by.Device == d {
		p.dropped = append(p.dropped, hash)
	}
	return nil
}

func (p *pictures) Sweep(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, p.bounded = ctx.Deadline()
	if p.stuck == nil {
		p.swept = append(p.swept, p.dropped...)
	}
	return p.stuck
}

func (p *pictures) kept(hash string) bool {
	return slices.Contains(p.taken, hash) && !slices.Contains(p.swept, hash)
}

// uploaded says that the room's person uploaded a picture from his PC.
func (r *room) uploaded(hash string) string {
	r.pictures.of[hash] = r.by
	return hash
}

func newRoom(t *testing.T, db *storage.DB) *room {
	t.Helper()
	r := &room{T: t, clk: clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)), people: &people{}}
	r.must(db.Migrate(t.Context(), audit.Schema, approvals.Schema, Schema))
	var err error
	r.log, err = audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	r.must(err)
	t.Cleanup(func() { r.must(r.log.Close()) })
	r.asked = approvals.New(db, r.clk, r.log, r.people)
	r.pictures = &pictures{of: map[string]By{}}
	r.Faces = New(db, r.clk, Deps{
		Witness: r.asked, Watched: &r.watching, People: r.people, Pictures: r.pictures, Audit: r.log, Models: []string{model},
		Contact: Contact{Responsible: "個人情報保護管理者", Reach: "内線 100"},
	})
	pub, key, err := ed25519.GenerateKey(nil)
	r.must(err)
	r.by, r.key = By{Connection: "c-1", Device: "pc-1", Person: "op", LeaseKey: pub}, key
	r.uploaded(hash("picture"))
	return r
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) refused(err error, code string) {
	r.Helper()
	if err == nil || sekisho.CodeOf(err) != code {
		r.Fatalf("error %v, want %s", err, code)
	}
}

func (r *room) answer(yes bool) {
	r.Helper()
	r.must(r.Answer(r.Context(), r.by, wire.ConsentAnswer{Version: consentVersion, Accept: yes}))
}

// witness gets a supervisor's approval of a kind for the room's person.
func (r *room) witness(kind string) sekisho.ApprovalID {
	r.Helper()
	q, err := r.asked.Ask(r.Context(), approvals.Question{Kind: kind, Person: r.by.Person, Device: r.by.Device, Connection: r.by.Connection})
	r.must(err)
	_, err = r.asked.Decide(r.Context(), "sv", q.ID, true, q.Code)
	r.must(err)
	return q.ID
}

func (r *room) enrolment(change ...func(*wire.FaceEnrolment)) wire.Signed {
	e := wire.FaceEnrolment{
		Connection: r.by.Connection, Person: r.by.Person, Approval: "a", Commitment: hash("face"), Model: model,
		Engine: EngineStandard, Poses: 5, Picture: hash("picture"),
	}
	for _, fn := range change {
		fn(&e)
	}
	return wire.SignWith(r.key, wire.DomainEnrol, e)
}

// enrolled gives consent and enrols; the sealed picture lies in the vault.
func (r *room) enrolled() string {
	r.Helper()
	r.answer(true)
	picture := r.uploaded(hash("sealed picture"))
	id := r.witness(approvals.KindWitness)
	r.must(r.Enrol(r.Context(), r.by, r.enrolment(func(e *wire.FaceEnrolment) { e.Approval, e.Picture = id, picture })))
	return picture
}

// login judges an honest statement, or one that change makes less so.
func (r *room) login(change ...func(*wire.FaceStatement)) error {
	n, err := r.Nonce(r.Context(), r.by.Connection, r.by.Person, r.by.Device, false)
	if err != nil {
		return err
	}
	s := wire.FaceStatement{
		Connection: r.by.Connection, Person: r.by.Person, Nonce: n.Nonce, Commitment: hash("face"), Model: model,
		Engine: EngineStandard, Frames: 5, Matched: 3, Live: true, AgeMS: 1500,
	}
	for _, fn := range change {
		fn(&s)
	}
	return r.Judge(r.Context(), s)
}

func (r *room) kinds() []string {
	r.Helper()
	r.must(r.log.Flush(r.Context()))
	found, err := r.log.Search(r.Context(), audit.Filter{})
	r.must(err)
	out := []string{}
	for _, e := range slices.Backward(found) {
		out = append(out, e.Event.Kind)
	}
	return out
}

func TestConsentTexts(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ja, en := r.Consent("ja"), r.Consent("en")
	for _, text := range []wire.ConsentText{ja, en} {
		if text.Version != consentVersion || text.Title == "" || text.Purpose == "" || text.Kept == "" || text.Refusal == "" ||
			text.Contact != "内線 100" || text.Responsible == "" {
			t.Errorf("%+v lacks something", text)
		}
	}
	if ja.Language != "ja" || en.Language != "en" || r.Consent("fr").Language != "ja" {
		t.Error("language")
	}
	if !strings.Contains(ja.Kept, "画面全体") || !strings.Contains(en.Kept, "whole screen") {
		t.Error("that the whole screen is taken is not said")
	}
	for text, words := range map[string][]string{ja.Kept: {"長くて30日", "長くて75日", "映像で立ち会う"}, en.Kept: {"30 days at most", "75 days at most", "witnesses an enrolment by video"}} {
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Errorf("%q is not said", w)
			}
		}
		for line := range strings.Lines(text) {
			if n := len([]rune(line)); n > 500 {
				t.Errorf("a paragraph of %d characters", n)
			}
		}
	}
	if !strings.Contains(ja.Refusal, "不利益") || !strings.Contains(ja.Kept, "7日") || !strings.Contains(en.Refusal, "no disadvantage") {
		t.Error("what the law wants said is not said")
	}
}

func TestNoFaceWithoutConsentAndWitness(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		id := r.witness(approvals.KindWitness)
		with := func(e *wire.FaceEnrolment) { e.Approval = id }
		r.refused(r.Enrol(t.Context(), r.by, r.enrolment(with)), "consent.required")
		r.refused(r.Answer(t.Context(), r.by, wire.ConsentAnswer{Version: consentVersion + 1, Accept: true}), "consent.version")
		r.answer(false)
		r.refused(r.Enrol(t.Context(), r.by, r.enrolment(with)), "consent.required")
		r.answer(true)
		if ok, err := r.Consented(t.Context(), "op"); err != nil || !ok {
			t.Fatalf("%v, %v", ok, err)
		}
		r.refused(r.Enrol(t.Context(), r.by, r.enrolment()), "approval.unknown")
		session := r.witness(approvals.KindSession)
		r.refused(r.Enrol(t.Context(), r.by, r.enrolment(func(e *wire.FaceEnrolment) { e.Approval = session })), "approval.unknown")
		if _, err := r.Commitment(t.Context(), "op", "pc-1"); sekisho.CodeOf(err) != "face.not_enrolled" {
			t.Fatalf("something is kept: %v", err)
		}
		r.must(r.Enrol(t.Context(), r.by, r.enrolment(with)))
		r.refused(r.Enrol(t.Context(), r.by, r.enrolment(with)), "approval.used")
		got, err := r.Commitment(t.Context(), "op", "pc-1")
		if err != nil || got.Commitment != hash("face") || got.Model != model {
			t.Fatalf("%+v, %v", got, err)
		}
	})
}

func TestEnrolmentsThatAreRefused(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.answer(true)
	_, foreign, _ := ed25519.GenerateKey(nil)
	id := r.witness(approvals.KindWitness)
	for name, test := range map[string]struct {
		change func(*wire.FaceEnrolment)
		code   string
	}{
		"another person":           {func(e *wire.FaceEnrolment) { e.Person = "other" }, "face.statement"},
		"another connection":       {func(e *wire.FaceEnrolment) { e.Connection = "c-2" }, "face.statement"},
		"four poses":               {func(e *wire.FaceEnrolment) { e.Poses = 4 }, "face.poses"},
		"commitment in capitals":   {func(e *wire.FaceEnrolment) { e.Commitment = strings.ToUpper(e.Commitment) }, "face.malformed"},
		"no commitment":            {func(e *wire.FaceEnrolment) { e.Commitment = "" }, "face.malformed"},
		"no picture":               {func(e *wire.FaceEnrolment) { e.Picture = "" }, "face.malformed"},
		"a model nobody knows":     {func(e *wire.FaceEnrolment) { e.Model = hash("other") }, "face.model"},
		"an engine nobody knows":   {func(e *wire.FaceEnrolment) { e.Engine = "" }, "face.engine"},
		"demo engine, real centre": {func(e *wire.FaceEnrolment) { e.Engine = EngineDemo }, "face.engine"},
	} {
		signed := r.enrolment(func(e *wire.FaceEnrolment) { e.Approval = id }, test.change)
		if err := r.Enrol(t.Context(), r.by, signed); sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	key := r.key
	r.key = foreign
	r.refused(r.Enrol(t.Context(), r.by, r.enrolment(func(e *wire.FaceEnrolment) { e.Approval = id })), "face.statement")
	r.key = key
	r.must(r.Enrol(t.Context(), r.by, r.enrolment(func(e *wire.FaceEnrolment) { e.Approval = id })))
}

func TestJudge(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.enrolled()
	r.must(r.login())
	for name, test := range map[string]struct {
		change func(*wire.FaceStatement)
		code   string
	}{
		"another commitment":        {func(s *wire.FaceStatement) { s.Commitment = hash("swapped") }, "face.commitment"},
		"no commitment":             {func(s *wire.FaceStatement) { s.Commitment = "" }, "face.commitment"},
		"another model":             {func(s *wire.FaceStatement) { s.Model = hash("other") }, "face.model"},
		"demo engine":               {func(s *wire.FaceStatement) { s.Engine = EngineDemo }, "face.engine"},
		"two frames":                {func(s *wire.FaceStatement) { s.Frames, s.Matched = 2, 2 }, "face.frames"},
		"too many frames":           {func(s *wire.FaceStatement) { s.Frames, s.Matched = 51, 51 }, "face.frames"},
		"two of five":               {func(s *wire.FaceStatement) { s.Matched = 2 }, "face.not_matched"},
		"three of ten":              {func(s *wire.FaceStatement) { s.Frames = 10 }, "face.not_matched"},
		"six of five":               {func(s *wire.FaceStatement) { s.Matched = 6 }, "face.not_matched"},
		"not live":                  {func(s *wire.FaceStatement) { s.Live = false }, "face.not_live"},
		"1,501 ms old":              {func(s *wire.FaceStatement) { s.AgeMS = 1501 }, "face.too_old"},
		"from the future":           {func(s *wire.FaceStatement) { s.AgeMS = -1 }, "face.too_old"},
		"challenge that nobody set": {func(s *wire.FaceStatement) { s.Challenge = "turn_left" }, "face.challenge"},
		"zero":                      {func(s *wire.FaceStatement) { *s = wire.FaceStatement{} }, "face.nonce"},
		"another's nonce":           {func(s *wire.FaceStatement) { s.Person = "other" }, "face.nonce"},
		"on another connection":     {func(s *wire.FaceStatement) { s.Connection = "c-2" }, "face.nonce"},
		"one bit of the nonce":      {func(s *wire.FaceStatement) { s.Nonce[3] ^= 1 }, "face.nonce"},
	} {
		if err := r.login(test.change); sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
		r.must(r.Clear(t.Context(), "sv", "op"))
		if err := r.login(); err != nil {
			t.Errorf("control after %s: %v", name, err)
		}
	}
}

// What is drawn is what the PC's judge knows, and each of it comes up.
func TestChallengesThatAreDrawn(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.enrolled()
	drawn := map[string]int{}
	for range 200 {
		n, err := r.Nonce(t.Context(), "c-1", "op", "pc-1", true)
		r.must(err)
		drawn[n.Challenge]++
	}
	for _, c := range vigil.Challenges {
		if drawn[c] == 0 {
			t.Errorf("%s is never drawn", c)
		}
		delete(drawn, c)
	}
	if len(drawn) > 0 {
		t.Errorf("drawn although nobody measures it: %v", drawn)
	}
}

func TestNonceOnceAndForSixtySeconds(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.enrolled()
	statement := func(n wire.LoginNonce) wire.FaceStatement {
		return wire.FaceStatement{Connection: "c-1", Person: "op", Nonce: n.Nonce, Commitment: hash("face"), Model: model,
			Engine: EngineStandard, Frames: 5, Matched: 5, Live: true, Challenge: n.Challenge}
	}
	ask := func(challenge bool) wire.LoginNonce {
		n, err := r.Nonce(t.Context(), "c-1", "op", "pc-1", challenge)
		r.must(err)
		return n
	}
	n := ask(false)
	r.must(r.Judge(t.Context(), statement(n)))
	r.refused(r.Judge(t.Context(), statement(n)), "face.nonce")
	r.refused(r.Spend("c-1", "op", n.Nonce), "face.nonce")

	n = ask(false)
	ask(false) // asking again voids the first
	r.refused(r.Judge(t.Context(), statement(n)), "face.nonce")

	n = ask(false)
	r.clk.Advance(nonceLife - 1)
	r.must(r.Judge(t.Context(), statement(n)))
	n = ask(false)
	r.clk.Advance(nonceLife)
	r.clk.Jump(-time.Hour) // a wall clock set back makes it no younger
	r.refused(r.Judge(t.Context(), statement(n)), "face.nonce")

	n = ask(true)
	if !slices.Contains(vigil.Challenges, n.Challenge) {
		t.Fatalf("challenge %q", n.Challenge)
	}
	s := statement(n)
	s.Challenge = ""
	r.refused(r.Judge(t.Context(), s), "face.challenge")
	r.must(r.Judge(t.Context(), statement(ask(true))))

	n = ask(false)
	r.must(r.Spend("c-1", "op", n.Nonce))
	r.refused(r.Spend("c-1", "op", n.Nonce), "face.nonce")
	n = ask(false)
	r.refused(r.Spend("c-1", "", n.Nonce), "face.nonce")
}

func TestFailuresAreLimited(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.enrolled()
		fail := func() error { return r.login(func(s *wire.FaceStatement) { s.Live = false }) }
		for range 4 {
			r.refused(fail(), "face.not_live")
		}
		r.must(r.login()) // a success forgets them
		for range 5 {
			r.refused(fail(), "face.not_live")
		}
		r.refused(r.login(), "face.wait")
		r.clk.Jump(24 * time.Hour) // no wall clock shortens the wait
		r.clk.Advance(firstDelay - 1)
		r.refused(r.login(), "face.wait")
		r.clk.Advance(1)
		r.refused(fail(), "face.not_live") // the sixth: now a minute
		r.clk.Advance(firstDelay)
		r.refused(r.login(), "face.wait")
		for n := 6; n < maxFailures; n++ {
			r.clk.Advance(maxDelay)
			r.refused(fail(), "face.not_live")
		}
		r.clk.Advance(24 * time.Hour)
		r.refused(r.login(), "face.locked")
		r.refused(r.Clear(t.Context(), "op", "op"), "request.denied")
		r.refused(r.Clear(t.Context(), "", "op"), "request.denied")
		r.refused(r.Clear(t.Context(), "admin", "op"), "request.denied")
		r.refused(r.Clear(t.Context(), "sv", "sv"), "request.denied")
		r.must(r.Clear(t.Context(), "sv", "op"))
		r.must(r.login())
		rows := r.kinds()
		if !slices.Contains(rows, "face.locked") || !slices.Contains(rows, "face.cleared") {
			t.Errorf("rows %v", rows)
		}
	})
}

// TestNoncesHandedOutBeforeTheLimit holds some back and uses them when the person must wait.
func TestNoncesHandedOutBeforeTheLimit(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.enrolled()
	held, err := r.Nonce(t.Context(), "c-held", "op", "pc-1", false)
	r.must(err)
	for range freeFailures {
		r.refused(r.login(func(s *wire.FaceStatement) { s.Live = false }), "face.not_live")
	}
	r.refused(r.Judge(t.Context(), wire.FaceStatement{
		Connection: "c-held", Person: "op", Nonce: held.Nonce, Commitment: hash("face"), Model: model,
		Engine: EngineStandard, Frames: 5, Matched: 5, Live: true,
	}), "face.wait")
}

func TestARestartForgetsNoFailure(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.enrolled()
	for range freeFailures {
		r.refused(r.login(func(s *wire.FaceStatement) { s.Matched = 0 }), "face.not_matched")
	}
	r.clk.Advance(time.Hour)
	again := New(r.db, r.clk, r.deps)
	r.Faces = again
	r.refused(r.login(), "face.wait") // the delay begins anew
	r.clk.Advance(firstDelay)
	r.must(r.login())
}

func TestTakingConsentBackDeletes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		picture := r.enrolled()
		if !r.pictures.kept(picture) {
			t.Fatal("the picture is not kept")
		}
		var closed []sekisho.PersonID
		r.OnWithdrawn(func(p sekisho.PersonID) { closed = append(closed, p) })
		r.answer(false)
		r.answer(false) // once more: nothing is open by his face, nobody is told
		if !slices.Equal(closed, []sekisho.PersonID{"op"}) {
			t.Errorf("told %v", closed)
		}
		r.refused(r.login(), "consent.required")
		if _, err := r.Commitment(t.Context(), "op", "pc-1"); sekisho.CodeOf(err) != "face.not_enrolled" {
			t.Errorf("the commitment is kept: %v", err)
		}
		if r.pictures.kept(picture) {
			t.Error("the picture is kept")
		}
		r.answer(true)
		r.refused(r.login(), "face.not_enrolled")
		want := []string{"consent.given", "consent.withdrawn", "consent.given"}
		got := slices.DeleteFunc(r.kinds(), func(k string) bool { return !strings.HasPrefix(k, "consent.") })
		if !slices.Equal(got, want) {
			t.Errorf("rows %v", got)
		}
	})
}

func TestAVaultThatCannotDeleteIsTold(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.enrolled()
	r.pictures.stuck = errors.New("disk is read-only")
	if err := r.ForgetDevice(t.Context(), "admin", "pc-1"); err == nil {
		t.Fatal("nobody was told")
	}
	r.refused(r.login(), "face.not_enrolled")
}

// An enrolment names a picture that was uploaded for it, by this person, from
// this PC, and no other enrolment took.
func TestPicturesOfOthersAreNotTaken(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		mine := r.enrolled()
		r.pictures.of[hash("another person's")] = By{Person: "other", Device: "pc-1"}
		r.pictures.of[hash("from another PC")] = By{Person: "op", Device: "pc-2"}
		for _, picture := range []string{hash("never uploaded"), hash("another person's"), hash("from another PC"), mine} {
			id := r.witness(approvals.KindWitness)
			with := func(e *wire.FaceEnrolment) { e.Approval, e.Picture = id, picture }
			r.refused(r.Enrol(t.Context(), r.by, r.enrolment(with)), "evidence.picture")
			if _, err := r.Commitment(t.Context(), "op", "pc-1"); err != nil {
				t.Fatalf("the old face is gone: %v", err)
			}
			with = func(e *wire.FaceEnrolment) { e.Approval, e.Picture = id, r.uploaded(hash("next"+picture)) }
			r.must(r.Enrol(t.Context(), r.by, r.enrolment(with))) // the refusal did not use up the approval
		}
	})
}

func TestDemoEngineInDemoDataAlone(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	r.people.demo = true
	r.answer(true)
	id := r.witness(approvals.KindWitness)
	r.must(r.Enrol(t.Context(), r.by, r.enrolment(func(e *wire.FaceEnrolment) { e.Approval, e.Engine, e.Model = id, EngineDemo, hash("demo") })))
	demo := func(s *wire.FaceStatement) { s.Engine, s.Model = EngineDemo, hash("demo") }
	r.must(r.login(demo))
	r.people.demo = false
	r.refused(r.login(demo), "face.engine")
}

func TestLogsHideFaces(t *testing.T) {
	if got := fmt.Sprint(Template{Commitment: "x"}.LogValue()); got != "[hidden]" {
		t.Error(got)
	}
}
