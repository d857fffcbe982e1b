package ivr

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

// fields is what a step asks with, a secret among it.
func fields(h HookID) HookStep {
	return HookStep{Hook: h, Fields: map[string]Value{"account": {Secret: "48151623"}, "topic": {Open: "x"}}}
}

func TestALookUpIsSignedAndBounded(t *testing.T) {
	r, clk, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	var answer atomic.Value
	var key []byte
	var asked atomic.Int32
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		asked.Add(1)
		body, _ := io.ReadAll(q.Body)
		var told ask
		if json.Unmarshal(body, &told) != nil || told.Call != "call-1" || told.Fields["account"] != "48151623" || told.Fields["topic"] != "x" ||
			!hmac.Equal([]byte(q.Header.Get(SignatureHeader)), []byte(Sign(key, clk.Now(), body))) || strings.Contains(q.URL.String(), "48151623") {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		switch a := answer.Load().(string); a {
		case "redirect":
			http.Redirect(w, q, "/elsewhere", http.StatusTemporaryRedirect)
		case "late":
			select {
			case <-release:
			case <-q.Context().Done():
			}
		case "404":
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = io.WriteString(w, a)
		}
	}))
	defer server.Close()
	defer close(release)
	h, text, err := r.SaveHook(ctx, admin, Hook{Client: "client", Name: "CRM", URL: server.URL + "/find"})
	must(t, err)
	key, err = base64.RawURLEncoding.DecodeString(text)
	must(t, err)

	answer.Store(`{"found":true,"values":{"rank":"gold"},"more":1}`)
	if values, err := r.Lookup(ctx, "call-1", fields(h.ID)); err != nil || values["rank"] != "gold" {
		t.Fatalf("%v, %v", values, err)
	}
	for a, code := range map[string]string{
		"404": "lookup.not_found", `{"found":false}`: "lookup.not_found", "redirect": "lookup.answer", "<html>": "lookup.answer", `{"found":true,"values":{"a\nb":"x"}}`: "lookup.answer",
		`{"found":true,"values":{"x":"` + strings.Repeat("y", maxAnswer) + `"}}`: "lookup.answer", `{"found":true,"values":{"x":"\u0000"}}`: "lookup.answer",
	} {
		answer.Store(a)
		before := asked.Load()
		_, err := r.Lookup(ctx, "call-1", fields(h.ID))
		if sekisho.CodeOf(err) != code || strings.Contains(err.Error(), "48151623") || asked.Load() != before+1 {
			t.Errorf("%.40s: %v", a, err)
		}
		r.client.circuits.forget(h.ID)
	}
	answer.Store("late")
	start := time.Now()
	if _, err := r.Lookup(ctx, "call-1", fields(h.ID)); sekisho.CodeOf(err) != "lookup.no_answer" || time.Since(start) > AnswerWithin+time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	// A new key with every change: the old one signs nothing any more.
	next, _, err := r.SaveHook(ctx, admin, h)
	must(t, err)
	answer.Store(`{"found":true}`)
	if _, err := r.Lookup(ctx, "call-1", fields(next.ID)); sekisho.CodeOf(err) != "lookup.answer" {
		t.Errorf("signed by the old key: %v", err)
	}
	if _, _, err := r.SaveHook(ctx, admin, h); sekisho.CodeOf(err) != "flow.part_changed" {
		t.Errorf("%v", err)
	}
	if _, err := r.Lookup(ctx, "call-1", fields("none")); sekisho.CodeOf(err) != "lookup.unknown" {
		t.Errorf("%v", err)
	}
}

func TestALookUpThatFailsRests(t *testing.T) {
	r, clk, _ := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	var asked atomic.Int32
	var good atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1); good.Load() {
			_, _ = io.WriteString(w, `{"found":true}`)
		} else {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	h, _, err := r.SaveHook(ctx, admin, Hook{Client: "client", Name: "CRM", URL: server.URL})
	must(t, err)
	for range failures + 3 {
		_, err = r.Lookup(ctx, "c", fields(h.ID))
	}
	if sekisho.CodeOf(err) != "lookup.stopped" || asked.Load() != failures {
		t.Errorf("asked %d times: %v", asked.Load(), err)
	}
	if list, err := r.Hooks(ctx, "client"); err != nil || len(list) != 1 || !list[0].Stopped {
		t.Errorf("%+v, %v", list, err)
	}
	clk.Advance(pause)
	_, err = r.Lookup(ctx, "c", fields(h.ID)) // one tries, and fails
	if _, again := r.Lookup(ctx, "c", fields(h.ID)); sekisho.CodeOf(err) != "lookup.answer" || sekisho.CodeOf(again) != "lookup.stopped" || asked.Load() != failures+1 {
		t.Errorf("asked %d times: %v, %v", asked.Load(), err, again)
	}
	good.Store(true)
	clk.Advance(pause)
	for range 3 {
		_, err = r.Lookup(ctx, "c", fields(h.ID))
		must(t, err)
	}
}

func TestWhereLookUpsMayGo(t *testing.T) {
	_, clk, _ := newRoom(t, storagetest.SQLite(t))
	strict, open := newClient(clk, false), newClient(clk, true)
	for text, want := range map[string][2]bool{ // strict, with loopback
		"https://crm.example/find": {true, true}, "http://crm.example/find": {}, "https://10.1.2.3/x": {true, true}, "http://127.0.0.1:80/": {false, true}, "http://[::1]/": {false, true},
		"https://localhost/": {false, true}, "https://user:secret@crm.example/": {}, "ftp://crm.example/": {}, "https:///x": {}, "": {}, "http://[::ffff:127.0.0.1]/": {false, true},
		"https://crm.example/" + strings.Repeat("x", 500): {}, "file:///etc/passwd": {}, "https://crm.example/#x": {},
	} {
		if (strict.checkURL(text) == nil) != want[0] || (open.checkURL(text) == nil) != want[1] {
			t.Errorf("%.60s: strict %v, open %v", text, strict.checkURL(text), open.checkURL(text))
		}
	}
	// A name that leads to this machine gets no further than the connection.
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	if _, err := strict.http.Get(strings.Replace(server.URL, "127.0.0.1", "localhost", 1)); err == nil || !strings.Contains(err.Error(), errAddress.Code) {
		t.Errorf("%v", err)
	}
}

func TestLookUpsLeaveNothingBehind(t *testing.T) {
	r, _, _ := newRoom(t, storagetest.SQLite(t))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"found":true}`) }))
	h, _, err := r.SaveHook(t.Context(), admin, Hook{Client: "client", Name: "CRM", URL: server.URL})
	must(t, err)
	before := runtime.NumGoroutine()
	for range 20 {
		_, err := r.Lookup(t.Context(), "c", fields(h.ID))
		must(t, err)
	}
	r.Close()
	server.Close()
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
		runtime.Gosched()
	}
}

// FuzzAnswer: whatever another system says, at most a few short values come of it.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"found":true,"values":{"rank":"gold"}}`))
	f.Add([]byte(`{"found":true,"values":{"rank":null,"Rank":1}}`))
	f.Add([]byte(`{"found":true,"Found":false}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		values, err := readAnswer(text)
		if err != nil && values != nil || len(values) > maxNames {
			t.Fatalf("%v, %v", values, err)
		}
		for name, v := range values {
			if !nameForm.MatchString(name) || len([]rune(v)) > maxValue || strings.ContainsRune(v, 0) {
				t.Fatalf("%q: %q", name, v)
			}
		}
	})
}
