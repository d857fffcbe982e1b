package presence

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
)

// TestWheel adds at random moments, ahead and late, and lets time pass in
// steps, long stops among them.
func TestWheel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Duration(rapid.IntRange(0, 10_000).Draw(t, "start")) * time.Millisecond
		w := newWheel(now)
		due := map[sekisho.SessionID]time.Duration{}
		for i := range rapid.IntRange(1, 80).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "add") {
				at := now + time.Duration(rapid.IntRange(-500, 9000).Draw(t, "ahead"))*time.Millisecond
				id := sekisho.SessionID(fmt.Sprint(i))
				w.add(id, at)
				due[id] = max(at, now)
				continue
			}
			now += time.Duration(rapid.SampledFrom([]int{1, 9, 10, 11, 130, 700, 20_000}).Draw(t, "pass")) * time.Millisecond
			for _, id := range w.take(now) {
				at, ok := due[id]
				if !ok {
					t.Fatalf("%s twice, or never added", id)
				}
				if now < at {
					t.Fatalf("%s due at %v came at %v", id, at, now)
				}
				delete(due, id)
			}
			for id, at := range due {
				if now >= at+2*grain {
					t.Fatalf("%s due at %v has not come at %v", id, at, now)
				}
			}
		}
	})
}
