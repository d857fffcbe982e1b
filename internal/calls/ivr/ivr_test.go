package ivr

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"math"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/sound"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

// house knows two client companies, a queue of the first, and one number.
type house struct{}

func (house) Client(_ context.Context, _ storage.Tx, c sekisho.ClientID) (bool, error) {
	return c == "client" || c == "rival", nil
}

func (house) Queue(_ context.Context, _ storage.Tx, c sekisho.ClientID, q sekisho.QueueID) (bool, error) {
	return c == "client" && q == "q", nil
}

func (house) MayDial(_ context.Context, _ storage.Tx, _ sekisho.ClientID, n calls.Number) (bool, error) {
	return n == outside, nil
}

// admin is who does what the tests do.
var admin = audit.Actor{Person: "admin", Role: sekisho.RoleAdministrator}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newRoom(t *testing.T, db *storage.DB) (*IVR, *clock.Fake, *audit.Log) {
	t.Helper()
	clk := clock.NewFake(wednesday(10))
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	box, err := seal.Open(filepath.Join(t.TempDir(), "master.key"))
	must(t, err)
	r := New(Parts{DB: db, Clock: clk, Log: log, House: house{}, Box: box, Loopback: true})
	t.Cleanup(r.Close)
	return r, clk, log
}

// wav is a second of 1 kHz at 16 kHz in PCM.
func wav(seconds int) []byte {
	le := binary.LittleEndian
	out := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data")
	out = le.AppendUint32(out, uint32(seconds*32000))
	for i := range seconds * 16000 {
		out = le.AppendUint16(out, uint16(int16(8000*math.Sin(2*math.Pi*1000*float64(i)/16000))))
	}
	return out
}

// furnished gives the reception as a flow of client, with what it names.
func furnished(t *testing.T, r *IVR) (Flow, sekisho.PromptID, KeptCalendar, Hook) {
	t.Helper()
	ctx := t.Context()
	p, err := r.CreatePrompt(ctx, admin, "client", "ごあいさつ")
	must(t, err)
	_, err = r.StorePrompt(ctx, admin, "client", p, "ja", wav(1))
	must(t, err)
	c, err := r.SaveCalendar(ctx, admin, KeptCalendar{Client: "client", Calendar: week()})
	must(t, err)
	h, _, err := r.SaveHook(ctx, admin, Hook{Client: "client", Name: "CRM", URL: "https://crm.example/find?key=not-for-the-log"})
	must(t, err)
	f := reception()
	f.Fallback.Prompt = p
	for i := range f.Nodes {
		n := &f.Nodes[i]
		switch n.Kind() {
		case "play":
			n.Play.Prompt = p
		case "menu":
			n.Menu.Prompt = p
		case "collect":
			n.Collect.Prompt = p
		case "lookup":
			n.Lookup.Prompt, n.Lookup.Hook = p, h.ID
		case "callback":
			n.Callback.Prompt = p
		case "voicemail":
			n.Voicemail.Prompt = p
		case "hangup":
			n.Hangup.Prompt = p
		case "survey":
			n.Survey.Questions[0].Prompt, n.Survey.Questions[1].Prompt = p, p
		case "hours":
			n.Hours.Calendar = c.ID
		}
	}
	return f, p, c, h
}

func TestFlowsArePublishedInVersions(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _, log := newRoom(t, db)
		ctx := t.Context()
		good, _, _, _ := furnished(t, r)
		id, err := r.CreateFlow(ctx, admin, "client", "代表番号")
		must(t, err)
		if _, err := r.Published(ctx, id); sekisho.CodeOf(err) != "flow.not_published" {
			t.Errorf("an empty draft is in force: %v", err)
		}
		edit, err := r.SaveDraft(ctx, admin, id, 0, good)
		must(t, err)
		if _, err := r.SaveDraft(ctx, admin, id, 0, good); sekisho.CodeOf(err) != "flow.changed_meanwhile" {
			t.Errorf("over somebody else's: %v", err)
		}
		if _, _, err := r.Publish(ctx, admin, id, edit-1); sekisho.CodeOf(err) != "flow.changed_meanwhile" {
			t.Errorf("what was not seen: %v", err)
		}
		one, faults, err := r.Publish(ctx, admin, id, edit)
		if err != nil || one != 1 || len(faults) > 0 {
			t.Fatalf("%d, %+v, %v", one, faults, err)
		}
		worse := good
		worse.Nodes = append([]Node(nil), good.Nodes...)
		worse.Nodes[1].Play = &Play{Prompt: "of somebody else", Next: "bye"}
		edit, err = r.SaveDraft(ctx, admin, id, edit, worse)
		must(t, err)
		_, faults, err = r.Publish(ctx, admin, id, edit)
		if sekisho.CodeOf(err) != "flow.faulty" || len(faults) != 1 || faults[0] != (Fault{"closed", "prompt", "flow.unknown_prompt"}) {
			t.Errorf("%+v, %v", faults, err)
		}
		if f, err := r.Published(ctx, id); err != nil || !reflect.DeepEqual(f, good) {
			t.Errorf("a refusal changed what is in force: %v", err)
		}
		other := good
		other.Start = "withheld"
		other.Nodes = other.Nodes[2:]
		edit, err = r.SaveDraft(ctx, admin, id, edit, other)
		must(t, err)
		two, _, err := r.Publish(ctx, admin, id, edit)
		must(t, err)
		three, _, err := r.RollBack(ctx, admin, id, 1)
		if err != nil || two != 2 || three != 3 {
			t.Fatalf("%d %d %v", two, three, err)
		}
		if f, err := r.Published(ctx, id); err != nil || f.Start != "hours" {
			t.Errorf("%v", err)
		}
		if _, _, err := r.RollBack(ctx, admin, id, 9); sekisho.CodeOf(err) != "flow.unknown_version" {
			t.Errorf("%v", err)
		}
		if all, err := r.History(ctx, id); err != nil || len(all) != 3 || all[0].Number != 3 || all[0].Origin != 1 || all[2].Author != "admin" {
			t.Errorf("%+v, %v", all, err)
		}
		if old, err := r.Version(ctx, id, 2); err != nil || old.Start != "withheld" {
			t.Errorf("%v", err)
		}
		if draft, listed, err := r.Draft(ctx, id); err != nil || draft.Start != "withheld" || listed.Published != 3 || listed.Edit != edit {
			t.Errorf("the draft moved: %+v, %v", listed, err)
		}
		must(t, r.EndFlow(ctx, admin, id))
		if _, err := r.Published(ctx, id); sekisho.CodeOf(err) != "flow.not_published" {
			t.Errorf("ended, and in force: %v", err)
		}
		if _, _, err := r.RollBack(ctx, admin, id, 1); sekisho.CodeOf(err) != "flow.ended" {
			t.Errorf("%v", err)
		}
		for kind, want := range map[string]int{"flow.created": 1, "flow.draft_saved": 3, "flow.published": 2, "flow.publish_refused": 1, "flow.rolled_back": 1, "flow.ended": 1, "prompt.stored": 1, "calendar.saved": 1, "lookup.saved": 1} {
			if rows, err := log.Search(ctx, audit.Filter{Kind: kind}); err != nil || len(rows) != want {
				t.Errorf("%s: %d rows, %v", kind, len(rows), err)
			}
		}
	})
}

func TestNothingOfAnotherClientIsUsed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _, _ := newRoom(t, db)
		ctx := t.Context()
		good, p, c, h := furnished(t, r)
		id, err := r.CreateFlow(ctx, admin, "rival", "代表番号")
		must(t, err)
		edit, err := r.SaveDraft(ctx, admin, id, 0, good)
		must(t, err)
		faults, err := r.Faults(ctx, id)
		must(t, err)
		codes := map[string]bool{}
		for _, f := range faults {
			codes[f.Code] = true
		}
		for _, code := range []string{"flow.unknown_prompt", "flow.unknown_queue", "flow.unknown_calendar", "flow.unknown_lookup"} {
			if !codes[code] {
				t.Errorf("no %s", code)
			}
		}
		if _, _, err := r.Publish(ctx, admin, id, edit); sekisho.CodeOf(err) != "flow.faulty" {
			t.Errorf("%v", err)
		}
		if _, err := r.StorePrompt(ctx, admin, "rival", p, "ja", wav(1)); sekisho.CodeOf(err) != "prompt.unknown" {
			t.Errorf("%v", err)
		}
		stolen := c
		stolen.Client = "rival"
		if _, err := r.SaveCalendar(ctx, admin, stolen); sekisho.CodeOf(err) != "flow.part_changed" {
			t.Errorf("%v", err)
		}
		taken := h
		taken.Client, taken.URL = "rival", "https://rival.example/"
		if _, _, err := r.SaveHook(ctx, admin, taken); sekisho.CodeOf(err) != "flow.part_changed" {
			t.Errorf("%v", err)
		}
		for _, err := range []error{r.DeletePrompt(ctx, admin, "rival", p), r.DeleteCalendar(ctx, admin, "rival", c.ID), r.DeleteHook(ctx, admin, "rival", h.ID)} {
			if sekisho.CodeOf(err) != "flow.part_changed" {
				t.Errorf("%v", err)
			}
		}
		if _, err := r.Prompt(ctx, p, "ja"); err != nil {
			t.Errorf("gone after all: %v", err)
		}
		if _, err := r.CreateFlow(ctx, admin, "nobody", "x"); sekisho.CodeOf(err) != "flow.client" {
			t.Errorf("%v", err)
		}
		if list, err := r.Flows(ctx, "client"); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestWhatAFlowInForceNamesStays(t *testing.T) {
	r, _, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	good, p, c, h := furnished(t, r)
	id, err := r.CreateFlow(ctx, admin, "client", "代表番号")
	must(t, err)
	edit, err := r.SaveDraft(ctx, admin, id, 0, good)
	must(t, err)
	_, _, err = r.Publish(ctx, admin, id, edit)
	must(t, err)
	drop := func() []error {
		return []error{r.DeletePrompt(ctx, admin, "client", p), r.DeleteCalendar(ctx, admin, "client", c.ID), r.DeleteHook(ctx, admin, "client", h.ID)}
	}
	for _, err := range drop() {
		if sekisho.CodeOf(err) != "flow.in_use" {
			t.Errorf("%v", err)
		}
	}
	f, err := r.Published(ctx, id)
	must(t, err)
	if cals, err := r.CalendarsOf(ctx, f); err != nil || len(cals) != 1 || cals[c.ID].Zone != "Asia/Tokyo" {
		t.Errorf("%+v, %v", cals, err)
	}
	if trial, err := r.TryDraft(ctx, id, Script{At: wednesday(20)}); err != nil || trial.Cause != calls.ToVoicemail || len(trial.Path) != 3 {
		t.Errorf("%+v, %v", trial, err)
	}
	must(t, r.EndFlow(ctx, admin, id))
	for _, err := range drop() {
		must(t, err)
	}
	if _, err := r.Prompt(ctx, p, "ja"); sekisho.CodeOf(err) != "prompt.unknown" {
		t.Errorf("its sound is still there: %v", err)
	}
}

func TestAnnouncements(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _, _ := newRoom(t, db)
		ctx := t.Context()
		p, err := r.CreatePrompt(ctx, admin, "client", "ごあいさつ")
		must(t, err)
		if length, err := r.StorePrompt(ctx, admin, "client", p, "ja", wav(2)); err != nil || length != 2*time.Second {
			t.Fatalf("%v, %v", length, err)
		}
		ulaw, err := r.Prompt(ctx, p, "ja")
		must(t, err)
		if level := sound.Mu.Level(ulaw[1000:15000]); len(ulaw) != 16000 || math.Abs(level-20*math.Log10(8000.0/32768)) > 0.3 {
			t.Errorf("%d bytes at %.1f dBFS", len(ulaw), level)
		}
		if other, err := r.Prompt(ctx, p, "en"); err != nil || len(other) != 16000 {
			t.Errorf("where English is missing: %d, %v", len(other), err)
		}
		_, err = r.StorePrompt(ctx, admin, "client", p, "en", wav(1))
		must(t, err)
		if other, err := r.Prompt(ctx, p, "en"); err != nil || len(other) != 8000 {
			t.Errorf("in English: %d, %v", len(other), err)
		}
		for code, try := range map[string]struct {
			lang string
			file []byte
		}{"prompt.language": {"fr", wav(1)}, "sound.not_wav": {"ja", []byte("ID3 an MP3")}, "sound.too_long": {"ja", wav(301)}, "sound.empty": {"ja", wav(0)}} {
			if _, err := r.StorePrompt(ctx, admin, "client", p, try.lang, try.file); sekisho.CodeOf(err) != code {
				t.Errorf("%s: %v", code, err)
			} else if wire.TextOf(code) == wire.TextOf("internal") {
				t.Errorf("%s has no words", code)
			}
		}
		_, err = r.CreatePrompt(ctx, admin, "client", "without sound")
		must(t, err)
		list, err := r.Prompts(ctx, "client")
		if err != nil || len(list) != 2 || list[1].Lengths["ja"] != 2*time.Second || list[1].Lengths["en"] != time.Second || len(list[0].Lengths) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestCalendarsAreSavedAsTheyWereSeen(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, _, _ := newRoom(t, db)
		ctx := t.Context()
		c, err := r.SaveCalendar(ctx, admin, KeptCalendar{Client: "client", Calendar: week()})
		must(t, err)
		c.Holidays = append(c.Holidays, "2026-12-31")
		next, err := r.SaveCalendar(ctx, admin, c)
		if err != nil || next.Edit != 2 {
			t.Fatalf("%+v, %v", next, err)
		}
		if _, err := r.SaveCalendar(ctx, admin, c); sekisho.CodeOf(err) != "flow.part_changed" {
			t.Errorf("%v", err)
		}
		if list, err := r.Calendars(ctx, "client"); err != nil || len(list) != 1 || !reflect.DeepEqual(list[0], next) {
			t.Errorf("%+v, %v", list, err)
		}
		for code, bad := range map[string]Calendar{"calendar.zone": {Name: "x"}, "flow.name": {Zone: "UTC"}, "calendar.days": {Name: "x", Zone: "UTC", Holidays: []string{"x"}}, "calendar.hours": {Name: "x", Zone: "UTC", Week: map[string][]Span{"x": nil}}} {
			if _, err := r.SaveCalendar(ctx, admin, KeptCalendar{Client: "client", Calendar: bad}); sekisho.CodeOf(err) != code {
				t.Errorf("%s: %v", code, err)
			}
		}
	})
}

// A hand in the database makes no flow that runs: what cannot be read is an error.
func TestAnUnreadableFlowIsRefused(t *testing.T) {
	r, _, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	id, err := r.CreateFlow(ctx, admin, "client", "代表番号")
	must(t, err)
	must(t, r.db.Write(ctx, func(tx storage.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO ivr_versions (flow, version, graph, origin, author, at) VALUES (?, 1, '{\"start\":\"a\",\"exec\":\"x\"}', 0, '', 0)", string(id)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "UPDATE ivr_flows SET published = 1")
		return err
	}))
	if f, err := r.Published(ctx, id); err == nil {
		t.Errorf("%+v", f)
	}
}
