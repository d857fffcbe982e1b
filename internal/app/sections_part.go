package app

import (
	"context"
	"slices"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/guard/presence"
)

// parts give the part of the centre that a report is about.
type parts struct {
	clients *clients.Clients
	clk     clock.Clock
}

// part is the whole centre's, or one client's by the rules of its scope.
type part struct {
	whole bool
	scope clients.Scope
	at    time.Time
}

func (v parts) of(ctx context.Context, client sekisho.ClientID) (part, error) {
	if client == "" {
		return part{whole: true}, nil
	}
	s, err := v.clients.ScopeOf(ctx, client)
	return part{scope: s, at: v.clk.Now()}, err
}

// now says whether somebody belongs to the part when the report is made.
func (p part) now(id sekisho.PersonID) bool { return p.whole || p.scope.Person(id, p.at) }

func (p part) row(e audit.Entry) bool { return p.whole || p.scope.Row(e) }

// tallies counts the part's incidents of a time.
func (p part) tallies(ctx context.Context, guard *presence.Presence, from, to time.Time) (out []presence.Tally, err error) {
	if p.whole {
		return guard.Tallies(ctx, from, to)
	}
	const page = 500
	for among := range slices.Chunk(p.scope.People(), 5_000) {
		f := presence.Filter{Among: among, Before: to, Limit: page}
		for more := true; more; {
			list, err := guard.Incidents(ctx, f)
			if err != nil {
				return nil, err
			}
			for _, i := range list {
				if !i.At.Before(from) && p.scope.Person(i.Person, i.At) {
					out = append(out, presence.Tally{State: i.State, Decision: i.Decision, Evidence: i.Evidence, N: 1})
				}
			}
			if more = len(list) == page && !list[page-1].At.Before(from); more {
				f.Before, f.BeforeID = list[page-1].At, list[page-1].ID
			}
		}
	}
	return out, nil
}
