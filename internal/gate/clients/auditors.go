package clients

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// BindAuditor makes an auditor one of a client: from here on he sees what the
// client may see, and nothing else. He holds the role auditor and no other.
func (r *Clients) BindAuditor(ctx context.Context, by sekisho.PersonID, client sekisho.ClientID, person sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if _, err := loadClient(ctx, tx, client); err != nil {
			return err
		}
		for _, role := range []sekisho.Role{sekisho.RoleOperator, sekisho.RoleSupervisor, sekisho.RoleAdministrator, sekisho.RoleOfficer, sekisho.RoleAuditor} {
			held, err := r.people.Holds(ctx, tx, person, role)
			if err != nil || held != (role == sekisho.RoleAuditor) {
				return orElse(err, errAuditor)
			}
		}
		bound, err := boundTo(ctx, tx, person)
		switch {
		case err != nil:
			return err
		case bound == client:
			return nil // nothing changes
		case bound != "":
			return errElsewhere
		}
		if n, err := count(ctx, tx, "SELECT COUNT(*) FROM clients_auditors WHERE client = ?", string(client)); err != nil || n >= maxAuditors {
			return orElse(err, errMany)
		}
		if err := exec(ctx, tx, "INSERT INTO clients_auditors (person, client, since) VALUES (?, ?, ?)", string(person), string(client), micros(r.clk.Now())); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "client.auditor_bound", Actor: administrator(by), Object: object(client), Decision: audit.Allow, Detail: map[string]string{"person": string(person)},
		})
	})
	if err != nil {
		return fmt.Errorf("clients: bind auditor: %w", err)
	}
	return nil
}

// ReleaseAuditor ends that somebody is an auditor of a client. While the role is
// stored with him, suspended or not, he would become one of the whole centre, so
// it is refused.
func (r *Clients) ReleaseAuditor(ctx context.Context, by sekisho.PersonID, client sekisho.ClientID, person sekisho.PersonID) error {
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		bound, err := boundTo(ctx, tx, person)
		if err != nil || bound == "" || bound != client {
			return orElse(err, errUnknown)
		}
		if kept, err := r.people.Keeps(ctx, tx, person, sekisho.RoleAuditor); err != nil || kept {
			return orElse(err, errRelease)
		}
		if err := exec(ctx, tx, "DELETE FROM clients_auditors WHERE person = ?", string(person)); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "client.auditor_released", Actor: administrator(by), Object: object(client), Decision: audit.Allow, Detail: map[string]string{"person": string(person)},
		})
	})
	if err != nil {
		return fmt.Errorf("clients: release auditor: %w", err)
	}
	return nil
}

// ClientOf is the client whose auditor somebody is, or "". Of an ended client it
// is an error: such an account opens nothing.
func (r *Clients) ClientOf(ctx context.Context, person sekisho.PersonID) (client sekisho.ClientID, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		if client, err = boundTo(ctx, tx, person); err != nil || client == "" {
			return err
		}
		c, err := loadClient(ctx, tx, client)
		if err == nil && !c.Ended.IsZero() {
			err = errEnded
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("clients: client of an auditor: %w", err)
	}
	return client, nil
}

func boundTo(ctx context.Context, tx storage.Tx, person sekisho.PersonID) (client sekisho.ClientID, err error) {
	err = tx.QueryRow(ctx, "SELECT client FROM clients_auditors WHERE person = ?", string(person)).Scan(&client)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return client, err
}

func auditorsOf(ctx context.Context, tx storage.Tx, client sekisho.ClientID) ([]sekisho.PersonID, error) {
	return all(ctx, tx, func(r row) (p sekisho.PersonID, err error) { return p, r.Scan(&p) },
		"SELECT person FROM clients_auditors WHERE client = ? ORDER BY since, person", string(client))
}
