package console_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/api/console"
	"github.com/sekisho/sekisho/internal/wire"
)

// TestForeignPagesChangeNothing tries what a page of another origin can make
// this browser send while somebody is signed in.
func TestForeignPagesChangeNothing(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	good := map[string]any{"name": "見本 新人", "kana": "", "login": "new", "roles": []string{"operator"}, "face_usable": true, "place": "home"}
	for name, header := range map[string]http.Header{
		"another origin":            {"Origin": {"http://evil.example"}, "Sec-Fetch-Site": {"cross-site"}},
		"another origin, says same": {"Origin": {"http://evil.example"}},
		"another port of this name": {"Origin": {"http://console.localhost:9999"}, "Sec-Fetch-Site": {"same-site"}},
		"another scheme":            {"Origin": {"https://console.localhost:8080"}},
		"null origin":               {"Origin": {"null"}},
		"no origin":                 {"Origin": {""}},
		"no fetch metadata":         {"Sec-Fetch-Site": {""}},
		"cross-site, our origin":    {"Sec-Fetch-Site": {"cross-site"}},
		"same-site, our origin":     {"Sec-Fetch-Site": {"same-site"}},
		"typed in the address bar":  {"Sec-Fetch-Site": {"none"}},
	} {
		b.header = header
		if a := b.do("POST", "/people", good); a.status != http.StatusForbidden || a.code() != "console.foreign_origin" {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	b.header = http.Header{}
	if a := b.do("POST", "/people", good); a.status != http.StatusOK { // the control
		t.Fatalf("the page itself: %d %s", a.status, a.body)
	}
	if n := len(c.rows("person.created")); n != len(c.who)+1 {
		t.Errorf("%d people were made", n)
	}
}

func TestForeignPagesReadNothing(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	for _, header := range []http.Header{
		{"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"http://evil.example"}},
	} {
		b.header = header
		if a := b.do("GET", "/people", nil); a.status != http.StatusForbidden || strings.Contains(a.body, "見本") {
			t.Errorf("%v: %d %s", header, a.status, a.body)
		}
	}
	b.header = http.Header{}
	if a := b.do("GET", "/people", nil); a.status != http.StatusOK || a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("the page itself: %d", a.status)
	}
}

func TestReboundNamesGetNothing(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	for _, host := range []string{"evil.example", "127.0.0.1:8080", "console.localhost", "console.localhost:8081", "xconsole.localhost:8080"} {
		b.header = http.Header{"Host": {host}}
		for _, path := range []string{"/", "/api/console/v1/people", "/assets/a-1.js"} {
			if a := b.raw("GET", path, nil); a.status != http.StatusForbidden || a.code() != "console.foreign_host" {
				t.Errorf("%s%s: %d %s", host, path, a.status, a.body)
			}
		}
	}
}

func TestBadBodies(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	before := len(c.rows("person.created"))
	name := strings.Repeat("x", 90)
	for what, try := range map[string]struct {
		body   string
		kind   string
		status int
	}{
		"not JSON":       {`{"name":`, "application/json", http.StatusBadRequest},
		"trailing":       {`{} {}`, "application/json", http.StatusBadRequest},
		"wrong type":     {`{"name":7,"kana":"","login":"x","roles":["operator"],"face_usable":true,"place":"home"}`, "application/json", http.StatusUnprocessableEntity},
		"unknown field":  {`{"name":"見本","kana":"","login":"x","roles":["operator"],"face_usable":true,"place":"home","admin":true}`, "application/json", http.StatusUnprocessableEntity},
		"missing":        {`{}`, "application/json", http.StatusUnprocessableEntity},
		"too long":       {`{"name":"` + name + `","kana":"","login":"x","roles":["operator"],"face_usable":true,"place":"home"}`, "application/json", http.StatusUnprocessableEntity},
		"unknown place":  {`{"name":"見本","kana":"","login":"x","roles":["operator"],"face_usable":true,"place":"moon"}`, "application/json", http.StatusUnprocessableEntity},
		"unknown role":   {`{"name":"見本","kana":"","login":"x","roles":["root"],"face_usable":true,"place":"home"}`, "application/json", http.StatusUnprocessableEntity},
		"a form":         {`name=x`, "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType},
		"plain text":     {`{"name":"見本"}`, "text/plain", http.StatusUnsupportedMediaType},
		"nothing":        {"", "application/json", http.StatusBadRequest},
		"far too large":  {`{"name":"` + strings.Repeat("x", 70<<10) + `"}`, "application/json", http.StatusRequestEntityTooLarge},
		"deep nesting":   {strings.Repeat("[", 20_000), "application/json", http.StatusBadRequest},
		"broken letters": {"{\"name\":\"\xff\xfe\",\"kana\":\"\",\"login\":\"x\xff\",\"roles\":[\"operator\"],\"face_usable\":true,\"place\":\"home\"}", "application/json", http.StatusUnprocessableEntity},
	} {
		b.header = http.Header{"Content-Type": {try.kind}}
		a := b.do("POST", "/people", try.body)
		if a.status != try.status || a.header.Get("Content-Type") != "application/problem+json" || a.code() == "" {
			t.Errorf("%s: %d %s %s", what, a.status, a.header.Get("Content-Type"), a.body)
		}
		for _, secret := range []string{"expected", "unexpected", "goroutine", name, "root", "moon"} {
			if strings.Contains(a.body, secret) {
				t.Errorf("%s: the answer repeats %q: %s", what, secret, a.body)
			}
		}
	}
	if after := len(c.rows("person.created")); after != before {
		t.Errorf("bad input changed something: %d people more", after-before)
	}
}

func TestProblemsSpeakBothLanguages(t *testing.T) {
	c := newCentre(t, true)
	b := c.browser()
	ja := b.do("GET", "/people", nil)
	b.header = http.Header{"Accept-Language": {"en"}}
	en := b.do("GET", "/people", nil)
	if !strings.Contains(ja.body, "ログイン") || !strings.Contains(en.body, "Sign in again.") {
		t.Errorf("ja %s\nen %s", ja.body, en.body)
	}
	b = c.as("admin")
	b.header = http.Header{"Accept-Language": {"en-GB,en;q=0.9,ja;q=0.5"}}
	if a := b.do("POST", "/people", `{`); !strings.Contains(a.body, "Check what you entered") {
		t.Errorf("huma's own refusal: %s", a.body)
	}
}

func TestEveryCodeHasItsText(t *testing.T) {
	internal := wire.TextOf("internal")
	for _, code := range []string{
		"console.signed_out", "console.role_missing", "console.not_for_you", "console.foreign_origin", "console.foreign_host",
		"console.method", "console.origin_not_secure", "console.session_over", "request.not_found", "request.malformed", "request.too_large", "request.busy",
		"session.closed_by_sv",
	} {
		if text := wire.TextOf(code); text == internal || text.JA == "" || text.JADo == "" || text.EN == "" || text.ENDo == "" {
			t.Errorf("%s: %+v", code, text)
		}
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	for _, try := range [][2]string{{"GET", "/nowhere"}, {"DELETE", "/people"}, {"POST", "/floor"}, {"GET", "/devices/a/b/c"}, {"GET", ""}} {
		if a := b.do(try[0], try[1], nil); a.status != http.StatusNotFound || a.code() != "request.not_found" {
			t.Errorf("%v: %d %s", try, a.status, a.body)
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	c := newCentre(t, true)
	b := c.as("admin")
	for _, path := range []string{"/", "/api/console/v1/people", "/api/console/v1/nowhere", "/icon.svg"} {
		b.header = http.Header{"Accept": {"text/html"}}
		h := b.raw("GET", path, nil).header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
	if got := b.do("GET", "/people", nil).header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("people may be cached: %q", got)
	}
}

func TestOriginMustBeSecure(t *testing.T) {
	whole := newCentre(t, false).config
	for origin, ok := range map[string]bool{
		"https://console.example.jp": true, "https://console.example.jp:8443": true, "http://console.localhost:8080": true,
		"http://127.0.0.1:8080": true, "http://[::1]:8080": true,
		"http://console.example.jp": false, "http://localhost.example.jp": false, "": false, "console.example.jp": false,
		"https://console.example.jp/": false, "https://u:p@console.example.jp": false, "ftp://console.localhost": false, "http://10.0.0.1": false,
	} {
		whole.Origin = origin
		_, err := console.New(whole)
		if (err == nil) != ok {
			t.Errorf("%q: %v", origin, err)
		}
	}
}

// A door that opened without one of its rooms would refuse, or fall over, only
// when somebody needs that room.
func TestDoorDoesNotOpenWithoutARoom(t *testing.T) {
	c := newCentre(t, false)
	whole := reflect.ValueOf(c.config)
	for i := range whole.NumField() {
		if whole.Field(i).Kind() != reflect.Interface {
			continue
		}
		without := c.config
		reflect.ValueOf(&without).Elem().Field(i).SetZero()
		if _, err := console.New(without); err == nil {
			t.Errorf("opened without %s", whole.Type().Field(i).Name)
		}
	}
}
