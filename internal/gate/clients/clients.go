package clients

import (
	"context"
	"fmt"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Clients is the room.
type Clients struct {
	db     *storage.DB
	clk    clock.Clock
	log    Audit
	people People
}

// New makes the room on a migrated database.
func New(db *storage.DB, clk clock.Clock, log Audit, people People) *Clients {
	return &Clients{db: db, clk: clk, log: log, people: people}
}

// Create names a client company.
func (r *Clients) Create(ctx context.Context, by sekisho.PersonID, name string) (c Client, err error) {
	if !validName(name) {
		return Client{}, errName
	}
	c = Client{ID: sekisho.ClientID(wire.NewID()), Name: name, Created: r.clk.Now()}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if n, err := count(ctx, tx, "SELECT COUNT(*) FROM clients_companies"); err != nil || n >= maxClients {
			return orElse(err, errMany)
		}
		if err := taken(ctx, tx, "SELECT COUNT(*) FROM clients_companies WHERE name = ?", name); err != nil {
			return err
		}
		if err := exec(ctx, tx, "INSERT INTO clients_companies ("+clientColumns+") VALUES (?, ?, ?, 0)", string(c.ID), c.Name, micros(c.Created)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "client.created", Actor: administrator(by), Object: object(c.ID), Decision: audit.Allow, Detail: map[string]string{"name": c.Name},
		})
	})
	if err != nil {
		return Client{}, fmt.Errorf("clients: create: %w", err)
	}
	return c, nil
}

// Change renames a client, or ends and resumes its contract. Of an ended client
// nobody sees anything by its auditors' accounts.
func (r *Clients) Change(ctx context.Context, by sekisho.PersonID, id sekisho.ClientID, change Change) (c Client, err error) {
	if change.Name != nil && !validName(*change.Name) {
		return Client{}, errName
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if c, err = loadClient(ctx, tx, id); err != nil {
			return err
		}
		e := audit.Event{Kind: "client.changed", Actor: administrator(by), Object: object(id), Decision: audit.Allow, Detail: map[string]string{}}
		if change.Name != nil && *change.Name != c.Name {
			if err := taken(ctx, tx, "SELECT COUNT(*) FROM clients_companies WHERE name = ? AND id <> ?", *change.Name, string(id)); err != nil {
				return err
			}
			e.Detail["name"] = c.Name + " → " + *change.Name
			c.Name = *change.Name
		}
		if change.Ended != nil && *change.Ended != !c.Ended.IsZero() {
			c.Ended = r.ended(*change.Ended)
			e.Kind, e.Closing = "client.ended", true
			if !*change.Ended {
				e.Kind, e.Closing = "client.resumed", false
			}
		}
		if err := exec(ctx, tx, "UPDATE clients_companies SET name = ?, ended = ? WHERE id = ?", c.Name, micros(c.Ended), string(id)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, e)
	})
	if err != nil {
		return Client{}, fmt.Errorf("clients: change %s: %w", id, err)
	}
	return c, nil
}

// List gives every client, by name.
func (r *Clients) List(ctx context.Context) (out []Client, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		out, err = all(ctx, tx, scanClient, "SELECT "+clientColumns+" FROM clients_companies ORDER BY name, id")
		return err
	})
	return out, err
}

// ByName gives the client that has this name and has not ended, or "", and how
// many there are, ended ones included.
func (r *Clients) ByName(ctx context.Context, name string) (id sekisho.ClientID, n int, err error) {
	list, err := r.List(ctx)
	if err != nil {
		return "", 0, fmt.Errorf("clients: by name: %w", err)
	}
	for _, c := range list {
		if c.Name == name && c.Ended.IsZero() {
			id = c.ID
		}
	}
	return id, len(list), nil
}

// File is all that is kept of one client.
type File struct {
	Client      Client
	Works       []Work
	Assignments []Assignment // the latest first
	Auditors    []sekisho.PersonID
	Desktops    map[sekisho.DesktopID]sekisho.WorkID
	since       map[sekisho.DesktopID]time.Time // when a desktop became the client's
}

// Get gives all that is kept of one client.
func (r *Clients) Get(ctx context.Context, id sekisho.ClientID) (f File, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		f, err = file(ctx, tx, id)
		return err
	})
	if err != nil {
		return File{}, fmt.Errorf("clients: get %s: %w", id, err)
	}
	return f, nil
}

func file(ctx context.Context, tx storage.Tx, id sekisho.ClientID) (f File, err error) {
	if f.Client, err = loadClient(ctx, tx, id); err != nil {
		return f, err
	}
	if f.Works, err = worksOf(ctx, tx, id); err != nil {
		return f, err
	}
	if f.Assignments, err = assignmentsOf(ctx, tx, id); err != nil {
		return f, err
	}
	if f.Auditors, err = auditorsOf(ctx, tx, id); err != nil {
		return f, err
	}
	f.Desktops, f.since, err = desktopsOf(ctx, tx, id)
	return f, err
}

func administrator(by sekisho.PersonID) audit.Actor {
	return audit.Actor{Person: by, Role: sekisho.RoleAdministrator}
}

func object(id sekisho.ClientID) audit.Object { return audit.Object{Type: "client", ID: string(id)} }

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
