package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettingsSayWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "",
		"data = \"\"":                            `"data" must name a folder`,
		"[console]\norigin = \"gate\"":           "console.origin must look like",
		"[console]\norigin = \"http://gate.jp\"": "must be https",
		"[console]\norigin = \"https://gate.jp\"":                                            "console.cert",
		"[audit]\npersonal_days = 0":                                                         "audit.personal_days must be 30 to 3650",
		"[audit]\npersonal_days = 36500":                                                     "audit.personal_days must be 30 to 3650",
		"[audit]\npersonal_days = 400":                                                       "",
		"[console]\nlisten = \"8443\"":                                                       "console.listen must be host:port",
		"[agents]\npublic = \"gate\"":                                                        "agents.public must be host:port",
		"[console]\nliste = \":1\"":                                                          "line 2",
		"[console]\norigin = \"http://console.localhost:8080\"":                              "",
		"[console]\nlisten = \"0.0.0.0:8443\"":                                               "needs console.origin with https",
		"[console]\nlisten = \"[::]:8443\"":                                                  "needs console.origin with https",
		"[console]\nlisten = \"console.example.jp:8443\"":                                    "needs console.origin with https",
		"[console]\norigin = \"http://console.localhost:8080\"\nlisten = \"192.0.2.7:8080\"": "needs console.origin with https",
		"[console]\nlisten = \"[::1]:8443\"":                                                 "",
		"[console]\nlisten = \"localhost:8443\"":                                             "",
	} {
		file := filepath.Join(t.TempDir(), "sekisho.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := LoadSettings(file, true)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if _, err := LoadSettings(filepath.Join(t.TempDir(), "none.toml"), true); err == nil {
		t.Error("a file that was named and is not there was passed over")
	}
}

// Desktops on the server's own machine are for demonstrations: nobody gets them
// by leaving a setting out.
func TestDesktopsOnThisMachineMustBeAskedFor(t *testing.T) {
	for text, want := range map[string]bool{"": false, "[desktops]\n": false, "[desktops]\nallow_loopback = true": true} {
		file := filepath.Join(t.TempDir(), "sekisho.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := LoadSettings(file, true)
		if err != nil || s.Desktops.AllowLoopback != want {
			t.Errorf("%q: %v, %v", text, s.Desktops.AllowLoopback, err)
		}
	}
	if s, err := LoadSettings(filepath.Join("..", "..", "deploy", "sekisho.toml"), true); s.Desktops.AllowLoopback {
		t.Errorf("the file that installations begin with allows it, %v", err)
	}
}
