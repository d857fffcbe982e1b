package recordings

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/sound"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// made is a recording of so long.
func (r *room) made(m Meta, d time.Duration) sekisho.RecordingID {
	r.t.Helper()
	tape := r.begin(m)
	r.talk(tape, d, says(tape.Caller(), soft), says(tape.Centre(), soft))
	r.end(tape)
	return tape.ID()
}

// No list mixes clients, and nobody hears what the scope does not give him.
func TestWhoMayHear(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.scope[clientB] = Works{All: true}
		ofA := r.made(meta(), time.Second)
		other := meta()
		other.Work, other.Operator, other.Number = workA2, "op3", "+81312345678"
		ofA2 := r.made(other, time.Second)
		other.Client = clientB
		ofB := r.made(other, time.Second)

		auditorB := Viewer{Person: "auditor", Role: sekisho.RoleAuditor, Client: clientB}
		for name, v := range map[string]Viewer{"nobody": {}, "an operator": {Person: "op", Role: sekisho.RoleOperator}, "without a role": {Person: "x"}, "another client's auditor": auditorB} {
			if _, err := r.Open(t.Context(), v, ofA); sekisho.CodeOf(err) != "recording.denied" {
				t.Errorf("%s opens: %v", name, err)
			}
			if _, err := r.Peaks(t.Context(), v, ofA); sekisho.CodeOf(err) != "recording.denied" {
				t.Errorf("%s sees the wave form: %v", name, err)
			}
			if list, err := r.List(t.Context(), v, Filter{Client: clientA}); err == nil || len(list) > 0 {
				t.Errorf("%s lists: %v", name, err)
			}
			if _, err := r.Get(t.Context(), v, ofA); err == nil {
				t.Errorf("%s gets it", name)
			}
			if err := r.Verify(t.Context(), v, ofA); err == nil {
				t.Errorf("%s verifies it", name)
			}
		}
		if len(r.rows("recording.listen_refused")) < 8 || len(r.rows("recording.listened")) != 0 {
			t.Error("refusals have no rows")
		}
		if _, err := r.List(t.Context(), boss, Filter{}); sekisho.CodeOf(err) != "recording.filter" {
			t.Errorf("a list of all clients: %v", err)
		}
		ids := func(v Viewer, f Filter) (out []sekisho.RecordingID) {
			list, err := r.List(t.Context(), v, f)
			must(t, err)
			for _, rec := range list {
				out = append(out, rec.ID)
			}
			return out
		}
		for name, c := range map[string]struct {
			f    Filter
			want []sekisho.RecordingID
		}{
			"a client":         {Filter{Client: clientA}, []sekisho.RecordingID{ofA2, ofA}},
			"the other":        {Filter{Client: clientB}, []sekisho.RecordingID{ofB}},
			"a work":           {Filter{Client: clientA, Work: workA}, []sekisho.RecordingID{ofA}},
			"an operator":      {Filter{Client: clientA, Operator: "op3"}, []sekisho.RecordingID{ofA2}},
			"a number":         {Filter{Client: clientA, Number: "+819012345678"}, []sekisho.RecordingID{ofA}},
			"no such number":   {Filter{Client: clientA, Number: "+819012345679"}, nil},
			"the next page":    {Filter{Client: clientA, Before: ofA2}, []sekisho.RecordingID{ofA}},
			"one a page":       {Filter{Client: clientA, Limit: 1}, []sekisho.RecordingID{ofA2}},
			"from a moment on": {Filter{Client: clientA, From: r.get(ofA2).Started}, []sekisho.RecordingID{ofA2}},
			"before a moment":  {Filter{Client: clientA, To: r.get(ofA2).Started}, []sekisho.RecordingID{ofA}},
			"a call of both":   {Filter{Client: clientA, Call: r.get(ofB).Call}, []sekisho.RecordingID{ofA2}},
		} {
			if got := ids(boss, c.f); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		if got := ids(auditorB, Filter{Client: clientB}); !slices.Equal(got, []sekisho.RecordingID{ofB}) {
			t.Errorf("client B's auditor sees %v", got)
		}
		r.scope[clientA] = Works{Only: []sekisho.WorkID{workA}}
		if got := ids(boss, Filter{Client: clientA}); !slices.Equal(got, []sekisho.RecordingID{ofA}) {
			t.Errorf("of one work: %v", got)
		}
		if _, err := r.Open(t.Context(), boss, ofA2); sekisho.CodeOf(err) != "recording.denied" {
			t.Errorf("another work's: %v", err)
		}
		if _, err := r.Open(t.Context(), boss, "no such"); sekisho.CodeOf(err) != "recording.unknown" {
			t.Errorf("one that is not: %v", err)
		}
	})
}

// The row in the log comes before any sound: without it there is no stream.
func TestNobodyHearsBeforeTheLogSaysSo(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	id := r.made(meta(), 2*time.Second)
	log := r.Recordings.log
	r.Recordings.log = refusing{log}
	if s, err := r.Open(t.Context(), boss, id); err == nil || s != nil {
		t.Fatal("it opens without a row")
	}
	r.Recordings.log = log
	s, err := r.Open(t.Context(), boss, id)
	must(t, err)
	rows := r.rows("recording.listened")
	if len(rows) != 1 || rows[0].Event.Actor.Person != "boss" || rows[0].Event.Object.ID != string(id) || rows[0].Event.Personal["address"] != boss.From {
		t.Fatalf("%+v", rows)
	}
	again, err := r.Opened(t.Context(), boss, s.Listening)
	must(t, err)
	must(t, again.Play(io.Discard, 0, time.Second))
	if len(r.rows("recording.listened")) != 1 {
		t.Error("a part of one listening has a row of its own")
	}
	if _, err := r.Opened(t.Context(), Viewer{Person: "thief", Role: sekisho.RoleSupervisor}, s.Listening); sekisho.CodeOf(err) != "recording.listening_over" {
		t.Errorf("somebody else's listening: %v", err)
	}
	for _, bad := range [][2]time.Duration{{-1, 0}, {time.Second, time.Millisecond}, {0, 3 * time.Second}} {
		if err := s.Play(io.Discard, bad[0], bad[1]); sekisho.CodeOf(err) != "recording.range" {
			t.Errorf("%v: %v", bad, err)
		}
	}
	r.clk.Advance(listenFor + time.Minute)
	if err := s.Play(io.Discard, 0, 0); sekisho.CodeOf(err) != "recording.listening_over" {
		t.Errorf("after its hour: %v", err)
	}
	if _, err := r.Opened(t.Context(), boss, s.Listening); sekisho.CodeOf(err) != "recording.listening_over" {
		t.Errorf("after its hour: %v", err)
	}
	must(t, errors.Join(s.Close(), again.Close()))
}

type refusing struct{ Audit }

func (refusing) Append(context.Context, storage.Tx, audit.Event) error { return errors.New("no log") }

// Whatever is changed in a file is told, and nothing changed is played.
func TestTampering(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	id, other := r.made(meta(), 3500*time.Millisecond), r.made(meta(), 3500*time.Millisecond)
	path := filepath.Join(r.path, string(id)+".skr")
	good, err := os.ReadFile(path)
	must(t, err)
	foreign, err := os.ReadFile(filepath.Join(r.path, string(other)+".skr"))
	must(t, err)
	if len(good) != headerLen+4*chunkLen {
		t.Fatalf("%d bytes", len(good))
	}
	chunk := func(b []byte, n int) []byte { return b[headerLen+n*chunkLen : headerLen+(n+1)*chunkLen] }
	rows := 0
	for name, change := range map[string]func(b []byte) []byte{
		"one bit of the sound":          func(b []byte) []byte { b[headerLen+chunkLen+77] ^= 1; return b },
		"one bit of the last tag":       func(b []byte) []byte { b[len(b)-1] ^= 0x80; return b },
		"one bit of the nonce":          func(b []byte) []byte { b[headerLen-1] ^= 1; return b },
		"another version":               func(b []byte) []byte { b[4] = 2; return b },
		"two seconds exchanged":         func(b []byte) []byte { copy(chunk(b, 0), chunk(good, 1)); copy(chunk(b, 1), chunk(good, 0)); return b },
		"a second of another recording": func(b []byte) []byte { copy(chunk(b, 1), chunk(foreign, 1)); return b },
		"another recording":             func([]byte) []byte { return bytes.Clone(foreign) },
		"the last second cut off":       func(b []byte) []byte { return b[:len(b)-chunkLen] },
		"a byte cut off":                func(b []byte) []byte { return b[:len(b)-1] },
		"a second out of the middle":    func(b []byte) []byte { return append(b[:headerLen+chunkLen], b[headerLen+2*chunkLen:]...) },
		"a second twice":                func(b []byte) []byte { return append(b, chunk(good, 3)...) },
		"nothing":                       func([]byte) []byte { return nil },
	} {
		must(t, os.WriteFile(path, change(bytes.Clone(good)), 0o600))
		var out bytes.Buffer
		s, err := r.Open(t.Context(), boss, id)
		if err == nil {
			err = s.Play(&out, 0, 0)
			must(t, s.Close())
		}
		if sekisho.CodeOf(err) != "recording.damaged" {
			t.Errorf("%s: %v", name, err)
		}
		if err := r.Verify(t.Context(), boss, id); sekisho.CodeOf(err) != "recording.damaged" {
			t.Errorf("%s is verified: %v", name, err)
		}
		for i, b := range out.Bytes()[min(out.Len(), wavHeadLen):] {
			if b != soft(i/2) {
				t.Fatalf("%s: what was changed is played", name)
			}
		}
		if now := len(r.rows("recording.damage_found")); now < rows+1 {
			t.Errorf("%s has no row", name)
		} else {
			rows = now
		}
	}
	must(t, os.Remove(path))
	if _, err := r.Open(t.Context(), boss, id); sekisho.CodeOf(err) != "recording.damaged" {
		t.Errorf("a missing file: %v", err)
	}
	must(t, os.WriteFile(path, good, 0o600))
	must(t, r.Verify(t.Context(), boss, id))
	r.hear(id, 0, 0)
	// Whoever has the key can write another file; its hash is not the one in the log.
	must(t, r.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE recordings_tapes SET hash = ? WHERE id = ?", "00", string(id))
		return err
	}))
	if err := r.Verify(t.Context(), boss, id); sekisho.CodeOf(err) != "recording.damaged" {
		t.Errorf("another hash: %v", err)
	}
}

// A file whose end and middle are gone when the server starts is told as damaged.
func TestWhatIsLeftAndWasChanged(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ids := []sekisho.RecordingID{r.made(meta(), 5*time.Second), r.made(meta(), 5*time.Second), r.made(meta(), 5*time.Second)}
	path := func(i int) string { return filepath.Join(r.path, string(ids[i])+".skr") }
	b, err := os.ReadFile(path(0))
	must(t, err)
	b[headerLen+2*chunkLen+5] ^= 1
	must(t, os.WriteFile(path(0), b, 0o600))
	must(t, os.Remove(path(1)))
	must(t, r.db.Write(t.Context(), func(tx storage.Tx) error { // as if the server had been stopped
		_, err := tx.Exec(t.Context(), "UPDATE recordings_tapes SET ended = 0, state = 'open'")
		return err
	}))
	if n, err := r.Recover(t.Context()); n != 3 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	for i, want := range []State{Damaged, Damaged, Whole} {
		if got := r.get(ids[i]); got.State != want {
			t.Errorf("recording %d: %s, want %s", i, got.State, want)
		}
	}
	if _, err := r.Open(t.Context(), boss, ids[0]); sekisho.CodeOf(err) != "recording.damaged" {
		t.Errorf("the changed one opens: %v", err)
	}
	left, _ := r.hear(ids[2], 0, 0)
	if len(left) != 5*calls.Rate {
		t.Errorf("%d samples of one that was whole", len(left))
	}
	must(t, r.Verify(t.Context(), boss, ids[2]))
}

func TestTheWaveForm(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	m := meta()
	m.Direction = Message
	tape := r.begin(m)
	caller := says(tape.Caller(), func(i int) byte { // full scale, down and up
		if i/4%2 == 0 {
			return 0x80
		}
		return 0x00
	})
	r.talk(tape, 1250*time.Millisecond, caller)
	r.end(tape)
	peaks, err := r.Peaks(t.Context(), boss, tape.ID())
	must(t, err)
	if len(peaks[0]) != 13 || peaks[0][3] != (Peak{-126, 125}) || peaks[1][3] != (Peak{}) {
		t.Errorf("%v", peaks)
	}
	if rec := r.get(tape.ID()); rec.Caller < -0.2 || rec.Caller > 0 || rec.Centre != -100 {
		t.Errorf("levels %v %v", rec.Caller, rec.Centre)
	}
	must(t, r.db.Write(t.Context(), func(tx storage.Tx) error {
		_, err := tx.Exec(t.Context(), "UPDATE recordings_tapes SET peaks = ? WHERE id = ?", make([]byte, 60), string(tape.ID()))
		return err
	}))
	if _, err := r.Peaks(t.Context(), boss, tape.ID()); sekisho.CodeOf(err) != "recording.damaged" {
		t.Errorf("changed peaks: %v", err)
	}
}

// Another program reads the WAV and hears both sides.
func TestFFmpegReadsIt(t *testing.T) {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("ffmpeg is not installed")
	}
	r := newRoom(t, storagetest.SQLite(t))
	tape := r.begin(meta())
	caller, centre := says(tape.Caller(), constant(0x90)), says(tape.Centre(), constant(0xAA^0x55))
	centre.codec = calls.PCMA
	r.talk(tape, 2*time.Second, caller, centre)
	r.end(tape)
	s, err := r.Open(t.Context(), boss, tape.ID())
	must(t, err)
	defer func() { must(t, s.Close()) }()
	var wav bytes.Buffer
	must(t, s.Play(&wav, 0, 0))
	cmd := exec.Command(ffmpeg, "-loglevel", "error", "-f", "wav", "-i", "-", "-f", "s16le", "-")
	cmd.Stdin = &wav
	out, err := cmd.Output()
	if err != nil || len(out) != 2*calls.Rate*4 {
		t.Fatalf("%d bytes, %v", len(out), err)
	}
	near := func(at int, want int16) bool {
		v := int16(out[at]) | int16(out[at+1])<<8
		return v >= want-want/16-8 && v <= want+want/16+8
	}
	if !near(40000, linear[0x90]) || !near(40002, linear[fromA[0xAA^0x55]]) {
		t.Errorf("% x", out[40000:40004])
	}
}

func TestTheLaws(t *testing.T) {
	for b := range 256 {
		if b == 0x7F {
			continue // minus zero
		}
		if got := sound.ToMu(linear[b]); got != byte(b) {
			t.Errorf("μ-law %x became %x", b, got)
		}
	}
	// ITU-T G.711, tables 3 and 4: decoder outputs of single codes, A-law by its linear value.
	for mu, want := range map[byte]int16{0xFF: 0, 0xFE: 8, 0x80: 32124, 0x00: -32124, 0xEF: 132, 0x8F: 16764} {
		if linear[mu] != want {
			t.Errorf("μ-law %x is %d, want %d", mu, linear[mu], want)
		}
	}
	for a, want := range map[byte]int16{0xD5: 8, 0x55: -8, 0xAA: 32256, 0x2A: -32256} {
		if got := linear[fromA[a]]; got < want-want/30-8 && want > 0 || got > want-want/30+8 && want < 0 {
			t.Errorf("A-law %x became %d, want about %d", a, got, want)
		}
	}
}
