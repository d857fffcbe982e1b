package passwords

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/wire"
)

// page is the browser's own library (@serenity-kit/opaque), in node, with the
// settings of the console's page.
type page struct {
	t    *testing.T
	ask  *json.Encoder
	said *json.Decoder
}

func newPage(t *testing.T) page {
	t.Helper()
	if _, err := os.Stat("../../../web/node_modules/@serenity-kit/opaque"); err != nil && os.Getenv("CI") == "" {
		t.Skip("web/node_modules is not installed")
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), "node", "testdata/page.mjs")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	ok(t, err)
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	t.Cleanup(func() {
		_ = in.Close() // which ends it
		ok(t, cmd.Wait())
	})
	return page{t, json.NewEncoder(in), json.NewDecoder(bufio.NewReader(out))}
}

func (p page) do(act string, with map[string]any) (out struct {
	Message wire.Bytes `json:"message"`
	Wrong   bool       `json:"wrong"`
}) {
	p.t.Helper()
	with["act"] = act
	ok(p.t, p.ask.Encode(with))
	ok(p.t, p.said.Decode(&out))
	return out
}

// TestThePageAndTheServerAgree registers and signs in with the page's library on
// one side and this room on the other.
func TestThePageAndTheServerAgree(t *testing.T) {
	r := newRoom(t, storagetest.SQLite(t))
	ctx := t.Context()
	browser := newPage(t)
	p, err := r.people.Create(ctx, "", operators.Person{Name: "試験", Login: "sv", Roles: []sekisho.Role{sekisho.RoleSupervisor}})
	r.must(err)
	yes := true
	_, err = r.people.Update(ctx, "", p.ID, operators.Change{PasswordAllowed: &yes})
	r.must(err)
	const password = "あきの-Yama 7!" // any characters
	link, err := r.people.InviteLogin(ctx, "sv", "https://console.example")
	r.must(err)
	request := browser.do("register", map[string]any{"password": password}).Message
	response, err := r.Answer(ctx, p.ID, "sv", request)
	r.must(err)
	record := browser.do("registered", map[string]any{"password": password, "login": "sv", "message": wire.Bytes(response)}).Message
	_, err = r.people.SetPassword(ctx, tokenOf(link.URL), host, func(ctx context.Context, tx storage.Tx, p operators.Person) error {
		return r.Keep(ctx, tx, p.ID, p.Login, record)
	})
	r.must(err)
	for try, right := range map[string]bool{password: true, "あきの-Yama 8!": false} {
		begun, err := r.Begin(ctx, "sv", browser.do("login", map[string]any{"password": try}).Message)
		r.must(err)
		proof := browser.do("proof", map[string]any{"password": try, "login": "sv", "message": wire.Bytes(begun.KE2)})
		if proof.Wrong == right {
			t.Fatalf("the page says wrong: %v", proof.Wrong)
		}
		err = r.Finish(ctx, begun.ID, proof.Message, func(context.Context, storage.Tx, sekisho.PersonID) error { return nil })
		if (err == nil) != right {
			t.Errorf("%v", err)
		}
	}
	// A login that nobody has looks to the page like a wrong password.
	begun, err := r.Begin(ctx, "nobody", browser.do("login", map[string]any{"password": password}).Message)
	r.must(err)
	if !browser.do("proof", map[string]any{"password": password, "login": "nobody", "message": wire.Bytes(begun.KE2)}).Wrong {
		t.Error("the page took nobody for somebody")
	}
}
