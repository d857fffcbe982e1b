package loans

import (
	"context"
	"crypto/ed25519"
	"encoding/base32"
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

	reason string // as the last act gave it
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

func (v *inventory) ReturnWith(ctx context.Context, _ audit.Actor, d sekisho.DeviceID, reason string, also func(context.Context, storage.Tx) error) error {
	v.reason = reason
	return v.end(ctx, d, "returned", also)
}

func (v *inventory) RevokeWith(ctx context.Context, _ audit.Actor, d sekisho.DeviceID, reason string, also func(context.Context, storage.Tx) error) error {
	v.reason = reason
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
	from  = Caller{netip.MustParseAddr("203.0.113.7"), func(error) bool { return true }}
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
		l, err := r.Return(t.Context(), admin, "pc", Return{Back: []string{"ワイヤーロック"}, Note: "画面に傷\n右上\u3000小"})
		r.must(err)
		if l.Note != "画面に傷 右上 小" || r.pcs.reason != l.Note {
			t.Errorf("%q, %q", l.Note, r.pcs.reason)
		}
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

// TestADoorBoundsTheRowsOfStrangers: what it does not note is refused all the same.
func TestADoorBoundsTheRowsOfStrangers(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	noted := 0
	quiet := Caller{Noted: func(err error) bool {
		noted++
		return sekisho.CodeOf(err) == "loss.unknown" && noted == 1
	}}
	for range 3 {
		_, err := r.Look(t.Context(), "A", quiet)
		r.refused(err, "loss.unknown")
		_, err = r.LostByCard(t.Context(), "A", quiet)
		r.refused(err, "loss.unknown")
	}
	if rows := r.rows("loan.card_refused"); noted != 6 || len(rows) != 1 {
		t.Errorf("asked %d times, %d rows", noted, len(rows))
	}
	secret, err := r.Card(t.Context(), admin, "pc")
	r.must(err)
	if _, err := r.LostByCard(t.Context(), secret, quiet); err != nil || len(r.rows("loan.lost")) != 1 || noted != 6 {
		t.Errorf("the control: %v", err)
	}
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
		r := newRoom(t, db)
		for _, lost := range []bool{false, true} {
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
	r.must(r.Lost(t.Context(), audit.Actor{Person: "sv"}, "pc", "電車に\n置き忘れ\u3000"))
	if r.pcs.ended["pc"] != "revoked" || r.pcs.reason != "紛失 電車に 置き忘れ" {
		t.Fatal("still open")
	}
	r.refused(r.Lost(t.Context(), audit.Actor{Person: "sv"}, "pc", ""), "loss.device_closed")
	_, err = r.LostByCard(t.Context(), secret, from)
	r.refused(err, "loss.withdrawn")
}

// TestAccessoriesOfAPCThatIsOverdue: they change, and its day, once past, may only stay.
func TestAccessoriesOfAPCThatIsOverdue(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		until := r.clk.Now().AddDate(0, 0, 3)
		r.must(r.Put(t.Context(), admin, "pc", []string{"ヘッドセット"}, until))
		r.clk.Advance(10 * 24 * time.Hour)
		r.must(r.Put(t.Context(), admin, "pc", []string{"ヘッドセット", "ワイヤーロック"}, until))
		l, err := r.Of(t.Context(), "pc")
		if err != nil || len(l.Items) != 2 || !l.Until.Equal(until) {
			t.Fatalf("%+v, %v", l, err)
		}
		for name, day := range map[string]time.Time{
			"another past day":  until.AddDate(0, 0, 1),
			"beyond every loan": r.clk.Now().AddDate(11, 0, 0),
		} {
			if err := r.Put(t.Context(), admin, "pc", nil, day); sekisho.CodeOf(err) != "loan.until" {
				t.Errorf("%s: %v", name, err)
			}
		}
		r.refused(r.Put(t.Context(), admin, "other", nil, until), "loan.until") // which never had it
	})
}

func TestAccessoriesAreBounded(t *testing.T) {
	many := make([]string, maxItems+1)
	for i := range many {
		many[i] = strings.Repeat("x", i+1)
	}
	for _, bad := range [][]string{{""}, {" "}, {"a", "ａ"}, {strings.Repeat("あ", maxItem+1)}, {"a\nb"}, {"\x00"}, many} {
		if _, err := itemsOf(bad); sekisho.CodeOf(err) != "loan.items" {
			t.Errorf("%.60q: %v", bad, err)
		}
	}
}

// FuzzSecret: spellings of one secret agree, and another secret is another one.
func FuzzSecret(f *testing.F) {
	for _, seed := range []string{"aaaa-bbbb", "", " - ", "Ａ", "\u3000", "0123456789abcdef"} {
		f.Add([]byte(seed), uint8(3), seed)
	}
	f.Fuzz(func(t *testing.T, bits []byte, at uint8, raw string) {
		if h := hashOf(raw); h != "" && (len(h) != 64 || hashOf(strings.ToLower(raw)) != h) {
			t.Fatalf("%q: %q", raw, h)
		}
		one, other := [secretBytes]byte{}, [secretBytes]byte{}
		copy(one[:], bits)
		other = one
		other[int(at)%secretBytes] ^= 1 << (at / secretBytes % 8)
		secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(one[:])
		cut := int(at) % len(secret)
		want := hashOf(secret)
		for _, spelt := range []string{strings.ToLower(secret), secret[:cut] + "-" + secret[cut:], " " + secret[:cut] + " " + strings.ToLower(secret[cut:]) + "--"} {
			if h := hashOf(spelt); want == "" || h != want {
				t.Fatalf("%q is %q, %q is %q", secret, want, spelt, h)
			}
		}
		if hashOf(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(other[:])) == want {
			t.Fatalf("%x and %x are one secret", one, other)
		}
		for _, no := range []string{secret + "A", secret[1:], secret[:cut] + "1" + secret[cut+1:]} { // 1 is no digit of it
			if hashOf(no) != "" {
				t.Fatalf("%q passes for a secret", no)
			}
		}
	})
}
