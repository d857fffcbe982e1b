package drills

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// Field is the centre under attack.
type Field struct {
	*centre.Centre
	Admin *centre.Console
	Logf  func(string, ...any)
	n     int
}

// Tag gives each PC of a drill an asset tag of its own.
func (f *Field) Tag() string { f.n++; return fmt.Sprintf("DRILL-%03d", f.n) }

// Run starts a centre and carries out every drill whose name contains only.
func Run(ctx context.Context, dir, only string, logf func(string, ...any)) ([]Result, error) {
	c, err := centre.Start(ctx, centre.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	defer c.Close()
	f := &Field{Centre: c, Logf: logf}
	if f.Admin, err = c.As(ctx, "admin"); err != nil {
		return nil, err
	}
	var out []Result
	for _, d := range All() {
		if !contains(d.Name, only) {
			continue
		}
		r := Result{Name: d.Name, Threat: d.Threat}
		at := time.Now()
		limited, cancel := context.WithTimeout(ctx, 3*time.Minute)
		err := d.Try(limited, f, &r)
		cancel()
		if err != nil {
			r.Control = false
			r.Evidence = "drill broken: " + err.Error()
		}
		verdict := "refused"
		if !r.OK() {
			verdict = "NOT PROVED"
		}
		logf("%-46s %-10s %6.1f s  %s", d.Name, verdict, time.Since(at).Seconds(), r.Evidence)
		out = append(out, r)
	}
	return out, ctx.Err()
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
