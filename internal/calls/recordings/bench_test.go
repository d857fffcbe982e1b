package recordings

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// cpu is what this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSecond is the processor's work for one second of both parties, a hundred
// packets, from Take to the sealed chunk: without the file system.
func BenchmarkSecond(b *testing.B) {
	r := newRoomIn(b, storagetest.SQLite(b), memories{}, filepath.Join(b.TempDir(), "master"))
	words := speech(10)
	tape := r.begin(meta())
	tape.End() // its own writer is not measured
	<-tape.Ended()
	s, err := newSealer(make([]byte, keyLen), "id", "call")
	must(b, err)
	t := newTape(r.Recordings, "id", meta(), s, 0)
	t.w.file = &memory{}
	caller, centre := t.Caller(), t.Centre()
	frame := calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, Source: 1}
	b.ReportAllocs()
	before := cpu(b)
	b.ResetTimer()
	for i := range b.N {
		for p := range 50 {
			n := 50*i + p
			frame.At, frame.Stamp, frame.Seq = time.Duration(n)*20*time.Millisecond, uint32(160*n), uint16(n)
			frame.Payload = words[160*n%len(words):][:160]
			caller.Take(frame)
			frame.Payload = words[160*(n+250)%len(words):][:160]
			centre.Take(frame)
		}
		for len(t.queue) > 0 {
			sec := <-t.queue
			t.w.seal(sec, more)
			r.seconds.Put(sec)
			must(b, t.w.flush(false))
			t.w.synced = headerLen // one place in memory
		}
	}
	b.StopTimer()
	b.ReportMetric(float64((cpu(b)-before).Nanoseconds())/float64(b.N)/1000, "µs-cpu/s-of-tape")
}

// BenchmarkTapes records 250 calls at once onto the real disk, as fast as it goes, in steps of one second.
func BenchmarkTapes(b *testing.B) {
	const many = 250
	r := newRoom(b, storagetest.SQLite(b))
	tapes := make([]*Tape, many)
	who := make([]calls.Sink, 0, 2*many)
	for i := range tapes {
		tapes[i] = r.begin(meta())
		who = append(who, tapes[i].Caller(), tapes[i].Centre())
	}
	words := speech(10)
	var mem runtime.MemStats
	before := cpu(b)
	b.ResetTimer()
	for i := range b.N {
		for p := range 50 {
			n := 50*i + p
			f := calls.Frame{Kind: calls.Sound, Codec: calls.PCMU, Source: 1, At: r.clk.Mono(), Stamp: uint32(160 * n), Seq: uint16(n), Payload: words[160*n%len(words):][:160]}
			for _, k := range who {
				k.Take(f)
			}
			r.clk.Advance(20 * time.Millisecond)
		}
		for _, t := range tapes {
			for len(t.queue) > 1 {
				time.Sleep(time.Millisecond)
			}
		}
	}
	b.StopTimer()
	used := cpu(b) - before
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(used.Microseconds())/float64(b.N)/many, "µs-cpu/s-of-tape")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/s-of-250-tapes")
	b.ReportMetric(float64(mem.HeapInuse)/many/1024, "KiB-heap/tape")
	r.mu.Lock()
	alarms := len(r.alarms)
	r.mu.Unlock()
	b.ReportMetric(float64(alarms), "alarms")
	for _, t := range tapes {
		must(b, t.Close(context.Background()))
	}
	entries, err := os.ReadDir(r.path)
	if err != nil || len(entries) != many {
		b.Fatal(fmt.Errorf("%d files: %w", len(entries), err))
	}
}
