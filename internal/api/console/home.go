package console

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/operators"
)

// Inside is the guard session of an issued PC whose agent carries a request
// through the tunnel. The desk door has checked the signature and the lease.
type Inside struct {
	operators.Guarded
	Address netip.Addr         // of the PC inside the tunnel
	Class   sekisho.LeaseClass // of its lease
}

var (
	errNotHere    = sekisho.Fail(sekisho.KindDenied, "home.not_here")
	errOnlyHere   = sekisho.Fail(sekisho.KindDenied, "home.only_here")
	errFaceNeeded = sekisho.Fail(sekisho.KindDenied, "home.face_needed")
)

// officeOnly are the routes that no PC's agent carries: the ways in that are not
// an issued PC's, and whatever leaves a file behind on it.
var officeOnly = []string{
	"GET /setup", "POST /setup/begin", "POST /setup/finish", "GET /demo/people",
	"POST /session/password/begin", "POST /session/password/finish", "POST /session/oidc/begin", "POST /session/oidc/finish",
	"POST /invitations/begin", "POST /invitations/finish", "POST /invitations/look", "POST /invitations/password/begin", "POST /invitations/password/finish",
	"POST /lost/look", "POST /lost/report",
	"GET /evidence/{hash}", "GET /audit/export", "GET /audit/rows", "GET /audit/{seq}/proof", "GET /reports/{id}/file", "GET /training/records",
	"POST /kitting/plan", "POST /kitting/apply", // enrolment codes, to be printed
}

// homeOnly are the routes of the console at an issued PC alone.
var homeOnly = []string{"POST /home/passkey/begin", "POST /home/passkey/finish"}

// here refuses what is not to be done where the caller is.
func (c caller) here(route string) error {
	switch {
	case c.inside.Session != "" && slices.Contains(officeOnly, route):
		return errNotHere
	case c.inside.Session == "" && slices.Contains(homeOnly, route):
		return errOnlyHere
	}
	return nil
}

// rp is the relying party whose passkeys count where the caller is.
func (c caller) rp() operators.RP {
	if c.inside.Session != "" {
		return operators.RPHome
	}
	return operators.RPConsole
}

// Carry answers a request that an agent carried through the tunnel. Neither
// cookies nor headers of it mean anything here: who asks is whoever the guard
// session says, and his console session is kept on this side alone.
func (d *Door) Carry(w http.ResponseWriter, r *http.Request, in Inside) {
	c := caller{language: r.Header.Get("Accept-Language"), idle: r.URL.Query().Get("refresh") == "1", from: in.Address, inside: in, token: d.held.of(in.Session)}
	r = r.WithContext(withCaller(r.Context(), c))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	if err := d.mayCome(r, in); err != nil {
		d.turnedAway(c, "", err)
		writeRefusal(w, r, err)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
	d.carried.ServeHTTP(w, r)
}

// mayCome refuses whoever has nothing to do here, before anything of a request is
// looked at, and leases that do not say whose face it is.
func (d *Door) mayCome(r *http.Request, in Inside) error {
	if in.Session == "" || in.Person == "" || !strings.HasPrefix(r.URL.Path, prefix+"/") || path.Clean(r.URL.Path) != r.URL.Path {
		return errNotFound
	}
	if in.Class != sekisho.ClassFace {
		return errFaceNeeded
	}
	p, err := d.people.Get(r.Context(), in.Person)
	if err != nil {
		return err
	}
	who, err := d.identityOf(r.Context(), operators.Identity{Person: p})
	if err == nil && (!p.Works() || who.Client != "" || !who.welcome()) {
		err = errNoConsole
	}
	return err
}

// Serves says whether somebody has anything to do in the console at an issued PC.
func (d *Door) Serves(ctx context.Context, p operators.Person) (bool, error) {
	if !p.Works() {
		return false, nil
	}
	who, err := d.identityOf(ctx, operators.Identity{Person: p})
	return err == nil && who.Client == "" && who.welcome(), err
}

// Ended forgets the console session of a guard session at once: nothing of it is
// answered any more. What is stored of it goes by EndGuarded.
func (d *Door) Ended(id sekisho.SessionID) {
	if token := d.held.forget(id); token != "" {
		d.idle.forget(token)
	}
}

// seat keeps the bearer of a console session with the guard session that it was
// opened in. One that has ended meanwhile keeps nothing.
func (d *Door) seat(ctx context.Context, in Inside, l operators.Login) error {
	d.held.put(in.Session, l.Token)
	if slices.ContainsFunc(d.book.Live(), func(s grants.Seat) bool { return s.Session == in.Session && s.Phase == grants.PhaseLive }) {
		return nil
	}
	d.Ended(in.Session)
	return errors.Join(errSignedOut, d.signIn.EndGuarded(ctx, in.Guarded))
}

// held are the bearers of console sessions by the guard session that each lives
// in. They leave this process nowhere.
type held struct {
	mu     sync.Mutex
	tokens map[sekisho.SessionID]string
}

func (h *held) of(id sekisho.SessionID) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.tokens[id]
}

func (h *held) put(id sekisho.SessionID, token string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.tokens == nil {
		h.tokens = map[sekisho.SessionID]string{}
	}
	h.tokens[id] = token
}

func (h *held) forget(id sekisho.SessionID) (token string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	token = h.tokens[id]
	delete(h.tokens, id)
	return token
}

// HomeView is the issued PC that the console is shown on.
type HomeView struct {
	Person  sekisho.PersonID `json:"person"`
	Name    string           `json:"name" doc:"of the person whose face the guard sees"`
	Passkey bool             `json:"passkey" doc:"this person has a passkey for issued PCs"`
}

// LogValue hides the person.
func (HomeView) LogValue() slog.Value { return hidden }

// LogValue hides the code.
func (HomeCodeView) LogValue() slog.Value { return hidden }

// HomeCodeView is the code by which a passkey is registered at an issued PC.
type HomeCodeView struct {
	Code  string    `json:"code" doc:"shown once"`
	Until time.Time `json:"until"`
}
