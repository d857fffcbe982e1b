package trunks

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

const purpose = "trunks/secret" // what the box ties a password to, with the trunk's id

// List gives every trunk by name, never with its password.
func (t *Trunks) List(ctx context.Context) ([]Trunk, error) {
	var rows []row
	err := t.db.Read(ctx, func(tx storage.Tx) (err error) { rows, err = selectAll(ctx, tx); return err })
	if err != nil {
		return nil, fmt.Errorf("trunks: list: %w", err)
	}
	list := make([]Trunk, len(rows))
	for i, r := range rows {
		list[i] = r.Trunk
	}
	return list, nil
}

// Create names a trunk. The secret is its password, "" for none.
func (t *Trunks) Create(ctx context.Context, by sekisho.PersonID, tr Trunk, secret string) (Trunk, error) {
	tr.ID = sekisho.TrunkID(wire.NewID())
	r := row{Trunk: tr}
	if err := r.check(); err != nil {
		return Trunk{}, err
	}
	if err := t.wrap(&r, secret); err != nil {
		return Trunk{}, err
	}
	err := t.db.Write(ctx, func(tx storage.Tx) error {
		if err := insert(ctx, tx, r, t.clk.Now()); err != nil {
			return err
		}
		return t.audit.Append(ctx, tx, trunkEvent("trunk.created", by, r.Trunk, nil))
	})
	if err != nil {
		return Trunk{}, fmt.Errorf("trunks: create: %w", err)
	}
	return r.Trunk, t.refresh(ctx)
}

// Change changes a trunk; a nil secret keeps the old one, but never for another
// host: whoever may write hosts but not read passwords could have it sent to himself.
func (t *Trunks) Change(ctx context.Context, by sekisho.PersonID, tr Trunk, secret *string) (Trunk, error) {
	r := row{Trunk: tr}
	if err := r.check(); err != nil {
		return Trunk{}, err
	}
	if secret != nil {
		if err := t.wrap(&r, *secret); err != nil {
			return Trunk{}, err
		}
	}
	err := t.db.Write(ctx, func(tx storage.Tx) error {
		old, err := selectOne(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		if secret == nil {
			if r.secret, r.HasSecret = old.secret, old.HasSecret; old.HasSecret && (old.Host != r.Host || old.Port != r.Port || old.Transport != r.Transport) {
				return errSecret
			}
		}
		if err := update(ctx, tx, r, t.clk.Now()); err != nil {
			return err
		}
		return t.audit.Append(ctx, tx, trunkEvent("trunk.changed", by, r.Trunk, differs(old.Trunk, r.Trunk, secret != nil)))
	})
	if err != nil {
		return Trunk{}, fmt.Errorf("trunks: change %s: %w", tr.ID, err)
	}
	return r.Trunk, t.refresh(ctx)
}

// Remove takes a trunk away that carries no number any more. Calls over it go on.
func (t *Trunks) Remove(ctx context.Context, by sekisho.PersonID, id sekisho.TrunkID) error {
	err := t.db.Write(ctx, func(tx storage.Tx) error {
		r, err := selectOne(ctx, tx, id)
		if err != nil {
			return err
		}
		if n, err := numbersOf(ctx, tx, id); err != nil || n > 0 {
			return orInUse(err)
		}
		if err := remove(ctx, tx, id); err != nil {
			return err
		}
		e := trunkEvent("trunk.removed", by, r.Trunk, nil)
		e.Closing = true
		return t.audit.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("trunks: remove %s: %w", id, err)
	}
	return t.refresh(ctx)
}

func orInUse(err error) error {
	if err != nil {
		return err
	}
	return errInUse
}

// Numbers gives every number of ours.
func (t *Trunks) Numbers(ctx context.Context) (list []Number, err error) {
	err = t.db.Read(ctx, func(tx storage.Tx) (err error) { list, err = selectNumbers(ctx, tx); return err })
	if err != nil {
		return nil, fmt.Errorf("trunks: numbers: %w", err)
	}
	return list, nil
}

// PlaceNumber says for which work a number is, and which flow answers it. That the
// work and the flow exist is for the caller to know.
func (t *Trunks) PlaceNumber(ctx context.Context, by sekisho.PersonID, n Number) (Number, error) {
	if err := t.checkNumber(&n); err != nil {
		return Number{}, err
	}
	return n, t.changeNumber(ctx, by, "trunk.number_placed", n, func(tx storage.Tx) error { return insertNumber(ctx, tx, n, t.clk.Now()) })
}

// ChangeNumber gives a number another trunk, work or flow.
func (t *Trunks) ChangeNumber(ctx context.Context, by sekisho.PersonID, n Number) (Number, error) {
	if err := t.checkNumber(&n); err != nil {
		return Number{}, err
	}
	return n, t.changeNumber(ctx, by, "trunk.number_changed", n, func(tx storage.Tx) error {
		if _, err := selectNumber(ctx, tx, n.Number); err != nil {
			return err
		}
		return updateNumber(ctx, tx, n, t.clk.Now())
	})
}

// RemoveNumber lets a number be ours no longer: its calls are answered 404.
func (t *Trunks) RemoveNumber(ctx context.Context, by sekisho.PersonID, number calls.Number) error {
	err := t.db.Write(ctx, func(tx storage.Tx) error {
		n, err := selectNumber(ctx, tx, number)
		if err != nil {
			return err
		}
		if err := removeNumber(ctx, tx, number); err != nil {
			return err
		}
		e := numberEvent("trunk.number_removed", by, n)
		e.Closing = true
		return t.audit.Append(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("trunks: remove number: %w", err)
	}
	return t.refresh(ctx)
}

func (t *Trunks) changeNumber(ctx context.Context, by sekisho.PersonID, kind string, n Number, change func(storage.Tx) error) error {
	err := t.db.Write(ctx, func(tx storage.Tx) error {
		if _, err := selectOne(ctx, tx, n.Trunk); err != nil {
			return err
		}
		if err := change(tx); err != nil {
			return err
		}
		return t.audit.Append(ctx, tx, numberEvent(kind, by, n))
	})
	if err != nil {
		return fmt.Errorf("trunks: place number: %w", err)
	}
	return t.refresh(ctx)
}

func (t *Trunks) checkNumber(n *Number) error {
	number, how, err := calls.ParseNumber(string(n.Number), t.cfg.Country)
	if err != nil || how != "" || n.Trunk == "" || n.Work == "" || n.Flow == "" {
		return errNumber
	}
	n.Number = number
	return nil
}

func (t *Trunks) wrap(r *row, secret string) (err error) {
	r.secret, r.HasSecret = nil, false
	if secret == "" {
		return nil
	}
	if len(secret) > 128 || strings.ContainsAny(secret, "\r\n\x00") || r.User == "" {
		return errTrunk
	}
	if r.secret, err = t.box.Wrap(purpose, string(r.ID), []byte(secret)); err != nil {
		return fmt.Errorf("trunks: wrap secret: %w", err)
	}
	r.HasSecret = true
	return nil
}

func differs(old, now Trunk, secret bool) (what []string) {
	for _, f := range []struct {
		name string
		yes  bool
	}{
		{"name", old.Name != now.Name}, {"kind", old.Kind != now.Kind}, {"host", old.Host != now.Host}, {"port", old.Port != now.Port},
		{"transport", old.Transport != now.Transport}, {"security", old.Security != now.Security}, {"user", old.User != now.User}, {"secret", secret},
		{"allow", fmt.Sprint(old.Allow) != fmt.Sprint(now.Allow)}, {"max_calls", old.MaxCalls != now.MaxCalls}, {"rules", fmt.Sprint(old.Rules) != fmt.Sprint(now.Rules)},
	} {
		if f.yes {
			what = append(what, f.name)
		}
	}
	return what
}

func trunkEvent(kind string, by sekisho.PersonID, t Trunk, what []string) audit.Event {
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
		Object: audit.Object{Type: "trunk", ID: string(t.ID)}, Decision: audit.Allow,
		Detail: map[string]string{
			"name": t.Name, "kind": string(t.Kind), "host": t.Host, "port": strconv.Itoa(int(t.Port)), "transport": string(t.Transport),
			"security": string(t.Security), "has_secret": strconv.FormatBool(t.HasSecret), "allow": strings.Trim(fmt.Sprint(t.Allow), "[]"),
			"max_calls": strconv.Itoa(t.MaxCalls), "out_calls": strconv.Itoa(t.Rules.MaxCalls), "prefixes": strings.Join(t.Rules.Prefixes, " "), "changed": strings.Join(what, " "),
		},
	}
}

func numberEvent(kind string, by sekisho.PersonID, n Number) audit.Event {
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: by, Role: sekisho.RoleAdministrator},
		Object: audit.Object{Type: "trunk", ID: string(n.Trunk)}, Decision: audit.Allow,
		Detail:   map[string]string{"work": string(n.Work), "flow": string(n.Flow)},
		Personal: audit.Personal{"number": string(n.Number)},
	}
}
