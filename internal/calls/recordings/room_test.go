package recordings

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/seal"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// scope gives everybody all works of the clients in it, and of the others these works.
type scope map[sekisho.ClientID]Works

func (s scope) Works(_ context.Context, _ Viewer, client sekisho.ClientID) (Works, error) {
	return s[client], nil
}

type room struct {
	*Recordings
	t      testing.TB
	db     *storage.DB
	clk    *clock.Fake
	log    *audit.Log
	path   string // of the folder
	scope  scope
	mu     sync.Mutex
	alarms []Alarm
}

var (
	clientA = sekisho.ClientID(wire.NewID())
	clientB = sekisho.ClientID(wire.NewID())
	workA   = sekisho.WorkID(wire.NewID())
	workA2  = sekisho.WorkID(wire.NewID())
	boss    = Viewer{Person: "boss", Role: sekisho.RoleSupervisor, From: "192.0.2.7"}
	admin   = By{Person: "admin", Role: sekisho.RoleAdministrator}
	sv      = By{Person: "boss", Role: sekisho.RoleSupervisor}
)

func newRoom(t testing.TB, db *storage.DB) *room {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "recordings")
	d, err := Dir(folder)
	must(t, err)
	r := newRoomIn(t, db, d, filepath.Join(t.TempDir(), "master"))
	r.path = folder
	return r
}

// newRoomIn makes a room on a folder; the master may be one that is there.
func newRoomIn(t testing.TB, db *storage.DB, folder Folder, master string) *room {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC))
	must(t, db.Migrate(t.Context(), audit.Schema, seal.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	box, err := seal.Open(master)
	must(t, err)
	r := &room{t: t, db: db, clk: clk, log: log, scope: scope{clientA: {All: true}}}
	r.Recordings, err = New(db, clk, box, log, folder, Config{Keys: seal.NewKeys(db, clk, box), Scope: r.scope, Node: "one", Patience: 50 * time.Millisecond,
		Alarm: func(a Alarm) { r.mu.Lock(); r.alarms = append(r.alarms, a); r.mu.Unlock() }})
	must(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		must(t, r.Close(ctx))
		must(t, log.Close())
	})
	return r
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func meta() Meta {
	return Meta{Call: sekisho.CallID(wire.NewID()), Client: clientA, Work: workA, Operator: "op", Number: "+819012345678", Direction: In}
}

func (r *room) begin(m Meta) *Tape {
	r.t.Helper()
	tape, err := r.Begin(context.Background(), m)
	must(r.t, err)
	return tape
}

// talker speaks without a pause, 20 ms a packet.
type talker struct {
	sink  calls.Sink
	codec calls.Codec
	seq   uint16
	stamp uint32
	ssrc  uint32
	say   func(i int) byte // the sample of that number
	n     int
}

func (k *talker) speak(at time.Duration) {
	payload := make([]byte, 160)
	for i := range payload {
		payload[i] = k.say(k.n + i)
	}
	k.n += len(payload)
	k.sink.Take(calls.Frame{Kind: calls.Sound, Codec: k.codec, Source: k.ssrc, Seq: k.seq, Stamp: k.stamp, At: at, Payload: payload})
	k.seq++
	k.stamp += 160
}

func says(sink calls.Sink, say func(int) byte) *talker {
	return &talker{sink: sink, codec: calls.PCMU, ssrc: 7, stamp: 0xFFFFFF00, say: say}
}

// talk lets everybody speak for a time; the disk is waited for.
func (r *room) talk(t *Tape, d time.Duration, who ...*talker) {
	for until := r.clk.Mono() + d; r.clk.Mono() < until; {
		now := r.clk.Mono()
		for _, k := range who {
			k.speak(now)
		}
		r.clk.Advance(20 * time.Millisecond)
		t.pass(r.clk.Mono())
		wait(r.t, func() bool { return len(t.queue) <= 1 })
	}
}

// wait gives the other goroutines of a test their time.
func wait(t testing.TB, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !done(); time.Sleep(50 * time.Microsecond) {
		if time.Now().After(deadline) {
			t.Fatal("it does not come")
		}
	}
}

func (r *room) end(t *Tape) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	must(r.t, t.Close(ctx))
}

func (r *room) get(id sekisho.RecordingID) Recording {
	r.t.Helper()
	rec, err := r.Get(context.Background(), boss, id)
	must(r.t, err)
	return rec
}

// hear plays a part, and gives the two sides without what only the watermark moves.
func (r *room) hear(id sekisho.RecordingID, from, to time.Duration) (left, right []byte) {
	r.t.Helper()
	s, err := r.Open(context.Background(), boss, id)
	must(r.t, err)
	defer func() { must(r.t, s.Close()) }()
	var out bytes.Buffer
	must(r.t, s.Play(&out, from, to))
	return sides(r.t, out.Bytes())
}

func sides(t testing.TB, wav []byte) (left, right []byte) {
	t.Helper()
	if len(wav) < wavHeadLen || string(wav[:4]) != "RIFF" || string(wav[54-4:54]) != "data" || int(binary.LittleEndian.Uint32(wav[54:])) != len(wav)-wavHeadLen {
		t.Fatalf("not a WAV file: % x", wav[:min(len(wav), wavHeadLen)])
	}
	for i := wavHeadLen; i < len(wav); i += 2 {
		left, right = append(left, wav[i]), append(right, wav[i+1])
	}
	return left, right
}

func constant(b byte) func(int) byte { return func(int) byte { return b } }

// soft are samples that the watermark leaves alone.
func soft(i int) byte { return ^byte(i % softest) }

func (r *room) rows(kind string) []audit.Entry {
	r.t.Helper()
	must(r.t, r.log.Flush(context.Background()))
	found, err := r.log.Search(context.Background(), audit.Filter{Kind: kind})
	must(r.t, err)
	return found
}
