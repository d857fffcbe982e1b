package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// What DESIGN §2 promises of a login.
const (
	boundFAR = 1e-4
	boundFRR = 0.03
)

// sameMan are the clips of one man; the others show one other person each,
// whatever their list says: their embeddings are as far apart as strangers'.
var sameMan = []string{"again.mkv", "help.mkv", "no.mkv", "yes.mkv"}

// largest is the widest face of a frame, nil if there is none or it has no embedding.
func largest(f wire.Frame) (*wire.Face, *vigil.Vector) {
	var best *wire.Face
	for i := range f.Faces {
		if best == nil || f.Faces[i].Box[2] > best.Box[2] {
			best = &f.Faces[i]
		}
	}
	if best == nil {
		return nil, nil
	}
	v, err := vigil.ParseVector(best.Embedding)
	if err != nil {
		return best, nil
	}
	return best, &v
}

func share(name string, labels map[string]string, k, n int, bound float64) Result {
	low, high := proportion(k, n)
	r := Result{Name: name, Labels: labels, Unit: "share", Better: "lower", Low: low, High: high, N: n, OK: true, Peers: []Peer{}}
	if n > 0 {
		r.Value = float64(k) / float64(n)
	}
	labels["errors"] = strconv.Itoa(k)
	if bound > 0 {
		r.Bound, r.OK = &bound, shown(low, high, bound)
	}
	return r
}

// portraits measures false acceptance between people of whom there is one
// picture each.
func (f faceFiles) portraits(ctx context.Context, th vigil.Thresholds, logf func(string, ...any)) ([]Result, error) {
	files, err := filepath.Glob(filepath.Join(f.faces, "congress", "*.jpg"))
	if err != nil || len(files) == 0 {
		return []Result{share("face_far", map[string]string{"data": "congress portraits: not here"}, 0, 0, boundFAR)}, err
	}
	var jobs []job
	for _, file := range files {
		jobs = append(jobs, job{File: file})
	}
	var all []vigil.Vector
	missed := 0
	if err := f.measure(ctx, jobs, func(m measured) error {
		if _, v := largest(m.Frame); v != nil {
			all = append(all, *v)
		} else {
			missed++
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var pairs, login, accept, reject int
	for i := range all {
		for j := range i {
			c := all[i].Cosine(&all[j])
			pairs++
			login += count(c >= th.Login)
			accept += count(c >= th.Accept)
			reject += count(c >= th.Reject)
		}
	}
	logf("face_far: %d portraits (%d without a face), %d pairs: %d at login, %d at accept, %d above reject", len(all), missed, pairs, login, accept, reject)
	label := func(at string, v float32) map[string]string {
		return map[string]string{"data": "congress portraits", "identities": strconv.Itoa(len(all)), "at": fmt.Sprintf("%s %.2f", at, v), "templates": "1"}
	}
	return []Result{
		share("face_far", label("login", th.Login), login, pairs, boundFAR),
		share("face_far", label("accept", th.Accept), accept, pairs, 0),
	}, nil
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// clips measures false rejection of one man: enrolled by the real judge from
// one clip, logged in by the real judge from the others.
func (f faceFiles) operator(ctx context.Context, th vigil.Thresholds, logf func(string, ...any)) ([]Result, error) {
	films := map[string][]wire.Frame{}
	var jobs []job
	for _, name := range sameMan {
		file := filepath.Join(f.faces, name)
		if _, err := os.Stat(file); err != nil {
			return []Result{share("face_frr", map[string]string{"data": "operator's clips: not here"}, 0, 0, boundFRR)}, nil
		}
		jobs = append(jobs, job{File: file, FPS: 10})
	}
	if err := f.measure(ctx, jobs, func(m measured) error {
		films[filepath.Base(m.File)] = append(films[filepath.Base(m.File)], m.Frame)
		return nil
	}); err != nil {
		return nil, err
	}
	var frames, below, logins, refused int
	for _, enrolled := range sameMan { // each clip enrols once
		templates, err := enrol(films[enrolled], th)
		if err != nil {
			return nil, fmt.Errorf("bench: enrolment from %s: %w", enrolled, err)
		}
		for _, other := range sameMan {
			if other == enrolled {
				continue
			}
			for i := 0; i < len(films[other]); i += 5 { // half a second each: one login
				ok, n, low := tryLogin(films[other][i:min(i+9, len(films[other]))], templates, th)
				frames, below = frames+n, below+low
				if n >= 5 {
					logins++
					refused += count(!ok)
				}
			}
		}
	}
	logf("face_frr: %d of %d logins refused, %d of %d single frames below the login threshold", refused, logins, below, frames)
	label := func(what string) map[string]string {
		return map[string]string{"data": "one man, four clips, each enrolled once", "what": what, "templates": "5"}
	}
	return []Result{
		share("face_frr", label("login of 3 in 5 frames"), refused, logins, boundFRR),
		share("face_frr", label("single frame"), below, frames, 0),
	}, nil
}

// enrol runs the enrolment judge over a film, in a loop.
func enrol(film []wire.Frame, th vigil.Thresholds) (vigil.Templates, error) {
	if len(film) == 0 {
		return vigil.Templates{}, errors.New("nothing to see")
	}
	e := vigil.NewEnrolment(th, standardModel)
	at := time.Second
	for i := range 1000 {
		w := film[i%len(film)]
		w.ID = uint64(i + 1)
		e.Step(vigil.Look(w, vigil.Templates{}, th), at)
		if t, ok := e.Templates(); ok {
			return t, nil
		}
		at += 100 * time.Millisecond
	}
	return vigil.Templates{}, errors.New(cmp.Or(e.Failed(), "not finished: "+e.Pose()))
}

const standardModel = "b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507"

// tryLogin runs the login judge; n counts clear frames, low those below the threshold.
func tryLogin(film []wire.Frame, templates vigil.Templates, th vigil.Thresholds) (ok bool, n, low int) {
	l := vigil.NewLogin(templates, th, "")
	at := time.Second
	for i, w := range film {
		w.ID = uint64(i + 1)
		o := vigil.Look(w, templates, th)
		for _, s := range o.Faces {
			if s.Known && s.Clear && s.W == widest(o) {
				n++
				low += count(s.Similarity < th.Login)
			}
		}
		l.Step(o, at)
		at += 100 * time.Millisecond
	}
	return l.Done(), n, low
}

func widest(o vigil.Observation) (w float32) {
	for _, s := range o.Faces {
		w = max(w, s.W)
	}
	return w
}
