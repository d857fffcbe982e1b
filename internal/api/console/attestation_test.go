package console_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestListOfTPMs(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	good := strings.Repeat("ab", 32)
	send := func(csv string) (out console.ImportedView) {
		t.Helper()
		a := admin.do("POST", "/attestation/keys", map[string]any{"csv": wire.Bytes(csv)})
		if a.status != http.StatusOK {
			t.Fatalf("%d %s", a.status, a.body)
		}
		a.into(t, &out)
		return out
	}
	out := send("ek_sha256,label\n" + good + ",SN-1\nabc,SN-2\n")
	if out.Added != 0 || len(out.Faults) != 1 || out.Faults[0].Line != 3 || out.Faults[0].Title == "" || out.Faults[0].Action == "" {
		t.Errorf("%+v", out)
	}
	if out = send("ek_sha256,label\n" + good + ",SN-1\n"); out.Added != 1 || len(out.Faults) != 0 {
		t.Errorf("%+v", out)
	}
	var lists console.AttestationView
	c.as("auditor").do("GET", "/attestation", nil).into(t, &lists)
	if len(lists.Keys) != 1 || lists.Keys[0].EK != good || lists.OnlyKnown {
		t.Errorf("%+v", lists)
	}
	if a := admin.do("PUT", "/attestation", map[string]any{"only_known": true}); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	admin.do("GET", "/attestation", nil).into(t, &lists)
	if !lists.OnlyKnown {
		t.Error("the rule was not set")
	}
	if a := admin.do("POST", "/attestation/authorities", map[string]any{"certificate": wire.Bytes("noise")}); a.code() != "attestation.ca_invalid" {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := admin.do("DELETE", "/attestation/keys/"+good, nil); a.status != http.StatusNoContent {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := admin.do("DELETE", "/attestation/keys/"+good, nil); a.status != http.StatusNotFound {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// A list may be as long as the room takes; everything else stays small.
func TestOnlyAListMayBeLong(t *testing.T) {
	c := newCentre(t, true)
	admin := c.as("admin")
	var rows strings.Builder
	rows.WriteString("ek_sha256,label\n")
	for rows.Len() < 512<<10 {
		rows.WriteString(strings.Repeat("0", 64) + ",\n")
	}
	a := admin.do("POST", "/attestation/keys", map[string]any{"csv": wire.Bytes(rows.String())})
	var out console.ImportedView
	a.into(t, &out)
	if a.status != http.StatusOK || len(out.Faults) == 0 || out.Faults[0].Code != "attestation.csv_duplicate" {
		t.Errorf("half a megabyte: %d %.200s", a.status, a.body)
	}
	if a := admin.do("POST", "/attestation/keys", map[string]any{"csv": wire.Bytes(strings.Repeat("x", 3<<20))}); a.status == http.StatusOK {
		t.Error("three megabytes were taken")
	}
	if a := admin.do("POST", "/attestation/authorities", map[string]any{"certificate": wire.Bytes(strings.Repeat("x", 100<<10))}); a.status == http.StatusOK {
		t.Error("a hundred kilobytes were taken for a certificate")
	}
}
