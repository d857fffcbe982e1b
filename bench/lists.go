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

// pages are what is asked of each list: its first page, one in its middle, and
// what a search finds.
var pages = []string{"first", "middle", "search"}

const words = "0001" // part of some names and of some asset tags

// Lists measures the console's lists of a centre with 10,000 people, each with
// an issued PC and records of training: pages of 100 rows over HTTP on loopback,
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
		for _, page := range pages {
			path := l.path + "?limit=100"
			switch page {
			case "middle":
				path += fmt.Sprintf("&offset=%d", s.people/2)
			case "search":
				path += "&q=" + words
			}
			r, err := s.list(ctx, c.Server.PID(), seats[l.login], path)
			if err != nil {
				return out, fmt.Errorf("bench: list %s as %s: %w", path, l.login, err)
			}
			r.Labels["list"], r.Labels["as"], r.Labels["page"] = l.path, l.login, page
			logf("%s as %s, %s page: p95 %.0f ms, processor %s ms, %s bytes", l.path, l.login, page, r.Value, r.Labels["processor_ms"], r.Labels["bytes"])
			out = append(out, r)
		}
	}
	return out, nil
}

func (s listSize) list(ctx context.Context, server int, as *centre.Console, path string) (Result, error) {
	took, size := make([]float64, 0, s.tries), 0
	before, err := processorTime(server)
	if err != nil {
		return Result{}, err
	}
	for range s.tries {
		var body []byte
		begin := time.Now()
		if err := as.Get(ctx, path, &body); err != nil {
			return Result{}, err
		}
		took, size = append(took, float64(time.Since(begin))/1e6), len(body)
	}
	used, err := processorTime(server)
	if err != nil {
		return Result{}, err
	}
	each := float64(used-before) / 1e6 / float64(s.tries)
	return promised("list_p95_ms", "ms", took, 0.95, listBound, map[string]string{
		"people": fmt.Sprint(s.people), "bytes": fmt.Sprint(size), "processor_ms": fmt.Sprintf("%.0f", each),
	}), nil
}
