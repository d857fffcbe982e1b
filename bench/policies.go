package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/rules"
)

// policySize is how much is measured; the test of this file measures less.
type policySize struct {
	people, desktops, decisions int
	sets                        map[int]float64 // policies, and what is promised of one decision, p99, in µs
}

var policiesFull = policySize{people: 10_000, desktops: 200, decisions: 20_000, sets: map[int]float64{100: 100, 1000: 500}}

// Policies measures one decision of the access policies, with 10,000 people as
// entities: reaching a desktop, under 100 and 1,000 policies beside the fixed
// ones. It is the engine's own time, without the database.
func Policies(ctx context.Context, logf func(string, ...any)) ([]Result, error) {
	return policiesFull.all(ctx, logf)
}

func clientOf(desktop int) sekisho.ClientID {
	return sekisho.ClientID(fmt.Sprintf("client-%02d", desktop%20))
}

func (s policySize) all(ctx context.Context, logf func(string, ...any)) (out []Result, err error) {
	var people []rules.Person
	for i := range s.people {
		people = append(people, rules.Person{
			ID: sekisho.PersonID(fmt.Sprintf("person-%05d", i)), Roles: []sekisho.Role{sekisho.RoleOperator}, Active: true,
			Works: map[sekisho.WorkID]sekisho.ClientID{sekisho.WorkID(fmt.Sprintf("work-%03d", i%s.desktops)): clientOf(i % s.desktops)},
		})
	}
	var desktops []rules.Desktop
	for i := range s.desktops {
		desktops = append(desktops, rules.Desktop{
			ID: sekisho.DesktopID(fmt.Sprintf("desktop-%03d", i)), Level: "full", Work: sekisho.WorkID(fmt.Sprintf("work-%03d", i)), Client: clientOf(i),
		})
	}
	known := rules.Entities(people, desktops)
	for _, n := range []int{100, 1000} {
		bound, promisedHere := s.sets[n]
		if !promisedHere {
			continue
		}
		text := policies(n, s.desktops)
		set, faults := rules.Compile(text)
		if len(faults) > 0 {
			return out, fmt.Errorf("bench: policies: %+v", faults[0])
		}
		took := make([]float64, 0, s.decisions)
		allowed := 0
		for i := range s.decisions {
			if i%1000 == 0 && ctx.Err() != nil {
				return out, ctx.Err()
			}
			p, d := people[i*7919%len(people)], desktops[i*7919%len(people)%len(desktops)]
			q := rules.Question{
				Action: rules.Reach, Person: p, Desktop: d, Lease: true, Listed: i%10 != 0,
				Seat: rules.Seat{Place: sekisho.PlaceHome, Tier: sekisho.TierB, Class: sekisho.ClassFace, Camera: true, Posture: true, Trained: true},
			}
			begin := time.Now()
			a := set.Authorize(known, q.Request())
			took = append(took, float64(time.Since(begin))/1e3)
			if a.Allow {
				allowed++
			}
		}
		if allowed == 0 || allowed == s.decisions {
			return out, errors.New("bench: the policies decided everything alike")
		}
		r := promised("policy_decision_us", "µs", took, 0.99, bound, map[string]string{"policies": fmt.Sprint(n), "people": fmt.Sprint(s.people)})
		out = append(out, r)
		logf("a decision under %d policies with %d people: p99 %.0f µs", n, s.people, r.Value)
	}
	return out, nil
}

// policies is a text of n policies: by work and place, as a centre of many
// clients would have them, and a forbid for every tenth.
func policies(n, works int) string {
	var b strings.Builder
	for i := range n {
		effect, when := "permit", `context.place == "home" && context.camera`
		if i%10 == 9 {
			effect, when = "forbid", `context.place == "home" && context.tier == "C"`
		}
		fmt.Fprintf(&b, "@id(\"p%d\") %s (principal in Work::\"work-%03d\", action == Action::\"reach\", resource) when { %s };\n", i, effect, i%works, when)
	}
	return b.String()
}
