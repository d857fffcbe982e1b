package centre

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/sekisho/sekisho/internal/twin/sealing"
	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

// Options of a centre.
type Options struct {
	Dir     string   // everything lies in here
	Bin     string   // folder of the binaries; "bin" in the checkout by default
	DSN     string   // database; SQLite in Dir by default
	Console string   // console's listen address; a free port by default
	Listen  string   // address of the PCs' doors; 127.0.0.1 by default
	Wrap    []string // a command to start the server under, such as taskset -c 0
	Env     []string

	TLS      bool   // the console by https, on every address of this machine
	DeskPort int    // of the PC whose passkeys count; 7777 by default
	Settings string // more of the server's settings, as TOML
}

// Addresses is what a running server tells about itself (DATA/addresses.json).
type Addresses struct {
	ConsoleOrigin string `json:"console_origin"`
	Agents        string `json:"agents"`
	WireGuard     string `json:"wireguard"`
	SIP           string `json:"sip"`
}

// Seeded is what `sekisho demo` made: invented people and keys for a demonstration.
type Seeded struct {
	People      map[string]string `json:"people"`       // login → id
	OfficerKeys []string          `json:"officer_keys"` // files, one an officer
	RosterKeys  []string          `json:"roster_keys"`  // files of the three roster roots
	Roster      string            `json:"roster"`       // the signed roster
}

// Centre is one running server with its data.
type Centre struct {
	Options
	Server    *Process
	Addresses Addresses
	Seeded    Seeded
	Config    string
}

// Start seeds a fresh data folder and starts the server.
func Start(ctx context.Context, o Options) (*Centre, error) {
	if o.Bin == "" {
		o.Bin = "bin"
	}
	bin, err := filepath.Abs(o.Bin)
	if err != nil {
		return nil, err
	}
	o.Bin = bin
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return nil, err
	}
	if o.Console == "" {
		port, err := freePort()
		if err != nil {
			return nil, err
		}
		o.Console = fmt.Sprintf("127.0.0.1:%d", port)
		if o.TLS {
			o.Console = fmt.Sprintf("0.0.0.0:%d", port)
		}
	}
	if o.DeskPort == 0 {
		o.DeskPort = 7777
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1"
	}
	c := &Centre{Options: o, Config: filepath.Join(o.Dir, "sekisho.toml")}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	dsn := ""
	if o.DSN != "" {
		dsn = fmt.Sprintf("[storage]\ndsn = %q\n", o.DSN)
	}
	origin := fmt.Sprintf("origin = \"http://console.localhost:%s\"\n", portOf(o.Console))
	if o.TLS {
		if origin, err = certified(o.Dir, portOf(o.Console)); err != nil {
			return nil, err
		}
	}
	text := fmt.Sprintf(`# written by the demonstration
data = %[1]q
%[2]s
[console]
listen = %[3]q
%[4]s
[agents]
listen = "%[5]s:0"
desk_origins = ["http://sekisho.localhost:%[6]d"]

[wireguard]
listen = "%[5]s:0"

[desktops]
allow_loopback = true

[calls]
udp = "127.0.0.1:0"
bind = "127.0.0.1"
public = "127.0.0.1"

[centre]
name = "架空コールセンター（デモ）"
responsible = "見本 責任（架空の情報セキュリティ責任者）"
contact = "内線 0000（架空）"
`, c.data(), dsn, o.Console, origin, o.Listen, o.DeskPort) + o.Settings
	if err := os.WriteFile(c.Config, []byte(text), 0o600); err != nil {
		return nil, err
	}
	out, err := RunOnce(ctx, o.Env, filepath.Join(bin, "sekisho"), "demo", "--config", c.Config)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(out), &c.Seeded); err != nil {
		return nil, fmt.Errorf("centre: sekisho demo printed %q: %w", out, err)
	}
	return c, c.Serve(ctx)
}

// Serve starts the server on the data that is there; also after Stop or Kill.
func (c *Centre) Serve(ctx context.Context) error {
	ready := filepath.Join(c.data(), "addresses.json")
	if err := os.Remove(ready); err != nil && !os.IsNotExist(err) {
		return err
	}
	args := append(append([]string(nil), c.Wrap...), filepath.Join(c.Bin, "sekisho"), "serve", "--config", c.Config)
	p, err := Run(c.Dir, "server", c.Env, args...)
	if err != nil {
		return err
	}
	c.Server = p
	return p.await(ctx, 60*time.Second, func() bool {
		b, err := os.ReadFile(ready)
		return err == nil && json.Unmarshal(b, &c.Addresses) == nil
	})
}

// CLI runs `sekisho ARGS... --config …` and returns what it printed.
func (c *Centre) CLI(ctx context.Context, args ...string) (string, error) {
	return RunOnce(ctx, c.Env, append(append([]string{filepath.Join(c.Bin, "sekisho")}, args...), "--config", c.Config)...)
}

// Close ends the server.
func (c *Centre) Close() {
	if c.Server != nil {
		c.Server.Stop()
	}
}

func (c *Centre) data() string { return filepath.Join(c.Dir, "server") }

// Data is the server's data folder.
func (c *Centre) Data() string { return c.data() }

func portOf(addr string) string {
	for i := len(addr) - 1; i >= 0; i-- {
		if addr[i] == ':' {
			return addr[i+1:]
		}
	}
	return addr
}

// OfficerPublic is the public key of the roster's nth officer, from 0.
func OfficerPublic(roster string, n int) (string, error) {
	b, err := os.ReadFile(roster)
	if err != nil {
		return "", err
	}
	_, r, err := sealing.ParseSigned(b)
	if err != nil {
		return "", err
	}
	if n >= len(r.Officers) {
		return "", fmt.Errorf("centre: the roster has %d officers", len(r.Officers))
	}
	return r.Officers[n].Recipient, nil
}

// Raw issues a PC that exists only as a protocol, with its key in software.
func (c *Centre) Raw(ctx context.Context, admin *Console, tag, login, policy string) (*rawpc.PC, error) {
	p := &PC{PCOptions: PCOptions{Tag: tag, Person: login, Policy: policy, Place: "home"}, c: c}
	text, err := p.Register(ctx, admin)
	if err != nil {
		return nil, err
	}
	code, err := wire.ParseEnrolmentCode(text)
	if err != nil {
		return nil, err
	}
	raw, err := rawpc.New(code)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(raw.Trust(ctx, code), raw.Enrol(ctx, code)); err != nil {
		return nil, err
	}
	if err := admin.Post(ctx, "devices/"+p.Device+"/approve", map[string]string{"fingerprint": raw.Fingerprint}, nil); err != nil {
		return nil, err
	}
	return raw, raw.Collect(ctx)
}
