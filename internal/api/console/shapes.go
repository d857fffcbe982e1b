package console

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/wire"
)

// moment is a time for a page; one that is not known is null.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func roles(r []sekisho.Role) []sekisho.Role {
	if r == nil {
		return []sekisho.Role{}
	}
	return r
}

func orEmpty[M ~map[string]string](m M) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return maps.Clone(map[string]string(m))
}

// names gives everybody's name by id.
func (d *Door) names(ctx context.Context) (map[sekisho.PersonID]string, error) {
	people, err := d.people.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[sekisho.PersonID]string, len(people))
	for _, p := range people {
		names[p.ID] = p.Name
	}
	return names, nil
}

// known is somebody's name, and where it stands among all in their order.
type known struct {
	name string
	rank int
}

// ranked gives everybody's name by id, in an order.
func (d *Door) ranked(ctx context.Context) (map[sekisho.PersonID]known, error) {
	people, err := d.people.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	out := make(map[sekisho.PersonID]known, len(people))
	for i, p := range people {
		out[p.ID] = known{p.Name, i + 1}
	}
	return out, nil
}

// assetTags gives every PC's asset tag by id.
func (d *Door) assetTags(ctx context.Context) (map[sekisho.DeviceID]string, error) {
	list, err := d.devices.Outlines(ctx)
	if err != nil {
		return nil, err
	}
	tags := make(map[sekisho.DeviceID]string, len(list))
	for _, one := range list {
		tags[one.ID] = one.Tag
	}
	return tags, nil
}

func sortSubjects(list []SubjectView) {
	slices.SortFunc(list, func(a, b SubjectView) int {
		if c := strings.Compare(a.Type, b.Type); c != 0 {
			return c
		}
		return strings.Compare(a.Label, b.Label)
	})
}

// reasonText says a code of the catalogue in the caller's language.
func reasonText(ctx context.Context, code string) string {
	if code == "" {
		return ""
	}
	t := wire.TextOf(code)
	if t == wire.TextOf("internal") && code != "internal" {
		return "" // no code of the catalogue
	}
	if wire.English(callerOf(ctx).language) {
		return t.EN
	}
	return t.JA
}

func actor(ctx context.Context, role sekisho.Role) audit.Actor {
	return audit.Actor{Person: callerOf(ctx).who.Person, Role: role}
}

func panicError(v any) error { return fmt.Errorf("console: panic: %v", v) }
