package loans

import (
	"context"
	"crypto/ed25519"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// inventory is PCs that end once, in a transaction on the same database.
type inventory struct {
	db    *storage.DB
	mu    sync.Mutex
	ended map[sekisho.DeviceID]string
	cut   int
}

var errState = sekisho.Fail(sekisho.KindConflict, "device.state")

func (v *inventory) HolderOf(_ context.Context, d sekisho.DeviceID) (sekisho.PersonID, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ended[d] != "" {
		return "", errState
	}
	return "op", nil
}

func (v *inventory) end(ctx context.Context, d sekisho.DeviceID, how string, also func(context.Context, storage.Tx) error) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cut++
	if v.ended[d] == "revoked" {
		return errState
	}
	err := v.db.Write(ctx, func(tx storage.Tx) error { return also(ctx, tx) })
	if err == nil {
		v.ended[d] = how
	}
	return err
}

func (v *inventory) ReturnWith(ctx context.Context, _ audit.Actor, d sekisho.DeviceID, _ string, also func(context.Context, storage.Tx) error) error {
	return v.end(ctx, d, "returned", also)
}

func (v *inventory) RevokeWith(ctx context.Context, _ audit.Actor, d sekisho.DeviceID, _ string, also func(context.Context, storage.Tx) error) error {
	return v.end(ctx, d, "revoked", also)
}

func (v *inventory) Replace(ctx context.Context, by audit.Actor, d sekisho.DeviceID, next Replacement, also func(context.Context, storage.Tx, sekisho.DeviceID) error) (sekisho.DeviceID, error) {
	id := sekisho.DeviceID(next.Tag)
	return id, v.end(ctx, d, "replaced", func(ctx context.Context, tx storage.Tx) error { return also(ctx, tx, id) })
}

type room struct {
	*Loans
	*testing.T
	clk *clock.Fake
	log *audit.Log
	pcs *inventory
}

var (
	admin = audit.Actor{Person: "admin", Role: sekisho.RoleAdministrator}
	from  = netip.MustParseAddr("203.0.113.7")
)

func newRoom(t *testing.T, db *storage.DB) *room {
	t.Helper()
	r := &room{T: t, clk: clock.NewFake(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)), pcs: &inventory{db: db, ended: map[sekisho.DeviceID]string{}}}
	r.must(db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	r.must(err)
	t.Cleanup(func() { r.must(log.Close()) })
	r.log, r.Loans = log, New(db, r.clk, log, r.pcs)
	return r
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) refused(err error, code string) {
	r.Helper()
	if sekisho.CodeOf(err) != code {
		r.Errorf("%v, want %s", err, code)
	}
}

func (r *room) rows(kind string) []audit.Entry {
	r.Helper()
	r.must(r.log.Flush(r.Context()))
	rows, err := r.log.Search(r.Context(), audit.Filter{Kind: kind})
	r.must(err)
	return rows
}

// TestAReturnNamesWhatIsMissing, and ends the PC in the same act.
func TestAReturnNamesWhatIsMissing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		r.must(r.Put(t.Context(), admin, "pc", []string{"プライバシーフィルター", " ワイヤーロック", "ヘッドセット"}, r.clk.Now().AddDate(0, 3, 0)))
		r.must(r.Put(t.Context(), admin, "pc", []string{"プライバシーフィルター", "ワイヤーロック"}, time.Time{}))
		secret, err := r.Card(t.Context(), admin, "pc")
		r.must(err)
		_, err = r.Return(t.Context(), admin, "pc", Return{Back: []string{"ヘッドセット"}})
		r.refused(err, "loan.not_issued")
		if r.pcs.cut != 0 {
			t.Fatal("a slip that is not valid cut a PC off")
		}
		l, err := r.Return(t.Context(), admin, "pc", Return{Back: []string{"ワイヤーロック"}, Note: "画面に傷"})
		r.must(err)
		if r.pcs.ended["pc"] != "returned" || len(l.Items) != 2 || l.Items[0].State != Missing || l.Items[1].State != Back || l.BackTo != "admin" || l.Back.IsZero() {
			t.Fatalf("%+v", l)
		}
		if rows := r.rows("loan.returned"); len(rows) != 1 || rows[0].Event.Detail["missing"] != "1" {
			t.Errorf("%+v", rows)
		}
		_, err = r.LostByCard(t.Context(), secret, from) // the card ended with the return
		r.refused(err, "loss.withdrawn")
		r.refused(r.Put(t.Context(), admin, "pc", nil, time.Time{}), "loan.over")
	})
}

// TestACardClosesItsPCOnce: guessed, replaced and used ones close nothing.
func TestACardClosesItsPCOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		older, err := r.Card(t.Context(), admin, "pc")
		r.must(err)
		secret, err := r.Card(t.Context(), admin, "pc")
		r.must(err)
		_, err = r.Card(t.Context(), admin, "other")
		r.must(err)
		for _, guess := range []string{"", "A", strings.Repeat("A", 26), secret + "A", strings.Repeat("A", 1<<16), "''; DROP", "\x00"} {
			_, err := r.LostByCard(t.Context(), guess, from)
			r.refused(err, "loss.unknown")
		}
		_, err = r.LostByCard(t.Context(), older, from)
		r.refused(err, "loss.withdrawn")
		if d, err := r.Look(t.Context(), secret, from); err != nil || d != "pc" || r.pcs.cut != 0 {
			t.Fatalf("looking at a card: %s, %v, cut %d", d, err, r.pcs.cut)
		}
		typed := strings.ToLower(secret[:4] + "-" + secret[4:8] + " " + secret[8:]) // copied from paper
		d, err := r.LostByCard(t.Context(), typed, from)
		if err != nil || d != "pc" || r.pcs.ended["pc"] != "revoked" || r.pcs.ended["other"] != "" {
			t.Fatalf("%s, %v, %v", d, err, r.pcs.ended)
		}
		_, err = r.LostByCard(t.Context(), secret, from)
		r.refused(err, "loss.used")
		if len(r.rows("loan.lost")) != 1 || len(r.rows("loan.card_refused")) != 9 {
			t.Errorf("%d lost, %d refused", len(r.rows("loan.lost")), len(r.rows("loan.card_refused")))
		}
		for _, row := range r.rows("") {
			for _, s := range row.Event.Detail {
				if strings.Contains(s, secret) {
					t.Error("the log holds the secret")
				}
			}
		}
	})
}

// TestOneCardAtOnceByMany: of any number of people with the same card one closes the PC.
func TestOneCardAtOnceByMany(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		secret, err := r.Card(t.Context(), admin, "pc")
		r.must(err)
		var all sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 8 {
			all.Go(func() {
				if _, err := r.LostByCard(t.Context(), secret, from); err == nil {
					mu.Lock()
					won++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		if won != 1 || len(r.rows("loan.lost")) != 1 {
			t.Fatalf("%d won, %d rows", won, len(r.rows("loan.lost")))
		}
	})
}

// TestAReplacementTakesTheAccessoriesOn: the old card counts no more, the new one does.
func TestAReplacementTakesTheAccessoriesOn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		for _, lost := range []bool{false, true} {
			r := newRoom(t, db)
			old, next := sekisho.DeviceID("old"), "next"
			if lost {
				old, next = "old2", "next2"
			}
			r.must(r.Put(t.Context(), admin, old, []string{"ヘッドセット"}, r.clk.Now().AddDate(0, 1, 0)))
			card, err := r.Card(t.Context(), admin, old)
			r.must(err)
			id, secret, err := r.Replace(t.Context(), admin, old, Replacement{Tag: next, Reason: "故障", Lost: lost})
			r.must(err)
			was, err := r.Of(t.Context(), old)
			r.must(err)
			now, err := r.Of(t.Context(), id)
			r.must(err)
			if was.Items[0].State != Carried || was.Back.IsZero() != lost || len(now.Items) != 1 || now.Items[0].State != Out || !now.Until.Equal(was.Until) {
				t.Fatalf("%+v, then %+v", was, now)
			}
			_, err = r.Look(t.Context(), card, from)
			r.refused(err, "loss.withdrawn")
			if d, err := r.Look(t.Context(), secret, from); err != nil || d != id {
				t.Fatalf("%s, %v", d, err)
			}
		}
	})
}

func TestLostReportedBySomebodySignedIn(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	secret, err := r.Card(t.Context(), admin, "pc")
	r.must(err)
	r.must(r.Lost(t.Context(), audit.Actor{Person: "sv"}, "pc", "電車に置き忘れ"))
	if r.pcs.ended["pc"] != "revoked" {
		t.Fatal("still open")
	}
	r.refused(r.Lost(t.Context(), audit.Actor{Person: "sv"}, "pc", ""), "loss.device_closed")
	_, err = r.LostByCard(t.Context(), secret, from)
	r.refused(err, "loss.withdrawn")
}

func TestAccessoriesAreBounded(t *testing.T) {
	many := make([]string, maxItems+1)
	for i := range many {
		many[i] = strings.Repeat("x", i+1)
	}
	for _, bad := range [][]string{{""}, {" "}, {"a", "ａ"}, {strings.Repeat("あ", maxItem+1)}, {"a\nb"}, {"\x00"}, many} {
		if _, err := ItemsOf(bad); sekisho.CodeOf(err) != "loan.items" {
			t.Errorf("%.60q: %v", bad, err)
		}
	}
}

func FuzzSecret(f *testing.F) {
	for _, seed := range []string{newSecret(), "", "aaaa-bbbb", "Ａ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if h := hashOf(s); h != "" && (len(h) != 64 || len(s) > 64) {
			t.Fatalf("%q: %q", s, h)
		}
	})
}
