package reminders

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSettingsThatAreRefused(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := Settings{Host: "mail.example.jp", Port: 587, TLS: StartTLS, User: "u", PasswordFile: file("good", "secret\n"), From: "sekisho@example.jp"}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	if err := (Settings{}).Check(); err != nil {
		t.Fatal(err) // off
	}
	for name, c := range map[string]struct {
		change func(*Settings)
		names  string
	}{
		"host with port": {func(s *Settings) { s.Host = "mail.example.jp:25" }, "mail.host"},
		"no port":        {func(s *Settings) { s.Port = 0 }, "mail.port"},
		"without TLS":    {func(s *Settings) { s.TLS = "none" }, "mail.tls"},
		"TLS not named":  {func(s *Settings) { s.TLS = "" }, "mail.tls"},
		"from":           {func(s *Settings) { s.From = "Sekisho <sekisho@example.jp>" }, "mail.from"},
		"user alone":     {func(s *Settings) { s.PasswordFile = "" }, "mail.password_file"},
		"password alone": {func(s *Settings) { s.User = "" }, "mail.user"},
		"no file":        {func(s *Settings) { s.PasswordFile = filepath.Join(dir, "none") }, "mail.password_file"},
		"empty password": {func(s *Settings) { s.PasswordFile = file("empty", "\n") }, "mail.password_file"},
		"two lines":      {func(s *Settings) { s.PasswordFile = file("two", "a\nb") }, "mail.password_file"},
		"no authority":   {func(s *Settings) { s.CA = file("ca", "nothing") }, "mail.ca"},
	} {
		s := good
		c.change(&s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), c.names) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
