package rules

import (
	cedar "github.com/cedar-policy/cedar-go"

	"github.com/sekisho/sekisho"
)

// centre is what sessions are opened in and administrators administer.
var centre = uid("Centre", "sekisho")

// Request puts a question into Cedar's words.
func (q Question) Request() cedar.Request {
	r := cedar.Request{
		Principal: uid("Person", string(q.Person.ID)), Action: uid("Action", string(q.Action)), Resource: centre,
		Context: cedar.NewRecord(q.context()),
	}
	if q.Action == Reach {
		r.Resource = uid("Desktop", string(q.Desktop.ID))
	}
	return r
}

func (q Question) context() cedar.RecordMap {
	c := cedar.RecordMap{"active": cedar.Boolean(q.Person.Active)}
	if q.Action == Manage {
		return c
	}
	c["place"], c["tier"] = cedar.String(q.Seat.Place), cedar.String(q.Seat.Tier)
	c["class"], c["camera"] = cedar.String(q.Seat.Class), cedar.Boolean(q.Seat.Camera)
	c["permit"], c["first"] = cedar.Boolean(q.Seat.Permit), cedar.Boolean(q.Seat.First)
	c["posture"], c["training"] = cedar.Boolean(q.Seat.Posture), cedar.Boolean(q.Seat.Trained)
	if q.Action == Reach {
		c["lease"] = cedar.NewRecord(cedar.RecordMap{"alive": cedar.Boolean(q.Lease)})
		c["listed"], c["assigned"] = cedar.Boolean(q.Listed), cedar.Boolean(q.assigned())
	}
	return c
}

// entities are what a question is about: the person, the desktop, their works.
func (q Question) entities() cedar.EntityMap {
	m := cedar.EntityMap{centre: {UID: centre}}
	q.Person.enter(m)
	if q.Action == Reach {
		q.Desktop.enter(m)
	}
	return m
}

// Entities are all people and desktops as Cedar knows them, for Authorize.
func Entities(people []Person, desktops []Desktop) cedar.EntityMap {
	m := cedar.EntityMap{centre: {UID: centre}}
	for _, p := range people {
		p.enter(m)
	}
	for _, d := range desktops {
		d.enter(m)
	}
	return m
}

func (p Person) enter(m cedar.EntityMap) {
	roles := make([]cedar.Value, 0, len(p.Roles))
	for _, r := range p.Roles {
		roles = append(roles, cedar.String(r))
	}
	works := make([]cedar.EntityUID, 0, len(p.Works))
	for w, client := range p.Works {
		works = append(works, enterWork(m, w, client))
	}
	id := uid("Person", string(p.ID))
	m[id] = cedar.Entity{
		UID: id, Parents: cedar.NewEntityUIDSet(works...), Attributes: cedar.NewRecord(cedar.RecordMap{"roles": cedar.NewSet(roles...)}),
	}
}

func (d Desktop) enter(m cedar.EntityMap) {
	id := uid("Desktop", string(d.ID))
	e := cedar.Entity{UID: id, Attributes: cedar.NewRecord(cedar.RecordMap{"level": cedar.String(d.Level)})}
	if d.Work != "" {
		e.Parents = cedar.NewEntityUIDSet(enterWork(m, d.Work, d.Client))
	}
	m[id] = e
}

func enterWork(m cedar.EntityMap, w sekisho.WorkID, client sekisho.ClientID) cedar.EntityUID {
	id := uid("Work", string(w))
	m[id] = cedar.Entity{UID: id, Parents: cedar.NewEntityUIDSet(uid("Client", string(client)))}
	return id
}
