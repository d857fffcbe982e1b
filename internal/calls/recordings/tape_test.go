package recordings

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// What both said stands where they said it, to the sample; who speaks later begins
// later; A-law is the same sound.
func TestBothPartiesAreOnOneTimeLine(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		tape := r.begin(meta())
		caller, centre := says(tape.Caller(), soft), says(tape.Centre(), constant(0xD5))
		centre.codec = calls.PCMA // its silence
		r.talk(tape, 1500*time.Millisecond, caller)
		r.talk(tape, 2*time.Second, caller, centre)
		must(t, tape.With(t.Context(), "op2"))
		centre.say, centre.ssrc = constant(0x80^0x55), 9 // the softest sound above zero in A-law
		r.talk(tape, 700*time.Millisecond, caller, centre)
		r.end(tape)

		rec := r.get(tape.ID())
		if rec.State != Whole || rec.Length != 4200*time.Millisecond || len(rec.Marks) != 0 || rec.Number != "********5678" || rec.Hash == "" {
			t.Fatalf("%+v", rec)
		}
		if want := []Spoke{{"op", 0}, {"op2", 3500 * time.Millisecond}}; !slices.Equal(rec.Operators, want) {
			t.Errorf("operators %v", rec.Operators)
		}
		left, right := r.hear(tape.ID(), 0, 0)
		if len(left) != 33600 {
			t.Fatalf("%d samples", len(left))
		}
		for i, b := range left {
			if b != soft(i) {
				t.Fatalf("caller, sample %d: %x, want %x", i, b, soft(i))
			}
		}
		begun := slices.IndexFunc(right, func(b byte) bool { return b != mute })
		if begun != 12000 || right[begun] != fromA[0xD5] || right[28000] != fromA[0x80^0x55] {
			t.Errorf("the centre begins at %d with %x", begun, right[max(begun, 0)])
		}
		part, _ := r.hear(tape.ID(), 1250*time.Millisecond, 3001*time.Millisecond)
		if !bytes.Equal(part, left[10000:24008]) {
			t.Error("a part is not the part of the whole")
		}
		if got := r.rows("recording.ended"); len(got) != 1 || got[0].Event.Detail["hash"] != rec.Hash || got[0].Event.Call != rec.Call {
			t.Errorf("the log says %+v", got)
		}
		must(t, r.Verify(t.Context(), boss, tape.ID()))
	})
}

func TestPacketsFindTheirPlace(t *testing.T) {
	frame := func(stamp uint32, at int64) calls.Frame {
		return calls.Frame{Kind: calls.Sound, Source: 1, Stamp: stamp, At: span(at), Payload: make([]byte, 160)}
	}
	var l line
	for _, c := range []struct {
		name  string
		stamp uint32
		at    int64
		want  int64
		ok    bool
	}{
		{"the first stands where it came", 1000, 400, 400, true},
		{"jitter moves nothing", 1160, 600, 560, true},
		{"loss leaves its gap", 1480, 880, 880, true},
		{"one that was overtaken has its place", 1320, 900, 720, true},
		{"half a second late it still has", 1320, 720 + lateness, 720, true},
		{"later it has none", 1320, 721 + lateness, 0, false},
		{"a jump of the time line begins anew", 1480 + 20*calls.Rate, 6000, 6000, true},
		{"what comes before it was said too", 1480 + 25*calls.Rate, 6160, 6160, true},
	} {
		pos, ok := l.place(frame(c.stamp, c.at), c.at)
		if pos != c.want || ok != c.ok {
			t.Errorf("%s: %d %v, want %d %v", c.name, pos, ok, c.want, c.ok)
		}
	}
	l = line{}
	l.place(frame(0, 0), 0)
	for i := range uint32(tardy) { // a sender whose timestamps stood still during a hold
		at := int64(10*calls.Rate + 160*i)
		pos, ok := l.place(frame(160+160*i, at), at)
		if want := i == tardy-1; ok != want || ok && pos != at {
			t.Fatalf("packet %d of a time line that stood: %d %v", i, pos, ok)
		}
	}
}

// Two clocks that differ by 100 ppm stay within 20 ms for an hour, whatever the jitter.
func TestDriftIsFollowed(t *testing.T) {
	for _, ppm := range []int64{-100, 100} {
		var l line
		worst := int64(0)
		for i := range int64(50 * 3600) {
			said := i * 160 * (1_000_000 + ppm) / 1_000_000
			now := said + i*7919%240 // up to 30 ms
			pos, ok := l.place(calls.Frame{Source: 1, Stamp: uint32(i * 160), Payload: make([]byte, 160)}, now)
			if !ok {
				t.Fatalf("%d ppm: packet %d has no place", ppm, i)
			}
			worst = max(worst, said-pos, pos-said)
		}
		if worst > calls.Rate/50+slew {
			t.Errorf("%d ppm: %v away", ppm, span(worst))
		}
	}
}

// Nothing that was said while paused is anywhere: not in memory, not on the disk,
// not in what is played; nor what was said then and came later.
func TestNothingSaidInAPauseIsKept(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		tape := r.begin(meta())
		const open, secret = byte(0xF1), byte(0xF2)
		caller, centre := says(tape.Caller(), constant(open)), says(tape.Centre(), constant(open))
		r.talk(tape, 2*time.Second, caller, centre)
		must(t, tape.Pause(t.Context(), sv, " カード番号\n "))
		if !tape.Paused() {
			t.Fatal("it is not paused")
		}
		caller.say, centre.say = constant(secret), constant(secret)
		r.talk(tape, 2500*time.Millisecond, caller, centre)
		for side, l := range tape.legs {
			if bytes.IndexByte(l.ring[:], secret) >= 0 {
				t.Errorf("side %d is in memory", side)
			}
		}
		late := *caller
		caller.n, caller.seq, caller.stamp = caller.n+160, caller.seq+1, caller.stamp+160 // one packet is under way
		r.clk.Advance(20 * time.Millisecond)
		must(t, tape.Resume(t.Context(), sv))
		late.speak(r.clk.Mono())
		caller.say, centre.say = constant(open), constant(open)
		centre.stamp += 160
		r.talk(tape, time.Second, caller, centre)
		r.end(tape)

		rec := r.get(tape.ID())
		want := []Mark{{MarkPause, 2 * time.Second, 4520 * time.Millisecond, "カード番号"}}
		if !slices.Equal(rec.Marks, want) {
			t.Errorf("marks %v", rec.Marks)
		}
		left, right := r.hear(tape.ID(), 0, 0)
		for i, side := range [][]byte{left, right} {
			if bytes.IndexByte(side, secret) >= 0 {
				t.Errorf("side %d is heard from %d on", i, bytes.IndexByte(side, secret))
			}
			if side[15999] != open || side[16000] != mute || side[36159] != mute || side[36400] != open {
				t.Errorf("side %d: the pause is not where it was", i)
			}
		}
		if len(r.rows("recording.paused")) != 1 || len(r.rows("recording.resumed")) != 1 {
			t.Error("the log does not say both")
		}
	})
}

func TestAMaskedCallerIsSilent(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	tape := r.begin(meta())
	caller, centre := says(tape.Caller(), constant(0xF1)), says(tape.Centre(), constant(0xF3))
	r.talk(tape, time.Second, caller, centre)
	must(t, tape.Mask(t.Context(), By{}, true))
	must(t, tape.Mask(t.Context(), By{}, true))
	r.talk(tape, time.Second, caller, centre)
	must(t, tape.Mask(t.Context(), By{}, false))
	r.talk(tape, time.Second, caller, centre)
	must(t, tape.Mask(t.Context(), By{}, true))
	r.talk(tape, time.Second, caller, centre)
	r.end(tape)
	left, right := r.hear(tape.ID(), 0, 0)
	for second, want := range []byte{0xF1, mute, 0xF1, mute} {
		for i := second * calls.Rate; i < (second+1)*calls.Rate; i++ {
			if left[i] != want || right[i] != 0xF3 {
				t.Fatalf("sample %d: %x %x", i, left[i], right[i])
			}
		}
	}
	want := []Mark{{Kind: MarkMask, Start: time.Second, End: 2 * time.Second}, {Kind: MarkMask, Start: 3 * time.Second, End: 4 * time.Second}}
	if rec := r.get(tape.ID()); !slices.Equal(rec.Marks, want) {
		t.Errorf("marks %v", rec.Marks)
	}
	if err := tape.Pause(t.Context(), sv, "x"); sekisho.CodeOf(err) != "recording.over" {
		t.Errorf("pausing what is over: %v", err)
	}
}

// A pause goes on where the log refuses: the row comes before the sound.
func TestWithoutItsRowNothingIsHeardAgain(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	tape := r.begin(meta())
	must(t, tape.Pause(t.Context(), sv, "reason"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tape.Resume(ctx, sv); err == nil || !tape.Paused() {
		t.Fatalf("it goes on without a row: %v", err)
	}
	if err := tape.Pause(t.Context(), sv, "  "); sekisho.CodeOf(err) != "recording.reason" {
		t.Errorf("a pause without a reason: %v", err)
	}
}

// Neither sound nor number nor key lies in clear in the folder or the database.
func TestNothingLiesInClear(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clear.db")
	db, err := storage.Open(t.Context(), "sqlite:"+path)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	t.Setenv("TMPDIR", t.TempDir())
	r := newRoom(t, db)
	tape := r.begin(meta())
	word := []byte("\xE1\xD2\xC3\xB4\xA5\x96\x87\x78")
	pattern := func(i int) byte { return word[i%len(word)] }
	caller, centre := says(tape.Caller(), pattern), says(tape.Centre(), pattern)
	r.talk(tape, 3*time.Second, caller, centre)
	r.end(tape)
	both := make([]byte, 0, 16)
	for _, b := range word {
		both = append(both, b, b)
	}
	seen := 0
	for _, folder := range []string{r.path, filepath.Dir(path), os.TempDir()} {
		must(t, filepath.WalkDir(folder, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			seen++
			if info, err := d.Info(); err != nil || strings.HasSuffix(p, ".skr") && info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v %v", p, info.Mode(), err)
			}
			for _, clear := range [][]byte{word, both, []byte("9012345678")} {
				if bytes.Contains(b, clear) {
					t.Errorf("%s holds %q", p, clear)
				}
			}
			return nil
		}))
	}
	if seen < 2 {
		t.Fatalf("%d files were searched", seen)
	}
}

func TestWhatNoPartySaysIsNotTaken(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	tape := r.begin(meta())
	sink := tape.Caller()
	for _, f := range []calls.Frame{
		{}, {Kind: calls.Key, Codec: calls.PCMU, Payload: []byte{1, 2, 3, 4}}, {Kind: calls.Sound, Payload: []byte{1}},
		{Kind: calls.Sound, Codec: calls.PCMU}, {Kind: calls.Sound, Codec: calls.PCMU, Payload: make([]byte, longest+1)},
	} {
		sink.Take(f)
	}
	sink.Take(calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, At: -time.Hour, Payload: []byte{0xF1}})
	r.clk.Advance(time.Second)
	r.end(tape)
	sink.Take(calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, At: time.Second, Payload: []byte{0xF1}})
	if left, _ := r.hear(tape.ID(), 0, 0); bytes.Count(left, []byte{0xF1}) != 1 || bytes.Count(left, []byte{mute}) != len(left)-1 {
		t.Error("more than the one sample was kept")
	}
	for _, bad := range []Meta{{}, {Call: "x", Client: clientA, Direction: In}, {Call: meta().Call, Direction: In}, {Call: meta().Call, Client: clientA, Direction: "both"}} {
		if _, err := r.Begin(t.Context(), bad); sekisho.CodeOf(err) != "recording.meta" {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// Both parties, those who act and the end may come at the same moment.
// These two speak faster than time passes, so they are up to half a second and a
// packet ahead.
func TestEverybodyAtOnce(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	tape := r.begin(meta())
	var all sync.WaitGroup
	for _, sink := range []calls.Sink{tape.Caller(), tape.Centre()} {
		all.Go(func() {
			for k := says(sink, soft); ; k.speak(r.clk.Mono()) {
				if tape.isOver() {
					k.speak(r.clk.Mono())
					return
				}
			}
		})
	}
	for i := range 20 {
		must(t, tape.Pause(t.Context(), sv, "reason"))
		must(t, tape.Mask(t.Context(), By{}, i%2 == 0))
		must(t, tape.With(t.Context(), "op2"))
		r.clk.Advance(100 * time.Millisecond)
		tape.pass(r.clk.Mono())
		must(t, tape.Resume(t.Context(), sv))
	}
	all.Go(tape.End)
	all.Go(tape.End)
	all.Wait()
	r.end(tape)
	if rec := r.get(tape.ID()); rec.State != Whole || rec.Length < 2*time.Second || rec.Length > 2520*time.Millisecond || len(rec.Marks) != 30 || len(rec.Operators) != 21 {
		t.Errorf("%+v", rec)
	}
}

// Every goroutine comes back, also of tapes that nobody ended.
func TestGoroutinesComeBack(t *testing.T) {
	db := storagetest.SQLite(t)
	folder, err := Dir(t.TempDir())
	must(t, err)
	master := filepath.Join(t.TempDir(), "master")
	newRoomIn(t, db, folder, master) // what the database and the log need is running now
	before := runtime.NumGoroutine()
	r := newRoomIn(t, db, folder, master)
	for range 20 {
		tape := r.begin(meta())
		r.talk(tape, 100*time.Millisecond, says(tape.Caller(), soft))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	must(t, r.Close(ctx))
	must(t, r.log.Close())
	wait(t, func() bool { return runtime.NumGoroutine() <= before })
	if _, err := r.Begin(t.Context(), meta()); err == nil {
		t.Error("a closed room records")
	}
}
