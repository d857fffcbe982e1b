package app

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// said runs a command line as a terminal of a language does.
func said(t *testing.T, lang string, args ...string) (int, string) {
	t.Helper()
	t.Setenv("LC_ALL", lang)
	var out, errs bytes.Buffer
	code := run(t.Context(), args, &out, &errs, clock.System())
	return code, errs.String()
}

// TestTheCommandLineSpeaksBothLanguages: whatever goes wrong, the terminal says
// what it is and what to do, in the language of whoever sits there.
func TestTheCommandLineSpeaksBothLanguages(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	data := filepath.Join(dir, "server")
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	good := "data = \"" + data + "\"\n[console]\nlisten = \"127.0.0.1:0\"\n[wireguard]\nlisten = \"127.0.0.1:0\"\n"
	for name, tc := range map[string]struct {
		args   []string
		code   string
		exit   int
		ja, en string
	}{
		"no such command":  {[]string{"open-sesame"}, "command.malformed", 2, "コマンド", "not a command"},
		"settings":         {[]string{"serve", "--config", file("bad.toml", "dat = 1\n")}, "settings.malformed", 1, "設定ファイル", "configuration"},
		"no such settings": {[]string{"serve", "--config", filepath.Join(dir, "none.toml")}, "settings.malformed", 1, "設定ファイル", "configuration"},
		"nobody there":     {[]string{"setup-url", "--config", file("good.toml", good)}, "server.not_running", 1, "動いていません", "No server"},
		"port taken": {
			[]string{"serve", "--config", file("taken.toml", good+"[agents]\nlisten = \""+taken.Addr().String()+"\"\n")}, "server.port_taken", 1, "ポート", "holds a port",
		},
		"no such export": {[]string{"audit", "verify", filepath.Join(dir, "none"), "--key", "x"}, "command.file", 2, "ファイル", "cannot be opened"},
		"no such roster": {[]string{"roster", "show", filepath.Join(dir, "none")}, "command.file", 2, "ファイル", "cannot be opened"},
		"no such report": {[]string{"report", "verify", filepath.Join(dir, "none")}, "command.file", 2, "ファイル", "cannot be opened"},
	} {
		for lang, words := range map[string]string{"ja_JP.UTF-8": tc.ja, "en_US.UTF-8": tc.en} {
			exit, text := said(t, lang, tc.args...)
			if exit != tc.exit || !strings.Contains(text, "\n("+tc.code+")\n") || !strings.Contains(text, words) {
				t.Errorf("%s in %s: exit %d, %s", name, lang, exit, text)
			}
		}
	}
}

// What the running server answers is shown in the terminal's language too.
func TestHostAnswersInTheTerminalsLanguage(t *testing.T) {
	srv, _ := opened(t)
	for lang, words := range map[string]string{"ja_JP.UTF-8": "登録されていません", "en_US.UTF-8": "no such person"} {
		t.Setenv("LC_ALL", lang)
		err := askHost(context.Background(), srv.settings.Data, "/invite", "nobody", nil)
		var text bytes.Buffer
		Explain(&text, err, terminalLanguage())
		if !strings.Contains(text.String(), words) || !strings.Contains(text.String(), "\n(person.unknown)\n") {
			t.Errorf("%s: %s", lang, text.String())
		}
	}
	_, err := os.Open(filepath.Join(t.TempDir(), "none"))
	var text bytes.Buffer
	if Explain(&text, err, "ja"); !strings.Contains(text.String(), "(command.file)") {
		t.Errorf("a file that is not there: %s", text.String())
	}
	release, err := lockData(srv.settings.Data)
	if err == nil {
		release()
	}
	if !errors.Is(err, errRunning) {
		t.Errorf("a second server: %v", err)
	}
}

// TestKeysThatBeginWithADash: of a public key's base64url, not of an option.
func TestKeysThatBeginWithADash(t *testing.T) {
	got := joined([]string{"roster", "install", "f", "--root", "-Ab", "--root", "cd", "--root", "--config", "x"})
	want := []string{"roster", "install", "f", "--root=-Ab", "--root", "cd", "--root", "--config", "x"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
