package training

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// classDemo marks records that a demonstration made up; no login has it.
const classDemo sekisho.LeaseClass = "demo"

// SeedDemo makes up records: trained people have done everything a month ago,
// untrained ones were asked two months ago and did nothing. It is for the act
// that fills an empty folder with a demonstration, and the records say so.
func (r *Training) SeedDemo(ctx context.Context, trained, untrained []sekisho.PersonID) error {
	now := r.clk.Now()
	asked, done := now.AddDate(0, -2, 0), now.AddDate(0, -1, 0)
	err := r.db.Write(ctx, func(tx storage.Tx) error {
		if err := begunAt(ctx, tx, asked); err != nil {
			return err
		}
		a, err := loadAsked(ctx, tx)
		if err != nil {
			return err
		}
		for _, p := range untrained {
			if err := firstAsked(ctx, tx, p, asked); err != nil {
				return err
			}
		}
		for _, p := range trained {
			if err := demoRecords(ctx, tx, a, p, asked, done); err != nil {
				return err
			}
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "training.demo_seeded", Actor: audit.Actor{Process: "demo"}, Object: audit.Object{Type: "training", ID: "records"},
			Detail: map[string]string{"people": strconv.Itoa(len(trained))},
		})
	})
	if err != nil {
		return fmt.Errorf("training: seed demo: %w", err)
	}
	return nil
}

// begunAt moves the beginning of everything that is asked.
func begunAt(ctx context.Context, tx storage.Tx, at time.Time) error {
	if _, err := tx.Exec(ctx, "UPDATE training_courses SET since = ?", storage.Micros(at)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE training_versions SET published = ?", storage.Micros(at))
	return err
}

func demoRecords(ctx context.Context, tx storage.Tx, a asked, p sekisho.PersonID, first, at time.Time) error {
	if err := firstAsked(ctx, tx, p, first); err != nil {
		return err
	}
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	by := By{Connection: sekisho.ConnectionID(wire.NewID()), Person: p, LeaseKey: public, Session: sekisho.SessionID(wire.NewID()), Class: classDemo}
	for _, c := range a.courses {
		t := attempt{id: sekisho.AttemptID(wire.NewID()), course: c.ID, person: p, state: attemptOpen, asked: c.Draw, correct: c.Draw, begun: at}
		if err := insertAttempt(ctx, tx, by, t); err != nil {
			return err
		}
		if err := endAttempt(ctx, tx, by, t, attemptPassed, at, at.AddDate(0, c.ValidMonths, 0)); err != nil {
			return err
		}
	}
	for _, d := range a.documents {
		k := wire.Acknowledgement{
			Connection: by.Connection, Person: p, Document: d.ID, Version: d.Version.Version, Language: "ja", Digest: wire.RuleDigest(d.Body.JA),
		}
		if err := insertAcknowledgement(ctx, tx, by, k, wire.SignWith(key, wire.DomainRules, k), at); err != nil {
			return err
		}
	}
	return nil
}
