package grants

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// TestLeaseProperties plays random schedules against one lease, honest and not,
// and compares it with what the design promises in words.
func TestLeaseProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		absent := time.Duration(rapid.IntRange(5000, 30000).Draw(t, "absent")) * time.Millisecond
		terms := Terms{Class: sekisho.ClassFace, Absent: absent, Confirm: 15 * time.Second}
		if rapid.Bool().Draw(t, "approved") {
			terms.Class, terms.Camera = sekisho.ClassApproved, rapid.Bool().Draw(t, "camera")
		}
		var (
			l           = NewLease(terms, 0)
			at          time.Duration
			issuedAt    = map[uint64]time.Duration{}
			lastTaken   time.Duration // issue time of the newest answered nonce; the opening counts as one at 0
			highest     uint64
			lastPresent time.Duration
			firstUnsure = time.Duration(-1) // of a run of nothing but unsure
			dead        bool
		)
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			at += time.Duration(rapid.IntRange(0, 2500).Draw(t, "pause")) * time.Millisecond
			if rapid.IntRange(0, 2).Draw(t, "act") == 0 {
				if n := l.Issue(at, nonceOf(l.counter+1)); n != 0 {
					if dead {
						t.Fatal("a dead lease handed out a nonce")
					}
					issuedAt[n] = at
				}
				continue
			}
			r := wire.LeaseRenewal{
				Counter: uint64(rapid.IntRange(0, int(l.counter)+1).Draw(t, "counter")),
				State:   sekisho.State(rapid.SampledFrom([]int{1, 1, 1, 2, 2, 5, 5, 3, 0, 77}).Draw(t, "state")),
				InState: time.Duration(rapid.IntRange(0, 7000).Draw(t, "in")) * time.Millisecond,
				Age:     time.Duration(rapid.IntRange(0, 2000).Draw(t, "age")) * time.Millisecond,
			}
			r.Nonce = nonceOf(r.Counter)
			forged := rapid.IntRange(0, 9).Draw(t, "forged") == 0
			if forged {
				r.Nonce[9] ^= 0x10
			}
			was := l.Alive(at)
			got := l.Renew(at, r)
			if dead && got != RefusedDead {
				t.Fatalf("a dead lease answered %q", got)
			}
			if !was {
				dead = true
				continue
			}
			renewed := got == Taken && l.Alive(at)
			if renewed {
				issue, ok := issuedAt[r.Counter]
				switch {
				case !ok, forged:
					t.Fatal("renewed without a nonce that was handed out")
				case r.Counter <= highest:
					t.Fatal("renewed by a nonce answered before, or by one older than the newest answered")
				case at >= issue+wire.LeaseTTL:
					t.Fatal("renewed by a stale nonce")
				case r.Age > wire.MaxVerdictAge, at-r.Age < issue:
					t.Fatal("renewed by a verdict that is too old")
				}
				highest, lastTaken = r.Counter, issue
				switch r.State {
				case sekisho.Present:
					lastPresent, firstUnsure = at, -1
				case sekisho.Unsure:
					if firstUnsure < 0 {
						firstUnsure = at
					}
				case sekisho.Absent:
				default:
					t.Fatalf("renewed by %v", r.State)
				}
			}
			if got == Taken && !l.Alive(at) {
				dead = true
			}
			if r.State == sekisho.Unsure && r.InState >= wire.MaxUnsure && !dead {
				t.Fatal("alive although the agent itself counts too long a doubt")
			}
			if d := l.Deadline(); d > lastTaken+wire.LeaseTTL {
				t.Fatalf("deadline %v is later than the nonce of %v allows", d, lastTaken)
			}
			if d := l.Deadline(); d > lastPresent+wire.LeaseTTL && d > 0 {
				// Only doubt carried it on: never beyond what both states together may take.
				if d > lastPresent+wire.LeaseTTL+wire.MaxUnsure+absent {
					t.Fatalf("doubt since %v carries to %v", lastPresent, d)
				}
			}
			if firstUnsure >= 0 && l.State() == sekisho.Unsure && l.Deadline() > firstUnsure+wire.MaxUnsure+absent {
				t.Fatalf("unsure since %v carries to %v", firstUnsure, l.Deadline())
			}
			if terms.Class == sekisho.ClassApproved && (l.State() == sekisho.Absent || l.Deadline() > time.Hour) && l.Alive(at) {
				t.Fatal("an approved lease outlives absence or its hour")
			}
		}
	})
}

// TestUnsureAloneNeverOutlivesFiveSeconds drives one long run of unsure with
// whatever the agent claims of it.
func TestUnsureAloneNeverOutlivesFiveSeconds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := NewLease(Terms{Class: sekisho.ClassFace, Absent: 30 * time.Second}, 0)
		first, at := time.Duration(-1), time.Duration(0)
		for l.Alive(at) {
			n := l.Issue(at, nonceOf(l.counter+1))
			at += time.Duration(rapid.IntRange(1, 1200).Draw(t, "delay")) * time.Millisecond
			in := time.Duration(rapid.IntRange(0, 5500).Draw(t, "in")) * time.Millisecond
			if l.Renew(at, wire.LeaseRenewal{Counter: n, Nonce: nonceOf(n), State: sekisho.Unsure, InState: in}) == Taken && first < 0 {
				first = at
			}
			if l.Deadline() > first+wire.MaxUnsure {
				t.Fatalf("unsure since %v, alive until %v", first, l.Deadline())
			}
		}
	})
}
