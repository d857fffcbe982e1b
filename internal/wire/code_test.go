package wire

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
)

func TestEnrolmentCode(t *testing.T) {
	want := EnrolmentCode{Server: "gate.example.jp:8444", Trust: [32]byte{1, 2}, Secret: NewEnrolmentSecret()}
	text := want.String()
	for name, typed := range map[string]string{
		"as printed": text, "small letters": strings.ToLower(text),
		"broken over lines": text[:20] + "\n  " + text[20:40] + " " + text[40:],
		"with hyphens":      text[:14] + "-" + text[14:],
	} {
		if got, err := ParseEnrolmentCode(typed); err != nil || got != want {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for i := 4; i < len(text); i++ { // one wrong letter anywhere is noticed
		for _, c := range "A7" {
			if byte(c) == text[i] {
				continue
			}
			if got, err := ParseEnrolmentCode(text[:i] + string(c) + text[i+1:]); err == nil && got == want {
				t.Fatalf("letter %d changed and the code is the same", i)
			}
		}
	}
	for _, bad := range []string{"", "SK1-", "SK2-" + text[4:], text[:len(text)-1], text + "A", strings.Repeat("A", 5000),
		EnrolmentCode{Server: "nowhere"}.String(), EnrolmentCode{Server: ":8444"}.String(), EnrolmentCode{Server: "x:0"}.String()} {
		if _, err := ParseEnrolmentCode(bad); sekisho.CodeOf(err) != "enrolment.code_malformed" {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	if s := fmt.Sprint(want.LogValue()); s != "[hidden]" {
		t.Errorf("a log would show %s", s)
	}
}

func FuzzEnrolmentCode(f *testing.F) {
	f.Add(EnrolmentCode{Server: "h:1"}.String())
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ParseEnrolmentCode(text); err == nil {
			if again, err := ParseEnrolmentCode(c.String()); err != nil || again != c {
				t.Fatalf("%q does not come back", text)
			}
		}
	})
}
