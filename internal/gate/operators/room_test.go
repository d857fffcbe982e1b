package operators

import (
	"crypto/ed25519"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

const (
	consoleOrigin = "https://console.example:8443"
	deskOrigin    = "http://sekisho.localhost:7777"
)

var (
	host   = netip.MustParseAddr("127.0.0.1")
	remote = netip.MustParseAddr("203.0.113.9")
)

type room struct {
	*testing.T
	*Operators
	clk *clock.Fake
	log *audit.Log
}

func newRoom(t *testing.T, db *storage.DB) *room {
	t.Helper()
	r := &room{T: t, clk: clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))}
	r.must(db.Migrate(t.Context(), audit.Schema, Schema))
	var err error
	r.log, err = audit.New(db, r.clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	r.must(err)
	t.Cleanup(func() { r.must(r.log.Close()) })
	r.Operators, err = New(db, r.clk, r.log, map[RP]Party{
		RPConsole: {ID: "console.example", Name: "Sekisho", Origins: []string{consoleOrigin}},
		RPDesk:    {ID: "sekisho.localhost", Name: "Sekisho", Origins: []string{deskOrigin}},
		RPHome:    {ID: "sekisho.localhost", Name: "Sekisho", Origins: []string{deskOrigin}},
	})
	r.must(err)
	return r
}

func (r *room) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

func (r *room) refused(err error, code string) {
	r.Helper()
	if err == nil || sekisho.CodeOf(err) != code {
		r.Fatalf("error %v, want %s", err, code)
	}
}

func (r *room) rows(prefix string) []audit.Event {
	r.Helper()
	r.must(r.log.Flush(r.Context()))
	found, err := r.log.Search(r.Context(), audit.Filter{Kind: prefix})
	r.must(err)
	out := []audit.Event{}
	for _, e := range slices.Backward(found) {
		out = append(out, e.Event)
	}
	return out
}

func (r *room) tokenOf(link string) string {
	r.Helper()
	u, err := url.Parse(link)
	r.must(err)
	token, ok := strings.CutPrefix(u.Fragment, "token=")
	if !ok || u.RawQuery != "" {
		r.Fatalf("link %s", link)
	}
	return token
}

// setup makes the first administrator and gives him with his key.
func (r *room) setup() (Login, *authenticator) {
	r.Helper()
	link, err := r.SetupURL(r.Context(), consoleOrigin)
	r.must(err)
	token := r.tokenOf(link.URL)
	c, err := r.SetupBegin(r.Context(), RPConsole, token, "管理 花子", "hanako", host)
	r.must(err)
	key := newAuthenticator(r.T, consoleOrigin)
	l, err := r.SetupFinish(r.Context(), RPConsole, token, c.ID, key.create(c.Options), host)
	r.must(err)
	return l, key
}

func (r *room) create(login string, roles ...sekisho.Role) Person {
	r.Helper()
	p, err := r.CreateSeconded(r.Context(), "", Person{Name: "試験 " + login, Kana: "しけん", Login: login, Roles: roles, FaceUsable: true, Place: sekisho.PlaceHome}, onHost)
	r.must(err)
	return p
}

// invited gives a person a passkey at a relying party.
func (r *room) invited(p Person, rp RP, origin string) *authenticator {
	r.Helper()
	link, err := r.InviteLogin(r.Context(), p.Login, consoleOrigin)
	r.must(err)
	token := r.tokenOf(link.URL)
	c, err := r.InvitationBegin(r.Context(), rp, token, remote)
	r.must(err)
	key := newAuthenticator(r.T, origin)
	_, err = r.InvitationFinish(r.Context(), rp, token, c.ID, key.create(c.Options), remote)
	r.must(err)
	return key
}
