package wire

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
)

type testSettings struct {
	Listen  string        `toml:"listen"`
	Open    bool          `toml:"open_browser"`
	Port    int           `toml:"port"`
	Wait    time.Duration `toml:"wait"`
	Names   []string      `toml:"names"`
	TPM     testTable     `toml:"tpm"`
	ignored string
}

type testTable struct {
	Device string    `toml:"device"`
	Deeper testInner `toml:"deeper"`
}

type testInner struct {
	Level int8 `toml:"level"`
}

func TestParseSettings(t *testing.T) {
	got := testSettings{Listen: "default", Port: 1}
	err := ParseSettings([]byte(`
# a comment
listen = "127.0.0.1:7777" # and one after
open_browser=true
wait = "1m30s"
names = [ "a",
  'b\c', # literal
  "日本\u8a9e\t\"x\"",
]
[tpm]
device = 'C:\tpm'
[ tpm . deeper ]
level = -1_0
`), &got)
	if err != nil {
		t.Fatal(err)
	}
	want := testSettings{Listen: "127.0.0.1:7777", Open: true, Port: 1, Wait: 90 * time.Second,
		Names: []string{"a", `b\c`, "日本語\t\"x\""}, TPM: testTable{Device: `C:\tpm`, Deeper: testInner{Level: -10}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestParseSettingsRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, say string }{
		"unknown key":        {"listen = \"x\"\nlisten_to = \"y\"", `line 2: there is no setting "listen_to"`},
		"unknown table":      {"[nothing]", "no table [nothing]"},
		"key in wrong table": {"[tpm]\nlisten = \"x\"", `no setting "tpm.listen"`},
		"twice":              {"port = 1\nport = 2", "already set on line 1"},
		"table twice":        {"[tpm]\n[tpm]", "already set on line 1"},
		"table as key":       {"tpm = \"x\"", "no setting"},
		"other kind":         {"port = \"1\"", "this setting is a number"},
		"bare word":          {"listen = yes", "quotes"},
		"float":              {"port = 1.5", "digits"},
		"no value":           {"port =", "missing"},
		"no equals":          {"port", "needs ="},
		"open quote":         {"listen = \"x\nport = 1", "line 1: the closing quote"},
		"two on a line":      {"port = 1 port = 2", "one setting a line"},
		"bad escape":         {`listen = "C:\x"`, "single quotes"},
		"surrogate":          {`listen = "\ud800"`, `\ must`},
		"control":            {"listen = \"a\x01\"", "control"},
		"overflow":           {"[tpm.deeper]\nlevel = 300", "a number"},
		"negative time":      {`wait = "-1s"`, "a time"},
		"number as time":     {`wait = 3`, "a time"},
		"list of numbers":    {"names = [1]", "a list holds texts"},
		"list without comma": {`names = ["a" "b"]`, "commas"},
		"open list":          {`names = ["a",`, "a list holds"},
		"open table":         {"[tpm", "[name]"},
		"not UTF-8":          {"listen = \"\xff\"", "text file"},
		"too long":           {"#" + strings.Repeat("x", maxSettings), "text file"},
		"unexported":         {`ignored = "x"`, "no setting"},
	} {
		t.Run(name, func(t *testing.T) {
			err := ParseSettings([]byte(c.text), &testSettings{})
			if !errors.Is(err, sekisho.Fail(sekisho.KindInvalid, "settings.malformed")) || !strings.Contains(err.Error(), c.say) {
				t.Errorf("got %v, want %q", err, c.say)
			}
		})
	}
}

func FuzzParseSettings(f *testing.F) {
	f.Add([]byte("listen = \"a\"\n[tpm]\ndevice='b'\n"))
	f.Add([]byte("names = [\"\\u3042\", 'x',]\nwait=\"1s\"#"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var a, b testSettings
		errA, errB := ParseSettings(text, &a), ParseSettings(text, &b)
		if (errA == nil) != (errB == nil) || !reflect.DeepEqual(a, b) {
			t.Fatal("the same text gave two answers")
		}
		if errA != nil && sekisho.CodeOf(errA) != "settings.malformed" {
			t.Fatalf("error without a text for people: %v", errA)
		}
	})
}
