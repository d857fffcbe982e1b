package training

import (
	"context"
	"fmt"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Documents lists every rule document with its version in force.
func (r *Training) Documents(ctx context.Context) (out []Document, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		out, err = documents(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("training: documents: %w", err)
	}
	return out, nil
}

// Document gives one with all its versions, the newest first.
func (r *Training) Document(ctx context.Context, id sekisho.DocumentID) (d Document, all []Version, err error) {
	err = r.db.Read(ctx, func(tx storage.Tx) (err error) {
		if d, err = document(ctx, tx, id); err != nil {
			return err
		}
		all, err = versions(ctx, tx, id)
		return err
	})
	if err != nil {
		return Document{}, nil, fmt.Errorf("training: document: %w", err)
	}
	return d, all, nil
}

// Publish puts the next version of a document in force. v.Version is the one
// that was seen. Whoever works acknowledges it anew.
func (r *Training) Publish(ctx context.Context, by sekisho.PersonID, id sekisho.DocumentID, v Version) (Document, error) {
	v.Body = wire.Words{JA: oneKindOfLine(v.Body.JA), EN: oneKindOfLine(v.Body.EN)}
	if err := v.valid(); err != nil {
		return Document{}, err
	}
	var out Document
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		was, err := document(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case was.Version.Version != v.Version:
			return errChanged
		case was.Body == v.Body && was.Title == v.Title:
			return errSame
		}
		next := v
		next.Version, next.Published, next.Publisher = v.Version+1, r.clk.Now(), by
		if err := insertVersion(ctx, tx, id, next); err != nil {
			return orChanged(err)
		}
		out = was
		out.Version = next
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "document.published", Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "document", ID: string(id)}, Decision: audit.Allow,
			Detail: map[string]string{
				"version": strconv.Itoa(next.Version), "digest": wire.RuleDigest(next.Body.JA), "digest_en": wire.RuleDigest(next.Body.EN),
			},
		})
	})
	if err != nil {
		return Document{}, fmt.Errorf("training: publish: %w", err)
	}
	return out, nil
}

// Read gives a document as its reader acknowledges it: the text in force, and
// what changed since the version that he acknowledged last.
func (r *Training) Read(ctx context.Context, by By, id sekisho.DocumentID) (out wire.RuleDocument, err error) {
	now := r.clk.Now()
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		d, err := document(ctx, tx, id)
		if err != nil {
			return err
		}
		s, err := standingOf(ctx, tx, by, now)
		if err != nil {
			return err
		}
		acks, err := acknowledgedHere(ctx, tx, by)
		if err != nil {
			return err
		}
		out = wire.RuleDocument{Document: listed(d, s), Body: d.Body, Changes: wire.RuleChange{JA: []wire.RuleLine{}, EN: []wire.RuleLine{}}}
		for _, a := range acks {
			if a.document == id && a.version < d.Version.Version {
				out.Since = max(out.Since, a.version)
			}
		}
		if out.Since == 0 {
			return nil
		}
		old, err := version(ctx, tx, id, out.Since)
		out.Changes = wire.RuleChange{JA: Difference(old.Body.JA, d.Body.JA), EN: Difference(old.Body.EN, d.Body.EN)}
		return err
	})
	if err != nil {
		return wire.RuleDocument{}, fmt.Errorf("training: read: %w", err)
	}
	return out, nil
}

// Acknowledge keeps a statement that the connection's lease key signed over the
// text in force. A statement that is anything else leaves a row of its refusal.
func (r *Training) Acknowledge(ctx context.Context, by By, signed wire.Signed) error {
	var a wire.Acknowledgement
	err := signed.OpenLease(by.LeaseKey, wire.DomainRules, &a)
	switch {
	case err != nil:
		err = errStatement.Because(err)
	case a.Connection != by.Connection || a.Person != by.Person || (a.Language != "ja" && a.Language != "en"):
		err = errStatement
	default:
		err = r.keep(ctx, by, a, signed)
	}
	if err != nil {
		r.log.Afterwards(audit.Event{
			Kind: "document.refused", Actor: operator(by), Object: audit.Object{Type: "person", ID: string(by.Person)},
			Decision: audit.Deny, Reason: sekisho.CodeOf(err), Session: by.Session,
		})
		return fmt.Errorf("training: acknowledge: %w", err)
	}
	return nil
}

func (r *Training) keep(ctx context.Context, by By, a wire.Acknowledgement, signed wire.Signed) error {
	return r.db.Write(ctx, func(tx storage.Tx) error {
		d, err := document(ctx, tx, a.Document)
		if err != nil {
			return err
		}
		switch {
		case d.Version.Version != a.Version:
			return errOldVersion
		case wire.RuleDigest(d.Body.In(a.Language)) != a.Digest:
			return errDigest
		}
		now := r.clk.Now()
		if err := firstAsked(ctx, tx, by.Person, now); err != nil {
			return err
		}
		if err := insertAcknowledgement(ctx, tx, by, a, signed, now); err != nil {
			if storage.Duplicate(err) {
				return errAcknowledged
			}
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "document.acknowledged", Actor: operator(by), Object: audit.Object{Type: "document", ID: string(d.ID)},
			Decision: audit.Allow, Session: by.Session,
			Detail: map[string]string{
				"version": strconv.Itoa(a.Version), "language": a.Language, "digest": a.Digest, "connection": string(by.Connection),
				"statement": wire.RuleDigest(string(signed.Payload)),
			},
		})
	})
}
