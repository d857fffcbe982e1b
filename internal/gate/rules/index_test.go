package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	cedar "github.com/cedar-policy/cedar-go"

	"github.com/sekisho/sekisho"
)

// TestTheIndexChangesNothing asks with it and without it, under policies of every head.
func TestTheIndexChangesNothing(t *testing.T) {
	var b strings.Builder
	n := 0
	for _, head := range []string{
		`principal`, `principal == Person::"op"`, `principal == Person::"other"`, `principal in Work::"w"`, `principal in Work::"x"`,
		`principal is Person`, `principal is Person in Work::"w"`, `principal is Person in Work::"x"`, `principal in Client::"c"`, `principal is Person in Client::"d"`,
	} {
		for _, effect := range []string{"permit", "forbid"} {
			for _, place := range []string{"home", "office"} {
				n++
				fmt.Fprintf(&b, "@id(\"p%d\") %s (%s, action == Action::\"reach\", resource) when { context.place == %q };\n", n, effect, head, place)
			}
		}
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for i := range lines {
		for j := range lines {
			text := lines[i]
			if i != j {
				text += "\n" + lines[j]
			}
			set := compiled(t, text)
			for _, works := range []map[sekisho.WorkID]sekisho.ClientID{nil, {"w": "c"}, {"w": "c", "x": "d"}} {
				q := allowed()[Reach]
				q.Person.Works, q.Desktop.Work = works, ""
				a := set.Decide(q)
				decision, found := cedar.Authorize(set.policies, q.entities(), q.Request())
				var ids []string
				for _, r := range found.Reasons {
					ids = append(ids, string(r.PolicyID))
				}
				slices.Sort(ids)
				if a.Allow != (decision == cedar.Allow) || !slices.Equal(a.Policies, ids) {
					t.Fatalf("%s, %v: %+v, without the index %v %v", text, works, a, decision, ids)
				}
			}
		}
	}
}
