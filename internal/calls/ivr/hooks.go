package ivr

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Hook is one look-up: a webhook of a client company. Edit counts how often it was saved.
type Hook struct {
	ID      HookID
	Client  sekisho.ClientID
	Name    string
	URL     string
	Edit    int
	Stopped bool // not asked at the moment: it failed too often
}

// purpose binds a wrapped key to what it is for.
const purpose = "ivr hook"

// SaveHook keeps a look-up: a new one without an id, or the edit that was seen. Each
// time it gets a new key, which is given here and never again (base64url).
func (r *IVR) SaveHook(ctx context.Context, by audit.Actor, h Hook) (saved Hook, key string, err error) {
	if err := named(h.Name); err != nil {
		return Hook{}, "", err
	}
	if err := r.client.checkURL(h.URL); err != nil {
		return Hook{}, "", err
	}
	next, fresh := h, h.ID == ""
	next.Edit++
	if fresh {
		next.ID = HookID(wire.NewID())
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails (crypto/rand)
	wrapped, err := r.parts.Box.Wrap(purpose, string(next.ID), secret)
	if err != nil {
		return Hook{}, "", fmt.Errorf("ivr: save look-up: %w", err)
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if err := r.mayOwn(ctx, tx, h.Client); err != nil {
			return err
		}
		if err := putHook(ctx, tx, next, fresh, wrapped); err != nil {
			return err
		}
		return r.note(ctx, tx, by, "lookup", string(next.ID), audit.Event{Kind: "lookup.saved", Detail: map[string]string{
			"client": string(h.Client), "name": h.Name, "host": hostOf(h.URL), "edit": strconv.Itoa(next.Edit),
		}})
	})
	if err != nil {
		return Hook{}, "", fmt.Errorf("ivr: save look-up: %w", err)
	}
	r.client.circuits.forget(next.ID)
	return next, base64.RawURLEncoding.EncodeToString(secret), nil
}

// hostOf is what the log keeps of an address: its path may hold what nobody else should know.
func hostOf(text string) string {
	if u, err := url.Parse(text); err == nil {
		return u.Host
	}
	return ""
}

func putHook(ctx context.Context, tx storage.Tx, h Hook, fresh bool, wrapped []byte) error {
	if fresh {
		_, err := tx.Exec(ctx, "INSERT INTO ivr_hooks (id, client, name, url, wrapped, edit) VALUES (?, ?, ?, ?, ?, ?)", string(h.ID), string(h.Client), h.Name, h.URL, wrapped, h.Edit)
		return err
	}
	res, err := tx.Exec(ctx, "UPDATE ivr_hooks SET name = ?, url = ?, wrapped = ?, edit = ? WHERE id = ? AND client = ? AND edit = ?",
		h.Name, h.URL, wrapped, h.Edit, string(h.ID), string(h.Client), h.Edit-1)
	return one(res, err)
}

// DeleteHook removes a look-up that no flow in force names.
func (r *IVR) DeleteHook(ctx context.Context, by audit.Actor, c sekisho.ClientID, id HookID) error {
	return r.remove(ctx, by, removal{
		client: c, object: "lookup", kind: "lookup.deleted", id: string(id),
		drops: []string{"DELETE FROM ivr_hooks WHERE id = ? AND client = ?"},
		names: func(f Flow, n *Node) bool { return n.Lookup != nil && n.Lookup.Hook == id },
	})
}

// Hooks gives a client company's look-ups, by name, without their keys.
func (r *IVR) Hooks(ctx context.Context, c sekisho.ClientID) (out []Hook, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT id, client, name, url, edit FROM ivr_hooks WHERE client = ? ORDER BY name, id", string(c))
		if err != nil {
			return err
		}
		defer rows.Close()
		out = []Hook{}
		for rows.Next() {
			var h Hook
			if err := rows.Scan(&h.ID, &h.Client, &h.Name, &h.URL, &h.Edit); err != nil {
				return err
			}
			h.Stopped = r.client.circuits.stopped(h.ID)
			out = append(out, h)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: look-ups: %w", err)
	}
	return out, nil
}

// Lookup does what a HookStep says, for the call: it gives the values that the other
// side told, within AnswerWithin. Any error is the event Failed. It blocks: the
// call's own goroutine must not wait for it.
func (r *IVR) Lookup(ctx context.Context, call sekisho.CallID, s HookStep) (map[string]string, error) {
	var h Hook
	var wrapped []byte
	err := r.db.Read(ctx, func(tx storage.Tx) error {
		err := tx.QueryRow(ctx, "SELECT id, url, wrapped FROM ivr_hooks WHERE id = ?", string(s.Hook)).Scan(&h.ID, &h.URL, &wrapped)
		if errors.Is(err, sql.ErrNoRows) {
			return errNoHook
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ivr: look-up %s: %w", s.Hook, err)
	}
	key, err := r.parts.Box.Unwrap(purpose, string(h.ID), wrapped)
	if err != nil {
		return nil, fmt.Errorf("ivr: look-up %s: %w", s.Hook, err)
	}
	q := ask{Call: call, Fields: map[string]string{}}
	for name, v := range s.Fields {
		q.Fields[name] = v.Open + string(v.Secret) // one of them is empty
	}
	values, err := r.client.ask(ctx, h, key, q)
	if err != nil {
		return nil, fmt.Errorf("ivr: look-up %s: %w", s.Hook, err)
	}
	return values, nil
}

var errNoHook = sekisho.Fail(sekisho.KindNotFound, "lookup.unknown")
