package training

import (
	"crypto/ed25519"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestAcknowledgementsThatAreNotTaken(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		s, other := r.seat("op", "pc-1"), r.seat("op2", "pc-2")
		foreign := *s
		foreign.key = other.key
		honest := s.statement("policy", nil)
		for name, c := range map[string]struct {
			by     By
			signed wire.Signed
			code   string
		}{
			"signed by another connection's key": {s.By, foreign.statement("policy", nil), "rules.statement"},
			"shown on another connection":        {other.By, honest, "rules.statement"},
			"for another person":                 {s.By, s.statement("policy", func(a *wire.Acknowledgement) { a.Person = "op2" }), "rules.statement"},
			"of another connection":              {s.By, s.statement("policy", func(a *wire.Acknowledgement) { a.Connection = other.Connection }), "rules.statement"},
			"of another kind":                    {s.By, wire.SignWith(s.key, wire.DomainFace, wire.Acknowledgement{Connection: s.Connection, Person: "op", Document: "policy", Version: 1, Language: "ja"}), "rules.statement"},
			"of a language that is not there":    {s.By, s.statement("policy", func(a *wire.Acknowledgement) { a.Language = "fr" }), "rules.statement"},
			"of a document that is not there":    {s.By, s.statement("policy", func(a *wire.Acknowledgement) { a.Document = "none" }), "rules.unknown"},
			"of another version":                 {s.By, s.statement("policy", func(a *wire.Acknowledgement) { a.Version = 2 }), "rules.version"},
			"over a text that was changed":       {s.By, s.statement("policy", func(a *wire.Acknowledgement) { a.Digest = wire.RuleDigest("another text") }), "rules.digest"},
			"over the other language's text":     {s.By, s.statement("policy", func(a *wire.Acknowledgement) { a.Language = "en" }), "rules.digest"},
			"not signed":                         {s.By, wire.Signed{Payload: honest.Payload}, "rules.statement"},
		} {
			err := r.Acknowledge(t.Context(), c.by, c.signed)
			if err == nil {
				t.Errorf("%s: taken", name)
				continue
			}
			r.refused(err, c.code)
		}
		r.must(r.Acknowledge(t.Context(), s.By, honest)) // control
		r.refused(r.Acknowledge(t.Context(), s.By, honest), "rules.acknowledged")
		if rows := r.rows("document.refused"); len(rows) != 12 {
			t.Errorf("%d rows of refusals", len(rows))
		}
		// Whoever has the row can verify it: signature, key and digest are kept.
		var payload, signature, key []byte
		r.must(db.Read(t.Context(), func(tx storage.Tx) error {
			return tx.QueryRow(t.Context(), "SELECT payload, signature, lease_key FROM training_acknowledgements").Scan(&payload, &signature, &key)
		}))
		var kept wire.Acknowledgement
		r.must(wire.Signed{Payload: payload, Signature: signature}.OpenLease(ed25519.PublicKey(key), wire.DomainRules, &kept))
		doc, _, err := r.Document(t.Context(), "policy")
		r.must(err)
		if kept.Person != "op" || kept.Digest != wire.RuleDigest(doc.Body.JA) {
			t.Errorf("kept %+v", kept)
		}
	})
}

func TestNewVersionIsReadAnewWithWhatChanged(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db)
		s := r.seat("op", "pc-1")
		s.everything()
		_, err := s.login()
		r.must(err)
		r.clk.Advance(60 * day)
		doc, _, err := r.Document(t.Context(), "pledge")
		r.must(err)
		v := Version{Version: 1, Title: doc.Title, Body: doc.Body, Note: "一項を加えた"}
		_, err = r.Publish(t.Context(), "admin", "pledge", v)
		r.refused(err, "rules.same")
		v.Body.JA += "2.3 年に一度、読み直します。\r\n"
		v.Body.EN += "2.3 I read it again once a year."
		_, err = r.Publish(t.Context(), "admin", "pledge", v)
		r.must(err)
		_, err = r.Publish(t.Context(), "admin2", "pledge", v)
		r.refused(err, "training.changed_meanwhile")
		read, err := r.Read(t.Context(), s.By, "pledge")
		r.must(err)
		if read.Since != 1 || read.Document.Version != 2 || read.Document.Done != nil {
			t.Fatalf("%+v", read.Document)
		}
		added := []string{}
		for _, l := range read.Changes.JA {
			if l.Op != opSame {
				added = append(added, l.Op+" "+l.Text)
			}
		}
		if len(added) != 1 || added[0] != "added 2.3 年に一度、読み直します。" {
			t.Errorf("difference %q", added)
		}
		r.must(s.ready()) // a time of grace of its own
		r.clk.Advance(15 * day)
		r.refused(s.ready(), "training.required")
		s.acknowledge("pledge")
		r.must(s.ready())
		if rows := r.rows("document.published"); len(rows) != 1 || rows[0].Detail["version"] != "2" {
			t.Errorf("rows %v", rows)
		}
	})
}

// TestAnotherVersionGivesNobodyNewGrace: who owed the version before is refused when
// that one was due, here and by what the console reads.
func TestAnotherVersionGivesNobodyNewGrace(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	s := r.seat("op", "pc-1")
	s.everything()
	_, err := s.login()
	r.must(err)
	r.clk.Advance(30 * day)
	for range 3 { // versions 2, 3 and 4, on days 30, 40 and 50
		doc, _, err := r.Document(t.Context(), "pledge")
		r.must(err)
		doc.Body.JA += "。"
		_, err = r.Publish(t.Context(), "admin", "pledge", Version{Version: doc.Version.Version, Title: doc.Title, Body: doc.Body})
		r.must(err)
		if r.clk.Now().Before(day0.Add(44 * day)) {
			r.must(s.ready())
		}
		r.clk.Advance(10 * day)
	}
	r.refused(s.ready(), "training.required")
	people, err := r.People(t.Context(), []sekisho.PersonID{"op"})
	r.must(err)
	for _, n := range people["op"].Needs {
		if n.Document == "pledge" && !n.Due.Equal(day0.Add(44*day)) {
			t.Errorf("due %v", n.Due)
		}
	}
	s.acknowledge("pledge")
	r.must(s.ready())
}

func TestVersionsThatAreNotPublished(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	good := Version{Version: 1, Title: wire.Words{JA: "題", EN: "Title"}, Body: wire.Words{JA: "本文", EN: "Text"}}
	for name, c := range map[string]struct {
		change func(*Version)
		code   string
	}{
		"no English title": {func(v *Version) { v.Title.EN = " " }, "training.title"},
		"no English text":  {func(v *Version) { v.Body.EN = "" }, "rules.body"},
		"too long":         {func(v *Version) { v.Body.JA = strings.Repeat("字", maxBody+1) }, "rules.body"},
		"too many lines":   {func(v *Version) { v.Body.JA = strings.Repeat("字\n", maxLines+1) }, "rules.body"},
		"NUL":              {func(v *Version) { v.Body.JA = "a\x00" }, "rules.body"},
		"a long note":      {func(v *Version) { v.Note = strings.Repeat("字", maxNote+1) }, "rules.note"},
	} {
		v := good
		c.change(&v)
		_, err := r.Publish(t.Context(), "admin", "policy", v)
		if err == nil {
			t.Errorf("%s: published", name)
			continue
		}
		r.refused(err, c.code)
	}
	_, err := r.Publish(t.Context(), "admin", "none", good)
	r.refused(err, "rules.unknown")
}

// A difference leads from one text to the other, whatever they are.
func TestDifferenceLeadsFromOneToTheOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.SampledFrom([]string{"a", "b", "c", "d", ""})
		before := strings.Join(rapid.SliceOfN(line, 0, 12).Draw(t, "before"), "\n")
		after := strings.Join(rapid.SliceOfN(line, 0, 12).Draw(t, "after"), "\n")
		var was, is []string
		for _, l := range Difference(before, after) {
			if l.Op != opAdded {
				was = append(was, l.Text)
			}
			if l.Op != opRemoved {
				is = append(is, l.Text)
			}
		}
		if strings.Join(was, "\n") != strings.Join(lines(before), "\n") || strings.Join(is, "\n") != strings.Join(lines(after), "\n") {
			t.Fatalf("%q to %q gave %q and %q", before, after, was, is)
		}
	})
}
