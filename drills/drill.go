package drills

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sekisho/sekisho/test/centre"
)

// Result is one row of build/drills.json.
type Result struct {
	Name     string `json:"name"`
	Threat   string `json:"threat"`
	Refused  bool   `json:"refused"`  // the attack failed, as it must
	Control  bool   `json:"control"`  // the same act with the right key succeeded
	Evidence string `json:"evidence"` // the answer or the audit row that was seen
}

// OK says whether the drill proves what it claims.
func (r Result) OK() bool { return r.Refused && r.Control }

// Drill is one attack. Try carries it out on the field and reports what it saw.
type Drill struct {
	Name   string
	Threat string
	Try    func(ctx context.Context, f *Field, r *Result) error
}

// Group is drills of one theme. Most of a drill's time is waiting for a lease
// to lapse or for an answer that must not come, and each has PCs and people of
// its own, so the drills of a group go on side by side; those that need the
// processor for themselves (a browser that looks at faces) come one by one.
type Group struct {
	Name     string
	OneByOne bool
	Drills   []Drill
}

// limit of one drill; the ones before a camera need the most.
const limit = 4 * time.Minute

// Run starts a centre and carries out every drill whose name contains only.
func Run(ctx context.Context, dir, only string, logf func(string, ...any)) ([]Result, error) {
	c, err := centre.Start(ctx, centre.Options{Dir: filepath.Join(dir, "main")})
	if err != nil {
		return nil, err
	}
	f, err := newField(ctx, c, dir)
	if err != nil {
		c.Close()
		return nil, err
	}
	defer f.Close()
	if err := f.seatPeople(ctx, 10); err != nil {
		return nil, err
	}
	var out []Result
	for _, g := range Groups() {
		out = append(out, f.group(ctx, g, only, logf)...)
	}
	return out, ctx.Err()
}

// group carries out the drills of a group; results come in the list's order.
func (f *Field) group(ctx context.Context, g Group, only string, logf func(string, ...any)) []Result {
	var chosen []Drill
	for _, d := range g.Drills {
		if contains(d.Name, only) || contains(g.Name, only) {
			chosen = append(chosen, d)
		}
	}
	if len(chosen) == 0 || ctx.Err() != nil {
		return nil
	}
	logf("— %s", g.Name)
	results, tried := make([]Result, len(chosen)), make([]bool, len(chosen))
	var side sync.WaitGroup
	for i, d := range chosen {
		side.Go(func() { results[i], tried[i] = f.carryOut(ctx, d, logf) })
		if g.OneByOne {
			side.Wait()
		}
	}
	side.Wait()
	var out []Result
	for i, r := range results {
		if tried[i] {
			out = append(out, r)
		}
	}
	return out
}

// errMissing says that this machine has not what a drill needs. The drill is
// left out, aloud; with CI=1 that is a failure like any other.
var errMissing = errors.New("drills: missing here")

func (f *Field) carryOut(ctx context.Context, d Drill, logf func(string, ...any)) (r Result, tried bool) {
	r = Result{Name: d.Name, Threat: d.Threat}
	at := time.Now()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := d.Try(ctx, f, &r)
	if errors.Is(err, errMissing) && os.Getenv("CI") == "" {
		logf("%-58s left out          %v", d.Name, err)
		return r, false
	}
	if err != nil {
		r.Control = false
		r.Evidence = "drill broken: " + err.Error()
	}
	verdict := "refused"
	if !r.OK() {
		verdict = fmt.Sprintf("NOT PROVED (refused %v, control %v)", r.Refused, r.Control)
	}
	logf("%-58s %-8s %5.1f s  %s", d.Name, verdict, time.Since(at).Seconds(), r.Evidence)
	return r, true
}

// Save writes build/drills.json and says whether every drill was refused with its control.
func Save(file string, results []Result) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	b, err := json.MarshalIndent(results, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
		return err
	}
	if len(results) == 0 {
		return errors.New("drills: none was carried out")
	}
	for _, r := range results {
		if !r.OK() {
			err = errors.Join(err, fmt.Errorf("drills: %s: refused %v, control %v: %s", r.Name, r.Refused, r.Control, r.Evidence))
		}
	}
	return err
}
