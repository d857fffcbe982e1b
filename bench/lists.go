package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/sekisho/sekisho/test/centre"
)

// listSize is how large the centre is, and how often each list is asked for.
type listSize struct {
	people, tries int
	bin           string // folder of the binaries
}

// listBound is what a list of the console may take, p95, in ms (DESIGN §2).
const listBound = 200

// lists are the console's pages that show everybody or every PC, and who asks.
var lists = []struct{ login, path string }{
	{"admin", "people"},
	{"admin", "devices"},
	{"admin", "loans"},
	{"admin", "training"},
	{"admin", "shifts"},
	{"supervisor", "floor"},
	{"auditor", "training"},
}

// Lists measures the console's lists of a centre with 10,000 people, each with
// an issued PC and records of training: the whole answer over HTTP on loopback,
// from the server's own process.
func Lists(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	return listSize{people: 10_000, tries: 60, bin: "bin"}.all(ctx, logf)
}

func (s listSize) all(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	dir, err := os.MkdirTemp("", "sekisho-bench-lists-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	c, _, err := fleetCentre(ctx, dir, s.bin, s.people)
	if err != nil {
		return nil, err
	}
	logf("%d people with PCs seeded", s.people)
	if err := c.Serve(ctx); err != nil {
		return nil, err
	}
	defer c.Close()
	seats := map[string]*centre.Console{}
	for _, l := range lists {
		if seats[l.login] == nil {
			if seats[l.login], err = c.As(ctx, l.login); err != nil {
				return nil, err
			}
		}
		r, err := s.list(ctx, seats[l.login], l.path)
		if err != nil {
			return out, fmt.Errorf("bench: list %s as %s: %w", l.path, l.login, err)
		}
		r.Labels["list"], r.Labels["as"] = l.path, l.login
		logf("%s as %s: p95 %.0f ms, %s bytes", l.path, l.login, r.Value, r.Labels["bytes"])
		out = append(out, r)
	}
	return out, nil
}

func (s listSize) list(ctx context.Context, as *centre.Console, path string) (Result, error) {
	took, size := make([]float64, 0, s.tries), 0
	for range s.tries {
		var body []byte
		begin := time.Now()
		if err := as.Get(ctx, path, &body); err != nil {
			return Result{}, err
		}
		took, size = append(took, float64(time.Since(begin))/1e6), len(body)
	}
	return promised("list_p95_ms", "ms", took, 0.95, listBound, map[string]string{"people": fmt.Sprint(s.people), "bytes": fmt.Sprint(size)}), nil
}
