package recordings

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// childVariable names a folder to a copy of this test program that records there until it is killed.
const childVariable = "SEKISHO_RECORDINGS_TEST_CHILD"

func TestMain(m *testing.M) {
	if folder := os.Getenv(childVariable); folder != "" {
		fmt.Fprintln(os.Stderr, recordUntilKilled(folder))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// recordUntilKilled prints the number of each second that the kernel has taken.
func recordUntilKilled(folder string) error {
	ctx := context.Background()
	db, err := storage.Open(ctx, "sqlite:"+filepath.Join(folder, "test.db"))
	if err != nil {
		return err
	}
	clk := clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	if err != nil {
		return err
	}
	box, err := seal.Open(filepath.Join(folder, "master"))
	if err != nil {
		return err
	}
	files, err := Dir(filepath.Join(folder, "files"))
	if err != nil {
		return err
	}
	r, err := New(db, clk, box, log, files, Config{Keys: seal.NewKeys(db, clk, box), Scope: scope{clientA: {All: true}}, Node: "one"})
	if err != nil {
		return err
	}
	tape, err := r.Begin(ctx, Meta{Call: meta().Call, Client: sekisho.ClientID(os.Getenv("CLIENT")), Direction: In})
	if err != nil {
		return err
	}
	fmt.Println(tape.ID())
	caller, centre := says(tape.Caller(), soft), says(tape.Centre(), soft)
	for second := 0; ; second++ {
		if second == 3 {
			if err := tape.Pause(ctx, sv, "reason"); err != nil {
				return err
			}
		}
		for range 50 {
			caller.speak(clk.Mono())
			centre.speak(clk.Mono())
			clk.Advance(20 * time.Millisecond)
		}
		tape.pass(clk.Mono())
		for len(tape.queue) > 0 {
			runtime.Gosched()
		}
		if second > 1 {
			fmt.Println(second - 2) // one is being written, one waits for late packets
		}
	}
}

// A server that is killed leaves every second that was over; the start closes it.
func TestAKilledServerLosesNoSecond(t *testing.T) {
	for life := range 4 {
		folder := t.TempDir()
		db, err := storage.Open(t.Context(), "sqlite:"+filepath.Join(folder, "test.db"))
		must(t, err)
		must(t, db.Migrate(t.Context(), audit.Schema, seal.Schema, Schema))
		must(t, db.Close())
		id, seconds := killAfter(t, folder, 8+5*life)

		db, err = storage.Open(t.Context(), "sqlite:"+filepath.Join(folder, "test.db"))
		must(t, err)
		files, err := Dir(filepath.Join(folder, "files"))
		must(t, err)
		r := newRoomIn(t, db, files, filepath.Join(folder, "master"))
		if _, err := r.Open(t.Context(), boss, id); sekisho.CodeOf(err) != "recording.running" {
			t.Errorf("before it is closed: %v", err)
		}
		if n, err := r.Recover(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d recovered: %v", n, err)
		}
		if n, err := r.Recover(t.Context()); n != 0 || err != nil {
			t.Errorf("%d recovered again: %v", n, err)
		}
		rec := r.get(id)
		if rec.State != Cut || rec.Length < time.Duration(seconds)*time.Second || rec.Length%time.Second != 0 {
			t.Fatalf("%d seconds were acknowledged: %+v", seconds, rec)
		}
		left, right := r.hear(id, 0, 0)
		for i := range left {
			if want := soft(i); i < 3*calls.Rate && (left[i] != want || right[i] != want) || i >= 3*calls.Rate && left[i] != mute {
				t.Fatalf("sample %d: %x %x", i, left[i], right[i])
			}
		}
		if len(rec.Marks) != 1 || rec.Marks[0] != (Mark{MarkPause, 3 * time.Second, rec.Length, "reason"}) {
			t.Errorf("marks %v of %v", rec.Marks, rec.Length)
		}
		must(t, r.Verify(t.Context(), boss, id))
		peaks, err := r.Peaks(t.Context(), boss, id)
		if err != nil || len(peaks[0]) < int(rec.Length/(100*time.Millisecond)) {
			t.Errorf("%d peaks, %v", len(peaks[0]), err)
		}
		if rows := r.rows("recording.recovered"); len(rows) != 1 || rows[0].Event.Reason != "cut" {
			t.Errorf("rows %v", rows)
		}
		t.Cleanup(func() { must(t, db.Close()) })
	}
}

// killAfter kills the child after so many seconds and gives how many it acknowledged.
func killAfter(t *testing.T, folder string, seconds int) (id sekisho.RecordingID, got int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+folder, "CLIENT="+string(clientA))
	var complaints strings.Builder
	child.Stderr = &complaints
	stdout, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if id == "" {
			id = sekisho.RecordingID(lines.Text())
			continue
		}
		if got++; got == seconds {
			must(t, child.Process.Signal(syscall.SIGKILL))
		}
	}
	if err := child.Wait(); err == nil || got < seconds {
		t.Fatalf("the child ended after %d seconds: %v %s", got, err, complaints.String())
	}
	return id, got
}

// sick is a folder whose disk can fail.
type sick struct {
	Folder
	mu     sync.Mutex
	fails  error         // of every write and sync
	half   bool          // a write that fails has written half
	block  chan struct{} // writes wait for it
	tries  atomic.Int64  // that failed
	broken atomic.Bool   // writes are a fault of the program
}

type sickFile struct {
	File
	s *sick
}

var errDisk = errors.New("no space left on device")

func (s *sick) set(err error, half bool) { s.mu.Lock(); s.fails, s.half = err, half; s.mu.Unlock() }

func (s *sick) now() (error, bool, chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fails, s.half, s.block
}

func (s *sick) Create(id sekisho.RecordingID) (File, error) {
	if err, _, _ := s.now(); err != nil {
		return nil, err
	}
	f, err := s.Folder.Create(id)
	return sickFile{f, s}, err
}

func (f sickFile) WriteAt(b []byte, at int64) (int, error) {
	err, half, block := f.s.now()
	if block != nil {
		<-block
	}
	if f.s.broken.Load() {
		panic("a fault")
	}
	if err != nil {
		f.s.tries.Add(1)
	}
	switch {
	case err != nil && half:
		n, _ := f.File.WriteAt(b[:len(b)/2], at)
		return n, err
	case err != nil:
		return 0, err
	}
	return f.File.WriteAt(b, at)
}

func (f sickFile) Sync() error {
	if err, _, _ := f.s.now(); err != nil {
		return err
	}
	return f.File.Sync()
}

func newSick(t *testing.T) (*room, *sick) {
	t.Helper()
	d, err := Dir(t.TempDir())
	must(t, err)
	s := &sick{Folder: d}
	return newRoomIn(t, storagetest.SQLite(t), s, filepath.Join(t.TempDir(), "master")), s
}

// push lets somebody speak and waits for nobody.
func (r *room) push(t *Tape, d time.Duration, who ...*talker) {
	for until := r.clk.Mono() + d; r.clk.Mono() < until; r.clk.Advance(20 * time.Millisecond) {
		for _, k := range who {
			k.speak(r.clk.Mono())
		}
	}
	t.pass(r.clk.Mono())
}

func (r *room) waitAlarm(kind string) {
	r.t.Helper()
	wait(r.t, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		return slices.ContainsFunc(r.alarms, func(a Alarm) bool { return a.Kind == kind })
	})
}

func (r *room) drain(t *Tape) {
	r.t.Helper()
	wait(r.t, func() bool { return len(t.queue) == 0 })
}

// A disk that takes nothing for a while, or half of it, costs what was said then,
// marked and told; before and after, every sample is there. Whoever speaks never waits.
func TestAFullDiskKeepsTheCall(t *testing.T) {
	for _, half := range []bool{false, true} {
		r, disk := newSick(t)
		tape := r.begin(meta())
		caller, centre := says(tape.Caller(), soft), says(tape.Centre(), soft)
		r.talk(tape, 3*time.Second, caller, centre)
		r.drain(tape)
		disk.set(errDisk, half)
		r.push(tape, time.Second, caller, centre)
		wait(t, func() bool { return disk.tries.Load() > 0 }) // the writer holds a second and tries
		began := time.Now()
		r.push(tape, 19*time.Second, caller, centre)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("whoever speaks waited: %v", took)
		}
		r.waitAlarm(AlarmStalled)
		r.waitAlarm(AlarmGap)
		disk.set(nil, false)
		r.drain(tape)
		r.talk(tape, 3*time.Second, caller, centre)
		r.end(tape)

		rec := r.get(tape.ID())
		if rec.State != Whole || rec.Length != 26*time.Second || len(rec.Marks) != 1 || rec.Marks[0].Kind != MarkGap {
			t.Fatalf("%+v", rec)
		}
		gap := rec.Marks[0]
		if gap.End-gap.Start < 10*time.Second || gap.End-gap.Start > 19*time.Second {
			t.Errorf("the gap is from %v to %v", gap.Start, gap.End)
		}
		left, _ := r.hear(tape.ID(), 0, 0)
		if len(left) != 26*calls.Rate {
			t.Fatalf("%d samples", len(left))
		}
		for i, b := range left {
			want := soft(i)
			if at := span(int64(i)); at >= gap.Start && at < gap.End {
				want = mute
			}
			if b != want {
				t.Fatalf("sample %d: %x, want %x", i, b, want)
			}
		}
		part, _ := r.hear(tape.ID(), gap.Start+time.Second, gap.End+time.Second)
		if !bytes.Equal(part, left[samples(gap.Start+time.Second):samples(gap.End+time.Second)]) {
			t.Error("a part across the gap is not the part of the whole")
		}
		must(t, r.Verify(t.Context(), boss, tape.ID()))
		if len(r.rows("recording.alarm")) < 2 {
			t.Error("the log does not tell the alarms")
		}
	}
}

// A disk that never answers keeps a writer, not the call, and not the other calls.
func TestAStalledDiskKeepsTheCall(t *testing.T) {
	r, disk := newSick(t)
	tape, other := r.begin(meta()), (*Tape)(nil)
	caller := says(tape.Caller(), soft)
	r.talk(tape, 2*time.Second, caller)
	r.drain(tape)
	block := make(chan struct{})
	disk.mu.Lock()
	disk.block = block
	disk.mu.Unlock()
	r.push(tape, 8*time.Second, caller)
	r.waitAlarm(AlarmStalled)
	other = r.begin(meta())
	tape.End()
	select {
	case <-tape.Ended():
		t.Error("it ended without its disk")
	default:
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tape.Close(ctx); err == nil {
		t.Error("nobody said that it is not on the disk")
	}
	disk.mu.Lock()
	disk.block = nil
	disk.mu.Unlock()
	close(block)
	r.end(tape)
	r.end(other)
	if rec := r.get(tape.ID()); rec.State != Whole || rec.Length != 10*time.Second {
		t.Errorf("%+v", rec)
	}
}

// A disk that is full for good is given up after the call; what it took is closed later.
func TestADiskThatStaysFullIsGivenUp(t *testing.T) {
	r, disk := newSick(t)
	tape := r.begin(meta())
	caller := says(tape.Caller(), soft)
	r.talk(tape, 6*time.Second, caller)
	r.drain(tape)
	disk.set(errDisk, true)
	r.push(tape, time.Second, caller)
	r.end(tape)
	r.waitAlarm(AlarmLost)
	disk.set(nil, false)
	if n, err := r.Recover(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	rec := r.get(tape.ID())
	if rec.State != Cut || rec.Length < 4*time.Second {
		t.Fatalf("%+v", rec)
	}
	left, _ := r.hear(tape.ID(), 0, 0)
	for i, b := range left {
		if b != soft(i) {
			t.Fatalf("sample %d", i)
		}
	}
}

// The same with a real file system of one megabyte.
func TestARealDiskThatIsFull(t *testing.T) {
	mount := t.TempDir()
	if err := syscall.Mount("tmpfs", mount, "tmpfs", 0, "size=256k"); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(mount, 0)) })
	d, err := Dir(filepath.Join(mount, "recordings"))
	must(t, err)
	r := newRoomIn(t, storagetest.SQLite(t), d, filepath.Join(t.TempDir(), "master"))
	ballast := filepath.Join(mount, "ballast")
	must(t, os.WriteFile(ballast, make([]byte, 128<<10), 0o600))
	tape := r.begin(meta())
	caller := says(tape.Caller(), soft)
	r.talk(tape, 5*time.Second, caller)
	r.push(tape, 12*time.Second, caller)
	r.waitAlarm(AlarmGap)
	must(t, os.Remove(ballast))
	r.drain(tape)
	r.talk(tape, time.Second, caller)
	r.end(tape)
	rec := r.get(tape.ID())
	if rec.State != Whole || rec.Length != 18*time.Second || len(rec.Marks) != 1 {
		t.Fatalf("%+v", rec)
	}
	left, _ := r.hear(tape.ID(), 0, 0)
	for i, b := range left {
		if at := span(int64(i)); b != soft(i) && (at < rec.Marks[0].Start || at >= rec.Marks[0].End) {
			t.Fatalf("sample %d", i)
		}
	}
}

// A fault in a writer ends its recording, and neither the process nor another one.
func TestAFaultInAWriterEndsItsRecordingAlone(t *testing.T) {
	r, disk := newSick(t)
	tape, other := r.begin(meta()), r.begin(meta())
	caller := says(other.Caller(), soft)
	r.talk(tape, 3*time.Second, says(tape.Caller(), soft))
	r.drain(tape)
	disk.set(nil, false)
	disk.broken.Store(true)
	r.push(tape, 2*time.Second, says(tape.Caller(), soft))
	<-tape.Ended()
	disk.broken.Store(false)
	r.waitAlarm(AlarmLost)
	r.talk(other, time.Second, caller)
	r.end(other)
	if rec := r.get(other.ID()); rec.State != Whole {
		t.Errorf("the other one: %+v", rec)
	}
	if n, err := r.Recover(t.Context()); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if rec := r.get(tape.ID()); rec.State != Cut || rec.Length == 0 {
		t.Errorf("%+v", rec)
	}
}
