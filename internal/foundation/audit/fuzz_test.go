package audit

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// Whatever text an event carries, its leaf is JSON that says the same again,
// and the same event gives the same bytes.
func FuzzEncode(f *testing.F) {
	f.Add("device.approved", "p", "d", "key", "value", "name", "関所 太郎", true)
	f.Add("a.b", "\x00\xff", "\u2028", "\U0001F600", "<>&\"\\\n\r\t\b\f\x1f", "\ue000", "", false)
	f.Fuzz(func(t *testing.T, kind, person, object, name, value, field, personal string, late bool) {
		e := Event{Kind: kind, Actor: Actor{Person: sekisho.PersonID(person)}, Object: Object{Type: "thing", ID: object}, Late: late,
			Detail: map[string]string{name: value, "a": value}, Personal: Personal{field: personal}}
		s := stamp{id: "id", at: time.Unix(1e9, 123456000), mono: time.Second, boot: "boot"}
		r, err := encode(e, s)
		if err != nil {
			return
		}
		if len(r.leaf) > checkpoint.MaxEntry {
			t.Fatalf("%d bytes", len(r.leaf))
		}
		l, err := decode(r.leaf)
		if err != nil {
			t.Fatalf("%q: %v", r.leaf, err)
		}
		got := l.event()
		if got.Kind != kind || string(got.Actor.Person) != clean(person) || got.Object.ID != clean(object) || got.Late != late || l.At.UnixMicro() != r.at {
			t.Fatalf("%+v became %+v", e, got)
		}
		if len(r.clear) != 1 || l.Personal[r.clear[0].field] != r.clear[0].commitment() {
			t.Fatalf("the commitment of %q does not open", personal)
		}
		var any map[string]any
		if err := json.Unmarshal(r.leaf, &any); err != nil {
			t.Fatal(err)
		}
		o := object2(any)
		if !bytes.Equal(o, r.leaf) {
			t.Fatalf("not canonical: %q, want %q", r.leaf, o)
		}
	})
}

// object2 writes decoded JSON canonically, by another road than encode.
func object2(m map[string]any) []byte {
	var o object
	o.open()
	texts := map[string]string{}
	for k := range m {
		texts[k] = ""
	}
	for _, k := range sortedNames(texts) {
		switch v := m[k].(type) {
		case string:
			o.name(k)
			o.buf = appendString(o.buf, v)
		case bool:
			o.raw(k, "true")
		case float64:
			b, _ := json.Marshal(v)
			o.raw(k, string(b))
		case map[string]any:
			o.raw(k, string(object2(v)))
		}
	}
	o.close()
	return o.buf
}

func FuzzSplitBundle(f *testing.F) {
	f.Add(appendEntry(appendEntry(nil, "one"), "two"), 2)
	f.Add([]byte{0, 5, 1}, 1)
	f.Fuzz(func(t *testing.T, b []byte, want int) {
		if want < 0 || want > tileWidth {
			return
		}
		entries, err := splitBundle(b, want)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range entries {
			again = appendEntry(again, string(e))
		}
		if !bytes.Equal(again, b) || len(entries) != want {
			t.Fatalf("%x became %x", b, again)
		}
	})
}

// A spool file may be torn anywhere; what can be read is read and nothing else is invented.
func FuzzSpoolFile(f *testing.F) {
	line, err := json.Marshal(spooled{ID: "x", At: time.Unix(1e9, 0).UTC(), Event: Event{Kind: "session.closed", Personal: Personal{"name": "v"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(append(line, '\n'))
	f.Add(line[:len(line)/2])
	f.Add([]byte("\n\n{}\nnull\n[]\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		got, broken, err := parseSpool(bytes.NewReader(content))
		if err == nil && int64(len(got))+broken > int64(bytes.Count(content, []byte("\n"))+1) {
			t.Fatalf("%d events and %d broken lines of %q", len(got), broken, content)
		}
		for _, q := range got {
			if r := encodeAnyway(q); len(r.leaf) > checkpoint.MaxEntry {
				t.Fatal("too large")
			}
		}
	})
}

// An export that verifies holds exactly the entries that were signed, whatever
// was done to the file; and verification always ends.
func FuzzVerifyExport(f *testing.F) {
	db, err := storage.Open(f.Context(), "sqlite:"+filepath.Join(f.TempDir(), "log.db"))
	if err != nil {
		f.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(f.Context(), Schema); err != nil {
		f.Fatal(err)
	}
	l, err := New(db, clock.NewFake(time.Unix(1e9, 0)), ed25519.NewKeyFromSeed(make([]byte, 32)), "fuzz.example")
	if err != nil {
		f.Fatal(err)
	}
	defer l.Close()
	for i := range 5 { // always the same entries: fuzzing works in several processes
		r, err := encode(Event{Kind: "thing.done"}, stamp{id: strconv.Itoa(i), at: time.Unix(1e9, 0), boot: "boot"})
		if err != nil {
			f.Fatal(err)
		}
		err = db.Write(f.Context(), func(tx storage.Tx) error { return l.insert(f.Context(), tx, r) })
		if err != nil {
			f.Fatal(err)
		}
	}
	var good bytes.Buffer
	if err := l.Export(f.Context(), &good); err != nil {
		f.Fatal(err)
	}
	want, err := VerifyExport(f.Context(), bytes.NewReader(good.Bytes()), int64(good.Len()), Expect{Key: l.VerifierKey()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Add(good.Bytes()[:good.Len()/2])
	f.Add([]byte("PK\x05\x06"))
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, name := range []string{fileCheckpoint, fileEpochs, fileCheckpoints} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			f.Fatal(err)
		}
		if _, err := w.Write(make([]byte, 1<<20)); err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(bomb.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		r, err := VerifyExport(ctx, bytes.NewReader(b), int64(len(b)), Expect{Key: l.VerifierKey()})
		if ctx.Err() != nil {
			t.Fatal("it did not end")
		}
		if err == nil && (r.Size != want.Size || r.Root != want.Root) {
			t.Fatalf("verified another log: %+v", r)
		}
	})
}
