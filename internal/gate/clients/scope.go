package clients

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Scope is what one client may see. The zero Scope sees nothing.
type Scope struct {
	Client    sekisho.ClientID
	days      map[sekisho.PersonID][]Assignment
	own       map[string]time.Time // ids of the client, its works and its desktops, and since when a desktop is its
	incidents map[string]bool      // ids of its incidents, as WithIncidents was told
}

// ScopeOf gives what a client may see now; of an ended one an error.
func (r *Clients) ScopeOf(ctx context.Context, id sekisho.ClientID) (s Scope, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		f, err := file(ctx, tx, id)
		if err != nil {
			return err
		}
		if !f.Client.Ended.IsZero() {
			return errEnded
		}
		s = f.scope()
		return nil
	})
	if err != nil {
		return Scope{}, fmt.Errorf("clients: scope of %s: %w", id, err)
	}
	return s, nil
}

func (f File) scope() Scope {
	s := Scope{Client: f.Client.ID, days: map[sekisho.PersonID][]Assignment{}, own: map[string]time.Time{string(f.Client.ID): {}}, incidents: map[string]bool{}}
	for _, a := range f.Assignments {
		s.days[a.Person] = append(s.days[a.Person], a)
	}
	for _, w := range f.Works {
		s.own[string(w.ID)] = time.Time{}
	}
	for d, since := range f.since {
		s.own[string(d)] = since
	}
	return s
}

// owns says whether an id was the client's, one of its works' or its desktops' at
// a moment: what happened on a desktop before it came is not the client's.
func (s Scope) owns(id string, at time.Time) bool {
	since, ok := s.own[id]
	return ok && !at.Before(since)
}

// Person says whether somebody was on a work of this client at a moment.
func (s Scope) Person(p sekisho.PersonID, at time.Time) bool {
	return slices.ContainsFunc(s.days[p], func(a Assignment) bool { return a.Covers(at) })
}

// Ever says whether somebody was or will be on a work of this client.
func (s Scope) Ever(p sekisho.PersonID) bool { return len(s.days[p]) > 0 }

// People lists everybody who was or will be on a work of this client.
func (s Scope) People() []sekisho.PersonID {
	out := make([]sekisho.PersonID, 0, len(s.days))
	for p := range s.days {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// WithIncidents adds incidents that have been found to be this client's, so
// that what was done about them is seen too.
func (s Scope) WithIncidents(ids []sekisho.IncidentID) Scope {
	s.incidents = make(map[string]bool, len(ids))
	for _, id := range ids {
		s.incidents[string(id)] = true
	}
	return s
}

// Subjects lists the ids that every row of this client acts by or on.
func (s Scope) Subjects() []string {
	out := make([]string, 0, len(s.days)+len(s.own)+len(s.incidents))
	for p := range s.days {
		out = append(out, string(p))
	}
	for id := range s.own {
		out = append(out, id)
	}
	for id := range s.incidents {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// shown are the rows that a client may see at all, by the first word of their
// kind. What people learned, what their PCs report of themselves, passwords,
// reports, searches and files are the centre's, whomever a row is about.
var shown = []string{
	"approval", "client", "consent", "desktop", "device", "evidence", "face", "flows", "guard", "incident", "login", "passkey", "person", "recording", "session", "work",
}

// Row says whether a row of the log is this client's: of a kind that clients
// see, and about the client, its works, desktops and incidents; about one of its
// people, on his days; or what he did as an operator then, unless it was done to
// what is another's.
func (s Scope) Row(e audit.Entry) bool {
	if family, _, _ := strings.Cut(e.Event.Kind, "."); !slices.Contains(shown, family) {
		return false
	}
	about := e.Event.Object
	switch about.Type {
	case "client", "work", "desktop":
		return about.ID != "" && s.owns(about.ID, e.At)
	case "incident":
		return s.incidents[about.ID]
	case "recording":
		return e.Event.Detail["client"] == string(s.Client) && s.Client != ""
	case "person":
		return s.Person(sekisho.PersonID(about.ID), e.At)
	case "session", "connection", "device", "approval", "event":
		return e.Event.Actor.Role == sekisho.RoleOperator && s.Person(e.Event.Actor.Person, e.At)
	}
	return false
}

// concerns says whether a value of a row about one of the client's works or
// incidents names the person whom the row is about: an assignment is written down
// before its days begin, an incident decided after them.
func (s Scope) concerns(about audit.Object, name, value string) bool {
	return (about.Type == "work" || about.Type == "incident") && name == "person" && s.Ever(sekisho.PersonID(value))
}

// Cut takes out of a row what is not this client's: who acted, where he is not
// one of its people; every id that is none of its own; and all values that
// identify somebody. Customer and call stay only where the row names one of the
// client's works: an operator may work for two clients on one day.
func (s Scope) Cut(e audit.Entry) audit.Entry {
	ev := e.Event
	if !s.Person(ev.Actor.Person, e.At) || ev.Actor.Role != sekisho.RoleOperator {
		ev.Actor.Person, ev.Actor.Device, ev.Session = "", "", ""
	}
	detail := map[string]string{}
	for name, value := range ev.Detail {
		if !wire.ValidID(value) || s.owns(value, e.At) || s.incidents[value] || s.Person(sekisho.PersonID(value), e.At) || s.concerns(ev.Object, name, value) {
			detail[name] = value
		}
	}
	if !s.owns(ev.Detail["work"], e.At) && (ev.Object.Type != "work" || !s.owns(ev.Object.ID, e.At)) {
		ev.Customer, ev.Call = "", ""
	}
	ev.Detail, ev.Personal = detail, nil
	e.Event = ev
	return e
}
