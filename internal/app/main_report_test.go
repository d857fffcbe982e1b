package app

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/searches"
	"github.com/sekisho/sekisho/internal/gate/reports"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// taken are the rows of the auditor's log, as he downloads them.
func (a *auditor) taken(form checkpoint.Form) []byte {
	a.t.Helper()
	if err := a.db.Migrate(a.t.Context(), searches.Schema); err != nil {
		a.t.Fatal(err)
	}
	a.happen(audit.Event{Kind: "session.ended", Object: audit.Object{Type: "session", ID: "見本\x1b[2J"}})
	nothing := func(string) string { return "" }
	taken, err := searches.New(a.db, clock.System(), a.log).Take(a.t.Context(), searches.Take{
		By: audit.Actor{Person: "p\x1b[2J"}, Query: searches.Query{Kind: "session."}, Form: form, NameOf: nothing, TextOf: nothing, Headings: func(c string) string { return c },
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return taken.File
}

// audit verify tells rows from exports and proofs by how they begin, and
// accepts each row's own proof as it stands in the file.
func TestVerifyRowsThatWereTaken(t *testing.T) {
	a := newAuditor(t)
	key := a.log.VerifierKey()
	for _, form := range []checkpoint.Form{checkpoint.FormCSV, checkpoint.FormJSON} {
		file := a.taken(form)
		for language, said := range map[string]string{"ja_JP.UTF-8": "すべての記録が署名された監査ログに含まれています。", "en_US.UTF-8": "every row is in the log that was signed."} {
			t.Setenv("LC_ALL", language)
			if code, out, errs := a.verifyFile(file, "--key", key); code != 0 || !strings.Contains(out, said) || strings.Contains(out, "\x1b") {
				t.Errorf("%s: exit code %d: %q %q", language, code, out, errs)
			}
		}
		changed := bytes.Replace(file, []byte("session"), []byte("sessiom"), 1)
		if code, out, errs := a.verifyFile(changed, "--key", key); code != 1 || out != "" || !strings.Contains(errs, "(audit.file_changed)") {
			t.Errorf("one byte changed: exit code %d: %q %q", code, out, errs)
		}
		if code, _, errs := a.verifyFile(file[:len(file)-1], "--key", key); code != 1 || !strings.Contains(errs, "(audit.file_unknown)") {
			t.Errorf("cut: exit code %d: %q", code, errs)
		}
		if code, _, errs := a.verifyFile(file, "--key", key, "--since", a.pin()); code != 1 || !strings.Contains(errs, "(audit.proof_alone)") {
			t.Errorf("with a pin: exit code %d: %q", code, errs)
		}
		if code, _, _ := a.verifyFile(file); code != 1 {
			t.Errorf("without a key: exit code %d", code)
		}
	}
	var file struct{ Rows []searches.Row }
	if err := json.Unmarshal(a.taken(checkpoint.FormJSON), &file); err != nil {
		t.Fatal(err)
	}
	for _, r := range file.Rows {
		if code, _, errs := a.verifyFile([]byte(r.Proof), "--key", key); code != 0 {
			t.Errorf("the proof of row %d: exit code %d: %s", r.Seq, code, errs)
		}
	}
}

// The report to one of two clients, by the rooms as they are wired, checked by the command.
func TestReportToAClient(t *testing.T) {
	srv, _ := opened(t)
	ctx := t.Context()
	today := time.Now().In(searches.Japan).Format(time.DateOnly)
	const to = "架空物産（架空の委託元）"
	made, err := srv.reports.Make(ctx, audit.Actor{Person: "officer"}, reports.Ask{From: today, To: today, Language: reports.English, Format: reports.HTML, Addressee: to})
	if err != nil {
		t.Fatal(err)
	}
	_, file, err := srv.reports.File(ctx, audit.Actor{Person: "officer"}, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"Active people", "Issued PCs by tier", "By kind and outcome", "How fast access ended", "Entries", "as it is remembered", "No live fact yet"} {
		if !bytes.Contains(file, []byte(words)) {
			t.Errorf("the report does not say %q", words)
		}
	}
	// Nothing was measured and no SIEM is set up: no line, not a zero. Nobody is named, and no other client.
	for _, words := range []string{"From the guard's verdict to the end", "Passed on to a SIEM", "ミリ秒", "見本"} {
		if bytes.Contains(file, []byte(words)) {
			t.Errorf("the report says %q", words)
		}
	}
	path := filepath.Join(t.TempDir(), "report.html")
	verify := func(content []byte, args ...string) (int, string) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := run(ctx, append([]string{"report", "verify", path}, args...), &out, &errs, clock.System())
		return code, out.String() + errs.String()
	}
	key := srv.log.VerifierKey()
	if code, said := verify(file, "--key", key); code != 0 || !strings.Contains(said, string(made.ID)) {
		t.Errorf("exit code %d: %s", code, said)
	}
	if code, said := verify(bytes.Replace(file, []byte("架空物産"), []byte("架空物参"), 1), "--key", key); code != 1 || !strings.Contains(said, "(audit.file_changed)") {
		t.Errorf("one byte changed: exit code %d: %s", code, said)
	}
	if code, said := verify([]byte("<!doctype html>"), "--key", key); code != 1 || !strings.Contains(said, "(report.file_unknown)") {
		t.Errorf("another file: exit code %d: %s", code, said)
	}
	if code, _ := verify(file); code == 0 {
		t.Error("passes without a key")
	}
}

// What was measured stands in the report as the log has it.
func TestReportTellsWhatWasMeasured(t *testing.T) {
	srv, _ := opened(t)
	for i, state := range []string{"onlooker", "absent", "present", "other"} {
		srv.log.Afterwards(audit.Event{Kind: "session.ended", Closing: true, Detail: map[string]string{"state": state, "after_verdict_ms": []string{"12", "30", "0", "18"}[i]}})
	}
	srv.log.Afterwards(audit.Event{Kind: "flows.closed", Closing: true, Detail: map[string]string{"n": "3", "ms": "0.250"}})
	if err := srv.log.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := revocationSection{log: srv.log}.Section(t.Context(), reports.Span{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range s.Facts {
		got[f.Key] = f.Value.EN
	}
	for key, want := range map[string]string{
		"revocation.sessions": "4 times", "revocation.verdict_p50": "18.0 ms (n = 3)", "revocation.verdict_max": "30.0 ms (n = 3)", "revocation.flows_p99": "0.2 ms (n = 1)",
	} {
		if got[key] != want {
			t.Errorf("%s: %q, want %q", key, got[key], want)
		}
	}
}
