package grants

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// vector is one story of one lease; times are milliseconds of the monotonic clock.
type vector struct {
	Name   string
	Class  *sekisho.LeaseClass
	Camera bool
	Steps  []struct {
		At       int64
		Issue    *uint64 // hand out a nonce; the counter expected
		Renew    *uint64 // answer the nonce of this counter
		Forge    bool    // with a nonce that is not its own
		State    *sekisho.State
		Number   uint8 // a state by number, for those without a name
		In, Age  int64
		Want     *Refusal
		Alive    *bool
		Deadline int64
		Ended    *sekisho.State
		Reason   string
	}
}

func nonceOf(counter uint64) [16]byte { return [16]byte{0xA0, byte(counter), 7} }

func millis(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func TestLeaseVectors(t *testing.T) {
	raw, err := os.ReadFile("testdata/lease.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(raw, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) < 30 {
		t.Fatalf("%d vectors, want the whole table", len(vectors))
	}
	for _, v := range vectors {
		t.Run(v.Name, func(t *testing.T) { play(t, v) })
	}
}

func play(t *testing.T, v vector) {
	terms := Terms{Class: sekisho.ClassFace, Camera: v.Camera, Absent: 10 * time.Second, Confirm: 15 * time.Second}
	if v.Class != nil {
		terms.Class = *v.Class
	}
	l := NewLease(terms, 0)
	for i, s := range v.Steps {
		at := millis(s.At)
		if s.Issue != nil {
			if got := l.Issue(at, nonceOf(*s.Issue)); got != *s.Issue {
				t.Fatalf("step %d: Issue = %d, want %d", i, got, *s.Issue)
			}
		}
		if s.Renew != nil {
			r := wire.LeaseRenewal{Counter: *s.Renew, Nonce: nonceOf(*s.Renew), State: sekisho.State(s.Number), InState: millis(s.In), Age: millis(s.Age)}
			if s.State != nil {
				r.State = *s.State
			}
			if s.Forge {
				r.Nonce[5] ^= 1
			}
			if got := l.Renew(at, r); s.Want == nil || got != *s.Want {
				t.Fatalf("step %d: Renew = %q, want %v", i, got, s.Want)
			}
		} else {
			l.Lapse(at)
		}
		if s.Alive != nil && l.Alive(at) != *s.Alive {
			t.Fatalf("step %d: Alive = %v", i, l.Alive(at))
		}
		if s.Deadline > 0 && l.Deadline() != millis(s.Deadline) {
			t.Fatalf("step %d: Deadline = %v, want %v", i, l.Deadline(), millis(s.Deadline))
		}
		if s.Ended == nil && s.Renew == nil {
			s.Ended = s.State
		}
		if s.Ended != nil && l.State() != *s.Ended {
			t.Fatalf("step %d: State = %v, want %v", i, l.State(), *s.Ended)
		}
		if s.Reason != "" && l.Reason() != s.Reason {
			t.Fatalf("step %d: Reason = %q, want %q", i, l.Reason(), s.Reason)
		}
	}
}

func TestZeroLeaseIsDead(t *testing.T) {
	var l Lease
	if l.Alive(0) || l.Issue(0, nonceOf(1)) != 0 || l.Renew(0, wire.LeaseRenewal{Counter: 1, State: sekisho.Present}) != RefusedDead {
		t.Fatal("the zero lease does something")
	}
}

func TestEndCountsOnce(t *testing.T) {
	l := NewLease(Terms{Class: sekisho.ClassFace}, 0)
	if !l.End(sekisho.Spoof, "lease.spoof") || l.End(sekisho.Present, "again") || l.Lapse(time.Hour) {
		t.Fatal("a lease ends once")
	}
	if l.State() != sekisho.Spoof || l.Reason() != "lease.spoof" || l.Deadline() != 0 {
		t.Fatalf("ended as %v for %q", l.State(), l.Reason())
	}
}

func TestApprovedEndsAfterSixtyMinutes(t *testing.T) {
	l := NewLease(Terms{Class: sekisho.ClassApproved, Camera: true}, 0)
	at := time.Duration(0)
	for ; l.Alive(at); at += wire.NonceEvery {
		n := l.Issue(at, nonceOf(1))
		if got := l.Renew(at+time.Second, wire.LeaseRenewal{Counter: n, Nonce: nonceOf(1), State: sekisho.Present}); got != Taken && at < time.Hour {
			t.Fatalf("at %v: %q", at, got)
		}
		if at > 2*time.Hour {
			t.Fatal("an approved session outlives its hour")
		}
	}
	l.Lapse(at)
	if at != time.Hour || l.Reason() != "lease.approved_over" {
		t.Fatalf("ended at %v for %q, want 1h0m0s and lease.approved_over", at, l.Reason())
	}
}

func TestDoubtHurriesTheNonce(t *testing.T) {
	l := NewLease(Terms{Class: sekisho.ClassFace, Absent: 10 * time.Second}, 0)
	l.Issue(0, nonceOf(1))
	if l.NextNonce() != wire.NonceEvery {
		t.Fatalf("next nonce at %v", l.NextNonce())
	}
	l.Renew(time.Second, wire.LeaseRenewal{Counter: 1, Nonce: nonceOf(1), State: sekisho.Unsure})
	if l.NextNonce() != doubtNonceEvery {
		t.Fatalf("next nonce in doubt at %v", l.NextNonce())
	}
}

// TestLateNoncesKeepTheirBeat: a node that was busy for a moment serves the
// leases of that moment together; from the next nonce on they are apart again.
func TestLateNoncesKeepTheirBeat(t *testing.T) {
	l := NewLease(Terms{Class: sekisho.ClassFace, Absent: 10 * time.Second}, 0)
	l.Issue(0, [16]byte{1})
	l.Issue(2*time.Second+300*time.Millisecond, [16]byte{2})
	if got := l.NextNonce(); got != 4*time.Second {
		t.Errorf("the nonce after one that was 300 ms late is due at %v, want 4 s", got)
	}
}

// TestLeasesPartAfterAStandstill: after seconds without a turn all leases are
// due at once. Their next nonces spread over a second, none sooner than in one.
func TestLeasesPartAfterAStandstill(t *testing.T) {
	const at = 5 * time.Second
	seen := map[time.Duration]bool{}
	for n := range 256 {
		l := NewLease(Terms{Class: sekisho.ClassFace, Absent: 10 * time.Second}, 0)
		l.Issue(0, [16]byte{1})
		l.Issue(at, [16]byte{byte(n)})
		next := l.NextNonce()
		if next <= at+time.Second || next > at+wire.NonceEvery {
			t.Fatalf("next nonce %v after the late one", next-at)
		}
		seen[next] = true
	}
	if len(seen) != 256 {
		t.Errorf("256 leases are due at %d moments", len(seen))
	}
}
