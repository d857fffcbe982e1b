package reminders

import (
	"errors"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/sekisho/sekisho"
)

// The real server: what is taken, and what is said where something is wrong.
func TestARealMailServer(t *testing.T) {
	s := newServer(t)
	good := s.settings()
	for name, c := range map[string]struct {
		change func(*Settings)
		to     string
		code   string
	}{
		"starttls":            {func(*Settings) {}, "op@example.jp", ""},
		"implicit":            {func(x *Settings) { x.TLS, x.Port = Implicit, s.implicit }, "op@example.jp", ""},
		"no TLS offered":      {func(x *Settings) { x.Port = s.open }, "op@example.jp", "mail.starttls"},
		"foreign authority":   {func(x *Settings) { x.CA = filepath.Join(s.dir, "other.crt") }, "op@example.jp", "mail.certificate"},
		"another name":        {func(x *Settings) { x.Host = "127.0.0.1" }, "op@example.jp", "mail.certificate"},
		"wrong password":      {func(x *Settings) { x.PasswordFile = s.write("wrong", "guess", 0o600) }, "op@example.jp", "mail.auth"},
		"not now":             {func(*Settings) {}, "later@example.jp", "mail.later"},
		"unknown recipient":   {func(*Settings) {}, "op@elsewhere.example", "mail.recipient"},
		"nobody listens":      {func(x *Settings) { x.Port = freePort(t) }, "op@example.jp", "mail.unreachable"},
		"implicit, plainly":   {func(x *Settings) { x.TLS, x.Port = Implicit, s.open }, "op@example.jp", "mail.unreachable"},
		"recipient injection": {func(*Settings) {}, "op@example.jp>\r\nRCPT TO:<thief@example.jp", "mail.address"},
	} {
		set := good
		c.change(&set)
		err := set.Test(t.Context(), c.to, "ja", morning)
		code := ""
		if err != nil {
			code = sekisho.CodeOf(err)
		}
		if code != c.code {
			t.Errorf("%s: %q, want %q (%v)", name, code, c.code, err)
		}
		if err != nil && (strings.Contains(err.Error(), secret) || strings.Contains(err.Error(), "guess")) {
			t.Errorf("%s: the password stands in %v", name, err)
		}
	}
	for _, m := range s.taken(t.Context(), 2) {
		if !strings.Contains(m, "To: op@example.jp\n") || strings.Contains(m, "Bcc") {
			t.Error(m)
		}
	}
	if err := (Settings{}).Test(t.Context(), "op@example.jp", "ja", morning); sekisho.CodeOf(err) != "mail.off" {
		t.Error(err)
	}
}

// A server that says 4yz is asked again, one that says 5yz is not. No real one
// says either at will, so these speak by hand.
func TestForNowAndForGood(t *testing.T) {
	for said, want := range map[string]string{"451 4.3.0 later\r\n": "mail.starttls", "": "mail.unreachable"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() {
			c, err := l.Accept()
			if err == nil {
				_, err = c.Write([]byte("220 hello\r\n"))
				buf := make([]byte, 512)
				_, _ = c.Read(buf)
				_, _ = c.Write([]byte("250-hello\r\n250 STARTTLS\r\n"))
				_, _ = c.Read(buf)
				_, _ = c.Write([]byte(said))
				err = errors.Join(err, c.Close())
			}
			done <- err
		}()
		_, port, _ := net.SplitHostPort(l.Addr().String())
		n, _ := strconv.Atoi(port)
		set := Settings{Host: "localhost", Port: n, TLS: StartTLS, From: "a@example.jp"}
		if err := set.Test(t.Context(), "b@example.jp", "en", morning); sekisho.CodeOf(err) != want || sekisho.KindOf(err) != sekisho.KindBusy {
			t.Errorf("%q: %v, want %s", said, err, want)
		}
		<-done
		_ = l.Close()
	}
}
