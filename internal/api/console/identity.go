package console

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
	own "github.com/sekisho/sekisho/internal/gate/roles"
)

// Identity is who is signed in, as the table of access needs it.
type Identity struct {
	Person  sekisho.PersonID
	Name    string
	Login   string
	Roles   []sekisho.Role   // as the table of access asks for them
	Rights  []own.Right      // of own roles, beside them
	Client  sekisho.ClientID // whose auditor this is; then Roles is clientAuditor alone
	Method  string           // how he signed in
	Expires time.Time
}

func (i Identity) has(r sekisho.Role) bool { return slices.Contains(i.Roles, r) }

// LogValue hides the person.
func (Identity) LogValue() slog.Value { return hidden }

// identityOf asks the clients' room what somebody's roles come to: an auditor of
// a client is nothing else, whatever roles he was given since; and the access
// policies, whether an administrator may act as one. An error refuses.
func (d *Door) identityOf(ctx context.Context, i operators.Identity) (Identity, error) {
	who := Identity{Person: i.Person.ID, Name: i.Person.Name, Login: i.Person.Login, Roles: i.Person.Roles, Method: i.Method, Expires: i.Expires}
	client, err := d.clients.ClientOf(ctx, who.Person)
	if err != nil {
		return Identity{}, err
	}
	if client == "" {
		if who.Rights, err = d.rightsOf(ctx, i.Person); err != nil {
			return Identity{}, err
		}
	}
	if client != "" {
		who.Client, who.Roles = client, []sekisho.Role{clientAuditor}
		if !slices.Contains(i.Person.Roles, auditor) {
			who.Roles = nil
		}
	}
	if slices.Contains(who.Roles, administrator) {
		switch err := d.rules.MayManage(ctx, i.Person); {
		case sekisho.KindOf(err) == sekisho.KindDenied: // his other roles stay
			who.Roles = slices.DeleteFunc(slices.Clone(who.Roles), func(r sekisho.Role) bool { return r == administrator })
		case err != nil:
			return Identity{}, err
		}
	}
	return who, nil
}

// shownRoles are the roles as people have them.
func (i Identity) shownRoles() []sekisho.Role {
	if i.Client != "" {
		return []sekisho.Role{auditor}
	}
	return roles(i.Roles)
}

func (i Identity) shownRights() []own.Right {
	if i.Rights == nil {
		return []own.Right{}
	}
	return i.Rights
}

func (i Identity) view(demo bool) SessionView {
	return SessionView{
		State: "signed_in", Demo: demo, Expires: moment(i.Expires),
		Person: &MeView{ID: i.Person, Name: i.Name, Login: i.Login, Roles: i.shownRoles(), Rights: i.shownRights(), Client: i.Client},
	}
}

// identify asks whose session a cookie is. What is not alive any more is
// errSignedOut; what cannot be read is an error, and both refuse.
func (d *Door) identify(ctx context.Context, c caller) (Identity, error) {
	now := d.clk.Mono()
	if d.idle.over(c.token, now) {
		if err := d.signIn.Logout(ctx, c.token); err != nil {
			return Identity{}, err // and it stays known as left alone: the next request ends it
		}
		d.idle.forget(c.token)
		return Identity{}, errSignedOut
	}
	i, err := d.signIn.WhoamiIn(ctx, c.token, c.inside.Session)
	if err != nil {
		switch sekisho.KindOf(err) {
		case sekisho.KindDenied, sekisho.KindNotFound, sekisho.KindExpired:
			d.idle.forget(c.token)
			return Identity{}, errSignedOut.Because(err)
		}
		return Identity{}, err
	}
	if !i.Person.Active {
		return Identity{}, errSignedOut
	}
	if c.idle {
		d.idle.begin(c.token, now)
	} else {
		d.idle.touch(c.token, now)
	}
	who, err := d.identityOf(ctx, i)
	if err == nil && c.inside.Session != "" && who.Person != c.inside.Person {
		err = errSignedOut
	}
	if err == nil {
		err = d.placed(ctx, c, who)
	}
	if err != nil {
		return Identity{}, err
	}
	return who, nil
}

const idleAfter = 30 * time.Minute

// idle remembers when each session was last used by a person. Pages refresh
// themselves for hours; that must not keep a session awake, and the room that
// keeps sessions cannot tell the two apart. It holds only sessions that the
// room has just called alive, by the hash of their bearer.
type idle struct {
	mu   sync.Mutex
	last map[[32]byte]time.Duration // monotonic
}

// touch notes a use by a person.
func (i *idle) touch(token string, now time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sweep(now)
	i.last[sha256.Sum256([]byte(token))] = now
}

// begin notes a session that this process sees for the first time.
func (i *idle) begin(token string, now time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.sweep(now)
	key := sha256.Sum256([]byte(token))
	if _, known := i.last[key]; !known {
		i.last[key] = now
	}
}

// sweep makes the map, and empties it of sessions that nobody asks about any
// more once it has grown. The caller holds mu.
func (i *idle) sweep(now time.Duration) {
	if i.last == nil {
		i.last = map[[32]byte]time.Duration{}
	}
	if len(i.last) < 4096 {
		return
	}
	for key, at := range i.last {
		if now-at >= 2*idleAfter {
			delete(i.last, key)
		}
	}
}

// over says whether a session was left alone for too long.
func (i *idle) over(token string, now time.Duration) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	at, known := i.last[sha256.Sum256([]byte(token))]
	return known && now-at >= idleAfter
}

func (i *idle) forget(token string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	delete(i.last, sha256.Sum256([]byte(token)))
}
