package reminders

import (
	"encoding/base64"
	"io"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

var morning = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) // 9 o'clock in Japan

// A name is what somebody typed: no header, no recipient and no second mail may
// come of it.
func TestNamesInjectNothing(t *testing.T) {
	for _, name := range []string{"x\r\nBcc: thief@example.com", "x\nSubject: gone", "x\r\n.\r\nMAIL FROM:<a@b.c>", "x\u2028Bcc: thief@example.com", "=?utf-8?Q?=0D=0ABcc:=20a@b.c?=", "\x00\x1b[31m", strings.Repeat("長", 5000), "\xff\xfe"} {
		text := body(Recipient{Name: name, Language: "ja"}, []Item{{What: wire.Words{JA: name, EN: name}, Due: morning}}, morning)
		raw := message("sekisho@example.jp", "op@example.jp", "ja", text, "id", morning)
		m, err := mail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if len(m.Header) != 9 || m.Header.Get("Bcc") != "" || m.Header.Get("To") != "op@example.jp" {
			t.Errorf("%q: headers %v", name, m.Header)
		}
		encoded, err := io.ReadAll(m.Body)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(string(encoded), "\r\n"), "\r\n") {
			if len(line) > 76 || strings.HasPrefix(line, ".") {
				t.Errorf("%q: line %q", name, line)
			}
		}
		got, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(encoded), "\r\n", ""))
		if err != nil || len(got) > 2000 {
			t.Errorf("%q: %d bytes, %v", name, len(got), err)
		}
		if lines := strings.Count(string(got), "\n"); lines != strings.Count(body(Recipient{Name: "x", Language: "ja"}, []Item{{Due: morning}}, morning), "\n") {
			t.Errorf("%q makes lines: %d", name, lines)
		}
	}
}

func TestMailsHoldNoLinkAndNoAddress(t *testing.T) {
	for _, language := range []string{"ja", "en"} {
		text := body(Recipient{Name: "見本 花子", Address: "op@example.jp", Language: language}, []Item{
			{What: wire.Words{JA: "規程の確認", EN: "Rules"}, Due: morning.Add(72 * time.Hour)}, {What: wire.Words{JA: "過ぎた件", EN: "Old"}, Due: morning.Add(-8 * 24 * time.Hour)},
		}, morning)
		for _, not := range []string{"http", "://", "@", "op@example.jp", "www."} {
			if strings.Contains(text, not) {
				t.Errorf("%s: %q in %s", language, not, text)
			}
		}
		if !strings.Contains(text, "2026-11-25") || !strings.Contains(text, "2026-11-14") {
			t.Error(text)
		}
	}
	many := make([]Item, maxItems+5)
	if text := body(Recipient{Language: "en"}, many, morning); !strings.Contains(text, "and 5 more") {
		t.Error(text)
	}
}

func TestAddresses(t *testing.T) {
	for _, good := range []string{"a@b.jp", "op.001+x@mail.example.co.jp", "A_b-c@x1.example"} {
		if !ValidAddress(good) {
			t.Errorf("%q refused", good)
		}
	}
	for _, bad := range []string{"", "a", "a@b", "@b.jp", "a@", "a b@c.jp", "a@b.jp\r\nRCPT TO:<c@d.jp>", "<a@b.jp>", "x <a@b.jp>", "a@b.jp,c@d.jp", "a@[127.0.0.1]", "\"a b\"@c.jp", "見本@例.jp", "a@-b.jp", "a@b..jp", strings.Repeat("a", 65) + "@b.jp", "a@" + strings.Repeat("b.", 130) + "jp", "a@b.jp\x00", ".a@b.jp"} {
		if ValidAddress(bad) {
			t.Errorf("%q taken", bad)
		}
	}
}

func TestDaysOfTelling(t *testing.T) {
	told := []int{}
	for left := 40; left >= -21; left-- {
		if tellToday(morning.AddDate(0, 0, left), morning) {
			told = append(told, left)
		}
	}
	want := []int{30, 14, 7, 3, 1, 0, -7, -14, -21}
	if len(told) != len(want) {
		t.Fatalf("told %v", told)
	}
	for i := range want {
		if told[i] != want[i] {
			t.Fatalf("told %v", told)
		}
	}
	// Days are Japan's: 23:59 there is the same day, a minute later the next.
	night := time.Date(2026, 11, 22, 14, 59, 0, 0, time.UTC)
	if daysLeft(night, morning) != 0 || daysLeft(night.Add(time.Minute), morning) != 1 {
		t.Error("a day does not end at midnight in Japan")
	}
}

func FuzzBody(f *testing.F) {
	f.Add("見本 花子", "規程", "en")
	f.Add("a\r\nb", "\x00", "ja")
	f.Fuzz(func(t *testing.T, name, what, language string) {
		text := body(Recipient{Name: name, Language: language}, []Item{{What: wire.Words{JA: what, EN: what}, Due: morning}}, morning)
		raw := string(message("a@b.jp", "c@d.jp", language, text, "id", morning))
		if head, _, _ := strings.Cut(raw, "\r\n\r\n"); strings.Count(head, "\r\n") != 8 {
			t.Fatal(head)
		}
	})
}
