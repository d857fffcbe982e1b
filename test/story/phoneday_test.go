package story

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/sekisho/sekisho/test/caller/telephone"
	"github.com/sekisho/sekisho/test/centre"
	"github.com/sekisho/sekisho/test/clips"
	"github.com/sekisho/sekisho/test/seat"
)

// TestTelephoneOfTheProduct: with the binaries as they ship, an operator opens his
// telephone from the bar of the work screen and takes a call that comes over SIP;
// caller and operator hear each other. The onlooker who closes the screen closes the
// telephone too, and the log says that it was the gate; the caller hears music and
// is not hung up on. When the screen is open again the same operator gets him back.
func TestTelephoneOfTheProduct(t *testing.T) {
	if testing.Short() {
		t.Skip("plays for minutes")
	}
	faces, err := filepath.Abs(filepath.Join(root, "..", "shared", "testdata", "faces"))
	if err == nil {
		_, err = os.Stat(filepath.Join(faces, "guard-timeline.mjpeg"))
	}
	for _, program := range []string{"chromium", "swtpm", "ffmpeg"} {
		if err == nil {
			_, err = exec.LookPath(program)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	models := centre.Models{}
	if err == nil {
		models, err = centre.FindModels(ctx)
	}
	need(t, err)
	dir, err := os.MkdirTemp("", "sk-phone-") // sockets have short names
	fatal(t, err)
	defer os.RemoveAll(dir)
	clip := filepath.Join(dir, "clip.mjpeg")
	source := filepath.Join(faces, "guard-timeline.mjpeg")
	parts := []clips.Part{}
	for range 12 {
		parts = append(parts, clips.Part{File: source, From: 10.1, To: 13.9, State: "operator"})
	}
	_, err = clips.Compose(ctx, clip, append(parts, clips.Part{File: source, From: 6.1, To: 9.9, State: "onlooker"})...)
	fatal(t, err)
	c, err := centre.Start(ctx, centre.Options{Dir: filepath.Join(dir, "c"), Bin: build(t)})
	fatal(t, err)
	defer c.Close()
	pc, err := c.Issue(ctx, centre.PCOptions{Tag: "PHONE-01", Person: "operator", Policy: "demo", TPM: true, Models: models.Dir})
	fatal(t, err)
	defer pc.Close()
	_, err = pc.Start(ctx)
	fatal(t, err)
	s, err := seat.Sit(ctx, c, pc, seat.Options{Camera: clip})
	fatal(t, err)
	defer s.Leave()
	fatal(t, errors.Join(s.Connect(ctx), s.Enrol(ctx)))
	pick(ctx, t, s)
	caller := call(ctx, t, c)
	answer(ctx, t, s)
	caller.hears(ctx, t, "the operator")
	if dir := os.Getenv("SEKISHO_SHOTS"); dir != "" {
		fatal(t, s.Page.Screenshot(ctx, filepath.Join(dir, "call.png")))
	}
	closed, err := s.Await(ctx, "closed by the onlooker", 2*time.Minute, func(x seat.Sample) bool { return x.Phase != "live" && x.State == "onlooker" })
	fatal(t, err)
	if err := s.Page.Wait(ctx, "!document.querySelector('.dk-phone')", 10*time.Second); err != nil {
		t.Errorf("the telephone is still on the page: %+v", closed)
	}
	caller.hears(ctx, t, "music, while the screen is closed")
	_, err = s.Await(ctx, "open again", 3*time.Minute, func(x seat.Sample) bool { return x.Phase == "live" })
	fatal(t, err)
	answer(ctx, t, s)
	caller.hears(ctx, t, "the operator who came back")
	caller.hangUp(ctx, t)
	if rows := callsOf(t, filepath.Join(c.Data(), "sekisho.db")); rows != "in caller operator" {
		t.Errorf("the row of the call: %q", rows)
	}
	for {
		rows := kindsOf(t, filepath.Join(c.Data(), "sekisho.db"))
		if strings.Contains(rows, "line.opened") && strings.Contains(rows, "line.closed") {
			break
		}
		if err := wait(ctx); err != nil {
			t.Fatal("the log does not know of the line: ", rows)
		}
	}
}

// answer takes calls, and the one that rings. A screen that goes black meanwhile is
// waited for: the same call rings again.
func answer(ctx context.Context, t *testing.T, s *seat.Seat) {
	t.Helper()
	const talking = "!!document.querySelector('.dk-call-line .dk-call-talking')"
	for {
		var at string
		_ = s.Page.Eval(ctx, "document.querySelector('.dk-offer') ? 'rings' : "+talking+" ? 'talks' : document.querySelector('.dk-call-own') ? 'work' : ''", &at) // asked again with the next look
		switch at {
		case "talks":
			return
		case "rings":
			_ = s.Page.ClickText(ctx, "応答") // it may be gone in the same moment
		case "work":
			_ = s.Page.Eval(ctx, "[...document.querySelectorAll('.dk-call-own > button')].find((b) => b.textContent.includes('受付を始める'))?.click()", nil)
		}
		if err := wait(ctx); err != nil {
			text, _ := s.Page.Text(ctx, "body")
			t.Fatal("no talk: ", text)
		}
	}
}

// customer is a caller with a telephone of his own (test/caller).
type customer struct {
	lines chan string
	stop  context.CancelFunc
	done  chan error
}

// call has a customer ring the demonstration's number.
func call(ctx context.Context, t *testing.T, c *centre.Centre) *customer {
	t.Helper()
	ctx, stop := context.WithCancel(ctx)
	out := &customer{lines: make(chan string, 1000), stop: stop, done: make(chan error, 1)}
	go func() {
		_, err := telephone.Ring(ctx, telephone.Options{To: "sip:0312345678@" + c.Addresses.SIP, From: "09011112222", Told: func(line string) {
			select {
			case out.lines <- line:
			default:
			}
		}})
		out.done <- err
	}()
	t.Cleanup(stop)
	return out
}

// hears waits until the customer has heard something for three seconds in a row.
func (c *customer) hears(ctx context.Context, t *testing.T, what string) {
	t.Helper()
	for heard := 0; heard < 3; {
		select {
		case line := <-c.lines:
			var dB float64
			if _, err := fmt.Sscanf(line, "heard %f", &dB); err == nil && dB > -50 {
				heard++
			}
		case err := <-c.done:
			t.Fatalf("the caller is off the line before he hears %s: %v", what, err)
		case <-ctx.Done():
			t.Fatal("the caller never hears " + what)
		}
	}
}

// hangUp ends the call from the customer's side.
func (c *customer) hangUp(ctx context.Context, t *testing.T) {
	t.Helper()
	c.stop()
	select {
	case <-c.done:
	case <-ctx.Done():
		t.Fatal("the caller cannot hang up")
	}
}

// callsOf reads the one row of a call: direction, cause, and whether an operator had it.
func callsOf(t *testing.T, file string) (out string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	fatal(t, err)
	defer db.Close()
	for range 50 {
		err = db.QueryRow("SELECT direction || ' ' || cause || CASE WHEN answered > 0 THEN ' operator' ELSE '' END FROM exchange_calls").Scan(&out)
		if err == nil {
			return out
		}
		time.Sleep(200 * time.Millisecond)
	}
	fatal(t, err)
	return out
}

// pick opens the telephone as an operator does whose headset has no telling name.
func pick(ctx context.Context, t *testing.T, s *seat.Seat) {
	t.Helper()
	_, err := s.Await(ctx, "at work", 4*time.Minute, func(x seat.Sample) bool {
		if x.Phase != "live" {
			_ = s.Back(ctx) // asked again with the next look
		}
		var shown bool
		_ = s.Page.Eval(ctx, "!!document.querySelector('.dk-phone')", &shown) // asked again with the next look
		return x.Phase == "live" && shown
	})
	fatal(t, err)
	fatal(t, s.Page.ClickText(ctx, "電話を開く"))
	fatal(t, s.Page.WaitFor(ctx, ".dk-phone-check input[type=checkbox]", 20*time.Second))
	if err := s.Page.Wait(ctx, "document.querySelector('.dk-phone').dataset.state === 'closed'", 10*time.Second); err != nil {
		t.Error("the telephone opened without a headset: ", err)
	}
	fatal(t, errors.Join(s.Page.Click(ctx, ".dk-phone-check input[type=checkbox]"), s.Page.ClickText(ctx, "電話を開く")))
	if err := s.Page.Wait(ctx, "document.querySelector('.dk-phone')?.dataset.state === 'open'", 20*time.Second); err != nil {
		text, _ := s.Page.Text(ctx, ".dk-phone")
		t.Fatal(err, text, s.PC.Agent.Tail())
	}
	if err := s.Page.WaitText(ctx, "良好", 20*time.Second); err != nil { // the round trip is told by the gateway alone
		t.Error(err)
	}
	if dir := os.Getenv("SEKISHO_SHOTS"); dir != "" {
		fatal(t, s.Page.Screenshot(ctx, filepath.Join(dir, "telephone.png")))
	}
}

// kindsOf reads the kinds of rows in the log of a server that runs.
func kindsOf(t *testing.T, file string) string {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	fatal(t, err)
	defer db.Close()
	rows, err := db.Query("SELECT DISTINCT kind FROM audit_leaves WHERE kind LIKE 'line.%'")
	fatal(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var kind string
		fatal(t, rows.Scan(&kind))
		out = append(out, kind)
	}
	fatal(t, rows.Err())
	return strings.Join(out, " ")
}
