package bench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

// album measures FACES=DIR, one folder for each person, as LFW comes. With
// DIR/groups.json ({"group":["person", …]}) also within each group.
func (f faceFiles) album(ctx context.Context, dir string, th vigil.Thresholds, logf func(string, ...any)) ([]Result, error) {
	people, err := f.readAlbum(ctx, dir, logf)
	if err != nil {
		return nil, err
	}
	groups := map[string][]string{}
	if b, err := os.ReadFile(filepath.Join(dir, "groups.json")); err == nil {
		if err := json.Unmarshal(b, &groups); err != nil {
			return nil, fmt.Errorf("bench: groups.json: %w", err)
		}
	}
	names := make([]string, 0, len(people))
	for name := range people {
		names = append(names, name)
	}
	slices.Sort(names)
	out := albumResults(people, names, "all", th, logf)
	order := make([]string, 0, len(groups))
	for g := range groups {
		order = append(order, g)
	}
	slices.Sort(order)
	for _, g := range order {
		members := slices.DeleteFunc(slices.Clone(groups[g]), func(n string) bool { return people[n] == nil })
		out = append(out, albumResults(people, members, g, th, logf)...)
	}
	return out, nil
}

func (f faceFiles) readAlbum(ctx context.Context, dir string, logf func(string, ...any)) (map[string][]vigil.Vector, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil {
		return nil, err
	}
	var jobs []job
	for _, file := range files {
		switch strings.ToLower(filepath.Ext(file)) {
		case ".jpg", ".jpeg", ".png", ".webp":
			jobs = append(jobs, job{File: file})
		}
	}
	people := map[string][]vigil.Vector{}
	missed := 0
	err = f.measure(ctx, jobs, func(m measured) error {
		if _, v := central(m.Frame); v != nil {
			name := filepath.Base(filepath.Dir(m.File))
			people[name] = append(people[name], *v)
		} else {
			missed++
		}
		return nil
	})
	logf("FACES: %d pictures of %d people, %d without a face", len(jobs), len(people), missed)
	return people, err
}

// central is the face nearest the middle: whose picture it is.
func central(f wire.Frame) (*wire.Face, *vigil.Vector) {
	slices.SortFunc(f.Faces, func(a, b wire.Face) int {
		off := func(x wire.Face) float32 {
			dx, dy := x.Box[0]+x.Box[2]/2-float32(f.Width)/2, x.Box[1]+x.Box[3]/2-float32(f.Height)/2
			return dx*dx + dy*dy
		}
		return cmp.Compare(off(a), off(b))
	})
	f.Faces = f.Faces[:min(1, len(f.Faces))]
	return largest(f)
}

const (
	albumTemplates = 5
	albumMost      = 20_000_000 // impostor comparisons
)

func albumResults(people map[string][]vigil.Vector, names []string, group string, th vigil.Thresholds, logf func(string, ...any)) []Result {
	type gallery struct {
		name      string
		templates []vigil.Vector
	}
	var galleries []gallery
	probes := map[string][]vigil.Vector{}
	var genuine, rejected int
	for _, name := range names {
		vs := people[name]
		k := min(albumTemplates, len(vs)-1)
		if k < 1 {
			probes[name] = vs
			continue
		}
		galleries = append(galleries, gallery{name, vs[:k]})
		probes[name] = vs[k:]
		for i := range vs[k:] {
			genuine++
			rejected += count(best(vs[:k], &vs[k+i]) < th.Login)
		}
	}
	var tries, accepted int
	total := 0
	for _, p := range probes {
		total += len(p)
	}
	keep := min(1, albumMost/float64(max(1, total*len(galleries))))
	draw := rand.New(rand.NewPCG(1, 2)) // the same sample every time
	for _, g := range galleries {
		for _, name := range names {
			if name == g.name {
				continue
			}
			for i := range probes[name] {
				if keep < 1 && draw.Float64() > keep {
					continue
				}
				tries++
				accepted += count(best(g.templates, &probes[name][i]) >= th.Login)
			}
		}
	}
	logf("FACES %s: %d of %d impostor tries accepted, %d of %d genuine refused (single picture, up to %d templates)",
		group, accepted, tries, rejected, genuine, albumTemplates)
	label := func() map[string]string {
		return map[string]string{"data": "FACES", "group": group, "identities": strconv.Itoa(len(names)), "at": fmt.Sprintf("login %.2f", th.Login), "templates": "1–5", "what": "single picture"}
	}
	return []Result{share("face_far", label(), accepted, tries, boundFAR), share("face_frr", label(), rejected, genuine, boundFRR)}
}

func best(templates []vigil.Vector, v *vigil.Vector) float32 {
	b := float32(-1)
	for i := range templates {
		b = max(b, templates[i].Cosine(v))
	}
	return b
}
