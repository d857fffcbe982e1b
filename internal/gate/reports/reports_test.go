package reports_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/papers/papertest"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/reports"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// one is a centre with a single client, or those that are named.
type one map[string]sekisho.ClientID

func (c one) ByName(_ context.Context, name string) (sekisho.ClientID, int, error) {
	return c[name], max(len(c), 1), nil
}

// source tells what a test wants told.
type source struct {
	section reports.Section
	err     error
	span    *reports.Span
}

func (s source) Section(_ context.Context, span reports.Span) (reports.Section, error) {
	if s.span != nil {
		*s.span = span
	}
	return s.section, s.err
}

var pcs = reports.Section{
	Key: "pcs", Title: reports.Text{JA: "貸与PC", EN: "Issued PCs"},
	Facts:  []reports.Fact{{Key: "pcs.issued", Label: reports.Text{JA: "貸与中", EN: "Issued"}, Value: reports.Text{JA: "42台", EN: "42 PCs"}}},
	Tables: []reports.Table{{Label: reports.Text{JA: "段階", EN: "By tier"}, Heads: []reports.Text{reports.Same("A")}, Rows: [][]reports.Text{{reports.Same("<b>B</b>"), reports.Same("7")}}}},
}

func newRoom(t *testing.T, db *storage.DB, sources ...reports.Source) (*reports.Reports, *audit.Log) {
	t.Helper()
	return newRoomOf(t, db, one{}, sources...)
}

func newRoomOf(t *testing.T, db *storage.DB, companies reports.Companies, sources ...reports.Source) (*reports.Reports, *audit.Log) {
	t.Helper()
	clk := clock.NewFake(time.Date(2026, 11, 22, 1, 0, 0, 0, time.UTC))
	if err := db.Migrate(t.Context(), audit.Schema, reports.Schema); err != nil {
		t.Fatal(err)
	}
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return reports.New(db, clk, log, companies, reports.Centre{Name: "例 センター", Responsible: "見本 部", Contact: "000"}, sources...), log
}

func verifier(t *testing.T, log *audit.Log) note.Verifier {
	t.Helper()
	v, err := checkpoint.NewVerifier(log.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var (
	officer = audit.Actor{Person: "officer", Role: sekisho.RoleOfficer}
	auditor = audit.Actor{Person: "auditor", Role: sekisho.RoleAuditor}
	ask     = reports.Ask{From: "2026-11-01", To: "2026-11-22", Language: reports.Japanese, Format: reports.HTML, Addressee: " 例示 <商事> "}
)

func TestAReportIsSignedByTheLog(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		ctx := t.Context()
		var span reports.Span
		r, log := newRoom(t, db, source{section: pcs, span: &span}, source{})
		told := 0
		r.OnChange(func() { told++ })
		made, err := r.Make(ctx, officer, ask)
		if err != nil {
			t.Fatal(err)
		}
		if !span.From.Equal(time.Date(2026, 10, 31, 15, 0, 0, 0, time.UTC)) || !span.To.Equal(time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)) {
			t.Errorf("span %+v", span)
		}
		_, file, err := r.File(ctx, auditor, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := reports.Verify(file, verifier(t, log))
		if err != nil || got.Report != string(made.ID) || got.SHA256 != made.SHA256 || got.From != "2026-11-01" || got.To != "2026-11-22" || got.Language != "ja" {
			t.Errorf("%+v, %v", got, err)
		}
		rows, err := log.Search(ctx, audit.Filter{Kind: "report."})
		if err != nil || len(rows) != 2 || rows[0].Event.Kind != "report.downloaded" || rows[0].Event.Actor.Person != "auditor" ||
			rows[1].Seq != got.Seq || rows[1].Event.Personal["addressee"] != "例示 <商事>" || strings.Contains(string(rows[1].Leaf), "商事") {
			t.Errorf("%+v, %v", rows, err)
		}
		list, err := r.List(ctx)
		if err != nil || len(list) != 1 || list[0] != made || told != 2 {
			t.Errorf("%+v, want %+v; told %d, %v", list, made, told, err)
		}
		if _, _, err := r.File(ctx, auditor, "nowhere"); sekisho.CodeOf(err) != "report.unknown" {
			t.Errorf("unknown: %v", err)
		}
	})
}

func TestReportsSpeakBothLanguages(t *testing.T) {
	r, _ := newRoom(t, storagetest.SQLite(t), source{section: pcs})
	for language, words := range map[string][]string{
		reports.Japanese: {`<html lang="ja">`, "例示 &lt;商事&gt; 御中", "貸与中", "42台", "ISO/IEC 27001:2022 附属書A", "対応する事実はまだありません", "技術的対策"},
		reports.English:  {`<html lang="en">`, "例示 &lt;商事&gt;", "Issued", "42 PCs", "ISO/IEC 27001:2022 Annex A", "No live fact yet", "Technical:"},
	} {
		a := ask
		a.Language = language
		made, err := r.Make(t.Context(), officer, a)
		if err != nil {
			t.Fatal(err)
		}
		_, file, err := r.File(t.Context(), officer, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range append(words, "&lt;b&gt;B&lt;/b&gt;", "@page { size: A4", "default-src 'none'", string(made.ID)) {
			if !bytes.Contains(file, []byte(w)) {
				t.Errorf("%s: no %q", language, w)
			}
		}
		for _, w := range []string{"<script", "http://", "https://", "ZgotmplZ", "%!", "officer"} {
			if bytes.Contains(file, []byte(w)) {
				t.Errorf("%s: %q stands in it", language, w)
			}
		}
	}
}

// A PDF tells what the page tells, is a PDF for every reader with its proof, and
// is found in the log as itself.
func TestAReportAsPDF(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r, log := newRoom(t, db, source{section: pcs}, source{})
		for language, words := range map[string][]string{
			reports.Japanese: {"在宅コンタクトセンター 安全管理報告書", "例示 <商事> 御中", "貸与中", "42台", "管理策との対応: ISO/IEC 27001:2022 附属書A", "対応する事実はまだありません"},
			reports.English:  {"Security report of the contact centre at home", "Issued", "42 PCs", "Map of controls: ISO/IEC 27001:2022 Annex A", "No live fact yet"},
		} {
			ask := ask
			ask.Language, ask.Format = language, reports.PDF
			made, err := r.Make(t.Context(), officer, ask)
			if err != nil {
				t.Fatal(err)
			}
			_, file, err := r.File(t.Context(), auditor, made.ID)
			if err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, page := range papertest.Read(t, file) {
				text += page.Text() + "\n"
			}
			for _, w := range append(words, "<b>B</b>", string(made.ID), "sekisho report verify FILE --key KEY", log.VerifierKey()) {
				if !strings.Contains(strings.ReplaceAll(text, "\n", ""), w) {
					t.Errorf("%s: no %q", language, w)
				}
			}
			if strings.Contains(text, "officer") {
				t.Errorf("%s: it names a person", language)
			}
			got, err := reports.Verify(file, verifier(t, log))
			if err != nil || got.Report != string(made.ID) || got.SHA256 != made.SHA256 || int64(len(file)) < made.Size {
				t.Errorf("%+v, %v", got, err)
			}
		}
	})
}

// A section that no room tells is not there: neither its title nor a zero.
func TestSectionsThatNobodyTellsAreLeftOut(t *testing.T) {
	r, _ := newRoom(t, storagetest.SQLite(t), source{})
	made, err := r.Make(t.Context(), officer, ask)
	if err != nil {
		t.Fatal(err)
	}
	_, file, err := r.File(t.Context(), officer, made.ID)
	if err != nil || bytes.Contains(file, []byte("<h2>貸与PC")) || bytes.Contains(file, []byte("<li>")) {
		t.Errorf("%v", err)
	}
}

// A section that cannot be told fails the report, and the log names none.
func TestAReportIsWholeOrNotMade(t *testing.T) {
	r, log := newRoom(t, storagetest.SQLite(t), source{section: pcs}, source{err: errors.New("not readable")})
	if made, err := r.Make(t.Context(), officer, ask); err == nil {
		t.Errorf("%+v", made)
	}
	rows, err := log.Search(t.Context(), audit.Filter{Kind: "report."})
	list, err2 := r.List(t.Context())
	if err := errors.Join(err, err2); err != nil || len(rows)+len(list) != 0 {
		t.Errorf("%d entries, %d reports, %v", len(rows), len(list), err)
	}
}

func TestQuestionsAreBounded(t *testing.T) {
	r, _ := newRoom(t, storagetest.SQLite(t))
	for name, test := range map[string]struct {
		change func(*reports.Ask)
		code   string
	}{
		"no first day": {func(a *reports.Ask) { a.From = "" }, "report.span"}, "backwards": {func(a *reports.Ask) { a.To = "2026-10-31" }, "report.span"},
		"to come": {func(a *reports.Ask) { a.From, a.To = "2027-01-01", "2027-01-02" }, "report.span"}, "too long": {func(a *reports.Ask) { a.From = "2024-01-01" }, "report.span"},
		"language": {func(a *reports.Ask) { a.Language = "fr" }, "report.language"}, "format": {func(a *reports.Ask) { a.Format = "docx" }, "report.format"}, "to nobody": {func(a *reports.Ask) { a.Addressee = "  " }, "report.addressee"},
		"long name": {func(a *reports.Ask) { a.Addressee = strings.Repeat("あ", 101) }, "report.addressee"}, "two lines": {func(a *reports.Ask) { a.Addressee = "a\nb" }, "report.addressee"},
	} {
		a := ask
		test.change(&a)
		if _, err := r.Make(t.Context(), officer, a); sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
}

func TestOneChangedByteIsRefused(t *testing.T) {
	for _, format := range []string{reports.HTML, reports.PDF} {
		t.Run(format, func(t *testing.T) { oneChangedByteIsRefused(t, format) })
	}
}

func oneChangedByteIsRefused(t *testing.T, format string) {
	r, log := newRoom(t, storagetest.SQLite(t), source{section: pcs})
	ask := ask
	ask.Format = format
	made, err := r.Make(t.Context(), officer, ask)
	if err != nil {
		t.Fatal(err)
	}
	_, file, err := r.File(t.Context(), officer, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	v := verifier(t, log)
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 1
		if _, err := reports.Verify(bad, v); err == nil {
			t.Fatalf("byte %d changed, and the report passes", i)
		}
	}
	other, err := checkpoint.NewVerifier(checkpoint.VerifierKey("test.example/log", ed25519.NewKeyFromSeed([]byte("0123456789abcdef0123456789abcdef")).Public().(ed25519.PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reports.Verify(file, other); !errors.Is(err, checkpoint.ErrSignature) {
		t.Errorf("another key: %v", err)
	}
}

// A report never tells one client of another: with several, the addressee is one
// of them, and the sources are asked for its part.
func TestAReportIsOneClients(t *testing.T) {
	var span reports.Span
	db := storagetest.SQLite(t)
	r, log := newRoomOf(t, db, one{"甲商事": "a", "乙物産": "b", "丙": "c"}, source{section: pcs, span: &span})
	for _, name := range []string{"丁", "甲商事 様", "甲 商事"} {
		ask := ask
		ask.Addressee = name
		if _, err := r.Make(t.Context(), officer, ask); sekisho.CodeOf(err) != "report.whose" {
			t.Errorf("%s: %v", name, err)
		}
	}
	ask := ask
	ask.Addressee = " 乙物産 "
	made, err := r.Make(t.Context(), officer, ask)
	if err != nil || span.Client != "b" {
		t.Fatalf("asked for %q, %v", span.Client, err)
	}
	_, file, err := r.File(t.Context(), officer, made.ID)
	if err != nil || !strings.Contains(string(file), "宛先の委託元の業務を担当する人") || strings.Contains(string(file), "この報告書は、センター全体について") {
		t.Errorf("the report does not say whose part it is, %v", err)
	}
	rows, err := log.Search(t.Context(), audit.Filter{Kind: reports.KindMade})
	if err != nil || len(rows) != 1 || rows[0].Event.Detail["client"] != "b" {
		t.Errorf("%+v, %v", rows, err)
	}
}
