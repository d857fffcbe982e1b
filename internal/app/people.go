package app

import (
	"context"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/passwords"
)

// passwordsOf makes the second way into the console, whose secret is the server's own.
func (h *House) passwordsOf(ctx context.Context) (*passwords.Passwords, error) {
	return passwords.New(ctx, h.db, h.clock, h.log, h.keys, h.people)
}

// peopleListeners join what ends when somebody leaves.
func (s *Server) peopleListeners() {
	s.people.OnLeft(s.book.ForgetPerson)
	s.people.OnLeft(s.faces.ForgetPerson)
	s.people.OnLeft(s.secrets.Forget)
	s.people.OnLeft(s.roles.ForgetPerson)
	s.people.OnLeft(s.identities.ForgetPerson)
	s.people.OnLeft(s.reminders.ForgetPerson)
	s.people.OnLeft(s.acd.ForgetPerson)
}

// closedBecause is why a person who is not active lost what he had open.
func closedBecause(p operators.Person) string {
	if p.Active || p.Suspended {
		return "person.suspended"
	}
	return "person.contract_over"
}

// contractsEvery is how long what a last day ends may at most be tried again.
const contractsEvery = time.Minute

// contracts ends what a contract's last day ends: at the start, at each midnight
// in Japan, and every minute for what failed.
func (s *Server) contracts(ctx context.Context) error {
	for {
		if n, err := s.people.EndContracts(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "what a contract's end takes away is still there", "error", err)
		} else if n > 0 {
			slog.InfoContext(ctx, "contracts have ended", "number", n)
		}
		now := s.clock.Now()
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(min(contractsEvery, operators.DayOf(now).End().Sub(now))):
		}
	}
}
