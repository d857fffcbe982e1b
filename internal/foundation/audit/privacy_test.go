package audit_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// Personal values stand in the side table alone: not in leaves, not in exports,
// not in proofs and not in what is printed. Two events about one person do not
// show that they are.
func TestPersonalValuesStayOutOfTheLog(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		l := open(t, db, newClock())
		const marker = "marker-090-1234-5678"
		e := audit.Event{Kind: "person.created", Personal: audit.Personal{"phone": marker}}
		for range 2 {
			if err := appendEvent(ctx, db, l, e); err != nil {
				t.Fatal(err)
			}
		}
		found, err := l.Search(ctx, audit.Filter{Text: "MARKER-090"})
		if err != nil || len(found) != 2 || found[0].Event.Personal["phone"] != marker {
			t.Fatalf("the control: %d found, %v", len(found), err)
		}
		p, err := l.Prove(ctx, 0)
		if err != nil {
			t.Fatal(err)
		}
		var leaves string
		err = db.Read(ctx, func(tx storage.Tx) error {
			return tx.QueryRow(ctx, "SELECT MIN(leaf) || MAX(leaf) FROM audit_leaves").Scan(&leaves)
		})
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("event", "personal", e.Personal)
		for name, text := range map[string]string{"leaves": leaves, "export": string(exported(t, l)), "proof": string(p.Extra),
			"slog": log.String(), "fmt": fmt.Sprintf("%v %+v %s", e, e, e.Personal)} {
			if strings.Contains(text, marker) {
				t.Errorf("the value stands in %s", name)
			}
		}
		commitment := func(leaf []byte) string {
			_, rest, _ := strings.Cut(string(leaf), `"phone":"`)
			c, _, _ := strings.Cut(rest, `"`)
			return c
		}
		if a, b := commitment(found[0].Leaf), commitment(found[1].Leaf); a == b || len(a) != 43 {
			t.Errorf("commitments %q and %q", a, b)
		}
	})
}

func TestSearch(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		clk := newClock()
		l := open(t, db, clk)
		start := clk.Now()
		for i := range 30 {
			e := audit.Event{Kind: []string{"session.opened", "session_x.opened", "device.issued"}[i%3], Reason: "100%_sure"}
			switch i % 5 {
			case 0:
				e.Actor.Person = "anna"
			case 1:
				e.Object = audit.Object{Type: "person", ID: "anna"}
			case 2:
				e.Actor.Device = "pc1"
			case 3:
				e.Session = "s9"
			}
			if err := appendEvent(ctx, db, l, e); err != nil {
				t.Fatal(err)
			}
			clk.Advance(1e9)
		}
		for name, c := range map[string]struct {
			f    audit.Filter
			want int
		}{
			"all":              {audit.Filter{}, 30},
			"kind":             {audit.Filter{Kind: "session.opened"}, 10},
			"prefix":           {audit.Filter{Kind: "session."}, 10},
			"wild card":        {audit.Filter{Kind: "session_"}, 10},
			"percent":          {audit.Filter{Kind: "%"}, 0},
			"person":           {audit.Filter{Person: "anna"}, 12},
			"device":           {audit.Filter{Device: "pc1"}, 6},
			"session":          {audit.Filter{Session: "s9"}, 6},
			"object":           {audit.Filter{Object: "anna"}, 6},
			"nobody":           {audit.Filter{Person: "ann"}, 0},
			"from":             {audit.Filter{From: start.Add(10e9)}, 20},
			"to":               {audit.Filter{To: start.Add(10e9)}, 10},
			"text":             {audit.Filter{Text: "100%_SURE"}, 30},
			"text, no pattern": {audit.Filter{Text: "100_"}, 0},
			"injection":        {audit.Filter{Person: "' OR 1=1 --", Text: "' OR 1=1 --"}, 0},
			"before":           {audit.Filter{Before: 7}, 7},
			"limit":            {audit.Filter{Limit: 4}, 4},
			"several":          {audit.Filter{Person: "anna", Kind: "session.", Before: 20}, 3},
		} {
			found, err := l.Search(ctx, c.f)
			if err != nil || len(found) != c.want || found == nil {
				t.Errorf("%s: %d found, want %d, %v", name, len(found), c.want, err)
			}
			for i := 1; i < len(found); i++ {
				if found[i].Seq >= found[i-1].Seq {
					t.Errorf("%s: not the newest first", name)
				}
			}
		}
	})
}
