package attestation

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

func hashOf(n int) string { return Hash([]byte(fmt.Sprint(n))) }

func TestFaultsNameTheirLine(t *testing.T) {
	good := hashOf(1)
	for name, c := range map[string]struct {
		text string
		want []Fault
	}{
		"control":                   {"ek_sha256,label\n" + good + ",SN-1\n", nil},
		"columns the other way":     {"label,ek_sha256\nSN-1," + good + "\n", nil},
		"without labels":            {"ek_sha256\n" + good + "\n", nil},
		"byte order mark, CRLF":     {"\ufeffek_sha256,label\r\n" + good + ",SN-1\r\n", nil},
		"upper case and colons":     {"EK_SHA256,Label\n" + strings.ToUpper(good[:2]) + ":" + good[2:] + ",SN-1\n", nil},
		"quoted label with a comma": {"ek_sha256,label\n" + good + ",\"見本, 1号\"\n", nil},
		"empty":                     {"", []Fault{{1, "attestation.csv_header"}}},
		"no header":                 {good + ",SN-1\n", []Fault{{1, "attestation.csv_header"}}},
		"unknown column":            {"ek_sha256,label,price\n", []Fault{{1, "attestation.csv_header"}}},
		"only a header":             {"ek_sha256,label\n", []Fault{{0, "attestation.csv_empty"}}},
		"Shift_JIS":                 {"ek_sha256,label\n" + good + ",SN-1\n" + hashOf(2) + ",\x8c\xa9\x96\x7b\n", []Fault{{3, "attestation.csv_encoding"}}},
		"short hash":                {"ek_sha256,label\n" + good + ",SN-1\nabc,SN-2\n", []Fault{{3, "attestation.csv_hash"}}},
		"duplicate":                 {"ek_sha256,label\n" + good + ",SN-1\n" + good + ",SN-2\n", []Fault{{3, "attestation.csv_duplicate"}}},
		"formula":                   {"ek_sha256,label\n" + good + ",=HYPERLINK(1)\n", []Fault{{2, "attestation.csv_label"}}},
		"label too long":            {"ek_sha256,label\n" + good + "," + strings.Repeat("見", 65) + "\n", []Fault{{2, "attestation.csv_label"}}},
		"row too short":             {"ek_sha256,label\n" + good + "\n", []Fault{{2, "attestation.csv_row"}}},
		"quotation mark left open":  {"ek_sha256,label\n" + good + ",\"SN-1\n", []Fault{{2, "attestation.csv_row"}}},
		"two faults":                {"ek_sha256,label\nabc,SN-1\n" + good + ",SN-2\nxyz,SN-3\n", []Fault{{2, "attestation.csv_hash"}, {4, "attestation.csv_hash"}}},
	} {
		rows, faults := ParseList([]byte(c.text))
		if fmt.Sprint(faults) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, faults, c.want)
		}
		if (len(rows) > 0) != (c.want == nil) {
			t.Errorf("%s: %d rows beside %v", name, len(rows), faults)
		}
		if c.want == nil && rows[0].EK != good {
			t.Errorf("%s: %+v", name, rows[0])
		}
	}
	if _, faults := ParseList(make([]byte, MaxListBytes+1)); len(faults) != 1 || faults[0].Code != "attestation.csv_too_long" {
		t.Errorf("too long: %v", faults)
	}
}

func TestImportIsWholeOrNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		broken := "ek_sha256,label\n" + hashOf(1) + ",SN-1\n" + hashOf(2) + ",SN-2\nabc,SN-3\n"
		out, err := r.Import(ctx, administrator, []byte(broken))
		if err != nil || len(out.Faults) != 1 || out.Added != 0 {
			t.Errorf("%+v, %v", out, err)
		}
		if l, err := r.Lists(ctx); err != nil || len(l.Known) != 0 || r.rows("attestation.imported") != 0 {
			t.Errorf("half-imported: %+v, %v", l.Known, err)
		}
		good := strings.TrimSuffix(broken, "abc,SN-3\n")
		if out, err = r.Import(ctx, administrator, []byte(good)); err != nil || out.Added != 2 || out.Known != 0 {
			t.Errorf("%+v, %v", out, err)
		}
		if out, err = r.Import(ctx, administrator, []byte(good+hashOf(3)+",SN-3\n")); err != nil || out.Added != 1 || out.Known != 2 {
			t.Errorf("%+v, %v", out, err)
		}
		if l, err := r.Lists(ctx); err != nil || len(l.Known) != 3 || l.Known[0].Label != "SN-1" || r.rows("attestation.imported") != 2 {
			t.Errorf("%+v, %v", l.Known, err)
		}
		if err := r.Remove(ctx, administrator, hashOf(1)); err != nil || r.rows("attestation.removed") != 1 {
			t.Error(err)
		}
		if err := r.Remove(ctx, administrator, hashOf(1)); !errors.Is(err, ErrNotFound) || r.rows("attestation.removed") != 1 {
			t.Errorf("removed twice: %v", err)
		}
	})
}

// A known EK is tier A; where only known ones are taken, the others are refused.
func TestTheListAndItsRule(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		ctx := t.Context()
		known, stranger := played(t), played(t)
		if _, err := r.Import(ctx, administrator, []byte("ek_sha256\n"+Hash(known.EKDER())+"\n")); err != nil {
			t.Fatal(err)
		}
		prove := func(holder string) (sekisho.Tier, string, error) {
			p := known
			if holder == "stranger" {
				p = stranger
			}
			key, spki := p256Key(t)
			ch, err := r.Challenge(ctx, holder, p.Request())
			if err != nil {
				t.Fatal(err)
			}
			a, err := p.Answer(ch, &key.PublicKey)
			if err != nil {
				t.Fatal(err)
			}
			_, tier, ground, err := r.Prove(ctx, holder, a, spki)
			return tier, ground, err
		}
		if tier, ground, err := prove("known"); err != nil || tier != sekisho.TierA || ground != GroundList {
			t.Errorf("known: %q %q %v", tier, ground, err)
		}
		if tier, ground, err := prove("stranger"); err != nil || tier != sekisho.TierB || ground != GroundPerson {
			t.Errorf("stranger: %q %q %v", tier, ground, err)
		}
		if err := r.OnlyKnown(ctx, administrator, true); err != nil || r.rows("attestation.rule_changed") != 1 {
			t.Error(err)
		}
		if _, _, err := prove("stranger"); !errors.Is(err, ErrNotListed) {
			t.Errorf("a stranger where only known TPMs are taken: %v", err)
		}
		if tier, _, err := prove("known"); err != nil || tier != sekisho.TierA {
			t.Errorf("control: %q %v", tier, err)
		}
		if err := r.OnlyKnown(ctx, administrator, false); err != nil {
			t.Error(err)
		}
		if _, _, err := prove("stranger"); err != nil {
			t.Errorf("after the rule was lifted: %v", err)
		}
	})
}

func FuzzParseList(f *testing.F) {
	f.Add([]byte("ek_sha256,label\n" + hashOf(1) + ",SN-1\n"))
	f.Add([]byte("\ufefflabel,ek_sha256\r\n\"a\",\"b\"\r\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, faults := ParseList(text)
		if len(rows) > 0 && len(faults) > 0 || len(rows) == 0 && len(faults) == 0 {
			t.Fatalf("%d rows beside %d faults", len(rows), len(faults))
		}
		for _, row := range rows {
			if !hexHash.MatchString(row.EK) || !goodLabel(row.Label) {
				t.Fatalf("took %+v", row)
			}
		}
		for _, fault := range faults {
			if fault.Line < 0 || fault.Line > bytes.Count(text, []byte("\n"))+1 {
				t.Fatalf("line %d of %q", fault.Line, text)
			}
		}
	})
}
