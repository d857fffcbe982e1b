package acd

import (
	"fmt"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// Facts wait while the database takes none, and are written once when it does.
func TestFactsWaitForTheDatabase(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		w := newWriter(db)
		facts := make([]Fact, 1234)
		for i := range facts {
			facts[i] = Fact{At: noon.Add(time.Duration(i) * time.Millisecond), Kind: FactState, Agent: "op", State: Ready}
		}
		w.put(facts)
		if err := w.drain(t.Context()); err == nil || w.behind() != len(facts) { // there is no table yet
			t.Fatalf("%v, %d behind", err, w.behind())
		}
		must(t, db.Migrate(t.Context(), Schema))
		must(t, db.Write(t.Context(), func(tx storage.Tx) error { return insertFacts(t.Context(), tx, w.queue[:700]) }))
		must(t, w.drain(t.Context())) // of which nobody had learned
		n := 0
		must(t, db.Read(t.Context(), func(tx storage.Tx) error {
			return eachFact(t.Context(), tx, noon, noon.Add(time.Hour), func(f Fact) {
				if f.At != facts[n].At {
					t.Errorf("%d: %v", n, f.At)
				}
				n++
			})
		}))
		if n != len(facts) || w.behind() != 0 {
			t.Fatalf("%d written of %d, %d behind", n, len(facts), w.behind())
		}
	})
}

// However long the database takes none, memory is bounded and the machine goes on.
func TestTheLogIsBounded(t *testing.T) {
	w := newWriter(nil)
	facts := make([]Fact, maxBehind/4)
	for range 5 {
		w.put(facts)
	}
	if len(w.queue) != maxBehind || w.dropped != maxBehind/4 || w.behind() != maxBehind+maxBehind/4 {
		t.Fatalf("%d wait, %d dropped", len(w.queue), w.dropped)
	}
}

// What waits when the room stops is written.
func TestNothingIsLeftBehind(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	q, err := r.Create(t.Context(), "sv", r.plain("一般"))
	must(t, err)
	stop := r.start()
	for i := range 50 {
		r.Do(CallArrives{Call: sekisho.CallID(fmt.Sprint(i)), Queue: q.ID, Level: sekisho.LevelNone})
	}
	r.settled()
	stop()
	n := 0
	for _, f := range r.facts() {
		if f.Kind == FactQueued {
			n++
		}
	}
	if n != 50 {
		t.Fatalf("%d facts", n)
	}
}
