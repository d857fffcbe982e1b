package siem

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho/internal/foundation/audit"
)

func entry(e audit.Event) audit.Entry {
	return audit.Entry{Seq: 7, ID: "0193a1c2-7b11-7c3e-9d2f-0123456789ab", At: time.Date(2026, 11, 22, 1, 2, 3, 456789000, time.UTC), Event: e, Leaf: []byte(`{"v":1}`)}
}

// RFC 5424 §6, as far as we write it.
var form = regexp.MustCompile(`^<\d{1,3}>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [!-~]{1,255} sekisho - [!-~]{1,32} \[sekisho@32473( [!#-<>-\\^-~]{1,32}="([^"\\\]]|\\["\\\]])*")*\]$`)

func TestPlainMessage(t *testing.T) {
	m, err := frame(Settings{Format: RFC5424, Host: "gate 1"}, entry(audit.Event{Kind: "login.refused", Decision: audit.Deny, Reason: "face.no_match", Detail: map[string]string{"method": "face"}}))
	want := `<108>1 2026-11-22T01:02:03.456789Z gate1 sekisho - login.refused [sekisho@32473 seq="7" id="0193a1c2-7b11-7c3e-9d2f-0123456789ab" kind="login.refused" decision="deny" reason="face.no_match" leaf="`
	length, rest, _ := strings.Cut(string(m), " ")
	if err != nil || !strings.HasPrefix(rest, want) || !strings.HasSuffix(rest, ` d_method="face"]`) || len(rest) != atoi(length) {
		t.Errorf("%s\n%v", m, err)
	}
	if !form.MatchString(rest) {
		t.Errorf("not as RFC 5424 says: %s", rest)
	}
}

func atoi(s string) (n int) {
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// Customer and call go along by their ids, in both forms, where there are any.
func TestCustomerAndCallAreNamed(t *testing.T) {
	e := audit.Event{Kind: "test.kind", Customer: "0193a1c2-7b06-7c3e-9d2f-000000000001", Call: "0193a1c2-7b07-7c3e-9d2f-000000000002"}
	for format, wants := range map[string][]string{
		RFC5424: {`customer="` + string(e.Customer) + `"`, `call="` + string(e.Call) + `"`},
		OCSF:    {`"customer":"` + string(e.Customer) + `"`, `"call":"` + string(e.Call) + `"`},
	} {
		m, err := message(Settings{Format: format}, entry(e))
		bare, err2 := message(Settings{Format: format}, entry(audit.Event{Kind: "test.kind"}))
		for _, want := range wants {
			if err != nil || err2 != nil || !strings.Contains(string(m), want) {
				t.Errorf("%s: %s; %v %v", format, m, err, err2)
			}
		}
		if strings.Contains(string(bare), "customer") || strings.Contains(string(bare), "call") {
			t.Errorf("%s: %s", format, bare)
		}
	}
}

// Whatever stands in an entry, a message is one message: bounded, UTF-8,
// without a line's end, and nothing in a value ends the value.
func FuzzMessage(f *testing.F) {
	f.Add("session.opened", "p1", `a"]\`, "理由\n<34>1 - - - - forged", strings.Repeat("長", 3000))
	f.Fuzz(func(t *testing.T, kind, person, reason, name, value string) {
		e := entry(audit.Event{Kind: "test.kind", Object: audit.Object{Type: kind, ID: person}, Reason: reason, Detail: map[string]string{name: value, "b": reason}})
		if len(kind)+len(person)+len(reason)+len(name)+len(value) > 8000 {
			return // no leaf is longer
		}
		for _, format := range []string{RFC5424, OCSF} {
			m, err := message(Settings{Format: format, Host: person}, e)
			if err != nil {
				t.Fatal(err)
			}
			if !utf8.Valid(m) || strings.ContainsAny(string(m), "\n\r\x00") {
				t.Fatalf("%s: %q", format, m)
			}
			if format == RFC5424 && (len(m) > maxPlain || !form.MatchString(string(m))) {
				t.Fatalf("%d bytes: %q", len(m), m)
			}
			if format == OCSF {
				_, text, _ := strings.Cut(string(m), " - {")
				if _, after, ok := strings.Cut(string(m), "test.kind - "); ok {
					text = after[1:]
				}
				if !json.Valid([]byte("{" + text)) {
					t.Fatalf("%q", m)
				}
			}
		}
	})
}

// What OCSF 1.8.0 requires of each class that we write (schema.ocsf.io).
func TestEventsAreOfTheirClass(t *testing.T) {
	required := map[int][]string{
		classBase: nil, classFinding: {"finding_info"}, classAccount: {"user"}, classAuth: {"user", "service"}, classEntity: {"entity"},
	}
	seen := map[int]bool{}
	for kind := range activities {
		checkEvent(t, kind, required, seen)
	}
	checkEvent(t, "guard.break", required, seen)
	for class := range required {
		if !seen[class] {
			t.Errorf("class %d is never written", class)
		}
	}
}

func checkEvent(t *testing.T, kind string, required map[int][]string, seen map[int]bool) {
	t.Helper()
	b, err := json.Marshal(ocsf(entry(audit.Event{Kind: kind, Decision: audit.Allow})))
	if err != nil {
		t.Fatal(err)
	}
	var e map[string]any
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	class := int(e["class_uid"].(float64))
	seen[class] = true
	for _, name := range append([]string{"activity_id", "category_uid", "class_uid", "type_uid", "time", "severity_id", "metadata"}, required[class]...) {
		if _, ok := e[name]; !ok {
			t.Errorf("%s: no %s", kind, name)
		}
	}
	if e["type_uid"].(float64) != float64(class)*100+e["activity_id"].(float64) || e["category_uid"].(float64) != float64(class/1000) {
		t.Errorf("%s: %s", kind, b)
	}
	meta := e["metadata"].(map[string]any)
	if meta["version"] != "1.8.0" || meta["product"].(map[string]any)["vendor_name"] != "Sekisho" {
		t.Errorf("%s: %s", kind, b)
	}
}

// The kinds that are put into a class are kinds that somebody writes.
func TestMappedKindsExist(t *testing.T) {
	words, err := os.ReadFile("../../../web/apps/console/src/audit/kindTexts.ts")
	if err != nil {
		t.Fatal(err)
	}
	for kind := range activities {
		if !strings.Contains(string(words), "'"+kind+"'") {
			t.Errorf("%s: no room writes it", kind)
		}
	}
}
