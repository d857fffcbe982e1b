package connect

import (
	"context"
	"crypto"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
	"github.com/sekisho/sekisho/internal/wire"
)

// countedKey tells that it was closed.
type countedKey struct {
	devicekey.Key
	closed *atomic.Int32
}

func (k countedKey) Close() error { k.closed.Add(1); return k.Key.Close() }

// A PC that was refused, with its key open, and is enrolled again beside the
// running agent, goes on with the new key.
func TestEnrolmentAgainBringsItsOwnKey(t *testing.T) {
	var old, fresh atomic.Int32
	var path string
	play(t, func(_ *stage, p *parts) {
		path = filepath.Join(p.dir, "enrolment.json")
		e, err := uplink.LoadEnrolment(p.dir)
		if err != nil {
			t.Fatal(err)
		}
		e.State = uplink.StateRefused
		if err := e.Save(p.dir); err != nil {
			t.Fatal(err)
		}
		load := p.loadKey
		p.loadKey = func(ctx context.Context) (devicekey.Key, error) {
			k, err := load(ctx)
			return countedKey{k, &fresh}, err
		}
	}, func(s *stage) {
		before, err := devicekey.Load(t.Context(), devicekey.Config{Dir: s.dir, Kind: devicekey.KindSoftware})
		if err != nil {
			t.Fatal(err)
		}
		// As it is left by a poll that was answered with a refusal.
		_ = s.ask(func() error { s.key = countedKey{before, &old}; return nil })
		if st := s.Status(""); st.Phase != phaseUnenrolled {
			t.Fatalf("%+v", st)
		}
		made, err := devicekey.Create(t.Context(), devicekey.Config{Dir: s.dir, Kind: devicekey.KindSoftware})
		if err != nil {
			t.Fatal(err)
		}
		made.Close()
		e, err := uplink.LoadEnrolment(s.dir)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		e.State, e.Device = uplink.StateIssued, sekisho.DeviceID(wire.NewID())
		if err := e.Save(s.dir); err != nil {
			t.Fatal(err)
		}
		s.until("ready", func() bool { return s.Status("").Phase == phaseReady })
		var uses crypto.PublicKey
		_ = s.ask(func() error { uses = s.key.Public(); return nil })
		if !made.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(uses) {
			t.Error("the agent goes on with the key of the enrolment that was refused")
		}
		if old.Load() != 1 || fresh.Load() != 0 {
			t.Errorf("closed: the old key %d times, the new one %d times", old.Load(), fresh.Load())
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	})
}

// Somebody who is back at once gets in at once: the lease of the session before
// has let its port go, although its record is still being taken.
func TestBackAtOnce(t *testing.T) {
	play(t, nil, func(s *stage) {
		s.work()
		s.lock.slowly = 3 * time.Second // the record is whole only when the system has answered
		s.show(nil, operator(), someone(2, 250, 0, 0))
		s.until("black", func() bool {
			s.show(nil, operator(), someone(2, 250, 0, 0))
			return s.Status("").Phase == phaseBlack
		})
		began := s.clock.Mono()
		if problem := s.logIn(operator()); problem != "" {
			t.Errorf("got %q", problem)
		}
		if took := s.clock.Mono() - began; took > 2*time.Second {
			t.Errorf("after %v", took)
		}
	})
}
