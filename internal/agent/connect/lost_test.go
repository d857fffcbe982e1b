package connect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/sekisho/sekisho/internal/agent/devicekey"
	"github.com/sekisho/sekisho/internal/agent/uplink"
)

// lostKey is a PC whose TPM says that it does not know the key; ek is the
// endorsement key of the TPM that is there now.
func lostKey(t *testing.T, p *parts, ek []byte, again func(e uplink.Enrolment) error) {
	t.Helper()
	e, err := uplink.LoadEnrolment(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("the chip"))
	e.EK, e.Ticket = hex.EncodeToString(sum[:]), make([]byte, 32)
	if err := e.Save(p.dir); err != nil {
		t.Fatal(err)
	}
	good := p.loadKey
	var whole atomic.Bool
	p.loadKey = func(ctx context.Context) (devicekey.Key, error) {
		if whole.Load() {
			return good(ctx)
		}
		return nil, devicekey.ErrLost
	}
	p.ek = func(context.Context) ([]byte, error) {
		if ek == nil {
			return nil, devicekey.ErrTimeout
		}
		return ek, nil
	}
	p.again = func(_ context.Context, e uplink.Enrolment) error {
		if err := again(e); err != nil {
			return err
		}
		whole.Store(true)
		e.State, e.Certificate = uplink.StatePending, nil
		return e.Save(p.dir)
	}
}

// What happened is said, and the same way out is offered: the server takes the
// same TPM only.
func TestALostKeyIsExplained(t *testing.T) {
	for want, ek := range map[string][]byte{
		"device.tpm_cleared": []byte("the chip"), "device.tpm_replaced": []byte("another chip"), "device.key_lost": nil,
	} {
		t.Run(want, func(t *testing.T) {
			play(t, func(_ *stage, p *parts) { lostKey(t, p, ek, func(uplink.Enrolment) error { return nil }) }, func(s *stage) {
				s.openPage()
				st := s.Status("en")
				if st.Phase != phaseUnenrolled || st.Code != want || st.Title == "" || !st.Again {
					t.Errorf("%+v", st)
				}
				if err := s.Connect(""); err == nil {
					t.Error("connects without a key")
				}
			})
		})
	}
}

func TestEnrollingAgainByOnePress(t *testing.T) {
	var asked atomic.Int32
	play(t, func(_ *stage, p *parts) {
		lostKey(t, p, []byte("the chip"), func(e uplink.Enrolment) error {
			if asked.Add(1); len(e.Ticket) == 0 || e.State != uplink.StateIssued {
				t.Errorf("asked with %+v", e)
			}
			return nil
		})
	}, func(s *stage) {
		s.openPage()
		if err := s.Again(); err != nil {
			t.Fatal(err)
		}
		s.until("pending", func() bool { return s.Status("").Phase == phasePending })
		if err := s.Again(); err != nil || asked.Load() != 1 {
			t.Errorf("pressed twice: %v, enrolled %d times", err, asked.Load())
		}
		if s.Status("").Again {
			t.Error("offered while it waits for approval")
		}
	})
}

// A refusal is shown; a server that is not reached leaves the way open.
func TestEnrollingAgainThatFails(t *testing.T) {
	for want, c := range map[string]struct {
		err  error
		open bool
	}{
		"device.tpm_replaced":  {errReplaced, true},
		"server.unreachable":   {uplink.ErrUnreachable, true},
		"device.tpm_not_asked": {devicekey.ErrActive, true},
	} {
		t.Run(want, func(t *testing.T) {
			var tried atomic.Bool
			play(t, func(_ *stage, p *parts) {
				lostKey(t, p, []byte("the chip"), func(uplink.Enrolment) error { tried.Store(true); return c.err })
			}, func(s *stage) {
				s.openPage()
				if err := s.Again(); err != nil {
					t.Fatal(err)
				}
				s.until("answered", func() bool { return tried.Load() && s.Status("").Phase == phaseUnenrolled })
				if st := s.Status(""); st.Code != want || st.Again != c.open {
					t.Errorf("%+v", st)
				}
			})
		})
	}
}

// Without a lost key there is nothing to enrol again.
func TestAgainIsForLostKeysAlone(t *testing.T) {
	play(t, func(_ *stage, p *parts) {
		p.again = func(context.Context, uplink.Enrolment) error { t.Error("enrolled again"); return nil }
	}, func(s *stage) {
		s.openPage()
		if err := s.Again(); !errors.Is(err, errEarly) || s.Status("").Again {
			t.Errorf("got %v", err)
		}
	})
}
