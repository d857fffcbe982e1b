// Command measure runs the benchmarks: what the design promises, each figure
// from fresh sessions, beside peers in the same run. It writes build/bench.json
// and ends in an error where a bound fails wholly: where the whole 95 % interval
// lies beyond it, or where something could not be measured at all.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/sekisho/sekisho/bench"
)

// part is one group of figures.
type part struct {
	name    string
	measure func(context.Context, func(string, ...any)) ([]bench.Result, error)
}

// parts in the order in which they run: those that want a quiet machine first.
var parts = []part{
	{"policies", bench.Policies},
	{"ground", bench.Ground},
	{"search", bench.Search},
	{"lists", bench.Lists},
	{"road", bench.Road},
	{"face", bench.Face},
	{"guard", bench.Guard},
	{"tpm", bench.TPM},
	{"seat", bench.Seat},
	{"closing", bench.Closing},
	{"lapse", bench.Lapse},
	{"leases", bench.Leases},
}

func main() {
	faces := flag.String("faces", "", "folder of faces, one folder per person: accuracy is measured on it too")
	only := flag.String("only", "", "run only the parts whose name contains this: "+names())
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *faces, *only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func names() string {
	var s []string
	for _, p := range parts {
		s = append(s, p.name)
	}
	return strings.Join(s, ", ")
}

func run(ctx context.Context, faces, only string) error {
	if faces != "" {
		if err := os.Setenv("FACES", faces); err != nil {
			return err
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return !strings.Contains(p.name, only) })
	if len(chosen) == 0 {
		return fmt.Errorf("measure: no part is named like %q: use one of %s", only, names())
	}
	results, failed := []bench.Result{}, []error{}
	began := time.Now()
	for _, p := range chosen {
		at := time.Now()
		say := func(format string, a ...any) {
			fmt.Printf("%7.1f s  %-7s %s\n", time.Since(began).Seconds(), p.name, fmt.Sprintf(format, a...))
		}
		say("begins")
		more, err := p.measure(ctx, say)
		results = append(results, more...)
		if err != nil {
			say("could not be measured: %v", err)
			failed = append(failed, fmt.Errorf("measure: %s: %w", p.name, err))
		}
		say("took %.0f s", time.Since(at).Seconds())
		if err := write(results); err != nil { // after each part: a later one may take the machine down
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	table(results)
	for _, r := range results {
		if r.OK == false {
			failed = append(failed, fmt.Errorf("measure: %s%s fails its bound: %s, interval %s to %s, bound %s",
				r.Name, labels(r), number(r.Value), number(r.Low), number(r.High), bound(r)))
		}
	}
	return errors.Join(failed...)
}

// write puts all results so far into build/bench.json.
func write(results []bench.Result) error {
	if err := os.MkdirAll("build", 0o755); err != nil {
		return err
	}
	b, err := json.MarshalIndent(results, "", " ")
	if err != nil {
		return fmt.Errorf("measure: %w", err)
	}
	file := filepath.Join("build", "bench.json")
	if err := os.WriteFile(file+".new", append(b, '\n'), 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// table prints the results for people.
func table(results []bench.Result) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	row := func(cells ...string) { _, _ = fmt.Fprintln(w, strings.Join(cells, "\t")) } // to memory until Flush
	row("figure", "value", "95 % interval", "unit", "n", "bound", "verdict", "beside")
	for _, r := range results {
		row(r.Name+labels(r), number(r.Value), number(r.Low)+" – "+number(r.High), r.Unit, fmt.Sprint(r.N), bound(r), verdict(r), peers(r))
	}
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, "measure: the table:", err)
	}
	fmt.Println("written: build/bench.json")
}

func labels(r bench.Result) string {
	var s []string
	for k, v := range r.Labels {
		s = append(s, k+"="+v)
	}
	if len(s) == 0 {
		return ""
	}
	sort.Strings(s)
	return " {" + strings.Join(s, ", ") + "}"
}

func bound(r bench.Result) string {
	switch {
	case r.Bound == nil:
		return "–"
	case r.Better == "higher":
		return "≥ " + number(*r.Bound)
	}
	return "≤ " + number(*r.Bound)
}

func verdict(r bench.Result) string {
	switch {
	case r.OK == false:
		return "FAILS"
	case r.OK != true:
		return fmt.Sprint(r.OK)
	case r.Bound == nil:
		return "–"
	}
	return "holds"
}

func peers(r bench.Result) string {
	var s []string
	for _, p := range r.Peers {
		s = append(s, fmt.Sprintf("%s %s (×%.2f)", p.Name, number(p.Value), p.Ratio))
	}
	return strings.Join(s, ", ")
}

// number keeps small values readable without pretending to more digits than were measured.
func number(v float64) string {
	switch {
	case v != 0 && v < 1 && v > -1:
		return fmt.Sprintf("%.3g", v)
	case v < 100 && v > -100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}
